/*-------------------------------------------------------------------------
 *
 * clv_fit.c
 *		The aggregates that fit models to customers.
 *
 * They collect distinct histories with their counts, which is what
 * makes fits fast, since there are far fewer of them than customers. They are
 * sorted before a fit begins: so the result is the same, to the last bit,
 * whatever order the rows came in and however many processes read them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "clv/clv_measures.h"
#include "clv/purchase_model.h"

/*
 * The state of a group: a hash table of histories, flat, and a bytea. So it is
 * the same in the memory of a process, on the way to another, and between the
 * nodes of a cluster, where a state that is internal cannot go. When the table
 * grows, the server is given the new state in the place of the old.
 */
typedef struct FitState
{
	int32		vl_len_;		/* varlena header */
	int32		unit;			/* DurationUnit */
	double		penalty;
	uint32		nhistories;
	uint32		nplaces;		/* a power of two */
	History		places[FLEXIBLE_ARRAY_MEMBER];	/* of count 0: free */
} FitState;

/* What tells histories apart: the numbers before the count. */
#define HISTORY_KEY_SIZE	offsetof(History, count)

#define FIT_STATE_SIZE(nplaces) \
	(offsetof(FitState, places) + (Size) (nplaces) * sizeof(History))

/* More is a mistake. */
#define MAX_PENALTY			1e6

/* Of a new state. */
#define FIRST_PLACES		64

/* The most that a varlena can have. */
#define MAX_PLACES			(1 << 24)

PG_FUNCTION_INFO_V1(clv_fit_accum);
PG_FUNCTION_INFO_V1(clv_fit_unit_accum);
PG_FUNCTION_INFO_V1(clv_fit_weight_accum);
PG_FUNCTION_INFO_V1(clv_fit_penalty_accum);
PG_FUNCTION_INFO_V1(clv_fit_measures_accum);
PG_FUNCTION_INFO_V1(clv_fit_measures_penalty_accum);
PG_FUNCTION_INFO_V1(spend_fit_accum);
PG_FUNCTION_INFO_V1(spend_fit_weight_accum);
PG_FUNCTION_INFO_V1(spend_fit_penalty_accum);
PG_FUNCTION_INFO_V1(spend_fit_measures_accum);
PG_FUNCTION_INFO_V1(spend_fit_measures_penalty_accum);
PG_FUNCTION_INFO_V1(clv_fit_combine);
PG_FUNCTION_INFO_V1(bgnbd_fit_final);
PG_FUNCTION_INFO_V1(mbgnbd_fit_final);
PG_FUNCTION_INFO_V1(pareto_nbd_fit_final);
PG_FUNCTION_INFO_V1(bgbb_fit_final);
PG_FUNCTION_INFO_V1(gamma_gamma_fit_final);

/* Does the table hold as many as it should, for fast access? */
static inline bool
is_full(const FitState *state)
{
	return state->nhistories >= state->nplaces / 4 * 3;
}

/*
 * Throw unless a bytea is a state: anybody may call functions with another.
 * The histories in it are checked when they are taken out.
 */
