/*-------------------------------------------------------------------------
 *
 * grade.c
 *		Which tier of a fitted scheme a value reaches.
 *
 * A value gets the first tier whose bound it meets. The search goes by
 * something that is quick to compare and keeps order: for numerics the key
 * that their first digits make, for other numbers the nearest double. A value
 * greater by that is greater than the bound. Only where the two are the same is
 * a closer look needed, and even there few digits are known to be equal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#include "grade.h"
#include "numeric_decode.h"
#include "parse_cache.h"

/* No tier: the value is not graded. */
#define NO_TIER			(-1)

/* More bounds than this are searched by halving. */
#define LINEAR_SEARCH_LIMIT	12

/* Integers up to here, either sign, are exact doubles. */
#define EXACT_INTEGER	(INT64CONST(1) << 53)

/* The index of the tier that a search over all the bounds ended at. */
static inline int
found_tier(const Scheme *scheme, int i)
{
	return i < scheme->nmeasured ? i : NO_TIER;
}

/* Does a value that compares so with the bound meet it? */
static inline bool
meets(BoundOp op, int cmp)
{
	switch (op)
	{
		case OP_GE:
			return cmp >= 0;
		case OP_GT:
			return cmp > 0;
		case OP_LE:
			return cmp <= 0;
		case OP_LT:
			return cmp < 0;
	}
	return false;				/* keep compiler quiet */
}

/* What to search by: a double, or the key of a numeric. */
typedef struct Searched
{
	bool		by_key;
	double		value;
	int64		key;
} Searched;

/* Is a value out of reach of a tier's bound, going by what is searched by? */
static inline bool
falls_short(const SchemeTier *tier, Searched searched, bool lower_is_better)
{
	if (searched.by_key)
		return lower_is_better ? searched.key > tier->key :
			searched.key < tier->key;
	return lower_is_better ? searched.value > tier->value :
		searched.value < tier->value;
}

static pg_attribute_always_inline int
search_in_direction(const Scheme *scheme, Searched searched,
					bool lower_is_better)
{
	const SchemeTier *tiers = scheme->tiers;
	int			low = 0;
	int			high = scheme->nbounds;

	while (unlikely(high - low > LINEAR_SEARCH_LIMIT))
	{
		int			middle = (low + high) / 2;

		if (falls_short(&tiers[middle], searched, lower_is_better))
			low = middle + 1;
		else
			high = middle;
	}
	while (low < high && falls_short(&tiers[low], searched, lower_is_better))
		low++;
	return low;
}

/*
 * The first bound that the value meets or equals, going by what is searched
 * by. The tiers before it are out of reach. If the value equals the bound, the
 * operator and what the search leaves out decide; if not, this is the tier.
 */
static pg_attribute_always_inline int
search_bounds(const Scheme *scheme, Searched searched)
{
	if (scheme->lower_is_better)
		return search_in_direction(scheme, searched, true);
	return search_in_direction(scheme, searched, false);
}

int
grade_double(const Scheme *scheme, double value)
{
	int			i;

	if (unlikely(isnan(value)))
		return NO_TIER;

	i = search_bounds(scheme, (Searched) {.value = value});
	while (i < scheme->nbounds && value == scheme->tiers[i].value &&
		   !meets(scheme->tiers[i].op, 0))
		i++;
	return found_tier(scheme, i);
}

/* Compare two numerics, leaving nothing allocated. */
static int
compare_numerics(const struct varlena *value, Numeric bound)
{
	struct varlena *aligned = PG_DETOAST_DATUM(PointerGetDatum(value));
	int			cmp;

	cmp = DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											PointerGetDatum(aligned),
											NumericGetDatum(bound)));
	if (aligned != value)
		pfree(aligned);
	return cmp;
}

/* Go on from the first bound whose key the value has, to the one it meets. */
static pg_noinline int
settle_equal_keys(const Scheme *scheme, const struct varlena *value, int64 key,
				  int i)
{
	for (; i < scheme->nbounds && key == scheme->tiers[i].key; i++)
	{
		int			cmp = 0;

		if (!NUMERIC_KEY_IS_EXACT(key))
			cmp = compare_numerics(value, scheme->tiers[i].number);
		if (meets(scheme->tiers[i].op, cmp))
			break;
	}
	return i;
}

