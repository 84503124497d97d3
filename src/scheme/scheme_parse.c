/*-------------------------------------------------------------------------
 *
 * scheme_parse.c
 *		Parse ladders of tiers.
 *
 *	ladder := tier { ',' tier }
 *	tier := label [ bound ]
 *	bound := operator edge
 *		  | 'within' duration
 *		  | 'top' number
 *		  | ( 'top' | 'up' 'to' | 'lowest' | 'next' ) share
 *		  | 'natural'
 *		  | 'by' 'rule'
 *	operator := '>=' | '>' | '<=' | '<'
 *	edge := number | duration | 'pNN' | 'median' | 'mean' [ +- k 'sd' ]
 *	duration := number unit
 *	share := number '%' [ 'of' 'value' ]
 *
 * Each function reads one of these, beginning at the scanner's position. What
 * a tier cannot be by itself is reported here, in the words of whoever typed
 * it: most mistakes are near misses of something that is right. What concerns
 * the ladder as a whole is left to scheme_check.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "lib/stringinfo.h"

#include "number/numeric_ops.h"
#include "scheme/scheme_parse.h"

/* Limits that keep counts in int64, and durations in an interval's fields. */
#define MAX_COUNT_DIGITS	18
#define MAX_DURATION_DIGITS	7

/* Room for tiers at first; doubled whenever it is full. */
#define TIERS_AT_FIRST		8

/* What people write where a bound begins, and the words for it. */
static const ScanSuggestion bound_words[] = {
	{"within", "within"},
	{"top", "top"},
	{"up", "up to"},
	{"upto", "up to"},
	{"lowest", "lowest"},
	{"bottom", "lowest"},
	{"next", "next"},
	{"natural", "natural"},
	{"by", "by rule"},
	{"rule", "by rule"},
	{"mean", ">= mean"},
	{"average", ">= mean"},
	{"median", ">= median"},
	{"above", ">"},
	{"over", ">"},
	{"below", "<"},
	{"under", "<"},
};

/* The same behind an operator. */
static const ScanSuggestion edge_words[] = {
	{"mean", "mean"},
	{"average", "mean"},
	{"avg", "mean"},
	{"median", "median"},
	{"infinity", "Infinity"},
};

/* Plurals first: they win where both are as near. */
static const ScanSuggestion unit_words[] = {
	{"days", "days"},
	{"weeks", "weeks"},
	{"months", "months"},
	{"quarters", "quarters"},
	{"years", "years"},
	{"day", "day"},
	{"week", "week"},
	{"month", "month"},
	{"quarter", "quarter"},
	{"year", "year"},
};

/* Report the word (or whatever it is) that stands where a bound should. */
static bool
unknown_bound(SchemeScanner *scanner, const SchemeTier *tier)
{
	int			c = scan_peek(scanner);
	int			len = scan_peek_word(scanner);
	const char *meant;

	/* what other languages write there */
	if (c == '=')
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("unknown operator after label \"%s\"", tier->label),
						  errhint("The operators are >=, >, <= and <."));
	if ((c >= '0' && c <= '9') || scan_at_percentile(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("number without an operator after label \"%s\"",
								 tier->label),
						  errhint("Write >=, >, <= or < before it; a percentage takes top, up to, lowest or next."));

	/* the next tier already, or a character that begins nothing */
	if (c == '"' || c == SCAN_QUOTE)
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("missing comma after label \"%s\"", tier->label),
						  errhint("A label is followed by its bound, or by a comma."));
	if (len == 0)
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("unexpected %s after label \"%s\"",
								 scan_token(scanner), tier->label),
						  errhint("Put a label in double quotes unless it is made of letters, digits and \"_\"; tiers are separated by commas."));

	/* a word: a slip, or the second one of a label */
	meant = scan_suggest(scanner->str + scanner->pos, len, bound_words,
						 lengthof(bound_words));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  errmsg("unknown word %s after label \"%s\"",
							 scan_token(scanner), tier->label),
					  meant ? errhint("Perhaps you meant \"%s\". A label of several words is put in double quotes.", meant) :
					  errhint("A bound begins with >=, >, <=, <, within, top, up to, lowest, next, natural or by rule. Tiers are separated by commas, and a label of several words is put in double quotes."));
}

