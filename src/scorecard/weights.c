/*-------------------------------------------------------------------------
 *
 * weights.c
 *		Weights for the indicators of a scorecard: from judgement (the
 *		analytic hierarchy process) and from data (the entropy method).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/rows.h"
#include "number/double_double.h"

/*
 * How far a judgement times its opposite may be from 1. Judgements are often
 * written with two decimals (0.13 for 1/8 is 4% off); the nearest real mistake
 * on the scale of 1 to 9, 9 against 1/8, is 12% off.
 */
#define RECIPROCAL_TOLERANCE	0.05

/* Judgements are acceptably consistent up to this ratio (Saaty). */
#define ACCEPTED_RATIO			0.1

/*
 * Power iteration on judgements between 1/9 and 9 takes 1,400 steps in the
 * worst case; what needs more than this contradicts itself by orders of
 * magnitude.
 */
#define MAX_ITERATIONS			100000

/*
 * The mean consistency index of random matrices of order 0 to 15, from
 * T. L. Saaty, The Analytic Hierarchy Process, McGraw-Hill 1980.
 */
static const double random_indexes[] = {
	0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48,
	1.56, 1.57, 1.59
};

/* A positive reciprocal matrix. */
typedef struct Judgements
{
	int			order;
	double	   *cells;			/* by row */
} Judgements;

#define CELL(judgements, row, col) \
	((judgements)->cells[(row) * (judgements)->order + (col)])

/*
 * The state of entropy_weights is an array, so that it needs no serialization:
 * a header and a ColumnState for each column. It is an array of bigints, which
 * hold the bits of the doubles: as text, too, it loses none of them, whatever
 * extra_float_digits says where it is written. Sums are as precise as two
 * doubles, so that the order of rows does not show in the result.
 */
typedef struct ColumnState
{
	DoubleDouble sum;			/* of x */
	DoubleDouble log_sum;		/* of x ln x */
	double		min;
	double		max;
} ColumnState;

typedef struct EntropyState
{
	double		nrows;
	double		ncolumns;
	ColumnState columns[FLEXIBLE_ARRAY_MEMBER];
} EntropyState;

#define ENTROPY_STATE_LENGTH(ncolumns) \
	((int) (2 + (ncolumns) * sizeof(ColumnState) / sizeof(double)))
#define ENTROPY_STATE(array)	((EntropyState *) ARR_DATA_PTR(array))

PG_FUNCTION_INFO_V1(ahp_weights);
PG_FUNCTION_INFO_V1(ahp_consistency);
PG_FUNCTION_INFO_V1(entropy_weights_accum);
PG_FUNCTION_INFO_V1(entropy_weights_combine);
PG_FUNCTION_INFO_V1(entropy_weights_final);

/* Make a one-dimensional array of doubles, or of bigints with their bits. */
static ArrayType *
make_double_array(Oid element_type, const double *values, int nvalues)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + nvalues * sizeof(double);
	ArrayType  *array = palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = element_type;
	ARR_DIMS(array)[0] = nvalues;
	ARR_LBOUND(array)[0] = 1;
	memcpy(ARR_DATA_PTR(array), values, nvalues * sizeof(double));
	return array;
}

/* Throw unless the array is a square matrix without NULLs. */
static void
check_square(const ArrayType *array)
{
	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[0] != ARR_DIMS(array)[1])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a matrix of judgements must be square"),
				 ARR_NDIM(array) != 2 ?
				 errdetail("The array has %d dimensions.", ARR_NDIM(array)) :
				 errdetail("The array has %d rows and %d columns.",
						   ARR_DIMS(array)[0], ARR_DIMS(array)[1]),
				 errhint("Write one row for each indicator, as in ARRAY[[1, 3], [1/3.0, 1]].")));
	if (array_contains_nulls((ArrayType *) array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a matrix of judgements must not contain NULL"),
				 errhint("Judge every pair of indicators; 1 means equal.")));
}

