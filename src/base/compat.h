/*-------------------------------------------------------------------------
 *
 * compat.h
 *		What differs between PostgreSQL 14 and 20, and only that. No other
 *		file tests PG_VERSION_NUM.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_COMPAT_H
#define CUSTOMER_TIER_COMPAT_H

#include "nodes/nodes.h"

/* The varlena macros left postgres.h with 16. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Renamed in 20, and in later minor releases of those before. */
#ifndef pg_always_inline
#define pg_always_inline	pg_attribute_always_inline
#endif

/* Read an int64 as strtol reads a long; came with 15. */
#if PG_VERSION_NUM < 150000
#define strtoi64(str, endptr, base)	((int64) strtoll(str, endptr, base))
#endif

/* Warn of unknown settings with the extension's prefix; refused from 15 on. */
#if PG_VERSION_NUM < 150000
#define MarkGUCPrefixReserved(prefix)	EmitWarningsOnPlaceholders(prefix)
#endif

/* A row type made by hand is finished off from 19 on. */
#if PG_VERSION_NUM < 190000
#define TupleDescFinalize(desc)	((void) 0)
#endif

/* Insert the index entries of a row: what is asked for besides has changed. */
#if PG_VERSION_NUM >= 190000
#define insert_index_entries(relation, row, estate) \
	ExecInsertIndexTuples(relation, estate, 0, row, NIL, NULL)
#elif PG_VERSION_NUM >= 160000
#define insert_index_entries(relation, row, estate) \
	ExecInsertIndexTuples(relation, row, estate, false, false, NULL, NIL, false)
#else
#define insert_index_entries(relation, row, estate) \
	ExecInsertIndexTuples(relation, row, estate, false, false, NULL, NIL)
#endif

/*
 * Soft errors came with 16: ereturn() reports through escontext and returns.
 * Before that an input function has no error context and simply throws.
 */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#define INPUT_ESCONTEXT(fcinfo)	((fcinfo)->context)
#else
#define INPUT_ESCONTEXT(fcinfo)	((struct Node *) NULL)
#define ereturn(escontext, dummy, ...) \
	do { \
		(void) (escontext); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy; \
	} while (0)
#define SOFT_ERROR_OCCURRED(escontext)	false
#endif

#endif							/* CUSTOMER_TIER_COMPAT_H */
