/*-------------------------------------------------------------------------
 *
 * rules_parse.c
 *		Read and print the language of tier_rules.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "number/numeric_ops.h"
#include "program/rules.h"
#include "scheme/scheme_parse.h"

const char *const rule_names[NUM_RULES] = {
	[RULE_KEEP] = "keep",
	[RULE_HOLD] = "hold",
	[RULE_GRACE] = "grace",
	[RULE_LAND] = "land",
	[RULE_NEW] = "new",
};

/*
 * No rule lasts longer. So no clock of this age, with grace and all landings
 * added, is beyond what the server's dates can tell.
 */
#define MAX_YEARS	1000

/* What a rule looks like, for hints. */
static const char *const rule_examples[NUM_RULES] = {
	[RULE_KEEP] = "keep 80%",
	[RULE_HOLD] = "hold 1 year to end of year",
	[RULE_GRACE] = "grace 3 months",
	[RULE_LAND] = "land 1 year",
	[RULE_NEW] = "new 6 months",
};

static const ScanSuggestion rule_words[] = {
	{"keep", "keep"},
	{"retain", "keep"},
	{"requalify", "keep"},
	{"hold", "hold"},
	{"valid", "hold"},
	{"lasts", "hold"},
	{"expires", "hold"},
	{"grace", "grace"},
	{"notice", "grace"},
	{"land", "land"},
	{"landing", "land"},
	{"soft", "land"},
	{"new", "new"},
	{"newcomer", "new"},
	{"provisional", "new"},
};

/* A month's name: its end is the start of the month after it. */
static const Period periods[] = {
	{"month", 1, 1},
	{"quarter", 3, 1},
	{"year", 12, 1},
	{"January", 12, 2},
	{"February", 12, 3},
	{"March", 12, 4},
	{"April", 12, 5},
	{"May", 12, 6},
	{"June", 12, 7},
	{"July", 12, 8},
	{"August", 12, 9},
	{"September", 12, 10},
	{"October", 12, 11},
	{"November", 12, 12},
	{"December", 12, 1},
};

static const ScanSuggestion period_words[] = {
	{"month", "month"},
	{"quarter", "quarter"},
	{"year", "year"},
	{"january", "January"}, {"jan", "January"},
	{"february", "February"}, {"feb", "February"},
	{"march", "March"}, {"mar", "March"},
	{"april", "April"}, {"apr", "April"},
	{"may", "May"},
	{"june", "June"}, {"jun", "June"},
	{"july", "July"}, {"jul", "July"},
	{"august", "August"}, {"aug", "August"},
	{"september", "September"}, {"sep", "September"},
	{"october", "October"}, {"oct", "October"},
	{"november", "November"}, {"nov", "November"},
	{"december", "December"}, {"dec", "December"},
};

/* Is a percentage next, or a number that was meant as one? Not a label. */
static bool
at_percentage(const SchemeScanner *scanner)
{
	SchemeScanner ahead = *scanner;
	int			c = scan_peek(&ahead);

	if (!isdigit(c) && c != '.' && c != '+' && c != '-')
		return false;
	while (ahead.pos < ahead.len &&
		   strchr("0123456789.+-", ahead.str[ahead.pos]) != NULL)
		ahead.pos++;
	return scan_peek(&ahead) == '%' || scan_at_end(&ahead);
}

/* keep 80% */
static bool
parse_keep_percent(SchemeScanner *scanner, Rules *rules)
{
	int			start;

	(void) scan_peek(scanner);
	start = scanner->pos;
	if (!scan_number(scanner, &rules->keep_percent))
		return false;
	if (!scan_symbol(scanner, '%'))
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("\"keep\" has a number without a percent sign"),
						  errhint("Write a share of each bound, as in keep 80%%, or a scheme, as in keep A >= 4000, B >= 800."));
	if (num_sign(rules->keep_percent) < 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"keep\" has a negative percentage"),
					scan_errdetail(scanner, start),
					errhint("It is a share of each bound: keep 80%% keeps a tier of 5000 down to 4000.")));
	return true;
}

/* keep A >= 4000, B >= 800 */
static bool
parse_keep_scheme(SchemeScanner *scanner, Rules *rules)
{
	Scheme	   *keep = scheme_parse_ladder(scanner);

	if (keep == NULL)
		return false;
	if (keep->nmeasured < keep->ntiers)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"keep\" has tier \"%s\" by rule",
						   keep->tiers[keep->nmeasured].label),
					errdetail("A tier by rule is never kept by a measure."),
					errhint("Leave it out: tiers that \"keep\" does not name are kept by their own bound.")));
	rules->keep_scheme = keep;
	return true;
}

static bool
parse_keep(SchemeScanner *scanner, Rules *rules)
{
	if (at_percentage(scanner))
		return parse_keep_percent(scanner, rules);
	if (scan_at_end(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected a percentage or a scheme after \"keep\""),
						  errhint("Write a share of each bound, as in keep 80%%, or a scheme, as in keep A >= 4000, B >= 800."));
	return parse_keep_scheme(scanner, rules);
}