int
grade_numeric(const Scheme *scheme, const struct varlena *value)
{
	int64		key = numeric_key(value);
	int			i;

	if (unlikely(key == NUMERIC_KEY_NAN))
		return NO_TIER;

	i = search_bounds(scheme, (Searched) {.by_key = true, .key = key});
	if (i < scheme->nbounds && key == scheme->tiers[i].key)
		i = settle_equal_keys(scheme, value, key, i);
	return found_tier(scheme, i);
}

/* Go on from the first bound that has the integer's double, to the one it meets. */
static pg_noinline int
settle_equal_doubles(const Scheme *scheme, int64 value, int i)
{
	bool		is_exact = value >= -EXACT_INTEGER && value <= EXACT_INTEGER;

	for (; i < scheme->nbounds && (double) value == scheme->tiers[i].value; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];
		int			cmp = 0;

		/* no other decimal of 15 digits rounds to an integer this small */
		if (!is_exact || !tier->is_short)
		{
			Numeric		exact = int64_to_numeric(value);

			cmp = compare_numerics((struct varlena *) exact, tier->number);
			pfree(exact);
		}
		if (meets(tier->op, cmp))
			break;
	}
	return i;
}

int
grade_int64(const Scheme *scheme, int64 value)
{
	double		nearest = (double) value;
	int			i = search_bounds(scheme, (Searched) {.value = nearest});

	if (i < scheme->nbounds && nearest == scheme->tiers[i].value)
		i = settle_equal_doubles(scheme, value, i);
	return found_tier(scheme, i);
}

/*
 * Complain that the scheme cannot grade what it was given. One without any
 * bound would have been right for both.
 */
static void
refuse_scheme(const Scheme *scheme)
{
	const SchemeTier *first = &scheme->tiers[0];

	scheme_check_fitted(scheme);
	if (scheme->is_duration)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme over durations cannot grade a number"),
				 errdetail("Tier \"%s\" has the bound \"%s\".",
						   first->label, scheme_print_bound(first)),
				 errhint("Give two dates, two timestamps or an interval; or write the bounds without a unit of time.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a tier scheme over numbers cannot grade a duration"),
			 errdetail("Tier \"%s\" has the bound \"%s\".",
					   first->label, scheme_print_bound(first)),
			 errhint("Give a number, such as the difference of two dates in days; or write the bounds with a unit of time, such as within 30 days.")));
}

/* Throw unless the scheme is fitted and over numbers. */
void
grade_check_numbers(const Scheme *scheme)
{
	if (unlikely(!scheme->is_fitted || scheme->is_duration))
		refuse_scheme(scheme);
}

/* Throw unless the scheme is fitted and over durations. */
static void
check_durations(const Scheme *scheme)
{
	if (!scheme->is_fitted || (!scheme->is_duration && scheme->nbounds > 0))
		refuse_scheme(scheme);
}

/* Parse a scheme that must be fitted and over numbers. */
static void *
parse_number_scheme(const char *str, int len, struct Node *escontext)
{
	Scheme	   *scheme = scheme_parse(str, len, escontext);

	grade_check_numbers(scheme);
	return scheme;
}

/* Parse a scheme that must be fitted and over durations. */
static void *
parse_duration_scheme(const char *str, int len, struct Node *escontext)
{
	Scheme	   *scheme = scheme_parse(str, len, escontext);

	check_durations(scheme);
	return scheme;
}

/* The scheme in argument argno, which must be fitted and over numbers. */
static inline const Scheme *
number_scheme(FunctionCallInfo fcinfo, int argno)
{
	return parse_cached(fcinfo, argno, parse_number_scheme);
}

/* The scheme in argument argno, which must be fitted and over durations. */
static inline const Scheme *
duration_scheme(FunctionCallInfo fcinfo, int argno)
{
	return parse_cached(fcinfo, argno, parse_duration_scheme);
}

/*
 * Return the label of a tier, NULL for none. Not a copy: the label lives as
 * long as the parsed scheme, so until the call site sees another scheme, as a
 * result that the executor keeps at most until the next row may.
 */
static inline Datum
return_label(FunctionCallInfo fcinfo, const Scheme *scheme, int tier)
{
	if (tier == NO_TIER)
		PG_RETURN_NULL();
	return PointerGetDatum(scheme->tiers[tier].label_text);
}

