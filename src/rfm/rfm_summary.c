/*-------------------------------------------------------------------------
 *
 * rfm_summary.c
 *		The report of RFM, in one reading: what each segment brings.
 *
 * To score customers one must have seen them all, and to find medians one
 * needs them in order. So each is kept, in sixteen bytes: the image of the
 * monetary value, and small codes for recency and frequency, which have few
 * different values. So many of them make a run: they are sorted by monetary
 * value, and written down without repeating it, in four bytes each and some
 * for each different value. Processes do that for themselves and send their
 * runs. What remains in the end is to score different values rather than
 * customers, and to walk through the runs in the order of each measure.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "base/aggregate.h"
#include "base/compat.h"
#include "digest/digest.h"
#include "grade/measured.h"
#include "number/exact_sum.h"
#include "number/numeric_ops.h"
#include "rfm/buyer_runs.h"
#include "rfm/rfm.h"
#include "rfm/rfm_measures.h"
#include "rfm/rfm_segments.h"

/* Customers are kept in blocks of so many, until they are made a run. */
#define BLOCK_ITEMS		(64 * 1024)
#define MAX_BLOCKS		64

/* What the values of a measure are read from. */
typedef struct MeasureType
{
	AmountType	amount;
	bool		is_interval;	/* recency may be one */
} MeasureType;

/* How many bins there are if no argument tells. */
#define DEFAULT_BINS	5
#define NO_BINS			PG_INT32_MIN

/* What is known of all values, and of the other arguments. */
typedef struct SummaryRules
{
	bool		is_wide[NUM_MEASURES];	/* as in a digest */
	bool		is_inexact;		/* some monetary value was a double */
	int16		display_scale;	/* the greatest of monetary values */
	int16		scale;			/* the same of their decimals, base 10000 */
	bool		has_nulls;		/* some other argument is NULL: so is the result */
	int32		bins;			/* NO_BINS: a scheme's, or as many as the map has */
	int32		scheme_size;	/* of a text; 0 if there is none */
	int32		map_size;
} SummaryRules;

/* The state of the aggregate. */
typedef struct Summary
{
	MemoryContext context;		/* all of it */
	MeasureType types[NUM_MEASURES];
	SummaryRules rules;
	char	   *scheme;			/* not ended by a NUL */
	char	   *map;

	Dictionary *dictionaries[NUM_CODED];
	int			nblocks;
	int			nitems;			/* in the last block */
	Buyer	   *blocks[MAX_BLOCKS];

	int			nruns;
	int			runs_room;
	RunHeader **runs;
	Size		runs_size;
} Summary;

/* So much memory runs may take where hashing may not take more. */
#define MIN_LIMIT		((Size) 1024 * 1024 * 1024)

/* What begins a message. */
typedef struct SummaryMessage
{
	SummaryRules rules;
	int32		nruns;
	const char *rest;			/* scheme, map, runs: where they lie */
} SummaryMessage;

/* A group of customers: those of a score or a segment. */
typedef struct SummaryGroup
{
	int64		customers;
	int64		nvalues[NUM_MEASURES];	/* that are not NULL */
	ExactSum	monetary;

	/* of the measure that is being walked through */
	int64		seen;
	int64		middle;			/* the value at this place, */
	int64		next_middle;	/* and at this, tell the median */
	double		sum;
	double		low;
	double		high;

	double		means[NUM_MEASURES];
	double		medians[NUM_MEASURES];
} SummaryGroup;

/* Products with a power of ten are off by less than a half up to here. */
#define MAX_SCALED		1125899906842624.0	/* 2^50 */

/* A group is numbered by a score, or by a segment plus one; 0: no score. */
#define MAX_GROUPS		1000
#define NO_GROUP		0

/* The columns of the result. */
enum
{
	SUMMARY_SEGMENT,
	SUMMARY_SCORE,
	SUMMARY_CUSTOMERS,
	SUMMARY_CUSTOMER_SHARE,
	SUMMARY_MONETARY,
	SUMMARY_MONETARY_SHARE,
	SUMMARY_MEANS,
	SUMMARY_MEDIANS = SUMMARY_MEANS + NUM_MEASURES,
	SUMMARY_COLUMNS = SUMMARY_MEDIANS + NUM_MEASURES
};

PG_FUNCTION_INFO_V1(rfm_summary_accum);
PG_FUNCTION_INFO_V1(rfm_summary_record_accum);
PG_FUNCTION_INFO_V1(rfm_summary_combine);
PG_FUNCTION_INFO_V1(rfm_summary_serialize);
PG_FUNCTION_INFO_V1(rfm_summary_deserialize);
PG_FUNCTION_INFO_V1(rfm_summary_final);

