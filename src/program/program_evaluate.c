/*-------------------------------------------------------------------------
 *
 * program_evaluate.c
 *		tier_evaluate: take all customers of a program a step further.
 *
 * The pass says what is to be written; here it is written, in one transaction.
 * The lock on the program's row makes a second evaluation wait; readers never
 * do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/queryenvironment.h"

#include "base/as_of.h"
#include "program/program_evaluate.h"
#include "program/program_sql.h"

PG_FUNCTION_INFO_V1(tier_evaluate);

static inline ProgramArgument
text_argument(const text *value)
{
	return (ProgramArgument) {TEXTOID, PointerGetDatum(value), value == NULL};
}

static inline ProgramArgument
cstring_argument(const char *value)
{
	return (ProgramArgument) {TEXTOID, CStringGetTextDatum(value), false};
}

static inline ProgramArgument
date_argument(DateADT value)
{
	return (ProgramArgument) {DATEOID, DateADTGetDatum(value), value == NO_DATE};
}

static inline ProgramArgument
count_argument(int64 value)
{
	return (ProgramArgument) {INT8OID, Int64GetDatum(value), false};
}

/* Refuse to evaluate while a draft waits. */
static void
check_no_draft(const Program *program)
{
	if (program->draft_waits)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a draft of program \"%s\" waits for review",
						program->name),
				 errhint("tier_publish() makes it the evaluation, tier_undo() drops it.")));
}

/* Refuse a date that is no day. */
void
program_check_finite(DateADT as_of)
{
	if (DATE_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("as_of is infinite")));
}

/* Refuse a date that comes not after the last evaluation. */
static void
check_as_of(const Program *program, DateADT as_of)
{
	program_check_finite(as_of);
	if (as_of <= program->as_of)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("program \"%s\" has been evaluated as of %s already",
						program->name, standing_print_date(program->as_of)),
				 as_of < program->as_of ?
				 errdetail("Evaluations go forward; %s is earlier.",
						   standing_print_date(as_of)) :
				 errdetail("That was one of those due only."),
				 errhint("tier_undo() takes the last evaluation back.")));
}

/* Those who are due are graded by the last complete evaluation's scheme. */
static void
check_due_only(const Program *program, bool due_only)
{
	if (due_only && program->complete_as_of == NO_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("program \"%s\" has not been evaluated completely yet",
						program->name),
				 errhint("Those who are due are graded by the scheme of the last complete evaluation: run tier_evaluate() without due_only first.")));
}

/*
 * Refresh the materialized views under the source, with the owner's rights but
 * outside the restricted operation, which forbids what REFRESH CONCURRENTLY
 * needs. REFRESH itself runs their queries as one, as the owner of each.
 */
static void
refresh_matviews(Program *program, DateADT as_of)
{
	ProgramArgument source = {OIDOID, ObjectIdGetDatum(program->source), false};
	uint64		n = program_execute(&program->names, sql_matviews, &source, 1);
	SPITupleTable *matviews = SPI_tuptable;

	if (n == 0)
		return;
	program_step_out(program);
	SetUserIdAndSecContext(program->owner, program->caller_context |
						   SECURITY_LOCAL_USERID_CHANGE);
	program->guc_level = NewGUCNestLevel();
	program_restrict_path();
	as_of_set(as_of);
	for (uint64 i = 0; i < n; i++)
	{
		bool		isnull;
		const char *name = SPI_getvalue(matviews->vals[i], matviews->tupdesc, 1);
		bool		concurrently = DatumGetBool(SPI_getbinval(matviews->vals[i],
															  matviews->tupdesc,
															  2, &isnull));

		if (SPI_execute(psprintf("REFRESH MATERIALIZED VIEW %s%s",
								 concurrently ? "CONCURRENTLY " : "", name),
						false, 0) != SPI_OK_UTILITY)
			elog(ERROR, "could not refresh materialized view %s", name);
	}
	program_step_out(program);
	program_step_in(program);
}

/* Let SQL see the kept rows as "kept". */
void
program_show_kept(const Pass *pass)
{
	EphemeralNamedRelation kept = palloc0(sizeof(EphemeralNamedRelationData));

	kept->md.name = "kept";
	kept->md.reliddesc = InvalidOid;
	kept->md.tupdesc = pass->kept_desc;
	kept->md.enrtype = ENR_NAMED_TUPLESTORE;
	kept->md.enrtuples = pass->nkept;
	kept->reldata = pass->kept;
	if (SPI_register_relation(kept) != SPI_OK_REL_REGISTER)
		elog(ERROR, "SPI_register_relation failed");
}

