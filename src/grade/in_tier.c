/*-------------------------------------------------------------------------
 *
 * in_tier.c
 *		Is a value in a tier? As a condition that the planner understands.
 *
 * The values of a tier are those that reach it, but no better tier. With a
 * constant scheme that is a range between two edges, so the planner gets the
 * call as plain comparisons, which indexes, statistics and the pruning of
 * partitions know what to do with. They give what the call gives for every
 * value: NULL for NULL, and false for NaN, which is in no tier.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "base/text_type.h"
#include "grade/measured.h"
#include "number/numeric_ops.h"

/* A value of at most this cost may be computed twice, as functions inline. */
#define MAX_COST_OF_COPIES	(10 * cpu_operator_cost)

/* What is compared with the edges of a tier. */
typedef struct Comparand
{
	Node	   *value;
	Oid			type;
	Oid			graded_as;		/* the type of the function's argument */
	Oid			edge_type;
	bool		has_nan;
	bool		has_keys;		/* edges are looked for among keys: */
	int64		least;			/* integers, or images of reals, */
	int64		greatest;		/* from the type's least to its greatest */
} Comparand;

/* Which values reach a tier, or a better one. */
typedef struct Reach
{
	bool		everyone;
	bool		nobody;

	/* else: those beyond the edge, and those at the edge if it is inside */
	Datum		edge;
	bool		is_inside;
} Reach;

PG_FUNCTION_INFO_V1(in_tier_numeric);
PG_FUNCTION_INFO_V1(in_tier_float8);
PG_FUNCTION_INFO_V1(in_tier_int8);
PG_FUNCTION_INFO_V1(in_tier_float4);
PG_FUNCTION_INFO_V1(in_tier_support);

/* in_tier of argument 0, which is of this type. */
static pg_always_inline Datum
in_tier_arg(FunctionCallInfo fcinfo, Oid type)
{
	const Scheme *scheme = grade_number_scheme(fcinfo, 1);
	int			tier = scheme_find_tier(scheme, PG_GETARG_TEXT_PP(2));
	Measured	value = measured_datum(type, PG_GETARG_DATUM(0));

	PG_RETURN_BOOL(grade_measured(scheme, &value) == tier);
}

Datum
in_tier_numeric(PG_FUNCTION_ARGS)
{
	return in_tier_arg(fcinfo, NUMERICOID);
}

Datum
in_tier_float8(PG_FUNCTION_ARGS)
{
	return in_tier_arg(fcinfo, FLOAT8OID);
}

Datum
in_tier_int8(PG_FUNCTION_ARGS)
{
	return in_tier_arg(fcinfo, INT8OID);
}

Datum
in_tier_float4(PG_FUNCTION_ARGS)
{
	return in_tier_arg(fcinfo, FLOAT4OID);
}

/* The key of a real: an integer that sorts as it does. */
static int64
real_key(float4 value)
{
	int32		bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >= 0 ? bits : (int64) PG_INT32_MIN - bits;
}

