/*-------------------------------------------------------------------------
 *
 * scorecard_score.c
 *		Score values by a scorecard.
 *
 * The score is the mean of the points, weighted, over the indicators that take
 * part. Points and the score are rounded to 16 decimals, halves away from
 * zero; all else is exact.
 *
 * There are two ways to it, with the same result. Nearly all cards and values
 * are short decimals: they are scored in integers. What does not fit is scored
 * in numerics, ten times slower.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "grade.h"
#include "numeric_decode.h"
#include "numeric_ops.h"
#include "scorecard_score.h"

/* 10^SCORE_DECIMALS: what a point is worth in integers. */
#define SCORE_UNIT			INT64CONST(10000000000000000)

/* Weights with more decimals than this, and edges, are no integers here. */
#define MAX_WEIGHT_DECIMALS	12
#define MAX_EDGE_DECIMALS	15

/* Doubles hold integers up to here, and all decimals of as many digits. */
#define MAX_SHORT			1e15

/* How many decimals more than the edges' a value may have. */
#define MORE_DECIMALS		6

static const double powers_of_ten[] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15
};

/* What became of a value's points in integers. */
typedef enum PointsResult
{
	POINTS_FOUND,
	POINTS_MISSING,				/* no value, and nothing said for that */
	POINTS_NOT_INTEGER			/* to be scored in numerics */
} PointsResult;

/* dividend / divisor, neither negative, rounded to SCORE_DECIMALS. */
Numeric
score_divide(Numeric dividend, Numeric divisor)
{
	Numeric		two = int64_to_numeric(2);
	Numeric		twice;
	Datum		quotient;

	/* floor((2 n + d) / 2 d) rounds halves up, n in units of the result */
	twice = num_multiply(num_multiply(dividend, two), int64_to_numeric(SCORE_UNIT));
	quotient = DirectFunctionCall2(numeric_div_trunc,
								   NumericGetDatum(num_add(twice, divisor)),
								   NumericGetDatum(num_multiply(divisor, two)));
	quotient = NumericGetDatum(num_multiply(DatumGetNumeric(quotient),
											num_from_text("1e-16")));
	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale, quotient));
}

/* The points of a linear scale from its lowest edge to its highest. */
static const LinearPoint *
ascending_points(const Indicator *indicator)
{
	int			n = indicator->nlinear;
	LinearPoint *points;
	int			i;

	if (num_compare(indicator->linear[0].edge.number,
					indicator->linear[n - 1].edge.number) <= 0)
		return indicator->linear;
	points = palloc(sizeof(LinearPoint) * n);
	for (i = 0; i < n; i++)
		points[i] = indicator->linear[n - 1 - i];
	return points;
}

#ifdef HAVE_INT128

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
	char	   *unit = psprintf("1e%d", decimals);
	Numeric		scaled;
	Numeric		limit = int64_to_numeric(INT64CONST(1000000000000000000));

	if (count_decimals(number) > decimals)
		return false;
	scaled = num_multiply(number, num_from_text(unit));
	if (num_compare(scaled, limit) > 0 || num_compare(num_negate(scaled), limit) > 0)
		return false;
	*result = DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(scaled)));
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
		ready->edge_decimals = Max(ready->edge_decimals,
								   count_decimals(ready->linear[i].edge.number));
	if (ready->edge_decimals > MAX_EDGE_DECIMALS)
		return false;
	ready->points = palloc(sizeof(int64) * n);
	ready->edges = palloc(sizeof(int64) * n);
	for (i = 0; i < n; i++)
		if (!to_integer(ready->linear[i].points, SCORE_DECIMALS, &ready->points[i]) ||
			!to_integer(ready->linear[i].edge.number, ready->edge_decimals, &ready->edges[i]) ||
			fabs((double) ready->edges[i]) > MAX_SHORT)
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
		if (!to_integer(indicator->ladder_points[i], SCORE_DECIMALS, &ready->points[i]))
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
	Numeric		unit = num_from_text(psprintf("1e%d", decimals - 2));

	if (plan->card->require == NULL)
		return 1;
	least = num_multiply(num_multiply(plan->total_weight, plan->card->require), unit);
	least = DatumGetNumeric(DirectFunctionCall1(numeric_ceil, NumericGetDatum(least)));
	return Max(DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(least))), 1);
}

