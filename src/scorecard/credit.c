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
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "base/rows.h"
#include "number/decimal.h"
#include "number/exact_sum.h"
#include "number/numeric_ops.h"

/* How many fields a payment_record has. */
#define RECORD_FIELDS	8

/* What is summed. */
typedef enum PaymentSum
{
	AMOUNT,						/* of the counted invoices */
	AMOUNT_DAYS,				/* the same times days late */
	OVERDUE_AMOUNT,				/* with open credit notes, negative */
	PAYMENT_SUMS
} PaymentSum;

/*
 * What is known of the invoices so far. Only those settled or overdue as of
 * the day are counted; the day is the same for all rows.
 *
 * The state is a bytea, which goes between processes and between the nodes of
 * a cluster as it is, and mostly is changed in place. What a sum has no room
 * for follows the struct then, as text: see pack_state.
 */
typedef struct PaymentState
{
	int32		vl_len_;		/* varlena header */
	DateADT		as_of;
	int64		invoices;
	int64		on_time;
	int32		worst_days;		/* of the counted invoices, signed */
	int64		overdue;
	int32		oldest_days;	/* 0 when none is overdue */
	ExactSum	sums[PAYMENT_SUMS];
} PaymentState;

PG_FUNCTION_INFO_V1(payment_record_accum);
PG_FUNCTION_INFO_V1(payment_record_combine);
PG_FUNCTION_INFO_V1(payment_record_final);

/* The types of a call site's times and amounts, looked up once. */
typedef struct PaymentTypes
{
	Oid			time;
	Oid			amount;
} PaymentTypes;

/*
 * The types are those that this function was declared with: there need not be
 * an expression that tells them, where another function calls this one.
 */
static const PaymentTypes *
get_payment_types(FmgrInfo *flinfo)
{
	PaymentTypes *types = flinfo->fn_extra;

	if (types == NULL)
	{
		Oid		   *declared;
		int			n;

		(void) get_func_signature(flinfo->fn_oid, &declared, &n);
		types = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(PaymentTypes));
		types->time = declared[1];
		types->amount = declared[3];
		flinfo->fn_extra = types;
	}
	return types;
}

/* Can there be such a state? */
static bool
is_state(const PaymentState *state)
{
	for (int i = 0; i < PAYMENT_SUMS; i++)
	{
		if (state->sums[i].is_binary || !exact_sum_is_valid(&state->sums[i]))
			return false;
	}
	return state->on_time >= 0 && state->overdue >= 0 &&
		state->on_time <= state->invoices &&
		state->overdue <= state->invoices - state->on_time &&
		(state->oldest_days > 0) == (state->overdue > 0) &&
		(state->overdue == 0 || state->worst_days >= state->oldest_days);
}

/* Throw: a bytea is no state. Anybody may call functions with such a one. */
static pg_noinline void
report_invalid_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of payment_record")));
}

/* What the sums have no room for, as pack_state left it behind the struct. */
static void
unpack_rests(PaymentState *state, const char *packed, const char *end)
{
	for (int i = 0; i < PAYMENT_SUMS; i++)
	{
		const char *zero = memchr(packed, '\0', end - packed);

		if (zero == NULL)
			report_invalid_state();
		if (zero > packed)
		{
			Numeric		rest = num_from_text(packed);

			if (numeric_is_nan(rest) || numeric_is_inf(rest))
				report_invalid_state();
			state->sums[i].rest = rest;
		}
		packed = zero + 1;
	}
	if (packed != end)
		report_invalid_state();
}

/* A state as it goes on: what its sums have no room for follows it as text. */
static bytea *
pack_state(PaymentState *state)
{
	Numeric		rests[PAYMENT_SUMS];
	StringInfoData buf;

	for (int i = 0; i < PAYMENT_SUMS; i++)
	{
		rests[i] = state->sums[i].rest;
		state->sums[i].rest = NULL;
	}
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, (const char *) state, sizeof(PaymentState));
	for (int i = 0; i < PAYMENT_SUMS; i++)
	{
		if (rests[i] != NULL)
		{
			appendStringInfoString(&buf, DatumGetCString(DirectFunctionCall1(numeric_out,
																			 NumericGetDatum(rests[i]))));
			pfree(rests[i]);
		}
		appendStringInfoChar(&buf, '\0');
	}
	SET_VARSIZE(buf.data, buf.len);
	return (bytea *) buf.data;
}

/* A copy of an argument that is a state, unpacked. */
static PaymentState *
copy_state(FunctionCallInfo fcinfo, int argno)
{
	bytea	   *packed = PG_GETARG_BYTEA_PP(argno);
	const char *end = VARDATA_ANY(packed) + VARSIZE_ANY_EXHDR(packed);
	Size		size = VARHDRSZ + VARSIZE_ANY_EXHDR(packed);
	PaymentState *state = palloc(sizeof(PaymentState));

	if (size < sizeof(PaymentState))
		report_invalid_state();
	SET_VARSIZE(state, sizeof(PaymentState));
	memcpy(VARDATA(state), VARDATA_ANY(packed), sizeof(PaymentState) - VARHDRSZ);
	for (int i = 0; i < PAYMENT_SUMS; i++)
		state->sums[i].rest = NULL;
	if (!is_state(state))
		report_invalid_state();
	if (size > sizeof(PaymentState))
		unpack_rests(state, end - (size - sizeof(PaymentState)), end);
	return state;
}

