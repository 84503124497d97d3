/*-------------------------------------------------------------------------
 *
 * customer_table.c
 *		The hash table of rfm_rollup: customers, or their orders.
 *
 * A customer is one cache line, found by a slot of eight bytes that has its
 * hash, so that most look-ups touch two lines of memory. Memory is asked for
 * in large pieces: of small pages there are more than the processor can find
 * quickly.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#ifndef WIN32
#include <sys/mman.h>
#endif

#include "base/compat.h"
#include "rfm/customer_table.h"

/* The size of a large page of memory, where those are known. */
#define LARGE_PAGE		((Size) 2 * 1024 * 1024)

/* Bytes of keys are allocated together, in blocks of this size at least. */
#define BYTES_BLOCK_SIZE	((Size) 64 * 1024)

#define FIRST_SLOTS		1024

/* So many slots are moved between looks for an interrupt. */
#define INTERRUPT_SLOTS	4096

/* Are two keys of the same hash equal? */
static inline bool
keys_equal(KeyKind kind, Key a, Key b)
{
	if (kind == KEY_BIGINT)
		return a.integer == b.integer;
	return a.bytes->size == b.bytes->size &&
		memcmp(a.bytes->data, b.bytes->data, a.bytes->size) == 0;
}

/* What the table may still grow by. */
static Size
free_memory(const CustomerTable *table)
{
	Size		used = MemoryContextMemAllocated(table->context, true);

	if (table->limit == 0)
		return MaxAllocHugeSize;
	return used < table->limit ? table->limit - used : 0;
}

/* Ask for large pages. It is a wish: what becomes of it does not matter. */
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

/* Allocate a part of the table, beyond the limit if need be. */
static void *
allocate(CustomerTable *table, Size size)
{
	void	   *result;

	if (size > free_memory(table))
		table->is_full = true;
	result = MemoryContextAllocHuge(table->context, size);
	wish_large_pages(result, size);
	return result;
}

/* Allocate slots, all free. */
static void
create_slots(CustomerTable *table, uint64 nslots)
{
	Size		size = nslots * sizeof(Slot);

	table->slots = memset(allocate(table, size), 0, size);
	table->slot_mask = nslots - 1;
	table->slot_shift = 32 - pg_leftmost_one_pos64(nslots);
}

/* Begin a table with room for some customers. */
CustomerTable *
customer_table_create(MemoryContext parent, KeyKind kind, Size limit,
					  uint32 slot_factor)
{
	MemoryContext context = AllocSetContextCreate(parent, "rfm_rollup customers",
												  ALLOCSET_DEFAULT_SIZES);
	CustomerTable *table = MemoryContextAllocZero(context,
												  sizeof(CustomerTable));

	table->context = context;
	table->key_kind = kind;
	table->limit = limit;
	table->slot_factor = slot_factor;
	create_slots(table, FIRST_SLOTS);
	table->is_full = false;		/* whatever the limit, there is room for a few */
	return table;
}

/* Free a table. */
void
customer_table_destroy(CustomerTable *table)
{
	MemoryContextDelete(table->context);
}

/* Put customers into new slots, in their order. */
static void
replace_slots(CustomerTable *table, uint64 nslots)
{
	Slot	   *old = table->slots;
	uint64		nold = (uint64) table->slot_mask + 1;

	create_slots(table, nslots);
	for (uint64 old_i = 0; old_i < nold; old_i++)
	{
		uint32		i;

		if (old_i % INTERRUPT_SLOTS == 0)
			CHECK_FOR_INTERRUPTS();
		if (old[old_i].number == 0)
			continue;
		i = first_slot(table, old[old_i].hash);
		while (table->slots[i].number != 0)
			i = next_slot(table, i);
		table->slots[i] = old[old_i];
	}
	pfree(old);
}

/*
 * Make slots for so many customers, a quarter of them free. Customers that
 * come in the order of their hashes need all the slots from the beginning.
 * False if the limit forbids: the table is to be emptied then, or, when it is
 * about to have no free slot left, grows all the same.
 */
