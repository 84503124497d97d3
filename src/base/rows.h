/*-------------------------------------------------------------------------
 *
 * rows.h
 *		Return rows from an SQL function.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_ROWS_H
#define CUSTOMER_TIER_ROWS_H

#include "fmgr.h"

/*
 * A set of rows: begin, add each, return (Datum) 0. fn_extra stays free, for
 * text_type_arg.
 */
extern void rows_begin(FunctionCallInfo fcinfo);
extern void rows_add(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/* One row, of a function that returns no set. Its type is kept in fn_extra. */
extern Datum rows_single(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

#endif							/* CUSTOMER_TIER_ROWS_H */
