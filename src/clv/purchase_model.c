/*-------------------------------------------------------------------------
 *
 * purchase_model.c
 *		The types purchase_model and spend_model, and what they tell of
 *		themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "base/compat.h"
#include "base/rows.h"
#include "base/text_type.h"
#include "clv/purchase_model.h"

/* The normal quantile of a two-sided interval of 95%. */
#define TWO_SIDED_95	1.959963984540054

PG_FUNCTION_INFO_V1(purchase_model_parameters);
PG_FUNCTION_INFO_V1(purchase_model_log_likelihood);
PG_FUNCTION_INFO_V1(purchase_model_aic);
PG_FUNCTION_INFO_V1(purchase_model_bic);
PG_FUNCTION_INFO_V1(purchase_model_accept);
PG_FUNCTION_INFO_V1(spend_model_parameters);
PG_FUNCTION_INFO_V1(spend_model_log_likelihood);
PG_FUNCTION_INFO_V1(spend_model_aic);
PG_FUNCTION_INFO_V1(spend_model_bic);
PG_FUNCTION_INFO_V1(spend_model_accept);

/* Input and receive functions of both. */
TEXT_TYPE_IO(purchase_model, purchase_model_parse, model_print)

TEXT_TYPE_IO(spend_model, spend_model_parse, model_print)

/*
 * A row for each parameter: its name, estimate, standard error, and an
 * interval of 95%. That is symmetric in the logarithm, in which parameters are
 * estimated, so that it stays positive.
 */
static Datum
list_parameters(FunctionCallInfo fcinfo, const Model *model)
{
	rows_begin(fcinfo);
	for (int i = 0; i < model->kind->nparams; i++)
	{
		double		estimate = model->params[i];
		double		error = model->errors[i];
		double		factor = exp(TWO_SIDED_95 * error / estimate);
		Datum		values[5];
		bool		nulls[5] = {false};

		nulls[2] = nulls[3] = nulls[4] = isnan(error);
		values[0] = CStringGetTextDatum(model->kind->params[i]);
		values[1] = Float8GetDatum(estimate);
		values[2] = Float8GetDatum(error);
		values[3] = Float8GetDatum(estimate / factor);
		values[4] = Float8GetDatum(estimate * factor);
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

Datum
purchase_model_parameters(PG_FUNCTION_ARGS)
{
	return list_parameters(fcinfo, text_type_parse(PG_GETARG_DATUM(0),
												   purchase_model_parse));
}

Datum
spend_model_parameters(PG_FUNCTION_ARGS)
{
	return list_parameters(fcinfo, text_type_parse(PG_GETARG_DATUM(0),
												   spend_model_parse));
}

/*
 * The log likelihood times -2, plus a price for each parameter; NULL unless it
 * is known.
 */
static Datum
information_criterion(FunctionCallInfo fcinfo, ParseFunction parse, bool is_bic)
{
	const Model *model = text_type_parse(PG_GETARG_DATUM(0), parse);
	double		price = 2;

	if (isnan(model->log_likelihood) || (is_bic && model->n <= 0))
		PG_RETURN_NULL();
	if (is_bic)
		price = log((double) model->n);
	PG_RETURN_FLOAT8(price * model->kind->nparams - 2 * model->log_likelihood);
}

Datum
purchase_model_aic(PG_FUNCTION_ARGS)
{
	return information_criterion(fcinfo, purchase_model_parse, false);
}

Datum
purchase_model_bic(PG_FUNCTION_ARGS)
{
	return information_criterion(fcinfo, purchase_model_parse, true);
}

Datum
spend_model_aic(PG_FUNCTION_ARGS)
{
	return information_criterion(fcinfo, spend_model_parse, false);
}

Datum
spend_model_bic(PG_FUNCTION_ARGS)
{
	return information_criterion(fcinfo, spend_model_parse, true);
}

/* The log likelihood, or NULL. */
static Datum
known_log_likelihood(FunctionCallInfo fcinfo, ParseFunction parse)
{
	const Model *model = text_type_parse(PG_GETARG_DATUM(0), parse);

	if (isnan(model->log_likelihood))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(model->log_likelihood);
}

Datum
purchase_model_log_likelihood(PG_FUNCTION_ARGS)
{
	return known_log_likelihood(fcinfo, purchase_model_parse);
}

Datum
spend_model_log_likelihood(PG_FUNCTION_ARGS)
{
	return known_log_likelihood(fcinfo, spend_model_parse);
}

/* The model, usable although it did not converge. */
static Datum
accept_model(FunctionCallInfo fcinfo, ParseFunction parse)
{
	Model	   *model = text_type_parse(PG_GETARG_DATUM(0), parse);

	if (model->status == FIT_NOT_CONVERGED)
		model->status = FIT_ACCEPTED;
	PG_RETURN_TEXT_P(model_print(model));
}

Datum
purchase_model_accept(PG_FUNCTION_ARGS)
{
	return accept_model(fcinfo, purchase_model_parse);
}

Datum
spend_model_accept(PG_FUNCTION_ARGS)
{
	return accept_model(fcinfo, spend_model_parse);
}
