/*-------------------------------------------------------------------------
 *
 * double_double.h
 *		Sums twice as precise as double: a number kept as high + low.
 *
 * Only plain IEEE operations, so that every machine gets the same bits: no
 * fused multiply-add, and the build must not contract or reorder them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DOUBLE_DOUBLE_H
#define CUSTOMER_TIER_DOUBLE_DOUBLE_H

#include <math.h>

typedef struct DoubleDouble
{
	double		high;
	double		low;			/* at most half a unit in high's last place */
} DoubleDouble;

/* a + b, exactly. */
static inline DoubleDouble
dd_two_sum(double a, double b)
{
	DoubleDouble result;
	double		b_part;

	result.high = a + b;
	b_part = result.high - a;
	result.low = (a - (result.high - b_part)) + (b - b_part);
	return result;
}

/* a + b, exactly, for |a| >= |b|. */
static inline DoubleDouble
dd_quick_sum(double a, double b)
{
	DoubleDouble result;

	result.high = a + b;
	result.low = b - (result.high - a);
	return result;
}

/* a * b, exactly, while neither the product nor a split overflows (2^996). */
static inline DoubleDouble
dd_two_product(double a, double b)
{
	const double splitter = 134217729.0;	/* 2^27 + 1 */
	DoubleDouble result;
	double		a_high,
				a_low,
				b_high,
				b_low;

	result.high = a * b;
	a_high = splitter * a;
	a_high = a_high - (a_high - a);
	a_low = a - a_high;
	b_high = splitter * b;
	b_high = b_high - (b_high - b);
	b_low = b - b_high;
	result.low = ((a_high * b_high - result.high) + a_high * b_low +
				  a_low * b_high) + a_low * b_low;
	return result;
}

static inline DoubleDouble
dd_add(DoubleDouble a, DoubleDouble b)
{
	DoubleDouble high = dd_two_sum(a.high, b.high);
	DoubleDouble low = dd_two_sum(a.low, b.low);

	high = dd_quick_sum(high.high, high.low + low.high);
	return dd_quick_sum(high.high, high.low + low.low);
}

static inline DoubleDouble
dd_add_double(DoubleDouble a, double b)
{
	DoubleDouble sum = dd_two_sum(a.high, b);

	return dd_quick_sum(sum.high, sum.low + a.low);
}

static inline DoubleDouble
dd_subtract(DoubleDouble a, DoubleDouble b)
{
	b.high = -b.high;
	b.low = -b.low;
	return dd_add(a, b);
}

static inline DoubleDouble
dd_multiply(DoubleDouble a, DoubleDouble b)
{
	DoubleDouble product = dd_two_product(a.high, b.high);

	product.low += a.high * b.low + a.low * b.high;
	return dd_quick_sum(product.high, product.low);
}

static inline DoubleDouble
dd_divide(DoubleDouble a, DoubleDouble b)
{
	DoubleDouble quotient;
	DoubleDouble rest;

	quotient.high = a.high / b.high;
	quotient.low = 0;
	rest = dd_subtract(a, dd_multiply(b, quotient));
	return dd_quick_sum(quotient.high, rest.high / b.high);
}

static inline DoubleDouble
dd_from_double(double value)
{
	DoubleDouble result;

	result.high = value;
	result.low = 0;
	return result;
}

/* A non-negative integer, exactly. */
static inline DoubleDouble
dd_from_count(int64 count)
{
	return dd_quick_sum((double) (count >> 32) * 4294967296.0,
						(double) (count & 0xFFFFFFFF));
}

/* Add a product of two doubles to a sum. */
static inline void
dd_accumulate_product(DoubleDouble *sum, double a, double b)
{
	*sum = dd_add(*sum, dd_two_product(a, b));
}

/* Add a value to a sum, as often as it occurs. */
static inline void
dd_accumulate(DoubleDouble *sum, double value, int64 count)
{
	*sum = count == 1 ? dd_add_double(*sum, value) :
		dd_add(*sum, dd_multiply(dd_from_count(count), dd_from_double(value)));
}

#endif							/* CUSTOMER_TIER_DOUBLE_DOUBLE_H */
