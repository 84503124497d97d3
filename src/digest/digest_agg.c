/*-------------------------------------------------------------------------
 *
 * digest_agg.c
 *		The aggregates that build and merge value_digests.
 *
 * The transition type is value_digest itself. A small state is a flat datum
 * with room to spare, changed in place; when that room is used up, a larger
 * one is returned, and the executor copies it to where it lives. A large
 * state is an expanded object, a child of the aggregate's context. (Were
 * each small state an object with a context of its own, a hashed aggregate
 * with many groups would spend its time walking all those contexts.)
 *
 * Argument 0 is changed in place only when an aggregate calls and the
 * argument is such a state. All the functions may be called from plain SQL
 * too: then they copy.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/detoast.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "base/aggregate.h"
#include "digest/digest_flat.h"
#include "number/decimal.h"
#include "number/numeric_decode.h"

/* A new state takes this much: a header, and room for ten values. */
#define FLAT_STATE_MIN		128

/* A state that takes in many rows grows to this, few as its classes may be. */
#define BUSY_STATE_SIZE		4096

/* Whose errors they are; the window functions share the checks. */
#define MY_NAME				"value_digest"

/* Integers this side of it, either sign, have at most 15 digits. */
#define SHORT_INTEGER		INT64CONST(1000000000000000)

PG_FUNCTION_INFO_V1(value_digest_accum_numeric);
PG_FUNCTION_INFO_V1(value_digest_accum_float8);
PG_FUNCTION_INFO_V1(value_digest_accum_int8);
PG_FUNCTION_INFO_V1(value_digest_accum_float4);
PG_FUNCTION_INFO_V1(value_digest_accum_cash);
PG_FUNCTION_INFO_V1(value_digest_accum_text);
PG_FUNCTION_INFO_V1(value_digest_merge);
PG_FUNCTION_INFO_V1(value_digest_final);

/* Refuse what no digest can hold. */
static void
refuse_value(const char *what, const char *function)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s cannot take %s", function, what),
			 errhint("Turn such values into NULL with nullif(): NULLs are left out.")));
}

/* Check a double that is to go into a digest. */
double
digest_check_float8(double value, const char *function)
{
	if (unlikely(!isfinite(value)))
		refuse_value(isnan(value) ? "NaN" : "Infinity", function);
	return value;
}

/* Decode a numeric that is to go into a digest. */
double
digest_decode_numeric(Datum datum, bool *is_wide, const char *function)
{
	struct varlena *numeric = PG_DETOAST_DATUM_PACKED(datum);
	double		value;

	*is_wide = false;
	switch (numeric_decode(numeric, &value))
	{
		case DECODE_SHORT:
			break;
		case DECODE_WIDE:
			*is_wide = true;
			break;
		case DECODE_OVERFLOW:
		case DECODE_UNDERFLOW:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("value is out of range for %s", function),
					 errdetail("A value_digest holds numbers in the range of double precision."),
					 errhint("Round such values, or turn them into NULL with nullif().")));
			break;
		case DECODE_INFINITE:
			refuse_value("Infinity", function);
			break;
		case DECODE_NAN:
			refuse_value("NaN", function);
			break;
	}
	return value;
}

/* Decode an integer that is to go into a digest, as the numeric it equals. */
double
digest_decode_int64(int64 value, bool *is_wide, const char *function)
{
	if (unlikely(value <= -SHORT_INTEGER || value >= SHORT_INTEGER))
		return digest_decode_numeric(NumericGetDatum(int64_to_numeric(value)),
									 is_wide, function);
	*is_wide = false;
	return (double) value;
}

/* Find the first byte after a flat state's classes, where its tail begins. */
static inline int64
flat_tail_start(const FlatDigest *flat)
{
	return FLAT_HEADER_SIZE + digest_body_size(flat->nclasses,
											   flat->count_width);
}

/* Get a flat transition state that may be changed, or NULL. */
static inline FlatDigest *
get_building(Datum digest)
{
	FlatDigest *flat = (FlatDigest *) DatumGetPointer(digest);

	if (VARATT_IS_4B_U(flat) && (flat->flags & DIGEST_BUILDING))
		return flat;
	return NULL;
}

/* Get a large transition state that may be changed, or NULL. */
static inline DigestState *
get_expanded_state(Datum digest)
{
	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(digest)))
		return &((ExpandedDigest *) DatumGetEOHP(digest))->state;
	return NULL;
}

/* Append images to a flat transition state, if there is room. */
static inline bool
append_flat(FlatDigest *flat, const ValueImage *images, int n, bool is_wide)
{
	Size		size = sizeof(ValueImage) * n;

	Assert(flat->u.tail_end >= flat_tail_start(flat));
	Assert(flat->u.tail_end <= (int64) VARSIZE(flat));
	if (flat->u.tail_end + size > VARSIZE(flat))
		return false;
	memcpy((char *) flat + flat->u.tail_end, images, size);
	flat->u.tail_end += size;
	if (is_wide)
		flat->flags |= DIGEST_WIDE;
	return true;
}

