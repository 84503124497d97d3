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
 * parallel plan pays.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#ifndef WIN32
#include <sys/mman.h>
#endif

#include "number/numeric_decode.h"
#include "rfm/rfm_measures.h"

/* Fetch memory ahead of its use, which is to write as well. */
#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address)	__builtin_prefetch(address, 1)
#else
#define PREFETCH(address)	((void) (address))
#endif

/* The size of a large page of memory, where those are known. */
#define LARGE_PAGE		((Size) 2 * 1024 * 1024)

/* What a key is. Texts and uuids are told apart by their bytes. */
typedef enum KeyKind
{
	KEY_BIGINT,
	KEY_TEXT,
	KEY_UUID
} KeyKind;

/* The bytes of a key, with their hash. */
typedef struct KeyBytes
{
	uint32		hash;
	uint32		size;			/* of data */
	char		data[FLEXIBLE_ARRAY_MEMBER];
} KeyBytes;

/* What tells customers apart: which of both, the state knows. */
typedef union Key
{
	int64		integer;
	const KeyBytes *bytes;
} Key;

/* What is known of a customer: as MeasuresState, but the end is of them all. */
typedef struct Customer
{
	Key			key;
	OrderTime	first;
	OrderTime	last;
	int64		frequency;
	ExactSum	monetary;
} Customer;

#define CACHE_LINE		64

StaticAssertDecl(sizeof(Customer) <= CACHE_LINE, "customer exceeds a cache line");

/* Beside MEASURES_HAS_LINES in monetary.owner_bits. */
#define CUSTOMER_IS_NULL	0x02	/* the customer is NULL */
#define CUSTOMER_HAS_REST	0x04	/* in a message: the rest of the sum follows */

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

/* Texts are allocated together, in blocks of this size at least. */
#define BYTES_BLOCK_SIZE	((Size) 64 * 1024)

/* Customers are numbered, and found by blocks of so many. */
#define BLOCK_CUSTOMERS	1024

#define FIRST_SLOTS		1024

/* Customers are fetched so many slots before they are read in order. */
#define SLOTS_AHEAD		32

/* A place in the hash table. The hash tells others' customers unvisited. */
typedef struct Slot
{
	uint32		hash;
	uint32		number;			/* of the customer, plus 1; 0: free */
} Slot;

/* The state of the aggregate. */
typedef struct Rollup
{
	MemoryContext context;		/* all of it */
	TimeKind	time_kind;
	AmountType	amount_type;
	KeyKind		key_kind;
	AsOfMemo	as_of;			/* of the last row */
	OrderTime	end;			/* the last time that counts, in all rows */

	/* customers by number, and blocks that none of them uses yet */
	Customer  **blocks;
	uint32		ncustomers;
	uint32		nblocks;
	Customer   *null_customer;

	/* customers by hash: its high bits choose the slot, or one after it */
	Slot	   *slots;
	uint32		slot_mask;
	int			slot_shift;

	/* room for the bytes of keys, and how much there ever was */
	char	   *free_bytes;
	Size		free_bytes_size;
	Size		bytes_size;

	int			nlines;
	Line		lines[BATCH_LINES];
	KeyBytes   *waiting_bytes[BATCH_LINES];
} Rollup;

/* A state from another process, read in place. */
typedef struct RollupMessage
{
	TimeKind	time_kind;
	KeyKind		key_kind;
	OrderTime	end;
	uint32		ncustomers;
	const char *customers;		/* aligned to 4 bytes only */
} RollupMessage;

/* What begins a message. */
typedef struct MessageHeader
{
	OrderTime	end;
	uint32		ncustomers;
	uint16		time_kind;
	uint16		key_kind;
} MessageHeader;

PG_FUNCTION_INFO_V1(rfm_rollup_accum);
PG_FUNCTION_INFO_V1(rfm_rollup_combine);
PG_FUNCTION_INFO_V1(rfm_rollup_serialize);
PG_FUNCTION_INFO_V1(rfm_rollup_deserialize);
PG_FUNCTION_INFO_V1(rfm_rollup_final);

