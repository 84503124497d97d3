/*-------------------------------------------------------------------------
 *
 * scheme_scan.c
 *		Read the words, numbers and signs of the scheme language.
 *
 * The scanner works on characters, without a table of tokens: what a
 * character means depends on where it stands (5 is a label, a bound or a
 * part of p5). As in core's lexer any byte with the high bit set is a letter,
 * so reading depends on no locale. In a UTF-8 database the full-width signs
 * that Chinese and Japanese keyboards give are read as their ASCII twins.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "number/numeric_ops.h"
#include "scheme/scheme_scan.h"

/* How many bytes are read between looks at whether to stop: a power of two. */
#define INTERRUPT_INTERVAL	65536

/* How much of the text a message shows, in bytes. */
#define MAX_SHOWN	32

/*
 * Digits a number may have on either side of its point, written plainly.
 * Enough for every double and for the midpoint of any two.
 */
#define MAX_DIGITS	1200

/* Exponents are cut to this: beyond it a number is too long, or a zero. */
#define MAX_EXPONENT	99999L

/* Beyond this many digits a hint does not spell a number out. */
#define MAX_HINT_DIGITS	100

typedef struct SpecialCharacter
{
	const char *bytes;			/* in UTF-8 */
	int			meaning;
} SpecialCharacter;

/* The regular full-width forms, U+FF01 to U+FF5E, are computed. */
static const SpecialCharacter special_characters[] = {
	{"\xC2\xA0", ' '},			/* U+00A0 no-break space */
	{"\xE3\x80\x80", ' '},		/* U+3000 ideographic space */
	{"\xE3\x80\x81", ','},		/* U+3001 ideographic comma, of enumerations */
	{"\xE2\x80\x9C", SCAN_QUOTE},	/* U+201C left double quotation mark */
	{"\xE2\x80\x9D", SCAN_QUOTE},	/* U+201D right double quotation mark */
	{"\xE2\x89\xA4", SCAN_LE},	/* U+2264 less-than or equal to */
	{"\xE2\x89\xA5", SCAN_GE},	/* U+2265 greater-than or equal to */
};

/* Signs that stand before or after an amount, in UTF-8. */
static const char *const currencies[] = {
	"$",
	"\xC2\xA3",					/* pound */
	"\xC2\xA5",					/* yen */
	"\xE2\x82\xAC",				/* euro */
	"\xEF\xBF\xA5",				/* full-width yen */
	"\xE5\x85\x83",				/* yuan, as a word */
};

typedef struct Magnitude
{
	const char *suffix;
	int			power;			/* of ten */
} Magnitude;

/* Suffixes that multiply a number, in UTF-8. */
static const Magnitude magnitudes[] = {
	{"k", 3},
	{"K", 3},
	{"m", 6},
	{"M", 6},
	{"\xE5\x8D\x83", 3},		/* qian */
	{"\xE4\xB8\x87", 4},		/* wan */
	{"\xE8\x90\xAC", 4},		/* wan, traditional */
	{"\xE4\xBA\xBF", 8},		/* yi */
	{"\xE5\x84\x84", 8},		/* yi, traditional */
};

/* Start reading len bytes at str. */
void
scan_begin(SchemeScanner *scanner, const char *str, int len,
		   struct Node *escontext)
{
	scanner->str = str;
	scanner->len = len;
	scanner->pos = 0;
	scanner->escontext = escontext;
}

/* Does the text at pos begin with this? */
static bool
starts_with(const SchemeScanner *scanner, int pos, const char *prefix)
{
	int			len = strlen(prefix);

	return pos + len <= scanner->len &&
		memcmp(scanner->str + pos, prefix, len) == 0;
}

/*
 * The ASCII twin of a full-width sign (U+FF01 to U+FF5E), or 0. Letters,
 * digits and the low line are left as they are: they may belong to a label.
 */
static int
full_width_twin(const unsigned char *bytes)
{
	int			twin;

	if (bytes[0] != 0xEF)
		return 0;
	if (bytes[1] == 0xBC && bytes[2] >= 0x81 && bytes[2] <= 0xBF)
		twin = bytes[2] - 0x81 + '!';
	else if (bytes[1] == 0xBD && bytes[2] >= 0x80 && bytes[2] <= 0x9E)
		twin = bytes[2] - 0x80 + '`';
	else
		return 0;

	if (isalnum(twin) || twin == '_')
		return 0;
	return twin == '"' ? SCAN_QUOTE : twin;
}

