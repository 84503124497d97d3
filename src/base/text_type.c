/*-------------------------------------------------------------------------
 *
 * text_type.c
 *		Types that are text in a form of their own, such as tier_scheme.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

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

/* What this call site of text_type_from_text keeps. */
typedef struct ReadText
{
	FmgrInfo	input;			/* of the type */
	Oid			ioparam;
	text	   *str;			/* the last text, NULL before the first */
	text	   *value;			/* and what it was read as */
} ReadText;

/* Find the input function of the type that this function returns. */
static ReadText *
make_read_text(FmgrInfo *flinfo)
{
	ReadText   *read = MemoryContextAllocZero(flinfo->fn_mcxt,
											  sizeof(ReadText));
	Oid			input;

	getTypeInputInfo(get_func_rettype(flinfo->fn_oid), &input, &read->ioparam);
	fmgr_info_cxt(input, &read->input, flinfo->fn_mcxt);
	return read;
}

/* Copy a text into a memory context. */
static text *
copy_text(MemoryContext context, const text *str)
{
	return memcpy(MemoryContextAlloc(context, VARSIZE(str)), str,
				  VARSIZE(str));
}

PG_FUNCTION_INFO_V1(text_type_from_text);

/*
 * Cast a text to any of the types: read it as a literal is read. A column or
 * the parameter of a generic plan comes for each row, mostly with the text of
 * the row before, which need not be read again.
 */
Datum
text_type_from_text(PG_FUNCTION_ARGS)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	ReadText   *read = fcinfo->flinfo->fn_extra;
	text	   *str = PG_GETARG_TEXT_P(0);

	if (read == NULL)
		fcinfo->flinfo->fn_extra = read = make_read_text(fcinfo->flinfo);

	if (read->str == NULL || VARSIZE(read->str) != VARSIZE(str) ||
		memcmp(read->str, str, VARSIZE(str)) != 0)
	{
		Datum		value = InputFunctionCall(&read->input,
											  text_to_cstring(str),
											  read->ioparam, -1);

		if (read->str != NULL)
		{
			pfree(read->str);
			pfree(read->value);
			read->str = NULL;
		}
		read->value = copy_text(context, DatumGetTextP(value));
		read->str = copy_text(context, str);
	}
	PG_RETURN_TEXT_P(copy_text(CurrentMemoryContext, read->value));
}
