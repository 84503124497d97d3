/*-------------------------------------------------------------------------
 *
 * scorecard_plan.h
 *		A scorecard, made ready to score many rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCORECARD_PLAN_H
#define CUSTOMER_TIER_SCORECARD_PLAN_H

#include "grade/measured.h"
#include "scorecard/scorecard.h"

/* An indicator, made ready: its scale from the lowest edge to the highest. */
typedef struct ScoreIndicator
{
	const LinearPoint *linear;	/* ascending; NULL for a ladder */

	/*
	 * The same in integers: the weight in units common to the card, points in
	 * units of 10^-SCORE_DECIMALS, edges in units of 10^-edge_decimals.
	 */
	int64		weight;
	int64		missing;
	int64	   *points;			/* of each tier, or each edge */
	int64	   *edges;
	int			edge_decimals;
} ScoreIndicator;

/* A card, made ready to score many rows. */
typedef struct ScorePlan
{
	const Scorecard *card;
	ScoreIndicator *indicators;
	bool		is_fitted;
	bool		has_integers;	/* are all the integers there? */
	int64		least_weight;	/* in the card's units, for a score at all */
	Numeric		total_weight;
	Measured   *values;			/* scratch: the row's, one per indicator */
} ScorePlan;

#endif							/* CUSTOMER_TIER_SCORECARD_PLAN_H */