/* Read the unit of a duration, where nothing else can stand. */
static bool
parse_unit(SchemeScanner *scanner, const char *keyword, int start,
		   DurationUnit *unit)
{
	const char *word;
	const char *meant;
	int			len;

	if (scan_unit(scanner, unit))
		return true;

	len = scan_peek_word(scanner);
	word = scanner->str + scanner->pos;
	meant = scan_suggest(word, len, unit_words, lengthof(unit_words));
	if (len > 0)
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("unknown unit of time %s", scan_token(scanner)),
						  meant ? errhint("Perhaps you meant \"%s\".", meant) :
						  errhint("The units are days, weeks, months, quarters and years."));
	SCAN_SYNTAX_ERROR(scanner, start,
					  errmsg("duration without a unit"),
					  strcmp(keyword, "within") == 0 ?
					  errhint("Write the unit, as in within 30 days; for a number that is no time write <= instead of within.") :
					  errhint("Write the unit, as in %s 30 days.", keyword));
}

/*
 * Make a duration of a number and a unit: the number must be whole, as half a
 * month is no time that a calendar knows. start is where the number stands.
 */
static bool
finish_duration(SchemeScanner *scanner, int start, SchemeTier *tier,
				Numeric number, DurationUnit unit)
{
	char	   *digits = numeric_normalize(number);

	if (numeric_is_inf(number) || strchr(digits, '.') != NULL)
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("duration is not a whole number of units"),
						  errhint("Use a smaller unit, such as days."));
	if (strspn(digits, "-") + MAX_DURATION_DIGITS < strlen(digits))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("duration is too long"),
					scan_errdetail(scanner, start),
					errhint("The number of units has at most %d digits.",
							MAX_DURATION_DIGITS)));
	bound_set_duration(tier, atoi(digits), unit);
	return true;
}

/* Read the duration that stands after a keyword. */
bool
scheme_parse_duration(SchemeScanner *scanner, const char *keyword,
					  SchemeTier *tier)
{
	Numeric		number;
	DurationUnit unit;
	int			start;

	if (!scan_at_number(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected a duration after \"%s\"", keyword),
						  errhint("Write a number and a unit, as in %s 30 days.",
								  keyword));
	start = scanner->pos;
	return scan_number(scanner, &number) &&
		parse_unit(scanner, keyword, start, &unit) &&
		finish_duration(scanner, start, tier, number, unit);
}

/* Read a number; what has a unit behind it is a duration. */
static bool
parse_amount(SchemeScanner *scanner, SchemeTier *tier)
{
	int			start = scanner->pos;
	Numeric		number;
	DurationUnit unit;

	if (!scan_check_plain(scanner) || !scan_number(scanner, &number))
		return false;
	if (scan_unit(scanner, &unit))
		return finish_duration(scanner, start, tier, number, unit);
	if (scan_peek(scanner) == '%')
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("percentage after an operator"),
						  errhint("Write top 20%% for a share of the customers, top 20%% of value for a share of the total, > p80 for a percentile."));
	tier->kind = BOUND_NUMBER;
	bound_set_number(tier, number);
	return true;
}

/* Read what follows "mean": nothing, or a number of standard deviations. */
static bool
parse_mean(SchemeScanner *scanner, SchemeTier *tier)
{
	Numeric		number = int64_to_numeric(0);
	bool		negative = false;

	tier->kind = BOUND_MEAN;
	if (scan_symbol(scanner, '+') || (negative = scan_symbol(scanner, '-')))
	{
		int			c = scan_peek(scanner);
		int			start = scanner->pos;

		if (!isdigit(c) && c != '.')
			SCAN_SYNTAX_ERROR(scanner, start,
							  errmsg("expected a number of standard deviations"),
							  errhint("Write a number and sd, as in mean + 1 sd."));
		if (!scan_number(scanner, &number))
			return false;
		if (!scan_keyword(scanner, "sd"))
			SCAN_SYNTAX_ERROR(scanner, scanner->pos,
							  errmsg("expected \"sd\" after the number added to the mean"),
							  errhint("A number of standard deviations is added to the mean, as in mean + 1 sd."));
		if (negative)
			number = num_negate(number);
	}
	bound_set_number(tier, number);
	return true;
}

/* Read a percentile, pNN. */
static bool
parse_percentile(SchemeScanner *scanner, SchemeTier *tier)
{
	int			start = scanner->pos;
	Numeric		number;

	scanner->pos++;				/* the p, which is known to be there */
	if (!scan_number(scanner, &number))
		return false;
	if (num_compare(number, int64_to_numeric(100)) > 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("percentile over 100"),
					scan_errdetail(scanner, start),
					errhint("Percentiles go from p0 to p100.")));
	tier->kind = BOUND_PERCENTILE;
	bound_set_number(tier, number);
	return true;
}