static const char *const measure_arguments[NUM_MEASURES] = {
	[RECENCY] = "recency",
	[FREQUENCY] = "frequency",
	[MONETARY] = "monetary"
};

/* Keep a run. */
static void
keep_run(Summary *summary, RunHeader *run)
{
	Size		limit = Max(get_hash_memory_limit(), MIN_LIMIT);

	summary->runs_size += run->size;
	if (summary->runs_size > limit)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many customers for rfm_summary"),
				 errdetail("They need more memory than work_mem times hash_mem_multiplier, and than 1 GB."),
				 errhint("Use rfm_fit, rfm_score and GROUP BY.")));
	if (summary->nruns == summary->runs_room)
	{
		summary->runs_room = Max(summary->runs_room * 2, 4);
		summary->runs = summary->runs == NULL ?
			MemoryContextAlloc(summary->context,
							   summary->runs_room * sizeof(RunHeader *)) :
			repalloc(summary->runs, summary->runs_room * sizeof(RunHeader *));
	}
	summary->runs[summary->nruns++] = run;
}

/* Make a run of the customers in blocks. Nothing that can be seen changes. */
static void
seal_run(Summary *summary)
{
	uint32		nitems;
	Buyer	   *items;
	Buyer	   *other;

	if (summary->nblocks == 0)
		return;
	nitems = (summary->nblocks - 1) * BLOCK_ITEMS + summary->nitems;
	items = MemoryContextAllocHuge(summary->context, nitems * sizeof(Buyer));
	other = MemoryContextAllocHuge(summary->context, nitems * sizeof(Buyer));
	for (int i = 0; i < summary->nblocks; i++)
	{
		uint32		begin = i * BLOCK_ITEMS;

		memcpy(items + begin, summary->blocks[i],
			   Min(nitems - begin, BLOCK_ITEMS) * sizeof(Buyer));
		pfree(summary->blocks[i]);
	}
	summary->nblocks = 0;
	keep_run(summary, run_make(summary->context, summary->dictionaries,
							   buyers_sort(items, other, nitems), nitems));
	pfree(items);
	pfree(other);
	for (int i = 0; i < NUM_CODED; i++)
		dictionary_empty(summary->dictionaries[i]);
}

/* The place of the next customer. */
static inline Buyer *
next_item(Summary *summary)
{
	if (unlikely(summary->nblocks == 0 || summary->nitems == BLOCK_ITEMS))
	{
		if (summary->nblocks == MAX_BLOCKS)
			seal_run(summary);
		summary->blocks[summary->nblocks++] =
			MemoryContextAlloc(summary->context, BLOCK_ITEMS * sizeof(Buyer));
		summary->nitems = 0;
	}
	return &summary->blocks[summary->nblocks - 1][summary->nitems++];
}

/*
 * The transition
 */

/* Begin an empty state. */
static Summary *
create_summary(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	Summary    *summary;

	context = AllocSetContextCreate(aggregate_context(fcinfo), "rfm_summary",
									ALLOCSET_DEFAULT_SIZES);
	summary = MemoryContextAllocZero(context, sizeof(Summary));
	summary->context = context;
	for (int i = 0; i < NUM_CODED; i++)
		summary->dictionaries[i] = dictionary_create(context);
	return summary;
}

/* What the type of a measure is. */
static MeasureType
get_measure_type(Oid type, RfmMeasure measure)
{
	MeasureType result = {{InvalidOid}};

	result.is_interval = measure == RECENCY && getBaseType(type) == INTERVALOID;
	if (!result.is_interval)
		result.amount = measures_amount_type(type, measure_arguments[measure]);
	return result;
}

/* Keep a copy of a text without its header. */
static char *
keep_text(Summary *summary, Datum datum, int32 *size)
{
	text	   *packed = DatumGetTextPP(datum);
	char	   *copy;

	*size = VARSIZE_ANY_EXHDR(packed);
	copy = MemoryContextAlloc(summary->context, Max(*size, 1));
	return memcpy(copy, VARDATA_ANY(packed), *size);
}

/* Is a type the extension's type of this name? The signatures allow no other. */
static bool
is_named_type(Oid type, const char *name)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(getBaseType(type)));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	result = strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), name) == 0;
	ReleaseSysCache(tuple);
	return result;
}