/* Complain that the result, or a part on its way to it, is beyond limits. */
static void
report_too_many(uint32 ncustomers, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many customers for rfm_rollup"),
			 errdetail("%u customers need more memory than %s.", ncustomers,
					   what),
			 errhint("Raise work_mem as far as memory allows; or use rfm_measures and GROUP BY, which can do with little memory.")));
}

/* The hash of a key: of an integer, its bits mixed. */
static inline uint32
hash_key(const Rollup *rollup, Key key)
{
	uint64		hash = (uint64) key.integer;

	if (rollup->key_kind != KEY_BIGINT)
		return key.bytes->hash;
	hash = (hash ^ (hash >> 32)) * UINT64CONST(0x9E3779B97F4A7C15);
	return (uint32) (hash >> 32);
}

/* Are two keys of the same hash equal? */
static inline bool
keys_equal(const Rollup *rollup, Key a, Key b)
{
	if (rollup->key_kind == KEY_BIGINT)
		return a.integer == b.integer;
	return a.bytes->size == b.bytes->size &&
		memcmp(a.bytes->data, b.bytes->data, a.bytes->size) == 0;
}

/* The size of bytes with what precedes them, such that the next are aligned. */
static inline Size
key_bytes_size(Size size)
{
	return INTALIGN(offsetof(KeyBytes, data) + size);
}

static inline Customer *
get_customer(const Rollup *rollup, uint32 number)
{
	return &rollup->blocks[number / BLOCK_CUSTOMERS][number % BLOCK_CUSTOMERS];
}

/* What the state may still grow by: hashing may not take more memory. */
static Size
free_memory(const Rollup *rollup)
{
	Size		limit = get_hash_memory_limit();
	Size		used = MemoryContextMemAllocated(rollup->context, true);

	return used < limit ? limit - used : 0;
}

/*
 * Ask for large pages. Of small ones there are more than the processor can
 * find quickly. It is a wish: what becomes of it does not matter.
 */
static void
wish_large_pages(char *memory, Size size)
{
#ifdef MADV_HUGEPAGE
	char	   *begin = (char *) TYPEALIGN(LARGE_PAGE, memory);
	char	   *end = (char *) TYPEALIGN_DOWN(LARGE_PAGE, memory + size);

	if (begin < end)
		(void) madvise(begin, end - begin, MADV_HUGEPAGE);
#endif
}

/* Allocate a part of the state. */
static void *
allocate(Rollup *rollup, Size size)
{
	void	   *result;

	if (size > free_memory(rollup))
		report_too_many(rollup->ncustomers,
						"work_mem times hash_mem_multiplier");
	result = MemoryContextAllocHuge(rollup->context, size);
	wish_large_pages(result, size);
	return result;
}

/* Allocate slots, all free. */
static void
create_slots(Rollup *rollup, uint64 nslots)
{
	Size		size = nslots * sizeof(Slot);

	rollup->slots = memset(allocate(rollup, size), 0, size);
	rollup->slot_mask = nslots - 1;
	rollup->slot_shift = 32 - pg_leftmost_one_pos64(nslots);
}

/* The first slot of a hash, and the one after a slot. */
static inline uint32
first_slot(const Rollup *rollup, uint32 hash)
{
	return hash >> rollup->slot_shift;
}

static inline uint32
next_slot(const Rollup *rollup, uint32 i)
{
	return (i + 1) & rollup->slot_mask;
}

