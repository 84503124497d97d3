/*-------------------------------------------------------------------------
 *
 * digest_flat.c
 *		The forms in which a value_digest is stored: a flat datum, or an
 *		expanded object while it is large and being built.
 *
 * Every function that takes a digest meets it here first, whichever form it
 * is in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "digest/digest_flat.h"

static Size expanded_flat_size(ExpandedObjectHeader *header);
static void expanded_flatten_into(ExpandedObjectHeader *header,
								  void *result, Size allocated_size);

static const ExpandedObjectMethods expanded_digest_methods = {
	expanded_flat_size,
	expanded_flatten_into
};

/* Find the bytes that images and counts take. */
Size
digest_body_size(int nclasses, int count_width)
{
	return TYPEALIGN64(8, (Size) nclasses * (sizeof(ValueImage) + count_width));
}

/* Find the narrowest width that holds every count. */
int
digest_count_width(const DigestView *view)
{
	int64		largest = 1;

	/* The commonest case by far needs no look at each. */
	if (view->count == view->nclasses)
		return 0;
	for (int i = 0; i < view->nclasses; i++)
		largest = Max(largest, digest_class_count(view, i));
	return largest <= PG_UINT32_MAX ? sizeof(uint32) : sizeof(int64);
}

/* Write the header's fields and the classes. */
void
digest_write_body(FlatDigest *flat, const DigestView *view, int count_width)
{
	char	   *counts = (char *) (flat->images + view->nclasses);

	AssertCheckDigestView(view);
	flat->version = DIGEST_VERSION;
	flat->flags = digest_view_flags(view);
	flat->precision = view->precision;
	flat->count_width = count_width;
	flat->capacity = view->capacity;
	flat->nclasses = view->nclasses;
	flat->count = view->count;
	flat->u.sum = view->sum;
	flat->min = view->min;
	flat->max = view->max;

	if (view->nclasses == 0)
		return;
	memcpy(flat->images, view->images, sizeof(ValueImage) * view->nclasses);
	if (count_width == view->count_width)
		memcpy(counts, view->counts, (Size) count_width * view->nclasses);
	else if (count_width == sizeof(uint32))
	{
		for (int i = 0; i < view->nclasses; i++)
			((uint32 *) counts)[i] = (uint32) digest_class_count(view, i);
	}
	else if (count_width == sizeof(int64))
	{
		for (int i = 0; i < view->nclasses; i++)
			((int64 *) counts)[i] = digest_class_count(view, i);
	}

	/* An odd number of narrow counts: no stray byte in what is stored. */
	if (count_width == sizeof(uint32) && view->nclasses % 2 != 0)
		((uint32 *) counts)[view->nclasses] = 0;
}

/* Write a view as the canonical flat datum at flat, size bytes long. */
static void
write_flat(FlatDigest *flat, Size size, const DigestView *view,
		   int count_width)
{
	SET_VARSIZE(flat, size);
	digest_write_body(flat, view, count_width);
}

/* Make the canonical flat datum of a view. */
FlatDigest *
digest_flatten(const DigestView *view)
{
	int			count_width = digest_count_width(view);
	Size		size = FLAT_HEADER_SIZE + digest_body_size(view->nclasses,
														   count_width);
	FlatDigest *flat = palloc(size);

	write_flat(flat, size, view, count_width);
	return flat;
}

/* Say how long an expanded digest is when flat. */
static Size
expanded_flat_size(ExpandedObjectHeader *header)
{
	DigestState *state = &((ExpandedDigest *) header)->state;
	DigestView	view;

	digest_state_view(state, &view);
	return FLAT_HEADER_SIZE + digest_body_size(view.nclasses,
											   digest_count_width(&view));
}

/* Make an expanded digest flat, where the caller says. */
static void
expanded_flatten_into(ExpandedObjectHeader *header, void *result,
					  Size allocated_size)
{
	DigestState *state = &((ExpandedDigest *) header)->state;
	DigestView	view;

	digest_state_open(state, &view);
	write_flat(result, allocated_size, &view, digest_count_width(&view));
}

/* Refuse a datum which a later version of this extension has written. */
static void
check_version(const FlatDigest *flat)
{
	if (flat->version != DIGEST_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("value_digest has unknown version %d", flat->version),
				 errhint("It was written by a later version of the extension customer_tier.")));
}

/* Show a flat datum's header fields. */
static void
view_header(const FlatDigest *flat, DigestView *view)
{
	check_version(flat);
	view->nclasses = flat->nclasses;
	view->images = NULL;
	view->counts = NULL;
	view->count_width = flat->count_width;
	view->precision = flat->precision;
	view->capacity = flat->capacity;
	view->is_wide = (flat->flags & DIGEST_WIDE) != 0;
	view->places = (flat->flags >> DIGEST_PLACES_SHIFT) - 1;
	view->count = flat->count;
	view->sum = flat->u.sum;
	view->min = flat->min;
	view->max = flat->max;
}

