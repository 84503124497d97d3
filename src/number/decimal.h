/*-------------------------------------------------------------------------
 *
 * decimal.h
 *		Doubles as decimals.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DECIMAL_H
#define CUSTOMER_TIER_DECIMAL_H

#include "utils/numeric.h"

/* The shortest decimal that reads back as this double; may be infinite. */
extern Numeric shortest_decimal(double value);

/*
 * A double that was computed, as people would write it: the 15 digits that
 * survive in any double, without the noise behind them. May be infinite.
 */
extern Numeric tidy_decimal(double value);

/* The double that is nearest to the decimal a real is printed as: 0.1 for 0.1. */
extern double real_decimal(float4 value);

/* All the digits of a finite double. */
extern Numeric exact_decimal(double value);

#endif							/* CUSTOMER_TIER_DECIMAL_H */