/*
 * Choose the size of a flat state for so many bytes of classes: at least as
 * much room for the tail, so that a flush is paid for by as many appends.
 * Where many rows fall into few classes, there is room for more of them.
 */
static Size
choose_flat_size(const DigestState *state, Size body_size)
{
	Size		size = FLAT_STATE_MIN;

	while (size - FLAT_HEADER_SIZE < 2 * body_size ||
		   (size < BUSY_STATE_SIZE && state->count > (int64) (4 * size)))
		size *= 2;
	return size;
}

/*
 * Turn a flushed state into a transition state: in the place of the old one
 * if there is one and it has the size wanted, else a new one.
 */
static Datum
make_transition_state(DigestState *state, MemoryContext aggcontext,
					  FlatDigest *old)
{
	DigestView	view;
	int			count_width;
	Size		size;
	FlatDigest *flat;

	digest_state_view(state, &view);
	count_width = digest_count_width(&view);
	size = choose_flat_size(state, digest_body_size(view.nclasses,
													count_width));
	if (size > FLAT_STATE_LIMIT)
	{
		ExpandedDigest *expanded;

		flat = digest_flatten(&view);
		expanded = digest_expand(PointerGetDatum(flat), aggcontext);
		pfree(flat);
		return EOHPGetRWDatum(&expanded->header);
	}

	if (old && VARSIZE(old) >= size)
		flat = old;
	else
	{
		/* The free room too: a state may be stored, or spilled to disk. */
		flat = palloc0(size);
		SET_VARSIZE(flat, size);
	}
	digest_write_body(flat, &view, count_width);
	flat->flags |= DIGEST_BUILDING;
	flat->u.tail_end = flat_tail_start(flat);
	return PointerGetDatum(flat);
}

/* Begin a transition state with its first value. */
static Datum
begin_state(ValueImage image, bool is_wide, int capacity)
{
	FlatDigest *flat = palloc0(FLAT_STATE_MIN);

	digest_check_capacity(capacity);
	SET_VARSIZE(flat, FLAT_STATE_MIN);
	flat->version = DIGEST_VERSION;
	flat->flags = DIGEST_BUILDING;
	flat->precision = DIGEST_FULL_PRECISION;
	flat->capacity = capacity;
	flat->u.tail_end = FLAT_HEADER_SIZE;
	append_flat(flat, &image, 1, is_wide);
	return PointerGetDatum(flat);
}

/* Refuse a capacity that is not that of the rows before. */
static inline void
check_same_capacity(int old, int new)
{
	if (unlikely(old != new))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value_digest capacity changes from %d to %d", old, new),
				 errhint("Give all rows of a group one capacity.")));
}

/*
 * Put a value into argument 0 in any case: it is not there yet, or full, or
 * not a transition state, or no aggregate calls.
 */
static pg_noinline Datum
accumulate_slowly(FunctionCallInfo fcinfo, ValueImage image, bool is_wide,
				  int capacity)
{
	MemoryContext aggcontext = NULL;
	DigestState state;
	DigestView	view;

	(void) AggCheckCallContext(fcinfo, &aggcontext);
	if (PG_ARGISNULL(0))
	{
		Datum		new = begin_state(image, is_wide, capacity);

		return aggcontext ? new : PointerGetDatum(digest_get_flat(new));
	}

	digest_state_load(&state, CurrentMemoryContext, PG_GETARG_DATUM(0));
	check_same_capacity(state.capacity, capacity);
	state.is_wide |= is_wide;
	if (aggcontext)
	{
		Datum		digest = make_transition_state(&state, aggcontext,
												   get_building(PG_GETARG_DATUM(0)));
		DigestState *expanded = get_expanded_state(digest);

		if (expanded)
			digest_state_push(expanded, image);
		else
			append_flat(get_building(digest), &image, 1, is_wide);
		return digest;
	}
	digest_state_push(&state, image);
	digest_state_open(&state, &view);
	return PointerGetDatum(digest_flatten(&view));
}

/* Put a value into argument 0. */
static inline Datum
accumulate(FunctionCallInfo fcinfo, double value, bool is_wide)
{
	ValueImage	image = value_image(value);
	int			capacity = DIGEST_DEFAULT_CAPACITY;

	if (PG_NARGS() > 2)
	{
		if (PG_ARGISNULL(2))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("value_digest capacity must not be null")));
		capacity = PG_GETARG_INT32(2);
	}

	if (!PG_ARGISNULL(0) && AggCheckCallContext(fcinfo, NULL))
	{
		Datum		digest = PG_GETARG_DATUM(0);
		DigestState *state = get_expanded_state(digest);
		FlatDigest *flat;

		if (state)
		{
			check_same_capacity(state->capacity, capacity);
			digest_state_push(state, image);
			state->is_wide |= is_wide;
			return digest;
		}
		flat = get_building(digest);
		if (flat)
		{
			check_same_capacity(flat->capacity, capacity);
			if (append_flat(flat, &image, 1, is_wide))
				return digest;
		}
	}
	return accumulate_slowly(fcinfo, image, is_wide, capacity);
}

