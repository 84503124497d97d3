/*-------------------------------------------------------------------------
 *
 * plot_migration.c
 *		Who went from which tier to which, as a table of text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"

#include "plot/canvas.h"
#include "program/program.h"

#define SHADE_WIDTH	2

PG_FUNCTION_INFO_V1(tier_migration_plot);

/*
 * The places of the tiers are their ranks; after them come who is not graded,
 * and who was not there.
 */
#define NOT_GRADED	256
#define NOT_THERE	257
#define PLACES		258

/* A side of the table: the labels of the places, NULL where nobody was. */
typedef const char *Labels[PLACES];

/* What tier_migration tells; customers as rows of PLACES. */
typedef struct Migration
{
	Labels		from;
	Labels		to;
	int64		customers[PLACES][PLACES];
} Migration;

/* The columns that are asked for, in this order. */
static const char sql_migration[] =
"SELECT old_tier, old_rank, new_tier, new_rank, entered, gone, customers\n"
"FROM %s.tier_migration($1, $2, $3)";

enum
{
	OLD_TIER = 1,
	OLD_RANK,
	NEW_TIER,
	NEW_RANK,
	ENTERED,
	GONE,
	CUSTOMERS
};

/* A row of the answer. */
typedef struct MigrationRow
{
	HeapTuple	tuple;
	TupleDesc	desc;
} MigrationRow;

static inline char *
row_text(const MigrationRow *row, int column)
{
	return SPI_getvalue(row->tuple, row->desc, column);
}

/* A column that is never NULL. */
static inline Datum
row_datum(const MigrationRow *row, int column)
{
	bool		null;

	return SPI_getbinval(row->tuple, row->desc, column, &null);
}

/* Where a side of a row stands, and its label there. */
static int
place_of(const MigrationRow *row, int label_column, int rank_column,
		 bool is_absent, const char *absent, Labels labels)
{
	char	   *rank = row_text(row, rank_column);
	int			place = is_absent ? NOT_THERE :
		rank == NULL ? NOT_GRADED : atoi(rank);

	labels[place] = is_absent ? absent :
		rank == NULL ? "not graded" : row_text(row, label_column);
	return place;
}

/* Ask tier_migration. The result lives in SPI's context. */
static Migration *
read_migration(FunctionCallInfo fcinfo, Datum *arguments)
{
	Oid			types[] = {TEXTOID, DATEOID, DATEOID};
	char	   *sql = psprintf(sql_migration, program_extension(fcinfo));
	Migration  *migration = palloc0(sizeof(Migration));
	int			status;

	status = SPI_execute_with_args(sql, lengthof(types), types, arguments,
								   NULL, false, 0);
	if (status != SPI_OK_SELECT)
		elog(ERROR, "tier_migration: %s", SPI_result_code_string(status));

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MigrationRow row = {SPI_tuptable->vals[i], SPI_tuptable->tupdesc};
		bool		entered = DatumGetBool(row_datum(&row, ENTERED));
		bool		gone = DatumGetBool(row_datum(&row, GONE));
		int			from = place_of(&row, OLD_TIER, OLD_RANK, entered,
									"entered", migration->from);
		int			to = place_of(&row, NEW_TIER, NEW_RANK, gone,
								  "gone", migration->to);

		migration->customers[from][to] +=
			DatumGetInt64(row_datum(&row, CUSTOMERS));
	}
	return migration;
}

/* How wide a column is: as wide as was asked for, or as its label needs. */
static int
column_width(const Migration *migration, int to, int width)
{
	return Max(width, canvas_text_width(migration->to[to]) + SHADE_WIDTH + 2);
}

/* Draw the labels of the columns, above the numbers' ends. */
static void
draw_header(Canvas *canvas, const Migration *migration, int label_width,
			int width)
{
	canvas_repeat(canvas, " ", label_width);
	for (int to = 0; to < PLACES; to++)
	{
		if (migration->to[to] == NULL)
			continue;
		canvas_right(canvas, migration->to[to],
					 column_width(migration, to, width) - SHADE_WIDTH - 1);
		canvas_repeat(canvas, " ", SHADE_WIDTH + 1);
	}
	canvas_end_line(canvas);
}

/* Draw the row of a place: who went where, shaded by the share of the row. */
static void
draw_row(Canvas *canvas, const Migration *migration, int from,
		 int label_width, int width)
{
	int64		all = 0;

	for (int to = 0; to < PLACES; to++)
		all += migration->customers[from][to];
	canvas_left(canvas, migration->from[from], label_width);
	for (int to = 0; to < PLACES; to++)
	{
		int64		customers = migration->customers[from][to];

		if (migration->to[to] == NULL)
			continue;
		canvas_right(canvas, psprintf(INT64_FORMAT, customers),
					 column_width(migration, to, width) - SHADE_WIDTH - 1);
		appendStringInfoChar(&canvas->line, ' ');
		canvas_shade(canvas, customers, all, SHADE_WIDTH);
	}
	canvas_end_line(canvas);
}

/* tier_migration_plot(program, from_date, to_date, width, ascii) */
Datum
tier_migration_plot(PG_FUNCTION_ARGS)
{
	Datum		arguments[] = {
		program_argument(fcinfo, 0, "program"),
		program_argument(fcinfo, 1, "from_date"),
		program_argument(fcinfo, 2, "to_date")
	};
	Datum		wanted = program_argument(fcinfo, 3, "width");
	int			width = canvas_size(DatumGetInt32(wanted), "width", 8, 100);
	int			label_width = 0;
	Migration  *migration;
	Canvas		canvas;

	canvas_begin(&canvas, fcinfo, !PG_ARGISNULL(4) && PG_GETARG_BOOL(4));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	migration = read_migration(fcinfo, arguments);
	for (int from = 0; from < PLACES; from++)
	{
		const char *label = migration->from[from];

		if (label != NULL)
			label_width = Max(label_width, canvas_text_width(label));
	}
	if (label_width > 0)
		draw_header(&canvas, migration, label_width, width);
	for (int from = 0; from < PLACES; from++)
	{
		if (migration->from[from] != NULL)
			draw_row(&canvas, migration, from, label_width, width);
	}
	SPI_finish();
	return (Datum) 0;
}
