/*-------------------------------------------------------------------------
 *
 * clv_predict.c
 *		What models expect of customers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/text_type_arg.h"
#include "clv/clv_measures.h"
#include "clv/purchase_model.h"

/* Discounted values are sums over so many steps, at most. */
#define MAX_STEPS		100000

/* A sum ends when what is left is at most this share of it. */
#define LEAST_SHARE		1e-14

#define MAX_HORIZON		1e12
#define MAX_OCCASIONS	1000000

/*
 * What is expected of those alive depends on x and t only, of which a table of
 * customers has few pairs, when times are days. So what was computed is kept,
 * where its hash says, until another pair takes the place. The room for it
 * grows while places are taken from others.
 */
#define LEAST_ANSWERS	64		/* powers of 2 */
#define MOST_ANSWERS	65536

/* What an expectation is asked for; all zeros is none, as horizon is not 0. */
typedef struct Question
{
	double		horizon;
	double		discount;
	double		step;
	double		x;
	double		t;
} Question;

typedef struct Answer
{
	Question	question;
	double		expected;
} Answer;

/* A model that is used, and what it was asked. */
typedef struct ModelInUse
{
	Model	   *model;
	Answer	   *answers;
	uint32		nanswers;		/* that there is room for */
	uint32		misses;			/* since there is */
} ModelInUse;

PG_FUNCTION_INFO_V1(p_alive);
PG_FUNCTION_INFO_V1(p_alive_measures);
PG_FUNCTION_INFO_V1(expected_purchases);
PG_FUNCTION_INFO_V1(expected_purchases_measures);
PG_FUNCTION_INFO_V1(expected_purchases_new);
PG_FUNCTION_INFO_V1(purchase_probability);
PG_FUNCTION_INFO_V1(discounted_purchases);
PG_FUNCTION_INFO_V1(discounted_purchases_measures);
PG_FUNCTION_INFO_V1(expected_spend);
PG_FUNCTION_INFO_V1(expected_spend_measures);
PG_FUNCTION_INFO_V1(customer_log_likelihood);
PG_FUNCTION_INFO_V1(customer_log_likelihood_measures);

/* Parse a model to be used, with room for answers. */
static void *
parse_for_use(const char *str, int len, struct Node *escontext)
{
	ModelInUse *in_use = palloc0(sizeof(ModelInUse));

	in_use->model = purchase_model_usable(str, len, escontext);
	in_use->nanswers = LEAST_ANSWERS;
	in_use->answers = palloc0(sizeof(Answer) * LEAST_ANSWERS);
	return in_use;
}

/* The history that three arguments tell, checked. */
static History
history_from_args(FunctionCallInfo fcinfo, const Model *model, int argno)
{
	History		history;

	history.x = PG_GETARG_FLOAT8(argno);
	history.t_x = PG_GETARG_FLOAT8(argno + 1);
	history.t = PG_GETARG_FLOAT8(argno + 2);
	history.count = 1;
	check_history(model->kind, &history);
	return history;
}

/*
 * The history that a record tells, checked; false if it tells none. Its unit
 * must be the model's: numbers that mean something else would be taken for
 * what they are not.
 */
static bool
history_from_record(FunctionCallInfo fcinfo, const Model *model, int argno,
					History *history)
{
	ClvMeasures measures;

	if (!clv_measures_read(PG_GETARG_DATUM(argno), &measures))
		return false;
	if (model->unit == UNIT_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model has no unit of time, and the customer is measured in %ss",
						time_unit_name(measures.unit)),
				 errhint("Write the unit behind %s, such as \"alpha 4.41 weeks\".",
						 "a parameter that is a time")));
	if (model->unit != measures.unit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model is in %ss, and the customer is measured in %ss",
						time_unit_name(model->unit), time_unit_name(measures.unit)),
				 errhint("Give clv_measures the unit \"%s\".",
						 time_unit_name(model->unit))));
	history->x = measures.frequency;
	history->t_x = measures.recency;
	history->t = measures.age;
	history->count = 1;
	check_history(model->kind, history);
	return true;
}

/* Throw unless a time ahead is one that the model can look. */
static double
check_horizon(const Model *model, double horizon)
{
	bool		is_discrete = model->kind->is_discrete;
	double		greatest = is_discrete ? MAX_OCCASIONS : MAX_HORIZON;

	if (!(horizon >= 0 && horizon <= greatest))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon must be from 0 to %g, not %g", greatest, horizon)));
	if (is_discrete && floor(horizon) != horizon)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon must be a whole number of occasions in %s, not %g",
						model->kind->name, horizon)));
	return horizon;
}

/*
 * The purchases expected of one alive, each discounted to now: those of a step
 * come at its end. The last step may be a part of one.
 *
 * No step brings more than the one before. So all that are left bring no more
 * than a geometric series, which says when a sum without end has ended.
 */