/* Return the rank of a tier, 1 for the best, NULL for none. */
static inline Datum
return_rank(FunctionCallInfo fcinfo, int tier)
{
	if (tier == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_INT32(tier + 1);
}

PG_FUNCTION_INFO_V1(tier_of_numeric);
Datum
tier_of_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_label(fcinfo, scheme,
						grade_numeric(scheme, PG_GETARG_VARLENA_PP(0)));
}

PG_FUNCTION_INFO_V1(tier_of_float8);
Datum
tier_of_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_label(fcinfo, scheme,
						grade_double(scheme, PG_GETARG_FLOAT8(0)));
}

PG_FUNCTION_INFO_V1(tier_of_int8);
Datum
tier_of_int8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_label(fcinfo, scheme,
						grade_int64(scheme, PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(tier_rank_numeric);
Datum
tier_rank_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_rank(fcinfo, grade_numeric(scheme, PG_GETARG_VARLENA_PP(0)));
}

PG_FUNCTION_INFO_V1(tier_rank_float8);
Datum
tier_rank_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_rank(fcinfo, grade_double(scheme, PG_GETARG_FLOAT8(0)));
}

PG_FUNCTION_INFO_V1(tier_rank_int8);
Datum
tier_rank_int8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);

	return return_rank(fcinfo, grade_int64(scheme, PG_GETARG_INT64(0)));
}

/*
 * Durations
 *
 * The time from since to until is never computed: months have no fixed
 * length. Each bound is added to since by the calendar instead, with the
 * server's own operator, and until compared with that. Bounds that are in
 * order as intervals need not be so from every since (a month against 30
 * days), so the search is linear: the first bound met wins.
 */

/* Compare until with since plus the bound. */
typedef int (*ElapsedComparator) (Datum until, Datum since,
								  const Interval *bound);

static int
compare_dates(Datum until, Datum since, const Interval *bound)
{
	Datum		limit = DirectFunctionCall2(date_pl_interval, since,
											IntervalPGetDatum(bound));

	return DatumGetInt32(DirectFunctionCall2(date_cmp_timestamp,
											 until, limit));
}

static int
compare_timestamps(Datum until, Datum since, const Interval *bound)
{
	Datum		limit = DirectFunctionCall2(timestamp_pl_interval, since,
											IntervalPGetDatum(bound));

	return DatumGetInt32(DirectFunctionCall2(timestamp_cmp, until, limit));
}

/* By the calendar of the session's time zone. */
static int
compare_timestamptzs(Datum until, Datum since, const Interval *bound)
{
	Datum		limit = DirectFunctionCall2(timestamptz_pl_interval, since,
											IntervalPGetDatum(bound));

	return DatumGetInt32(DirectFunctionCall2(timestamp_cmp, until, limit));
}

/* Compare an interval, in place of until, with the bound itself. */
static int
compare_intervals(Datum elapsed, Datum unused pg_attribute_unused(),
				  const Interval *bound)
{
	return DatumGetInt32(DirectFunctionCall2(interval_cmp, elapsed,
											 IntervalPGetDatum(bound)));
}

/* The index of the tier of the time from since to until. */
static int
grade_elapsed(const Scheme *scheme, ElapsedComparator compare,
			  Datum until, Datum since)
{
	int			i;

	for (i = 0; i < scheme->nbounds; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (meets(tier->op, compare(until, since, &tier->interval)))
			break;
	}
	return found_tier(scheme, i);
}

