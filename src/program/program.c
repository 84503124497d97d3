/*-------------------------------------------------------------------------
 *
 * program.c
 *		Coming into a program, and going out of it.
 *
 * What a program runs is its owner's: the view source, and whatever that
 * calls. So it is run as the owner, in a security-restricted operation with a
 * bare search_path, as REFRESH MATERIALIZED VIEW does; and only for members
 * of the owner, who could have done the same by hand. Somebody else may look
 * at a program by rights of their own, as with any view.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "base/as_of.h"
#include "program/program_sql.h"
#include "program/standing.h"

/* The schema of the extension, quoted: that of the function called. */
const char *
program_extension(FunctionCallInfo fcinfo)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	return quote_identifier(get_namespace_name(schema));
}

/* A type of the extension. */
Oid
program_type(FunctionCallInfo fcinfo, const char *name)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
						   ObjectIdGetDatum(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

/* An argument that must be there. */
Datum
program_argument(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (PG_ARGISNULL(argno))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
	return PG_GETARG_DATUM(argno);
}

/* Nothing but what the server brings is found without its schema. */
void
program_restrict_path(void)
{
	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
}

/*
 * The operator by which a primary key of this type tells keys apart, written
 * so that no search_path matters; NULL if there is none.
 */
static const char *
write_equals(Oid type)
{
	Oid			equals = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple;
	Form_pg_operator form;
	char	   *written;

	if (!OidIsValid(equals) ||
		!OidIsValid(lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf))
		return NULL;
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(equals));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", equals);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	written = psprintf("OPERATOR(%s.%s)",
					   quote_identifier(get_namespace_name(form->oprnamespace)),
					   NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return written;
}

/* Read the key columns of a program: they come first in its relations. */
void
program_read_keys(ProgramNames *names, Oid relation, int nkeys)
{
	names->nkeys = nkeys;
	for (int i = 0; i < nkeys; i++)
	{
		char	   *column = get_attname(relation, i + 1, false);
		Oid			type = get_atttype(relation, i + 1);

		names->keys[i] = quote_identifier(column);
		names->literals[i] = quote_literal_cstr(column);
		names->equals[i] = write_equals(type);
		if (names->equals[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("key column \"%s\" has type %s, which has no default operator class for btree",
							column, format_type_be(type)),
					 errhint("Cast the column to another type, such as text, in a view.")));
	}
}

/*
 * What the fold takes of a measure of this type, in SQL, where it is not the
 * measure as it is; then NULL. $1 is the date, $2 the scheme.
 */
const char *
program_graded(const ProgramNames *names, Oid measure_type)
{
	Oid			type = getBaseType(measure_type);
	char		category;
	bool		is_preferred;

	switch (type)
	{
		case NUMERICOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT8OID:
		case TEXTOID:
		case VARCHAROID:
			return NULL;
		case FLOAT4OID:
			return "measure::float4::text::float8"; /* 0.7 is 0.7 */
		case DATEOID:
			return psprintf("%s.tier_of($1::date, measure::date, $2::%s.tier_scheme)",
							names->extension, names->extension);
	}
	get_type_category_preferred(type, &category, &is_preferred);
	if (category != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the measure has type %s", format_type_be(measure_type)),
				 errdetail("A measure is a number, a text (a label of the scheme) or a date (graded by the time since)."),
				 errhint("Cast it to one of these, such as date for a timestamp.")));
	return "measure::text";
}

