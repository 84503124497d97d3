/*-------------------------------------------------------------------------
 *
 * scheme.c
 *		The type tier_scheme: how schemes are made and looked into.
 *
 * The type is its canonical text, see text_type.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/json.h"

#include "base/json_object.h"
#include "base/rows.h"
#include "base/text_type_arg.h"
#include "scheme/scheme_parse.h"

/* How many labels a hint lists. */
#define MAX_HINT_LABELS		12

PG_FUNCTION_INFO_V1(tier_scheme);
PG_FUNCTION_INFO_V1(tier_is_fitted);

/* Input and receive function. */
TEXT_TYPE_IO(tier_scheme, scheme_parse, scheme_print)

/* Parse argument argno of this call, once per query. */
const Scheme *
scheme_from_arg(FunctionCallInfo fcinfo, int argno)
{
	return text_type_arg(fcinfo, argno, scheme_parse);
}

/* Throw unless fitted; names the first tier that is not. */
void
scheme_check_fitted(const Scheme *scheme)
{
	const SchemeTier *tier = scheme_relative_tier(scheme);

	if (tier != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tier scheme is not fitted"),
				 errdetail("Tier \"%s\" has the bound \"%s\", which is relative to data.",
						   tier->label, scheme_print_bound(tier)),
				 errhint("tier_fit(digest, scheme) turns relative bounds into numbers.")));
}

/* Take an array of varlenas apart; NULLs are refused. */
static int
open_array(ArrayType *array, Oid type, const char *name, Datum **elements)
{
	bool	   *nulls;
	int			nelements;

	deconstruct_array(array, type, -1, false, TYPALIGN_INT,
					  elements, &nulls, &nelements);
	for (int i = 0; i < nelements; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of %s is null", i + 1, name),
					 errhint("Every tier has a label, and a bound unless it is the last: give one bound less for that.")));
	}
	return nelements;
}

/* tier_scheme(labels, bounds [, operator]): a ladder of fixed numbers. */
Datum
tier_scheme(PG_FUNCTION_ARGS)
{
	Datum	   *labels;
	Datum	   *bounds;
	int			nlabels = open_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID,
									 "labels", &labels);
	int			nbounds = open_array(PG_GETARG_ARRAYTYPE_P(1), NUMERICOID,
									 "bounds", &bounds);
	char	   *op = text_to_cstring(PG_GETARG_TEXT_PP(2));
	Scheme	   *scheme = scheme_begin();

	if (strcmp(op, ">=") != 0 && strcmp(op, ">") != 0 &&
		strcmp(op, "<=") != 0 && strcmp(op, "<") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown operator \"%s\"", scan_clip(op, strlen(op))),
				 errhint("The operators are >=, >, <= and <.")));
	if (nlabels == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme needs at least one label")));
	if (nbounds != nlabels && nbounds != nlabels - 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d labels do not go with %d bounds", nlabels, nbounds),
				 errhint("Give each label a bound, or each but the last, which then takes all the rest.")));

	for (int i = 0; i < nlabels; i++)
	{
		char	   *bound = "";

		if (i < nbounds)
			bound = psprintf("%s %s", op,
							 DatumGetCString(DirectFunctionCall1(numeric_out,
																 bounds[i])));
		scheme_add_written_tier(&scheme, TextDatumGetCString(labels[i]), bound);
	}
	scheme_check(scheme, NULL);
	PG_RETURN_TEXT_P(scheme_print(scheme));
}

/* Is every bound absolute, or by rule? */
Datum
tier_is_fitted(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(scheme_from_arg(fcinfo, 0)->is_fitted);
}

/* The labels of a scheme, for a hint; a long list is cut. */
static char *
list_labels(const Scheme *scheme)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < scheme->ntiers; i++)
	{
		if (i == MAX_HINT_LABELS)
		{
			appendStringInfoString(&buf, ", ...");
			break;
		}
		appendStringInfo(&buf, "%s\"%s\"", i == 0 ? "" : ", ",
						 scheme->tiers[i].label);
	}
	return buf.data;
}

/* The index of the tier with this label, or -1. */
int
scheme_tier_index(const Scheme *scheme, const text *label)
{
	int			len = VARSIZE_ANY_EXHDR(label);

	for (int i = 0; i < scheme->ntiers; i++)
	{
		text	   *known = scheme->tiers[i].label_text;

		/* no call for the many labels that begin with another letter */
		if ((int) VARSIZE_ANY_EXHDR(known) == len &&
			*VARDATA_ANY(known) == *VARDATA_ANY(label) &&
			memcmp(VARDATA_ANY(known), VARDATA_ANY(label), len) == 0)
			return i;
	}
	return -1;
}

/* The index of the tier with this label; an error if there is none. */
int
scheme_find_tier(const Scheme *scheme, const text *label)
{
	int			index = scheme_tier_index(scheme, label);

	if (index < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is no tier of the scheme",
						scan_clip(VARDATA_ANY(label),
								  VARSIZE_ANY_EXHDR(label))),
				 errhint("The tiers are %s.", list_labels(scheme))));
	return index;
}
