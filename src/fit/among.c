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
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "windowapi.h"

#include "digest/digest.h"
#include "fit/among.h"
#include "fit/fit.h"

/* The ladder of abc_class. */
#define ABC_SCHEME	"A top 70% of value, B top 90% of value, C"

/* What stays from row to row of a partition; zeroed by the server. */
typedef struct Among
{
	bool		is_prepared;
	void	   *prepared;
	const char *function;		/* the name, for errors while preparing */
} Among;

PG_FUNCTION_INFO_V1(tier_among_numeric);
PG_FUNCTION_INFO_V1(tier_among_float8);
PG_FUNCTION_INFO_V1(tier_among_int8);
PG_FUNCTION_INFO_V1(tier_among_float4);
PG_FUNCTION_INFO_V1(tier_among_cash);
PG_FUNCTION_INFO_V1(abc_class_numeric);
PG_FUNCTION_INFO_V1(abc_class_float8);
PG_FUNCTION_INFO_V1(abc_class_int8);
PG_FUNCTION_INFO_V1(abc_class_float4);
PG_FUNCTION_INFO_V1(abc_class_cash);

/* Add a measure to a digest. */
static void
add_measure(DigestBuilder *builder, Oid type, Datum value,
			const char *function)
{
	Measured	measured = measured_datum(type, value);
	double		number = 0;
	bool		is_wide = false;

	switch (measured.kind)
	{
		case MEASURED_NOTHING:
			break;
		case MEASURED_NUMERIC:
			number = digest_decode_numeric(PointerGetDatum(measured.numeric),
										   &is_wide, function);
			break;
		case MEASURED_DOUBLE:
			number = digest_check_float8(measured.number, function);
			break;
		case MEASURED_INTEGER:
			number = digest_decode_int64(measured.integer, &is_wide,
										 function);
			break;
	}
	digest_builder_add(builder, number, is_wide);
}

/* Read a measure over the whole partition. NULLs are not counted. */
static void
read_partition(WindowObject window, const AmongMeasure *measure,
			   DigestBuilder *builder)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext,
												  "tier_among row",
												  ALLOCSET_SMALL_SIZES);
	const Among *among = WinGetPartitionLocalMemory(window, sizeof(Among));
	MemoryContext caller = MemoryContextSwitchTo(scratch);

	/* no mark is set: other rows may yet be asked for by their argument */
	for (int row = 0;; row++)
	{
		bool		is_null;
		bool		is_out;
		Datum		value = WinGetFuncArgInPartition(window, measure->argno, row,
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
		value = among_datum(measure, value, &is_null);
		if (!is_null)
			add_measure(builder, measure->type, value, among->function);
		MemoryContextReset(scratch);
		CHECK_FOR_INTERRUPTS();
	}

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/* Fit a scheme to the partition, by a measure. */
Scheme *
among_fit(WindowObject window, const AmongMeasure *measure,
		  const Scheme *scheme)
{
	DigestBuilder *builder = digest_builder_create(CurrentMemoryContext,
												   DIGEST_DEFAULT_CAPACITY);
	DigestView	view;
	Scheme	   *fitted;

	read_partition(window, measure, builder);
	digest_builder_open(builder, &view);
	fitted = scheme_fit(scheme, &view);
	digest_builder_destroy(builder);
	return fitted;
}

/* Parse an argument of the current row; NULL for a NULL. */
void *
among_parse(WindowObject window, int argno, ParseFunction parse)
{
	bool		is_null;
	Datum		datum = WinGetFuncArgCurrent(window, argno, &is_null);

	return is_null ? NULL : text_type_parse(datum, parse);
}

/* What was made for the partition of the current row, or is made now. */
void *
among_partition(FunctionCallInfo fcinfo, PreparePartition prepare,
				const AmongMeasure *measures)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Among	   *among = WinGetPartitionLocalMemory(window, sizeof(Among));

	if (!among->is_prepared)
	{
		/* what lives as long as the partition lives in that context */
		MemoryContext caller =
			MemoryContextSwitchTo(GetMemoryChunkContext(among));

		among->function = get_func_name(fcinfo->flinfo->fn_oid);
		among->prepared = prepare(window, measures);
		among->is_prepared = true;
		MemoryContextSwitchTo(caller);
	}
	return among->prepared;
}

/* Make a scheme ready to grade the partition by the first argument. */
static void *
prepare_scheme(WindowObject window, const AmongMeasure *measure,
			   Scheme *scheme)
{
	if (scheme == NULL)
		return NULL;
	if (!scheme->is_fitted)
		scheme = among_fit(window, measure, scheme);
	grade_check_numbers(scheme);
	return scheme;
}

/* The scheme for a partition is that of its first row. */
static void *
prepare_tier_among(WindowObject window, const AmongMeasure *measure)
{
	return prepare_scheme(window, measure,
						  among_parse(window, 1, scheme_parse));
}

/* The scheme is always the same one. */
static void *
prepare_abc_class(WindowObject window, const AmongMeasure *measure)
{
	return prepare_scheme(window, measure,
						  scheme_parse(ABC_SCHEME, strlen(ABC_SCHEME), NULL));
}

/* Grade the current row. */
static pg_always_inline Datum
grade_among(FunctionCallInfo fcinfo, PreparePartition prepare, Oid type)
{
	const AmongMeasure measure = {.type = type};
	const Scheme *scheme = among_partition(fcinfo, prepare, &measure);
	Measured	value = among_measured(PG_WINDOW_OBJECT(), &measure);

	if (scheme == NULL)
		PG_RETURN_NULL();
	return grade_return_label(fcinfo, scheme, grade_measured(scheme, &value));
}

/* The tier of a numeric among its partition. */
Datum
tier_among_numeric(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_tier_among, NUMERICOID);
}

/* The tier of a double among its partition. */
Datum
tier_among_float8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_tier_among, FLOAT8OID);
}

/* The tier of a bigint among its partition. */
Datum
tier_among_int8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_tier_among, INT8OID);
}

/* The tier of a real among its partition. */
Datum
tier_among_float4(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_tier_among, FLOAT4OID);
}

/* The tier of a money among its partition. */
Datum
tier_among_cash(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_tier_among, MONEYOID);
}

/* The ABC class of a numeric among its partition. */
Datum
abc_class_numeric(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_abc_class, NUMERICOID);
}

/* The ABC class of a double among its partition. */
Datum
abc_class_float8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_abc_class, FLOAT8OID);
}

/* The ABC class of a bigint among its partition. */
Datum
abc_class_int8(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_abc_class, INT8OID);
}

/* The ABC class of a real among its partition. */
Datum
abc_class_float4(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_abc_class, FLOAT4OID);
}

/* The ABC class of a money among its partition. */
Datum
abc_class_cash(PG_FUNCTION_ARGS)
{
	return grade_among(fcinfo, prepare_abc_class, MONEYOID);
}
