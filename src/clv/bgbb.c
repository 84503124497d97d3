/*-------------------------------------------------------------------------
 *
 * bgbb.c
 *		The model BG/BB (Fader, Hardie and Shang 2010), for customers who can
 *		buy at certain occasions only, such as once a year.
 *
 * At each occasion a customer who has not dropped out buys with a probability
 * drawn from a beta distribution of alpha and beta; before each, one may drop
 * out for good with a probability drawn from a beta distribution of gamma and
 * delta. Time is the number of occasions.
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
	ALPHA, BETA, GAMMA, DELTA
};

/* ln of the probability of k purchases at certain n occasions. */
static double
log_buys(const double *p, double k, double n)
{
	return log_rising(p[ALPHA], k) + log_rising(p[BETA], n - k) -
		log_rising(p[ALPHA] + p[BETA], n);
}

/* ln of the probability of staying for n occasions. */
static double
log_stays(const double *p, double n)
{
	return log_rising(p[DELTA], n) - log_rising(p[GAMMA] + p[DELTA], n);
}

/* ln of the probability of dropping out just after n occasions. */
static double
log_leaves(const double *p, double n)
{
	return log_stays(p, n) + log(p[GAMMA]) - log(p[GAMMA] + p[DELTA] + n);
}

/* ln(exp(a) + exp(b)). */
static double
log_add(double a, double b)
{
	return Max(a, b) + log1p_exp(-fabs(a - b));
}

/*
 * ln of the likelihood of one customer: stayed all the time, or left after an
 * occasion from the last purchase on.
 */
static double
log_likelihood(const double *p, double x, double t_x, double t)
{
	double		sum = log_buys(p, x, t) + log_stays(p, t);

	for (double n = t_x; n < t; n++)
		sum = log_add(sum, log_buys(p, x, n) + log_leaves(p, n));
	return sum;
}

/* The function log_buys with its derivatives, added. */
static void
add_buys(SecondOrder *f, const double *p, double k, double n)
{
	double		both = digamma_rising(p[ALPHA] + p[BETA], n);
	double		both_both = trigamma_rising(p[ALPHA] + p[BETA], n);

	f->value += log_buys(p, k, n);
	f->gradient[ALPHA] += digamma_rising(p[ALPHA], k) - both;
	f->gradient[BETA] += digamma_rising(p[BETA], n - k) - both;
	f->hessian[ALPHA][ALPHA] += trigamma_rising(p[ALPHA], k) - both_both;
	f->hessian[BETA][ALPHA] -= both_both;
	f->hessian[BETA][BETA] += trigamma_rising(p[BETA], n - k) - both_both;
}

/* The same of log_stays. */
static void
add_stays(SecondOrder *f, const double *p, double n)
{
	double		both = digamma_rising(p[GAMMA] + p[DELTA], n);
	double		both_both = trigamma_rising(p[GAMMA] + p[DELTA], n);

	f->value += log_stays(p, n);
	f->gradient[GAMMA] -= both;
	f->gradient[DELTA] += digamma_rising(p[DELTA], n) - both;
	f->hessian[GAMMA][GAMMA] -= both_both;
	f->hessian[DELTA][GAMMA] -= both_both;
	f->hessian[DELTA][DELTA] += trigamma_rising(p[DELTA], n) - both_both;
}

/* The same of log_leaves. */
static void
add_leaves(SecondOrder *f, const double *p, double n)
{
	double		next = 1 / (p[GAMMA] + p[DELTA] + n);

	add_stays(f, p, n);
	f->value += log(p[GAMMA] * next);
	f->gradient[GAMMA] += 1 / p[GAMMA] - next;
	f->gradient[DELTA] -= next;
	f->hessian[GAMMA][GAMMA] += next * next - 1 / (p[GAMMA] * p[GAMMA]);
	f->hessian[DELTA][GAMMA] += next * next;
	f->hessian[DELTA][DELTA] += next * next;
}

/*
 * Add a part to the derivatives of ln of a sum of parts, of which it has a
 * share. The products of gradients make what the sum of Hessians lacks.
 */
