/*-------------------------------------------------------------------------
 *
 * rfm_measures.c
 *		From the lines of an orders table to a customer's recency, frequency
 *		and monetary value, in one pass.
 *
 * A line of a negative amount is a refund: it lowers the monetary value and
 * is no order. Without order_id any other line is an order. With it, the
 * lines of an order are collected first, and one returned in full is no order
 * either; that takes memory for each order, where the plain form has a state
 * of fixed size. The monetary value is the sum of all lines in any case, so
 * that it agrees with the ledger.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/shortest_dec.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "rfm/rfm_measures.h"

/* An order with its own lines, where order_id tells them. */
typedef struct Order
{
	Datum		id;
	uint32		hash;
	char		status;			/* the hash table's */
	bool		has_purchase;
	bool		has_refund;
	OrderTime	at;				/* of the first purchase, if any */
	ExactSum	net;
} Order;

/* How order ids are compared: what a hash table needs to know. */
typedef struct OrderIdType
{
	Oid			type;
	Oid			collation;
	int16		typlen;
	bool		typbyval;
	FmgrInfo   *hash;
	FmgrInfo   *equal;
} OrderIdType;

static uint32
order_id_hash(const OrderIdType *type, Datum id)
{
	Datum		hash = FunctionCall1Coll(type->hash, type->collation, id);

	/* integers hash to what only looks random in its low bits */
	return murmurhash32(DatumGetUInt32(hash));
}

static bool
order_id_equal(const OrderIdType *type, Datum a, Datum b)
{
	return DatumGetBool(FunctionCall2Coll(type->equal, type->collation, a, b));
}

#define SH_PREFIX orders
#define SH_ELEMENT_TYPE Order
#define SH_KEY_TYPE Datum
#define SH_KEY id
#define SH_HASH_KEY(tb, key) order_id_hash((const OrderIdType *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) order_id_equal((const OrderIdType *) (tb)->private_data, a, b)
#define SH_SCOPE static inline
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Beside MEASURES_HAS_LINES in monetary.owner_flags. */
#define STATE_IS_LARGE		0x02	/* this is a LargeState */
#define STATE_TIME_SHIFT	2		/* from here on the TimeKind */

/* The state of a group with a period or with order ids. */
typedef struct LargeState
{
	MeasuresState small;
	OrderTime	period_start;	/* NO_TIME: all time */
	Oid			id_type;
	Oid			id_collation;
	orders_hash *orders;		/* NULL without order ids */
} LargeState;

/* What a call site of the transition function knows, in fn_extra. */
typedef struct MeasuresCall
{
	TimeKind	time_kind;
	AmountType	amount_type;
	AsOfMemo	as_of;
	OrderIdType id_type;
	bool		id_is_literal;	/* without a type: taken as text */

	/* the last period seen, and the time before it */
	bool		has_period;
	Interval	period;
	OrderTime	period_end;
	OrderTime	period_start;
} MeasuresCall;

PG_FUNCTION_INFO_V1(rfm_measures_accum);
PG_FUNCTION_INFO_V1(rfm_measures_period_accum);
PG_FUNCTION_INFO_V1(rfm_measures_order_accum);
PG_FUNCTION_INFO_V1(rfm_measures_period_order_accum);
PG_FUNCTION_INFO_V1(rfm_measures_combine);
PG_FUNCTION_INFO_V1(rfm_measures_serialize);
PG_FUNCTION_INFO_V1(rfm_measures_deserialize);
PG_FUNCTION_INFO_V1(rfm_measures_final);

/* What a type of an argument is; one that is no number is an error. */
AmountType
measures_amount_type(Oid type, const char *name)
{
	AmountType	result = {getBaseType(type), MEASURED_NUMERIC};

	switch (result.type)
	{
		case NUMERICOID:
			break;
		case FLOAT8OID:
		case FLOAT4OID:
			result.kind = MEASURED_DOUBLE;
			break;
		case INT8OID:
		case INT4OID:
		case INT2OID:
			result.kind = MEASURED_INTEGER;
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("%s must be a number, not of type %s",
							name, format_type_be(type)),
					 errhint("Cast it to numeric.")));
	}
	return result;
}