static inline void
check_state(const FitState *state)
{
	Size		size = VARSIZE(state);

	if (unlikely(size < FIT_STATE_SIZE(FIRST_PLACES) ||
				 state->nplaces > MAX_PLACES ||
				 (state->nplaces & (state->nplaces - 1)) != 0 ||
				 size != FIT_STATE_SIZE(state->nplaces) ||
				 state->nhistories > state->nplaces ||
				 state->unit < (int32) UNIT_NONE || state->unit > UNIT_YEAR ||
				 !(state->penalty >= 0 && state->penalty <= MAX_PENALTY)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of a fit")));
}

/* An argument that is a state, aligned. */
static FitState *
state_from_arg(FunctionCallInfo fcinfo, int argno)
{
	FitState   *state = (FitState *) PG_GETARG_BYTEA_P(argno);

	/* in a tuple a bytea may begin where a double must not */
	if (unlikely((uintptr_t) state % MAXIMUM_ALIGNOF != 0))
		state = (FitState *) PG_GETARG_BYTEA_P_COPY(argno);
	check_state(state);
	return state;
}

/* A new state, in the current memory context: the server copies it. */
static FitState *
create_state(int32 unit, double penalty, uint32 nplaces)
{
	FitState   *state = palloc0(FIT_STATE_SIZE(nplaces));

	SET_VARSIZE(state, FIT_STATE_SIZE(nplaces));
	state->unit = unit;
	state->penalty = penalty;
	state->nplaces = nplaces;
	return state;
}

/* Throw if the table would take too much memory when it has grown. */
static void
check_memory(const FitState *state)
{
	if (state->nplaces == MAX_PLACES ||
		FIT_STATE_SIZE(state->nplaces) * 2 > get_hash_memory_limit())
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different customers for a fit"),
				 errdetail("%u different histories need more memory than work_mem times hash_mem_multiplier, or than a value can have.",
						   state->nhistories),
				 errhint("Round times to whole days, fit a sample, or raise work_mem.")));
}

/* Find a history, or the free place for it. */
static History *
find_place(FitState *state, const History *history)
{
	uint32		mask = state->nplaces - 1;
	uint32		hash = hash_bytes((const unsigned char *) history,
								  HISTORY_KEY_SIZE);

	for (uint32 i = 0; i <= mask; i++)
	{
		History    *place = &state->places[(hash + i) & mask];

		if (place->count == 0 || memcmp(place, history, HISTORY_KEY_SIZE) == 0)
			return place;
	}
	elog(ERROR, "state of a fit has no free place");
}

/* The same state with twice the places. */
static FitState *
grow_state(const FitState *state)
{
	FitState   *grown;

	check_memory(state);
	grown = create_state(state->unit, state->penalty, state->nplaces * 2);
	for (uint32 i = 0; i < state->nplaces; i++)
	{
		if (state->places[i].count != 0)
			*find_place(grown, &state->places[i]) = state->places[i];
	}
	grown->nhistories = state->nhistories;
	return grown;
}

/* Count some customers of one history. Returns the state, which may have moved. */
static FitState *
add_history(FitState *state, const History *history)
{
	History		key = *history;
	History    *place;

	/* -0 is 0, though its bytes differ */
	key.x += 0.0;
	key.t_x += 0.0;
	key.t += 0.0;
	place = find_place(state, &key);
	if (place->count == 0)
	{
		if (is_full(state))
		{
			state = grow_state(state);
			place = find_place(state, &key);
		}
		*place = key;
		state->nhistories++;
	}
	else if (pg_add_s64_overflow(place->count, key.count, &place->count))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("too many customers for a fit")));
	return state;
}

/* Throw unless the settings of a row are those of the rows before. */
static void
check_settings(const FitState *state, DurationUnit unit, double penalty)
{
	if (state->unit != (int32) unit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("customers in different units of time"),
				 errhint("Measure all in one unit, or group by it.")));
	if (state->penalty != penalty)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty must be the same in all rows of a group")));
}

/* Argument argno as a penalty; NULL, or no such argument, is none. */
static double
get_penalty(FunctionCallInfo fcinfo, int argno)
{
	double		penalty = 0;

	if (argno != 0 && !PG_ARGISNULL(argno))
		penalty = PG_GETARG_FLOAT8(argno);
	if (!(penalty >= 0 && penalty <= MAX_PENALTY))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty must be from 0 to %.0f, not %g", MAX_PENALTY, penalty)));
	return penalty;
}

