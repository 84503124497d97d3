/*-------------------------------------------------------------------------
 *
 * rfm_as_of.c
 *		The day or the moment of a report.
 *
 * A date as as_of means that whole day, a timestamp that moment; and a string
 * without a type, or a parameter of none, must be told apart by what it says.
 * Were there overloads, the server would choose one before it is read. So
 * there is a type, to which dates and timestamps are cast, and which keeps
 * what it was made of.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"

#include "base/compat.h"
#include "rfm/rfm_as_of.h"

PG_FUNCTION_INFO_V1(rfm_as_of_in);
PG_FUNCTION_INFO_V1(rfm_as_of_out);
PG_FUNCTION_INFO_V1(rfm_as_of_recv);
PG_FUNCTION_INFO_V1(rfm_as_of_send);
PG_FUNCTION_INFO_V1(rfm_as_of_date);
PG_FUNCTION_INFO_V1(rfm_as_of_timestamp);
PG_FUNCTION_INFO_V1(rfm_as_of_timestamptz);

/* A value of the type, which must be finite; NULL after a soft error. */
static RfmAsOf *
make_as_of(TimeKind kind, int64 value, struct Node *escontext)
{
	RfmAsOf    *result = palloc0(sizeof(RfmAsOf));
	bool		is_finite = kind == TIME_DATE ? !DATE_NOT_FINITE(value) :
	!TIMESTAMP_NOT_FINITE(value);

	if (!is_finite)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite")));
	result->kind = kind;
	result->value = value;
	return result;
}

/* Call an input function of the server's; false after a soft error. */
static bool
call_input(PGFunction input, char *str, struct Node *escontext, Datum *result)
{
	LOCAL_FCINFO(fcinfo, 3);

	InitFunctionCallInfoData(*fcinfo, NULL, 3, InvalidOid, escontext, NULL);
	fcinfo->args[0].value = CStringGetDatum(str);
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = ObjectIdGetDatum(InvalidOid);
	fcinfo->args[1].isnull = false;
	fcinfo->args[2].value = Int32GetDatum(-1);
	fcinfo->args[2].isnull = false;
	*result = (*input) (fcinfo);
	return !SOFT_ERROR_OCCURRED(escontext);
}

/*
 * Is a string of digits and what stands between them, without an offset? An
 * era may follow.
 */
static bool
is_local_time(const char *str)
{
	const char *colon = strchr(str, ':');
	const char *rest = str + strspn(str, "0123456789-./: Tt");

	return colon != NULL && strchr(colon, '-') == NULL &&
		(*rest == '\0' || pg_strcasecmp(rest, "BC") == 0);
}

/* Is a string a day as they are printed? Those reach farther than timestamps. */
static bool
is_day(const char *str)
{
	const char *rest = str + strspn(str, "0123456789-");

	return rest > str && (*rest == '\0' || pg_strcasecmp(rest, " BC") == 0);
}

/*
 * Read a string: a day if it has no time, else a moment, of local time if it
 * says no time zone. Whatever the server reads as a timestamp will do, 'now'
 * and 'yesterday' too.
 */
Datum
rfm_as_of_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	struct Node *escontext = INPUT_ESCONTEXT(fcinfo);
	TimeKind	kind = TIME_TIMESTAMP;
	Datum		value;
	RfmAsOf    *result;

	if (is_day(str))
	{
		kind = TIME_DATE;
		if (!call_input(date_in, str, escontext, &value))
			PG_RETURN_NULL();
	}
	else if (!call_input(timestamp_in, str, escontext, &value))
		PG_RETURN_NULL();
	else if (strchr(str, ':') == NULL &&
			 DatumGetTimestamp(value) % USECS_PER_DAY == 0)
	{
		kind = TIME_DATE;
		value = DirectFunctionCall1(timestamp_date, value);
	}
	else if (!is_local_time(str))
	{
		kind = TIME_TIMESTAMPTZ;
		if (!call_input(timestamptz_in, str, escontext, &value))
			PG_RETURN_NULL();
	}

	result = make_as_of(kind, kind == TIME_DATE ? DatumGetDateADT(value) :
						DatumGetTimestamp(value), escontext);
	if (result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(result);
}

