/*-------------------------------------------------------------------------
 *
 * fit.c
 *		Turn the relative bounds of a scheme into numbers, from a digest.
 *
 * A bound is fitted in two steps. First which of the digest's classes are
 * inside: always all from some class on, so one number, the cut, tells it.
 * Then separate_classes makes the operator and the decimal for that cut.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "fit/fit.h"
#include "fit/moments.h"
#include "fit/natural.h"
#include "fit/separator.h"
#include "number/decimal.h"
#include "number/double_double.h"
#include "number/numeric_decode.h"
#include "number/numeric_ops.h"

/* Shares of value nearer than this to a percentage are on it. */
#define SHARE_TOLERANCE	1e-12

/* A fit under way. What several tiers need is computed once, when needed. */
typedef struct Fit
{
	const DigestView *view;
	Scheme	   *scheme;			/* the copy that gets its numbers */
	MemoryContext scheme_context;
	double		unit;			/* classes are summed as value * unit */
	bool		has_positive_sum;
	DoubleDouble positive_sum;
	int		   *natural_cuts;
	int			natural_done;	/* natural tiers fitted */
} Fit;

/* Where a number falls among the classes. */
typedef struct Place
{
	int			cut;			/* the first class not below the number */
	bool		on_class;		/* the number is in that class */
} Place;

PG_FUNCTION_INFO_V1(tier_fit);

/* Copy a scheme with all it points to. */
static Scheme *
scheme_copy(const Scheme *scheme)
{
	Size		size = offsetof(Scheme, tiers) +
		sizeof(SchemeTier) * scheme->ntiers;
	Scheme	   *result = palloc(size);

	memcpy(result, scheme, size);
	for (int i = 0; i < result->ntiers; i++)
	{
		SchemeTier *tier = &result->tiers[i];

		tier->label = pstrdup(tier->label);
		tier->label_is_kept = kept_text(tier->label, strlen(tier->label),
										&tier->label_text);
		if (tier->number != NULL)
			tier->number = DatumGetNumericCopy(NumericGetDatum(tier->number));
	}
	return result;
}

/*
 * A power of two to read the values with, so that neither their sum nor that
 * of their squares overflows or loses all its bits.
 */
static double
choose_unit(const DigestView *view)
{
	double		magnitude = Max(fabs(view->min), fabs(view->max));

	if (magnitude > ldexp(1, 400))
		return ldexp(1, -600);
	if (magnitude < ldexp(1, -400))
		return ldexp(1, 600);
	return 1;
}

/* Make a tier's bound absolute. */
static void
set_bound(Fit *fit, SchemeTier *tier, BoundOp op, Numeric number)
{
	MemoryContext work = MemoryContextSwitchTo(fit->scheme_context);

	tier->kind = BOUND_NUMBER;
	tier->op = op;
	bound_set_number(tier, num_trim(number));
	MemoryContextSwitchTo(work);
}

/* Make a tier's bound the one between class cut - 1 and class cut. */
static void
set_cut(Fit *fit, SchemeTier *tier, int cut, BoundOp op)
{
	Numeric		number = separate_classes(fit->view, cut, &op);

	set_bound(fit, tier, op, number);
}

