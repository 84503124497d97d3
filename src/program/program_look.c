/*-------------------------------------------------------------------------
 *
 * program_look.c
 *		Looking at programs: what the next evaluation would bring, whether all
 *		is well, and which programs there are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "base/as_of.h"
#include "base/rows.h"
#include "program/program_evaluate.h"
#include "program/program_sql.h"

PG_FUNCTION_INFO_V1(tier_preview);
PG_FUNCTION_INFO_V1(tier_verify);
PG_FUNCTION_INFO_V1(tier_program_explain);
PG_FUNCTION_INFO_V1(tier_programs);
PG_FUNCTION_INFO_V1(tier_program_upgrade);

/* A measure as a number, in SQL; NULL where it is none. */
static const char *
measure_number(const Program *program)
{
	char		category;
	bool		is_preferred;

	get_type_category_preferred(program->measure_type, &category, &is_preferred);
	return category == TYPCATEGORY_NUMERIC ? "k.measure::numeric" : "NULL::numeric";
}

static const Scheme *
scheme_of_text(const text *scheme)
{
	return scheme_parse(VARDATA_ANY(scheme), VARSIZE_ANY_EXHDR(scheme), NULL);
}

/* The first day of which there can be an evaluation, from today on. */
static DateADT
next_evaluation(const Program *program)
{
	DateADT		today = GetSQLCurrentDate();

	return program->as_of == NO_DATE ? today : Max(today, program->as_of + 1);
}

/* Refuse to preview what has been. */
static void
check_to_come(const Program *program, DateADT as_of)
{
	program_check_finite(as_of);
	if (as_of <= program->as_of)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("program \"%s\" has been evaluated as of %s already",
						program->name, standing_print_date(program->as_of)),
				 errdetail("A preview is of an evaluation to come; %s is not later.",
						   standing_print_date(as_of)),
				 errhint("Without a date it is as of today, or of the day after the last evaluation.")));
}

/* tier_preview(program, as_of, scheme, rules) */
Datum
tier_preview(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	DateADT		as_of;
	Program    *program;
	Pass		pass = {0};

	rows_begin(fcinfo);
	program = program_enter(fcinfo, name, PROGRAM_READ);
	as_of = PG_ARGISNULL(1) ? next_evaluation(program) : PG_GETARG_DATEADT(1);
	check_to_come(program, as_of);
	if (!PG_ARGISNULL(2))
		program_check_labels(&program->names, scheme_of_text(PG_GETARG_TEXT_PP(2)));
	as_of_set(as_of);
	pass.program = program;
	pass.as_of = as_of;
	pass.source = PASS_SOURCE;
	pass.keep = KEEP_ALL;
	pass.scheme = PG_ARGISNULL(2) ? program->scheme : PG_GETARG_TEXT_PP(2);
	pass.rules = PG_ARGISNULL(3) ? program->rules : PG_GETARG_TEXT_PP(3);
	pass.scheme_as_of = NO_DATE;
	pass.gaps = true;
	program_pass(&pass);
	program_show_kept(&pass);
	program_return_rows(fcinfo, program_sql(&program->names, sql_preview,
											"number", measure_number(program), NULL),
						NULL, 0);
	tuplestore_end(pass.kept);
	program_leave(program);
	return (Datum) 0;
}

/* The step from the standing before, in SQL. */
static const char *
replay_step(const Program *program)
{
	const char *extension = program->names.extension;
	const char *measure;

	switch (program->measure_type)
	{
		case DATEOID:
			measure = psprintf("_label(g.previous, %s.tier_of(g.valid_from, g.measure::date, g.scheme)",
							   extension);
			break;
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			measure = "(g.previous, g.measure";
			break;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			measure = "(g.previous, g.measure::int8";
			break;
		default:
			measure = "_label(g.previous, g.measure::text";
	}
	return psprintf("%s.tier_step%s, g.valid_from, g.scheme, g.rules, src.customer_since)",
					extension, measure);
}

/* tier_verify(program) */
Datum
tier_verify(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	Program    *program;

	rows_begin(fcinfo);
	program = program_enter(fcinfo, name, PROGRAM_READ);
	if (program->as_of != NO_DATE)
		as_of_set(program->as_of);
	program_return_rows(fcinfo, program_sql(&program->names, sql_verify,
											"step", replay_step(program), NULL),
						NULL, 0);
	program_leave(program);
	return (Datum) 0;
}

/*
 * What the next evaluation would make of a standing, explained, in SQL. Tiers
 * that are given from elsewhere have no bounds that could be told.
 */
