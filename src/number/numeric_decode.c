/*-------------------------------------------------------------------------
 *
 * numeric_decode.c
 *		Read a numeric as the nearest double, straight from its digits.
 *
 * The server's own conversion prints the number and lets strtod read it
 * back, which costs several times as much as all the rest of grading a row.
 * Here three paths lead to the same double:
 *
 * - Short numbers, money above all: the decimal digits form an integer of at
 *	 most 2^53, to be multiplied or divided by a power of ten of at most
 *	 10^22. Integer and power are exact doubles, so the one operation rounds
 *	 correctly.
 * - Longer ones, quotients above all: long division in 128-bit integers,
 *	 correct for any number of digits because what is cut off is remembered.
 * - The rest (subnormal results, huge integers, platforms without what the
 *	 first two need): by way of text, as the server does it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "base/compat.h"
#include "number/numeric_decode.h"
#include "number/numeric_layout.h"

/* A finite numeric, taken apart. */
typedef struct NumericParts
{
	const char *digits;			/* unaligned: see digit_at */
	int			ndigits;
	int			weight;
	bool		is_negative;
} NumericParts;

/* At most this many significant decimal digits make a number short. */
#define SHORT_LIMIT			UINT64CONST(1000000000000000)	/* 10^15 */

/* Integers up to here are exact doubles. */
#define EXACT_LIMIT			(UINT64CONST(1) << 53)

