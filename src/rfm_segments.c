/*-------------------------------------------------------------------------
 *
 * rfm_segments.c
 *		Segment maps: which segment each cell of the grid of scores is.
 *
 * A map is written as segments with patterns of cells,
 * 'Champions: 555 5[45]4; Lost: [12]**'. The type is its canonical text. For
 * look-ups the text is parsed into an array with an entry for each cell.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/builtins.h"

#include "compat.h"
#include "parse_cache.h"
#include "parts.h"

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
	int			npatterns;
	Pattern    *patterns;
} Segment;

typedef struct SegmentMap
{
	int			ndimensions;
	int			nbins;			/* scores in each dimension */
	int			ncells;
	int			nsegments;
	Segment    *segments;
	int16		cells[MAX_CELLS];	/* the segment of each; see cell_of */
} SegmentMap;

/* One of the maps that come with the extension. */
typedef struct ShippedMap
{
	const char *name;
	const char *map;
} ShippedMap;

/* In UTF-8, whatever the encoding of the database. */
static const ShippedMap shipped_maps[] = {
	{"eleven",
		"Champions: 55[45] 54[45] 45[45] 445; "
		"Loyal: 543 444 435 355 354 345 344 335; "
		"Potential Loyalist: 55[123] 54[12] 53[123] 45[123] 44[12] 43[123] "
		"423 35[123] 34[12] 333 323; "
		"New: 51[12] 42[12] 41[12] 311; "
		"Promising: 52* 51[345] 42[45] 41[345] 31[345]; "
		"Need Attention: 53[45] 443 434 343 334 32[45]; "
		"About To Sleep: 331 321 312 221 213 231 241 251; "
		"At Risk: 25[2345] 24[2345] 23[45] 22[45] 15[23] 14[235] 13[345] 12[45]; "
		"Cannot Lose Them: 15[45] 144 21[45] 11[345]; "
		"Hibernating: 332 322 23[23] 22[23] 132 12[23] 21[12]; "
		"Lost: 11[12] 121 131 141 151"},
	{"recency_frequency",
		"Champions: 5[45]; "
		"Loyal: [34][45]; "
		"Potential Loyalist: [45][23]; "
		"New: 51; "
		"Promising: 41; "
		"Need Attention: 33; "
		"About To Sleep: 3[12]; "
		"Can't Lose: [12]5; "
		"At Risk: [12][34]; "
		"Hibernating: [12][12]"},
	{"eight",
		"重要价值客户: 222; 重要保持客户: 122; "
		"重要发展客户: 212; 重要挽留客户: 112; "
		"一般价值客户: 221; 一般保持客户: 121; "
		"一般发展客户: 211; 一般挽留客户: 111"},
	{"eight_english",
		"Key Value: 222; Key Keep: 122; Key Develop: 212; Key Win Back: 112; "
		"General Value: 221; General Keep: 121; General Develop: 211; "
		"General Win Back: 111"}
};

PG_FUNCTION_INFO_V1(rfm_segments_in);
PG_FUNCTION_INFO_V1(rfm_segments_out);
PG_FUNCTION_INFO_V1(rfm_segments_recv);
PG_FUNCTION_INFO_V1(rfm_segments_send);
PG_FUNCTION_INFO_V1(rfm_segment);
PG_FUNCTION_INFO_V1(rfm_segment_cells);
PG_FUNCTION_INFO_V1(named_segments);

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

/* Read the inside of brackets, such as 45 or 1-3; NULL if it is none. */
static const char *
parse_brackets(const char *p, const char *end, uint16 *scores)
{
	*scores = 0;
	while (p < end && *p >= '1' && *p <= '9')
	{
		int			first = *p++ - '0';
		int			last = first;

		if (end - p >= 2 && p[0] == '-' && p[1] >= '1' && p[1] <= '9')
		{
			last = p[1] - '0';
			p += 2;
		}
		for (; first <= last; first++)
			*scores |= 1 << first;
	}
	return (p < end && *p == ']' && *scores != 0) ? p + 1 : NULL;
}

/*
 * Read a pattern of two or three dimensions; the number of them, or 0 if the
 * text is no pattern.
 */
