/*-------------------------------------------------------------------------
 *
 * bound.h
 *		What a tier requires: its bound, and what the kinds of bounds and
 *		their operators mean.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_BOUND_H
#define CUSTOMER_TIER_BOUND_H

#include "datatype/timestamp.h"
#include "utils/numeric.h"

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

/* The comparison of a bound. Kinds that are written without one imply it. */
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
	bool		label_is_kept;	/* that lasts as long as the session */
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

/* Is the better tier the lower one? */
static inline bool
op_is_lower_better(BoundOp op)
{
	return op == OP_LE || op == OP_LT;
}

/* Is who stands exactly at the bound inside? */
static inline bool
op_is_inclusive(BoundOp op)
{
	return op == OP_GE || op == OP_LE;
}

/* The operator that is so. */
static inline BoundOp
op_make(bool lower_is_better, bool inclusive)
{
	if (lower_is_better)
		return inclusive ? OP_LE : OP_LT;
	return inclusive ? OP_GE : OP_GT;
}

/* Does a value that compares so with the bound meet it? */
static inline bool
op_is_met(BoundOp op, int cmp)
{
	switch (op)
	{
		case OP_GE:
			return cmp >= 0;
		case OP_GT:
			return cmp > 0;
		case OP_LE:
			return cmp <= 0;
		case OP_LT:
			return cmp < 0;
	}
	return false;				/* keep compiler quiet */
}

/*
 * A bound parts all values in two. Does its own value belong to the upper
 * part? It does with >= and <.
 */
static inline bool
op_goes_with_upper(BoundOp op)
{
	return op_is_inclusive(op) != op_is_lower_better(op);
}

/* The operator of the same direction for which the answer is this. */
static inline BoundOp
op_going_with(bool upper, BoundOp op)
{
	return op_make(op_is_lower_better(op), upper != op_is_lower_better(op));
}

/* Does nobody meet a bound at this end of all numbers, such as > Infinity? */
static inline bool
op_excludes_infinity(BoundOp op, bool is_positive)
{
	return !op_is_inclusive(op) && op_is_lower_better(op) != is_positive;
}

/* Is it known who meets the bound, without looking at data? */
static inline bool
bound_is_absolute(BoundKind kind)
{
	return kind == BOUND_NUMBER || kind == BOUND_DURATION ||
		kind == BOUND_REST || kind == BOUND_RULE;
}

/* Is the bound written with an operator? */
static inline bool
bound_has_operator(BoundKind kind)
{
	return kind == BOUND_NUMBER || kind == BOUND_DURATION ||
		kind == BOUND_PERCENTILE || kind == BOUND_MEAN;
}

/* Is the bound a percentage of the sum of values? */
static inline bool
bound_is_share_of_value(BoundKind kind)
{
	return kind == BOUND_TOP_VALUE || kind == BOUND_UP_TO_VALUE;
}

/* Is the bound a percentage, of the customers or of value? */
static inline bool
bound_is_share(BoundKind kind)
{
	return kind == BOUND_TOP || kind == BOUND_UP_TO || kind == BOUND_LOWEST ||
		bound_is_share_of_value(kind);
}

/* Give a bound its number, or its duration, in all the forms above. */
extern void bound_set_number(SchemeTier *tier, Numeric number);
extern void bound_set_duration(SchemeTier *tier, int count, DurationUnit unit);

/* Which way is better: 1 higher, -1 lower, 0 when the bound leaves it open. */
extern int	bound_direction(const SchemeTier *tier);

/* Compare what two bounds of one kind refer to: durations or numbers. */
extern int	bound_compare(const SchemeTier *a, const SchemeTier *b);

/*
 * Is a bound with an operator harder to meet than another of its kind and
 * direction?
 */
extern bool bound_is_stricter(const SchemeTier *tier, const SchemeTier *than);

#endif							/* CUSTOMER_TIER_BOUND_H */
