/*-------------------------------------------------------------------------
 *
 * digest_type.c
 *		The type value_digest: its text and binary forms, and its operators.
 *
 * The text form is for people, and exact:
 *		(capacity 4194304) 10 20*2 70
 *		(capacity 4096, precision 30, min 0.3, max 8.1, places 1) 0.29 0.5*3 8
 * classes ascending, each with its count if that is not 1.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "common/hashfn.h"
#include "common/int.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "digest/digest_flat.h"
#include "number/decimal.h"

PG_FUNCTION_INFO_V1(value_digest_in);
PG_FUNCTION_INFO_V1(value_digest_out);
PG_FUNCTION_INFO_V1(value_digest_recv);
PG_FUNCTION_INFO_V1(value_digest_send);
PG_FUNCTION_INFO_V1(value_digest_eq);
PG_FUNCTION_INFO_V1(value_digest_ne);
PG_FUNCTION_INFO_V1(value_digest_hash);
PG_FUNCTION_INFO_V1(value_digest_hash_extended);
PG_FUNCTION_INFO_V1(value_digest_minus);
PG_FUNCTION_INFO_V1(digest_compact);

/* What in and recv read, before it is found valid. */
typedef struct DigestInput
{
	int64		capacity;
	int64		precision;
	bool		is_wide;
	bool		has_min;
	bool		has_max;
	int64		places;			/* NO_PLACES if there are none */
	double		min;
	double		max;
	int			nclasses;
	int			room;
	ValueImage *images;
	int64	   *counts;
} DigestInput;

/* Text being parsed. */
typedef struct DigestParser
{
	const char *text;			/* all of it, for messages */
	const char *at;
	struct Node *escontext;
} DigestParser;

/* Say that a value lies where only finite doubles may. */
static bool
is_finite_image(ValueImage image)
{
	return isfinite(image_value(image)) && image != value_image(0) - 1;
}

/*
 * Check what makes the classes of a digest valid; NULL, or what is wrong.
 * Whether a higher precision would have done cannot be seen any more.
 */
static const char *
find_class_fault(const DigestInput *input)
{
	const ValueImage mask = precision_mask(input->precision);
	int64		total = 0;

	for (int i = 0; i < input->nclasses; i++)
	{
		if (!is_finite_image(input->images[i]))
			return "A value is not finite.";
		if (input->images[i] & ~mask)
			return "A value is more precise than the precision says.";
		if (i > 0 && input->images[i] <= input->images[i - 1])
			return "Values must ascend.";
		if (input->counts[i] <= 0)
			return "Counts must be positive.";
		if (input->counts[i] > DIGEST_MAX_COUNT - total)
			return "There are too many values.";
		total += input->counts[i];
	}
	return NULL;
}

/* Check all that makes a digest valid; NULL, or what is wrong. */
static const char *
find_fault(const DigestInput *input)
{
	const char *fault;
	ValueImage	mask;

	if (input->capacity < DIGEST_MIN_CAPACITY ||
		input->capacity > DIGEST_MAX_CAPACITY)
		return "The capacity must be from 4096 to 16777216.";
	if (input->precision < 0 || input->precision > DIGEST_FULL_PRECISION)
		return "The precision must be from 0 to 52.";
	if (input->nclasses < 1)
		return "There must be at least one value.";
	if (input->nclasses > input->capacity)
		return "There are more distinct values than the capacity.";

	if (input->places < NO_PLACES || input->places > DECIMAL_MAX_PLACES)
		return "The places must be from 0 to 15.";
	if (input->places != NO_PLACES &&
		input->precision == DIGEST_FULL_PRECISION)
		return "Places are given when the precision is below 52, and only then.";

	fault = find_class_fault(input);
	if (fault)
		return fault;

	if ((input->precision < DIGEST_FULL_PRECISION) != input->has_min ||
		input->has_min != input->has_max)
		return "A minimum and a maximum must be given when the precision is below 52, and only then.";
	if (!input->has_min)
		return NULL;
	mask = precision_mask(input->precision);
	if (!isfinite(input->min) || !isfinite(input->max) ||
		input->min > input->max ||
		(value_image(input->min) & mask) != input->images[0] ||
		(value_image(input->max) & mask) != input->images[input->nclasses - 1])
		return "The minimum must lie in the first class, the maximum in the last.";
	return NULL;
}

