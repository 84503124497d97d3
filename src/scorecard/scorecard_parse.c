/*-------------------------------------------------------------------------
 *
 * scorecard_parse.c
 *		Parse and print scorecards.
 *
 *	card := part { ';' part } [ ';' ]
 *	part := name percent [ 'missing' points ] ':' scale
 *		  | 'require' percent
 *	scale := ladder of points: points [ 'if' ] bound { ',' ... }
 *		  | 'linear' edge 'to' edge
 *		  | 'linear' points 'at' edge { ',' points 'at' edge }
 *	edge := number | 'pNN' | 'median' | 'min' | 'max' | 'mean' [ +- k 'sd' ]
 *
 * Bounds, names and numbers are those of the scheme language, read by its
 * scanner: a scale of points is a ladder whose labels are numbers, and an edge
 * is what stands behind an operator there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "number/numeric_ops.h"
#include "scheme/scheme_parse.h"
#include "scorecard/scorecard.h"

#define KEYWORD_REQUIRE	"require"
#define KEYWORD_MISSING	"missing"
#define KEYWORD_LINEAR	"linear"

/* Is a number from 0 to 100? */
static bool
is_percentage(Numeric number)
{
	return num_sign(number) >= 0 &&
		num_compare(number, int64_to_numeric(100)) <= 0;
}

/* Read points of the indicator with this name. */
static bool
parse_points(SchemeScanner *scanner, const char *name, Numeric *points)
{
	int			start;

	if (!scan_at_number(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected points for indicator \"%s\"", name),
						  errhint("A scale is a scheme of points, as in 100 >= 5000, 60 >= 1000, 20, or linear, as in linear 0 to 5000; indicators are separated by semicolons."));
	start = scanner->pos;
	if (!scan_number(scanner, points))
		return false;
	if (!is_percentage(*points))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("points of indicator \"%s\" are not from 0 to 100", name),
					scan_errdetail(scanner, start)));
	return true;
}

/* Read a percentage from 0 to 100: the weight of an indicator, for instance. */
static bool
parse_percentage(SchemeScanner *scanner, const char *what, const char *name,
				 Numeric *percent)
{
	int			start;

	if (!scan_at_number(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("%s \"%s\" has no percentage", what, name),
						  errhint("Write one after it, as in sales 50%%; a name of several words is put in double quotes."));
	start = scanner->pos;
	if (!scan_number(scanner, percent))
		return false;
	if (!scan_symbol(scanner, '%'))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("expected \"%%\" after the number of %s \"%s\"", what, name),
					scan_errdetail(scanner, scanner->pos)));
	if (!is_percentage(*percent))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("percentage of %s \"%s\" is not from 0 to 100", what, name),
					scan_errdetail(scanner, start),
					errhint("Weights need not sum to 100: they are taken in proportion.")));
	return true;
}

/* Finish a ladder of points: the rules of schemes, and two of its own. */
static bool
check_ladder(const Indicator *indicator, Scheme *ladder,
			 struct Node *escontext)
{
	if (!scheme_check(ladder, escontext))
		return false;
	if (ladder->is_duration)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" has a scheme of durations", indicator->name),
				 errhint("Scorecards measure numbers; write days as a number, as in <= 30.")));
	if (ladder->nmeasured < ladder->ntiers)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" has points by rule", indicator->name),
				 errhint("Points are given by a measure.")));
	return true;
}

/* Add a tier of points, whose label they are, its bound read from the scanner. */
static bool
add_ladder_tier(Indicator *indicator, Numeric points, SchemeScanner *bound)
{
	if (!scheme_add_tier(&indicator->ladder, scheme_print_number(points),
						 bound))
		return false;
	if (indicator->ladder_points == NULL)
		indicator->ladder_points = palloc(sizeof(Numeric) * SCHEME_MAX_TIERS);
	indicator->ladder_points[indicator->ladder->ntiers - 1] = points;
	return true;
}

