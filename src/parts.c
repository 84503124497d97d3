/*-------------------------------------------------------------------------
 *
 * parts.c
 *		Split a text such as 'name: body; name: body' into its parts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "parser/scansup.h"

#include "compat.h"
#include "parts.h"

/* Full-width punctuation, in UTF-8. */
#define WIDE_COLON		"\xEF\xBC\x9A"
#define WIDE_SEMICOLON	"\xEF\xBC\x9B"
#define OPENING_QUOTE	"\xE2\x80\x9C"
#define CLOSING_QUOTE	"\xE2\x80\x9D"
#define WIDE_LENGTH		3

/* Does the text at p begin with a full-width character? */
static bool
is_wide(const char *p, const char *end, const char *wide)
{
	return end - p >= WIDE_LENGTH && memcmp(p, wide, WIDE_LENGTH) == 0;
}

/* The length of the mark at p, in either of its forms; 0 if it is not there. */
static int
mark_length(const char *p, const char *end, char ascii, const char *wide)
{
	if (*p == ascii)
		return 1;
	return is_wide(p, end, wide) ? WIDE_LENGTH : 0;
}

/* The length of the opening quote at p, or 0. Any quote may close it. */
static int
quote_length(const char *p, const char *end)
{
	int			length = mark_length(p, end, '"', OPENING_QUOTE);

	return length > 0 ? length : mark_length(p, end, '"', CLOSING_QUOTE);
}

/*
 * Where the mark stands first outside quotes; end if nowhere. A quote that is
 * never closed runs to the end: whoever reads that text complains.
 */
static const char *
find_mark(const char *p, const char *end, char ascii, const char *wide)
{
	bool		quoted = false;

	while (p < end)
	{
		int			quote = quote_length(p, end);

		if (quote > 0)
			quoted = !quoted;
		else if (!quoted && mark_length(p, end, ascii, wide) > 0)
			return p;
		p += Max(quote, 1);
	}
	return end;
}

/* Narrow a stretch of text to what lies between its outer blanks. */
static void
trim(const char **start, const char **end)
{
	while (*start < *end && scanner_isspace(**start))
		(*start)++;
	while (*start < *end && scanner_isspace((*end)[-1]))
		(*end)--;
}

/* How much of a text to show in a message: all, or its first whole characters. */
static int
shown_length(const char *str, int len)
{
	return len <= PART_MAX_NAME ? len : pg_mbcliplen(str, len, PART_MAX_NAME);
}

/* Start on len bytes at str, which must outlive the parts. */
void
part_scan(PartScanner *scanner, const char *str, int len,
		  const char *type_name, struct Node *escontext)
{
	scanner->next = str;
	scanner->end = str + len;
	scanner->type_name = type_name;
	scanner->escontext = escontext;
}

/* The next part; false at the end, and after a soft error. */
bool
part_next(PartScanner *scanner, Part *part)
{
	const char *start = scanner->next;
	const char *end = find_mark(start, scanner->end, ';', WIDE_SEMICOLON);
	const char *head_end;
	const char *body;

	if (end < scanner->end)
		scanner->next = end + mark_length(end, scanner->end, ';', WIDE_SEMICOLON);
	else
		scanner->next = end;

	trim(&start, &end);
	if (start == end)
	{
		/* nothing at all, or what follows a final semicolon */
		if (scanner->next == scanner->end)
			return false;
		ereturn(scanner->escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: nothing stands before a \";\"",
						scanner->type_name)));
	}

	head_end = find_mark(start, end, ':', WIDE_COLON);
	if (head_end == end)
		ereturn(scanner->escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: no \":\" in \"%.*s\"", scanner->type_name,
						shown_length(start, end - start), start),
				 errhint("Each part is written \"name: ...\"; parts are separated by \";\".")));

	body = head_end + mark_length(head_end, end, ':', WIDE_COLON);
	part->head = start;
	trim(&part->head, &head_end);
	part->head_len = head_end - part->head;
	part->body = body;
	trim(&part->body, &end);
	part->body_len = end - part->body;
	return true;
}

/* Copy what lies in quotes, a doubled quote as one; false if that is not all. */
static bool
unquote(StringInfo name, const char *p, const char *end)
{
	p += quote_length(p, end);
	while (p < end)
	{
		int			quote = quote_length(p, end);

		if (quote == 0)
			appendStringInfoChar(name, *p++);
		else if (*p == '"' && end - p > 1 && p[1] == '"')
		{
			appendStringInfoChar(name, '"');
			p += 2;
		}
		else
			return p + quote == end;
	}
	return false;
}

/* Copy words, with one blank between them; false at a quote. */
static bool
join_words(StringInfo name, const char *p, const char *end)
{
	for (; p < end; p++)
	{
		if (quote_length(p, end) > 0)
			return false;
		if (!scanner_isspace(*p))
			appendStringInfoChar(name, *p);
		else if (!scanner_isspace(p[-1]))
			appendStringInfoChar(name, ' ');
	}
	return true;
}

/*
 * The name that len bytes at str say: words, with single blanks between
 * them, or any text in double quotes. NULL after a soft error.
 */
char *
part_name(PartScanner *scanner, const char *str, int len)
{
	const char *end = str + len;
	StringInfoData name;
	bool		is_name;

	initStringInfo(&name);
	if (len > 0 && quote_length(str, end) > 0)
		is_name = unquote(&name, str, end);
	else
		is_name = join_words(&name, str, end);

	if (!is_name)
		ereturn(scanner->escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: \"%.*s\" is not a name", scanner->type_name,
						shown_length(str, len), str),
				 errdetail("A name is words, or any text in double quotes, with quotes inside doubled.")));
	if (name.len < 1 || name.len > PART_MAX_NAME)
		ereturn(scanner->escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: a name must have 1 to %d bytes, not %d",
						scanner->type_name, PART_MAX_NAME, name.len)));
	return name.data;
}

/* Would part_name, given this name bare, read something else? */
static bool
needs_quotes(const char *name)
{
	const char *end = name + strlen(name);
	const char *p;

	if (scanner_isspace(name[0]) || scanner_isspace(end[-1]))
		return true;
	for (p = name; p < end; p++)
	{
		if (quote_length(p, end) > 0 ||
			mark_length(p, end, ':', WIDE_COLON) > 0 ||
			mark_length(p, end, ';', WIDE_SEMICOLON) > 0)
			return true;
		if (scanner_isspace(*p) && (*p != ' ' || p[1] == ' '))
			return true;
	}
	return false;
}

/* Append a name as part_name reads it, quoted only where it must be. */
void
part_append_name(StringInfo buf, const char *name)
{
	const char *p;

	if (!needs_quotes(name))
	{
		appendStringInfoString(buf, name);
		return;
	}
	appendStringInfoChar(buf, '"');
	for (p = name; *p != '\0'; p++)
	{
		if (*p == '"')
			appendStringInfoChar(buf, '"');
		appendStringInfoChar(buf, *p);
	}
	appendStringInfoChar(buf, '"');
}
