/*
 * derivatives.c
 *		Compare the gradients of the log likelihoods of lifetime value models
 *		with differences of the likelihoods, and the Hessians with differences
 *		of the gradients, at random points; in TAP.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "clv/purchase_model.h"

#undef printf

#define POINTS		400
#define HISTORIES	7

/* What the models look for in a server. */
volatile sig_atomic_t InterruptPending = false;

void
ProcessInterrupts(void)
{
}

static uint64 state = 42;

/* Evenly between 0 and 1. */
static double
draw(void)
{
	state = state * UINT64CONST(6364136223846793005) + UINT64CONST(1442695040888963407);
	return ((state >> 12) + 0.5) / 4503599627370496.0;
}

/* A history that the model can have. */
static History
draw_history(const ModelKind *kind)
{
	History		history = {0};

	history.x = floor(pow(10, 2.2 * draw()) - 1);
	history.count = 1 + (int64) (3 * draw());
	if (kind->is_spend)
	{
		history.x += 1;
		history.t_x = pow(10, 3 * draw() - 1);
		return history;
	}
	history.t = pow(10, 2 * draw());
	history.t_x = history.x > 0 ? history.t * draw() : 0;
	if (kind->is_discrete)
	{
		history.t = 1 + floor(20 * draw());
		history.t_x = floor((history.t + 1) * draw());
		history.x = floor((history.t_x + 1) * draw());
		if (history.x == 0)
			history.t_x = 0;
	}
	return history;
}

/*
 * The derivative by the logarithm of a parameter, of the value and of the
 * gradient: from differences, extrapolated from two steps.
 */
static SecondOrder
differentiate(const ModelKind *kind, double *params, int by, const History *histories)
{
	double		param = params[by];
	SecondOrder slopes[2];
	SecondOrder result = {0};

	for (int k = 0; k < 2; k++)
	{
		double		step = k == 0 ? 2e-3 : 1e-3;
		SecondOrder above;
		SecondOrder below;

		params[by] = param * exp(step);
		above = kind->log_likelihood(params, histories, HISTORIES);
		params[by] = param * exp(-step);
		below = kind->log_likelihood(params, histories, HISTORIES);
		slopes[k].value = (above.value - below.value) / (2 * step);
		for (int i = 0; i < kind->nparams; i++)
			slopes[k].gradient[i] = (above.gradient[i] - below.gradient[i]) / (2 * step);
	}
	params[by] = param;
	result.value = (4 * slopes[1].value - slopes[0].value) / 3;
	for (int i = 0; i < kind->nparams; i++)
		result.gradient[i] = (4 * slopes[1].gradient[i] - slopes[0].gradient[i]) / 3;
	return result;
}

/* How far a derivative is off, relative to the sizes that it is made of. */
static double
distance(double derivative, double slope, double whole)
{
	return fabs(derivative - slope) / (fabs(slope) + 1 + 1e-3 * fabs(whole));
}

/*
 * The greatest distance between components of the gradient, or the Hessian, by
 * the logarithms of the parameters, and what differences say.
 */
static void
find_worst(const ModelKind *kind, double *gradient, double *hessian)
{
	*gradient = *hessian = 0;
	for (int point = 0; point < POINTS; point++)
	{
		double		params[MAX_PARAMS];
		History		histories[HISTORIES];
		SecondOrder f;

		for (int i = 0; i < kind->nparams; i++)
			params[i] = pow(10, 3 * draw() - 1.5);
		for (int i = 0; i < HISTORIES; i++)
			histories[i] = draw_history(kind);

		/* customers who share x and t, from the last t_x on */
		histories[1] = histories[0];
		if (!kind->is_discrete)
			histories[1].t_x *= 0.8;
		f = kind->log_likelihood(params, histories, HISTORIES);

		for (int j = 0; j < kind->nparams; j++)
		{
			SecondOrder slope = differentiate(kind, params, j, histories);

			*gradient = Max(*gradient, distance(f.gradient[j] * params[j],
												slope.value, f.value));
			for (int i = j; i < kind->nparams; i++)
				*hessian = Max(*hessian,
							   distance(f.hessian[i][j] * params[i] * params[j],
										slope.gradient[i] * params[i],
										f.gradient[i] * params[i] * f.gradient[j] * params[j]));
		}
	}
}

int
main(void)
{
	const ModelKind *const kinds[] = {
		&bgnbd_kind, &mbgnbd_kind, &pareto_nbd_kind, &bgbb_kind, &gamma_gamma_kind
	};

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		double		gradient;
		double		hessian;

		find_worst(kinds[i], &gradient, &hessian);
		printf("%s %zu - the gradient of %s at %d points: off by %.1e at most\n",
			   gradient < 1e-8 ? "ok" : "not ok", 2 * i + 1, kinds[i]->name, POINTS, gradient);
		printf("%s %zu - its Hessian: off by %.1e at most\n",
			   hessian < 1e-7 ? "ok" : "not ok", 2 * i + 2, hessian);
	}
	printf("1..%zu\n", 2 * lengthof(kinds));
	return 0;
}
