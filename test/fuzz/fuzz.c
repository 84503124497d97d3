/*-------------------------------------------------------------------------
 *
 * fuzz.c
 *		Feed a type of the extension with input that libFuzzer makes up.
 *
 * The parsers stand on palloc, ereport and the server's own input functions,
 * so libFuzzer runs inside a backend: fuzz_type() hands it the session, and
 * it makes up input until its time is up, guided by which code of the
 * extension was reached. This file is linked into the extension's library,
 * which clang compiled with -fsanitize=fuzzer-no-link; see run.
 *
 * Each input is read as the text, the binary and the JSON of a value. What is
 * accepted must be printed and sent so that it is read again as the same, and
 * then goes through the uses of the type in types.sql. What is refused must
 * be so by a decent error. All else is a defect, and ends the process by
 * abort(), for libFuzzer to tell and to keep the input.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <unistd.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* After how many inputs memory is looked at, and how much it may have grown. */
#define MEMORY_INTERVAL	4096
#define MEMORY_GROWTH	(16 * 1024 * 1024)

extern int	LLVMFuzzerRunDriver(int *argc, char ***argv,
								int (*run_one) (const uint8_t *data, size_t size));
extern void __llvm_profile_set_filename(const char *name);

/* Something done with a value of the type; it may throw. */
typedef struct Use
{
	char	   *expression;		/* of x and d */
	bool		is_test;		/* its answer must be true */
	SPIPlanPtr	plan;
} Use;

/* The type. */
static Oid	type;
static int16 type_len;
static bool type_byval;
static FmgrInfo in_function;
static FmgrInfo out_function;
static FmgrInfo recv_function;
static FmgrInfo send_function;
static Oid	ioparam;
static Oid	from_jsonb;			/* the cast's function, or InvalidOid */
static SPIPlanPtr is_valid_plan;	/* pg_input_is_valid, NULL before 16 */
static Use *uses;
static int	nuses;
static Datum digest;			/* d */

/* The input that is tried. */
static MemoryContext run_context;
static const char *input;
static size_t input_size;
static Datum value;				/* what it was read as */
static bool is_told_valid;		/* what pg_input_is_valid said */
static Use *use;
static uint64 ninputs;
static Size memory;				/* allocated after the first inputs */

PG_FUNCTION_INFO_V1(fuzz_type);

/* Tell what is wrong, and end. */
static void
defect(const char *format,...) pg_attribute_printf(1, 2);