/* The first class that reaches as high as number, by its highest double. */
static int
first_class_reaching(const DigestView *view, double number)
{
	int			low = 0;
	int			high = view->nclasses;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (digest_class_ceiling(view, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where a double falls among the classes. */
static Place
place_of(const DigestView *view, double number)
{
	Place		place;

	place.cut = first_class_reaching(view, number);
	place.on_class = place.cut < view->nclasses &&
		digest_class_floor(view, place.cut) <= number;
	return place;
}

/*
 * A number that was computed from the digest, as a decimal: a tidy one, if that
 * falls in the same place among the classes.
 */
Numeric
fit_decimal(const DigestView *view, double number)
{
	Numeric		tidy = tidy_decimal(number);
	Place		place = place_of(view, number);
	Place		tidy_place;
	double		rounded;

	numeric_decode((struct varlena *) tidy, &rounded);
	tidy_place = place_of(view, rounded);
	if (tidy_place.cut == place.cut && tidy_place.on_class == place.on_class)
		return tidy;
	return shortest_decimal(number);
}

/*
 * Make a tier's bound this number. If it is in a class, the operator says on
 * which side of the bound that class goes. If rounding carried it over a class
 * that it should part from, that class is the bound.
 */
static void
set_number(Fit *fit, SchemeTier *tier, double number, Place place)
{
	const DigestView *view = fit->view;
	int			cut = place.cut;

	if (place.on_class)
		set_cut(fit, tier, op_goes_with_upper(tier->op) ? cut : cut + 1,
				tier->op);
	else if (cut < view->nclasses && number >= digest_class_floor(view, cut))
		set_cut(fit, tier, cut, op_going_with(true, tier->op));
	else if (cut > 0 && number <= digest_class_ceiling(view, cut - 1))
		set_cut(fit, tier, cut, op_going_with(false, tier->op));
	else
		set_bound(fit, tier, tier->op, fit_decimal(view, number));
}

/* A whole number as one of customers: at most count. */
static int64
customers_limit(Numeric number, int64 count)
{
	if (num_compare(number, int64_to_numeric(count)) >= 0)
		return count;
	return num_to_int64(number);
}

/* percent of count customers, exactly. */
static Numeric
percent_of(Numeric percent, int64 count)
{
	return num_multiply(num_multiply(percent, int64_to_numeric(count)),
						power_of_ten(-2));
}

/* The classes that fewer than limit customers surpass. */
static int
cut_top_customers(const DigestView *view, int64 limit)
{
	int64		greater = 0;
	int			i = view->nclasses;

	while (i > 0 && greater < limit)
		greater += digest_class_count(view, --i);
	return i;
}

/* The classes that, with all above them, have at most limit customers. */
static int
cut_up_to_customers(const DigestView *view, int64 limit)
{
	int64		reached = 0;
	int			i;

	for (i = view->nclasses; i > 0; i--)
	{
		reached += digest_class_count(view, i - 1);
		if (reached > limit)
			break;
	}
	return i;
}

/* The classes that fewer than limit customers fall below. */
static int
cut_lowest_customers(const DigestView *view, int64 limit)
{
	int64		lower = 0;
	int			i = 0;

	while (i < view->nclasses && lower < limit)
		lower += digest_class_count(view, i++);
	return i;
}

/* What class i brings, times unit. */
static inline DoubleDouble
class_sum(const Fit *fit, int i)
{
	return dd_multiply(dd_from_count(digest_class_count(fit->view, i)),
					   dd_from_double(digest_class_value(fit->view, i) *
									  fit->unit));
}

static inline bool
dd_less(DoubleDouble a, DoubleDouble b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* Is there a class before i, and does it bring any value? */
static inline bool
positive_before(const DigestView *view, int i)
{
	return i > 0 && digest_class_value(view, i - 1) > 0;
}

/* The sum of all positive values, from the greatest on, times unit. */
static DoubleDouble
positive_sum(Fit *fit)
{
	if (!fit->has_positive_sum)
	{
		for (int i = fit->view->nclasses; positive_before(fit->view, i); i--)
			fit->positive_sum = dd_add(fit->positive_sum, class_sum(fit, i - 1));
		fit->has_positive_sum = true;
	}
	return fit->positive_sum;
}

/* percent of the sum of positive values, moved by the tolerance. */
static DoubleDouble
value_limit(Fit *fit, double percent, double tolerance)
{
	DoubleDouble limit = dd_multiply(positive_sum(fit),
									 dd_from_double(percent));

	limit = dd_divide(limit, dd_from_double(100));
	return dd_multiply(limit, dd_from_double(1 + tolerance));
}

/* The positive classes above which less than percent of the value lies. */
static int
cut_top_value(Fit *fit, double percent)
{
	DoubleDouble limit = value_limit(fit, percent, -SHARE_TOLERANCE);
	DoubleDouble greater = {0, 0};
	int			i = fit->view->nclasses;

	while (positive_before(fit->view, i) && dd_less(greater, limit))
		greater = dd_add(greater, class_sum(fit, --i));
	return i;
}

/* The positive classes that, with all above them, bring at most percent. */
static int
cut_up_to_value(Fit *fit, double percent)
{
	DoubleDouble limit = value_limit(fit, percent, SHARE_TOLERANCE);
	DoubleDouble reached = {0, 0};
	int			i;

	for (i = fit->view->nclasses; positive_before(fit->view, i); i--)
	{
		reached = dd_add(reached, class_sum(fit, i - 1));
		if (dd_less(limit, reached))
			break;
	}
	return i;
}

/* What pNN is: percentile_cont(NN / 100), of the exact quotient's double. */
double
fit_percentile(const DigestView *view, Numeric percent)
{
	double		fraction;

	(void) numeric_decode((struct varlena *) percent_of(percent, 1), &fraction);
	return digest_view_quantile(view, fraction);
}

/* Fit pNN. */
static void
fit_percentile_bound(Fit *fit, SchemeTier *tier)
{
	double		number = fit_percentile(fit->view, tier->number);

	set_number(fit, tier, number, place_of(fit->view, number));
}

/* A number of sd: none above sqrt(n) tells anybody apart. */
static double
cap_deviations(double deviations)
{
	return Max(Min(deviations, 1e100), -1e100);
}

/* What mean + k sd is; may be infinite. */
double
fit_mean(const DigestView *view, double deviations)
{
	double		number = digest_view_mean(view);

	if (deviations != 0)
		number += cap_deviations(deviations) * digest_view_stddev(view);
	return number;
}

/*
 * Where mean + k sd falls among classes that may all be within rounding of it:
 * compare with their decimals.
 */
static Place
place_exactly(const DigestView *view, Numeric sd_factor, int low, int high)
{
	ExactMoments moments = exact_moments(view, sd_factor);
	Place		place;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_to_moments(&moments, digest_class_value(view, middle)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	place.cut = low;
	place.on_class = low < view->nclasses &&
		compare_to_moments(&moments, digest_class_value(view, low)) == 0;
	return place;
}

/* Fit mean + k sd. */
static void
fit_mean_bound(Fit *fit, SchemeTier *tier)
{
	const DigestView *view = fit->view;
	double		number = fit_mean(view, tier->value);
	double		margin;
	int			low;
	int			high;

	/* what rounding the decimals to doubles may have moved it, and more */
	margin = ldexp(1 + fabs(cap_deviations(tier->value)), -50) *
		Max(fabs(view->min), fabs(view->max));
	low = first_class_reaching(view, number - margin);
	high = first_class_reaching(view, number + margin);
	if (high < view->nclasses &&
		digest_class_value(view, high) <= number + margin)
		high++;

	if (digest_is_plain(view) && low < high)
		set_number(fit, tier, number,
				   place_exactly(view, tier->number, low, high));
	else
		set_number(fit, tier, number, place_of(view, number));
}

/* Fit the next natural tier; all of them are cut together. */
static void
fit_natural(Fit *fit, SchemeTier *tier)
{
	bool		lower = fit->scheme->lower_is_better;

	if (fit->natural_cuts == NULL)
	{
		int			count = 0;

		/* those not fitted yet: all, as this is the first */
		for (int i = 0; i < fit->scheme->nmeasured; i++)
			if (fit->scheme->tiers[i].kind == BOUND_NATURAL)
				count++;
		fit->natural_cuts = palloc(sizeof(int) * count);
		natural_cuts(fit->view, fit->unit, count, lower, fit->natural_cuts);
	}
	set_cut(fit, tier, fit->natural_cuts[fit->natural_done++],
			op_make(lower, true));
}

/* Give a relative bound its number. Among no customers nobody is inside. */
static void
fit_tier(Fit *fit, SchemeTier *tier)
{
	const DigestView *view = fit->view;
	int64		count = view->count;
	int64		limit;

	if (count == 0 && !bound_is_absolute(tier->kind))
	{
		set_cut(fit, tier, 0, op_make(fit->scheme->lower_is_better, true));
		return;
	}

	switch (tier->kind)
	{
		case BOUND_TOP:
			limit = customers_limit(num_ceil(percent_of(tier->number, count)),
									count);
			set_cut(fit, tier, cut_top_customers(view, limit), OP_GE);
			break;
		case BOUND_UP_TO:
			limit = customers_limit(num_floor(percent_of(tier->number, count)),
									count);
			set_cut(fit, tier, cut_up_to_customers(view, limit), OP_GE);
			break;
		case BOUND_LOWEST:
			limit = customers_limit(num_ceil(percent_of(tier->number, count)),
									count);
			set_cut(fit, tier, cut_lowest_customers(view, limit), OP_LE);
			break;
		case BOUND_TOP_COUNT:
			limit = customers_limit(tier->number, count);
			set_cut(fit, tier, cut_top_customers(view, limit), OP_GE);
			break;
		case BOUND_TOP_VALUE:
			set_cut(fit, tier, cut_top_value(fit, tier->value), OP_GE);
			break;
		case BOUND_UP_TO_VALUE:
			set_cut(fit, tier, cut_up_to_value(fit, tier->value), OP_GE);
			break;
		case BOUND_PERCENTILE:
			fit_percentile_bound(fit, tier);
			break;
		case BOUND_MEAN:
			fit_mean_bound(fit, tier);
			break;
		case BOUND_NATURAL:
			fit_natural(fit, tier);
			break;
		case BOUND_REST:
		case BOUND_RULE:
		case BOUND_NUMBER:
		case BOUND_DURATION:
			break;
	}
}

/*
 * A tier is given only to who did not reach the one before. A bound stricter
 * than its predecessor's takes that one: the same tier, empty, and valid.
 */
static void
relax_to_previous(Fit *fit, SchemeTier *tier, const SchemeTier *previous)
{
	if (bound_is_stricter(tier, previous))
		set_bound(fit, tier, previous->op, previous->number);
}

/* Fit all tiers in turn. */
static void
fit_tiers(Fit *fit)
{
	Scheme	   *scheme = fit->scheme;

	for (int i = 0; i < scheme->nmeasured; i++)
	{
		SchemeTier *tier = &scheme->tiers[i];

		/* Each of 255 tiers may look at 2^24 classes. */
		CHECK_FOR_INTERRUPTS();
		fit_tier(fit, tier);
		if (i > 0 && tier->kind == BOUND_NUMBER)
			relax_to_previous(fit, tier, tier - 1);
	}
	scheme->is_fitted = true;
	AssertCheckScheme(scheme);
}

/* A copy of the scheme with absolute bounds, in the current memory context. */
Scheme *
scheme_fit(const Scheme *scheme, const DigestView *digest)
{
	Fit			fit = {0};
	MemoryContext work;

	fit.view = digest;
	fit.scheme = scheme_copy(scheme);
	if (scheme->is_fitted)
		return fit.scheme;

	fit.unit = choose_unit(digest);
	work = AllocSetContextCreate(CurrentMemoryContext, "tier_fit",
								 ALLOCSET_DEFAULT_SIZES);
	fit.scheme_context = MemoryContextSwitchTo(work);
	fit_tiers(&fit);
	MemoryContextSwitchTo(fit.scheme_context);
	MemoryContextDelete(work);
	return fit.scheme;
}

/* Fit a scheme to a digest. */
Datum
tier_fit(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);
	DigestView	view;

	if (scheme->is_fitted)
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	digest_open_arg(fcinfo, 0, &view);
	PG_RETURN_TEXT_P(scheme_print(scheme_fit(scheme, &view)));
}
