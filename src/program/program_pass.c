/*-------------------------------------------------------------------------
 *
 * program_pass.c
 *		One pass over a program's source and standings, which takes every
 *		customer a step further.
 *
 * SQL joins what is measured now with what stood; each row of the join comes
 * here, and the fold is done in C. The pass counts, and it keeps the rows that
 * are to be written; it writes nothing itself, but for the first evaluation's
 * rows. Source, standings and the fitted schemes are read by one statement, in
 * one snapshot.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "base/compat.h"
#include "number/numeric_decode.h"
#include "number/numeric_ops.h"
#include "program/program_load.h"
#include "program/program_pass.h"
#include "program/program_sql.h"

/* Columns of a row of the join, after the keys of either side. */
typedef enum ScanColumn
{
	SCAN_MEASURE,
	SCAN_VALUE,
	SCAN_GRADED,
	SCAN_GRP,
	SCAN_CUSTOMER_SINCE,
	SCAN_PRESENT,
	SCAN_REVIEWED,
	SCAN_SCHEME,
	SCAN_RULES,
	SCAN_PLACE,
	SCAN_RANK,
	SCAN_RETURNED,
	SCAN_STANDING,				/* as the attributes of tier_standing */
	SCAN_TIER = SCAN_STANDING + ATTR_TIER,
	SCAN_RULE = SCAN_STANDING + ATTR_RULE,
	SCAN_UNTIL = SCAN_STANDING + ATTR_UNTIL,
	SCAN_EVALUATED_ON = SCAN_STANDING + ATTR_EVALUATED_ON
} ScanColumn;

typedef struct GroupEntry
{
	text	   *name;
	PassGroup  *group;
	char		status;
} GroupEntry;

#define SH_PREFIX groups
#define SH_ELEMENT_TYPE GroupEntry
#define SH_KEY_TYPE text *
#define SH_KEY name
#define SH_HASH_KEY(table, key) \
	hash_bytes((unsigned char *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key))
#define SH_EQUAL(table, a, b) same_text(a, b)
#define SH_SCOPE static inline
#define SH_DECLARE

#define SH_DEFINE
#include "lib/simplehash.h"

/*
 * Why the rows of the source cannot be taken. The scan ends then, and the
 * error is thrown after it: its context would be the whole statement.
 */
typedef enum PassFailure
{
	PASS_OK,
	PASS_NO_KEY,				/* detail: the key */
	PASS_TWICE,					/* detail: the key */
	PASS_UNFITTED,				/* detail: the group */
	PASS_NO_TIER				/* detail: the key and the label */
} PassFailure;

/* What receives the rows of the join. */
typedef struct PassScan
{
	DestReceiver receiver;		/* must be first */
	Pass	   *pass;
	MemoryContext context;		/* as long as the pass */
	MemoryContext row_context;	/* reset for every row */
	int			nkeys;
	ScanColumn	graded;			/* what the fold takes */
	Oid			graded_type;
	Oid			value_type;
	StandingForm *form;			/* to read and write standings */
	groups_hash *groups;
	PassGroup  *last_group;
	BlockNumber nblocks;		/* of standing */
	uint8	   *seen;			/* a bit per place in standing */
	Loader	   *loader;			/* or NULL */
	PassFailure failure;
	const char *detail;			/* of the failure */

	/* the row at hand */
	TupleTableSlot *slot;
	Datum	   *values;			/* from SCAN_MEASURE on */
	bool	   *isnull;
	Evaluation	evaluation;
	StandingRule old_rule;
	DateADT		old_until;		/* until when the old standing is good */
} PassScan;

/* The customer of the row at hand, as in a unique index's errors. */
static char *
describe_key(PassScan *scan)
{
	const ProgramNames *names = &scan->pass->program->names;
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < scan->nkeys; i++)
		appendStringInfo(&buf, "%s%s", i == 0 ? "(" : ", ", names->keys[i]);
	for (int i = 0; i < scan->nkeys; i++)
	{
		Oid			output;
		bool		is_varlena;

		getTypeOutputInfo(TupleDescAttr(scan->slot->tts_tupleDescriptor, i)->atttypid,
						  &output, &is_varlena);
		appendStringInfo(&buf, "%s%s", i == 0 ? ")=(" : ", ",
						 scan->slot->tts_isnull[i] ? "null" :
						 OidOutputFunctionCall(output, scan->slot->tts_values[i]));
	}
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

static void
fail(PassScan *scan, PassFailure failure, const char *detail)
{
	scan->failure = failure;
	scan->detail = MemoryContextStrdup(scan->context, detail);
}

