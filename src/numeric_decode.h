/*-------------------------------------------------------------------------
 *
 * numeric_decode.h
 *		Read a numeric as the nearest double, straight from its digits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_NUMERIC_DECODE_H
#define CUSTOMER_TIER_NUMERIC_DECODE_H

#include "utils/numeric.h"

/*
 * What numeric_decode found. A SHORT numeric has at most 15 significant digits
 * and a normal double: two SHORT numerics are equal exactly when their doubles
 * are. A WIDE one is rounded to the nearest double, ties to even.
 * DECODE_OVERFLOW and DECODE_UNDERFLOW: outside double's range (the value is
 * then +-Infinity, or +-0), never raised here.
 */
typedef enum DecodeResult
{
	DECODE_SHORT,
	DECODE_WIDE,
	DECODE_OVERFLOW,
	DECODE_UNDERFLOW,
	DECODE_INFINITE,			/* +-Infinity itself */
	DECODE_NAN
} DecodeResult;

/*
 * Decode the numeric at ptr: any varlena of it, short header or long,
 * aligned or not, but not compressed or external (PG_DETOAST_DATUM_PACKED).
 * Equal to the server's own conversion wherever that does not raise.
 */
extern DecodeResult numeric_decode(const struct varlena *ptr, double *result);

#endif							/* CUSTOMER_TIER_NUMERIC_DECODE_H */