/* Read bins, scheme and map behind the measures: those of the first row count. */
static void
read_rules(FunctionCallInfo fcinfo, Summary *summary, int argno)
{
	SummaryRules *rules = &summary->rules;

	rules->bins = NO_BINS;
	for (; argno < PG_NARGS(); argno++)
	{
		Oid			type = get_fn_expr_argtype(fcinfo->flinfo, argno);

		if (PG_ARGISNULL(argno))
			rules->has_nulls = true;
		else if (getBaseType(type) == INT4OID)
			rules->bins = PG_GETARG_INT32(argno);
		else if (is_named_type(type, "rfm_scheme"))
		{
			summary->scheme = keep_text(summary, PG_GETARG_DATUM(argno),
										&rules->scheme_size);
		}
		else
			summary->map = keep_text(summary, PG_GETARG_DATUM(argno),
									 &rules->map_size);
	}
}

/* The double of a numeric monetary value: notes its scale, too. */
static inline double
read_numeric(SummaryRules *rules, RfmMeasure measure, Datum datum)
{
	bool		is_wide;
	ScaledAmount scaled;
	double		value = digest_decode_numeric(datum, &is_wide, "rfm_summary");

	rules->is_wide[measure] |= is_wide;
	if (measure == MONETARY)
	{
		if (!is_wide &&
			exact_sum_scale((struct varlena *) DatumGetPointer(datum), &scaled))
		{
			if (scaled.display_scale > rules->display_scale)
				rules->display_scale = scaled.display_scale;
			if (scaled.scale > rules->scale)
				rules->scale = scaled.scale;
		}
		else
			rules->is_inexact = true;
	}
	return value;
}

/* The double of a measure's value. */
static inline double
read_value(Summary *summary, RfmMeasure measure, Datum datum)
{
	const MeasureType *type = &summary->types[measure];
	double		value;

	if (type->is_interval)
		return (double) measured_interval_days(DatumGetIntervalP(datum));
	datum = measures_read_amount(&type->amount, datum);
	switch (type->amount.kind)
	{
		case MEASURED_NUMERIC:
			return read_numeric(&summary->rules, measure, datum);
		case MEASURED_INTEGER:
			value = (double) DatumGetInt64(datum);
			if (unlikely(fabs(value) >= 1e15))
			{
				summary->rules.is_wide[measure] = true;
				summary->rules.is_inexact |= measure == MONETARY;
			}
			return value;
		default:
			summary->rules.is_inexact |= measure == MONETARY;
			return digest_check_float8(DatumGetFloat8(datum), "rfm_summary");
	}
}

/* Add a customer. */
static inline void
add_customer(Summary *summary, const NullableDatum *values)
{
	Buyer	   *item = next_item(summary);

	for (int i = 0; i < NUM_CODED; i++)
		item->codes[i] = values[i].isnull ? 0 :
			dictionary_code(summary->dictionaries[i],
					   read_value(summary, (RfmMeasure) i, values[i].value));
	item->monetary = values[MONETARY].isnull ? NO_IMAGE :
		value_image(read_value(summary, MONETARY, values[MONETARY].value));
}

/* Transition function: state, recency, frequency, monetary, and rules. */
Datum
rfm_summary_accum(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (unlikely(PG_ARGISNULL(0)))
	{
		summary = create_summary(fcinfo);
		for (int i = 0; i < NUM_MEASURES; i++)
			summary->types[i] = get_measure_type(get_fn_expr_argtype(fcinfo->flinfo,
																	 1 + i),
												 (RfmMeasure) i);
		read_rules(fcinfo, summary, 1 + NUM_MEASURES);
	}
	else
		summary = (Summary *) PG_GETARG_POINTER(0);
	add_customer(summary, &fcinfo->args[1]);
	PG_RETURN_POINTER(summary);
}

/* The same with a row of measures in place of the three. */
Datum
rfm_summary_record_accum(PG_FUNCTION_ARGS)
{
	Summary    *summary;
	NullableDatum values[NUM_MEASURES];

	if (unlikely(PG_ARGISNULL(0)))
	{
		summary = create_summary(fcinfo);
		summary->types[RECENCY] = get_measure_type(INT4OID, RECENCY);
		summary->types[FREQUENCY] = get_measure_type(INT8OID, FREQUENCY);
		summary->types[MONETARY] = get_measure_type(NUMERICOID, MONETARY);
		read_rules(fcinfo, summary, 2);
	}
	else
		summary = (Summary *) PG_GETARG_POINTER(0);
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		values[i].value = (Datum) 0;
		values[i].isnull = true;
		if (!PG_ARGISNULL(1))
			values[i].value = GetAttributeByNum(PG_GETARG_HEAPTUPLEHEADER(1), i + 1,
												&values[i].isnull);
	}
	add_customer(summary, values);
	PG_RETURN_POINTER(summary);
}