/* The powers of ten that are exact doubles. */
#define EXACT_POWER			22
static const double power_of_ten[EXACT_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/*
 * A multiplication or division rounds once only where doubles are computed
 * as doubles: not on the x87, which rounds to its own format first.
 */
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
#define HAVE_EXACT_DOUBLES 1
#endif

/* Read a 16-bit word at any address. */
static inline uint16
word_at(const char *ptr)
{
	uint16		word;

	memcpy(&word, ptr, sizeof(word));
	return word;
}

/* Read the i'th base-10000 digit. */
static inline uint32
digit_at(const NumericParts *parts, int i)
{
	return word_at(parts->digits + i * sizeof(uint16));
}

/* Take a finite numeric apart. header is its first word. */
static inline void
take_apart(const struct varlena *ptr, uint16 header, NumericParts *parts)
{
	const char *data = VARDATA_ANY(ptr);
	int			header_size;

	if ((header & FORM_MASK) == FORM_SHORT)
	{
		int			weight = header & SHORT_WEIGHT_MASK;

		/* sign-extend the seven bits */
		parts->weight = weight - ((weight & SHORT_WEIGHT_SIGN) << 1);
		parts->is_negative = (header & SHORT_NEGATIVE) != 0;
		header_size = sizeof(uint16);
	}
	else
	{
		parts->weight = (int16) word_at(data + sizeof(uint16));
		parts->is_negative = (header & LONG_NEGATIVE) != 0;
		header_size = 2 * sizeof(uint16);
	}
	parts->digits = data + header_size;
	parts->ndigits = ((int) VARSIZE_ANY_EXHDR(ptr) - header_size) /
		(int) sizeof(uint16);
}

/* The largest power of ten that divides a nonzero base-10000 digit. */
static inline uint32
trailing_power(uint32 digit)
{
	if (digit % 10 != 0)
		return 1;
	if (digit % 100 != 0)
		return 10;
	return digit % 1000 != 0 ? 100 : 1000;
}

/* The number of decimals that a power of ten up to 1000 stands for. */
static inline int
power_decimals(uint32 power)
{
	return power == 1 ? 0 : power == 10 ? 1 : power == 100 ? 2 : 3;
}

/*
 * Write the number as mantissa * 10^exponent with an exact integer, trailing
 * zeros removed where they would make it too long. False when it has too many
 * digits for that. A mantissa below SHORT_LIMIT then is the same as a number
 * of at most 15 significant digits.
 */
static inline bool
collect_mantissa(const NumericParts *parts, uint64 *mantissa, int *exponent)
{
	int			n = parts->ndigits;
	uint64		head = digit_at(parts, 0);
	uint32		last;
	uint32		power;

	*exponent = (parts->weight - (n - 1)) * DIGIT_DECIMALS;

	switch (n)
	{
		case 1:
			*mantissa = head;
			return true;
		case 2:
			*mantissa = head * DIGIT_BASE + digit_at(parts, 1);
			return true;
		case 3:
			*mantissa = (head * DIGIT_BASE + digit_at(parts, 1)) * DIGIT_BASE +
				digit_at(parts, 2);
			return true;
		case 4:
			head = (head * DIGIT_BASE + digit_at(parts, 1)) * DIGIT_BASE +
				digit_at(parts, 2);
			break;
		case 5:
			head = ((head * DIGIT_BASE + digit_at(parts, 1)) * DIGIT_BASE +
					digit_at(parts, 2)) * DIGIT_BASE + digit_at(parts, 3);
			break;
		default:
			return false;		/* at least 1 + 4 * 4 + 1 digits */
	}

	/* 10^15 times the at most 10^4 that the last digit brings fits 64 bits */
	if (head >= SHORT_LIMIT)
		return false;

	last = digit_at(parts, n - 1);
	power = trailing_power(last);
	*mantissa = head * (DIGIT_BASE / power) + last / power;
	*exponent += power_decimals(power);
	return true;
}

/* Decode mantissa * 10^exponent, if one operation on exact doubles does it. */
static inline bool
decode_by_one_operation(uint64 mantissa, int exponent, double *result)
{
#ifdef HAVE_EXACT_DOUBLES
	if (mantissa > EXACT_LIMIT ||
		exponent > EXACT_POWER || exponent < -EXACT_POWER)
		return false;

	/* through a signed integer: conversion from those is one instruction */
	if (exponent < 0)
		*result = (double) (int64) mantissa / power_of_ten[-exponent];
	else
		*result = (double) (int64) mantissa * power_of_ten[exponent];
	return true;
#else
	return false;
#endif
}

#ifdef HAVE_INT128

/*
 * Long division proceeds by powers of five: 10^k is 5^k and a shift. This is
 * the largest one that fits 64 bits, and all of them.
 */
#define MAX_POWER_OF_FIVE	27
static const uint64 power_of_five[MAX_POWER_OF_FIVE + 1] = {
	UINT64CONST(1), UINT64CONST(5), UINT64CONST(25), UINT64CONST(125),
	UINT64CONST(625), UINT64CONST(3125), UINT64CONST(15625),
	UINT64CONST(78125), UINT64CONST(390625), UINT64CONST(1953125),
	UINT64CONST(9765625), UINT64CONST(48828125), UINT64CONST(244140625),
	UINT64CONST(1220703125), UINT64CONST(6103515625),
	UINT64CONST(30517578125), UINT64CONST(152587890625),
	UINT64CONST(762939453125), UINT64CONST(3814697265625),
	UINT64CONST(19073486328125), UINT64CONST(95367431640625),
	UINT64CONST(476837158203125), UINT64CONST(2384185791015625),
	UINT64CONST(11920928955078125), UINT64CONST(59604644775390625),
	UINT64CONST(298023223876953125), UINT64CONST(1490116119384765625),
	UINT64CONST(7450580596923828125)
};

/*
 * The base-10000 digits that are read: they fit 120 bits. What follows them is
 * less than 1 part in 10^32.
 */
#define MAX_WIDE_DIGITS		9

/* The format of a double: mantissa bits stored, largest finite exponent. */
#define DOUBLE_MANTISSA_BITS	52
#define DOUBLE_MAX_BIASED		2046

/* Numerators are kept with exactly this many bits. */
#define NUMERATOR_BITS		127

/*
 * (number + fraction) * 2^exponent, where the fraction is 0, or somewhere
 * between 0 and 1 when inexact. Rounding to 53 bits need not know more, and
 * dividing number by an integer keeps this true. (Shifting it left would not.)
 */
typedef struct WideNumber
{
	uint128		number;
	int			exponent;
	bool		inexact;
} WideNumber;

/* Shift an exact nonzero number left, to NUMERATOR_BITS bits. */
static inline void
normalize_exact(WideNumber *wide)
{
	uint64		high = (uint64) (wide->number >> 64);
	int			shift;

	if (high != 0)
		shift = NUMERATOR_BITS - 65 - pg_leftmost_one_pos64(high);
	else
		shift = NUMERATOR_BITS - 1 -
			pg_leftmost_one_pos64((uint64) wide->number);
	wide->number <<= shift;
	wide->exponent -= shift;
}

/* Divide where the quotient is known to fit 64 bits. */
static inline uint64
divide(uint128 numerator, uint64 divisor, uint64 *remainder)
{
	uint64		quotient = (uint64) (numerator / divisor);

	*remainder = (uint64) numerator - quotient * divisor;
	return quotient;
}

/*
 * Divide by 10^k, any k >= 0, leaving 62 to 64 bits: a numerator of 127 bits
 * over a power of five scaled to 64. For a large k the division goes in
 * steps, each of which but the last goes on for 64 more bits, so that the
 * next has a full numerator again.
 */
static inline void
divide_by_power_of_ten(WideNumber *wide, int k)
{
	for (;;)
	{
		int			step = Min(k, MAX_POWER_OF_FIVE);
		uint64		divisor = power_of_five[step];
		int			shift = 63 - pg_leftmost_one_pos64(divisor);
		uint64		remainder;
		uint64		quotient;

		divisor <<= shift;
		quotient = divide(wide->number, divisor, &remainder);
		wide->number = quotient;
		wide->exponent += shift - step;
		k -= step;
		if (k == 0)
		{
			wide->inexact |= remainder != 0;
			return;
		}

		quotient = divide((uint128) remainder << 64, divisor, &remainder);
		wide->number = (wide->number << 64) | quotient;
		wide->exponent -= 64;
		wide->inexact |= remainder != 0;
		if (wide->number >> NUMERATOR_BITS != 0)
		{
			wide->inexact |= (wide->number & 1) != 0;
			wide->number >>= 1;
			wide->exponent++;
		}
	}
}

/*
 * Decode a number of any length whose double is normal; false when it is not,
 * or when it is an integer so large that the slow path may have it.
 */
static bool
decode_by_division(const NumericParts *parts, double *result)
{
	WideNumber	wide;
	bool		is_cut = parts->ndigits > MAX_WIDE_DIGITS;
	int			used = Min(parts->ndigits, MAX_WIDE_DIGITS);
	int			exponent = (parts->weight - (used - 1)) * DIGIT_DECIMALS;
	uint64		quotient;
	double		value;
	uint64		bits;
	int			biased;
	int			i;

	/* not worth dividing thousands of times to learn that it is nothing */
	if (parts->weight * DIGIT_DECIMALS < DBL_MIN_10_EXP - DIGIT_DECIMALS)
		return false;

	wide.number = 0;
	wide.exponent = 0;
	wide.inexact = is_cut;
	for (i = 0; i < used; i++)
		wide.number = wide.number * DIGIT_BASE + digit_at(parts, i);

	if (exponent > 0)
	{
		/* multiplying needs the whole number, and room for the product */
		if (is_cut || exponent > MAX_POWER_OF_FIVE ||
			(wide.number >> 64) != 0)
			return false;
		wide.number *= power_of_five[exponent];
		wide.exponent = exponent;
		exponent = 0;
	}
	normalize_exact(&wide);
	divide_by_power_of_ten(&wide, -exponent);

	/*
	 * The conversion rounds to nearest, ties to even; of 62 bits or more, the
	 * lowest may stand for all that follows. Scaling is then exact.
	 */
	quotient = (uint64) wide.number;
	value = (double) (quotient | wide.inexact);

	/*
	 * Digits that were not read may carry the fraction a little past 1, which
	 * matters only where a rounding boundary lies that near.
	 */
	if (is_cut && (double) (quotient | 1) != (double) (quotient + 2))
		return false;

	memcpy(&bits, &value, sizeof(bits));
	biased = (int) (bits >> DOUBLE_MANTISSA_BITS) + wide.exponent;
	if (biased < 1 || biased > DOUBLE_MAX_BIASED)
		return false;
	bits += (uint64) (int64) wide.exponent << DOUBLE_MANTISSA_BITS;
	memcpy(result, &bits, sizeof(bits));
	return true;
}

#else

static inline bool
decode_by_division(const NumericParts *parts, double *result)
{
	return false;
}

#endif							/* HAVE_INT128 */

/* Decode by way of text, as the server does. Leaves nothing allocated. */
static DecodeResult
decode_by_text(const struct varlena *ptr, double *result)
{
	/* PG_DETOAST_DATUM copies a short varlena, to give it a long header */
	struct varlena *aligned = PG_DETOAST_DATUM(PointerGetDatum(ptr));

	*result = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
												 PointerGetDatum(aligned)));
	if (aligned != ptr)
		pfree(aligned);

	if (isinf(*result))
		return DECODE_OVERFLOW;
	return *result == 0 ? DECODE_UNDERFLOW : DECODE_WIDE;
}