/* The customer must have a key, and no other row the same standing. */
static bool
check_key(PassScan *scan)
{
	ItemPointer place;
	BlockNumber block;
	Size		bit;

	for (int i = 0; i < scan->nkeys; i++)
	{
		if (scan->slot->tts_isnull[i])
		{
			fail(scan, PASS_NO_KEY, describe_key(scan));
			return false;
		}
	}
	if (scan->isnull[SCAN_PLACE] || scan->pass->goes_on)
		return true;

	place = (ItemPointer) DatumGetPointer(scan->values[SCAN_PLACE]);
	block = ItemPointerGetBlockNumber(place);
	if (block >= scan->nblocks)
		elog(ERROR, "standing is at block %u of %u", block, scan->nblocks);
	bit = (Size) block * MaxHeapTuplesPerPage +
		ItemPointerGetOffsetNumber(place) - 1;
	if (scan->seen[bit / 8] & (1 << (bit % 8)))
	{
		fail(scan, PASS_TWICE, describe_key(scan));
		return false;
	}
	scan->seen[bit / 8] |= 1 << (bit % 8);
	return true;
}

/* Complain that a customer is twice in the source; detail: a sentence. */
static void
refuse_duplicate(const Program *program, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("the source of program \"%s\" has a customer twice",
					program->name),
			 errdetail_internal("%s", detail),
			 errhint("The view \"source\" must have one row for each customer.")));
}

/*
 * Throw the error that was caught. That a customer is twice in the source
 * shows when it enters twice: that is told in words of the source.
 */
void
program_rethrow(const Program *program, MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || !error->detail ||
		!error->table_name || strcmp(error->table_name, "standing") != 0)
		PG_RE_THROW();
	FlushErrorState();
	refuse_duplicate(program, error->detail);
}

/* Throw the error of the rows, if there is one. */
static void
report_failure(const PassScan *scan)
{
	const Program *program = scan->pass->program;

	switch (scan->failure)
	{
		case PASS_OK:
			break;
		case PASS_NO_KEY:
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("the source of program \"%s\" has a row without a key",
							program->name),
					 errdetail("The key is %s.", scan->detail),
					 errhint("Leave such rows out in the view \"source\".")));
			break;
		case PASS_TWICE:
			refuse_duplicate(program, psprintf("The key is %s.", scan->detail));
			break;
		case PASS_UNFITTED:
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 scan->detail[0] == '\0' ?
					 errmsg("program \"%s\" has no customer to fit its scheme to",
							program->name) :
					 errmsg("group \"%s\" of program \"%s\" has no customer to fit its scheme to",
							scan->detail, program->name),
					 errdetail("The scheme is fitted to the customers with a measure for whom fit_when is true.")));
			break;
		case PASS_NO_TIER:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the source of program \"%s\" gives a tier that the scheme lacks",
							program->name),
					 errdetail_internal("%s", scan->detail),
					 errhint("The scheme is \"%s\".", text_to_cstring(scan->pass->scheme))));
			break;
	}
}

