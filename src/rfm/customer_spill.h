/*-------------------------------------------------------------------------
 *
 * customer_spill.h
 *		Customers of rfm_rollup in temporary files.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_CUSTOMER_SPILL_H
#define CUSTOMER_TIER_CUSTOMER_SPILL_H

#include "rfm/customer_table.h"

typedef struct CustomerSpill CustomerSpill;

/* Begin files for tables that may take so much memory. */
extern CustomerSpill *customer_spill_create(MemoryContext parent, KeyKind kind,
											Size limit);
extern void customer_spill_close(CustomerSpill *spill);

/* Write one customer, or all of a table, which the caller then empties. */
extern void customer_spill_write(CustomerSpill *spill,
								 const Customer *customer);
extern void customer_spill_table(CustomerSpill *spill,
								 const CustomerTable *table);

/*
 * Call a function with tables that together hold all customers that were
 * written, each customer once; a customer's orders are in one table.
 */
typedef void (*CustomerVisitor) (const CustomerTable *table, void *arg);

extern void customer_spill_visit(CustomerSpill *spill, CustomerVisitor visitor,
								 void *arg);

#endif							/* CUSTOMER_TIER_CUSTOMER_SPILL_H */