/* Print by the calendar of ISO 8601, a moment with its offset, to be read back. */
Datum
rfm_as_of_out(PG_FUNCTION_ARGS)
{
	const RfmAsOf *as_of = (const RfmAsOf *) PG_GETARG_POINTER(0);
	char		buf[MAXDATELEN + 1];
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz = 0;

	if (as_of->kind == TIME_DATE)
	{
		j2date((int) as_of->value + POSTGRES_EPOCH_JDATE,
			   &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, buf);
	}
	else
	{
		bool		with_zone = as_of->kind == TIME_TIMESTAMPTZ;

		if (timestamp2tm(as_of->value, with_zone ? &tz : NULL, &tm, &fsec,
						 NULL, NULL) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("timestamp out of range")));
		EncodeDateTime(&tm, fsec, with_zone, tz, NULL, USE_ISO_DATES, buf);
	}
	PG_RETURN_CSTRING(pstrdup(buf));
}

/* Binary input, validated. */
Datum
rfm_as_of_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			kind = pq_getmsgbyte(buf);
	int64		value = pq_getmsgint64(buf);
	bool		is_valid = false;

	if (kind == TIME_DATE)
		is_valid = value == (DateADT) value && IS_VALID_DATE((DateADT) value);
	else if (kind == TIME_TIMESTAMP || kind == TIME_TIMESTAMPTZ)
		is_valid = IS_VALID_TIMESTAMP(value);
	if (!is_valid)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid rfm_as_of in external binary form")));
	PG_RETURN_POINTER(make_as_of((TimeKind) kind, value, NULL));
}

/* Binary output. */
Datum
rfm_as_of_send(PG_FUNCTION_ARGS)
{
	const RfmAsOf *as_of = (const RfmAsOf *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, as_of->kind);
	pq_sendint64(&buf, as_of->value);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* A day. */
Datum
rfm_as_of_date(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(make_as_of(TIME_DATE, PG_GETARG_DATEADT(0), NULL));
}

/* A moment of local time. */
Datum
rfm_as_of_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(make_as_of(TIME_TIMESTAMP, PG_GETARG_TIMESTAMP(0), NULL));
}

/* A moment. */
Datum
rfm_as_of_timestamptz(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(make_as_of(TIME_TIMESTAMPTZ, PG_GETARG_TIMESTAMPTZ(0), NULL));
}

/* The last time that counts, among times of a kind. */
OrderTime
rfm_as_of_end(const RfmAsOf *as_of, TimeKind kind)
{
	Datum		value = Int64GetDatum(as_of->value);

	if (as_of->kind == TIME_DATE)
		return order_time_day_end(kind, (DateADT) as_of->value);
	if (kind == TIME_DATE)
		return order_time_day((TimeKind) as_of->kind, as_of->value);
	if (as_of->kind == (int32) kind)
		return as_of->value;
	if (kind == TIME_TIMESTAMP)
		return DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp, value));
	return DatumGetTimestampTz(DirectFunctionCall1(timestamp_timestamptz, value));
}

/* The last day before a period that ends with a day. */
static OrderTime
period_start_day(TimeKind kind, DateADT end, Interval *period)
{
	Datum		start = DirectFunctionCall2(date_mi_interval,
											DateADTGetDatum(end),
											IntervalPGetDatum(period));

	if (TIMESTAMP_NOT_FINITE(DatumGetTimestamp(start)))
		return DatumGetTimestamp(start);
	return order_time_day_end(kind, order_time_day(TIME_TIMESTAMP,
												   DatumGetTimestamp(start)));
}

/* The last time before the period that ends at a moment. */
static OrderTime
period_start_moment(TimeKind kind, OrderTime end, Interval *period)
{
	PGFunction	subtract = kind == TIME_TIMESTAMP ? timestamp_mi_interval :
	timestamptz_mi_interval;

	return DatumGetTimestamp(DirectFunctionCall2(subtract,
												 TimestampGetDatum(end),
												 IntervalPGetDatum(period)));
}

/*
 * The last time before the period that ends then. Days are taken whole where
 * either side has no more than days.
 */
OrderTime
rfm_as_of_period_start(const RfmAsOf *as_of, TimeKind kind, Interval *period)
{
	OrderTime	end = rfm_as_of_end(as_of, kind);
	OrderTime	start;

	if (as_of->kind == TIME_DATE || kind == TIME_DATE)
		start = period_start_day(kind, order_time_day(kind, end), period);
	else
		start = period_start_moment(kind, end, period);
	if (start >= end)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("period must be positive")));
	return start;
}
