/*-------------------------------------------------------------------------
 *
 * order_time.c
 *		When lines were ordered, and their days.
 *
 * Each customer's last order needs its day in the session's time zone, which
 * takes the server some hundred nanoseconds to find. But the offset of local
 * time is the same for months on end, so we note it for spans of some days.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#include "rfm/order_time.h"

/* A span of 2^39 microseconds, a bit more than six days. */
#define SPAN_BITS		39

/* So many spans are remembered: those of nine years. */
#define NUM_SPANS		512

/* What is known of a span. All zeros: nothing. */
typedef struct ZoneSpan
{
	int64		number;			/* span of the times number << SPAN_BITS ... */
	int64		offset;			/* of local time from UTC, in microseconds */
	bool		is_known;
	bool		has_offset;		/* one for the whole span */
} ZoneSpan;

/* Spans of the time zone, each where the low bits of its number say. */
static ZoneSpan spans[NUM_SPANS];
static const pg_tz *spans_zone = NULL;

/* The kind of a type of times; another type is an error. */
TimeKind
order_time_kind(Oid type)
{
	switch (getBaseType(type))
	{
		case DATEOID:
			return TIME_DATE;
		case TIMESTAMPOID:
			return TIME_TIMESTAMP;
		case TIMESTAMPTZOID:
			return TIME_TIMESTAMPTZ;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("ordered_at must be a date or timestamp, not of type %s",
							format_type_be(type)),
					 errhint("Cast it to date, timestamp or timestamptz.")));
	}
	return TIME_DATE;			/* keep compiler quiet */
}

/* The quotient rounded down. */
static inline int64
floor_divide(int64 dividend, int64 divisor)
{
	int64		quotient = dividend / divisor;

	return quotient - (dividend % divisor < 0);
}

/* The day of a moment, asked of the server. */
static DateADT
compute_local_day(TimestampTz at)
{
	return DatumGetDateADT(DirectFunctionCall1(timestamptz_date,
											   TimestampTzGetDatum(at)));
}

/* The offset of local time at a moment, in microseconds. */
static int64
compute_offset(TimestampTz at)
{
	Timestamp	local = DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp,
															  TimestampTzGetDatum(at)));

	return local - at;
}

/* Find out about a span. */
static void
learn_span(ZoneSpan *span, int64 number)
{
	TimestampTz begin = number * (INT64CONST(1) << SPAN_BITS);
	TimestampTz end = begin + (INT64CONST(1) << SPAN_BITS);
	pg_time_t	begin_time = timestamptz_to_time_t(begin) - 1;
	pg_time_t	boundary = 0;
	long int	before;
	long int	after;
	int			before_isdst;
	int			after_isdst;
	int			found = pg_next_dst_boundary(&begin_time, &before, &before_isdst,
											 &boundary, &after, &after_isdst,
											 session_timezone);

	span->number = number;
	span->is_known = true;
	span->has_offset = IS_VALID_TIMESTAMP(begin) &&
		(found == 0 || (found == 1 && boundary > timestamptz_to_time_t(end)));
	if (span->has_offset)
		span->offset = compute_offset(begin);
}

/* The day of a moment in the session's time zone. */
static inline DateADT
local_day(TimestampTz at)
{
	int64		number = at >> SPAN_BITS;
	ZoneSpan   *span = &spans[number & (NUM_SPANS - 1)];

	if (unlikely(spans_zone != session_timezone))
	{
		memset(spans, 0, sizeof(spans));
		spans_zone = session_timezone;
	}
	if (unlikely(!span->is_known || span->number != number))
		learn_span(span, number);
	if (unlikely(!span->has_offset))
		return compute_local_day(at);
	return (DateADT) floor_divide(at + span->offset, USECS_PER_DAY);
}

/* The day of a finite time. */
DateADT
order_time_day(TimeKind kind, OrderTime at)
{
	switch (kind)
	{
		case TIME_DATE:
			return (DateADT) at;
		case TIME_TIMESTAMP:
			return (DateADT) floor_divide(at, USECS_PER_DAY);
		default:
			return local_day(at);
	}
}

/* The last time of a day. */
OrderTime
order_time_day_end(TimeKind kind, DateADT day)
{
	switch (kind)
	{
		case TIME_DATE:
			return day;
		case TIME_TIMESTAMP:
			return DatumGetTimestamp(DirectFunctionCall1(date_timestamp,
														 DateADTGetDatum(day))) +
				USECS_PER_DAY - 1;
		default:
			/* days of local time may be longer or shorter */
			return DatumGetTimestampTz(DirectFunctionCall1(date_timestamptz,
														   DateADTGetDatum(day + 1))) - 1;
	}
}