bool
customer_table_reserve(CustomerTable *table, uint64 ncustomers)
{
	uint64		nslots = (uint64) table->slot_mask + 1;
	Size		customers_size = ncustomers > table->ncustomers ?
	(ncustomers - table->ncustomers) * sizeof(Customer) : 0;

	while (ncustomers > nslots / 4 * 3)
		nslots *= 2;
	if (nslots == (uint64) table->slot_mask + 1)
		return true;
	if (nslots * sizeof(Slot) + customers_size > free_memory(table))
	{
		table->is_full = true;
		if (table->ncustomers < table->slot_mask / 16 * 15)
			return false;
		nslots = ((uint64) table->slot_mask + 1) * 2;
	}
	replace_slots(table, nslots);
	return true;
}

/* Note a block. Their array doubles whenever their number is a power of two. */
static void
append_block(CustomerTable *table, Customer *block)
{
	uint32		n = table->nblocks;

	if (n == 0)
		table->blocks = MemoryContextAlloc(table->context, sizeof(Customer *));
	else if ((n & (n - 1)) == 0)
		table->blocks = repalloc(table->blocks, 2 * n * sizeof(Customer *));
	table->blocks[table->nblocks++] = block;
}

/*
 * Allocate blocks, together so that they share large pages: a quarter as many
 * as there are, or as many as still may be.
 */
static void
add_blocks(CustomerTable *table)
{
	const Size	block_size = BLOCK_CUSTOMERS * sizeof(Customer);
	Size		nblocks = 1 + Min(table->nblocks / 4,
								  free_memory(table) / 2 / block_size);
	char	   *blocks = allocate(table, CACHE_LINE + nblocks * block_size);

	blocks = (char *) TYPEALIGN(CACHE_LINE, blocks);
	for (Size i = 0; i < nblocks; i++)
		append_block(table, (Customer *) (blocks + i * block_size));
}

/* Begin a block for bytes: a quarter of all so far, as for customers. */
static void
add_bytes_block(CustomerTable *table)
{
	Size		size = BYTES_BLOCK_SIZE + Min(table->bytes_size / 4,
											 free_memory(table) / 2);

	table->free_bytes = allocate(table, size);
	table->free_bytes_size = size;
	table->bytes_size += size;
}

/* Room for the bytes of a key. Long ones have memory of their own. */
static char *
allocate_bytes(CustomerTable *table, Size size)
{
	char	   *result;

	if (size > BYTES_BLOCK_SIZE)
		return allocate(table, size);
	if (size > table->free_bytes_size)
		add_bytes_block(table);
	result = table->free_bytes;
	table->free_bytes += size;
	table->free_bytes_size -= size;
	return result;
}

/* Copy the bytes of a key for good. */
static const KeyBytes *
keep_bytes(CustomerTable *table, const KeyBytes *bytes)
{
	char	   *copy = allocate_bytes(table, key_bytes_size(bytes->size));

	return memcpy(copy, bytes, offsetof(KeyBytes, data) + bytes->size);
}

/* Begin a customer, outside the slots. */
static Customer *
add_customer(CustomerTable *table)
{
	Customer   *customer;

	if (table->ncustomers == table->nblocks * BLOCK_CUSTOMERS)
		add_blocks(table);
	customer = get_customer(table, table->ncustomers++);
	memset(customer, 0, sizeof(Customer));
	customer->last = NO_TIME;
	return customer;
}

/* Find a customer by key and its hash, or begin it. */
Customer *
customer_table_find(CustomerTable *table, Key key, uint32 hash)
{
	Customer   *customer;
	uint32		i;

	if (unlikely(table->ncustomers >= table->slot_mask / 4 * 3))
		customer_table_reserve(table, (uint64) table->ncustomers + 1);
	for (i = first_slot(table, hash); table->slots[i].number != 0;
		 i = next_slot(table, i))
	{
		if (table->slots[i].hash != hash)
			continue;
		customer = get_customer(table, table->slots[i].number - 1);
		if (keys_equal(table->key_kind, customer->key, key))
			return customer;
	}

	customer = add_customer(table);
	customer->key = key;
	if (table->key_kind != KEY_BIGINT)
		customer->key.bytes = keep_bytes(table, key.bytes);
	table->slots[i].hash = hash;
	table->slots[i].number = table->ncustomers;
	return customer;
}