/*
 * What the character at pos means: itself or its twin in ASCII, or one of the
 * SCAN_ codes. Sets its width in bytes; a letter is read byte by byte. All
 * reading comes down to this, so that it can be interrupted here.
 */
int
scan_char(const SchemeScanner *scanner, int pos, int *width)
{
	unsigned char c;

	if (unlikely(pos % INTERRUPT_INTERVAL == 0))
		CHECK_FOR_INTERRUPTS();

	*width = 0;
	if (pos >= scanner->len)
		return SCAN_END;

	*width = 1;
	c = (unsigned char) scanner->str[pos];
	if (!IS_HIGHBIT_SET(c))
		return c;

	/* All that follows begin with one of these. */
	if ((c == 0xC2 || c == 0xE2 || c == 0xE3 || c == 0xEF) &&
		GetDatabaseEncoding() == PG_UTF8)
	{
		for (size_t i = 0; i < lengthof(special_characters); i++)
		{
			if (starts_with(scanner, pos, special_characters[i].bytes))
			{
				*width = strlen(special_characters[i].bytes);
				return special_characters[i].meaning;
			}
		}
		if (pos + 3 <= scanner->len)
		{
			int			twin;

			twin = full_width_twin((const unsigned char *) scanner->str + pos);
			if (twin != 0)
			{
				*width = 3;
				return twin;
			}
		}
	}
	return SCAN_LETTER;
}

/* Is this a character of words? */
static inline bool
is_word_char(int c)
{
	return c == SCAN_LETTER || c == '_' || (c < 0x80 && isalnum(c));
}

static inline bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The position of the first character at or after pos that is no space. */
static int
skip_space(const SchemeScanner *scanner, int pos)
{
	int			width;

	while (is_space(scan_char(scanner, pos, &width)))
		pos += width;
	return pos;
}

/* Skip spaces, and look at the next character. */
int
scan_peek(SchemeScanner *scanner)
{
	int			width;

	scanner->pos = skip_space(scanner, scanner->pos);
	return scan_char(scanner, scanner->pos, &width);
}

/* Does the ladder end here? */
bool
scan_at_end(SchemeScanner *scanner)
{
	int			c = scan_peek(scanner);

	return c == SCAN_END || c == ';';
}

/* Read this sign, if it is next. */
bool
scan_symbol(SchemeScanner *scanner, int symbol)
{
	int			width;

	scanner->pos = skip_space(scanner, scanner->pos);
	if (scan_char(scanner, scanner->pos, &width) != symbol)
		return false;
	scanner->pos += width;
	return true;
}

/* Skip spaces; how many bytes has the word that is next? */
int
scan_peek_word(SchemeScanner *scanner)
{
	int			pos;
	int			width;

	scanner->pos = skip_space(scanner, scanner->pos);
	pos = scanner->pos;
	while (is_word_char(scan_char(scanner, pos, &width)))
		pos += width;
	return pos - scanner->pos;
}

/* Is the word of len bytes this keyword, whatever its case? */
static bool
word_is(const char *word, int len, const char *keyword)
{
	for (int i = 0; i < len; i++)
	{
		if (keyword[i] == '\0' ||
			pg_ascii_tolower((unsigned char) word[i]) != keyword[i])
			return false;
	}
	return keyword[len] == '\0';
}

/* Read this keyword (given in lower case), if it is next. */
bool
scan_keyword(SchemeScanner *scanner, const char *keyword)
{
	int			len = scan_peek_word(scanner);

	if (len == 0 || !word_is(scanner->str + scanner->pos, len, keyword))
		return false;
	scanner->pos += len;
	return true;
}

/* Read a comparison operator, if one is next. */
bool
scan_operator(SchemeScanner *scanner, BoundOp *op)
{
	int			width;

	switch (scan_peek(scanner))
	{
		case SCAN_GE:
			*op = OP_GE;
			break;
		case SCAN_LE:
			*op = OP_LE;
			break;
		case '>':
			*op = OP_GT;
			break;
		case '<':
			*op = OP_LT;
			break;
		default:
			return false;
	}
	(void) scan_char(scanner, scanner->pos, &width);
	scanner->pos += width;

	if (!op_is_inclusive(*op) &&
		scan_char(scanner, scanner->pos, &width) == '=')
	{
		*op = op_make(op_is_lower_better(*op), true);
		scanner->pos += width;
	}
	return true;
}

