/*-------------------------------------------------------------------------
 *
 * model_fit.c
 *		Fit models to histories, by maximum likelihood.
 *
 * The search is by the logarithms of the parameters: they may be anything, and
 * a unit of time is just an offset.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "miscadmin.h"

#include "clv/optimise.h"
#include "clv/purchase_model.h"

/*
 * Starts are tried on so many customers, and where they lead is bettered on so
 * many, at most: then few steps are left for all of them.
 */
#define SMALL_SAMPLE		2000
#define LARGE_SAMPLE		20000

/*
 * Fits go on until no more than this of log likelihood can be gained, and then
 * one step more, which leaves about its square.
 */
#define TOLERANCE			1e-7

/* The logarithm of a parameter stays within so much of what is typical. */
#define MAX_LOG				14.0

/* Beyond this standard error of its logarithm a parameter is not known. */
#define MAX_LOG_ERROR		4.0

/* Digits that are kept of results; the rest is rounding. */
#define PARAM_DIGITS		10
#define ERROR_DIGITS		5
#define LIKELIHOOD_DIGITS	12

/* Histories to be fitted, and what scales their model's parameters. */
typedef struct FitData
{
	const ModelKind *kind;
	const History *histories;
	int64		n;
	double		customers;		/* sum of counts */
	double		typical[MAX_PARAMS];
	double		penalty;
	double		penalty_scale[MAX_PARAMS];
} FitData;

/*
 * What is typical for the parameters, so that starts and limits do not depend
 * on the unit of time or money. The penalty is on times of which the greatest
 * age is 10, as in the Python package lifetimes, and on money of which the
 * mean is 10.
 */
static void
scale_parameters(FitData *data)
{
	double		purchases = 0;
	double		time = 0;
	double		spend = 0;
	double		oldest = 0;

	data->customers = 0;
	for (int64 i = 0; i < data->n; i++)
	{
		const History *h = &data->histories[i];
		double		weight = (double) h->count;

		data->customers += weight;
		purchases += weight * h->x;
		time += weight * h->t;
		spend += weight * h->x * h->t_x;
		oldest = Max(oldest, h->t);
	}
	for (int i = 0; i < data->kind->nparams; i++)
	{
		data->typical[i] = data->penalty_scale[i] = 1;
		switch (data->kind->measures[i])
		{
			case PARAM_SHAPE:
				break;
			case PARAM_PURCHASE_TIME:
				data->typical[i] = time / Max(purchases, 1);
				data->penalty_scale[i] = 10 / oldest;
				break;
			case PARAM_LIFETIME:
				data->typical[i] = time / data->customers;
				data->penalty_scale[i] = 10 / oldest;
				break;
			case PARAM_MONEY:
				data->typical[i] = spend / purchases;
				data->penalty_scale[i] = 10 / data->typical[i];
				break;
		}
	}
}

/* What a parameter's size costs. */
static double
penalty_of(const FitData *data, const double *params, int i)
{
	double		scaled = params[i] * data->penalty_scale[i];

	return data->customers * data->penalty * scaled * scaled;
}

/*
 * Throw unless the parameters will be such as models may have, wherever within
 * its limits the search ends.
 */
static void
check_scale(const FitData *data)
{
	const ModelKind *kind = data->kind;

	if (!(data->typical[kind->nparams - 1] > 0) || !(data->typical[1] > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no customer has an age"),
				 errhint("Ages are the times from the first purchase until now, and some must be greater than 0.")));
	for (int i = 0; i < kind->nparams; i++)
	{
		double		typical = data->typical[i];

		if (!(typical >= LEAST_PARAM * exp(MAX_LOG) &&
			  typical <= GREATEST_PARAM * exp(-MAX_LOG)))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg(kind->is_spend ? "amounts are out of range for a fit" :
							"times are out of range for a fit"),
					 errdetail("What is typical for %s is %g.",
							   kind->params[i], typical),
					 errhint("Measure in another unit, and look for values of quite another size than the rest.")));
	}
}

/*
 * What is minimised: the log likelihood, less the penalty, by the logarithms
 * of the parameters; times -1.
 */
static void
fit_objective(const double *point, SecondOrder *result, void *context)
{
	const FitData *data = context;
	double		params[MAX_PARAMS];
	SecondOrder likelihood;

	for (int i = 0; i < data->kind->nparams; i++)
		params[i] = exp(point[i]);
	likelihood = data->kind->log_likelihood(params, data->histories, data->n);
	result->value = -likelihood.value;
	for (int i = 0; i < data->kind->nparams; i++)
	{
		double		penalty = penalty_of(data, params, i);

		for (int j = 0; j <= i; j++)
			result->hessian[i][j] = -likelihood.hessian[i][j] * params[i] * params[j];
		result->hessian[i][i] += 4 * penalty - likelihood.gradient[i] * params[i];
		result->gradient[i] = 2 * penalty - likelihood.gradient[i] * params[i];
		result->value += penalty;
	}
}

