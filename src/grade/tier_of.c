/*-------------------------------------------------------------------------
 *
 * tier_of.c
 *		The SQL functions that grade a number: tier_of and tier_rank.
 *
 * Those that grade a time stand in grade_elapsed.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "grade/measured.h"

/* tier_of argument 0, which is of this type. */
static pg_always_inline Datum
tier_of_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measured	value = measured_datum(type, PG_GETARG_DATUM(0));

	return grade_return_label(fcinfo, scheme, grade_measured(scheme, &value));
}

PG_FUNCTION_INFO_V1(tier_of_numeric);
Datum
tier_of_numeric(PG_FUNCTION_ARGS)
{
	return tier_of_arg(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(tier_of_float8);
Datum
tier_of_float8(PG_FUNCTION_ARGS)
{
	return tier_of_arg(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(tier_of_int8);
Datum
tier_of_int8(PG_FUNCTION_ARGS)
{
	return tier_of_arg(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(tier_of_float4);
Datum
tier_of_float4(PG_FUNCTION_ARGS)
{
	return tier_of_arg(fcinfo, FLOAT4OID);
}

/* tier_rank of argument 0, which is of this type. */
static pg_always_inline Datum
tier_rank_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measured	value = measured_datum(type, PG_GETARG_DATUM(0));

	return grade_return_rank(fcinfo, grade_measured(scheme, &value));
}

PG_FUNCTION_INFO_V1(tier_rank_numeric);
Datum
tier_rank_numeric(PG_FUNCTION_ARGS)
{
	return tier_rank_arg(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(tier_rank_float8);
Datum
tier_rank_float8(PG_FUNCTION_ARGS)
{
	return tier_rank_arg(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(tier_rank_int8);
Datum
tier_rank_int8(PG_FUNCTION_ARGS)
{
	return tier_rank_arg(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(tier_rank_float4);
Datum
tier_rank_float4(PG_FUNCTION_ARGS)
{
	return tier_rank_arg(fcinfo, FLOAT4OID);
}