/* The double that the decimal of a real means: 14.4 for 14.4. */
static double
widen_real(float4 real)
{
	char		digits[FLOAT_SHORTEST_DECIMAL_LEN];

	float_to_shortest_decimal_buf(real, digits);
	return strtod(digits, NULL);
}

/* An amount in the form of its kind. */
Datum
measures_read_amount(const AmountType *type, Datum amount)
{
	switch (type->type)
	{
		case NUMERICOID:
			return PointerGetDatum(PG_DETOAST_DATUM_PACKED(amount));
		case FLOAT4OID:
			return Float8GetDatum(widen_real(DatumGetFloat4(amount)));
		case INT4OID:
			return Int64GetDatum(DatumGetInt32(amount));
		case INT2OID:
			return Int64GetDatum(DatumGetInt16(amount));
		default:
			return amount;
	}
}

/* Find out how ids of a type are compared, unless it is known already. */
static void
set_id_type(OrderIdType *id_type, Oid type, Oid collation)
{
	TypeCacheEntry *entry;

	if (id_type->type == type)
		return;
	entry = lookup_type_cache(type, TYPECACHE_EQ_OPR_FINFO |
							  TYPECACHE_HASH_PROC_FINFO);
	if (!OidIsValid(entry->eq_opr) || !OidIsValid(entry->hash_proc))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("order_id of type %s cannot be compared by hashing",
						format_type_be(type)),
				 errhint("Cast it to bigint, uuid or text.")));
	id_type->collation = collation;
	id_type->typlen = entry->typlen;
	id_type->typbyval = entry->typbyval;
	id_type->hash = &entry->hash_proc_finfo;
	id_type->equal = &entry->eq_opr_finfo;
	id_type->type = type;
}

/* The same for an argument. A literal that has no type is a text. */
static void
set_call_id_type(FunctionCallInfo fcinfo, MeasuresCall *call, int argno)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, argno);

	call->id_is_literal = (type == UNKNOWNOID);
	if (call->id_is_literal)
		set_id_type(&call->id_type, TEXTOID, DEFAULT_COLLATION_OID);
	else
		set_id_type(&call->id_type, type, PG_GET_COLLATION());
}

/* What this call site knows; found out on its first call. */
static MeasuresCall *
get_call(FunctionCallInfo fcinfo, int id_argno)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	MeasuresCall *call = flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(MeasuresCall));
		call->time_kind = order_time_kind(get_fn_expr_argtype(flinfo, 1));
		call->amount_type = measures_amount_type(get_fn_expr_argtype(flinfo, 2),
											 "amount");
		call->as_of.as_of.value = NO_TIME;
		if (id_argno)
			set_call_id_type(fcinfo, call, id_argno);
		flinfo->fn_extra = call;
	}
	return call;
}

/* The last time before the period, remembered from the last row; NULL is all time. */
static OrderTime
get_period_start(FunctionCallInfo fcinfo, MeasuresCall *call, int argno,
				 OrderTime end)
{
	Interval   *period;

	if (PG_ARGISNULL(argno))
		return NO_TIME;
	period = PG_GETARG_INTERVAL_P(argno);
	if (call->has_period && call->period_end == end &&
		memcmp(&call->period, period, sizeof(Interval)) == 0)
		return call->period_start;

	call->period_start = rfm_as_of_period_start(&call->as_of.as_of,
												call->time_kind, period);
	call->period = *period;
	call->period_end = end;
	call->has_period = true;
	return call->period_start;
}

/* Begin the state of a group. */
static MeasuresState *
create_state(FunctionCallInfo fcinfo, OrderTime end, size_t size)
{
	MeasuresState *state = MemoryContextAllocZero(aggregate_context(fcinfo), size);

	state->end = end;
	state->last = NO_TIME;
	return state;
}

