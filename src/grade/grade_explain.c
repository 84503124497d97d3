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

#include "grade/measured.h"
#include "number/numeric_ops.h"

/* Is there no value of the measure's type between two neighbouring bounds? */
static bool
same_bound(const SchemeTier *a, const SchemeTier *b, const Measured *value)
{
	if (value->kind == MEASURED_NUMERIC)
		return scheme_same_bound(a, b);
	return a->op == b->op && a->value == b->value;
}

/* Does no value at all meet the bound, such as > Infinity? */
static bool
is_out_of_reach(const SchemeTier *tier, const Measured *value)
{
	return isinf(tier->value) &&
		op_excludes_infinity(tier->op, tier->value > 0) &&
		(value->kind == MEASURED_DOUBLE || numeric_is_inf(tier->number));
}

/*
 * The best tier below which the value stands, that it can get next: the next
 * one up, but for tiers that are empty because the one above has their bound.
 */
static int
next_better_tier(const Scheme *scheme, int tier, const Measured *value)
{
	int			next = (tier == NO_TIER ? scheme->nmeasured : tier) - 1;

	if (next < 0)
		return NO_TIER;
	while (next > 0 &&
		   same_bound(&scheme->tiers[next], &scheme->tiers[next - 1], value))
		next--;
	return is_out_of_reach(&scheme->tiers[next], value) ? NO_TIER : next;
}

/*
 * How far a value is from a bound: for a numeric exactly, for a double as
 * doubles say, which may be Infinity.
 */
static Measured
distance_from(const SchemeTier *tier, const Measured *value)
{
	/* Infinity from Infinity is NaN to the server */
	if (value->kind == MEASURED_NUMERIC)
	{
		Numeric		number = DatumGetNumeric(PointerGetDatum(value->numeric));
		Numeric		distance = int64_to_numeric(0);

		if (num_compare(number, tier->number) != 0)
			distance = num_abs(num_subtract(number, tier->number));
		return measured_numeric((struct varlena *) distance);
	}
	return measured_double(value->number == tier->value ? 0 :
						   fabs(value->number - tier->value));
}

/* The tier to reach next by a value that is graded or below all bounds. */
static int
tier_to_reach(const Scheme *scheme, const Measured *value)
{
	if (measured_is_missing(value))
		return NO_TIER;
	return next_better_tier(scheme, grade_measured(scheme, value), value);
}

/* The tier whose bound the value meets, and loses by falling. */
static int
tier_to_keep(const Scheme *scheme, const Measured *value)
{
	int			tier = grade_measured(scheme, value);

	if (tier != NO_TIER && scheme->tiers[tier].kind == BOUND_REST)
		return NO_TIER;
	return tier;
}

/* Return the distance of a value from a tier's bound; NULL for no tier. */
static Datum
return_distance(FunctionCallInfo fcinfo, const Scheme *scheme, int tier,
				const Measured *value)
{
	Measured	distance;

	if (tier == NO_TIER)
		PG_RETURN_NULL();
	distance = distance_from(&scheme->tiers[tier], value);
	if (distance.kind == MEASURED_NUMERIC)
		PG_RETURN_POINTER(distance.numeric);
	PG_RETURN_FLOAT8(distance.number);
}

/* A value to tell distances of: from an integer they may be no integers. */
static Measured
distant_datum(Oid type, Datum value)
{
	if (type == INT8OID)
	{
		Numeric		number = int64_to_numeric(DatumGetInt64(value));

		return measured_numeric((struct varlena *) number);
	}
	return measured_datum(type, value);
}

/* tier_gap of argument 0, which is of this type. */
static Datum
gap_of_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measured	value = distant_datum(type, PG_GETARG_DATUM(0));

	return return_distance(fcinfo, scheme, tier_to_reach(scheme, &value),
						   &value);
}

