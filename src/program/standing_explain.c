/*-------------------------------------------------------------------------
 *
 * standing_explain.c
 *		Why a customer stands where it does, what would change that, and when.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "number/decimal.h"
#include "number/numeric_ops.h"
#include "program/standing_call.h"

PG_FUNCTION_INFO_V1(tier_standing_explain_numeric);
PG_FUNCTION_INFO_V1(tier_standing_explain_float8);

/* An explanation under way. */
typedef struct Explained
{
	StandingPlan *plan;
	const Scheme *scheme;
	const Standing *standing;	/* after this evaluation */
	Standing   *ahead;			/* room for those after it */
	Evaluation	evaluation;
	Numeric		value;			/* what was measured; NULL: nothing, or NaN */
} Explained;

/*
 * Small things about tiers and bounds
 */

static const char *
label_of(const Explained *it, int tier)
{
	return tier == it->scheme->ntiers ? NULL : it->scheme->tiers[tier].label;
}

/* A value as it is shown. */
static char *
print_value(Numeric value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(value)));
}

/* Does the value meet a bound? */
static bool
meets(const Explained *it, const SchemeTier *bound)
{
	int			cmp;

	if (it->value == NULL || bound->kind == BOUND_REST)
		return it->value != NULL;
	cmp = grade_compare_numerics((const struct varlena *) it->value,
								 bound->number);
	return op_is_met(bound->op, cmp);
}

/* How far the value is from a bound; NULL when no number can tell. */
static char *
print_gap(const Explained *it, const SchemeTier *bound)
{
	Numeric		gap;

	if (it->value == NULL || bound->kind != BOUND_NUMBER)
		return NULL;
	if (meets(it, bound))
		return pstrdup("0");
	gap = num_abs(num_subtract(it->value, bound->number));
	return numeric_is_inf(gap) || numeric_is_nan(gap) ? NULL :
		print_value(num_trim(gap));
}

/* The way to a bound that is not met: "60 more", "over 15 less". */
static char *
print_way(const Explained *it, const SchemeTier *bound)
{
	return psprintf("%s%s %s", op_is_inclusive(bound->op) ? "" : "over ",
					print_gap(it, bound),
					op_is_lower_better(bound->op) ? "less" : "more");
}

/* What a tier that the customer stands in is kept by; NULL: nothing measured. */
static const SchemeTier *
bar_of(const Explained *it, int tier)
{
	if (it->plan->keep != NULL && it->plan->keep[tier] != NULL)
		return &it->plan->keep[tier]->tiers[0];
	return it->scheme->tiers[tier].kind == BOUND_RULE ? NULL :
		&it->scheme->tiers[tier];
}

/*
 * The next better tier that anybody can reach: not one that is empty, because
 * the one above it has its bound. -1: there is none.
 */
static int
tier_above(const Explained *it)
{
	const SchemeTier *tiers = it->scheme->tiers;
	int			next = Min(it->standing->tier, it->scheme->nmeasured) - 1;

	while (next > 0 && scheme_same_bound(&tiers[next], &tiers[next - 1]))
		next--;
	if (next >= 0 && tiers[next].kind == BOUND_NUMBER &&
		numeric_is_inf(tiers[next].number) &&
		op_excludes_infinity(tiers[next].op, tiers[next].value > 0))
		return -1;
	return next;
}

/*
 * What is ahead
 */

/*
 * Go on to the day on which the standing ends, measured as it is now. False
 * when there is no such day, or nothing changes on it.
 */
static bool
step_ahead(const Explained *it)
{
	int			tier = it->ahead->tier;
	StandingRule rule = it->ahead->rule;
	Evaluation	evaluation = it->evaluation;

	evaluation.as_of = it->ahead->until;
	if (DATE_NOT_FINITE(evaluation.as_of))	/* NO_DATE among them */
		return false;
	standing_step(it->plan, it->ahead, &evaluation);
	return it->ahead->tier != tier || it->ahead->rule != rule;
}

