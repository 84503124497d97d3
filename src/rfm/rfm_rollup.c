/*-------------------------------------------------------------------------
 *
 * rfm_rollup.c
 *		The measures of all customers of an orders table, in one pass.
 *
 * What rfm_measures gives by groups, one aggregate gives without GROUP BY, in
 * a hash table of its own. With millions of customers a group costs the
 * server several visits to memory that no cache holds, for each line, and its
 * planner does not expect partial groups to pay. Here a customer is one cache
 * line. Lines are collected and then added together, so that the processor
 * fetches many customers from memory at the same time; and each process sends
 * all its customers as one message, in the order of their hashes, so that a
 * parallel plan pays. Where memory does not do, customers go to files.
 *
 * With order ids the table is of orders, each with its customer's key, and
 * they are counted for the customers in the end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "number/numeric_decode.h"
#include "rfm/customer_spill.h"

/* A line that waits to be added. */
typedef struct Line
{
	Key			key;
	OrderTime	at;				/* NO_TIME: only the customer counts */
	union
	{
		ScaledAmount scaled;
		double		real;
		int64		integer;
	}			amount;
	uint32		hash;
} Line;

/* So many lines are added together. */
#define BATCH_LINES		128

/* A line with a longer key does not wait. */
#define WAITING_BYTES	120

/* Customers are fetched so many slots before they are read in order. */
#define SLOTS_AHEAD		32

/* Less memory than that is not worth files. */
#define MIN_MEMORY		((Size) 256 * 1024)

/* What the id of an order is. */
typedef enum OrderIdKind
{
	ORDER_ID_NONE,
	ORDER_ID_INTEGER,
	ORDER_ID_TEXT,
	ORDER_ID_BPCHAR,
	ORDER_ID_UUID,
	ORDER_ID_LITERAL			/* of no type */
} OrderIdKind;

/* The state of the aggregate. */
typedef struct Rollup
{
	MemoryContext context;		/* all of it but what is in files */
	TimeKind	time_kind;
	AmountType	amount_type;
	KeyKind		key_kind;		/* of a customer */
	OrderIdKind id_kind;
	Oid			id_type;
	AsOfMemo	as_of;			/* of the last row */
	OrderTime	end;			/* the last time that counts, in all rows */
	bool		can_spill;

	CustomerTable *table;		/* of customers, or of their orders */
	CustomerSpill *spill;		/* NULL: the table has been enough */

	int			nlines;
	Line		lines[BATCH_LINES];
	KeyBytes   *waiting_bytes[BATCH_LINES];
} Rollup;

/* What begins a message. */
typedef struct MessageHeader
{
	OrderTime	end;
	uint32		ncustomers;
	uint8		time_kind;
	uint8		key_kind;
	uint8		has_orders;
	uint8		unused;
} MessageHeader;

/* A state from another process, read in place. */
typedef struct RollupMessage
{
	MessageHeader header;
	const char *customers;		/* aligned to 4 bytes only */
} RollupMessage;

PG_FUNCTION_INFO_V1(rfm_rollup_accum);
PG_FUNCTION_INFO_V1(rfm_rollup_order_accum);
PG_FUNCTION_INFO_V1(rfm_rollup_combine);
PG_FUNCTION_INFO_V1(rfm_rollup_serialize);
PG_FUNCTION_INFO_V1(rfm_rollup_deserialize);
PG_FUNCTION_INFO_V1(rfm_rollup_final);
PG_FUNCTION_INFO_V1(rfm_customer_measures);

/*
 * The state
 */

/* The kind of keys in the table: with order ids, those of orders. */
static inline KeyKind
table_kind(const Rollup *rollup)
{
	return rollup->id_kind == ORDER_ID_NONE ? rollup->key_kind : KEY_ORDER;
}

/*
 * The memory that a table may take: what hashing may. Orders leave half of it
 * to the customers that they are counted for.
 */
static Size
table_limit(const Rollup *rollup)
{
	Size		limit = get_hash_memory_limit();

	if (rollup->id_kind != ORDER_ID_NONE)
		limit /= 2;
	return Max(limit, MIN_MEMORY);
}

