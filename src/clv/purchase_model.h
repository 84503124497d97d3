/*-------------------------------------------------------------------------
 *
 * purchase_model.h
 *		Models of when customers buy, and of what they spend.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PURCHASE_MODEL_H
#define CUSTOMER_TIER_PURCHASE_MODEL_H

#include "fmgr.h"
#include "lib/stringinfo.h"

#include "clv/second_order.h"
#include "scheme/scheme.h"

#define MAX_PARAMS		MAX_VARIABLES

/*
 * What is known of customers: x repeat purchases, the last one at t_x, seen
 * until t, with time counted from the first purchase. In a spend model t_x is
 * the mean of the repeat purchases, and t is 0.
 */
typedef struct History
{
	double		x;
	double		t_x;
	double		t;
	int64		count;			/* of customers who share it */
} History;

/* Of a model, or of times, without a unit. */
#define UNIT_NONE		((DurationUnit) -1)

/* What the measure of a parameter is. */
typedef enum ParamMeasure
{
	PARAM_SHAPE,				/* a pure number */
	PARAM_PURCHASE_TIME,		/* a time, like those between purchases */
	PARAM_LIFETIME,				/* a time, like that until drop-out */
	PARAM_MONEY
} ParamMeasure;

#define NUM_STARTS		4

/* A kind of model: what it is called, and what it can tell. */
typedef struct ModelKind
{
	const char *name;
	int			nparams;
	bool		is_spend;		/* a spend_model */
	bool		is_discrete;	/* time is a number of occasions to buy */
	const char *params[MAX_PARAMS];
	ParamMeasure measures[MAX_PARAMS];

	/* where fits begin, relative to what is typical for the measure */
	double		starts[NUM_STARTS][MAX_PARAMS];

	/* the sum over histories, which are sorted, by the parameters */
	SecondOrder (*log_likelihood) (const double *params,
								   const History *histories, int64 n);

	/* of purchase models; "alive" is: at t, or there at the next occasion */
	double		(*p_alive) (const double *params, double x, double t_x, double t);
	double		(*expected_if_alive) (const double *params, double horizon,
									  double x, double t);
	double		(*expected_new) (const double *params, double t);
	double		(*probability) (const double *params, double n, double t);
} ModelKind;

/* How far a model is to be trusted. */
typedef enum FitStatus
{
	FIT_UNTOLD,					/* written by hand */
	FIT_CONVERGED,
	FIT_NOT_CONVERGED,
	FIT_ACCEPTED				/* not converged, but accepted by somebody */
} FitStatus;

/* A model. Numbers that are not known are NaN, or n -1. */
typedef struct Model
{
	const ModelKind *kind;
	DurationUnit unit;
	double		params[MAX_PARAMS];
	double		errors[MAX_PARAMS]; /* standard errors */
	int64		n;				/* of customers */
	double		penalty;
	double		log_likelihood;
	double		gradient;		/* an upper limit of its length per customer */
	FitStatus	status;
	char	   *reason;			/* why it did not converge; may be empty */
} Model;

/* The parameters of hand-written models, and of fitted ones, are within. */
#define LEAST_PARAM		1e-20
#define GREATEST_PARAM	1e20

/* The kinds. */
extern const ModelKind bgnbd_kind;
extern const ModelKind mbgnbd_kind;
extern const ModelKind pareto_nbd_kind;
extern const ModelKind bgbb_kind;
extern const ModelKind gamma_gamma_kind;

/*
 * The expected value of a purchase of one whose x purchases had this mean;
 * infinity if there is none.
 */
extern double gamma_gamma_expected_spend(const double *params, double x,
										 double mean);

/* Parse a model; NULL after a soft error. */
extern void *purchase_model_parse(const char *str, int len,
								  struct Node *escontext);
extern void *spend_model_parse(const char *str, int len,
							   struct Node *escontext);

/* The same of one that is to be used: it must have converged, or be accepted. */
extern void *purchase_model_usable(const char *str, int len,
								   struct Node *escontext);
extern void *spend_model_usable(const char *str, int len,
								struct Node *escontext);

/* The canonical text. */
extern text *model_print(const Model *model);

/* The unit that a text names; an error if it names none. */
extern DurationUnit time_unit_from_text(const text *name);
extern const char *time_unit_name(DurationUnit unit);

/* Fit a model to histories, sorted by x and t, and by t_x from the last on. */
extern Model *fit_model(const ModelKind *kind, const History *histories,
						int64 n, DurationUnit unit, double penalty);

/* Throw unless a history is one that a model of this kind can have. */
extern void check_history(const ModelKind *kind, const History *history);

#endif							/* CUSTOMER_TIER_PURCHASE_MODEL_H */