/* Report an argument that has not one value for all. */
pg_noinline void
measures_argument_changed(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be the same in all rows of a group", name),
			 errhint("Group by it, too.")));
}

/* Count an order at a time, if within the period also in the frequency. */
static inline void
count_order(MeasuresState *state, OrderTime at, bool in_period)
{
	measures_note_order(&state->first, &state->last, at);
	state->frequency += in_period;
}

/* Count a line that is an order of its own, or a refund. */
static inline void
count_line(MeasuresCall *call, MeasuresState *state, OrderTime at,
		   Datum amount, bool in_period)
{
	if (!measures_is_refund(call->amount_type.kind, amount))
		count_order(state, at, in_period);
}

/* Find an order of the group, or begin it. */
static Order *
get_order(LargeState *state, OrderIdType *id_type, Datum id)
{
	bool		found;
	Order	   *order;

	state->orders->private_data = id_type;
	order = orders_insert(state->orders, id, &found);
	if (!found)
	{
		MemoryContext caller =
		MemoryContextSwitchTo(GetMemoryChunkContext(state));

		order->id = datumCopy(id, id_type->typbyval, id_type->typlen);
		MemoryContextSwitchTo(caller);
		order->has_purchase = false;
		order->has_refund = false;
		memset(&order->net, 0, sizeof(ExactSum));
	}
	return order;
}

/* Note a purchase, or what another process knows of an order. */
static inline void
note_purchase(Order *order, OrderTime at)
{
	if (!order->has_purchase || at < order->at)
		order->at = at;
	order->has_purchase = true;
}

/* Add a line of an order. */
static void
add_order_line(MeasuresCall *call, LargeState *state, Datum id, OrderTime at,
			   Datum amount)
{
	Order	   *order;

	if (call->id_is_literal)
		id = CStringGetTextDatum(DatumGetCString(id));
	order = get_order(state, &call->id_type, id);

	if (measures_is_refund(call->amount_type.kind, amount))
		order->has_refund = true;
	else
		note_purchase(order, at);
	measures_add_amount(call->amount_type.kind, &order->net, amount, state);
}

/* Begin the state of a group with a period, or with order ids. */
static MeasuresState *
create_large_state(FunctionCallInfo fcinfo, MeasuresCall *call,
				   OrderTime end, OrderTime period_start, bool has_orders)
{
	MeasuresState *state = create_state(fcinfo, end, sizeof(LargeState));
	LargeState *large = (LargeState *) state;

	state->monetary.owner_flags = STATE_IS_LARGE;
	large->period_start = period_start;
	if (has_orders)
	{
		large->id_type = call->id_type.type;
		large->id_collation = call->id_type.collation;
		large->orders = orders_create(GetMemoryChunkContext(state), 2, &call->id_type);
	}
	return state;
}

/*
 * Add a row to a group: all forms of the transition function. An argument
 * number of 0 means that the form does not have this argument.
 */
