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

#include "miscadmin.h"

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
 * What customers share who bought as often: the likelihood of no drop-out at
 * their chances, and of the number of purchases.
 */
static SecondOrder
terms_of_x(const double *p, double x, double chances)
{
	SecondOrder f = {0};
	double		ab = digamma_rising(p[A] + p[B], chances);
	double		ab_ab = trigamma_rising(p[A] + p[B], chances);

	f.value = log_rising(p[R], x) +
		log_rising(p[B], chances) - log_rising(p[A] + p[B], chances);
	f.gradient[R] = digamma_rising(p[R], x);
	f.gradient[A] = -ab;
	f.gradient[B] = digamma_rising(p[B], chances) - ab;
	f.hessian[R][R] = trigamma_rising(p[R], x);
	f.hessian[A][A] = f.hessian[B][A] = -ab_ab;
	f.hessian[B][B] = trigamma_rising(p[B], chances) - ab_ab;
	return f;
}

/* Add what they share when they have also been seen as long, until t. */
static void
add_terms_of_t(SecondOrder *f, const double *p, double shape, double t)
{
	double		begin = 1 / p[ALPHA];
	double		end = 1 / (p[ALPHA] + t);

	f->value += p[R] * log(p[ALPHA]) - shape * log(p[ALPHA] + t);
	f->gradient[R] += log(p[ALPHA] * end);
	f->gradient[ALPHA] += p[R] * begin - shape * end;
	f->hessian[ALPHA][R] += begin - end;
	f->hessian[ALPHA][ALPHA] += shape * end * end - p[R] * begin * begin;
}

/* log_odds_dead with its derivatives, but for the terms of a and b alone. */
static inline void
add_odds_dead(SecondOrder *f, const double *p, double shape, double t_x, double t)
{
	double		end = 1 / (p[ALPHA] + t);
	double		last = 1 / (p[ALPHA] + t_x);
	double		log_ratio = log((p[ALPHA] + t) * last);

	f->value += shape * log_ratio;
	f->gradient[R] = log_ratio;
	f->gradient[ALPHA] = shape * (end - last);
	f->hessian[ALPHA][R] = end - last;
	f->hessian[ALPHA][ALPHA] = shape * (last * last - end * end);
}

/* Those terms, of one chance more than the last. */
static SecondOrder
drop_terms(const double *p, double chances)
{
	double		next = p[B] + chances - 1;
	SecondOrder f = {log(p[A] / next)};

	f.gradient[A] = 1 / p[A];
	f.gradient[B] = -1 / next;
	f.hessian[A][A] = -1 / (p[A] * p[A]);
	f.hessian[B][B] = 1 / (next * next);
	return f;
}

/* The log likelihood: what neighbours share is found once for them. */
static inline SecondOrder
log_likelihood(const double *p, const History *histories, int64 n, int early)
{
	SecondOrder of_x = {0};
	SecondOrder alive = {0};
	SecondOrder odds = {0};
	SecondOrder sum = {0};
	double		log_drop = 0;

	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];
		double		chances = h->x + early;
		double		shape = p[R] + h->x;
		bool		is_new_x = i == 0 || h->x != h[-1].x;

		CHECK_FOR_INTERRUPTS();
		if (is_new_x)
		{
			of_x = terms_of_x(p, h->x, chances);
			if (chances > 0)
				odds = drop_terms(p, chances);
			log_drop = odds.value;
		}
		if (is_new_x || h->t != h[-1].t)
		{
			alive = of_x;
			add_terms_of_t(&alive, p, shape, h->t);
		}
		add_weighted(&sum, h->count, &alive);
		if (chances > 0)
		{
			odds.value = log_drop;
			add_odds_dead(&odds, p, shape, h->t_x, h->t);
			add_log1p_exp(&sum, h->count, &odds);
		}
	}
	return sum;
}

static SecondOrder
bgnbd_log_likelihood(const double *p, const History *histories, int64 n)
{
	return log_likelihood(p, histories, n, BG_EARLY);
}

static SecondOrder
mbgnbd_log_likelihood(const double *p, const History *histories, int64 n)
{
	return log_likelihood(p, histories, n, MBG_EARLY);
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
