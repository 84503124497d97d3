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

/* What is kept in fn_extra. */
typedef struct ParseCache
{
	bool		is_constant;	/* the argument is, and it has been parsed */
	MemoryContext context;		/* holds the key and what was parsed */
	char	   *key;
	int			key_len;
	void	   *parsed;			/* NULL: nothing yet, or an error came */
} ParseCache;

extern void *parse_unless_same(FunctionCallInfo fcinfo, int argno,
							   ParseFunction parse);

/*
 * Parse argument argno of this call. The result is kept in fn_extra, keyed by
 * the argument's bytes unless it is a constant, and valid until the next call
 * with other bytes. It may hold scratch of its own that calls change; nobody
 * else sees it.
 */
static inline void *
parse_cached(FunctionCallInfo fcinfo, int argno, ParseFunction parse)
{
	ParseCache *cache = fcinfo->flinfo->fn_extra;

	if (likely(cache != NULL && cache->is_constant))
		return cache->parsed;
	return parse_unless_same(fcinfo, argno, parse);
}

#endif							/* CUSTOMER_TIER_PARSE_CACHE_H */