/* Begin a state with room for some customers. */
static Rollup *
create_rollup(FunctionCallInfo fcinfo, TimeKind time_kind, KeyKind key_kind,
			  OrderTime end)
{
	MemoryContext aggregate;
	MemoryContext context;
	Rollup	   *rollup;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "rfm_rollup called in non-aggregate context");

	context = AllocSetContextCreate(aggregate, "rfm_rollup",
									ALLOCSET_DEFAULT_SIZES);
	rollup = MemoryContextAllocZero(context, sizeof(Rollup));
	rollup->context = context;
	rollup->time_kind = time_kind;
	rollup->key_kind = key_kind;
	rollup->end = end;
	create_slots(rollup, FIRST_SLOTS);
	return rollup;
}

/*
 * Make slots for so many customers, a quarter of them free. Customers are put
 * into the new slots in order, and there must be enough of them for that from
 * the beginning: many customers of neighbouring hashes would crowd few slots.
 */
static void
reserve_slots(Rollup *rollup, uint64 ncustomers)
{
	Slot	   *old = rollup->slots;
	uint64		nold = (uint64) rollup->slot_mask + 1;
	uint64		nslots = nold;

	while (ncustomers > nslots / 4 * 3)
		nslots *= 2;
	if (nslots == nold)
		return;

	create_slots(rollup, nslots);
	for (uint64 old_i = 0; old_i < nold; old_i++)
	{
		uint32		i;

		if (old_i % BATCH_LINES == 0)
			CHECK_FOR_INTERRUPTS();
		if (old[old_i].number == 0)
			continue;
		i = first_slot(rollup, old[old_i].hash);
		while (rollup->slots[i].number != 0)
			i = next_slot(rollup, i);
		rollup->slots[i] = old[old_i];
	}
	pfree(old);
}

/* Note a block. Their array doubles whenever their number is a power of two. */
static void
append_block(Rollup *rollup, Customer *block)
{
	uint32		n = rollup->nblocks;

	if (n == 0)
		rollup->blocks = MemoryContextAlloc(rollup->context,
											sizeof(Customer *));
	else if ((n & (n - 1)) == 0)
		rollup->blocks = repalloc(rollup->blocks, 2 * n * sizeof(Customer *));
	rollup->blocks[rollup->nblocks++] = block;
}

/*
 * Allocate blocks, together so that they share large pages: a quarter as many
 * as there are, or as many as still may be.
 */
static void
add_blocks(Rollup *rollup)
{
	const Size	block_size = BLOCK_CUSTOMERS * sizeof(Customer);
	Size		nblocks = 1 + Min(rollup->nblocks / 4,
								  free_memory(rollup) / 2 / block_size);
	char	   *blocks = allocate(rollup, CACHE_LINE + nblocks * block_size);

	blocks = (char *) TYPEALIGN(CACHE_LINE, blocks);
	for (Size i = 0; i < nblocks; i++)
		append_block(rollup, (Customer *) (blocks + i * block_size));
}

/* Begin a block for bytes: a quarter of all so far, as for customers. */
static void
add_bytes_block(Rollup *rollup)
{
	Size		size = BYTES_BLOCK_SIZE + Min(rollup->bytes_size / 4,
											 free_memory(rollup) / 2);

	rollup->free_bytes = allocate(rollup, size);
	rollup->free_bytes_size = size;
	rollup->bytes_size += size;
}

/* Room for the bytes of a key. Long ones have memory of their own. */
static char *
allocate_bytes(Rollup *rollup, Size size)
{
	char	   *result;

	if (size > BYTES_BLOCK_SIZE)
		return allocate(rollup, size);
	if (size > rollup->free_bytes_size)
		add_bytes_block(rollup);
	result = rollup->free_bytes;
	rollup->free_bytes += size;
	rollup->free_bytes_size -= size;
	return result;
}

/* Copy the bytes of a key for good. */
static const KeyBytes *
keep_bytes(Rollup *rollup, const KeyBytes *bytes)
{
	char	   *copy = allocate_bytes(rollup, key_bytes_size(bytes->size));

	return memcpy(copy, bytes, offsetof(KeyBytes, data) + bytes->size);
}

