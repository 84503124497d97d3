/*-------------------------------------------------------------------------
 *
 * natural.c
 *		Natural breaks: the classes with the least spread inside them.
 *
 * Fisher's exact method, by dynamic programming: the best partition of the
 * worst i values into k groups is the best one of some s < i into k - 1, and
 * the values from s to i as one more group. The best s never falls as i grows,
 * so the middle i first, then each half with what is left of the range, finds
 * all of them in n log n steps.
 *
 * Values are taken from the worst to the best, so the last group is the best
 * tier. Where partitions are equally good, the best tier is the smaller one,
 * then the next tier, and so on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "fit/natural.h"
#include "number/double_double.h"

/* More breakpoints than this are not considered one by one. */
#define NATURAL_MAX_POINTS	65536

/*
 * Costs nearer than this are equal: decimals such as 0.1 tie on paper, not in
 * their doubles.
 */
#define NATURAL_TIE			1e-9

/* Count, sum and sum of squares of the values before a point. */
typedef struct Prefix
{
	double		count;
	DoubleDouble sum;
	DoubleDouble squares;
} Prefix;

typedef struct NaturalBreaks
{
	int			npoints;		/* points to break at, the first one included */
	int		   *starts;			/* each point's class number */
	Prefix	   *prefixes;		/* npoints + 1, from the worst value on */
} NaturalBreaks;

/*
 * How many low bits of the images to overlook, so that no more than
 * NATURAL_MAX_POINTS differ: as a digest of that capacity would be cut.
 */
static int
overlooked_bits(const DigestView *view)
{
	int			differing[64] = {0};
	int			distinct = 1;
	int			bit;

	if (view->nclasses <= NATURAL_MAX_POINTS)
		return 0;
	for (int i = 1; i < view->nclasses; i++)
	{
		uint64		difference = view->images[i] ^ view->images[i - 1];

		differing[pg_leftmost_one_pos64(difference)]++;
	}
	for (bit = 63; bit > 0; bit--)
	{
		distinct += differing[bit];
		if (distinct > NATURAL_MAX_POINTS)
			return bit + 1;
	}
	return 0;
}

/* Find the class numbers to break at, ascending. */
static void
find_points(NaturalBreaks *breaks, const DigestView *view)
{
	int			shift = overlooked_bits(view);

	breaks->starts = palloc(sizeof(int) * Min(view->nclasses,
											  NATURAL_MAX_POINTS));
	breaks->npoints = 0;
	for (int i = 0; i < view->nclasses; i++)
		if (i == 0 || (view->images[i] ^ view->images[i - 1]) >> shift != 0)
			breaks->starts[breaks->npoints++] = i;
}

/* Some double near the middle of the values: sums around it stay small. */
static double
rough_mean(const DigestView *view, double unit)
{
	double		sum = 0;

	for (int i = 0; i < view->nclasses; i++)
		sum += digest_class_value(view, i) * unit *
			((double) digest_class_count(view, i) / (double) view->count);
	return sum;
}

/* Sum one point's classes. */
static Prefix
sum_point(const NaturalBreaks *breaks, const DigestView *view, double unit,
		  double center, int point)
{
	int			end = point + 1 < breaks->npoints ?
		breaks->starts[point + 1] : view->nclasses;
	Prefix		result = {0};

	for (int i = breaks->starts[point]; i < end; i++)
	{
		int64		count = digest_class_count(view, i);
		DoubleDouble value = dd_two_sum(digest_class_value(view, i) * unit,
										-center);
		DoubleDouble sum = dd_multiply(value, dd_from_count(count));

		result.count += (double) count;
		result.sum = dd_add(result.sum, sum);
		result.squares = dd_add(result.squares, dd_multiply(value, sum));
	}
	return result;
}

/* Fill the prefixes, from the worst value to the best. */
static void
sum_prefixes(NaturalBreaks *breaks, const DigestView *view, double unit,
			 bool lower_is_better)
{
	double		center = rough_mean(view, unit);
	Prefix	   *prefixes = palloc0(sizeof(Prefix) * (breaks->npoints + 1));

	for (int i = 0; i < breaks->npoints; i++)
	{
		int			point = lower_is_better ? breaks->npoints - 1 - i : i;
		Prefix		here = sum_point(breaks, view, unit, center, point);

		CHECK_FOR_INTERRUPTS();
		prefixes[i + 1].count = prefixes[i].count + here.count;
		prefixes[i + 1].sum = dd_add(prefixes[i].sum, here.sum);
		prefixes[i + 1].squares = dd_add(prefixes[i].squares, here.squares);
	}
	breaks->prefixes = prefixes;
}

