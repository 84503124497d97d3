/*-------------------------------------------------------------------------
 *
 * scheme_parse.h
 *		Make schemes: for types whose text embeds them, and for schemes that
 *		come tier by tier.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCHEME_PARSE_H
#define CUSTOMER_TIER_SCHEME_PARSE_H

#include "scheme/scheme.h"
#include "scheme/scheme_scan.h"

/* Parse a ladder up to the end or a semicolon; NULL after a soft error. */
extern Scheme *scheme_parse_ladder(SchemeScanner *scanner);

/*
 * Make a scheme tier by tier. It is one only after scheme_check. Those that
 * return a boolean return false after a soft error.
 */
extern Scheme *scheme_begin(void);
extern bool scheme_add_tier(Scheme **scheme, const char *label,
							SchemeScanner *bound);
extern void scheme_add_written_tier(Scheme **scheme, const char *label,
									const char *bound);
extern bool scheme_check(Scheme *scheme, struct Node *escontext);

/* Read the duration that stands after a keyword. */
extern bool scheme_parse_duration(SchemeScanner *scanner, const char *keyword,
								  SchemeTier *tier);

/* Read what an operator compares with. */
extern bool scheme_parse_edge(SchemeScanner *scanner, SchemeTier *tier);

/* Report what stands where the bound of the last tier should have ended. */
extern bool scheme_bound_unfinished(SchemeScanner *scanner,
									const Scheme *scheme);

#endif							/* CUSTOMER_TIER_SCHEME_PARSE_H */
