/*-------------------------------------------------------------------------
 *
 * summary.c
 *		What each tier of a scheme brings, read from a digest.
 *
 * A digest has every distinct value and how often it occurs: grading those
 * tells the customers and the value of each tier, without a second look at
 * the rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/rows.h"
#include "digest/digest.h"
#include "fit/fit.h"
#include "fit/summary.h"
#include "grade/grade.h"
#include "scheme/scheme.h"

#define SUMMARY_COLUMNS		7

PG_FUNCTION_INFO_V1(tier_summary);

/* Grade all classes of a digest by a fitted scheme, and add them up. */
static void
add_classes(Summary *summary, const DigestView *digest)
{
	for (int i = 0; i < digest->nclasses; i++)
	{
		double		value = digest_class_value(digest, i);
		int64		count = digest_class_count(digest, i);
		int			tier = grade_double(summary->scheme, value);
		TierTotal  *row = &summary->rows[tier < 0 ? summary->nrows - 1 : tier];

		row->customers += count;
		dd_accumulate(&row->value, value * summary->scale, count);
		if (value > 0)
			dd_accumulate(&row->positive_value, value * summary->scale, count);
		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
	}

	/* who is not graded has a row if there are any */
	if (summary->rows[summary->nrows - 1].customers == 0)
		summary->nrows--;
}

/* The sum of all positive values, scaled. */
static double
sum_positive(const Summary *summary)
{
	DoubleDouble sum = {0, 0};

	for (int i = 0; i < summary->nrows; i++)
		sum = dd_add(sum, summary->rows[i].positive_value);
	return sum.high;
}

/* Summarize a digest, in the current memory context. */
const Summary *
tier_summarize(const Scheme *scheme, const DigestView *digest)
{
	int			nrows = scheme->nmeasured + 1;
	Summary    *summary = palloc0(offsetof(Summary, rows) +
								  sizeof(TierTotal) * nrows);

	summary->scheme = scheme_fit(scheme, digest);
	grade_check_numbers(summary->scheme);
	summary->scale = digest_sum_scale(digest);
	summary->places = digest_places(digest);
	summary->nrows = nrows;
	add_classes(summary, digest);
	summary->customers = digest->count;
	summary->positive_value = sum_positive(summary);
	return summary;
}

/* What a tier brings. */
double
tier_summary_value(const Summary *summary, const DigestView *digest,
		   const TierTotal *row)
{
	double		magnitude = 2 * row->positive_value.high - row->value.high;

	return digest_check_result(digest_decimal_sum(digest, summary->places,
												  row->value, magnitude,
												  summary->scale));
}

/* Put the tier that a row is about into its first columns. */
static void
put_tier(const Scheme *scheme, int tier, Datum *values, bool *nulls)
{
	if (tier >= scheme->nmeasured)
	{
		nulls[0] = nulls[1] = nulls[2] = true;
		return;
	}
	values[0] = Int32GetDatum(tier + 1);
	values[1] = PointerGetDatum(scheme->tiers[tier].label_text);
	if (scheme->tiers[tier].kind == BOUND_REST)
		nulls[2] = true;
	else
		values[2] = CStringGetTextDatum(scheme_print_bound(&scheme->tiers[tier]));
}

/* What each tier brings: (rank, tier, bound, customers, their share, value, its share). */
Datum
tier_summary(PG_FUNCTION_ARGS)
{
	DigestView	digest;
	const Summary *summary;

	rows_begin(fcinfo);
	digest_open_arg(fcinfo, 0, &digest);
	summary = tier_summarize(scheme_from_arg(fcinfo, 1), &digest);
	for (int tier = 0; tier < summary->nrows; tier++)
	{
		const TierTotal *row = &summary->rows[tier];
		Datum		values[SUMMARY_COLUMNS];
		bool		nulls[SUMMARY_COLUMNS] = {false};

		put_tier(summary->scheme, tier, values, nulls);
		values[3] = Int64GetDatum(row->customers);
		values[4] = Float8GetDatum((double) row->customers / summary->customers);
		values[5] = Float8GetDatum(tier_summary_value(summary, &digest, row));
		nulls[6] = (summary->positive_value == 0);
		values[6] = Float8GetDatum(row->positive_value.high / summary->positive_value);
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
