/*-------------------------------------------------------------------------
 *
 * gamma_gamma.c
 *		The model Gamma-Gamma of what customers spend (Fader and Hardie 2013).
 *
 * A purchase of a customer has a value that is gamma distributed, of shape p
 * and a rate of the customer, which is drawn from a gamma distribution of
 * shape q and rate gamma. Only the mean over x purchases is needed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "clv/purchase_model.h"
#include "clv/special.h"

enum
{
	P, Q, GAMMA
};

/* What customers share who bought as often. */
static SecondOrder
terms_of_x(const double *p, double x)
{
	double		px = p[P] * x;
	double		both = digamma(px + p[Q]);
	double		both_both = trigamma(px + p[Q]);
	double		begin = 1 / p[GAMMA];
	SecondOrder f = {0};

	f.value = lgamma(px + p[Q]) - lgamma(px) - lgamma(p[Q]) +
		p[Q] * log(p[GAMMA]);
	f.gradient[P] = x * (both - digamma(px));
	f.gradient[Q] = both - digamma(p[Q]) + log(p[GAMMA]);
	f.gradient[GAMMA] = p[Q] * begin;
	f.hessian[P][P] = x * x * (both_both - trigamma(px));
	f.hessian[Q][P] = x * both_both;
	f.hessian[Q][Q] = both_both - trigamma(p[Q]);
	f.hessian[GAMMA][Q] = begin;
	f.hessian[GAMMA][GAMMA] = -p[Q] * begin * begin;
	return f;
}

/* Here t_x of a history is the mean spend, and t is nothing. */
static SecondOrder
gamma_gamma_log_likelihood(const double *p, const History *histories, int64 n)
{
	SecondOrder of_x = {0};
	SecondOrder sum = {0};

	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];
		double		weight = h->count;
		double		shape = p[P] * h->x + p[Q];
		double		total = h->x * h->t_x;
		double		log_total = log(total);
		double		log_both = log(p[GAMMA] + total);
		double		inverse = 1 / (p[GAMMA] + total);

		CHECK_FOR_INTERRUPTS();
		if (i == 0 || h->x != h[-1].x)
			of_x = terms_of_x(p, h->x);
		add_weighted(&sum, weight, &of_x);
		sum.value += weight * (p[P] * h->x * log_total - log(h->t_x) -
							   shape * log_both);
		sum.gradient[P] += weight * h->x * (log_total - log_both);
		sum.gradient[Q] -= weight * log_both;
		sum.gradient[GAMMA] -= weight * shape * inverse;
		sum.hessian[GAMMA][P] -= weight * h->x * inverse;
		sum.hessian[GAMMA][Q] -= weight * inverse;
		sum.hessian[GAMMA][GAMMA] += weight * shape * inverse * inverse;
	}
	return sum;
}

/*
 * The expected value of a purchase of one whose x purchases had this mean.
 * Without a mean (q + p x at most 1), infinity.
 */
double
gamma_gamma_expected_spend(const double *p, double x, double mean)
{
	double		shape = p[P] * x + p[Q] - 1;

	if (shape <= 0)
		return INFINITY;
	return p[P] * (p[GAMMA] + (x > 0 ? x * mean : 0)) / shape;
}

const ModelKind gamma_gamma_kind = {
	.name = "gamma_gamma",
	.nparams = 3,
	.is_spend = true,
	.params = {"p", "q", "gamma"},
	.measures = {PARAM_SHAPE, PARAM_SHAPE, PARAM_MONEY},
	.starts = {{1, 2, 1}, {5, 4, 0.6}, {0.5, 5, 8}, {10, 1.5, 0.05}},
	.log_likelihood = gamma_gamma_log_likelihood
};
