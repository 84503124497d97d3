/*-------------------------------------------------------------------------
 *
 * customer_table.h
 *		The hash table of rfm_rollup: customers, or their orders.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_CUSTOMER_TABLE_H
#define CUSTOMER_TIER_CUSTOMER_TABLE_H

#include "rfm/rfm_measures.h"

/* Fetch memory ahead of its use, which is to write as well. */
#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address)	__builtin_prefetch(address, 1)
#else
#define PREFETCH(address)	((void) (address))
#endif

/* What a key is. Bytes are those of a text, a uuid, or an order's key. */
typedef enum KeyKind
{
	KEY_BIGINT,
	KEY_TEXT,
	KEY_UUID,
	KEY_ORDER
} KeyKind;

/* The bytes of a key, with their hash. */
typedef struct KeyBytes
{
	uint32		hash;
	uint32		size;			/* of data */
	char		data[FLEXIBLE_ARRAY_MEMBER];
} KeyBytes;

/* What tells customers apart: which of both, the table knows. */
typedef union Key
{
	int64		integer;
	const KeyBytes *bytes;
} Key;

/*
 * The data of a KEY_ORDER: whose order it is, then that customer's key, then
 * the id of the order.
 */
typedef struct OrderKey
{
	uint32		customer_hash;
	uint32		customer_size;	/* of the key, in bytes */
	bool		customer_is_null;
	bool		has_id;			/* without one, each line is an order */
	char		data[FLEXIBLE_ARRAY_MEMBER];
} OrderKey;

/*
 * What is known of a customer: as MeasuresState, but the end is of them all.
 * Or of an order: its first purchase, which is first and last, and its sum.
 */
typedef struct Customer
{
	Key			key;
	OrderTime	first;
	OrderTime	last;			/* NO_TIME: no order, or no purchase */
	int64		frequency;
	ExactSum	monetary;
} Customer;

#define CACHE_LINE		64

StaticAssertDecl(sizeof(Customer) <= CACHE_LINE, "customer exceeds a cache line");

/* Beside MEASURES_HAS_LINES in monetary.owner_flags. */
#define CUSTOMER_IS_NULL	0x02	/* the customer is NULL */
#define CUSTOMER_HAS_REST	0x04	/* in a record: the rest of the sum follows */
#define ORDER_HAS_REFUND	0x08	/* of an order with an id */

/* Customers are numbered, and found by blocks of so many. */
#define BLOCK_CUSTOMERS	1024

/* A place in the hash table. The hash tells others' customers unvisited. */
typedef struct Slot
{
	uint32		hash;
	uint32		number;			/* of the customer, plus 1; 0: free */
} Slot;

/* The table lives in a memory context of its own, and is emptied by its reset. */
typedef struct CustomerTable
{
	MemoryContext context;
	KeyKind		key_kind;
	Size		limit;			/* of memory; 0: none */
	bool		is_full;		/* the limit forbade to grow: empty it soon */

	/* customers by number, and blocks that none of them uses yet */
	Customer  **blocks;
	uint32		ncustomers;
	uint32		nblocks;
	Customer   *null_customer;

	/*
	 * Customers by hash: the high bits of its product with the factor choose
	 * the slot, or one after it.
	 */
	Slot	   *slots;
	uint32		slot_factor;
	uint32		slot_mask;
	int			slot_shift;

	/* room for the bytes of keys, and how much there ever was */
	char	   *free_bytes;
	Size		free_bytes_size;
	Size		bytes_size;
} CustomerTable;

/*
 * Customers that come in the order of another table's slots would crowd few
 * slots of this one while it grows. There a table of the other factor scatters
 * them.
 */
#define SLOT_FACTOR_PLAIN		1
#define SLOT_FACTOR_SCATTER		0x9E3779B1

/* The hash of an integer: its bits mixed. */
static inline uint32
hash_integer(int64 integer)
{
	uint64		hash = (uint64) integer;

	hash = (hash ^ (hash >> 32)) * UINT64CONST(0x9E3779B97F4A7C15);
	return (uint32) (hash >> 32);
}

/* The hash of a key. */
static inline uint32
hash_key(KeyKind kind, Key key)
{
	return kind == KEY_BIGINT ? hash_integer(key.integer) : key.bytes->hash;
}

/* The size of bytes with what precedes them, such that the next are aligned. */
static inline Size
key_bytes_size(Size size)
{
	return INTALIGN(offsetof(KeyBytes, data) + size);
}

static inline Customer *
get_customer(const CustomerTable *table, uint32 number)
{
	return &table->blocks[number / BLOCK_CUSTOMERS][number % BLOCK_CUSTOMERS];
}

/* The first slot of a hash, and the one after a slot. */
static inline uint32
first_slot(const CustomerTable *table, uint32 hash)
{
	return (hash * table->slot_factor) >> table->slot_shift;
}

static inline uint32
next_slot(const CustomerTable *table, uint32 i)
{
	return (i + 1) & table->slot_mask;
}

/* The customer that a hash most likely means; not looked at yet. */
static inline Customer *
guess_customer(const CustomerTable *table, uint32 hash)
{
	uint32		i = first_slot(table, hash);

	while (table->slots[i].number != 0 && table->slots[i].hash != hash)
		i = next_slot(table, i);
	if (table->slots[i].number == 0)
		return NULL;
	return get_customer(table, table->slots[i].number - 1);
}

extern CustomerTable *customer_table_create(MemoryContext parent, KeyKind kind,
											Size limit, uint32 slot_factor);
extern void customer_table_destroy(CustomerTable *table);

/* Make room for so many; false if the limit forbids. */
extern bool customer_table_reserve(CustomerTable *table, uint64 ncustomers);

/* Find a customer by key and its hash, or begin it. */
extern Customer *customer_table_find(CustomerTable *table, Key key, uint32 hash);
extern Customer *customer_table_find_null(CustomerTable *table);

/* Add what another state knows of a customer, or of an order. */
extern void customer_merge(CustomerTable *table, Customer *customer,
						   const Customer *other);

/*
 * A customer in a message or a file: a record, aligned to 4 bytes. Reading one
 * gives a customer that points into it.
 */
extern Size customer_record_size(KeyKind kind, const Customer *customer);
extern void customer_write(char **cursor, KeyKind kind,
						   const Customer *customer);
extern void customer_read(const char **cursor, KeyKind kind, Customer *customer);

/* Add the customer of a record. */
extern void customer_table_absorb(CustomerTable *table, const Customer *other);

#endif							/* CUSTOMER_TIER_CUSTOMER_TABLE_H */