/* Drop the kept rows, and let SQL see them no more. */
void
program_drop_kept(const Pass *pass)
{
	if (SPI_unregister_relation("kept") != SPI_OK_REL_UNREGISTER)
		elog(ERROR, "SPI_unregister_relation failed");
	tuplestore_end(pass->kept);
}

/* Run a statement that must change so many rows. */
static void
write_rows(const Program *program, const char *template,
		   const ProgramArgument *arguments, int narguments, int64 expected)
{
	if (expected == 0)
		return;
	if (program_execute(&program->names, template, arguments, narguments) !=
		(uint64) expected)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("standings of program \"%s\" were changed by another session during the evaluation",
						program->name),
				 errhint("Evaluate again.")));
}

/* Insert who entered. */
static void
write_entered(const Program *program, const ProgramArgument *as_of,
			  int64 entered)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		write_rows(program, sql_enter, as_of, 1, entered);
	}
	PG_CATCH();
	{
		program_rethrow(program, context);
	}
	PG_END_TRY();
}

/* Write what the pass has kept into past and standing. */
static void
write_standings(const Pass *pass)
{
	const Program *program = pass->program;
	ProgramArgument dates[] = {
		date_argument(pass->as_of), date_argument(program->complete_as_of),
		date_argument(program->met_until)
	};
	int64		entered = pass->entered - pass->loaded;
	int64		closed = pass->nkept - entered;

	write_rows(program, sql_close, dates, 3, closed);
	write_rows(program, sql_leave, NULL, 0, pass->gone);
	write_rows(program, sql_change, dates, 1, closed - pass->gone);
	write_entered(program, dates, entered);
}

/* Put the fitted schemes on record, and whom they gave each tier. */
static void
record_schemes(const Pass *pass, Oid digest_type)
{
	Oid			types[] = {DATEOID, TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID,
	INT8OID, NUMERICOID, digest_type};
	SPIPlanPtr	plan = SPI_prepare(program_sql(&pass->program->names,
											   sql_record_scheme, NULL),
								   lengthof(types), types);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	for (int i = 0; i < pass->ngroups; i++)
	{
		const PassGroup *group = pass->groups[i];
		int			ntiers = group->scheme->ntiers;

		for (int rank = 1; rank <= ntiers + 1; rank++)
		{
			const PassTier *tier = &group->tiers[rank - 1];
			bool		graded = rank <= ntiers;
			Datum		values[] = {
				DateADTGetDatum(pass->as_of),
				PointerGetDatum(group->name),
				Int32GetDatum(rank),
				graded ? PointerGetDatum(group->labels[rank - 1]) : (Datum) 0,
				PointerGetDatum(group->scheme_text),
				PointerGetDatum(group->rules_text),
				Int64GetDatum(tier->customers),
				tier->digest ? pass_tier_value(tier) : (Datum) 0,
				tier->digest ? pass_tier_digest(tier) : (Datum) 0
			};
			char		nulls[] = "         ";

			nulls[3] = graded ? ' ' : 'n';
			nulls[7] = nulls[8] = tier->digest ? ' ' : 'n';
			if (SPI_execute_plan(plan, values, nulls,
								 false, 0) != SPI_OK_INSERT)
				elog(ERROR, "could not record a scheme");
		}
	}
}

/* Put the evaluation on record. */
static void
record_evaluation(const Pass *pass, bool draft)
{
	const Program *program = pass->program;
	ProgramArgument arguments[] = {
		date_argument(pass->as_of),
		cstring_argument(pass->due_only ? "due only" : "complete"),
		{BOOLOID, BoolGetDatum(draft), false},
		text_argument(pass->scheme),
		text_argument(pass->rules),
		date_argument(pass->met_until),
		date_argument(pass->next_due),
		count_argument(pass->customers),
		count_argument(pass->entered),
		count_argument(pass->gone),
		count_argument(pass->rose),
		count_argument(pass->fell),
		cstring_argument(GetUserNameFromId(program->caller, false))
	};

	program_execute(&program->names, sql_record_evaluation,
					arguments, lengthof(arguments));
	program_execute(&program->names, sql_set_program, NULL, 0);
}

