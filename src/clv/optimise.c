/*-------------------------------------------------------------------------
 *
 * optimise.c
 *		Find the minimum of a smooth function of a few variables.
 *
 * Newton's method, with a Hessian taken from differences of the gradient. A
 * Hessian that does not point downhill is damped after Levenberg and
 * Marquardt. For four variables that is hardly more work than methods that
 * do without a Hessian, it does not mind long narrow valleys, in which those
 * stop too early, and the Hessian at the end is what standard errors need.
 *
 * Nothing here is random, nor depends on time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "clv/optimise.h"

#define MAX_ITERATIONS		200

/* No step changes a variable by more: the quadratic model is not that good. */
#define MAX_STEP			2.0

/* How far off the points are from which differences are taken. */
#define DIFFERENCE			1e-5

/* Damping starts at this, and gives up at that, share of the diagonal. */
#define LEAST_DAMPING		1e-4
#define MOST_DAMPING		1e8

/* The lower triangle L of matrix = L L'; false if there is none. */
static bool
factorize(int n, double matrix[][MAX_VARIABLES], double factor[][MAX_VARIABLES])
{
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j <= i; j++)
		{
			double		sum = matrix[i][j];

			for (int k = 0; k < j; k++)
				sum -= factor[i][k] * factor[j][k];
			if (j < i)
				factor[i][j] = sum / factor[j][j];
			else if (sum > 1e-13 * fabs(matrix[i][i]))
				factor[i][i] = sqrt(sum);
			else
				return false;
		}
	}
	return true;
}

/* Solve L L' x = b. */
static void
solve(int n, double factor[][MAX_VARIABLES], const double *b, double *x)
{
	for (int i = 0; i < n; i++)
	{
		x[i] = b[i];
		for (int k = 0; k < i; k++)
			x[i] -= factor[i][k] * x[k];
		x[i] /= factor[i][i];
	}
	for (int i = n - 1; i >= 0; i--)
	{
		for (int k = i + 1; k < n; k++)
			x[i] -= factor[k][i] * x[k];
		x[i] /= factor[i][i];
	}
}

/* The inverse of a positive definite matrix; false if it is not one. */
bool
invert_positive(int n, double matrix[][MAX_VARIABLES],
				double inverse[][MAX_VARIABLES])
{
	double		factor[MAX_VARIABLES][MAX_VARIABLES];

	if (!factorize(n, matrix, factor))
		return false;
	for (int i = 0; i < n; i++)
	{
		double		unit[MAX_VARIABLES] = {0};

		unit[i] = 1;
		solve(n, factor, unit, inverse[i]);
	}
	return true;
}

/*
 * The Hessian, by differences of the gradient, made symmetric. Central ones
 * are good for standard errors; one-sided ones, which take half the time, are
 * good for a step.
 */
static void
find_hessian(const Objective *objective, Minimum *at, bool is_central)
{
	int			n = objective->nvariables;
	double		columns[MAX_VARIABLES][MAX_VARIABLES];

	for (int i = 0; i < n; i++)
	{
		double		point[MAX_VARIABLES];
		double		above[MAX_VARIABLES];
		double		below[MAX_VARIABLES];

		CHECK_FOR_INTERRUPTS();
		memcpy(point, at->point, sizeof(point));
		memcpy(below, at->gradient, sizeof(below));
		point[i] = at->point[i] + DIFFERENCE;
		objective->function(point, above, objective->context);
		if (is_central)
		{
			point[i] = at->point[i] - DIFFERENCE;
			objective->function(point, below, objective->context);
		}
		for (int j = 0; j < n; j++)
			columns[i][j] = (above[j] - below[j]) / (is_central ? 2 * DIFFERENCE : DIFFERENCE);
	}
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			at->hessian[i][j] = (columns[i][j] + columns[j][i]) / 2;
	}
}

