/*-------------------------------------------------------------------------
 *
 * digest_view.c
 *		What an open digest tells: its classes as values, their sum, mean,
 *		standard deviation and quantiles.
 *
 * Sums are kept in two doubles, so that what is told is right to the last
 * digit or nearly so, and added up in ascending order, so that it is the same
 * on every machine. Where values are so large that a sum could exceed a
 * double, all are scaled down by a power of two: shares and means stay right.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "digest/digest_view.h"
#include "number/decimal.h"

/* Values up to here can be added up, 2^63 of them, without overflow. */
#define LARGEST_UNSCALED	0x1p890
#define DOWNSCALE			0x1p-128

#ifdef USE_ASSERT_CHECKING
/* Check what all readers rely on. Without classes the range is undefined. */
void
AssertCheckDigestView(const DigestView *view)
{
	const ValueImage mask = precision_mask(view->precision);
	int64		count = 0;

	Assert(view->precision >= 0 && view->precision <= DIGEST_FULL_PRECISION);
	for (int i = 0; i < view->nclasses; i++)
	{
		Assert((view->images[i] & ~mask) == 0);
		Assert(i == 0 || view->images[i] > view->images[i - 1]);
		Assert(digest_class_count(view, i) >= 1);
		count += digest_class_count(view, i);
	}
	Assert(count == view->count);
	if (view->nclasses > 0)
	{
		/* the extremes are in the first and the last class */
		Assert((value_image(view->min) & mask) == view->images[0]);
		Assert((value_image(view->max) & mask) ==
			   view->images[view->nclasses - 1]);
	}
}
#endif

/* Find the lowest double of class i. */
double
digest_class_floor(const DigestView *view, int i)
{
	return image_value(view->images[i]);
}

/* Find the highest double of class i. */
double
digest_class_ceiling(const DigestView *view, int i)
{
	ValueImage	image = view->images[i] | ~precision_mask(view->precision);

	/* The image below that of zero is the one which -0 would have. */
	if (image == value_image(0) - 1)
		image--;
	return image_value(image);
}

/*
 * Find the decimal of the values' places that is nearest to the middle of a
 * truncated class; the middle itself if none lies in the class.
 */
static double
middle_decimal(double floor, double middle, double ceiling, int places)
{
	const double power = decimal_powers[places];
	double		units = rint(middle * power);

	if (!(fabs(units) < DECIMAL_UNITS_LIMIT))
		return middle;
	if (units / power > ceiling)
		units--;
	else if (units / power < floor)
		units++;
	return units / power >= floor && units / power <= ceiling ?
		units / power + 0.0 : middle;
}

/*
 * Read class i as one value: itself, or the middle of a truncated class, a
 * decimal as the values are, as near as the range of the values allows. Zero
 * stays zero, though doubles too small to matter may have been truncated to
 * it: who never bought must not become a buyer.
 */
double
digest_class_value(const DigestView *view, int i)
{
	double		floor = digest_class_floor(view, i);
	double		ceiling;
	double		middle;

	if (view->precision == DIGEST_FULL_PRECISION || floor == 0)
		return floor;
	ceiling = digest_class_ceiling(view, i);
	middle = floor + (ceiling - floor) / 2;
	if (view->places != NO_PLACES)
		middle = middle_decimal(floor, middle, ceiling, view->places);
	return Max(view->min, Min(view->max, middle));
}

/* Choose the factor that keeps sums of this digest's values finite. */
double
digest_sum_scale(const DigestView *view)
{
	return Max(fabs(view->min), fabs(view->max)) > LARGEST_UNSCALED ?
		DOWNSCALE : 1.0;
}

/* Add up the classes from first on, scaled. */
DoubleDouble
digest_sum_classes(const DigestView *view, int first, double scale)
{
	DoubleDouble sum = {0, 0};

	for (int i = first; i < view->nclasses; i++)
		dd_accumulate(&sum, digest_class_value(view, i) * scale,
					  digest_class_count(view, i));
	return sum;
}

/* The fewest places that this value can be written with, or NO_PLACES. */
static int
value_places(double value)
{
	double		units;

	for (int places = 0; places <= DECIMAL_MAX_PLACES; places++)
	{
		if (decimal_units(value, places, &units))
			return places;
	}
	return NO_PLACES;
}

/*
 * Find the places that these values need, beside others: the most that any of
 * them needs alone. So they come out the same in any order; where a large value
 * has not so many, next to a small one, it is a multiple of them all the same.
 */
int
digest_extend_places(int places, const ValueImage *images, int n)
{
	double		units;

	for (int i = 0; i < n && places != NO_PLACES; i++)
	{
		double		value = image_value(images[i]);

		if (!decimal_units(value, places, &units))
		{
			int			needed = value_places(value);

			places = needed == NO_PLACES ? NO_PLACES : Max(places, needed);
		}
	}
	return places;
}

