/*-------------------------------------------------------------------------
 *
 * buyer_runs.h
 *		Customers of rfm_summary, packed in the order of their monetary value.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_BUYER_RUNS_H
#define CUSTOMER_TIER_BUYER_RUNS_H

#include "digest/digest_view.h"
#include "rfm/rfm.h"

/* The measures that have codes. Monetary value comes behind them. */
#define NUM_CODED		MONETARY

/* A customer. */
typedef struct Buyer
{
	ValueImage	monetary;		/* NO_IMAGE: NULL */
	uint32		codes[NUM_CODED];	/* 0: NULL */
} Buyer;

/* No finite double has this image, and it sorts before all of them. */
#define NO_IMAGE		UINT64CONST(0)

/* Codes of these integers need no hashing. */
#define SMALL_INTEGERS	4096

/* The codes of a measure's values, in the order of their appearance, from 1. */
typedef struct Dictionary
{
	uint32		nvalues;
	uint32		room;
	ValueImage *values;			/* of code 1, 2, ... */
	uint32		slot_mask;
	uint32	   *slots;			/* codes by the hash of their values */
	uint32		small[SMALL_INTEGERS];
} Dictionary;

/*
 * Values of a measure in order, each with a number of customers. In a run
 * these are the classes of the monetary value, and of each coded measure.
 */
typedef struct Classes
{
	uint32		nclasses;
	uint32		nnulls;			/* customers without a value */
	const ValueImage *images;
	const uint32 *counts;
} Classes;

/*
 * Customers sorted by monetary value: that of each is told by the classes, and
 * its recency and frequency by the numbers of their classes, counted from 1.
 * All of it is one piece of memory, as long as the header says.
 */
typedef struct RunHeader
{
	uint64		size;
	uint32		nitems;
	uint32		nclasses[NUM_MEASURES];
	uint32		nnulls[NUM_MEASURES];
	uint32		has_wide_codes; /* 32 bits rather than 16 */
} RunHeader;

typedef struct Run
{
	uint32		nitems;
	Classes		classes[NUM_MEASURES];
	bool		has_wide_codes;
	const void *codes[NUM_CODED];
} Run;

extern Dictionary *dictionary_create(MemoryContext context);
extern void dictionary_empty(Dictionary *dictionary);
extern uint32 dictionary_find(Dictionary *dictionary, ValueImage image);

/* The code of a value, a new one if need be. */
static inline uint32
dictionary_code(Dictionary *dictionary, double value)
{
	int			small;

	if (!(value >= 0 && value < SMALL_INTEGERS) || value != (int) value)
		return dictionary_find(dictionary, value_image(value));
	small = (int) value;
	if (unlikely(dictionary->small[small] == 0))
		dictionary->small[small] = dictionary_find(dictionary, value_image(value));
	return dictionary->small[small];
}

/*
 * Sort customers by monetary value; the result is one of the two arrays. Then
 * make a run of them, in a memory context.
 */
extern Buyer *buyers_sort(Buyer *items, Buyer *other, uint32 nitems);
extern RunHeader *run_make(MemoryContext context, Dictionary **dictionaries,
						   const Buyer *items, uint32 nitems);

/* Find one's way in a run: where its parts lie. Returns its size. */
extern Size run_lay_out(const RunHeader *header, Run *run);

/* The code of a customer in a run, which is the rank of its value from 1. */
static inline uint32
run_code(const Run *run, int measure, uint32 i)
{
	return run->has_wide_codes ? ((const uint32 *) run->codes[measure])[i] :
		((const uint16 *) run->codes[measure])[i];
}

#endif							/* CUSTOMER_TIER_BUYER_RUNS_H */