/* What is to be minimised over some histories, within limits. */
static Objective
make_objective(FitData *data)
{
	Objective	objective;

	objective.function = fit_objective;
	objective.context = data;
	objective.nvariables = data->kind->nparams;
	for (int i = 0; i < data->kind->nparams; i++)
	{
		objective.lower[i] = log(data->typical[i]) - MAX_LOG;
		objective.upper[i] = log(data->typical[i]) + MAX_LOG;
	}
	return objective;
}

/*
 * All histories, or those of so many customers if there are more histories:
 * one of each share of the customers, in order. Which one goes by the golden
 * ratio: always the same would leave out how neighbours vary.
 */
static FitData
take_sample(const FitData *data, int size)
{
	FitData		sample = *data;
	double		share = data->customers / size;
	double		position = 0.5;
	double		passed = 0;		/* customers up to history i */
	int64		i = -1;
	int64		last = -1;
	History    *histories;

	if (data->n <= size)
		return sample;
	histories = palloc(sizeof(History) * size);
	sample.histories = histories;
	sample.customers = size;
	sample.n = 0;
	for (int k = 0; k < size; k++)
	{
		while (passed <= (k + position) * share && i < data->n - 1)
			passed += data->histories[++i].count;
		if (i != last)
		{
			histories[sample.n] = data->histories[i];
			histories[sample.n++].count = 0;
		}
		histories[sample.n - 1].count++;
		last = i;
		position += 0.6180339887498949;
		position -= floor(position);
	}
	return sample;
}

/* The parameter at a limit of the search, or -1. */
static int
find_limited(const Objective *objective, const Minimum *minimum)
{
	for (int i = 0; i < objective->nvariables; i++)
	{
		if (minimum->point[i] <= objective->lower[i] + 0.01 ||
			minimum->point[i] >= objective->upper[i] - 0.01)
			return i;
	}
	return -1;
}

/*
 * The standard errors of the logarithms. Where the likelihood is flat they are
 * huge, and none is exact; so the Hessian gets just what it takes to be
 * positive definite.
 */
static void
find_errors(const Minimum *minimum, int n, double *errors)
{
	double		hessian[MAX_VARIABLES][MAX_VARIABLES];
	double		inverse[MAX_VARIABLES][MAX_VARIABLES];
	double		most = 0;
	double		ridge = 0;

	memcpy(hessian, minimum->f.hessian, sizeof(hessian));
	for (int i = 0; i < n; i++)
		most = Max(most, fabs(hessian[i][i]));
	while (!invert_positive(n, hessian, inverse))
	{
		CHECK_FOR_INTERRUPTS();
		if (!isfinite(ridge))	/* nor is the Hessian: nothing is known */
		{
			for (int i = 0; i < n; i++)
				errors[i] = INFINITY;
			return;
		}
		ridge = ridge == 0 ? Max(most, 1) * 1e-12 : ridge * 9;
		for (int i = 0; i < n; i++)
			hessian[i][i] += ridge;
	}
	for (int i = 0; i < n; i++)
		errors[i] = sqrt(inverse[i][i]);
}

/*
 * Why a search found no parameters, or NULL if it did; then also the standard
 * errors of their logarithms.
 */
static char *
find_fault(const Objective *objective, const ModelKind *kind,
		   const Minimum *minimum, double *errors)
{
	int			limited = find_limited(objective, minimum);
	int			vaguest = 0;

	if (limited >= 0)
		return psprintf("the likelihood rises as %s %s", kind->params[limited],
						minimum->point[limited] < objective->lower[limited] + 1 ?
						"vanishes" : "grows without bound");

	find_errors(minimum, objective->nvariables, errors);
	for (int i = 1; i < objective->nvariables; i++)
	{
		if (errors[i] > errors[vaguest])
			vaguest = i;
	}
	if (errors[vaguest] > MAX_LOG_ERROR)
		return psprintf("the likelihood is flat in %s", kind->params[vaguest]);
	if (!minimum->is_stationary)
		return "the search found no point where the gradient vanishes";
	return NULL;
}

/* Are two points the same, as far as it matters to a search? */
static bool
is_same_point(int n, const double *a, const double *b)
{
	for (int i = 0; i < n; i++)
	{
		if (fabs(a[i] - b[i]) > 0.01)
			return false;
	}
	return true;
}

/*
 * Where the search from a start ends on a small sample. If there is no end,
 * that may be the sample's fault: then the start is as good.
 */