/* Begin a customer, outside the slots. */
static Customer *
add_customer(Rollup *rollup)
{
	Customer   *customer;

	if (rollup->ncustomers == rollup->nblocks * BLOCK_CUSTOMERS)
		add_blocks(rollup);
	customer = get_customer(rollup, rollup->ncustomers++);
	memset(customer, 0, sizeof(Customer));
	customer->last = NO_TIME;
	return customer;
}

/* Find a customer by key and its hash, or begin it. */
static Customer *
find_customer(Rollup *rollup, Key key, uint32 hash)
{
	Customer   *customer;
	uint32		i;

	if (unlikely(rollup->ncustomers >= rollup->slot_mask / 4 * 3))
		reserve_slots(rollup, (uint64) rollup->ncustomers + 1);
	for (i = first_slot(rollup, hash); rollup->slots[i].number != 0;
		 i = next_slot(rollup, i))
	{
		if (rollup->slots[i].hash != hash)
			continue;
		customer = get_customer(rollup, rollup->slots[i].number - 1);
		if (keys_equal(rollup, customer->key, key))
			return customer;
	}

	customer = add_customer(rollup);
	customer->key = key;
	if (rollup->key_kind != KEY_BIGINT)
		customer->key.bytes = keep_bytes(rollup, key.bytes);
	rollup->slots[i].hash = hash;
	rollup->slots[i].number = rollup->ncustomers;
	return customer;
}

/* The customer NULL, which is one like any other, as in GROUP BY. */
static Customer *
find_null_customer(Rollup *rollup)
{
	if (rollup->null_customer == NULL)
	{
		rollup->null_customer = add_customer(rollup);
		rollup->null_customer->monetary.owner_bits = CUSTOMER_IS_NULL;
	}
	return rollup->null_customer;
}

/* Note the time of an order. */
static inline void
note_order(Customer *customer, OrderTime at)
{
	measures_note_order(&customer->first, &customer->last, at);
}

/* Add a line to its customer: an order, or a refund. */
static inline void
add_line(Rollup *rollup, Customer *customer, const Line *line)
{
	ExactSum   *sum = &customer->monetary;
	bool		is_refund;

	if (line->at == NO_TIME)
		return;
	sum->owner_bits |= MEASURES_HAS_LINES;
	switch (rollup->amount_type.kind)
	{
		case AMOUNT_BIGINT:
			is_refund = line->amount.integer < 0;
			exact_sum_add_int64(sum, line->amount.integer, rollup);
			break;
		case AMOUNT_DOUBLE:
			is_refund = line->amount.real < 0;
			exact_sum_add_double(sum, line->amount.real, rollup);
			break;
		default:
			is_refund = line->amount.scaled.mantissa < 0;
			exact_sum_add_scaled(sum, &line->amount.scaled, rollup);
	}
	if (!is_refund)
	{
		note_order(customer, line->at);
		customer->frequency++;
	}
}

/* The customer that a hash most likely means; not looked at yet. */
static inline Customer *
guess_customer(const Rollup *rollup, uint32 hash)
{
	uint32		i = first_slot(rollup, hash);

	while (rollup->slots[i].number != 0 && rollup->slots[i].hash != hash)
		i = next_slot(rollup, i);
	if (rollup->slots[i].number == 0)
		return NULL;
	return get_customer(rollup, rollup->slots[i].number - 1);
}

/* Add the lines that wait. Nothing that can be seen changes. */
static void
flush_lines(Rollup *rollup)
{
	Line	   *lines = rollup->lines;
	int			nlines = rollup->nlines;
	Customer   *guesses[BATCH_LINES];

	for (int i = 0; i < nlines; i++)
	{
		lines[i].hash = hash_key(rollup, lines[i].key);
		PREFETCH(&rollup->slots[first_slot(rollup, lines[i].hash)]);
	}
	for (int i = 0; i < nlines; i++)
	{
		guesses[i] = guess_customer(rollup, lines[i].hash);
		if (guesses[i] != NULL)
			PREFETCH(guesses[i]);
	}
	if (rollup->key_kind != KEY_BIGINT)
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
				 find_customer(rollup, lines[i].key, lines[i].hash),
				 &lines[i]);
}