/* Make all the integers of a card; false if they do not fit. */
static bool
make_integers(ScorePlan *plan)
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
			 !to_integer(indicator->missing, SCORE_DECIMALS, &ready->missing)) ||
			!(indicator->ladder != NULL ? make_ladder_integers(indicator, ready) :
			  make_linear_integers(indicator, ready)))
			return false;
	}
	plan->least_weight = find_least_weight(plan, decimals);
	return true;
}

#endif							/* HAVE_INT128 */

/* Parse a card and make it ready: a ParseFunction. */
void *
score_plan(const char *str, int len, struct Node *escontext)
{
	ScorePlan  *plan = palloc0(sizeof(ScorePlan));
	Scorecard  *card = scorecard_parse(str, len, escontext);
	int			i;

	if (card == NULL)
		return NULL;
	plan->card = card;
	plan->is_fitted = true;
	plan->indicators = palloc0(sizeof(ScoreIndicator) * card->nindicators);
	plan->values = palloc0(sizeof(CardValue) * card->nindicators);
	plan->total_weight = int64_to_numeric(0);
	for (i = 0; i < card->nindicators; i++)
	{
		const Indicator *indicator = &card->indicators[i];

		plan->total_weight = num_add(plan->total_weight, indicator->weight);
		if (!indicator_is_fitted(indicator))
			plan->is_fitted = false;
		else if (indicator->ladder == NULL)
			plan->indicators[i].linear = ascending_points(indicator);
	}
#ifdef HAVE_INT128
	plan->has_integers = plan->is_fitted && make_integers(plan);
#endif
	return plan;
}

/* The first bound or edge of an indicator that is relative to data. */
static char *
relative_bound(const Indicator *indicator)
{
	int			i;

	if (indicator->ladder == NULL)
	{
		for (i = 0; i < indicator->nlinear; i++)
			if (indicator->linear[i].edge.kind != BOUND_NUMBER)
				return scorecard_print_edge(&indicator->linear[i].edge);
	}
	else
	{
		for (i = 0; i < indicator->ladder->ntiers; i++)
			if (indicator->ladder->tiers[i].kind != BOUND_NUMBER &&
				indicator->ladder->tiers[i].kind != BOUND_REST)
				return scheme_print_bound(&indicator->ladder->tiers[i]);
	}
	return "";
}

/* Throw unless all edges are known. */
void
score_check_fitted(const ScorePlan *plan)
{
	int			i;

	if (plan->is_fitted)
		return;
	for (i = 0; i < plan->card->nindicators; i++)
	{
		const Indicator *indicator = &plan->card->indicators[i];

		if (!indicator_is_fitted(indicator))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scorecard is not fitted"),
					 errdetail("Indicator \"%s\" has \"%s\", which is relative to data.",
							   indicator->name, relative_bound(indicator)),
					 errhint("scorecard_fit(card, digest, ...) turns such bounds into numbers.")));
	}
}

/* Is this value none? */
static bool
is_missing(const CardValue *value)
{
	double		number;

	switch (value->kind)
	{
		case VALUE_DOUBLE:
			return isnan(value->number);
		case VALUE_NUMERIC:
			return numeric_decode(value->numeric, &number) == DECODE_NAN;
		default:
			return true;
	}
}

/* The tier that a value reaches, or -1. */
static int
find_tier(const Scheme *ladder, const CardValue *value)
{
	if (value->kind == VALUE_DOUBLE)
		return grade_double(ladder, value->number);
	return grade_numeric(ladder, value->numeric);
}

