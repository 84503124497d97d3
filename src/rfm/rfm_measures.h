/*-------------------------------------------------------------------------
 *
 * rfm_measures.h
 *		What order lines say of a customer.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_RFM_MEASURES_H
#define CUSTOMER_TIER_RFM_MEASURES_H

#include "access/tupdesc.h"
#include "fmgr.h"

#include "grade/measured.h"
#include "number/exact_sum.h"
#include "number/numeric_decode.h"
#include "rfm/rfm_as_of.h"

/* What is known of the type of amounts, and what they are read as. */
typedef struct AmountType
{
	Oid			type;
	MeasuredKind kind;
} AmountType;

/*
 * The state of a group. There may be millions: this must not exceed 64 bytes,
 * a size the memory allocator knows. The sum holds some flags for us.
 */
typedef struct MeasuresState
{
	OrderTime	end;			/* the last that counts: as_of */
	OrderTime	first;			/* valid if last is */
	OrderTime	last;			/* NO_TIME: no order */
	int64		frequency;
	ExactSum	monetary;
} MeasuresState;

StaticAssertDecl(sizeof(MeasuresState) <= 64, "state of rfm_measures has grown");

/* In monetary.owner_flags: some line was not after as_of. */
#define MEASURES_HAS_LINES		0x01

/* The columns of the result. */
enum
{
	COLUMN_RECENCY,
	COLUMN_FREQUENCY,
	COLUMN_MONETARY,
	COLUMN_FIRST_ORDER,
	COLUMN_LAST_ORDER,
	NUM_COLUMNS
};

/* When a line was ordered: a time, and not NO_TIME. */
static inline OrderTime
measures_read_ordered_at(TimeKind kind, Datum datum)
{
	OrderTime	at = order_time_read(kind, datum);

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

/* What a type of an argument is; one that is no number is an error. */
extern AmountType measures_amount_type(Oid type, const char *name);

/*
 * An amount in the form of its kind: a double, a bigint, or a numeric that is
 * neither compressed nor out of line.
 */
extern Datum measures_read_amount(const AmountType *type, Datum amount);

/* Is the amount negative? Zero is a purchase: a free order is an order. */
static inline bool
measures_is_refund(MeasuredKind kind, Datum amount)
{
	switch (kind)
	{
		case MEASURED_INTEGER:
			return DatumGetInt64(amount) < 0;
		case MEASURED_DOUBLE:
			return DatumGetFloat8(amount) < 0;
		default:
			return numeric_decode_is_negative((struct varlena *) DatumGetPointer(amount));
	}
}

/* Add an amount to a sum. */
static inline void
measures_add_amount(MeasuredKind kind, ExactSum *sum, Datum amount, void *owner)
{
	switch (kind)
	{
		case MEASURED_INTEGER:
			exact_sum_add_int64(sum, DatumGetInt64(amount), owner);
			break;
		case MEASURED_DOUBLE:
			exact_sum_add_double(sum, DatumGetFloat8(amount), owner);
			break;
		default:
			exact_sum_add_numeric(sum,
								  (struct varlena *) DatumGetPointer(amount),
								  owner);
	}
}

/* Throw because an argument differs between the rows of a group. */
extern void measures_argument_changed(const char *name);

/* The row type of a function that returns measures, kept in its fn_extra. */
extern TupleDesc measures_result_desc(FunctionCallInfo fcinfo);

/* Fill in the columns of a result; all are null when no line was counted. */
extern void measures_fill(const MeasuresState *state, TimeKind kind,
						  Datum *values, bool *nulls);

#endif							/* CUSTOMER_TIER_RFM_MEASURES_H */
