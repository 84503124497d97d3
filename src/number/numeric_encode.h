/*-------------------------------------------------------------------------
 *
 * numeric_encode.h
 *		Write integers and their quotients as numerics, digit by digit.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_NUMERIC_ENCODE_H
#define CUSTOMER_TIER_NUMERIC_ENCODE_H

#include "utils/numeric.h"

/*
 * mantissa * 10000^-scale as a numeric with a display scale, which must cover
 * its decimals. NULL beyond everyday scales.
 */
extern Numeric numeric_encode_scaled(int64 mantissa, int scale,
									 int display_scale);

#endif							/* CUSTOMER_TIER_NUMERIC_ENCODE_H */