/* Begin an empty table. */
static void
begin_table(Rollup *rollup)
{
	rollup->table = customer_table_create(rollup->context, table_kind(rollup),
										  table_limit(rollup),
										  SLOT_FACTOR_PLAIN);
}

/* Begin a state with room for some customers. */
static Rollup *
create_rollup(FunctionCallInfo fcinfo, TimeKind time_kind, KeyKind key_kind,
			  OrderIdKind id_kind, OrderTime end)
{
	MemoryContext aggregate;
	MemoryContext context;
	Rollup	   *rollup;
	int			kind = AggCheckCallContext(fcinfo, &aggregate);

	if (kind == 0)
		elog(ERROR, "rfm_rollup called in non-aggregate context");

	context = AllocSetContextCreate(aggregate, "rfm_rollup",
									ALLOCSET_DEFAULT_SIZES);
	rollup = MemoryContextAllocZero(context, sizeof(Rollup));
	rollup->context = context;
	rollup->time_kind = time_kind;
	rollup->key_kind = key_kind;
	rollup->id_kind = id_kind;
	rollup->end = end;
	/* a window's state goes without notice, and would leave files behind */
	rollup->can_spill = (kind == AGG_CONTEXT_AGGREGATE);
	begin_table(rollup);
	return rollup;
}

/* Complain that the result, or a part on its way to it, is beyond limits. */
static void
report_too_many(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many customers for rfm_rollup"),
			 errdetail("They need more memory than %s.", what),
			 errhint("Use rfm_measures and GROUP BY.")));
}

/* When the aggregate ends before its group does, or is done: remove files. */
static void
close_files(Datum arg)
{
	Rollup	   *rollup = (Rollup *) DatumGetPointer(arg);

	customer_spill_close(rollup->spill);
	rollup->spill = NULL;
}

/* Files for customers, begun if need be. */
static CustomerSpill *
get_spill(FunctionCallInfo fcinfo, Rollup *rollup)
{
	if (rollup->spill == NULL)
	{
		if (!rollup->can_spill)
			report_too_many("work_mem times hash_mem_multiplier, and a window function has no files");
		rollup->spill = customer_spill_create(rollup->context, table_kind(rollup),
											  table_limit(rollup));
		AggRegisterCallback(fcinfo, close_files, PointerGetDatum(rollup));
	}
	return rollup->spill;
}

/* Empty the table into files. */
static void
spill_table(FunctionCallInfo fcinfo, Rollup *rollup)
{
	customer_spill_table(get_spill(fcinfo, rollup), rollup->table);
	customer_table_destroy(rollup->table);
	begin_table(rollup);
}

/*
 * Lines
 */

/* Add a line to its customer or its order: a purchase, or a refund. */
static inline void
count_line(const Rollup *rollup, Customer *customer, OrderTime at,
		   bool is_refund)
{
	if (rollup->id_kind != ORDER_ID_NONE &&
		((const OrderKey *) customer->key.bytes->data)->has_id)
	{
		if (is_refund)
			customer->monetary.owner_flags |= ORDER_HAS_REFUND;
		else
			measures_note_order(&customer->first, &customer->last, at);
	}
	else if (!is_refund)
	{
		measures_note_order(&customer->first, &customer->last, at);
		customer->frequency++;
	}
}

/* Add a line that was read. */
static inline void
add_line(Rollup *rollup, Customer *customer, const Line *line)
{
	ExactSum   *sum = &customer->monetary;
	bool		is_refund;

	if (line->at == NO_TIME)
		return;
	sum->owner_flags |= MEASURES_HAS_LINES;
	switch (rollup->amount_type.kind)
	{
		case MEASURED_INTEGER:
			is_refund = line->amount.integer < 0;
			exact_sum_add_int64(sum, line->amount.integer, rollup->table);
			break;
		case MEASURED_DOUBLE:
			is_refund = line->amount.real < 0;
			exact_sum_add_double(sum, line->amount.real, rollup->table);
			break;
		default:
			is_refund = line->amount.scaled.mantissa < 0;
			exact_sum_add_scaled(sum, &line->amount.scaled, rollup->table);
	}
	count_line(rollup, customer, line->at, is_refund);
}