static void
defect(const char *format,...)
{
	va_list		args;

	fprintf(stderr, "DEFECT: %s: ", format_type_be(type));
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

/* Is a detail or a hint a whole sentence? */
static bool
is_sentence(const char *str)
{
	size_t		len = strlen(str);

	return len > 1 && strchr(".?)", str[len - 1]) != NULL;
}

/* May an odd input be answered by this error, and does it say so decently? */
static void
judge(const ErrorData *error, const char *doing)
{
	const char *sqlstate = unpack_sql_state(error->sqlerrcode);

	/* data exceptions, limits, features, resources; a message cut short */
	if (strncmp(sqlstate, "22", 2) != 0 && strncmp(sqlstate, "54", 2) != 0 &&
		strncmp(sqlstate, "0A", 2) != 0 && strncmp(sqlstate, "53", 2) != 0 &&
		error->sqlerrcode != ERRCODE_PROTOCOL_VIOLATION)
		defect("%s: %s: %s (%s, %s:%d)", doing, sqlstate, error->message,
			   error->funcname, error->filename, error->lineno);
	if (error->message[0] == '\0' ||
		(error->detail && !is_sentence(error->detail)) ||
		(error->hint && !is_sentence(error->hint)))
		defect("%s: ill-formed error: \"%s\", detail \"%s\", hint \"%s\"",
			   doing, error->message, error->detail ? error->detail : "",
			   error->hint ? error->hint : "");
}

/* Take a step in a subtransaction that leaves nothing; false if it threw. */
static bool
attempt(void (*step) (void), const char *doing)
{
	ResourceOwner owner = CurrentResourceOwner;
	volatile bool succeeded = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(run_context);
	PG_TRY();
	{
		step();
		succeeded = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(run_context);
		judge(CopyErrorData(), doing);
		FlushErrorState();
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(run_context);
	CurrentResourceOwner = owner;
	return succeeded;
}

/* The input as a string that ends with NUL, refused as a client's would be. */
static char *
input_string(void)
{
	pg_verify_mbstr(GetDatabaseEncoding(), input, input_size, false);
	return pnstrdup(input, input_size);
}

static void
read_text(void)
{
	value = InputFunctionCall(&in_function, input_string(), ioparam, -1);
}

static void
read_binary(void)
{
	StringInfoData message;

	initStringInfo(&message);
	appendBinaryStringInfo(&message, input, input_size);
	value = ReceiveFunctionCall(&recv_function, &message, ioparam, -1);
	if (message.cursor != message.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("incorrect binary data format")));
}

static void
read_json(void)
{
	Datum		json = DirectFunctionCall1(jsonb_in,
										   CStringGetDatum(input_string()));

	value = OidFunctionCall1(from_jsonb, json);
}

/* Must be the value, to the last byte. */
static void
expect_same(Datum other, const char *doing)
{
	if (!datumIsEqual(value, other, type_byval, type_len))
		defect("%s gives another value: \"%s\" for \"%s\"", doing,
			   OutputFunctionCall(&out_function, other),
			   OutputFunctionCall(&out_function, value));
}

/* What was read must come back from its own text and binary. */
static void
print_and_read(void)
{
	char	   *str = OutputFunctionCall(&out_function, value);
	bytea	   *sent = SendFunctionCall(&send_function, value);
	StringInfoData message;

	expect_same(InputFunctionCall(&in_function, pstrdup(str), ioparam, -1),
				"reading its text");
	initStringInfo(&message);
	appendBinaryStringInfo(&message, VARDATA(sent), VARSIZE(sent) - VARHDRSZ);
	expect_same(ReceiveFunctionCall(&recv_function, &message, ioparam, -1),
				"receiving what was sent");
}

/* Run a plan that gives one value. */
static Datum
run_plan(SPIPlanPtr plan, Datum *args, bool *isnull)
{
	if (SPI_execute_plan(plan, args, NULL, true, 2) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "a plan does not give one row");
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
						 isnull);
}

static void
run_use(void)
{
	Datum		args[] = {value, digest};
	bool		isnull;
	Datum		answer = run_plan(use->plan, args, &isnull);

	if (use->is_test && !isnull &&
		strcmp(TextDatumGetCString(answer), "false") == 0)
		defect("\"%s\": not so: %s", OutputFunctionCall(&out_function, value),
			   use->expression);
}

static void
ask_is_valid(void)
{
	bool		isnull;
	Datum		args[] = {CStringGetTextDatum(input_string())};

	is_told_valid = DatumGetBool(run_plan(is_valid_plan, args, &isnull));
}

/* Read the input in one way; use what it is read as. */
static bool
try_reading(void (*reading) (void), const char *doing)
{
	if (!attempt(reading, doing))
		return false;
	if (!attempt(print_and_read, "printing and reading"))
		defect("what was accepted cannot be printed and read again");
	for (use = uses; use < uses + nuses; use++)
		attempt(run_use, use->expression);
	return true;
}

/* libFuzzer's call for each input. */
static int
run_one(const uint8_t *data, size_t size)
{
	MemoryContext caller = MemoryContextSwitchTo(run_context);

	input = (const char *) data;
	input_size = size;

	/* what is not UTF-8 is read as in a database of SQL_ASCII */
	SetDatabaseEncoding(pg_verify_mbstr(PG_UTF8, input, size, true) ? PG_UTF8 :
						PG_SQL_ASCII);

	/* no string holds a NUL */
	if (memchr(data, '\0', size) == NULL)
	{
		bool		accepted = try_reading(read_text, "in");

		if (is_valid_plan && attempt(ask_is_valid, "pg_input_is_valid") &&
			accepted != is_told_valid)
			defect("pg_input_is_valid is %d", is_told_valid);
		if (OidIsValid(from_jsonb))
			try_reading(read_json, "from jsonb");
	}
	try_reading(read_binary, "recv");

	MemoryContextSwitchTo(caller);
	MemoryContextReset(run_context);
	if (++ninputs % MEMORY_INTERVAL == 0)
	{
		Size		now = MemoryContextMemAllocated(TopMemoryContext, true);

		if (memory == 0)
			memory = now;
		else if (now > memory + MEMORY_GROWTH)
		{
			MemoryContextStats(TopMemoryContext);
			defect("memory grew from %zu to %zu bytes", memory, now);
		}
	}
	return 0;
}

