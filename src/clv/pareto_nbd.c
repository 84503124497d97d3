/*-------------------------------------------------------------------------
 *
 * pareto_nbd.c
 *		The model Pareto/NBD (Schmittlein, Morrison and Colombo 1987).
 *
 * A customer buys at a rate drawn from a gamma distribution of shape r and
 * rate alpha, and drops out at a time that is exponential with a rate drawn
 * from a gamma distribution of shape s and rate beta.
 *
 * The likelihood of one who dropped out after the last purchase is
 *		s * integral from t_x to t of (alpha + y)^-(r + x) (beta + y)^-(s + 1) dy
 * beside common factors. Elsewhere that is the difference of two hypergeometric
 * functions, most of whose digits cancel. Here it is integrated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "clv/purchase_model.h"
#include "clv/special.h"

enum
{
	R, ALPHA, S, BETA
};

/* Nodes and weights of Gauss and Legendre for 8 points, of the right half. */
static const double nodes[4] = {
	0.18343464249564980494, 0.52553240991632898582,
	0.79666647741362673959, 0.96028985649753623168
};
static const double weights[4] = {
	0.36268378337836198297, 0.31370664587788728734,
	0.22238103445337447054, 0.10122853629037625915
};

/* A panel is so long, and its integrand changes by so much, at most. */
#define MAX_PANEL		1.4
#define MAX_PANEL_FALL	4.0

/* What has fallen by the factor exp(-42) is left out. */
#define MAX_FALL		42.0

/*
 * The integral, in the variable v = ln(least + y), with least the lesser of
 * alpha and beta: in it the integrand is nearly exponential, and the next
 * singularity is as far away as pi.
 */
typedef struct DeathIntegral
{
	const double *p;
	double		least;
	double		shape;			/* r + x */
	double		peak;			/* the log of the integrand where it began */
	double		sum;			/* relative to the peak; and of derivatives */
	double		gradient[4];
} DeathIntegral;

/* What can be said of the integrand at v. */
typedef struct DeathTime
{
	double		alpha_y;		/* alpha + y */
	double		beta_y;			/* beta + y */
	double		log_alpha_y;
	double		log_beta_y;
	double		log_value;
	double		slope;			/* of log_value, by v */
} DeathTime;

static inline DeathTime
look_at(const DeathIntegral *integral, double v)
{
	const double *p = integral->p;
	double		e = exp(v);
	DeathTime	at;

	/* one of the two is e, and its logarithm v */
	at.alpha_y = e + (p[ALPHA] - integral->least);
	at.beta_y = e + (p[BETA] - integral->least);
	at.log_alpha_y = p[ALPHA] == integral->least ? v : log(at.alpha_y);
	at.log_beta_y = p[BETA] == integral->least ? v : log(at.beta_y);
	at.log_value = v - integral->shape * at.log_alpha_y -
		(p[S] + 1) * at.log_beta_y;
	at.slope = 1 - integral->shape * e / at.alpha_y - (p[S] + 1) * e / at.beta_y;
	return at;
}

/* Add the integrand at v, times a weight. */
static inline void
add_death(DeathIntegral *integral, double v, double weight)
{
	DeathTime	at = look_at(integral, v);
	double		value = weight * exp(at.log_value - integral->peak);

	integral->sum += value;
	integral->gradient[R] -= value * at.log_alpha_y;
	integral->gradient[ALPHA] -= value * integral->shape / at.alpha_y;
	integral->gradient[S] -= value * at.log_beta_y;
	integral->gradient[BETA] -= value * (integral->p[S] + 1) / at.beta_y;
}

/*
 * The log of the integral from t_x to t, and its gradient. The log of the
 * integrand is concave in v: it falls faster and faster.
 */
static double
log_death_integral(const double *p, double x, double t_x, double t,
				   double *gradient)
{
	DeathIntegral integral = {0};
	double		v;
	double		end;
	DeathTime	at;

	integral.p = p;
	integral.least = Min(p[ALPHA], p[BETA]);
	integral.shape = p[R] + x;
	v = log(integral.least + t_x);
	end = log(integral.least + t);
	at = look_at(&integral, v);
	integral.peak = at.log_value;

	while (v < end && at.log_value > integral.peak - MAX_FALL)
	{
		double		length = Min(end - v,
								 Min(MAX_PANEL, MAX_PANEL_FALL / fabs(at.slope)));
		double		half = length / 2;
		double		middle = v + half;

		for (int i = 0; i < 4; i++)
		{
			add_death(&integral, middle - half * nodes[i], half * weights[i]);
			add_death(&integral, middle + half * nodes[i], half * weights[i]);
		}
		/* a step that rounding swallows would never end */
		if (v + length <= v)
			break;
		v += length;
		at = look_at(&integral, v);
	}
	for (int i = 0; i < 4; i++)
		gradient[i] = integral.sum > 0 ? integral.gradient[i] / integral.sum : 0;
	return integral.peak + log(integral.sum);
}

/*
 * ln(dead : alive) after t; beside it the gradient of the log likelihood of
 * one who is dead, without what it shares with that of one who is alive.
 */
