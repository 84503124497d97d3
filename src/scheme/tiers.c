/*-------------------------------------------------------------------------
 *
 * tiers.c
 *		The tiers of a scheme: their ranks and labels, and what each covers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "base/rows.h"
#include "scheme/scheme.h"

PG_FUNCTION_INFO_V1(tier_rank_label);
PG_FUNCTION_INFO_V1(tier_label);
PG_FUNCTION_INFO_V1(tier_promote);
PG_FUNCTION_INFO_V1(tier_all);
PG_FUNCTION_INFO_V1(tier_any);
PG_FUNCTION_INFO_V1(tier_list);

/* tier_rank_label(label, scheme): 1 for the best tier. */
Datum
tier_rank_label(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(scheme_find_tier(scheme_from_arg(fcinfo, 1),
									 PG_GETARG_TEXT_PP(0)) + 1);
}

/* tier_label(rank, scheme): NULL outside the ladder, as of an array. */
Datum
tier_label(PG_FUNCTION_ARGS)
{
	int32		rank = PG_GETARG_INT32(0);
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);

	if (rank < 1 || rank > scheme->ntiers)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, rank - 1));
}

/*
 * tier_promote(label, scheme, steps): within the measured tiers. A tier by
 * rule has no place on the way up or down, and stays.
 */
Datum
tier_promote(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 1);
	int			index = scheme_find_tier(scheme, PG_GETARG_TEXT_PP(0));
	int64		target = (int64) index - PG_GETARG_INT32(2);

	if (index < scheme->nmeasured)
		index = (int) Min(Max(target, 0), scheme->nmeasured - 1);
	PG_RETURN_DATUM(scheme_label_datum(scheme, index));
}

/*
 * The indexes of the tiers in the array of argument 1, -1 for NULL; an error
 * for a label that the scheme lacks.
 */
static int
find_tiers(FunctionCallInfo fcinfo, const Scheme *scheme, int **indexes)
{
	Datum	   *labels;
	bool	   *nulls;
	int			nlabels;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &labels, &nulls, &nlabels);
	*indexes = palloc(sizeof(int) * nlabels);
	for (int i = 0; i < nlabels; i++)
		(*indexes)[i] = nulls[i] ? -1 :
			scheme_find_tier(scheme, DatumGetTextPP(labels[i]));
	return nlabels;
}

/* tier_all(scheme, VARIADIC tiers): the worst; NULL if any is NULL. */
Datum
tier_all(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);
	int		   *indexes;
	int			ntiers = find_tiers(fcinfo, scheme, &indexes);
	int			worst = -1;
	bool		any_null = false;

	for (int i = 0; i < ntiers; i++)
	{
		any_null |= (indexes[i] < 0);
		worst = Max(worst, indexes[i]);
	}
	if (any_null || worst < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, worst));
}

/* tier_any(scheme, VARIADIC tiers): the best; NULLs are ignored. */
Datum
tier_any(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);
	int		   *indexes;
	int			ntiers = find_tiers(fcinfo, scheme, &indexes);
	int			best = scheme->ntiers;

	for (int i = 0; i < ntiers; i++)
	{
		if (indexes[i] >= 0)
			best = Min(best, indexes[i]);
	}
	if (best == scheme->ntiers)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(scheme_label_datum(scheme, best));
}

/*
 * The values that a tier of a fitted ladder over numbers covers, as a
 * numrange: from its own bound to the bound of the tier before it.
 */
static Datum
covered_range(const Scheme *scheme, int index)
{
	const SchemeTier *tier = &scheme->tiers[index];
	const SchemeTier *better = index > 0 ? tier - 1 : NULL;
	const char *own = "";
	const char *next = "";
	bool		own_inside = false;
	bool		next_inside = false;
	char	   *range;

	if (tier->kind == BOUND_NUMBER)
	{
		own = numeric_normalize(tier->number);
		own_inside = op_is_inclusive(tier->op);
	}
	if (better != NULL)
	{
		next = numeric_normalize(better->number);
		next_inside = !op_is_inclusive(better->op);
	}

	if (scheme->lower_is_better)
		range = psprintf("%c%s,%s%c", next_inside ? '[' : '(', next, own,
						 own_inside ? ']' : ')');
	else
		range = psprintf("%c%s,%s%c", own_inside ? '[' : '(', own, next,
						 next_inside ? ']' : ')');
	return OidInputFunctionCall(F_RANGE_IN, range, NUMRANGEOID, -1);
}

/* tier_list(scheme): a row per tier. */
Datum
tier_list(PG_FUNCTION_ARGS)
{
	const Scheme *scheme = scheme_from_arg(fcinfo, 0);

	rows_begin(fcinfo);
	for (int index = 0; index < scheme->ntiers; index++)
	{
		const SchemeTier *tier = &scheme->tiers[index];
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = Int32GetDatum(index + 1);
		values[1] = PointerGetDatum(tier->label_text);
		nulls[2] = (tier->kind == BOUND_REST);
		if (!nulls[2])
			values[2] = CStringGetTextDatum(scheme_print_bound(tier));
		nulls[3] = nulls[4] = (tier->kind != BOUND_NUMBER);
		if (!nulls[3])
		{
			values[3] = CStringGetTextDatum(scheme_operator_name(tier->op));
			values[4] = NumericGetDatum(tier->number);
		}
		nulls[5] = !scheme->is_fitted || scheme->is_duration ||
			tier->kind == BOUND_RULE;
		if (!nulls[5])
			values[5] = covered_range(scheme, index);
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
