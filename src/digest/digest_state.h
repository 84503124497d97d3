/*-------------------------------------------------------------------------
 *
 * digest_state.h
 *		What the files of the digest share, and nobody else needs: the state
 *		that takes values in, and the forms in which a digest is stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DIGEST_STATE_H
#define CUSTOMER_TIER_DIGEST_STATE_H

#include "base/compat.h"
#include "digest/digest.h"
#include "number/double_double.h"
#include "utils/expandeddatum.h"

/*
 * A digest that takes values in. Its body is what a DigestView shows: sorted
 * classes and their counts, within the capacity. New images are appended to
 * the unsorted tail; a full tail is sorted and merged into the body.
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
 * A digest as one flat datum: this header, the images, then the counts as
 * wide as count_width says, which is the narrowest that holds them all.
 * nclasses, not the length, says where the classes end.
 *
 * While an aggregate is BUILDING one, images of the tail follow up to
 * tail_end, and what remains of the datum is room for more; min and max are
 * the body's, and undefined when nclasses is 0.
 */
typedef struct FlatDigest
{
	int32		vl_len_;		/* varlena header */
	uint8		version;		/* DIGEST_VERSION */
	uint8		flags;
	uint8		precision;
	uint8		count_width;	/* as in DigestView */
	int32		capacity;
	int32		nclasses;
	int64		count;			/* of values; the tail's not included */
	union
	{
		double		sum;		/* infinite when it exceeds a double */
		int64		tail_end;	/* when BUILDING: offset of the free room */
	}			u;
	double		min;
	double		max;
	ValueImage	images[FLEXIBLE_ARRAY_MEMBER];
} FlatDigest;

#define DIGEST_VERSION		1

#define DIGEST_WIDE			0x01	/* some numeric had more than 15 digits */
#define DIGEST_BUILDING		0x02	/* a transition state, not canonical */

#define FLAT_HEADER_SIZE	offsetof(FlatDigest, images)

/* A flat transition state grows to this many bytes, then it is expanded. */
#define FLAT_STATE_LIMIT	16384

/* A digest as an expanded object: what a large transition state is. */
typedef struct ExpandedDigest
{
	ExpandedObjectHeader header;
	DigestState state;
} ExpandedDigest;

/*
 * So many values at most; far from overflow, so that it is enough to check
 * now and then.
 */
#define DIGEST_MAX_COUNT	(PG_INT64_MAX / 2)

/* The image bits that a precision keeps. */
static inline ValueImage
precision_mask(int precision)
{
	return ~((UINT64CONST(1) << (DIGEST_FULL_PRECISION - precision)) - 1);
}

/* digest.c: the state */
extern void digest_state_init(DigestState *state, MemoryContext context,
							  int capacity);
extern void digest_state_flush(DigestState *state);
extern void digest_state_absorb(DigestState *state, const DigestView *view);
extern void digest_state_coarsen(DigestState *state, int precision);
extern void digest_state_fit_capacity(DigestState *state);
extern void digest_state_view(DigestState *state, DigestView *view);
extern void digest_state_open(DigestState *state, DigestView *view);
extern void digest_state_grow_tail(DigestState *state);

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

/* digest_flat.c: the stored forms */
extern Size digest_body_size(int nclasses, int count_width);
extern FlatDigest *digest_flatten(const DigestView *view);
extern FlatDigest *digest_get_flat(Datum digest);
extern void digest_open_header(Datum digest, DigestView *view);
extern void digest_state_load(DigestState *state, MemoryContext context,
							  Datum digest);
extern ExpandedDigest *digest_expand(Datum digest, MemoryContext parent);
extern void digest_write_body(FlatDigest *flat, const DigestView *view,
							  int count_width);
extern int	digest_count_width(const DigestView *view);

/* digest_view.c: sums over the classes, scaled so that they stay finite */
extern DoubleDouble digest_sum_classes(const DigestView *view, int first,
									   double scale);
extern double digest_compute_sum(const DigestView *view);

#endif							/* CUSTOMER_TIER_DIGEST_STATE_H */