static double
log_odds_dead(const double *p, double x, double t_x, double t, double *gradient)
{
	double		log_integral;

	if (t <= t_x)
	{
		memset(gradient, 0, sizeof(double) * 4);
		return -INFINITY;
	}
	log_integral = log_death_integral(p, x, t_x, t, gradient);
	gradient[S] += 1 / p[S];
	return log(p[S]) + log_integral +
		(p[R] + x) * log(p[ALPHA] + t) + p[S] * log(p[BETA] + t);
}

static double
pareto_nbd_log_likelihood(const double *p, const History *histories, int64 n,
						  double *gradient)
{
	double		of_x = 0;
	double		of_x_r = 0;
	double		sum = 0;

	memset(gradient, 0, sizeof(double) * 4);
	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];
		double		weight = (double) h->count;
		double		shape = p[R] + h->x;
		double		log_alpha_t = log(p[ALPHA] + h->t);
		double		log_beta_t = log(p[BETA] + h->t);
		double		if_dead[4];
		double		odds;
		double		dead;
		double		alive;

		if (i == 0 || h->x != h[-1].x)
		{
			of_x = log_rising(p[R], h->x) + p[R] * log(p[ALPHA]) +
				p[S] * log(p[BETA]);
			of_x_r = digamma_rising(p[R], h->x) + log(p[ALPHA]);
		}
		odds = log_odds_dead(p, h->x, h->t_x, h->t, if_dead);
		dead = logistic(odds);
		alive = logistic(-odds);

		sum += weight * (of_x - shape * log_alpha_t - p[S] * log_beta_t +
						 log1p_exp(odds));
		gradient[R] += weight *
			(of_x_r - alive * log_alpha_t + dead * if_dead[R]);
		gradient[ALPHA] += weight *
			(p[R] / p[ALPHA] - alive * shape / (p[ALPHA] + h->t) +
			 dead * if_dead[ALPHA]);
		gradient[S] += weight *
			(log(p[BETA]) - alive * log_beta_t + dead * if_dead[S]);
		gradient[BETA] += weight *
			(p[S] / p[BETA] - alive * p[S] / (p[BETA] + h->t) +
			 dead * if_dead[BETA]);
	}
	return sum;
}

static double
pareto_nbd_p_alive(const double *p, double x, double t_x, double t)
{
	double		gradient[4];

	return logistic(-log_odds_dead(p, x, t_x, t, gradient));
}

/* The mean of what is left to live of the next t, from age on. */
static double
expected_life(const double *p, double age, double t)
{
	double		log_ratio = log1p(t / (p[BETA] + age));
	double		k = p[S] - 1;

	/* (1 - exp(-k l)) / k, which is l for k = 0 */
	if (fabs(k * log_ratio) < 1e-12)
		return (p[BETA] + age) * log_ratio;
	return (p[BETA] + age) * -expm1(-k * log_ratio) / k;
}

static double
pareto_nbd_expected_if_alive(const double *p, double horizon, double x, double t)
{
	return (p[R] + x) / (p[ALPHA] + t) * expected_life(p, t, horizon);
}

static double
pareto_nbd_expected_new(const double *p, double t)
{
	return pareto_nbd_expected_if_alive(p, t, 0, 0);
}

/*
 * The density of dropping out at y, after n purchases, times dy / du, at the
 * log-odds u of y in 0 to t.
 */
static double
death_density(const double *p, double n, double t, double u)
{
	double		y = t * logistic(u);

	return purchases_probability(p[R], p[ALPHA], y, n) * p[S] / (p[BETA] + y) *
		exp(-p[S] * log1p(y / p[BETA])) * y * logistic(-u);
}

/*
 * The probability of n purchases in time t: alive, and bought n times; or
 * dropped out at some time before, and bought n times until then. The
 * trapezoidal rule is good for the latter, since in log-odds the density is
 * smooth and dies away on both sides.
 */
static double
pareto_nbd_probability(const double *p, double n, double t)
{
	double		alive = purchases_probability(p[R], p[ALPHA], t, n) *
		exp(-p[S] * log1p(t / p[BETA]));
	double		dead = 0;
	double		previous;
	double		step = 1;

	if (t == 0)
		return alive;
	for (int u = -44; u <= 44; u++)
		dead += death_density(p, n, t, u);
	do
	{
		previous = dead * step;
		for (double u = -44 + step / 2; u < 44; u += step)
			dead += death_density(p, n, t, u);
		step /= 2;
	} while (fabs(dead * step - previous) > 1e-13 * dead * step && step > 1e-4);
	return alive + dead * step;
}

const ModelKind pareto_nbd_kind = {
	.name = "pareto_nbd",
	.nparams = 4,
	.params = {"r", "alpha", "s", "beta"},
	.measures = {PARAM_SHAPE, PARAM_PURCHASE_TIME, PARAM_SHAPE, PARAM_LIFETIME},
	.starts = {{0.5, 0.5, 0.5, 0.5}, {1, 1, 0.1, 1}, {3, 3, 1, 2}, {0.3, 0.3, 2, 5}},
	.log_likelihood = pareto_nbd_log_likelihood,
	.p_alive = pareto_nbd_p_alive,
	.expected_if_alive = pareto_nbd_expected_if_alive,
	.expected_new = pareto_nbd_expected_new,
	.probability = pareto_nbd_probability
};
