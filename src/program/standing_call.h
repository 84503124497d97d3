/*-------------------------------------------------------------------------
 *
 * standing_call.h
 *		The arguments of a call about a standing, and what its site keeps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_STANDING_CALL_H
#define CUSTOMER_TIER_STANDING_CALL_H

#include "fmgr.h"

#include "program/standing_record.h"

/* The arguments that all functions about a step have in common. */
typedef enum StandingArg
{
	ARG_PREVIOUS,				/* or the aggregate's state */
	ARG_VALUE,
	ARG_AS_OF,
	ARG_SCHEME,
	ARG_RULES,
	ARG_CUSTOMER_SINCE			/* may be missing */
} StandingArg;

/* What a call site keeps in fn_extra: the last plan, and room to work in. */
typedef struct StandingCache
{
	StandingForm *form;			/* NULL: no records were met */
	MemoryContext context;		/* holds all below */
	text	   *scheme_key;		/* what the plan was made of */
	text	   *rules_key;
	StandingPlan *plan;			/* NULL: nothing yet, or an error came */
	bool		is_constant;	/* no call has another one */
	uint64		serial;			/* of the plan */
	StandingLabels *labels;		/* of its tiers */
	Standing   *scratch;
} StandingCache;

/* The cache of this call site. */
extern StandingCache *standing_cache(FunctionCallInfo fcinfo);

/*
 * The plan for the scheme and the rules of this call, made once as long as
 * they do not change. NULLs are an error. by_label: see standing_plan.
 */
extern StandingPlan *standing_plan_arg(FunctionCallInfo fcinfo,
									   StandingCache *cache, bool by_label);

/* The previous standing of this call, in the cache's scratch. */
extern Standing *standing_previous_arg(FunctionCallInfo fcinfo,
									   StandingCache *cache);

/*
 * What the customer of this call is evaluated by: a value of this type, or a
 * label if it is TEXTOID. as_of must not be NULL.
 */
extern Evaluation standing_evaluation_arg(FunctionCallInfo fcinfo,
										  const StandingPlan *plan, Oid type);

/* Evaluate a customer, after the date of the standing. */
extern void standing_step_on(StandingPlan *plan, Standing *standing,
							 const Evaluation *evaluation);

#endif							/* CUSTOMER_TIER_STANDING_CALL_H */
