/*-------------------------------------------------------------------------
 *
 * numeric_encode.c
 *		Write integers and their quotients as numerics, digit by digit.
 *
 * The server's functions take and make variables of any length, for each of
 * which they allocate memory. Sums of money and means of them have a few
 * digits of base 10000, which 64-bit integers yield one after the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/compat.h"
#include "number/numeric_encode.h"
#include "number/numeric_layout.h"

/* The digits of a quotient of 64-bit integers, with room for a carry. */
#define MAX_DIGITS \
	(1 + INT64_DIGITS + SHORT_SCALE_MAX / DIGIT_DECIMALS)

/* A number taken apart. The first digit is worth 10000^weight. */
typedef struct Digits
{
	int			count;
	int			weight;
	uint16		digits[MAX_DIGITS];
} Digits;

/* An integer without its sign. */
static inline uint64
magnitude(int64 integer)
{
	return integer < 0 ? -(uint64) integer : (uint64) integer;
}

/* Take an integer times 10000^-scale apart. */
static inline void
split_integer(uint64 integer, int scale, Digits *number)
{
	int			count = 0;
	uint64		rest = integer;

	while (rest > 0)
	{
		rest /= DIGIT_BASE;
		count++;
	}
	number->count = count;
	number->weight = count - 1 - scale;
	while (count > 0)
	{
		number->digits[--count] = integer % DIGIT_BASE;
		integer /= DIGIT_BASE;
	}
}

/* Put a number together. */
static inline Numeric
make_numeric(const Digits *number, bool is_negative, int display_scale)
{
	int			begin = 0;
	int			end = number->count;
	uint16		header = FORM_SHORT | (display_scale << SHORT_SCALE_SHIFT);
	Size		size;
	char	   *result;

	while (begin < end && number->digits[begin] == 0)
		begin++;
	while (begin < end && number->digits[end - 1] == 0)
		end--;
	if (begin < end)
	{
		header |= (number->weight - begin) & SHORT_WEIGHT_MASK;
		if (is_negative)
			header |= SHORT_NEGATIVE;
	}

	size = VARHDRSZ + sizeof(header) + (end - begin) * sizeof(uint16);
	result = palloc(size);
	SET_VARSIZE(result, size);
	memcpy(result + VARHDRSZ, &header, sizeof(header));
	memcpy(result + VARHDRSZ + sizeof(header), number->digits + begin,
		   (end - begin) * sizeof(uint16));
	return (Numeric) result;
}

/* mantissa * 10000^-scale */
Numeric
numeric_encode_scaled(int64 mantissa, int scale, int display_scale)
{
	Digits		number;

	if (display_scale > SHORT_SCALE_MAX)
		return NULL;
	split_integer(magnitude(mantissa), scale, &number);
	return make_numeric(&number, mantissa < 0, display_scale);
}

/*
 * The display scale that numeric_div selects: it guesses the weight of the
 * quotient by weights and first digits.
 */
static inline int
quotient_scale(const Digits *dividend, const Digits *divisor)
{
	int			weight = -divisor->weight;
	int			first = 0;

	if (dividend->count > 0)
	{
		weight += dividend->weight;
		first = dividend->digits[0];
	}
	if (first <= divisor->digits[0])
		weight--;
	return NUMERIC_MIN_SIG_DIGITS - weight * DIGIT_DECIMALS;
}

/* Add one to the last digit. The first is not 9999. */
static inline void
round_up(Digits *number)
{
	int			last = number->count - 1;

	while (number->digits[last] == DIGIT_BASE - 1)
		number->digits[last--] = 0;
	number->digits[last]++;
}

/* mantissa * 10000^-scale / divisor */
Numeric
numeric_encode_quotient(int64 mantissa, int scale, int display_scale,
						int64 divisor)
{
	uint64		dividend = magnitude(mantissa);
	uint64		rest;
	Digits		number;
	Digits		divisor_number;
	int			result_scale;

	if (divisor > PG_INT64_MAX / DIGIT_BASE)
		return NULL;
	split_integer(dividend, scale, &number);
	split_integer(divisor, 0, &divisor_number);
	result_scale = quotient_scale(&number, &divisor_number);
	if (result_scale < display_scale ||
		result_scale < scale * DIGIT_DECIMALS ||
		result_scale > SHORT_SCALE_MAX)
		return NULL;

	/* the integer part of the division by hand, after a zero; then decimals */
	split_integer(dividend / divisor, scale, &number);
	memmove(number.digits + 1, number.digits, number.count * sizeof(uint16));
	number.digits[0] = 0;
	number.count++;
	number.weight++;
	rest = dividend % divisor;
	for (int i = scale; i < result_scale / DIGIT_DECIMALS; i++)
	{
		rest *= DIGIT_BASE;
		number.digits[number.count++] = rest / divisor;
		rest %= divisor;
	}
	if (rest >= divisor - rest)
		round_up(&number);
	return make_numeric(&number, mantissa < 0, result_scale);
}
