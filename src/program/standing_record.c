/*-------------------------------------------------------------------------
 *
 * standing_record.c
 *		The SQL type tier_standing: standings as records.
 *
 * Records are full of labels, and the fold works on indexes into the scheme.
 * Clocks are jsonb, {"Gold": "2027-01-01"}: NULL for the many customers of
 * whom nothing runs out, which costs nothing to write or compare.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "common/hashfn.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "program/standing_record.h"
#include "scheme/scheme_parse.h"

static const char *const rule_words[NUM_STANDING_RULES] = {
	[BY_NONE] = NULL,
	[BY_MEASURE] = "measured",
	[BY_KEEP] = "kept",
	[BY_HOLD] = "held",
	[BY_GRACE] = "grace",
	[BY_LANDING] = "landing",
	[BY_NEW] = "new",
};

/* Clocks are written with four digits for the year, or more. */
#define MAX_YEAR_DIGITS	7

/* How the rule that a standing is by is called. */
const char *
standing_rule_name(StandingRule rule)
{
	return rule_words[rule];
}

/* A date as text, whatever the session's settings. */
char *
standing_print_date(DateADT date)
{
	struct pg_tm tm;
	char		buf[MAXDATELEN + 1];

	if (DATE_NOT_FINITE(date))
		return pstrdup(DATE_IS_NOBEGIN(date) ? "-infinity" : "infinity");
	j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, buf);
	return pstrdup(buf);
}

/* Read digits; -1 unless there are min to max of them. */
static int
read_digits(const char **str, int min, int max)
{
	const char *start = *str;
	int			number = 0;

	while (isdigit((unsigned char) **str) && *str - start < max)
		number = number * 10 + (*(*str)++ - '0');
	return *str - start >= min ? number : -1;
}

/* Read a date as it is printed: no other form, as no setting may matter. */
static bool
read_date(const char *str, DateADT *date)
{
	int			year = read_digits(&str, 4, MAX_YEAR_DIGITS);
	int			month;
	int			day;
	int			check[3];

	if (year < 1 || *str++ != '-')
		return false;
	month = read_digits(&str, 2, 2);
	if (month < 1 || month > MONTHS_PER_YEAR || *str++ != '-')
		return false;
	day = read_digits(&str, 2, 2);
	if (day < 1 || *str != '\0' || !IS_VALID_JULIAN(year, month, day))
		return false;

	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	j2date(*date + POSTGRES_EPOCH_JDATE, &check[0], &check[1], &check[2]);
	return check[2] == day && IS_VALID_DATE(*date);
}

/* Complain about the standing that was passed in. */
static void
bad_previous(const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the previous standing %s", what),
			 errhint("%s", hint)));
}

/* The index of a label in an earlier standing; an error if there is none. */
int
standing_find_label(const Scheme *scheme, const text *label)
{
	int			index = scheme_tier_index(scheme, label);

	if (index < 0)
		bad_previous(psprintf("has tier \"%s\", which the scheme lacks",
							  scan_clip(VARDATA_ANY(label),
										VARSIZE_ANY_EXHDR(label))),
					 "A tier that was renamed must be renamed in the standings too.");
	return index;
}

/* Set the clocks of {"Gold": "2027-01-01"}. */
static void
set_clocks(const Scheme *scheme, Jsonb *clocks, Standing *standing)
{
	static const char hint[] = "Clocks are an object of labels and dates, as in {\"Gold\": \"2027-01-01\"}.";
	JsonbIterator *iterator;
	JsonbValue	key;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(clocks))
		bad_previous("has clocks that are no object", hint);
	iterator = JsonbIteratorInit(&clocks->root);
	(void) JsonbIteratorNext(&iterator, &key, true);	/* the beginning */
	while (JsonbIteratorNext(&iterator, &key, true) == WJB_KEY)
	{
		text	   *label = cstring_to_text_with_len(key.val.string.val,
													 key.val.string.len);
		int			index = standing_find_label(scheme, label);

		(void) JsonbIteratorNext(&iterator, &value, true);
		if (value.type != jbvString ||
			!read_date(pnstrdup(value.val.string.val, value.val.string.len),
					   &standing->clocks[index]))
			bad_previous(psprintf("has a clock of tier \"%s\" that is no date",
								  scheme->tiers[index].label), hint);
		standing->nclocks++;
	}
}

