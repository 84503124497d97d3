/*-------------------------------------------------------------------------
 *
 * forecast.c
 *		tier_forecast: how many customers each tier will have.
 *
 * A Markov chain over the tiers. Who moved where from one complete evaluation
 * to the next, in the year before, gives the share of each tier that goes to
 * each other one, or leaves, and how many enter. The same is done from every
 * evaluation on record, and compared with what came: that is its error.
 *
 * Beside it stands what would be without another sale: a pass over the source
 * as of each day to come, from the standings of the one before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/as_of.h"
#include "base/rows.h"
#include "program/program_evaluate.h"
#include "program/reports_sql.h"

PG_FUNCTION_INFO_V1(tier_forecast);

#define MAX_PERIODS		100

/* How many customers went from one state to another within a period. */
typedef struct TierMove
{
	int			period;			/* the evaluation that it follows */
	int			from;			/* a state, or OUTSIDE */
	int			to;				/* the same */
	double		customers;
} TierMove;

#define OUTSIDE			(-1)

/*
 * What is known of the past. Evaluations are counted from 0; a state is a
 * tier by its index, and the last one is not graded.
 */
typedef struct TierPast
{
	int			nstates;
	int			nevaluations;
	DateADT    *year_before;	/* of each evaluation */
	Datum	   *days;			/* as_of of each evaluation */
	double	   *customers;		/* of each evaluation, by state */
	double	   *value;			/* the same; NaN where there is none */
	double	   *mean;			/* value of one customer, as last known */
	int			nmoves;
	TierMove	   *moves;			/* by period */
} TierPast;

/* How a period goes. */
typedef struct TierChain
{
	double	   *share;			/* of each state that goes to each state */
	double	   *entrants;		/* of each state */
} TierChain;

/* What a forecast was off by, in all. */
typedef struct ForecastError
{
	double		customers;
	double		naive;			/* had nobody moved */
	double		value;
} ForecastError;

/* Read the evaluations: their dates, and what each tier brought. */
static void
read_evaluations(const Program *program, Datum labels, TierPast *past)
{
	ProgramArgument argument = {TEXTARRAYOID, labels, false};
	int			n = (int) program_execute(&program->names,
										  sql_forecast_evaluations, &argument, 1);

	past->nevaluations = n;
	past->days = palloc(sizeof(Datum) * (n + 1));
	past->year_before = palloc(sizeof(DateADT) * (n + 1));
	past->customers = palloc0(sizeof(double) * past->nstates * (n + 1));
	past->value = palloc(sizeof(double) * past->nstates * (n + 1));
	past->mean = palloc(sizeof(double) * past->nstates * (n + 1));
	for (int e = 0; e < n; e++)
	{
		HeapTuple	row = SPI_tuptable->vals[e];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		Datum	   *values;
		bool	   *nulls;
		bool		isnull;
		ArrayType  *array;
		int			nvalues;

		past->days[e] = SPI_getbinval(row, desc, 1, &isnull);
		past->year_before[e] =
			DatumGetDateADT(SPI_getbinval(row, desc, 2, &isnull));
		array = DatumGetArrayTypeP(SPI_getbinval(row, desc, 3, &isnull));
		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
						  TYPALIGN_DOUBLE, &values, &nulls, &nvalues);
		for (int s = 0; s < past->nstates; s++)
			past->value[e * past->nstates + s] = s < nvalues && !nulls[s] ?
				DatumGetFloat8(values[s]) : NAN;
	}
}

/* A column of the last statement's rows. */
static Datum
column_of(int row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
						 column, isnull);
}

/* One that holds a state, or null for outside. */
static int
state_of(int row, int column)
{
	bool		isnull;
	Datum		state = column_of(row, column, &isnull);

	return isnull ? OUTSIDE : DatumGetInt32(state) - 1;
}

/*
 * Read who moved. What comes before the first evaluation, as period -1, moves
 * in from outside.
 */
static void
read_moves(const Program *program, Datum labels, TierPast *past)
{
	ArrayType  *days = construct_array(past->days, past->nevaluations, DATEOID,
									   sizeof(DateADT), true, TYPALIGN_INT);
	ProgramArgument arguments[] = {
		{TEXTARRAYOID, labels, false},
		{get_array_type(DATEOID), PointerGetDatum(days), false}
	};
	int			n = (int) program_execute(&program->names, sql_forecast_moves,
										  arguments, lengthof(arguments));

	past->nmoves = n;
	past->moves = palloc(sizeof(TierMove) * (n + 1));
	for (int i = 0; i < n; i++)
	{
		bool		isnull;

		past->moves[i].period = DatumGetInt32(column_of(i, 1, &isnull)) - 1;
		past->moves[i].from = state_of(i, 2);
		past->moves[i].to = state_of(i, 3);
		past->moves[i].customers =
			(double) DatumGetInt64(column_of(i, 4, &isnull));
	}
}