/* Is what is graded the label of a tier, given from elsewhere? */
static bool
is_label(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

/* Are all bounds absolute? */
static bool
is_fitted(const Scheme *scheme, const Rules *rules)
{
	return scheme->is_fitted &&
		(rules->keep_scheme == NULL || rules->keep_scheme->is_fitted);
}

/*
 * A plan by which nobody is graded: for a group of which nobody has a measure,
 * and whose scheme therefore cannot be fitted.
 */
static StandingPlan *
plan_for_nobody(const Scheme *scheme, const Rules *rules)
{
	Rules	   *others = palloc(sizeof(Rules));

	*others = *rules;
	others->has[RULE_KEEP] = false;
	return standing_plan(scheme, others, true);
}

/* Make a group, by the scheme that the row at hand has brought. */
static PassGroup *
make_group(PassScan *scan, text *name)
{
	Pass	   *pass = scan->pass;
	PassGroup  *group = palloc0(sizeof(PassGroup));
	const Rules *rules;
	int			ntiers;

	group->name = name;
	group->scheme_text = scan->isnull[SCAN_SCHEME] ? pass->scheme :
		DatumGetTextPCopy(scan->values[SCAN_SCHEME]);
	group->rules_text = scan->isnull[SCAN_RULES] ? pass->rules :
		DatumGetTextPCopy(scan->values[SCAN_RULES]);
	group->scheme = scheme_parse(VARDATA_ANY(group->scheme_text),
								 VARSIZE_ANY_EXHDR(group->scheme_text), NULL);
	ntiers = group->scheme->ntiers;
	rules = rules_parse(VARDATA_ANY(group->rules_text),
						VARSIZE_ANY_EXHDR(group->rules_text), NULL);
	group->is_fitted = is_fitted(group->scheme, rules);
	group->plan = group->is_fitted ?
		standing_plan(group->scheme, rules, is_label(scan->graded_type)) :
		plan_for_nobody(group->scheme, rules);

	group->labels = palloc(sizeof(text *) * ntiers);
	for (int i = 0; i < ntiers; i++)
		group->labels[i] = group->scheme->tiers[i].label_text;
	group->tiers = palloc0(sizeof(PassTier) * (ntiers + 1));
	group->standing_size = STANDING_SIZE(ntiers);
	group->old = palloc0(group->standing_size);
	group->new = palloc0(group->standing_size);

	if (pass->ngroups % 64 == 0)
		pass->groups = pass->ngroups == 0 ?
			palloc(sizeof(PassGroup *) * 64) :
			repalloc(pass->groups,
					 sizeof(PassGroup *) * (pass->ngroups + 64));
	pass->groups[pass->ngroups++] = group;
	return group;
}

/* The group of the row at hand. */
static PassGroup *
find_group(PassScan *scan)
{
	text	   *name = DatumGetTextPP(scan->values[SCAN_GRP]);
	MemoryContext old;
	GroupEntry *entry;
	bool		found;

	if (scan->last_group != NULL && same_text(scan->last_group->name, name))
		return scan->last_group;

	old = MemoryContextSwitchTo(scan->context);
	entry = groups_lookup(scan->groups, name);
	if (entry == NULL)
	{
		name = DatumGetTextPCopy(PointerGetDatum(name));
		entry = groups_insert(scan->groups, name, &found);
		entry->group = make_group(scan, name);
	}
	MemoryContextSwitchTo(old);
	scan->last_group = entry->group;
	return entry->group;
}

/* The rule in the row at hand: one of the fold's, or another. */
static StandingRule
rule_at(const PassScan *scan)
{
	const text *rule;

	if (scan->isnull[SCAN_RULE])
		return BY_NONE;
	rule = DatumGetTextPP(scan->values[SCAN_RULE]);
	for (int i = BY_MEASURE; i < NUM_STANDING_RULES; i++)
	{
		if (same_text(rule, DatumGetTextPP(scan->form->rule_words[i])))
			return (StandingRule) i;
	}
	return BY_OTHER;
}

/*
 * Read the standing of the row at hand: an empty one for a newcomer. Who comes
 * back goes on from the one that was closed, if the scheme still has its tiers.
 */
static void
read_standing(PassScan *scan, PassGroup *group)
{
	const Scheme *scheme = group->scheme;

	if (!scan->isnull[SCAN_PLACE])
		standing_from_values(scan->form, scheme, &scan->values[SCAN_STANDING],
							 &scan->isnull[SCAN_STANDING], group->old);
	else if (!scan->isnull[SCAN_RETURNED])
		standing_from_datum(scan->form, scheme, scan->values[SCAN_RETURNED],
							group->old);
	else
		standing_begin(group->old, scheme->ntiers);
}

/* The date in a column, or NO_DATE. */
static inline DateADT
date_at(const PassScan *scan, int column)
{
	return scan->isnull[column] ? NO_DATE :
		DatumGetDateADT(scan->values[column]);
}

/*
 * Grade the row at hand; false if it cannot be: its group has no scheme, or
 * the label is none.
 */
static bool
grade_row(PassScan *scan, const PassGroup *group)
{
	const Scheme *scheme = group->scheme;
	Evaluation *evaluation = &scan->evaluation;
	Datum		value = scan->values[scan->graded];

	evaluation->as_of = scan->pass->as_of;
	evaluation->customer_since = date_at(scan, SCAN_CUSTOMER_SINCE);
	evaluation->measured.kind = MEASURED_NOTHING;
	evaluation->graded = scheme->ntiers;
	if (scan->isnull[scan->graded])
		return true;
	if (!group->is_fitted)
	{
		fail(scan, PASS_UNFITTED, text_to_cstring(group->name));
		return false;
	}

	if (is_label(scan->graded_type))
	{
		const text *label = DatumGetTextPP(value);

		evaluation->graded = scheme_tier_index(scheme, label);
		if (evaluation->graded < 0)
			fail(scan, PASS_NO_TIER,
				 psprintf("The key is %s, the tier \"%s\".", describe_key(scan),
						  text_to_cstring(label)));
		return evaluation->graded >= 0;
	}
	evaluation->measured = scan->graded_type == INT2OID ?
		measured_integer(DatumGetInt16(value)) :
		measured_datum(scan->graded_type, value);
	evaluation->graded = grade_measured(scheme, &evaluation->measured);
	if (evaluation->graded == NO_TIER)
		evaluation->graded = scheme->ntiers;
	return true;
}

/*
 * Until when a standing is good that was read. Where nothing changed nothing
 * was written: what was met then is good until the date that the program
 * remembers.
 */
static DateADT
until_of_old(const PassScan *scan, const Standing *old)
{
	const Program *program = scan->pass->program;

	if (old->until != NO_DATE &&
		date_at(scan, SCAN_EVALUATED_ON) < program->complete_as_of &&
		(scan->old_rule == BY_MEASURE || scan->old_rule == BY_KEEP))
		return program->met_until;
	return old->until;
}

/*
 * Is anything different that would have to be written? Not the end of what is
 * met: that is the same for all, and stands in the program's row.
 */
static bool
is_changed(const PassScan *scan, const PassGroup *group)
{
	const Standing *old = group->old;
	const Standing *new = group->new;
	int			ntiers = group->scheme->ntiers;

	if (scan->isnull[SCAN_PLACE] || group->reviewed ||
		old->tier != new->tier || scan->old_rule != new->rule ||
		old->met != new->met || old->nclocks != new->nclocks ||
		(old->until == NO_DATE) != (new->until == NO_DATE))
		return true;
	if (old->until != new->until &&
		new->rule != BY_MEASURE && new->rule != BY_KEEP)
		return true;
	if (new->tier != ntiers &&
		(scan->isnull[SCAN_RANK] ||
		 DatumGetInt32(scan->values[SCAN_RANK]) != new->tier + 1))
		return true;
	return new->nclocks > 0 &&
		memcmp(old->clocks, new->clocks, sizeof(DateADT) * ntiers) != 0;
}

/* Evaluate as if a tier had been given as a label. */
static void
step_by_tier(const PassGroup *group, int tier, DateADT as_of)
{
	Evaluation	given = {
		.graded = tier, .measured = {MEASURED_NOTHING},
		.as_of = as_of, .customer_since = NO_DATE
	};

	standing_begin(group->new, group->scheme->ntiers);
	standing_step(group->plan, group->new, &given);
}

/* Take the review of the row at hand for what is met. */
static void
review(PassScan *scan, PassGroup *group)
{
	const Standing *old = group->old;

	group->reviewed = !scan->isnull[SCAN_REVIEWED];
	if (!group->reviewed)
		return;
	step_by_tier(group, scheme_find_tier(group->scheme,
										 DatumGetTextPP(scan->values[SCAN_REVIEWED])),
				 scan->pass->as_of);
	if (group->new->tier == old->tier && old->since != NO_DATE)
		group->new->since = old->since;
}

/* Add a value to those of a tier. NaN and the infinite are no values. */
static void
add_value(PassScan *scan, PassTier *tier)
{
	Datum		datum = scan->values[SCAN_VALUE];
	double		value;
	bool		is_wide = false;

	if (scan->isnull[SCAN_VALUE])
		return;
	switch (scan->value_type)
	{
		case INT8OID:
			exact_sum_add_int64(&tier->value, DatumGetInt64(datum), scan->pass->groups);
			value = digest_decode_int64(DatumGetInt64(datum), &is_wide,
										"tier_evaluate");
			break;
		case FLOAT8OID:
			value = DatumGetFloat8(datum);
			if (!isfinite(value))
				return;
			exact_sum_add_double(&tier->value, value, scan->pass->groups);
			break;
		default:
			{
				struct varlena *number = PG_DETOAST_DATUM_PACKED(datum);
				DecodeResult result = numeric_decode(number, &value);

				if (result == DECODE_NAN || result == DECODE_INFINITE)
					return;
				value = digest_decode_numeric(PointerGetDatum(number), &is_wide,
											  "tier_evaluate");
				exact_sum_add_numeric(&tier->value, number, scan->pass->groups);
			}
			break;
	}
	if (tier->digest == NULL)
		tier->digest = digest_builder_create(scan->context, DIGEST_MIN_CAPACITY);
	digest_builder_add(tier->digest, value, is_wide);
}

/* Remember the earliest date on which a standing ends. */
static inline void
note_due(Pass *pass, DateADT until)
{
	if (until > pass->as_of &&
		(pass->next_due == NO_DATE || until < pass->next_due))
		pass->next_due = until;
}

/* Count who moved. To be no longer new is no move. */
static void
count_move(PassScan *scan, const PassGroup *group)
{
	Pass	   *pass = scan->pass;

	pass->customers++;
	note_due(pass, group->new->until);
	if (scan->isnull[SCAN_PLACE])
		pass->entered++;
	else if (group->old->rule != BY_NEW && group->new->rule != BY_NEW)
	{
		pass->rose += group->new->tier < group->old->tier;
		pass->fell += group->new->tier > group->old->tier;
	}
	if (!pass->due_only)
	{
		PassTier   *tier = &group->tiers[group->new->tier];

		tier->customers++;
		add_value(scan, tier);
	}
}

/* The measure as a numeric; NULL if it is no number. */
static Numeric
number_of(const Measured *measured)
{
	switch (measured->kind)
	{
		case MEASURED_NOTHING:
			break;
		case MEASURED_NUMERIC:
			return DatumGetNumericCopy(PointerGetDatum(measured->numeric));
		case MEASURED_INTEGER:
			return int64_to_numeric(measured->integer);
		case MEASURED_DOUBLE:
			return DatumGetNumeric(DirectFunctionCall1(float8_numeric,
													   Float8GetDatum(measured->number)));
	}
	return NULL;
}

/*
 * How far the measure is from a bar, in its own unit; false if there is no way
 * to tell, or it has been reached.
 */
static bool
gap_to(const Scheme *scheme, const SchemeTier *bar, const Measured *measured,
	   Datum *gap)
{
	Numeric		number = number_of(measured);

	if (number == NULL || numeric_is_nan(number) || numeric_is_inf(number) ||
		bar->kind != BOUND_NUMBER || numeric_is_inf(bar->number))
		return false;
	*gap = NumericGetDatum(num_trim(scheme->lower_is_better ?
									num_subtract(number, bar->number) :
									num_subtract(bar->number, number)));
	return true;
}

/* Set what the customer at hand lacks to keep the old tier, and to rise. */
static void
set_gaps(const PassScan *scan, const PassGroup *group, Datum *values,
		 bool *isnull)
{
	const Scheme *scheme = group->scheme;
	const Measured *measured = &scan->evaluation.measured;
	int			stay = group->old->tier;
	int			rise = Min(group->new->tier, group->new->met) - 1;

	if (stay < scheme->nmeasured && group->new->met > stay)
	{
		const SchemeTier *bar = &scheme->tiers[stay];

		if (group->plan->keep != NULL && group->plan->keep[stay] != NULL)
			bar = &group->plan->keep[stay]->tiers[0];
		isnull[KEPT_TO_STAY] = !gap_to(scheme, bar, measured,
									   &values[KEPT_TO_STAY]);
	}
	rise = Min(rise, scheme->nmeasured - 1);
	if (rise >= 0)
		isnull[KEPT_TO_RISE] = !gap_to(scheme, &scheme->tiers[rise], measured,
									   &values[KEPT_TO_RISE]);
}

/* Keep a row. group: NULL for a customer who has left. */
static void
keep_row(PassScan *scan, const PassGroup *group)
{
	static const struct
	{
		KeptColumn	to;
		ScanColumn	from;
	}			copied[] = {
		{KEPT_MEASURE, SCAN_MEASURE},
		{KEPT_VALUE, SCAN_VALUE},
		{KEPT_GRP, SCAN_GRP},
		{KEPT_CUSTOMER_SINCE, SCAN_CUSTOMER_SINCE},
		{KEPT_PLACE, SCAN_PLACE},
		{KEPT_OLD_TIER, SCAN_TIER},
		{KEPT_OLD_RANK, SCAN_RANK}
	};
	Pass	   *pass = scan->pass;
	TupleTableSlot *slot = scan->slot;
	int			nkeys = scan->nkeys;
	Datum		row[PROGRAM_MAX_KEYS + NUM_KEPT] = {0};
	bool		row_isnull[PROGRAM_MAX_KEYS + NUM_KEPT];
	Datum	   *values = row + nkeys;
	bool	   *isnull = row_isnull + nkeys;

	memset(row_isnull, true, sizeof(row_isnull));
	for (int i = 0; i < nkeys; i++)
	{
		int			from = group != NULL ? i : nkeys + i;

		row[i] = slot->tts_values[from];
		row_isnull[i] = slot->tts_isnull[from];
	}
	for (size_t i = 0; i < lengthof(copied); i++)
	{
		values[copied[i].to] = scan->values[copied[i].from];
		isnull[copied[i].to] = scan->isnull[copied[i].from];
	}
	if (scan->old_until != NO_DATE)
	{
		values[KEPT_OLD_UNTIL] = DateADTGetDatum(scan->old_until);
		isnull[KEPT_OLD_UNTIL] = false;
	}
	values[KEPT_STAYS] = BoolGetDatum(group != NULL);
	isnull[KEPT_STAYS] = false;

	if (group == NULL)
	{
		values[KEPT_RULE] = CStringGetTextDatum("left");
		isnull[KEPT_RULE] = false;
	}
	else
	{
		const Scheme *scheme = group->scheme;
		int			graded = scan->evaluation.graded;

		standing_to_values(scan->form, group->labels, scheme->ntiers, group->new,
						   &values[KEPT_STANDING], &isnull[KEPT_STANDING]);
		if (group->reviewed)
		{
			values[KEPT_RULE] = CStringGetTextDatum("reviewed");
			isnull[KEPT_RULE] = false;
		}
		values[KEPT_RANK] = Int32GetDatum(group->new->tier + 1);
		isnull[KEPT_RANK] = group->new->tier == scheme->ntiers;
		if (pass->gaps)
			set_gaps(scan, group, values, isnull);
		isnull[KEPT_MEASURED] = graded == scheme->ntiers;
		if (!isnull[KEPT_MEASURED])
			values[KEPT_MEASURED] = PointerGetDatum(group->labels[graded]);
	}
	if (scan->loader != NULL)
	{
		loader_add(scan->loader, row, row_isnull);
		pass->loaded++;
		return;
	}
	tuplestore_putvalues(pass->kept, pass->kept_desc, row, row_isnull);
	pass->nkept++;
}

/* Take a customer who is in standing, but not in the source. */
static void
take_absent(PassScan *scan)
{
	Pass	   *pass = scan->pass;

	pass->before++;
	if (pass->due_only)
		pass->customers++;
	else
	{
		pass->gone++;
		scan->old_until = NO_DATE;	/* it ends today */
		keep_row(scan, NULL);
	}
}

/* Take a customer who is in the source. */
static void
take_present(PassScan *scan)
{
	Pass	   *pass = scan->pass;
	bool		stood = !scan->isnull[SCAN_PLACE];
	PassGroup  *group;

	if (!check_key(scan))
		return;
	pass->before += stood;
	group = find_group(scan);
	if (pass->due_only && !group->is_fitted && !stood)
		return;					/* waits for the next complete evaluation */

	read_standing(scan, group);
	scan->old_rule = rule_at(scan);
	scan->old_until = stood ? until_of_old(scan, group->old) : NO_DATE;
	if (pass->due_only && stood &&
		(scan->old_until == NO_DATE || scan->old_until > pass->as_of ||
		 !group->is_fitted))
	{
		note_due(pass, scan->old_until);
		pass->customers++;
		return;
	}
	if (!grade_row(scan, group))
		return;
	if (stood && pass->program->complete_as_of > group->old->evaluated_on)
		group->old->evaluated_on = pass->program->complete_as_of;
	memcpy(group->new, group->old, group->standing_size);
	standing_step(group->plan, group->new, &scan->evaluation);
	review(scan, group);

	count_move(scan, group);
	if (pass->keep == KEEP_ALL || pass->due_only || is_changed(scan, group))
		keep_row(scan, group);
}

/* Take a row of the join. */
static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	PassScan   *scan = (PassScan *) self;
	MemoryContext caller;

	MemoryContextReset(scan->row_context);
	caller = MemoryContextSwitchTo(scan->row_context);
	slot_getallattrs(slot);
	scan->slot = slot;
	scan->values = slot->tts_values + 2 * scan->nkeys;
	scan->isnull = slot->tts_isnull + 2 * scan->nkeys;
	if (scan->isnull[SCAN_PRESENT])
		take_absent(scan);
	else
		take_present(scan);
	MemoryContextSwitchTo(caller);
	return scan->failure == PASS_OK;
}

