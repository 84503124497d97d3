/*-------------------------------------------------------------------------
 *
 * canvas.c
 *		Draw with characters, line by line.
 *
 * Widths are those of the screen, not of bytes or characters: the labels of
 * tiers may be Chinese, whose characters are two columns wide.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "base/rows.h"
#include "plot/canvas.h"

static const Glyphs unicode_glyphs = {
	.rising = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	.growing = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
	.shades = {" ", "░", "▒", "▓", "█"},
	.tick = "┤", .corner = "└", .line = "─"
};

static const Glyphs ascii_glyphs = {
	.rising = {" ", " ", ".", ".", ".", ":", ":", ":", "#"},
	.growing = {"", ".", ".", ".", "-", "-", "-", "=", "#"},
	.shades = {" ", ".", ":", "+", "#"},
	.tick = "|", .corner = "+", .line = "-"
};

/* Begin to return a plot; in ASCII where the database is not in UTF-8. */
void
canvas_begin(Canvas *canvas, FunctionCallInfo fcinfo, bool ascii)
{
	rows_begin(fcinfo);
	canvas->fcinfo = fcinfo;
	canvas->glyphs = ascii || GetDatabaseEncoding() != PG_UTF8 ?
		&ascii_glyphs : &unicode_glyphs;
	initStringInfo(&canvas->line);
}

/* Hand the line over, without the blanks at its end, and begin the next. */
void
canvas_end_line(Canvas *canvas)
{
	StringInfo	line = &canvas->line;
	Datum		value;
	bool		null = false;

	while (line->len > 0 && line->data[line->len - 1] == ' ')
		line->len--;
	value = PointerGetDatum(cstring_to_text_with_len(line->data, line->len));
	rows_add(canvas->fcinfo, &value, &null);
	resetStringInfo(line);
}

/* Refuse a size that nobody can look at. */
int
canvas_size(int size, const char *what, int least, int most)
{
	if (size < least || size > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be from %d to %d characters, not %d",
						what, least, most, size)));
	return size;
}

/* How many columns of the screen a text takes. */
int
canvas_text_width(const char *text)
{
	int			width = 0;

	for (; *text != '\0'; text += pg_mblen(text))
		width += Max(pg_dsplen(text), 0);
	return width;
}

/* Write a text at the left of a field; what is too long is cut off. */
void
canvas_left(Canvas *canvas, const char *text, int width)
{
	while (*text != '\0' && pg_dsplen(text) <= width)
	{
		int			bytes = pg_mblen(text);

		appendBinaryStringInfo(&canvas->line, text, bytes);
		width -= Max(pg_dsplen(text), 0);
		text += bytes;
	}
	canvas_repeat(canvas, " ", width);
}

/* Write a text at the right of a field, or all of it if it is longer. */
void
canvas_right(Canvas *canvas, const char *text, int width)
{
	canvas_repeat(canvas, " ", width - canvas_text_width(text));
	appendStringInfoString(&canvas->line, text);
}

void
canvas_repeat(Canvas *canvas, const char *glyph, int times)
{
	while (times-- > 0)
		appendStringInfoString(&canvas->line, glyph);
}

/* Draw a bar of a share of the width, to the eighth of a character. */
void
canvas_bar(Canvas *canvas, double share, int width)
{
	int			eighths = (int) rint(share * width * CANVAS_EIGHTHS);

	/* what is there at all is seen */
	if (share > 0 && eighths == 0)
		eighths = 1;
	canvas_repeat(canvas, canvas->glyphs->growing[CANVAS_EIGHTHS],
				  eighths / CANVAS_EIGHTHS);
	appendStringInfoString(&canvas->line,
						   canvas->glyphs->growing[eighths % CANVAS_EIGHTHS]);
}

/* Draw a character that is filled from below, by a part from 0 to 1. */
void
canvas_rise(Canvas *canvas, double filled)
{
	int			eighths = (int) (Min(Max(filled, 0), 1) * CANVAS_EIGHTHS);

	appendStringInfoString(&canvas->line, canvas->glyphs->rising[eighths]);
}

/* Draw the shade for a part of what is most; only nothing is empty. */
void
canvas_shade(Canvas *canvas, double part, double whole, int width)
{
	int			shade = 0;

	if (part > 0)
		shade = (int) ceil((CANVAS_SHADES - 1) * part / whole);
	canvas_repeat(canvas, canvas->glyphs->shades[shade], width);
}