/* Read what an operator compares with. */
bool
scheme_parse_edge(SchemeScanner *scanner, SchemeTier *tier)
{
	const char *meant;
	int			len;

	if (scan_keyword(scanner, "mean"))
		return parse_mean(scanner, tier);
	if (scan_keyword(scanner, "median"))
	{
		tier->kind = BOUND_PERCENTILE;
		bound_set_number(tier, int64_to_numeric(50));
		return true;
	}
	if (scan_at_percentile(scanner))
		return parse_percentile(scanner, tier);
	if (scan_at_number(scanner))
		return parse_amount(scanner, tier);

	len = scan_peek_word(scanner);
	meant = scan_suggest(scanner->str + scanner->pos, len, edge_words,
						 lengthof(edge_words));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  len > 0 ?
					  errmsg("unknown word %s after the operator of tier \"%s\"",
							 scan_token(scanner), tier->label) :
					  errmsg("expected a number after the operator of tier \"%s\"",
							 tier->label),
					  meant ? errhint("Perhaps you meant \"%s\".", meant) :
					  errhint("An operator is followed by a number, a duration such as 3 months, a percentile such as p80, mean or median."));
}

/* Make a number of customers of the number at start: top 10. */
static bool
finish_count(SchemeScanner *scanner, int start, SchemeTier *tier,
			 Numeric number)
{
	char	   *digits = numeric_normalize(number);

	/* of -2.5 the sign is told, not the decimals */
	if (*digits == '-')
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("negative number of customers"),
					scan_errdetail(scanner, start),
					errhint("Write top and a whole number, or a percentage: top 10, top 10%%.")));
	if (numeric_is_inf(number) || strchr(digits, '.') != NULL)
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("number of customers is not whole"),
						  errhint("Write top and a whole number, or a percentage: top 10, top 2.5%%."));
	if (strlen(digits) > MAX_COUNT_DIGITS)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("number of customers is too large"),
					scan_errdetail(scanner, start),
					errhint("It has at most %d digits.", MAX_COUNT_DIGITS)));
	tier->kind = BOUND_TOP_COUNT;
	bound_set_number(tier, number);
	return true;
}

/* Read "of value" after a percentage, if it is there. */
static bool
parse_of_value(SchemeScanner *scanner, bool *of_value)
{
	*of_value = scan_keyword(scanner, "of");
	if (*of_value && !scan_keyword(scanner, "value"))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected \"value\" after \"of\""),
						  errhint("top 20%% is a share of the customers, top 20%% of value a share of the total."));
	return true;
}

/*
 * Read a number, and tell whether it is a percentage, and if so whether it is
 * one of value. keyword is what stands before it, for messages.
 */
static bool
parse_percentage(SchemeScanner *scanner, const char *keyword,
				 Numeric *number, bool *is_percentage, bool *of_value)
{
	int			start;

	*of_value = false;
	if (!scan_at_number(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected a percentage after \"%s\"", keyword),
						  errhint("Write a number and %%, as in %s 20%%.", keyword));
	start = scanner->pos;
	if (!scan_check_plain(scanner) || !scan_number(scanner, number))
		return false;
	*is_percentage = scan_symbol(scanner, '%');
	if (!*is_percentage)
		return true;

	if (num_sign(*number) < 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("negative percentage"),
					scan_errdetail(scanner, start),
					errhint("Percentages go from 0%% to 100%%.")));
	if (num_compare(*number, int64_to_numeric(100)) > 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("percentage over 100"),
					scan_errdetail(scanner, start),
					errhint("Percentages go from 0%% to 100%%.")));
	return parse_of_value(scanner, of_value);
}

/*
 * Read the share behind "top", "up to" or "lowest", whose kind is kind unless
 * it is one of value.
 */
static bool
parse_share(SchemeScanner *scanner, SchemeTier *tier, BoundKind kind,
			const char *keyword)
{
	Numeric		number;
	bool		is_percentage;
	bool		of_value;
	int			start;

	(void) scan_peek(scanner);
	start = scanner->pos;
	if (!parse_percentage(scanner, keyword, &number, &is_percentage,
						  &of_value))
		return false;
	if (!is_percentage)
	{
		if (kind == BOUND_TOP)
			return finish_count(scanner, start, tier, number);
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("expected a percentage after \"%s\"", keyword),
						  errhint("Only top takes a number of customers. Write a number and %%, as in %s 20%%.",
								  keyword));
	}

	if (of_value)
	{
		if (kind == BOUND_LOWEST)
			SCAN_SYNTAX_ERROR(scanner, start,
							  errmsg("\"lowest\" cannot be a share of value"),
							  errhint("Write lowest 20%% for a share of the customers."));
		kind = (kind == BOUND_TOP) ? BOUND_TOP_VALUE : BOUND_UP_TO_VALUE;
	}
	tier->kind = kind;
	bound_set_number(tier, number);
	return true;
}

