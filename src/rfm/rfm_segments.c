/*-------------------------------------------------------------------------
 *
 * rfm_segments.c
 *		Segment maps: which segment each cell of the grid of scores is.
 *
 * A map is written as segments with patterns of cells,
 * 'Champions: 555 5[45]4; Lost: [12]**'. Each cell has one segment: patterns
 * of two must not overlap, unless the map begins with 'first match;', which
 * gives a cell to the first of them. The last segment may take the rest. The
 * type is its canonical text. For look-ups the text is parsed into an array
 * with an entry for each cell.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/builtins.h"

#include "base/kept_text.h"
#include "base/rows.h"
#include "base/text_type_arg.h"
#include "rfm/rfm_segments.h"
#include "scheme/scheme.h"
#include "scheme/scheme_scan.h"

#define MAX_DIMENSIONS	3		/* recency, frequency, monetary */
#define MIN_DIMENSIONS	2		/* recency, frequency */
#define MAX_BINS		9
#define MAX_CELLS		(MAX_BINS * MAX_BINS * MAX_BINS)
#define MAX_SEGMENTS	255
#define MAX_LISTED		20		/* cells shown in an error */

#define NO_SEGMENT		(-1)

/*
 * The scores a pattern takes in each dimension: bit d is set for score d. No
 * bit at all is '*', any score: how many there are is known only at the end.
 */
typedef struct Pattern
{
	uint16		scores[MAX_DIMENSIONS];
} Pattern;

typedef struct Segment
{
	char	   *name;
	text	   *name_text;		/* the same as a datum, made once */
	bool		name_is_kept;	/* that lasts as long as the session */
	bool		is_rest;		/* takes the cells that no pattern takes */
	int			npatterns;		/* 0 for the rest */
	int			max_patterns;
	Pattern    *patterns;
} Segment;

struct SegmentMap
{
	int			ndimensions;
	int			nbins;			/* scores in each dimension */
	int			ncells;
	bool		is_first_match; /* the first segment that takes a cell has it */
	int			nsegments;
	Segment    *segments;
	int16		cells[MAX_CELLS];	/* the segment of each; see cell_of */
};

PG_FUNCTION_INFO_V1(rfm_segment);
PG_FUNCTION_INFO_V1(rfm_segment_cells);

/*
 * The index of the cell with these scores, each counted from 1: the digits of
 * a number to the base nbins.
 */
static int
cell_of(const SegmentMap *map, const int *scores)
{
	int			cell = 0;
	int			i;

	for (i = 0; i < map->ndimensions; i++)
		cell = cell * map->nbins + scores[i] - 1;
	return cell;
}

/* The score a cell is the place of, such as 543. */
static int
score_of_cell(const SegmentMap *map, int cell)
{
	int			score = 0;
	int			place = 1;
	int			i;

	for (i = 0; i < map->ndimensions; i++)
	{
		score += place * (cell % map->nbins + 1);
		cell /= map->nbins;
		place *= 10;
	}
	return score;
}

/* Does a pattern take in this cell? */
static bool
pattern_matches(const SegmentMap *map, const Pattern *pattern, int cell)
{
	int			i;

	for (i = map->ndimensions - 1; i >= 0; i--)
	{
		uint16		scores = pattern->scores[i];

		if (scores != 0 && (scores & (1 << (cell % map->nbins + 1))) == 0)
			return false;
		cell /= map->nbins;
	}
	return true;
}

/* Read the scores in brackets, such as [45] or [1-3]; false if it is no such. */
static bool
scan_brackets(SchemeScanner *scanner, uint16 *scores)
{
	int			first = 0;		/* what a '-' may follow */
	bool		is_range = false;

	*scores = 0;
	for (;;)
	{
		int			width;
		int			c = scan_char(scanner, scanner->pos, &width);

		if (c >= '1' && c <= '9')
		{
			int			score = is_range ? first : c - '0';

			if (c - '0' < score)
				return false;
			for (; score <= c - '0'; score++)
				*scores |= 1 << score;
			first = is_range ? 0 : c - '0';
			is_range = false;
		}
		else if (c == '-' && first > 0 && !is_range)
			is_range = true;
		else if (c == ']' && *scores != 0 && !is_range)
		{
			scanner->pos += width;
			return true;
		}
		else
			return false;
		scanner->pos += width;
	}
}