/* Add a line whose amount is too long to wait. */
static pg_noinline void
add_long_line(Rollup *rollup, Customer *customer, OrderTime at,
			  const struct varlena *amount)
{
	customer->monetary.owner_flags |= MEASURES_HAS_LINES;
	exact_sum_add_numeric(&customer->monetary, amount, rollup->table);
	count_line(rollup, customer, at, numeric_decode_is_negative(amount));
}

/* Add the lines that wait. Nothing that can be seen changes. */
static void
flush_lines(FunctionCallInfo fcinfo, Rollup *rollup)
{
	CustomerTable *table;
	Line	   *lines = rollup->lines;
	int			nlines = rollup->nlines;
	Customer   *guesses[BATCH_LINES];

	if (unlikely(rollup->table->is_full))
		spill_table(fcinfo, rollup);
	table = rollup->table;
	for (int i = 0; i < nlines; i++)
	{
		lines[i].hash = hash_key(table->key_kind, lines[i].key);
		PREFETCH(&table->slots[first_slot(table, lines[i].hash)]);
	}
	for (int i = 0; i < nlines; i++)
	{
		guesses[i] = guess_customer(table, lines[i].hash);
		if (guesses[i] != NULL)
			PREFETCH(guesses[i]);
	}
	if (table->key_kind != KEY_BIGINT)
	{
		for (int i = 0; i < nlines; i++)
		{
			if (guesses[i] != NULL)
				PREFETCH(guesses[i]->key.bytes);
		}
	}

	rollup->nlines = 0;
	for (int i = 0; i < nlines; i++)
		add_line(rollup,
				 customer_table_find(table, lines[i].key, lines[i].hash),
				 &lines[i]);
}

/* The place of the next line to wait. */
static inline Line *
next_line(FunctionCallInfo fcinfo, Rollup *rollup)
{
	if (rollup->nlines == BATCH_LINES)
		flush_lines(fcinfo, rollup);
	return &rollup->lines[rollup->nlines];
}

/* When a line counts, and whether it does: NO_TIME if not. */
static inline OrderTime
line_time(FunctionCallInfo fcinfo, const Rollup *rollup)
{
	OrderTime	at;

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return NO_TIME;
	at = measures_read_ordered_at(rollup->time_kind, PG_GETARG_DATUM(2));
	return at > rollup->end ? NO_TIME : at;
}

/*
 * Read the amount of a line. False if it is too long for a line that waits,
 * which only numerics are.
 */
static inline bool
read_amount(const Rollup *rollup, Datum amount, Line *line)
{
	switch (rollup->amount_type.kind)
	{
		case MEASURED_INTEGER:
			line->amount.integer = DatumGetInt64(amount);
			return true;
		case MEASURED_DOUBLE:
			line->amount.real = DatumGetFloat8(amount);
			return true;
		default:
			return exact_sum_scale((struct varlena *) DatumGetPointer(amount),
								   &line->amount.scaled);
	}
}

/*
 * Keys
 */

/* Some bytes that a key is made of. */
typedef struct Span
{
	const char *data;
	Size		size;
	int64		integer;		/* what data may point to */
} Span;

/* The room for bytes that wait, each line has its own; or for more of them. */
static inline KeyBytes *
key_room(Rollup *rollup, Size size)
{
	KeyBytes  **room = &rollup->waiting_bytes[rollup->nlines];

	if (unlikely(size > WAITING_BYTES))
		return palloc(key_bytes_size(size));
	if (unlikely(*room == NULL))
		*room = MemoryContextAlloc(rollup->context,
								   key_bytes_size(WAITING_BYTES));
	return *room;
}

static inline uint32
hash_span(const Span *span)
{
	return hash_bytes((const unsigned char *) span->data, span->size);
}

/* The bytes of a string. */
static inline void
span_text(Span *span, Datum string)
{
	text	   *packed = DatumGetTextPP(string);

	span->data = VARDATA_ANY(packed);
	span->size = VARSIZE_ANY_EXHDR(packed);
}

/* The bytes of an integer. */
static inline void
span_integer(Span *span, int64 integer)
{
	span->integer = integer;
	span->data = (const char *) &span->integer;
	span->size = sizeof(int64);
}

