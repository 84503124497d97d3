/*-------------------------------------------------------------------------
 *
 * standing_call.c
 *		The arguments of a call about a standing, and what its site keeps.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "base/text_type_arg.h"
#include "program/standing_call.h"

/* The cache of this call site, made on its first call. */
StandingCache *
standing_cache(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	StandingCache *cache = flinfo->fn_extra;
	TupleDesc	tupdesc;

	if (likely(cache != NULL))
		return cache;

	cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(StandingCache));
	cache->context = AllocSetContextCreate(flinfo->fn_mcxt, "standing plan",
										   ALLOCSET_SMALL_SIZES);
	if (get_call_result_type(fcinfo, NULL, &tupdesc) == TYPEFUNC_COMPOSITE)
		cache->form = standing_form(tupdesc, flinfo->fn_mcxt);
	flinfo->fn_extra = cache;
	return cache;
}

/* Make the plan anew. */
static void
make_plan(StandingCache *cache, const text *scheme, const text *rules,
		  bool by_label)
{
	MemoryContext caller;
	StandingPlan *plan;
	Scheme	   *parsed;

	cache->plan = NULL;
	cache->serial++;
	MemoryContextReset(cache->context);
	caller = MemoryContextSwitchTo(cache->context);
	cache->scheme_key = DatumGetTextPCopy(PointerGetDatum(scheme));
	cache->rules_key = DatumGetTextPCopy(PointerGetDatum(rules));
	parsed = text_type_parse(PointerGetDatum(scheme), scheme_parse);
	plan = standing_plan(parsed,
						 text_type_parse(PointerGetDatum(rules), rules_parse),
						 by_label);
	cache->labels = standing_labels(parsed);
	cache->scratch = palloc(STANDING_SIZE(parsed->ntiers));
	MemoryContextSwitchTo(caller);
	cache->plan = plan;
}

/* The plan for the scheme and the rules of this call. */
StandingPlan *
standing_plan_arg(FunctionCallInfo fcinfo, StandingCache *cache, bool by_label)
{
	text	   *scheme;
	text	   *rules;

	if (likely(cache->is_constant))
		return cache->plan;

	if (PG_ARGISNULL(ARG_SCHEME) || PG_ARGISNULL(ARG_RULES))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 PG_ARGISNULL(ARG_SCHEME) ? errmsg("the scheme is null") :
				 errmsg("the rules are null"),
				 PG_ARGISNULL(ARG_SCHEME) ?
				 errhint("A scheme fitted to no rows is null.") :
				 errhint("No rules are the empty text.")));
	scheme = PG_GETARG_TEXT_PP(ARG_SCHEME);
	rules = PG_GETARG_TEXT_PP(ARG_RULES);
	if (unlikely(cache->plan == NULL ||
				 !same_text(cache->scheme_key, scheme) ||
				 !same_text(cache->rules_key, rules)))
	{
		make_plan(cache, scheme, rules, by_label);
		cache->is_constant =
			text_type_arg_is_constant(fcinfo->flinfo, ARG_SCHEME) &&
			text_type_arg_is_constant(fcinfo->flinfo, ARG_RULES);
	}
	return cache->plan;
}

/* The previous standing of this call. */
Standing *
standing_previous_arg(FunctionCallInfo fcinfo, StandingCache *cache)
{
	if (PG_ARGISNULL(ARG_PREVIOUS))
	{
		standing_begin(cache->scratch, cache->plan->scheme->ntiers);
		return cache->scratch;
	}

	if (unlikely(cache->form == NULL))
	{
		HeapTupleHeader record = PG_GETARG_HEAPTUPLEHEADER(ARG_PREVIOUS);
		TupleDesc	tupdesc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(record),
													 HeapTupleHeaderGetTypMod(record));

		cache->form = standing_form(tupdesc, fcinfo->flinfo->fn_mcxt);
		ReleaseTupleDesc(tupdesc);
	}
	standing_from_datum(cache->form, cache->plan->scheme,
						PG_GETARG_DATUM(ARG_PREVIOUS), cache->scratch);
	return cache->scratch;
}

/* The value of this call, and the index of its tier. */
static void
grade_arg(FunctionCallInfo fcinfo, const StandingPlan *plan, Oid type,
		  Evaluation *evaluation)
{
	const Scheme *scheme = plan->scheme;
	Datum		value = PG_GETARG_DATUM(ARG_VALUE);

	evaluation->graded = scheme->ntiers;
	evaluation->measured.kind = MEASURED_NOTHING;
	if (PG_ARGISNULL(ARG_VALUE))
		return;
	if (type == TEXTOID)
	{
		evaluation->graded = scheme_find_tier(scheme, DatumGetTextPP(value));
		return;
	}

	evaluation->measured = measured_datum(type, value);
	evaluation->graded = grade_measured(scheme, &evaluation->measured);
	if (evaluation->graded == NO_TIER)
		evaluation->graded = scheme->ntiers;
}

/* What the customer of this call is evaluated by. */
Evaluation
standing_evaluation_arg(FunctionCallInfo fcinfo, const StandingPlan *plan,
						Oid type)
{
	Evaluation	evaluation;

	grade_arg(fcinfo, plan, type, &evaluation);
	evaluation.as_of = PG_GETARG_DATEADT(ARG_AS_OF);
	evaluation.customer_since = NO_DATE;
	if (PG_NARGS() > ARG_CUSTOMER_SINCE && !PG_ARGISNULL(ARG_CUSTOMER_SINCE))
		evaluation.customer_since = PG_GETARG_DATEADT(ARG_CUSTOMER_SINCE);
	return evaluation;
}

/* The date of an evaluation must be after that of the last one. */
static void
check_date(const Standing *standing, DateADT as_of)
{
	if (DATE_NOT_FINITE(as_of) || as_of < date2j(1, 1, 1) - POSTGRES_EPOCH_JDATE)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("as_of is %s", standing_print_date(as_of)),
				 errhint("Evaluations have a date from the year 1 on.")));
	if (as_of <= standing->evaluated_on)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of does not grow"),
				 as_of == standing->evaluated_on ?
				 errdetail("%s comes twice.", standing_print_date(as_of)) :
				 errdetail("%s comes after %s.", standing_print_date(as_of),
						   standing_print_date(standing->evaluated_on)),
				 errhint("Evaluations go forward, one a day at most: write tier_standing(... ORDER BY as_of), or OVER (PARTITION BY customer ORDER BY as_of).")));
}

/* Evaluate a customer, after the date of the standing. */
void
standing_step_on(StandingPlan *plan, Standing *standing,
				 const Evaluation *evaluation)
{
	check_date(standing, evaluation->as_of);
	standing_step(plan, standing, evaluation);
}
