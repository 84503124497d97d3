/*-------------------------------------------------------------------------
 *
 * scorecard_jsonb.c
 *		Scorecards as jsonb, for programs that make or show them:
 *
 *	{"indicators": [{"indicator": "sales", "weight": 50, "missing": 0,
 *					 "scheme": [{"points": 100, "bound": ">= 5000"}, ...]},
 *					{"indicator": "growth", "weight": 50,
 *					 "linear": [{"points": 0, "at": "-10"}, ...]}],
 *	 "require": 60}
 *
 * The way back goes through the text, whose parser checks all that is said.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "base/json_object.h"
#include "base/text_type_arg.h"
#include "scheme/scheme_scan.h"
#include "scorecard/scorecard_score.h"

PG_FUNCTION_INFO_V1(scorecard_to_jsonb);
PG_FUNCTION_INFO_V1(jsonb_to_scorecard);

/* Append the scale of an indicator. */
static void
append_scale(StringInfo buf, const Indicator *indicator)
{
	bool		is_ladder = indicator->ladder != NULL;
	int			n = is_ladder ? indicator->ladder->ntiers : indicator->nlinear;
	int			i;

	appendStringInfo(buf, ", \"%s\": [", is_ladder ? "scheme" : "linear");
	for (i = 0; i < n; i++)
	{
		Numeric		points = is_ladder ? indicator->ladder_points[i] :
			indicator->linear[i].points;

		appendStringInfo(buf, "%s{\"points\": %s", i > 0 ? ", " : "",
						 numeric_normalize(points));
		if (!is_ladder)
		{
			appendStringInfoString(buf, ", \"at\": ");
			escape_json(buf, scorecard_print_edge(&indicator->linear[i].edge));
		}
		else if (indicator->ladder->tiers[i].kind != BOUND_REST)
		{
			appendStringInfoString(buf, ", \"bound\": ");
			escape_json(buf, scheme_print_bound(&indicator->ladder->tiers[i]));
		}
		appendStringInfoChar(buf, '}');
	}
	appendStringInfoChar(buf, ']');
}

/* The card as jsonb. */
Datum
scorecard_to_jsonb(PG_FUNCTION_ARGS)
{
	ScorePlan  *plan = text_type_arg(fcinfo, 0, score_plan);
	const Scorecard *card = plan->card;
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "{\"indicators\": [");
	for (i = 0; i < card->nindicators; i++)
	{
		const Indicator *indicator = &card->indicators[i];

		appendStringInfo(&buf, "%s{\"indicator\": ", i > 0 ? ", " : "");
		escape_json(&buf, indicator->name);
		appendStringInfo(&buf, ", \"weight\": %s",
						 numeric_normalize(indicator->weight));
		if (indicator->missing != NULL)
			appendStringInfo(&buf, ", \"missing\": %s",
							 numeric_normalize(indicator->missing));
		append_scale(&buf, indicator);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	if (card->require != NULL)
		appendStringInfo(&buf, ", \"require\": %s",
						 numeric_normalize(card->require));
	appendStringInfoChar(&buf, '}');
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data)));
}

/* Complain about the jsonb form of a card. */
static void
jsonb_error(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid scorecard in jsonb: %s", problem),
			 errhint("Write it as {\"indicators\": [{\"indicator\": \"sales\", \"weight\": 50, \"scheme\": [{\"points\": 100, \"bound\": \">= 5000\"}, {\"points\": 20}]}, {\"indicator\": \"growth\", \"weight\": 50, \"linear\": [{\"points\": 0, \"at\": \"-10\"}, {\"points\": 100, \"at\": \"30\"}]}]}.")));
}

/* Refuse keys of an object that are not among the known: else lost. */
static void
check_keys(JsonbContainer *object, const char *const *known, int nknown)
{
	char	   *key = json_unknown_key(object, known, nknown);

	if (key != NULL)
		jsonb_error(psprintf("unknown key \"%s\"", scan_clip(key, strlen(key))));
}

/* The number under a key, as text; NULL when there is none. */
static char *
get_number(JsonbContainer *object, const char *key)
{
	JsonbValue	value;

	if (!json_find(object, key, &value))
		return NULL;
	if (value.type != jbvNumeric)
		jsonb_error(psprintf("\"%s\" is not a number", key));
	return numeric_normalize(value.val.numeric);
}

/* The string under a key; NULL when there is none. */
static char *
get_string(JsonbContainer *object, const char *key)
{
	JsonbValue	value;

	if (!json_find(object, key, &value))
		return NULL;
	if (value.type != jbvString)
		jsonb_error(psprintf("\"%s\" is not a string", key));
	return json_string(&value);
}

