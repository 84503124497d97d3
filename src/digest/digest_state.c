/*-------------------------------------------------------------------------
 *
 * digest_state.c
 *		The canonical core of value_digest: take values in, sort, merge,
 *		truncate.
 *
 * What a digest is depends on the values put in and on the smallest capacity
 * met on the way, and on nothing else: not on their order, nor on how they
 * were split and merged again. That holds because the precision is a function
 * of the set of images alone (the largest that leaves at most capacity
 * classes), can only fall as images are added, and because truncating twice
 * is truncating once.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "digest/digest_state.h"

/* The tail has room for this many images at least, else for half the body. */
#define TAIL_MIN_ROOM		2048

/* Up to this many images, insertion beats counting bytes. */
#define INSERTION_SORT_LIMIT	48

/* Repeated images are looked for in a table of 2^FOLD_BITS places. */
#define FOLD_BITS			10

/* Images to be merged into a body, ascending, perhaps repeated. */
typedef struct ImageRun
{
	const ValueImage *images;
	const void *counts;			/* as wide as count_width says */
	int			count_width;	/* as in DigestView */
	int			length;
} ImageRun;

struct DigestBuilder
{
	DigestState state;
};

/* Show the body of a state as a digest; the sum is left out. */
static void
show_body(const DigestState *state, DigestView *view)
{
	view->nclasses = state->nclasses;
	view->images = state->images;
	view->counts = state->counts;
	view->count_width = sizeof(int64);
	view->precision = state->precision;
	view->capacity = state->capacity;
	view->is_wide = state->is_wide;
	view->places = state->places;
	view->count = state->count;
	view->min = state->min;
	view->max = state->max;
	view->sum = 0;
}

#ifdef USE_ASSERT_CHECKING
/* Check the body as a digest, and that the tail's values are counted too. */
void
AssertCheckDigestState(const DigestState *state)
{
	DigestView	body;
	int64		tail_count = 0;

	Assert(state->nclasses <= state->capacity);
	Assert(state->nclasses <= state->room);
	Assert(state->ntail <= state->tail_room);
	for (int i = 0; i < state->ntail; i++)
		tail_count += state->tail_counts ? state->tail_counts[i] : 1;

	show_body(state, &body);
	body.count = state->count - tail_count;
	AssertCheckDigestView(&body);
}
#endif

/* Check a capacity given by a user. */
void
digest_check_capacity(int capacity)
{
	if (capacity < DIGEST_MIN_CAPACITY || capacity > DIGEST_MAX_CAPACITY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value_digest capacity %d is out of range", capacity),
				 errhint("A capacity is a number of distinct values from %d to %d.",
						 DIGEST_MIN_CAPACITY, DIGEST_MAX_CAPACITY)));
}

/* Make an empty state whose arrays will live in context. */
void
digest_state_init(DigestState *state, MemoryContext context, int capacity)
{
	memset(state, 0, sizeof(*state));
	state->context = context;
	state->capacity = capacity;
	state->precision = DIGEST_FULL_PRECISION;
}

/* Read the i-th of an array of counts. */
static inline int64
count_at(const void *counts, int count_width, int i)
{
	if (count_width == 0)
		return 1;
	if (count_width == sizeof(uint32))
		return ((const uint32 *) counts)[i];
	return ((const int64 *) counts)[i];
}

/* Check the number of values, before the counts are added up. */
static void
check_count(int64 count, int64 more)
{
	if (count > DIGEST_MAX_COUNT - more)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many values for a value_digest")));
}

/* Widen the range of values. */
static void
extend_range(DigestState *state, double min, double max)
{
	if (state->nclasses == 0 || min < state->min)
		state->min = min;
	if (state->nclasses == 0 || max > state->max)
		state->max = max;
}

/* Make sure that the body's arrays hold n classes. */
static void
reserve_body(DigestState *state, int n)
{
	if (n <= state->room)
		return;
	if (state->images == NULL)
	{
		state->images = MemoryContextAllocHuge(state->context,
											   sizeof(ValueImage) * n);
		state->counts = MemoryContextAllocHuge(state->context,
											   sizeof(int64) * n);
	}
	else
	{
		state->images = repalloc_huge(state->images, sizeof(ValueImage) * n);
		state->counts = repalloc_huge(state->counts, sizeof(int64) * n);
	}
	state->room = n;
}

/* How many classes a run makes when only the mask's bits are looked at. */
static int
count_distinct(const ImageRun *run, ValueImage mask)
{
	int			distinct = 1;

	for (int i = 1; i < run->length; i++)
		distinct += ((run->images[i] ^ run->images[i - 1]) & mask) != 0;
	return distinct;
}

/*
 * Merge a run into the body.
 *
 * From the top down, so that the body's classes move at most once and to
 * free room. Each image found in both leaves a gap of one class below, closed
 * at the end.
 */
