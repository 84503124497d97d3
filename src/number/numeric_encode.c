/*-------------------------------------------------------------------------
 *
 * numeric_encode.c
 *		Write scaled integers as numerics, digit by digit.
 *
 * The server's functions take and make variables of any length, for each of
 * which they allocate memory. Sums of money have a few digits of base 10000,
 * which 64-bit integers yield one after the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/compat.h"
#include "number/numeric_encode.h"
#include "number/numeric_layout.h"


/* A number taken apart. The first digit is worth 10000^weight. */
typedef struct Digits
{
	int			count;
	int			weight;
	uint16		digits[INT64_DIGITS];
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
