/*-------------------------------------------------------------------------
 *
 * credit.c
 *		The payment record of a customer: how promptly invoices are paid,
 *		and what is overdue.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "base/rows.h"
#include "number/decimal.h"
#include "number/exact_sum.h"
#include "number/numeric_ops.h"

/* How many fields a payment_record has. */
#define RECORD_FIELDS	8

/*
 * What is known of the invoices so far. Only those settled or overdue as of
 * the day are counted; the day is the same for all rows.
 */
typedef struct PaymentState
{
	DateADT		as_of;
	int64		invoices;
	int64		on_time;
	int32		worst_days;		/* of the counted invoices, signed */
	int64		overdue;
	int32		oldest_days;	/* 0 when none is overdue */
	ExactSum	amount;			/* of the counted invoices */
	ExactSum	amount_days;	/* amount times days late */
	ExactSum	overdue_amount; /* with open credit notes, negative */
} PaymentState;

PG_FUNCTION_INFO_V1(payment_record_accum);
PG_FUNCTION_INFO_V1(payment_record_combine);
PG_FUNCTION_INFO_V1(payment_record_serialize);
PG_FUNCTION_INFO_V1(payment_record_deserialize);
PG_FUNCTION_INFO_V1(payment_record_final);

/* The types of a call site's times and amounts, looked up once. */
typedef struct PaymentTypes
{
	Oid			time;
	Oid			amount;
} PaymentTypes;

static const PaymentTypes *
get_payment_types(FmgrInfo *flinfo)
{
	PaymentTypes *types = flinfo->fn_extra;

	if (types == NULL)
	{
		types = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(PaymentTypes));
		types->time = get_fn_expr_argtype(flinfo, 1);
		types->amount = get_fn_expr_argtype(flinfo, 3);
		flinfo->fn_extra = types;
	}
	return types;
}

/* In assert builds: can there be such a state? */
#ifdef USE_ASSERT_CHECKING
static void
AssertCheckPaymentState(const PaymentState *state)
{
	Assert(state->on_time >= 0 && state->overdue >= 0);
	Assert(state->on_time + state->overdue <= state->invoices);
	Assert((state->oldest_days > 0) == (state->overdue > 0));
	Assert(state->overdue == 0 || state->worst_days >= state->oldest_days);
}
#else
#define AssertCheckPaymentState(state)	((void) 0)
#endif

/* Argument 0, the state; NULL at first. */
static PaymentState *
state_from_arg(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) ? NULL : (PaymentState *) PG_GETARG_POINTER(0);
}

/* Throw unless a day is a real one. */
static void
check_finite_date(DateADT date, const char *name)
{
	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("%s of payment_record must be a finite date", name)));
}

/*
 * The day that a date or timestamp argument falls on, which must be a real
 * one. Of a timestamptz it is that of the session's time zone.
 */
static DateADT
get_day(FunctionCallInfo fcinfo, int argno, const char *name)
{
	Datum		time = PG_GETARG_DATUM(argno);

	switch (get_payment_types(fcinfo->flinfo)->time)
	{
		case TIMESTAMPOID:
			time = DirectFunctionCall1(timestamp_date, time);
			break;
		case TIMESTAMPTZOID:
			time = DirectFunctionCall1(timestamptz_date, time);
			break;
	}
	check_finite_date(DatumGetDateADT(time), name);
	return DatumGetDateADT(time);
}

/* The amount of an invoice; a double is the decimal that it is printed as. */
static Numeric
get_amount(FunctionCallInfo fcinfo, int argno)
{
	switch (get_payment_types(fcinfo->flinfo)->amount)
	{
		case INT8OID:
			return int64_to_numeric(PG_GETARG_INT64(argno));
		case FLOAT8OID:
			return shortest_decimal(PG_GETARG_FLOAT8(argno));
	}
	return PG_GETARG_NUMERIC(argno);
}

/* Start a state, as of a day. */
static PaymentState *
make_payment_state(FunctionCallInfo fcinfo, DateADT as_of)
{
	PaymentState *state = MemoryContextAllocZero(aggregate_context(fcinfo),
												 sizeof(PaymentState));

	state->as_of = as_of;
	return state;
}

/* Throw unless a row, or another state, is as of the same day. */
static void
check_as_of(const PaymentState *state, DateADT as_of)
{
	if (state->as_of != as_of)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of of payment_record must be the same day for all rows"),
				 errhint("Group by the day to look back from several days at once.")));
}

/* The sign of an amount, which must be finite. */
static int
amount_sign(Numeric amount)
{
	if (numeric_is_nan(amount) || numeric_is_inf(amount))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount of payment_record must be a finite number")));
	return num_sign(amount);
}

/* Count an invoice that is settled or overdue. */
static void
count_invoice(PaymentState *state, Numeric amount, int32 days_late)
{
	Numeric		amount_days = num_multiply(amount, int64_to_numeric(days_late));

	exact_sum_add_numeric(&state->amount, (struct varlena *) amount, state);
	exact_sum_add_numeric(&state->amount_days,
						  (struct varlena *) amount_days, state);
	if (state->invoices == 0 || days_late > state->worst_days)
		state->worst_days = days_late;
	if (days_late <= 0)
		state->on_time++;
	state->invoices++;
}

/*
 * Look at one invoice as of the day. Unpaid on its due date, or before it, it
 * says nothing yet; a row over nothing says nothing ever.
 */
static void
add_invoice(PaymentState *state, DateADT due, bool settled, DateADT paid,
			Numeric amount)
{
	if (settled)
		count_invoice(state, amount, paid - due);
	else if (due < state->as_of)
	{
		int32		days_late = state->as_of - due;

		count_invoice(state, amount, days_late);
		exact_sum_add_numeric(&state->overdue_amount,
							  (struct varlena *) amount, state);
		state->overdue++;
		state->oldest_days = Max(state->oldest_days, days_late);
	}
}

