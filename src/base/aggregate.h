/*-------------------------------------------------------------------------
 *
 * aggregate.h
 *		What support functions of aggregates have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_AGGREGATE_H
#define CUSTOMER_TIER_AGGREGATE_H

#include "fmgr.h"

/* The memory of the aggregate; complains when called outside of one. */
static inline MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}

/* The state, argument 0, as it is: for a row or a state that adds nothing. */
static inline Datum
aggregate_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

#endif							/* CUSTOMER_TIER_AGGREGATE_H */
