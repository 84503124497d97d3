/*-------------------------------------------------------------------------
 *
 * scheme_print.c
 *		The canonical text of a scheme.
 *
 * Two schemes that mean the same bounds by the same words print the same, and
 * what is printed is read back as it was.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "scheme/scheme.h"
#include "scheme/scheme_scan.h"

/* Longest number that is printed plainly; longer ones have an exponent. */
#define MAX_PLAIN_NUMBER	40

static const char *const operator_names[] = {
	[OP_GE] = ">=",
	[OP_GT] = ">",
	[OP_LE] = "<=",
	[OP_LT] = "<",
};

static const char *const unit_names[] = {
	[UNIT_DAY] = "day",
	[UNIT_WEEK] = "week",
	[UNIT_MONTH] = "month",
	[UNIT_QUARTER] = "quarter",
	[UNIT_YEAR] = "year",
};

/* Print a plain decimal with an exponent: 1.25e+50. */
static char *
print_scientific(const char *plain)
{
	StringInfoData buf;
	int			npoint;			/* digits before the point */
	int			first;			/* index of the first significant digit */

	initStringInfo(&buf);
	if (*plain == '-')
		appendStringInfoChar(&buf, *plain++);
	npoint = strcspn(plain, ".");
	first = strcspn(plain, "123456789");

	appendStringInfoChar(&buf, plain[first]);
	appendStringInfoChar(&buf, '.');
	for (const char *digit = plain + first + 1; *digit != '\0'; digit++)
	{
		if (*digit != '.')
			appendStringInfoChar(&buf, *digit);
	}
	while (buf.data[buf.len - 1] == '0')
		buf.len--;
	if (buf.data[buf.len - 1] == '.')
		buf.len--;

	appendStringInfo(&buf, "e%+d",
					 first < npoint ? npoint - first - 1 : npoint - first);
	return buf.data;
}

/* A number without needless zeros; with an exponent when it is very long. */
char *
scheme_print_number(Numeric number)
{
	char	   *plain = numeric_normalize(number);

	if (strlen(plain) <= MAX_PLAIN_NUMBER)
		return plain;
	return print_scientific(plain);
}

/* The operator as it is written. */
const char *
scheme_operator_name(BoundOp op)
{
	return operator_names[op];
}

/* Append a label in quotes. */
void
scheme_append_quoted(StringInfo buf, const char *label)
{
	appendStringInfoChar(buf, '"');
	for (const char *c = label; *c != '\0'; c++)
	{
		if (*c == '"')
			appendStringInfoChar(buf, '"');
		appendStringInfoChar(buf, *c);
	}
	appendStringInfoChar(buf, '"');
}

/* Append a label: bare if it is a word, else in quotes. */
void
scheme_append_label(StringInfo buf, const char *label)
{
	if (scan_is_word(label))
		appendStringInfoString(buf, label);
	else
		scheme_append_quoted(buf, label);
}

/* A duration as it is printed. */
char *
scheme_print_duration(int32 duration, DurationUnit unit)
{
	return psprintf("%d %s%s", duration, unit_names[unit],
					duration == 1 || duration == -1 ? "" : "s");
}

/* The median has a name of its own. */
static char *
print_percentile(const SchemeTier *tier)
{
	char	   *number = scheme_print_number(tier->number);

	if (strcmp(number, "50") == 0)
		return psprintf("%s median", operator_names[tier->op]);
	return psprintf("%s p%s", operator_names[tier->op], number);
}

static char *
print_mean(const SchemeTier *tier)
{
	char	   *number = scheme_print_number(tier->number);
	bool		negative = (*number == '-');

	if (strcmp(number, "0") == 0)
		return psprintf("%s mean", operator_names[tier->op]);
	return psprintf("%s mean %c %s sd", operator_names[tier->op],
					negative ? '-' : '+', number + negative);
}

/* The bound of a tier as it is printed; empty for the rest. */
char *
scheme_print_bound(const SchemeTier *tier)
{
	switch (tier->kind)
	{
		case BOUND_REST:
			return pstrdup("");
		case BOUND_RULE:
			return pstrdup("by rule");
		case BOUND_NUMBER:
			return psprintf("%s %s", operator_names[tier->op],
							scheme_print_number(tier->number));
		case BOUND_DURATION:
			return psprintf("%s %s",
							tier->op == OP_LE ? "within" : operator_names[tier->op],
							scheme_print_duration(tier->duration, tier->unit));
		case BOUND_TOP:
			return psprintf("top %s%%", scheme_print_number(tier->number));
		case BOUND_TOP_VALUE:
			return psprintf("top %s%% of value",
							scheme_print_number(tier->number));
		case BOUND_UP_TO:
			return psprintf("up to %s%%", scheme_print_number(tier->number));
		case BOUND_UP_TO_VALUE:
			return psprintf("up to %s%% of value",
							scheme_print_number(tier->number));
		case BOUND_LOWEST:
			return psprintf("lowest %s%%", scheme_print_number(tier->number));
		case BOUND_TOP_COUNT:
			return psprintf("top %s", scheme_print_number(tier->number));
		case BOUND_PERCENTILE:
			return print_percentile(tier);
		case BOUND_MEAN:
			return print_mean(tier);
		case BOUND_NATURAL:
			return pstrdup("natural");
	}
	elog(ERROR, "unknown kind of bound: %d", (int) tier->kind);
	return NULL;				/* keep compiler quiet */
}

/* The canonical text. */
text *
scheme_print(const Scheme *scheme)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < scheme->ntiers; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];

		if (i > 0)
			appendStringInfoString(&buf, ", ");
		scheme_append_label(&buf, tier->label);
		if (tier->kind != BOUND_REST)
			appendStringInfo(&buf, " %s", scheme_print_bound(tier));
	}
	return cstring_to_text_with_len(buf.data, buf.len);
}

/* Do two bounds print the same? */
bool
scheme_same_bound(const SchemeTier *a, const SchemeTier *b)
{
	return strcmp(scheme_print_bound(a), scheme_print_bound(b)) == 0;
}
