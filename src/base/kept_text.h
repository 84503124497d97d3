/*-------------------------------------------------------------------------
 *
 * kept_text.h
 *		Texts that last as long as the session: the labels that functions
 *		return again and again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_KEPT_TEXT_H
#define CUSTOMER_TIER_KEPT_TEXT_H

#include "fmgr.h"

#include "base/compat.h"

/*
 * Set *kept to a text of these bytes, which hold no NUL. True if it lasts as
 * long as the session, false if it was made in the current memory context.
 */
extern bool kept_text(const char *str, int len, text **kept);

/*
 * A text as the result of a function. The server may hold on to a result
 * beyond the query, and so beyond what a call site keeps parsed: one that does
 * not last as long as the session is copied.
 */
static inline Datum
kept_text_datum(const text *str, bool is_kept)
{
	text	   *copy;

	if (likely(is_kept))
		return PointerGetDatum(str);
	copy = palloc(VARSIZE(str));
	memcpy(copy, str, VARSIZE(str));
	return PointerGetDatum(copy);
}

#endif							/* CUSTOMER_TIER_KEPT_TEXT_H */
