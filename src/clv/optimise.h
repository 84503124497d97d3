/*-------------------------------------------------------------------------
 *
 * optimise.h
 *		Find the minimum of a smooth function of a few variables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_OPTIMISE_H
#define CUSTOMER_TIER_OPTIMISE_H

#include "clv/second_order.h"

/* A function to be minimised, at a point. */
typedef void (*ObjectiveFunction) (const double *point, SecondOrder *result,
								   void *context);

typedef struct Objective
{
	ObjectiveFunction function;
	void	   *context;
	int			nvariables;
	double		lower[MAX_VARIABLES];	/* the search stays within these */
	double		upper[MAX_VARIABLES];
} Objective;

/* Where a search is, or ended. */
typedef struct Minimum
{
	double		point[MAX_VARIABLES];
	SecondOrder f;				/* the objective there */
	bool		is_stationary;	/* the gradient has vanished */
} Minimum;

/*
 * Descend from a point, which is minimum->point, until half the Newton
 * decrement, what a full step could still gain, is at most tolerance.
 */
extern void minimise(const Objective *objective, Minimum *minimum,
					 double tolerance);

/*
 * The inverse of a symmetric matrix of n rows, of which the lower triangle is
 * read; false if it is not positive definite.
 */
extern bool invert_positive(int n, double matrix[][MAX_VARIABLES],
							double inverse[][MAX_VARIABLES]);

#endif							/* CUSTOMER_TIER_OPTIMISE_H */
