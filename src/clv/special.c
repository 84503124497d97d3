/*-------------------------------------------------------------------------
 *
 * special.c
 *		Special functions of the purchase models, for positive arguments.
 *
 * Textbooks write the models with differences of gamma and hypergeometric
 * functions, which cancel or overflow just where customers are interesting:
 * many purchases, long times, hardly any drop-outs. Here all are sums or
 * integrals of positive terms.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "clv/special.h"

/* So many factors are cheaper, and more exact, than two gamma functions. */
#define MAX_FACTORS			64

/* Products are kept below this, so that one more factor does not overflow. */
#define LARGE_PRODUCT		1e150

/* A series of more terms than this is left to quadrature. */
#define MAX_TERMS			2000

/* Below this, a term does not change a sum of which another is 1. */
#define NEGLIGIBLE			1e-18

/* ln 1e-300: what is below is nothing, and not yet a subnormal. */
#define LOG_TINY			(-690.0)

/*
 * The derivative of ln Gamma: the asymptotic series above 10, to which the
 * recurrence digamma(x) = digamma(x + 1) - 1/x leads.
 */
double
digamma(double x)
{
	static const double terms[] = {
		1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760,
		1.0 / 12
	};
	double		shift = 0;
	double		series = 0;
	double		y;

	for (; x < 10; x += 1)
		shift += 1 / x;
	y = 1 / (x * x);
	for (int i = lengthof(terms) - 1; i >= 0; i--)
		series = (series + terms[i]) * y;
	return log(x) - 0.5 / x - shift - series;
}

/* The derivative of digamma, in the same way. */
double
trigamma(double x)
{
	/* Bernoulli numbers */
	static const double terms[] = {
		1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6
	};
	double		shift = 0;
	double		series = 0;
	double		y;

	for (; x < 10; x += 1)
		shift += 1 / (x * x);
	y = 1 / (x * x);
	for (int i = lengthof(terms) - 1; i >= 0; i--)
		series = (series + terms[i]) * y;
	return 1 / x + 0.5 * y + series / x + shift;
}

/* ln Gamma(a + n) - ln Gamma(a), for a whole n. */
double
log_rising(double a, double n)
{
	double		sum = 0;
	double		product = 1;

	if (n > MAX_FACTORS)
		return lgamma(a + n) - lgamma(a);
	for (int i = 0; i < n; i++)
	{
		product *= a + i;
		if (product > LARGE_PRODUCT)
		{
			sum += log(product);
			product = 1;
		}
	}
	return sum + log(product);
}

/* The derivative of log_rising by a. */
double
digamma_rising(double a, double n)
{
	double		sum = 0;

	if (n > MAX_FACTORS)
		return digamma(a + n) - digamma(a);
	for (int i = 0; i < n; i++)
		sum += 1 / (a + i);
	return sum;
}

/* The derivative of digamma_rising by a. */
double
trigamma_rising(double a, double n)
{
	double		sum = 0;

	if (n > MAX_FACTORS)
		return trigamma(a + n) - trigamma(a);
	for (int i = 0; i < n; i++)
		sum -= 1 / ((a + i) * (a + i));
	return sum;
}

/* The probability of not dropping out n times in a row. */
double
stays_probability(double a, double b, double n)
{
	double		product = 1;

	if (n > MAX_FACTORS)
		return exp(log_rising(b, n) - log_rising(a + b, n));
	for (int i = 0; i < n; i++)
		product *= (b + i) / (a + b + i);
	return product;
}

/* ln(1 + exp(x)). */
double
log1p_exp(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* 1 / (1 + exp(-x)). */
double
logistic(double x)
{
	double		e;

	if (x >= 0)
		return 1 / (1 + exp(-x));
	e = exp(x);
	return e / (1 + e);
}

/* The probability of n purchases in time t. */
double
purchases_probability(double r, double alpha, double t, double n)
{
	if (t == 0)
		return n == 0 ? 1 : 0;
	return exp(log_rising(r, n) - lgamma(n + 1) -
			   r * log1p(t / alpha) - n * log1p(alpha / t));
}

/* The continued fraction of the incomplete beta function, after Lentz. */
static double
beta_fraction(double a, double b, double x)
{
	double		c = 1;
	double		d = 1 / (1 - (a + b) * x / (a + 1));
	double		fraction = d;
	double		change;

	for (int m = 1; m <= 100000; m++)
	{
		double		twice = a + 2 * m;
		double		even = m * (b - m) * x / ((twice - 1) * twice);
		double		odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1));

		d = 1 / (1 + even * d);
		c = 1 + even / c;
		fraction *= d * c;
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		change = d * c;
		fraction *= change;
		if (fabs(change - 1) < DBL_EPSILON)
			break;
	}
	return fraction;
}

/*
 * The probability of n or more purchases in time t: the regularized
 * incomplete beta function of n and r at t / (alpha + t).
 */
