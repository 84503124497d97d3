/*-------------------------------------------------------------------------
 *
 * scorecard_integers.h
 *		Score values in integers, where cards and values are short decimals.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCORECARD_INTEGERS_H
#define CUSTOMER_TIER_SCORECARD_INTEGERS_H

#include "scorecard/scorecard_plan.h"

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

#endif							/* CUSTOMER_TIER_SCORECARD_INTEGERS_H */