/* The place of the next line to wait. */
static inline Line *
next_line(Rollup *rollup)
{
	if (rollup->nlines == BATCH_LINES)
		flush_lines(rollup);
	return &rollup->lines[rollup->nlines];
}

/* Add a line whose amount is too long to wait. */
static pg_noinline void
add_long_line(Rollup *rollup, Customer *customer, OrderTime at,
			  const struct varlena *amount)
{
	customer->monetary.owner_bits |= MEASURES_HAS_LINES;
	exact_sum_add_numeric(&customer->monetary, amount, rollup);
	if (!numeric_decode_is_negative(amount))
	{
		note_order(customer, at);
		customer->frequency++;
	}
}

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

/* Begin the state by the first row. */
static pg_noinline Rollup *
begin_rollup(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	const RfmAsOf *as_of = (const RfmAsOf *) PG_GETARG_POINTER(4);
	TimeKind	time_kind = order_time_kind(get_fn_expr_argtype(flinfo, 2));
	AmountType	amount_type = measures_amount_type(get_fn_expr_argtype(flinfo, 3));
	OrderTime	end = rfm_as_of_end(as_of, time_kind);
	Rollup	   *rollup = create_rollup(fcinfo, time_kind, get_key_kind(fcinfo),
									   end);

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
get_rollup(FunctionCallInfo fcinfo)
{
	Rollup	   *rollup;

	if (unlikely(PG_ARGISNULL(4)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("as_of must not be null")));
	if (unlikely(PG_ARGISNULL(0)))
		return begin_rollup(fcinfo);

	rollup = (Rollup *) PG_GETARG_POINTER(0);
	check_end(rollup, rfm_as_of_recall(&rollup->as_of,
									   (const RfmAsOf *) PG_GETARG_POINTER(4),
									   rollup->time_kind));
	return rollup;
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
		case AMOUNT_BIGINT:
			line->amount.integer = DatumGetInt64(amount);
			return true;
		case AMOUNT_DOUBLE:
			line->amount.real = DatumGetFloat8(amount);
			return true;
		default:
			return exact_sum_scale((struct varlena *) DatumGetPointer(amount),
								   &line->amount.scaled);
	}
}

/* The room for bytes that wait; each line has its own. */
static inline KeyBytes *
waiting_room(Rollup *rollup)
{
	KeyBytes  **room = &rollup->waiting_bytes[rollup->nlines];

	if (unlikely(*room == NULL))
		*room = MemoryContextAlloc(rollup->context,
								   key_bytes_size(WAITING_BYTES));
	return *room;
}

/* Read the bytes of a line's key. False if they are too long to wait. */
static inline bool
read_key_bytes(Rollup *rollup, Line *line, const char *data, Size size)
{
	KeyBytes   *copy = size <= WAITING_BYTES ? waiting_room(rollup) :
	palloc(key_bytes_size(size));

	copy->hash = hash_bytes((const unsigned char *) data, size);
	copy->size = size;
	memcpy(copy->data, data, size);
	line->key.bytes = copy;
	return size <= WAITING_BYTES;
}

/* Read the key of a line. False if it cannot wait: NULL, or a long text. */
static inline bool
read_key(FunctionCallInfo fcinfo, Rollup *rollup, Line *line)
{
	text	   *string;

	if (unlikely(PG_ARGISNULL(1)))
		return false;
	switch (rollup->key_kind)
	{
		case KEY_TEXT:
			string = PG_GETARG_TEXT_PP(1);
			return read_key_bytes(rollup, line, VARDATA_ANY(string),
								  VARSIZE_ANY_EXHDR(string));
		case KEY_UUID:
			return read_key_bytes(rollup, line,
								  (const char *) PG_GETARG_UUID_P(1)->data,
								  UUID_LEN);
		default:
			line->key.integer = PG_GETARG_INT64(1);
			return true;
	}
}

