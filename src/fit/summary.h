/*-------------------------------------------------------------------------
 *
 * summary.h
 *		What each tier of a scheme brings, read from a digest.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SUMMARY_H
#define CUSTOMER_TIER_SUMMARY_H

#include "digest/digest.h"
#include "number/double_double.h"
#include "scheme/scheme.h"

/* What a tier brings. Sums are scaled as the digest's have to be. */
typedef struct TierTotal
{
	int64		customers;
	DoubleDouble value;
	DoubleDouble positive_value;
} TierTotal;

/* The rows to return: those of the measured tiers, then the rest if any. */
typedef struct Summary
{
	const Scheme *scheme;		/* fitted */
	int64		customers;
	double		positive_value; /* scaled */
	double		scale;
	int			places;			/* of the values */
	int			nrows;
	TierTotal	rows[FLEXIBLE_ARRAY_MEMBER];
} Summary;

extern const Summary *tier_summarize(const Scheme *scheme,
									 const DigestView *digest);

/* The value that a row brings, as a double that a decimal gives. */
extern double tier_summary_value(const Summary *summary,
								 const DigestView *digest,
								 const TierTotal *row);

#endif							/* CUSTOMER_TIER_SUMMARY_H */
