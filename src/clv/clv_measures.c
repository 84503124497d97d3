/*-------------------------------------------------------------------------
 *
 * clv_measures.c
 *		From the lines of an orders table to what the models need to know of a
 *		customer, in one pass.
 *
 * Purchases of one day are one purchase, or those of one week, month, quarter
 * or year if merge says so; below, these are periods. A line of a negative
 * amount is a refund, and no purchase. The first period is no repeat; which it
 * is may turn out late, since lines come in any order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "base/rows.h"
#include "clv/clv_measures.h"
#include "number/numeric_decode.h"
#include "number/numeric_ops.h"
#include "rfm/rfm_measures.h"

/* The columns of the record. */
enum
{
	CLV_FREQUENCY,
	CLV_RECENCY,
	CLV_AGE,
	CLV_MEAN_SPEND,
	CLV_UNIT,
	NUM_CLV_COLUMNS
};

/* What a customer's lines have in common. */
typedef struct ClvSettings
{
	OrderTime	end;			/* the last that counts: as_of */
	int32		time_kind;		/* a TimeKind */
	int32		amount_kind;	/* a MeasuredKind */
	DurationUnit unit;
	DurationUnit merge;
} ClvSettings;

/*
 * The state of a group. The periods with a purchase are told by numbers, in
 * order unless unsorted; a number may be there more than once if it is.
 */
typedef struct ClvState
{
	ClvSettings settings;
	int32	   *periods;
	int32		nperiods;
	int32		max_periods;	/* that there is room for */
	int32		first;			/* the least, if there are any */
	bool		unsorted;
	ExactSum	spent_first;	/* in the first period */
	ExactSum	spent_again;	/* in the others */
} ClvState;

/* A word among the arguments, which is the same in most rows. */
typedef struct UnitMemo
{
	char		word[16];
	int			len;			/* 0 at first */
	DurationUnit unit;
} UnitMemo;

/* What a call site of the transition function knows, in fn_extra. */
typedef struct ClvCall
{
	AmountType	amount_type;
	AsOfMemo	as_of;
	UnitMemo	unit;
	UnitMemo	merge;
	ClvSettings settings;
} ClvCall;

PG_FUNCTION_INFO_V1(clv_measures_accum);
PG_FUNCTION_INFO_V1(clv_measures_merge_accum);
PG_FUNCTION_INFO_V1(clv_measures_combine);
PG_FUNCTION_INFO_V1(clv_measures_serialize);
PG_FUNCTION_INFO_V1(clv_measures_deserialize);
PG_FUNCTION_INFO_V1(clv_measures_final);

/*
 * Periods
 */

/* The quotient rounded down. */
static inline int32
floor_divide(int32 dividend, int32 divisor)
{
	return dividend / divisor - (dividend % divisor < 0);
}

/* The number of a month, counted from year 0. */
static int32
month_number(DateADT day)
{
	int			year;
	int			month;
	int			day_of_month;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &day_of_month);
	return year * 12 + month - 1;
}

/* The number of the period that a day is in. */
static int32
period_number(DateADT day, DurationUnit merge)
{
	switch (merge)
	{
		case UNIT_DAY:
			return day;
		case UNIT_WEEK:
			/* weeks begin on Monday, as 3 January 2000 was one */
			return floor_divide(day - 2, 7);
		case UNIT_MONTH:
			return month_number(day);
		case UNIT_QUARTER:
			return floor_divide(month_number(day), 3);
		case UNIT_YEAR:
			return floor_divide(month_number(day), 12);
	}
	return 0;					/* keep compiler quiet */
}

/* The mean length of a unit, in days. */
static double
unit_days(DurationUnit unit)
{
	switch (unit)
	{
		case UNIT_DAY:
			return 1;
		case UNIT_WEEK:
			return 7;
		case UNIT_MONTH:
			return 365.25 / 12;
		case UNIT_QUARTER:
			return 365.25 / 4;
		case UNIT_YEAR:
			return 365.25;
	}
	return 1;					/* keep compiler quiet */
}