/* Transition: (value_digest, numeric [, capacity]). */
Datum
value_digest_accum_numeric(PG_FUNCTION_ARGS)
{
	double		value;
	bool		is_wide;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	value = digest_decode_numeric(PG_GETARG_DATUM(1), &is_wide, MY_NAME);
	return accumulate(fcinfo, value, is_wide);
}

/* Transition: (value_digest, double precision [, capacity]). */
Datum
value_digest_accum_float8(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	return accumulate(fcinfo, digest_check_float8(PG_GETARG_FLOAT8(1), MY_NAME), false);
}

/* Transition: (value_digest, bigint [, capacity]). */
Datum
value_digest_accum_int8(PG_FUNCTION_ARGS)
{
	double		value;
	bool		is_wide;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	value = digest_decode_int64(PG_GETARG_INT64(1), &is_wide, MY_NAME);
	return accumulate(fcinfo, value, is_wide);
}

/* Transition: (value_digest, real [, capacity]). */
Datum
value_digest_accum_float4(PG_FUNCTION_ARGS)
{
	double		value;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	value = digest_check_float8(real_decimal(PG_GETARG_FLOAT4(1)), MY_NAME);
	return accumulate(fcinfo, value, false);
}

/* Transition: (value_digest, money [, capacity]). */
Datum
value_digest_accum_cash(PG_FUNCTION_ARGS)
{
	double		value;
	bool		is_wide;

	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	value = digest_decode_numeric(DirectFunctionCall1(cash_numeric,
													  PG_GETARG_DATUM(1)),
								  &is_wide, MY_NAME);
	return accumulate(fcinfo, value, is_wide);
}

/*
 * Refuse a text, which is no number. Without this transition function a call
 * such as value_digest(column) would be a cast of the text, row by row.
 */
Datum
value_digest_accum_text(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("value_digest takes numbers, not text"),
			 errhint("Cast the column, as in value_digest(column::numeric); a digest in text form is cast by ::value_digest.")));
	PG_RETURN_NULL();			/* keep compiler quiet */
}

/*
 * Merge two digests: the operator +, the combine function, and the transition
 * function over stored digests.
 */
Datum
value_digest_merge(PG_FUNCTION_ARGS)
{
	Datum		digest = PG_GETARG_DATUM(0);
	MemoryContext aggcontext = NULL;
	DigestView	other;
	DigestState loaded;
	FlatDigest *flat = NULL;

	digest_open_arg(fcinfo, 1, &other);
	if (AggCheckCallContext(fcinfo, &aggcontext))
	{
		DigestState *state = get_expanded_state(digest);

		if (state)
		{
			digest_state_absorb(state, &other);
			return digest;
		}
		flat = get_building(digest);
		if (flat && other.precision == DIGEST_FULL_PRECISION &&
			other.count_width == 0 && other.capacity == flat->capacity &&
			append_flat(flat, other.images, other.nclasses, other.is_wide))
			return digest;
	}

	if (aggcontext && toast_raw_datum_size(digest) +
		sizeof(ValueImage) * other.nclasses > FLAT_STATE_LIMIT)
	{
		/* What will be large is loaded where it is to live. */
		ExpandedDigest *expanded = digest_expand(digest, aggcontext);

		digest_state_absorb(&expanded->state, &other);
		return EOHPGetRWDatum(&expanded->header);
	}

	digest_state_load(&loaded, CurrentMemoryContext, digest);
	digest_state_absorb(&loaded, &other);
	if (aggcontext)
	{
		digest_state_flush(&loaded);
		return make_transition_state(&loaded, aggcontext, flat);
	}
	digest_state_open(&loaded, &other);
	return PointerGetDatum(digest_flatten(&other));
}

/*
 * Final: the canonical digest. A large one is handed out as it is, read-only;
 * it is flat as soon as it is stored.
 */
Datum
value_digest_final(PG_FUNCTION_ARGS)
{
	Datum		digest = PG_GETARG_DATUM(0);

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(digest)))
	{
		ExpandedObjectHeader *header = DatumGetEOHP(digest);

		digest_state_flush(&((ExpandedDigest *) header)->state);
		return EOHPGetRODatum(header);
	}
	PG_RETURN_POINTER(digest_get_flat(digest));
}