/* Throw unless every judgement is positive and finite, and 1 about itself. */
static void
check_cells(const Judgements *judgements)
{
	int			n = judgements->order;
	int			row;
	int			col;

	for (row = 0; row < n; row++)
		for (col = 0; col < n; col++)
		{
			double		cell = CELL(judgements, row, col);

			if (!(cell > 0) || isinf(cell))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("judgement [%d][%d] is %g, it must be a positive number",
								row + 1, col + 1, cell),
						 errhint("A judgement says how many times more important the row's indicator is than the column's; less important is a fraction such as 1/3.")));
			if (row == col && cell != 1)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("judgement [%d][%d] is %g, the diagonal must be 1",
								row + 1, col + 1, cell),
						 errhint("An indicator is as important as itself.")));
		}
}

/*
 * Throw unless the matrix is reciprocal, and make it exactly so: of each pair
 * the judgement of 1 or more stands, since 3 is meant where 0.33 is written.
 */
static void
make_reciprocal(Judgements *judgements)
{
	int			n = judgements->order;
	int			row;
	int			col;

	for (row = 0; row < n; row++)
		for (col = row + 1; col < n; col++)
		{
			double	   *cell = &CELL(judgements, row, col);
			double	   *opposite = &CELL(judgements, col, row);

			if (!(fabs(*cell * *opposite - 1) <= RECIPROCAL_TOLERANCE))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("judgements [%d][%d] and [%d][%d] contradict each other",
								row + 1, col + 1, col + 1, row + 1),
						 errdetail("They are %g and %g; each must be 1 divided by the other.",
								   *cell, *opposite)));
			if (*cell >= *opposite)
				*opposite = 1 / *cell;
			else
				*cell = 1 / *opposite;
		}
}

/* Read the matrix argument of this call, checked. */
static Judgements
judgements_from_arg(FunctionCallInfo fcinfo)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Judgements	judgements;
	Size		size;

	check_square(array);
	judgements.order = ARR_DIMS(array)[0];
	size = sizeof(double) * judgements.order * judgements.order;
	judgements.cells = palloc(size);
	memcpy(judgements.cells, ARR_DATA_PTR(array), size);
	check_cells(&judgements);
	make_reciprocal(&judgements);
	return judgements;
}

/* Scale a positive vector to the sum 1. */
static void
normalize(double *vector, int n)
{
	double		sum = 0;
	int			i;

	for (i = 0; i < n; i++)
		sum += vector[i];
	for (i = 0; i < n; i++)
		vector[i] /= sum;
}

/*
 * Find the principal eigenvector, scaled to the sum 1, and its eigenvalue, by
 * power iteration: it converges for every positive matrix (Perron). The ratios
 * of the new vector to the old bound the eigenvalue from both sides (Collatz
 * and Wielandt), which tells when it is found.
 */
static double
principal_eigenvector(const Judgements *judgements, double *vector)
{
	int			n = judgements->order;
	double	   *next = palloc(sizeof(double) * n);
	double		tolerance = 4 * n * DBL_EPSILON;
	int			iteration;
	int			row;
	int			col;

	for (row = 0; row < n; row++)
		vector[row] = 1.0 / n;

	for (iteration = 0; iteration < MAX_ITERATIONS; iteration++)
	{
		double		lower = DBL_MAX;
		double		upper = 0;

		CHECK_FOR_INTERRUPTS();
		for (row = 0; row < n; row++)
		{
			double		sum = 0;

			for (col = 0; col < n; col++)
				sum += CELL(judgements, row, col) * vector[col];
			next[row] = sum;
			lower = Min(lower, sum / vector[row]);
			upper = Max(upper, sum / vector[row]);
		}
		memcpy(vector, next, sizeof(double) * n);
		normalize(vector, n);
		if (upper - lower <= tolerance * upper)
		{
			double		lambda = (lower + upper) / 2;

			pfree(next);
			/* consistent judgements give n, contradictions only add to it */
			return lambda <= n * (1 + tolerance) ? n : lambda;
		}
	}

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the judgements are too contradictory to give weights"),
			 errhint("Judge on the scale of 1 to 9, where 1 means equal and 9 extremely more important.")));
	return 0;					/* keep compiler quiet */
}

/* Weights from pairwise judgements. */
Datum
ahp_weights(PG_FUNCTION_ARGS)
{
	Judgements	judgements = judgements_from_arg(fcinfo);
	double	   *weights = palloc(sizeof(double) * judgements.order);

	principal_eigenvector(&judgements, weights);
	PG_RETURN_ARRAYTYPE_P(make_double_array(FLOAT8OID, weights,
											judgements.order));
}

