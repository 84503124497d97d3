/*-------------------------------------------------------------------------
 *
 * digest_flat.h
 *		The forms in which a digest is stored: flat and expanded. Only the
 *		files of the digest need them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DIGEST_FLAT_H
#define CUSTOMER_TIER_DIGEST_FLAT_H

#include "utils/expandeddatum.h"

#include "base/compat.h"
#include "digest/digest_state.h"

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

/* When truncated, places + 1 in the upper bits of the flags. */
#define DIGEST_PLACES_SHIFT	3

/* The flags that say what a digest is. */
static inline int
digest_view_flags(const DigestView *view)
{
	int			flags = view->is_wide ? DIGEST_WIDE : 0;

	if (view->precision < DIGEST_FULL_PRECISION)
		flags |= (view->places + 1) << DIGEST_PLACES_SHIFT;
	return flags;
}

#define FLAT_HEADER_SIZE	offsetof(FlatDigest, images)

/* A flat transition state grows to this many bytes, then it is expanded. */
#define FLAT_STATE_LIMIT	16384

/* A digest as an expanded object: what a large transition state is. */
typedef struct ExpandedDigest
{
	ExpandedObjectHeader header;
	DigestState state;
} ExpandedDigest;

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

#endif							/* CUSTOMER_TIER_DIGEST_FLAT_H */