static inline Datum
accumulate(FunctionCallInfo fcinfo, int period_argno, int id_argno)
{
	MeasuresCall *call = get_call(fcinfo, id_argno);
	MeasuresState *state = NULL;
	OrderTime	at;
	OrderTime	end;
	OrderTime	period_start = NO_TIME;
	Datum		amount;

	if (!PG_ARGISNULL(0))
		state = (MeasuresState *) PG_GETARG_POINTER(0);

	if (unlikely(PG_ARGISNULL(3)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be null")));
	end = rfm_as_of_recall(&call->as_of,
						   (const RfmAsOf *) PG_GETARG_POINTER(3),
						   call->time_kind);
	if (period_argno)
		period_start = get_period_start(fcinfo, call, period_argno, end);

	if (unlikely(state == NULL))
	{
		if (period_argno || id_argno)
			state = create_large_state(fcinfo, call, end, period_start,
									   id_argno != 0);
		else
			state = create_state(fcinfo, end, sizeof(MeasuresState));
		state->monetary.owner_flags |= call->time_kind << STATE_TIME_SHIFT;
	}
	else if (unlikely(state->end != end))
		measures_argument_changed("as_of");
	else if (period_argno &&
			 unlikely(((LargeState *) state)->period_start != period_start))
		measures_argument_changed("period");

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	at = measures_read_ordered_at(call->time_kind, PG_GETARG_DATUM(1));
	if (at > end)
		PG_RETURN_POINTER(state);

	amount = measures_read_amount(&call->amount_type, PG_GETARG_DATUM(2));
	state->monetary.owner_flags |= MEASURES_HAS_LINES;
	if (at > period_start)
		measures_add_amount(call->amount_type.kind, &state->monetary, amount, state);
	if (id_argno && !PG_ARGISNULL(id_argno))
		add_order_line(call, (LargeState *) state, PG_GETARG_DATUM(id_argno),
					   at, amount);
	else
		count_line(call, state, at, amount, at > period_start);
	PG_RETURN_POINTER(state);
}

/* Transition function of rfm_measures(ordered_at, amount, as_of). */
Datum
rfm_measures_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 0, 0);
}

/* Transition function of rfm_measures(ordered_at, amount, as_of, period). */
Datum
rfm_measures_period_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 4, 0);
}

/* Transition function of rfm_measures(ordered_at, amount, as_of, order_id). */
Datum
rfm_measures_order_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 0, 4);
}

/* Transition function of the form with both, period first. */
Datum
rfm_measures_period_order_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, 4, 5);
}

/* Add what another process has of an order. */
static void
merge_order(LargeState *state, OrderIdType *id_type, const Order *other)
{
	Order	   *order = get_order(state, id_type, other->id);

	if (other->has_purchase)
		note_purchase(order, other->at);
	order->has_refund |= other->has_refund;
	exact_sum_add(&order->net, &other->net, state);
}

/* Add what another process has of a group with a period, or order ids. */
static void
merge_large_state(FunctionCallInfo fcinfo, LargeState *state,
				  const LargeState *other)
{
	OrderIdType *id_type = fcinfo->flinfo->fn_extra;
	orders_iterator iterator;
	const Order *order;

	if (other->period_start != state->period_start)
		measures_argument_changed("period");
	if (other->orders == NULL)
		return;

	if (id_type == NULL)
	{
		id_type = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
										 sizeof(OrderIdType));
		fcinfo->flinfo->fn_extra = id_type;
	}
	set_id_type(id_type, other->id_type, other->id_collation);

	orders_start_iterate(other->orders, &iterator);
	while ((order = orders_iterate(other->orders, &iterator)) != NULL)
		merge_order(state, id_type, order);
}

/* An empty state like another one, in this call's aggregate context. */
static MeasuresState *
create_state_like(FunctionCallInfo fcinfo, const MeasuresState *other)
{
	const LargeState *large = (const LargeState *) other;
	MeasuresState *state;
	LargeState *result;

	if ((other->monetary.owner_flags & STATE_IS_LARGE) == 0)
		return create_state(fcinfo, other->end, sizeof(MeasuresState));

	state = create_state(fcinfo, other->end, sizeof(LargeState));
	result = (LargeState *) state;
	result->period_start = large->period_start;
	result->id_type = large->id_type;
	result->id_collation = large->id_collation;
	if (large->orders != NULL)
		result->orders = orders_create(GetMemoryChunkContext(state),
									   large->orders->members, NULL);
	return state;
}

