/*-------------------------------------------------------------------------
 *
 * among.h
 *		Fit schemes to window partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_AMONG_H
#define CUSTOMER_TIER_AMONG_H

#include "windowapi.h"

#include "grade/measured.h"

/*
 * Make what a window function needs to know of a partition; NULL where that
 * is nothing. Called on the partition's first row, in a memory context that
 * lives as long as the partition. type is that of the measures.
 */
typedef void *(*PreparePartition) (WindowObject window, Oid type);

/* What was made for the partition of the current row. */
extern void *among_partition(FunctionCallInfo fcinfo,
							 PreparePartition prepare, Oid type);

/*
 * For use while preparing: argument argno of the current row, parsed, NULL for
 * a NULL; and a copy of a scheme, fitted to the whole partition by the
 * measure in argument argno. Both in the current memory context.
 */
extern void *among_parse(WindowObject window, int argno, ParseFunction parse);
extern Scheme *among_fit(WindowObject window, int argno, Oid type,
						 const Scheme *scheme);

/* The measure in argument argno of the current row. */
static pg_always_inline Measured
among_measured(WindowObject window, int argno, Oid type)
{
	bool		is_null;
	Datum		value = WinGetFuncArgCurrent(window, argno, &is_null);

	if (is_null)
		return (Measured) {.kind = MEASURED_NOTHING};
	return measured_datum(type, value);
}

#endif							/* CUSTOMER_TIER_AMONG_H */
