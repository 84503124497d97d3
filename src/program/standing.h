/*-------------------------------------------------------------------------
 *
 * standing.h
 *		The standing of one customer, and its fold over time.
 *
 * A standing is what a customer's grades, evaluated on one date after the
 * other, come to under a scheme and rules. Here its tiers are indexes into the
 * scheme, 0 for the best; the number of tiers stands for "not graded", which
 * is worse than all.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_STANDING_H
#define CUSTOMER_TIER_STANDING_H

#include "utils/date.h"

#include "grade/measured.h"
#include "program/rules.h"

/* Why a customer stands where it does. */
typedef enum StandingRule
{
	BY_NONE,					/* not graded */
	BY_MEASURE,					/* measured as good */
	BY_KEEP,					/* good enough to keep what it had */
	BY_HOLD,					/* met not so long ago */
	BY_GRACE,					/* the fall is announced */
	BY_LANDING,					/* falling softly from a better tier */
	BY_NEW,						/* too new for anything else */
	BY_OTHER					/* what an earlier standing was by: not BY_NEW */
} StandingRule;

#define NUM_STANDING_RULES	BY_OTHER

/* No date: no clock, no end, or never evaluated. */
#define NO_DATE		DATEVAL_NOBEGIN

typedef struct Standing
{
	int			tier;
	DateADT		since;
	StandingRule rule;
	DateADT		until;			/* NO_DATE: open */
	int			met;			/* the best tier met at evaluated_on */
	DateADT		evaluated_on;	/* NO_DATE: there is no standing yet */
	int			nclocks;		/* how many clocks below are dates */
	DateADT		clocks[FLEXIBLE_ARRAY_MEMBER];	/* per tier, when hold ends */
} Standing;

/* The room that a standing among so many tiers takes. */
#define STANDING_SIZE(ntiers) \
	(offsetof(Standing, clocks) + (ntiers) * sizeof(DateADT))

/* What a customer is evaluated by, and when. */
typedef struct Evaluation
{
	int			graded;			/* the tier measured, or given as a label */
	Measured	measured;		/* nothing, if the tier came as a label */
	DateADT		as_of;
	DateADT		customer_since; /* NO_DATE: not known */
} Evaluation;

/* What a rule's duration makes of a date; the last ones are remembered. */
typedef struct RuleEnd
{
	DateADT		from;
	DateADT		end;
} RuleEnd;

#define RULE_ENDS	64

/* A scheme and rules that go together. */
typedef struct StandingPlan
{
	const Scheme *scheme;
	const Rules *rules;
	Scheme	  **keep;			/* per tier: a ladder of its keep bar alone, or
								 * NULL; NULL without any */
	int			new_tier;		/* of newcomers; NO_TIER: as measured */
	RuleEnd		ends[NUM_RULES][RULE_ENDS];
} StandingPlan;

/*
 * Make a plan of a scheme and rules, which must outlive it; throws if they do
 * not go together. by_label: tiers are given, not measured.
 */
extern StandingPlan *standing_plan(const Scheme *scheme, const Rules *rules,
								   bool by_label);

/* No standing yet. */
extern void standing_begin(Standing *standing, int ntiers);

/* Evaluate a customer: the standing becomes the next one. */
extern void standing_step(StandingPlan *plan, Standing *standing,
						  const Evaluation *evaluation);

#endif							/* CUSTOMER_TIER_STANDING_H */
