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

#include "base/compat.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/numeric.h"

#define SCHEME_MAX_TIERS	255
#define SCHEME_MAX_LABEL	63	/* bytes */

/* What a tier's bound refers to. */
typedef enum BoundKind
{
	BOUND_REST,					/* no bound: takes all the rest */
	BOUND_RULE,					/* by rule: never given by a measure */
	BOUND_NUMBER,				/* >= 5000000 */
	BOUND_DURATION,				/* within 3 months */
	BOUND_TOP,					/* top p% (of the customers) */
	BOUND_TOP_VALUE,			/* top p% of value */
	BOUND_UP_TO,				/* up to p% */
	BOUND_UP_TO_VALUE,			/* up to p% of value */
	BOUND_LOWEST,				/* lowest p% */
	BOUND_TOP_COUNT,			/* top n */
	BOUND_PERCENTILE,			/* pNN; the median is p50 */
	BOUND_MEAN,					/* mean, or mean +- k sd */
	BOUND_NATURAL				/* natural breaks */
} BoundKind;

/*
 * The comparison of a BOUND_NUMBER, BOUND_DURATION, BOUND_PERCENTILE or
 * BOUND_MEAN. The other kinds imply theirs.
 */
typedef enum BoundOp
{
	OP_GE,
	OP_GT,
	OP_LE,
	OP_LT
} BoundOp;

typedef enum DurationUnit
{
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_QUARTER,
	UNIT_YEAR
} DurationUnit;

typedef struct SchemeTier
{
	char	   *label;			/* NUL-terminated, unquoted */
	text	   *label_text;		/* the same as a datum, made once */
	BoundKind	kind;
	BoundOp		op;

	/*
	 * BOUND_NUMBER: the bound. Shares: the percent, cumulative (70 for 70%).
	 * BOUND_TOP_COUNT: n. BOUND_PERCENTILE: NN. BOUND_MEAN: the signed number
	 * of sd (0 for the plain mean). NULL for other kinds.
	 */
	Numeric		number;
	double		value;			/* the double nearest to number */

	int64		key;			/* the numeric_key of number */
	bool		is_short;		/* at most 15 digits, and value is normal or 0 */

	int32		duration;		/* BOUND_DURATION: how many units */
	DurationUnit unit;
	Interval	interval;		/* the same as an interval */
} SchemeTier;

typedef struct Scheme
{
	int			ntiers;			/* all tiers */
	int			nmeasured;		/* those not by rule; they come first */
	int			nbounds;		/* those with a bound; they come before the rest */
	bool		lower_is_better;
	bool		is_duration;	/* over durations, not numbers */
	bool		is_fitted;		/* every bound absolute, or by rule */
	SchemeTier	tiers[FLEXIBLE_ARRAY_MEMBER];
} Scheme;

/* Parse a Scheme: a ParseFunction. */
extern void *scheme_parse(const char *str, int len, struct Node *escontext);

/* Give a tier its number, in all the forms above. */
extern void scheme_set_number(SchemeTier *tier, Numeric number);

/* The canonical text: parsing it gives the same scheme, printing that the same text. */
extern text *scheme_print(const Scheme *scheme);

/* The bound of a tier as it is printed; empty for the rest. */
extern char *scheme_print_bound(const SchemeTier *tier);

/* A number, and an operator, as they are printed. */
extern char *scheme_print_number(Numeric number);
extern const char *scheme_operator_name(BoundOp op);

/*
 * Parse argument argno of this call, once per query: the result is kept in
 * fn_extra, keyed by the argument's bytes, and valid until the next call with
 * other bytes.
 */
extern const Scheme *scheme_from_arg(FunctionCallInfo fcinfo, int argno);

/* Throw unless fitted; names the first unfitted tier and hints at tier_fit. */
extern void scheme_check_fitted(const Scheme *scheme);

/* The index of the tier with this label; if there is none -1, or an error. */
extern int	scheme_tier_index(const Scheme *scheme, const text *label);
extern int	scheme_find_tier(const Scheme *scheme, const text *label);

/*
 * A copy of the label of a tier, as every function returns one: the server
 * keeps results beyond the call, and beyond the query that a cached scheme
 * lives in.
 */
extern Datum scheme_label_datum(const Scheme *scheme, int tier);

/* Does a tier's bound print the same as the other's: same kind, op and number? */
extern bool scheme_same_bound(const SchemeTier *a, const SchemeTier *b);

#endif							/* CUSTOMER_TIER_SCHEME_H */