/* The columns of a kept row. */
static TupleDesc
make_kept_desc(PassScan *scan, TupleDesc join)
{
	static const struct
	{
		const char *name;
		Oid			type;
	}			columns[] = {
		[KEPT_MEASURE] = {"measure", InvalidOid},	/* as in the source */
		[KEPT_VALUE] = {"value", InvalidOid},
		[KEPT_GRP] = {"grp", TEXTOID},
		[KEPT_CUSTOMER_SINCE] = {"customer_since", DATEOID},
		[KEPT_PLACE] = {"place", TIDOID},
		[KEPT_OLD_TIER] = {"old_tier", TEXTOID},
		[KEPT_STAYS] = {"stays", BOOLOID},
		[KEPT_MEASURED] = {"measured", TEXTOID},
		[KEPT_OLD_RANK] = {"old_rank", INT4OID},
		[KEPT_OLD_UNTIL] = {"old_until", DATEOID},
		[KEPT_TO_STAY] = {"to_stay", NUMERICOID},
		[KEPT_TO_RISE] = {"to_rise", NUMERICOID},
		[KEPT_RANK] = {"rank", INT4OID},
		[KEPT_TIER] = {"tier", TEXTOID},
		[KEPT_SINCE] = {"since", DATEOID},
		[KEPT_RULE] = {"rule", TEXTOID},
		[KEPT_UNTIL] = {"until", DATEOID},
		[KEPT_MET] = {"met", TEXTOID},
		[KEPT_CLOCKS] = {"clocks", JSONBOID},
		[KEPT_EVALUATED_ON] = {"evaluated_on", DATEOID}
	};
	TupleDesc	desc = CreateTemplateTupleDesc(scan->nkeys + NUM_KEPT);

	for (int i = 0; i < scan->nkeys; i++)
		TupleDescCopyEntry(desc, i + 1, join, i + 1);
	for (int i = 0; i < NUM_KEPT; i++)
	{
		AttrNumber	number = scan->nkeys + i + 1;

		if (columns[i].type == InvalidOid)
			TupleDescCopyEntry(desc, number, join, scan->nkeys * 2 + i + 1);
		else
			TupleDescInitEntry(desc, number, columns[i].name, columns[i].type, -1, 0);
	}
	TupleDescFinalize(desc);
	return desc;
}