/* The real of a key. */
static float4
key_real(int64 key)
{
	int32		bits = (int32) (key >= 0 ? key : PG_INT32_MIN - key);
	float4		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/*
 * What stands behind casts that never fail, if they keep the order of values
 * and the type of what stands there can be compared just as well.
 */
static Node *
look_through_casts(Node *value)
{
	while (IsA(value, FuncExpr))
	{
		FuncExpr   *cast = (FuncExpr *) value;

		switch (cast->funcid)
		{
			case F_INT8_INT2:
			case F_INT8_INT4:
			case F_FLOAT8_INT2:
			case F_FLOAT8_INT4:
			case F_FLOAT8_INT8:
			case F_NUMERIC_INT2:
			case F_NUMERIC_INT4:
			case F_NUMERIC_INT8:
			case F_FLOAT8_FLOAT4:
				value = linitial(cast->args);
				break;
			default:
				return value;
		}
	}
	return value;
}

/* A value of a domain as one of the type below it, as operators take it. */
static Node *
without_domain(Node *value)
{
	Oid			type = exprType(value);
	Oid			base_type = getBaseType(type);

	if (type == base_type)
		return value;
	return (Node *) makeRelabelType((Expr *) value, base_type, -1, InvalidOid,
									COERCE_IMPLICIT_CAST);
}

/* How the argument of a call is to be compared. */
static Comparand
get_comparand(Node *argument)
{
	Comparand	comparand = {0};

	comparand.value = without_domain(look_through_casts(argument));
	comparand.type = exprType(comparand.value);
	comparand.graded_as = getBaseType(exprType(argument));
	comparand.edge_type = comparand.type;
	comparand.has_keys = true;
	switch (comparand.type)
	{
		case INT2OID:
			comparand.least = PG_INT16_MIN;
			comparand.greatest = PG_INT16_MAX;
			break;
		case INT4OID:
			comparand.least = PG_INT32_MIN;
			comparand.greatest = PG_INT32_MAX;
			break;
		case INT8OID:
			comparand.least = PG_INT64_MIN;
			comparand.greatest = PG_INT64_MAX;
			break;
		case FLOAT4OID:
			comparand.has_nan = true;
			comparand.least = real_key(-get_float4_infinity());
			comparand.greatest = real_key(get_float4_infinity());
			if (comparand.graded_as == FLOAT8OID)
			{
				/* edges are doubles, which compare with it as they are */
				comparand.has_keys = false;
				comparand.edge_type = FLOAT8OID;
			}
			break;
		default:
			comparand.has_nan = true;
			comparand.has_keys = false;
			break;
	}
	return comparand;
}

/* Is a grade that of a tier, or of a better one? */
static inline bool
reaches(int grade, int tier)
{
	return grade >= 0 && grade <= tier;
}

/* Does a key's value reach the tier, graded as the function would? */
static bool
key_reaches(const Scheme *scheme, int tier, const Comparand *comparand,
			int64 key)
{
	switch (comparand->graded_as)
	{
		case FLOAT4OID:
			return reaches(grade_double(scheme, real_decimal(key_real(key))),
						   tier);
		case FLOAT8OID:
			return reaches(grade_double(scheme, (double) key), tier);
		default:
			return reaches(grade_int64(scheme, key), tier);
	}
}

/* The value of a key as a datum of its type. */
static Datum
key_datum(Oid type, int64 key)
{
	switch (type)
	{
		case INT2OID:
			return Int16GetDatum((int16) key);
		case INT4OID:
			return Int32GetDatum((int32) key);
		case FLOAT4OID:
			return Float4GetDatum(key_real(key));
		default:
			return Int64GetDatum(key);
	}
}

/*
 * Find the edge among integers or reals, by halving: bounds may lie between
 * them or beyond them all, and what matters is how the function grades them.
 * Of the two beside the edge take the one that the bound's operator means, so
 * that the condition reads as the bound does.
 */
static Reach
find_edge_by_key(const Scheme *scheme, int tier, const Comparand *comparand)
{
	bool		low_reaches = key_reaches(scheme, tier, comparand,
										  comparand->least);
	int64		low = comparand->least;
	int64		high = comparand->greatest;
	bool		is_inside = op_is_inclusive(scheme->tiers[tier].op);

	if (key_reaches(scheme, tier, comparand, high) == low_reaches)
		return (Reach) {.everyone = low_reaches, .nobody = !low_reaches};

	/* low is graded as the least key, high as the greatest */
	while ((uint64) high - (uint64) low > 1)
	{
		/* half way, where the sum might not fit */
		int64		middle = (low & high) + ((low ^ high) >> 1);

		if (key_reaches(scheme, tier, comparand, middle) == low_reaches)
			low = middle;
		else
			high = middle;
	}
	return (Reach) {
		.edge = key_datum(comparand->type,
						  low_reaches == is_inside ? low : high),
		.is_inside = is_inside
	};
}

/*
 * The edge of a tier: its bound. Whether it is inside depends on the better
 * tiers, too: as doubles, different bounds may be the same.
 */
static Reach
get_edge(const Scheme *scheme, int index, const Comparand *comparand)
{
	const SchemeTier *tier = &scheme->tiers[index];

	if (comparand->type == NUMERICOID)
		return (Reach) {
			.edge = NumericGetDatum(tier->number),
			.is_inside = op_is_inclusive(tier->op)
		};
	return (Reach) {
		.edge = Float8GetDatum(tier->value),
		.is_inside = reaches(grade_double(scheme, tier->value), index)
	};
}

/* Which values reach a tier; -1 is better than all tiers. */
static Reach
get_reach(const Scheme *scheme, int tier, const Comparand *comparand)
{
	if (tier < 0)
		return (Reach) {.nobody = true};
	if (scheme->tiers[tier].kind == BOUND_REST)
		return (Reach) {.everyone = true};
	if (comparand->has_keys)
		return find_edge_by_key(scheme, tier, comparand);
	return get_edge(scheme, tier, comparand);
}

/* value OP edge */
static Expr *
make_comparison(const Comparand *comparand, StrategyNumber strategy,
				Datum edge)
{
	TypeCacheEntry *entry = lookup_type_cache(comparand->type,
											  TYPECACHE_BTREE_OPFAMILY);
	Oid			operator;
	int16		typlen;
	bool		typbyval;
	Const	   *constant;

	operator = get_opfamily_member(entry->btree_opf, comparand->type,
								   comparand->edge_type, strategy);
	if (!OidIsValid(operator))
		elog(ERROR, "missing operator %d(%u,%u) in opfamily %u", strategy,
			 comparand->type, comparand->edge_type, entry->btree_opf);
	get_typlenbyval(comparand->edge_type, &typlen, &typbyval);
	constant = makeConst(comparand->edge_type, -1, InvalidOid, typlen, edge,
						 false, typbyval);
	return make_opclause(operator, BOOLOID, false,
						 (Expr *) copyObject(comparand->value),
						 (Expr *) constant, InvalidOid, InvalidOid);
}

/* The least or the greatest value of the type, NaN aside. */
static Datum
get_extreme(const Comparand *comparand, bool greatest)
{
	if (comparand->has_keys)
		return key_datum(comparand->type, greatest ?
						 comparand->greatest : comparand->least);
	if (comparand->type == NUMERICOID)
		return NumericGetDatum(num_from_text(greatest ? "Infinity" :
											 "-Infinity"));
	return Float8GetDatum(greatest ? get_float8_infinity() :
						  -get_float8_infinity());
}

/* False, but NULL for NULL: no value is less than the least. */
static Expr *
make_false(const Comparand *comparand)
{
	return make_comparison(comparand, BTLessStrategyNumber,
						   get_extreme(comparand, false));
}

/* True, but NULL for NULL and false for NaN, which sorts above all numbers. */
static Expr *
make_not_nan(const Comparand *comparand)
{
	return make_comparison(comparand, BTLessEqualStrategyNumber,
						   get_extreme(comparand, true));
}

/* The comparison for the values beyond an edge, above it or below. */
static Expr *
compare_with_edge(const Comparand *comparand, bool above, bool is_inside,
				  Datum edge)
{
	StrategyNumber strategy;

	if (above)
		strategy = is_inside ? BTGreaterEqualStrategyNumber :
			BTGreaterStrategyNumber;
	else
		strategy = is_inside ? BTLessEqualStrategyNumber :
			BTLessStrategyNumber;
	return make_comparison(comparand, strategy, edge);
}

/*
 * The comparisons that are true together for the values in a tier: those that
 * reach it, but not the tier before it.
 */
static List *
tier_comparisons(const Scheme *scheme, int tier, const Comparand *comparand)
{
	bool		higher = !scheme->lower_is_better;
	List	   *comparisons = NIL;
	Reach		own;
	Reach		better;
	bool		is_capped;

	if (scheme->tiers[tier].kind == BOUND_RULE)
		return list_make1(make_false(comparand));
	own = get_reach(scheme, tier, comparand);
	better = get_reach(scheme, tier - 1, comparand);
	if (own.nobody || better.everyone)
		return list_make1(make_false(comparand));

	if (!own.everyone)
		comparisons = lappend(comparisons,
							  compare_with_edge(comparand, higher,
												own.is_inside, own.edge));
	if (!better.nobody)
		comparisons = lappend(comparisons,
							  compare_with_edge(comparand, !higher,
												!better.is_inside,
												better.edge));

	/* what is below some edge is not NaN, and integers never are */
	is_capped = higher ? !better.nobody : !own.everyone;
	if (comparisons == NIL || (!is_capped && comparand->has_nan))
		comparisons = lappend(comparisons, make_not_nan(comparand));
	return comparisons;
}

/* May the value be computed more than once? */
static bool
can_be_copied(Node *value)
{
	QualCost	cost;

	if (contain_subplans(value) || contain_volatile_functions(value))
		return false;
	cost_qual_eval(&cost, list_make1(value), NULL);
	return cost.startup + cost.per_tuple <= MAX_COST_OF_COPIES;
}

/* The text of a constant argument that is not NULL, else NULL. */
static text *
constant_text(Node *argument)
{
	if (!IsA(argument, Const) || ((Const *) argument)->constisnull)
		return NULL;
	return DatumGetTextPP(((Const *) argument)->constvalue);
}

/*
 * The call as plain comparisons, or NULL to leave it as it is. What is an
 * error stays a call: it is to be raised only if a row gets there.
 */
static Node *
simplify_call(FuncExpr *call)
{
	Node	   *argument = linitial(call->args);
	text	   *scheme_text = constant_text(lsecond(call->args));
	text	   *label = constant_text(lthird(call->args));
	Scheme	   *scheme;
	Comparand	comparand;
	List	   *comparisons;
	int			tier;

	if (scheme_text == NULL || label == NULL)
		return NULL;
	scheme = text_type_parse(PointerGetDatum(scheme_text), scheme_parse);
	if (!scheme->is_fitted || scheme->is_duration)
		return NULL;
	tier = scheme_tier_index(scheme, label);
	if (tier < 0)
		return NULL;

	comparand = get_comparand(argument);
	comparisons = tier_comparisons(scheme, tier, &comparand);
	if (list_length(comparisons) == 1)
		return linitial(comparisons);
	if (!can_be_copied(comparand.value))
		return NULL;
	return (Node *) make_andclause(comparisons);
}

/* Planner support function of in_tier. */
Datum
in_tier_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *simplified = NULL;

	if (IsA(request, SupportRequestSimplify))
		simplified =
			simplify_call(((SupportRequestSimplify *) request)->fcall);
	PG_RETURN_POINTER(simplified);
}