/* The time between two periods in units: a whole number where they are units. */
static Datum
time_between(const ClvSettings *settings, int32 begin, int32 end)
{
	double		periods = (double) end - begin;

	if (settings->merge != settings->unit)
		periods *= unit_days(settings->merge) / unit_days(settings->unit);
	return Float8GetDatum(periods);
}

static int
compare_periods(const void *left, const void *right)
{
	int32		a = *(const int32 *) left;
	int32		b = *(const int32 *) right;

	CHECK_FOR_INTERRUPTS();		/* there may be millions to sort */
	return (a > b) - (a < b);
}

/* Sort periods and leave out what is there twice; how many are left. */
static int32
sort_periods(int32 *periods, int32 nperiods)
{
	int32		kept = 0;

	qsort(periods, nperiods, sizeof(int32), compare_periods);
	for (int32 i = 0; i < nperiods; i++)
	{
		if (kept == 0 || periods[kept - 1] != periods[i])
			periods[kept++] = periods[i];
	}
	return kept;
}

/* Make room for one more period: by leaving out doubles, if that helps. */
static void
make_room(ClvState *state)
{
	if (state->unsorted)
	{
		state->nperiods = sort_periods(state->periods, state->nperiods);
		state->unsorted = false;
		if (state->nperiods <= state->max_periods / 2)
			return;
	}
	state->max_periods *= 2;
	state->periods = repalloc(state->periods, sizeof(int32) * state->max_periods);
}

/* Note a period with a purchase. */
static inline void
note_period(ClvState *state, int32 period)
{
	if (state->nperiods > 0)
	{
		int32		last = state->periods[state->nperiods - 1];

		if (period == last)
			return;
		if (period < last)
			state->unsorted = true;
	}
	if (state->nperiods == state->max_periods)
		make_room(state);
	state->periods[state->nperiods++] = period;
}

/*
 * Collecting
 */

/* Begin the state of a group. */
static ClvState *
create_state(MemoryContext context, const ClvSettings *settings)
{
	ClvState   *state = MemoryContextAllocZero(context, sizeof(ClvState));

	state->settings = *settings;
	state->max_periods = 4;
	state->periods = MemoryContextAlloc(context, sizeof(int32) * state->max_periods);
	return state;
}

/* Throw unless all lines of a group are to be measured in one way. */
static inline void
check_settings(const ClvSettings *a, const ClvSettings *b)
{
	if (unlikely(a->end != b->end))
		measures_argument_changed("as_of");
	if (unlikely(a->unit != b->unit))
		measures_argument_changed("unit");
	if (unlikely(a->merge != b->merge))
		measures_argument_changed("merge");
}

/* Let a period be the first, if it is: then what was is one of the others. */
static inline void
note_first(ClvState *state, int32 period)
{
	if (state->nperiods > 0 && period >= state->first)
		return;
	exact_sum_add(&state->spent_again, &state->spent_first, state);
	memset(&state->spent_first, 0, sizeof(ExactSum));
	state->first = period;
}

/* The sum that a purchase in a period adds to. */
static inline ExactSum *
spent_in(ClvState *state, int32 period)
{
	return period == state->first ? &state->spent_first : &state->spent_again;
}

/* The unit that an argument names. */
static inline DurationUnit
get_unit(UnitMemo *memo, const text *word)
{
	int			len = VARSIZE_ANY_EXHDR(word);

	if (unlikely(len != memo->len || memcmp(memo->word, VARDATA_ANY(word), len) != 0))
	{
		memo->unit = time_unit_from_text(word);
		memo->len = 0;
		if (len <= (int) sizeof(memo->word))
		{
			memcpy(memo->word, VARDATA_ANY(word), len);
			memo->len = len;
		}
	}
	return memo->unit;
}

/* What this call site knows; found out on its first call. */
static ClvCall *
get_call(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	ClvCall    *call = flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(ClvCall));
		call->settings.time_kind = order_time_kind(get_fn_expr_argtype(flinfo, 1));
		call->amount_type = measures_amount_type(get_fn_expr_argtype(flinfo, 2),
												 "amount");
		call->settings.amount_kind = call->amount_type.kind;
		call->as_of.as_of.value = NO_TIME;
		flinfo->fn_extra = call;
	}
	return call;
}