/*
 * Read a label in quotes. In ASCII quotes a doubled quote stands for one, and
 * Chinese quotes are text. A label that begins with a Chinese quote ends with
 * the next one, left or right.
 */
static bool
scan_quoted_label(SchemeScanner *scanner, char **label)
{
	int			start = scanner->pos;
	int			width;
	int			quote = scan_char(scanner, start, &width);
	StringInfoData buf;

	initStringInfo(&buf);
	scanner->pos += width;
	for (;;)
	{
		int			c = scan_char(scanner, scanner->pos, &width);

		if (c == SCAN_END)
			SCAN_SYNTAX_ERROR(scanner, start,
							  errmsg("unfinished quoted label"),
							  errhint("Close the label with a double quote; write a double quote inside it twice."));
		if (c == quote)
		{
			scanner->pos += width;
			if (quote != '"' || scanner->pos >= scanner->len ||
				scanner->str[scanner->pos] != '"')
				break;
		}
		appendBinaryStringInfo(&buf, scanner->str + scanner->pos, width);
		scanner->pos += width;
	}

	*label = buf.data;
	return true;
}

/* Read a label: a word, or any text in quotes. */
bool
scan_label(SchemeScanner *scanner, char **label)
{
	int			c = scan_peek(scanner);
	int			start = scanner->pos;
	int			len;

	if (c == '"' || c == SCAN_QUOTE)
		return scan_quoted_label(scanner, label);

	len = scan_peek_word(scanner);
	if (len > 0)
	{
		*label = pnstrdup(scanner->str + start, len);
		scanner->pos += len;
		return true;
	}

	if (c == ',')
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("missing tier before a comma"),
						  errhint("Write one comma between two tiers."));
	if (c == SCAN_END || c == ';')
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("missing tier after the last comma"),
						  errhint("Leave the last comma out, or write a tier after it."));
	if (c == '>' || c == '<' || c == SCAN_GE || c == SCAN_LE)
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("bound without a label"),
						  errhint("Each tier begins with its label, as in A >= 5000."));
	SCAN_SYNTAX_ERROR(scanner, start,
					  errmsg("unexpected %s instead of a label",
							 scan_token(scanner)),
					  errhint("Put a label in double quotes unless it is made of letters, digits and \"_\"."));
}

/*
 * Is this text read back as one word? Outside UTF-8 a label that is not ASCII
 * is never taken for one: restored into a UTF-8 database its characters may
 * be signs there.
 */
bool
scan_is_word(const char *str)
{
	SchemeScanner scanner;
	int			len = strlen(str);

	if (GetDatabaseEncoding() != PG_UTF8)
	{
		for (int i = 0; i < len; i++)
		{
			if (IS_HIGHBIT_SET(str[i]))
				return false;
		}
	}
	scan_begin(&scanner, str, len, NULL);
	return scan_peek_word(&scanner) == len && scanner.pos == 0;
}

/*
 * The width of a currency sign at pos, or 0. The signs are looked for in
 * UTF-8 alone; elsewhere the amount meets a plainer error.
 */
static int
currency_width(const SchemeScanner *scanner, int pos)
{
	if (GetDatabaseEncoding() != PG_UTF8)
		return 0;
	for (size_t i = 0; i < lengthof(currencies); i++)
	{
		if (starts_with(scanner, pos, currencies[i]))
			return strlen(currencies[i]);
	}
	return 0;
}

/* Is a number next, or something that was meant as one? */
bool
scan_at_number(SchemeScanner *scanner)
{
	int			c = scan_peek(scanner);
	const char *word = scanner->str + scanner->pos;
	int			len;

	if (is_digit(c) || c == '.' || c == '+' || c == '-' || c == '$')
		return true;
	if (currency_width(scanner, scanner->pos) > 0)
		return true;
	len = scan_peek_word(scanner);
	return word_is(word, len, "infinity") || word_is(word, len, "inf") ||
		word_is(word, len, "nan");
}

/* Is a percentile next, such as p80? */
bool
scan_at_percentile(SchemeScanner *scanner)
{
	int			c = scan_peek(scanner);

	return (c == 'p' || c == 'P') && scanner->pos + 1 < scanner->len &&
		is_digit(scanner->str[scanner->pos + 1]);
}