/*
 * Messages
 */

/* Write a state as a message: the rules, scheme and map, and the runs. */
Datum
rfm_summary_serialize(PG_FUNCTION_ARGS)
{
	Summary    *summary = (Summary *) PG_GETARG_POINTER(0);
	const SummaryRules *rules = &summary->rules;
	int32		nruns;
	Size		size;
	char	   *message;
	char	   *cursor;

	seal_run(summary);
	nruns = summary->nruns;
	size = VARHDRSZ + sizeof(*rules) + sizeof(nruns) + rules->scheme_size +
		rules->map_size + summary->runs_size;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many customers for rfm_summary"),
				 errdetail("They need more memory than a message to another process may."),
				 errhint("Use rfm_fit, rfm_score and GROUP BY.")));

	message = palloc(size);
	SET_VARSIZE(message, size);
	cursor = VARDATA(message);
	cursor = (char *) memcpy(cursor, rules, sizeof(*rules)) + sizeof(*rules);
	cursor = (char *) memcpy(cursor, &nruns, sizeof(nruns)) + sizeof(nruns);
	if (rules->scheme_size > 0)
		memcpy(cursor, summary->scheme, rules->scheme_size);
	cursor += rules->scheme_size;
	if (rules->map_size > 0)
		memcpy(cursor, summary->map, rules->map_size);
	cursor += rules->map_size;
	for (int i = 0; i < nruns; i++)
	{
		memcpy(cursor, summary->runs[i], summary->runs[i]->size);
		cursor += summary->runs[i]->size;
	}
	PG_RETURN_BYTEA_P((bytea *) message);
}

/* Find one's way in a message: it is read where it lies. */
Datum
rfm_summary_deserialize(PG_FUNCTION_ARGS)
{
	const char *cursor = VARDATA(PG_GETARG_BYTEA_P(0));
	SummaryMessage *message = palloc(sizeof(SummaryMessage));

	memcpy(&message->rules, cursor, sizeof(SummaryRules));
	cursor += sizeof(SummaryRules);
	memcpy(&message->nruns, cursor, sizeof(int32));
	message->rest = cursor + sizeof(int32);
	PG_RETURN_POINTER(message);
}

/* The rules of the first message are those of all. */
static void
adopt_rules(Summary *summary, const SummaryMessage *message)
{
	summary->rules = message->rules;
	if (message->rules.scheme_size > 0)
		summary->scheme = memcpy(MemoryContextAlloc(summary->context,
													message->rules.scheme_size),
								 message->rest, message->rules.scheme_size);
	if (message->rules.map_size > 0)
		summary->map = memcpy(MemoryContextAlloc(summary->context,
												 message->rules.map_size),
							  message->rest + message->rules.scheme_size,
							  message->rules.map_size);
}

/* Add what another process knows of the values. */
static void
merge_rules(SummaryRules *rules, const SummaryRules *other)
{
	for (int i = 0; i < NUM_MEASURES; i++)
		rules->is_wide[i] |= other->is_wide[i];
	rules->is_inexact |= other->is_inexact;
	rules->display_scale = Max(rules->display_scale, other->display_scale);
	rules->scale = Max(rules->scale, other->scale);
}

/*
 * Bins, scheme and map are read from a process' first row. Were they others in
 * another process, the result would depend on the plan.
 */
static void
check_same_rules(const Summary *summary, const SummaryMessage *message)
{
	const SummaryRules *ours = &summary->rules;
	const SummaryRules *theirs = &message->rules;

	if (ours->has_nulls != theirs->has_nulls || ours->bins != theirs->bins ||
		ours->scheme_size != theirs->scheme_size ||
		ours->map_size != theirs->map_size ||
		(ours->scheme_size > 0 &&
		 memcmp(summary->scheme, message->rest, ours->scheme_size) != 0) ||
		(ours->map_size > 0 &&
		 memcmp(summary->map, message->rest + ours->scheme_size,
				ours->map_size) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the bins, scheme or map of rfm_summary change from row to row"),
				 errhint("Pass the same to all rows of a group, or GROUP BY them.")));
}