static void
begin_ahead(const Explained *it)
{
	memcpy(it->ahead, it->standing, STANDING_SIZE(it->scheme->ntiers));
}

/* The first tier ahead that is another one, in ahead; false: none. */
static bool
next_tier_ahead(const Explained *it)
{
	begin_ahead(it);
	while (step_ahead(it))
	{
		if (it->ahead->tier != it->standing->tier)
			return true;
	}
	return false;
}

/*
 * The sentence
 */

/* "Silver": the tier that comes if nothing changes, in ahead. */
static const char *
tier_to_come(const Explained *it)
{
	if (!next_tier_ahead(it))
		return NULL;
	return it->ahead->tier == it->scheme->ntiers ? "not graded" :
		label_of(it, it->ahead->tier);
}

/* "40 does not meet >= 100": the value against what keeps the tier. */
static void
append_shortfall(StringInfo buf, const Explained *it)
{
	const SchemeTier *bar = bar_of(it, it->standing->tier);

	if (it->value == NULL)
		appendStringInfoString(buf, "nothing was measured");
	else if (bar != NULL && !meets(it, bar))
		appendStringInfo(buf, "%s does not meet %s", print_value(it->value),
						 scheme_print_bound(bar));
	else
		appendStringInfo(buf, "%s was measured", print_value(it->value));
}

/* "unless the tier is met again (60 more)." */
static void
append_way_to_keep(StringInfo buf, const Explained *it)
{
	const SchemeTier *bar = bar_of(it, it->standing->tier);

	appendStringInfoString(buf, ", unless the tier is met again");
	if (bar != NULL && print_gap(it, bar) != NULL && !meets(it, bar))
		appendStringInfo(buf, " (%s)", print_way(it, bar));
	appendStringInfoChar(buf, '.');
}

/* What comes when hold is over: the tier's end, or that it is announced. */
static void
append_end_of_hold(StringInfo buf, const Explained *it)
{
	const char *tier = tier_to_come(it);
	DateADT		falls_on = it->ahead->evaluated_on;

	appendStringInfo(buf, ", but the tier is held until %s",
					 standing_print_date(it->standing->until));
	if (tier == NULL)
	{
		appendStringInfoChar(buf, '.');
		return;
	}
	if (falls_on == it->standing->until)
		appendStringInfo(buf, "; from then on it is %s", tier);
	else
		appendStringInfo(buf, "; then the fall is announced, and on %s it is %s",
						 standing_print_date(falls_on), tier);
	append_way_to_keep(buf, it);
}

/* What comes when a tier is on its way out. */
static void
append_end(StringInfo buf, const Explained *it, const char *why)
{
	const char *tier = tier_to_come(it);

	appendStringInfo(buf, "%s until %s", why,
					 standing_print_date(it->standing->until));
	if (tier == NULL)
	{
		appendStringInfoChar(buf, '.');
		return;
	}
	appendStringInfo(buf, "; from then on it is %s", tier);
	append_way_to_keep(buf, it);
}

/* What a tier that is met is worth when it no longer is. */
static void
append_safety(StringInfo buf, const Explained *it)
{
	const SchemeTier *bar = bar_of(it, it->standing->tier);

	if (it->standing->until != NO_DATE)
		appendStringInfo(buf, " Not met again, it is held until %s.",
						 standing_print_date(it->standing->until));
	else if (bar != NULL && bar->kind != BOUND_REST)
		appendStringInfo(buf, " It lasts while %s is met at each evaluation.",
						 scheme_print_bound(bar));
}

