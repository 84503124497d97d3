/*-------------------------------------------------------------------------
 *
 * bound.c
 *		What a tier requires: its bound.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "number/numeric_decode.h"
#include "number/numeric_ops.h"
#include "scheme/bound.h"

/* Give a bound its number, in the forms that grading and fitting want. */
void
bound_set_number(SchemeTier *tier, Numeric number)
{
	tier->number = number;
	tier->is_short = numeric_decode((struct varlena *) number,
									&tier->value) == DECODE_SHORT;
	tier->key = numeric_key((struct varlena *) number);
}

/* Give a bound its duration, and the interval of the same length. */
void
bound_set_duration(SchemeTier *tier, int count, DurationUnit unit)
{
	tier->kind = BOUND_DURATION;
	tier->duration = count;
	tier->unit = unit;
	memset(&tier->interval, 0, sizeof(Interval));
	switch (unit)
	{
		case UNIT_DAY:
			tier->interval.day = count;
			break;
		case UNIT_WEEK:
			tier->interval.day = count * 7;
			break;
		case UNIT_MONTH:
			tier->interval.month = count;
			break;
		case UNIT_QUARTER:
			tier->interval.month = count * 3;
			break;
		case UNIT_YEAR:
			tier->interval.month = count * 12;
			break;
	}
}

/* Which way is better: 1 higher, -1 lower, 0 when the bound leaves it open. */
int
bound_direction(const SchemeTier *tier)
{
	switch (tier->kind)
	{
		case BOUND_REST:
		case BOUND_RULE:
		case BOUND_NATURAL:
			return 0;
		case BOUND_TOP:
		case BOUND_TOP_VALUE:
		case BOUND_UP_TO:
		case BOUND_UP_TO_VALUE:
		case BOUND_TOP_COUNT:
			return 1;
		case BOUND_LOWEST:
			return -1;
		case BOUND_NUMBER:
		case BOUND_DURATION:
		case BOUND_PERCENTILE:
		case BOUND_MEAN:
			break;
	}
	return op_is_lower_better(tier->op) ? -1 : 1;
}

/* Compare what two bounds of one kind refer to. */
int
bound_compare(const SchemeTier *a, const SchemeTier *b)
{
	if (a->kind == BOUND_DURATION)
		return DatumGetInt32(DirectFunctionCall2(interval_cmp,
												 IntervalPGetDatum(&a->interval),
												 IntervalPGetDatum(&b->interval)));
	return num_compare(a->number, b->number);
}

/*
 * Is a bound harder to meet than another? Equal ones are not: fitting tied
 * data gives such ladders.
 */
bool
bound_is_stricter(const SchemeTier *tier, const SchemeTier *than)
{
	int			cmp = bound_compare(tier, than);

	if (cmp == 0)
		return op_is_inclusive(than->op) && !op_is_inclusive(tier->op);
	return op_is_lower_better(tier->op) ? cmp < 0 : cmp > 0;
}