/* Combine function. The second state comes from another process. */
Datum
rfm_summary_combine(PG_FUNCTION_ARGS)
{
	Summary    *summary = NULL;
	const SummaryMessage *message;
	const char *cursor;

	if (!PG_ARGISNULL(0))
		summary = (Summary *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
		return aggregate_unchanged(fcinfo);
	message = (const SummaryMessage *) PG_GETARG_POINTER(1);
	if (summary == NULL)
	{
		summary = create_summary(fcinfo);
		adopt_rules(summary, message);
	}
	check_same_rules(summary, message);
	merge_rules(&summary->rules, &message->rules);

	cursor = message->rest + message->rules.scheme_size + message->rules.map_size;
	for (int i = 0; i < message->nruns; i++)
	{
		RunHeader	header;
		RunHeader  *run;

		memcpy(&header, cursor, sizeof(RunHeader));
		run = MemoryContextAllocHuge(summary->context, header.size);
		memcpy(run, cursor, header.size);
		cursor += header.size;
		keep_run(summary, run);
	}
	PG_RETURN_POINTER(summary);
}

/*
 * The report
 */

/* All that the final function works with, in the current memory context. */
typedef struct Report
{
	const Summary *summary;
	int			nruns;
	Run		   *runs;
	RfmScheme  *scheme;			/* fitted; NULL: nobody has a score */
	const SegmentMap *map;		/* NULL: groups are scores */
	uint16		group_of_score[MAX_GROUPS];
	uint16	  **run_groups;		/* of each customer of each run */
	SummaryGroup	   *groups;			/* MAX_GROUPS */
} Report;

/* The scheme; its highest score. Without any it has the bins of the map. */
static int
parse_scheme(Report *report)
{
	const Summary *summary = report->summary;
	int			bins = summary->rules.bins;

	if (summary->scheme != NULL)
	{
		report->scheme = rfm_scheme_parse(summary->scheme,
										  summary->rules.scheme_size, NULL);
		return rfm_scheme_highest(report->scheme);
	}
	if (bins == NO_BINS)
		bins = report->map == NULL ? DEFAULT_BINS : rfm_segments_bins(report->map);
	report->scheme = rfm_scheme_bins(bins);
	return bins;
}

/* Scheme and map, parsed, and of one size. */
static void
parse_rules(Report *report)
{
	const Summary *summary = report->summary;
	int			highest;

	if (summary->map != NULL)
		report->map = rfm_segments_parse(summary->map, summary->rules.map_size,
										 NULL);
	highest = parse_scheme(report);
	if (report->map != NULL && rfm_segments_bins(report->map) != highest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the segment map is for scores up to %d, and the scores go up to %d",
						rfm_segments_bins(report->map), highest),
				 errhint("Pass bins or a scheme with as many scores as the map has.")));
}

/* Fit a measure's ladder to the values of all runs; false if there are none. */
static bool
fit_measure(Report *report, RfmMeasure measure)
{
	DigestBuilder *builder = digest_builder_create(CurrentMemoryContext,
												   DIGEST_DEFAULT_CAPACITY);
	DigestView	view;
	bool		has_values;

	for (int i = 0; i < report->nruns; i++)
	{
		const Classes *classes = &report->runs[i].classes[measure];
		DigestView	run = {0};

		CHECK_FOR_INTERRUPTS();
		if (classes->nclasses == 0)
			continue;
		run.nclasses = classes->nclasses;
		run.images = classes->images;
		run.counts = classes->counts;
		run.count_width = sizeof(uint32);
		run.precision = DIGEST_FULL_PRECISION;
		run.capacity = DIGEST_DEFAULT_CAPACITY;
		run.is_wide = report->summary->rules.is_wide[measure];
		run.count = report->runs[i].nitems - classes->nnulls;
		run.min = image_value(classes->images[0]);
		run.max = image_value(classes->images[classes->nclasses - 1]);
		digest_builder_absorb(builder, &run);
	}
	digest_builder_open(builder, &view);
	has_values = view.count > 0;
	if (has_values)
		rfm_scheme_fit(report->scheme, measure, &view);
	digest_builder_destroy(builder);
	return has_values;
}

/* Which group each score belongs to. */
static void
number_groups(Report *report)
{
	int			nbins;

	if (report->map == NULL)
	{
		for (int score = 111; score < MAX_GROUPS; score++)
			report->group_of_score[score] = score;
		return;
	}
	nbins = rfm_segments_bins(report->map);
	for (int r = 1; r <= nbins; r++)
	{
		for (int f = 1; f <= nbins; f++)
		{
			for (int m = 1; m <= nbins; m++)
				report->group_of_score[r * 100 + f * 10 + m] =
					1 + rfm_segments_find(report->map, r, f, m);
		}
	}
}