/*
 * Read the share behind "next": a slice below the tier before. It is kept, and
 * printed, as the sum of both, so that each tier's bound stands by itself.
 */
static bool
parse_next(SchemeScanner *scanner, SchemeTier *tier, const SchemeTier *before)
{
	Numeric		number;
	bool		is_percentage;
	bool		of_value;
	int			start;

	(void) scan_peek(scanner);
	start = scanner->pos;
	if (!parse_percentage(scanner, "next", &number, &is_percentage, &of_value))
		return false;
	if (!is_percentage)
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("expected a percentage after \"next\""),
						  errhint("Only top takes a number of customers. Write a number and %%, as in next 20%%."));
	if (before == NULL || !bound_is_share(before->kind))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("tier \"%s\" has \"next\", but no share stands before it",
						   tier->label),
					scan_errdetail(scanner, start),
					errhint("next continues a tier with top, up to or lowest and a percentage, as in A top 20%%, B next 30%%.")));
	if (of_value != bound_is_share_of_value(before->kind))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("tier \"%s\" continues a share of something else",
						   tier->label),
					scan_errdetail(scanner, start),
					bound_is_share_of_value(before->kind) ?
					errhint("The tier before it is a share of value: write \"of value\" here too.") :
					errhint("The tier before it is a share of the customers: leave \"of value\" out here too.")));

	number = num_add(before->number, number);
	if (num_compare(number, int64_to_numeric(100)) > 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("slices add up to %s%% at tier \"%s\"",
						   numeric_normalize(number), tier->label),
					scan_errdetail(scanner, start),
					errhint("Slices add up to 100%% at most; the last tier takes all the rest without a bound.")));
	tier->kind = before->kind;
	bound_set_number(tier, number);
	return true;
}

/* Read what a tier requires; nothing, when it takes all the rest. */
static bool
parse_bound(SchemeScanner *scanner, SchemeTier *tier, const SchemeTier *before)
{
	if (scan_at_end(scanner) || scan_peek(scanner) == ',')
	{
		tier->kind = BOUND_REST;
		return true;
	}
	if (scan_operator(scanner, &tier->op))
		return scheme_parse_edge(scanner, tier);
	if (scan_keyword(scanner, "within"))
	{
		tier->op = OP_LE;
		return scheme_parse_duration(scanner, "within", tier);
	}
	if (scan_keyword(scanner, "top"))
		return parse_share(scanner, tier, BOUND_TOP, "top");
	if (scan_keyword(scanner, "lowest"))
	{
		tier->op = OP_LE;		/* the only share for which lower is better */
		return parse_share(scanner, tier, BOUND_LOWEST, "lowest");
	}
	if (scan_keyword(scanner, "next"))
		return parse_next(scanner, tier, before);
	if (scan_keyword(scanner, "natural"))
	{
		tier->kind = BOUND_NATURAL;
		return true;
	}
	if (scan_keyword(scanner, "up"))
	{
		if (!scan_keyword(scanner, "to"))
			SCAN_SYNTAX_ERROR(scanner, scanner->pos,
							  errmsg("expected \"to\" after \"up\""),
							  errhint("Write up to and a percentage, as in up to 70%% of value."));
		return parse_share(scanner, tier, BOUND_UP_TO, "up to");
	}
	if (scan_keyword(scanner, "by"))
	{
		if (!scan_keyword(scanner, "rule"))
			SCAN_SYNTAX_ERROR(scanner, scanner->pos,
							  errmsg("expected \"rule\" after \"by\""),
							  errhint("A tier that no measure gives is written with by rule."));
		tier->kind = BOUND_RULE;
		return true;
	}
	return unknown_bound(scanner, tier);
}

/* Make room for one more tier. */
static SchemeTier *
new_tier(Scheme **scheme)
{
	int			ntiers = (*scheme)->ntiers;

	/* full whenever the number of tiers is a power of two, from the first */
	if (ntiers >= TIERS_AT_FIRST && (ntiers & (ntiers - 1)) == 0)
		*scheme = repalloc(*scheme, offsetof(Scheme, tiers) +
						   2 * ntiers * sizeof(SchemeTier));
	memset(&(*scheme)->tiers[ntiers], 0, sizeof(SchemeTier));
	(*scheme)->ntiers++;
	return &(*scheme)->tiers[ntiers];
}