/* The customer of a line that does not wait. */
static Customer *
line_customer(FunctionCallInfo fcinfo, Rollup *rollup, const Line *line)
{
	if (PG_ARGISNULL(1))
		return find_null_customer(rollup);
	return find_customer(rollup, line->key, hash_key(rollup, line->key));
}

/* Transition function: state, customer, ordered_at, amount, as_of. */
Datum
rfm_rollup_accum(PG_FUNCTION_ARGS)
{
	Rollup	   *rollup = get_rollup(fcinfo);
	Line	   *line = next_line(rollup);
	bool		can_wait = read_key(fcinfo, rollup, line);
	Datum		amount;

	line->at = line_time(fcinfo, rollup);
	if (line->at != NO_TIME)
	{
		amount = measures_read_amount(&rollup->amount_type, PG_GETARG_DATUM(3));
		if (unlikely(!read_amount(rollup, amount, line)))
		{
			add_long_line(rollup, line_customer(fcinfo, rollup, line), line->at,
						  (struct varlena *) DatumGetPointer(amount));
			PG_RETURN_POINTER(rollup);
		}
	}

	if (likely(can_wait))
		rollup->nlines++;
	else
		add_line(rollup, line_customer(fcinfo, rollup, line), line);
	PG_RETURN_POINTER(rollup);
}

/* Add what another state knows of a customer. */
static inline void
merge_customer(Rollup *rollup, Customer *customer, const Customer *other)
{
	customer->monetary.owner_bits |= other->monetary.owner_bits;
	customer->frequency += other->frequency;
	if (other->last != NO_TIME)
	{
		note_order(customer, other->first);
		note_order(customer, other->last);
	}
	exact_sum_add(&customer->monetary, &other->monetary, rollup);
}

/* Take the rest of a sum from a message, where it lies. */
static Numeric
read_rest(const char **cursor)
{
	Numeric		rest = (Numeric) *cursor;

	*cursor += INTALIGN(VARSIZE(rest));
	return rest;
}

/* The same with the bytes of a key. */
static const KeyBytes *
read_bytes(const char **cursor)
{
	const KeyBytes *bytes = (const KeyBytes *) *cursor;

	*cursor += key_bytes_size(bytes->size);
	return bytes;
}

/* Take the next customer from a message, and add it. */
static inline void
read_customer(Rollup *rollup, const char **cursor)
{
	Customer	other;
	Customer   *customer;

	memcpy(&other, *cursor, sizeof(Customer));
	*cursor += sizeof(Customer);
	if (unlikely(other.monetary.owner_bits & CUSTOMER_HAS_REST))
	{
		other.monetary.owner_bits &= ~CUSTOMER_HAS_REST;
		other.monetary.rest = read_rest(cursor);
	}
	if (unlikely(other.monetary.owner_bits & CUSTOMER_IS_NULL))
		customer = find_null_customer(rollup);
	else
	{
		if (rollup->key_kind != KEY_BIGINT)
			other.key.bytes = read_bytes(cursor);
		customer = find_customer(rollup, other.key,
								 hash_key(rollup, other.key));
	}
	merge_customer(rollup, customer, &other);
}

