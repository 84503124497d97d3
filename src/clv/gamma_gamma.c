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

#include "clv/purchase_model.h"
#include "clv/special.h"

enum
{
	P, Q, GAMMA
};

/* Here t_x of a history is the mean spend, and t is nothing. */
static double
gamma_gamma_log_likelihood(const double *p, const History *histories, int64 n,
						   double *gradient)
{
	double		of_x = 0;
	double		of_x_p = 0;
	double		of_x_q = 0;
	double		log_gamma = log(p[GAMMA]);
	double		sum = 0;

	memset(gradient, 0, sizeof(double) * 4);
	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];
		double		weight = (double) h->count;
		double		px = p[P] * h->x;
		double		mean = h->t_x;
		double		log_total = log(h->x * mean);
		double		log_both = log(p[GAMMA] + h->x * mean);

		if (i == 0 || h->x != h[-1].x)
		{
			double		both = digamma(px + p[Q]);

			of_x = lgamma(px + p[Q]) - lgamma(px) - lgamma(p[Q]) +
				p[Q] * log_gamma;
			of_x_p = h->x * (both - digamma(px));
			of_x_q = both - digamma(p[Q]) + log_gamma;
		}
		sum += weight * (of_x + px * log_total - log(mean) -
						 (px + p[Q]) * log_both);
		gradient[P] += weight * (of_x_p + h->x * (log_total - log_both));
		gradient[Q] += weight * (of_x_q - log_both);
		gradient[GAMMA] += weight *
			(p[Q] / p[GAMMA] - (px + p[Q]) / (p[GAMMA] + h->x * mean));
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
