/*-------------------------------------------------------------------------
 *
 * decode_test.c
 *		SQL functions around the numeric decoder, for its test and benchmark.
 *		A module of its own: nothing of this is in the product.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"

/* the decoder itself, compiled for this module */
#include "numeric_decode.c"

PG_MODULE_MAGIC;

/* Decode a numeric; NULL where the server's own conversion raises. */
PG_FUNCTION_INFO_V1(decode_value);
Datum
decode_value(PG_FUNCTION_ARGS)
{
	double		value;

	switch (numeric_decode(PG_GETARG_VARLENA_PP(0), &value))
	{
		case DECODE_OVERFLOW:
		case DECODE_UNDERFLOW:
			PG_RETURN_NULL();
		default:
			PG_RETURN_FLOAT8(value);
	}
}

/* The name of the result that decoding a numeric gives. */
PG_FUNCTION_INFO_V1(decode_result);
Datum
decode_result(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {
		"short", "wide", "overflow", "underflow", "infinite", "nan"
	};
	double		value;

	PG_RETURN_TEXT_P(cstring_to_text(
		names[numeric_decode(PG_GETARG_VARLENA_PP(0), &value)]));
}

/* Nanoseconds to decode a numeric, or to convert it as the server does. */
PG_FUNCTION_INFO_V1(decode_time);
Datum
decode_time(PG_FUNCTION_ARGS)
{
	struct varlena *number = PG_GETARG_VARLENA_PP(0);
	bool		by_server = PG_GETARG_BOOL(1);
	int			rounds = PG_GETARG_INT32(2);
	volatile double sink;
	double		value;
	instr_time	start;
	instr_time	end;
	int			i;

	INSTR_TIME_SET_CURRENT(start);
	for (i = 0; i < rounds; i++)
	{
		if (by_server)
			value = DatumGetFloat8(DirectFunctionCall1(numeric_float8,
													   PointerGetDatum(number)));
		else
			(void) numeric_decode(number, &value);
		sink = value;
	}
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	(void) sink;
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e9 / rounds);
}