/* The position after the digits at pos; they are appended to buf. */
static int
skip_digits(const SchemeScanner *scanner, int pos, StringInfo buf)
{
	int			c;
	int			width;

	while (is_digit(c = scan_char(scanner, pos, &width)))
	{
		appendStringInfoChar(buf, c);
		pos += width;
	}
	return pos;
}

/* Read a sign, if there is one, and append a minus to buf. */
static int
skip_sign(const SchemeScanner *scanner, int pos, StringInfo buf)
{
	int			width;
	int			c = scan_char(scanner, pos, &width);

	if (c != '+' && c != '-')
		return pos;
	if (c == '-')
		appendStringInfoChar(buf, c);
	return pos + width;
}

/*
 * The position after the suffixes of magnitude at pos, which may be stacked;
 * pos itself if there are none. Adds up their powers of ten.
 */
static int
skip_magnitude(const SchemeScanner *scanner, int pos, int *power)
{
	int			start = pos;
	int			width;
	bool		found;

	*power = 0;
	do
	{
		found = false;
		for (size_t i = 0; i < lengthof(magnitudes); i++)
		{
			const char *suffix = magnitudes[i].suffix;

			if (IS_HIGHBIT_SET(suffix[0]) && GetDatabaseEncoding() != PG_UTF8)
				continue;
			if (!starts_with(scanner, pos, suffix))
				continue;
			/* 5k, but neither 5km nor 5months */
			if (!IS_HIGHBIT_SET(suffix[0]) &&
				is_word_char(scan_char(scanner, pos + 1, &width)))
				continue;
			pos += strlen(suffix);
			*power += magnitudes[i].power;
			found = true;
			break;
		}
	} while (found && pos - start < MAX_SHOWN);
	return pos;
}

/*
 * Does a bound follow at pos, or the rest of a word? Then the digits before
 * it are a label: in "5,100 >= 3" the comma begins the next tier.
 */
static bool
follows_label(const SchemeScanner *scanner, int pos)
{
	SchemeScanner rest = *scanner;
	BoundOp		op;
	DurationUnit unit;
	int			power;

	rest.pos = pos;
	if (scan_operator(&rest, &op))
		return true;
	return scan_peek_word(&rest) > 0 &&
		skip_magnitude(&rest, rest.pos, &power) == rest.pos &&
		currency_width(&rest, rest.pos) == 0 &&
		!scan_unit(&rest, &unit);
}

/*
 * The position after the groups of three digits at pos, as in 5,000,000; pos
 * itself if there are none.
 */
static int
skip_groups(const SchemeScanner *scanner, int pos, StringInfo buf)
{
	StringInfoData groups;
	int			end = pos;
	int			width;

	initStringInfo(&groups);
	while (scan_char(scanner, end, &width) == ',')
	{
		int			before = groups.len;
		int			after = skip_digits(scanner, end + width, &groups);

		if (groups.len - before != 3)
		{
			groups.len = before;	/* this comma ends the tier */
			break;
		}
		end = after;
	}
	if (groups.len == 3 && follows_label(scanner, end))
		return pos;

	appendBinaryStringInfo(buf, groups.data, groups.len);
	return end;
}

/* A hint that spells the number out, unless it is too long for that. */
static int
number_hint(const char *digits, int power)
{
	if (strlen(digits) > MAX_HINT_DIGITS)
		return errhint("Write numbers in plain digits, such as 5000000.");
	return errhint("Write %s.",
				   numeric_normalize(num_from_text(psprintf("%se%d",
															digits, power))));
}

/* A number as people write numbers. */
typedef struct LooseNumber
{
	int			end;			/* the position after it */
	int			ndigits;
	StringInfoData plain;		/* sign, digits and point */
	int			power;			/* of ten, to multiply by */
	bool		has_groups;		/* 5,000,000 */
	bool		has_currency;
} LooseNumber;

/* Read the sign and currency that may stand before the digits at pos. */
static int
read_loose_prefix(const SchemeScanner *scanner, int pos, LooseNumber *number)
{
	int			width;

	pos = skip_sign(scanner, pos, &number->plain);
	width = currency_width(scanner, pos);
	if (width == 0)
		return pos;
	number->has_currency = true;
	pos = skip_space(scanner, pos + width);
	if (number->plain.len == 0)
		pos = skip_sign(scanner, pos, &number->plain);
	return pos;
}