/* The bytes that tell the customer of a row. */
static inline void
span_customer(FunctionCallInfo fcinfo, KeyKind kind, Span *span)
{
	switch (kind)
	{
		case KEY_TEXT:
			span_text(span, PG_GETARG_DATUM(1));
			break;
		case KEY_UUID:
			span->data = (const char *) PG_GETARG_UUID_P(1)->data;
			span->size = UUID_LEN;
			break;
		default:
			span_integer(span, PG_GETARG_INT64(1));
	}
}

/* The bytes that tell the order of a row. */
static void
span_order(FunctionCallInfo fcinfo, const Rollup *rollup, Span *span)
{
	Datum		id = PG_GETARG_DATUM(5);

	switch (rollup->id_kind)
	{
		case ORDER_ID_TEXT:
			span_text(span, id);
			break;
		case ORDER_ID_BPCHAR:
			span_text(span, id);
			span->size = bpchartruelen((char *) span->data, span->size);
			break;
		case ORDER_ID_UUID:
			span->data = (const char *) DatumGetUUIDP(id)->data;
			span->size = UUID_LEN;
			break;
		case ORDER_ID_LITERAL:
			span->data = DatumGetCString(id);
			span->size = strlen(span->data);
			break;
		default:
			span_integer(span, rollup->id_type == INT8OID ? DatumGetInt64(id) :
						 rollup->id_type == INT4OID ? DatumGetInt32(id) :
						 DatumGetInt16(id));
	}
}

/* Read the key of a line's customer. False if it cannot wait: NULL, or long. */
static inline bool
read_customer_key(FunctionCallInfo fcinfo, Rollup *rollup, Line *line)
{
	Span		span;
	KeyBytes   *bytes;

	if (unlikely(PG_ARGISNULL(1)))
		return false;
	if (rollup->key_kind == KEY_BIGINT)
	{
		line->key.integer = PG_GETARG_INT64(1);
		return true;
	}
	span_customer(fcinfo, rollup->key_kind, &span);
	bytes = key_room(rollup, span.size);
	bytes->hash = hash_span(&span);
	bytes->size = span.size;
	memcpy(bytes->data, span.data, span.size);
	line->key.bytes = bytes;
	return span.size <= WAITING_BYTES;
}

/* Read the key of a line's order; a line that does not count has none. */
static bool
read_order_key(FunctionCallInfo fcinfo, Rollup *rollup, Line *line)
{
	Span		customer = {"", 0};
	Span		order = {"", 0};
	OrderKey	head = {0};
	KeyBytes   *bytes;
	Size		size;

	head.customer_is_null = PG_ARGISNULL(1);
	if (!head.customer_is_null)
		span_customer(fcinfo, rollup->key_kind, &customer);
	head.has_id = line->at != NO_TIME && !PG_ARGISNULL(5);
	if (head.has_id)
		span_order(fcinfo, rollup, &order);
	head.customer_size = customer.size;
	head.customer_hash = rollup->key_kind == KEY_BIGINT ?
		hash_integer(customer.integer) : hash_span(&customer);

	size = offsetof(OrderKey, data) + customer.size + order.size;
	bytes = key_room(rollup, size);
	bytes->size = size;
	memcpy(bytes->data, &head, offsetof(OrderKey, data));
	memcpy(bytes->data + offsetof(OrderKey, data), customer.data, customer.size);
	memcpy(bytes->data + size - order.size, order.data, order.size);
	bytes->hash = hash_combine(head.customer_hash, hash_span(&order));
	line->key.bytes = bytes;
	return size <= WAITING_BYTES;
}

/* The customer, or order, of a line that does not wait. */
static Customer *
line_customer(FunctionCallInfo fcinfo, Rollup *rollup, const Line *line)
{
	if (rollup->id_kind == ORDER_ID_NONE && PG_ARGISNULL(1))
		return customer_table_find_null(rollup->table);
	return customer_table_find(rollup->table, line->key,
							   hash_key(rollup->table->key_kind, line->key));
}

/*
 * The transition
 */