/* The scores of a run's classes of a measure, times ten to some power; [0]: NULL. */
static uint16 *
score_classes(const Report *report, const Run *run, RfmMeasure measure,
			  int power)
{
	const Classes *classes = &run->classes[measure];
	uint16	   *scores = MemoryContextAllocHuge(CurrentMemoryContext,
												((Size) classes->nclasses + 1) * sizeof(uint16));

	scores[0] = NO_SCORE;
	for (uint32 i = 0; i < classes->nclasses; i++)
		scores[i + 1] = report->scheme == NULL ? NO_SCORE :
			power * rfm_ladder_score(&report->scheme->ladders[measure],
									 image_value(classes->images[i]));
	return scores;
}

/* Find the group of a customer. Without one of three scores there is none. */
static inline uint16
choose_group(const Report *report, int recency, int frequency, int monetary)
{
	if (recency == NO_SCORE || frequency == NO_SCORE || monetary == NO_SCORE)
		return NO_GROUP;
	return report->group_of_score[recency + frequency + monetary];
}

/* Find the groups of a run's customers, and count them. */
static void
group_run(Report *report, int run_number)
{
	const Run  *run = &report->runs[run_number];
	const Classes *monetary = &run->classes[MONETARY];
	uint16	   *r = score_classes(report, run, RECENCY, 100);
	uint16	   *f = score_classes(report, run, FREQUENCY, 10);
	uint16	   *m = score_classes(report, run, MONETARY, 1);
	uint16	   *groups = MemoryContextAllocHuge(CurrentMemoryContext,
												Max(run->nitems, 1) * sizeof(uint16));
	uint32		i = 0;

	/* those without a monetary value come first */
	for (uint32 class = 0; class <= monetary->nclasses; class++)
	{
		uint32		count = class == 0 ? monetary->nnulls : monetary->counts[class - 1];

		if (class % BLOCK_ITEMS == 0)
			CHECK_FOR_INTERRUPTS();
		for (uint32 end = i + count; i < end; i++)
		{
			uint32		r_code = run_code(run, RECENCY, i);
			uint32		f_code = run_code(run, FREQUENCY, i);
			uint16		group = choose_group(report, r[r_code], f[f_code], m[class]);
			SummaryGroup	   *counted = &report->groups[group];

			groups[i] = group;
			counted->customers++;
			counted->nvalues[RECENCY] += r_code != 0;
			counted->nvalues[FREQUENCY] += f_code != 0;
			counted->nvalues[MONETARY] += class != 0;
		}
	}
	report->run_groups[run_number] = groups;
	pfree(r);
	pfree(f);
	pfree(m);
}

/* The groups of a run's customers, in the order of a coded measure's classes. */
static uint16 *
order_groups(const Report *report, int run_number, RfmMeasure measure)
{
	const Run  *run = &report->runs[run_number];
	const Classes *classes = &run->classes[measure];
	const uint16 *groups = report->run_groups[run_number];
	uint16	   *ordered = MemoryContextAllocHuge(CurrentMemoryContext,
												 Max(run->nitems, 1) * sizeof(uint16));
	uint32	   *places = MemoryContextAllocHuge(CurrentMemoryContext,
												((Size) classes->nclasses + 1) * sizeof(uint32));
	uint32		place = classes->nnulls;

	places[0] = 0;
	for (uint32 i = 0; i < classes->nclasses; i++)
	{
		places[i + 1] = place;
		place += classes->counts[i];
	}
	for (uint32 i = 0; i < run->nitems; i++)
		ordered[places[run_code(run, measure, i)]++] = groups[i];
	pfree(places);
	return ordered;
}

/* A run that is walked through in the order of a measure. */
typedef struct Walk
{
	const Classes *classes;
	uint32		next;			/* class */
	const uint16 *groups;		/* of its customers */
} Walk;

/* The lowest value that is still to come; false at the end. */
static bool
next_image(const Walk *walks, int nwalks, ValueImage *image)
{
	bool		found = false;

	for (int i = 0; i < nwalks; i++)
	{
		const Walk *walk = &walks[i];

		if (walk->next < walk->classes->nclasses &&
			(!found || walk->classes->images[walk->next] < *image))
		{
			*image = walk->classes->images[walk->next];
			found = true;
		}
	}
	return found;
}

/* A customer of a group has this value, the next one in order. */
static inline void
note_value(SummaryGroup *group, double value)
{
	group->seen++;
	if (group->seen == group->middle)
		group->low = value;
	if (group->seen == group->next_middle)
		group->high = value;
}

/* How monetary values are summed up: as decimals, or as doubles. */
typedef struct MonetarySum
{
	bool		is_scaled;
	double		factor;			/* 10000^scale */
	ScaledAmount amount;		/* a value with that many decimals */
	void	   *owner;			/* see exact_sum.h */
} MonetarySum;

