/*-------------------------------------------------------------------------
 *
 * among.h
 *		Fit schemes to window partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_AMONG_H
#define CUSTOMER_TIER_AMONG_H

#include "windowapi.h"

#include "scheme/scheme.h"

/* The types of measures that window functions take. */
typedef enum MeasureType
{
	MEASURE_NUMERIC,
	MEASURE_FLOAT8
} MeasureType;

/*
 * A copy of the scheme, fitted to the whole partition of the current row by
 * the measure in argument argno; in the current memory context. Allowed only
 * before the window function has set a mark.
 */
extern Scheme *among_fit(WindowObject window, int argno, MeasureType type,
						 const Scheme *scheme);

#endif							/* CUSTOMER_TIER_AMONG_H */
