/*-------------------------------------------------------------------------
 *
 * exact_sum.c
 *		Sums of amounts, exact and the same in any order.
 *
 * No sum is ever rounded before it is read. A double is read to the nearest
 * unit of 2^-64 below it in magnitude, which changes only amounts of less
 * than 2^-12, and each of these in the same way wherever it stands.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "common/int.h"
#include "common/shortest_dec.h"
#include "libpq/pqformat.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "number/exact_sum.h"
#include "number/numeric_decode.h"
#include "number/numeric_encode.h"
#include "number/numeric_layout.h"
#include "number/numeric_ops.h"

/* Doubles from here on go to the rest. */
#define BINARY_LIMIT	4611686018427387904.0	/* 2^62 */

#define TWO_TO_64		18446744073709551616.0
#define UNIT_ROOT		"0.00000000023283064365386962890625"	/* 2^-32 */

static const int64 power_of_scale[EXACT_SUM_MAX_SCALE + 1] = {
	1, 10000, 100000000, INT64CONST(1000000000000),
	INT64CONST(10000000000000000)
};

/* In assert builds: is a sum what its description says? */
#ifdef USE_ASSERT_CHECKING
static void
AssertCheckExactSum(const ExactSum *sum)
{
	Assert(exact_sum_is_valid(sum));
	Assert(sum->rest == NULL ||
		   !(numeric_is_nan(sum->rest) || numeric_is_inf(sum->rest)));
}
#else
#define AssertCheckExactSum(sum)	((void) 0)
#endif

/* Do the 128 bits hold a 64-bit integer: is all of high its sign? */
static inline bool
fits_int64(const ExactSum *sum)
{
	return sum->high == ((int64) sum->low >> 63);
}

/* The 128 bits as a number of units. */
static Numeric
units_numeric(const ExactSum *sum)
{
	Numeric		two_to_32 = int64_to_numeric(INT64CONST(1) << 32);
	Numeric		result;

	if (fits_int64(sum))
		return int64_to_numeric((int64) sum->low);
	result = num_multiply(int64_to_numeric(sum->high), two_to_32);
	result = num_add(result, int64_to_numeric(sum->low >> 32));
	result = num_multiply(result, two_to_32);
	return num_add(result, int64_to_numeric(sum->low & 0xFFFFFFFF));
}

/* What the 128 bits are worth. */
static Numeric
bits_numeric(const ExactSum *sum)
{
	Numeric		units = units_numeric(sum);

	if (sum->is_binary)
	{
		Numeric		root = num_from_text(UNIT_ROOT);

		return num_multiply(units, num_multiply(root, root));
	}
	return num_multiply(units,
						int64_div_fast_to_numeric(1, sum->scale * DIGIT_DECIMALS));
}

/* Add to what does not fit. */
static void
add_to_rest(ExactSum *sum, Numeric amount, void *owner)
{
	MemoryContext caller = MemoryContextSwitchTo(GetMemoryChunkContext(owner));
	Numeric		old = sum->rest;

	if (old == NULL)
		sum->rest = DatumGetNumericCopy(NumericGetDatum(amount));
	else
	{
		sum->rest = num_add(old, amount);
		pfree(old);
	}
	MemoryContextSwitchTo(caller);
	AssertCheckExactSum(sum);
}

/* Empty the 128 bits into the rest, to make room. */
static void
spill(ExactSum *sum, void *owner)
{
	add_to_rest(sum, bits_numeric(sum), owner);
	sum->low = 0;
	sum->high = 0;
}

/* Add 128 bits of the same units. */
static inline void
add_bits(ExactSum *sum, uint64 low, int64 high, void *owner)
{
	uint64		new_low = sum->low + low;
	int64		carry = new_low < low;	/* the sum wrapped around */
	int64		new_high;

	/* spilling without need, where the carry would undo it, does no harm */
	if (unlikely(pg_add_s64_overflow(sum->high, high, &new_high) ||
				 pg_add_s64_overflow(new_high, carry, &new_high)))
	{
		spill(sum, owner);
		new_low = low;
		new_high = high;
	}
	sum->low = new_low;
	sum->high = new_high;
	AssertCheckExactSum(sum);
}

/*
 * Make the units of a decimal sum smaller: multiply the 128 bits by 10000 for
 * each step, the low ones in halves whose products fit 64 bits.
 */