/*
 * The points at a place on a linear scale, in numerics. Beyond the ends they
 * are those of the ends, at a jump the greater.
 */
static Numeric
linear_points(const LinearPoint *linear, int n, Numeric value)
{
	Numeric		found = NULL;
	Numeric		run;
	Numeric		rise;
	int			i;

	for (i = 0; i < n; i++)
	{
		int			cmp = num_compare(value, linear[i].edge.number);

		if (cmp == 0 && (found == NULL || num_compare(linear[i].points, found) > 0))
			found = linear[i].points;
		if (cmp < 0)
			break;
	}
	if (found != NULL)
		return found;
	if (i == 0 || i == n)
		return linear[i == 0 ? 0 : n - 1].points;

	run = num_subtract(linear[i].edge.number, linear[i - 1].edge.number);
	rise = num_subtract(linear[i].points, linear[i - 1].points);
	rise = num_multiply(num_subtract(value, linear[i - 1].edge.number), rise);
	return score_divide(num_add(num_multiply(linear[i - 1].points, run), rise), run);
}

/* A value as a numeric: a double as SQL casts it. */
static Numeric
value_numeric(const CardValue *value)
{
	if (value->kind == VALUE_DOUBLE)
		return DatumGetNumeric(DirectFunctionCall1(float8_numeric,
												   Float8GetDatum(value->number)));
	return DatumGetNumeric(PointerGetDatum(value->numeric));
}

/* Is an indicator's value missing? */
bool
score_is_missing(const ScorePlan *plan, int i)
{
	return is_missing(&plan->values[i]);
}

/* The tier that an indicator's value reaches on its ladder, or -1. */
int
score_tier(const ScorePlan *plan, int i)
{
	return find_tier(plan->card->indicators[i].ladder, &plan->values[i]);
}

/* One indicator's points; NULL for a missing value that is left out. */
Numeric
score_points(const ScorePlan *plan, int i)
{
	const Indicator *indicator = &plan->card->indicators[i];
	const CardValue *value = &plan->values[i];
	int			tier;

	if (is_missing(value))
		return indicator->missing;
	if (indicator->ladder == NULL)
		return linear_points(plan->indicators[i].linear, indicator->nlinear,
							 value_numeric(value));
	tier = find_tier(indicator->ladder, value);
	return tier < 0 ? int64_to_numeric(0) : indicator->ladder_points[tier];
}

/* The weight of the indicators that take part. */
Numeric
score_weight(const ScorePlan *plan)
{
	Numeric		weight = int64_to_numeric(0);
	int			i;

	for (i = 0; i < plan->card->nindicators; i++)
		if (plan->card->indicators[i].missing != NULL || !is_missing(&plan->values[i]))
			weight = num_add(weight, plan->card->indicators[i].weight);
	return weight;
}

/* The score in numerics, or NULL. */
static Numeric
score_in_numerics(const ScorePlan *plan)
{
	const Scorecard *card = plan->card;
	Numeric		weight = score_weight(plan);
	Numeric		sum = int64_to_numeric(0);
	int			i;

	if (num_sign(weight) == 0 ||
		(card->require != NULL &&
		 num_compare(num_multiply(weight, int64_to_numeric(100)),
					 num_multiply(plan->total_weight, card->require)) < 0))
		return NULL;
	for (i = 0; i < card->nindicators; i++)
	{
		Numeric		points = score_points(plan, i);

		if (points != NULL)
			sum = num_add(sum, num_multiply(points, card->indicators[i].weight));
	}
	return score_divide(sum, weight);
}

#ifdef HAVE_INT128

/*
 * Write a double as a decimal of the fewest decimals from at_least on: the one
 * that its nearest short decimal has. False if it has none that short.
 */
