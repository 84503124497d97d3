/*-------------------------------------------------------------------------
 *
 * scorecard_score.h
 *		Score values by a scorecard.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCORECARD_SCORE_H
#define CUSTOMER_TIER_SCORECARD_SCORE_H

#include "scorecard/scorecard_plan.h"

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

/* dividend / divisor, neither negative, rounded to SCORE_DECIMALS. */
extern Numeric score_divide(Numeric dividend, Numeric divisor);

#endif							/* CUSTOMER_TIER_SCORECARD_SCORE_H */