/* Read a ladder of points, up to the end of the part. */
static bool
parse_ladder(SchemeScanner *scanner, Indicator *indicator)
{
	indicator->ladder = scheme_begin();
	do
	{
		Numeric		points;

		if (!parse_points(scanner, indicator->name, &points))
			return false;
		(void) scan_keyword(scanner, "if");
		if (!add_ladder_tier(indicator, points, scanner))
			return false;
	} while (scan_symbol(scanner, ','));

	if (!scan_at_end(scanner))
		return scheme_bound_unfinished(scanner, indicator->ladder);
	return check_ladder(indicator, indicator->ladder, scanner->escontext);
}

/* Make an edge of a percentile: p0 is the minimum, p100 the maximum. */
static void
set_percentile(SchemeTier *edge, int percent)
{
	edge->kind = BOUND_PERCENTILE;
	bound_set_number(edge, int64_to_numeric(percent));
}

/* Is an edge next, as far as one can tell from its beginning? */
static bool
at_edge(SchemeScanner *scanner)
{
	SchemeScanner ahead = *scanner;

	return scan_at_number(scanner) || scan_at_percentile(scanner) ||
		scan_keyword(&ahead, "mean") || scan_keyword(&ahead, "median");
}

/* Read an edge of a linear scale. */
static bool
parse_edge(SchemeScanner *scanner, const char *name, SchemeTier *edge)
{
	int			start;

	memset(edge, 0, sizeof(SchemeTier));
	if (scan_keyword(scanner, "min"))
		set_percentile(edge, 0);
	else if (scan_keyword(scanner, "max"))
		set_percentile(edge, 100);
	else if (!at_edge(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected an edge of the linear scale of indicator \"%s\"", name),
						  errhint("An edge is a number, min, max, median, mean (+ or - k sd), or a percentile such as p5."));
	else
	{
		start = scanner->pos;
		if (!scheme_parse_edge(scanner, edge))
			return false;
		if (edge->kind == BOUND_DURATION || numeric_is_inf(edge->number))
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("an edge of the linear scale of indicator \"%s\" is not a finite number", name),
						scan_errdetail(scanner, start),
						errhint("Scorecards measure numbers; write days as a number, as in linear 30 to 0.")));
	}
	return true;
}

/* Add points at an edge. */
static bool
add_linear_point(Indicator *indicator, Numeric points, const SchemeTier *edge,
				 struct Node *escontext)
{
	LinearPoint *point;

	if (indicator->nlinear == SCORECARD_MAX_LINEAR_POINTS)
		ereturn(escontext, false,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("linear scale of indicator \"%s\" has more than %d edges",
						indicator->name, SCORECARD_MAX_LINEAR_POINTS)));
	if (indicator->linear == NULL)
		indicator->linear = palloc(sizeof(LinearPoint) *
								   SCORECARD_MAX_LINEAR_POINTS);
	point = &indicator->linear[indicator->nlinear++];
	point->points = points;
	point->edge = *edge;
	return true;
}

/*
 * Check that edges that can be compared before a fit, those of one kind, all
 * go one way, and are not all the same. Equal neighbours are a jump; a single
 * edge gives everybody its points. Fitting tied data makes such scales.
 */
