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

#include "miscadmin.h"
#include "utils/memutils.h"

#include "moments.h"
#include "numeric_ops.h"
#include "separator.h"

/* Add up a plain digest's decimals, and their squares if sd_factor needs them. */
ExactMoments
exact_moments(const DigestView *view, Numeric sd_factor)
{
	bool		has_sd = num_sign(sd_factor) != 0;
	Numeric		squares = int64_to_numeric(0);
	ExactMoments moments;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "exact moments",
												  ALLOCSET_DEFAULT_SIZES);

	moments.count = int64_to_numeric(view->count);
	moments.sum = int64_to_numeric(0);
	moments.sd_factor = sd_factor;

	for (int i = 0; i < view->nclasses; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(scratch);
		Numeric		value = shortest_decimal(digest_class_value(view, i));
		Numeric		count = int64_to_numeric(digest_class_count(view, i));
		Numeric		product = num_multiply(count, value);
		Numeric		old_sum = moments.sum;
		Numeric		old_squares = squares;

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(caller);
		moments.sum = num_add(old_sum, product);
		pfree(old_sum);
		if (has_sd)
		{
			squares = num_add(old_squares, num_multiply(product, value));
			pfree(old_squares);
		}
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);

	moments.sd_square =
		num_multiply(num_multiply(num_multiply(sd_factor, sd_factor),
								  moments.count),
					 num_subtract(num_multiply(moments.count, squares),
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