/* Does a pattern end before this character? */
static bool
ends_pattern(int c)
{
	return c == SCAN_END || c == ';' || c == ',' ||
		(c < SCAN_LETTER && scanner_isspace((char) c));
}

/*
 * Read a pattern of two or three dimensions; the number of them, or 0 if the
 * text is no pattern.
 */
static int
scan_pattern(SchemeScanner *scanner, Pattern *pattern)
{
	int			n = 0;
	int			width;
	int			c;

	memset(pattern, 0, sizeof(*pattern));
	while (!ends_pattern(c = scan_char(scanner, scanner->pos, &width)))
	{
		if (n == MAX_DIMENSIONS)
			return 0;
		scanner->pos += width;
		if (c == '[')
		{
			if (!scan_brackets(scanner, &pattern->scores[n]))
				return 0;
		}
		else if (c >= '1' && c <= '9')
			pattern->scores[n] = 1 << (c - '0');
		else if (c != '*')
			return 0;
		n++;
	}
	return n >= MIN_DIMENSIONS ? n : 0;
}

/* Copy the text from start to where a pattern should have ended. */
static char *
pattern_text(SchemeScanner *scanner, int start)
{
	int			pos = start;
	int			width;

	while (!ends_pattern(scan_char(scanner, pos, &width)))
		pos += width;
	return scan_clip(scanner->str + start, pos - start);
}

/* Read a pattern into a segment; false after a soft error. */
static bool
add_pattern(SegmentMap *map, Segment *segment, SchemeScanner *scanner)
{
	int			start = scanner->pos;
	Pattern		pattern;
	int			ndimensions = scan_pattern(scanner, &pattern);

	if (ndimensions == 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid rfm_segments: \"%s\" in segment \"%s\" is not a pattern",
						   pattern_text(scanner, start), segment->name),
					errdetail("A pattern is two or three of: a score from 1 to 9, scores in brackets such as [45] or [1-3], or * for any score.")));
	if (map->ndimensions == 0)
		map->ndimensions = ndimensions;
	else if (map->ndimensions != ndimensions)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid rfm_segments: \"%s\" in segment \"%s\" has %d scores, those before it have %d",
						   pattern_text(scanner, start), segment->name,
						   ndimensions, map->ndimensions)));

	if (segment->npatterns == segment->max_patterns)
	{
		segment->max_patterns *= 2;
		segment->patterns = repalloc(segment->patterns,
									 segment->max_patterns * sizeof(Pattern));
	}
	segment->patterns[segment->npatterns++] = pattern;
	return true;
}

/*
 * Read the patterns of a segment, or that it takes the rest; false after a soft
 * error.
 */
static bool
add_patterns(SegmentMap *map, Segment *segment, SchemeScanner *scanner)
{
	segment->npatterns = 0;
	segment->is_rest = scan_keyword(scanner, "rest");
	if (segment->is_rest)
	{
		if (!scan_at_end(scanner))
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid rfm_segments: segment \"%s\" is the rest, and cannot have patterns too",
							   segment->name),
						scan_errdetail(scanner, scanner->pos)));
		return true;
	}

	segment->max_patterns = 8;
	segment->patterns = palloc(segment->max_patterns * sizeof(Pattern));
	for (;;)
	{
		while (scan_symbol(scanner, ','))
			;
		if (scan_at_end(scanner))
			break;
		if (!add_pattern(map, segment, scanner))
			return false;
	}
	if (segment->npatterns == 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid rfm_segments: segment \"%s\" has no patterns",
						   segment->name)));
	return true;
}

/* Hint at what a text that is no map may have been meant to be. */
static int
hint_at_map(const SchemeScanner *scanner)
{
	int			len = 0;

	while (len < scanner->len &&
		   (isalnum((unsigned char) scanner->str[len]) || scanner->str[len] == '_'))
		len++;
	if (len > 0 && len == scanner->len)
		return errhint("A map is found by its name with named_segments('%.*s').",
					   len, scanner->str);
	return errhint("Write segments as in Champions: 5[45]*; Other: ... with a name in double quotes unless it is made of words.");
}

/*
 * Read the name of a segment and the colon behind it: words, or any text in
 * quotes. NULL after a soft error.
 */