/* Read what all rows of a group share. */
static void
read_settings(FunctionCallInfo fcinfo, ClvCall *call, int merge_argno)
{
	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be null")));
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("unit must not be null"),
				 errhint("The units are day, week, month, quarter and year.")));
	call->settings.end = rfm_as_of_recall(&call->as_of,
										  (const RfmAsOf *) PG_GETARG_POINTER(3),
										  (TimeKind) call->settings.time_kind);
	call->settings.unit = get_unit(&call->unit, PG_GETARG_TEXT_PP(4));
	call->settings.merge = UNIT_DAY;
	if (merge_argno && !PG_ARGISNULL(merge_argno))
		call->settings.merge = get_unit(&call->merge, PG_GETARG_TEXT_PP(merge_argno));
}

/* Add a row to a group; merge_argno 0 means that there is no such argument. */
static inline Datum
accumulate(FunctionCallInfo fcinfo, int merge_argno)
{
	ClvCall    *call = get_call(fcinfo);
	const ClvSettings *settings = &call->settings;
	ClvState   *state;
	OrderTime	at;
	Datum		amount;
	int32		period;

	read_settings(fcinfo, call, merge_argno);
	if (PG_ARGISNULL(0))
		state = create_state(aggregate_context(fcinfo), settings);
	else
	{
		state = (ClvState *) PG_GETARG_POINTER(0);
		check_settings(&state->settings, settings);
	}

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	at = measures_read_ordered_at((TimeKind) settings->time_kind, PG_GETARG_DATUM(1));
	amount = measures_read_amount(&call->amount_type, PG_GETARG_DATUM(2));
	if (at > settings->end || measures_is_refund(call->amount_type.kind, amount))
		PG_RETURN_POINTER(state);

	period = period_number(order_time_day((TimeKind) settings->time_kind, at),
						   settings->merge);
	note_first(state, period);
	measures_add_amount(call->amount_type.kind, spent_in(state, period), amount,
						state);
	note_period(state, period);
	PG_RETURN_POINTER(state);
}

/* Transition function of clv_measures(ordered_at, amount, as_of, unit). */
Datum
clv_measures_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 0);
}

/* Transition function of the form with merge. */
Datum
clv_measures_merge_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 5);
}

