/*-------------------------------------------------------------------------
 *
 * digest_view.h
 *		A value_digest, open for reading: sorted classes of equal values with
 *		their counts.
 *
 * A value is kept as its image: the double's bits, mapped so that unsigned
 * comparison of images is numeric comparison of doubles. Beyond its capacity
 * a digest clears the low bits of all images alike; a class is then all the
 * doubles that share the kept bits.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DIGEST_VIEW_H
#define CUSTOMER_TIER_DIGEST_VIEW_H

#include <string.h>

#include "number/double_double.h"

/* Bits of the mantissa: an exact digest keeps them all. */
#define DIGEST_FULL_PRECISION	52

typedef uint64 ValueImage;

/* The order-preserving image of a finite double; -0 and +0 have one image. */
static inline ValueImage
value_image(double value)
{
	uint64		bits;

	value += 0.0;				/* -0 becomes +0 */
	memcpy(&bits, &value, sizeof(bits));
	return (bits >> 63) ? ~bits : bits | UINT64CONST(0x8000000000000000);
}

/* The double of an image. */
static inline double
image_value(ValueImage image)
{
	uint64		bits;
	double		value;

	bits = (image >> 63) ? image & UINT64CONST(0x7FFFFFFFFFFFFFFF) : ~image;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* The image bits that a precision keeps. */
static inline ValueImage
precision_mask(int precision)
{
	return ~((UINT64CONST(1) << (DIGEST_FULL_PRECISION - precision)) - 1);
}

/*
 * A canonical digest, open for reading: classes ascending. Points into the
 * datum or the expanded object it was opened from; nothing to free.
 */
typedef struct DigestView
{
	int			nclasses;
	const ValueImage *images;	/* each class's floor */
	const void *counts;			/* see digest_class_count */
	int			count_width;	/* 0 (all counts are 1), 4 or 8 bytes */
	int			precision;		/* mantissa bits kept: 52 when exact */
	int			capacity;
	bool		is_wide;		/* some numeric had more than 15 digits */
	int			places;			/* when truncated: see digest_places */
	int64		count;			/* of values */
	double		sum;
	double		min;			/* exact also when truncated */
	double		max;
} DigestView;

static inline int64
digest_class_count(const DigestView *view, int i)
{
	switch (view->count_width)
	{
		case 0:
			return 1;
		case 4:
			return ((const uint32 *) view->counts)[i];
		default:
			return ((const int64 *) view->counts)[i];
	}
}

/* In assert builds: is a view what its description says? */
#ifdef USE_ASSERT_CHECKING
extern void AssertCheckDigestView(const DigestView *view);
#else
#define AssertCheckDigestView(view)	((void) 0)
#endif

/* The lowest and the highest double of class i. */
extern double digest_class_floor(const DigestView *view, int i);
extern double digest_class_ceiling(const DigestView *view, int i);

/* What class i is read as: the value itself, or the middle of the class. */
extern double digest_class_value(const DigestView *view, int i);

/* Values that are no decimals of a few places. */
#define NO_PLACES	(-1)

/*
 * How many decimal places the values have, as amounts with cents have two:
 * all are multiples of 10^-places. NO_PLACES if some value is no decimal of at
 * most 15 digits. Of a truncated digest that is what was known before.
 */
extern int	digest_places(const DigestView *view);

/* The places of values that already take so many, and of more of them. */
extern int	digest_extend_places(int places, const ValueImage *images, int n);

/*
 * A sum of values of the digest, added up times scale, as the decimal that it
 * is, in spite of what their doubles are off. magnitude is the like sum of
 * what they are without their signs; places are those of digest_places.
 */
extern double digest_decimal_sum(const DigestView *view, int places,
								 DoubleDouble sum, double magnitude,
								 double scale);

/*
 * What the SQL functions of like names tell. The quantile is the server's
 * percentile_cont, p from 0 to 1; the standard deviation is the sample's,
 * and 0 for a single value. None of them overflows on the way to a result
 * that a double holds.
 */
extern double digest_view_mean(const DigestView *view);
extern double digest_view_stddev(const DigestView *view);
extern double digest_view_quantile(const DigestView *view, double p);

/* A factor for the values of a digest, with which sums of them stay finite. */
extern double digest_sum_scale(const DigestView *view);

/* An error if the result of a sum is infinite. */
extern double digest_check_result(double result);

/* The sum of the classes from first on, times scale; and that of all values. */
extern DoubleDouble digest_sum_classes(const DigestView *view, int first,
									   double scale);
extern double digest_compute_sum(const DigestView *view);

#endif							/* CUSTOMER_TIER_DIGEST_VIEW_H */