static bool
check_linear(const Indicator *indicator, struct Node *escontext)
{
	const SchemeTier *last[BOUND_NATURAL + 1] = {NULL};
	int			direction = 0;
	bool		comparable = true;
	int			i;

	for (i = 0; i < indicator->nlinear; i++)
	{
		const SchemeTier *edge = &indicator->linear[i].edge;
		const SchemeTier *before = last[edge->kind];

		last[edge->kind] = edge;
		if (edge->kind != indicator->linear[0].edge.kind)
			comparable = false;
		if (before != NULL)
		{
			int			cmp = num_compare(edge->number, before->number);

			if (cmp * direction < 0)
				ereturn(escontext, false,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("edges of the linear scale of indicator \"%s\" go in different directions",
								indicator->name),
						 errdetail("\"%s\" stands before \"%s\".",
								   scorecard_print_edge(before),
								   scorecard_print_edge(edge)),
						 errhint("Write the edges from the lowest to the highest, or from the highest to the lowest.")));
			if (cmp != 0)
				direction = cmp;
		}
	}
	if (indicator->nlinear > 1 && comparable && direction == 0)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("edges of the linear scale of indicator \"%s\" are the same",
						indicator->name),
				 errhint("The first edge gives 0 points and the second 100; where lower is better the higher number stands first, as in linear 30 to 0.")));
	return true;
}

/*
 * Read what follows "linear", up to the end of the part. Whether a number that
 * comes first is an edge or points tells the word behind it: then the points
 * are read again from the start.
 */
static bool
parse_linear(SchemeScanner *scanner, Indicator *indicator)
{
	SchemeScanner start = *scanner;
	SchemeTier	edge;
	SchemeTier	other;

	if (!parse_edge(scanner, indicator->name, &edge))
		return false;
	if (scan_keyword(scanner, "to"))
	{
		if (!parse_edge(scanner, indicator->name, &other) ||
			!add_linear_point(indicator, int64_to_numeric(0), &edge,
							  scanner->escontext) ||
			!add_linear_point(indicator, int64_to_numeric(100), &other,
							  scanner->escontext))
			return false;
	}
	else if (scan_keyword(scanner, "at"))
	{
		Numeric		points;

		*scanner = start;
		do
		{
			if (!parse_points(scanner, indicator->name, &points))
				return false;
			if (!scan_keyword(scanner, "at"))
				SCAN_SYNTAX_ERROR(scanner, scanner->pos,
								  errmsg("expected \"at\" after points of the linear scale of indicator \"%s\"",
										 indicator->name),
								  errhint("Write points at an edge, as in linear 0 at 90, 50 at 30, 100 at 0."));
			if (!parse_edge(scanner, indicator->name, &edge) ||
				!add_linear_point(indicator, points, &edge,
								  scanner->escontext))
				return false;
		} while (scan_symbol(scanner, ','));
	}
	else
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected \"to\" in the linear scale of indicator \"%s\"",
								 indicator->name),
						  errhint("Write the edges of 0 and of 100 points, as in linear -10 to 30, or points at edges, as in linear 0 at 90, 50 at 30, 100 at 0."));

	if (!scan_at_end(scanner))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("unexpected %s after the linear scale of indicator \"%s\"",
						   scan_token(scanner), indicator->name),
					scan_errdetail(scanner, scanner->pos)));
	return check_linear(indicator, scanner->escontext);
}

/* Check that a name is new and of a good length, and there is room for it. */
static bool
check_name(const Scorecard *card, const char *name, struct Node *escontext)
{
	int			len = strlen(name);
	int			i;

	if (len < 1 || len > SCHEME_MAX_LABEL)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("name of an indicator must have 1 to %d bytes", SCHEME_MAX_LABEL),
				 errdetail("\"%s\" has %d.", scan_clip(name, len), len)));
	for (i = 0; i < card->nindicators; i++)
		if (strcmp(card->indicators[i].name, name) == 0)
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("duplicate indicator \"%s\"", name)));
	if (card->nindicators == SCORECARD_MAX_INDICATORS)
		ereturn(escontext, false,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a scorecard has at most %d indicators", SCORECARD_MAX_INDICATORS)));
	return true;
}

/* Add an indicator with this name to a card; NULL after a soft error. */
static Indicator *
add_indicator(Scorecard *card, char *name, struct Node *escontext)
{
	Indicator  *indicator;

	if (!check_name(card, name, escontext))
		return NULL;
	indicator = &card->indicators[card->nindicators++];
	memset(indicator, 0, sizeof(Indicator));
	indicator->name = name;
	return indicator;
}