static double
compute_expected(const Model *model, const Question *question)
{
	const ModelKind *kind = model->kind;
	double		steps = question->horizon / question->step;
	double		before = 0;
	double		sum = 0;

	if (question->discount == 0)
		return kind->expected_if_alive(model->params, question->horizon,
									   question->x, question->t);
	for (int i = 1; i < steps + 1 - 1e-9; i++)
	{
		bool		is_last = i >= steps - 1e-9;
		double		end = is_last ? question->horizon : i * question->step;
		double		until = kind->expected_if_alive(model->params, end,
													question->x, question->t);
		double		part = (until - before) *
			exp(-log1p(question->discount) * (is_last ? steps : i));

		CHECK_FOR_INTERRUPTS();
		sum += part;
		if (part <= LEAST_SHARE * question->discount * sum)
			break;
		before = until;
	}
	return sum;
}

/* Where the answer to a question is kept. */
static inline Answer *
find_answer(const ModelInUse *in_use, const Question *question)
{
	uint64		x;
	uint64		hash;

	/* the rest is mostly the same; whole numbers have high bits only */
	memcpy(&x, &question->x, sizeof(uint64));
	memcpy(&hash, &question->t, sizeof(uint64));
	hash += x * 31;
	hash ^= hash >> 32;
	hash *= UINT64CONST(0x9E3779B97F4A7C15);
	hash ^= hash >> 32;
	return &in_use->answers[hash & (in_use->nanswers - 1)];
}

/* Note that an answer was not there; make more room if that is often so. */
static void
count_miss(ModelInUse *in_use)
{
	if (++in_use->misses <= 2 * in_use->nanswers || in_use->nanswers == MOST_ANSWERS)
		return;
	in_use->misses = 0;
	in_use->nanswers *= 4;
	pfree(in_use->answers);
	in_use->answers = MemoryContextAllocZero(GetMemoryChunkContext(in_use),
											 sizeof(Answer) * in_use->nanswers);
}

/* What is expected of one alive, kept for the next who asks. */
static double
expected_if_alive(ModelInUse *in_use, const Question *question)
{
	Answer	   *answer = find_answer(in_use, question);

	if (question->horizon == 0)
		return 0;
	if (memcmp(&answer->question, question, sizeof(Question)) != 0)
	{
		count_miss(in_use);
		answer = find_answer(in_use, question);
		answer->expected = compute_expected(in_use->model, question);
		answer->question = *question;
	}
	return answer->expected;
}

/* The purchases expected of a customer in the time of a question. */
static double
expect_purchases(ModelInUse *in_use, Question *question, const History *history)
{
	const Model *model = in_use->model;

	question->x = history->x;
	question->t = history->t;
	return expected_if_alive(in_use, question) *
		model->kind->p_alive(model->params, history->x, history->t_x,
							 history->t);
}

/* p_alive(model, x, t_x, t) */
Datum
p_alive(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_usable);
	History		history = history_from_args(fcinfo, model, 1);

	PG_RETURN_FLOAT8(model->kind->p_alive(model->params, history.x, history.t_x,
										  history.t));
}

/* p_alive(model, measures) */
Datum
p_alive_measures(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_usable);
	History		history;

	if (!history_from_record(fcinfo, model, 1, &history))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(model->kind->p_alive(model->params, history.x, history.t_x,
										  history.t));
}

/* The question of argument 1, a horizon, without discount. */
static Question
question_from_horizon(FunctionCallInfo fcinfo, const Model *model)
{
	Question	question = {0};

	question.horizon = check_horizon(model, PG_GETARG_FLOAT8(1));
	question.step = 1;
	return question;
}

/* expected_purchases(model, horizon, x, t_x, t) */
Datum
expected_purchases(PG_FUNCTION_ARGS)
{
	ModelInUse *in_use = text_type_arg(fcinfo, 0, parse_for_use);
	Question	question = question_from_horizon(fcinfo, in_use->model);
	History		history = history_from_args(fcinfo, in_use->model, 2);

	PG_RETURN_FLOAT8(expect_purchases(in_use, &question, &history));
}

/* expected_purchases(model, horizon, measures) */
Datum
expected_purchases_measures(PG_FUNCTION_ARGS)
{
	ModelInUse *in_use = text_type_arg(fcinfo, 0, parse_for_use);
	Question	question = question_from_horizon(fcinfo, in_use->model);
	History		history;

	if (!history_from_record(fcinfo, in_use->model, 2, &history))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(expect_purchases(in_use, &question, &history));
}

/* expected_purchases(model, t): of a new customer */
Datum
expected_purchases_new(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_usable);

	PG_RETURN_FLOAT8(model->kind->expected_new(model->params,
											   check_horizon(model, PG_GETARG_FLOAT8(1))));
}