/* Read the digits at pos, grouped or not, and their decimals. */
static int
read_loose_digits(const SchemeScanner *scanner, int pos, LooseNumber *number)
{
	int			before = number->plain.len;
	int			width;

	pos = skip_digits(scanner, pos, &number->plain);
	number->ndigits = number->plain.len - before;
	if (number->ndigits >= 1 && number->ndigits <= 3)
	{
		int			end = skip_groups(scanner, pos, &number->plain);

		number->has_groups = end > pos;
		pos = end;
	}
	if (scan_char(scanner, pos, &width) == '.')
	{
		appendStringInfoChar(&number->plain, '.');
		before = number->plain.len;
		pos = skip_digits(scanner, pos + width, &number->plain);
		number->ndigits += number->plain.len - before;
	}
	return pos;
}

/*
 * Read the magnitude and currency that may stand after the digits at pos. A
 * magnitude of ASCII letters stands close: apart, it is the next word.
 */
static int
read_loose_suffix(const SchemeScanner *scanner, int pos, LooseNumber *number)
{
	int			apart = skip_space(scanner, pos);
	int			width;

	if (apart == pos ||
		(apart < scanner->len && IS_HIGHBIT_SET(scanner->str[apart])))
	{
		int			end = skip_magnitude(scanner, apart, &number->power);

		if (end > apart)
			pos = end;
	}
	width = currency_width(scanner, pos);
	if (width > 0)
		number->has_currency = true;
	return pos + width;
}

/*
 * Look at the number that is next, as people write numbers, and report what
 * is not plain in it: separators of thousands, a magnitude, a currency.
 */
bool
scan_check_plain(SchemeScanner *scanner)
{
	int			start = skip_space(scanner, scanner->pos);
	LooseNumber number = {0};
	const char *flaw;

	initStringInfo(&number.plain);
	number.end = read_loose_prefix(scanner, start, &number);
	number.end = read_loose_digits(scanner, number.end, &number);
	if (number.ndigits == 0)
		return true;
	number.end = read_loose_suffix(scanner, number.end, &number);

	if (number.power > 0)
		flaw = "magnitude";
	else if (number.has_groups)
		flaw = "thousands separator";
	else if (number.has_currency)
		flaw = "currency sign";
	else
		return true;
	SCAN_SYNTAX_ERROR(scanner, start,
					  errmsg("%s in number \"%s\"", flaw,
							 scan_clip(scanner->str + start, number.end - start)),
					  number_hint(number.plain.data, number.power));
}

/*
 * Read the exponent at pos, if there is one, and append it to buf. Far
 * exponents are cut: they are out of range all the same.
 */
static int
skip_exponent(const SchemeScanner *scanner, int pos, StringInfo buf,
			  int *exponent)
{
	StringInfoData digits;
	int			width;
	int			c = scan_char(scanner, pos, &width);
	int			end;

	*exponent = 0;
	if (c != 'e' && c != 'E')
		return pos;

	initStringInfo(&digits);
	end = skip_sign(scanner, pos + width, &digits);
	if (!is_digit(scan_char(scanner, end, &width)))
		return pos;
	end = skip_digits(scanner, end, &digits);

	*exponent = (int) Min(Max(strtol(digits.data, NULL, 10), -MAX_EXPONENT),
						  MAX_EXPONENT);
	appendStringInfo(buf, "e%d", *exponent);
	return end;
}

/* Read the words that are numbers: Infinity, and NaN, which is refused. */
static bool
scan_number_word(SchemeScanner *scanner, bool negative, Numeric *number)
{
	const char *word = scanner->str + scanner->pos;
	int			start = scanner->pos;
	int			width;
	int			len = 0;

	while (is_word_char(scan_char(scanner, start + len, &width)))
		len += width;

	if (word_is(word, len, "infinity") || word_is(word, len, "inf"))
	{
		scanner->pos += len;
		*number = num_from_text(negative ? "-Infinity" : "Infinity");
		return true;
	}
	if (word_is(word, len, "nan"))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("NaN cannot be a bound"),
					scan_errdetail(scanner, start),
					errhint("For a tier that nobody reaches write > Infinity.")));
	SCAN_SYNTAX_ERROR(scanner, start,
					  errmsg("expected a number"),
					  errhint("Write numbers in plain digits, such as 5000000 or 0.25."));
}

