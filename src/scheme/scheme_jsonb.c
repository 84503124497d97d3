/*-------------------------------------------------------------------------
 *
 * scheme_jsonb.c
 *		Schemes as jsonb: an array of objects with a tier and a bound.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "base/json_object.h"
#include "scheme/scheme_parse.h"

PG_FUNCTION_INFO_V1(tier_scheme_to_jsonb);
PG_FUNCTION_INFO_V1(jsonb_to_tier_scheme);

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
		scheme_add_written_tier(&scheme, label, bound == NULL ? "" : bound);
	}
	scheme_check(scheme, NULL);
	PG_RETURN_TEXT_P(scheme_print(scheme));
}