/* Combine function. The second state is never changed. */
Datum
clv_measures_combine(PG_FUNCTION_ARGS)
{
	ClvState   *state = NULL;
	const ClvState *other;

	if (!PG_ARGISNULL(0))
		state = (ClvState *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = (const ClvState *) PG_GETARG_POINTER(1);
	if (state == NULL)
		state = create_state(aggregate_context(fcinfo), &other->settings);
	check_settings(&state->settings, &other->settings);
	if (other->nperiods == 0)
		PG_RETURN_POINTER(state);

	note_first(state, other->first);
	exact_sum_add(spent_in(state, other->first), &other->spent_first, state);
	exact_sum_add(&state->spent_again, &other->spent_again, state);
	for (int32 i = 0; i < other->nperiods; i++)
		note_period(state, other->periods[i]);
	PG_RETURN_POINTER(state);
}

/* Write a state as a message to another process. */
Datum
clv_measures_serialize(PG_FUNCTION_ARGS)
{
	const ClvState *state = (const ClvState *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, state->settings.end);
	pq_sendint32(&buf, state->settings.time_kind);
	pq_sendint32(&buf, state->settings.amount_kind);
	pq_sendint32(&buf, state->settings.unit);
	pq_sendint32(&buf, state->settings.merge);
	pq_sendint32(&buf, state->first);
	exact_sum_send(&buf, &state->spent_first);
	exact_sum_send(&buf, &state->spent_again);
	pq_sendint32(&buf, state->nperiods);
	for (int32 i = 0; i < state->nperiods; i++)
		pq_sendint32(&buf, state->periods[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Read a state from another process's message. */
Datum
clv_measures_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *message = PG_GETARG_BYTEA_PP(0);
	ClvSettings settings;
	ClvState   *state;
	StringInfoData buf;
	int32		nperiods;

	/* read in place: nothing below writes into the buffer */
	buf.data = VARDATA_ANY(message);
	buf.len = VARSIZE_ANY_EXHDR(message);
	buf.maxlen = 0;
	buf.cursor = 0;
	settings.end = pq_getmsgint64(&buf);
	settings.time_kind = pq_getmsgint(&buf, 4);
	settings.amount_kind = pq_getmsgint(&buf, 4);
	settings.unit = (DurationUnit) pq_getmsgint(&buf, 4);
	settings.merge = (DurationUnit) pq_getmsgint(&buf, 4);
	state = create_state(CurrentMemoryContext, &settings);
	state->first = (int32) pq_getmsgint(&buf, 4);
	exact_sum_recv(&buf, &state->spent_first);
	exact_sum_recv(&buf, &state->spent_again);
	nperiods = (int32) pq_getmsgint(&buf, 4);
	while (nperiods-- > 0)
		note_period(state, (int32) pq_getmsgint(&buf, 4));
	pq_getmsgend(&buf);
	PG_RETURN_POINTER(state);
}

/* The mean spent in repeat periods. */
static double
mean_spend(const ClvState *state, int32 repeats)
{
	Numeric		mean;
	double		result;
	DecodeResult decoded;

	if (state->settings.amount_kind == MEASURED_DOUBLE)
		return exact_sum_double(&state->spent_again) / repeats;
	mean = num_divide(exact_sum_numeric(&state->spent_again),
					  int64_to_numeric(repeats));
	decoded = numeric_decode((const struct varlena *) mean, &result);
	if (decoded == DECODE_OVERFLOW || decoded == DECODE_UNDERFLOW)
		/* told by its magnitude: it may have 130,000 digits */
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("mean spend %s is out of range for type double precision",
						numeric_out_sci(mean, 1))));
	return result;
}

/* Final function: the record, or NULL without a purchase. */
Datum
clv_measures_final(PG_FUNCTION_ARGS)
{
	const ClvState *state;
	const ClvSettings *settings;
	int32	   *periods;
	int32		nperiods;
	int32		end;
	Datum		values[NUM_CLV_COLUMNS];
	bool		nulls[NUM_CLV_COLUMNS] = {false};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const ClvState *) PG_GETARG_POINTER(0);
	if (state->nperiods == 0)
		PG_RETURN_NULL();
	settings = &state->settings;

	/* a copy: the state may go on */
	periods = palloc(sizeof(int32) * state->nperiods);
	memcpy(periods, state->periods, sizeof(int32) * state->nperiods);
	nperiods = sort_periods(periods, state->nperiods);

	end = period_number(order_time_day((TimeKind) settings->time_kind,
									   settings->end), settings->merge);
	values[CLV_FREQUENCY] = Int64GetDatum(nperiods - 1);
	values[CLV_RECENCY] = time_between(settings, periods[0], periods[nperiods - 1]);
	values[CLV_AGE] = time_between(settings, periods[0], end);
	values[CLV_MEAN_SPEND] =
		Float8GetDatum(nperiods > 1 ? mean_spend(state, nperiods - 1) : 0);
	values[CLV_UNIT] = CStringGetTextDatum(time_unit_name(settings->unit));
	return rows_single(fcinfo, values, nulls);
}

/*
 * Records
 */

/* Read a record; false if a column that each customer has is NULL. */
bool
clv_measures_read(Datum record, ClvMeasures *measures)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(record);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											  HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple;
	Datum		values[NUM_CLV_COLUMNS];
	bool		nulls[NUM_CLV_COLUMNS];

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	if (nulls[CLV_FREQUENCY] || nulls[CLV_RECENCY] || nulls[CLV_AGE] ||
		nulls[CLV_UNIT])
		return false;

	measures->frequency = (double) DatumGetInt64(values[CLV_FREQUENCY]);
	measures->recency = DatumGetFloat8(values[CLV_RECENCY]);
	measures->age = DatumGetFloat8(values[CLV_AGE]);
	measures->mean_spend = nulls[CLV_MEAN_SPEND] ? NAN :
		DatumGetFloat8(values[CLV_MEAN_SPEND]);
	measures->unit = time_unit_from_text(DatumGetTextPP(values[CLV_UNIT]));
	return true;
}
