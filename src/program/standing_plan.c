/*-------------------------------------------------------------------------
 *
 * standing_plan.c
 *		Where a scheme and rules meet.
 *
 * Checks that the rules can be applied to the scheme, naming the tier where
 * they cannot, and works out what the fold needs of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "number/numeric_ops.h"
#include "program/standing.h"
#include "scheme/scheme_parse.h"

/* The index of the tier with a label that the rules name. */
static int
find_tier_of_rule(const Scheme *scheme, const char *label, RuleKind kind)
{
	for (int i = 0; i < scheme->ntiers; i++)
	{
		if (strcmp(scheme->tiers[i].label, label) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rule \"%s\" names tier \"%s\", which the scheme lacks",
					rule_names[kind], scan_clip(label, strlen(label))),
			 errhint("The scheme is \"%s\".",
					 text_to_cstring(scheme_print(scheme)))));
	return NO_TIER;				/* keep compiler quiet */
}

/* A ladder of one tier, to tell who meets its bound. */
static Scheme *
ladder_of_one(const SchemeTier *tier, bool lower_is_better)
{
	Scheme	   *ladder = palloc0(offsetof(Scheme, tiers) + sizeof(SchemeTier));

	ladder->tiers[0] = *tier;
	ladder->ntiers = 1;
	ladder->nmeasured = 1;
	ladder->nbounds = (tier->kind == BOUND_REST) ? 0 : 1;
	ladder->lower_is_better = lower_is_better;
	ladder->is_fitted = true;
	return ladder;
}

/*
 * A share of a tier's bound, as its keep bar. One that comes out stricter than
 * the bound (a share of a negative number) is none: the bound is the bar.
 */
static Scheme *
bar_of_percent(const Scheme *scheme, const SchemeTier *tier, Numeric percent)
{
	SchemeTier	bar = *tier;

	if (numeric_is_inf(tier->number))
		return NULL;
	bound_set_number(&bar, num_multiply(num_multiply(tier->number, percent),
										 power_of_ten(-2)));
	if (!bound_is_stricter(tier, &bar))
		return NULL;
	return ladder_of_one(&bar, scheme->lower_is_better);
}

/* keep 80% */
static void
plan_keep_percent(StandingPlan *plan)
{
	const Scheme *scheme = plan->scheme;
	Numeric		percent = plan->rules->keep_percent;
	int			cmp = num_compare(percent, int64_to_numeric(100));

	for (int i = 0; i < scheme->nbounds; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (scheme->lower_is_better ? cmp < 0 : cmp > 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"keep %s%%\" is stricter than the scheme",
							scheme_print_number(percent)),
					 errdetail("Tier \"%s\" has the bound \"%s\": it would be harder to keep than to reach.",
							   tier->label, scheme_print_bound(tier)),
					 scheme->lower_is_better ?
					 errhint("Where lower is better write 100%% or more, such as keep 120%%.") :
					 errhint("Where higher is better write 100%% or less, such as keep 80%%.")));
		plan->keep[i] = bar_of_percent(scheme, tier, percent);
	}
}

/* Throw unless the ladder of "keep" goes the scheme's way. */
static void
check_keep_direction(const Scheme *scheme, const Scheme *keep)
{
	const SchemeTier *bar = &keep->tiers[0];

	if (keep->nbounds == 0)
		return;
	if (!keep->is_fitted)
	{
		while (bound_is_absolute(bar->kind))
			bar++;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scheme after \"keep\" is not fitted"),
				 errdetail("Tier \"%s\" has the bound \"%s\", which is relative to data.",
						   bar->label, scheme_print_bound(bar)),
				 errhint("tier_rules_fit(digest, rules) turns relative bounds into numbers, from the digest that the scheme is fitted to.")));
	}
	if (keep->is_duration)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scheme after \"keep\" is over durations, the scheme over numbers"),
				 errdetail("Tier \"%s\" has the bar \"%s\".",
						   bar->label, scheme_print_bound(bar)),
				 errhint("Write its bars without a unit of time.")));
	if (scheme->nbounds > 0 &&
		keep->lower_is_better != scheme->lower_is_better)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scheme after \"keep\" and the scheme go in different directions"),
				 errdetail("Tier \"%s\" has the bar \"%s\"; tier \"%s\" of the scheme has the bound \"%s\".",
						   bar->label, scheme_print_bound(bar),
						   scheme->tiers[0].label,
						   scheme_print_bound(&scheme->tiers[0])),
				 errhint("Use the operators of the scheme.")));
}

/* keep A >= 4000, B >= 800 */
static void
plan_keep_scheme(StandingPlan *plan)
{
	const Scheme *scheme = plan->scheme;
	const Scheme *keep = plan->rules->keep_scheme;
	int			last = NO_TIER;

	check_keep_direction(scheme, keep);
	for (int i = 0; i < keep->ntiers; i++)
	{
		const SchemeTier *bar = &keep->tiers[i];
		int			index = find_tier_of_rule(scheme, bar->label, RULE_KEEP);
		const SchemeTier *tier = &scheme->tiers[index];

		if (tier->kind == BOUND_RULE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"keep\" names tier \"%s\", which is given by rule",
							tier->label),
					 errhint("A tier by rule is never kept by a measure: leave it out.")));
		if (index < last)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"keep\" names tier \"%s\" before tier \"%s\"",
							scheme->tiers[last].label, tier->label),
					 errhint("Write the tiers in the order of the scheme, best first.")));
		last = index;

		/* a bar that is not more lenient adds nothing to the bound */
		if (tier->kind == BOUND_NUMBER &&
			(bar->kind == BOUND_REST || bound_is_stricter(tier, bar)))
			plan->keep[index] = ladder_of_one(bar, scheme->lower_is_better);
	}
}

/* Make a plan of a scheme and rules. */
StandingPlan *
standing_plan(const Scheme *scheme, const Rules *rules, bool by_label)
{
	StandingPlan *plan = palloc0(sizeof(StandingPlan));

	plan->scheme = scheme;
	plan->rules = rules;
	plan->new_tier = NO_TIER;
	for (int kind = 0; kind < NUM_RULES; kind++)
	{
		for (int i = 0; i < RULE_ENDS; i++)
			plan->ends[kind][i].from = NO_DATE;
	}

	if (!by_label)
		grade_check_numbers(scheme);
	if (rules->has[RULE_KEEP])
	{
		if (by_label)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rule \"keep\" needs a measure, not a label"),
					 errhint("Use tier_step or tier_standing with the number that is graded, or leave \"keep\" out.")));
		plan->keep = palloc0(sizeof(Scheme *) * scheme->ntiers);
		if (rules->keep_scheme != NULL)
			plan_keep_scheme(plan);
		else
			plan_keep_percent(plan);
	}
	if (rules->new_label != NULL)
		plan->new_tier = find_tier_of_rule(scheme, rules->new_label, RULE_NEW);
	return plan;
}