static void
merge_run(DigestState *state, const ImageRun *run)
{
	const ValueImage mask = precision_mask(state->precision);
	ValueImage *images;
	int64	   *counts;
	int			end = state->nclasses + count_distinct(run, mask);
	int			old = state->nclasses - 1;
	int			from = run->length - 1;
	int			to = end - 1;

	reserve_body(state, end);
	images = state->images;
	counts = state->counts;

	while (from >= 0)
	{
		ValueImage	image = run->images[from] & mask;
		int64		count = 0;

		do
			count += count_at(run->counts, run->count_width, from--);
		while (from >= 0 && (run->images[from] & mask) == image);

		while (old >= 0 && images[old] > image)
		{
			images[to] = images[old];
			counts[to--] = counts[old--];
		}
		if (old >= 0 && images[old] == image)
			count += counts[old--];
		images[to] = image;
		counts[to--] = count;
	}

	if (to > old)
	{
		memmove(images + old + 1, images + to + 1,
				sizeof(ValueImage) * (end - 1 - to));
		memmove(counts + old + 1, counts + to + 1,
				sizeof(int64) * (end - 1 - to));
	}
	state->nclasses = end - (to - old);
}

/* Truncate the body to a precision. */
void
digest_state_coarsen(DigestState *state, int precision)
{
	const ValueImage mask = precision_mask(precision);
	int			last = -1;

	if (precision >= state->precision)
		return;

	/* now, for later nobody will know */
	if (state->precision == DIGEST_FULL_PRECISION)
		state->places = digest_extend_places(0, state->images,
											 state->nclasses);
	for (int i = 0; i < state->nclasses; i++)
	{
		ValueImage	image = state->images[i] & mask;

		if (last >= 0 && state->images[last] == image)
			state->counts[last] += state->counts[i];
		else
		{
			state->images[++last] = image;
			state->counts[last] = state->counts[i];
		}
	}
	state->nclasses = last + 1;
	state->precision = precision;
}

/*
 * Truncate the body if it has more classes than its capacity, as little as
 * will do. Two neighbours stay distinct at each precision that keeps their
 * leading differing bit; so one pass tells the number of classes that each
 * precision would leave. Sign and exponent bits always stay: they make fewer
 * classes than the smallest capacity.
 */
void
digest_state_fit_capacity(DigestState *state)
{
	int			differing[64] = {0};	/* neighbours, by leading bit */
	int			nclasses = 1;
	int			bit;

	if (state->nclasses <= state->capacity)
		return;

	for (int i = 1; i < state->nclasses; i++)
		differing[pg_leftmost_one_pos64(state->images[i] ^
										state->images[i - 1])]++;

	for (bit = 63; bit >= DIGEST_FULL_PRECISION; bit--)
		nclasses += differing[bit];
	Assert(nclasses <= state->capacity);
	for (; nclasses + differing[bit] <= state->capacity; bit--)
		nclasses += differing[bit];

	/* Bit DIGEST_FULL_PRECISION - p is the lowest that precision p keeps. */
	digest_state_coarsen(state, DIGEST_FULL_PRECISION - (bit + 1));
}

/* Sort a few images, and their counts if there are any. */
static void
insertion_sort(ValueImage *images, int64 *counts, int n)
{
	for (int i = 1; i < n; i++)
	{
		ValueImage	image = images[i];
		int64		count = counts ? counts[i] : 1;
		int			j = i;

		for (; j > 0 && images[j - 1] > image; j--)
		{
			images[j] = images[j - 1];
			if (counts)
				counts[j] = counts[j - 1];
		}
		images[j] = image;
		if (counts)
			counts[j] = count;
	}
}

/*
 * Sort images, and their counts if there are any, byte by byte from the
 * lowest, leaving out the bytes in which all agree. The result is in images
 * or in the spare arrays; returns whether it is in the spare ones. Between two
 * passes both hold all of them: a cancelled statement loses nothing.
 */