/* Equal texts must have equal bytes: not so in nondeterministic collations. */
static void
check_collation(FunctionCallInfo fcinfo)
{
	if (!OidIsValid(PG_GET_COLLATION()))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_COLLATION),
				 errmsg("could not determine which collation to use for customer"),
				 errhint("Use the COLLATE clause to set the collation explicitly.")));
	if (!get_collation_isdeterministic(PG_GET_COLLATION()))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("nondeterministic collations are not supported for rfm_rollup"),
				 errhint("Write customer COLLATE \"C\" to tell customers apart by their bytes; or use rfm_measures and GROUP BY.")));
}

/* What the key is. */
static KeyKind
get_key_kind(FunctionCallInfo fcinfo)
{
	switch (get_fn_expr_argtype(fcinfo->flinfo, 1))
	{
		case TEXTOID:
			check_collation(fcinfo);
			return KEY_TEXT;
		case UUIDOID:
			return KEY_UUID;
		default:
			return KEY_BIGINT;
	}
}

/* What the id of an order is. It is compared by bytes, so not all types do. */
static OrderIdKind
get_id_kind(FunctionCallInfo fcinfo, Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return ORDER_ID_INTEGER;
		case TEXTOID:
		case VARCHAROID:
			check_collation(fcinfo);
			return ORDER_ID_TEXT;
		case BPCHAROID:
			check_collation(fcinfo);
			return ORDER_ID_BPCHAR;
		case UUIDOID:
			return ORDER_ID_UUID;
		case UNKNOWNOID:
			return ORDER_ID_LITERAL;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("rfm_rollup takes no order_id of type %s",
							format_type_be(type)),
					 errhint("Cast it to bigint, uuid or text.")));
	}
	return ORDER_ID_NONE;		/* keep compiler quiet */
}

/* Begin the state by the first row. */
static pg_noinline Rollup *
begin_rollup(FunctionCallInfo fcinfo, bool has_orders)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	const RfmAsOf *as_of = (const RfmAsOf *) PG_GETARG_POINTER(4);
	TimeKind	time_kind = order_time_kind(get_fn_expr_argtype(flinfo, 2));
	AmountType	amount_type = measures_amount_type(get_fn_expr_argtype(flinfo, 3),
											 "amount");
	OrderTime	end = rfm_as_of_end(as_of, time_kind);
	OrderIdKind id_kind = ORDER_ID_NONE;
	Oid			id_type = InvalidOid;
	Rollup	   *rollup;

	if (has_orders)
	{
		id_type = getBaseType(get_fn_expr_argtype(flinfo, 5));
		id_kind = get_id_kind(fcinfo, id_type);
	}
	rollup = create_rollup(fcinfo, time_kind, get_key_kind(fcinfo), id_kind, end);
	rollup->id_type = id_type;
	rollup->amount_type = amount_type;
	rollup->as_of.as_of = *as_of;
	rollup->as_of.end = end;
	return rollup;
}

/* Throw unless all rows have the same as_of. */
static inline void
check_end(const Rollup *rollup, OrderTime end)
{
	if (unlikely(end != rollup->end))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be the same in all rows")));
}