/* What a NaN or an infinity decodes to. */
static DecodeResult
decode_special(uint16 header, double *result)
{
	switch (header & SPECIAL_MASK)
	{
		case SPECIAL_NAN:
			*result = get_float8_nan();
			return DECODE_NAN;
		case SPECIAL_INFINITY:
			*result = get_float8_infinity();
			return DECODE_INFINITE;
		default:
			*result = -get_float8_infinity();
			return DECODE_INFINITE;
	}
}

DecodeResult
numeric_decode(const struct varlena *ptr, double *result)
{
	uint16		header = word_at(VARDATA_ANY(ptr));
	NumericParts parts;
	DecodeResult length = DECODE_WIDE;
	DecodeResult found;
	uint64		mantissa;
	int			exponent;

	if (unlikely((header & FORM_MASK) == FORM_SPECIAL))
		return decode_special(header, result);

	take_apart(ptr, header, &parts);
	if (parts.ndigits == 0)
	{
		*result = 0;
		return DECODE_SHORT;
	}

	if (collect_mantissa(&parts, &mantissa, &exponent))
	{
		if (mantissa < SHORT_LIMIT)
			length = DECODE_SHORT;
		if (decode_by_one_operation(mantissa, exponent, result))
		{
			if (parts.is_negative)
				*result = -*result;
			return length;
		}
	}

	if (decode_by_division(&parts, result))
	{
		if (parts.is_negative)
			*result = -*result;
		return length;
	}

	/* two short numbers can share a subnormal double, but no normal one */
	found = decode_by_text(ptr, result);
	if (found == DECODE_WIDE && fabs(*result) >= DBL_MIN)
		return length;
	return found;
}

