/*-------------------------------------------------------------------------
 *
 * rfm.h
 *		Schemes of scores for recency, frequency and monetary value.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RFM_H
#define CUSTOMER_TIER_RFM_H

#include "digest/digest_view.h"
#include "scheme/scheme.h"

typedef enum RfmMeasure
{
	RECENCY,
	FREQUENCY,
	MONETARY,
	NUM_MEASURES
} RfmMeasure;

/* A score is one digit, and 0 is none. */
#define MAX_SCORE		9
#define NO_SCORE		0

/* A ladder with the score of each tier. */
typedef struct RfmLadder
{
	Scheme	   *scheme;
	int8		scores[MAX_SCORE];
} RfmLadder;

typedef struct RfmScheme
{
	bool		is_fitted;
	RfmLadder	ladders[NUM_MEASURES];
} RfmScheme;

/* Parse a scheme; as a ParseFunction. */
extern void *rfm_scheme_parse(const char *str, int len, struct Node *escontext);

/* The scheme of n bins for each measure, to be fitted. */
extern RfmScheme *rfm_scheme_bins(int n);

/* Replace the ladder of a measure by itself fitted to a digest. */
extern void rfm_scheme_fit(RfmScheme *scheme, RfmMeasure measure,
						   const DigestView *digest);

/* The score of a double in one measure, or NO_SCORE. */
extern int	rfm_ladder_score(const RfmLadder *ladder, double value);

/* The highest score that a scheme gives in any measure. */
extern int	rfm_scheme_highest(const RfmScheme *scheme);

#endif							/* CUSTOMER_TIER_RFM_H */