static Minimum
try_start(FitData *small, const double *start)
{
	Objective	objective = make_objective(small);
	double		errors[MAX_VARIABLES];
	Minimum		minimum = {0};

	memcpy(minimum.point, start, sizeof(minimum.point));
	minimise(&objective, &minimum, TOLERANCE);
	if (find_fault(&objective, small->kind, &minimum, errors) != NULL)
		memcpy(minimum.point, start, sizeof(minimum.point));
	return minimum;
}

/*
 * Search from all starts on a small sample, and from where these searches ended
 * on a large one. What is best on a small sample may be no good for all.
 */
static Minimum
try_starts(const FitData *data)
{
	FitData		small = take_sample(data, SMALL_SAMPLE);
	FitData		large = take_sample(data, LARGE_SAMPLE);
	Objective	objective = make_objective(&large);
	int			n = data->kind->nparams;
	double		tried[NUM_STARTS][MAX_VARIABLES];
	Minimum		best = {.f.value = INFINITY};

	for (int k = 0; k < NUM_STARTS; k++)
	{
		double		start[MAX_VARIABLES] = {0};
		Minimum		minimum;
		bool		is_known = false;

		for (int i = 0; i < n; i++)
			start[i] = log(data->typical[i] * data->kind->starts[k][i]);
		minimum = try_start(&small, start);
		memcpy(tried[k], minimum.point, sizeof(tried[k]));
		for (int other = 0; other < k; other++)
			is_known |= is_same_point(n, tried[k], tried[other]);
		if (is_known)
			continue;

		minimise(&objective, &minimum, TOLERANCE);
		if (minimum.f.value < best.f.value)
			best = minimum;
	}
	return best;
}

/* Round to so many significant digits. */
static double
round_to_digits(double value, int digits)
{
	return strtod(psprintf("%.*g", digits, value), NULL);
}

/* The log likelihood where a search ended. */
static double
log_likelihood_at(const FitData *data, const Minimum *minimum)
{
	double		params[MAX_PARAMS];
	double		penalty = 0;

	for (int i = 0; i < data->kind->nparams; i++)
		params[i] = exp(minimum->point[i]);
	for (int i = 0; i < data->kind->nparams; i++)
		penalty += penalty_of(data, params, i);
	return penalty - minimum->f.value;
}

/*
 * The length of the gradient per customer, by the logarithms of the parameters.
 * What it is at a minimum is rounding; so it is told as a power of ten above.
 */
static double
gradient_limit(const Minimum *minimum, int n, double customers)
{
	double		square = 0;

	for (int i = 0; i < n; i++)
		square += minimum->f.gradient[i] * minimum->f.gradient[i];
	square /= customers * customers;
	if (square <= 1e-20)
		return 1e-10;
	return round_to_digits(pow(10, ceil(log10(square) / 2)), 1);
}

/* Fit a model to histories, which are sorted. */
Model *
fit_model(const ModelKind *kind, const History *histories, int64 n,
		  DurationUnit unit, double penalty)
{
	FitData		data = {
		.kind = kind,
		.histories = histories,
		.n = n,
		.penalty = penalty
	};
	Objective	objective;
	Minimum		minimum;
	Model	   *model = palloc0(sizeof(Model));
	double		errors[MAX_VARIABLES];
	char	   *fault;

	scale_parameters(&data);
	check_scale(&data);
	minimum = try_starts(&data);
	objective = make_objective(&data);
	minimise(&objective, &minimum, TOLERANCE);

	model->kind = kind;
	model->unit = unit;
	model->penalty = penalty;
	model->n = 0;
	for (int64 i = 0; i < data.n; i++)
	{
		if (pg_add_s64_overflow(model->n, data.histories[i].count, &model->n))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("too many customers for a fit")));
	}
	for (int i = 0; i < MAX_PARAMS; i++)
	{
		model->params[i] = i < kind->nparams ?
			round_to_digits(exp(minimum.point[i]), PARAM_DIGITS) : NAN;
		model->errors[i] = NAN;
	}
	fault = find_fault(&objective, kind, &minimum, errors);
	model->reason = fault ? fault : "";
	model->status = fault ? FIT_NOT_CONVERGED : FIT_CONVERGED;
	for (int i = 0; i < kind->nparams && !fault; i++)
		model->errors[i] = round_to_digits(errors[i] * model->params[i],
										   ERROR_DIGITS);
	model->gradient = gradient_limit(&minimum, kind->nparams, data.customers);
	model->log_likelihood = round_to_digits(log_likelihood_at(&data, &minimum),
											LIKELIHOOD_DIGITS);
	return model;
}