static void
refine(ExactSum *sum, int scale, void *owner)
{
	while (sum->scale < scale)
	{
		/* below this, 10000 times the sum stays within 127 bits */
		const int64 limit = PG_INT64_MAX / DIGIT_BASE - 1;
		uint64		low_product;
		uint64		high_product;

		if (sum->high > limit || sum->high < -limit)
			spill(sum, owner);
		low_product = (sum->low & 0xFFFFFFFF) * DIGIT_BASE;
		high_product = (sum->low >> 32) * DIGIT_BASE + (low_product >> 32);
		sum->low = (high_product << 32) | (low_product & 0xFFFFFFFF);
		sum->high = sum->high * DIGIT_BASE + (int64) (high_product >> 32);
		sum->scale++;
	}
}

/* Add an integer amount. */
void
exact_sum_add_int64(ExactSum *sum, int64 amount, void *owner)
{
	Assert(sum->scale == 0);
	add_bits(sum, (uint64) amount, amount >> 63, owner);
}

/* Add a numeric that is too long for the fast path. */
static pg_noinline void
add_long_numeric(ExactSum *sum, const struct varlena *amount,
				 void *owner)
{
	Numeric		number = DatumGetNumeric(PointerGetDatum(amount));

	if (numeric_is_nan(number) || numeric_is_inf(number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("amount must be finite")));
	sum->display_scale = Max(sum->display_scale,
							 DatumGetInt32(DirectFunctionCall1(numeric_scale,
															   NumericGetDatum(number))));
	add_to_rest(sum, number, owner);
}

/* Read a numeric amount, if it is of everyday size. */
bool
exact_sum_scale(const struct varlena *amount, ScaledAmount *scaled)
{
	return numeric_decode_scaled(amount, &scaled->mantissa, &scaled->scale,
								 &scaled->display_scale) &&
		scaled->scale <= EXACT_SUM_MAX_SCALE;
}

/* Add such an amount. */
void
exact_sum_add_scaled(ExactSum *sum, const ScaledAmount *amount, void *owner)
{
	int64		mantissa = amount->mantissa;
	int			scale = amount->scale;

	if (amount->display_scale > sum->display_scale)
		sum->display_scale = amount->display_scale;
	if (scale > sum->scale)
		refine(sum, scale, owner);

	/* the amount goes by the sum's units, unless it is too large for them */
	if (scale < sum->scale &&
		pg_mul_s64_overflow(mantissa, power_of_scale[sum->scale - scale],
							&mantissa))
	{
		add_to_rest(sum, int64_div_fast_to_numeric(amount->mantissa,
												   scale * DIGIT_DECIMALS),
					owner);
		return;
	}
	add_bits(sum, (uint64) mantissa, mantissa >> 63, owner);
}

/* Add a numeric amount: any varlena of it, as numeric_decode takes. */
void
exact_sum_add_numeric(ExactSum *sum, const struct varlena *amount,
					  void *owner)
{
	ScaledAmount scaled;

	if (likely(exact_sum_scale(amount, &scaled)))
		exact_sum_add_scaled(sum, &scaled, owner);
	else
		add_long_numeric(sum, amount, owner);
}

/* Add a double that is too large for the fast path: an integer, then. */
static pg_noinline void
add_large_double(ExactSum *sum, double amount, void *owner)
{
	char	   *digits;

	if (isnan(amount) || isinf(amount))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("amount must be finite")));
	digits = psprintf("%.0f", amount);
	add_to_rest(sum, num_from_text(digits), owner);
	pfree(digits);
}

/* Add a double. */
void
exact_sum_add_double(ExactSum *sum, double amount, void *owner)
{
	double		magnitude = fabs(amount);
	int64		high;
	uint64		low;

	sum->is_binary = true;
	if (unlikely(!(magnitude < BINARY_LIMIT)))
	{
		add_large_double(sum, amount, owner);
		return;
	}

	/* both parts are exact, but for what lies below the unit */
	high = (int64) magnitude;
	low = (uint64) ((magnitude - (double) high) * TWO_TO_64);

	/* two's complement: invert all bits and add one */
	if (amount < 0)
	{
		low = -low;
		high = -high - (low != 0);
	}
	add_bits(sum, low, high, owner);
}

