/*-------------------------------------------------------------------------
 *
 * catalog.c
 *		What ships by name: the rows of the view tier_catalog that come with
 *		the extension, and the look-up behind named_scheme, named_card and
 *		named_segments.
 *
 * The users' own entries stand in a table, which SQL reads: it may be spread
 * over several nodes, where only the planner finds it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/varlena.h"

#include "base/compat.h"
#include "base/rows.h"
#include "catalog/catalog_entries.h"

#define CATALOG_COLUMNS	7
#define MAX_NAME_LENGTH	63		/* of an entry, in bytes */
#define MAX_NEAR		3		/* names in a hint */

/* A name that the one looked for may have been meant to be. */
typedef struct NearName
{
	const char *name;
	bool		is_longer;		/* it contains the other */
	int			distance;		/* letters to type, remove or replace */
} NearName;

PG_FUNCTION_INFO_V1(tier_catalog_shipped);
PG_FUNCTION_INFO_V1(tier_catalog_find);

static bool
is_ascii(const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
	{
		if (IS_HIGHBIT_SET(*s))
			return false;
	}
	return true;
}

/* Does this database's encoding have the characters of an entry? */
static bool
is_representable(const CatalogEntry *entry)
{
	int			encoding = GetDatabaseEncoding();

	/* SQL_ASCII keeps bytes as they come. */
	if (encoding == PG_UTF8 || encoding == PG_EUC_CN || encoding == PG_SQL_ASCII)
		return true;
	return is_ascii(entry->scheme) && is_ascii(entry->card) &&
		is_ascii(entry->segments);
}

/* A constant of catalog_entries.c, as a text of this database. */
static Datum
shipped_text(const char *utf8)
{
	return CStringGetTextDatum(pg_any_to_server(utf8, strlen(utf8), PG_UTF8));
}

/* The entries that come with the extension, as far as the encoding allows. */
Datum
tier_catalog_shipped(PG_FUNCTION_ARGS)
{
	rows_begin(fcinfo);
	for (int i = 0; i < num_catalog_entries; i++)
	{
		const CatalogEntry *entry = &catalog_entries[i];
		const char *const columns[CATALOG_COLUMNS] = {
			entry->name, entry->scheme, entry->card, entry->segments,
			entry->measure, entry->unit, entry->description
		};
		Datum		values[CATALOG_COLUMNS];
		bool		nulls[CATALOG_COLUMNS];

		if (!is_representable(entry))
			continue;
		for (int c = 0; c < CATALOG_COLUMNS; c++)
		{
			nulls[c] = columns[c] == NULL;
			values[c] = nulls[c] ? (Datum) 0 : shipped_text(columns[c]);
		}
		rows_add(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/* What an entry has in this column of the view, in UTF-8; NULL if nothing. */
static const char *
entry_value(const CatalogEntry *entry, const char *column)
{
	if (!is_representable(entry))
		return NULL;
	if (strcmp(column, "scheme") == 0)
		return entry->scheme;
	if (strcmp(column, "card") == 0)
		return entry->card;
	if (strcmp(column, "segments") == 0)
		return entry->segments;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("column \"%s\" of tier_catalog is none of scheme, card and segments",
					column)));
	return NULL;				/* keep compiler quiet */
}

/* The nearest first; of equally near ones, by name. */
static int
compare_near(const void *a, const void *b)
{
	const NearName *x = a;
	const NearName *y = b;

	if (x->is_longer != y->is_longer)
		return x->is_longer ? -1 : 1;
	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return strcmp(x->name, y->name);
}

/*
 * Judge how near a name is to the one looked for, which is in lower case.
 * False if it is so far that it need not be shown.
 */
static bool
judge_name(NearName *near, const char *name, const char *wanted)
{
	char	   *lower = asc_tolower(name, strlen(name));

	near->name = name;
	near->is_longer = *wanted != '\0' && strstr(lower, wanted) != NULL;
	near->distance = varstr_levenshtein(wanted, strlen(wanted),
										lower, strlen(lower), 1, 1, 1, false);
	return near->is_longer || near->distance <= (pg_mbstrlen(lower) + 1) / 2;
}

/* Throw: nothing has this name; tell near ones, the users' own among them. */
static void
unknown_name(const char *column, const char *name, ArrayType *own_names)
{
	const char *what = strcmp(column, "card") == 0 ? "scorecard" :
		strcmp(column, "segments") == 0 ? "segment map" : column;
	int			len = pg_mbcharcliplen(name, strlen(name), MAX_NAME_LENGTH);
	char	   *wanted = asc_tolower(name, len);
	StringInfoData hint;
	NearName   *near;
	Datum	   *own;
	int			nown;
	int			nnear = 0;
	int			nshown = 0;

	deconstruct_array(own_names, TEXTOID, -1, false, TYPALIGN_INT,
					  &own, NULL, &nown);
	near = palloc(sizeof(NearName) * (nown + num_catalog_entries));
	for (int i = 0; i < nown; i++)
		nnear += judge_name(&near[nnear], TextDatumGetCString(own[i]), wanted);
	for (int i = 0; i < num_catalog_entries; i++)
	{
		if (entry_value(&catalog_entries[i], column) != NULL)
			nnear += judge_name(&near[nnear], catalog_entries[i].name, wanted);
	}
	qsort(near, nnear, sizeof(NearName), compare_near);

	/* an own entry of a shipped name is named once */
	for (int i = 0; i < nnear && nshown < MAX_NEAR; i++)
	{
		if (nshown == 0 || strcmp(near[nshown - 1].name, near[i].name) != 0)
			near[nshown++] = near[i];
	}
	initStringInfo(&hint);
	for (int i = 0; i < nshown; i++)
		appendStringInfo(&hint, "%s\"%s\"",
						 i == 0 ? "" : i < nshown - 1 ? ", " : " or ",
						 near[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no %s named \"%s\"", what, name),
			 nshown > 0 ?
			 errhint("Did you mean %s? SELECT name FROM tier_catalog WHERE %s IS NOT NULL lists all.",
					 hint.data, column) :
			 errhint("SELECT name FROM tier_catalog WHERE %s IS NOT NULL lists all names.",
					 column)));
}

