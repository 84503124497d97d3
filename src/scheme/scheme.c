/*-------------------------------------------------------------------------
 *
 * scheme.c
 *		The type tier_scheme, and the functions on the scheme itself.
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
#include "base/text_type.h"
#include "scheme/scheme_parse.h"

/* How many labels a hint lists. */
#define MAX_HINT_LABELS		12

PG_FUNCTION_INFO_V1(tier_scheme);
PG_FUNCTION_INFO_V1(tier_scheme_to_jsonb);
PG_FUNCTION_INFO_V1(jsonb_to_tier_scheme);
PG_FUNCTION_INFO_V1(tier_is_fitted);
PG_FUNCTION_INFO_V1(tier_rank_label);
PG_FUNCTION_INFO_V1(tier_label);
PG_FUNCTION_INFO_V1(tier_promote);
PG_FUNCTION_INFO_V1(tier_all);
PG_FUNCTION_INFO_V1(tier_any);
PG_FUNCTION_INFO_V1(tier_list);
PG_FUNCTION_INFO_V1(tier_case);

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

/*
 * Add a tier whose label and bound come separately. The bound is nothing but
 * one: no comma smuggles in another tier.
 */
static void
add_tier(Scheme **scheme, const char *label, const char *bound)
{
	SchemeScanner scanner;

	scan_begin(&scanner, bound, strlen(bound), NULL);
	scheme_add_tier(scheme, label, &scanner);
	if (scan_peek(&scanner) != SCAN_END)
		scheme_bound_unfinished(&scanner, *scheme);
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
		add_tier(&scheme, TextDatumGetCString(labels[i]), bound);
	}
	scheme_check(scheme, NULL);
	PG_RETURN_TEXT_P(scheme_print(scheme));
}

/* [{"tier": "A", "bound": ">= 5000000"}, {"tier": "C"}] */
Datum
tier_scheme_to_jsonb(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < scheme->ntiers; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		appendStringInfoString(&buf, i == 0 ? "[{\"tier\":" : ",{\"tier\":");
		escape_json(&buf, tier->label);
		if (tier->kind != BOUND_REST)
		{
			appendStringInfoString(&buf, ",\"bound\":");
			escape_json(&buf, scheme_print_bound(tier));
		}
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data)));
}

/* Complain about an element of the jsonb array, counted from 1. */
static void
jsonb_error(int number, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("element %d of the jsonb array %s", number, what),
			 errhint("A tier is an object such as {\"tier\": \"A\", \"bound\": \">= 5000\"}; the one that takes all the rest has no bound.")));
}

/* The string under a key of element number; NULL when there is none. */
static char *
jsonb_string(JsonbContainer *object, const char *key, int number)
{
	JsonbValue	value;

	if (!json_find(object, key, &value))
		return NULL;
	if (value.type != jbvString)
		jsonb_error(number, psprintf("has a \"%s\" that is no string", key));
	return json_string(&value);
}

/* The way back: an array of objects with a tier and a bound. */
Datum
jsonb_to_tier_scheme(PG_FUNCTION_ARGS)
{
	static const char *const keys[] = {"tier", "bound"};
	JsonbContainer *array = &PG_GETARG_JSONB_P(0)->root;
	Scheme	   *scheme = scheme_begin();

	if (!JsonContainerIsArray(array) || JsonContainerIsScalar(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme as jsonb is an array"),
				 errhint("Write an object per tier, such as [{\"tier\": \"A\", \"bound\": \">= 5000\"}, {\"tier\": \"B\"}].")));
	if (JsonContainerSize(array) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme needs at least one tier")));

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = json_element_object(array, i);
		char	   *label;
		char	   *bound;
		char	   *unknown;

		if (object == NULL)
			jsonb_error(i + 1, "is no object");
		unknown = json_unknown_key(object, keys, lengthof(keys));
		if (unknown != NULL)
			jsonb_error(i + 1, psprintf("has the unknown key \"%s\"",
										scan_clip(unknown, strlen(unknown))));
		label = jsonb_string(object, "tier", i + 1);
		if (label == NULL)
			jsonb_error(i + 1, "has no \"tier\"");
		bound = jsonb_string(object, "bound", i + 1);
		add_tier(&scheme, label, bound == NULL ? "" : bound);
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

/* tier_rank_label(label, scheme): 1 for the best tier. */
Datum
tier_rank_label(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(scheme_find_tier(scheme_from_arg(fcinfo, 1),
									 PG_GETARG_TEXT_PP(0)) + 1);
}

/* tier_label(rank, scheme): NULL outside the ladder, as of an array. */
Datum
tier_label(PG_FUNCTION_ARGS)
{
	int32		rank = PG_GETARG_INT32(0);
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);

	if (rank < 1 || rank > scheme->ntiers)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, rank - 1));
}