static char *
scan_name(SchemeScanner *scanner)
{
	StringInfoData name;
	int			c = scan_peek(scanner);
	int			start = scanner->pos;
	int			len;

	initStringInfo(&name);
	if (c == '"' || c == SCAN_QUOTE)
	{
		char	   *label;

		if (!scan_label(scanner, &label))
			return NULL;
		appendStringInfoString(&name, label);
	}
	else
	{
		while ((len = scan_peek_word(scanner)) > 0)
		{
			if (name.len > 0)
				appendStringInfoChar(&name, ' ');
			appendBinaryStringInfo(&name, scanner->str + scanner->pos, len);
			scanner->pos += len;
		}
	}

	if (!scan_symbol(scanner, ':'))
		ereturn(scanner->escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_segments: expected a name and a colon"),
				 scan_errdetail(scanner, start),
				 hint_at_map(scanner)));
	if (name.len < 1 || name.len > SCHEME_MAX_LABEL)
		ereturn(scanner->escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_segments: a name must have 1 to %d bytes, not %d",
						SCHEME_MAX_LABEL, name.len)));
	return name.data;
}

/* Read a segment; false after a soft error. */
static bool
add_segment(SegmentMap *map, SchemeScanner *scanner)
{
	Segment    *segment;
	char	   *name = scan_name(scanner);

	if (name == NULL)
		return false;
	for (int i = 0; i < map->nsegments; i++)
	{
		if (map->segments[i].is_rest)
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid rfm_segments: segment \"%s\" stands behind the rest",
							   name),
						errhint("Write the segment that takes the rest, \"%s\", last.",
								map->segments[i].name)));
		if (strcmp(map->segments[i].name, name) == 0)
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid rfm_segments: segment \"%s\" appears twice",
							   name),
						errhint("Write all its patterns behind one name.")));
	}
	if (map->nsegments == MAX_SEGMENTS)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("invalid rfm_segments: more than %d segments",
						   MAX_SEGMENTS)));

	segment = &map->segments[map->nsegments++];
	segment->name = name;
	segment->name_is_kept = kept_text(name, strlen(name), &segment->name_text);
	return add_patterns(map, segment, scanner);
}

/* The highest score that a map's patterns name: the grid's size. */
static int
highest_score(const SegmentMap *map)
{
	uint16		all = 0;
	int			highest = 0;
	int			i,
				j,
				k;

	for (i = 0; i < map->nsegments; i++)
		for (j = 0; j < map->segments[i].npatterns; j++)
			for (k = 0; k < map->ndimensions; k++)
				all |= map->segments[i].patterns[j].scores[k];
	while (all >> (highest + 1) != 0)
		highest++;
	return highest;
}

/* Cells to be listed in an error: all are counted, the first ones are shown. */
typedef struct CellList
{
	StringInfoData text;
	int			ncells;
} CellList;

/* Add a cell to the list, with the two segments that share it if it has some. */
static void
list_cell(CellList *list, const SegmentMap *map, int cell,
		  const char *first, const char *second)
{
	if (list->ncells++ >= MAX_LISTED)
		return;
	appendStringInfo(&list->text, "%s%d", list->ncells > 1 ? ", " : "",
					 score_of_cell(map, cell));
	if (first != NULL)
		appendStringInfo(&list->text, " (\"%s\" and \"%s\")", first, second);
}

/* Append the list as a sentence of an error's detail, if it has any cell. */
static void
append_cells(StringInfo detail, const char *title, const CellList *list)
{
	if (list->ncells == 0)
		return;
	appendStringInfo(detail, "%s%s: %s", detail->len > 0 ? " " : "",
					 title, list->text.data);
	if (list->ncells > MAX_LISTED)
		appendStringInfo(detail, " and %d more", list->ncells - MAX_LISTED);
	appendStringInfoChar(detail, '.');
}

/* The first segment from number i on that takes in a cell, or NO_SEGMENT. */
static int
find_segment(const SegmentMap *map, int i, int cell)
{
	for (; i < map->nsegments; i++)
	{
		const Segment *segment = &map->segments[i];
		int			j;

		for (j = 0; j < segment->npatterns; j++)
		{
			if (pattern_matches(map, &segment->patterns[j], cell))
				return i;
		}
	}
	return NO_SEGMENT;
}

/* The segment that takes the rest, or NO_SEGMENT: it is the last. */
static int
find_rest(const SegmentMap *map)
{
	int			last = map->nsegments - 1;

	return map->segments[last].is_rest ? last : NO_SEGMENT;
}

/*
 * Find the segment of each cell. A cell that has none, or two where the first
 * match does not decide, is an error that lists them all; false after a soft
 * one. Patterns of one segment may overlap.
 */