/* The customer NULL, which is one like any other, as in GROUP BY. */
Customer *
customer_table_find_null(CustomerTable *table)
{
	if (table->null_customer == NULL)
	{
		table->null_customer = add_customer(table);
		table->null_customer->monetary.owner_flags = CUSTOMER_IS_NULL;
	}
	return table->null_customer;
}

/* Add what another state knows of a customer, or of an order. */
void
customer_merge(CustomerTable *table, Customer *customer, const Customer *other)
{
	customer->monetary.owner_flags |= other->monetary.owner_flags;
	customer->frequency += other->frequency;
	if (other->last != NO_TIME)
	{
		measures_note_order(&customer->first, &customer->last, other->first);
		measures_note_order(&customer->first, &customer->last, other->last);
	}
	exact_sum_add(&customer->monetary, &other->monetary, table);
}

/* Does a key follow a customer's record? */
static inline bool
has_key_bytes(KeyKind kind, const Customer *customer)
{
	return kind != KEY_BIGINT &&
		(customer->monetary.owner_flags & CUSTOMER_IS_NULL) == 0;
}

/* The size of a customer's record. */
Size
customer_record_size(KeyKind kind, const Customer *customer)
{
	Size		size = sizeof(Customer);

	if (customer->monetary.rest != NULL)
		size += INTALIGN(VARSIZE(customer->monetary.rest));
	if (has_key_bytes(kind, customer))
		size += key_bytes_size(customer->key.bytes->size);
	return size;
}

/*
 * Write a customer: as it is, but for pointers, then what they point to: the
 * rest of its sum, and its key.
 */
void
customer_write(char **cursor, KeyKind kind, const Customer *customer)
{
	Numeric		rest = customer->monetary.rest;
	Customer	copy = *customer;

	if (kind != KEY_BIGINT)
		copy.key.integer = 0;
	if (unlikely(rest != NULL))
	{
		copy.monetary.rest = NULL;
		copy.monetary.owner_flags |= CUSTOMER_HAS_REST;
	}
	memcpy(*cursor, &copy, sizeof(Customer));
	*cursor += sizeof(Customer);
	if (unlikely(rest != NULL))
	{
		memcpy(*cursor, rest, VARSIZE(rest));
		*cursor += INTALIGN(VARSIZE(rest));
	}
	if (has_key_bytes(kind, customer))
	{
		const KeyBytes *bytes = customer->key.bytes;

		memcpy(*cursor, bytes, offsetof(KeyBytes, data) + bytes->size);
		*cursor += key_bytes_size(bytes->size);
	}
}

/* Read a record where it lies. */
void
customer_read(const char **cursor, KeyKind kind, Customer *customer)
{
	memcpy(customer, *cursor, sizeof(Customer));
	*cursor += sizeof(Customer);
	if (unlikely(customer->monetary.owner_flags & CUSTOMER_HAS_REST))
	{
		customer->monetary.owner_flags &= ~CUSTOMER_HAS_REST;
		customer->monetary.rest = (Numeric) *cursor;
		*cursor += INTALIGN(VARSIZE(customer->monetary.rest));
	}
	if (has_key_bytes(kind, customer))
	{
		customer->key.bytes = (const KeyBytes *) *cursor;
		*cursor += key_bytes_size(customer->key.bytes->size);
	}
}

/* Add the customer of a record. */
void
customer_table_absorb(CustomerTable *table, const Customer *other)
{
	Customer   *customer;

	if (unlikely(other->monetary.owner_flags & CUSTOMER_IS_NULL))
		customer = customer_table_find_null(table);
	else
		customer = customer_table_find(table, other->key,
									   hash_key(table->key_kind, other->key));
	customer_merge(table, customer, other);
}