/* Write the clocks as jsonb. */
static Datum
write_clocks(const text **labels, int ntiers, const Standing *standing)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < ntiers; i++)
	{
		if (standing->clocks[i] == NO_DATE)
			continue;
		appendStringInfoChar(&buf, buf.len == 0 ? '{' : ',');
		escape_json(&buf, text_to_cstring(labels[i]));
		appendStringInfo(&buf, ":\"%s\"",
						 standing_print_date(standing->clocks[i]));
	}
	appendStringInfoChar(&buf, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

/* All that the clocks' jsonb depends on. */
static void
append_clocks_key(StringInfo key, const text **labels, int ntiers,
				  const Standing *standing)
{
	for (int i = 0; i < ntiers; i++)
	{
		if (standing->clocks[i] == NO_DATE)
			continue;
		appendBinaryStringInfo(key, (const char *) &standing->clocks[i],
							   sizeof(DateADT));
		appendBinaryStringInfo(key, (const char *) labels[i],
							   VARSIZE_ANY(labels[i]));
	}
}

/*
 * The clocks as jsonb, which is slow to write: so what was written lately is
 * kept. A set that is evaluated on one date after another has few different
 * clocks, and a customer has the same ones for many rows of a window.
 */
static Datum
clocks_datum(StandingForm *form, const text **labels, int ntiers,
			 const Standing *standing)
{
	MemoryContext keep = GetMemoryChunkContext(form);
	WrittenClocks *written;
	StringInfoData key;
	Datum		jsonb;

	initStringInfo(&key);
	append_clocks_key(&key, labels, ntiers, standing);
	written = &form->written[DatumGetUInt32(hash_any((unsigned char *) key.data,
													  key.len)) % WRITTEN_CLOCKS];
	if (written->key != NULL && written->key_len == key.len &&
		memcmp(written->key, key.data, key.len) == 0)
		return written->jsonb;

	jsonb = write_clocks(labels, ntiers, standing);
	if (written->key != NULL)
	{
		pfree(written->key);
		pfree(DatumGetPointer(written->jsonb));
		written->key = NULL;
	}
	written->jsonb = PointerGetDatum(MemoryContextAlloc(keep, VARSIZE(DatumGetPointer(jsonb))));
	memcpy(DatumGetPointer(written->jsonb), DatumGetPointer(jsonb),
		   VARSIZE(DatumGetPointer(jsonb)));
	written->key = MemoryContextAlloc(keep, key.len);
	memcpy(written->key, key.data, key.len);
	written->key_len = key.len;
	return written->jsonb;
}

/* A standing from the attributes of its record. One without a date is none. */
void
standing_from_values(const StandingForm *form, const Scheme *scheme,
					 const Datum *values, const bool *nulls,
					 Standing *standing)
{
	standing_begin(standing, scheme->ntiers);
	if (nulls[ATTR_EVALUATED_ON])
	{
		for (int i = 0; i < NUM_STANDING_ATTRS; i++)
		{
			if (!nulls[i])
				bad_previous("has no evaluated_on",
							 "Pass the record that the last step gave, or NULL for a new customer.");
		}
		return;
	}
	standing->evaluated_on = DatumGetDateADT(values[ATTR_EVALUATED_ON]);
	if (DATE_NOT_FINITE(standing->evaluated_on))
		bad_previous("has an infinite evaluated_on",
					 "Pass the record that the last step gave, or NULL for a new customer.");
	if (!nulls[ATTR_TIER])
		standing->tier = standing_find_label(scheme, DatumGetTextPP(values[ATTR_TIER]));
	if (!nulls[ATTR_SINCE])
		standing->since = DatumGetDateADT(values[ATTR_SINCE]);
	if (!nulls[ATTR_RULE])
		standing->rule = same_text(DatumGetTextPP(values[ATTR_RULE]),
								   DatumGetTextPP(form->rule_words[BY_NEW])) ?
			BY_NEW : BY_OTHER;
	if (!nulls[ATTR_UNTIL])
		standing->until = DatumGetDateADT(values[ATTR_UNTIL]);
	if (!nulls[ATTR_MET])
	{
		text	   *met = DatumGetTextPP(values[ATTR_MET]);

		/* mostly the tier is the one met */
		standing->met = standing->tier < scheme->ntiers &&
			same_text(scheme->tiers[standing->tier].label_text, met) ?
			standing->tier : standing_find_label(scheme, met);
	}
	if (!nulls[ATTR_CLOCKS])
		set_clocks(scheme, DatumGetJsonbP(values[ATTR_CLOCKS]), standing);
}

/* A standing from its record. */
void
standing_from_datum(StandingForm *form, const Scheme *scheme, Datum datum,
					Standing *standing)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(datum);
	HeapTupleHeader record;
	HeapTupleData tuple = {0};
	Datum		values[NUM_STANDING_ATTRS];
	bool		nulls[NUM_STANDING_ATTRS];

	if (standing_read_shape(form->shapes, scheme, packed, standing))
		return;

	record = DatumGetHeapTupleHeader(PointerGetDatum(packed));
	tuple.t_len = HeapTupleHeaderGetDatumLength(record);
	tuple.t_data = record;
	heap_deform_tuple(&tuple, form->tupdesc, values, nulls);
	standing_from_values(form, scheme, values, nulls, standing);
}