/* Look the type's functions up. */
static void
load_type(void)
{
	Oid			function;
	bool		is_varlena;
	MemoryContext context = CurrentMemoryContext;

	get_typlenbyval(type, &type_len, &type_byval);
	getTypeInputInfo(type, &function, &ioparam);
	fmgr_info_cxt(function, &in_function, context);
	getTypeOutputInfo(type, &function, &is_varlena);
	fmgr_info_cxt(function, &out_function, context);
	getTypeBinaryInputInfo(type, &function, &ioparam);
	fmgr_info_cxt(function, &recv_function, context);
	getTypeBinaryOutputInfo(type, &function, &is_varlena);
	fmgr_info_cxt(function, &send_function, context);
	if (find_coercion_pathway(type, JSONBOID, COERCION_EXPLICIT,
							  &from_jsonb) != COERCION_PATH_FUNC)
		from_jsonb = InvalidOid;
}

/* Plan a query once and for all. */
static SPIPlanPtr
prepare(const char *query, int nargs, Oid *argtypes)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(query, nargs, argtypes,
										  CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "cannot prepare: %s", query);
	return plan;
}

/* Prepare the uses that types.sql has for the type. */
static void
load_uses(MemoryContext context)
{
	Oid			argtypes[] = {type, InvalidOid};
	Oid			text_type[] = {TEXTOID};
	SPITupleTable *rows;
	bool		isnull;

	SPI_execute(psprintf("SELECT expression FROM uses WHERE type = %u", type),
				true, 0);
	rows = SPI_tuptable;
	nuses = SPI_processed;
	uses = MemoryContextAllocZero(context, sizeof(Use) * Max(nuses, 1));
	for (int i = 0; i < nuses; i++)
		uses[i].expression =
			MemoryContextStrdup(context, SPI_getvalue(rows->vals[i],
													  rows->tupdesc, 1));

	SPI_execute("SELECT d FROM digests", true, 1);
	digest = datumTransfer(SPI_getbinval(SPI_tuptable->vals[0],
										 SPI_tuptable->tupdesc, 1, &isnull),
						   false, -1);
	argtypes[1] = SPI_gettypeid(SPI_tuptable->tupdesc, 1);
	for (int i = 0; i < nuses; i++)
	{
		uses[i].is_test = strstr(uses[i].expression, " = ") != NULL;
		uses[i].plan =
			prepare(psprintf("SELECT (%s)::text FROM (SELECT $1 AS x, $2 AS d) given",
							 uses[i].expression), 2, argtypes);
	}

	SPI_execute("SELECT 1 WHERE to_regprocedure('pg_input_is_valid(text, text)') IS NOT NULL",
				true, 0);
	if (SPI_processed == 1)
		is_valid_plan = prepare(psprintf("SELECT pg_input_is_valid($1, '%s')",
										 format_type_be(type)), 1, text_type);
}

/*
 * fuzz_type(type regtype, log text, VARIADIC options text[]): hand the session
 * to libFuzzer, which ends the process. What it says goes to the log, what
 * was covered to log.profraw.
 */
Datum
fuzz_type(PG_FUNCTION_ARGS)
{
	char	   *log = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Datum	   *options;
	int			argc;
	char	  **argv;
	MemoryContext caller = CurrentMemoryContext;

	type = PG_GETARG_OID(0);
	load_type();
	SPI_connect();
	load_uses(caller);
	run_context = AllocSetContextCreate(caller, "fuzz input",
										ALLOCSET_DEFAULT_SIZES);

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false,
					  TYPALIGN_INT, &options, NULL, &argc);
	argv = palloc0(sizeof(char *) * (argc + 2));
	argv[0] = "fuzz";
	for (int i = 0; i < argc; i++)
		argv[i + 1] = TextDatumGetCString(options[i]);
	argc++;

	if (freopen(log, "w", stderr) == NULL)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not open file \"%s\": %m", log)));
	__llvm_profile_set_filename(psprintf("%s.profraw", log));
	LLVMFuzzerRunDriver(&argc, &argv, run_one);
	PG_RETURN_VOID();
}