/* Is a table one that Citus, whose list of them this is, has on other nodes, too? */
static bool
is_in_list(Oid list, Oid table)
{
	Relation	rel = table_open(list, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	bool		found;

	ScanKeyInit(&key, 1 /* logicalrelid */, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(table));
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 1, &key);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

/*
 * Throw where a node of Citus works for another and has a table of the users'
 * own entries that is its alone: the other may have an entry that goes before
 * the shipped one, and this node would not know.
 */
static void
check_own_entries_are_here(FmgrInfo *flinfo)
{
	static const char internal[] = "citus_internal gpid=";
	const char *client = GetConfigOption("application_name", true, false);
	Oid			list;
	Oid			own;

	if (client == NULL || strncmp(client, internal, strlen(internal)) != 0)
		return;
	list = get_relname_relid("pg_dist_partition", PG_CATALOG_NAMESPACE);
	own = get_relname_relid("tier_catalog_own",
							get_func_namespace(flinfo->fn_oid));
	if (OidIsValid(list) && !is_in_list(list, own))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("names of tier_catalog cannot be looked up on a shard"),
				 errdetail("The table tier_catalog_own of this node need not have the entries of the coordinator's."),
				 errhint("Look a name up once, as in (SELECT named_scheme('abc')), or make tier_catalog_own a reference table.")));
}

/*
 * What the shipped entry of this name has in a column of the view, as text;
 * the users' own names are for the hint of the error that there is none.
 */
Datum
tier_catalog_find(PG_FUNCTION_ARGS)
{
	char	   *column = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));

	check_own_entries_are_here(fcinfo->flinfo);
	for (int i = 0; i < num_catalog_entries; i++)
	{
		const CatalogEntry *entry = &catalog_entries[i];
		const char *value;

		if (strcmp(entry->name, name) != 0)
			continue;
		value = entry_value(entry, column);
		if (value != NULL)
			PG_RETURN_DATUM(shipped_text(value));
	}
	unknown_name(column, name, PG_GETARG_ARRAYTYPE_P(2));
	return (Datum) 0;			/* keep compiler quiet */
}
