/*-------------------------------------------------------------------------
 *
 * program_create.c
 *		tier_program_create: make the schema of a program.
 *
 * It runs with the caller's rights: who may create the schema, or fill it if
 * it is empty, and read the source, makes a program, and owns it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rel.h"

#include "program/program_evaluate.h"
#include "program/program_sql.h"

PG_FUNCTION_INFO_V1(tier_program_create);

/* Columns of a program's relations, which no key may be named like. */
static const char *const taken_names[] = {
	"approved_by", "change", "changed_at", "changed_by", "clocks", "customer_since",
	"digest", "evaluated_on", "fit_when", "grp", "measure", "measured", "met", "mode",
	"new_rule", "new_tier", "old_tier", "place", "present", "rank", "reason", "remark",
	"reviewed_tier", "reviewer", "rule", "set_at", "set_by", "since", "stays", "tier",
	"to_rise", "to_stay", "until", "valid_from", "valid_to", "valid_until", "value"
};

/* Say in which expression an error is. */
static void
expression_context(void *expression)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery((const char *) expression);
	}
}

/* Is this SELECT one expression and nothing else? */
static bool
is_expression(const SelectStmt *select)
{
	return list_length(select->targetList) == 1 &&
		linitial_node(ResTarget, select->targetList)->name == NULL &&
		select->distinctClause == NIL && select->fromClause == NIL &&
		select->whereClause == NULL && select->groupClause == NIL &&
		select->havingClause == NULL && select->windowClause == NIL &&
		select->sortClause == NIL && select->limitOffset == NULL &&
		select->limitCount == NULL && select->lockingClause == NIL &&
		select->op == SETOP_NONE;
}

/*
 * An argument that is an SQL expression over the source, or its default. It
 * must be one expression: an application may take it from its own users.
 */
const char *
program_expression(FunctionCallInfo fcinfo, int argno, const char *name,
					const char *when_null)
{
	char	   *expression;
	ErrorContextCallback callback;
	List	   *parsed;

	if (PG_ARGISNULL(argno))
		return when_null;
	expression = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	callback.callback = expression_context;
	callback.arg = expression;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	parsed = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	error_context_stack = callback.previous;
	if (list_length(parsed) != 1 ||
		!is_expression(castNode(SelectStmt, linitial_node(RawStmt, parsed)->stmt)))
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("%s is not one SQL expression: \"%s\"", name, expression)));
	return expression;
}

/* The name of the schema. */
static const char *
name_argument(FunctionCallInfo fcinfo)
{
	const char *name = text_to_cstring(DatumGetTextPP(program_argument(fcinfo, 0, "program")));

	if (name[0] == '\0' || strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(name[0] == '\0' ? ERRCODE_INVALID_NAME : ERRCODE_NAME_TOO_LONG),
				 errmsg("\"%s\" cannot be the name of a program", name),
				 errdetail("A program is a schema: its name has 1 to %d bytes.",
						   NAMEDATALEN - 1)));
	return name;
}

/*
 * Check that the source may be read, all of it or some columns. A view does
 * not ask before it is read; then it would be the first evaluation that fails.
 */
static void
check_may_read(Oid source)
{
	Oid			user = GetUserId();

	if (pg_class_aclcheck(source, user, ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(source, user, ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV,
					   get_relkind_objtype(get_rel_relkind(source)),
					   get_rel_name(source));
}

/* Check a key column of the source. */
static void
check_key_column(Oid source, const char *column)
{
	if (get_attnum(source, column) <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the source has no column \"%s\"", column)));
	for (size_t i = 0; i < lengthof(taken_names); i++)
	{
		if (strcmp(column, taken_names[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_RESERVED_NAME),
					 errmsg("a key column cannot be named \"%s\"", column),
					 errdetail("The tables of a program have a column of that name."),
					 errhint("Rename it in a view, and make that the source.")));
	}
}

/* The key columns of the source. */
static void
key_argument(FunctionCallInfo fcinfo, Oid source, ProgramNames *names)
{
	ArrayType  *array = DatumGetArrayTypeP(program_argument(fcinfo, 2, "key"));
	Datum	   *columns;
	bool	   *nulls;
	int			n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &columns, &nulls, &n);
	if (n < 1 || n > PROGRAM_MAX_KEYS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a key has one or two columns, not %d", n)));
	for (int i = 0; i < n; i++)
	{
		char	   *column;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("key must not contain nulls")));
		column = TextDatumGetCString(columns[i]);
		check_key_column(source, column);
		names->keys[i] = quote_identifier(column);
	}
	names->nkeys = n;
}

