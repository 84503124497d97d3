/*-------------------------------------------------------------------------
 *
 * second_order.h
 *		The value of a function of a few variables, with its derivatives.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SECOND_ORDER_H
#define CUSTOMER_TIER_SECOND_ORDER_H

#include <math.h>

#define MAX_VARIABLES	4

/* Of the Hessian, which is symmetric, only rows i and columns j <= i are told. */
typedef struct SecondOrder
{
	double		value;
	double		gradient[MAX_VARIABLES];
	double		hessian[MAX_VARIABLES][MAX_VARIABLES];
} SecondOrder;

/* Add a function times a weight to a sum. */
static inline void
add_weighted(SecondOrder *sum, double weight, const SecondOrder *f)
{
	sum->value += weight * f->value;
	for (int i = 0; i < MAX_VARIABLES; i++)
	{
		sum->gradient[i] += weight * f->gradient[i];
		for (int j = 0; j <= i; j++)
			sum->hessian[i][j] += weight * f->hessian[i][j];
	}
}

/* The same of ln(1 + exp(f)). */
static inline void
add_log1p_exp(SecondOrder *sum, double weight, const SecondOrder *f)
{
	double		e = exp(-fabs(f->value));
	double		lesser = e / (1 + e);	/* of the two logistic functions */
	double		greater = 1 / (1 + e);
	double		slope = weight * (f->value > 0 ? greater : lesser);
	double		curvature = weight * lesser * greater;

	sum->value += weight * (log1p(e) + (f->value > 0 ? f->value : 0));
	for (int i = 0; i < MAX_VARIABLES; i++)
	{
		sum->gradient[i] += slope * f->gradient[i];
		for (int j = 0; j <= i; j++)
			sum->hessian[i][j] += slope * f->hessian[i][j] +
				curvature * f->gradient[i] * f->gradient[j];
	}
}

#endif							/* CUSTOMER_TIER_SECOND_ORDER_H */
