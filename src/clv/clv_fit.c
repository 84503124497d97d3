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
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "clv/clv_measures.h"
#include "clv/purchase_model.h"

/* What tells histories apart. */
typedef struct HistoryKey
{
	double		x;
	double		t_x;
	double		t;
} HistoryKey;

typedef struct HistoryEntry
{
	HistoryKey	key;
	int64		count;
	uint32		hash;
	char		status;			/* the hash table's */
} HistoryEntry;

#define SH_PREFIX histories
#define SH_ELEMENT_TYPE HistoryEntry
#define SH_KEY_TYPE HistoryKey
#define SH_KEY key
#define SH_HASH_KEY(tb, key) hash_bytes((const unsigned char *) &(key), sizeof(HistoryKey))
#define SH_EQUAL(tb, a, b) (memcmp(&(a), &(b), sizeof(HistoryKey)) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The state of a group. */
typedef struct FitState
{
	histories_hash *histories;
	DurationUnit unit;
	double		penalty;
} FitState;

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
PG_FUNCTION_INFO_V1(clv_fit_serialize);
PG_FUNCTION_INFO_V1(clv_fit_deserialize);
PG_FUNCTION_INFO_V1(bgnbd_fit_final);
PG_FUNCTION_INFO_V1(mbgnbd_fit_final);
PG_FUNCTION_INFO_V1(pareto_nbd_fit_final);
PG_FUNCTION_INFO_V1(bgbb_fit_final);
PG_FUNCTION_INFO_V1(gamma_gamma_fit_final);

/* The memory that the table may take, before it grows once more. */
static void
check_memory(const FitState *state)
{
	if (state->histories->members >= state->histories->grow_threshold &&
		state->histories->size * sizeof(HistoryEntry) * 2 > get_hash_memory_limit())
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many different customers for a fit"),
				 errdetail("%u different histories need more memory than work_mem times hash_mem_multiplier.",
						   state->histories->members),
				 errhint("Round times to whole days, fit a sample, or raise work_mem.")));
}

/* Count some customers of one history. */
static void
add_history(FitState *state, HistoryKey key, int64 count)
{
	HistoryEntry *entry;
	bool		found;

	/* -0 is 0, though its bytes differ */
	key.x += 0.0;
	key.t_x += 0.0;
	key.t += 0.0;
	check_memory(state);
	entry = histories_insert(state->histories, key, &found);
	if (!found)
		entry->count = 0;
	entry->count += count;
}

/* A new state. */
static FitState *
create_state(FunctionCallInfo fcinfo, DurationUnit unit, double penalty)
{
	MemoryContext context = aggregate_context(fcinfo);
	FitState   *state;

	state = MemoryContextAlloc(context, sizeof(FitState));
	state->histories = histories_create(context, 64, NULL);
	state->unit = unit;
	state->penalty = penalty;
	return state;
}

/* Throw unless the settings of a row are those of the rows before. */
static void
check_settings(const FitState *state, DurationUnit unit, double penalty)
{
	if (state->unit != unit)
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
	if (!(penalty >= 0 && penalty <= 1e6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty must be from 0 to 1000000, not %g", penalty)));
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
	HistoryKey	key = {history->x, history->t_x, history->t};

	check_history(kind, history);
	if (PG_ARGISNULL(0))
		state = create_state(fcinfo, unit, penalty);
	else
	{
		state = (FitState *) PG_GETARG_POINTER(0);
		check_settings(state, unit, penalty);
	}
	add_history(state, key, history->count);
	PG_RETURN_POINTER(state);
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

/* Combine: add the second state, which stays as it is, to the first. */
Datum
clv_fit_combine(PG_FUNCTION_ARGS)
{
	FitState   *state;
	const FitState *other;
	histories_iterator iterator;
	const HistoryEntry *entry;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	other = (const FitState *) PG_GETARG_POINTER(1);
	if (PG_ARGISNULL(0))
		state = create_state(fcinfo, other->unit, other->penalty);
	else
	{
		state = (FitState *) PG_GETARG_POINTER(0);
		check_settings(state, other->unit, other->penalty);
	}
	histories_start_iterate(other->histories, &iterator);
	while ((entry = histories_iterate(other->histories, &iterator)) != NULL)
		add_history(state, entry->key, entry->count);
	PG_RETURN_POINTER(state);
}

/* Send a state from a worker. */
Datum
clv_fit_serialize(PG_FUNCTION_ARGS)
{
	const FitState *state = (const FitState *) PG_GETARG_POINTER(0);
	StringInfoData buf;
	histories_iterator iterator;
	const HistoryEntry *entry;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, state->unit);
	pq_sendfloat8(&buf, state->penalty);
	pq_sendint32(&buf, state->histories->members);
	histories_start_iterate(state->histories, &iterator);
	while ((entry = histories_iterate(state->histories, &iterator)) != NULL)
	{
		appendBinaryStringInfo(&buf, (const char *) &entry->key, sizeof(HistoryKey));
		appendBinaryStringInfo(&buf, (const char *) &entry->count, sizeof(int64));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Receive a worker's state. */
Datum
clv_fit_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *message = PG_GETARG_BYTEA_PP(0);
	FitState   *state = palloc(sizeof(FitState));
	StringInfoData buf;
	uint32		members;

	/* read in place: nothing below writes into the buffer */
	buf.data = VARDATA_ANY(message);
	buf.len = VARSIZE_ANY_EXHDR(message);
	buf.maxlen = 0;
	buf.cursor = 0;
	state->unit = (DurationUnit) pq_getmsgint(&buf, 4);
	state->penalty = pq_getmsgfloat8(&buf);
	members = pq_getmsgint(&buf, 4);
	state->histories = histories_create(CurrentMemoryContext, members, NULL);
	while (members-- > 0)
	{
		HistoryKey	key;
		bool		found;
		HistoryEntry *entry;

		pq_copymsgbytes(&buf, (char *) &key, sizeof(HistoryKey));
		entry = histories_insert(state->histories, key, &found);
		pq_copymsgbytes(&buf, (char *) &entry->count, sizeof(int64));
	}
	pq_getmsgend(&buf);
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
	History    *histories = MemoryContextAllocHuge(CurrentMemoryContext,
												   sizeof(History) * state->histories->members);
	histories_iterator iterator;
	const HistoryEntry *entry;

	*n = 0;
	histories_start_iterate(state->histories, &iterator);
	while ((entry = histories_iterate(state->histories, &iterator)) != NULL)
	{
		History    *history = &histories[(*n)++];

		history->x = entry->key.x;
		history->t_x = entry->key.t_x;
		history->t = entry->key.t;
		history->count = entry->count;
		check_history(kind, history);
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
	state = (const FitState *) PG_GETARG_POINTER(0);
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
