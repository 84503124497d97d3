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

/*
 * The place of the numeric at ptr in the order of all: the lesser of two
 * numbers has the lesser key, or the same. Two have the same key only if they
 * are equal, or if the key is not exact. It is for up to 9 digits at least, up
 * to 12 of an integer, and for infinities.
 */
extern int64 numeric_key(const struct varlena *ptr);

#define NUMERIC_KEY_NAN			PG_INT64_MIN
#define NUMERIC_KEY_IS_EXACT(key)	(((key) & 1) == 0)

/*
 * Decode the numeric at ptr as mantissa * 10000^-scale, exactly, with the
 * smallest scale >= 0; its display scale too. False when the mantissa exceeds
 * 64 bits, and for NaN and infinities.
 */
extern bool numeric_decode_scaled(const struct varlena *ptr, int64 *mantissa,
								  int *scale, int *display_scale);

/* Is the numeric at ptr below zero? NaN is not. */
extern bool numeric_decode_is_negative(const struct varlena *ptr);

#endif							/* CUSTOMER_TIER_NUMERIC_DECODE_H */
