/*-------------------------------------------------------------------------
 *
 * separator.c
 *		The bound, an operator and a decimal, that parts the classes of a
 *		digest at a given place.
 *
 * A class is more than its double: a numeric of any length that rounds to the
 * double was counted there and will be graded later. So a class reaches from
 * the midpoint below its lowest double to the midpoint above its highest, and
 * a midpoint itself belongs to the double that is even. Any decimal between
 * the reaches of two neighbours separates them, for numerics, for doubles
 * graded against the decimal's nearest double, and after a trip through text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fit/separator.h"
#include "number/decimal.h"
#include "number/numeric_decode.h"
#include "number/numeric_ops.h"

#define LAST_FINITE_IMAGE	UINT64CONST(0xFFEFFFFFFFFFFFFF)
#define FIRST_FINITE_IMAGE	UINT64CONST(0x0010000000000000)
#define ZERO_IMAGE			UINT64CONST(0x8000000000000000)

/* Do all classes stand for one short decimal each? */
bool
digest_is_plain(const DigestView *view)
{
	return view->precision == DIGEST_FULL_PRECISION && !view->is_wide;
}

/* The next lower double; there is only one zero. */
static ValueImage
image_below(ValueImage image)
{
	return image == ZERO_IMAGE ? image - 2 : image - 1;
}

/* The next higher double; there is only one zero. */
static ValueImage
image_above(ValueImage image)
{
	return image == ZERO_IMAGE - 2 ? ZERO_IMAGE : image + 1;
}

/* The image of class i's highest double. */
static ValueImage
class_ceiling_image(const DigestView *view, int i)
{
	return value_image(digest_class_ceiling(view, i));
}

/* Halfway between two adjacent doubles. */
static Numeric
midpoint(ValueImage below, ValueImage above)
{
	return num_multiply(num_add(exact_decimal(image_value(below)),
								exact_decimal(image_value(above))),
						num_from_text("0.5"));
}

/* Does the midpoint to a neighbour belong to this double: is it even? */
static bool
owns_midpoint(ValueImage image)
{
	double		value = image_value(image);
	uint64		bits;

	memcpy(&bits, &value, sizeof(bits));
	return (bits & 1) == 0;
}

/* The place of a number's first digit: 2 for 123.4, -3 for 0.001. */
static int
leading_place(Numeric number, double estimate)
{
	Numeric		magnitude = num_abs(number);
	int			place = -324;

	if (estimate != 0)
		place = (int) floor(log10(fabs(estimate)));
	while (num_compare(magnitude, power_of_ten(place)) < 0)
		place--;
	while (num_compare(magnitude, power_of_ten(place + 1)) >= 0)
		place++;
	return place;
}

/* The largest multiple of 10^place that is not above number. */
static Numeric
round_down(Numeric number, int place)
{
	Numeric		result = num_truncate(number, -place);

	/* a negative number was rounded up */
	if (num_compare(result, number) > 0)
		result = num_subtract(result, power_of_ten(place));
	return result;
}

/*
 * The largest of the shortest decimals above low and not above high; neither
 * is zero. It is high rounded down, to as few digits as stay above low: what
 * has fewer digits than that lies outside.
 */
static Numeric
shortest_up_to(Numeric low, Numeric high, double estimate)
{
	int			place = leading_place(high, estimate);
	Numeric		result = round_down(high, place);

	while (num_compare(result, low) <= 0)
		result = round_down(high, --place);
	return result;
}

/* The shortest decimal between two doubles at least two steps apart. */
static Numeric
shortest_between(ValueImage below, ValueImage above, bool near_above)
{
	Numeric		low = midpoint(below, image_above(below));
	Numeric		high = midpoint(image_below(above), above);

	if (near_above)
		return shortest_up_to(low, high, image_value(image_below(above)));
	return num_negate(shortest_up_to(num_negate(high), num_negate(low),
									 image_value(image_above(below))));
}

/*
 * The bound of a truncated class of short values, at its lower or its upper
 * edge: the first or the last number in it that has the places of the values.
 * If they have none, then the edge itself, which no short value but its own
 * decimal is as near to.
 */
static Numeric
truncated_bound(const DigestView *view, int member, bool lower)
{
	double		edge = lower ?
		Max(view->min, digest_class_floor(view, member)) :
		Min(view->max, digest_class_ceiling(view, member));
	int			places = digest_places(view);
	Numeric		bound;
	Numeric		step;
	double		nearest;

	if (places == NO_PLACES)
		return shortest_decimal(edge);

	/* what is no farther than half a unit beyond the edge may be at it */
	step = power_of_ten(-places);
	bound = lower ? round_down(exact_decimal(edge), -places) :
		num_negate(round_down(num_negate(exact_decimal(edge)), -places));
	numeric_decode((struct varlena *) bound, &nearest);
	if (lower ? nearest < edge : nearest > edge)
		bound = lower ? num_add(bound, step) : num_subtract(bound, step);
	numeric_decode((struct varlena *) bound, &nearest);
	if (nearest < digest_class_floor(view, member) ||
		nearest > digest_class_ceiling(view, member))
		return shortest_decimal(edge);
	return bound;
}

/*
 * Part two neighbouring classes, given the highest double of the lower and the
 * lowest of the upper one.
 */
static Numeric
separate_images(ValueImage below, ValueImage above, BoundOp *op)
{
	if (image_above(below) == above)
	{
		*op = op_going_with(owns_midpoint(above), *op);
		return midpoint(below, above);
	}
	return shortest_between(below, above, op_goes_with_upper(*op));
}

/* The bound beside the lowest class: all are above it. */
static Numeric
separate_from_below(ValueImage lowest, BoundOp *op)
{
	if (lowest <= FIRST_FINITE_IMAGE + 1)
		return shortest_decimal(-INFINITY);

	/* two steps away, not one, so that a short decimal fits between */
	return separate_images(image_below(image_below(lowest)), lowest, op);
}

/* The bound beside the highest class: all are below it. */
static Numeric
separate_from_above(ValueImage highest, BoundOp *op)
{
	if (highest >= LAST_FINITE_IMAGE - 1)
		return shortest_decimal(INFINITY);
	return separate_images(highest, image_above(image_above(highest)), op);
}

/*
 * The bound between class cut - 1 and class cut. A plain digest's short member
 * is its own bound, and so is the edge of a truncated class of short values; where the operator's class does not exist nobody is
 * inside, whatever will be graded.
 */
Numeric
separate_classes(const DigestView *view, int cut, BoundOp *op)
{
	int			member = op_goes_with_upper(*op) ? cut : cut - 1;

	if (member < 0 || member >= view->nclasses)
	{
		*op = op_make(op_is_lower_better(*op), false);
		return shortest_decimal(op_is_lower_better(*op) ? -INFINITY : INFINITY);
	}

	if (digest_is_plain(view))
	{
		double		value = digest_class_value(view, member);
		Numeric		number = shortest_decimal(value);

		if (numeric_decode((struct varlena *) number, &value) == DECODE_SHORT)
			return number;
	}
	else if (!view->is_wide)
		return truncated_bound(view, member, op_goes_with_upper(*op));

	if (cut == 0)
		return separate_from_below(view->images[0], op);
	if (cut == view->nclasses)
		return separate_from_above(class_ceiling_image(view, cut - 1), op);
	return separate_images(class_ceiling_image(view, cut - 1),
						   view->images[cut], op);
}