/* The spread of the points from start to end as one group. */
static inline double
group_cost(const NaturalBreaks *breaks, int start, int end)
{
	const Prefix *a = &breaks->prefixes[start];
	const Prefix *b = &breaks->prefixes[end];
	DoubleDouble sum = dd_subtract(b->sum, a->sum);
	DoubleDouble squares = dd_subtract(b->squares, a->squares);
	DoubleDouble around_zero = dd_divide(dd_multiply(sum, sum),
										 dd_from_double(b->count - a->count));
	double		cost = dd_subtract(squares, around_zero).high;

	return Max(cost, 0);
}

/*
 * Fill costs[first..last], the least cost of ngroups groups over the points
 * before each, from that of one group less. The last group starts between low
 * and high.
 */
static void
fill_costs(const NaturalBreaks *breaks, const double *fewer, double *costs,
		   int first, int last, int low, int high)
{
	int			middle = first + (last - first) / 2;
	int			best = low;

	if (first > last)
		return;
	CHECK_FOR_INTERRUPTS();

	costs[middle] = INFINITY;
	for (int start = low; start <= Min(high, middle - 1); start++)
	{
		double		cost = fewer[start] + group_cost(breaks, start, middle);

		if (cost <= costs[middle])
		{
			costs[middle] = cost;
			best = start;
		}
	}
	fill_costs(breaks, fewer, costs, first, middle - 1, low, best);
	fill_costs(breaks, fewer, costs, middle + 1, last, best, high);
}

/*
 * costs[k][i]: the least cost of k + 1 groups over the first i points, for all
 * but the last number of groups, which is needed for all the points alone.
 */
static double **
fill_all_costs(const NaturalBreaks *breaks, int ngroups)
{
	double	  **costs = palloc(sizeof(double *) * ngroups);
	Size		size = sizeof(double) * (breaks->npoints + 1);

	costs[0] = palloc(size);
	for (int i = 1; i <= breaks->npoints; i++)
		costs[0][i] = group_cost(breaks, 0, i);
	for (int k = 1; k < ngroups - 1; k++)
	{
		costs[k] = palloc(size);
		fill_costs(breaks, costs[k - 1], costs[k], k + 1, breaks->npoints,
				   k, breaks->npoints - 1);
	}
	return costs;
}

/*
 * Where the last of k + 1 groups over the first end points starts: at the last
 * place that costs no more than the best.
 */
static int
last_start(const NaturalBreaks *breaks, const double *fewer, int k, int end)
{
	double		least = INFINITY;
	int			start;

	for (start = k; start < end; start++)
		least = Min(least, fewer[start] + group_cost(breaks, start, end));
	for (start = end - 1; start > k; start--)
		if (fewer[start] + group_cost(breaks, start, end) <=
			least * (1 + NATURAL_TIE))
			break;
	return start;
}

/* Turn a number of points, counted from the worst, into a class number. */
static int
cut_at_point(const NaturalBreaks *breaks, const DigestView *view, int point,
			 bool lower_is_better)
{
	if (lower_is_better)
		point = breaks->npoints - point;
	return point < breaks->npoints ? breaks->starts[point] : view->nclasses;
}

void
natural_cuts(const DigestView *view, double unit, int ntiers,
			 bool lower_is_better, int *cuts)
{
	NaturalBreaks breaks;
	double	  **costs;
	int			end;

	find_points(&breaks, view);
	end = breaks.npoints;

	/* too few values: one for each tier from the best on, then empty tiers */
	if (breaks.npoints <= ntiers + 1)
	{
		for (int i = 0; i < ntiers; i++)
			cuts[i] = cut_at_point(&breaks, view, Max(end - 1 - i, 0),
								   lower_is_better);
		return;
	}

	sum_prefixes(&breaks, view, unit, lower_is_better);
	costs = fill_all_costs(&breaks, ntiers + 1);
	for (int i = 0; i < ntiers; i++)
	{
		end = last_start(&breaks, costs[ntiers - 1 - i], ntiers - i, end);
		cuts[i] = cut_at_point(&breaks, view, end, lower_is_better);
	}
}