/* Read a number. Its length is checked here, so that numeric_in accepts it. */
bool
scan_number(SchemeScanner *scanner, Numeric *number)
{
	StringInfoData buf;
	int			start;
	int			pos;
	int			width;
	int			before;
	int			nwhole;
	int			ndecimals = 0;
	int			exponent;

	start = skip_space(scanner, scanner->pos);
	initStringInfo(&buf);
	pos = skip_sign(scanner, start, &buf);
	before = buf.len;
	pos = skip_digits(scanner, pos, &buf);
	nwhole = buf.len - before;
	if (scan_char(scanner, pos, &width) == '.')
	{
		StringInfoData decimals;
		int			end;

		initStringInfo(&decimals);
		end = skip_digits(scanner, pos + width, &decimals);
		ndecimals = decimals.len;
		if (ndecimals > 0)
		{
			appendStringInfo(&buf, ".%s", decimals.data);
			pos = end;
		}
	}
	if (nwhole + ndecimals == 0)
	{
		scanner->pos = pos;
		return scan_number_word(scanner, before > 0, number);
	}
	pos = skip_exponent(scanner, pos, &buf, &exponent);

	if (nwhole + exponent > MAX_DIGITS || ndecimals - exponent > MAX_DIGITS)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("number \"%s\" is too long",
						   scan_clip(scanner->str + start, pos - start)),
					scan_errdetail(scanner, start),
					errhint("A number has at most %d digits before its point, and as many after it.",
							MAX_DIGITS)));

	scanner->pos = pos;
	*number = num_from_text(buf.data);
	return true;
}

/* Read a unit of time, if one is next. */
bool
scan_unit(SchemeScanner *scanner, DurationUnit *unit)
{
	static const char *const names[][2] = {
		[UNIT_DAY] = {"day", "days"},
		[UNIT_WEEK] = {"week", "weeks"},
		[UNIT_MONTH] = {"month", "months"},
		[UNIT_QUARTER] = {"quarter", "quarters"},
		[UNIT_YEAR] = {"year", "years"},
	};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (scan_keyword(scanner, names[i][0]) ||
			scan_keyword(scanner, names[i][1]))
		{
			*unit = (DurationUnit) i;
			return true;
		}
	}
	return false;
}

/* A copy of some text for a message, cut between characters if it is long. */
char *
scan_clip(const char *str, int len)
{
	if (len <= MAX_SHOWN)
		return pnstrdup(str, len);
	return psprintf("%.*s...", pg_mbcliplen(str, len, MAX_SHOWN), str);
}

/* The word, or else the character, that is next: quoted, for messages. */
char *
scan_token(SchemeScanner *scanner)
{
	int			len = scan_peek_word(scanner);
	const char *str = scanner->str + scanner->pos;

	if (scanner->pos >= scanner->len)
		return "end";
	if (len == 0)
		len = pg_mblen(str);
	return psprintf("\"%s\"", scan_clip(str, len));
}

/* Tell where in the text an error stands, counted in characters from 1. */
int
scan_errdetail(const SchemeScanner *scanner, int pos)
{
	int			number = pg_mbstrlen_with_len(scanner->str, pos) + 1;

	if (pos >= scanner->len)
		return errdetail("At character %d, the end of the text.", number);
	return errdetail("At character %d: \"%s\".", number,
					 scan_clip(scanner->str + pos, scanner->len - pos));
}

/* What somebody who typed this word most likely meant, or NULL. */
const char *
scan_suggest(const char *word, int len, const ScanSuggestion *suggestions,
			 int nsuggestions)
{
	const char *best = NULL;
	int			best_distance;
	char	   *lower;

	if (len > NAMEDATALEN)
		return NULL;

	/* two slips, fewer in the shortest words */
	best_distance = Min(len - 1, 2);
	lower = pnstrdup(word, len);
	for (int i = 0; i < len; i++)
		lower[i] = pg_ascii_tolower((unsigned char) lower[i]);

	for (int i = 0; i < nsuggestions; i++)
	{
		const char *typed = suggestions[i].typed;
		int			distance;

		distance = varstr_levenshtein_less_equal(lower, len,
												 typed, strlen(typed),
												 1, 1, 1,
												 best_distance, true);
		if (distance < best_distance ||
			(best == NULL && distance == best_distance))
		{
			best = suggestions[i].meant;
			best_distance = distance;
		}
	}
	return best;
}