/*
 * How consistent pairwise judgements are. The random index, and what follows
 * from it, is NULL beyond Saaty's table.
 */
Datum
ahp_consistency(PG_FUNCTION_ARGS)
{
	Judgements	judgements = judgements_from_arg(fcinfo);
	int			n = judgements.order;
	double		lambda = principal_eigenvector(&judgements,
											   palloc(sizeof(double) * n));
	double		index = n < 2 ? 0 : (lambda - n) / (n - 1);
	bool		in_table = n < (int) lengthof(random_indexes);
	Datum		values[5];
	bool		nulls[5] = {false, false, !in_table, !in_table, !in_table};

	values[0] = Float8GetDatum(lambda);
	values[1] = Float8GetDatum(index);
	values[2] = values[3] = values[4] = (Datum) 0;
	if (in_table)
	{
		/* two indicators cannot contradict each other */
		double		ratio = n < 3 ? 0 : index / random_indexes[n];

		values[2] = Float8GetDatum(random_indexes[n]);
		values[3] = Float8GetDatum(ratio);
		values[4] = BoolGetDatum(ratio <= ACCEPTED_RATIO);
	}
	return rows_single(fcinfo, values, nulls);
}

/* Throw unless the array can be a state; it is reachable from SQL. */
static void
check_entropy_state(const ArrayType *state)
{
	if (ARR_NDIM(state) != 1 || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != INT8OID || ARR_DIMS(state)[0] < 2 ||
		!(ENTROPY_STATE(state)->ncolumns >= 1) ||
		ENTROPY_STATE(state)->ncolumns > MaxArraySize ||
		ARR_DIMS(state)[0] !=
		ENTROPY_STATE_LENGTH((int) ENTROPY_STATE(state)->ncolumns))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid transition state of entropy_weights")));
}

/* Throw unless the array is a row of figures. */
static void
check_entropy_row(const ArrayType *row)
{
	if (ARR_NDIM(row) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("entropy_weights needs one array of one dimension for each row"),
				 errdetail("An array has %d dimensions.", ARR_NDIM(row))));
	if (array_contains_nulls((ArrayType *) row))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("entropy_weights cannot weigh a row with a missing value"),
				 errhint("Leave such rows out with FILTER (WHERE ...), or fill them with COALESCE.")));
}

/* Throw unless a value can be a share of its column. */
static void
check_entropy_value(double value, int column)
{
	if (!(value >= 0) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column %d of entropy_weights has the value %g, it must be zero or positive",
						column + 1, value),
				 value < 0 ?
				 errhint("Shares of a column's total are weighed. Rescale a column with negative values first, as in (x - min(x) OVER ()) / (max(x) OVER () - min(x) OVER ()).") : 0));
}

/* Start a state for rows of ncolumns. */
static ArrayType *
make_entropy_state(int ncolumns)
{
	int			length = ENTROPY_STATE_LENGTH(ncolumns);
	double	   *zeros = palloc0(sizeof(double) * length);
	ArrayType  *state = make_double_array(INT8OID, zeros, length);
	int			i;

	pfree(zeros);
	ENTROPY_STATE(state)->ncolumns = ncolumns;
	for (i = 0; i < ncolumns; i++)
		ENTROPY_STATE(state)->columns[i].min = DBL_MAX;
	return state;
}

/* Add one row of figures to a state. */
static void
entropy_add_row(EntropyState *state, const double *values)
{
	int			i;

	for (i = 0; i < (int) state->ncolumns; i++)
	{
		ColumnState *column = &state->columns[i];
		double		value = values[i];

		check_entropy_value(value, i);
		column->sum = dd_add_double(column->sum, value);
		if (value > 0)			/* x ln x tends to 0 */
			column->log_sum = dd_add_double(column->log_sum,
											value * log(value));
		column->min = Min(column->min, value);
		column->max = Max(column->max, value);
	}
	state->nrows++;
}

