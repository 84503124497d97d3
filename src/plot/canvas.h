/*-------------------------------------------------------------------------
 *
 * canvas.h
 *		Draw with characters, line by line.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_CANVAS_H
#define CUSTOMER_TIER_CANVAS_H

#include "fmgr.h"
#include "lib/stringinfo.h"

#define CANVAS_EIGHTHS	8
#define CANVAS_SHADES	5

/* The characters to draw with. */
typedef struct Glyphs
{
	const char *rising[CANVAS_EIGHTHS + 1]; /* filled from below, by eighths */
	const char *growing[CANVAS_EIGHTHS + 1];	/* filled from the left */
	const char *shades[CANVAS_SHADES];	/* from empty to full */
	const char *tick;			/* on the vertical axis */
	const char *corner;			/* of both axes */
	const char *line;			/* of the horizontal axis */
} Glyphs;

/* A plot in the making: the rows of text that a function returns. */
typedef struct Canvas
{
	FunctionCallInfo fcinfo;
	const Glyphs *glyphs;
	StringInfoData line;
} Canvas;

extern void canvas_begin(Canvas *canvas, FunctionCallInfo fcinfo, bool ascii);
extern void canvas_end_line(Canvas *canvas);
extern int	canvas_size(int size, const char *what, int least, int most);

extern int	canvas_text_width(const char *text);
extern void canvas_left(Canvas *canvas, const char *text, int width);
extern void canvas_right(Canvas *canvas, const char *text, int width);
extern void canvas_repeat(Canvas *canvas, const char *glyph, int times);
extern void canvas_bar(Canvas *canvas, double share, int width);
extern void canvas_rise(Canvas *canvas, double filled);
extern void canvas_shade(Canvas *canvas, double part, double whole, int width);

#endif							/* CUSTOMER_TIER_CANVAS_H */
