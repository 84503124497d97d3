/*-------------------------------------------------------------------------
 *
 * fit.h
 *		Turn the relative bounds of a scheme into numbers, from a digest.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_FIT_H
#define CUSTOMER_TIER_FIT_H

#include "digest/digest.h"
#include "scheme/scheme.h"

/* A copy of the scheme with absolute bounds, in the current memory context. */
extern Scheme *scheme_fit(const Scheme *scheme, const DigestView *digest);

/* What pNN and mean + k sd are over the data; the latter may be infinite. */
extern double fit_percentile(const DigestView *view, Numeric percent);
extern double fit_mean(const DigestView *view, double deviations);

/* A number that was computed from the digest, as a decimal without noise. */
extern Numeric fit_decimal(const DigestView *view, double number);

#endif							/* CUSTOMER_TIER_FIT_H */
