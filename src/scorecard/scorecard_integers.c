/*-------------------------------------------------------------------------
 *
 * scorecard_integers.c
 *		Score values in integers, where cards and values are short decimals.
 *
 * Weights are integers in a unit common to the card, points in units of
 * 10^-16, edges of a linear scale in a unit common to the scale. The results
 * are those of scorecard_score.c, digit by digit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "number/numeric_decode.h"
#include "number/numeric_ops.h"
#include "scorecard/scorecard_integers.h"

#ifdef HAVE_INT128

/* Weights with more decimals than this, and edges, are no integers here. */
#define MAX_WEIGHT_DECIMALS	12
#define MAX_EDGE_DECIMALS	15

/* Edges and doubles, without their point, go up to here. */
#define MAX_MANTISSA		1e15

/* The digits that SQL's cast from double precision to numeric keeps. */
#define DOUBLE_DIGITS		15

/* Powers of ten are exact doubles up to here. */
#define MAX_EXACT_POWER		22

/* Values with more decimals are scored in numerics: edges have no room. */
#define MAX_VALUE_DECIMALS	22

/* Ten to this is as much as fits 64 bits. */
#define MAX_INT64_POWER		18

/* The products in points_between stay within 128 bits up to here. */
#define MAX_RUN_BITS		95
#define HALF_POINT_UNIT		INT64CONST(1000000000)

/* What became of a value's points in integers. */
typedef enum PointsResult
{
	POINTS_FOUND,
	POINTS_MISSING,				/* no value, and nothing said for that */
	POINTS_NOT_INTEGER			/* to be scored in numerics */
} PointsResult;