/* A scheme without tiers yet. */
Scheme *
scheme_begin(void)
{
	return palloc0(offsetof(Scheme, tiers) +
				   TIERS_AT_FIRST * sizeof(SchemeTier));
}

/*
 * Add a tier with this label, and read its bound: the scanner stands behind the
 * label, or reads another text. The scheme may move. False after a soft error.
 */
bool
scheme_add_tier(Scheme **scheme, const char *label, SchemeScanner *scanner)
{
	int			number = (*scheme)->ntiers + 1;
	int			len = strlen(label);
	SchemeTier *tier;

	if (number > SCHEME_MAX_TIERS)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("too many tiers"),
					errdetail("Tier \"%s\" is one more than the limit of %d.",
							  scan_clip(label, len), SCHEME_MAX_TIERS),
					errhint("Make a scheme of fewer tiers.")));
	if (len == 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("empty label"),
					errdetail("Tier %d has it.", number),
					errhint("A label has 1 to %d bytes.", SCHEME_MAX_LABEL)));
	if (len > SCHEME_MAX_LABEL)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("label \"%s\" is too long", scan_clip(label, len)),
					errdetail("It has %d bytes.", len),
					errhint("A label has 1 to %d bytes.", SCHEME_MAX_LABEL)));
	for (int i = 0; i < (*scheme)->ntiers; i++)
	{
		if (strcmp((*scheme)->tiers[i].label, label) == 0)
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("duplicate label \"%s\"", label),
						errdetail("Tiers %d and %d have it.", i + 1, number),
						errhint("Give each tier a label of its own.")));
	}

	tier = new_tier(scheme);
	tier->label = pstrdup(label);
	tier->label_is_kept = kept_text(label, len, &tier->label_text);
	return parse_bound(scanner, tier, number > 1 ? tier - 1 : NULL);
}

/*
 * Report what stands where a bound should have ended, and how what came before
 * was read: often that tells where the mistake is.
 */
bool
scheme_bound_unfinished(SchemeScanner *scanner, const Scheme *scheme)
{
	const SchemeTier *tier = &scheme->tiers[scheme->ntiers - 1];
	int			c = scan_peek(scanner);

	if (c == '"' || c == SCAN_QUOTE || scan_peek_word(scanner) > 0)
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("missing comma after tier \"%s\"", tier->label),
						  errhint("The bound of this tier was read as \"%s\"; the next tier begins after a comma.",
								  scheme_print_bound(tier)));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  errmsg("unexpected %s after tier \"%s\"",
							 scan_token(scanner), tier->label),
					  tier->kind == BOUND_REST ?
					  errhint("A bound, a comma or the end should follow.") :
					  errhint("The bound of this tier was read as \"%s\"; a comma or the end should follow.",
							  scheme_print_bound(tier)));
}

/*
 * Add a tier whose label and bound come separately. The bound is nothing but
 * one: no comma smuggles in another tier.
 */
void
scheme_add_written_tier(Scheme **scheme, const char *label, const char *bound)
{
	SchemeScanner scanner;

	scan_begin(&scanner, bound, strlen(bound), NULL);
	scheme_add_tier(scheme, label, &scanner);
	if (scan_peek(&scanner) != SCAN_END)
		scheme_bound_unfinished(&scanner, *scheme);
}

/*
 * Parse a ladder up to the end or a semicolon, behind which the text of another
 * type goes on. NULL after a soft error.
 */
Scheme *
scheme_parse_ladder(SchemeScanner *scanner)
{
	Scheme	   *scheme = scheme_begin();

	if (scan_at_end(scanner))
		ereturn(scanner->escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("empty tier scheme"),
				 scan_errdetail(scanner, scanner->pos),
				 errhint("Write at least one tier, as in A >= 5000, B.")));
	do
	{
		char	   *label;

		if (!scan_label(scanner, &label) ||
			!scheme_add_tier(&scheme, label, scanner))
			return NULL;
	} while (scan_symbol(scanner, ','));

	if (!scan_at_end(scanner))
	{
		scheme_bound_unfinished(scanner, scheme);
		return NULL;
	}
	return scheme_check(scheme, scanner->escontext) ? scheme : NULL;
}

/* Parse a scheme by itself: behind a semicolon there is nothing. */
void *
scheme_parse(const char *str, int len, struct Node *escontext)
{
	SchemeScanner scanner;
	Scheme	   *scheme;

	scan_begin(&scanner, str, len, escontext);
	scheme = scheme_parse_ladder(&scanner);
	if (scheme != NULL && scanner.pos < len)
	{
		scheme_bound_unfinished(&scanner, scheme);
		return NULL;
	}
	return scheme;
}
