/*
 * derivatives.c
 *		Compare the gradients of the log likelihoods of lifetime value models
 *		with differences of the likelihoods, at random points; in TAP.
 */
#include "postgres.h"

#include <math.h>

#include "clv/purchase_model.h"

#undef printf

#define POINTS		400
#define HISTORIES	7

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
 * The greatest difference between a component of the gradient, by the
 * logarithm of the parameter, and the difference quotient of the likelihood,
 * extrapolated from two steps; relative to the sizes that it is the
 * difference of.
 */
static double
worst_difference(const ModelKind *kind)
{
	double		worst = 0;

	for (int point = 0; point < POINTS; point++)
	{
		double		params[MAX_PARAMS];
		double		gradient[MAX_PARAMS];
		double		ignored[MAX_PARAMS];
		History		histories[HISTORIES];
		double		value;

		for (int i = 0; i < kind->nparams; i++)
			params[i] = pow(10, 3 * draw() - 1.5);
		for (int i = 0; i < HISTORIES; i++)
			histories[i] = draw_history(kind);
		value = kind->log_likelihood(params, histories, HISTORIES, gradient);

		for (int i = 0; i < kind->nparams; i++)
		{
			double		slopes[2];
			double		param = params[i];
			double		slope;
			double		size;

			for (int k = 0; k < 2; k++)
			{
				double		step = k == 0 ? 2e-3 : 1e-3;
				double		above;
				double		below;

				params[i] = param * exp(step);
				above = kind->log_likelihood(params, histories, HISTORIES, ignored);
				params[i] = param * exp(-step);
				below = kind->log_likelihood(params, histories, HISTORIES, ignored);
				slopes[k] = (above - below) / (2 * step);
			}
			params[i] = param;
			slope = (4 * slopes[1] - slopes[0]) / 3;
			size = fabs(slope) + 1 + 1e-3 * fabs(value);
			worst = Max(worst, fabs(gradient[i] * param - slope) / size);
		}
	}
	return worst;
}

int
main(void)
{
	const ModelKind *const kinds[] = {
		&bgnbd_kind, &mbgnbd_kind, &pareto_nbd_kind, &bgbb_kind, &gamma_gamma_kind
	};

	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		double		worst = worst_difference(kinds[i]);

		printf("%s %zu - the gradient of %s at %d points: off by %.1e at most\n",
			   worst < 1e-8 ? "ok" : "not ok", i + 1, kinds[i]->name, POINTS, worst);
	}
	printf("1..%zu\n", lengthof(kinds));
	return 0;
}
