/*-------------------------------------------------------------------------
 *
 * catalog_entries.h
 *		The grading systems that come with the extension.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_CATALOG_ENTRIES_H
#define CUSTOMER_TIER_CATALOG_ENTRIES_H

/*
 * A shipped row of tier_catalog, in UTF-8 whatever the encoding of the
 * database. A system is a scheme, a card whose score the scheme grades, a map
 * of segments, or several of these; NULL is what it has not.
 */
typedef struct CatalogEntry
{
	const char *name;
	const char *scheme;
	const char *measure;
	const char *unit;
	const char *description;
	const char *card;
	const char *segments;
} CatalogEntry;

extern const CatalogEntry catalog_entries[];
extern const int num_catalog_entries;

#endif							/* CUSTOMER_TIER_CATALOG_ENTRIES_H */
