/*-------------------------------------------------------------------------
 *
 * among.h
 *		Fit schemes to window partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_AMONG_H
#define CUSTOMER_TIER_AMONG_H

#include "executor/executor.h"
#include "windowapi.h"

#include "grade/measured.h"

/* Where a window function finds a measure. */
typedef struct AmongMeasure
{
	int			argno;
	int			column;			/* of an argument that is a row; 0: the argument */
	Oid			type;			/* see measured_datum */
} AmongMeasure;

/*
 * Make what a window function needs to know of a partition; NULL where that
 * is nothing. Called on the partition's first row, in a memory context that
 * lives as long as the partition.
 */
typedef void *(*PreparePartition) (WindowObject window,
								   const AmongMeasure *measures);

/* What was made for the partition of the current row. */
extern void *among_partition(FunctionCallInfo fcinfo, PreparePartition prepare,
							 const AmongMeasure *measures);

/*
 * For use while preparing: argument argno of the current row, parsed, NULL for
 * a NULL; and a copy of a scheme, fitted to the whole partition by a measure.
 * Both in the current memory context.
 */
extern void *among_parse(WindowObject window, int argno, ParseFunction parse);
extern Scheme *among_fit(WindowObject window, const AmongMeasure *measure,
						 const Scheme *scheme);

/* The datum of a measure, of an argument's. */
static pg_always_inline Datum
among_datum(const AmongMeasure *measure, Datum argument, bool *is_null)
{
	if (measure->column == 0 || *is_null)
		return argument;
	return GetAttributeByNum(DatumGetHeapTupleHeader(argument),
							 measure->column, is_null);
}

/* A measure of the current row. */
static pg_always_inline Measured
among_measured(WindowObject window, const AmongMeasure *measure)
{
	bool		is_null;
	Datum		argument = WinGetFuncArgCurrent(window, measure->argno, &is_null);
	Datum		value = among_datum(measure, argument, &is_null);

	if (is_null)
		return (Measured) {.kind = MEASURED_NOTHING};
	return measured_datum(measure->type, value);
}

#endif							/* CUSTOMER_TIER_AMONG_H */
