/*-------------------------------------------------------------------------
 *
 * standing_shape.h
 *		Records of standings that differ in nothing but their dates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_STANDING_SHAPE_H
#define CUSTOMER_TIER_STANDING_SHAPE_H

#include "access/htup_details.h"

#include "program/standing.h"

/* The tiers that indexes are of. */
typedef struct StandingLabels
{
	int			ntiers;
	bool		are_kept;		/* all of them for the session, see kept_text */
	const text *label[FLEXIBLE_ARRAY_MEMBER];
} StandingLabels;

/*
 * A record without clocks, formed once. What may differ in another one of the
 * same shape are its dates.
 */
typedef struct StandingShape
{
	const text *tier;			/* kept labels, NULL for none */
	const text *met;
	StandingRule rule;
	int			since_at;		/* where the dates stand, from the header on */
	int			until_at;		/* 0: there is none */
	int			evaluated_at;
	int			len;
	HeapTupleHeader record;
} StandingShape;

/* More shapes than this are not kept: 3 tiers and all rules have about 20. */
#define MAX_SHAPES	32

typedef struct StandingShapes
{
	int			nshapes;
	int			last;			/* the one of the last record that was read */
	StandingShape shapes[MAX_SHAPES];
} StandingShapes;

/* The shape that a standing has, or NULL if it is not known. */
extern const StandingShape *standing_find_shape(const StandingShapes *shapes,
												const StandingLabels *labels,
												const Standing *standing);

/* Keep the shape of a record that was just formed, if it can have one. */
extern void standing_add_shape(StandingShapes *shapes, TupleDesc tupdesc,
							   const StandingLabels *labels,
							   const Standing *standing,
							   HeapTupleHeader record);

/* The record of a standing that has this shape. */
extern Datum standing_fill_shape(const StandingShape *shape,
								 const Standing *standing);

/*
 * Read a record, packed as it came, whose shape is known; false if it is not,
 * or if there is anything to complain of.
 */
extern bool standing_read_shape(StandingShapes *shapes, const Scheme *scheme,
								const struct varlena *record,
								Standing *standing);

#endif							/* CUSTOMER_TIER_STANDING_SHAPE_H */
