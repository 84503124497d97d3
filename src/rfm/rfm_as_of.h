/*-------------------------------------------------------------------------
 *
 * rfm_as_of.h
 *		The day or the moment of a report.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RFM_AS_OF_H
#define CUSTOMER_TIER_RFM_AS_OF_H

#include "rfm/order_time.h"

/* The type rfm_as_of: a date, which is a whole day, or a moment. */
typedef struct RfmAsOf
{
	int64		value;			/* a DateADT, Timestamp or TimestampTz, finite */
	int32		kind;			/* a TimeKind */
	int32		unused;			/* 0 */
} RfmAsOf;

/* An argument that usually is the same in all rows, and what it came to. */
typedef struct AsOfMemo
{
	RfmAsOf		as_of;			/* its value is NO_TIME at first */
	OrderTime	end;
} AsOfMemo;

/* The last time that counts, among times of a kind. */
extern OrderTime rfm_as_of_end(const RfmAsOf *as_of, TimeKind kind);

/* The last time before the period that ends then; NO_TIME: all time. */
extern OrderTime rfm_as_of_period_start(const RfmAsOf *as_of, TimeKind kind,
										Interval *period);

/* The end for an argument; all the conversions are done once. */
static inline OrderTime
rfm_as_of_recall(AsOfMemo *memo, const RfmAsOf *as_of, TimeKind kind)
{
	if (unlikely(as_of->value != memo->as_of.value ||
				 as_of->kind != memo->as_of.kind))
	{
		memo->end = rfm_as_of_end(as_of, kind);
		memo->as_of = *as_of;
	}
	return memo->end;
}

#endif							/* CUSTOMER_TIER_RFM_AS_OF_H */
