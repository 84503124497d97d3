/*-------------------------------------------------------------------------
 *
 * numeric_ops.h
 *		The server's numeric functions, to be called from C.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_NUMERIC_OPS_H
#define CUSTOMER_TIER_NUMERIC_OPS_H

#include "utils/builtins.h"
#include "utils/numeric.h"

static inline Numeric
num_call1(PGFunction function, Numeric a)
{
	return DatumGetNumeric(DirectFunctionCall1(function, NumericGetDatum(a)));
}

static inline Numeric
num_call2(PGFunction function, Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(function, NumericGetDatum(a),
											   NumericGetDatum(b)));
}

static inline Numeric
num_add(Numeric a, Numeric b)
{
	return num_call2(numeric_add, a, b);
}

static inline Numeric
num_subtract(Numeric a, Numeric b)
{
	return num_call2(numeric_sub, a, b);
}

static inline Numeric
num_multiply(Numeric a, Numeric b)
{
	return num_call2(numeric_mul, a, b);
}

/* To the decimals that the server's / gives. */
static inline Numeric
num_divide(Numeric a, Numeric b)
{
	return num_call2(numeric_div, a, b);
}

/* Without a fraction. */
static inline Numeric
num_quotient(Numeric a, Numeric b)
{
	return num_call2(numeric_div_trunc, a, b);
}

static inline Numeric
num_negate(Numeric a)
{
	return num_call1(numeric_uminus, a);
}

static inline Numeric
num_abs(Numeric a)
{
	return num_call1(numeric_abs, a);
}

static inline Numeric
num_ceil(Numeric a)
{
	return num_call1(numeric_ceil, a);
}

static inline Numeric
num_floor(Numeric a)
{
	return num_call1(numeric_floor, a);
}

/* Without zeros at the end. */
static inline Numeric
num_trim(Numeric a)
{
	return num_call1(numeric_trim_scale, a);
}

/* Towards zero, to so many decimal places; negative: left of the point. */
static inline Numeric
num_truncate(Numeric a, int places)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_trunc,
											   NumericGetDatum(a),
											   Int32GetDatum(places)));
}

/* As the server orders numerics: NaN is the greatest. */
static inline int
num_compare(Numeric a, Numeric b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											 NumericGetDatum(a),
											 NumericGetDatum(b)));
}

/* Rounded; an error out of range. */
static inline int64
num_to_int64(Numeric a)
{
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(a)));
}

static inline Numeric
num_from_text(const char *str)
{
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(str),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* Ten to the power of n, exactly. */
static inline Numeric
power_of_ten(int n)
{
	char		buf[16];

	snprintf(buf, sizeof(buf), "1e%d", n);
	return num_from_text(buf);
}

/* -1, 0 or 1. */
static inline int
num_sign(Numeric a)
{
	return num_compare(a, int64_to_numeric(0));
}

#endif							/* CUSTOMER_TIER_NUMERIC_OPS_H */