/* The Newton step with a damped Hessian; false if that is still no descent. */
static bool
find_step(int n, const Minimum *at, double damping, double *step)
{
	double		matrix[MAX_VARIABLES][MAX_VARIABLES];
	double		factor[MAX_VARIABLES][MAX_VARIABLES];
	double		largest = 0;

	memcpy(matrix, at->hessian, sizeof(matrix));
	for (int i = 0; i < n; i++)
		largest = Max(largest, fabs(matrix[i][i]));
	for (int i = 0; i < n; i++)
		matrix[i][i] += damping * Max(fabs(matrix[i][i]), 1e-3 * largest);
	if (!factorize(n, matrix, factor))
		return false;
	solve(n, factor, at->gradient, step);
	for (int i = 0; i < n; i++)
		step[i] = -step[i];
	return true;
}

/* Twice what the quadratic model says a step gains. */
static double
decrement(int n, const Minimum *at, const double *step)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum -= at->gradient[i] * step[i];
	return sum;
}

/* The point after a step, which is shortened to stay within the bounds. */
static void
take_step(const Objective *objective, const Minimum *from, const double *step,
		  Minimum *to)
{
	double		length = 0;
	double		scale;

	for (int i = 0; i < objective->nvariables; i++)
		length = Max(length, fabs(step[i]));
	scale = length > MAX_STEP ? MAX_STEP / length : 1;
	for (int i = 0; i < objective->nvariables; i++)
	{
		double		moved = from->point[i] + scale * step[i];

		to->point[i] = Max(Min(moved, objective->upper[i]), objective->lower[i]);
	}
	to->value = objective->function(to->point, to->gradient, objective->context);
}

/* The square of the gradient's length. */
static double
gradient_square(int n, const Minimum *at)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += at->gradient[i] * at->gradient[i];
	return sum;
}

/*
 * Is one point better than another? Where rounding hides the difference of the
 * values, the smaller gradient tells.
 */
static bool
is_better(int n, const Minimum *a, const Minimum *b)
{
	if (isnan(a->value))
		return false;
	if (fabs(a->value - b->value) <= 1e-13 * fabs(b->value))
		return gradient_square(n, a) < gradient_square(n, b);
	return a->value < b->value;
}

/* Take a Newton step, if it leads downhill. */
static bool
try_step(const Objective *objective, Minimum *at, double damping)
{
	double		step[MAX_VARIABLES];
	Minimum		next = *at;

	if (!find_step(objective->nvariables, at, damping, step))
		return false;
	take_step(objective, at, step, &next);
	if (!is_better(objective->nvariables, &next, at))
		return false;
	*at = next;
	return true;
}

/* A step downhill, with as much damping as it takes; false if none leads. */
static bool
descend(const Objective *objective, Minimum *at, double *damping)
{
	while (!try_step(objective, at, *damping))
	{
		CHECK_FOR_INTERRUPTS();
		*damping = Max(*damping * 4, LEAST_DAMPING);
		if (*damping > MOST_DAMPING)
			return false;
	}
	*damping = *damping > LEAST_DAMPING ? *damping / 8 : 0;
	return true;
}

/* Descend to a minimum. */
void
minimise(const Objective *objective, Minimum *minimum, double tolerance)
{
	int			n = objective->nvariables;
	double		damping = 0;
	double		step[MAX_VARIABLES];

	minimum->is_stationary = false;
	minimum->value = objective->function(minimum->point, minimum->gradient,
										 objective->context);
	for (int i = 0; i < MAX_ITERATIONS; i++)
	{
		find_hessian(objective, minimum, false);
		if (find_step(n, minimum, 0, step) &&
			decrement(n, minimum, step) <= 2 * tolerance)
		{
			/* so near, one step more is nearly exact */
			minimum->is_stationary = true;
			try_step(objective, minimum, 0);
			break;
		}
		if (!descend(objective, minimum, &damping))
			break;
	}
	find_hessian(objective, minimum, true);
}