static bool
radix_sort(ValueImage *images, int64 *counts, int n,
		   ValueImage *spare_images, int64 *spare_counts)
{
	uint32		histogram[sizeof(ValueImage)][256];
	ValueImage *image_arrays[2];
	int64	   *count_arrays[2];
	int			from = 0;

	image_arrays[0] = images;
	image_arrays[1] = spare_images;
	count_arrays[0] = counts;
	count_arrays[1] = spare_counts;

	memset(histogram, 0, sizeof(histogram));
	for (int i = 0; i < n; i++)
	{
		for (int byte = 0; byte < (int) sizeof(ValueImage); byte++)
			histogram[byte][(images[i] >> (8 * byte)) & 0xFF]++;
	}

	for (int byte = 0; byte < (int) sizeof(ValueImage); byte++)
	{
		uint32	   *start = histogram[byte];
		const ValueImage *old_images = image_arrays[from];
		const int64 *old_counts = count_arrays[from];
		ValueImage *new_images = image_arrays[1 - from];
		int64	   *new_counts = count_arrays[1 - from];
		uint32		sum = 0;

		if (start[(images[0] >> (8 * byte)) & 0xFF] == (uint32) n)
			continue;
		CHECK_FOR_INTERRUPTS();
		for (int value = 0; value < 256; value++)
		{
			uint32		number = start[value];

			start[value] = sum;
			sum += number;
		}
		for (int i = 0; i < n; i++)
		{
			uint32		to = start[(old_images[i] >> (8 * byte)) & 0xFF]++;

			new_images[to] = old_images[i];
			if (counts)
				new_counts[to] = old_counts[i];
		}
		from = 1 - from;
	}
	return from == 1;
}

/* Note the tail's smallest and largest value, before it is truncated. */
static void
extend_range_by_tail(DigestState *state)
{
	ValueImage	min = state->tail[0];
	ValueImage	max = state->tail[0];

	for (int i = 1; i < state->ntail; i++)
	{
		min = Min(min, state->tail[i]);
		max = Max(max, state->tail[i]);
	}
	extend_range(state, image_value(min), image_value(max));
}

/*
 * Clear what the precision does not keep: bytes that need no sorting then. The
 * places of the values are noted before.
 */
static void
mask_tail(DigestState *state)
{
	const ValueImage mask = precision_mask(state->precision);

	if (state->precision == DIGEST_FULL_PRECISION)
		return;
	state->places = digest_extend_places(state->places, state->tail,
										 state->ntail);
	for (int i = 0; i < state->ntail; i++)
		state->tail[i] &= mask;
}

/* Give the tail counts, if it has none yet. */
static void
make_tail_counts(DigestState *state)
{
	if (state->tail_counts)
		return;
	state->tail_counts = MemoryContextAllocHuge(state->context,
												sizeof(int64) * state->tail_room);
	for (int i = 0; i < state->ntail; i++)
		state->tail_counts[i] = 1;
}

/* An empty tail needs none. */
static void
drop_tail_counts(DigestState *state)
{
	if (state->tail_counts)
		pfree(state->tail_counts);
	state->tail_counts = NULL;
}

/* Where in the table of fold_tail an image is looked for. */
static inline int
fold_slot(ValueImage image)
{
	return (image * UINT64CONST(0x9E3779B97F4A7C15)) >> (64 - FOLD_BITS);
}

/*
 * Count the tail's repeated images once, as far as a small table sees them: it
 * knows where the last image went that came for each slot.
 */
static void
fold_tail(DigestState *state)
{
	int32		places[1 << FOLD_BITS] = {0};
	ValueImage *images = state->tail;
	int64	   *counts;
	int			n = 0;

	make_tail_counts(state);
	counts = state->tail_counts;
	for (int i = 0; i < state->ntail; i++)
	{
		ValueImage	image = images[i];
		int64		count = counts[i];
		int32	   *place = &places[fold_slot(image)];

		if (*place < n && images[*place] == image)
			counts[*place] += count;
		else
		{
			*place = n;
			images[n] = image;
			counts[n++] = count;
		}
	}
	state->ntail = n;
}

/* Bring the tail into the body, which is then canonical. */
void
digest_state_flush(DigestState *state)
{
	ImageRun	run;
	ValueImage *spare_images = NULL;
	int64	   *spare_counts = NULL;

	if (state->ntail == 0)
		return;

	check_count(state->count, 0);
	extend_range_by_tail(state);
	mask_tail(state);

	/* Where the body has few classes, so has the tail. */
	if (state->ntail > INSERTION_SORT_LIMIT &&
		state->nclasses < state->ntail / 2)
		fold_tail(state);
	run.images = state->tail;
	run.counts = state->tail_counts;
	run.count_width = state->tail_counts ? sizeof(int64) : 0;
	run.length = state->ntail;

	if (state->ntail <= INSERTION_SORT_LIMIT)
		insertion_sort(state->tail, state->tail_counts, state->ntail);
	else
	{
		/*
		 * The spare arrays are wanted for a moment only. Not in the current
		 * context: it may be a sort's, which flattens what it is given, and
		 * cannot free since PostgreSQL 17.
		 */
		spare_images = MemoryContextAllocHuge(state->context,
											  sizeof(ValueImage) * state->ntail);
		if (state->tail_counts)
			spare_counts = MemoryContextAllocHuge(state->context,
												  sizeof(int64) * state->ntail);
		if (radix_sort(state->tail, state->tail_counts, state->ntail,
					   spare_images, spare_counts))
		{
			run.images = spare_images;
			run.counts = spare_counts;
		}
	}

	merge_run(state, &run);
	state->ntail = 0;
	drop_tail_counts(state);
	digest_state_fit_capacity(state);

	if (spare_images)
		pfree(spare_images);
	if (spare_counts)
		pfree(spare_counts);
	AssertCheckDigestState(state);
}

