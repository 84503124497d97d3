/*-------------------------------------------------------------------------
 *
 * decimal.h
 *		Doubles as decimals.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DECIMAL_H
#define CUSTOMER_TIER_DECIMAL_H

#include <math.h>

#include "utils/numeric.h"

/* Decimals have at most 15 digits here, all of which a double tells. */
#define DECIMAL_MAX_PLACES	15
#define DECIMAL_UNITS_LIMIT	1e15

/* 10^0 to 10^DECIMAL_MAX_PLACES, exact doubles. */
extern const double decimal_powers[DECIMAL_MAX_PLACES + 1];

/*
 * Is a double a decimal of at most so many places? If so, units is what it has
 * of 10^-places. It is one if dividing the units by the power of ten, both
 * exact, gives it.
 */
static inline bool
decimal_units(double value, int places, double *units)
{
	*units = rint(value * decimal_powers[places]);
	return fabs(*units) < DECIMAL_UNITS_LIMIT &&
		*units / decimal_powers[places] == value;
}

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
