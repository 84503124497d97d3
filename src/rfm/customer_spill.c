/*-------------------------------------------------------------------------
 *
 * customer_spill.c
 *		Customers of rfm_rollup in temporary files.
 *
 * A table that is full is written into files, by some bits of its customers'
 * hashes, and starts anew. In the end each file is read into a table of its
 * own, where what is known of a customer comes together. A file too large for
 * that is parted again, by the next bits, as in the server's HashAggregate.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/tablespace.h"
#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "rfm/customer_spill.h"

/* Each open file has a buffer of a block: so many that their sum is small. */
#define FILE_BITS		5
#define NUM_FILES		(1 << FILE_BITS)

/* When no bits are left, a table may grow as it must. */
#define MAX_LEVEL		(32 / FILE_BITS - 1)

/* Customers are read or written between looks for an interrupt. */
#define INTERRUPT_CUSTOMERS	1024

struct CustomerSpill
{
	MemoryContext context;		/* all of it */
	KeyKind		key_kind;
	Size		limit;			/* of a table's memory */
	int			level;			/* tells the bits of the hash */
	BufFile    *files[NUM_FILES];	/* NULL: nothing was written */
	char	   *buffer;			/* for one record */
	Size		buffer_size;
};

/* Begin files at a level. */
static CustomerSpill *
create_at_level(MemoryContext parent, KeyKind kind, Size limit, int level)
{
	MemoryContext context = AllocSetContextCreate(parent, "rfm_rollup files",
												  ALLOCSET_DEFAULT_SIZES);
	CustomerSpill *spill = MemoryContextAllocZero(context,
												  sizeof(CustomerSpill));

	spill->context = context;
	spill->key_kind = kind;
	spill->limit = limit;
	spill->level = level;
	return spill;
}

/* Begin files for tables that may take so much memory. */
CustomerSpill *
customer_spill_create(MemoryContext parent, KeyKind kind, Size limit)
{
	return create_at_level(parent, kind, limit, 0);
}

/* Remove all files. */
void
customer_spill_close(CustomerSpill *spill)
{
	for (int i = 0; i < NUM_FILES; i++)
	{
		if (spill->files[i] != NULL)
			BufFileClose(spill->files[i]);
	}
	MemoryContextDelete(spill->context);
}

/* The file of a customer; of an order its customer's. NULL has the first. */
static int
choose_file(const CustomerSpill *spill, const Customer *customer)
{
	uint32		hash;

	if (customer->monetary.owner_flags & CUSTOMER_IS_NULL)
		return 0;
	if (spill->key_kind == KEY_ORDER)
		hash = ((const OrderKey *) customer->key.bytes->data)->customer_hash;
	else
		hash = hash_key(spill->key_kind, customer->key);
	return (hash >> (spill->level * FILE_BITS)) & (NUM_FILES - 1);
}

/* A file, created if need be. */
static BufFile *
get_file(CustomerSpill *spill, int i)
{
	MemoryContext caller;

	if (spill->files[i] == NULL)
	{
		caller = MemoryContextSwitchTo(spill->context);
		PrepareTempTablespaces();
		spill->files[i] = BufFileCreateTemp(false);
		MemoryContextSwitchTo(caller);
	}
	return spill->files[i];
}

/* Room for a record. */
static char *
get_buffer(CustomerSpill *spill, Size size)
{
	if (size > spill->buffer_size)
	{
		if (spill->buffer != NULL)
			pfree(spill->buffer);
		spill->buffer_size = Max(size, 1024);
		spill->buffer = MemoryContextAllocHuge(spill->context,
											   spill->buffer_size);
	}
	return spill->buffer;
}

/* Write one customer: the size of its record, then that. */
void
customer_spill_write(CustomerSpill *spill, const Customer *customer)
{
	BufFile    *file = get_file(spill, choose_file(spill, customer));
	Size		size = customer_record_size(spill->key_kind, customer);
	char	   *record = get_buffer(spill, size);
	char	   *cursor = record;

	customer_write(&cursor, spill->key_kind, customer);
	BufFileWrite(file, &size, sizeof(size));
	BufFileWrite(file, record, size);
}