/* Make the digest of a valid input. */
static FlatDigest *
make_digest(const DigestInput *input)
{
	DigestView	view;

	view.nclasses = input->nclasses;
	view.images = input->images;
	view.counts = input->counts;
	view.count_width = sizeof(int64);
	view.precision = input->precision;
	view.capacity = input->capacity;
	view.is_wide = input->is_wide;
	view.places = input->places;
	view.count = 0;
	for (int i = 0; i < input->nclasses; i++)
		view.count += input->counts[i];
	/* Adding 0 makes +0 of -0. */
	view.min = input->has_min ? input->min + 0.0 :
		image_value(input->images[0]);
	view.max = input->has_max ? input->max + 0.0 :
		image_value(input->images[input->nclasses - 1]);
	view.sum = digest_compute_sum(&view);
	return digest_flatten(&view);
}

/* Report malformed text, softly where the server can; returns false. */
static bool
syntax_error(DigestParser *parser, const char *detail)
{
	int			length = strnlen(parser->text, 64);

	length = pg_mbcliplen(parser->text, length, length);
	ereturn(parser->escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%.*s%s\"",
					"value_digest", length, parser->text,
					parser->text[length] ? "..." : ""),
			 errdetail("%s", detail)));
}

/* Say whether a character is a digit, whatever the locale. */
static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Skip white space. */
static void
skip_space(DigestParser *parser)
{
	while (scanner_isspace(*parser->at))
		parser->at++;
}

/* Skip a character if it comes next. */
static bool
accept_char(DigestParser *parser, char c)
{
	skip_space(parser);
	if (*parser->at != c)
		return false;
	parser->at++;
	return true;
}

/* Skip a word if it comes next. */
static bool
accept_word(DigestParser *parser, const char *word)
{
	size_t		length = strlen(word);

	skip_space(parser);
	if (strncmp(parser->at, word, length) != 0)
		return false;
	parser->at += length;
	return true;
}

/* Parse a whole number without sign. */
static bool
parse_count(DigestParser *parser, int64 *result)
{
	skip_space(parser);
	if (!is_digit(*parser->at))
		return syntax_error(parser, "A whole number is missing.");
	for (*result = 0; is_digit(*parser->at); parser->at++)
	{
		if (pg_mul_s64_overflow(*result, 10, result) ||
			pg_add_s64_overflow(*result, *parser->at - '0', result))
			return syntax_error(parser, "A whole number is too large.");
	}
	return true;
}

/*
 * Parse a decimal of few digits without an exponent, as most are: digits and
 * power are exact doubles, so that one division rounds as strtod does, in a
 * fraction of its time. False, without an error, of any other.
 */
static inline bool
parse_short_double(DigestParser *parser, double *result)
{
	static const double powers[DBL_DIG + 1] = {
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
		1e13, 1e14, 1e15
	};
	const char *at = parser->at;
	bool		is_negative = *at == '-';
	int64		digits = 0;
	int			ndigits = 0;
	int			ndecimals = 0;

	for (at += is_negative; is_digit(*at) && ndigits < DBL_DIG; at++, ndigits++)
		digits = digits * 10 + (*at - '0');
	if (*at == '.')
	{
		for (at++; is_digit(*at) && ndigits < DBL_DIG; at++, ndigits++, ndecimals++)
			digits = digits * 10 + (*at - '0');
	}
	if (ndigits == 0 || is_digit(*at) ||
		*at == '.' || *at == 'e' || *at == 'E' || *at == '+' || *at == '-')
		return false;
	*result = (is_negative ? -1.0 : 1.0) * (double) digits / powers[ndecimals];
	parser->at = at;
	return true;
}

/* Parse a finite decimal number. */
static bool
parse_double(DigestParser *parser, double *result)
{
	size_t		length;
	char	   *end;

	skip_space(parser);
	if (likely(parse_short_double(parser, result)))
		return true;
	length = strspn(parser->at, "0123456789+-.eE");
	errno = 0;
	*result = strtod(parser->at, &end);
	/* strtod knows more forms than ours: hexadecimal, infinity, nan. */
	if (length == 0 || end != parser->at + length)
		return syntax_error(parser, "A number is missing or malformed.");
	if (errno == ERANGE && (*result == 0 || !isfinite(*result)))
		return syntax_error(parser, "A number is outside the range of double precision.");
	parser->at = end;
	return true;
}