/* purchase_probability(model, n, t): of a new customer */
Datum
purchase_probability(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_usable);
	int32		n = PG_GETARG_INT32(1);
	double		t = check_horizon(model, PG_GETARG_FLOAT8(2));

	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n must be a number of purchases, not %d", n)));
	/* a sum that rounding may bring above 1 */
	PG_RETURN_FLOAT8(Min(model->kind->probability(model->params, n, t), 1));
}

/* Throw unless a discount is one. */
static double
check_discount(double discount)
{
	if (!(discount >= 0 && discount <= 1e6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount must be from 0 to 1000000, not %g", discount),
				 errhint("It is a share per step: 0.01 is one percent.")));
	return discount;
}

/* In so many steps a discount leaves nothing of what is still to come. */
static double
endless_steps(double discount)
{
	if (discount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an infinite horizon needs a discount")));
	return ceil((log(1 / LEAST_SHARE) + Max(-log(discount), 0)) / log1p(discount));
}

/*
 * The question of arguments 1 and 2, horizon and discount, and of a step. A
 * discount is of a share per step: 0.01 makes what comes after one step worth
 * 1 / 1.01.
 */
static Question
question_from_discount(FunctionCallInfo fcinfo, const Model *model, int step_argno)
{
	Question	question = {0};
	double		horizon = PG_GETARG_FLOAT8(1);

	question.discount = check_discount(PG_GETARG_FLOAT8(2));
	question.step = PG_GETARG_FLOAT8(step_argno);
	if (!(question.step > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("step must be positive, not %g", question.step)));
	check_horizon(model, question.step);
	question.horizon = horizon == INFINITY ?
		endless_steps(question.discount) * question.step :
		check_horizon(model, horizon);
	if (question.horizon / question.step > MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("more than %d steps of %g in a horizon of %g", MAX_STEPS,
						question.step, horizon),
				 errhint("Take longer steps, with a discount for as long a time.")));
	return question;
}

/* discounted_purchases(model, horizon, discount, x, t_x, t, step) */
Datum
discounted_purchases(PG_FUNCTION_ARGS)
{
	ModelInUse *in_use = text_type_arg(fcinfo, 0, parse_for_use);
	Question	question = question_from_discount(fcinfo, in_use->model, 6);
	History		history = history_from_args(fcinfo, in_use->model, 3);

	PG_RETURN_FLOAT8(expect_purchases(in_use, &question, &history));
}

/* discounted_purchases(model, horizon, discount, measures, step) */
Datum
discounted_purchases_measures(PG_FUNCTION_ARGS)
{
	ModelInUse *in_use = text_type_arg(fcinfo, 0, parse_for_use);
	Question	question = question_from_discount(fcinfo, in_use->model, 4);
	History		history;

	if (!history_from_record(fcinfo, in_use->model, 3, &history))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(expect_purchases(in_use, &question, &history));
}

/* What a customer is expected to spend at a purchase. */
static double
expect_spend(const Model *model, double x, double mean)
{
	History		history = {0};
	double		expected;

	history.x = x;
	history.t_x = mean;
	check_history(model->kind, &history);
	expected = gamma_gamma_expected_spend(model->params, x, mean);
	if (isinf(expected))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the spend_model has no mean for x = %g", x),
				 errdetail("With q = %g what customers spend varies so much that its mean is infinite unless p x + q is above 1.",
						   model->params[1]),
				 errhint("Look for a few amounts of quite another size, and fit without them.")));
	return expected;
}

/* expected_spend(model, x, mean) */
Datum
expected_spend(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(expect_spend(text_type_arg(fcinfo, 0, spend_model_usable),
								  PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2)));
}

/* expected_spend(model, measures) */
Datum
expected_spend_measures(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, spend_model_usable);
	ClvMeasures measures;

	if (!clv_measures_read(PG_GETARG_DATUM(1), &measures) ||
		(measures.frequency > 0 && isnan(measures.mean_spend)))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(expect_spend(model, measures.frequency, measures.mean_spend));
}

/* The log likelihood of a customer. */
static double
log_likelihood_of(const Model *model, const History *history)
{
	return model->kind->log_likelihood(model->params, history, 1).value;
}

/* model_log_likelihood(model, x, t_x, t) */
Datum
customer_log_likelihood(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_parse);
	History		history = history_from_args(fcinfo, model, 1);

	PG_RETURN_FLOAT8(log_likelihood_of(model, &history));
}

/* model_log_likelihood(model, measures) */
Datum
customer_log_likelihood_measures(PG_FUNCTION_ARGS)
{
	const Model *model = text_type_arg(fcinfo, 0, purchase_model_parse);
	History		history;

	if (!history_from_record(fcinfo, model, 1, &history))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(log_likelihood_of(model, &history));
}
