/*-------------------------------------------------------------------------
 *
 * scorecard.c
 *		The type scorecard, and scoring with it.
 *
 * The type is its canonical text, see text_type.h.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "base/json_object.h"
#include "base/text_type_arg.h"
#include "number/numeric_ops.h"
#include "scorecard/scorecard_score.h"

PG_FUNCTION_INFO_V1(scorecard_is_fitted);
PG_FUNCTION_INFO_V1(score_of_numeric);
PG_FUNCTION_INFO_V1(score_of_float8);
PG_FUNCTION_INFO_V1(score_of_jsonb);
PG_FUNCTION_INFO_V1(score_coverage_numeric);
PG_FUNCTION_INFO_V1(score_coverage_float8);
PG_FUNCTION_INFO_V1(score_coverage_jsonb);
PG_FUNCTION_INFO_V1(score_explain_numeric);
PG_FUNCTION_INFO_V1(score_explain_float8);
PG_FUNCTION_INFO_V1(score_explain_jsonb);

/* Input and receive function. */
TEXT_TYPE_IO(scorecard, scorecard_parse, scorecard_print)

/* The card of this call, made ready to score. */
static ScorePlan *
plan_from_arg(FunctionCallInfo fcinfo)
{
	return text_type_arg(fcinfo, 0, score_plan);
}

/* Are all edges numbers? */
Datum
scorecard_is_fitted(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(plan_from_arg(fcinfo)->is_fitted);
}

/* Throw unless there is a value for each indicator. */
static void
check_value_count(const Scorecard *card, int nvalues)
{
	if (nvalues != card->nindicators)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("wrong number of values for the scorecard: %d instead of %d",
						nvalues, card->nindicators),
				 errdetail("The indicators are %s.", scorecard_names(card)),
				 errhint("Pass NULL for a missing value, or a jsonb object with the names that are known.")));
}

/*
 * Begin a call over an array of values: its plan, fitted, and the array's data
 * and nulls. The elements are then walked by the caller where they lie: taking
 * the array apart would allocate memory for every row that is scored.
 */
static ScorePlan *
plan_from_array(FunctionCallInfo fcinfo, char **data, uint8 **nulls)
{
	ScorePlan  *plan = plan_from_arg(fcinfo);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);

	check_value_count(plan->card,
					  ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
	score_check_fitted(plan);
	*data = ARR_DATA_PTR(array);
	*nulls = ARR_NULLBITMAP(array);
	return plan;
}

/* Is element i of an array NULL? */
static inline bool
element_is_null(const uint8 *nulls, int i)
{
	return nulls != NULL && (nulls[i / 8] & (1 << (i % 8))) == 0;
}

/* The plan of this call, with the values of a numeric array. */
static ScorePlan *
plan_with_numerics(FunctionCallInfo fcinfo)
{
	char	   *data;
	uint8	   *nulls;
	ScorePlan  *plan = plan_from_array(fcinfo, &data, &nulls);
	int			i;

	for (i = 0; i < plan->card->nindicators; i++)
	{
		if (element_is_null(nulls, i))
		{
			plan->values[i].kind = MEASURED_NOTHING;
			continue;
		}
		data = (char *) att_align_pointer(data, TYPALIGN_INT, -1, data);
		plan->values[i] = measured_numeric((struct varlena *) data);
		data += VARSIZE_ANY(data);
	}
	return plan;
}

/* The plan of this call, with the values of a double precision array. */
static ScorePlan *
plan_with_doubles(FunctionCallInfo fcinfo)
{
	char	   *data;
	uint8	   *nulls;
	ScorePlan  *plan = plan_from_array(fcinfo, &data, &nulls);
	const double *next = (const double *) data;
	int			i;

	for (i = 0; i < plan->card->nindicators; i++)
	{
		if (element_is_null(nulls, i))
			plan->values[i].kind = MEASURED_NOTHING;
		else
			plan->values[i] = measured_double(*next++);
	}
	return plan;
}

/* Set a value to what stands under its indicator's name; none is missing. */
static void
set_jsonb_value(Measured *value, const Indicator *indicator,
				JsonbContainer *object)
{
	JsonbValue	found;

	value->kind = MEASURED_NOTHING;
	if (!json_find(object, indicator->name, &found))
		return;
	if (found.type != jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of indicator \"%s\" is not a number", indicator->name),
				 errhint("A jsonb object for a scorecard has a number, or null, under each indicator's name.")));
	*value = measured_numeric((struct varlena *) found.val.numeric);
}

