/*-------------------------------------------------------------------------
 *
 * clv_measures.h
 *		What the models need to know of a customer, as a record.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_CLV_MEASURES_H
#define CUSTOMER_TIER_CLV_MEASURES_H

#include "clv/purchase_model.h"

/* A value of the row type clv_measures. */
typedef struct ClvMeasures
{
	double		frequency;
	double		recency;
	double		age;
	double		mean_spend;		/* NaN: NULL */
	DurationUnit unit;
} ClvMeasures;

/* Read a record; false if a column that each customer has is NULL. */
extern bool clv_measures_read(Datum record, ClvMeasures *measures);

#endif							/* CUSTOMER_TIER_CLV_MEASURES_H */