/*
 * A key is made of the weight, the first digits, and a bit that is set when
 * more follow: as numbers are compared, by weight first, for there are no
 * leading zeros. The weight, of 16 bits, is shifted to be positive. Zero has
 * the key 0.
 */
#define KEY_DIGITS				3
#define KEY_DIGIT_BITS			14
#define KEY_WEIGHT_OFFSET		32769

/* The key of a NaN or an infinity: beyond those of all numbers, and exact. */
static int64
special_key(uint16 header)
{
	switch (header & SPECIAL_MASK)
	{
		case SPECIAL_NAN:
			return NUMERIC_KEY_NAN;
		case SPECIAL_INFINITY:
			return PG_INT64_MAX - 1;
		default:
			return -(PG_INT64_MAX - 1);
	}
}

/* The place of a numeric in the order of all. */
int64
numeric_key(const struct varlena *ptr)
{
	uint16		header = word_at(VARDATA_ANY(ptr));
	NumericParts parts;
	int64		key;

	if (unlikely((header & FORM_MASK) == FORM_SPECIAL))
		return special_key(header);

	take_apart(ptr, header, &parts);
	if (parts.ndigits == 0)
		return 0;

	key = (int64) (parts.weight + KEY_WEIGHT_OFFSET) << (KEY_DIGITS * KEY_DIGIT_BITS);
	key |= (int64) digit_at(&parts, 0) << (2 * KEY_DIGIT_BITS);
	if (parts.ndigits > 1)
		key |= (int64) digit_at(&parts, 1) << KEY_DIGIT_BITS;
	if (parts.ndigits > 2)
		key |= digit_at(&parts, 2);
	key = (key << 1) | (parts.ndigits > KEY_DIGITS);
	return parts.is_negative ? -key : key;
}

/*
 * Decode a numeric as mantissa * 10000^-scale, exactly, with the smallest
 * scale >= 0; its display scale too. False when the mantissa exceeds 64 bits,
 * and for NaN and infinities.
 */
bool
numeric_decode_scaled(const struct varlena *ptr, int64 *mantissa, int *scale,
					  int *display_scale)
{
	/* a mantissa below this has room for one more digit */
	const int64 limit = PG_INT64_MAX / DIGIT_BASE - 1;
	uint16		header = word_at(VARDATA_ANY(ptr));
	NumericParts parts;
	int64		result = 0;
	int			i;

	if ((header & FORM_MASK) == FORM_SPECIAL)
		return false;
	take_apart(ptr, header, &parts);

	if ((header & FORM_MASK) == FORM_SHORT)
		*display_scale = (header & SHORT_SCALE_MASK) >> SHORT_SCALE_SHIFT;
	else
		*display_scale = header & LONG_SCALE_MASK;

	/* more places than a mantissa has are refused before they are counted */
	if (parts.weight >= INT64_DIGITS || parts.ndigits > INT64_DIGITS)
		return false;
	for (i = 0; i < parts.ndigits; i++)
	{
		if (result > limit)
			return false;
		result = result * DIGIT_BASE + digit_at(&parts, i);
	}
	*scale = 0;
	if (parts.ndigits > 0)
	{
		/* digits are worth 10000^weight and less: zeros are not stored */
		for (; i <= parts.weight; i++)
		{
			if (result > limit)
				return false;
			result *= DIGIT_BASE;
		}
		*scale = parts.ndigits - 1 - parts.weight;
		*scale = Max(*scale, 0);
	}
	*mantissa = parts.is_negative ? -result : result;
	return true;
}

/* Is the numeric at ptr below zero? NaN is not. */
bool
numeric_decode_is_negative(const struct varlena *ptr)
{
	uint16		header = word_at(VARDATA_ANY(ptr));

	switch (header & FORM_MASK)
	{
		case FORM_SHORT:
			return (header & SHORT_NEGATIVE) != 0;
		case FORM_SPECIAL:
			return (header & SPECIAL_MASK) == SPECIAL_NEGATIVE_INFINITY;
		default:
			return (header & LONG_NEGATIVE) != 0;
	}
}
