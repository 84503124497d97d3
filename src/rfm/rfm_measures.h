/*-------------------------------------------------------------------------
 *
 * rfm_measures.h
 *		What order lines say of a customer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RFM_MEASURES_H
#define CUSTOMER_TIER_RFM_MEASURES_H

#include "utils/date.h"
#include "utils/timestamp.h"

#include "number/exact_sum.h"

/*
 * A time is kept as 64 bits: days for dates, microseconds for timestamps. The
 * infinities of dates are mapped to those of timestamps.
 */
typedef int64 OrderTime;

#define NO_TIME			DT_NOBEGIN	/* before all times that are taken */

/* Kinds of times and of amounts, which the signatures allow. */
typedef enum TimeKind
{
	TIME_DATE,
	TIME_TIMESTAMP,
	TIME_TIMESTAMPTZ
} TimeKind;

typedef enum AmountKind
{
	AMOUNT_NUMERIC,
	AMOUNT_DOUBLE,
	AMOUNT_BIGINT
} AmountKind;

/*
 * The state of a group. There may be millions: this must not exceed 64 bytes,
 * a size the memory allocator knows. The sum holds some flags for us.
 */
typedef struct MeasuresState
{
	OrderTime	as_of;
	OrderTime	first;			/* valid if last is */
	OrderTime	last;			/* NO_TIME: no order */
	int64		frequency;
	ExactSum	monetary;
} MeasuresState;

StaticAssertDecl(sizeof(MeasuresState) <= 64, "state of rfm_measures has grown");

/* Flags in monetary.owner_bits. */
#define MEASURES_HAS_LINES		0x01	/* some line was not after as_of */

/* The columns of the result. */
enum
{
	COLUMN_RECENCY,
	COLUMN_FREQUENCY,
	COLUMN_MONETARY,
	COLUMN_FIRST_ORDER,
	COLUMN_LAST_ORDER,
	COLUMN_AVERAGE_ORDER,
	NUM_COLUMNS
};

/* A time as 64 bits. */
static inline OrderTime
measures_read_time(TimeKind kind, Datum datum)
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

/* as_of, which must be finite. */
static inline OrderTime
measures_read_as_of(TimeKind kind, Datum datum)
{
	OrderTime	as_of = measures_read_time(kind, datum);

	if (unlikely(TIMESTAMP_NOT_FINITE(as_of)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite")));
	return as_of;
}

/* When a line was ordered: a time, and not NO_TIME. */
static inline OrderTime
measures_read_ordered_at(TimeKind kind, Datum datum)
{
	OrderTime	at = measures_read_time(kind, datum);

	if (unlikely(at == NO_TIME))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("ordered_at must not be -infinity")));
	return at;
}

/* Note the time of an order among the first and the last. */
static inline void
measures_note_order(OrderTime *first, OrderTime *last, OrderTime at)
{
	if (*last == NO_TIME)
		*first = *last = at;
	else if (at > *last)
		*last = at;
	else if (at < *first)
		*first = at;
}

/* The kind of a type of times, and of amounts. */
extern TimeKind measures_time_kind(Oid type);
extern AmountKind measures_amount_kind(Oid type);

/*
 * Fill in the columns of a result; all are null when no line was counted.
 * money is the type of monetary.
 */
extern void measures_fill(const MeasuresState *state, TimeKind kind, Oid money,
						  Datum *values, bool *nulls);

#endif							/* CUSTOMER_TIER_RFM_MEASURES_H */
