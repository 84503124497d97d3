/*-------------------------------------------------------------------------
 *
 * moments.h
 *		Mean and standard deviation of a digest, and where the number
 *		mean + k sd falls among its classes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_MOMENTS_H
#define CUSTOMER_TIER_MOMENTS_H

#include "digest.h"
#include "double_double.h"
#include "utils/numeric.h"

typedef struct Moments
{
	DoubleDouble mean;
	DoubleDouble sd;			/* of a sample: n - 1; of one value: 0 */
} Moments;

/*
 * A power of two to read the values with, so that neither their sum nor that
 * of their squares overflows or loses all its bits.
 */
extern double digest_unit(const DigestView *view);

/* The moments of the values times unit. */
extern Moments digest_moments(const DigestView *view, double unit);

/*
 * The sums of a plain digest's short decimals, to compare exactly with mean
 * + k sd.
 */
typedef struct ExactMoments
{
	Numeric		count;
	Numeric		sum;
	Numeric		sd_factor;		/* k, as written */
	Numeric		sd_square;		/* k^2 count (count * sum of squares - sum^2) */
} ExactMoments;

extern ExactMoments exact_moments(const DigestView *view, Numeric sd_factor);

/* Is this value below (-1), on (0) or above (1) mean + k sd? */
extern int	compare_to_moments(const ExactMoments *moments, double value);

#endif							/* CUSTOMER_TIER_MOMENTS_H */