/* Make the schema, or see that it is empty. */
static void
make_schema(const ProgramNames *names, const char *name)
{
	Oid			schema = get_namespace_oid(name, true);
	ProgramArgument argument = {OIDOID, ObjectIdGetDatum(schema), false};

	if (!OidIsValid(schema))
		program_execute(names, sql_create_schema, NULL, 0);
	else if (program_execute(names, sql_schema_members, &argument, 1) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_SCHEMA),
				 errmsg("schema \"%s\" is not empty", name),
				 errdetail("A program is a schema of its own."),
				 errhint("Choose another name for the program.")));
}

/* The type of an expression over the source. */
static Oid
expression_type(const char *expression, const char *source)
{
	SPIPlanPtr	plan = SPI_prepare(psprintf("SELECT (%s\n) FROM %s", expression, source),
								   0, NULL);
	CachedPlanSource *plan_source;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	plan_source = linitial(SPI_plan_get_plan_sources(plan));
	return TupleDescAttr(plan_source->resultDesc, 0)->atttypid;
}

/* The value that reports add up, in one of the types that are added exactly. */
static const char *
value_expression(const char *value, const char *measure, const char *source)
{
	bool		by_default = value == NULL;
	const char *expression = by_default ? measure : value;
	Oid			type = getBaseType(expression_type(expression, source));

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return psprintf("(%s\n)::pg_catalog.int8", expression);
		case FLOAT4OID:
		case FLOAT8OID:
			return psprintf("(%s\n)::pg_catalog.float8", expression);
		case NUMERICOID:
			return psprintf("(%s\n)::pg_catalog.numeric", expression);
	}
	if (!by_default)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("value has type %s", format_type_be(type)),
				 errhint("It is a number, which reports add up.")));
	return "NULL::pg_catalog.numeric";
}

/* tier_program_create */
Datum
tier_program_create(PG_FUNCTION_ARGS)
{
	const char *name = name_argument(fcinfo);
	Oid			source = DatumGetObjectId(program_argument(fcinfo, 1, "source"));
	const char *measure = program_expression(fcinfo, 3, "measure", NULL);
	ProgramNames names = {0};
	ProgramArgument row[] = {
		{INT4OID, Int32GetDatum(PROGRAM_LAYOUT), false},
		{program_type(fcinfo, "tier_scheme"), program_argument(fcinfo, 4, "scheme"), false},
		{program_type(fcinfo, "tier_rules"), program_argument(fcinfo, 5, "rules"), false}
	};
	const char *value = program_expression(fcinfo, 6, "value", NULL);
	const char *customer_since = program_expression(fcinfo, 7, "customer_since", "NULL");
	const char *group_by = program_expression(fcinfo, 8, "group_by", "NULL");
	const char *fit_when = program_expression(fcinfo, 9, "fit_when", "true");
	const char *source_name;
	Oid			view;
	int			guc_level;

	program_check_writable(fcinfo);
	(void) program_argument(fcinfo, 3, "measure");
	if (get_rel_name(source) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", source)));
	check_may_read(source);
	source_name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(source)),
											 get_rel_name(source));
	names.schema = quote_identifier(name);
	names.extension = program_extension(fcinfo);
	key_argument(fcinfo, source, &names);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	make_schema(&names, name);

	/* the expressions are read under the caller's search_path, only they */
	program_execute_text(program_sql(&names, sql_create_source,
									 "measure", measure,
									 "value", value_expression(value, measure, source_name),
									 "group_by", group_by,
									 "fit_when", fit_when,
									 "customer_since", customer_since,
									 "source", source_name, NULL), NULL, 0);
	guc_level = NewGUCNestLevel();
	program_restrict_path();
	view = get_relname_relid("source", get_namespace_oid(name, false));
	program_read_keys(&names, view, names.nkeys);
	(void) program_graded(&names, get_atttype(view, get_attnum(view, "measure")));
	program_execute(&names, sql_create_tables, NULL, 0);
	program_execute(&names, sql_create_views, NULL, 0);
	program_execute(&names, sql_create_comments, NULL, 0);
	program_execute(&names, sql_create_row, row, lengthof(row));
	AtEOXact_GUC(false, guc_level);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
	PG_RETURN_VOID();
}
