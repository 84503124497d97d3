/*-------------------------------------------------------------------------
 *
 * program_pass.h
 *		One pass over a program's source and standings, which takes every
 *		customer a step further.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PROGRAM_PASS_H
#define CUSTOMER_TIER_PROGRAM_PASS_H

#include "access/tupdesc.h"
#include "digest/digest.h"
#include "number/exact_sum.h"
#include "program/program.h"
#include "program/standing_record.h"
#include "utils/tuplestore.h"

/* Where the measures come from. */
typedef enum PassSource
{
	PASS_SOURCE,				/* the view source */
	PASS_DRAFT					/* the waiting draft, with its reviews */
} PassSource;

/* Of whom a row is kept. */
typedef enum PassKeep
{
	KEEP_CHANGED,				/* whose standing is to be written */
	KEEP_ALL					/* everybody who is evaluated, or left */
} PassKeep;

/* Whom a group's scheme gave one tier. */
typedef struct PassTier
{
	int64		customers;
	ExactSum	value;
	DigestBuilder *digest;		/* NULL: no value yet */
} PassTier;

/* The customers who are graded by one scheme. */
typedef struct PassGroup
{
	text	   *name;			/* '': no group */
	text	   *scheme_text;
	text	   *rules_text;
	const Scheme *scheme;
	const text **labels;		/* of its tiers */
	bool		is_fitted;		/* if not, nobody can be graded */
	StandingPlan *plan;
	PassTier   *tiers;			/* the last one: not graded */

	/* the customer at hand */
	Size		standing_size;
	Standing   *old;
	Standing   *new;
	bool		reviewed;		/* the new one is by review */
} PassGroup;

typedef struct Pass
{
	/* what is wanted */
	Program    *program;
	DateADT		as_of;
	PassSource	source;
	bool		goes_on;		/* from the standings that SQL sees as "kept" */
	PassKeep	keep;
	bool		due_only;
	text	   *scheme;
	text	   *rules;
	DateADT		scheme_as_of;	/* the schemes of that evaluation, or NO_DATE */
	bool		gaps;			/* tell what kept rows lack to stay and to rise */
	bool		load;			/* write who enters at once, if that can be */

	/* what came of it */
	int64		customers;		/* in standing, afterwards */
	int64		before;			/* in standing, before */
	int64		entered;
	int64		loaded;			/* who entered and has been written */
	int64		gone;
	int64		rose;
	int64		fell;
	DateADT		met_until;
	DateADT		next_due;
	Tuplestorestate *kept;
	TupleDesc	kept_desc;
	int64		nkept;
	int			ngroups;
	PassGroup **groups;
} Pass;

/* Columns of a kept row, after the key. */
typedef enum KeptColumn
{
	KEPT_MEASURE,
	KEPT_VALUE,
	KEPT_GRP,
	KEPT_CUSTOMER_SINCE,
	KEPT_PLACE,					/* of the standing to be replaced, if any */
	KEPT_OLD_TIER,
	KEPT_STAYS,					/* in the source, that is */
	KEPT_MEASURED,
	KEPT_OLD_RANK,
	KEPT_OLD_UNTIL,
	KEPT_TO_STAY,				/* what the measure lacks to keep the old tier */
	KEPT_TO_RISE,				/* ... and to get a better one than the new */
	KEPT_RANK,
	KEPT_STANDING,				/* as the attributes of tier_standing */
	KEPT_TIER = KEPT_STANDING + ATTR_TIER,
	KEPT_SINCE = KEPT_STANDING + ATTR_SINCE,
	KEPT_RULE = KEPT_STANDING + ATTR_RULE,
	KEPT_UNTIL = KEPT_STANDING + ATTR_UNTIL,
	KEPT_MET = KEPT_STANDING + ATTR_MET,
	KEPT_CLOCKS = KEPT_STANDING + ATTR_CLOCKS,
	KEPT_EVALUATED_ON = KEPT_STANDING + ATTR_EVALUATED_ON,
	NUM_KEPT
} KeptColumn;

/* Run the pass. SPI is connected, the owner's rights hold. */
extern void program_pass(Pass *pass);

/* The labels of a scheme, as text[]. */
extern Datum scheme_label_array(const Scheme *scheme);

/* The sum of a tier's values, a numeric. */
extern Datum pass_tier_value(const PassTier *tier);

/* The digest of a tier's values, a value_digest. */
extern Datum pass_tier_digest(const PassTier *tier);

#endif							/* CUSTOMER_TIER_PROGRAM_PASS_H */
