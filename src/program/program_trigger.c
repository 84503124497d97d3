/*-------------------------------------------------------------------------
 *
 * program_trigger.c
 *		The triggers of a program's tables: what people may change by hand is
 *		checked when they do, not at night.
 *
 * Who changes an override need not be able to read the rest of the program. So
 * the triggers look at it, and keep the log, with the rights of the table's
 * owner, as those of foreign keys do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "program/program_evaluate.h"
#include "program/program_sql.h"

PG_FUNCTION_INFO_V1(tier_program_check);
PG_FUNCTION_INFO_V1(tier_program_rank_overrides);
PG_FUNCTION_INFO_V1(tier_program_check_override);
PG_FUNCTION_INFO_V1(tier_program_log_override);
PG_FUNCTION_INFO_V1(tier_program_check_review);

/* A trigger at work. */
typedef struct ProgramTrigger
{
	TriggerData *data;
	HeapTuple	old;			/* NULL at an INSERT */
	HeapTuple	new;			/* NULL at a DELETE */
	ProgramNames names;
	Oid			caller;
	int			caller_context;
	int			guc_level;
} ProgramTrigger;

/* Begin a trigger function: the rights of the table's owner hold. */
static void
trigger_enter(ProgramTrigger *trigger, FunctionCallInfo fcinfo,
			  const char *function)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	bool		is_update;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called as a trigger for each row",
						function)));
	is_update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);
	trigger->data = data;
	trigger->old = TRIGGER_FIRED_BY_INSERT(data->tg_event) ? NULL : data->tg_trigtuple;
	trigger->new = is_update ? data->tg_newtuple :
		TRIGGER_FIRED_BY_INSERT(data->tg_event) ? data->tg_trigtuple : NULL;
	trigger->names.schema =
		quote_identifier(get_namespace_name(RelationGetNamespace(data->tg_relation)));
	trigger->names.extension = program_extension(fcinfo);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	GetUserIdAndSecContext(&trigger->caller, &trigger->caller_context);
	SetUserIdAndSecContext(RelationGetForm(data->tg_relation)->relowner,
						   trigger->caller_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_NOFORCE_RLS);
	trigger->guc_level = NewGUCNestLevel();
	program_restrict_path();
}

static void
trigger_leave(ProgramTrigger *trigger)
{
	AtEOXact_GUC(false, trigger->guc_level);
	SetUserIdAndSecContext(trigger->caller, trigger->caller_context);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/* A column of a row, as text; NULL for null. */
static char *
column_text(const ProgramTrigger *trigger, HeapTuple row, const char *column)
{
	TupleDesc	desc = RelationGetDescr(trigger->data->tg_relation);
	int			number = SPI_fnumber(desc, column);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"",
						RelationGetRelationName(trigger->data->tg_relation), column)));
	return SPI_getvalue(row, desc, number);
}

/* The one text that a statement gives; NULL without a row. */
static char *
query_text(const ProgramTrigger *trigger, const char *template)
{
	if (program_execute(&trigger->names, template, NULL, 0) == 0)
		return NULL;
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}

static const Scheme *
parse_scheme(const char *scheme)
{
	return scheme_parse(scheme, strlen(scheme), NULL);
}

/* The rank of the tier with this label, which the scheme must have. */
static int
find_rank(const char *scheme_text, const char *label)
{
	const Scheme *scheme = parse_scheme(scheme_text);
	int			index = scheme_tier_index(scheme, cstring_to_text(label));

	if (index < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the scheme has no tier \"%s\"", label),
				 errhint("The scheme is \"%s\".", scheme_text)));
	return index + 1;
}

/* Set one column of the new row. */
static void
set_column(ProgramTrigger *trigger, const char *column, Datum value)
{
	TupleDesc	desc = RelationGetDescr(trigger->data->tg_relation);
	int			number = SPI_fnumber(desc, column);
	bool		isnull = false;

	trigger->new = heap_modify_tuple_by_cols(trigger->new, desc, 1, &number,
											 &value, &isnull);
}

/* Do these measures, scheme and rules go together? */
static void
check_measure(Oid type, const Scheme *scheme, const Rules *rules)
{
	bool		is_date = getBaseType(type) == DATEOID;
	char		category;
	bool		is_preferred;

	get_type_category_preferred(getBaseType(type), &category, &is_preferred);
	if (is_date && !scheme->is_duration)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the measure is a date, and the scheme is over numbers"),
				 errhint("Write bounds such as within 3 months, or measure the days since the date.")));
	if (!is_date && scheme->is_duration && category != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the measure is a number, and the scheme is over durations"),
				 errhint("Measure the date, and the time since then is graded.")));
	if (scheme->is_fitted &&
		(rules->keep_scheme == NULL || rules->keep_scheme->is_fitted))
		(void) standing_plan(scheme, rules,
							 is_date || category == TYPCATEGORY_STRING);
}

