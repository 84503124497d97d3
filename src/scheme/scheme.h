/*-------------------------------------------------------------------------
 *
 * scheme.h
 *		A tier_scheme, parsed: the ladder of tiers, best first.
 *
 * The SQL type is its canonical text. What grading and fitting need is
 * parsed once from that text into a Scheme, and cached by the caller's
 * FmgrInfo.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCHEME_H
#define CUSTOMER_TIER_SCHEME_H

#include "fmgr.h"
#include "lib/stringinfo.h"

#include "base/compat.h"
#include "base/kept_text.h"
#include "scheme/bound.h"

#define SCHEME_MAX_TIERS	255
#define SCHEME_MAX_LABEL	63	/* bytes */

typedef struct Scheme
{
	int			ntiers;			/* all tiers */
	int			nmeasured;		/* those not by rule; they come first */
	int			nbounds;		/* those with a bound; they come before the
								 * rest */
	bool		lower_is_better;
	bool		is_duration;	/* over durations, not numbers */
	bool		is_fitted;		/* every bound absolute, or by rule */
	SchemeTier	tiers[FLEXIBLE_ARRAY_MEMBER];
} Scheme;

/* Parse a Scheme: a ParseFunction. */
extern void *scheme_parse(const char *str, int len, struct Node *escontext);

/* The canonical text: parsing it gives the same scheme, printing that the same text. */
extern text *scheme_print(const Scheme *scheme);

/* The bound of a tier as it is printed; empty for the rest. */
extern char *scheme_print_bound(const SchemeTier *tier);

/* A number, a duration and an operator, as they are printed. */
extern char *scheme_print_number(Numeric number);
extern char *scheme_print_duration(int32 duration, DurationUnit unit);
extern const char *scheme_operator_name(BoundOp op);

/* Append a label as scan_label reads it: in quotes, or bare if it is a word. */
extern void scheme_append_quoted(StringInfo buf, const char *label);
extern void scheme_append_label(StringInfo buf, const char *label);

/*
 * Parse argument argno of this call, once per query: the result is kept in
 * fn_extra, keyed by the argument's bytes, and valid until the next call with
 * other bytes.
 */
extern const Scheme *scheme_from_arg(FunctionCallInfo fcinfo, int argno);

/* In assert builds: is a scheme what its description says? */
#ifdef USE_ASSERT_CHECKING
extern void AssertCheckScheme(const Scheme *scheme);
#else
#define AssertCheckScheme(scheme)	((void) 0)
#endif

/* The first tier whose bound is relative to data; NULL in a fitted scheme. */
extern const SchemeTier *scheme_relative_tier(const Scheme *scheme);

/* Throw unless fitted; names the first unfitted tier and hints at tier_fit. */
extern void scheme_check_fitted(const Scheme *scheme);

/* The index of the tier with this label; if there is none -1, or an error. */
extern int	scheme_tier_index(const Scheme *scheme, const text *label);
extern int	scheme_find_tier(const Scheme *scheme, const text *label);

/* The label of a tier as the result of a function. */
static inline Datum
scheme_label_datum(const Scheme *scheme, int tier)
{
	return kept_text_datum(scheme->tiers[tier].label_text,
						   scheme->tiers[tier].label_is_kept);
}

/* Does a tier's bound print the same as the other's: same kind, op and number? */
extern bool scheme_same_bound(const SchemeTier *a, const SchemeTier *b);

#endif							/* CUSTOMER_TIER_SCHEME_H */
