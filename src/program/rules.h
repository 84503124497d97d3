/*-------------------------------------------------------------------------
 *
 * rules.h
 *		tier_rules, parsed: how a customer keeps a tier, and loses it.
 *
 * The SQL type is its canonical text, as that of tier_scheme is. Rules are
 * written for no scheme in particular; where the two meet, standing_plan
 * checks that they go together.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RULES_H
#define CUSTOMER_TIER_RULES_H

#include "scheme/scheme.h"

/* The rules, in the order in which they are printed. */
typedef enum RuleKind
{
	RULE_KEEP,
	RULE_HOLD,
	RULE_GRACE,
	RULE_LAND,
	RULE_NEW,
	NUM_RULES
} RuleKind;

/* A time by the calendar, as it was written and as the server adds it. */
typedef struct Duration
{
	int32		count;
	DurationUnit unit;
	Interval	interval;
} Duration;

/* What "to end of" may name: it ends where the next one starts. */
typedef struct Period
{
	const char *name;
	int			months;			/* from start to start */
	int			first;			/* a month in which one starts, 1 to 12 */
} Period;

typedef struct Rules
{
	bool		has[NUM_RULES];
	Numeric		keep_percent;	/* RULE_KEEP: this share of each bound */
	Scheme	   *keep_scheme;	/* ... or, if not NULL, these bounds */
	Duration	durations[NUM_RULES];	/* but for RULE_KEEP */
	const Period *hold_to;		/* RULE_HOLD: to the end of it; may be NULL */
	char	   *new_label;		/* RULE_NEW: the tier; NULL: as measured */
} Rules;

/* Parse len bytes at str; NULL after a soft error. For caches, too. */
extern void *rules_parse(const char *str, int len, struct Node *escontext);

/* Parse what stands after the keyword of one rule; throws on error. */
extern void rules_parse_one(Rules *rules, RuleKind kind, const char *str);

/* The canonical text, and what stands in it after the keyword of a rule. */
extern text *rules_print(const Rules *rules);
extern char *rules_print_one(const Rules *rules, RuleKind kind);

/* The keyword of a rule. */
extern const char *const rule_names[NUM_RULES];

#endif							/* CUSTOMER_TIER_RULES_H */