/* The state, begun if need be; checks as_of. */
static inline Rollup *
get_rollup(FunctionCallInfo fcinfo, bool has_orders)
{
	Rollup	   *rollup;

	if (unlikely(PG_ARGISNULL(4)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be null")));
	if (unlikely(PG_ARGISNULL(0)))
		return begin_rollup(fcinfo, has_orders);

	rollup = (Rollup *) PG_GETARG_POINTER(0);
	check_end(rollup, rfm_as_of_recall(&rollup->as_of,
									   (const RfmAsOf *) PG_GETARG_POINTER(4),
									   rollup->time_kind));
	return rollup;
}

/* Both forms of the transition function. */
static pg_always_inline Datum
accumulate(FunctionCallInfo fcinfo, bool has_orders)
{
	Rollup	   *rollup = get_rollup(fcinfo, has_orders);
	Line	   *line = next_line(fcinfo, rollup);
	bool		can_wait;
	Datum		amount;

	line->at = line_time(fcinfo, rollup);
	can_wait = has_orders ? read_order_key(fcinfo, rollup, line) :
		read_customer_key(fcinfo, rollup, line);
	if (line->at != NO_TIME)
	{
		amount = measures_read_amount(&rollup->amount_type, PG_GETARG_DATUM(3));
		if (unlikely(!read_amount(rollup, amount, line)))
		{
			add_long_line(rollup, line_customer(fcinfo, rollup, line), line->at,
						  (struct varlena *) DatumGetPointer(amount));
			can_wait = false;
			line->at = NO_TIME;
		}
	}

	if (likely(can_wait))
		rollup->nlines++;
	else
	{
		add_line(rollup, line_customer(fcinfo, rollup, line), line);
		if (unlikely(rollup->table->is_full))
			flush_lines(fcinfo, rollup);
	}
	PG_RETURN_POINTER(rollup);
}

/* Transition function: state, customer, ordered_at, amount, as_of. */
Datum
rfm_rollup_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

/* The same with order_id. */
Datum
rfm_rollup_order_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

/*
 * Messages
 */

/* Something flat that grows by pieces. */
typedef struct Piecework
{
	const Rollup *rollup;
	TupleDesc	desc;			/* of rows, if they are that */
	const char *limit;			/* what says that it gets too large */
	char	   *data;
	Size		used;
	Size		size;
	uint32		npieces;
} Piecework;

#define FIRST_PIECEWORK_SIZE	1024

/* Begin with room for a header. */
static void
begin_pieces(Piecework *work, const Rollup *rollup, Size header_size,
			 const char *limit)
{
	work->rollup = rollup;
	work->desc = NULL;
	work->limit = limit;
	work->size = FIRST_PIECEWORK_SIZE;
	work->data = palloc(work->size);
	work->used = header_size;
	work->npieces = 0;
}

/* Add a piece, which is to be written. */
static inline char *
add_piece(Piecework *work, Size size)
{
	char	   *result;

	if (unlikely(work->used + size > work->size))
	{
		work->size = Min(Max(work->used + size, work->size * 2), MaxAllocSize);
		if (work->used + size > work->size)
			report_too_many(work->limit);
		work->data = repalloc(work->data, work->size);
	}
	result = work->data + work->used;
	work->used += size;
	work->npieces++;
	return result;
}

/* Call a function with all customers, in one table or, from files, several. */
static void
visit_tables(FunctionCallInfo fcinfo, Rollup *rollup, CustomerVisitor visitor,
			 void *arg)
{
	flush_lines(fcinfo, rollup);
	if (rollup->spill == NULL)
		visitor(rollup->table, arg);
	else
	{
		spill_table(fcinfo, rollup);
		customer_spill_visit(rollup->spill, visitor, arg);
	}
}

static void
send_customer(Piecework *work, const CustomerTable *table,
			  const Customer *customer)
{
	char	   *cursor = add_piece(work, customer_record_size(table->key_kind,
															  customer));

	customer_write(&cursor, table->key_kind, customer);
}

/*
 * Write the customers of a table, in order of their slots. They are read here
 * all over memory, in each process for itself; the one that reads the messages
 * then finds slots and customers one after the other.
 */
static void
send_customers(const CustomerTable *table, void *arg)
{
	Piecework  *work = (Piecework *) arg;

	for (uint64 i = 0; i <= table->slot_mask; i++)
	{
		uint32		i_ahead = (i + SLOTS_AHEAD) & table->slot_mask;
		uint32		number = table->slots[i].number;
		uint32		ahead = table->slots[i_ahead].number;

		if (i % BATCH_LINES == 0)
			CHECK_FOR_INTERRUPTS();
		if (ahead != 0)
			PREFETCH(get_customer(table, ahead - 1));
		if (number != 0)
			send_customer(work, table, get_customer(table, number - 1));
	}
	if (table->null_customer != NULL)
		send_customer(work, table, table->null_customer);
}

/* Write a state as a message. */
Datum
rfm_rollup_serialize(PG_FUNCTION_ARGS)
{
	Rollup	   *rollup = (Rollup *) PG_GETARG_POINTER(0);
	MessageHeader header = {0};
	Piecework	work;

	begin_pieces(&work, rollup, VARHDRSZ + sizeof(header),
				 "a message to another process may");
	visit_tables(fcinfo, rollup, send_customers, &work);

	header.end = rollup->end;
	header.ncustomers = work.npieces;
	header.time_kind = rollup->time_kind;
	header.key_kind = rollup->key_kind;
	header.has_orders = rollup->id_kind != ORDER_ID_NONE;
	memcpy(work.data + VARHDRSZ, &header, sizeof(header));
	SET_VARSIZE(work.data, work.used);
	PG_RETURN_BYTEA_P((bytea *) work.data);
}

/* Find one's way in a message: it is read where it lies. */
Datum
rfm_rollup_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_P(0);
	RollupMessage *message = palloc(sizeof(RollupMessage));

	memcpy(&message->header, VARDATA(bytes), sizeof(MessageHeader));
	message->customers = VARDATA(bytes) + sizeof(MessageHeader);
	PG_RETURN_POINTER(message);
}

/* Add the customers of a message: to the table, or else to files. */
static void
absorb_customers(FunctionCallInfo fcinfo, Rollup *rollup,
				 const RollupMessage *message)
{
	uint32		n = message->header.ncustomers;
	const char *cursor = message->customers;
	bool		fits = rollup->spill == NULL &&
		customer_table_reserve(rollup->table,
							   (uint64) rollup->table->ncustomers + n);
	CustomerSpill *spill = fits ? NULL : get_spill(fcinfo, rollup);
	Customer	customer;

	for (uint32 i = 0; i < n; i++)
	{
		if (i % BATCH_LINES == 0)
		{
			CHECK_FOR_INTERRUPTS();
			if (fits && rollup->table->is_full)
				spill_table(fcinfo, rollup);
		}
		customer_read(&cursor, table_kind(rollup), &customer);
		if (fits)
			customer_table_absorb(rollup->table, &customer);
		else
			customer_spill_write(spill, &customer);
	}
}

/* Combine function. The second state comes from another process. */
Datum
rfm_rollup_combine(PG_FUNCTION_ARGS)
{
	Rollup	   *rollup = NULL;
	const RollupMessage *message;

	if (!PG_ARGISNULL(0))
		rollup = (Rollup *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	message = (const RollupMessage *) PG_GETARG_POINTER(1);
	if (rollup == NULL)
		rollup = create_rollup(fcinfo, (TimeKind) message->header.time_kind,
							   (KeyKind) message->header.key_kind,
							   message->header.has_orders ? ORDER_ID_LITERAL :
							   ORDER_ID_NONE,
							   message->header.end);
	check_end(rollup, message->header.end);
	flush_lines(fcinfo, rollup);
	absorb_customers(fcinfo, rollup, message);
	PG_RETURN_POINTER(rollup);
}

/*
 * The result
 */

/* A key as a datum of its type. */
static Datum
key_datum(const CustomerTable *table, Key key)
{
	switch (table->key_kind)
	{
		case KEY_TEXT:
			return PointerGetDatum(cstring_to_text_with_len(key.bytes->data,
															key.bytes->size));
		case KEY_UUID:
			return PointerGetDatum(key.bytes->data);
		default:
			return Int64GetDatum(key.integer);
	}
}

/* A customer as a row: the key, and the measures. */
static HeapTuple
form_row(const Rollup *rollup, const CustomerTable *table,
		 const Customer *customer, TupleDesc desc)
{
	MeasuresState state;
	Datum		values[1 + NUM_COLUMNS];
	bool		nulls[1 + NUM_COLUMNS];

	state.end = rollup->end;
	state.first = customer->first;
	state.last = customer->last;
	state.frequency = customer->frequency;
	state.monetary = customer->monetary;

	nulls[0] = (customer == table->null_customer);
	if (!nulls[0])
		values[0] = key_datum(table, customer->key);
	measures_fill(&state, rollup->time_kind, values + 1, nulls + 1);
	return heap_form_tuple(desc, values, nulls);
}

/* Append a row, as an element of an array. */
static void
append_row(Piecework *array, HeapTuple row)
{
	char	   *element = add_piece(array, MAXALIGN(row->t_len));

	memcpy(element, row->t_data, row->t_len);
	memset(element + row->t_len, 0, MAXALIGN(row->t_len) - row->t_len);
}

/* Append all customers of a table as rows. */
static void
append_rows(const CustomerTable *table, void *arg)
{
	Piecework  *array = (Piecework *) arg;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "rfm_rollup row",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	for (uint32 i = 0; i < table->ncustomers; i++)
	{
		append_row(array, form_row(array->rollup, table, get_customer(table, i),
								   array->desc));
		if (i % BATCH_LINES == 0)
		{
			CHECK_FOR_INTERRUPTS();
			MemoryContextReset(scratch);
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/* The customer of an order, in a table of customers. */
static Customer *
order_customer(CustomerTable *customers, const OrderKey *order)
{
	KeyBytes   *bytes;
	Customer   *result;
	Key			key;

	if (order->customer_is_null)
		return customer_table_find_null(customers);
	if (customers->key_kind == KEY_BIGINT)
	{
		memcpy(&key.integer, order->data, sizeof(int64));
		return customer_table_find(customers, key, order->customer_hash);
	}
	bytes = palloc(key_bytes_size(order->customer_size));
	bytes->hash = order->customer_hash;
	bytes->size = order->customer_size;
	memcpy(bytes->data, order->data, order->customer_size);
	key.bytes = bytes;
	result = customer_table_find(customers, key, bytes->hash);
	pfree(bytes);
	return result;
}

/*
 * Count an order, or the lines without one, for its customer. An order that
 * was returned in full is none, but its money counts.
 */
static void
count_order(CustomerTable *customers, const Customer *order)
{
	const OrderKey *key = (const OrderKey *) order->key.bytes->data;
	Customer   *customer = order_customer(customers, key);
	Customer	counted = *order;

	if (key->has_id)
	{
		counted.monetary.owner_flags &= ~ORDER_HAS_REFUND;
		counted.frequency = 1;
		counted.last = counted.first;
		if (order->last == NO_TIME ||
			((order->monetary.owner_flags & ORDER_HAS_REFUND) &&
			 exact_sum_sign(&order->monetary) <= 0))
		{
			counted.last = NO_TIME;
			counted.frequency = 0;
		}
	}
	customer_merge(customers, customer, &counted);
}

/* Append the customers of all orders of a table as rows. */
static void
append_rows_of_orders(const CustomerTable *orders, void *arg)
{
	Piecework  *array = (Piecework *) arg;
	CustomerTable *customers = customer_table_create(CurrentMemoryContext,
													 array->rollup->key_kind, 0,
													 SLOT_FACTOR_PLAIN);

	for (uint32 i = 0; i < orders->ncustomers; i++)
	{
		if (i % BATCH_LINES == 0)
			CHECK_FOR_INTERRUPTS();
		count_order(customers, get_customer(orders, i));
	}
	append_rows(customers, array);
	customer_table_destroy(customers);
}

/* Final function: an array of rows, made by hand rather than copied twice. */
Datum
rfm_rollup_final(PG_FUNCTION_ARGS)
{
	Oid			row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Rollup	   *rollup;
	Piecework	array;
	ArrayType  *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	rollup = (Rollup *) PG_GETARG_POINTER(0);

	begin_pieces(&array, rollup, ARR_OVERHEAD_NONULLS(1), "an array can hold");
	array.desc = lookup_rowtype_tupdesc(row_type, -1);
	visit_tables(fcinfo, rollup,
				 rollup->id_kind == ORDER_ID_NONE ? append_rows :
				 append_rows_of_orders, &array);
	ReleaseTupleDesc(array.desc);

	result = (ArrayType *) array.data;
	SET_VARSIZE(result, array.used);
	result->ndim = 1;
	result->dataoffset = 0;
	result->elemtype = row_type;
	ARR_DIMS(result)[0] = array.npieces;
	ARR_LBOUND(result)[0] = 1;
	PG_RETURN_ARRAYTYPE_P(result);
}

/* A cast: the measures of a row, without its customer. */
Datum
rfm_customer_measures(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	TupleDesc	desc = measures_result_desc(fcinfo);
	Datum		values[NUM_COLUMNS];
	bool		nulls[NUM_COLUMNS];

	for (int i = 0; i < NUM_COLUMNS; i++)
		values[i] = GetAttributeByNum(row, 1 + i + 1, &nulls[i]);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