/* The greatest monetary value without its sign. */
static double
greatest_monetary(const Report *report)
{
	double		result = 0;

	for (int i = 0; i < report->nruns; i++)
	{
		const Classes *classes = &report->runs[i].classes[MONETARY];

		if (classes->nclasses == 0)
			continue;
		result = Max(result, fabs(image_value(classes->images[0])));
		result = Max(result, fabs(image_value(classes->images[classes->nclasses - 1])));
	}
	return result;
}

/*
 * Sums are of decimals where the doubles tell them: where all values were
 * short decimals, and are integers well within a double's when multiplied.
 */
static void
begin_sum(MonetarySum *sum, const Report *report)
{
	const SummaryRules *rules = &report->summary->rules;

	sum->amount.display_scale = rules->display_scale;
	sum->amount.scale = rules->scale;
	sum->factor = pow(10000, rules->scale);
	sum->is_scaled = !rules->is_inexact &&
		greatest_monetary(report) * sum->factor < MAX_SCALED;
	sum->owner = report->groups;
}

/* Add a monetary value to a group's sum. */
static inline void
add_monetary(MonetarySum *sum, SummaryGroup *group, double value)
{
	if (sum->is_scaled)
		exact_sum_add_scaled(&group->monetary, &sum->amount, sum->owner);
	else
		exact_sum_add_double(&group->monetary, value, sum->owner);
}

/* Walk through all customers in the order of a measure. */
static void
walk_measure(Report *report, RfmMeasure measure)
{
	Walk	   *walks = palloc(Max(report->nruns, 1) * sizeof(Walk));
	uint16	  **ordered = palloc0(Max(report->nruns, 1) * sizeof(uint16 *));
	MonetarySum sum;
	ValueImage	image = NO_IMAGE;
	uint32		noted = 0;

	begin_sum(&sum, report);
	for (int i = 0; i < report->nruns; i++)
	{
		const uint16 *groups = report->run_groups[i];

		CHECK_FOR_INTERRUPTS();
		walks[i].classes = &report->runs[i].classes[measure];
		walks[i].next = 0;
		if (measure != MONETARY)
			groups = ordered[i] = order_groups(report, i, measure);
		walks[i].groups = groups + walks[i].classes->nnulls;
	}

	while (next_image(walks, report->nruns, &image))
	{
		double		value = image_value(image);

		if (measure == MONETARY && sum.is_scaled)
			sum.amount.mantissa = llrint(value * sum.factor);
		for (int i = 0; i < report->nruns; i++)
		{
			Walk	   *walk = &walks[i];

			if (walk->next == walk->classes->nclasses ||
				walk->classes->images[walk->next] != image)
				continue;
			/* values may be many, or one that many customers have */
			noted += walk->classes->counts[walk->next];
			if (noted >= BLOCK_ITEMS)
			{
				CHECK_FOR_INTERRUPTS();
				noted = 0;
			}
			for (uint32 j = walk->classes->counts[walk->next++]; j > 0; j--)
			{
				SummaryGroup	   *group = &report->groups[*walk->groups++];

				note_value(group, value);
				if (measure == MONETARY)
					add_monetary(&sum, group, value);
				else
					group->sum += value;
			}
		}
	}
	for (int i = 0; i < report->nruns; i++)
	{
		if (ordered[i] != NULL)
			pfree(ordered[i]);
	}
}

/* Mean and median of each group in a measure. */
static void
compute_measure(Report *report, RfmMeasure measure)
{
	for (int i = 0; i < MAX_GROUPS; i++)
	{
		SummaryGroup	   *group = &report->groups[i];
		int64		n = group->nvalues[measure];

		group->seen = 0;
		group->sum = 0;
		group->middle = (n + 1) / 2;
		group->next_middle = n / 2 + 1;
	}
	walk_measure(report, measure);
	for (int i = 0; i < MAX_GROUPS; i++)
	{
		SummaryGroup	   *group = &report->groups[i];
		int64		n = group->nvalues[measure];

		if (n == 0)
			continue;
		if (measure == MONETARY)
			group->sum = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
															NumericGetDatum(exact_sum_numeric(&group->monetary))));
		group->means[measure] = group->sum / n;
		group->medians[measure] = group->low + (group->high - group->low) / 2;
	}
}

/* Compute all groups. */
static void
compute_report(Report *report)
{
	bool		has_values = true;

	parse_rules(report);
	for (int i = 0; i < NUM_MEASURES; i++)
		has_values &= fit_measure(report, (RfmMeasure) i);
	if (!has_values)
		report->scheme = NULL;
	number_groups(report);
	for (int i = 0; i < report->nruns; i++)
		group_run(report, i);
	for (int i = 0; i < NUM_MEASURES; i++)
		compute_measure(report, (RfmMeasure) i);
}