PG_FUNCTION_INFO_V1(tier_gap_numeric);
Datum
tier_gap_numeric(PG_FUNCTION_ARGS)
{
	return gap_of_arg(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(tier_gap_float8);
Datum
tier_gap_float8(PG_FUNCTION_ARGS)
{
	return gap_of_arg(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(tier_gap_int8);
Datum
tier_gap_int8(PG_FUNCTION_ARGS)
{
	return gap_of_arg(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(tier_gap_float4);
Datum
tier_gap_float4(PG_FUNCTION_ARGS)
{
	return gap_of_arg(fcinfo, FLOAT4OID);
}

/* tier_margin of argument 0, which is of this type. */
static Datum
margin_of_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measured	value = distant_datum(type, PG_GETARG_DATUM(0));

	return return_distance(fcinfo, scheme, tier_to_keep(scheme, &value),
						   &value);
}

PG_FUNCTION_INFO_V1(tier_margin_numeric);
Datum
tier_margin_numeric(PG_FUNCTION_ARGS)
{
	return margin_of_arg(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(tier_margin_float8);
Datum
tier_margin_float8(PG_FUNCTION_ARGS)
{
	return margin_of_arg(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(tier_margin_int8);
Datum
tier_margin_int8(PG_FUNCTION_ARGS)
{
	return margin_of_arg(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(tier_margin_float4);
Datum
tier_margin_float4(PG_FUNCTION_ARGS)
{
	return margin_of_arg(fcinfo, FLOAT4OID);
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
 * Append a key and the distance of a value from a tier's bound: null when
 * there is none, or it is no finite number. Doubles are written shortest, as
 * no setting may change an immutable result.
 */
static void
append_distance(StringInfo json, const char *key, const Scheme *scheme,
				int tier, const Measured *value)
{
	char	   *number = "null";

	if (tier != NO_TIER)
	{
		Measured	distance = distance_from(&scheme->tiers[tier], value);
		Datum		datum = PointerGetDatum(distance.numeric);

		if (distance.kind == MEASURED_DOUBLE && !isinf(distance.number))
			number = double_to_shortest_decimal(distance.number);
		else if (distance.kind == MEASURED_NUMERIC &&
				 !numeric_is_inf(DatumGetNumeric(datum)))
			number = DatumGetCString(DirectFunctionCall1(numeric_out, datum));
	}
	appendStringInfo(json, ",\"%s\":%s", key, number);
}

/* Why a measure is not graded. */
static const char *
reason_not_graded(const Measured *value)
{
	return measured_is_missing(value) ? "not a number" : "meets no bound";
}

/* Explain the tier of argument 0, which is of this type, as jsonb. */
static Datum
explain_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	Measured	measured = distant_datum(type, PG_GETARG_DATUM(0));
	const Measured *value = &measured;
	int			tier = grade_measured(scheme, value);
	int			held = tier_to_keep(scheme, value);
	int			next = tier_to_reach(scheme, value);
	StringInfoData json;

	initStringInfo(&json);
	append_label(&json, "tier", scheme, tier);
	if (tier == NO_TIER)
		appendStringInfoString(&json, ",\"rank\":null");
	else
		appendStringInfo(&json, ",\"rank\":%d", tier + 1);
	append_bound(&json, "bound", scheme, held);
	append_distance(&json, "margin", scheme, held, value);
	append_label(&json, "next_tier", scheme, next);
	append_bound(&json, "next_bound", scheme, next);
	append_distance(&json, "gap", scheme, next, value);
	if (tier == NO_TIER)
		append_string(&json, "reason", reason_not_graded(value));
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

PG_FUNCTION_INFO_V1(tier_explain_numeric);
Datum
tier_explain_numeric(PG_FUNCTION_ARGS)
{
	return explain_arg(fcinfo, NUMERICOID);
}

PG_FUNCTION_INFO_V1(tier_explain_float8);
Datum
tier_explain_float8(PG_FUNCTION_ARGS)
{
	return explain_arg(fcinfo, FLOAT8OID);
}

PG_FUNCTION_INFO_V1(tier_explain_int8);
Datum
tier_explain_int8(PG_FUNCTION_ARGS)
{
	return explain_arg(fcinfo, INT8OID);
}

PG_FUNCTION_INFO_V1(tier_explain_float4);
Datum
tier_explain_float4(PG_FUNCTION_ARGS)
{
	return explain_arg(fcinfo, FLOAT4OID);
}
