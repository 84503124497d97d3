/*-------------------------------------------------------------------------
 *
 * grade_elapsed.c
 *		Which tier of a fitted scheme the time from since to until reaches.
 *
 * The time itself is never computed: months have no fixed length. Each bound
 * is added to since by the calendar instead, with the server's own operator,
 * and until compared with that. Bounds that are in order as intervals need not
 * be so from every since (a month against 30 days), so the search is linear:
 * the first bound met wins.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "grade/grade.h"

/* Parse a scheme that must be fitted and over durations, for text_type_arg. */
static void *
parse_duration_scheme(const char *str, int len, struct Node *escontext)
{
	Scheme	   *scheme = scheme_parse(str, len, escontext);

	if (!scheme->is_fitted || (!scheme->is_duration && scheme->nbounds > 0))
		grade_refuse_scheme(scheme);
	return scheme;
}

/* The scheme in argument argno, which must be fitted and over durations. */
static inline const Scheme *
duration_scheme(FunctionCallInfo fcinfo, int argno)
{
	return text_type_arg(fcinfo, argno, parse_duration_scheme);
}

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

		if (op_is_met(tier->op, compare(until, since, &tier->interval)))
			break;
	}
	return grade_found(scheme, i);
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

	return grade_return_label(fcinfo, scheme, grade_dates(fcinfo, scheme));
}

PG_FUNCTION_INFO_V1(tier_of_timestamp);
Datum
tier_of_timestamp(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return grade_return_label(fcinfo, scheme,
						grade_timestamps(fcinfo, scheme, compare_timestamps));
}

PG_FUNCTION_INFO_V1(tier_of_timestamptz);
Datum
tier_of_timestamptz(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return grade_return_label(fcinfo, scheme,
						grade_timestamps(fcinfo, scheme, compare_timestamptzs));
}

PG_FUNCTION_INFO_V1(tier_of_interval);
Datum
tier_of_interval(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 1);

	return grade_return_label(fcinfo, scheme,
						grade_elapsed(scheme, compare_intervals,
									  PG_GETARG_DATUM(0), (Datum) 0));
}

PG_FUNCTION_INFO_V1(tier_rank_date);
Datum
tier_rank_date(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return grade_return_rank(fcinfo, grade_dates(fcinfo, scheme));
}

PG_FUNCTION_INFO_V1(tier_rank_timestamp);
Datum
tier_rank_timestamp(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return grade_return_rank(fcinfo,
					   grade_timestamps(fcinfo, scheme, compare_timestamps));
}

PG_FUNCTION_INFO_V1(tier_rank_timestamptz);
Datum
tier_rank_timestamptz(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 2);

	return grade_return_rank(fcinfo,
					   grade_timestamps(fcinfo, scheme, compare_timestamptzs));
}

PG_FUNCTION_INFO_V1(tier_rank_interval);
Datum
tier_rank_interval(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = duration_scheme(fcinfo, 1);

	return grade_return_rank(fcinfo,
					   grade_elapsed(scheme, compare_intervals,
									 PG_GETARG_DATUM(0), (Datum) 0));
}