/* Read an indicator. */
static bool
parse_indicator(SchemeScanner *scanner, Scorecard *card)
{
	Indicator  *indicator;
	char	   *name;
	int			c = scan_peek(scanner);

	if (scan_peek_word(scanner) == 0 && c != '"' && c != SCAN_QUOTE)
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected the name of an indicator"),
						  errhint("Write a card as in sales 50%%: 100 >= 5000, 60 >= 1000, 20; growth 50%%: linear -10 to 30."));
	if (!scan_label(scanner, &name) ||
		!(indicator = add_indicator(card, name, scanner->escontext)) ||
		!parse_percentage(scanner, "indicator", name, &indicator->weight))
		return false;
	if (scan_keyword(scanner, KEYWORD_MISSING) &&
		!parse_points(scanner, name, &indicator->missing))
		return false;
	if (!scan_symbol(scanner, ':'))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected \":\" after the weight of indicator \"%s\"", name),
						  errhint("The scale follows it, as in sales 50%%: 100 >= 5000, 60 >= 1000, 20. What a missing value gets is written before it, as in sales 50%% missing 0: ..."));
	if (scan_keyword(scanner, KEYWORD_LINEAR))
		return parse_linear(scanner, indicator);
	return parse_ladder(scanner, indicator);
}

/* Read the requirement: the word is read already. */
static bool
parse_require(SchemeScanner *scanner, Scorecard *card)
{
	if (card->require != NULL)
	{
		(void) scan_peek(scanner);
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("\"require\" is written twice"),
					scan_errdetail(scanner, scanner->pos)));
	}
	if (!parse_percentage(scanner, "requirement", KEYWORD_REQUIRE,
						  &card->require))
		return false;
	if (!scan_at_end(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("unexpected %s after \"require\"", scan_token(scanner)),
						  errhint("It says how much of the weight must be known, as in require 60%%. An indicator of that name is put in double quotes."));
	return true;
}

/* Check what concerns the card as a whole. */
static bool
check_card(const Scorecard *card, struct Node *escontext)
{
	int			i;

	if (card->nindicators == 0)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("a scorecard without indicators"),
				 errhint("Write a card as in sales 50%%: 100 >= 5000, 60 >= 1000, 20; growth 50%%: linear -10 to 30.")));
	for (i = 0; i < card->nindicators; i++)
		if (num_sign(card->indicators[i].weight) > 0)
			return true;
	ereturn(escontext, false,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("all weights of the scorecard are 0")));
}

/* A card without indicators yet. */
static Scorecard *
make_card(void)
{
	Scorecard  *card = palloc0(sizeof(Scorecard));

	card->indicators = palloc(sizeof(Indicator) * SCORECARD_MAX_INDICATORS);
	return card;
}

/* Parse len bytes at str; NULL after a soft error. */
Scorecard *
scorecard_parse(const char *str, int len, struct Node *escontext)
{
	SchemeScanner scanner;
	Scorecard  *card = make_card();

	scan_begin(&scanner, str, len, escontext);
	while (scan_peek(&scanner) != SCAN_END)
	{
		bool		ok;

		if (scan_keyword(&scanner, KEYWORD_REQUIRE))
			ok = parse_require(&scanner, card);
		else
			ok = parse_indicator(&scanner, card);
		if (!ok)
			return NULL;
		(void) scan_symbol(&scanner, ';');
	}
	return check_card(card, escontext) ? card : NULL;
}

/* The first bound or edge that is relative to data; NULL in a fitted scale. */
const SchemeTier *
indicator_relative_bound(const Indicator *indicator)
{
	if (indicator->ladder != NULL)
		return scheme_relative_tier(indicator->ladder);
	for (int i = 0; i < indicator->nlinear; i++)
	{
		if (!bound_is_absolute(indicator->linear[i].edge.kind))
			return &indicator->linear[i].edge;
	}
	return NULL;
}

