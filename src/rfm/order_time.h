/*-------------------------------------------------------------------------
 *
 * order_time.h
 *		When lines were ordered, and their days.
 *
 * A time is kept as 64 bits: days for dates, microseconds for timestamps. The
 * infinities of dates are mapped to those of timestamps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_ORDER_TIME_H
#define CUSTOMER_TIER_ORDER_TIME_H

#include "utils/date.h"
#include "utils/timestamp.h"

typedef int64 OrderTime;

#define NO_TIME			DT_NOBEGIN	/* before all times that are taken */

/* What a time is. */
typedef enum TimeKind
{
	TIME_DATE,
	TIME_TIMESTAMP,
	TIME_TIMESTAMPTZ
} TimeKind;

/* A time as 64 bits. */
static inline OrderTime
order_time_read(TimeKind kind, Datum datum)
{
	DateADT		date;

	if (kind != TIME_DATE)
		return DatumGetTimestamp(datum);
	date = DatumGetDateADT(datum);
	if (DATE_IS_NOBEGIN(date))
		return DT_NOBEGIN;
	if (DATE_IS_NOEND(date))
		return DT_NOEND;
	return date;
}

/* The kind of a type of times; another type is an error. */
extern TimeKind order_time_kind(Oid type);

/*
 * The day of a finite time, and the last time of a day; those of timestamptz
 * are by the session's time zone.
 */
extern DateADT order_time_day(TimeKind kind, OrderTime at);
extern OrderTime order_time_day_end(TimeKind kind, DateADT day);

#endif							/* CUSTOMER_TIER_ORDER_TIME_H */
