/*-------------------------------------------------------------------------
 *
 * grade.c
 *		Which tier of a fitted scheme a value reaches.
 *
 * A value gets the first tier whose bound it meets. The search goes by
 * something that is quick to compare and keeps order: for numerics the key
 * that their first digits make, for other numbers the nearest double. A value
 * greater by that is greater than the bound. Only where the two are the same is
 * a closer look needed, and even there few digits are known to be equal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "grade/grade.h"
#include "number/numeric_decode.h"

/* More bounds than this are searched by halving. */
#define LINEAR_SEARCH_LIMIT	12

/* Integers up to here, either sign, are exact doubles. */
#define EXACT_INTEGER	(INT64CONST(1) << 53)

/* What to search by: a double, or the key of a numeric. */
typedef struct Searched
{
	bool		by_key;
	double		value;
	int64		key;
} Searched;

/* Is a value out of reach of a tier's bound, going by what is searched by? */
static inline bool
falls_short(const SchemeTier *tier, Searched searched, bool lower_is_better)
{
	if (searched.by_key)
		return lower_is_better ? searched.key > tier->key :
			searched.key < tier->key;
	return lower_is_better ? searched.value > tier->value :
		searched.value < tier->value;
}

static pg_always_inline int
search_in_direction(const Scheme *scheme, Searched searched,
					bool lower_is_better)
{
	const SchemeTier *tiers = scheme->tiers;
	int			low = 0;
	int			high = scheme->nbounds;

	while (unlikely(high - low > LINEAR_SEARCH_LIMIT))
	{
		int			middle = (low + high) / 2;

		if (falls_short(&tiers[middle], searched, lower_is_better))
			low = middle + 1;
		else
			high = middle;
	}
	while (low < high && falls_short(&tiers[low], searched, lower_is_better))
		low++;
	return low;
}

/*
 * The first bound that the value meets or equals, going by what is searched
 * by. The tiers before it are out of reach. If the value equals the bound, the
 * operator and what the search leaves out decide; if not, this is the tier.
 */
static pg_always_inline int
search_bounds(const Scheme *scheme, Searched searched)
{
	if (scheme->lower_is_better)
		return search_in_direction(scheme, searched, true);
	return search_in_direction(scheme, searched, false);
}

int
grade_double(const Scheme *scheme, double value)
{
	int			i;

	if (unlikely(isnan(value)))
		return NO_TIER;

	i = search_bounds(scheme, (Searched) {.value = value});
	while (i < scheme->nbounds && value == scheme->tiers[i].value &&
		   !op_is_met(scheme->tiers[i].op, 0))
		i++;
	return grade_found(scheme, i);
}

/* Compare two numerics, leaving nothing allocated. */
int
grade_compare_numerics(const struct varlena *value, Numeric bound)
{
	struct varlena *aligned = PG_DETOAST_DATUM(PointerGetDatum(value));
	int			cmp;

	cmp = DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											PointerGetDatum(aligned),
											NumericGetDatum(bound)));
	if (aligned != value)
		pfree(aligned);
	return cmp;
}

/* Go on from the first bound whose key the value has, to the one it meets. */
static pg_noinline int
settle_equal_keys(const Scheme *scheme, const struct varlena *value, int64 key,
				  int i)
{
	for (; i < scheme->nbounds && key == scheme->tiers[i].key; i++)
	{
		int			cmp = 0;

		if (!NUMERIC_KEY_IS_EXACT(key))
			cmp = grade_compare_numerics(value, scheme->tiers[i].number);
		if (op_is_met(scheme->tiers[i].op, cmp))
			break;
	}
	return i;
}

int
grade_numeric(const Scheme *scheme, const struct varlena *value)
{
	int64		key = numeric_key(value);
	int			i;

	if (unlikely(key == NUMERIC_KEY_NAN))
		return NO_TIER;

	i = search_bounds(scheme, (Searched) {.by_key = true, .key = key});
	if (i < scheme->nbounds && key == scheme->tiers[i].key)
		i = settle_equal_keys(scheme, value, key, i);
	return grade_found(scheme, i);
}

/* Go on from the first bound that has the integer's double, to the one it meets. */
static pg_noinline int
settle_equal_doubles(const Scheme *scheme, int64 value, int i)
{
	bool		is_exact = value >= -EXACT_INTEGER && value <= EXACT_INTEGER;

	for (; i < scheme->nbounds && (double) value == scheme->tiers[i].value; i++)
	{
		const SchemeTier *tier = &scheme->tiers[i];
		int			cmp = 0;

		/* no other decimal of 15 digits rounds to an integer this small */
		if (!is_exact || !tier->is_short)
		{
			Numeric		exact = int64_to_numeric(value);

			cmp = grade_compare_numerics((struct varlena *) exact, tier->number);
			pfree(exact);
		}
		if (op_is_met(tier->op, cmp))
			break;
	}
	return i;
}

int
grade_int64(const Scheme *scheme, int64 value)
{
	double		nearest = (double) value;
	int			i = search_bounds(scheme, (Searched) {.value = nearest});

	if (i < scheme->nbounds && nearest == scheme->tiers[i].value)
		i = settle_equal_doubles(scheme, value, i);
	return grade_found(scheme, i);
}

/*
 * Complain that the scheme cannot grade what it was given. One without any
 * bound would have been right for both.
 */
void
grade_refuse_scheme(const Scheme *scheme)
{
	const SchemeTier *first = &scheme->tiers[0];

	scheme_check_fitted(scheme);
	if (scheme->is_duration)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a tier scheme over durations cannot grade a number"),
				 errdetail("Tier \"%s\" has the bound \"%s\".",
						   first->label, scheme_print_bound(first)),
				 errhint("Give two dates, two timestamps or an interval; or write the bounds without a unit of time.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a tier scheme over numbers cannot grade a duration"),
			 errdetail("Tier \"%s\" has the bound \"%s\".",
					   first->label, scheme_print_bound(first)),
			 errhint("Give a number, such as the difference of two dates in days; or write the bounds with a unit of time, such as within 30 days.")));
}

/* Throw unless the scheme is fitted and over numbers. */
void
grade_check_numbers(const Scheme *scheme)
{
	if (unlikely(!scheme->is_fitted || scheme->is_duration))
		grade_refuse_scheme(scheme);
}

/* Parse a scheme that must be fitted and over numbers, for text_type_arg. */
void *
grade_parse_scheme(const char *str, int len, struct Node *escontext)
{
	Scheme	   *scheme = scheme_parse(str, len, escontext);

	grade_check_numbers(scheme);
	return scheme;
}
