/*-------------------------------------------------------------------------
 *
 * natural.h
 *		Natural breaks: the classes with the least spread inside them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_NATURAL_H
#define CUSTOMER_TIER_NATURAL_H

#include "digest/digest.h"

/*
 * Cut all values into ntiers + 1 groups, so that the sum of the squared
 * distances to the groups' means is least. cuts[i] is set to where tier i, the
 * best first, ends: a digest's class number; classes from there on are in tiers
 * 0 to i, or those before it when lower is better. Values are read times unit.
 */
extern void natural_cuts(const DigestView *view, double unit, int ntiers,
						 bool lower_is_better, int *cuts);

#endif							/* CUSTOMER_TIER_NATURAL_H */
