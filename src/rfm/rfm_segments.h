/*-------------------------------------------------------------------------
 *
 * rfm_segments.h
 *		Segment maps: which segment each cell of the grid of scores is.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RFM_SEGMENTS_H
#define CUSTOMER_TIER_RFM_SEGMENTS_H

#include "fmgr.h"

typedef struct SegmentMap SegmentMap;

/* Parse a map; as a ParseFunction. */
extern void *rfm_segments_parse(const char *str, int len,
								struct Node *escontext);

/* The scores in each dimension, and the segments, counted from 0. */
extern int	rfm_segments_bins(const SegmentMap *map);
extern int	rfm_segments_count(const SegmentMap *map);
extern text *rfm_segments_name(const SegmentMap *map, int segment);

/* The segment of a cell; a map of two dimensions needs no monetary score. */
extern int	rfm_segments_find(const SegmentMap *map, int recency,
							  int frequency, int monetary);

#endif							/* CUSTOMER_TIER_RFM_SEGMENTS_H */
