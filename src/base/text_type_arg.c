/*-------------------------------------------------------------------------
 *
 * text_type_arg.c
 *		Arguments of text-like types, which a call site keeps parsed.
 *
 * To parse a scheme takes longer than to grade by it. Mostly it is a constant
 * of the query; else it comes from a column, with few values in many rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/text_type_arg.h"

/*
 * How many different values a call site keeps parsed, and how many bytes they
 * take before it keeps no more: enough for the schemes of a company's regions
 * or products, little enough for a call site.
 */
#define MAX_VALUES	256
#define MAX_SIZE	(8 * 1024 * 1024)

/* How many values in turn are parsed in one place before the next is used. */
#define FORGOTTEN_PER_PLACE	64

/* A value that is kept parsed. */
typedef struct ParsedValue
{
	MemoryContext context;		/* holds the key and what was parsed */
	uint32		hash;
	int			key_len;
	char	   *key;
	void	   *parsed;
	Size		size;			/* of the context */
	struct ParsedValue *next;	/* with a hash of the same bucket */
} ParsedValue;

/* What a call site keeps: a hash table of the values that came lately. */
typedef struct ParsedValues
{
	ParsedArg	arg;			/* what text_type_arg looks at */
	ParsedValue *last;			/* the value of the last call, if all went well */
	int			nvalues;
	int			place;			/* index of the value forgotten last */
	uint32		nforgotten;
	Size		size;			/* of all */
	ParsedValue *values[MAX_VALUES];
	ParsedValue *buckets[MAX_VALUES];
} ParsedValues;

/*
 * Is the argument a constant of the query? (get_fn_expr_arg_stable would also
 * say so of a parameter, which PL/pgSQL changes from call to call.)
 */
bool
text_type_arg_is_constant(const FmgrInfo *flinfo, int argno)
{
	Node	   *call = flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		argno < list_length(((FuncExpr *) call)->args) &&
		IsA(list_nth(((FuncExpr *) call)->args, argno), Const);
}

/* What this call site keeps, made on its first call. */
static ParsedValues *
get_values(FmgrInfo *flinfo)
{
	if (flinfo->fn_extra == NULL)
		flinfo->fn_extra = MemoryContextAllocZero(flinfo->fn_mcxt,
												  sizeof(ParsedValues));
	return flinfo->fn_extra;
}

/* Are these the bytes that the value was parsed from? */
static inline bool
is_value(const ParsedValue *value, const char *bytes, int len)
{
	return value->key_len == len && memcmp(value->key, bytes, len) == 0;
}

/* Where the chain begins of the values with this hash. */
static inline ParsedValue **
get_bucket(ParsedValues *values, uint32 hash)
{
	return &values->buckets[hash % MAX_VALUES];
}

/* The value with these bytes, or NULL. */
static ParsedValue *
find_value(ParsedValues *values, uint32 hash, const char *bytes, int len)
{
	ParsedValue *value;

	for (value = *get_bucket(values, hash); value != NULL; value = value->next)
	{
		if (value->hash == hash && is_value(value, bytes, len))
			return value;
	}
	return NULL;
}

/*
 * Forget a value, and use its place again. Mostly that is the place of the one
 * parsed last, whose memory is at hand in the processor: so with many more
 * values than places parsing is as fast as if none were kept. The places are
 * gone through in turn nevertheless, as old values may never come again.
 */
static ParsedValue *
forget_one(ParsedValues *values)
{
	ParsedValue *value;
	ParsedValue **link;

	if (++values->nforgotten % FORGOTTEN_PER_PLACE == 0)
		values->place++;
	values->place %= values->nvalues;
	value = values->values[values->place];
	link = get_bucket(values, value->hash);
	while (*link != NULL && *link != value)
		link = &(*link)->next;
	if (*link != NULL)			/* else its parser threw an error */
		*link = value->next;
	values->size -= value->size;
	value->size = 0;
	MemoryContextReset(value->context);
	return value;
}

/* A place for one more value. */
static ParsedValue *
make_room(ParsedValues *values, MemoryContext context)
{
	ParsedValue *value;

	if (values->nvalues == MAX_VALUES || values->size >= MAX_SIZE)
		return forget_one(values);
	value = MemoryContextAllocZero(context, sizeof(ParsedValue));
	value->context = AllocSetContextCreate(context, "parsed argument",
										   ALLOCSET_SMALL_SIZES);
	values->values[values->nvalues++] = value;
	return value;
}

/* Parse a value that is not known, and keep it. */
static ParsedValue *
parse_value(ParsedValues *values, FmgrInfo *flinfo, uint32 hash,
			const char *bytes, int len, ParseFunction parse)
{
	ParsedValue *value;
	ParsedValue **bucket = get_bucket(values, hash);
	MemoryContext caller;

	values->last = NULL;		/* it may be the one to forget */
	value = make_room(values, flinfo->fn_mcxt);
	caller = MemoryContextSwitchTo(value->context);
	value->hash = hash;
	value->key = palloc(len);
	memcpy(value->key, bytes, len);
	value->key_len = len;
	value->parsed = parse(value->key, len, NULL);
	MemoryContextSwitchTo(caller);

	/* found from now on: no error came */
	value->next = *bucket;
	*bucket = value;
	value->size = MemoryContextMemAllocated(value->context, true);
	values->size += value->size;
	return value;
}

/*
 * Parse argument argno of this call, unless that is known.
 *
 * The key is the argument's bytes, never its pointer: the value of an
 * initplan or a column may change under the same pointer, and be equal under
 * another.
 */
void *
text_type_arg_unless_same(FunctionCallInfo fcinfo, int argno,
						  ParseFunction parse)
{
	ParsedValues *values = get_values(fcinfo->flinfo);
	struct varlena *arg = PG_GETARG_VARLENA_PP(argno);
	char	   *bytes = VARDATA_ANY(arg);
	int			len = VARSIZE_ANY_EXHDR(arg);

	if (values->last == NULL || !is_value(values->last, bytes, len))
	{
		uint32		hash = hash_bytes((unsigned char *) bytes, len);
		ParsedValue *value = find_value(values, hash, bytes, len);

		if (value == NULL)
			value = parse_value(values, fcinfo->flinfo, hash, bytes, len, parse);
		values->last = value;
		values->arg.parsed = value->parsed;
		values->arg.is_constant =
			text_type_arg_is_constant(fcinfo->flinfo, argno);
	}

	if ((Pointer) arg != PG_GETARG_POINTER(argno))
		pfree(arg);
	return values->arg.parsed;
}