/*
 * Make room in the tail: flush it, and let it grow in proportion to the body,
 * so that each value causes a bounded number of classes to move.
 */
void
digest_state_grow_tail(DigestState *state)
{
	int			room;

	digest_state_flush(state);
	room = Max(TAIL_MIN_ROOM, state->nclasses / 2);
	if (room <= state->tail_room)
		return;

	/* It is empty: nothing to keep. */
	if (state->tail)
		pfree(state->tail);
	state->tail = MemoryContextAllocHuge(state->context,
										 sizeof(ValueImage) * room);
	state->tail_room = room;
}

/* Append exact classes to the tail, which has room for them. */
static void
append_classes(DigestState *state, const DigestView *view)
{
	if (view->count_width != 0)
		make_tail_counts(state);
	memcpy(state->tail + state->ntail, view->images,
		   sizeof(ValueImage) * view->nclasses);
	if (state->tail_counts)
	{
		for (int i = 0; i < view->nclasses; i++)
			state->tail_counts[state->ntail + i] = digest_class_count(view, i);
	}
	state->ntail += view->nclasses;
}

/* Take in the places of a digest that is to be truncated, or is so. */
static void
absorb_places(DigestState *state, const DigestView *view)
{
	if (state->precision == DIGEST_FULL_PRECISION)
		return;
	if (view->precision == DIGEST_FULL_PRECISION)
		state->places = digest_extend_places(state->places, view->images,
											 view->nclasses);
	else if (state->places == NO_PLACES || view->places == NO_PLACES)
		state->places = NO_PLACES;
	else
		state->places = Max(state->places, view->places);
}

/*
 * Take in a whole digest. One that is small beside the body goes through the
 * tail, so that merging many of them does not move the body each time.
 */
void
digest_state_absorb(DigestState *state, const DigestView *view)
{
	bool		by_tail;

	check_count(state->count, view->count);
	state->is_wide |= view->is_wide;
	state->capacity = Min(state->capacity, view->capacity);
	digest_state_coarsen(state, view->precision);

	by_tail = view->precision == DIGEST_FULL_PRECISION &&
		state->nclasses > TAIL_MIN_ROOM &&
		view->nclasses <= state->nclasses / 2;
	if (by_tail && view->nclasses > state->tail_room - state->ntail)
	{
		/* That may truncate the body, to which the tail's room goes by. */
		digest_state_grow_tail(state);
		by_tail = view->nclasses <= state->tail_room;
	}
	if (by_tail)
		append_classes(state, view);
	else
	{
		ImageRun	run = {view->images, view->counts, view->count_width,
		view->nclasses};

		extend_range(state, view->min, view->max);
		absorb_places(state, view);
		merge_run(state, &run);
	}
	state->count += view->count;
	digest_state_fit_capacity(state);

	/* not where that would move the body each time after all */
	if (!by_tail)
		AssertCheckDigestState(state);
}

/* Show a state as the digest it stands for, all but the sum. */
void
digest_state_view(DigestState *state, DigestView *view)
{
	digest_state_flush(state);
	show_body(state, view);
}

/* Open a state for reading. */
void
digest_state_open(DigestState *state, DigestView *view)
{
	digest_state_view(state, view);
	view->sum = digest_compute_sum(view);
}

/* Begin to build a digest outside an aggregate. */
DigestBuilder *
digest_builder_create(MemoryContext parent, int capacity)
{
	MemoryContext context = AllocSetContextCreate(parent, "value_digest builder",
												  ALLOCSET_SMALL_SIZES);
	DigestBuilder *builder = MemoryContextAlloc(context, sizeof(DigestBuilder));

	digest_state_init(&builder->state, context, capacity);
	return builder;
}

/* Add a value, which must be finite. */
void
digest_builder_add(DigestBuilder *builder, double value, bool is_wide)
{
	digest_state_push(&builder->state, value_image(value));
	builder->state.is_wide |= is_wide;
}

/* Add all that a digest has. */
void
digest_builder_absorb(DigestBuilder *builder, const DigestView *view)
{
	digest_state_absorb(&builder->state, view);
}

/* Open what was built so far for reading; more values make the view stale. */
void
digest_builder_open(DigestBuilder *builder, DigestView *view)
{
	digest_state_open(&builder->state, view);
}

/* Free the builder with all it holds. */
void
digest_builder_destroy(DigestBuilder *builder)
{
	MemoryContextDelete(builder->state.context);
}