/*
 * tier_promote(label, scheme, steps): within the measured tiers. A tier by
 * rule has no place on the way up or down, and stays.
 */
Datum
tier_promote(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);
	int			index = scheme_find_tier(scheme, PG_GETARG_TEXT_PP(0));
	int64		target = (int64) index - PG_GETARG_INT32(2);

	if (index < scheme->nmeasured)
		index = (int) Min(Max(target, 0), scheme->nmeasured - 1);
	PG_RETURN_DATUM(scheme_label_datum(scheme, index));
}

/* tier_all(scheme, VARIADIC tiers): the worst; NULL if any is NULL. */
Datum
tier_all(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);
	Datum	   *labels;
	bool	   *nulls;
	int			nlabels;
	int			worst = -1;
	bool		any_null = false;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &labels, &nulls, &nlabels);
	for (int i = 0; i < nlabels; i++)
	{
		if (nulls[i])
			any_null = true;
		else
			worst = Max(worst, scheme_find_tier(scheme, DatumGetTextPP(labels[i])));
	}
	if (any_null || worst < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, worst));
}

/* tier_any(scheme, VARIADIC tiers): the best; NULLs are ignored. */
Datum
tier_any(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);
	Datum	   *labels;
	bool	   *nulls;
	int			nlabels;
	int			best = scheme->ntiers;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &labels, &nulls, &nlabels);
	for (int i = 0; i < nlabels; i++)
	{
		if (!nulls[i])
			best = Min(best, scheme_find_tier(scheme, DatumGetTextPP(labels[i])));
	}
	if (best == scheme->ntiers)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, best));
}

/*
 * The values that a tier of a fitted ladder over numbers covers, as a
 * numrange: from its own bound to the bound of the tier before it.
 */
static Datum
covered_range(const Scheme *scheme, int index)
{
	const SchemeTier *tier = &scheme->tiers[index];
	const SchemeTier *better = index > 0 ? tier - 1 : NULL;
	const char *own = "";
	const char *next = "";
	bool		own_inside = false;
	bool		next_inside = false;
	char	   *range;

	if (tier->kind == BOUND_NUMBER)
	{
		own = numeric_normalize(tier->number);
		own_inside = op_is_inclusive(tier->op);
	}
	if (better != NULL)
	{
		next = numeric_normalize(better->number);
		next_inside = !op_is_inclusive(better->op);
	}

	if (scheme->lower_is_better)
		range = psprintf("%c%s,%s%c", next_inside ? '[' : '(', next, own,
						 own_inside ? ']' : ')');
	else
		range = psprintf("%c%s,%s%c", own_inside ? '[' : '(', own, next,
						 next_inside ? ']' : ')');
	return OidInputFunctionCall(F_RANGE_IN, range, NUMRANGEOID, -1);
}

/* tier_list(scheme): a row per tier. */
Datum
tier_list(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);

	rows_begin(fcinfo);
	for (int index = 0; index < scheme->ntiers; index++)
	{
		const SchemeTier *tier = &scheme->tiers[index];
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = Int32GetDatum(index + 1);
		values[1] = PointerGetDatum(tier->label_text);
		nulls[2] = (tier->kind == BOUND_REST);
		if (!nulls[2])
			values[2] = CStringGetTextDatum(scheme_print_bound(tier));
		nulls[3] = nulls[4] = (tier->kind != BOUND_NUMBER);
		if (!nulls[3])
		{
			values[3] = CStringGetTextDatum(scheme_operator_name(tier->op));
			values[4] = NumericGetDatum(tier->number);
		}
		nulls[5] = !scheme->is_fitted || scheme->is_duration ||
			tier->kind == BOUND_RULE;
		if (!nulls[5])
			values[5] = covered_range(scheme, index);
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

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
