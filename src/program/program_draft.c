/*-------------------------------------------------------------------------
 *
 * program_draft.c
 *		tier_publish and tier_undo: what becomes of a draft, and of the last
 *		evaluation.
 *
 * To publish is to evaluate once more, with the draft's measures in the place
 * of the source's, and the schemes that were fitted then: so what is published
 * is what was proposed, but for the reviews.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "program/program_evaluate.h"
#include "program/program_sql.h"

PG_FUNCTION_INFO_V1(tier_publish);
PG_FUNCTION_INFO_V1(tier_undo);

/* Take the last evaluation, or the draft, off the record. */
static void
forget_evaluation(const Program *program, DateADT as_of)
{
	ProgramArgument argument = {DATEOID, DateADTGetDatum(as_of), false};

	program_execute(&program->names, sql_forget_evaluation, &argument, 1);
	program_execute(&program->names, sql_empty_draft, NULL, 0);
}

/* tier_publish(program): the draft becomes the evaluation. */
Datum
tier_publish(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	Program    *program = program_enter(fcinfo, name, PROGRAM_LOCK);
	Pass		pass = {0};

	if (!program->draft_waits)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no draft of program \"%s\" waits", program->name),
				 errhint("tier_evaluate(..., draft => true) makes one.")));
	pass.program = program;
	pass.as_of = program->last_as_of;
	pass.source = PASS_DRAFT;
	pass.keep = KEEP_CHANGED;
	pass.due_only = program->due_only;
	pass.scheme_as_of = program->due_only ? program->complete_as_of : pass.as_of;
	program_recall_scheme(&pass, pass.as_of);

	program_pass(&pass);
	forget_evaluation(program, pass.as_of);
	program_write(&pass, false, program_type(fcinfo, "value_digest"));
	return program_return_evaluation(fcinfo, program);
}

/* tier_undo(program): the draft goes, or else the last evaluation. */
Datum
tier_undo(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	Program    *program = program_enter(fcinfo, name, PROGRAM_LOCK);
	DateADT		as_of = program->last_as_of;
	ProgramArgument argument = {DATEOID, DateADTGetDatum(as_of), false};

	if (as_of == NO_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("program \"%s\" has not been evaluated", program->name)));
	if (!program->draft_waits)
		program_execute(&program->names, sql_undo, &argument, 1);
	forget_evaluation(program, as_of);
	program_execute(&program->names, sql_set_program, NULL, 0);
	program_leave(program);
	PG_RETURN_DATEADT(as_of);
}
