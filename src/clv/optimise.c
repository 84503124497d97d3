/*-------------------------------------------------------------------------
 *
 * optimise.c
 *		Find the minimum of a smooth function of a few variables.
 *
 * Newton's method. A Hessian that does not point downhill is damped after
 * Levenberg and Marquardt. For four variables that takes fewer looks at the
 * function than methods that do without a Hessian, it does not mind long
 * narrow valleys, in which those stop too early, and the Hessian at the end is
 * what standard errors need.
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

/* The Newton step with a damped Hessian; false if that is still no descent. */
static bool
find_step(int n, const Minimum *at, double damping, double *step)
{
	double		matrix[MAX_VARIABLES][MAX_VARIABLES];
	double		factor[MAX_VARIABLES][MAX_VARIABLES];
	double		largest = 0;

	memcpy(matrix, at->f.hessian, sizeof(matrix));
	for (int i = 0; i < n; i++)
		largest = Max(largest, fabs(matrix[i][i]));
	for (int i = 0; i < n; i++)
		matrix[i][i] += damping * Max(fabs(matrix[i][i]), 1e-3 * largest);
	if (!factorize(n, matrix, factor))
		return false;
	solve(n, factor, at->f.gradient, step);
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
		sum -= at->f.gradient[i] * step[i];
	return sum;
}

/*
 * How much of a step to take: it must neither be long nor leave the bounds. A
 * part of it keeps the direction, which in a narrow valley is all.
 */
static double
share_of_step(const Objective *objective, const Minimum *from, const double *step)
{
	double		share = 1;

	for (int i = 0; i < objective->nvariables; i++)
	{
		double		room = step[i] > 0 ? objective->upper[i] - from->point[i] :
			from->point[i] - objective->lower[i];

		room = Min(room, MAX_STEP);
		if (fabs(step[i]) * share > room)
			share = Max(room, 0) / fabs(step[i]);
	}
	return share;
}

/* The square of the gradient's length. */
static double
gradient_square(int n, const Minimum *at)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += at->f.gradient[i] * at->f.gradient[i];
	return sum;
}

/*
 * Is one point better than another? Where rounding hides the difference of the
 * values, the smaller gradient tells.
 */
static bool
is_better(int n, const Minimum *a, const Minimum *b)
{
	if (isnan(a->f.value))
		return false;
	if (fabs(a->f.value - b->f.value) <= 1e-13 * fabs(b->f.value))
		return gradient_square(n, a) < gradient_square(n, b);
	return a->f.value < b->f.value;
}

/* Take a Newton step, if it leads downhill. */
static bool
try_step(const Objective *objective, Minimum *at, double damping)
{
	double		step[MAX_VARIABLES];
	double		share;
	Minimum		next = *at;

	if (!find_step(objective->nvariables, at, damping, step))
		return false;
	share = share_of_step(objective, at, step);
	if (share == 0)
		return false;
	for (int i = 0; i < objective->nvariables; i++)
		next.point[i] += share * step[i];
	objective->function(next.point, &next.f, objective->context);
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
	objective->function(minimum->point, &minimum->f, objective->context);
	for (int i = 0; i < MAX_ITERATIONS; i++)
	{
		CHECK_FOR_INTERRUPTS();
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
}
