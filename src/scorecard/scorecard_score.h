/*-------------------------------------------------------------------------
 *
 * scorecard_score.h
 *		Score values by a scorecard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCORECARD_SCORE_H
#define CUSTOMER_TIER_SCORECARD_SCORE_H

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

/* Parse a card and make it ready: a ParseFunction. */
extern void *score_plan(const char *str, int len, struct Node *escontext);

/* Throw unless all edges are known. */
extern void score_check_fitted(const ScorePlan *plan);

/* The score of plan->values, or NULL. */
extern Numeric score_values(const ScorePlan *plan);

/* One indicator's points; NULL for a missing value that is left out. */
extern Numeric score_points(const ScorePlan *plan, int i);

/* The weight of the indicators that take part. */
extern Numeric score_weight(const ScorePlan *plan);

/*
 * The fast way: make a plan's integers, and score its values by them, NULL for
 * no score. Both false where numerics must do.
 */
#ifdef HAVE_INT128
extern bool score_make_integers(ScorePlan *plan);
extern bool score_in_integers(const ScorePlan *plan, Numeric *score);
#else
#define score_make_integers(plan)	false
#define score_in_integers(plan, score)	false
#endif

/* dividend / divisor, neither negative, rounded to SCORE_DECIMALS. */
extern Numeric score_divide(Numeric dividend, Numeric divisor);

#endif							/* CUSTOMER_TIER_SCORECARD_SCORE_H */