static int
parse_pattern(const char *p, const char *end, Pattern *pattern)
{
	int			n = 0;

	memset(pattern, 0, sizeof(*pattern));
	while (p != NULL && p < end && n < MAX_DIMENSIONS)
	{
		uint16	   *scores = &pattern->scores[n++];

		if (*p == '[')
			p = parse_brackets(p + 1, end, scores);
		else if (*p == '*')
			p++;
		else if (*p >= '1' && *p <= '9')
			*scores = 1 << (*p++ - '0');
		else
			p = NULL;
	}
	return (p == end && n >= MIN_DIMENSIONS) ? n : 0;
}

/* Between patterns: blanks and commas. */
static bool
is_separator(char c)
{
	return scanner_isspace(c) || c == ',';
}

/* Read the patterns of a segment; false after a soft error. */
static bool
parse_patterns(SegmentMap *map, Segment *segment, const Part *part,
			   struct Node *escontext)
{
	const char *p = part->body;
	const char *end = part->body + part->body_len;

	/* a pattern has at least two bytes, and a separator */
	segment->patterns = palloc((part->body_len / MIN_DIMENSIONS + 1) * sizeof(Pattern));
	for (;;)
	{
		const char *start;
		int			ndimensions;

		while (p < end && is_separator(*p))
			p++;
		if (p == end)
			break;
		start = p;
		while (p < end && !is_separator(*p))
			p++;

		ndimensions = parse_pattern(start, p,
									&segment->patterns[segment->npatterns]);
		if (ndimensions == 0)
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_segments: \"%.*s\" in segment \"%s\" is not a pattern",
							(int) (p - start), start, segment->name),
					 errdetail("A pattern is two or three of: a score from 1 to 9, scores in brackets such as [45] or [1-3], or * for any score.")));
		if (map->ndimensions == 0)
			map->ndimensions = ndimensions;
		else if (map->ndimensions != ndimensions)
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_segments: \"%.*s\" in segment \"%s\" has %d scores, those before it have %d",
							(int) (p - start), start, segment->name,
							ndimensions, map->ndimensions)));
		segment->npatterns++;
	}

	if (segment->npatterns == 0)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_segments: segment \"%s\" has no patterns",
						segment->name)));
	return true;
}

/* Add a segment to the map; false after a soft error. */
static bool
add_segment(SegmentMap *map, PartScanner *scanner, const Part *part)
{
	Segment    *segment;
	char	   *name = part_name(scanner, part->head, part->head_len);
	int			i;

	if (name == NULL)
		return false;
	for (i = 0; i < map->nsegments; i++)
	{
		if (strcmp(map->segments[i].name, name) == 0)
			ereturn(scanner->escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_segments: segment \"%s\" appears twice",
							name),
					 errhint("Write all its patterns behind one name.")));
	}
	if (map->nsegments == MAX_SEGMENTS)
		ereturn(scanner->escontext, false,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("invalid rfm_segments: more than %d segments",
						MAX_SEGMENTS)));

	segment = &map->segments[map->nsegments++];
	segment->name = name;
	segment->name_text = cstring_to_text(name);
	segment->npatterns = 0;
	return parse_patterns(map, segment, part, scanner->escontext);
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

/*
 * Find the segment of each cell. A cell that has none or two is an error that
 * lists them all; false after a soft one. Patterns of one segment may overlap.
 */
static bool
fill_cells(SegmentMap *map, struct Node *escontext)
{
	CellList	missing;
	CellList	doubled;
	StringInfoData detail;
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
			list_cell(&missing, map, cell, NULL, NULL);
		else
			second = find_segment(map, first + 1, cell);
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
			 errmsg("invalid rfm_segments: each of the %d cells must be covered exactly once",
					map->ncells),
			 errdetail_internal("%s", detail.data),
			 errhint("The highest score in the map, %d, tells the number of scores in each dimension.",
					 map->nbins)));
}

