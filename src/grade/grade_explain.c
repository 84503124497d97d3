/*-------------------------------------------------------------------------
 *
 * grade_explain.c
 *		How far a measure is from its bounds, and why it has its tier.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

#include "grade/grade.h"
#include "number/numeric_ops.h"

/*
 * What differs between the measure's types is how far a value is from a
 * bound, and which tiers a value of the type can get at all.
 */
typedef struct Measure
{
	bool		is_exact;		/* numeric, not double */
	Numeric		number;
	double		value;
} Measure;

static Measure
numeric_measure(Numeric number)
{
	return (Measure) {.is_exact = true, .number = number};
}

static Measure
double_measure(double value)
{
	return (Measure) {.value = value};
}

static int
grade_measure(const Scheme *scheme, const Measure *measure)
{
	if (measure->is_exact)
		return grade_numeric(scheme, (struct varlena *) measure->number);
	return grade_double(scheme, measure->value);
}

static bool
measure_is_nan(const Measure *measure)
{
	return measure->is_exact ? numeric_is_nan(measure->number) :
		isnan(measure->value);
}

/* Is there no value of the measure's type between two neighbouring bounds? */
static bool
same_bound(const SchemeTier *a, const SchemeTier *b, const Measure *measure)
{
	if (measure->is_exact)
		return scheme_same_bound(a, b);
	return a->op == b->op && a->value == b->value;
}

/* Does no value at all meet the bound, such as > Infinity? */
static bool
is_out_of_reach(const SchemeTier *tier, const Measure *measure)
{
	return isinf(tier->value) &&
		op_excludes_infinity(tier->op, tier->value > 0) &&
		(!measure->is_exact || numeric_is_inf(tier->number));
}

/*
 * The best tier below which the value stands, that it can get next: the next
 * one up, but for tiers that are empty because the one above has their bound.
 */
static int
next_better_tier(const Scheme *scheme, int tier, const Measure *measure)
{
	int			next = (tier == NO_TIER ? scheme->nmeasured : tier) - 1;

	if (next < 0)
		return NO_TIER;
	while (next > 0 &&
		   same_bound(&scheme->tiers[next], &scheme->tiers[next - 1], measure))
		next--;
	return is_out_of_reach(&scheme->tiers[next], measure) ? NO_TIER : next;
}

/* How far a double is from a bound; Infinity where a double cannot say. */
static double
double_distance(double value, const SchemeTier *tier)
{
	return value == tier->value ? 0 : fabs(value - tier->value);
}

/* How far a numeric is from a bound, exactly. */
static Numeric
numeric_distance(Numeric value, const SchemeTier *tier)
{
	/* Infinity from Infinity is NaN to the server */
	if (grade_compare_numerics((struct varlena *) value, tier->number) == 0)
		return int64_to_numeric(0);
	return num_abs(num_subtract(value, tier->number));
}

/* The tier to reach next by a value that is graded or below all bounds. */
static int
tier_to_reach(const Scheme *scheme, const Measure *measure)
{
	if (measure_is_nan(measure))
		return NO_TIER;
	return next_better_tier(scheme, grade_measure(scheme, measure), measure);
}

/* The tier whose bound the value meets, and loses by falling. */
static int
tier_to_keep(const Scheme *scheme, const Measure *measure)
{
	int			tier = grade_measure(scheme, measure);

	if (tier != NO_TIER && scheme->tiers[tier].kind == BOUND_REST)
		return NO_TIER;
	return tier;
}

PG_FUNCTION_INFO_V1(tier_gap_numeric);
Datum
tier_gap_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = numeric_measure(PG_GETARG_NUMERIC(0));
	int			next = tier_to_reach(scheme, &measure);

	if (next == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(numeric_distance(measure.number, &scheme->tiers[next]));
}

PG_FUNCTION_INFO_V1(tier_gap_float8);
Datum
tier_gap_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = double_measure(PG_GETARG_FLOAT8(0));
	int			next = tier_to_reach(scheme, &measure);

	if (next == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(double_distance(measure.value, &scheme->tiers[next]));
}

