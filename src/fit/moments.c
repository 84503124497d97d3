/*-------------------------------------------------------------------------
 *
 * moments.c
 *		Compare with mean + k sd exactly.
 *
 * The decimals 0.1, 0.2 and 0.3 have the mean 0.2, their doubles only nearly.
 * Where a member lies that near to the mean, the decimals decide.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "fit/moments.h"
#include "number/decimal.h"
#include "number/numeric_ops.h"

/*
 * A sum of decimals: of short ones as an integer, in units of 10^-scale, and of
 * what does not fit there as a numeric, in a context of its own.
 */
typedef struct DecimalSum
{
	int64		units;
	int			scale;
	Numeric		rest;
	MemoryContext context;
} DecimalSum;

static DecimalSum
empty_sum(void)
{
	DecimalSum	sum = {0};

	sum.rest = int64_to_numeric(0);
	sum.context = CurrentMemoryContext;
	return sum;
}

/* Add a numeric to the rest. */
static void
add_rest(DecimalSum *sum, Numeric number)
{
	MemoryContext caller = MemoryContextSwitchTo(sum->context);
	Numeric		old = sum->rest;

	sum->rest = num_add(old, number);
	pfree(old);
	MemoryContextSwitchTo(caller);
}

/* Move the units to the rest. */
static void
flush_units(DecimalSum *sum)
{
	add_rest(sum, num_multiply(int64_to_numeric(sum->units),
							   power_of_ten(-sum->scale)));
	sum->units = 0;
}

/* Add value count times as units; false if it is no short decimal. */
static bool
add_units(DecimalSum *sum, double value, int64 count)
{
	double		units = 0;
	int			scale;
	int64		product;
	int64		total;

	for (scale = sum->scale; scale <= DECIMAL_MAX_PLACES; scale++)
	{
		if (decimal_units(value, scale, &units))
			break;
	}
	if (scale > DECIMAL_MAX_PLACES ||
		pg_mul_s64_overflow((int64) units, count, &product))
		return false;

	if (scale > sum->scale)
	{
		flush_units(sum);
		sum->scale = scale;
	}
	if (pg_add_s64_overflow(sum->units, product, &total))
	{
		flush_units(sum);
		total = product;
	}
	sum->units = total;
	return true;
}

/* Add up a plain digest's decimals, and their squares if sd_factor is not 0. */
ExactMoments
exact_moments(const DigestView *view, Numeric sd_factor)
{
	bool		has_sd = num_sign(sd_factor) != 0;
	DecimalSum	sum = empty_sum();
	DecimalSum	squares = empty_sum();
	ExactMoments moments;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "exact moments",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	for (int i = 0; i < view->nclasses; i++)
	{
		double		value = digest_class_value(view, i);
		int64		count = digest_class_count(view, i);
		bool		is_added = add_units(&sum, value, count);

		if (!is_added || has_sd)
		{
			Numeric		decimal = shortest_decimal(value);
			Numeric		product = num_multiply(int64_to_numeric(count),
											   decimal);

			if (!is_added)
				add_rest(&sum, product);
			if (has_sd)
				add_rest(&squares, num_multiply(product, decimal));
		}
		MemoryContextReset(scratch);
		CHECK_FOR_INTERRUPTS();
	}
	flush_units(&sum);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);

	moments.count = int64_to_numeric(view->count);
	moments.sum = sum.rest;
	moments.sd_factor = sd_factor;
	moments.sd_square =
		num_multiply(num_multiply(num_multiply(sd_factor, sd_factor),
								  moments.count),
					 num_subtract(num_multiply(moments.count, squares.rest),
								  num_multiply(moments.sum, moments.sum)));
	return moments;
}

/*
 * Is this value below (-1), on (0) or above (1) mean + k sd? Without division
 * or root: d = n value - sum has the sign of value - mean, and d^2 (n - 1)
 * compares with k^2 n (n sum of squares - sum^2) as |value - mean| does with
 * |k| sd.
 */
int
compare_to_moments(const ExactMoments *moments, double value)
{
	Numeric		distance = num_subtract(num_multiply(moments->count,
													 shortest_decimal(value)),
										moments->sum);
	Numeric		square = num_multiply(num_multiply(distance, distance),
									  num_subtract(moments->count,
												   int64_to_numeric(1)));
	Numeric		bound = moments->sd_square;
	int			sign = num_sign(moments->sd_factor);

	if (sign == 0)
		return num_sign(distance);
	if (num_sign(distance) < 0)
		square = num_negate(square);
	if (sign < 0)
		bound = num_negate(bound);
	return num_compare(square, bound);
}