/* Why the customer stands where it does. */
static void
append_reason(StringInfo buf, const Explained *it)
{
	const Standing *standing = it->standing;
	const SchemeTier *tier = &it->scheme->tiers[standing->tier];

	switch (standing->rule)
	{
		case BY_NONE:
			if (it->value == NULL)
				appendStringInfoString(buf, "nothing was measured.");
			else
				appendStringInfo(buf, "%s meets no bound.",
								 print_value(it->value));
			break;
		case BY_MEASURE:
			if (tier->kind == BOUND_REST)
				appendStringInfo(buf, "%s was measured, and this tier takes all the rest.",
								 print_value(it->value));
			else
				appendStringInfo(buf, "%s meets %s.", print_value(it->value),
								 scheme_print_bound(tier));
			append_safety(buf, it);
			break;
		case BY_KEEP:
			appendStringInfo(buf, "%s does not meet %s",
							 print_value(it->value), scheme_print_bound(tier));
			if (bar_of(it, standing->tier)->kind == BOUND_REST)
				appendStringInfoString(buf, ", but any value keeps the tier.");
			else
				appendStringInfo(buf, ", but meets %s, which keeps the tier.",
								 scheme_print_bound(bar_of(it, standing->tier)));
			append_safety(buf, it);
			break;
		case BY_HOLD:
			append_shortfall(buf, it);
			append_end_of_hold(buf, it);
			break;
		case BY_GRACE:
			append_shortfall(buf, it);
			append_end(buf, it, ", and the fall is announced: the tier stays");
			break;
		case BY_LANDING:
			append_shortfall(buf, it);
			append_end(buf, it, ", but after a better tier this one stays");
			break;
		case BY_NEW:
			appendStringInfo(buf, "provisional for a newcomer until %s",
							 standing_print_date(standing->until));
			if (tier_to_come(it) != NULL)
				appendStringInfo(buf, "; by what is measured now it is %s from then on",
								 tier_to_come(it));
			appendStringInfoChar(buf, '.');
			break;
		case BY_OTHER:
			break;
	}
}

/* What would raise the customer. */
static void
append_way_up(StringInfo buf, const Explained *it)
{
	int			above = tier_above(it);
	const SchemeTier *bound;

	if (above < 0)
		return;
	bound = &it->scheme->tiers[above];
	if (print_gap(it, bound) == NULL || meets(it, bound))
		return;
	appendStringInfo(buf, " %s takes %s: %s.", bound->label,
					 scheme_print_bound(bound), print_way(it, bound));
}

static char *
sentence(const Explained *it)
{
	const char *label = label_of(it, it->standing->tier);
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s since %s: ", label == NULL ? "Not graded" : label,
					 standing_print_date(it->standing->since));
	append_reason(&buf, it);
	append_way_up(&buf, it);
	return buf.data;
}

/*
 * The jsonb
 */

/* Append a key and a string, or null. */
static void
append_string(StringInfo json, const char *key, const char *string)
{
	char		last = json->len > 0 ? json->data[json->len - 1] : '\0';

	appendStringInfo(json, "%s\"%s\":",
					 last == '{' || last == '[' || last == '\0' ? "" : ",", key);
	if (string == NULL)
		appendStringInfoString(json, "null");
	else
		escape_json(json, string);
}

static void
append_date(StringInfo json, const char *key, DateADT date)
{
	append_string(json, key,
				  date == NO_DATE ? NULL : standing_print_date(date));
}

/* Append a bound, and how far the value is from it. */
static void
append_bound(StringInfo json, const Explained *it, const SchemeTier *bound)
{
	char	   *gap = print_gap(it, bound);

	append_string(json, "bound", bound->kind == BOUND_REST ? NULL :
				  scheme_print_bound(bound));
	appendStringInfo(json, ",\"gap\":%s", gap == NULL ? "null" : gap);
}

/* {"bound": ">= 80", "gap": 40, "by": "2027-01-01"}: what keeps the tier. */
static void
append_keep(StringInfo json, const Explained *it)
{
	const Standing *standing = it->standing;
	const SchemeTier *bar = NULL;

	appendStringInfoString(json, ",\"keep\":");
	if (standing->tier < it->scheme->ntiers && standing->rule != BY_NEW)
		bar = bar_of(it, standing->tier);
	if (bar == NULL || bar->kind == BOUND_REST)
	{
		appendStringInfoString(json, "null");
		return;
	}
	appendStringInfoChar(json, '{');
	append_bound(json, it, bar);
	append_date(json, "by", standing->until);
	appendStringInfoChar(json, '}');
}

