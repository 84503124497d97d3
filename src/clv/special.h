/*-------------------------------------------------------------------------
 *
 * special.h
 *		Special functions of the purchase models, for positive arguments.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SPECIAL_H
#define CUSTOMER_TIER_SPECIAL_H

/* The first and second derivative of the logarithm of the gamma function. */
extern double digamma(double x);
extern double trigamma(double x);

/* ln Gamma(a + n) - ln Gamma(a) for a whole n >= 0, and its derivatives by a. */
extern double log_rising(double a, double n);
extern double digamma_rising(double a, double n);
extern double trigamma_rising(double a, double n);

/*
 * The probability of not dropping out n times in a row, with a probability of
 * dropping out that is drawn from a beta distribution of a and b.
 */
extern double stays_probability(double a, double b, double n);

/* ln(1 + exp(x)) without overflow, and its derivative 1 / (1 + exp(-x)). */
extern double log1p_exp(double x);
extern double logistic(double x);

/*
 * Purchases of one who buys at a rate drawn from a gamma distribution of shape
 * r and rate alpha: their number in time t is negative binomial. The
 * probabilities of n, and of n or more.
 */
extern double purchases_probability(double r, double alpha, double t, double n);
extern double purchases_tail(double r, double alpha, double t, double n);

/*
 * The expected number of those purchases in time t when the buyer may drop out
 * after each with a probability drawn from a beta distribution of a and b.
 */
extern double expected_until_dropout(double r, double alpha, double a, double b,
									 double t);

#endif							/* CUSTOMER_TIER_SPECIAL_H */