/* Parse a map; NULL after a soft error. */
static void *
segments_parse(const char *str, int len, struct Node *escontext)
{
	SegmentMap *map = palloc0(sizeof(SegmentMap));
	PartScanner scanner;
	Part		part;
	int			i;

	map->segments = palloc(MAX_SEGMENTS * sizeof(Segment));
	part_scan(&scanner, str, len, "rfm_segments", escontext);
	while (part_next(&scanner, &part))
	{
		if (!add_segment(map, &scanner, &part))
			return NULL;
	}
	if (SOFT_ERROR_OCCURRED(escontext))
		return NULL;

	map->nbins = highest_score(map);
	if (map->nbins == 0)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_segments: no pattern names a score"),
				 errdetail("The highest score in the map tells the number of scores in each dimension."),
				 errhint("Write a map such as \"High: 2**; Low: 1**\".")));
	map->ncells = 1;
	for (i = 0; i < map->ndimensions; i++)
		map->ncells *= map->nbins;

	return fill_cells(map, escontext) ? map : NULL;
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
	for (i = 0; i < map->nsegments; i++)
	{
		const Segment *segment = &map->segments[i];

		if (i > 0)
			appendStringInfoString(&buf, "; ");
		part_append_name(&buf, segment->name);
		appendStringInfoChar(&buf, ':');
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

/* Parse a map and print it again: what every entrance of the type does. */
static text *
segments_canonical(const char *str, int len, struct Node *escontext)
{
	SegmentMap *map = segments_parse(str, len, escontext);

	return map == NULL ? NULL : segments_print(map);
}

/* Input function. */
Datum
rfm_segments_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	text	   *canonical = segments_canonical(str, strlen(str),
											   INPUT_ESCONTEXT(fcinfo));

	if (canonical == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(canonical);
}

/* Output function. */
Datum
rfm_segments_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

/* Binary input: the text, validated as text input is. */
Datum
rfm_segments_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	PG_RETURN_TEXT_P(segments_canonical(str, len, NULL));
}

/* Binary output: the text. */
Datum
rfm_segments_send(PG_FUNCTION_ARGS)
{
	text	   *map = PG_GETARG_TEXT_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendtext(&buf, VARDATA_ANY(map), VARSIZE_ANY_EXHDR(map));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* The segment that the map gives to a score. */
Datum
rfm_segment(PG_FUNCTION_ARGS)
{
	int32		score = PG_GETARG_INT32(0);
	const SegmentMap *map = parse_cached(fcinfo, 1, segments_parse);
	int			scores[MAX_DIMENSIONS];
	int32		rest = score;
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
				 errmsg("score %d is outside the segment map", score),
				 errdetail("The map has the scores from %d to %d.",
						   score_of_cell(map, 0),
						   score_of_cell(map, map->ncells - 1))));

	cell = cell_of(map, scores);
	PG_RETURN_TEXT_P(map->segments[map->cells[cell]].name_text);
}

/* The map's cells, best first: recency, frequency, monetary, score, segment. */
Datum
rfm_segment_cells(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	const SegmentMap *map;
	Datum		values[MAX_DIMENSIONS + 2];
	bool		nulls[MAX_DIMENSIONS + 2] = {false};
	int			cell;
	int			score;
	int			i;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext caller;
		TupleDesc	desc;
		text	   *arg;

		call = SRF_FIRSTCALL_INIT();
		caller = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		arg = PG_GETARG_TEXT_P_COPY(0);
		map = segments_parse(VARDATA_ANY(arg), VARSIZE_ANY_EXHDR(arg), NULL);
		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		call->tuple_desc = BlessTupleDesc(desc);
		call->user_fctx = (void *) map;
		call->max_calls = map->ncells;
		MemoryContextSwitchTo(caller);
	}

	call = SRF_PERCALL_SETUP();
	if (call->call_cntr >= call->max_calls)
		SRF_RETURN_DONE(call);

	map = call->user_fctx;
	cell = map->ncells - 1 - (int) call->call_cntr;
	score = score_of_cell(map, cell);
	values[MAX_DIMENSIONS] = Int32GetDatum(score);
	values[MAX_DIMENSIONS + 1] =
		PointerGetDatum(map->segments[map->cells[cell]].name_text);

	for (i = MAX_DIMENSIONS - 1; i >= 0; i--)
	{
		nulls[i] = (i >= map->ndimensions);
		values[i] = Int32GetDatum(score % 10);
		if (!nulls[i])
			score /= 10;
	}
	SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(call->tuple_desc,
															 values, nulls)));
}

/* One of the maps that come with the extension, by name. */
Datum
named_segments(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StringInfoData names;
	int			i;

	for (i = 0; i < (int) lengthof(shipped_maps); i++)
	{
		if (strcmp(shipped_maps[i].name, name) == 0)
		{
			const char *map = shipped_maps[i].map;

			map = pg_any_to_server(map, strlen(map), PG_UTF8);
			PG_RETURN_TEXT_P(segments_canonical(map, strlen(map), NULL));
		}
	}

	initStringInfo(&names);
	for (i = 0; i < (int) lengthof(shipped_maps); i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", shipped_maps[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no segment map named \"%s\"", name),
			 errhint("The maps are: %s.", names.data)));
	return (Datum) 0;			/* keep compiler quiet */
}