/* The plan of this call, with the values of a jsonb object. */
static ScorePlan *
plan_with_jsonb(FunctionCallInfo fcinfo)
{
	ScorePlan  *plan = plan_from_arg(fcinfo);
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(1);
	int			i;

	if (!JB_ROOT_IS_OBJECT(jsonb))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("values for a scorecard must be a jsonb object"),
				 errhint("Write a number under each indicator's name, as in {\"sales\": 1200, \"growth\": 4.5}.")));
	score_check_fitted(plan);
	for (i = 0; i < plan->card->nindicators; i++)
		set_jsonb_value(&plan->values[i], &plan->card->indicators[i],
						&jsonb->root);
	return plan;
}

/* Return the score of a plan's values. */
static Datum
return_score(FunctionCallInfo fcinfo, const ScorePlan *plan)
{
	Numeric		score = score_values(plan);

	if (score == NULL)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(score);
}

Datum
score_of_numeric(PG_FUNCTION_ARGS)
{
	return return_score(fcinfo, plan_with_numerics(fcinfo));
}

Datum
score_of_float8(PG_FUNCTION_ARGS)
{
	return return_score(fcinfo, plan_with_doubles(fcinfo));
}

Datum
score_of_jsonb(PG_FUNCTION_ARGS)
{
	return return_score(fcinfo, plan_with_jsonb(fcinfo));
}

/* The share of the weight that takes part, 0 to 1. */
static Numeric
plan_coverage(const ScorePlan *plan)
{
	return score_divide(score_weight(plan), plan->total_weight);
}

Datum
score_coverage_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(plan_coverage(plan_with_numerics(fcinfo)));
}

Datum
score_coverage_float8(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(plan_coverage(plan_with_doubles(fcinfo)));
}

Datum
score_coverage_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(plan_coverage(plan_with_jsonb(fcinfo)));
}

/* Append "key": number, where NULL is null. */
static void
append_number(StringInfo buf, const char *key, Numeric number)
{
	appendStringInfo(buf, ", \"%s\": %s", key,
					 number == NULL ? "null" : numeric_normalize(number));
}

/* Append the value of an indicator. */
static void
append_value(StringInfo buf, const Measured *value)
{
	char	   *number;

	if (value->kind == MEASURED_DOUBLE)
		number = double_to_shortest_decimal(value->number);
	else
	{
		Datum		datum = PointerGetDatum(value->numeric);

		number = numeric_normalize(DatumGetNumeric(datum));
	}

	appendStringInfoString(buf, ", \"value\": ");

	/* JSON has no infinite numbers: they go in quotes */
	if (strchr(number, 'I') != NULL)
		escape_json(buf, number);
	else
		appendStringInfoString(buf, number);
}

/* Append the bound of a ladder that a value met; null for the rest or none. */
static void
append_bound(StringInfo buf, const Scheme *ladder, int tier)
{
	appendStringInfoString(buf, ", \"bound\": ");
	if (tier < 0 || ladder->tiers[tier].kind == BOUND_REST)
		appendStringInfoString(buf, "null");
	else
		escape_json(buf, scheme_print_bound(&ladder->tiers[tier]));
}

/* Append the line of an indicator. weight is that of all that take part. */
static void
explain_indicator(StringInfo buf, const ScorePlan *plan, int i, Numeric weight)
{
	const Indicator *indicator = &plan->card->indicators[i];
	Numeric		points = score_points(plan, i);
	Numeric		contribution = NULL;

	if (points != NULL && num_sign(weight) > 0)
		contribution = score_divide(num_multiply(points, indicator->weight),
									weight);
	appendStringInfo(buf, "%s{\"indicator\": ", i > 0 ? ", " : "");
	escape_json(buf, indicator->name);
	if (measured_is_missing(&plan->values[i]))
		appendStringInfoString(buf, ", \"value\": null");
	else
	{
		append_value(buf, &plan->values[i]);
		if (indicator->ladder != NULL)
			append_bound(buf, indicator->ladder, grade_measured(indicator->ladder, &plan->values[i]));
	}
	append_number(buf, "weight", indicator->weight);
	append_number(buf, "points", points);
	append_number(buf, "contribution", contribution);
	appendStringInfoChar(buf, '}');
}

/* Tell how the score comes about: a line for each indicator. */
static Datum
explain_plan(const ScorePlan *plan)
{
	Numeric		weight = score_weight(plan);
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "{\"indicators\": [");
	for (i = 0; i < plan->card->nindicators; i++)
		explain_indicator(&buf, plan, i, weight);
	appendStringInfoChar(&buf, ']');
	append_number(&buf, "score", score_values(plan));
	append_number(&buf, "coverage", plan_coverage(plan));
	if (plan->card->require != NULL)
		append_number(&buf, "require", plan->card->require);
	appendStringInfoChar(&buf, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

Datum
score_explain_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(explain_plan(plan_with_numerics(fcinfo)));
}

Datum
score_explain_float8(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(explain_plan(plan_with_doubles(fcinfo)));
}

Datum
score_explain_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(explain_plan(plan_with_jsonb(fcinfo)));
}
