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
 * are short decimals: they are scored in integers, see scorecard_integers.c.
 * What does not fit is scored here in numerics, ten times slower.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "number/numeric_ops.h"
#include "scorecard/scorecard_integers.h"
#include "scorecard/scorecard_score.h"

/* dividend / divisor, neither negative, rounded to SCORE_DECIMALS. */
Numeric
score_divide(Numeric dividend, Numeric divisor)
{
	Numeric		two = int64_to_numeric(2);
	Numeric		twice;
	Numeric		quotient;

	/* floor((2 n + d) / 2 d) rounds halves up, n in units of the result */
	twice = num_multiply(num_multiply(dividend, two),
						 power_of_ten(SCORE_DECIMALS));
	quotient = num_quotient(num_add(twice, divisor), num_multiply(divisor, two));
	return num_trim(num_multiply(quotient, power_of_ten(-SCORE_DECIMALS)));
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

/* In assert builds: is a plan what its description says? */
#ifdef USE_ASSERT_CHECKING
static void
AssertCheckScorePlan(const ScorePlan *plan)
{
	Assert(num_sign(plan->total_weight) > 0);
	Assert(!plan->has_integers || plan->least_weight > 0);
	for (int i = 0; i < plan->card->nindicators; i++)
	{
		const Indicator *indicator = &plan->card->indicators[i];
		const ScoreIndicator *ready = &plan->indicators[i];

		Assert((ready->linear != NULL) ==
			   (indicator->ladder == NULL &&
				indicator_relative_bound(indicator) == NULL));
		for (int j = 1; ready->linear != NULL && j < indicator->nlinear; j++)
		{
			Assert(num_compare(ready->linear[j - 1].edge.number,
							   ready->linear[j].edge.number) <= 0);
			Assert(!plan->has_integers ||
				   ready->edges[j - 1] <= ready->edges[j]);
		}
	}
}
#else
#define AssertCheckScorePlan(plan)	((void) 0)
#endif

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
	plan->values = palloc0(sizeof(Measured) * card->nindicators);
	plan->total_weight = int64_to_numeric(0);
	for (i = 0; i < card->nindicators; i++)
	{
		const Indicator *indicator = &card->indicators[i];

		plan->total_weight = num_add(plan->total_weight, indicator->weight);
		if (indicator_relative_bound(indicator) != NULL)
			plan->is_fitted = false;
		else if (indicator->ladder == NULL)
			plan->indicators[i].linear = ascending_points(indicator);
	}
	plan->has_integers = plan->is_fitted && score_make_integers(plan);
	AssertCheckScorePlan(plan);
	return plan;
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
		const SchemeTier *bound = indicator_relative_bound(indicator);

		if (bound != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scorecard is not fitted"),
					 errdetail("Indicator \"%s\" has \"%s\", which is relative to data.",
							   indicator->name,
							   indicator->ladder != NULL ?
							   scheme_print_bound(bound) :
							   scorecard_print_edge(bound)),
					 errhint("scorecard_fit(card, digest, ...) turns such bounds into numbers.")));
	}
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

		if (cmp == 0 &&
			(found == NULL || num_compare(linear[i].points, found) > 0))
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
	return score_divide(num_add(num_multiply(linear[i - 1].points, run), rise),
						run);
}

/* A value as a numeric: a double as SQL casts it. */
static Numeric
value_numeric(const Measured *value)
{
	if (value->kind == MEASURED_DOUBLE)
		return DatumGetNumeric(DirectFunctionCall1(float8_numeric,
												   Float8GetDatum(value->number)));
	return DatumGetNumeric(PointerGetDatum(value->numeric));
}

/* One indicator's points; NULL for a missing value that is left out. */
Numeric
score_points(const ScorePlan *plan, int i)
{
	const Indicator *indicator = &plan->card->indicators[i];
	const Measured *value = &plan->values[i];
	int			tier;

	if (measured_is_missing(value))
		return indicator->missing;
	if (indicator->ladder == NULL)
		return linear_points(plan->indicators[i].linear, indicator->nlinear,
							 value_numeric(value));
	tier = grade_measured(indicator->ladder, value);
	return tier == NO_TIER ? int64_to_numeric(0) : indicator->ladder_points[tier];
}

/* The weight of the indicators that take part. */
Numeric
score_weight(const ScorePlan *plan)
{
	Numeric		weight = int64_to_numeric(0);
	int			i;

	for (i = 0; i < plan->card->nindicators; i++)
		if (plan->card->indicators[i].missing != NULL ||
			!measured_is_missing(&plan->values[i]))
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
			sum = num_add(sum, num_multiply(points,
											card->indicators[i].weight));
	}
	return score_divide(sum, weight);
}

/* The score of plan->values, or NULL. */
Numeric
score_values(const ScorePlan *plan)
{
	Numeric		score;

	if (plan->has_integers && score_in_integers(plan, &score))
		return score;
	return score_in_numerics(plan);
}