/*
 * Transition: one row of due, paid, amount and as_of. A credit note (a
 * negative amount) has no delay; while it is open it lessens what is overdue.
 */
Datum
payment_record_accum(PG_FUNCTION_ARGS)
{
	PaymentState *state = state_from_arg(fcinfo);
	DateADT		as_of;
	DateADT		due;
	DateADT		paid;
	Numeric		amount;
	bool		settled;
	int			sign;

	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of of payment_record must not be NULL"),
				 errhint("Pass the day to look from, such as current_date.")));
	as_of = get_day(fcinfo, 4, "as_of");
	if (state == NULL)
		state = make_payment_state(fcinfo, as_of);
	check_as_of(state, as_of);

	/* without a due date or an amount there is nothing to judge */
	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_POINTER(state);

	due = get_day(fcinfo, 1, "due");
	paid = PG_ARGISNULL(2) ? 0 : get_day(fcinfo, 2, "paid");
	settled = !PG_ARGISNULL(2) && paid <= as_of;
	amount = get_amount(fcinfo, 3);
	sign = amount_sign(amount);

	if (sign > 0)
		add_invoice(state, due, settled, paid, amount);
	else if (sign < 0 && !settled && due <= state->as_of)
		exact_sum_add_numeric(&state->overdue_amount,
							  (struct varlena *) amount, state);
	AssertCheckPaymentState(state);
	PG_RETURN_POINTER(state);
}

/* Combine: add the second state, which stays as it is, to the first. */
Datum
payment_record_combine(PG_FUNCTION_ARGS)
{
	PaymentState *state = state_from_arg(fcinfo);
	const PaymentState *other;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = (const PaymentState *) PG_GETARG_POINTER(1);
	if (state == NULL)
		state = make_payment_state(fcinfo, other->as_of);
	check_as_of(state, other->as_of);

	if (other->invoices > 0 &&
		(state->invoices == 0 || other->worst_days > state->worst_days))
		state->worst_days = other->worst_days;
	state->invoices += other->invoices;
	state->on_time += other->on_time;
	state->overdue += other->overdue;
	state->oldest_days = Max(state->oldest_days, other->oldest_days);
	exact_sum_add(&state->amount, &other->amount, state);
	exact_sum_add(&state->amount_days, &other->amount_days, state);
	exact_sum_add(&state->overdue_amount, &other->overdue_amount, state);
	AssertCheckPaymentState(state);
	PG_RETURN_POINTER(state);
}

/* Send a state from a worker. */
Datum
payment_record_serialize(PG_FUNCTION_ARGS)
{
	const PaymentState *state = (const PaymentState *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	aggregate_context(fcinfo);
	pq_begintypsend(&buf);
	pq_sendint32(&buf, state->as_of);
	pq_sendint64(&buf, state->invoices);
	pq_sendint64(&buf, state->on_time);
	pq_sendint32(&buf, state->worst_days);
	pq_sendint64(&buf, state->overdue);
	pq_sendint32(&buf, state->oldest_days);
	exact_sum_send(&buf, &state->amount);
	exact_sum_send(&buf, &state->amount_days);
	exact_sum_send(&buf, &state->overdue_amount);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Receive a worker's state. */
Datum
payment_record_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *message = PG_GETARG_BYTEA_PP(0);
	PaymentState *state = palloc0(sizeof(PaymentState));
	StringInfoData buf;

	aggregate_context(fcinfo);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(message),
						   VARSIZE_ANY_EXHDR(message));
	state->as_of = (DateADT) pq_getmsgint(&buf, 4);
	state->invoices = pq_getmsgint64(&buf);
	state->on_time = pq_getmsgint64(&buf);
	state->worst_days = (int32) pq_getmsgint(&buf, 4);
	state->overdue = pq_getmsgint64(&buf);
	state->oldest_days = (int32) pq_getmsgint(&buf, 4);
	exact_sum_recv(&buf, &state->amount);
	exact_sum_recv(&buf, &state->amount_days);
	exact_sum_recv(&buf, &state->overdue_amount);
	pq_getmsgend(&buf);
	AssertCheckPaymentState(state);
	PG_RETURN_POINTER(state);
}

/* Final: the record, or NULL when nothing has fallen due. */
Datum
payment_record_final(PG_FUNCTION_ARGS)
{
	const PaymentState *state;
	Numeric		amount;
	Numeric		overdue;
	Datum		values[RECORD_FIELDS];
	bool		nulls[RECORD_FIELDS] = {false};

	aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const PaymentState *) PG_GETARG_POINTER(0);
	if (state->invoices == 0)
		PG_RETURN_NULL();

	amount = exact_sum_numeric(&state->amount);
	overdue = exact_sum_numeric(&state->overdue_amount);
	values[0] = Int64GetDatum(state->invoices);
	values[1] = NumericGetDatum(amount);
	values[2] = NumericGetDatum(num_divide(int64_to_numeric(state->on_time),
										   int64_to_numeric(state->invoices)));
	values[3] = NumericGetDatum(num_divide(exact_sum_numeric(&state->amount_days),
										   amount));
	values[4] = Int32GetDatum(state->worst_days);
	values[5] = Int64GetDatum(state->overdue);
	values[6] = NumericGetDatum(exact_sum_sign(&state->overdue_amount) > 0 ?
								overdue : int64_to_numeric(0));
	values[7] = Int32GetDatum(state->oldest_days);
	return rows_single(fcinfo, values, nulls);
}