/* The state to change: argument 0 itself inside an aggregate, else a copy. */
static ArrayType *
entropy_state_from_arg(FunctionCallInfo fcinfo)
{
	ArrayType  *state;

	if (AggCheckCallContext(fcinfo, NULL))
		state = PG_GETARG_ARRAYTYPE_P(0);
	else
		state = PG_GETARG_ARRAYTYPE_P_COPY(0);
	check_entropy_state(state);
	return state;
}

/* Throw unless a row or state has as many columns as the state. */
static void
check_entropy_columns(const EntropyState *state, int ncolumns)
{
	if (state->ncolumns != ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("entropy_weights needs arrays of one length"),
				 errdetail("One has %d values and another %d.",
						   (int) state->ncolumns, ncolumns)));
}

/* Transition: add a row; a NULL array is no row. */
Datum
entropy_weights_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *state = NULL;
	ArrayType  *row;

	if (!PG_ARGISNULL(0))
		state = entropy_state_from_arg(fcinfo);
	if (!PG_ARGISNULL(1))
	{
		row = PG_GETARG_ARRAYTYPE_P(1);
		check_entropy_row(row);
		if (state == NULL)
			state = make_entropy_state(ARR_DIMS(row)[0]);
		check_entropy_columns(ENTROPY_STATE(state), ARR_DIMS(row)[0]);
		entropy_add_row(ENTROPY_STATE(state),
						(const double *) ARR_DATA_PTR(row));
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(state);
}

/* Combine: add the second state, which stays as it is, to the first. */
Datum
entropy_weights_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *array = entropy_state_from_arg(fcinfo);
	ArrayType  *other_array = PG_GETARG_ARRAYTYPE_P(1);
	EntropyState *state = ENTROPY_STATE(array);
	EntropyState *other = ENTROPY_STATE(other_array);
	int			i;

	check_entropy_state(other_array);
	check_entropy_columns(state, (int) other->ncolumns);
	state->nrows += other->nrows;
	for (i = 0; i < (int) state->ncolumns; i++)
	{
		ColumnState *to = &state->columns[i];
		const ColumnState *from = &other->columns[i];

		to->sum = dd_add(to->sum, from->sum);
		to->log_sum = dd_add(to->log_sum, from->log_sum);
		to->min = Min(to->min, from->min);
		to->max = Max(to->max, from->max);
	}
	PG_RETURN_ARRAYTYPE_P(array);
}

/*
 * How far a column is from telling nothing: 1 - e, where e is the entropy of
 * its shares f = x / S, as a part of the greatest possible. Since the sum of
 * f ln f is (sum of x ln x) / S - ln S, one pass over the rows is enough.
 */
static double
column_divergence(const ColumnState *column, double nrows)
{
	double		sum = column->sum.high;
	double		log_sum = column->log_sum.high;
	double		divergence;

	if (isinf(sum) || isnan(sum) || isinf(log_sum) || isnan(log_sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a column of entropy_weights is too large to add up")));
	if (column->min == column->max)
		return 0;				/* exactly, whatever the rounding */
	divergence = 1 + (log_sum / sum - log(sum)) / log(nrows);
	return Max(divergence, 0);
}

/* Final: the columns' divergences, scaled to the sum 1. */
Datum
entropy_weights_final(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_ARGISNULL(0) ? NULL : PG_GETARG_ARRAYTYPE_P(0);
	EntropyState *state = array ? ENTROPY_STATE(array) : NULL;
	double	   *weights;
	double		total = 0;
	int			i;

	if (array)
		check_entropy_state(array);
	if (!state || state->nrows < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("entropy_weights needs at least two rows"),
				 errdetail("There is nothing to tell apart.")));

	weights = palloc(sizeof(double) * (int) state->ncolumns);
	for (i = 0; i < (int) state->ncolumns; i++)
	{
		weights[i] = column_divergence(&state->columns[i], state->nrows);
		total += weights[i];
	}
	if (total == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("entropy_weights found every column constant"),
				 errhint("The data prefer no indicator; weigh them equally, or by judgement with ahp_weights.")));
	normalize(weights, (int) state->ncolumns);
	PG_RETURN_ARRAYTYPE_P(make_double_array(FLOAT8OID, weights,
											(int) state->ncolumns));
}