/* Parse what stands between the parentheses. */
static bool
parse_header(DigestParser *parser, DigestInput *input)
{
	input->precision = DIGEST_FULL_PRECISION;
	input->places = NO_PLACES;
	if (!accept_char(parser, '(') || !accept_word(parser, "capacity"))
		return syntax_error(parser, "It must begin with \"(capacity\". Numbers kept as text are digested as value_digest(column::numeric).");
	if (!parse_count(parser, &input->capacity))
		return false;
	if (accept_char(parser, ','))
	{
		bool		more = true;

		if (accept_word(parser, "precision"))
		{
			if (!parse_count(parser, &input->precision))
				return false;
			more = accept_char(parser, ',');
		}
		if (more && accept_word(parser, "min"))
		{
			if (!parse_double(parser, &input->min))
				return false;
			input->has_min = true;
			more = accept_char(parser, ',');
		}
		if (more && accept_word(parser, "max"))
		{
			if (!parse_double(parser, &input->max))
				return false;
			input->has_max = true;
			more = accept_char(parser, ',');
		}
		if (more && accept_word(parser, "places"))
		{
			if (!parse_count(parser, &input->places))
				return false;
			more = accept_char(parser, ',');
		}
		if (more && accept_word(parser, "wide"))
		{
			input->is_wide = true;
			more = false;
		}
		if (more)
			return syntax_error(parser, "After the capacity come precision, min, max, places and wide, in this order.");
	}
	if (!accept_char(parser, ')'))
		return syntax_error(parser, "A closing parenthesis is missing.");
	return true;
}

/* Make room for one more class. */
static void
reserve_class(DigestInput *input)
{
	if (input->nclasses < input->room)
		return;
	if (input->room == 0)
	{
		input->room = 64;
		input->images = palloc(sizeof(ValueImage) * input->room);
		input->counts = palloc(sizeof(int64) * input->room);
		return;
	}
	input->room *= 2;
	input->images = repalloc_huge(input->images,
								  sizeof(ValueImage) * input->room);
	input->counts = repalloc_huge(input->counts,
								  sizeof(int64) * input->room);
}

/* Parse the classes, up to the end. */
static bool
parse_classes(DigestParser *parser, DigestInput *input)
{
	for (;;)
	{
		double		value;
		int64		count = 1;

		CHECK_FOR_INTERRUPTS();
		skip_space(parser);
		if (*parser->at == '\0')
			return true;
		if (!parse_double(parser, &value))
			return false;
		if (*parser->at == '*')
		{
			parser->at++;
			if (!parse_count(parser, &count))
				return false;
		}
		if (*parser->at != '\0' && !scanner_isspace(*parser->at))
			return syntax_error(parser, "Values must be separated by spaces.");
		if (input->nclasses == DIGEST_MAX_CAPACITY)
			return syntax_error(parser, "There are more distinct values than any capacity.");
		reserve_class(input);
		input->images[input->nclasses] = value_image(value);
		input->counts[input->nclasses++] = count;
	}
}

/* Read a digest as text. */
Datum
value_digest_in(PG_FUNCTION_ARGS)
{
	DigestParser parser = {0};
	DigestInput input = {0};
	const char *fault;

	parser.text = parser.at = PG_GETARG_CSTRING(0);
	parser.escontext = INPUT_ESCONTEXT(fcinfo);
	if (!parse_header(&parser, &input) || !parse_classes(&parser, &input))
		PG_RETURN_NULL();

	fault = find_fault(&input);
	if (fault)
	{
		(void) syntax_error(&parser, fault);
		PG_RETURN_NULL();
	}
	PG_RETURN_POINTER(make_digest(&input));
}

/* Print a double: the shortest decimal that reads back as the same. */
static void
append_double(StringInfo out, double value)
{
	char		buffer[DOUBLE_SHORTEST_DECIMAL_LEN];
	int			length = double_to_shortest_decimal_bufn(value, buffer);

	appendBinaryStringInfo(out, buffer, length);
}

/* Print a digest as text. */
Datum
value_digest_out(PG_FUNCTION_ARGS)
{
	DigestView	view;
	StringInfoData out;

	digest_open_arg(fcinfo, 0, &view);
	initStringInfo(&out);
	appendStringInfo(&out, "(capacity %d", view.capacity);
	if (view.precision < DIGEST_FULL_PRECISION)
	{
		appendStringInfo(&out, ", precision %d, min ", view.precision);
		append_double(&out, view.min);
		appendStringInfoString(&out, ", max ");
		append_double(&out, view.max);
		if (view.places != NO_PLACES)
			appendStringInfo(&out, ", places %d", view.places);
	}
	appendStringInfoString(&out, view.is_wide ? ", wide)" : ")");
	for (int i = 0; i < view.nclasses; i++)
	{
		int64		count = digest_class_count(&view, i);

		CHECK_FOR_INTERRUPTS();
		appendStringInfoChar(&out, ' ');
		append_double(&out, digest_class_floor(&view, i));
		if (count != 1)
			appendStringInfo(&out, "*" INT64_FORMAT, count);
	}
	PG_RETURN_CSTRING(out.data);
}