/* The names of the indicators, for messages. */
char *
scorecard_names(const Scorecard *card)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (i = 0; i < card->nindicators; i++)
		appendStringInfo(&buf, "%s\"%s\"", i > 0 ? ", " : "",
						 card->indicators[i].name);
	return buf.data;
}

/* Append a name, so that it does not read back as a keyword. */
static void
append_name(StringInfo buf, const char *name)
{
	if (pg_strcasecmp(name, KEYWORD_REQUIRE) == 0)
		scheme_append_quoted(buf, name);
	else
		scheme_append_label(buf, name);
}

/* What a linear scale's edge says, as it is printed. */
char *
scorecard_print_edge(const SchemeTier *edge)
{
	if (edge->kind == BOUND_PERCENTILE)
	{
		if (num_sign(edge->number) == 0)
			return pstrdup("min");
		if (num_compare(edge->number, int64_to_numeric(100)) == 0)
			return pstrdup("max");
	}
	/* a bound is an operator, a blank and the edge */
	return pstrdup(strchr(scheme_print_bound(edge), ' ') + 1);
}

/* Append a ladder of points. */
static void
append_ladder(StringInfo buf, const Scheme *ladder)
{
	int			i;

	for (i = 0; i < ladder->ntiers; i++)
	{
		const SchemeTier *tier = &ladder->tiers[i];

		appendStringInfo(buf, "%s%s", i > 0 ? ", " : "", tier->label);
		if (tier->kind != BOUND_REST)
			appendStringInfo(buf, " %s", scheme_print_bound(tier));
	}
}

/* Is this the plain form, from 0 points to 100? Tells which edge is which. */
static bool
is_plain_linear(const Indicator *indicator, int *zero)
{
	Numeric		hundred = int64_to_numeric(100);

	if (indicator->nlinear != 2)
		return false;
	for (*zero = 0; *zero < 2; (*zero)++)
		if (num_sign(indicator->linear[*zero].points) == 0 &&
			num_compare(indicator->linear[1 - *zero].points, hundred) == 0)
			return true;
	return false;
}

/* Append a linear scale. */
static void
append_linear(StringInfo buf, const Indicator *indicator)
{
	int			zero;
	int			i;

	appendStringInfoString(buf, KEYWORD_LINEAR);
	if (is_plain_linear(indicator, &zero))
	{
		appendStringInfo(buf, " %s to %s",
						 scorecard_print_edge(&indicator->linear[zero].edge),
						 scorecard_print_edge(&indicator->linear[1 - zero].edge));
		return;
	}
	for (i = 0; i < indicator->nlinear; i++)
		appendStringInfo(buf, "%s %s at %s", i > 0 ? "," : "",
						 scheme_print_number(indicator->linear[i].points),
						 scorecard_print_edge(&indicator->linear[i].edge));
}

/* The canonical text. */
text *
scorecard_print(const Scorecard *card)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	for (i = 0; i < card->nindicators; i++)
	{
		const Indicator *indicator = &card->indicators[i];

		if (i > 0)
			appendStringInfoString(&buf, "; ");
		append_name(&buf, indicator->name);
		appendStringInfo(&buf, " %s%%",
						 scheme_print_number(indicator->weight));
		if (indicator->missing != NULL)
			appendStringInfo(&buf, " %s %s", KEYWORD_MISSING,
							 scheme_print_number(indicator->missing));
		appendStringInfoString(&buf, ": ");
		if (indicator->ladder != NULL)
			append_ladder(&buf, indicator->ladder);
		else
			append_linear(&buf, indicator);
	}
	if (card->require != NULL)
		appendStringInfo(&buf, "; %s %s%%", KEYWORD_REQUIRE,
						 scheme_print_number(card->require));
	return cstring_to_text_with_len(buf.data, buf.len);
}
