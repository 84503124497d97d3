/*-------------------------------------------------------------------------
 *
 * grade.h
 *		Which tier of a fitted scheme a value reaches.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_GRADE_H
#define CUSTOMER_TIER_GRADE_H

#include "base/text_type_arg.h"
#include "scheme/scheme.h"

/* Throw unless the scheme is fitted and over numbers. */
extern void grade_check_numbers(const Scheme *scheme);

/* Complain that the scheme cannot grade what it was given. */
extern void grade_refuse_scheme(const Scheme *scheme);

/* No tier: the value is not graded. */
#define NO_TIER			(-1)

/*
 * The index of the tier, or NO_TIER: below the last bound, or NaN. The scheme
 * must be fitted and over numbers.
 */
extern int	grade_double(const Scheme *scheme, double value);
extern int	grade_int64(const Scheme *scheme, int64 value);

/* value: as from PG_DETOAST_DATUM_PACKED, short header allowed. */
extern int	grade_numeric(const Scheme *scheme, const struct varlena *value);

/* Compare two numerics, leaving nothing allocated. */
extern int	grade_compare_numerics(const struct varlena *value, Numeric bound);

/* Parse a scheme that must be fitted and over numbers, for text_type_arg. */
extern void *grade_parse_scheme(const char *str, int len,
								struct Node *escontext);

/* The scheme in argument argno, which must be fitted and over numbers. */
static inline const Scheme *
grade_number_scheme(FunctionCallInfo fcinfo, int argno)
{
	return text_type_arg(fcinfo, argno, grade_parse_scheme);
}

/* The index of the tier that a search over all the bounds ended at. */
static inline int
grade_found(const Scheme *scheme, int i)
{
	return i < scheme->nmeasured ? i : NO_TIER;
}

/* Return a copy of the label of a tier, NULL for none. */
static inline Datum
grade_return_label(FunctionCallInfo fcinfo, const Scheme *scheme, int tier)
{
	if (tier == NO_TIER)
		PG_RETURN_NULL();
	return scheme_label_datum(scheme, tier);
}

/* Return the rank of a tier, 1 for the best, NULL for none. */
static inline Datum
grade_return_rank(FunctionCallInfo fcinfo, int tier)
{
	if (tier == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_INT32(tier + 1);
}

#endif							/* CUSTOMER_TIER_GRADE_H */