/* Refuse a malformed message. */
static void
binary_error(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary representation of type %s", "value_digest"),
			 errdetail("%s", detail)));
}

/* Receive the classes; the message is as long as it must be. */
static void
receive_classes(StringInfo message, DigestInput *input, int count_width)
{
	input->images = palloc(sizeof(ValueImage) * input->nclasses);
	input->counts = palloc(sizeof(int64) * input->nclasses);
	for (int i = 0; i < input->nclasses; i++)
		input->images[i] = pq_getmsgint64(message);
	for (int i = 0; i < input->nclasses; i++)
	{
		if (count_width == 0)
			input->counts[i] = 1;
		else if (count_width == sizeof(uint32))
			input->counts[i] = pq_getmsgint(message, sizeof(uint32));
		else
			input->counts[i] = pq_getmsgint64(message);
	}
}

/* Receive a digest in binary. */
Datum
value_digest_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	DigestInput input = {0};
	int			flags;
	int			count_width;
	const char *fault;

	if (pq_getmsgbyte(message) != DIGEST_VERSION)
		binary_error("The version is unknown.");
	flags = pq_getmsgbyte(message);
	input.places = (flags >> DIGEST_PLACES_SHIFT) - 1;
	if (flags & ((1 << DIGEST_PLACES_SHIFT) - 1) & ~DIGEST_WIDE)
		binary_error("A flag is unknown.");
	input.is_wide = (flags & DIGEST_WIDE) != 0;
	input.precision = pq_getmsgbyte(message);
	count_width = pq_getmsgbyte(message);
	if (count_width != 0 && count_width != sizeof(uint32) &&
		count_width != sizeof(int64))
		binary_error("The width of the counts must be 0, 4 or 8.");
	input.capacity = (int32) pq_getmsgint(message, sizeof(int32));
	input.nclasses = (int32) pq_getmsgint(message, sizeof(int32));
	if (input.precision < DIGEST_FULL_PRECISION)
	{
		input.min = pq_getmsgfloat8(message);
		input.max = pq_getmsgfloat8(message);
		input.has_min = input.has_max = true;
	}

	/* Only now is the number of classes to be believed. */
	if (input.nclasses < 0 || input.nclasses > DIGEST_MAX_CAPACITY ||
		(int64) input.nclasses * (int64) (sizeof(ValueImage) + count_width) !=
		message->len - message->cursor)
		binary_error("The length does not fit the number of values.");
	receive_classes(message, &input, count_width);
	fault = find_fault(&input);
	if (fault)
		binary_error(fault);
	PG_RETURN_POINTER(make_digest(&input));
}

/* Send a digest in binary: the flat form without what follows from the rest. */
Datum
value_digest_send(PG_FUNCTION_ARGS)
{
	DigestView	view;
	int			count_width;
	StringInfoData out;

	digest_open_arg(fcinfo, 0, &view);
	count_width = digest_count_width(&view);
	pq_begintypsend(&out);
	pq_sendbyte(&out, DIGEST_VERSION);
	pq_sendbyte(&out, digest_view_flags(&view));
	pq_sendbyte(&out, view.precision);
	pq_sendbyte(&out, count_width);
	pq_sendint32(&out, view.capacity);
	pq_sendint32(&out, view.nclasses);
	if (view.precision < DIGEST_FULL_PRECISION)
	{
		pq_sendfloat8(&out, view.min);
		pq_sendfloat8(&out, view.max);
	}
	for (int i = 0; i < view.nclasses; i++)
		pq_sendint64(&out, view.images[i]);
	for (int i = 0; i < view.nclasses; i++)
	{
		if (count_width == sizeof(uint32))
			pq_sendint32(&out, (uint32) digest_class_count(&view, i));
		else if (count_width == sizeof(int64))
			pq_sendint64(&out, digest_class_count(&view, i));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Free what digest_get_flat made of an argument, for functions of indexes. */
static void
free_flat_copy(FunctionCallInfo fcinfo, int argno, FlatDigest *flat)
{
	if ((Pointer) flat != PG_GETARG_POINTER(argno))
		pfree(flat);
}

/* Compare two digests: the canonical form makes that a comparison of bytes. */
static bool
digests_equal(FunctionCallInfo fcinfo)
{
	FlatDigest *a = digest_get_flat(PG_GETARG_DATUM(0));
	FlatDigest *b = digest_get_flat(PG_GETARG_DATUM(1));
	bool		equal = VARSIZE(a) == VARSIZE(b) &&
		memcmp(a, b, VARSIZE(a)) == 0;

	free_flat_copy(fcinfo, 0, a);
	free_flat_copy(fcinfo, 1, b);
	return equal;
}

/* Operator =. */
Datum
value_digest_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(digests_equal(fcinfo));
}

/* Operator <>. */
Datum
value_digest_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!digests_equal(fcinfo));
}