/* Combine function. The second state comes from another process. */
Datum
rfm_rollup_combine(PG_FUNCTION_ARGS)
{
	Rollup	   *rollup = NULL;
	const RollupMessage *message;
	const char *cursor;

	if (!PG_ARGISNULL(0))
		rollup = (Rollup *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
	{
		if (rollup == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(rollup);
	}
	message = (const RollupMessage *) PG_GETARG_POINTER(1);
	if (rollup == NULL)
		rollup = create_rollup(fcinfo, message->time_kind, message->key_kind,
							   message->end);
	check_end(rollup, message->end);
	flush_lines(rollup);

	reserve_slots(rollup, (uint64) rollup->ncustomers + message->ncustomers);
	cursor = message->customers;
	for (uint32 i = 0; i < message->ncustomers; i++)
	{
		if (i % BATCH_LINES == 0)
			CHECK_FOR_INTERRUPTS();
		read_customer(rollup, &cursor);
	}
	PG_RETURN_POINTER(rollup);
}

/* The size of a state as a message. */
static Size
message_size(const Rollup *rollup)
{
	Size		size = VARHDRSZ + sizeof(MessageHeader) +
	(Size) rollup->ncustomers * sizeof(Customer);

	for (uint32 i = 0; i < rollup->ncustomers; i++)
	{
		const Customer *customer = get_customer(rollup, i);
		Numeric		rest = customer->monetary.rest;

		if (rest != NULL)
			size += INTALIGN(VARSIZE(rest));
		if (rollup->key_kind != KEY_BIGINT && customer != rollup->null_customer)
			size += key_bytes_size(customer->key.bytes->size);
	}
	return size;
}

/*
 * Write a customer: as it is, but for pointers, then what they point to: the
 * rest of its sum, and its key.
 */
static inline void
write_customer(char **cursor, const Rollup *rollup, const Customer *customer)
{
	Numeric		rest = customer->monetary.rest;
	Customer	copy = *customer;

	if (rollup->key_kind != KEY_BIGINT)
		copy.key.integer = 0;
	if (unlikely(rest != NULL))
	{
		copy.monetary.rest = NULL;
		copy.monetary.owner_bits |= CUSTOMER_HAS_REST;
	}
	memcpy(*cursor, &copy, sizeof(Customer));
	*cursor += sizeof(Customer);
	if (unlikely(rest != NULL))
	{
		memcpy(*cursor, rest, VARSIZE(rest));
		*cursor += INTALIGN(VARSIZE(rest));
	}
	if (rollup->key_kind != KEY_BIGINT && customer != rollup->null_customer)
	{
		const KeyBytes *bytes = customer->key.bytes;

		memcpy(*cursor, bytes, offsetof(KeyBytes, data) + bytes->size);
		*cursor += key_bytes_size(bytes->size);
	}
}

/*
 * Write all customers, in order of their hashes. They are read here all over
 * memory, in each process for itself; the one that reads the messages then
 * finds slots and customers one after the other.
 */
static void
write_customers(const Rollup *rollup, char *cursor)
{
	for (uint64 i = 0; i <= rollup->slot_mask; i++)
	{
		uint32		i_ahead = (i + SLOTS_AHEAD) & rollup->slot_mask;
		uint32		number = rollup->slots[i].number;
		uint32		ahead = rollup->slots[i_ahead].number;

		if (i % BATCH_LINES == 0)
			CHECK_FOR_INTERRUPTS();
		if (ahead != 0)
			PREFETCH(get_customer(rollup, ahead - 1));
		if (number != 0)
			write_customer(&cursor, rollup, get_customer(rollup, number - 1));
	}
	if (rollup->null_customer != NULL)
		write_customer(&cursor, rollup, rollup->null_customer);
}

/* Write a state as a message. */
Datum
rfm_rollup_serialize(PG_FUNCTION_ARGS)
{
	Rollup	   *rollup = (Rollup *) PG_GETARG_POINTER(0);
	MessageHeader header = {0};
	Size		size;
	bytea	   *message;

	flush_lines(rollup);
	size = message_size(rollup);
	if (!AllocSizeIsValid(size))
		report_too_many(rollup->ncustomers, "a message to another process");
	message = palloc(size);
	SET_VARSIZE(message, size);

	header.end = rollup->end;
	header.ncustomers = rollup->ncustomers;
	header.time_kind = rollup->time_kind;
	header.key_kind = rollup->key_kind;
	memcpy(VARDATA(message), &header, sizeof(header));
	write_customers(rollup, VARDATA(message) + sizeof(header));
	PG_RETURN_BYTEA_P(message);
}

/* Find one's way in a message: it is read where it lies. */
Datum
rfm_rollup_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_P(0);
	RollupMessage *message = palloc(sizeof(RollupMessage));
	MessageHeader header;

	memcpy(&header, VARDATA(bytes), sizeof(header));
	message->end = header.end;
	message->ncustomers = header.ncustomers;
	message->time_kind = header.time_kind;
	message->key_kind = header.key_kind;
	message->customers = VARDATA(bytes) + sizeof(header);
	PG_RETURN_POINTER(message);
}

/* A key as a datum of its type. */
static Datum
key_datum(const Rollup *rollup, Key key)
{
	switch (rollup->key_kind)
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
form_row(const Rollup *rollup, const Customer *customer, TupleDesc desc)
{
	MeasuresState state;
	Datum		values[1 + NUM_COLUMNS];
	bool		nulls[1 + NUM_COLUMNS];

	state.end = rollup->end;
	state.first = customer->first;
	state.last = customer->last;
	state.frequency = customer->frequency;
	state.monetary = customer->monetary;

	nulls[0] = (customer == rollup->null_customer);
	if (!nulls[0])
		values[0] = key_datum(rollup, customer->key);
	measures_fill(&state, rollup->time_kind, values + 1, nulls + 1);
	return heap_form_tuple(desc, values, nulls);
}

/* An array that grows row by row. */
typedef struct RowArray
{
	char	   *data;
	Size		used;
	Size		size;
} RowArray;

/* Append a row. */
static void
append_row(const Rollup *rollup, RowArray *array, HeapTuple row)
{
	Size		end = array->used + MAXALIGN(row->t_len);

	if (end > array->size)
	{
		array->size = Min(Max(end, array->size * 2), MaxAllocSize);
		if (end > array->size)
			report_too_many(rollup->ncustomers, "an array can hold");
		array->data = repalloc(array->data, array->size);
	}
	memcpy(array->data + array->used, row->t_data, row->t_len);
	memset(array->data + array->used + row->t_len, 0,
		   MAXALIGN(row->t_len) - row->t_len);
	array->used = end;
}

/* All customers as rows, one after the other: the elements of an array. */
static void
append_rows(const Rollup *rollup, RowArray *array, TupleDesc desc)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "rfm_rollup row",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	for (uint32 i = 0; i < rollup->ncustomers; i++)
	{
		append_row(rollup, array,
				   form_row(rollup, get_customer(rollup, i), desc));
		if (i % BATCH_LINES == 0)
		{
			CHECK_FOR_INTERRUPTS();
			MemoryContextReset(scratch);
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/* Final function: an array of rows, made by hand rather than copied twice. */
Datum
rfm_rollup_final(PG_FUNCTION_ARGS)
{
	Oid			row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Rollup	   *rollup;
	TupleDesc	desc;
	RowArray	array;
	ArrayType  *result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	rollup = (Rollup *) PG_GETARG_POINTER(0);
	flush_lines(rollup);

	desc = lookup_rowtype_tupdesc(row_type, -1);
	array.size = BLOCK_CUSTOMERS;
	array.data = palloc(array.size);
	array.used = ARR_OVERHEAD_NONULLS(1);
	append_rows(rollup, &array, desc);
	ReleaseTupleDesc(desc);

	result = (ArrayType *) array.data;
	SET_VARSIZE(result, array.used);
	result->ndim = 1;
	result->dataoffset = 0;
	result->elemtype = row_type;
	ARR_DIMS(result)[0] = rollup->ncustomers;
	ARR_LBOUND(result)[0] = 1;
	PG_RETURN_ARRAYTYPE_P(result);
}
