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

#endif							/* CUSTOMER_TIER_FIT_H */
