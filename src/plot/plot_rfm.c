/*-------------------------------------------------------------------------
 *
 * plot_rfm.c
 *		Where the customers are in the grid of RFM scores, as a heat map.
 *
 * A digest of the scores is all it takes: it has each of the 125 scores once,
 * with the number of customers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/float.h"

#include "base/text_type_arg.h"
#include "digest/digest.h"
#include "plot/canvas.h"
#include "rfm/rfm_segments.h"

#define MAX_BINS	9
#define SHADE_WIDTH	3

PG_FUNCTION_INFO_V1(rfm_score_plot);

/* How many customers have which scores, each counted from 1. */
typedef struct ScoreGrid
{
	int			bins;
	int64		customers[MAX_BINS + 1][MAX_BINS + 1][MAX_BINS + 1];
	int64		cells[MAX_BINS + 1][MAX_BINS + 1];	/* recency, frequency */
	int64		most;			/* in a cell */
} ScoreGrid;

/* Count the scores of a digest. Without a map the highest makes the grid. */
static void
count_scores(ScoreGrid *grid, const DigestView *scores, const SegmentMap *map)
{
	memset(grid, 0, sizeof(ScoreGrid));
	grid->bins = map != NULL ? rfm_segments_bins(map) : 0;
	for (int i = 0; i < scores->nclasses; i++)
	{
		double		value = digest_class_value(scores, i);
		int			score = value >= 111 && value <= 999 ? (int) value : 0;
		int			r = score / 100;
		int			f = score / 10 % 10;
		int			m = score % 10;
		int			highest = Max(r, Max(f, m));

		if (value != score || f == 0 || m == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s is no RFM score", float8out_internal(value)),
					 errhint("Give the digest of scores as rfm_score gives them: three digits, such as 543.")));
		if (map != NULL && highest > grid->bins)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("score %d is outside the segment map", score),
					 errdetail("The map has scores up to %d in each dimension.",
							   grid->bins)));
		grid->bins = Max(grid->bins, highest);
		grid->customers[r][f][m] = digest_class_count(scores, i);
		grid->cells[r][f] += digest_class_count(scores, i);
		grid->most = Max(grid->most, grid->cells[r][f]);
	}
}

/* The segment of a cell: of most of its customers, or the only one there is. */
static const char *
cell_segment(const ScoreGrid *grid, const SegmentMap *map, int r, int f)
{
	int64	   *customers = palloc0(sizeof(int64) * rfm_segments_count(map));
	int			best = rfm_segments_find(map, r, f, 1);
	bool		is_only = true;

	for (int m = 1; m <= grid->bins; m++)
	{
		int			segment = rfm_segments_find(map, r, f, m);

		is_only = is_only && segment == best;
		customers[segment] += grid->customers[r][f][m];
		if (customers[segment] > customers[best])
			best = segment;
	}
	pfree(customers);
	if (grid->cells[r][f] == 0 && !is_only)
		return "";
	return text_to_cstring(rfm_segments_name(map, best));
}

/* Draw a row of cells, each as its shade and a text. */
static void
draw_cells(Canvas *canvas, const ScoreGrid *grid, const SegmentMap *map,
		   int r, int width)
{
	for (int f = 1; f <= grid->bins; f++)
	{
		const char *text = map != NULL ? cell_segment(grid, map, r, f) :
			psprintf(INT64_FORMAT, grid->cells[r][f]);

		canvas_shade(canvas, grid->cells[r][f], grid->most, SHADE_WIDTH);
		appendStringInfoChar(&canvas->line, ' ');
		canvas_left(canvas, text, width - SHADE_WIDTH - 2);
		appendStringInfoChar(&canvas->line, ' ');
	}
	canvas_end_line(canvas);
}

/* rfm_score_plot(scores, map, width, ascii) */
Datum
rfm_score_plot(PG_FUNCTION_ARGS)
{
	const SegmentMap *map = NULL;
	ScoreGrid  *grid = palloc(sizeof(ScoreGrid));
	DigestView	scores;
	Canvas		canvas;
	int			width;

	canvas_begin(&canvas, fcinfo, !PG_ARGISNULL(3) && PG_GETARG_BOOL(3));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		return (Datum) 0;
	width = canvas_size(PG_GETARG_INT32(2), "width", 8, 100);
	if (!PG_ARGISNULL(1))
		map = text_type_arg(fcinfo, 1, rfm_segments_parse);
	digest_open_arg(fcinfo, 0, &scores);
	count_scores(grid, &scores, map);

	canvas_repeat(&canvas, " ", 3);
	for (int f = 1; f <= grid->bins; f++)
		canvas_left(&canvas, psprintf("%*sF%d", SHADE_WIDTH + 1, "", f), width);
	canvas_end_line(&canvas);
	for (int r = grid->bins; r >= 1; r--)
	{
		appendStringInfo(&canvas.line, "R%d ", r);
		draw_cells(&canvas, grid, map, r, width);
		if (map != NULL)
		{
			canvas_repeat(&canvas, " ", 3);
			draw_cells(&canvas, grid, NULL, r, width);
		}
	}
	return (Datum) 0;
}