PG_FUNCTION_INFO_V1(tier_margin_numeric);
Datum
tier_margin_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = numeric_measure(PG_GETARG_NUMERIC(0));
	int			held = tier_to_keep(scheme, &measure);

	if (held == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(numeric_distance(measure.number, &scheme->tiers[held]));
}

PG_FUNCTION_INFO_V1(tier_margin_float8);
Datum
tier_margin_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = double_measure(PG_GETARG_FLOAT8(0));
	int			held = tier_to_keep(scheme, &measure);

	if (held == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(double_distance(measure.value, &scheme->tiers[held]));
}

/* Append a key and a string, or null. */
static void
append_string(StringInfo json, const char *key, const char *string)
{
	appendStringInfo(json, "%c\"%s\":", json->len == 0 ? '{' : ',', key);
	if (string == NULL)
		appendStringInfoString(json, "null");
	else
		escape_json(json, string);
}

/* Append a key and a tier's label, or null. */
static void
append_label(StringInfo json, const char *key, const Scheme *scheme, int tier)
{
	append_string(json, key,
				  tier == NO_TIER ? NULL : scheme->tiers[tier].label);
}

/* Append a key and a tier's bound as it is printed, or null. */
static void
append_bound(StringInfo json, const char *key, const Scheme *scheme, int tier)
{
	if (tier == NO_TIER)
		append_string(json, key, NULL);
	else
		append_string(json, key, scheme_print_bound(&scheme->tiers[tier]));
}

/*
 * Append a key and the distance of the measure from a tier's bound: null when
 * there is none, or it is no finite number. Doubles are written shortest, as
 * no setting may change an immutable result.
 */
static void
append_distance(StringInfo json, const char *key, const Scheme *scheme,
				int tier, const Measure *measure)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];
	const char *number = NULL;

	if (tier != NO_TIER)
	{
		const SchemeTier *bound = &scheme->tiers[tier];

		if (measure->is_exact)
		{
			Numeric		distance = numeric_distance(measure->number, bound);

			if (!numeric_is_inf(distance))
				number = DatumGetCString(DirectFunctionCall1(numeric_out,
															 NumericGetDatum(distance)));
		}
		else
		{
			double		distance = double_distance(measure->value, bound);

			if (!isinf(distance))
			{
				double_to_shortest_decimal_buf(distance, digits);
				number = digits;
			}
		}
	}
	appendStringInfo(json, ",\"%s\":%s", key, number == NULL ? "null" : number);
}

/* Why a measure is not graded. */
static const char *
reason_not_graded(const Measure *measure)
{
	return measure_is_nan(measure) ? "not a number" : "meets no bound";
}

/* Explain the tier of a measure as jsonb. */
static Datum
explain_measure(const Scheme *scheme, const Measure *measure)
{
	int			tier = grade_measure(scheme, measure);
	int			held = tier_to_keep(scheme, measure);
	int			next = tier_to_reach(scheme, measure);
	StringInfoData json;

	initStringInfo(&json);
	append_label(&json, "tier", scheme, tier);
	if (tier == NO_TIER)
		appendStringInfoString(&json, ",\"rank\":null");
	else
		appendStringInfo(&json, ",\"rank\":%d", tier + 1);
	append_bound(&json, "bound", scheme, held);
	append_distance(&json, "margin", scheme, held, measure);
	append_label(&json, "next_tier", scheme, next);
	append_bound(&json, "next_bound", scheme, next);
	append_distance(&json, "gap", scheme, next, measure);
	if (tier == NO_TIER)
		append_string(&json, "reason", reason_not_graded(measure));
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

PG_FUNCTION_INFO_V1(tier_explain_numeric);
Datum
tier_explain_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = numeric_measure(PG_GETARG_NUMERIC(0));

	return explain_measure(scheme, &measure);
}

PG_FUNCTION_INFO_V1(tier_explain_float8);
Datum
tier_explain_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measure		measure = double_measure(PG_GETARG_FLOAT8(0));

	return explain_measure(scheme, &measure);
}