static void
add_part(SecondOrder *mixture, double share, const SecondOrder *part)
{
	add_weighted(mixture, share, part);
	for (int i = 0; i < MAX_PARAMS; i++)
	{
		for (int j = 0; j <= i; j++)
			mixture->hessian[i][j] += share * part->gradient[i] * part->gradient[j];
	}
}

/* log_likelihood with its derivatives. */
static SecondOrder
likelihood_of(const double *p, const History *h)
{
	double		value = log_likelihood(p, h->x, h->t_x, h->t);
	SecondOrder mixture = {0};
	SecondOrder stayed = {0};

	add_buys(&stayed, p, h->x, h->t);
	add_stays(&stayed, p, h->t);
	add_part(&mixture, exp(stayed.value - value), &stayed);
	for (double n = h->t_x; n < h->t; n++)
	{
		SecondOrder left = {0};

		add_buys(&left, p, h->x, n);
		add_leaves(&left, p, n);
		add_part(&mixture, exp(left.value - value), &left);
	}
	mixture.value = value;
	for (int i = 0; i < MAX_PARAMS; i++)
	{
		for (int j = 0; j <= i; j++)
			mixture.hessian[i][j] -= mixture.gradient[i] * mixture.gradient[j];
	}
	return mixture;
}

static SecondOrder
bgbb_log_likelihood(const double *p, const History *histories, int64 n)
{
	SecondOrder sum = {0};

	for (int64 i = 0; i < n; i++)
	{
		SecondOrder f = likelihood_of(p, &histories[i]);

		CHECK_FOR_INTERRUPTS();
		add_weighted(&sum, histories[i].count, &f);
	}
	return sum;
}

/* The probability of being there at the next occasion, the one after t. */
static double
bgbb_p_alive(const double *p, double x, double t_x, double t)
{
	return exp(log_buys(p, x, t) + log_stays(p, t + 1) -
			   log_likelihood(p, x, t_x, t));
}

/*
 * The expected number of occasions that one who is there at the next one, the
 * first after t, will be there among the next n.
 */
static double
expected_occasions(const double *p, double n, double t)
{
	double		stays = 1;
	double		sum = 0;

	for (double i = t + 1; i <= t + n; i++)
	{
		sum += stays;
		stays *= (p[DELTA] + i) / (p[GAMMA] + p[DELTA] + i);
	}
	return sum;
}

static double
bgbb_expected_if_alive(const double *p, double horizon, double x, double t)
{
	return (p[ALPHA] + x) / (p[ALPHA] + p[BETA] + t) *
		expected_occasions(p, horizon, t);
}

static double
bgbb_expected_new(const double *p, double t)
{
	return p[DELTA] / (p[GAMMA] + p[DELTA]) * bgbb_expected_if_alive(p, t, 0, 0);
}

/* ln of the number of ways to choose k of n. */
static double
log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/*
 * The probability of n purchases at t occasions: of one who stays, or who
 * leaves after an occasion from the n-th on.
 */
static double
bgbb_probability(const double *p, double n, double t)
{
	double		sum;

	if (n > t)
		return 0;
	sum = exp(log_choose(t, n) + log_buys(p, n, t) + log_stays(p, t));
	for (double left = n; left < t; left++)
	{
		CHECK_FOR_INTERRUPTS();
		sum += exp(log_choose(left, n) + log_buys(p, n, left) +
				   log_leaves(p, left));
	}
	return sum;
}

const ModelKind bgbb_kind = {
	.name = "bgbb",
	.nparams = 4,
	.is_discrete = true,
	.params = {"alpha", "beta", "gamma", "delta"},
	.measures = {PARAM_SHAPE, PARAM_SHAPE, PARAM_SHAPE, PARAM_SHAPE},
	.starts = {{1, 1, 1, 1}, {1, 0.5, 0.5, 3}, {0.3, 1, 0.1, 5}, {3, 3, 1, 10}},
	.log_likelihood = bgbb_log_likelihood,
	.p_alive = bgbb_p_alive,
	.expected_if_alive = bgbb_expected_if_alive,
	.expected_new = bgbb_expected_new,
	.probability = bgbb_probability
};
