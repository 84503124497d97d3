/*-------------------------------------------------------------------------
 *
 * standing_shape.c
 *		Records of standings that differ in nothing but their dates.
 *
 * A company has some ten combinations of tier, tier met and rule, and a million
 * customers. To take a record apart attribute by attribute, to look up its
 * labels, and to form the next one takes longer than the step from one to the
 * other. So the records that a call site formed are known again by their
 * bytes, and formed again by copying them and putting the dates in.
 *
 * Whatever is not of a known shape goes the long way: records with clocks,
 * labels that are not kept, those that something else formed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "utils/memutils.h"

#include "program/standing_record.h"
#include "program/standing_shape.h"

/* What a record is known by begins here: before it is what it is a type of. */
#define SHAPE_BEGIN		offsetof(HeapTupleHeaderData, t_infomask2)

/* The label of a tier, NULL for none. */
static inline const text *
label_of(const StandingLabels *labels, int tier)
{
	return tier == labels->ntiers ? NULL : labels->label[tier];
}

/* The index of a kept label in a scheme, its number of tiers for none; or -1. */
static inline int
index_of(const Scheme *scheme, const text *label)
{
	if (label == NULL)
		return scheme->ntiers;
	for (int i = 0; i < scheme->ntiers; i++)
	{
		if (scheme->tiers[i].label_text == label)
			return i;
	}
	return -1;
}

/* Where a date stands in a record. */
static inline DateADT *
date_at(HeapTupleHeader record, int at)
{
	return (DateADT *) ((char *) record + at);
}

/* The date in a record that may not be aligned; record is where it would begin. */
static inline DateADT
read_date_at(const char *record, int at)
{
	DateADT		date;

	memcpy(&date, record + at, sizeof(date));
	return date;
}

/* The shape that a standing has, or NULL if it is not known. */
const StandingShape *
standing_find_shape(const StandingShapes *shapes, const StandingLabels *labels,
					const Standing *standing)
{
	const text *tier = label_of(labels, standing->tier);
	const text *met = label_of(labels, standing->met);
	bool		has_until = (standing->until != NO_DATE);

	if (!labels->are_kept || standing->nclocks > 0)
		return NULL;
	for (int i = 0; i < shapes->nshapes; i++)
	{
		const StandingShape *shape = &shapes->shapes[i];

		if (shape->tier == tier && shape->met == met &&
			shape->rule == standing->rule &&
			(shape->until_at != 0) == has_until)
			return shape;
	}
	return NULL;
}

/* Note where the dates of a record stand. */
static void
find_dates(StandingShape *shape, TupleDesc tupdesc)
{
	char	   *record = (char *) shape->record;
	int			at = shape->record->t_hoff;

	for (int i = 0; i < NUM_STANDING_ATTRS; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(tupdesc, i);

		if ((shape->record->t_infomask & HEAP_HASNULL) &&
			att_isnull(i, shape->record->t_bits))
			continue;
		at = att_align_pointer(at, attr->attalign, attr->attlen, record + at);
		if (i == ATTR_SINCE)
			shape->since_at = at;
		else if (i == ATTR_UNTIL)
			shape->until_at = at;
		else if (i == ATTR_EVALUATED_ON)
			shape->evaluated_at = at;
		at = att_addlength_pointer(at, attr->attlen, record + at);
	}
	Assert(at == shape->len);
}

/* Keep the shape of a record that was just formed, if it can have one. */
void
standing_add_shape(StandingShapes *shapes, TupleDesc tupdesc,
				   const StandingLabels *labels, const Standing *standing,
				   HeapTupleHeader record)
{
	StandingShape *shape = &shapes->shapes[shapes->nshapes];

	if (!labels->are_kept || standing->nclocks > 0 ||
		shapes->nshapes == MAX_SHAPES)
		return;
	memset(shape, 0, sizeof(StandingShape));
	shape->tier = label_of(labels, standing->tier);
	shape->met = label_of(labels, standing->met);
	shape->rule = standing->rule;
	shape->len = HeapTupleHeaderGetDatumLength(record);
	shape->record = MemoryContextAlloc(GetMemoryChunkContext(shapes),
									   shape->len);
	memcpy(shape->record, record, shape->len);
	find_dates(shape, tupdesc);
	Assert(*date_at(shape->record, shape->since_at) == standing->since);
	Assert(*date_at(shape->record, shape->evaluated_at) == standing->evaluated_on);
	shapes->nshapes++;
}

/* The record of a standing that has this shape. */
Datum
standing_fill_shape(const StandingShape *shape, const Standing *standing)
{
	HeapTupleHeader record = palloc(shape->len);

	memcpy(record, shape->record, shape->len);
	*date_at(record, shape->since_at) = standing->since;
	if (shape->until_at != 0)
		*date_at(record, shape->until_at) = standing->until;
	*date_at(record, shape->evaluated_at) = standing->evaluated_on;
	return PointerGetDatum(record);
}

/* Are the bytes of a record from one date to the next those of the shape? */
static inline bool
same_part(const StandingShape *shape, const char *record, int from, int to)
{
	return memcmp((const char *) shape->record + from, record + from,
				  to - from) == 0;
}

/* Does a record of this length have a shape? */
static bool
has_shape(const StandingShape *shape, const char *record, int len)
{
	int			from = shape->since_at + sizeof(DateADT);

	if (len != shape->len ||
		!same_part(shape, record, SHAPE_BEGIN, shape->since_at))
		return false;
	if (shape->until_at != 0)
	{
		if (!same_part(shape, record, from, shape->until_at))
			return false;
		from = shape->until_at + sizeof(DateADT);
	}
	return same_part(shape, record, from, shape->evaluated_at);
}

/* The known shape that a record has, or NULL. */
static const StandingShape *
recognise(StandingShapes *shapes, const char *record, int len)
{
	if (shapes->nshapes == 0)
		return NULL;
	if (has_shape(&shapes->shapes[shapes->last], record, len))
		return &shapes->shapes[shapes->last];
	for (int i = 0; i < shapes->nshapes; i++)
	{
		if (has_shape(&shapes->shapes[i], record, len))
		{
			shapes->last = i;
			return &shapes->shapes[i];
		}
	}
	return NULL;
}

/* Read a record, packed as it came, whose shape is known. */
bool
standing_read_shape(StandingShapes *shapes, const Scheme *scheme,
					const struct varlena *record, Standing *standing)
{
	const char *begin = (const char *) VARDATA_ANY(record) - VARHDRSZ;
	const StandingShape *shape = recognise(shapes, begin,
										   VARSIZE_ANY_EXHDR(record) + VARHDRSZ);
	int			tier;
	int			met;

	if (shape == NULL)
		return false;
	tier = index_of(scheme, shape->tier);
	met = index_of(scheme, shape->met);
	if (tier < 0 || met < 0 ||
		DATE_NOT_FINITE(read_date_at(begin, shape->evaluated_at)))
		return false;

	standing_begin(standing, scheme->ntiers);
	standing->tier = tier;
	standing->met = met;
	standing->rule = shape->rule;
	standing->since = read_date_at(begin, shape->since_at);
	if (shape->until_at != 0)
		standing->until = read_date_at(begin, shape->until_at);
	standing->evaluated_on = read_date_at(begin, shape->evaluated_at);
	return true;
}
