/*-------------------------------------------------------------------------
 *
 * rows.c
 *		Return rows from an SQL function.
 *
 * Sets are handed over as a whole. In FROM the server collects the rows before
 * it reads the first anyway, and none of our sets is long.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#include "base/compat.h"
#include "base/rows.h"

/*
 * The type of the rows that this call is to return, in the current context; a
 * set of a base type has rows of one column.
 */
static TupleDesc
get_row_type(FunctionCallInfo fcinfo)
{
	TupleDesc	desc;
	Oid			type;

	switch (get_call_result_type(fcinfo, &type, &desc))
	{
		case TYPEFUNC_COMPOSITE:
			return BlessTupleDesc(CreateTupleDescCopy(desc));
		case TYPEFUNC_SCALAR:
			desc = CreateTemplateTupleDesc(1);
			TupleDescInitEntry(desc, 1, NULL, type, -1, 0);
			TupleDescFinalize(desc);
			return desc;
		default:
			elog(ERROR, "return type must be a row type or a base type");
	}
}

/* Begin to return a set of rows. */
void
rows_begin(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext caller;

	if (result == NULL || !IsA(result, ReturnSetInfo) ||
		!(result->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));

	caller = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	result->returnMode = SFRM_Materialize;
	result->setResult =
		tuplestore_begin_heap((result->allowedModes & SFRM_Materialize_Random) != 0,
							  false, work_mem);
	result->setDesc = get_row_type(fcinfo);
	MemoryContextSwitchTo(caller);
}

/* Add a row to the set. */
void
rows_add(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Make the one row that is returned. */
Datum
rows_single(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;

	if (flinfo->fn_extra == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(flinfo->fn_mcxt);

		flinfo->fn_extra = get_row_type(fcinfo);
		MemoryContextSwitchTo(caller);
	}
	return HeapTupleGetDatum(heap_form_tuple(flinfo->fn_extra, values, nulls));
}