/* Add another sum, of the same kind. */
void
exact_sum_add(ExactSum *sum, const ExactSum *other, void *owner)
{
	ExactSum	bits = *other;

	sum->is_binary |= other->is_binary;
	sum->display_scale = Max(sum->display_scale, other->display_scale);
	if (other->rest != NULL)
		add_to_rest(sum, other->rest, owner);

	/* what refining the copy spills must not touch the original's rest */
	bits.rest = NULL;
	refine(&bits, sum->scale, owner);
	refine(sum, bits.scale, owner);
	if (bits.rest != NULL)
	{
		add_to_rest(sum, bits.rest, owner);
		pfree(bits.rest);
	}
	add_bits(sum, bits.low, bits.high, owner);
}

/* -1, 0 or 1. */
int
exact_sum_sign(const ExactSum *sum)
{
	if (sum->rest != NULL)
		return num_sign(num_add(sum->rest, bits_numeric(sum)));
	if (sum->high < 0)
		return -1;
	return sum->high > 0 || sum->low > 0;
}

/* Is the sum an integer of 64 bits in its decimal units? */
static inline bool
is_everyday(const ExactSum *sum)
{
	return sum->rest == NULL && fits_int64(sum);
}

/*
 * The sum, with the display scale that the server's sum would have; a binary
 * one as the shortest decimal of its double.
 */
Numeric
exact_sum_numeric(const ExactSum *sum)
{
	Numeric		result = NULL;

	if (sum->is_binary)
	{
		char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

		double_to_shortest_decimal_buf(exact_sum_double(sum), digits);
		return num_from_text(digits);
	}
	if (is_everyday(sum))
		result = numeric_encode_scaled((int64) sum->low, sum->scale,
									   sum->display_scale);
	if (result != NULL)
		return result;

	result = bits_numeric(sum);
	if (sum->rest != NULL)
		result = num_add(result, sum->rest);

	/* more decimals than were summed, or the unit's, which may be too many */
	return DatumGetNumeric(DirectFunctionCall2(numeric_round,
											   NumericGetDatum(result),
											   Int32GetDatum(sum->display_scale)));
}

/*
 * The double nearest to the 128 bits. Rounding needs the highest 64 bits, the
 * lowest of which stands for all below it.
 */
static double
bits_double(const ExactSum *sum)
{
	bool		is_negative = sum->high < 0;
	uint64		low = is_negative ? -sum->low : sum->low;
	uint64		high = is_negative ? ~(uint64) sum->high + (low == 0) :
		(uint64) sum->high;
	double		value;

	if (high == 0)
		value = ldexp((double) low, -64);
	else
	{
		int			shift = 63 - pg_leftmost_one_pos64(high);

		if (shift > 0)
		{
			high = (high << shift) | (low >> (64 - shift));
			low <<= shift;
		}
		value = ldexp((double) (high | (low != 0)), -shift);
	}
	return is_negative ? -value : value;
}

/* The double nearest to a binary sum. */
double
exact_sum_double(const ExactSum *sum)
{
	Numeric		total;
	double		result;

	if (sum->rest == NULL)
		return bits_double(sum);
	total = num_add(bits_numeric(sum), sum->rest);
	if (numeric_decode((struct varlena *) total, &result) == DECODE_OVERFLOW)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of amounts is out of range for type double precision")));
	return result;
}

/* Write the sum into a message to another process. */
void
exact_sum_send(StringInfo buf, const ExactSum *sum)
{
	pq_sendint64(buf, sum->low);
	pq_sendint64(buf, sum->high);
	pq_sendint16(buf, sum->display_scale);
	pq_sendbyte(buf, sum->scale);
	pq_sendbyte(buf, sum->is_binary);
	pq_sendint32(buf, sum->owner_flags);
	pq_sendbyte(buf, sum->rest != NULL);
	if (sum->rest != NULL)
		pq_sendstring(buf, DatumGetCString(DirectFunctionCall1(numeric_out,
															   NumericGetDatum(sum->rest))));
}

/* Read a sum from a message, into the current memory context. */
void
exact_sum_recv(StringInfo buf, ExactSum *sum)
{
	sum->low = pq_getmsgint64(buf);
	sum->high = pq_getmsgint64(buf);
	sum->display_scale = pq_getmsgint(buf, sizeof(int16));
	sum->scale = pq_getmsgbyte(buf);
	sum->is_binary = pq_getmsgbyte(buf);
	sum->owner_flags = pq_getmsgint(buf, sizeof(uint32));
	sum->rest = NULL;
	if (pq_getmsgbyte(buf))
		sum->rest = num_from_text(pq_getmsgrawstring(buf));
}