static const char *
explain_next(const Program *program)
{
	const char *type;

	switch (program->measure_type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			type = "numeric";
			break;
		case FLOAT8OID:
			type = "float8";
			break;
		case FLOAT4OID:
			type = "text::float8";
			break;
		default:
			return "NULL::jsonb";
	}
	return psprintf("CASE WHEN %s.tier_is_fitted(l.scheme) THEN %s.tier_standing_explain(\n"
					"	ROW(h.tier, h.since, h.rule, h.until, h.met, h.clocks, h.evaluated_on)::%s.tier_standing,\n"
					"	src.measure::%s, greatest(current_date, h.evaluated_on + 1), l.scheme, l.rules, src.customer_since) END",
					program->names.extension, program->names.extension,
					program->names.extension, type);
}

/*
 * The key columns' values, from arguments of any type: as the columns' types
 * read them.
 */
static void
read_key(FunctionCallInfo fcinfo, const Program *program, ProgramArgument *key)
{
	Datum	   *values;
	Oid		   *types;
	bool	   *nulls;
	int			n = extract_variadic_args(fcinfo, 1, true, &values, &types, &nulls);

	if (n != program->names.nkeys)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a customer of program \"%s\" is named by %d value%s, not %d",
						program->name, program->names.nkeys,
						program->names.nkeys == 1 ? "" : "s", n)));
	for (int i = 0; i < n; i++)
	{
		Oid			output;
		bool		is_varlena;
		Oid			input;
		Oid			io_param;
		int32		typmod;
		Oid			type;
		Oid			collation;

		get_atttypetypmodcoll(program->standing, i + 1,
							  &type, &typmod, &collation);
		key[i].type = type;
		key[i].isnull = nulls[i];
		if (nulls[i])
			continue;
		getTypeOutputInfo(types[i], &output, &is_varlena);
		getTypeInputInfo(type, &input, &io_param);
		key[i].value = OidInputFunctionCall(input,
											OidOutputFunctionCall(output, values[i]),
											io_param, typmod);
	}
}

/* tier_program_explain(program, VARIADIC key) */
Datum
tier_program_explain(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	Program    *program = program_enter(fcinfo, name, PROGRAM_READ);
	ProgramArgument key[PROGRAM_MAX_KEYS];
	Datum		explained = (Datum) 0;
	bool		isnull = true;

	read_key(fcinfo, program, key);
	program_execute_text(program_sql(&program->names, sql_explain,
									 "next", explain_next(program), NULL),
						 key, program->names.nkeys);
	if (SPI_processed > 0)
		explained = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
								  1, &isnull);
	if (!isnull)
		explained = SPI_datumTransfer(explained, false, -1);
	program_leave(program);
	if (isnull)
		PG_RETURN_NULL();
	return explained;
}

/* Add a program to the list. What cannot be read without risk stays null. */
static void
list_program(FunctionCallInfo fcinfo, const char *name, const char *owner,
			 bool readable)
{
	Datum		values[7] = {0};
	bool		nulls[7] = {false, false, true, true, true, true, true};
	ProgramNames names = {0};

	values[0] = CStringGetTextDatum(name);
	values[1] = CStringGetTextDatum(owner);
	names.schema = quote_identifier(name);
	if (readable && program_execute(&names, sql_program_line, NULL, 0) == 1)
	{
		for (int i = 0; i < 5; i++)
			values[2 + i] = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
										  i + 1, &nulls[2 + i]);
	}
	rows_add(fcinfo, values, nulls);
}

/*
 * tier_programs(): the programs of this database. It runs with the caller's
 * rights, so it must not run what somebody planted.
 */
Datum
tier_programs(PG_FUNCTION_ARGS)
{
	List	   *name = list_make2(makeString(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid))),
								  makeString(pstrdup("tier_program_check")));
	ProgramArgument trigger = {OIDOID, ObjectIdGetDatum(LookupFuncName(name, 0, NULL, false)), false};
	ProgramNames names = {0};
	SPITupleTable *programs;
	uint64		n;
	int			guc_level;

	rows_begin(fcinfo);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	guc_level = NewGUCNestLevel();
	program_restrict_path();
	n = program_execute(&names, sql_program_candidates, &trigger, 1);
	programs = SPI_tuptable;
	for (uint64 i = 0; i < n; i++)
	{
		HeapTuple	row = programs->vals[i];
		bool		isnull;

		list_program(fcinfo, SPI_getvalue(row, programs->tupdesc, 1),
					 SPI_getvalue(row, programs->tupdesc, 2),
					 DatumGetBool(SPI_getbinval(row, programs->tupdesc, 3, &isnull)));
	}
	AtEOXact_GUC(false, guc_level);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	return (Datum) 0;
}

/*
 * tier_program_upgrade(program): bring the views and comments of a program to
 * what this version makes.
 */
Datum
tier_program_upgrade(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	Program    *program = program_enter(fcinfo, name, PROGRAM_LOCK);

	program_execute(&program->names, sql_create_views, NULL, 0);
	program_execute(&program->names, sql_create_comments, NULL, 0);
	program_leave(program);
	PG_RETURN_INT32(PROGRAM_LAYOUT);
}
