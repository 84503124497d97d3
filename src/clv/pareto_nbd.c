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

#include "miscadmin.h"

#include "clv/purchase_model.h"
#include "clv/special.h"

enum
{
	R, ALPHA, S, BETA
};

/* Nodes and weights of Gauss and Legendre, of the right half. */
typedef struct GaussRule
{
	int			half;			/* of the number of nodes */
	double		nodes[4];
	double		weights[4];
} GaussRule;

/* Of 4, 6 and 8 points. */
static const GaussRule rules[] = {
	{2, {0.33998104358485626480, 0.86113631159405257522},
	{0.65214515486254614263, 0.34785484513745385737}},
	{3, {0.23861918608319690863, 0.66120938646626451366, 0.93246951420315202781},
	{0.46791393457269104739, 0.36076157304813860757, 0.17132449237917034504}},
	{4, {0.18343464249564980494, 0.52553240991632898582,
	0.79666647741362673959, 0.96028985649753623168},
	{0.36268378337836198297, 0.31370664587788728734,
	0.22238103445337447054, 0.10122853629037625915}}
};

/*
 * A panel of each rule is so long, and its integrand changes by so much, at
 * most: then the rule is exact to 13 digits.
 */
static const double max_lengths[] = {0.25, 0.8, 1.4};
static const double max_falls[] = {0.3, 1.6, 4.0};

/* What has fallen by the factor exp(-42) is left out. */
#define MAX_FALL			42.0

/* The integrand may grow by the factor exp(100) before sums are scaled anew. */
#define MAX_RISE			100.0

/*
 * The integral, relative to the likelihood of one who is alive at t, in the
 * variable w = ln((least + t) / (least + y)), with least the lesser of alpha
 * and beta: in it the integrand is nearly exponential, and the next
 * singularity is as far away as pi.
 *
 * It is begun at y = t, and extended to the last purchases of customers who
 * share x and t, one after the other: each takes up where the one before left
 * off. Sums are relative to exp(peak).
 */
typedef struct DeathIntegral
{
	const double *p;
	double		shape;			/* r + x */
	double		least;
	double		least_t;		/* least + t */
	double		alpha_end;		/* 1 / (alpha + t) */
	double		beta_end;		/* 1 / (beta + t) */
	double		reached;		/* w */
	double		peak;
	double		sum;

	/* sums of the integrand times features, and their products for j <= i */
	double		first[4];
	double		second[4][4];
} DeathIntegral;

/*
 * What can be said of the integrand at w. The features are ln((alpha + t) /
 * (alpha + y)), 1 / (alpha + y) - 1 / (alpha + t), and the same with beta:
 * derivatives by the parameters are made of them.
 */
typedef struct DeathTime
{
	double		features[4];
	double		log_value;
	double		slope;			/* of log_value, by w */
} DeathTime;

/* Look at w, where least + y is known. */
static inline DeathTime
look_at(const DeathIntegral *integral, double w, double least_y)
{
	const double *p = integral->p;
	double		shape = integral->shape;
	double		by_alpha = 1 / (least_y + (p[ALPHA] - integral->least));
	double		by_beta = 1 / (least_y + (p[BETA] - integral->least));
	DeathTime	at;

	/* one of the two logarithms is w */
	if (p[ALPHA] == integral->least)
	{
		at.features[R] = w;
		at.features[S] = log(by_beta / integral->beta_end);
	}
	else
	{
		at.features[R] = log(by_alpha / integral->alpha_end);
		at.features[S] = w;
	}
	at.features[ALPHA] = by_alpha - integral->alpha_end;
	at.features[BETA] = by_beta - integral->beta_end;
	at.log_value = shape * at.features[R] + (p[S] + 1) * at.features[S] - w;
	at.slope = least_y * (shape * by_alpha + (p[S] + 1) * by_beta) - 1;
	return at;
}

/* Add the integrand at w, times a weight. */
static inline void
add_death(DeathIntegral *integral, double w, double least_y, double weight)
{
	DeathTime	at = look_at(integral, w, least_y);
	double		value = weight * exp(at.log_value - integral->peak);

	integral->sum += value;
	for (int i = 0; i < 4; i++)
	{
		double		product = value * at.features[i];

		integral->first[i] += product;
		for (int j = 0; j <= i; j++)
			integral->second[i][j] += product * at.features[j];
	}
}

/* Add the integral over a panel, by the first rule that is good for it. */
static void
add_panel(DeathIntegral *integral, double begin, double length, double slope)
{
	double		half = length / 2;
	double		middle = begin + half;
	double		least_y = integral->least_t * exp(-middle);
	const GaussRule *rule = rules;

	for (int i = 0; i < (int) lengthof(rules) - 1 &&
		 (length > max_lengths[i] || length * slope > max_falls[i]); i++)
		rule++;
	for (int i = 0; i < rule->half; i++)
	{
		double		step = half * rule->nodes[i];
		double		weight = half * rule->weights[i];
		double		factor = exp(step);

		add_death(integral, middle - step, least_y * factor, weight);
		add_death(integral, middle + step, least_y / factor, weight);
	}
}

/* Let sums be relative to another value. */
static void
set_peak(DeathIntegral *integral, double peak)
{
	double		scale = exp(integral->peak - peak);

	integral->peak = peak;
	integral->sum *= scale;
	for (int i = 0; i < 4; i++)
	{
		integral->first[i] *= scale;
		for (int j = 0; j <= i; j++)
			integral->second[i][j] *= scale;
	}
}

static DeathIntegral
begin_integral(const double *p, double x, double t)
{
	DeathIntegral integral = {p};

	integral.shape = p[R] + x;
	integral.least = Min(p[ALPHA], p[BETA]);
	integral.least_t = integral.least + t;
	integral.alpha_end = 1 / (p[ALPHA] + t);
	integral.beta_end = 1 / (p[BETA] + t);
	return integral;
}

