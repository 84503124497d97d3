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
 * The bound between class cut - 1 and class cut; cut is 0 to nclasses. *op is
 * the preferred operator, replaced by its sister (>= and >, <= and <) when only
 * that one separates.
 */
extern Numeric separate_classes(const DigestView *view, int cut, BoundOp *op);

/* Do all classes stand for one short decimal each? */
extern bool digest_is_plain(const DigestView *view);

#endif							/* CUSTOMER_TIER_SEPARATOR_H */
