/*-------------------------------------------------------------------------
 *
 * digest.h
 *		A value_digest: how a measure is distributed. Exact up to its
 *		capacity.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_DIGEST_H
#define CUSTOMER_TIER_DIGEST_H

#include "fmgr.h"

#include "digest/digest_view.h"

#define DIGEST_MIN_CAPACITY		4096
#define DIGEST_MAX_CAPACITY		(1 << 24)
#define DIGEST_DEFAULT_CAPACITY	4194304

/* Open argument argno (flat, short, toasted or expanded) for reading. */
extern void digest_open_arg(FunctionCallInfo fcinfo, int argno, DigestView *view);
extern void digest_open(Datum digest, DigestView *view);

/*
 * The double that stands for a value in a digest; an error for what no
 * digest holds: NaN, infinities, numerics out of the range of doubles. The
 * error names the function.
 */
extern double digest_check_float8(double value, const char *function);
extern double digest_decode_numeric(Datum numeric, bool *is_wide,
									const char *function);
extern double digest_decode_int64(int64 value, bool *is_wide,
								  const char *function);

/* An error unless in DIGEST_MIN_CAPACITY .. DIGEST_MAX_CAPACITY. */
extern void digest_check_capacity(int capacity);

/*
 * Build a digest in memory, outside an aggregate: what the window functions
 * do with a partition. The builder and all it needs live in one memory
 * context, a child of parent.
 */
typedef struct DigestBuilder DigestBuilder;

extern DigestBuilder *digest_builder_create(MemoryContext parent, int capacity);
extern void digest_builder_add(DigestBuilder *builder, double value, bool is_wide);
extern void digest_builder_absorb(DigestBuilder *builder, const DigestView *view);
extern void digest_builder_open(DigestBuilder *builder, DigestView *view);
extern void digest_builder_destroy(DigestBuilder *builder);

/* The share of value that the top 1/points, 2/points, ... bring. */
extern double *digest_pareto_shares(const DigestView *view, int points);

/* A digest that is open, as a value_digest of its own. */
extern Datum digest_datum(const DigestView *view);

#endif							/* CUSTOMER_TIER_DIGEST_H */