/*
 * Extend the integral to y = t_x, which is not above what it was extended to.
 * The log of the integrand is concave in w: towards later times it falls faster
 * and faster. So the panels begin at t_x.
 */
static void
extend_integral(DeathIntegral *integral, double t_x, double t)
{
	double		end = integral->reached;
	double		w = log1p((t - t_x) / (integral->least + t_x));
	DeathTime	at = look_at(integral, w, integral->least + t_x);
	double		top = at.log_value;

	integral->reached = w;
	if (top > integral->peak + MAX_RISE)
		set_peak(integral, top);

	while (w > end)
	{
		double		slope = fabs(at.slope);
		double		length = Min(max_lengths[lengthof(rules) - 1],
								 max_falls[lengthof(rules) - 1] / slope);

		if (length >= w - end)
		{
			add_panel(integral, end, w - end, slope);
			break;
		}

		/* a step that rounding swallows would never end */
		if (w - length >= w)
			break;
		w -= length;
		add_panel(integral, w, length, slope);
		at = look_at(integral, w, integral->least_t * exp(-w));
		if (at.log_value < top - MAX_FALL)
			break;
	}
}

/*
 * ln(dead : alive) at t of one whose last purchase is where the integral
 * ends, without derivatives.
 */
static double
log_odds_dead(const DeathIntegral *integral)
{
	const double *p = integral->p;

	return log(p[S] * integral->sum * integral->least_t * integral->beta_end) +
		integral->peak;
}

/* The same with them. */
static SecondOrder
odds_dead(const DeathIntegral *integral)
{
	const double *p = integral->p;
	double		alpha_end = integral->alpha_end;
	double		beta_end = integral->beta_end;
	double		by_sum = 1 / integral->sum;
	double		scales[4] = {1, -integral->shape, 1, -(p[S] + 1)};
	double		means[4];
	SecondOrder f = {0};

	f.value = log_odds_dead(integral);
	for (int i = 0; i < 4; i++)
	{
		means[i] = integral->first[i] * by_sum;
		f.gradient[i] = scales[i] * means[i];

		/* covariances of the derivatives of the log of the integrand */
		for (int j = 0; j <= i; j++)
			f.hessian[i][j] = scales[i] * scales[j] *
				(integral->second[i][j] * by_sum - means[i] * means[j]);
	}
	f.gradient[S] += 1 / p[S];
	f.gradient[BETA] -= beta_end;

	/* and the means of its second derivatives */
	f.hessian[ALPHA][R] -= means[ALPHA];
	f.hessian[ALPHA][ALPHA] += integral->shape *
		(integral->second[ALPHA][ALPHA] * by_sum + 2 * alpha_end * means[ALPHA]);
	f.hessian[S][S] -= 1 / (p[S] * p[S]);
	f.hessian[BETA][S] -= means[BETA];
	f.hessian[BETA][BETA] += (p[S] + 1) *
		(integral->second[BETA][BETA] * by_sum + 2 * beta_end * means[BETA]) +
		beta_end * beta_end;
	return f;
}

/* The log likelihood of one who is alive at t. */
static SecondOrder
likelihood_if_alive(const double *p, double x, double t)
{
	double		shape = p[R] + x;
	double		alpha_begin = 1 / p[ALPHA];
	double		alpha_end = 1 / (p[ALPHA] + t);
	double		beta_begin = 1 / p[BETA];
	double		beta_end = 1 / (p[BETA] + t);
	double		log_alpha = log(p[ALPHA] * alpha_end);
	double		log_beta = log(p[BETA] * beta_end);
	SecondOrder f = {0};

	f.value = log_rising(p[R], x) + p[R] * log_alpha + x * log(alpha_end) +
		p[S] * log_beta;
	f.gradient[R] = digamma_rising(p[R], x) + log_alpha;
	f.gradient[ALPHA] = p[R] * alpha_begin - shape * alpha_end;
	f.gradient[S] = log_beta;
	f.gradient[BETA] = p[S] * (beta_begin - beta_end);
	f.hessian[R][R] = trigamma_rising(p[R], x);
	f.hessian[ALPHA][R] = alpha_begin - alpha_end;
	f.hessian[ALPHA][ALPHA] = shape * alpha_end * alpha_end -
		p[R] * alpha_begin * alpha_begin;
	f.hessian[BETA][S] = beta_begin - beta_end;
	f.hessian[BETA][BETA] = p[S] * (beta_end * beta_end - beta_begin * beta_begin);
	return f;
}

static SecondOrder
pareto_nbd_log_likelihood(const double *p, const History *histories, int64 n)
{
	SecondOrder alive = {0};
	DeathIntegral integral = {0};
	SecondOrder sum = {0};

	for (int64 i = 0; i < n; i++)
	{
		const History *h = &histories[i];

		CHECK_FOR_INTERRUPTS();
		if (i == 0 || h->x != h[-1].x || h->t != h[-1].t)
		{
			alive = likelihood_if_alive(p, h->x, h->t);
			integral = begin_integral(p, h->x, h->t);
		}
		add_weighted(&sum, h->count, &alive);
		extend_integral(&integral, h->t_x, h->t);
		if (integral.sum > 0)
		{
			SecondOrder odds = odds_dead(&integral);

			add_log1p_exp(&sum, h->count, &odds);
		}
	}
	return sum;
}

static double
pareto_nbd_p_alive(const double *p, double x, double t_x, double t)
{
	DeathIntegral integral = begin_integral(p, x, t);

	extend_integral(&integral, t_x, t);
	return logistic(-log_odds_dead(&integral));
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
		CHECK_FOR_INTERRUPTS();
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
