/*-------------------------------------------------------------------------
 *
 * rules.c
 *		The type tier_rules.
 *
 * The type is its canonical text: see rules.sql.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "base/json_object.h"
#include "base/text_type_arg.h"
#include "digest/digest.h"
#include "fit/fit.h"
#include "program/rules.h"
#include "scheme/scheme_parse.h"

PG_FUNCTION_INFO_V1(tier_rules_to_jsonb);
PG_FUNCTION_INFO_V1(jsonb_to_tier_rules);
PG_FUNCTION_INFO_V1(tier_rules_fit);

/* Input and receive function. */
TEXT_TYPE_IO(tier_rules, rules_parse, rules_print)

/* {"hold": "1 year to end of year", "grace": "3 months"} */
Datum
tier_rules_to_jsonb(PG_FUNCTION_ARGS)
{
	const Rules *rules = text_type_arg(fcinfo, 0, rules_parse);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int kind = 0; kind < NUM_RULES; kind++)
	{
		if (!rules->has[kind])
			continue;
		appendStringInfo(&buf, "%c\"%s\":", buf.len == 0 ? '{' : ',',
						 rule_names[kind]);
		escape_json(&buf, rules_print_one(rules, (RuleKind) kind));
	}
	appendStringInfoString(&buf, buf.len == 0 ? "{}" : "}");
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data)));
}

/* Take one rule from a jsonb object, if it is there. */
static void
add_rule(Rules *rules, JsonbContainer *object, RuleKind kind)
{
	JsonbValue	value;

	if (!json_find(object, rule_names[kind], &value))
		return;
	if (value.type != jbvString)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" in the jsonb object is no string",
						rule_names[kind]),
				 errhint("Write what stands after the rule's name, as in {\"hold\": \"1 year to end of year\"}.")));
	rules_parse_one(rules, kind, json_string(&value));
}

/* The way back. */
Datum
jsonb_to_tier_rules(PG_FUNCTION_ARGS)
{
	JsonbContainer *object = &PG_GETARG_JSONB_P(0)->root;
	Rules	   *rules = palloc0(sizeof(Rules));
	char	   *unknown;

	if (!JsonContainerIsObject(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("tier rules as jsonb are an object"),
				 errhint("Write a key for each rule, as in {\"hold\": \"1 year to end of year\", \"grace\": \"3 months\"}.")));
	unknown = json_unknown_key(object, rule_names, NUM_RULES);
	if (unknown != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the jsonb object has the unknown key \"%s\"",
						scan_clip(unknown, strlen(unknown))),
				 errhint("The rules are keep, hold, grace, land and new.")));

	for (int kind = 0; kind < NUM_RULES; kind++)
		add_rule(rules, object, (RuleKind) kind);
	PG_RETURN_TEXT_P(rules_print(rules));
}

/* tier_rules_fit(digest, rules): keep with numbers for its bounds. */
Datum
tier_rules_fit(PG_FUNCTION_ARGS)
{
	const Rules *rules = text_type_arg(fcinfo, 1, rules_parse);
	Rules		fitted = *rules;
	DigestView	view;

	if (rules->keep_scheme == NULL || rules->keep_scheme->is_fitted)
		PG_RETURN_TEXT_P(rules_print(rules));
	digest_open_arg(fcinfo, 0, &view);
	fitted.keep_scheme = scheme_fit(rules->keep_scheme, &view);
	PG_RETURN_TEXT_P(rules_print(&fitted));
}