/* Begin to take rows: now their types are known, and the snapshot taken. */
static void
start_rows(DestReceiver *self, int operation pg_attribute_unused(),
		   TupleDesc join)
{
	PassScan   *scan = (PassScan *) self;
	Pass	   *pass = scan->pass;
	MemoryContext caller = MemoryContextSwitchTo(scan->context);
	Relation	standing;
	TupleDesc	desc;
	int			first = 2 * scan->nkeys;

	desc = lookup_rowtype_tupdesc(pass->program->standing_type, -1);
	scan->form = standing_form(desc, scan->context);
	ReleaseTupleDesc(desc);
	scan->graded = pass->program->graded ? SCAN_GRADED : SCAN_MEASURE;
	scan->graded_type = getBaseType(TupleDescAttr(join, first + scan->graded)->atttypid);
	scan->value_type = TupleDescAttr(join, first + SCAN_VALUE)->atttypid;
	pass->kept_desc = make_kept_desc(scan, join);
	pass->kept = tuplestore_begin_heap(false, false, work_mem);
	if (pass->load)
		scan->loader = loader_begin(pass->program, pass->kept_desc,
									pass->as_of);

	standing = table_open(pass->program->standing, AccessShareLock);
	scan->nblocks = RelationGetNumberOfBlocks(standing);
	table_close(standing, AccessShareLock);
	scan->seen = MemoryContextAllocExtended(scan->context,
											(Size) scan->nblocks * MaxHeapTuplesPerPage / 8 + 1,
											MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	MemoryContextSwitchTo(caller);
}

static void
end_rows(DestReceiver *self)
{
	PassScan   *scan = (PassScan *) self;

	if (scan->loader != NULL)
		loader_end(scan->loader);
}

static void
no_action(DestReceiver *self pg_attribute_unused())
{
}

/* The labels of a scheme, as text[]. */
Datum
scheme_label_array(const Scheme *scheme)
{
	Datum	   *labels = palloc(sizeof(Datum) * scheme->ntiers);

	for (int i = 0; i < scheme->ntiers; i++)
		labels[i] = PointerGetDatum(scheme->tiers[i].label_text);
	return PointerGetDatum(construct_array(labels, scheme->ntiers, TEXTOID,
										   -1, false, TYPALIGN_INT));
}

/*
 * The measure as it is fitted. It is cast to what value_digest is declared for,
 * even where that goes without saying: a function that somebody has declared
 * for its very type would be called instead, with the owner's rights.
 */
static const char *
fitted_measure(const Program *program)
{
	if (program->graded)
		return "graded";
	switch (program->measure_type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return "measure::int8";
		case FLOAT8OID:
			return "measure::float8";
		case NUMERICOID:
			return "measure::numeric";
		default:
			return "measure::text";
	}
}

/* Compose the statement of the pass. */
static char *
compose_pass(const Pass *pass, bool fit)
{
	const Program *program = pass->program;
	bool		has_schemes = fit || pass->scheme_as_of != NO_DATE;

	return program_sql(&program->names, sql_pass,
					   "materialized", fit ? "MATERIALIZED" : "NOT MATERIALIZED",
					   "graded", program->graded ?
					   psprintf(", %s AS graded", program->graded) : "",
					   "graded_column", program->graded ? "src.graded" : "NULL::text",
					   "reviewed_column", pass->source == PASS_DRAFT ?
					   "src.reviewed_tier" : "NULL::text",
					   "from", program_sql(&program->names, pass->source == PASS_DRAFT ?
										   sql_from_draft : sql_from_source, NULL),
					   "standing", program_sql(&program->names, pass->goes_on ?
											   sql_standing_kept : sql_standing, NULL),
					   "schemes", !has_schemes ? "" :
					   program_sql(&program->names,
								   fit ? sql_schemes_fit : sql_schemes_recorded,
								   "fitted", fitted_measure(program),
								   NULL),
					   "scheme_columns", has_schemes ? "bars.scheme, bars.rules" :
					   "NULL::text, NULL::text",
					   "scheme_join", has_schemes ? sql_schemes_join : "",
					   "returned", !program->has_past ? "NULL" :
					   program_sql(&program->names, sql_returned, NULL),
					   NULL);
}

/* The sum of a tier's values. */
Datum
pass_tier_value(const PassTier *tier)
{
	if (tier->value.is_binary)
		return DirectFunctionCall1(float8_numeric,
								   Float8GetDatum(exact_sum_double(&tier->value)));
	return NumericGetDatum(exact_sum_numeric(&tier->value));
}

/* The digest of a tier's values. */
Datum
pass_tier_digest(const PassTier *tier)
{
	DigestView	view;

	digest_builder_open(tier->digest, &view);
	return digest_datum(&view);
}

/* Run the statement, and have receive_row take its rows. */
static void
run_pass(PassScan *scan, const char *sql, const Scheme *scheme)
{
	Pass	   *pass = scan->pass;
	const ProgramArgument arguments[] = {
		{DATEOID, DateADTGetDatum(pass->as_of), false},
		{TEXTOID, PointerGetDatum(pass->scheme), false},
		{TEXTOID, PointerGetDatum(pass->rules), false},
		{DATEOID, DateADTGetDatum(pass->scheme_as_of), false},
		{TEXTARRAYOID, scheme_label_array(scheme), false}
	};
	SPIExecuteOptions options = {0};

	options.params = program_params(arguments, lengthof(arguments));
	options.read_only = true;	/* in our snapshot */
	options.dest = &scan->receiver;
	PG_TRY();
	{
		if (SPI_execute_extended(sql, &options) != SPI_OK_SELECT)
			elog(ERROR, "the pass of program \"%s\" failed", pass->program->name);
	}
	PG_CATCH();
	{
		program_rethrow(pass->program, scan->context);
	}
	PG_END_TRY();
}

/* Until when what is met on a date is good: for the program's row. */
static DateADT
find_met_until(const Pass *pass)
{
	const PassGroup *group;

	if (pass->ngroups == 0)
		return NO_DATE;
	group = pass->groups[0];
	step_by_tier(group, 0, pass->as_of);
	return group->new->until;
}

/* Run the pass. */
void
program_pass(Pass *pass)
{
	PassScan	scan = {0};
	const Scheme *scheme = scheme_parse(VARDATA_ANY(pass->scheme),
										VARSIZE_ANY_EXHDR(pass->scheme), NULL);
	const Rules *rules = rules_parse(VARDATA_ANY(pass->rules),
									 VARSIZE_ANY_EXHDR(pass->rules), NULL);
	bool		fit = pass->scheme_as_of == NO_DATE && !is_fitted(scheme, rules);

	scan.receiver.receiveSlot = receive_row;
	scan.receiver.rStartup = start_rows;
	scan.receiver.rShutdown = end_rows;
	scan.receiver.rDestroy = no_action;
	scan.receiver.mydest = DestTuplestore;
	scan.pass = pass;
	scan.context = CurrentMemoryContext;
	scan.row_context = AllocSetContextCreate(CurrentMemoryContext,
											 "program pass",
											 ALLOCSET_DEFAULT_SIZES);
	scan.nkeys = pass->program->names.nkeys;
	scan.groups = groups_create(CurrentMemoryContext, 16, NULL);
	pass->next_due = NO_DATE;

	PushActiveSnapshot(GetTransactionSnapshot());
	run_pass(&scan, compose_pass(pass, fit), scheme);
	PopActiveSnapshot();
	report_failure(&scan);
	pass->met_until = find_met_until(pass);
	MemoryContextDelete(scan.row_context);
}
