/*-------------------------------------------------------------------------
 *
 * buyer_runs.c
 *		Customers of rfm_summary, packed in the order of their monetary value.
 *
 * Recency and frequency have few different values, so a customer keeps a code
 * for each. A run has many customers sorted by monetary value, which need not
 * be repeated, and the codes as ranks, mostly two bytes each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "rfm/buyer_runs.h"

#define FIRST_DICTIONARY_SLOTS	1024

/*
 * Codes
 */

/* Begin a dictionary. */
Dictionary *
dictionary_create(MemoryContext context)
{
	Dictionary *result = MemoryContextAllocZero(context, sizeof(Dictionary));

	result->room = FIRST_DICTIONARY_SLOTS / 2;
	result->values = MemoryContextAlloc(context,
										result->room * sizeof(ValueImage));
	result->slot_mask = FIRST_DICTIONARY_SLOTS - 1;
	result->slots = MemoryContextAllocZero(context,
										   FIRST_DICTIONARY_SLOTS * sizeof(uint32));
	return result;
}

/* Forget all values; the memory stays. */
void
dictionary_empty(Dictionary *dictionary)
{
	dictionary->nvalues = 0;
	memset(dictionary->small, 0, sizeof(dictionary->small));
	memset(dictionary->slots, 0,
		   ((Size) dictionary->slot_mask + 1) * sizeof(uint32));
}

/* The slot of an image, or the free one where it would be. */
static uint32
dictionary_slot(const Dictionary *dictionary, ValueImage image)
{
	uint32		i = (uint32) ((image * UINT64CONST(0x9E3779B97F4A7C15)) >> 32) &
		dictionary->slot_mask;

	while (dictionary->slots[i] != 0 &&
		   dictionary->values[dictionary->slots[i] - 1] != image)
		i = (i + 1) & dictionary->slot_mask;
	return i;
}

/* Make room for twice as many values. */
static void
grow_dictionary(Dictionary *dictionary)
{
	MemoryContext context = GetMemoryChunkContext(dictionary);
	Size		nslots = ((Size) dictionary->slot_mask + 1) * 2;

	dictionary->room *= 2;
	dictionary->values = repalloc_huge(dictionary->values,
									   dictionary->room * sizeof(ValueImage));
	pfree(dictionary->slots);
	dictionary->slots = MemoryContextAllocHuge(context, nslots * sizeof(uint32));
	memset(dictionary->slots, 0, nslots * sizeof(uint32));
	dictionary->slot_mask = nslots - 1;
	for (uint32 i = 0; i < dictionary->nvalues; i++)
		dictionary->slots[dictionary_slot(dictionary, dictionary->values[i])] = i + 1;
}

/* The code of an image, a new one if need be. */
uint32
dictionary_find(Dictionary *dictionary, ValueImage image)
{
	uint32		i = dictionary_slot(dictionary, image);

	if (dictionary->slots[i] == 0)
	{
		if (dictionary->nvalues == dictionary->room)
		{
			grow_dictionary(dictionary);
			i = dictionary_slot(dictionary, image);
		}
		dictionary->values[dictionary->nvalues++] = image;
		dictionary->slots[i] = dictionary->nvalues;
	}
	return dictionary->slots[i];
}

/*
 * Runs
 */

/* Customers are sorted by so many bits of their monetary images at a time. */
#define RADIX_BITS		11
#define NUM_RADIXES		(1 << RADIX_BITS)
#define NUM_PASSES		6		/* of 66 bits: an image has 64 */

static inline uint32
radix(ValueImage image, int pass)
{
	return (image >> (pass * RADIX_BITS)) & (NUM_RADIXES - 1);
}

/*
 * Sort by monetary value, by radixes from the lowest. The result is one of
 * the two arrays.
 */
Buyer *
buyers_sort(Buyer *items, Buyer *other, uint32 nitems)
{
	uint32		(*counts)[NUM_RADIXES] = palloc0(NUM_PASSES * sizeof(*counts));

	for (uint32 i = 0; i < nitems; i++)
	{
		for (int pass = 0; pass < NUM_PASSES; pass++)
			counts[pass][radix(items[i].monetary, pass)]++;
	}
	for (int pass = 0; pass < NUM_PASSES; pass++)
	{
		uint32	   *places = counts[pass];
		uint32		place = 0;
		Buyer	   *sorted = other;

		CHECK_FOR_INTERRUPTS();
		if (nitems == 0 || places[radix(items[0].monetary, pass)] == nitems)
			continue;
		for (int i = 0; i < NUM_RADIXES; i++)
		{
			uint32		count = places[i];

			places[i] = place;
			place += count;
		}
		for (uint32 i = 0; i < nitems; i++)
			sorted[places[radix(items[i].monetary, pass)]++] = items[i];
		other = items;
		items = sorted;
	}
	pfree(counts);
	return items;
}

static int
compare_images(const void *a, const void *b, void *values)
{
	ValueImage	image_a = ((const ValueImage *) values)[*(const uint32 *) a - 1];
	ValueImage	image_b = ((const ValueImage *) values)[*(const uint32 *) b - 1];

	return image_a < image_b ? -1 : image_a > image_b;
}

