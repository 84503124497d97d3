/*-------------------------------------------------------------------------
 *
 * scheme_check.c
 *		The rules that concern a ladder as a whole.
 *
 * One direction, numbers or durations, the best tier first, the rest last.
 * They hold for every scheme, whatever it was made from: text, arrays or
 * jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "scheme/scheme_parse.h"

/* Report an error in a scheme, and return false. */
#define CHECK_ERROR(escontext, ...) \
	ereturn(escontext, false, __VA_ARGS__)

/*
 * Measured tiers first, the one without a bound last of them, then by rule.
 * Counts them, too: the search for a value's tier goes over the first nbounds.
 */
static bool
check_places(Scheme *scheme, struct Node *escontext)
{
	const SchemeTier *rest = NULL;
	const SchemeTier *rule = NULL;

	for (int i = 0; i < scheme->ntiers; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (tier->kind == BOUND_RULE)
		{
			rule = tier;
			continue;
		}
		if (rule != NULL)
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("tier \"%s\" is measured, but stands after tier \"%s\", which is given by rule",
								tier->label, rule->label),
						 errhint("Tiers by rule come after all others.")));
		if (rest != NULL && tier->kind == BOUND_REST)
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("tiers \"%s\" and \"%s\" both have no bound",
								rest->label, tier->label),
						 errhint("Only the last tier takes all the rest; give the others a bound, such as >= 5000.")));
		if (rest != NULL)
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("tier \"%s\" has no bound, but is not the last",
								rest->label),
						 errdetail("Tier \"%s\" stands after it and would get nobody.",
								   tier->label),
						 errhint("The tier that takes all the rest comes last; give the others a bound, such as >= 5000.")));
		if (tier->kind == BOUND_REST)
			rest = tier;
		else
			scheme->nbounds++;
		scheme->nmeasured++;
	}

	if (scheme->nmeasured == 0)
		CHECK_ERROR(escontext,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("all tiers are given by rule"),
					 errhint("Write at least one tier that a measure gives, before the tiers by rule.")));
	return true;
}

/* Numbers or durations, never both. */
static bool
check_measure(Scheme *scheme, struct Node *escontext)
{
	const SchemeTier *first = NULL;

	for (int i = 0; i < scheme->nmeasured; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];
		bool		is_duration = (tier->kind == BOUND_DURATION);

		if (tier->kind == BOUND_REST)
			continue;
		if (first == NULL)
		{
			first = tier;
			scheme->is_duration = is_duration;
		}
		else if (is_duration != scheme->is_duration)
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("tiers \"%s\" and \"%s\" mix durations and numbers",
								first->label, tier->label),
						 errdetail("One has the bound \"%s\", the other \"%s\".",
								   scheme_print_bound(first),
								   scheme_print_bound(tier)),
						 errhint("Write a unit of time in all bounds, or in none.")));
	}
	return true;
}

/* One direction; and the operators that the other kinds imply. */
static bool
check_direction(Scheme *scheme, struct Node *escontext)
{
	const SchemeTier *first = NULL;

	for (int i = 0; i < scheme->nmeasured; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (bound_direction(tier) == 0)
			continue;
		if (first == NULL)
		{
			first = tier;
			scheme->lower_is_better = (bound_direction(tier) < 0);
		}
		else if (bound_direction(tier) != bound_direction(first))
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("tiers \"%s\" and \"%s\" go in different directions",
								first->label, tier->label),
						 errdetail("\"%s\" says that %s is better, \"%s\" that %s is.",
								   scheme_print_bound(first),
								   scheme->lower_is_better ? "lower" : "higher",
								   scheme_print_bound(tier),
								   scheme->lower_is_better ? "higher" : "lower"),
						 errhint("Use >=, >, top and up to where higher is better; <=, <, within and lowest where lower is better.")));
	}

	/* where no bound told a direction, as natural ones do, higher is better */
	for (int i = 0; i < scheme->nmeasured; i++)
	{
		if (!bound_has_operator(scheme->tiers[i].kind))
			scheme->tiers[i].op = op_make(scheme->lower_is_better, true);
	}
	return true;
}

/* Report percentages that do not grow: most likely they are slices. */
static bool
shares_do_not_grow(const SchemeTier *before, const SchemeTier *tier,
				   struct Node *escontext)
{
	CHECK_ERROR(escontext,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("percentages do not grow from tier \"%s\" to tier \"%s\"",
						before->label, tier->label),
				 errdetail("\"%s\" stands before \"%s\".",
						   scheme_print_bound(before),
						   scheme_print_bound(tier)),
				 errhint("Percentages are cumulative, counted from the best customer; for a slice below the tier before write \"next %s%%%s\".",
						 scheme_print_number(tier->number),
						 bound_is_share_of_value(tier->kind) ? " of value" : "")));
}

