/*-------------------------------------------------------------------------
 *
 * scheme_scan.h
 *		Read the words, numbers and signs of the scheme language.
 *
 * Shared by the types whose text embeds ladders: a ladder ends at the end of
 * the text or before a semicolon, and positions in messages count from the
 * beginning of the whole text.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_SCHEME_SCAN_H
#define CUSTOMER_TIER_SCHEME_SCAN_H

#include "lib/stringinfo.h"

#include "base/compat.h"
#include "scheme/bound.h"

typedef struct SchemeScanner
{
	const char *str;			/* the whole text, not NUL-terminated */
	int			len;
	int			pos;			/* of the next byte */
	struct Node *escontext;		/* where soft errors go */
} SchemeScanner;

/* What scan_char tells beside plain ASCII; all outside ASCII. */
#define SCAN_END		0		/* past the last byte */
#define SCAN_LETTER		0x80	/* a byte of a non-ASCII letter */
#define SCAN_QUOTE		0x81	/* a Chinese quote */
#define SCAN_GE			0x82	/* greater or equal, in one character */
#define SCAN_LE			0x83	/* less or equal, in one character */

/* Report an error found by the scanner's owner, and return false. */
#define SCAN_ERROR(scanner, ...) \
	ereturn((scanner)->escontext, false, __VA_ARGS__)

/* The same for text that cannot be read: what is wrong at pos, and a hint. */
#define SCAN_SYNTAX_ERROR(scanner, pos, message, hint) \
	SCAN_ERROR(scanner, \
			   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION), \
				message, \
				scan_errdetail(scanner, pos), \
				hint))

/* A word somebody may type, and what is said to him. */
typedef struct ScanSuggestion
{
	const char *typed;
	const char *meant;
} ScanSuggestion;

extern void scan_begin(SchemeScanner *scanner, const char *str, int len,
					   struct Node *escontext);
extern int	scan_char(const SchemeScanner *scanner, int pos, int *width);
extern int	scan_peek(SchemeScanner *scanner);
extern bool scan_at_end(SchemeScanner *scanner);
extern bool scan_symbol(SchemeScanner *scanner, int symbol);
extern int	scan_peek_word(SchemeScanner *scanner);
extern bool scan_keyword(SchemeScanner *scanner, const char *keyword);
extern bool scan_operator(SchemeScanner *scanner, BoundOp *op);
extern bool scan_label(SchemeScanner *scanner, char **label);
extern bool scan_is_word(const char *str);
extern bool scan_at_number(SchemeScanner *scanner);
extern bool scan_at_percentile(SchemeScanner *scanner);
extern bool scan_check_plain(SchemeScanner *scanner);
extern bool scan_number(SchemeScanner *scanner, Numeric *number);
extern bool scan_unit(SchemeScanner *scanner, DurationUnit *unit);

extern char *scan_clip(const char *str, int len);
extern char *scan_token(SchemeScanner *scanner);
extern int	scan_errdetail(const SchemeScanner *scanner, int pos);
extern const char *scan_suggest(const char *word, int len,
								const ScanSuggestion *suggestions,
								int nsuggestions);

#endif							/* CUSTOMER_TIER_SCHEME_SCAN_H */
