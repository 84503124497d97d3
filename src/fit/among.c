/*-------------------------------------------------------------------------
 *
 * among.c
 *		Grade each row among the rows of its window partition.
 *
 * On a partition's first row the measure is read once over the whole
 * partition into a digest, and the scheme is fitted to it. The fitted scheme
 * stays until the partition ends; from then on a row is graded by itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "windowapi.h"

#include "base/text_type.h"
#include "digest/digest.h"
#include "fit/among.h"
#include "fit/fit.h"
#include "grade/grade.h"
#include "scheme/scheme.h"

/* The ladder of abc_class. */
#define ABC_SCHEME	"A top 70% of value, B top 90% of value, C"

/* What stays from row to row of a partition; zeroed by the server. */
typedef struct Among
{
	bool		is_ready;
	const Scheme *scheme;		/* fitted; NULL when the argument is NULL */
} Among;

PG_FUNCTION_INFO_V1(tier_among_numeric);
PG_FUNCTION_INFO_V1(tier_among_float8);
PG_FUNCTION_INFO_V1(abc_class_numeric);
PG_FUNCTION_INFO_V1(abc_class_float8);

/* Add a measured value to the digest. */
static void
add_measure(DigestBuilder *builder, MeasureType type, Datum value)
{
	if (type == MEASURE_NUMERIC)
	{
		bool		is_wide;
		double		number = digest_decode_numeric(value, &is_wide);

		digest_builder_add(builder, number, is_wide);
	}
	else
		digest_builder_add(builder,
						   digest_check_float8(DatumGetFloat8(value)), false);
}

/* Read a measure over the whole partition. NULLs are not counted. */
static void
read_partition(WindowObject window, int argno, MeasureType type,
			   DigestBuilder *builder)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "tier_among row",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	/* no mark is set: other rows may yet be asked for by their argument */
	for (int row = 0;; row++)
	{
		bool		is_null;
		bool		is_out;
		Datum		value = WinGetFuncArgInPartition(window, argno, row,
													 WINDOW_SEEK_HEAD, false,
													 &is_null, &is_out);

		if (is_out)
			break;
		if (row == INT_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("window partition has too many rows to grade"),
					 errdetail("At most %d rows can be read.", INT_MAX),
					 errhint("Use tier_of with (SELECT tier_fit(...)).")));
		if (!is_null)
			add_measure(builder, type, value);
		MemoryContextReset(scratch);
		CHECK_FOR_INTERRUPTS();
	}

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/* Fit a scheme to the partition, by the measure in argument argno. */
Scheme *
among_fit(WindowObject window, int argno, MeasureType type,
		  const Scheme *scheme)
{
	DigestBuilder *builder = digest_builder_create(CurrentMemoryContext,
												   DIGEST_DEFAULT_CAPACITY);
	DigestView	view;
	Scheme	   *fitted;

	read_partition(window, argno, type, builder);
	digest_builder_open(builder, &view);
	fitted = scheme_fit(scheme, &view);
	digest_builder_destroy(builder);
	return fitted;
}

/* The scheme as the function's second argument has it; NULL for a NULL. */
static const Scheme *
scheme_of_first_row(WindowObject window)
{
	bool		is_null;
	Datum		datum = WinGetFuncArgCurrent(window, 1, &is_null);

	return is_null ? NULL : text_type_parse(datum, scheme_parse);
}

/* Get the scheme for the rows of this partition, fitted. */
static const Scheme *
prepare_partition(WindowObject window, MeasureType type, bool is_abc)
{
	const Scheme *scheme = is_abc ?
		scheme_parse(ABC_SCHEME, strlen(ABC_SCHEME), NULL) :
		scheme_of_first_row(window);

	if (scheme == NULL)
		return NULL;
	if (!scheme->is_fitted)
		scheme = among_fit(window, 0, type, scheme);
	grade_check_numbers(scheme);
	return scheme;
}

/* Grade the current row. */
static Datum
grade_among(FunctionCallInfo fcinfo, MeasureType type, bool is_abc)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Among	   *among = WinGetPartitionLocalMemory(window, sizeof(Among));
	bool		is_null;
	Datum		value;
	int			tier;

	if (!among->is_ready)
	{
		/* what lives as long as the partition lives in that context */
		MemoryContext caller =
			MemoryContextSwitchTo(GetMemoryChunkContext(among));

		among->scheme = prepare_partition(window, type, is_abc);
		among->is_ready = true;
		MemoryContextSwitchTo(caller);
	}

	value = WinGetFuncArgCurrent(window, 0, &is_null);
	if (is_null || among->scheme == NULL)
		PG_RETURN_NULL();
	if (type == MEASURE_NUMERIC)
		tier = grade_numeric(among->scheme, PG_DETOAST_DATUM_PACKED(value));
	else
		tier = grade_double(among->scheme, DatumGetFloat8(value));
	return grade_return_label(fcinfo, among->scheme, tier);
}

/* The tier of a numeric among its partition. */
Datum
tier_among_numeric(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, MEASURE_NUMERIC, false);
}

/* The tier of a double among its partition. */
Datum
tier_among_float8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, MEASURE_FLOAT8, false);
}

/* The ABC class of a numeric among its partition. */
Datum
abc_class_numeric(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, MEASURE_NUMERIC, true);
}

/* The ABC class of a double among its partition. */
Datum
abc_class_float8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, MEASURE_FLOAT8, true);
}