/* The array under a key; NULL when there is none. */
static JsonbContainer *
get_array(JsonbContainer *object, const char *key)
{
	JsonbValue	value;

	if (!json_find(object, key, &value))
		return NULL;
	if (value.type != jbvBinary ||
		!JsonContainerIsArray(value.val.binary.data))
		jsonb_error(psprintf("\"%s\" is not an array", key));
	return value.val.binary.data;
}

/* An element of an array, which must be an object. */
static JsonbContainer *
get_object(JsonbContainer *array, uint32 i)
{
	JsonbContainer *object = json_element_object(array, i);

	if (object == NULL)
		jsonb_error(psprintf("element %u of an array is not an object",
							 i + 1));
	return object;
}

/* Append a bound or edge: what would end it is refused. */
static void
append_fragment(StringInfo buf, const char *fragment)
{
	SchemeScanner scanner;
	int			width;
	int			c;

	scan_begin(&scanner, fragment, strlen(fragment), NULL);
	while ((c = scan_char(&scanner, scanner.pos, &width)) != SCAN_END)
	{
		if (c == ',' || c == ';' || c == ':' || c == '"' || c == SCAN_QUOTE)
			jsonb_error(psprintf("\"%s\" is not a bound",
								 scan_clip(fragment, strlen(fragment))));
		scanner.pos += width;
	}
	appendStringInfoString(buf, fragment);
}

/* Append the text of a scale. */
static void
append_scale_text(StringInfo buf, JsonbContainer *points, bool is_ladder)
{
	static const char *const ladder_keys[] = {"points", "bound"};
	static const char *const linear_keys[] = {"points", "at"};
	uint32		i;

	if (!is_ladder)
		appendStringInfoString(buf, "linear ");
	for (i = 0; i < JsonContainerSize(points); i++)
	{
		JsonbContainer *object = get_object(points, i);
		char	   *number = get_number(object, "points");
		char	   *fragment = get_string(object, is_ladder ? "bound" : "at");

		check_keys(object, is_ladder ? ladder_keys : linear_keys, 2);
		if (number == NULL)
			jsonb_error("\"points\" are missing");
		if (fragment == NULL && !is_ladder)
			jsonb_error("\"at\" is missing");
		appendStringInfo(buf, "%s%s ", i > 0 ? ", " : "", number);
		if (!is_ladder)
			appendStringInfoString(buf, "at ");
		if (fragment != NULL)
			append_fragment(buf, fragment);
	}
}

/* Append the text of an indicator, its name in quotes. */
static void
append_indicator_text(StringInfo buf, JsonbContainer *object)
{
	static const char *const keys[] = {
		"indicator", "weight", "missing", "scheme", "linear"
	};
	char	   *name = get_string(object, "indicator");
	char	   *weight = get_number(object, "weight");
	char	   *missing = get_number(object, "missing");
	JsonbContainer *ladder = get_array(object, "scheme");
	JsonbContainer *linear = get_array(object, "linear");

	check_keys(object, keys, lengthof(keys));
	if (name == NULL || weight == NULL || (ladder == NULL) == (linear == NULL))
		jsonb_error("an indicator has \"indicator\", \"weight\", and either \"scheme\" or \"linear\"");
	scheme_append_quoted(buf, name);
	appendStringInfo(buf, " %s%%", weight);
	if (missing != NULL)
		appendStringInfo(buf, " missing %s", missing);
	appendStringInfoString(buf, ": ");
	append_scale_text(buf, ladder != NULL ? ladder : linear, ladder != NULL);
	appendStringInfoString(buf, "; ");
}

/* The way back. */
Datum
jsonb_to_scorecard(PG_FUNCTION_ARGS)
{
	static const char *const keys[] = {"indicators", "require"};
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);
	JsonbContainer *indicators;
	char	   *require;
	StringInfoData buf;
	uint32		i;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		jsonb_error("it is not an object");
	check_keys(&jsonb->root, keys, lengthof(keys));
	indicators = get_array(&jsonb->root, "indicators");
	if (indicators == NULL)
		jsonb_error("\"indicators\" are missing");

	initStringInfo(&buf);
	for (i = 0; i < JsonContainerSize(indicators); i++)
		append_indicator_text(&buf, get_object(indicators, i));
	require = get_number(&jsonb->root, "require");
	if (require != NULL)
		appendStringInfo(&buf, "require %s%%", require);
	PG_RETURN_TEXT_P(scorecard_print(scorecard_parse(buf.data, buf.len,
													 NULL)));
}
