/*-------------------------------------------------------------------------
 *
 * program.h
 *		A program: a schema of plain tables that keep the standings of all
 *		customers, and what its functions share.
 *
 * Everything about a program stands in its schema. Its functions are C that
 * runs SQL: the SQL stands in program_sql.c as templates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PROGRAM_H
#define CUSTOMER_TIER_PROGRAM_H

#include "base/compat.h"
#include "fmgr.h"
#include "nodes/params.h"
#include "utils/date.h"

#define PROGRAM_LAYOUT		1
#define PROGRAM_MAX_KEYS	2

/* What the placeholders of a template stand for. All names are quoted. */
typedef struct ProgramNames
{
	const char *schema;			/* of the program */
	const char *extension;		/* the schema of the extension */
	int			nkeys;
	const char *keys[PROGRAM_MAX_KEYS];
	const char *literals[PROGRAM_MAX_KEYS]; /* the same, as string constants */
	const char *equals[PROGRAM_MAX_KEYS];	/* OPERATOR(pg_catalog.=) */
} ProgramNames;

/* A program, entered: the rights of role hold, until program_leave. */
typedef struct Program
{
	const char *name;
	Oid			owner;
	Oid			role;			/* the owner; or a caller who only looks */
	Oid			source;			/* the view */
	Oid			standing;		/* the table */
	Oid			standing_type;	/* tier_standing */
	ProgramNames names;
	Oid			measure_type;	/* of the measure, below domains */
	const char *graded;			/* what of the measure the fold takes, in SQL;
								 * NULL: the measure as it is */

	/* the row of the table program */
	text	   *scheme;
	text	   *rules;
	bool		refresh;
	double		max_fall;
	DateADT		as_of;			/* of the last evaluation, or NO_DATE */
	DateADT		complete_as_of; /* of the last complete one, or NO_DATE */
	DateADT		met_until;		/* or NO_DATE */

	/* the last row of the table evaluations, perhaps a draft */
	DateADT		last_as_of;		/* or NO_DATE */
	bool		draft_waits;
	bool		due_only;

	bool		has_past;		/* is anything in the table past? */

	/* for program_leave */
	Oid			caller;
	int			caller_context;
	int			guc_level;
} Program;

/* Is the program's row only read, or locked against other evaluations? */
typedef enum ProgramLock
{
	PROGRAM_READ,
	PROGRAM_LOCK
} ProgramLock;

/* An argument of a statement. */
typedef struct ProgramArgument
{
	Oid			type;
	Datum		value;
	bool		isnull;
} ProgramArgument;

#define PROGRAM_MAX_ARGUMENTS	16

/* program.c: coming in and going out */
extern Program *program_enter(FunctionCallInfo fcinfo, text *name,
							  ProgramLock lock);
extern void program_leave(Program *program);
extern void program_check_writable(FunctionCallInfo fcinfo);
extern void program_step_out(Program *program);
extern void program_step_in(Program *program);
extern void program_restrict_path(void);
extern void program_read_keys(ProgramNames *names, Oid relation, int nkeys);
extern const char *program_extension(FunctionCallInfo fcinfo);
extern Oid	program_type(FunctionCallInfo fcinfo, const char *name);
extern Datum program_argument(FunctionCallInfo fcinfo, int argno, const char *name);
extern const char *program_graded(const ProgramNames *names, Oid measure_type);

/* program_create.c */
extern const char *program_expression(FunctionCallInfo fcinfo, int argno,
									  const char *name,
									  const char *when_null);

/* program_pass.c */
extern void program_rethrow(const Program *program, MemoryContext context);

/* program_sql.c: what the SQL is filled with, and run by */
extern char *program_sql(const ProgramNames *names, const char *template,...);
extern uint64 program_execute(const ProgramNames *names, const char *template,
							  const ProgramArgument *arguments, int narguments);
extern uint64 program_execute_text(const char *sql,
								   const ProgramArgument *arguments,
								   int narguments);
extern ParamListInfo program_params(const ProgramArgument *arguments,
									int narguments);
extern void program_return_rows(FunctionCallInfo fcinfo, const char *sql,
								const ProgramArgument *arguments,
								int narguments);

#endif							/* CUSTOMER_TIER_PROGRAM_H */
