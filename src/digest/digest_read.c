/*-------------------------------------------------------------------------
 *
 * digest_read.c
 *		The SQL functions that read a value_digest.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "base/rows.h"
#include "digest/digest_flat.h"

/* Rows that digest_pareto and digest_histogram return at most: none is seen on a plot. */
#define MAX_ROWS	1000000

PG_FUNCTION_INFO_V1(digest_count);
PG_FUNCTION_INFO_V1(digest_distinct);
PG_FUNCTION_INFO_V1(digest_capacity);
PG_FUNCTION_INFO_V1(digest_precision);
PG_FUNCTION_INFO_V1(digest_sum);
PG_FUNCTION_INFO_V1(digest_mean);
PG_FUNCTION_INFO_V1(digest_stddev);
PG_FUNCTION_INFO_V1(digest_min);
PG_FUNCTION_INFO_V1(digest_max);
PG_FUNCTION_INFO_V1(digest_quantile);
PG_FUNCTION_INFO_V1(digest_quantile_array);
PG_FUNCTION_INFO_V1(digest_rank);
PG_FUNCTION_INFO_V1(digest_top_share);
PG_FUNCTION_INFO_V1(digest_concentration);
PG_FUNCTION_INFO_V1(digest_cumulative_share);
PG_FUNCTION_INFO_V1(digest_gini);
PG_FUNCTION_INFO_V1(digest_pareto);
PG_FUNCTION_INFO_V1(digest_histogram);

/* Open the header of the digest that is argument 0. */
static void
open_header_arg(FunctionCallInfo fcinfo, DigestView *view)
{
	digest_open_header(PG_GETARG_DATUM(0), view);
}

/* Tell the number of values. */
Datum
digest_count(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_INT64(view.count);
}

/* Tell the number of distinct values, or of classes when truncated. */
Datum
digest_distinct(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_INT32(view.nclasses);
}

/* Tell the capacity. */
Datum
digest_capacity(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_INT32(view.capacity);
}

/* Tell the precision: how many bits of the mantissa are kept. */
Datum
digest_precision(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_INT32(view.precision);
}

/* Tell the sum. */
Datum
digest_sum(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_FLOAT8(digest_check_result(view.sum));
}

/* Tell the mean: from the header alone, but for sums beyond a double. */
Datum
digest_mean(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	if (!isfinite(view.sum))
		digest_open_arg(fcinfo, 0, &view);
	PG_RETURN_FLOAT8(digest_view_mean(&view));
}

