/*-------------------------------------------------------------------------
 *
 * text_type.c
 *		Types that are text in a form of their own, such as tier_scheme.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "nodes/primnodes.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/text_type.h"

/* Read a value as a user writes it. */
Datum
text_type_in(FunctionCallInfo fcinfo, CanonicalFunction canonical)
{
	char	   *str = PG_GETARG_CSTRING(0);
	text	   *value = canonical(str, strlen(str), INPUT_ESCONTEXT(fcinfo));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(value);
}

/* Take a value from the wire, and no more on trust than from a user. */
Datum
text_type_recv(FunctionCallInfo fcinfo, CanonicalFunction canonical)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	PG_RETURN_TEXT_P(canonical(str, len, NULL));
}

/* Parse a value. */
void *
text_type_parse(Datum value, ParseFunction parse)
{
	text	   *str = DatumGetTextPP(value);

	return parse(VARDATA_ANY(str), VARSIZE_ANY_EXHDR(str), NULL);
}

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

/* What this call site keeps, made on its first call. */
static ParsedArg *
get_kept(FmgrInfo *flinfo)
{
	ParsedArg  *kept = flinfo->fn_extra;

	if (kept == NULL)
	{
		kept = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(ParsedArg));
		kept->context = AllocSetContextCreate(flinfo->fn_mcxt, "parsed argument",
											  ALLOCSET_SMALL_SIZES);
		flinfo->fn_extra = kept;
	}
	return kept;
}

/*
 * Parse argument argno of this call, unless the last call had the same.
 *
 * The key is the argument's bytes, never its pointer: the value of an
 * initplan or a column may change under the same pointer, and be equal under
 * another.
 */
void *
text_type_arg_unless_same(FunctionCallInfo fcinfo, int argno,
						  ParseFunction parse)
{
	ParsedArg  *kept = get_kept(fcinfo->flinfo);
	struct varlena *arg = PG_GETARG_VARLENA_PP(argno);
	char	   *bytes = VARDATA_ANY(arg);
	int			len = VARSIZE_ANY_EXHDR(arg);

	if (kept->parsed == NULL || kept->key_len != len ||
		memcmp(kept->key, bytes, len) != 0)
	{
		MemoryContext caller;

		kept->parsed = NULL;
		MemoryContextReset(kept->context);
		caller = MemoryContextSwitchTo(kept->context);
		kept->key = palloc(len);
		memcpy(kept->key, bytes, len);
		kept->key_len = len;
		kept->parsed = parse(kept->key, len, NULL);
		MemoryContextSwitchTo(caller);
		kept->is_constant = arg_is_constant(fcinfo->flinfo, argno);
	}

	if ((Pointer) arg != PG_GETARG_POINTER(argno))
		pfree(arg);
	return kept->parsed;
}
