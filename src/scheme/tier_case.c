/*-------------------------------------------------------------------------
 *
 * tier_case.c
 *		A scheme as a plain CASE, for databases without the extension.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "number/numeric_ops.h"
#include "scheme/scheme.h"

PG_FUNCTION_INFO_V1(tier_case);

/* Is the expression a name, which needs no parentheses? */
static bool
is_identifier(const char *str)
{
	if (*str >= '0' && *str <= '9')
		return false;
	return *str != '\0' &&
		strspn(str, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(str);
}

/*
 * Append the condition of a tier: a plain comparison, except that infinite
 * bounds are decided here where no literal is needed. False if nothing can
 * meet it.
 */
static bool
append_condition(StringInfo buf, const SchemeTier *tier,
				 const char *expression)
{
	bool		is_infinite = (tier->kind == BOUND_NUMBER &&
							   numeric_is_inf(tier->number));
	bool		is_positive = is_infinite && tier->value > 0;

	if (is_infinite && op_excludes_infinity(tier->op, is_positive))
		return false;

	appendStringInfo(buf, " WHEN %s ", expression);
	if (tier->kind == BOUND_REST ||
		(is_infinite && tier->op == op_make(is_positive, true)))
		appendStringInfoString(buf, "IS NOT NULL");
	else if (is_infinite)
		appendStringInfo(buf, "%s CAST('%sInfinity' AS numeric)",
						 scheme_operator_name(tier->op),
						 is_positive ? "" : "-");
	else
		appendStringInfo(buf, "%s %s", scheme_operator_name(tier->op),
						 numeric_normalize(tier->number));
	return true;
}

/*
 * tier_case(expression, scheme): the scheme as a plain CASE.
 *
 * NULL meets no comparison and gets NULL. NaN would: the server sorts it above
 * all numbers. It is the one value that is positive and whose negative is
 * positive too, which every database can be asked, whatever the type.
 */
Datum
tier_case(PG_FUNCTION_ARGS)
{
	char	   *expression = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);
	StringInfoData buf;

	scheme_check_fitted(scheme);
	if (scheme->is_duration)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme over durations cannot be written as a CASE"),
				 errhint("Durations are counted from a date by the calendar: write a comparison such as until <= since + interval '1 month' for each tier.")));
	if (strspn(expression, " \t\n\r\f\v") == strlen(expression))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("empty expression"),
				 errhint("Give the name of a column, or an expression.")));
	if (!is_identifier(expression))
		expression = psprintf("(%s)", expression);

	initStringInfo(&buf);
	appendStringInfo(&buf, "CASE WHEN %s > 0 AND -%s > 0 THEN NULL",
					 expression, expression);
	for (int i = 0; i < scheme->nmeasured; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (append_condition(&buf, tier, expression))
			appendStringInfo(&buf, " THEN %s", quote_literal_cstr(tier->label));
	}
	appendStringInfoString(&buf, " END");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf.data, buf.len));
}