/* Combine function. The second state is never changed. */
Datum
rfm_measures_combine(PG_FUNCTION_ARGS)
{
	MeasuresState *state = NULL;
	const MeasuresState *other;

	if (!PG_ARGISNULL(0))
		state = (MeasuresState *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = (const MeasuresState *) PG_GETARG_POINTER(1);

	if (state == NULL)
		state = create_state_like(fcinfo, other);
	else if (state->end != other->end)
		measures_argument_changed("as_of");

	state->monetary.owner_flags |= other->monetary.owner_flags;
	exact_sum_add(&state->monetary, &other->monetary, state);
	state->frequency += other->frequency;
	if (other->last != NO_TIME)
	{
		count_order(state, other->first, false);
		count_order(state, other->last, false);
	}
	if (other->monetary.owner_flags & STATE_IS_LARGE)
		merge_large_state(fcinfo, (LargeState *) state,
						  (const LargeState *) other);
	PG_RETURN_POINTER(state);
}

/* Write an order id into a message. */
static void
send_id(StringInfo buf, Datum id, bool typbyval, int16 typlen)
{
	Size		size = datumEstimateSpace(id, false, typbyval, typlen);
	char	   *start;

	enlargeStringInfo(buf, size);
	start = buf->data + buf->len;
	datumSerialize(id, false, typbyval, typlen, &start);
	buf->len += size;
}

/* Read an order id from a message, into the current memory context. */
static Datum
recv_id(StringInfo buf)
{
	char	   *start = buf->data + buf->cursor;
	bool		is_null;
	Datum		id = datumRestore(&start, &is_null);

	buf->cursor = start - buf->data;
	return id;
}

/* Write the orders of a group into a message. */
static void
send_orders(StringInfo buf, const LargeState *state)
{
	int16		typlen;
	bool		typbyval;
	orders_iterator iterator;
	const Order *order;

	pq_sendint32(buf, state->id_type);
	pq_sendint32(buf, state->id_collation);
	pq_sendint32(buf, state->orders->members);
	get_typlenbyval(state->id_type, &typlen, &typbyval);

	orders_start_iterate(state->orders, &iterator);
	while ((order = orders_iterate(state->orders, &iterator)) != NULL)
	{
		send_id(buf, order->id, typbyval, typlen);
		pq_sendbyte(buf, order->has_purchase);
		pq_sendbyte(buf, order->has_refund);
		pq_sendint64(buf, order->at);
		exact_sum_send(buf, &order->net);
	}
}

/* Read the orders of a group from a message. */
static void
recv_orders(StringInfo buf, LargeState *state)
{
	OrderIdType *id_type = palloc0(sizeof(OrderIdType));
	int			norders;

	state->id_type = pq_getmsgint(buf, sizeof(Oid));
	state->id_collation = pq_getmsgint(buf, sizeof(Oid));
	norders = pq_getmsgint(buf, sizeof(int32));
	set_id_type(id_type, state->id_type, state->id_collation);
	state->orders = orders_create(CurrentMemoryContext, norders, id_type);

	while (norders-- > 0)
	{
		bool		found;
		Order	   *order = orders_insert(state->orders, recv_id(buf), &found);

		order->has_purchase = pq_getmsgbyte(buf);
		order->has_refund = pq_getmsgbyte(buf);
		order->at = pq_getmsgint64(buf);
		exact_sum_recv(buf, &order->net);
	}
}

/* Write a state as a message to another process. */
Datum
rfm_measures_serialize(PG_FUNCTION_ARGS)
{
	const MeasuresState *state = (const MeasuresState *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	exact_sum_send(&buf, &state->monetary);
	pq_sendint64(&buf, state->end);
	pq_sendint64(&buf, state->first);
	pq_sendint64(&buf, state->last);
	pq_sendint64(&buf, state->frequency);
	if (state->monetary.owner_flags & STATE_IS_LARGE)
	{
		const LargeState *large = (const LargeState *) state;

		pq_sendint64(&buf, large->period_start);
		pq_sendbyte(&buf, large->orders != NULL);
		if (large->orders != NULL)
			send_orders(&buf, large);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Read a state from another process's message. */
Datum
rfm_measures_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *message = PG_GETARG_BYTEA_PP(0);
	LargeState *large = palloc0(sizeof(LargeState));
	MeasuresState *state = &large->small;
	StringInfoData buf;

	/* read in place: nothing below writes into the buffer */
	buf.data = VARDATA_ANY(message);
	buf.len = VARSIZE_ANY_EXHDR(message);
	buf.maxlen = 0;
	buf.cursor = 0;
	exact_sum_recv(&buf, &state->monetary);
	state->end = pq_getmsgint64(&buf);
	state->first = pq_getmsgint64(&buf);
	state->last = pq_getmsgint64(&buf);
	state->frequency = pq_getmsgint64(&buf);
	if (state->monetary.owner_flags & STATE_IS_LARGE)
	{
		large->period_start = pq_getmsgint64(&buf);
		if (pq_getmsgbyte(&buf))
			recv_orders(&buf, large);
	}
	pq_getmsgend(&buf);
	PG_RETURN_POINTER(state);
}

/*
 * The measures of a group whose orders were collected: a copy of the state,
 * which may go on, with the orders counted that were not returned in full.
 */
static MeasuresState *
count_collected_orders(const LargeState *large)
{
	MeasuresState *result = palloc(sizeof(MeasuresState));
	orders_iterator iterator;
	const Order *order;

	*result = large->small;
	orders_start_iterate(large->orders, &iterator);
	while ((order = orders_iterate(large->orders, &iterator)) != NULL)
	{
		if (order->has_purchase &&
			(!order->has_refund || exact_sum_sign(&order->net) > 0))
			count_order(result, order->at, order->at > large->period_start);
	}
	return result;
}

/* The row type of a function, looked up on its first call. */
TupleDesc
measures_result_desc(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;
	MemoryContext caller;

	if (desc == NULL)
	{
		caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		desc = BlessTupleDesc(CreateTupleDescCopy(desc));
		MemoryContextSwitchTo(caller);
		fcinfo->flinfo->fn_extra = desc;
	}
	return desc;
}

/* Fill in the columns of a result; all are null when no line was counted. */
void
measures_fill(const MeasuresState *state, TimeKind kind,
			  Datum *values, bool *nulls)
{
	bool		has_lines = (state->monetary.owner_flags & MEASURES_HAS_LINES) != 0;
	bool		has_orders = (state->last != NO_TIME);
	DateADT		last;

	nulls[COLUMN_RECENCY] = !has_orders;
	nulls[COLUMN_FREQUENCY] = !has_lines;
	nulls[COLUMN_MONETARY] = !has_lines;
	nulls[COLUMN_FIRST_ORDER] = !has_orders;
	nulls[COLUMN_LAST_ORDER] = !has_orders;
	if (!has_lines)
		return;

	values[COLUMN_FREQUENCY] = Int64GetDatum(state->frequency);
	values[COLUMN_MONETARY] = NumericGetDatum(exact_sum_numeric(&state->monetary));
	if (has_orders)
	{
		last = order_time_day(kind, state->last);
		values[COLUMN_FIRST_ORDER] =
			DateADTGetDatum(order_time_day(kind, state->first));
		values[COLUMN_LAST_ORDER] = DateADTGetDatum(last);

		/* where clocks are set back across midnight, a day may follow its next */
		values[COLUMN_RECENCY] =
			Int32GetDatum(Max(order_time_day(kind, state->end) - last, 0));
	}
}

/* Final function. */
Datum
rfm_measures_final(PG_FUNCTION_ARGS)
{
	const MeasuresState *state;
	TupleDesc	desc;
	Datum		values[NUM_COLUMNS];
	bool		nulls[NUM_COLUMNS];

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const MeasuresState *) PG_GETARG_POINTER(0);
	if ((state->monetary.owner_flags & MEASURES_HAS_LINES) == 0)
		PG_RETURN_NULL();
	if ((state->monetary.owner_flags & STATE_IS_LARGE) != 0 &&
		((const LargeState *) state)->orders != NULL)
		state = count_collected_orders((const LargeState *) state);

	desc = measures_result_desc(fcinfo);
	measures_fill(state,
				  (TimeKind) (state->monetary.owner_flags >> STATE_TIME_SHIFT),
				  values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
