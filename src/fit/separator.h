/*-------------------------------------------------------------------------
 *
 * separator.h
 *		The bound, an operator and a decimal, that parts the classes of a
 *		digest at a given place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SEPARATOR_H
#define CUSTOMER_TIER_SEPARATOR_H

#include "digest/digest.h"
#include "scheme/scheme.h"

/*
 * With OP_GE and OP_LT the class above a cut defines the bound, with OP_GT and
 * OP_LE the class below it.
 */
static inline bool
op_goes_with_upper(BoundOp op)
{
	return op == OP_GE || op == OP_LT;
}

static inline bool
op_is_lower_better(BoundOp op)
{
	return op == OP_LE || op == OP_LT;
}

/* The operator of the same direction for which the given side is true. */
static inline BoundOp
op_going_with(bool upper, BoundOp op)
{
	if (op_is_lower_better(op))
		return upper ? OP_LT : OP_LE;
	return upper ? OP_GE : OP_GT;
}

/*
 * The bound between class cut - 1 and class cut; cut is 0 to nclasses. *op is
 * the preferred operator, replaced by its sister (>= and >, <= and <) when only
 * that one separates.
 */
extern Numeric separate_classes(const DigestView *view, int cut, BoundOp *op);

/* The shortest decimal that reads back as this double; may be infinite. */
extern Numeric shortest_decimal(double value);

/* A computed double to 15 digits; may be infinite. */
extern Numeric tidy_decimal(double value);

/* Do all classes stand for one short decimal each? */
extern bool digest_is_plain(const DigestView *view);

#endif							/* CUSTOMER_TIER_SEPARATOR_H */