/* Find how many decimal places the values have. */
int
digest_places(const DigestView *view)
{
	if (view->is_wide)
		return NO_PLACES;
	if (view->precision < DIGEST_FULL_PRECISION)
		return view->places;
	return digest_extend_places(0, view->images, view->nclasses);
}

/*
 * Round a sum to the places of its values, where that cannot but be the sum of
 * the decimals: each double is off by 2^-53 of its value at most, and all of
 * them together by less than a unit of the last place can be mistaken for.
 * What a truncated digest is off is more, and unknown: its sums look like
 * amounts as well.
 */
double
digest_decimal_sum(const DigestView *view, int places, DoubleDouble sum,
				   double magnitude, double scale)
{
	DoubleDouble units;
	double		whole;

	if (places == NO_PLACES || scale != 1)
		return sum.high / scale;
	units = dd_multiply(sum, dd_from_double(decimal_powers[places]));
	if (!(fabs(units.high) < DECIMAL_UNITS_LIMIT) ||
		(view->precision == DIGEST_FULL_PRECISION &&
		 magnitude * decimal_powers[places] > 0x1p50))
		return sum.high;
	whole = rint(units.high);
	whole += rint(units.high - whole + units.low);
	return whole / decimal_powers[places];
}

/* What the values below zero add up to, scaled; nearly. */
static double
sum_negative(const DigestView *view, double scale)
{
	double		sum = 0;

	for (int i = 0; i < view->nclasses && digest_class_value(view, i) < 0; i++)
		sum += digest_class_value(view, i) * scale *
			digest_class_count(view, i);
	return sum;
}

/* Compute the sum of all values; infinite when it exceeds a double. */
double
digest_compute_sum(const DigestView *view)
{
	double		scale = digest_sum_scale(view);
	DoubleDouble sum = digest_sum_classes(view, 0, scale);

	return digest_decimal_sum(view, digest_places(view), sum,
							  sum.high - 2 * sum_negative(view, scale), scale);
}

/* Refuse a result that no double holds. */
double
digest_check_result(double result)
{
	if (unlikely(!isfinite(result)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range: overflow")));
	return result;
}

/* Compute the mean, which lies between the extremes however it is rounded. */
double
digest_view_mean(const DigestView *view)
{
	double		mean;

	if (isfinite(view->sum))
		mean = view->sum / view->count;
	else
		mean = digest_sum_classes(view, 0, DOWNSCALE).high / view->count / DOWNSCALE;
	return Max(view->min, Min(view->max, mean));
}

/*
 * Compute the standard deviation of a sample (over n - 1); 0 for one row.
 * Deviations are scaled by a power of two to at most 1, so that no square
 * overflows or vanishes.
 */
double
digest_view_stddev(const DigestView *view)
{
	double		half_mean = digest_view_mean(view) / 2;
	double		reach = Max(view->max / 2 - half_mean, half_mean - view->min / 2);
	DoubleDouble squares = {0, 0};
	DoubleDouble deviations = {0, 0};
	int			exponent;
	double		variance;

	if (view->count < 2 || reach <= 0)
		return 0;
	(void) frexp(reach, &exponent);
	for (int i = 0; i < view->nclasses; i++)
	{
		double		deviation = ldexp(digest_class_value(view, i) / 2 - half_mean,
									  -exponent);
		int64		count = digest_class_count(view, i);

		dd_accumulate(&squares, deviation * deviation, count);
		dd_accumulate(&deviations, deviation, count);
	}

	/* The mean was rounded; what that adds to the squares is taken off. */
	variance = (squares.high - deviations.high * deviations.high / view->count) /
		(view->count - 1);
	return ldexp(sqrt(Max(variance, 0)), exponent + 1);
}

/* Walk to the class that holds a row, counted from 0 in ascending order. */
static int
find_row(const DigestView *view, int64 row, int64 *rows_before)
{
	int64		before = 0;

	if (view->count_width == 0)
	{
		*rows_before = row;
		return (int) row;
	}
	for (int i = 0;; i++)
	{
		int64		count = digest_class_count(view, i);

		if (row < before + count)
		{
			*rows_before = before;
			return i;
		}
		before += count;
	}
}

/* Compute a quantile as percentile_cont does, step by step the same. */
double
digest_view_quantile(const DigestView *view, double p)
{
	double		position = p * (view->count - 1);
	int64		row = (int64) floor(position);
	double		fraction = position - row;
	int64		before;
	int			i;
	double		low;
	double		high;
	double		distance;

	/* Also where so many rows are beyond what a double counts exactly. */
	if (row >= view->count - 1)
		return digest_class_value(view, view->nclasses - 1);

	i = find_row(view, row, &before);
	low = digest_class_value(view, i);
	if (fraction == 0 || row + 1 < before + digest_class_count(view, i))
		return low;
	high = digest_class_value(view, i + 1);
	distance = high - low;
	if (isinf(distance))
		return low * (1 - fraction) + high * fraction;
	return low + fraction * distance;
}