/* The state of this aggregate, to be changed: in place where it is whole. */
static PaymentState *
state_from_arg(FunctionCallInfo fcinfo)
{
	PaymentState *state = (PaymentState *) PG_GETARG_BYTEA_P(0);

	if (unlikely(VARSIZE(state) != sizeof(PaymentState)))
		return copy_state(fcinfo, 0);
	for (int i = 0; i < PAYMENT_SUMS; i++)
		state->sums[i].rest = NULL;
	if (unlikely(!is_state(state)))
		report_invalid_state();
	return state;
}

/* Return a state to the aggregate. */
static inline Datum
return_state(PaymentState *state)
{
	for (int i = 0; i < PAYMENT_SUMS; i++)
	{
		if (unlikely(state->sums[i].rest != NULL))
			PG_RETURN_BYTEA_P(pack_state(state));
	}
	PG_RETURN_POINTER(state);
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

/* Start a state, as of a day, in the current memory context: it is copied. */
static PaymentState *
make_payment_state(DateADT as_of)
{
	PaymentState *state = palloc0(sizeof(PaymentState));

	SET_VARSIZE(state, sizeof(PaymentState));
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

	exact_sum_add_numeric(&state->sums[AMOUNT], (struct varlena *) amount, state);
	exact_sum_add_numeric(&state->sums[AMOUNT_DAYS],
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
		exact_sum_add_numeric(&state->sums[OVERDUE_AMOUNT],
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
	PaymentState *state;
	DateADT		as_of;
	DateADT		due;
	DateADT		paid;
	Numeric		amount;
	bool		settled;
	int			sign;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of of payment_record must not be NULL"),
				 errhint("Pass the day to look from, such as current_date.")));
	as_of = get_day(fcinfo, 4, "as_of");
	state = PG_ARGISNULL(0) ? make_payment_state(as_of) : state_from_arg(fcinfo);
	check_as_of(state, as_of);

	/* without a due date or an amount there is nothing to judge */
	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return return_state(state);

	due = get_day(fcinfo, 1, "due");
	paid = PG_ARGISNULL(2) ? 0 : get_day(fcinfo, 2, "paid");
	settled = !PG_ARGISNULL(2) && paid <= as_of;
	amount = get_amount(fcinfo, 3);
	sign = amount_sign(amount);

	if (sign > 0)
		add_invoice(state, due, settled, paid, amount);
	else if (sign < 0 && !settled && due <= state->as_of)
		exact_sum_add_numeric(&state->sums[OVERDUE_AMOUNT],
							  (struct varlena *) amount, state);
	return return_state(state);
}

/* Combine: add the second state, which stays as it is, to the first. */
Datum
payment_record_combine(PG_FUNCTION_ARGS)
{
	PaymentState *state;
	const PaymentState *other;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = copy_state(fcinfo, 1);
	state = PG_ARGISNULL(0) ? make_payment_state(other->as_of) : state_from_arg(fcinfo);
	check_as_of(state, other->as_of);

	if (other->invoices > 0 &&
		(state->invoices == 0 || other->worst_days > state->worst_days))
		state->worst_days = other->worst_days;
	state->invoices += other->invoices;
	state->on_time += other->on_time;
	state->overdue += other->overdue;
	state->oldest_days = Max(state->oldest_days, other->oldest_days);
	for (int i = 0; i < PAYMENT_SUMS; i++)
		exact_sum_add(&state->sums[i], &other->sums[i], state);
	return return_state(state);
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

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = copy_state(fcinfo, 0);
	if (state->invoices == 0)
		PG_RETURN_NULL();

	amount = exact_sum_numeric(&state->sums[AMOUNT]);
	overdue = exact_sum_numeric(&state->sums[OVERDUE_AMOUNT]);
	values[0] = Int64GetDatum(state->invoices);
	values[1] = NumericGetDatum(amount);
	values[2] = NumericGetDatum(num_divide(int64_to_numeric(state->on_time),
										   int64_to_numeric(state->invoices)));
	values[3] = NumericGetDatum(num_divide(exact_sum_numeric(&state->sums[AMOUNT_DAYS]),
										   amount));
	values[4] = Int32GetDatum(state->worst_days);
	values[5] = Int64GetDatum(state->overdue);
	values[6] = NumericGetDatum(exact_sum_sign(&state->sums[OVERDUE_AMOUNT]) > 0 ?
								overdue : int64_to_numeric(0));
	values[7] = Int32GetDatum(state->oldest_days);
	return rows_single(fcinfo, values, nulls);
}
