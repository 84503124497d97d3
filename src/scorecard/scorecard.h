/*-------------------------------------------------------------------------
 *
 * scorecard.h
 *		A scorecard, parsed: weighted indicators, each with a scale that
 *		gives its value points from 0 to 100.
 *
 * The SQL type is its canonical text. A scale is either a ladder, which is a
 * scheme whose labels are points, or linear: points at edges, straight lines
 * between them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCORECARD_H
#define CUSTOMER_TIER_SCORECARD_H

#include "scheme/scheme.h"

#define SCORECARD_MAX_INDICATORS	255
#define SCORECARD_MAX_LINEAR_POINTS	255

/* Points and scores are rounded to this many decimals. */
#define SCORE_DECIMALS	16

/* The points that a linear scale gives at an edge. */
typedef struct LinearPoint
{
	Numeric		points;

	/*
	 * The edge is kept as a bound: a BOUND_NUMBER, a BOUND_PERCENTILE (the
	 * minimum is p0, the maximum p100) or a BOUND_MEAN. Its operator has no
	 * meaning.
	 */
	SchemeTier	edge;
} LinearPoint;

typedef struct Indicator
{
	char	   *name;
	Numeric		weight;			/* in percent, as written */
	Numeric		missing;		/* the points of a missing value, or NULL */

	Scheme	   *ladder;			/* NULL: the scale is linear */
	Numeric    *ladder_points;	/* of each tier */

	int			nlinear;
	LinearPoint *linear;		/* as written */
} Indicator;

typedef struct Scorecard
{
	int			nindicators;
	Numeric		require;		/* percent of the weight, or NULL */
	Indicator  *indicators;
} Scorecard;

/* Parse len bytes at str; NULL after a soft error. */
extern Scorecard *scorecard_parse(const char *str, int len,
								  struct Node *escontext);

/* The canonical text. */
extern text *scorecard_print(const Scorecard *card);

/* What a linear scale's edge says, as it is printed. */
extern char *scorecard_print_edge(const SchemeTier *edge);

/* The first bound or edge that is relative to data; NULL in a fitted scale. */
extern const SchemeTier *indicator_relative_bound(const Indicator *indicator);

/* The names of the indicators, for messages. */
extern char *scorecard_names(const Scorecard *card);

#endif							/* CUSTOMER_TIER_SCORECARD_H */