/* Write all that came of a pass. */
void
program_write(const Pass *pass, bool draft, Oid digest_type)
{
	program_show_kept(pass);
	if (draft)
		write_rows(pass->program, sql_draft, NULL, 0, pass->nkept);
	else
		write_standings(pass);
	if (!pass->due_only)
		record_schemes(pass, digest_type);
	record_evaluation(pass, draft);
	tuplestore_end(pass->kept);
}

/* Would so many fall or leave that somebody should look first? */
static bool
falls_too_far(const Pass *pass)
{
	return pass->fell + pass->gone > pass->program->max_fall * pass->before;
}

/* By which scheme and rules those who are due are graded: the last ones. */
void
program_recall_scheme(Pass *pass, DateADT as_of)
{
	ProgramArgument argument = date_argument(as_of);
	bool		isnull;

	if (program_execute(&pass->program->names, sql_recall_scheme,
						&argument, 1) != 1)
		elog(ERROR, "evaluation as of %s is not on record",
			 standing_print_date(as_of));
	pass->scheme = DatumGetTextPCopy(SPI_getbinval(SPI_tuptable->vals[0],
												   SPI_tuptable->tupdesc, 1, &isnull));
	pass->rules = DatumGetTextPCopy(SPI_getbinval(SPI_tuptable->vals[0],
												  SPI_tuptable->tupdesc, 2, &isnull));
}

/* Evaluate. */
static void
evaluate(Program *program, DateADT as_of, bool draft, bool due_only,
		 Oid digest_type)
{
	Pass		wanted = {0};
	Pass		pass;

	if (program->refresh)
		refresh_matviews(program, as_of);
	as_of_set(as_of);

	wanted.program = program;
	wanted.as_of = as_of;
	wanted.source = PASS_SOURCE;
	wanted.keep = draft ? KEEP_ALL : KEEP_CHANGED;
	wanted.due_only = due_only;
	wanted.scheme = program->scheme;
	wanted.rules = program->rules;
	wanted.scheme_as_of = NO_DATE;
	wanted.load = program->as_of == NO_DATE && !draft;
	if (due_only)
	{
		program_recall_scheme(&wanted, program->complete_as_of);
		wanted.scheme_as_of = program->complete_as_of;
	}

	pass = wanted;
	program_pass(&pass);
	if (!draft && falls_too_far(&pass))
	{
		ereport(WARNING,
				(errmsg("the evaluation of program \"%s\" waits as a draft", program->name),
				 errdetail("Of %lld customers %lld would fall and %lld leave: more than the share max_fall, %g.",
						   (long long) pass.before, (long long) pass.fell,
						   (long long) pass.gone, program->max_fall),
				 errhint("Look at the table draft; then tier_publish() makes it the evaluation, tier_undo() drops it.")));
		tuplestore_end(pass.kept);
		draft = true;
		wanted.keep = KEEP_ALL;
		pass = wanted;
		program_pass(&pass);
	}
	program_write(&pass, draft, digest_type);
}

/* Return the row of the last evaluation, and go out. */
Datum
program_return_evaluation(FunctionCallInfo fcinfo, Program *program)
{
	HeapTuple	row;
	TupleDesc	desc;
	Datum		values[NUM_EVALUATION_COLUMNS];
	bool		isnull[NUM_EVALUATION_COLUMNS];

	if (program_execute(&program->names, sql_read_evaluation, NULL, 0) != 1)
		elog(ERROR, "program \"%s\" has no evaluation on record", program->name);
	row = SPI_copytuple(SPI_tuptable->vals[0]);
	program_leave(program);

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	heap_deform_tuple(row, desc, values, isnull);
	row = heap_form_tuple(BlessTupleDesc(desc), values, isnull);
	return HeapTupleGetDatum(row);
}

/* tier_evaluate(program, as_of, draft, due_only) */
Datum
tier_evaluate(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	DateADT		as_of = DatumGetDateADT(program_argument(fcinfo, 1, "as_of"));
	bool		draft = DatumGetBool(program_argument(fcinfo, 2, "draft"));
	bool		due_only = DatumGetBool(program_argument(fcinfo, 3, "due_only"));
	Program    *program = program_enter(fcinfo, name, PROGRAM_LOCK);

	check_no_draft(program);

	/* of those who are due, a complete evaluation took all */
	if (as_of != program->as_of || (program->due_only && !due_only))
	{
		check_as_of(program, as_of);
		check_due_only(program, due_only);
		evaluate(program, as_of, draft, due_only, program_type(fcinfo, "value_digest"));
	}
	return program_return_evaluation(fcinfo, program);
}