/* The duration of a rule, which is longer than nothing. */
static bool
parse_duration(SchemeScanner *scanner, RuleKind kind, Duration *duration)
{
	const char *name = rule_names[kind];
	SchemeTier	read = {0};
	int			start;

	(void) scan_peek(scanner);
	start = scanner->pos;
	if (!scheme_parse_duration(scanner, name, &read))
		return false;
	if (read.duration < 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					kind == RULE_HOLD ?
					errmsg("\"hold\" ends before it begins") :
					errmsg("negative duration after \"%s\"", name),
					scan_errdetail(scanner, start),
					errhint("Write how long from then on, as in %s.",
							rule_examples[kind])));
	if (read.duration == 0)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("duration of zero after \"%s\"", name),
					scan_errdetail(scanner, start),
					kind == RULE_HOLD ?
					errhint("Leave the rule out; to the end of the same year is hold 1 day to end of year.") :
					errhint("Leave the rule out.")));
	if (read.interval.month > MAX_YEARS * MONTHS_PER_YEAR ||
		read.interval.day > MAX_YEARS * DAYS_PER_YEAR)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("duration after \"%s\" is too long", name),
					scan_errdetail(scanner, start),
					errhint("It is at most %d years.", MAX_YEARS)));
	duration->count = read.duration;
	duration->unit = read.unit;
	duration->interval = read.interval;
	return true;
}

/* What stands after "to end of". */
static bool
parse_period(SchemeScanner *scanner, const Period **period)
{
	const char *meant;

	for (size_t i = 0; i < lengthof(periods); i++)
	{
		char	   *keyword = pstrdup(periods[i].name);

		keyword[0] = pg_ascii_tolower((unsigned char) keyword[0]);
		if (scan_keyword(scanner, keyword))
		{
			*period = &periods[i];
			return true;
		}
	}

	meant = scan_suggest(scanner->str + scanner->pos, scan_peek_word(scanner),
						 period_words, lengthof(period_words));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  scan_at_end(scanner) ?
					  errmsg("expected a period after \"to end of\"") :
					  errmsg("unknown period %s after \"to end of\"",
							 scan_token(scanner)),
					  meant ? errhint("Perhaps you meant \"%s\".", meant) :
					  errhint("The periods are month, quarter, year, and the months by name, as in to end of March."));
}

/* hold 1 year to end of year */
static bool
parse_hold(SchemeScanner *scanner, Rules *rules)
{
	if (!parse_duration(scanner, RULE_HOLD, &rules->durations[RULE_HOLD]))
		return false;
	if (!scan_keyword(scanner, "to"))
		return true;
	if (!scan_keyword(scanner, "end") || !scan_keyword(scanner, "of"))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected \"to end of\" after the duration of \"hold\""),
						  errhint("Write the period to whose end it goes on, as in %s.",
								 rule_examples[RULE_HOLD]));
	return parse_period(scanner, &rules->hold_to);
}

/* new 6 months as Bronze */
static bool
parse_new(SchemeScanner *scanner, Rules *rules)
{
	if (!parse_duration(scanner, RULE_NEW, &rules->durations[RULE_NEW]))
		return false;
	if (!scan_keyword(scanner, "as"))
		return true;
	if (scan_at_end(scanner))
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("expected a label after \"as\""),
						  errhint("Name the tier of newcomers, or leave \"as\" out: then it is the one that is measured."));
	return scan_label(scanner, &rules->new_label);
}

/* Read what stands after the keyword of a rule. */
static bool
parse_body(SchemeScanner *scanner, RuleKind kind, Rules *rules)
{
	rules->has[kind] = true;
	switch (kind)
	{
		case RULE_KEEP:
			return parse_keep(scanner, rules);
		case RULE_HOLD:
			return parse_hold(scanner, rules);
		case RULE_GRACE:
		case RULE_LAND:
			return parse_duration(scanner, kind, &rules->durations[kind]);
		case RULE_NEW:
			return parse_new(scanner, rules);
		case NUM_RULES:
			break;
	}
	elog(ERROR, "unknown rule: %d", (int) kind);
	return false;				/* keep compiler quiet */
}

/* The rule whose keyword is next, which is read; NUM_RULES if none is. */
static RuleKind
scan_rule(SchemeScanner *scanner)
{
	for (int kind = 0; kind < NUM_RULES; kind++)
	{
		if (scan_keyword(scanner, rule_names[kind]))
			return (RuleKind) kind;
	}
	return NUM_RULES;
}

