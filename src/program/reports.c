/*-------------------------------------------------------------------------
 *
 * reports.c
 *		Reports on programs, as rows that a chart can take as they are.
 *
 * They run with the rights of the program's owner, for members of it, as
 * evaluations do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/rows.h"
#include "program/program_evaluate.h"
#include "program/reports_sql.h"

PG_FUNCTION_INFO_V1(tier_report);
PG_FUNCTION_INFO_V1(tier_trend);
PG_FUNCTION_INFO_V1(tier_migration);
PG_FUNCTION_INFO_V1(tier_changes);
PG_FUNCTION_INFO_V1(tier_effect);

/* Begin a report: the program is entered. */
static Program *
report_enter(FunctionCallInfo fcinfo)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));

	rows_begin(fcinfo);
	return program_enter(fcinfo, name, PROGRAM_READ);
}

/* What was effective on a day, which is $1 or $2. */
static const char *
effective(const Program *program, const char *day)
{
	return program_sql(&program->names, sql_effective, "day", day, NULL);
}

static inline ProgramArgument
date_of(FunctionCallInfo fcinfo, int argno)
{
	return (ProgramArgument) {DATEOID, PG_GETARG_DATUM(argno), PG_ARGISNULL(argno)};
}

/* What a report is by, in SQL: the rule, or a column of the view source. */
static const char *
by_expression(const Program *program, const char *by)
{
	if (strcmp(by, "rule") == 0)
		return "e.rule";
	if (get_attnum(program->source, by) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the source of program \"%s\" has no column \"%s\"",
						program->name, by),
				 errhint("A report is by rule, or by a column of the view \"source\", to which columns may be added.")));
	return psprintf("src.%s::text", quote_identifier(by));
}

/* tier_report(program, as_of, by) */
Datum
tier_report(PG_FUNCTION_ARGS)
{
	Program    *program = report_enter(fcinfo);
	ProgramArgument day = {DATEOID, program_argument(fcinfo, 1, "as_of"), false};
	bool		grouped = !PG_ARGISNULL(2);

	program_return_rows(fcinfo,
						program_sql(&program->names, sql_report,
									"effective", effective(program, "$1"),
									"by", grouped ?
									by_expression(program, text_to_cstring(PG_GETARG_TEXT_PP(2))) :
									"NULL::text",
									"grouped", grouped ? "true" : "false", NULL),
						&day, 1);
	program_leave(program);
	return (Datum) 0;
}

/* tier_trend(program) */
Datum
tier_trend(PG_FUNCTION_ARGS)
{
	Program    *program = report_enter(fcinfo);

	program_return_rows(fcinfo, program_sql(&program->names, sql_trend, NULL),
						NULL, 0);
	program_leave(program);
	return (Datum) 0;
}

/* tier_migration(program, from_date, to_date) */
Datum
tier_migration(PG_FUNCTION_ARGS)
{
	Program    *program = report_enter(fcinfo);
	ProgramArgument days[] = {
		{DATEOID, program_argument(fcinfo, 1, "from_date"), false},
		{DATEOID, program_argument(fcinfo, 2, "to_date"), false}
	};

	program_return_rows(fcinfo,
						program_sql(&program->names, sql_migration,
									"before", effective(program, "$1"),
									"after", effective(program, "$2"), NULL),
						days, 2);
	program_leave(program);
	return (Datum) 0;
}

/* The tier of a measure by a scheme, in SQL; day: for dates. */
static const char *
graded(const Program *program, const char *measure, const char *scheme,
	   const char *day)
{
	const char *extension = program->names.extension;
	const char *value;

	switch (program->measure_type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			value = psprintf("%s::int8", measure);
			break;
		case NUMERICOID:
			value = psprintf("%s::numeric", measure);
			break;
		case FLOAT8OID:
			value = psprintf("%s::float8", measure);
			break;
		case FLOAT4OID:
			value = psprintf("%s::text::float8", measure);
			break;
		case DATEOID:
			value = psprintf("%s, %s::date", day, measure);
			break;
		default:
			return psprintf("%s::text", measure);
	}
	return psprintf("CASE WHEN %s.tier_is_fitted(%s) THEN %s.tier_of(%s, %s) END",
					extension, scheme, extension, value, scheme);
}

/* A measure as a number, in SQL; NULL where it is none. */
static const char *
number(const Program *program, const char *measure)
{
	char		category;
	bool		is_preferred;

	get_type_category_preferred(program->measure_type, &category, &is_preferred);
	return category == TYPCATEGORY_NUMERIC ? psprintf("%s::numeric", measure) : "NULL::numeric";
}

/* tier_changes(program, from_date, to_date) */
Datum
tier_changes(PG_FUNCTION_ARGS)
{
	Program    *program = report_enter(fcinfo);
	ProgramArgument days[] = {
		{DATEOID, program_argument(fcinfo, 1, "from_date"), false},
		{DATEOID, program_argument(fcinfo, 2, "to_date"), false}
	};

	program_return_rows(fcinfo,
						program_sql(&program->names, sql_changes,
									"before", effective(program, "$1"),
									"after", effective(program, "$2"),
									"old_number", number(program, "b.measure"),
									"new_number", number(program, "a.measure"),
									"graded_old", graded(program, "b.measure", "lo.scheme", "$1"),
									"graded_new", graded(program, "a.measure", "ln.scheme", "$2"),
									"graded_still", graded(program, "a.measure", "lo.scheme", "$2"),
									NULL),
						days, 2);
	program_leave(program);
	return (Datum) 0;
}

/* The key columns of the table of facts, named as the program's. */
static const char *
fact_keys(FunctionCallInfo fcinfo, const Program *program, Oid facts)
{
	const ProgramNames *names = &program->names;
	Datum	   *columns;
	bool	   *nulls;
	int			n;
	StringInfoData buf;

	deconstruct_array(DatumGetArrayTypeP(program_argument(fcinfo, 2, "key")),
					  TEXTOID, -1, false, TYPALIGN_INT, &columns, &nulls, &n);
	if (n != names->nkeys)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key has %d columns, and that of program \"%s\" %d",
						n, program->name, names->nkeys)));
	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
	{
		const char *column = nulls[i] ? "" : TextDatumGetCString(columns[i]);

		if (get_attnum(facts, column) <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("\"%s\" has no column \"%s\"", get_rel_name(facts), column)));
		appendStringInfo(&buf, "%s%s AS %s", i == 0 ? "" : ", ",
						 quote_identifier(column), names->keys[i]);
	}
	return buf.data;
}

/* tier_effect(program, facts, key, amount, at, from_date, to_date, cohort) */
Datum
tier_effect(PG_FUNCTION_ARGS)
{
	Oid			facts = DatumGetObjectId(program_argument(fcinfo, 1, "facts"));
	const char *amount = program_expression(fcinfo, 3, "amount", "1");
	const char *at = program_expression(fcinfo, 4, "at", NULL);
	ProgramArgument days[] = {
		date_of(fcinfo, 5), date_of(fcinfo, 6), date_of(fcinfo, 7)
	};
	Program    *program;

	(void) program_argument(fcinfo, 4, "at");
	if (get_rel_name(facts) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", facts)));
	program = report_enter(fcinfo);
	program_return_rows(fcinfo,
						program_sql(&program->names, sql_effect,
									"facts", quote_qualified_identifier(get_namespace_name(get_rel_namespace(facts)),
																		get_rel_name(facts)),
									"fact_keys", fact_keys(fcinfo, program, facts),
									"amount", amount, "at", at, NULL),
						days, 3);
	program_leave(program);
	return (Datum) 0;
}
