/*-------------------------------------------------------------------------
 *
 * grade.h
 *		Which tier of a fitted scheme a value reaches.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_GRADE_H
#define CUSTOMER_TIER_GRADE_H

#include "scheme.h"

/* Throw unless the scheme is fitted and over numbers. */
extern void grade_check_numbers(const Scheme *scheme);

/*
 * The index of the tier, or -1: not graded (below the last bound, or NaN).
 * The scheme must be fitted and over numbers.
 */
extern int	grade_double(const Scheme *scheme, double value);
extern int	grade_int64(const Scheme *scheme, int64 value);

/* value: as from PG_DETOAST_DATUM_PACKED, short header allowed. */
extern int	grade_numeric(const Scheme *scheme, const struct varlena *value);

#endif							/* CUSTOMER_TIER_GRADE_H */