/* From one end of time to the same end is no time that could be graded. */
static int
grade_dates(FunctionCallInfo fcinfo, const Scheme *scheme)
{
	DateADT		until = PG_GETARG_DATEADT(0);

	if (DATE_NOT_FINITE(until) && until == PG_GETARG_DATEADT(1))
		return NO_TIER;
	return grade_elapsed(scheme, compare_dates,
						 PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
}

/* The same for timestamps, with or without time zone. */
static int
grade_timestamps(FunctionCallInfo fcinfo, const Scheme *scheme,
				 ElapsedComparator compare)
{
	Timestamp	until = PG_GETARG_TIMESTAMP(0);

	if (TIMESTAMP_NOT_FINITE(until) && until == PG_GETARG_TIMESTAMP(1))
		return NO_TIER;
	return grade_elapsed(scheme, compare,
						 PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
}

PG_FUNCTION_INFO_V1(tier_of_date);
Datum
tier_of_date(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_label(fcinfo, scheme, grade_dates(fcinfo, scheme));
}

PG_FUNCTION_INFO_V1(tier_of_timestamp);
Datum
tier_of_timestamp(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_label(fcinfo, scheme,
						grade_timestamps(fcinfo, scheme, compare_timestamps));
}

PG_FUNCTION_INFO_V1(tier_of_timestamptz);
Datum
tier_of_timestamptz(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_label(fcinfo, scheme,
						grade_timestamps(fcinfo, scheme, compare_timestamptzs));
}

PG_FUNCTION_INFO_V1(tier_of_interval);
Datum
tier_of_interval(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 1);

	return return_label(fcinfo, scheme,
						grade_elapsed(scheme, compare_intervals,
									  PG_GETARG_DATUM(0), (Datum) 0));
}

PG_FUNCTION_INFO_V1(tier_rank_date);
Datum
tier_rank_date(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_rank(fcinfo, grade_dates(fcinfo, scheme));
}

PG_FUNCTION_INFO_V1(tier_rank_timestamp);
Datum
tier_rank_timestamp(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_rank(fcinfo,
					   grade_timestamps(fcinfo, scheme, compare_timestamps));
}

PG_FUNCTION_INFO_V1(tier_rank_timestamptz);
Datum
tier_rank_timestamptz(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return return_rank(fcinfo,
					   grade_timestamps(fcinfo, scheme, compare_timestamptzs));
}

PG_FUNCTION_INFO_V1(tier_rank_interval);
Datum
tier_rank_interval(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 1);

	return return_rank(fcinfo,
					   grade_elapsed(scheme, compare_intervals,
									 PG_GETARG_DATUM(0), (Datum) 0));
}

/*
 * Gaps and explanations
 *
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
	return !meets(tier->op, 0) && isinf(tier->value) &&
		(tier->op == OP_GT) == (tier->value > 0) &&
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
	Datum		distance;

	/* Infinity from Infinity is NaN to the server */
	if (compare_numerics((struct varlena *) value, tier->number) == 0)
		return int64_to_numeric(0);
	distance = DirectFunctionCall2(numeric_sub, NumericGetDatum(value),
								   NumericGetDatum(tier->number));
	return DatumGetNumeric(DirectFunctionCall1(numeric_abs, distance));
}

/* The tier to reach next by a value that is graded or below all bounds. */
static int
tier_to_reach(const Scheme *scheme, const Measure *measure)
{
	if (measure_is_nan(measure))
		return NO_TIER;
	return next_better_tier(scheme, grade_measure(scheme, measure), measure);
}

PG_FUNCTION_INFO_V1(tier_gap_numeric);
Datum
tier_gap_numeric(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);
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
	const Scheme *scheme = number_scheme(fcinfo, 1);
	Measure		measure = double_measure(PG_GETARG_FLOAT8(0));
	int			next = tier_to_reach(scheme, &measure);

	if (next == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(double_distance(measure.value, &scheme->tiers[next]));
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
	if (tier == NO_TIER || scheme->tiers[tier].kind == BOUND_REST)
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

	if (tier != NO_TIER && scheme->tiers[tier].kind != BOUND_REST)
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
	int			next = tier_to_reach(scheme, measure);
	StringInfoData json;

	initStringInfo(&json);
	append_label(&json, "tier", scheme, tier);
	if (tier == NO_TIER)
		appendStringInfoString(&json, ",\"rank\":null");
	else
		appendStringInfo(&json, ",\"rank\":%d", tier + 1);
	append_bound(&json, "bound", scheme, tier);
	append_distance(&json, "margin", scheme, tier, measure);
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
	const Scheme *scheme = number_scheme(fcinfo, 1);
	Measure		measure = numeric_measure(PG_GETARG_NUMERIC(0));

	return explain_measure(scheme, &measure);
}

PG_FUNCTION_INFO_V1(tier_explain_float8);
Datum
tier_explain_float8(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = number_scheme(fcinfo, 1);
	Measure		measure = double_measure(PG_GETARG_FLOAT8(0));

	return explain_measure(scheme, &measure);
}