/* Refuse a scheme without the labels that standings have. */
void
program_check_labels(const ProgramNames *names, const Scheme *scheme)
{
	ProgramArgument argument = {TEXTARRAYOID, scheme_label_array(scheme), false};

	if (program_execute(names, sql_label_in_use, &argument, 1) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the scheme has no tier \"%s\", but standings have",
						SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Rename the tier in the table standing first.")));
}

/* BEFORE INSERT OR UPDATE ON program: refuse what cannot work. */
Datum
tier_program_check(PG_FUNCTION_ARGS)
{
	ProgramTrigger trigger;
	char	   *scheme;
	char	   *rules;
	Oid			source;

	trigger_enter(&trigger, fcinfo, "tier_program_check");
	scheme = column_text(&trigger, trigger.new, "scheme");
	rules = column_text(&trigger, trigger.new, "rules");
	source = get_relname_relid("source", RelationGetNamespace(trigger.data->tg_relation));
	if (scheme != NULL && rules != NULL && OidIsValid(source))
		check_measure(get_atttype(source, get_attnum(source, "measure")),
					  parse_scheme(scheme), rules_parse(rules, strlen(rules), NULL));
	if (trigger.old != NULL && scheme != NULL &&
		strcmp(scheme, column_text(&trigger, trigger.old, "scheme")) != 0)
		program_check_labels(&trigger.names, parse_scheme(scheme));
	trigger_leave(&trigger);
	return PointerGetDatum(trigger.new);
}

/* AFTER INSERT OR UPDATE ON program: overrides have ranks of the scheme. */
Datum
tier_program_rank_overrides(PG_FUNCTION_ARGS)
{
	ProgramTrigger trigger;
	char	   *scheme;
	ProgramArgument argument = {TEXTARRAYOID};

	trigger_enter(&trigger, fcinfo, "tier_program_rank_overrides");
	scheme = column_text(&trigger, trigger.new, "scheme");
	argument.value = scheme_label_array(parse_scheme(scheme));
	program_execute(&trigger.names, sql_rank_overrides, &argument, 1);
	trigger_leave(&trigger);
	return PointerGetDatum(NULL);
}

/*
 * BEFORE INSERT OR UPDATE ON overrides: the tier is one of the scheme, and the
 * rank that of the tier. A restore may load overrides before the program.
 */
Datum
tier_program_check_override(PG_FUNCTION_ARGS)
{
	ProgramTrigger trigger;
	char	   *tier;
	char	   *scheme;
	int			rank = 0;

	trigger_enter(&trigger, fcinfo, "tier_program_check_override");
	tier = column_text(&trigger, trigger.new, "tier");
	scheme = query_text(&trigger, sql_scheme_of_program);
	if (tier != NULL && scheme != NULL)
		rank = find_rank(scheme, tier);
	trigger_leave(&trigger);
	if (rank > 0)
		set_column(&trigger, "rank", Int32GetDatum(rank));
	return PointerGetDatum(trigger.new);
}

/* AFTER UPDATE OR DELETE ON overrides: keep what was. */
Datum
tier_program_log_override(PG_FUNCTION_ARGS)
{
	ProgramTrigger trigger;
	Relation	overrides;
	ProgramArgument arguments[3];

	trigger_enter(&trigger, fcinfo, "tier_program_log_override");
	overrides = trigger.data->tg_relation;
	program_read_keys(&trigger.names, RelationGetRelid(overrides),
					  get_attnum(RelationGetRelid(overrides), "tier") - 1);
	arguments[0] = (ProgramArgument) {
		RelationGetForm(overrides)->reltype,
		heap_copy_tuple_as_datum(trigger.old, RelationGetDescr(overrides)), false
	};
	arguments[1] = (ProgramArgument) {
		TEXTOID, CStringGetTextDatum(trigger.new != NULL ? "update" : "delete"), false
	};
	arguments[2] = (ProgramArgument) {
		TEXTOID, CStringGetTextDatum(GetUserNameFromId(trigger.caller, false)), false
	};
	program_execute(&trigger.names, sql_log_override, arguments, lengthof(arguments));
	trigger_leave(&trigger);
	return PointerGetDatum(NULL);
}

/*
 * BEFORE UPDATE ON draft: a reviewed tier is one of the scheme, and who
 * reviewed is told by the session, not by the reviewer.
 */
Datum
tier_program_check_review(PG_FUNCTION_ARGS)
{
	ProgramTrigger trigger;
	char	   *tier;
	char	   *rule;
	char	   *scheme;

	trigger_enter(&trigger, fcinfo, "tier_program_check_review");
	tier = column_text(&trigger, trigger.new, "reviewed_tier");
	rule = column_text(&trigger, trigger.new, "rule");
	scheme = query_text(&trigger, sql_scheme_of_draft);
	if (tier != NULL && scheme != NULL)
		(void) find_rank(scheme, tier);
	if (tier != NULL && rule != NULL && strcmp(rule, "left") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a customer who has left the source cannot be reviewed"),
				 errhint("Bring the customer back into the source, or write an override when it is there again.")));
	trigger_leave(&trigger);
	set_column(&trigger, "reviewer",
			   CStringGetTextDatum(GetUserNameFromId(trigger.caller, false)));
	return PointerGetDatum(trigger.new);
}
