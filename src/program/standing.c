/*-------------------------------------------------------------------------
 *
 * standing.c
 *		tier_step, and the aggregates that fold a series by it.
 *
 * An aggregate's state is a standing with the labels of the scheme that its
 * indexes are of: other groups may have other schemes, and the plan of the
 * call site is that of the last row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "program/standing_call.h"

PG_FUNCTION_INFO_V1(tier_step_numeric);
PG_FUNCTION_INFO_V1(tier_step_float8);
PG_FUNCTION_INFO_V1(tier_step_int8);
PG_FUNCTION_INFO_V1(tier_step_float4);
PG_FUNCTION_INFO_V1(tier_step_label);
PG_FUNCTION_INFO_V1(tier_standing_add_numeric);
PG_FUNCTION_INFO_V1(tier_standing_add_float8);
PG_FUNCTION_INFO_V1(tier_standing_add_int8);
PG_FUNCTION_INFO_V1(tier_standing_add_float4);
PG_FUNCTION_INFO_V1(tier_standing_add_label);
PG_FUNCTION_INFO_V1(tier_standing_final);

/* What an aggregate keeps for a group. */
typedef struct StandingState
{
	uint64		serial;			/* of the plan that the labels are known to fit */
	StandingLabels *labels;
	Standing   *standing;		/* NULL before the first row */
} StandingState;

/*
 * tier_step(previous, value, as_of, scheme, rules [, customer_since]). Without
 * a date there is no evaluation: the standing stays.
 */
static Datum
tier_step(FunctionCallInfo fcinfo, Oid type)
{
	StandingCache *cache;
	StandingPlan *plan;
	Standing   *standing;
	Evaluation	evaluation;

	if (PG_ARGISNULL(ARG_AS_OF))
		return aggregate_unchanged(fcinfo);

	cache = standing_cache(fcinfo);
	plan = standing_plan_arg(fcinfo, cache, type == TEXTOID);
	standing = standing_previous_arg(fcinfo, cache);
	evaluation = standing_evaluation_arg(fcinfo, plan, type);
	standing_step_on(plan, standing, &evaluation);
	return standing_to_datum(cache->form, cache->labels, standing);
}

Datum
tier_step_numeric(PG_FUNCTION_ARGS)
{
	return tier_step(fcinfo, NUMERICOID);
}

Datum
tier_step_float8(PG_FUNCTION_ARGS)
{
	return tier_step(fcinfo, FLOAT8OID);
}

Datum
tier_step_int8(PG_FUNCTION_ARGS)
{
	return tier_step(fcinfo, INT8OID);
}

Datum
tier_step_float4(PG_FUNCTION_ARGS)
{
	return tier_step(fcinfo, FLOAT4OID);
}

/* A tier that other means gave, instead of a number. */
Datum
tier_step_label(PG_FUNCTION_ARGS)
{
	return tier_step(fcinfo, TEXTOID);
}

/* Are the state's indexes right for a scheme? */
static bool
same_labels(const StandingState *state, const Scheme *scheme)
{
	if (state->labels->ntiers != scheme->ntiers)
		return false;
	for (int i = 0; i < scheme->ntiers; i++)
	{
		if (scheme_tier_index(scheme, state->labels->label[i]) != i)
			return false;
	}
	return true;
}

/* The index in another scheme of a tier of the state, which it must have. */
static int
index_elsewhere(const StandingState *state, int tier, const Scheme *scheme)
{
	if (tier == state->labels->ntiers)
		return scheme->ntiers;
	return standing_find_label(scheme, state->labels->label[tier]);
}

/* Make the state one of this scheme, in the current memory context. */
static void
adopt_scheme(StandingState *state, const Scheme *scheme)
{
	Standing   *old = state->standing;
	Standing   *standing = palloc(STANDING_SIZE(scheme->ntiers));

	standing_begin(standing, scheme->ntiers);
	if (old != NULL && old->evaluated_on != NO_DATE)
	{
		standing->since = old->since;
		standing->rule = old->rule;
		standing->until = old->until;
		standing->evaluated_on = old->evaluated_on;
		standing->nclocks = old->nclocks;
		standing->tier = index_elsewhere(state, old->tier, scheme);
		standing->met = index_elsewhere(state, old->met, scheme);
		for (int i = 0; i < state->labels->ntiers; i++)
		{
			if (old->clocks[i] != NO_DATE)
				standing->clocks[index_elsewhere(state, i, scheme)] = old->clocks[i];
		}
	}

	if (old != NULL)
	{
		standing_labels_free(state->labels);
		pfree(old);
	}
	state->labels = standing_labels(scheme);
	state->standing = standing;
}

/* The state of this group, made on its first row, and right for the plan. */
static StandingState *
get_state(FunctionCallInfo fcinfo, const StandingCache *cache)
{
	StandingState *state = NULL;
	MemoryContext aggcontext = aggregate_context(fcinfo);
	MemoryContext caller;

	if (!PG_ARGISNULL(ARG_PREVIOUS))
		state = (StandingState *) PG_GETARG_POINTER(ARG_PREVIOUS);
	if (likely(state != NULL && state->serial == cache->serial))
		return state;

	caller = MemoryContextSwitchTo(aggcontext);
	if (state == NULL)
		state = palloc0(sizeof(StandingState));
	if (state->standing == NULL || !same_labels(state, cache->plan->scheme))
		adopt_scheme(state, cache->plan->scheme);
	state->serial = cache->serial;
	MemoryContextSwitchTo(caller);
	return state;
}

/* Add a row to the fold. One without a date is no evaluation. */
static Datum
tier_standing_add(FunctionCallInfo fcinfo, Oid type)
{
	StandingCache *cache;
	StandingPlan *plan;
	StandingState *state;
	Evaluation	evaluation;

	if (PG_ARGISNULL(ARG_AS_OF))
		return aggregate_unchanged(fcinfo);

	cache = standing_cache(fcinfo);
	plan = standing_plan_arg(fcinfo, cache, type == TEXTOID);
	state = get_state(fcinfo, cache);
	evaluation = standing_evaluation_arg(fcinfo, plan, type);
	standing_step_on(plan, state->standing, &evaluation);
	PG_RETURN_POINTER(state);
}

Datum
tier_standing_add_numeric(PG_FUNCTION_ARGS)
{
	return tier_standing_add(fcinfo, NUMERICOID);
}

Datum
tier_standing_add_float8(PG_FUNCTION_ARGS)
{
	return tier_standing_add(fcinfo, FLOAT8OID);
}

Datum
tier_standing_add_int8(PG_FUNCTION_ARGS)
{
	return tier_standing_add(fcinfo, INT8OID);
}

Datum
tier_standing_add_float4(PG_FUNCTION_ARGS)
{
	return tier_standing_add(fcinfo, FLOAT4OID);
}

Datum
tier_standing_add_label(PG_FUNCTION_ARGS)
{
	return tier_standing_add(fcinfo, TEXTOID);
}

/* The standing after the last row so far; the state stays as it is. */
Datum
tier_standing_final(PG_FUNCTION_ARGS)
{
	const StandingState *state;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const StandingState *) PG_GETARG_POINTER(0);
	return standing_to_datum(standing_cache(fcinfo)->form, state->labels,
							 state->standing);
}