/*
 * The ranks of a dictionary's codes, when their values are sorted, from 1; and
 * those values.
 */
static uint32 *
rank_codes(const Dictionary *dictionary, ValueImage *sorted)
{
	uint32		nvalues = dictionary->nvalues;
	uint32	   *codes = palloc(Max(nvalues, 1) * sizeof(uint32));
	uint32	   *ranks = palloc((Size) (nvalues + 1) * sizeof(uint32));

	for (uint32 i = 0; i < nvalues; i++)
		codes[i] = i + 1;
	qsort_arg(codes, nvalues, sizeof(uint32), compare_images,
			  dictionary->values);
	ranks[0] = 0;
	for (uint32 i = 0; i < nvalues; i++)
	{
		ranks[codes[i]] = i + 1;
		sorted[i] = dictionary->values[codes[i] - 1];
	}
	pfree(codes);
	return ranks;
}

/* Where the parts of a run lie: images, counts, and codes of each measure. */
Size
run_lay_out(const RunHeader *header, Run *run)
{
	const char *base = (const char *) header;
	Size		offset = MAXALIGN(sizeof(RunHeader));

	run->nitems = header->nitems;
	run->has_wide_codes = header->has_wide_codes;
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		run->classes[i].nclasses = header->nclasses[i];
		run->classes[i].nnulls = header->nnulls[i];
		run->classes[i].images = (const ValueImage *) (base + offset);
		offset += (Size) header->nclasses[i] * sizeof(ValueImage);
	}
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		run->classes[i].counts = (const uint32 *) (base + offset);
		offset += (Size) header->nclasses[i] * sizeof(uint32);
	}
	for (int i = 0; i < NUM_CODED; i++)
	{
		run->codes[i] = base + offset;
		offset += header->nitems * (run->has_wide_codes ? sizeof(uint32) : sizeof(uint16));
	}
	return MAXALIGN(offset);
}

/* The number of different monetary values of sorted customers. */
static uint32
count_classes(const Buyer *items, uint32 nitems)
{
	uint32		result = 0;

	for (uint32 i = 0; i < nitems; i++)
		result += items[i].monetary != NO_IMAGE &&
			(i == 0 || items[i].monetary != items[i - 1].monetary);
	return result;
}

/* Write down the monetary values of sorted customers, and how many have each. */
static void
write_monetary(const Buyer *items, uint32 nitems, ValueImage *images,
			   uint32 *counts, uint32 *nnulls)
{
	int64		last = -1;

	for (uint32 i = 0; i < nitems; i++)
	{
		if (items[i].monetary == NO_IMAGE)
		{
			(*nnulls)++;
			continue;
		}
		if (last < 0 || images[last] != items[i].monetary)
		{
			images[++last] = items[i].monetary;
			counts[last] = 0;
		}
		counts[last]++;
	}
}

/* Write down the codes of a measure as ranks, and how many have each. */
static void
write_codes(const Buyer *items, uint32 nitems, int measure,
			const uint32 *ranks, bool is_wide, void *codes, uint32 *counts,
			uint32 *nnulls)
{
	for (uint32 i = 0; i < nitems; i++)
	{
		uint32		rank = ranks[items[i].codes[measure]];

		if (is_wide)
			((uint32 *) codes)[i] = rank;
		else
			((uint16 *) codes)[i] = rank;
		if (rank == 0)
			(*nnulls)++;
		else
			counts[rank - 1]++;
	}
}

/* Make a run of sorted customers, in a memory context. */
RunHeader *
run_make(MemoryContext context, Dictionary **dictionaries, const Buyer *items,
		 uint32 nitems)
{
	RunHeader	sizes = {0};
	RunHeader  *header;
	Run			run;

	sizes.nitems = nitems;
	sizes.nclasses[MONETARY] = count_classes(items, nitems);
	for (int i = 0; i < NUM_CODED; i++)
	{
		sizes.nclasses[i] = dictionaries[i]->nvalues;
		sizes.has_wide_codes |= sizes.nclasses[i] > PG_UINT16_MAX;
	}
	sizes.size = run_lay_out(&sizes, &run);

	header = MemoryContextAllocHuge(context, sizes.size);
	memset(header, 0, sizes.size);
	*header = sizes;
	run_lay_out(header, &run);
	write_monetary(items, nitems, (ValueImage *) run.classes[MONETARY].images,
				   (uint32 *) run.classes[MONETARY].counts,
				   &header->nnulls[MONETARY]);
	for (int i = 0; i < NUM_CODED; i++)
	{
		uint32	   *ranks = rank_codes(dictionaries[i],
									   (ValueImage *) run.classes[i].images);

		write_codes(items, nitems, i, ranks, run.has_wide_codes,
					(void *) run.codes[i], (uint32 *) run.classes[i].counts,
					&header->nnulls[i]);
		pfree(ranks);
	}
	return header;
}
