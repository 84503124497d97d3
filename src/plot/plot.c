/*-------------------------------------------------------------------------
 *
 * plot.c
 *		What digests tell, as plots of text: for those who look at a terminal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/float.h"

#include "digest/digest.h"
#include "fit/summary.h"
#include "plot/canvas.h"

PG_FUNCTION_INFO_V1(digest_pareto_plot);
PG_FUNCTION_INFO_V1(tier_summary_plot);

/* Columns to the left of the vertical axis, as " 100% ". */
#define AXIS_LABEL	6

/* The words below the horizontal axis: 0% and 100% at its ends. */
static void
draw_customer_axis(Canvas *canvas, int width)
{
	const char *words = "of the customers, best first";
	int			room = width - 2 - 4;
	int			before = (room - (int) strlen(words)) / 2;

	canvas_repeat(canvas, " ", AXIS_LABEL);
	appendStringInfoString(&canvas->line, canvas->glyphs->corner);
	canvas_repeat(canvas, canvas->glyphs->line, width);
	canvas_end_line(canvas);

	canvas_repeat(canvas, " ", AXIS_LABEL + 1);
	appendStringInfoString(&canvas->line, "0%");
	if (before > 0)
	{
		canvas_repeat(canvas, " ", before);
		canvas_left(canvas, words, room - before);
	}
	else
		canvas_repeat(canvas, " ", room);
	appendStringInfoString(&canvas->line, "100%");
	canvas_end_line(canvas);
}

/* digest_pareto_plot(digest, width, height, ascii) */
Datum
digest_pareto_plot(PG_FUNCTION_ARGS)
{
	int			width = canvas_size(PG_GETARG_INT32(1), "width", 20, 500);
	int			height = canvas_size(PG_GETARG_INT32(2), "height", 2, 100);
	DigestView	digest;
	const double *shares;
	Canvas		canvas;

	canvas_begin(&canvas, fcinfo, PG_GETARG_BOOL(3));
	digest_open_arg(fcinfo, 0, &digest);
	shares = digest_pareto_shares(&digest, width);
	for (int y = height; y >= 1; y--)
	{
		/* every second line has its share, or all of a few */
		if (height <= 5 || (height - y) % 2 == 0)
			appendStringInfo(&canvas.line, "%4.0f%% ", 100.0 * y / height);
		else
			canvas_repeat(&canvas, " ", AXIS_LABEL);
		appendStringInfoString(&canvas.line, canvas.glyphs->tick);
		for (int x = 0; x < width; x++)
			canvas_rise(&canvas, shares[x] * height - (y - 1));
		canvas_end_line(&canvas);
	}
	draw_customer_axis(&canvas, width);
	return (Datum) 0;
}

/* A row's tier; who gets none is the last. */
static const char *
row_label(const Summary *summary, int row)
{
	if (row >= summary->scheme->nmeasured)
		return "not graded";
	return text_to_cstring(summary->scheme->tiers[row].label_text);
}

/* A number that adds up, its share, and the bar. */
static void
draw_bar(Canvas *canvas, const char *label, int label_width, const char *what,
		 const char *number, int number_width, double share, int width)
{
	canvas_left(canvas, label, label_width);
	appendStringInfo(&canvas->line, " %-9s ", what);
	canvas_right(canvas, number, number_width);
	appendStringInfo(&canvas->line, " %5.1f%% ", 100 * share);
	canvas_bar(canvas, share, width);
	canvas_end_line(canvas);
}

/* tier_summary_plot(digest, scheme, width, ascii) */
Datum
tier_summary_plot(PG_FUNCTION_ARGS)
{
	int			width = canvas_size(PG_GETARG_INT32(2), "width", 10, 500);
	DigestView	digest;
	const Summary *summary;
	Canvas		canvas;
	char	  **customers;
	char	  **values;
	int			label_width = 0;
	int			number_width = 0;

	canvas_begin(&canvas, fcinfo, PG_GETARG_BOOL(3));
	digest_open_arg(fcinfo, 0, &digest);
	summary = tier_summarize(scheme_from_arg(fcinfo, 1), &digest);
	customers = palloc(sizeof(char *) * summary->nrows);
	values = palloc(sizeof(char *) * summary->nrows);
	for (int i = 0; i < summary->nrows; i++)
	{
		const TierTotal *row = &summary->rows[i];
		double		value = tier_summary_value(summary, &digest, row);

		customers[i] = psprintf(INT64_FORMAT, row->customers);
		values[i] = float8out_internal(value);
		label_width = Max(label_width,
						  canvas_text_width(row_label(summary, i)));
		number_width = Max(number_width, canvas_text_width(customers[i]));
		number_width = Max(number_width, canvas_text_width(values[i]));
	}
	for (int i = 0; i < summary->nrows; i++)
	{
		const TierTotal *row = &summary->rows[i];

		draw_bar(&canvas, row_label(summary, i), label_width, "customers",
				 customers[i], number_width,
				 (double) row->customers / summary->customers, width);
		draw_bar(&canvas, "", label_width, "value", values[i], number_width,
				 summary->positive_value == 0 ? 0 :
				 row->positive_value.high / summary->positive_value, width);
	}
	return (Datum) 0;
}
