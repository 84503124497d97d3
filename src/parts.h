/*-------------------------------------------------------------------------
 *
 * parts.h
 *		The outer grammar of texts made of named parts:
 *		'name: body; name: body'.
 *
 * What a body means is its type's own affair: a ladder of tiers, a list of
 * patterns. Colons and semicolons inside double quotes are text. What people
 * type is taken: the full-width twins of both, and Chinese quotes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PARTS_H
#define CUSTOMER_TIER_PARTS_H

#include "lib/stringinfo.h"
#include "nodes/nodes.h"

#define PART_MAX_NAME	63		/* bytes */

/* One part, as written: both sides trimmed, neither NUL-terminated. */
typedef struct Part
{
	const char *head;			/* before the colon */
	int			head_len;
	const char *body;			/* after it */
	int			body_len;
} Part;

typedef struct PartScanner
{
	const char *next;
	const char *end;
	const char *type_name;		/* stands in the error messages */
	struct Node *escontext;
} PartScanner;

/* Start on len bytes at str, which must outlive the parts. */
extern void part_scan(PartScanner *scanner, const char *str, int len,
					  const char *type_name, struct Node *escontext);

/* The next part; false at the end, and after a soft error. */
extern bool part_next(PartScanner *scanner, Part *part);

/*
 * The name that len bytes at str say: words, with single blanks between
 * them, or any text in double quotes. NULL after a soft error.
 */
extern char *part_name(PartScanner *scanner, const char *str, int len);

/* Append a name as part_name reads it, quoted only where it must be. */
extern void part_append_name(StringInfo buf, const char *name);

#endif							/* CUSTOMER_TIER_PARTS_H */