static bool
fill_cells(SegmentMap *map, struct Node *escontext)
{
	CellList	missing;
	CellList	doubled;
	StringInfoData detail;
	int			rest = find_rest(map);
	int			cell;

	memset(&missing, 0, sizeof(missing));
	memset(&doubled, 0, sizeof(doubled));
	initStringInfo(&missing.text);
	initStringInfo(&doubled.text);

	/* from the best cell down, as people write maps */
	for (cell = map->ncells - 1; cell >= 0; cell--)
	{
		int			first = find_segment(map, 0, cell);
		int			second = NO_SEGMENT;

		CHECK_FOR_INTERRUPTS();
		if (first == NO_SEGMENT)
			first = rest;
		else if (!map->is_first_match)
			second = find_segment(map, first + 1, cell);
		if (first == NO_SEGMENT)
			list_cell(&missing, map, cell, NULL, NULL);
		if (second != NO_SEGMENT)
			list_cell(&doubled, map, cell, map->segments[first].name,
					  map->segments[second].name);
		map->cells[cell] = first;
	}
	if (missing.ncells == 0 && doubled.ncells == 0)
		return true;

	initStringInfo(&detail);
	append_cells(&detail, "Not covered", &missing);
	append_cells(&detail, "Covered twice", &doubled);
	ereturn(escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 map->is_first_match ?
			 errmsg("invalid rfm_segments: each of the %d cells must be covered",
					map->ncells) :
			 errmsg("invalid rfm_segments: each of the %d cells must be covered exactly once",
					map->ncells),
			 errdetail_internal("%s", detail.data),
			 missing.ncells > 0 ?
			 errhint("The highest score in the map, %d, tells the number of scores in each dimension. A last segment such as \"Others: rest\" takes what is not covered.",
					 map->nbins) :
			 errhint("Begin the map with \"first match;\" to give a cell to the first segment that covers it.")));
}

/* Read "first match;", if the map begins with it. */
static bool
scan_first_match(SchemeScanner *scanner)
{
	int			start = scanner->pos;

	if (scan_keyword(scanner, "first") && scan_keyword(scanner, "match") &&
		scan_symbol(scanner, ';'))
		return true;
	scanner->pos = start;		/* a segment of such a name */
	return false;
}

/* Parse a map; NULL after a soft error. */
void *
rfm_segments_parse(const char *str, int len, struct Node *escontext)
{
	SegmentMap *map = palloc0(sizeof(SegmentMap));
	SchemeScanner scanner;

	map->segments = palloc(MAX_SEGMENTS * sizeof(Segment));
	scan_begin(&scanner, str, len, escontext);
	map->is_first_match = scan_first_match(&scanner);
	while (scan_peek(&scanner) != SCAN_END)
	{
		if (!add_segment(map, &scanner))
			return NULL;
		scan_symbol(&scanner, ';');
	}

	map->nbins = highest_score(map);
	if (map->nbins == 0)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_segments: no pattern names a score"),
				 errdetail("The highest score in the map tells the number of scores in each dimension."),
				 errhint("Write a map such as \"High: 2**; Low: 1**\".")));
	map->ncells = 1;
	for (int i = 0; i < map->ndimensions; i++)
		map->ncells *= map->nbins;

	return fill_cells(map, escontext) ? map : NULL;
}

/* Append a name as scan_name reads it, in quotes unless it is made of words. */
static void
append_name(StringInfo buf, const char *name)
{
	char	   *words = pstrdup(name);
	bool		is_bare = true;

	/* take the words apart at the blanks between them */
	for (char *word = words; word != NULL && is_bare;)
	{
		char	   *blank = strchr(word, ' ');

		if (blank != NULL)
			*blank++ = '\0';
		is_bare = *word != '\0' && scan_is_word(word);
		word = blank;
	}
	pfree(words);

	if (is_bare)
		appendStringInfoString(buf, name);
	else
		scheme_append_label(buf, name);
}

/*
 * Append the scores a pattern takes in one dimension. Scores that were named
 * stay so, also if they are all: one of them tells the size of the grid.
 */