double
purchases_tail(double r, double alpha, double t, double n)
{
	double		x = t / (alpha + t);
	double		front;

	if (n == 0)
		return 1;
	if (t == 0)
		return 0;

	/* x^n (1 - x)^r / B(n, r) */
	front = exp(log_rising(r, n) - lgamma(n) -
				r * log1p(t / alpha) - n * log1p(alpha / t));
	if (x < (n + 1) / (n + r + 2))
		return front * beta_fraction(n, r, x) / n;
	return 1 - front * beta_fraction(r, n, alpha / (alpha + t)) / r;
}

/*
 * Purchase j + 1 comes if there would be more than j, and the buyer did not
 * drop out after any of the j before. The sum of its probabilities, which is
 * one of positive terms alone, and has no trouble at a = 1 as the usual
 * formula has.
 */
static double
sum_until_dropout(double r, double a, double b, double z, double log_none)
{
	double		exactly = exp(log_none);	/* j purchases, without drop-outs */
	double		more = -expm1(log_none);	/* more than j */
	double		stays = 1;		/* after j purchases */
	double		sum = more;

	for (int j = 0; j < MAX_TERMS; j++)
	{
		double		factor = (r + j) / (j + 1) * z;
		double		rest = 1 - Max(factor, z);

		exactly *= factor;
		more -= exactly;
		stays *= (b + j) / (a + b + j);
		sum += more * stays;

		/* factors fall towards z, or rise to it: what is left is geometric */
		if (rest > 0 && exactly <= NEGLIGIBLE * rest * rest * sum)
			break;
	}
	return sum;
}

/*
 * What the sum above converges to, as a mean over the probability p of
 * dropping out: (1 - (1 + p t / alpha)^-r) / p. Integrand and weight at the
 * log-odds u of p, up to a common factor; log_peak keeps them in range.
 */
typedef struct DropoutIntegral
{
	double		r;
	double		ratio;			/* t / alpha */
	double		a;
	double		b;
	double		center;			/* log-odds where the weight is greatest */
	double		log_peak;
	double		width;
	double		value;			/* sums so far */
	double		weight;
} DropoutIntegral;

/* ln(p^a (1 - p)^b) at log-odds u. */
static double
log_weight(const DropoutIntegral *integral, double u)
{
	return -integral->a * log1p_exp(-u) - integral->b * log1p_exp(u);
}

/*
 * Add the node v, where u = center + width * sinh(v): tails of any rate end
 * soon. True if it was worth adding.
 */
static bool
add_node(DropoutIntegral *integral, double v)
{
	double		u = integral->center + integral->width * sinh(v);
	double		log_p = -log1p_exp(-u);
	double		weight;
	double		value;

	weight = exp(log_weight(integral, u) - integral->log_peak) * cosh(v);
	value = integral->r * integral->ratio;
	if (log_p > LOG_TINY)
	{
		double		p = exp(log_p);

		value = -expm1(-integral->r * log1p(p * integral->ratio)) / p;
	}
	value *= weight;
	integral->weight += weight;
	integral->value += value;
	return weight > NEGLIGIBLE * integral->weight ||
		value > NEGLIGIBLE * integral->value;
}

/* Add the nodes start, start + step, ... to both sides. */
static void
add_nodes(DropoutIntegral *integral, double start, double step)
{
	for (double v = start; add_node(integral, v); v += step)
		;
	for (double v = -start; add_node(integral, v); v -= step)
		;
}

/*
 * The trapezoidal rule over u, halving the step until the mean stands still.
 * It converges exponentially, since the integrand is smooth and dies away on
 * both sides.
 */
static double
integrate_until_dropout(double r, double a, double b, double ratio)
{
	DropoutIntegral integral;
	double		step = 0.25;
	double		mean;
	double		previous;

	integral.r = r;
	integral.ratio = ratio;
	integral.a = a;
	integral.b = b;
	integral.center = log(a / b);
	integral.width = Min(1, sqrt(1 / a + 1 / b));
	integral.log_peak = log_weight(&integral, integral.center);
	integral.value = integral.weight = 0;

	add_node(&integral, 0);
	add_nodes(&integral, step, step);
	mean = integral.value / integral.weight;
	do
	{
		previous = mean;
		add_nodes(&integral, step / 2, step);
		step /= 2;
		mean = integral.value / integral.weight;
	} while (fabs(mean - previous) > 1e-13 * mean && step > 1e-4);
	return mean;
}

/* The expected number of purchases until time t or the drop-out. */
double
expected_until_dropout(double r, double alpha, double a, double b, double t)
{
	double		ratio = t / alpha;
	double		log_none = -r * log1p(ratio);	/* of no purchase at all */

	if (t == 0)
		return 0;

	/* the terms fall like (t / (alpha + t))^j behind the mean, r t / alpha */
	if (log_none > LOG_TINY && (r + 40) * ratio + 40 < MAX_TERMS)
		return sum_until_dropout(r, a, b, t / (alpha + t), log_none);
	return integrate_until_dropout(r, a, b, ratio);
}
