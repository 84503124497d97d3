/*-------------------------------------------------------------------------
 *
 * moments.h
 *		Compare with mean + k sd exactly.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_MOMENTS_H
#define CUSTOMER_TIER_MOMENTS_H

#include "digest/digest.h"
#include "utils/numeric.h"

/* What it takes, as sums over the short decimals of a plain digest. */
typedef struct ExactMoments
{
	Numeric		count;
	Numeric		sum;
	Numeric		sd_factor;		/* k, as written */
	Numeric		sd_square;		/* k^2 n (n * sum of squares - sum^2) */
} ExactMoments;

extern ExactMoments exact_moments(const DigestView *view, Numeric sd_factor);

/* Is this value below (-1), on (0) or above (1) mean + k sd? */
extern int	compare_to_moments(const ExactMoments *moments, double value);

#endif							/* CUSTOMER_TIER_MOMENTS_H */