/* Hash the bytes that = compares. */
Datum
value_digest_hash(PG_FUNCTION_ARGS)
{
	FlatDigest *digest = digest_get_flat(PG_GETARG_DATUM(0));
	Datum		hash = hash_any((unsigned char *) VARDATA(digest),
								VARSIZE(digest) - VARHDRSZ);

	free_flat_copy(fcinfo, 0, digest);
	return hash;
}

/* The same with a seed, 64 bits of it. */
Datum
value_digest_hash_extended(PG_FUNCTION_ARGS)
{
	FlatDigest *digest = digest_get_flat(PG_GETARG_DATUM(0));
	Datum		hash = hash_any_extended((unsigned char *) VARDATA(digest),
										 VARSIZE(digest) - VARHDRSZ,
										 PG_GETARG_INT64(1));

	free_flat_copy(fcinfo, 0, digest);
	return hash;
}

/* Refuse to subtract what is not there. */
static void
refuse_difference(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot subtract a value_digest that is not contained in the other"),
			 errhint("The left operand must be a digest of all the rows of the right one, and of others.")));
}

/* Subtract b's classes from a's; both have one precision. */
static void
subtract_classes(DigestState *a, const DigestState *b)
{
	int			at = 0;
	int			left = 0;

	for (int i = 0; i < a->nclasses; i++)
	{
		int64		count = a->counts[i];

		if (at < b->nclasses && b->images[at] == a->images[i])
			count -= b->counts[at++];
		if (count < 0)
			refuse_difference();
		if (count > 0)
		{
			a->images[left] = a->images[i];
			a->counts[left++] = count;
		}
	}
	if (at < b->nclasses)
		refuse_difference();
	a->nclasses = left;
	a->count -= b->count;
}

/*
 * Set the range after a subtraction. Where the class of the old minimum or
 * maximum is left it stands as it was, an outer bound if the value itself
 * was taken away; else the class's edge is all that is known.
 */
static void
narrow_range(DigestState *state)
{
	DigestView	view;
	double		floor;
	double		ceiling;

	digest_state_view(state, &view);
	floor = digest_class_floor(&view, 0);
	ceiling = digest_class_ceiling(&view, view.nclasses - 1);
	state->min = Max(state->min, floor);
	state->max = Min(state->max, ceiling);
}

/* Operator -: take the values of the right digest out of the left one. */
Datum
value_digest_minus(PG_FUNCTION_ARGS)
{
	DigestState a;
	DigestState b;
	DigestView	view;

	digest_state_load(&a, CurrentMemoryContext, PG_GETARG_DATUM(0));
	digest_state_load(&b, CurrentMemoryContext, PG_GETARG_DATUM(1));
	digest_state_coarsen(&a, b.precision);
	digest_state_coarsen(&b, a.precision);
	subtract_classes(&a, &b);
	if (a.nclasses == 0)
		PG_RETURN_NULL();

	narrow_range(&a);
	a.capacity = Min(a.capacity, b.capacity);
	digest_state_fit_capacity(&a);
	digest_state_open(&a, &view);
	PG_RETURN_POINTER(digest_flatten(&view));
}

/* Make a digest smaller: what its values would give with that capacity. */
Datum
digest_compact(PG_FUNCTION_ARGS)
{
	int			capacity = PG_GETARG_INT32(1);
	DigestState state;
	DigestView	view;

	digest_check_capacity(capacity);
	digest_state_load(&state, CurrentMemoryContext, PG_GETARG_DATUM(0));
	state.capacity = Min(state.capacity, capacity);
	digest_state_fit_capacity(&state);
	digest_state_open(&state, &view);
	PG_RETURN_POINTER(digest_flatten(&view));
}