/* The attributes of a standing's record. */
void
standing_to_values(StandingForm *form, const text **labels, int ntiers,
				   const Standing *standing, Datum *values, bool *nulls)
{
	memset(nulls, false, sizeof(bool) * NUM_STANDING_ATTRS);
	nulls[ATTR_TIER] = (standing->tier == ntiers);
	if (!nulls[ATTR_TIER])
		values[ATTR_TIER] = PointerGetDatum(labels[standing->tier]);
	values[ATTR_SINCE] = DateADTGetDatum(standing->since);
	nulls[ATTR_RULE] = (standing->rule == BY_NONE);
	values[ATTR_RULE] = form->rule_words[standing->rule];
	nulls[ATTR_UNTIL] = (standing->until == NO_DATE);
	values[ATTR_UNTIL] = DateADTGetDatum(standing->until);
	nulls[ATTR_MET] = (standing->met == ntiers);
	if (!nulls[ATTR_MET])
		values[ATTR_MET] = PointerGetDatum(labels[standing->met]);
	nulls[ATTR_CLOCKS] = (standing->nclocks == 0);
	if (!nulls[ATTR_CLOCKS])
		values[ATTR_CLOCKS] = clocks_datum(form, labels, ntiers, standing);
	values[ATTR_EVALUATED_ON] = DateADTGetDatum(standing->evaluated_on);
}

/* A standing as a record. */
Datum
standing_to_datum(StandingForm *form, const StandingLabels *labels,
				  const Standing *standing)
{
	const StandingShape *shape = standing_find_shape(form->shapes, labels,
													 standing);
	Datum		values[NUM_STANDING_ATTRS] = {0};
	bool		nulls[NUM_STANDING_ATTRS];
	HeapTuple	tuple;

	if (likely(shape != NULL))
		return standing_fill_shape(shape, standing);

	standing_to_values(form, (const text **) labels->label,
					   labels->ntiers, standing, values, nulls);
	tuple = heap_form_tuple(form->tupdesc, values, nulls);
	standing_add_shape(form->shapes, form->tupdesc, labels, standing,
					   tuple->t_data);
	return HeapTupleGetDatum(tuple);
}

/* The labels of a scheme, which they outlive, in the current memory context. */
StandingLabels *
standing_labels(const Scheme *scheme)
{
	StandingLabels *labels = palloc(offsetof(StandingLabels, label) +
									sizeof(text *) * scheme->ntiers);

	labels->ntiers = scheme->ntiers;
	labels->are_kept = true;
	for (int i = 0; i < scheme->ntiers; i++)
		labels->are_kept &= scheme->tiers[i].label_is_kept;
	for (int i = 0; i < scheme->ntiers; i++)
	{
		const text *label = scheme->tiers[i].label_text;

		labels->label[i] = labels->are_kept ? label :
			DatumGetTextPCopy(PointerGetDatum(label));
	}
	return labels;
}

void
standing_labels_free(StandingLabels *labels)
{
	for (int i = 0; i < labels->ntiers && !labels->are_kept; i++)
		pfree(unconstify(text *, labels->label[i]));
	pfree(labels);
}

/* Make a form in a memory context. */
StandingForm *
standing_form(TupleDesc tupdesc, MemoryContext context)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	StandingForm *form = palloc0(sizeof(StandingForm));

	if (tupdesc->natts != NUM_STANDING_ATTRS)
		elog(ERROR, "tier_standing has %d attributes", tupdesc->natts);
	form->tupdesc = BlessTupleDesc(CreateTupleDescCopy(tupdesc));
	form->shapes = palloc0(sizeof(StandingShapes));
	for (int i = 0; i < NUM_STANDING_RULES; i++)
	{
		if (rule_words[i] != NULL)
			form->rule_words[i] = CStringGetTextDatum(rule_words[i]);
	}
	MemoryContextSwitchTo(caller);
	return form;
}