/* Tell the standard deviation of a sample; of one row there is none. */
Datum
digest_stddev(PG_FUNCTION_ARGS)
{
	DigestView	view;

	digest_open_arg(fcinfo, 0, &view);
	if (view.count < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(digest_check_result(digest_view_stddev(&view)));
}

/* Tell the smallest value. */
Datum
digest_min(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_FLOAT8(view.min);
}

/* Tell the largest value. */
Datum
digest_max(PG_FUNCTION_ARGS)
{
	DigestView	view;

	open_header_arg(fcinfo, &view);
	PG_RETURN_FLOAT8(view.max);
}

/* Check a part of the rows given by a user. */
static double
check_part(double part, const char *what)
{
	/* Not (part < 0 || part > 1): NaN is to be refused too. */
	if (!(part >= 0 && part <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is not between 0 and 1", what, part)));
	return part;
}

/* Tell a quantile. */
Datum
digest_quantile(PG_FUNCTION_ARGS)
{
	double		p = check_part(PG_GETARG_FLOAT8(1), "fraction");
	DigestView	view;

	digest_open_arg(fcinfo, 0, &view);
	PG_RETURN_FLOAT8(digest_view_quantile(&view, p));
}

/* Tell several quantiles, in an array of the same shape. */
Datum
digest_quantile_array(PG_FUNCTION_ARGS)
{
	ArrayType  *shares = PG_GETARG_ARRAYTYPE_P(1);
	DigestView	view;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	digest_open_arg(fcinfo, 0, &view);
	deconstruct_array(shares, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &elements, &nulls, &n);
	if (n == 0)
		PG_RETURN_POINTER(construct_empty_array(FLOAT8OID));
	for (int i = 0; i < n; i++)
	{
		double		p;

		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		p = check_part(DatumGetFloat8(elements[i]), "fraction");
		elements[i] = Float8GetDatum(digest_view_quantile(&view, p));
	}
	PG_RETURN_POINTER(construct_md_array(elements, nulls, ARR_NDIM(shares),
										 ARR_DIMS(shares), ARR_LBOUND(shares),
										 FLOAT8OID, sizeof(float8),
										 FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Find the first class of which all values reach x, or share x's class. */
static int
find_value(const DigestView *view, double x)
{
	ValueImage	image = value_image(x) & precision_mask(view->precision);
	int			low = 0;
	int			high = view->nclasses;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (view->images[middle] < image)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Refuse NaN, which has no place among values. */
static double
check_comparable(double x)
{
	if (isnan(x))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("NaN cannot be ranked")));
	return x;
}

/* Tell the rank of x: how many values are strictly greater, plus one. */
Datum
digest_rank(PG_FUNCTION_ARGS)
{
	double		x = check_comparable(PG_GETARG_FLOAT8(1));
	DigestView	view;
	ValueImage	image;
	int64		rank = 1;

	digest_open_arg(fcinfo, 0, &view);
	image = value_image(x) & precision_mask(view.precision);
	for (int i = view.nclasses - 1; i >= 0 && view.images[i] > image; i--)
		rank += digest_class_count(&view, i);
	PG_RETURN_INT64(rank);
}

/* Add up the positive values from class first on, scaled. */
static double
sum_positive(const DigestView *view, int first)
{
	/* All that is above zero's class. */
	int			zero = find_value(view, 0);

	while (zero < view->nclasses && digest_class_value(view, zero) <= 0)
		zero++;
	return digest_sum_classes(view, Max(first, zero), digest_sum_scale(view)).high;
}

/* Tell the share of value brought by the values from x on. */
Datum
digest_cumulative_share(PG_FUNCTION_ARGS)
{
	double		x = check_comparable(PG_GETARG_FLOAT8(1));
	DigestView	view;
	double		all;

	digest_open_arg(fcinfo, 0, &view);
	all = sum_positive(&view, 0);
	if (all == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sum_positive(&view, find_value(&view, x)) / all);
}

/*
 * A walk down the Lorenz curve, from the greatest value: how much of the
 * value do so many customers bring? Of a class that is entered in part, the
 * like part of its value.
 */
typedef struct ParetoWalk
{
	const DigestView *view;
	double		scale;
	double		all;			/* the sum of the positive values, scaled */
	int			i;				/* the class being entered */
	double		rows_above;		/* of the classes above it: their rows */
	DoubleDouble value_above;	/* and their value */
} ParetoWalk;

/* Begin at the top. */
static void
begin_walk(ParetoWalk *walk, const DigestView *view)
{
	walk->view = view;
	walk->scale = digest_sum_scale(view);
	walk->all = sum_positive(view, 0);
	walk->i = view->nclasses - 1;
	walk->rows_above = 0;
	walk->value_above.high = walk->value_above.low = 0;
}

/* Walk down to so many rows, not fewer than before; tell their value's share. */
static double
walk_to(ParetoWalk *walk, double rows)
{
	const DigestView *view = walk->view;
	double		value;
	DoubleDouble sum;

	for (; walk->i > 0; walk->i--)
	{
		int64		count = digest_class_count(view, walk->i);

		if (walk->rows_above + count >= rows)
			break;
		value = digest_class_value(view, walk->i);
		dd_accumulate(&walk->value_above, Max(value, 0) * walk->scale, count);
		walk->rows_above += count;
	}

	sum = walk->value_above;
	value = digest_class_value(view, walk->i);
	dd_accumulate_product(&sum, Max(value, 0) * walk->scale,
						  rows - walk->rows_above);
	return Min(sum.high / walk->all, 1);
}

/* Tell the share of value that the top rows bring. */
static Datum
top_rows_share(FunctionCallInfo fcinfo, const DigestView *view, double rows)
{
	ParetoWalk	walk;

	begin_walk(&walk, view);
	if (walk.all == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(walk_to(&walk, rows));
}

/* Tell the share of value that a top share of the customers brings. */
Datum
digest_top_share(PG_FUNCTION_ARGS)
{
	double		share = check_part(PG_GETARG_FLOAT8(1), "share");
	DigestView	view;

	digest_open_arg(fcinfo, 0, &view);
	return top_rows_share(fcinfo, &view, share * view.count);
}

/* Tell the share of value that the top n customers bring. */
Datum
digest_concentration(PG_FUNCTION_ARGS)
{
	int64		n = PG_GETARG_INT64(1);
	DigestView	view;

	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of customers must not be negative")));
	digest_open_arg(fcinfo, 0, &view);
	return top_rows_share(fcinfo, &view, (double) Min(n, view.count));
}

/*
 * Tell the Gini coefficient: twice the area between the Lorenz curve and the
 * diagonal. Each class is a straight piece of the curve; walking up from the
 * smallest value, a class of c rows with r rows below it and value v each
 * contributes c * v * (2r + c) to n * total * (1 + gini).
 */
Datum
digest_gini(PG_FUNCTION_ARGS)
{
	DigestView	view;
	double		scale;
	double		all;
	double		below = 0;
	DoubleDouble area = {0, 0};

	digest_open_arg(fcinfo, 0, &view);
	scale = digest_sum_scale(&view);
	all = sum_positive(&view, 0);
	if (all == 0)
		PG_RETURN_NULL();
	for (int i = 0; i < view.nclasses; i++)
	{
		double		value = digest_class_value(&view, i);
		double		count = digest_class_count(&view, i);

		/* As a share of all rows, so that nothing grows too large. */
		if (value > 0)
			dd_accumulate_product(&area, value * scale * count / all,
								  (2 * below + count - view.count) / view.count);
		below += count;
	}
	PG_RETURN_FLOAT8(Max(area.high, 0));
}

/* Check a number of rows asked for. */
static int
check_number(int number, const char *what)
{
	if (number < 1 || number > MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of %s must be from 1 to %d, not %d",
						what, MAX_ROWS, number)));
	return number;
}

/*
 * The shares of value that the top 1/points, 2/points, ... of the customers
 * bring, in the current context; all 0 if nothing has value.
 */
double *
digest_pareto_shares(const DigestView *view, int points)
{
	double	   *shares = palloc0(sizeof(double) * points);
	ParetoWalk	walk;

	begin_walk(&walk, view);
	for (int i = 0; i < points && walk.all > 0; i++)
		shares[i] = walk_to(&walk, (double) (i + 1) * view->count / points);
	return shares;
}

/* Return points of the Pareto curve: (customers, value, bound). */
Datum
digest_pareto(PG_FUNCTION_ARGS)
{
	int			points = check_number(PG_GETARG_INT32(1), "points");
	DigestView	view;
	ParetoWalk	walk;

	rows_begin(fcinfo);
	digest_open_arg(fcinfo, 0, &view);
	begin_walk(&walk, &view);
	for (int point = 1; point <= points; point++)
	{
		/* Whole numbers of rows are hit exactly. */
		double		rows = (double) point * view.count / points;
		double		value = walk_to(&walk, rows);
		Datum		values[3];
		bool		nulls[3] = {false, walk.all == 0, false};

		values[0] = Float8GetDatum((double) point / points);
		values[1] = Float8GetDatum(value);
		values[2] = Float8GetDatum(digest_class_value(&view, walk.i));
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/* Find the lower bound of a bucket, exact at both ends. */
static double
bucket_bound(const DigestView *view, int bucket, int buckets)
{
	double		fraction = (double) bucket / buckets;
	double		bound = view->min * (1 - fraction) + view->max * fraction;

	if (bucket == 0)
		return view->min;
	if (bucket == buckets)
		return view->max;
	return Max(view->min, Min(view->max, bound));
}

/*
 * Return the histogram: (bucket, lower, upper, count, value), buckets of
 * equal width from the minimum to the maximum. A bucket holds its lower
 * bound, and the last its upper bound too.
 */
Datum
digest_histogram(PG_FUNCTION_ARGS)
{
	int			buckets = check_number(PG_GETARG_INT32(1), "buckets");
	DigestView	view;
	double		scale;
	int			places;
	int			i = 0;

	rows_begin(fcinfo);
	digest_open_arg(fcinfo, 0, &view);
	scale = digest_sum_scale(&view);
	places = digest_places(&view);
	if (view.min == view.max)
		buckets = 1;
	for (int bucket = 0; bucket < buckets; bucket++)
	{
		double		upper = bucket_bound(&view, bucket + 1, buckets);
		DoubleDouble sum = {0, 0};
		double		magnitude = 0;
		double		value;
		int64		count = 0;
		Datum		values[5];
		bool		nulls[5] = {false};

		for (; i < view.nclasses; i++)
		{
			value = digest_class_value(&view, i);
			if (bucket < buckets - 1 && value >= upper)
				break;
			count += digest_class_count(&view, i);
			dd_accumulate(&sum, value * scale, digest_class_count(&view, i));
			magnitude += fabs(value * scale) * digest_class_count(&view, i);
		}
		values[0] = Int32GetDatum(bucket + 1);
		values[1] = Float8GetDatum(bucket_bound(&view, bucket, buckets));
		values[2] = Float8GetDatum(upper);
		values[3] = Int64GetDatum(count);
		value = digest_decimal_sum(&view, places, sum, magnitude, scale);
		values[4] = Float8GetDatum(digest_check_result(value));
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
