/*-------------------------------------------------------------------------
 *
 * standing_record.h
 *		The SQL type tier_standing: standings as records.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_STANDING_RECORD_H
#define CUSTOMER_TIER_STANDING_RECORD_H

#include "access/htup_details.h"

#include "program/standing.h"
#include "program/standing_shape.h"

/* The attributes of tier_standing. */
typedef enum StandingAttribute
{
	ATTR_TIER,
	ATTR_SINCE,
	ATTR_RULE,
	ATTR_UNTIL,
	ATTR_MET,
	ATTR_CLOCKS,
	ATTR_EVALUATED_ON,
	NUM_STANDING_ATTRS
} StandingAttribute;

/* Clocks as they were written lately; many customers have the same. */
typedef struct WrittenClocks
{
	int			key_len;
	char	   *key;			/* labels and dates; NULL: nothing yet */
	Datum		jsonb;
} WrittenClocks;

#define WRITTEN_CLOCKS	64

/* What it takes to read and write the records of a call site. */
typedef struct StandingForm
{
	TupleDesc	tupdesc;		/* of tier_standing */
	Datum		rule_words[NUM_STANDING_RULES]; /* as text */
	WrittenClocks written[WRITTEN_CLOCKS];
	StandingShapes *shapes;
} StandingForm;

/* Has a text these bytes? */
static inline bool
same_text(const text *key, const text *value)
{
	return VARSIZE_ANY_EXHDR(key) == VARSIZE_ANY_EXHDR(value) &&
		memcmp(VARDATA_ANY(key), VARDATA_ANY(value),
			   VARSIZE_ANY_EXHDR(value)) == 0;
}

/* Make one in a memory context. */
extern StandingForm *standing_form(TupleDesc tupdesc, MemoryContext context);

/* The labels of a scheme, which they outlive, in the current memory context. */
extern StandingLabels *standing_labels(const Scheme *scheme);
extern void standing_labels_free(StandingLabels *labels);

/* A standing as a record, and back. */
extern Datum standing_to_datum(StandingForm *form, const StandingLabels *labels,
							   const Standing *standing);
extern void standing_from_datum(StandingForm *form, const Scheme *scheme,
								Datum record, Standing *standing);

/* The same, from and to the attributes of the record. */
extern void standing_to_values(StandingForm *form, const text **labels,
							   int ntiers, const Standing *standing,
							   Datum *values, bool *nulls);
extern void standing_from_values(const StandingForm *form,
								 const Scheme *scheme, const Datum *values,
								 const bool *nulls, Standing *standing);

/* The index of a label in an earlier standing; an error if there is none. */
extern int	standing_find_label(const Scheme *scheme, const text *label);

/* How the rule that a standing is by is called; NULL for none. */
extern const char *standing_rule_name(StandingRule rule);

/* A date as text, whatever the session's settings. */
extern char *standing_print_date(DateADT date);

#endif							/* CUSTOMER_TIER_STANDING_RECORD_H */