/* Sums over all groups. */
static void
sum_groups(const Report *report, int64 *customers, double *monetary)
{
	*customers = 0;
	*monetary = 0;
	for (int i = 0; i < MAX_GROUPS; i++)
	{
		*customers += report->groups[i].customers;
		if (report->groups[i].nvalues[MONETARY] > 0)
			*monetary += report->groups[i].means[MONETARY] *
				report->groups[i].nvalues[MONETARY];
	}
}

/* A group as a row. */
static Datum
form_row(const Report *report, int i, TupleDesc desc)
{
	const SummaryGroup *group = &report->groups[i];
	int64		customers;
	double		monetary;
	Datum		values[SUMMARY_COLUMNS] = {0};
	bool		nulls[SUMMARY_COLUMNS] = {false};

	sum_groups(report, &customers, &monetary);
	nulls[SUMMARY_SEGMENT] = i == NO_GROUP || report->map == NULL;
	if (!nulls[SUMMARY_SEGMENT])
		values[SUMMARY_SEGMENT] =
			PointerGetDatum(rfm_segments_name(report->map, i - 1));
	nulls[SUMMARY_SCORE] = i == NO_GROUP || report->map != NULL;
	values[SUMMARY_SCORE] = Int32GetDatum(i);
	values[SUMMARY_CUSTOMERS] = Int64GetDatum(group->customers);
	values[SUMMARY_CUSTOMER_SHARE] =
		Float8GetDatum((double) group->customers / customers);

	values[SUMMARY_MONETARY] = NumericGetDatum(exact_sum_numeric(&group->monetary));
	nulls[SUMMARY_MONETARY_SHARE] = !(monetary > 0);
	if (monetary > 0)
		values[SUMMARY_MONETARY_SHARE] =
			Float8GetDatum(group->means[MONETARY] * group->nvalues[MONETARY] / monetary);
	for (int j = 0; j < NUM_MEASURES; j++)
	{
		nulls[SUMMARY_MEANS + j] = nulls[SUMMARY_MEDIANS + j] =
			(group->nvalues[j] == 0);
		values[SUMMARY_MEANS + j] = Float8GetDatum(group->means[j]);
		values[SUMMARY_MEDIANS + j] = Float8GetDatum(group->medians[j]);
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* The rows: all segments of a map as it has them, or scores, the best first. */
static ArrayBuildState *
form_rows(const Report *report, Oid row_type, TupleDesc desc)
{
	ArrayBuildState *rows = initArrayResult(row_type, CurrentMemoryContext, false);

	for (int i = 1; i < MAX_GROUPS; i++)
	{
		int			group = report->map == NULL ? MAX_GROUPS - i : i;

		if (report->groups[group].customers > 0 ||
			(report->map != NULL && group <= rfm_segments_count(report->map)))
			rows = accumArrayResult(rows, form_row(report, group, desc), false,
									row_type, CurrentMemoryContext);
	}
	if (report->groups[NO_GROUP].customers > 0)
		rows = accumArrayResult(rows, form_row(report, NO_GROUP, desc), false,
								row_type, CurrentMemoryContext);
	return rows;
}

/* Final function. */
Datum
rfm_summary_final(PG_FUNCTION_ARGS)
{
	Oid			row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Summary    *summary;
	Report		report = {0};
	MemoryContext work;
	MemoryContext caller;
	ArrayBuildState *rows;
	TupleDesc	desc;
	Datum		result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	summary = (Summary *) PG_GETARG_POINTER(0);
	if (summary->rules.has_nulls)
		PG_RETURN_NULL();
	seal_run(summary);

	work = AllocSetContextCreate(CurrentMemoryContext, "rfm_summary report",
								 ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(work);
	report.summary = summary;
	report.nruns = summary->nruns;
	report.runs = palloc(Max(report.nruns, 1) * sizeof(Run));
	for (int i = 0; i < report.nruns; i++)
		run_lay_out(summary->runs[i], &report.runs[i]);
	report.run_groups = palloc0(Max(report.nruns, 1) * sizeof(uint16 *));
	report.groups = palloc0(MAX_GROUPS * sizeof(SummaryGroup));
	compute_report(&report);

	desc = lookup_rowtype_tupdesc(row_type, -1);
	rows = form_rows(&report, row_type, desc);
	ReleaseTupleDesc(desc);
	result = makeArrayResult(rows, caller);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	PG_RETURN_DATUM(result);
}