/* Report what stands where a rule should begin. */
static bool
unknown_rule(SchemeScanner *scanner)
{
	int			len = scan_peek_word(scanner);
	const char *meant = NULL;

	if (scan_peek(scanner) == ';')
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("missing rule before a semicolon"),
						  errhint("Write one semicolon between two rules."));
	if (len > 0)
		meant = scan_suggest(scanner->str + scanner->pos, len, rule_words,
							 lengthof(rule_words));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  errmsg("unknown rule %s", scan_token(scanner)),
					  meant ? errhint("Perhaps you meant \"%s\".", meant) :
					  errhint("The rules are keep, hold, grace, land and new, as in hold 1 year to end of year; grace 3 months."));
}

/* Report what stands where a rule should have ended. */
static bool
rule_unfinished(SchemeScanner *scanner, RuleKind kind)
{
	SchemeScanner ahead = *scanner;

	if (scan_rule(&ahead) != NUM_RULES || scan_peek(scanner) == ',')
		SCAN_SYNTAX_ERROR(scanner, scanner->pos,
						  errmsg("missing semicolon after \"%s\"", rule_names[kind]),
						  errhint("Rules are separated by semicolons, as in hold 6 months; grace 3 months."));
	SCAN_SYNTAX_ERROR(scanner, scanner->pos,
					  errmsg("unexpected %s after \"%s\"", scan_token(scanner),
							 rule_names[kind]),
					  kind == RULE_HOLD ?
					  errhint("After its duration \"hold\" takes to end of and a period, as in %s.",
							 rule_examples[kind]) :
					  kind == RULE_NEW ?
					  errhint("After its duration \"new\" takes as and a label, as in new 6 months as Bronze; a label of several words is put in double quotes.") :
					  errhint("Write the rule as in %s.", rule_examples[kind]));
}

/* Read one rule, with its keyword. */
static bool
parse_rule(SchemeScanner *scanner, Rules *rules)
{
	RuleKind	kind;
	int			start;

	(void) scan_peek(scanner);
	start = scanner->pos;
	kind = scan_rule(scanner);
	if (kind == NUM_RULES)
		return unknown_rule(scanner);
	if (rules->has[kind])
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("rule \"%s\" stands twice", rule_names[kind]),
						  errhint("Write each rule once."));
	return parse_body(scanner, kind, rules) &&
		(scan_at_end(scanner) || rule_unfinished(scanner, kind));
}

/* Parse rules; NULL after a soft error. */
void *
rules_parse(const char *str, int len, struct Node *escontext)
{
	Rules	   *rules = palloc0(sizeof(Rules));
	SchemeScanner scanner;

	scan_begin(&scanner, str, len, escontext);
	while (scan_peek(&scanner) != SCAN_END)
	{
		if (!parse_rule(&scanner, rules))
			return NULL;
		(void) scan_symbol(&scanner, ';');
	}
	return rules;
}

/*
 * Parse what stands after the keyword of one rule. It is nothing but that: no
 * semicolon smuggles in another rule.
 */
void
rules_parse_one(Rules *rules, RuleKind kind, const char *str)
{
	SchemeScanner scanner;

	scan_begin(&scanner, str, strlen(str), NULL);
	parse_body(&scanner, kind, rules);
	if (scan_peek(&scanner) != SCAN_END)
		rule_unfinished(&scanner, kind);
}

/*
 * The share or scheme of "keep". A scheme that is nothing but the label 80 is
 * put in quotes: bare it would be read as a share.
 */
static char *
print_keep(const Rules *rules)
{
	SchemeScanner scanner;
	char	   *keep;

	if (rules->keep_scheme == NULL)
		return psprintf("%s%%", scheme_print_number(rules->keep_percent));
	keep = text_to_cstring(scheme_print(rules->keep_scheme));
	scan_begin(&scanner, keep, strlen(keep), NULL);
	return at_percentage(&scanner) ? psprintf("\"%s\"", keep) : keep;
}

/* What stands after the keyword of a rule. */
char *
rules_print_one(const Rules *rules, RuleKind kind)
{
	const Duration *duration = &rules->durations[kind];
	StringInfoData buf;

	if (kind == RULE_KEEP)
		return print_keep(rules);

	initStringInfo(&buf);
	appendStringInfoString(&buf, scheme_print_duration(duration->count,
													   duration->unit));
	if (kind == RULE_HOLD && rules->hold_to != NULL)
		appendStringInfo(&buf, " to end of %s", rules->hold_to->name);
	if (kind == RULE_NEW && rules->new_label != NULL)
	{
		appendStringInfoString(&buf, " as ");
		scheme_append_label(&buf, rules->new_label);
	}
	return buf.data;
}

/* The canonical text. */
text *
rules_print(const Rules *rules)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int kind = 0; kind < NUM_RULES; kind++)
	{
		if (rules->has[kind])
			appendStringInfo(&buf, "%s%s %s", buf.len > 0 ? "; " : "",
							 rule_names[kind],
							 rules_print_one(rules, (RuleKind) kind));
	}
	return cstring_to_text_with_len(buf.data, buf.len);
}