static inline bool
find_decimal(double number, int at_least, int64 *mantissa, int *decimals)
{
	int			most = Min(at_least + MORE_DECIMALS, MAX_EDGE_DECIMALS);
	int			d;

	for (d = at_least; d <= most; d++)
	{
		double		whole = rint(number * powers_of_ten[d]);

		if (!(fabs(whole) < MAX_SHORT))
			return false;
		if (whole / powers_of_ten[d] == number)
		{
			*mantissa = (int64) whole;
			*decimals = d;
			return true;
		}
	}
	return false;
}

/* As linear_points, in integers. The number is in units of 10^-decimals. */
static bool
linear_integer_points(const ScoreIndicator *ready, int n, int64 number,
					  int decimals, int64 *points)
{
	int128		unit = (int64) powers_of_ten[decimals - ready->edge_decimals];
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
	if (found >= 0)
	{
		*points = found;
		return true;
	}
	if (i == 0 || i == n)
	{
		*points = ready->points[i == 0 ? 0 : n - 1];
		return true;
	}

	/* the products below stay under 2^127 as long as this does under 2^62 */
	run = (ready->edges[i] - ready->edges[i - 1]) * unit;
	if (run >> 62 != 0)
		return false;
	way = number - ready->edges[i - 1] * unit;
	way = ready->points[i - 1] * run +
		(ready->points[i] - ready->points[i - 1]) * way;
	*points = (int64) ((2 * way + run) / (2 * run));
	return true;
}

/* The points of a value on a linear scale, in integers. */
static inline PointsResult
linear_value_points(const ScoreIndicator *ready, int n, const CardValue *value,
					int64 *points)
{
	double		number = value->number;
	int64		mantissa;
	int			decimals;

	if (value->kind == VALUE_NUMERIC)
	{
		DecodeResult result = numeric_decode(value->numeric, &number);

		if (result != DECODE_SHORT && result != DECODE_NAN)
			return POINTS_NOT_INTEGER;
	}
	if (isnan(number))
		return POINTS_MISSING;
	if (!find_decimal(number, ready->edge_decimals, &mantissa, &decimals) ||
		!linear_integer_points(ready, n, mantissa, decimals, points))
		return POINTS_NOT_INTEGER;
	return POINTS_FOUND;
}

/* The points of an indicator, in integers. */
static inline PointsResult
integer_points(const ScorePlan *plan, int i, int64 *points)
{
	const Indicator *indicator = &plan->card->indicators[i];
	const ScoreIndicator *ready = &plan->indicators[i];
	const CardValue *value = &plan->values[i];
	PointsResult result;

	if (value->kind == VALUE_MISSING)
		result = POINTS_MISSING;
	else if (indicator->ladder == NULL)
		result = linear_value_points(ready, indicator->nlinear, value, points);
	else
	{
		int			tier = find_tier(indicator->ladder, value);

		/* in no tier is NaN too, which is rare enough to look at twice */
		if (tier < 0 && is_missing(value))
			result = POINTS_MISSING;
		else
		{
			*points = tier < 0 ? 0 : ready->points[tier];
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

/* A score in units of 10^-SCORE_DECIMALS, as a numeric without needless zeros. */
static Numeric
make_score(int64 score)
{
	int			decimals = SCORE_DECIMALS;
	int			step;

	/* 16 zeros at once for a whole number, then 8, 4, 2 and 1 */
	for (step = SCORE_DECIMALS; step > 0; step /= 2)
	{
		int64		unit = (int64) (step == SCORE_DECIMALS ? 1e16 : powers_of_ten[step]);

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
static bool
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
		*score = make_score((int64) ((2 * sum + weight) / (2 * (int128) weight)));
	return true;
}

#endif							/* HAVE_INT128 */

/* The score of plan->values, or NULL. */
Numeric
score_values(const ScorePlan *plan)
{
#ifdef HAVE_INT128
	Numeric		score;

	if (plan->has_integers && score_in_integers(plan, &score))
		return score;
#endif
	return score_in_numerics(plan);
}