/* From the moves, how many customers each state had at each evaluation. */
static void
count_customers(TierPast *past)
{
	const TierMove *move = past->moves;
	const TierMove *end = past->moves + past->nmoves;
	int			n = past->nstates;

	for (int e = 0; e < past->nevaluations; e++)
	{
		double	   *customers = &past->customers[e * n];

		if (e > 0)
			memcpy(customers, customers - n, sizeof(double) * n);
		for (; move < end && move->period < e; move++)
		{
			if (move->from != OUTSIDE)
				customers[move->from] -= move->customers;
			if (move->to != OUTSIDE)
				customers[move->to] += move->customers;
		}
		for (int s = 0; s < n; s++)
		{
			double		value = past->value[e * n + s];

			past->mean[e * n + s] = customers[s] > 0 && !isnan(value) ?
				value / customers[s] :
				e > 0 ? past->mean[(e - 1) * n + s] : NAN;
		}
	}
}

/*
 * The first period of those that a forecast from an evaluation goes by: all
 * that began in the year before, so that each season counts; one at least.
 */
static int
first_period(const TierPast *past, int start)
{
	int			first = start - 1;

	while (first > 0 &&
		   DatumGetDateADT(past->days[first - 1]) >= past->year_before[start])
		first--;
	return first;
}

/* Learn from the year before an evaluation how a period goes. */
static void
learn(const TierPast *past, int start, TierChain *chain)
{
	int			n = past->nstates;
	int			first = first_period(past, start);

	memset(chain->share, 0, sizeof(double) * n * n);
	memset(chain->entrants, 0, sizeof(double) * n);

	/* those who are there stay, but for those who move */
	for (int e = first; e < start; e++)
		for (int s = 0; s < n; s++)
			chain->share[s * n + s] += past->customers[e * n + s];
	for (int i = 0; i < past->nmoves; i++)
	{
		const TierMove *move = &past->moves[i];

		if (move->period < first || move->period >= start)
			continue;
		if (move->from == OUTSIDE)
			chain->entrants[move->to] += move->customers / (start - first);
		else
		{
			chain->share[move->from * n + move->from] -= move->customers;
			if (move->to != OUTSIDE)
				chain->share[move->from * n + move->to] += move->customers;
		}
	}
	for (int s = 0; s < n; s++)
	{
		double		total = 0;

		for (int e = first; e < start; e++)
			total += past->customers[e * n + s];
		if (total == 0)			/* nothing is known: who gets there stays */
			chain->share[s * n + s] = 1;
		else
			for (int to = 0; to < n; to++)
				chain->share[s * n + to] /= total;
	}
}

/* Go on for a period. */
static void
go_on(const TierChain *chain, int n, double *customers, double *scratch)
{
	for (int to = 0; to < n; to++)
	{
		scratch[to] = chain->entrants[to];
		for (int from = 0; from < n; from++)
			scratch[to] += customers[from] * chain->share[from * n + to];
	}
	memcpy(customers, scratch, sizeof(double) * n);
}

/* Add what a forecast is off by. A tier without a value brings none. */
static void
add_errors(const TierPast *past, int start, int target,
		   const double *customers, ForecastError *errors)
{
	int			n = past->nstates;

	for (int s = 0; s < n; s++)
	{
		double		came = past->customers[target * n + s];
		double		value = past->value[target * n + s];
		double		mean = past->mean[start * n + s];

		errors[s].customers += fabs(customers[s] - came);
		errors[s].naive += fabs(past->customers[start * n + s] - came);
		errors[s].value += fabs((isnan(mean) ? 0 : customers[s] * mean) -
								(isnan(value) ? 0 : value));
	}
}

/* The days to come, one per period as long as the last one. */
static Datum *
read_days(const Program *program, const TierPast *past, int periods)
{
	ProgramArgument arguments[] = {
		{DATEOID, past->days[past->nevaluations - 1], false},
		{DATEOID, past->days[past->nevaluations - 2], false},
		{INT4OID, Int32GetDatum(periods), false}
	};
	Datum	   *days = palloc(sizeof(Datum) * periods);

	program_execute(&program->names, sql_forecast_days,
					arguments, lengthof(arguments));
	for (int h = 0; h < periods; h++)
	{
		bool		isnull;

		days[h] = column_of(h, 1, &isnull);
	}
	return days;
}

/*
 * Evaluate as of the days to come, one after the other, with nothing written
 * and nothing bought meanwhile: how many customers each state has then. False
 * for a day that is not after the last evaluation.
 */
