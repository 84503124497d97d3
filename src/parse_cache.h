/*-------------------------------------------------------------------------
 *
 * parse_cache.h
 *		Parse a text-like argument once per query.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PARSE_CACHE_H
#define CUSTOMER_TIER_PARSE_CACHE_H

#include "fmgr.h"

/* A type's parser: throws on error when escontext is NULL. */
typedef void *(*ParseFunction) (const char *str, int len,
								struct Node *escontext);

/*
 * Parse argument argno of this call. The result is kept in fn_extra, keyed by
 * the argument's bytes, and valid until the next call with other bytes. It may
 * hold scratch of its own that calls change; nobody else sees it.
 */
extern void *parse_cached(FunctionCallInfo fcinfo, int argno,
						  ParseFunction parse);

#endif							/* CUSTOMER_TIER_PARSE_CACHE_H */