/* Show a flat datum's header and classes. */
static void
view_flat(const FlatDigest *flat, DigestView *view)
{
	view_header(flat, view);
	view->images = flat->images;
	view->counts = flat->images + flat->nclasses;
}

/* Find the expanded object behind a datum, or NULL. */
static ExpandedDigest *
get_expanded(Datum digest)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(digest)))
		return (ExpandedDigest *) DatumGetEOHP(digest);
	return NULL;
}

/* Copy the classes of a view into a new state whose arrays live in context. */
static void
load_view(DigestState *state, MemoryContext context, const DigestView *view)
{
	digest_state_init(state, context, view->capacity);
	state->is_wide = view->is_wide;
	state->places = view->places;
	state->precision = view->precision;
	state->count = view->count;
	state->min = view->min;
	state->max = view->max;
	state->nclasses = state->room = view->nclasses;
	if (view->nclasses == 0)
		return;

	state->images = MemoryContextAllocHuge(context,
										   sizeof(ValueImage) * view->nclasses);
	state->counts = MemoryContextAllocHuge(context,
										   sizeof(int64) * view->nclasses);
	memcpy(state->images, view->images, sizeof(ValueImage) * view->nclasses);
	for (int i = 0; i < view->nclasses; i++)
		state->counts[i] = digest_class_count(view, i);
}

/* Merge the tail of a flat transition state into the state loaded from it. */
static void
load_tail(DigestState *state, const FlatDigest *flat)
{
	Size		start = FLAT_HEADER_SIZE + digest_body_size(flat->nclasses,
															flat->count_width);
	Size		size = flat->u.tail_end - start;

	/* A copy, for it will be sorted, and flat may not be ours to change. */
	state->tail = palloc(size);
	memcpy(state->tail, (const char *) flat + start, size);
	state->ntail = state->tail_room = size / sizeof(ValueImage);
	state->count += state->ntail;
	digest_state_flush(state);
	pfree(state->tail);
	state->tail = NULL;
	state->tail_room = 0;
}

/*
 * Load a copy of a digest of any form into a state whose arrays live in
 * context. The state comes out flushed.
 */
void
digest_state_load(DigestState *state, MemoryContext context, Datum digest)
{
	ExpandedDigest *expanded = get_expanded(digest);
	DigestView	view;

	if (expanded)
	{
		digest_state_view(&expanded->state, &view);
		load_view(state, context, &view);
	}
	else
	{
		FlatDigest *flat = (FlatDigest *) PG_DETOAST_DATUM(digest);

		view_flat(flat, &view);
		load_view(state, context, &view);
		if (flat->flags & DIGEST_BUILDING)
			load_tail(state, flat);
	}
}

/* Load a copy of a digest of any form as an expanded object, a child of parent. */
ExpandedDigest *
digest_expand(Datum digest, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "value_digest",
												  ALLOCSET_SMALL_SIZES);
	ExpandedDigest *expanded = MemoryContextAlloc(context,
												  sizeof(ExpandedDigest));

	EOH_init_header(&expanded->header, &expanded_digest_methods, context);
	digest_state_load(&expanded->state, context, digest);
	return expanded;
}

/* Open a digest of any form for reading. */
void
digest_open(Datum digest, DigestView *view)
{
	ExpandedDigest *expanded = get_expanded(digest);
	FlatDigest *flat;

	if (expanded)
	{
		digest_state_open(&expanded->state, view);
		return;
	}

	flat = (FlatDigest *) PG_DETOAST_DATUM(digest);
	if (flat->flags & DIGEST_BUILDING)
	{
		DigestState state;

		digest_state_load(&state, CurrentMemoryContext, PointerGetDatum(flat));
		digest_state_open(&state, view);
	}
	else
		view_flat(flat, view);
}

/*
 * Open only the header of a digest, all of a DigestView but the classes: a
 * stored digest is not read whole for it.
 */
void
digest_open_header(Datum digest, DigestView *view)
{
	FlatDigest *flat;

	if (get_expanded(digest))
	{
		digest_open(digest, view);
		return;
	}

	flat = (FlatDigest *) PG_DETOAST_DATUM_SLICE(digest, 0,
												 FLAT_HEADER_SIZE - VARHDRSZ);
	if (flat->flags & DIGEST_BUILDING)
		digest_open(digest, view);
	else
		view_header(flat, view);
}

/* Get a digest of any form as a canonical flat datum. */
FlatDigest *
digest_get_flat(Datum digest)
{
	DigestView	view;

	if (!get_expanded(digest))
	{
		FlatDigest *flat = (FlatDigest *) PG_DETOAST_DATUM(digest);

		if (!(flat->flags & DIGEST_BUILDING))
			return flat;
	}
	digest_open(digest, &view);
	return digest_flatten(&view);
}

/* Open an argument for reading. */
void
digest_open_arg(FunctionCallInfo fcinfo, int argno, DigestView *view)
{
	digest_open(PG_GETARG_DATUM(argno), view);
}

/* A digest that is open, as a value_digest of its own. */
Datum
digest_datum(const DigestView *view)
{
	return PointerGetDatum(digest_flatten(view));
}