/* Write all customers of a table. */
void
customer_spill_table(CustomerSpill *spill, const CustomerTable *table)
{
	for (uint32 i = 0; i < table->ncustomers; i++)
	{
		if (i % INTERRUPT_CUSTOMERS == 0)
			CHECK_FOR_INTERRUPTS();
		customer_spill_write(spill, get_customer(table, i));
	}
}

/* Read bytes, which must be there. */
static void
read_bytes(BufFile *file, void *data, Size size)
{
	if (BufFileRead(file, data, size) != size)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from temporary file of rfm_rollup")));
}

/* Read a customer, which points into the buffer; false at the end. */
static bool
read_customer(CustomerSpill *spill, BufFile *file, Customer *customer)
{
	Size		size;
	Size		nread = BufFileRead(file, &size, sizeof(size));
	const char *cursor;

	if (nread == 0)
		return false;
	if (nread != sizeof(size))
		elog(ERROR, "temporary file of rfm_rollup ends within a record");
	cursor = get_buffer(spill, size);
	read_bytes(file, spill->buffer, size);
	customer_read(&cursor, spill->key_kind, customer);
	return true;
}

/* A table for the customers of a file. */
static CustomerTable *
create_table(const CustomerSpill *spill)
{
	return customer_table_create(spill->context, spill->key_kind, spill->limit,
								 SLOT_FACTOR_SCATTER);
}

/*
 * Read a file into a table. If that gets full, the customers go on to files
 * of the next level instead, and the result is NULL.
 */
static CustomerTable *
load_table(CustomerSpill *spill, BufFile *file, CustomerSpill **next)
{
	CustomerTable *table = create_table(spill);
	Customer	customer;

	for (uint64 i = 0; read_customer(spill, file, &customer); i++)
	{
		if (i % INTERRUPT_CUSTOMERS == 0)
			CHECK_FOR_INTERRUPTS();
		customer_table_absorb(table, &customer);
		if (table->is_full && spill->level < MAX_LEVEL)
		{
			if (*next == NULL)
				*next = create_at_level(spill->context, spill->key_kind,
										spill->limit, spill->level + 1);
			customer_spill_table(*next, table);
			customer_table_destroy(table);
			table = create_table(spill);
		}
	}
	if (*next == NULL)
		return table;
	customer_spill_table(*next, table);
	customer_table_destroy(table);
	return NULL;
}

/* Visit the customers of a file. What is written later goes on at its end. */
static void
visit_file(CustomerSpill *spill, BufFile *file, CustomerVisitor visitor,
		   void *arg)
{
	CustomerSpill *next = NULL;
	CustomerTable *table;
	int			end_file;
	off_t		end_offset;

	BufFileTell(file, &end_file, &end_offset);
	if (BufFileSeek(file, 0, 0, SEEK_SET) != 0)
		elog(ERROR, "could not rewind temporary file of rfm_rollup");
	table = load_table(spill, file, &next);
	if (BufFileSeek(file, end_file, end_offset, SEEK_SET) != 0)
		elog(ERROR, "could not seek in temporary file of rfm_rollup");

	if (table != NULL)
	{
		visitor(table, arg);
		customer_table_destroy(table);
	}
	else
	{
		customer_spill_visit(next, visitor, arg);
		customer_spill_close(next);
	}
}

/* Call a function with tables that together hold all customers. */
void
customer_spill_visit(CustomerSpill *spill, CustomerVisitor visitor, void *arg)
{
	check_stack_depth();
	for (int i = 0; i < NUM_FILES; i++)
	{
		if (spill->files[i] != NULL)
			visit_file(spill, spill->files[i], visitor, arg);
	}
}