/* Find a program by the name of its schema. */
static void
find_program(Program *program, FunctionCallInfo fcinfo, ProgramLock lock)
{
	Oid			schema = get_namespace_oid(program->name, true);
	Oid			table = InvalidOid;
	AttrNumber	tier = InvalidAttrNumber;
	HeapTuple	tuple;

	if (OidIsValid(schema))
	{
		table = get_relname_relid("program", schema);
		program->source = get_relname_relid("source", schema);
		program->standing = get_relname_relid("standing", schema);
		if (OidIsValid(program->standing))
			tier = get_attnum(program->standing, "tier");
	}
	if (OidIsValid(table) && tier >= 2 && !OidIsValid(program->source))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("view \"source\" of program \"%s\" is gone", program->name),
				 errdetail("DROP ... CASCADE of what it reads takes it along."),
				 errhint("Make it again with CREATE VIEW: the key, measure, value, grp, fit_when and customer_since.")));
	if (!OidIsValid(table) || !OidIsValid(program->source) ||
		tier < 2 || tier > PROGRAM_MAX_KEYS + 1)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no program \"%s\"", program->name),
				 errhint("SELECT * FROM tier_programs() lists the programs of this database; tier_program_create() makes one.")));

	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", table);
	program->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);

	program->role = program->owner;
	if (!has_privs_of_role(GetUserId(), program->owner))
	{
		if (lock == PROGRAM_LOCK ||
			pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied for program \"%s\"", program->name),
					 lock == PROGRAM_LOCK ?
					 errhint("It takes the rights of role \"%s\", who owns it.",
							 GetUserNameFromId(program->owner, false)) :
					 errhint("It takes the rights of role \"%s\", who owns it, or SELECT on its tables.",
							 GetUserNameFromId(program->owner, false))));
		program->role = GetUserId();
	}

	program->names.schema = quote_identifier(program->name);
	program->names.extension = program_extension(fcinfo);
	program->standing_type = program_type(fcinfo, "tier_standing");
	program_read_keys(&program->names, program->standing, tier - 1);
	program->measure_type =
		getBaseType(get_atttype(program->source,
								get_attnum(program->source, "measure")));
	program->graded = program_graded(&program->names, program->measure_type);
}

/* Take on the owner's rights, or keep the caller's, and nothing else. */
void
program_step_in(Program *program)
{
	GetUserIdAndSecContext(&program->caller, &program->caller_context);
	SetUserIdAndSecContext(program->role, program->caller_context |
						   SECURITY_RESTRICTED_OPERATION);
	program->guc_level = NewGUCNestLevel();
	program_restrict_path();

	/*
	 * Who comes back is looked up row by row, but hardly anybody does: the
	 * planner thinks of all rows, and would compile for seconds.
	 */
	(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

void
program_step_out(Program *program)
{
	AtEOXact_GUC(false, program->guc_level);
	SetUserIdAndSecContext(program->caller, program->caller_context);
}

/* A column of the one row that the last statement gave, or its default. */
static Datum
result(int column, Datum when_null)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
									  column, &isnull);

	return isnull ? when_null : value;
}

/* Read the program's row; lock it first against other evaluations. */
static void
read_program(Program *program, ProgramLock lock)
{
	int			layout;

	if (lock == PROGRAM_LOCK)
		program_execute(&program->names, sql_program_lock, NULL, 0);
	if (program_execute(&program->names, sql_program_read, NULL, 0) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"program\" of program \"%s\" has not one row",
						program->name)));
	layout = DatumGetInt32(result(1, (Datum) 0));
	if (layout > PROGRAM_LAYOUT)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("program \"%s\" has layout %d, and this version of customer_tier knows %d",
						program->name, layout, PROGRAM_LAYOUT),
				 errhint("Update the extension.")));
	program->scheme = DatumGetTextPCopy(result(2, (Datum) 0));
	program->rules = DatumGetTextPCopy(result(3, (Datum) 0));
	program->refresh = DatumGetBool(result(4, BoolGetDatum(false)));
	program->max_fall = DatumGetFloat8(result(5, Float8GetDatum(1)));
	program->as_of = DatumGetDateADT(result(6, DateADTGetDatum(NO_DATE)));
	program->complete_as_of = DatumGetDateADT(result(7, DateADTGetDatum(NO_DATE)));
	program->met_until = DatumGetDateADT(result(8, DateADTGetDatum(NO_DATE)));
	program->last_as_of = DatumGetDateADT(result(9, DateADTGetDatum(NO_DATE)));
	program->draft_waits = DatumGetBool(result(10, BoolGetDatum(false)));
	program->due_only = DatumGetBool(result(11, BoolGetDatum(false)));
	program->has_past = DatumGetBool(result(12, BoolGetDatum(false)));
}

/* Where nothing can be written, on a standby above all, say so by name. */
void
program_check_writable(FunctionCallInfo fcinfo)
{
	PreventCommandIfReadOnly(psprintf("%s()", get_func_name(fcinfo->flinfo->fn_oid)));
}

/* Come in. SPI is connected from here on, and the owner's rights hold. */
Program *
program_enter(FunctionCallInfo fcinfo, text *name, ProgramLock lock)
{
	Program    *program = palloc0(sizeof(Program));

	if (lock == PROGRAM_LOCK)
		program_check_writable(fcinfo);
	program->name = text_to_cstring(name);
	find_program(program, fcinfo, lock);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	program_step_in(program);
	read_program(program, lock);
	return program;
}

/* Go out. */
void
program_leave(Program *program)
{
	program_step_out(program);
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}
