/*-------------------------------------------------------------------------
 *
 * bgnbd.c
 *		The models BG/NBD (Fader, Hardie and Lee 2005) and MBG/NBD (Batislam,
 *		Denizel and Filiztekin 2007).
 *
 * A customer buys at a rate drawn from a gamma distribution of shape r and
 * rate alpha, and may drop out for good after each purchase, with a
 * probability drawn from a beta distribution of a and b. The models differ in
 * one thing: in MBG/NBD the first purchase, from which time is counted, is
 * followed by a chance to drop out, too. So x repeat purchases have brought x
 * chances in one model, and x + 1 in the other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "clv/purchase_model.h"
#include "clv/special.h"

enum
{
	R, ALPHA, A, B
};

/* Chances to drop out before the first repeat purchase. */
#define BG_EARLY	0
#define MBG_EARLY	1

/* ln(dead : alive) of one who had some chances to drop out. */
static double
log_odds_dead(const double *p, int early, double x, double t_x, double t)
{
	double		chances = x + early;

	if (chances == 0)
		return -INFINITY;
	return log(p[A]) - log(p[B] + chances - 1) +
		(p[R] + x) * (log(p[ALPHA] + t) - log(p[ALPHA] + t_x));
}

/*
 * The log likelihood, and its gradient. Terms of x alone, and of t alone, are
 * found once for neighbours that share them.
 */
static inline double
log_likelihood(const double *p, const History *histories, int64 n,
			   double *gradient, int early)
{
	double		of_x = 0;		/* terms of x, and their derivatives */
	double		of_x_r = 0;
	double		of_x_ab = 0;
	double		of_x_b = 0;
	double		log_drop = 0;	/* of one chance more than the last */
	double		log_end = 0;
	double		sum = 0;

	memset(gradient, 0, sizeof(double) * 4);
	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];
		double		weight = (double) h->count;
		double		chances = h->x + early;
		double		shape = p[R] + h->x;
		double		dead = 0;
		double		log_ratio = 0;
		double		likelihood;

		if (i == 0 || h->x != h[-1].x)
		{
			of_x = log_rising(p[R], h->x) + p[R] * log(p[ALPHA]) +
				log_rising(p[B], chances) - log_rising(p[A] + p[B], chances);
			of_x_r = digamma_rising(p[R], h->x) + log(p[ALPHA]);
			of_x_ab = digamma_rising(p[A] + p[B], chances);
			of_x_b = digamma_rising(p[B], chances);
			if (chances > 0)
				log_drop = log(p[A]) - log(p[B] + chances - 1);
		}
		if (i == 0 || h->t != h[-1].t)
			log_end = log(p[ALPHA] + h->t);

		likelihood = of_x - shape * log_end;
		if (chances > 0)
		{
			double		odds;

			log_ratio = log_end - log(p[ALPHA] + h->t_x);
			odds = log_drop + shape * log_ratio;
			likelihood += log1p_exp(odds);
			dead = logistic(odds);
		}
		sum += weight * likelihood;
		gradient[R] += weight * (of_x_r - log_end + dead * log_ratio);
		gradient[ALPHA] += weight *
			(p[R] / p[ALPHA] - shape * ((1 - dead) / (p[ALPHA] + h->t) +
										dead / (p[ALPHA] + h->t_x)));
		gradient[A] += weight * (dead / p[A] - of_x_ab);
		gradient[B] += weight * (of_x_b - of_x_ab);
		if (dead > 0)
			gradient[B] -= weight * dead / (p[B] + chances - 1);
	}
	return sum;
}

static double
bgnbd_log_likelihood(const double *p, const History *histories, int64 n,
					 double *gradient)
{
	return log_likelihood(p, histories, n, gradient, BG_EARLY);
}

static double
mbgnbd_log_likelihood(const double *p, const History *histories, int64 n,
					  double *gradient)
{
	return log_likelihood(p, histories, n, gradient, MBG_EARLY);
}

static double
bgnbd_p_alive(const double *p, double x, double t_x, double t)
{
	return logistic(-log_odds_dead(p, BG_EARLY, x, t_x, t));
}

static double
mbgnbd_p_alive(const double *p, double x, double t_x, double t)
{
	return logistic(-log_odds_dead(p, MBG_EARLY, x, t_x, t));
}

/*
 * Of one alive at t, rate and probability are distributed as before, with
 * parameters that have learnt from what was seen.
 */
static double
bgnbd_expected_if_alive(const double *p, double horizon, double x, double t)
{
	return expected_until_dropout(p[R] + x, p[ALPHA] + t, p[A], p[B] + x,
								  horizon);
}

static double
mbgnbd_expected_if_alive(const double *p, double horizon, double x, double t)
{
	return expected_until_dropout(p[R] + x, p[ALPHA] + t, p[A],
								  p[B] + x + MBG_EARLY, horizon);
}

static double
bgnbd_expected_new(const double *p, double t)
{
	return expected_until_dropout(p[R], p[ALPHA], p[A], p[B], t);
}

static double
mbgnbd_expected_new(const double *p, double t)
{
	return p[B] / (p[A] + p[B]) * mbgnbd_expected_if_alive(p, t, 0, 0);
}

/*
 * The probability of n purchases in time t: alive, and bought n times; or
 * dropped out at the last chance, and would have bought n times or more.
 */
static double
probability(const double *p, double n, double t, int early)
{
	double		chances = n + early;
	double		stays = stays_probability(p[A], p[B], chances);
	double		sum = stays * purchases_probability(p[R], p[ALPHA], t, n);

	if (chances > 0)
		sum += stays * p[A] / (p[B] + chances - 1) *
			purchases_tail(p[R], p[ALPHA], t, n);
	return sum;
}

static double
bgnbd_probability(const double *p, double n, double t)
{
	return probability(p, n, t, BG_EARLY);
}

static double
mbgnbd_probability(const double *p, double n, double t)
{
	return probability(p, n, t, MBG_EARLY);
}

const ModelKind bgnbd_kind = {
	.name = "bgnbd",
	.nparams = 4,
	.params = {"r", "alpha", "a", "b"},
	.measures = {PARAM_SHAPE, PARAM_PURCHASE_TIME, PARAM_SHAPE, PARAM_SHAPE},
	.starts = {{0.3, 0.3, 0.5, 2}, {1, 1, 0.1, 1}, {3, 3, 1, 5}, {0.5, 0.5, 2, 2}},
	.log_likelihood = bgnbd_log_likelihood,
	.p_alive = bgnbd_p_alive,
	.expected_if_alive = bgnbd_expected_if_alive,
	.expected_new = bgnbd_expected_new,
	.probability = bgnbd_probability
};

const ModelKind mbgnbd_kind = {
	.name = "mbgnbd",
	.nparams = 4,
	.params = {"r", "alpha", "a", "b"},
	.measures = {PARAM_SHAPE, PARAM_PURCHASE_TIME, PARAM_SHAPE, PARAM_SHAPE},
	.starts = {{0.3, 0.3, 0.5, 2}, {1, 1, 0.1, 1}, {3, 3, 1, 5}, {0.5, 0.5, 2, 2}},
	.log_likelihood = mbgnbd_log_likelihood,
	.p_alive = mbgnbd_p_alive,
	.expected_if_alive = mbgnbd_expected_if_alive,
	.expected_new = mbgnbd_expected_new,
	.probability = mbgnbd_probability
};