static const double exact_powers[MAX_EXACT_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/* Ten to a power of up to twice MAX_INT64_POWER. */
static inline int128
int128_power_of_ten(int power)
{
	int128		result = 1;

	if (power > MAX_INT64_POWER)
	{
		result = (int64) exact_powers[MAX_INT64_POWER];
		power -= MAX_INT64_POWER;
	}
	return result * (int64) exact_powers[power];
}

/* How many decimals a number needs. */
static int
count_decimals(Numeric number)
{
	char	   *point = strchr(numeric_normalize(number), '.');

	return point == NULL ? 0 : strlen(point + 1);
}

/* A number in units of 10^-decimals; false unless it is whole and short. */
static bool
to_integer(Numeric number, int decimals, int64 *result)
{
	Numeric		scaled;
	Numeric		limit = int64_to_numeric(INT64CONST(1000000000000000000));

	if (count_decimals(number) > decimals)
		return false;
	scaled = num_multiply(number, power_of_ten(decimals));
	if (num_compare(scaled, limit) > 0 ||
		num_compare(num_negate(scaled), limit) > 0)
		return false;
	*result = num_to_int64(scaled);
	return true;
}

/* Make the integers of a linear scale; false if they do not fit. */
static bool
make_linear_integers(const Indicator *indicator, ScoreIndicator *ready)
{
	int			n = indicator->nlinear;
	int			i;

	ready->edge_decimals = 0;
	for (i = 0; i < n; i++)
	{
		int			decimals = count_decimals(ready->linear[i].edge.number);

		ready->edge_decimals = Max(ready->edge_decimals, decimals);
	}
	if (ready->edge_decimals > MAX_EDGE_DECIMALS)
		return false;
	ready->points = palloc(sizeof(int64) * n);
	ready->edges = palloc(sizeof(int64) * n);
	for (i = 0; i < n; i++)
		if (!to_integer(ready->linear[i].points, SCORE_DECIMALS,
						&ready->points[i]) ||
			!to_integer(ready->linear[i].edge.number, ready->edge_decimals,
						&ready->edges[i]) ||
			fabs((double) ready->edges[i]) > MAX_MANTISSA)
			return false;
	return true;
}

/* Make the integers of a ladder; false if they do not fit. */
static bool
make_ladder_integers(const Indicator *indicator, ScoreIndicator *ready)
{
	int			i;

	ready->points = palloc(sizeof(int64) * indicator->ladder->ntiers);
	for (i = 0; i < indicator->ladder->ntiers; i++)
		if (!to_integer(indicator->ladder_points[i], SCORE_DECIMALS,
						&ready->points[i]))
			return false;
	return true;
}

/*
 * The least weight, in units of 10^-decimals, that lets a card give a score:
 * what it requires, rounded up.
 */
static int64
find_least_weight(const ScorePlan *plan, int decimals)
{
	Numeric		least;
	Numeric		unit = power_of_ten(decimals - 2);

	if (plan->card->require == NULL)
		return 1;
	least = num_multiply(plan->total_weight, plan->card->require);
	least = num_ceil(num_multiply(least, unit));
	return Max(num_to_int64(least), 1);
}

/* Make all the integers of a card; false if they do not fit. */
bool
score_make_integers(ScorePlan *plan)
{
	const Scorecard *card = plan->card;
	int			decimals = 0;
	int			i;

	for (i = 0; i < card->nindicators; i++)
		decimals = Max(decimals, count_decimals(card->indicators[i].weight));
	if (decimals > MAX_WEIGHT_DECIMALS)
		return false;
	for (i = 0; i < card->nindicators; i++)
	{
		const Indicator *indicator = &card->indicators[i];
		ScoreIndicator *ready = &plan->indicators[i];

		if (!to_integer(indicator->weight, decimals, &ready->weight) ||
			(indicator->missing != NULL &&
			 !to_integer(indicator->missing, SCORE_DECIMALS,
						 &ready->missing)) ||
			!(indicator->ladder != NULL ?
			  make_ladder_integers(indicator, ready) :
			  make_linear_integers(indicator, ready)))
			return false;
	}
	plan->least_weight = find_least_weight(plan, decimals);
	return true;
}

/*
 * Round a double to a decimal of 15 digits, mantissa * 10^-decimals, as SQL's
 * cast to numeric does. False for those too large, or too near to zero.
 */
static bool
double_to_decimal(double number, int64 *mantissa, int *decimals)
{
	double		magnitude = fabs(number);
	double		product;
	double		rest;
	double		whole;
	int			exponent;

	*mantissa = 0;
	*decimals = 0;
	if (magnitude == 0)
		return true;
	if (!(magnitude < MAX_MANTISSA && magnitude >= 1e-7))
		return false;

	/* put 15 digits before the point; the estimate is at most one off */
	(void) frexp(magnitude, &exponent);
	*decimals = DOUBLE_DIGITS - 1 - (int) floor(exponent * 0.30103);
	*decimals = Min(Max(*decimals, 0), MAX_EXACT_POWER);
	while (*decimals > 0 &&
		   magnitude * exact_powers[*decimals] >= MAX_MANTISSA)
		(*decimals)--;
	while (*decimals < MAX_EXACT_POWER &&
		   magnitude * exact_powers[*decimals + 1] < MAX_MANTISSA)
		(*decimals)++;

	/* the product is exactly product + rest: round halves to even by both */
	product = magnitude * exact_powers[*decimals];
	rest = fma(magnitude, exact_powers[*decimals], -product);
	whole = floor(product);
	if (product - whole > 0.5 ||
		(product - whole == 0.5 &&
		 (rest > 0 || (rest == 0 && fmod(whole, 2) != 0))))
		whole++;
	*mantissa = (int64) (number < 0 ? -whole : whole);
	return true;
}

/* The value as a decimal, mantissa * 10^-decimals; false if it is too long. */
static bool
value_to_decimal(const Measured *value, int64 *mantissa, int *decimals)
{
	int			display_scale;

	if (value->kind == MEASURED_DOUBLE)
		return double_to_decimal(value->number, mantissa, decimals);
	if (!numeric_decode_scaled(value->numeric, mantissa, decimals,
							   &display_scale))
		return false;
	*decimals *= 4;
	return *decimals <= MAX_VALUE_DECIMALS;
}

/*
 * The points between two edges, low at way 0 and high at way run, where they
 * rise: low + (high - low) * way / run, halves up. The rise is multiplied in
 * two halves, so that no product exceeds 128 bits.
 */
static inline int64
points_between(int64 low, int64 high, int128 way, int128 run)
{
	int64		rise = high - low;
	int128		product = way * (rise / HALF_POINT_UNIT);
	int64		quotient = (int64) (product / run);

	product = (product % run) * HALF_POINT_UNIT +
		way * (rise % HALF_POINT_UNIT);
	quotient = quotient * HALF_POINT_UNIT + (int64) (product / run);
	if (product % run * 2 >= run)
		quotient++;
	return low + quotient;
}

/*
 * The points at a place on a linear scale; false if they are not found in
 * integers. The number is mantissa * 10^-decimals.
 */
static bool
linear_points(const ScoreIndicator *ready, int n, int64 mantissa, int decimals,
			  int64 *points)
{
	int			common = Max(decimals, ready->edge_decimals);
	int128		unit = int128_power_of_ten(common - ready->edge_decimals);
	int128		number = mantissa * int128_power_of_ten(common - decimals);
	int64		found = -1;
	int128		run;
	int128		way;
	int			i;

	for (i = 0; i < n; i++)
	{
		int128		edge = ready->edges[i] * unit;

		if (number == edge)
			found = Max(found, ready->points[i]);
		if (number < edge)
			break;
	}
	if (found >= 0 || i == 0 || i == n)
	{
		*points = found >= 0 ? found : ready->points[i == 0 ? 0 : n - 1];
		return true;
	}

	run = (ready->edges[i] - ready->edges[i - 1]) * unit;
	way = number - ready->edges[i - 1] * unit;
	if (run >> MAX_RUN_BITS != 0)
		return false;
	if (ready->points[i] >= ready->points[i - 1])
		*points = points_between(ready->points[i - 1], ready->points[i],
								 way, run);
	else
		*points = points_between(ready->points[i], ready->points[i - 1],
								 run - way, run);
	return true;
}

/* The points of a value on a linear scale. */
static inline PointsResult
linear_value_points(const ScorePlan *plan, int i, int64 *points)
{
	int64		mantissa;
	int			decimals;

	if (value_to_decimal(&plan->values[i], &mantissa, &decimals) &&
		linear_points(&plan->indicators[i], plan->card->indicators[i].nlinear,
					  mantissa, decimals, points))
		return POINTS_FOUND;
	return measured_is_missing(&plan->values[i]) ? POINTS_MISSING : POINTS_NOT_INTEGER;
}

/* The points of an indicator, in integers. */
static inline PointsResult
integer_points(const ScorePlan *plan, int i, int64 *points)
{
	const Indicator *indicator = &plan->card->indicators[i];
	const ScoreIndicator *ready = &plan->indicators[i];
	const Measured *value = &plan->values[i];
	PointsResult result;

	if (value->kind == MEASURED_NOTHING)
		result = POINTS_MISSING;
	else if (indicator->ladder == NULL)
		result = linear_value_points(plan, i, points);
	else
	{
		int			tier = grade_measured(indicator->ladder, value);

		/* in no tier is NaN too, which is rare enough to look at twice */
		if (tier == NO_TIER && measured_is_missing(value))
			result = POINTS_MISSING;
		else
		{
			*points = tier == NO_TIER ? 0 : ready->points[tier];
			result = POINTS_FOUND;
		}
	}

	if (result == POINTS_MISSING && indicator->missing != NULL)
	{
		*points = ready->missing;
		return POINTS_FOUND;
	}
	return result;
}

/* A score in units of 10^-SCORE_DECIMALS as a numeric, zeros trimmed. */
static Numeric
make_score(int64 score)
{
	int			decimals = SCORE_DECIMALS;
	int			step;

	/* all zeros at once for a whole number, else 8, 4, 2 and 1 */
	for (step = SCORE_DECIMALS; step > 0; step /= 2)
	{
		int64		unit = (int64) exact_powers[step];

		if (decimals >= step && score % unit == 0)
		{
			score /= unit;
			decimals -= step;
		}
	}
	return decimals == 0 ? int64_to_numeric(score) :
		int64_div_fast_to_numeric(score, decimals);
}

/* The score in integers, or NULL; false if it is to be found in numerics. */
bool
score_in_integers(const ScorePlan *plan, Numeric *score)
{
	int128		sum = 0;
	int64		weight = 0;
	int			i;

	for (i = 0; i < plan->card->nindicators; i++)
	{
		int64		points = 0;

		switch (integer_points(plan, i, &points))
		{
			case POINTS_FOUND:
				sum += (int128) points * plan->indicators[i].weight;
				weight += plan->indicators[i].weight;
				break;
			case POINTS_MISSING:
				break;
			case POINTS_NOT_INTEGER:
				return false;
		}
	}
	*score = NULL;
	if (weight >= plan->least_weight)
		*score = make_score((int64) ((2 * sum + weight) /
									 (2 * (int128) weight)));
	return true;
}

#endif							/* HAVE_INT128 */