/* How many customers a row is; 0 leaves it out. */
static int64
get_weight(FunctionCallInfo fcinfo, int argno)
{
	int64		weight;

	if (argno == 0)
		return 1;
	if (PG_ARGISNULL(argno))
		return 0;
	weight = PG_GETARG_INT64(argno);
	if (weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight must not be negative, as " INT64_FORMAT " is",
						weight),
				 errhint("It is the number of customers that a row stands for.")));
	return weight;
}

/* Add a row to the state that is argument 0. */
static Datum
accumulate(FunctionCallInfo fcinfo, const ModelKind *kind, const History *history,
		   DurationUnit unit, double penalty)
{
	FitState   *state;

	(void) aggregate_context(fcinfo);
	check_history(kind, history);
	if (PG_ARGISNULL(0))
		state = create_state(unit, penalty, FIRST_PLACES);
	else
	{
		state = state_from_arg(fcinfo, 0);
		check_settings(state, unit, penalty);
	}
	PG_RETURN_POINTER(add_history(state, history));
}

/* A row of x, t_x, t; a number of 0 means that there is no such argument. */
static Datum
accumulate_numbers(FunctionCallInfo fcinfo, int weight_argno, int unit_argno,
				   int penalty_argno)
{
	History		history;
	DurationUnit unit = UNIT_NONE;

	history.count = get_weight(fcinfo, weight_argno);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || history.count == 0)
		return aggregate_unchanged(fcinfo);
	history.x = PG_GETARG_FLOAT8(1);
	history.t_x = PG_GETARG_FLOAT8(2);
	history.t = PG_GETARG_FLOAT8(3);
	if (unit_argno != 0 && !PG_ARGISNULL(unit_argno))
		unit = time_unit_from_text(PG_GETARG_TEXT_PP(unit_argno));

	/* what only some models mind, they say at the end */
	return accumulate(fcinfo, &bgnbd_kind, &history, unit,
					  get_penalty(fcinfo, penalty_argno));
}

/* Transition functions of the purchase models. */
Datum
clv_fit_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numbers(fcinfo, 0, 0, 0);
}

Datum
clv_fit_unit_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numbers(fcinfo, 0, 4, 0);
}

Datum
clv_fit_weight_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numbers(fcinfo, 4, 5, 0);
}

Datum
clv_fit_penalty_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numbers(fcinfo, 4, 5, 6);
}

/* A row that is a record of clv_measures. */
static Datum
accumulate_measures(FunctionCallInfo fcinfo, const ModelKind *kind,
					int penalty_argno)
{
	ClvMeasures measures;
	History		history = {0};

	if (PG_ARGISNULL(1) || !clv_measures_read(PG_GETARG_DATUM(1), &measures))
		return aggregate_unchanged(fcinfo);
	history.x = measures.frequency;
	history.t_x = kind->is_spend ? measures.mean_spend : measures.recency;
	history.t = kind->is_spend ? 0 : measures.age;
	history.count = 1;
	if (kind->is_spend && history.x == 0)
		return aggregate_unchanged(fcinfo);
	return accumulate(fcinfo, kind, &history,
					  kind->is_spend ? UNIT_NONE : measures.unit,
					  get_penalty(fcinfo, penalty_argno));
}

Datum
clv_fit_measures_accum(PG_FUNCTION_ARGS)
{
	return accumulate_measures(fcinfo, &bgnbd_kind, 0);
}

Datum
clv_fit_measures_penalty_accum(PG_FUNCTION_ARGS)
{
	return accumulate_measures(fcinfo, &bgnbd_kind, 2);
}

/*
 * A row of x and the mean spend. Customers without a repeat purchase say
 * nothing of it.
 */
static Datum
accumulate_spend(FunctionCallInfo fcinfo, int weight_argno, int penalty_argno)
{
	History		history = {0};

	history.count = get_weight(fcinfo, weight_argno);
	if (PG_ARGISNULL(1) || history.count == 0)
		return aggregate_unchanged(fcinfo);
	history.x = PG_GETARG_FLOAT8(1);
	if (history.x == 0 || PG_ARGISNULL(2))
		return aggregate_unchanged(fcinfo);
	history.t_x = PG_GETARG_FLOAT8(2);
	return accumulate(fcinfo, &gamma_gamma_kind, &history, UNIT_NONE,
					  get_penalty(fcinfo, penalty_argno));
}

