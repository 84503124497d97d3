/*-------------------------------------------------------------------------
 *
 * scorecard_fit.c
 *		Turn the relative bounds and edges of a scorecard into numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/text_type_arg.h"
#include "digest/digest.h"
#include "fit/fit.h"
#include "number/numeric_ops.h"
#include "scorecard/scorecard_score.h"

PG_FUNCTION_INFO_V1(scorecard_fit);

/* The number that an edge means over the data. */
static Numeric
fit_edge(const SchemeTier *edge, const DigestView *view)
{
	double		number = 0;

	switch (edge->kind)
	{
		case BOUND_NUMBER:
			return edge->number;
		case BOUND_PERCENTILE:
			number = fit_percentile(view, edge->number);
			break;
		case BOUND_MEAN:
			/* an edge is finite, also where doubles are not */
			number = fit_mean(view, edge->value);
			number = Max(Min(number, DBL_MAX), -DBL_MAX);
			break;
		default:
			elog(ERROR, "unexpected kind of edge: %d", (int) edge->kind);
	}
	return fit_decimal(view, number);
}

/*
 * Put edges in order: one that oversteps the edge before it falls on it. The
 * first and the last tell the direction.
 */
static void
order_edges(LinearPoint *points, int n)
{
	int			direction = num_compare(points[n - 1].edge.number,
										points[0].edge.number);
	int			i;

	for (i = 1; i < n; i++)
	{
		int			cmp = num_compare(points[i].edge.number,
									  points[i - 1].edge.number);

		if (direction < 0 ? cmp > 0 : cmp < 0)
			points[i].edge.number = points[i - 1].edge.number;
	}
}

/*
 * Leave one edge, with the greatest points, where all fall on one number:
 * nobody is better than another, and nobody pays for that.
 */
static void
collapse_edges(Indicator *indicator)
{
	LinearPoint *points = indicator->linear;
	int			n = indicator->nlinear;
	int			i;

	if (n == 1 ||
		num_compare(points[0].edge.number, points[n - 1].edge.number) != 0)
		return;
	for (i = 1; i < n; i++)
		if (num_compare(points[i].points, points[0].points) > 0)
			points[0].points = points[i].points;
	indicator->nlinear = 1;
}

/* Fit a linear scale. */
static void
fit_linear(Indicator *indicator, const DigestView *view)
{
	Size		size = sizeof(LinearPoint) * indicator->nlinear;
	LinearPoint *fitted = palloc(size);
	int			i;

	memcpy(fitted, indicator->linear, size);
	for (i = 0; i < indicator->nlinear; i++)
	{
		fitted[i].edge.number = fit_edge(&fitted[i].edge, view);
		fitted[i].edge.kind = BOUND_NUMBER;
	}
	order_edges(fitted, indicator->nlinear);
	indicator->linear = fitted;
	collapse_edges(indicator);
}

/* The digests of the call: as many as indicators, NULL for none. */
static void
open_digests(FunctionCallInfo fcinfo, const Scorecard *card,
			 Datum **digests, bool **nulls)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int16		length;
	bool		by_value;
	char		alignment;
	int			ndigests;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &alignment);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, alignment,
					  digests, nulls, &ndigests);
	if (ndigests != card->nindicators)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("wrong number of digests for the scorecard: %d instead of %d",
						ndigests, card->nindicators),
				 errdetail("The indicators are %s.", scorecard_names(card)),
				 errhint("Pass NULL for an indicator without relative bounds.")));
}

/*
 * scorecard_fit(card, VARIADIC digests): the card with numbers for what is
 * relative; NULL when there are no data for that.
 */
Datum
scorecard_fit(PG_FUNCTION_ARGS)
{
	ScorePlan  *plan = text_type_arg(fcinfo, 0, score_plan);
	Scorecard	fitted = *plan->card;
	Datum	   *digests;
	bool	   *nulls;
	int			i;

	open_digests(fcinfo, plan->card, &digests, &nulls);
	fitted.indicators = palloc(sizeof(Indicator) * fitted.nindicators);
	memcpy(fitted.indicators, plan->card->indicators,
		   sizeof(Indicator) * fitted.nindicators);
	for (i = 0; i < fitted.nindicators; i++)
	{
		Indicator  *indicator = &fitted.indicators[i];
		DigestView	view;

		if (indicator_relative_bound(indicator) == NULL)
			continue;
		if (nulls[i])
			PG_RETURN_NULL();
		digest_open(digests[i], &view);
		if (indicator->ladder != NULL)
			indicator->ladder = scheme_fit(indicator->ladder, &view);
		else
			fit_linear(indicator, &view);
	}
	PG_RETURN_TEXT_P(scorecard_print(&fitted));
}
