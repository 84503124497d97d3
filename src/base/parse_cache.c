/*-------------------------------------------------------------------------
 *
 * parse_cache.c
 *		Parse a text-like argument once per query.
 *
 * The key is the argument's bytes, never its pointer: the value of an
 * initplan or a column may change under the same pointer, and be equal under
 * another.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/parse_cache.h"

/*
 * Is the argument a constant of the query? (get_fn_expr_arg_stable would also
 * say so of a parameter, which PL/pgSQL changes from call to call.)
 */
static bool
arg_is_constant(const FmgrInfo *flinfo, int argno)
{
	Node	   *call = flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		argno < list_length(((FuncExpr *) call)->args) &&
		IsA(list_nth(((FuncExpr *) call)->args, argno), Const);
}

/* The cache of this call site, made on its first call. */
static ParseCache *
get_cache(FmgrInfo *flinfo)
{
	ParseCache *cache = flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(ParseCache));
		cache->context = AllocSetContextCreate(flinfo->fn_mcxt, "parsed argument",
											   ALLOCSET_SMALL_SIZES);
		flinfo->fn_extra = cache;
	}
	return cache;
}

/* Parse argument argno of this call, unless the last call had the same. */
void *
parse_unless_same(FunctionCallInfo fcinfo, int argno, ParseFunction parse)
{
	ParseCache *cache = get_cache(fcinfo->flinfo);
	struct varlena *arg = PG_GETARG_VARLENA_PP(argno);
	char	   *bytes = VARDATA_ANY(arg);
	int			len = VARSIZE_ANY_EXHDR(arg);

	if (cache->parsed == NULL || cache->key_len != len ||
		memcmp(cache->key, bytes, len) != 0)
	{
		MemoryContext caller;

		cache->parsed = NULL;
		MemoryContextReset(cache->context);
		caller = MemoryContextSwitchTo(cache->context);
		cache->key = palloc(len);
		memcpy(cache->key, bytes, len);
		cache->key_len = len;
		cache->parsed = parse(cache->key, len, NULL);
		MemoryContextSwitchTo(caller);
		cache->is_constant = arg_is_constant(fcinfo->flinfo, argno);
	}

	if ((Pointer) arg != PG_GETARG_POINTER(argno))
		pfree(arg);
	return cache->parsed;
}