static bool
count_idle(Program *program, DateADT day, int nstates, Pass *pass,
		   int64 *idle)
{
	Pass		last = *pass;

	if (day <= program->as_of)
		return false;
	as_of_set(day);
	memset(pass, 0, sizeof(Pass));
	pass->program = program;
	pass->as_of = day;
	pass->source = PASS_SOURCE;
	pass->goes_on = last.kept != NULL;
	pass->keep = KEEP_ALL;
	pass->scheme = program->scheme;
	pass->rules = program->rules;
	pass->scheme_as_of = NO_DATE;
	program_pass(pass);
	if (pass->goes_on)
		program_drop_kept(&last);
	program_show_kept(pass);

	memset(idle, 0, sizeof(int64) * nstates);
	for (int g = 0; g < pass->ngroups; g++)
		for (int s = 0; s < nstates; s++)
			idle[s] += pass->groups[g]->tiers[s].customers;
	return true;
}

/* The rows of one period ahead. */
static void
add_rows(FunctionCallInfo fcinfo, Program *program, const Scheme *scheme,
		 const TierPast *past, int period, Datum day, const double *customers,
		 Pass *pass, const ForecastError *errors)
{
	int			last = past->nevaluations - 1;
	int			tests = Max(last - period, 0);
	int64	   *idle = palloc(sizeof(int64) * past->nstates);
	bool		has_idle = count_idle(program, DatumGetDateADT(day),
									  past->nstates, pass, idle);

	for (int s = 0; s < past->nstates; s++)
	{
		bool		graded = s < scheme->ntiers;
		double		mean = past->mean[last * past->nstates + s];
		Datum		values[11] = {
			Int32GetDatum(period), day,
			graded ? PointerGetDatum(scheme->tiers[s].label_text) : (Datum) 0,
			Int32GetDatum(s + 1),
			Float8GetDatum(customers[s]),
			Float8GetDatum(customers[s] * mean),
			Int64GetDatum(idle[s]),
			Float8GetDatum(errors[s].customers / tests),
			Float8GetDatum(errors[s].naive / tests),
			Float8GetDatum(errors[s].value / tests),
			Int32GetDatum(tests)
		};
		bool		nulls[11] = {false};

		nulls[2] = nulls[3] = !graded;
		nulls[5] = isnan(mean);
		nulls[6] = !has_idle;
		nulls[7] = nulls[8] = nulls[9] = tests == 0;
		rows_add(fcinfo, values, nulls);
	}
}

/* Forecast from every evaluation: the last one tells, the others test it. */
static void
forecast(FunctionCallInfo fcinfo, Program *program, const Scheme *scheme,
		 const TierPast *past, int periods)
{
	int			n = past->nstates;
	int			last = past->nevaluations - 1;
	Datum	   *days = read_days(program, past, periods);
	ForecastError	   *errors = palloc0(sizeof(ForecastError) * n * periods);
	double	   *customers = palloc(sizeof(double) * n);
	double	   *scratch = palloc(sizeof(double) * n);
	Pass		pass = {0};
	TierChain	chain = {
		palloc(sizeof(double) * n * n), palloc(sizeof(double) * n)
	};

	for (int start = 1; start <= last; start++)
	{
		CHECK_FOR_INTERRUPTS();
		learn(past, start, &chain);
		memcpy(customers, &past->customers[start * n], sizeof(double) * n);
		for (int h = 0; h < periods; h++)
		{
			int			target = start + h + 1;

			go_on(&chain, n, customers, scratch);
			if (start == last)
				add_rows(fcinfo, program, scheme, past, h + 1, days[h],
						 customers, &pass, &errors[h * n]);
			else if (target <= last)
				add_errors(past, start, target, customers, &errors[h * n]);
		}
	}
	if (pass.kept != NULL)
		program_drop_kept(&pass);
}

/* tier_forecast(program, periods) */
Datum
tier_forecast(PG_FUNCTION_ARGS)
{
	text	   *name = DatumGetTextPP(program_argument(fcinfo, 0, "program"));
	int			periods = DatumGetInt32(program_argument(fcinfo, 1, "periods"));
	Program    *program;
	const Scheme *scheme;
	Datum		labels;
	TierPast		past = {0};

	if (periods < 1 || periods > MAX_PERIODS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods must be between 1 and %d", MAX_PERIODS)));
	rows_begin(fcinfo);
	program = program_enter(fcinfo, name, PROGRAM_READ);
	scheme = scheme_parse(VARDATA_ANY(program->scheme),
						  VARSIZE_ANY_EXHDR(program->scheme), NULL);
	labels = scheme_label_array(scheme);
	past.nstates = scheme->ntiers + 1;
	read_evaluations(program, labels, &past);
	if (past.nevaluations >= 2)
	{
		read_moves(program, labels, &past);
		count_customers(&past);
		forecast(fcinfo, program, scheme, &past, periods);
	}
	program_leave(program);
	return (Datum) 0;
}