/* {"tier": "Platinum", "bound": ">= 200", "gap": 160}: what raises it. */
static void
append_raise(StringInfo json, const Explained *it)
{
	int			above = tier_above(it);

	appendStringInfoString(json, ",\"raise\":");
	if (above < 0)
	{
		appendStringInfoString(json, "null");
		return;
	}
	appendStringInfoChar(json, '{');
	append_string(json, "tier", label_of(it, above));
	append_bound(json, it, &it->scheme->tiers[above]);
	appendStringInfoChar(json, '}');
}

/* Each change that comes if the measure stays as it is. */
static void
append_ahead(StringInfo json, const Explained *it)
{
	appendStringInfoString(json, ",\"ahead\":[");
	begin_ahead(it);
	while (step_ahead(it))
	{
		if (json->data[json->len - 1] == '}')
			appendStringInfoChar(json, ',');
		appendStringInfoChar(json, '{');
		append_date(json, "from", it->ahead->evaluated_on);
		append_string(json, "tier", label_of(it, it->ahead->tier));
		append_string(json, "rule", standing_rule_name(it->ahead->rule));
		append_date(json, "until", it->ahead->until);
		appendStringInfoChar(json, '}');
	}
	appendStringInfoChar(json, ']');
}

static Datum
explain(const Explained *it)
{
	const Standing *standing = it->standing;
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	append_string(&json, "tier", label_of(it, standing->tier));
	if (standing->tier == it->scheme->ntiers)
		appendStringInfoString(&json, ",\"rank\":null");
	else
		appendStringInfo(&json, ",\"rank\":%d", standing->tier + 1);
	append_date(&json, "since", standing->since);
	append_string(&json, "rule", standing_rule_name(standing->rule));
	append_date(&json, "until", standing->until);
	append_string(&json, "measured",
				  label_of(it, it->evaluation.graded));
	append_keep(&json, it);
	append_raise(&json, it);
	append_ahead(&json, it);
	append_string(&json, "sentence", sentence(it));
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

/* What was measured as a number, a double as it is written; NULL: none. */
static Numeric
number_of(const Measured *measured)
{
	if (measured_is_missing(measured))
		return NULL;
	if (measured->kind == MEASURED_NUMERIC)
		return DatumGetNumeric(PointerGetDatum(measured->numeric));
	return shortest_decimal(measured->number);
}

/* tier_standing_explain(previous, value, as_of, scheme, rules [, customer_since]) */
static Datum
tier_standing_explain(FunctionCallInfo fcinfo, Oid type)
{
	StandingCache *cache = standing_cache(fcinfo);
	Explained	it = {0};
	Standing   *standing;

	if (PG_ARGISNULL(ARG_AS_OF))
		PG_RETURN_NULL();
	it.plan = standing_plan_arg(fcinfo, cache, false);
	it.scheme = it.plan->scheme;
	it.evaluation = standing_evaluation_arg(fcinfo, it.plan, type);
	it.value = number_of(&it.evaluation.measured);
	standing = standing_previous_arg(fcinfo, cache);
	standing_step_on(it.plan, standing, &it.evaluation);
	it.standing = standing;
	it.ahead = palloc(STANDING_SIZE(it.scheme->ntiers));
	return explain(&it);
}

/* Explain the standing that tier_step gives for a numeric. */
Datum
tier_standing_explain_numeric(PG_FUNCTION_ARGS)
{
	return tier_standing_explain(fcinfo, NUMERICOID);
}

/* Explain the standing that tier_step gives for a double. */
Datum
tier_standing_explain_float8(PG_FUNCTION_ARGS)
{
	return tier_standing_explain(fcinfo, FLOAT8OID);
}
