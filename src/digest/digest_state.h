/*-------------------------------------------------------------------------
 *
 * digest_state.h
 *		A digest that takes values in. Only the files of the digest need it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DIGEST_STATE_H
#define CUSTOMER_TIER_DIGEST_STATE_H

#include "digest/digest.h"

/*
 * The body is what a DigestView shows: sorted classes and their counts, within
 * the capacity. New images are appended to the unsorted tail; a full tail is
 * sorted and merged into the body.
 *
 * The tail holds values as they came, not yet truncated: min and max are
 * taken from it when it is merged. Truncated classes therefore never go
 * through the tail.
 */
typedef struct DigestState
{
	MemoryContext context;		/* where the arrays below live */
	int			capacity;
	int			precision;
	bool		is_wide;
	int			places;			/* of a truncated state; see digest_places */

	/* The body. */
	int			nclasses;
	int			room;			/* classes that fit in the arrays */
	ValueImage *images;
	int64	   *counts;
	double		min;			/* of the body's values; */
	double		max;			/* undefined while it is empty */

	/* The tail; tail_counts is NULL while each image came once. */
	int			ntail;
	int			tail_room;
	ValueImage *tail;
	int64	   *tail_counts;

	int64		count;			/* of values, body and tail */
} DigestState;

/*
 * So many values at most; far from overflow, so that it is enough to check
 * now and then.
 */
#define DIGEST_MAX_COUNT	(PG_INT64_MAX / 2)

extern void digest_state_init(DigestState *state, MemoryContext context,
							  int capacity);
extern void digest_state_flush(DigestState *state);
extern void digest_state_absorb(DigestState *state, const DigestView *view);
extern void digest_state_coarsen(DigestState *state, int precision);
extern void digest_state_fit_capacity(DigestState *state);
extern void digest_state_view(DigestState *state, DigestView *view);
extern void digest_state_open(DigestState *state, DigestView *view);
extern void digest_state_grow_tail(DigestState *state);

/* In assert builds: is a state what its description says? */
#ifdef USE_ASSERT_CHECKING
extern void AssertCheckDigestState(const DigestState *state);
#else
#define AssertCheckDigestState(state)	((void) 0)
#endif

/* Append a value's image; is_wide and the capacity are the caller's affair. */
static inline void
digest_state_push(DigestState *state, ValueImage image)
{
	if (unlikely(state->ntail >= state->tail_room))
		digest_state_grow_tail(state);
	if (unlikely(state->tail_counts != NULL))
		state->tail_counts[state->ntail] = 1;
	state->tail[state->ntail++] = image;
	state->count++;
}

#endif							/* CUSTOMER_TIER_DIGEST_STATE_H */