/* Check a bound against the last one of its kind. */
static bool
check_order(const SchemeTier *before, const SchemeTier *tier,
			struct Node *escontext)
{
	if (bound_has_operator(tier->kind))
	{
		if (bound_is_stricter(tier, before))
			CHECK_ERROR(escontext,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("bounds of tiers \"%s\" and \"%s\" are in the wrong order",
								before->label, tier->label),
						 errdetail("\"%s\" stands before \"%s\", which is harder to reach.",
								   scheme_print_bound(before),
								   scheme_print_bound(tier)),
						 errhint("Write the best tier first.")));
	}
	else if (bound_compare(tier, before) <= 0)
	{
		if (tier->kind != BOUND_TOP_COUNT)
			return shares_do_not_grow(before, tier, escontext);
		CHECK_ERROR(escontext,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("numbers of customers do not grow from tier \"%s\" to tier \"%s\"",
							before->label, tier->label),
					 errdetail("\"%s\" stands before \"%s\".",
							   scheme_print_bound(before),
							   scheme_print_bound(tier)),
					 errhint("They are cumulative, counted from the best customer: after top 10, top 30 takes the next 20.")));
	}
	return true;
}

/*
 * Bounds of one kind go one way, also when others stand between them. How
 * bounds of different kinds compare is known only from data: scheme_fit makes
 * a bound that oversteps the one before fall on it.
 */
static bool
check_orders(const Scheme *scheme, struct Node *escontext)
{
	const SchemeTier *last[BOUND_NATURAL + 1] = {NULL};

	for (int i = 0; i < scheme->nmeasured; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (tier->kind == BOUND_REST || tier->kind == BOUND_NATURAL)
			continue;
		if (last[tier->kind] != NULL &&
			!check_order(last[tier->kind], tier, escontext))
			return false;
		last[tier->kind] = tier;
	}
	return true;
}

/* The first tier whose bound is relative to data; NULL in a fitted scheme. */
const SchemeTier *
scheme_relative_tier(const Scheme *scheme)
{
	for (int i = 0; i < scheme->ntiers; i++)
	{
		if (!bound_is_absolute(scheme->tiers[i].kind))
			return &scheme->tiers[i];
	}
	return NULL;
}

#ifdef USE_ASSERT_CHECKING
/* Check what grading and fitting rely on. */
void
AssertCheckScheme(const Scheme *scheme)
{
	Assert(scheme->ntiers >= 1 && scheme->ntiers <= SCHEME_MAX_TIERS);
	Assert(scheme->nmeasured >= 1 && scheme->nmeasured <= scheme->ntiers);
	Assert(scheme->nbounds == scheme->nmeasured ||
		   scheme->nbounds == scheme->nmeasured - 1);
	Assert(scheme->is_fitted == (scheme_relative_tier(scheme) == NULL));

	for (int i = 0; i < scheme->ntiers; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		Assert(strlen(tier->label) == VARSIZE_ANY_EXHDR(tier->label_text));
		Assert((tier->kind == BOUND_RULE) == (i >= scheme->nmeasured));
		if (i >= scheme->nbounds)
			continue;
		Assert(tier->kind != BOUND_REST);
		Assert(op_is_lower_better(tier->op) == scheme->lower_is_better);
		Assert((tier->kind == BOUND_DURATION) == scheme->is_duration);

		/* grading searches fitted bounds by halving */
		if (scheme->is_fitted && i > 0)
			Assert(!bound_is_stricter(tier, tier - 1));
	}
}
#endif

/*
 * Check the ladder, and fill in what is said of it as a whole. False after a
 * soft error.
 */
bool
scheme_check(Scheme *scheme, struct Node *escontext)
{
	scheme->nmeasured = 0;
	scheme->nbounds = 0;
	scheme->lower_is_better = false;
	scheme->is_duration = false;
	if (!check_places(scheme, escontext) ||
		!check_measure(scheme, escontext) ||
		!check_direction(scheme, escontext) ||
		!check_orders(scheme, escontext))
		return false;
	scheme->is_fitted = scheme_relative_tier(scheme) == NULL;
	AssertCheckScheme(scheme);
	return true;
}