/* Transition functions of gamma_gamma_fit. */
Datum
spend_fit_accum(PG_FUNCTION_ARGS)
{
	return accumulate_spend(fcinfo, 0, 0);
}

Datum
spend_fit_weight_accum(PG_FUNCTION_ARGS)
{
	return accumulate_spend(fcinfo, 3, 0);
}

Datum
spend_fit_penalty_accum(PG_FUNCTION_ARGS)
{
	return accumulate_spend(fcinfo, 3, 4);
}

Datum
spend_fit_measures_accum(PG_FUNCTION_ARGS)
{
	return accumulate_measures(fcinfo, &gamma_gamma_kind, 0);
}

Datum
spend_fit_measures_penalty_accum(PG_FUNCTION_ARGS)
{
	return accumulate_measures(fcinfo, &gamma_gamma_kind, 2);
}

/*
 * The next history of a state, from place i on, or NULL. What the final
 * function needs is checked there; a table needs that there are customers.
 */
static const History *
next_history(const FitState *state, uint32 *i)
{
	while (*i < state->nplaces)
	{
		const History *history = &state->places[(*i)++];

		if (history->count < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid state of a fit")));
		if (history->count > 0)
			return history;
	}
	return NULL;
}

/* Combine: add the second state, which stays as it is, to the first. */
Datum
clv_fit_combine(PG_FUNCTION_ARGS)
{
	FitState   *state;
	const FitState *other;
	const History *history;
	uint32		i = 0;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = state_from_arg(fcinfo, 1);
	if (PG_ARGISNULL(0))
		state = create_state(other->unit, other->penalty, other->nplaces);
	else
	{
		state = state_from_arg(fcinfo, 0);
		check_settings(state, other->unit, other->penalty);
	}
	while ((history = next_history(other, &i)) != NULL)
		state = add_history(state, history);
	PG_RETURN_POINTER(state);
}

/*
 * Compare by x and t, then from the last t_x on: neighbours share what the
 * models compute of them.
 */
static int
compare_histories(const void *left, const void *right)
{
	const History *a = left;
	const History *b = right;

	CHECK_FOR_INTERRUPTS();		/* there may be millions to sort */
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->t_x != b->t_x)
		return a->t_x > b->t_x ? -1 : 1;
	return 0;
}

/* The histories of a state, sorted. The state stays as it is. */
static History *
sort_histories(const FitState *state, const ModelKind *kind, int64 *n)
{
	History    *histories = palloc(sizeof(History) * state->nplaces);
	const History *history;
	uint32		i = 0;

	*n = 0;
	while ((history = next_history(state, &i)) != NULL)
	{
		check_history(kind, history);
		histories[(*n)++] = *history;
	}
	qsort(histories, *n, sizeof(History), compare_histories);
	return histories;
}

/* Final functions: NULL without customers. */
static Datum
fit_final(FunctionCallInfo fcinfo, const ModelKind *kind)
{
	const FitState *state;
	const History *histories;
	int64		n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = state_from_arg(fcinfo, 0);
	histories = sort_histories(state, kind, &n);
	PG_RETURN_TEXT_P(model_print(fit_model(kind, histories, n, state->unit,
										   state->penalty)));
}

#define FIT_FINAL(model) \
	Datum \
	model##_fit_final(PG_FUNCTION_ARGS) \
	{ \
		return fit_final(fcinfo, &model##_kind); \
	}

FIT_FINAL(bgnbd)
FIT_FINAL(mbgnbd)
FIT_FINAL(pareto_nbd)
FIT_FINAL(bgbb)
FIT_FINAL(gamma_gamma)