static void
append_scores(StringInfo buf, uint16 scores)
{
	bool		is_single = (scores & (scores - 1)) == 0;
	int			score;

	if (scores == 0)
	{
		appendStringInfoChar(buf, '*');
		return;
	}
	if (!is_single)
		appendStringInfoChar(buf, '[');
	for (score = 1; score <= MAX_BINS; score++)
	{
		if (scores & (1 << score))
			appendStringInfoChar(buf, '0' + score);
	}
	if (!is_single)
		appendStringInfoChar(buf, ']');
}

/*
 * The canonical text: segments and patterns as they were written, in one
 * spelling.
 */
static text *
segments_print(const SegmentMap *map)
{
	StringInfoData buf;
	text	   *result;
	int			i,
				j,
				k;

	initStringInfo(&buf);
	if (map->is_first_match)
		appendStringInfoString(&buf, "first match; ");
	for (i = 0; i < map->nsegments; i++)
	{
		const Segment *segment = &map->segments[i];

		if (i > 0)
			appendStringInfoString(&buf, "; ");
		append_name(&buf, segment->name);
		appendStringInfoChar(&buf, ':');
		if (segment->is_rest)
			appendStringInfoString(&buf, " rest");
		for (j = 0; j < segment->npatterns; j++)
		{
			appendStringInfoChar(&buf, ' ');
			for (k = 0; k < map->ndimensions; k++)
				append_scores(&buf, segment->patterns[j].scores[k]);
		}
	}
	result = cstring_to_text_with_len(buf.data, buf.len);
	pfree(buf.data);
	return result;
}

/* Input and receive function. */
TEXT_TYPE_IO(rfm_segments, rfm_segments_parse, segments_print)

/* The segment that the map gives to a score. */
Datum
rfm_segment(PG_FUNCTION_ARGS)
{
	int64		score = PG_GETARG_INT64(0);
	const SegmentMap *map = text_type_arg(fcinfo, 1, rfm_segments_parse);
	int			scores[MAX_DIMENSIONS];
	int64		rest = score;
	const Segment *segment;
	int			cell;
	int			i;

	/* a map of recency by frequency takes those two of a full score */
	if (map->ndimensions == MIN_DIMENSIONS && rest > 99)
		rest /= 10;

	for (i = map->ndimensions - 1; i >= 0; i--)
	{
		scores[i] = rest % 10;
		rest /= 10;
		if (scores[i] < 1 || scores[i] > map->nbins)
			rest = -1;
	}
	if (rest != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score %lld is outside the segment map",
						(long long) score),
				 errdetail("The map has the scores from %d to %d.",
						   score_of_cell(map, 0),
						   score_of_cell(map, map->ncells - 1))));

	cell = cell_of(map, scores);
	Assert(map->cells[cell] >= 0 && map->cells[cell] < map->nsegments);
	segment = &map->segments[map->cells[cell]];
	PG_RETURN_DATUM(kept_text_datum(segment->name_text,
									segment->name_is_kept));
}

/* The scores in each dimension. */
int
rfm_segments_bins(const SegmentMap *map)
{
	return map->nbins;
}

/* The number of segments. */
int
rfm_segments_count(const SegmentMap *map)
{
	return map->nsegments;
}

/* The name of a segment. */
text *
rfm_segments_name(const SegmentMap *map, int segment)
{
	return map->segments[segment].name_text;
}

/* The segment of a cell. */
int
rfm_segments_find(const SegmentMap *map, int recency, int frequency,
				  int monetary)
{
	const int	scores[MAX_DIMENSIONS] = {recency, frequency, monetary};

	return map->cells[cell_of(map, scores)];
}

/* The map's cells, best first: recency, frequency, monetary, score, segment. */
Datum
rfm_segment_cells(PG_FUNCTION_ARGS)
{
	const SegmentMap *map = text_type_arg(fcinfo, 0, rfm_segments_parse);

	rows_begin(fcinfo);
	for (int cell = map->ncells - 1; cell >= 0; cell--)
	{
		int			score = score_of_cell(map, cell);
		Datum		values[MAX_DIMENSIONS + 2];
		bool		nulls[MAX_DIMENSIONS + 2] = {false};

		values[MAX_DIMENSIONS] = Int32GetDatum(score);
		values[MAX_DIMENSIONS + 1] =
			PointerGetDatum(map->segments[map->cells[cell]].name_text);
		for (int i = MAX_DIMENSIONS - 1; i >= 0; i--)
		{
			nulls[i] = (i >= map->ndimensions);
			values[i] = Int32GetDatum(score % 10);
			if (!nulls[i])
				score /= 10;
		}
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
