/*-------------------------------------------------------------------------
 *
 * exact_sum.h
 *		Sums of amounts, exact and the same in any order.
 *
 * A sum is a 128-bit integer in small units: decimal ones for numeric and
 * integer amounts, 2^-64 for double precision. What does not fit is kept
 * beside it as a numeric. That takes no memory of its own, and adding an amount
 * costs a few instructions, while amounts are of everyday size.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_EXACT_SUM_H
#define CUSTOMER_TIER_EXACT_SUM_H

#include "lib/stringinfo.h"
#include "utils/numeric.h"

/* All zeros is the empty sum. */
typedef struct ExactSum
{
	uint64		low;			/* of the 128 bits, two's complement */
	int64		high;
	Numeric		rest;			/* to be added; NULL is 0 */
	int16		display_scale;	/* the greatest of the numeric amounts */

	/*
	 * Decimal units are 10000^-scale. Binary sums leave this 0: all their
	 * units are 2^-64.
	 */
	uint8		scale;
	uint8		is_binary;

	uint32		owner_flags;	/* the owner's own: here is room for them */
} ExactSum;

/*
 * Add an amount. A sum takes amounts of one type, and no others. owner is the
 * chunk of memory that the sum is part of, or any other of its memory context:
 * there is kept what does not fit. NaN and infinities: an error.
 */
extern void exact_sum_add_int64(ExactSum *sum, int64 amount,
								void *owner);
extern void exact_sum_add_numeric(ExactSum *sum, const struct varlena *amount,
								  void *owner);
extern void exact_sum_add_double(ExactSum *sum, double amount,
								 void *owner);

/* A numeric amount that was read, to be added later: mantissa * 10000^-scale. */
typedef struct ScaledAmount
{
	int64		mantissa;
	int			scale;
	int			display_scale;
} ScaledAmount;

/* Read a numeric amount, if it is of everyday size, and add it. */
extern bool exact_sum_scale(const struct varlena *amount,
							ScaledAmount *scaled);
extern void exact_sum_add_scaled(ExactSum *sum, const ScaledAmount *amount,
								 void *owner);

/* Add another sum, of the same kind. */
extern void exact_sum_add(ExactSum *sum, const ExactSum *other,
						  void *owner);

/* Amounts with more decimals go to the rest: 10^-16 is no one's money. */
#define EXACT_SUM_MAX_SCALE	4

/* Can there be such a sum? Its rest is not looked at. */
static inline bool
exact_sum_is_valid(const ExactSum *sum)
{
	return sum->scale <= EXACT_SUM_MAX_SCALE && sum->display_scale >= 0 &&
		(!sum->is_binary || (sum->scale == 0 && sum->display_scale == 0));
}

/* -1, 0 or 1. */
extern int	exact_sum_sign(const ExactSum *sum);

/*
 * The sum, with the display scale that the server's sum would have; a binary
 * one as the shortest decimal of its double.
 */
extern Numeric exact_sum_numeric(const ExactSum *sum);

/* The double nearest to a binary sum. */
extern double exact_sum_double(const ExactSum *sum);

/* The sum in a message to another process; the owner's flags travel too. */
extern void exact_sum_send(StringInfo buf, const ExactSum *sum);
extern void exact_sum_recv(StringInfo buf, ExactSum *sum);

#endif							/* CUSTOMER_TIER_EXACT_SUM_H */
