/*-------------------------------------------------------------------------
 *
 * rfm.c
 *		Score customers by recency, frequency and monetary value.
 *
 * An rfm_scheme is three ladders over one customer, whose labels are the
 * scores: 'recency: 5 <= 30, ...; frequency: ...; monetary: ...'. The type is
 * its canonical text. A score is the three digits written behind each other.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "windowapi.h"

#include "base/text_type_arg.h"
#include "fit/among.h"
#include "fit/fit.h"
#include "grade/grade.h"
#include "number/numeric_ops.h"
#include "rfm/rfm.h"
#include "scheme/scheme_parse.h"

static const char *const measure_names[NUM_MEASURES] = {
	[RECENCY] = "recency",
	[FREQUENCY] = "frequency",
	[MONETARY] = "monetary"
};

#define MIN_BINS		2
#define MAX_BINS		MAX_SCORE

PG_FUNCTION_INFO_V1(rfm_scheme);
PG_FUNCTION_INFO_V1(rfm_scheme_of);
PG_FUNCTION_INFO_V1(rfm_fit_bins);
PG_FUNCTION_INFO_V1(rfm_fit_scheme);
PG_FUNCTION_INFO_V1(rfm_score_numeric);
PG_FUNCTION_INFO_V1(rfm_score_float8);
PG_FUNCTION_INFO_V1(rfm_score_measures_numeric);
PG_FUNCTION_INFO_V1(rfm_score_measures_float8);
PG_FUNCTION_INFO_V1(rfm_score_interval_numeric);
PG_FUNCTION_INFO_V1(rfm_score_interval_float8);
PG_FUNCTION_INFO_V1(rfm_score_record);
PG_FUNCTION_INFO_V1(rfm_among_bins_interval_numeric);
PG_FUNCTION_INFO_V1(rfm_among_bins_interval_float8);
PG_FUNCTION_INFO_V1(rfm_among_bins_record);
PG_FUNCTION_INFO_V1(rfm_among_scheme_interval_numeric);
PG_FUNCTION_INFO_V1(rfm_among_scheme_interval_float8);
PG_FUNCTION_INFO_V1(rfm_among_scheme_record);
PG_FUNCTION_INFO_V1(rfm_recency_score);
PG_FUNCTION_INFO_V1(rfm_frequency_score);
PG_FUNCTION_INFO_V1(rfm_monetary_score);
PG_FUNCTION_INFO_V1(rfm_among_bins_numeric);
PG_FUNCTION_INFO_V1(rfm_among_bins_float8);
PG_FUNCTION_INFO_V1(rfm_among_scheme_numeric);
PG_FUNCTION_INFO_V1(rfm_among_scheme_float8);

/*
 * The type
 */

/* The measure that the next word names, which is read; NUM_MEASURES if none. */
static RfmMeasure
scan_measure(SchemeScanner *scanner)
{
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		if (scan_keyword(scanner, measure_names[i]))
			return (RfmMeasure) i;
	}
	return NUM_MEASURES;
}

/*
 * Check that a ladder is one of scores: the labels are digits, which fall.
 * Finds the score of each tier. False after a soft error.
 */
static bool
check_ladder(RfmLadder *ladder, RfmMeasure measure, struct Node *escontext)
{
	const Scheme *scheme = ladder->scheme;
	int			previous = MAX_SCORE + 1;

	if (scheme->is_duration)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_scheme: the bounds of %s are durations",
						measure_names[measure]),
				 errhint("Write numbers; recency is a number of days, as in 5 <= 30.")));
	if (scheme->nmeasured < scheme->ntiers)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid rfm_scheme: %s has a score by rule",
						measure_names[measure]),
				 errdetail("Scores are given by measures alone.")));

	for (int i = 0; i < scheme->ntiers; i++)
	{
		const char *label = scheme->tiers[i].label;
		int			score = label[0] - '0';

		if (score < 1 || score > MAX_SCORE || label[1] != '\0')
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_scheme: label \"%s\" of %s is not a score",
							label, measure_names[measure]),
					 errdetail("A score is a digit from 1 to %d.", MAX_SCORE)));
		if (score >= previous)
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_scheme: score %d of %s stands behind %d",
							score, measure_names[measure], previous),
					 errdetail("Tiers are written best first, and the best has the highest score.")));
		ladder->scores[i] = previous = score;
	}
	return true;
}

/* Put a ladder in its place; false after a soft error. */
static bool
set_ladder(RfmScheme *scheme, RfmMeasure measure, Scheme *ladder,
		   struct Node *escontext)
{
	scheme->ladders[measure].scheme = ladder;
	scheme->is_fitted &= ladder->is_fitted;
	return check_ladder(&scheme->ladders[measure], measure, escontext);
}

/* Read the ladder of one measure; false after a soft error. */
static bool
scan_ladder(SchemeScanner *scanner, RfmScheme *scheme)
{
	int			start = scanner->pos;
	RfmMeasure	measure = scan_measure(scanner);
	Scheme	   *ladder;

	if (measure == NUM_MEASURES)
		SCAN_SYNTAX_ERROR(scanner, start,
						  errmsg("invalid rfm_scheme: %s is not a measure",
								 scan_token(scanner)),
						  errhint("The measures are recency, frequency and monetary, each followed by a colon."));
	if (scheme->ladders[measure].scheme != NULL)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid rfm_scheme: %s appears twice",
						   measure_names[measure]),
					scan_errdetail(scanner, start)));
	if (!scan_symbol(scanner, ':'))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid rfm_scheme: no colon after %s",
						   measure_names[measure]),
					scan_errdetail(scanner, scanner->pos)));

	ladder = scheme_parse_ladder(scanner);
	return ladder != NULL &&
		set_ladder(scheme, measure, ladder, scanner->escontext);
}

/* An rfm_scheme without its ladders. */
static RfmScheme *
rfm_begin(void)
{
	RfmScheme  *scheme = palloc0(sizeof(RfmScheme));

	scheme->is_fitted = true;
	return scheme;
}

/* Parse a scheme; NULL after a soft error. */
void *
rfm_scheme_parse(const char *str, int len, struct Node *escontext)
{
	RfmScheme  *scheme = rfm_begin();
	SchemeScanner scanner;

	scan_begin(&scanner, str, len, escontext);
	while (scan_peek(&scanner) != SCAN_END)
	{
		if (!scan_ladder(&scanner, scheme))
			return NULL;
		scan_symbol(&scanner, ';');
	}
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		if (scheme->ladders[i].scheme == NULL)
			ereturn(escontext, NULL,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid rfm_scheme: %s is missing", measure_names[i]),
					 errhint("Write \"recency: ...; frequency: ...; monetary: ...\".")));
	}
	return scheme;
}

/* The canonical text. */
static text *
rfm_print(const RfmScheme *scheme)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		text	   *ladder = scheme_print(scheme->ladders[i].scheme);

		appendStringInfo(&buf, "%s%s: ", i > 0 ? "; " : "", measure_names[i]);
		appendBinaryStringInfo(&buf, VARDATA(ladder), VARSIZE(ladder) - VARHDRSZ);
	}
	return cstring_to_text_with_len(buf.data, buf.len);
}

/* Input and receive function. */
TEXT_TYPE_IO(rfm_scheme, rfm_scheme_parse, rfm_print)

/* Make a scheme of three ladders. */
Datum
rfm_scheme(PG_FUNCTION_ARGS)
{
	RfmScheme  *scheme = rfm_begin();

	for (int i = 0; i < NUM_MEASURES; i++)
	{
		Scheme	   *ladder = text_type_parse(PG_GETARG_DATUM(i), scheme_parse);

		set_ladder(scheme, (RfmMeasure) i, ladder, NULL);
	}
	PG_RETURN_TEXT_P(rfm_print(scheme));
}

/* rfm_scheme_of(scheme, measure): the scheme of one measure. */
Datum
rfm_scheme_of(PG_FUNCTION_ARGS)
{
	const RfmScheme *scheme = text_type_arg(fcinfo, 0, rfm_scheme_parse);
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));

	for (int i = 0; i < NUM_MEASURES; i++)
	{
		if (strcmp(name, measure_names[i]) == 0)
			PG_RETURN_TEXT_P(scheme_print(scheme->ladders[i].scheme));
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s\" is not a measure of an rfm_scheme", name),
			 errhint("The measures are recency, frequency and monetary.")));
	return (Datum) 0;			/* keep compiler quiet */
}

/*
 * Fitting
 */

/*
 * Append k/n in percent, so that its hundredth is read as the double k/n: the
 * shortest decimal of that, times a hundred.
 */
static void
append_percentile(StringInfo buf, int k, int n)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];
	Numeric		percent;

	double_to_shortest_decimal_buf((double) k / n, digits);
	percent = num_multiply(num_from_text(digits), int64_to_numeric(100));
	appendStringInfo(buf, "p%s", scheme_print_number(percent));
}

/*
 * Append the ladder of one measure that cuts the customers into n bins of
 * equal size. Ties get the lower score of frequency and monetary value, and
 * the better one of recency: everywhere, intervals are closed at their upper
 * end.
 */
static void
append_bins(StringInfo buf, RfmMeasure measure, int n)
{
	appendStringInfo(buf, "%s: ", measure_names[measure]);
	for (int score = n; score > 1; score--)
	{
		appendStringInfo(buf, "%d %s ", score, measure == RECENCY ? "<=" : ">");
		append_percentile(buf, measure == RECENCY ? n + 1 - score : score - 1, n);
		appendStringInfoString(buf, ", ");
	}
	appendStringInfoString(buf, "1; ");
}

/* The scheme of n bins for each measure, to be fitted. */
RfmScheme *
rfm_scheme_bins(int n)
{
	StringInfoData buf;

	if (n < MIN_BINS || n > MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bins must be from %d to %d, not %d",
						MIN_BINS, MAX_BINS, n)));
	initStringInfo(&buf);
	for (int i = 0; i < NUM_MEASURES; i++)
		append_bins(&buf, (RfmMeasure) i, n);
	return rfm_scheme_parse(buf.data, buf.len, NULL);
}

/* Replace a ladder by itself fitted to a digest. */
void
rfm_scheme_fit(RfmScheme *scheme, RfmMeasure measure,
			   const DigestView *digest)
{
	RfmLadder  *ladder = &scheme->ladders[measure];

	ladder->scheme = scheme_fit(ladder->scheme, digest);
}

/* Fit a scheme to the three digests that are the first arguments. */
static Datum
fit_to_args(FunctionCallInfo fcinfo, RfmScheme *scheme)
{
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		DigestView	view;

		digest_open_arg(fcinfo, i, &view);
		rfm_scheme_fit(scheme, (RfmMeasure) i, &view);
	}
	PG_RETURN_TEXT_P(rfm_print(scheme));
}

/* Cut customers into bins of equal size. */
Datum
rfm_fit_bins(PG_FUNCTION_ARGS)
{
	return fit_to_args(fcinfo, rfm_scheme_bins(PG_GETARG_INT32(3)));
}

/* Fit a scheme. */
Datum
rfm_fit_scheme(PG_FUNCTION_ARGS)
{
	RfmScheme	scheme = *(RfmScheme *) text_type_arg(fcinfo, 3, rfm_scheme_parse);

	return fit_to_args(fcinfo, &scheme);
}

/*
 * Scoring
 */

/* Complain about the first ladder that is not fitted. */
static void
refuse_unfitted(const RfmScheme *scheme)
{
	for (int i = 0; i < NUM_MEASURES; i++)
	{
		const SchemeTier *tier = scheme_relative_tier(scheme->ladders[i].scheme);

		if (tier != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("rfm_scheme is not fitted"),
					 errdetail("Score %s of %s has the bound \"%s\", which is relative to data.",
							   tier->label, measure_names[i],
							   scheme_print_bound(tier)),
					 errhint("rfm_fit(recency, frequency, monetary, scheme) turns relative bounds into numbers.")));
	}
}

/* Parse a scheme that must be fitted. */
static void *
parse_fitted(const char *str, int len, struct Node *escontext)
{
	RfmScheme  *scheme = rfm_scheme_parse(str, len, escontext);

	if (!scheme->is_fitted)
		refuse_unfitted(scheme);
	return scheme;
}

/* The score of one measure, or NO_SCORE. */
static pg_always_inline int
score_measured(const RfmLadder *ladder, Measured value)
{
	int			tier = grade_measured(ladder->scheme, &value);

	return tier == NO_TIER ? NO_SCORE : ladder->scores[tier];
}

/* The score of a double. */
int
rfm_ladder_score(const RfmLadder *ladder, double value)
{
	int			tier = grade_double(ladder->scheme, value);

	return tier == NO_TIER ? NO_SCORE : ladder->scores[tier];
}

/* The highest score that a scheme gives in any measure. */
int
rfm_scheme_highest(const RfmScheme *scheme)
{
	int			highest = NO_SCORE;

	/* tiers are written best first */
	for (int i = 0; i < NUM_MEASURES; i++)
		highest = Max(highest, scheme->ladders[i].scores[0]);
	return highest;
}

/* A score of three digits; NULL if one of them is NO_SCORE. */
static inline Datum
return_score(FunctionCallInfo fcinfo, int recency, int frequency, int monetary)
{
	if (recency == NO_SCORE || frequency == NO_SCORE || monetary == NO_SCORE)
		PG_RETURN_NULL();
	PG_RETURN_INT32(recency * 100 + frequency * 10 + monetary);
}

/* The score of the measure in an argument of the type. */
static pg_always_inline int
score_arg(FunctionCallInfo fcinfo, const RfmScheme *scheme,
		  RfmMeasure measure, Oid type)
{
	return score_measured(&scheme->ladders[measure],
						  measured_datum(type, PG_GETARG_DATUM(measure)));
}

/* All forms of rfm_score; the types are known where this is inlined. */
static pg_always_inline Datum
score_args(FunctionCallInfo fcinfo, Oid recency, Oid frequency, Oid monetary)
{
	const RfmScheme *scheme = text_type_arg(fcinfo, 3, parse_fitted);

	return return_score(fcinfo,
						score_arg(fcinfo, scheme, RECENCY, recency),
						score_arg(fcinfo, scheme, FREQUENCY, frequency),
						score_arg(fcinfo, scheme, MONETARY, monetary));
}

/* Score numerics. */
Datum
rfm_score_numeric(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, NUMERICOID, NUMERICOID, NUMERICOID);
}

/* Score doubles. */
Datum
rfm_score_float8(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, FLOAT8OID, FLOAT8OID, FLOAT8OID);
}

/* Score what rfm_measures gives: integer, bigint, numeric. */
Datum
rfm_score_measures_numeric(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, INT4OID, INT8OID, NUMERICOID);
}

/* Score what rfm_measures gives: integer, bigint, double precision. */
Datum
rfm_score_measures_float8(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, INT4OID, INT8OID, FLOAT8OID);
}

/* Score with recency as an interval. */
Datum
rfm_score_interval_numeric(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, INTERVALOID, NUMERICOID, NUMERICOID);
}

/* The same with a double for the monetary value. */
Datum
rfm_score_interval_float8(PG_FUNCTION_ARGS)
{
	return score_args(fcinfo, INTERVALOID, NUMERICOID, FLOAT8OID);
}

/* The types of the columns of rfm_measures. */
static const Oid column_types[NUM_MEASURES] = {INT4OID, INT8OID, NUMERICOID};

/* Score a row of rfm_measures. */
Datum
rfm_score_record(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	const RfmScheme *scheme = text_type_arg(fcinfo, 1, parse_fitted);
	int			scores[NUM_MEASURES];

	for (int i = 0; i < NUM_MEASURES; i++)
	{
		bool		is_null;
		Datum		value = GetAttributeByNum(row, i + 1, &is_null);

		if (is_null)
			PG_RETURN_NULL();
		scores[i] = score_measured(&scheme->ladders[i],
								   measured_datum(column_types[i], value));
	}
	return return_score(fcinfo, scores[RECENCY], scores[FREQUENCY],
						scores[MONETARY]);
}

/*
 * Scoring within a window partition
 */

/* Three arguments of these types. */
#define MEASURES(recency, frequency, monetary) \
	{{0, 0, recency}, {1, 0, frequency}, {2, 0, monetary}}

static const AmongMeasure numerics[NUM_MEASURES] =
MEASURES(NUMERICOID, NUMERICOID, NUMERICOID);
static const AmongMeasure doubles[NUM_MEASURES] =
MEASURES(FLOAT8OID, FLOAT8OID, FLOAT8OID);
static const AmongMeasure interval_numerics[NUM_MEASURES] =
MEASURES(INTERVALOID, NUMERICOID, NUMERICOID);
static const AmongMeasure interval_doubles[NUM_MEASURES] =
MEASURES(INTERVALOID, NUMERICOID, FLOAT8OID);

/* Or the columns of one, which is a row of rfm_measures. */
static const AmongMeasure columns[NUM_MEASURES] =
{{0, 1, INT4OID}, {0, 2, INT8OID}, {0, 3, NUMERICOID}};

/* The argument behind the measures. */
static inline int
rules_argno(const AmongMeasure *measures)
{
	return measures[NUM_MEASURES - 1].argno + 1;
}

/* Fit a scheme to the partition; NULL stays NULL. */
static void *
fit_to_partition(WindowObject window, const AmongMeasure *measures,
				 RfmScheme *scheme)
{
	for (int i = 0; i < NUM_MEASURES && scheme != NULL; i++)
	{
		RfmLadder  *ladder = &scheme->ladders[i];

		if (!ladder->scheme->is_fitted)
			ladder->scheme = among_fit(window, &measures[i], ladder->scheme);
	}
	return scheme;
}

/* The scheme for a partition is that of its first row. */
static void *
prepare_scheme(WindowObject window, const AmongMeasure *measures)
{
	return fit_to_partition(window, measures,
							among_parse(window, rules_argno(measures),
										rfm_scheme_parse));
}

/* Or bins, as many as the first row says. */
static void *
prepare_bins(WindowObject window, const AmongMeasure *measures)
{
	bool		is_null;
	Datum		bins = WinGetFuncArgCurrent(window, rules_argno(measures),
											&is_null);

	if (is_null)
		return NULL;
	return fit_to_partition(window, measures,
							rfm_scheme_bins(DatumGetInt32(bins)));
}

/* All forms of rfm_among. */
static pg_always_inline Datum
score_among(FunctionCallInfo fcinfo, PreparePartition prepare,
			const AmongMeasure *measures)
{
	const RfmScheme *scheme = among_partition(fcinfo, prepare, measures);
	int			scores[NUM_MEASURES];

	if (scheme == NULL)
		PG_RETURN_NULL();
	for (int i = 0; i < NUM_MEASURES; i++)
		scores[i] = score_measured(&scheme->ladders[i],
								   among_measured(PG_WINDOW_OBJECT(),
												  &measures[i]));
	return return_score(fcinfo, scores[RECENCY], scores[FREQUENCY],
						scores[MONETARY]);
}

/* Bins within the partition, by numerics. */
Datum
rfm_among_bins_numeric(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_bins, numerics);
}

/* Bins within the partition, by doubles. */
Datum
rfm_among_bins_float8(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_bins, doubles);
}

/* Bins within the partition, by an interval and numerics. */
Datum
rfm_among_bins_interval_numeric(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_bins, interval_numerics);
}

/* Bins within the partition, by an interval and a double. */
Datum
rfm_among_bins_interval_float8(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_bins, interval_doubles);
}

/* Bins within the partition, by rows of rfm_measures. */
Datum
rfm_among_bins_record(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_bins, columns);
}

/* A scheme fitted to the partition, by numerics. */
Datum
rfm_among_scheme_numeric(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_scheme, numerics);
}

/* A scheme fitted to the partition, by doubles. */
Datum
rfm_among_scheme_float8(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_scheme, doubles);
}

/* A scheme fitted to the partition, by an interval and numerics. */
Datum
rfm_among_scheme_interval_numeric(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_scheme, interval_numerics);
}

/* A scheme fitted to the partition, by an interval and a double. */
Datum
rfm_among_scheme_interval_float8(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_scheme, interval_doubles);
}

/* A scheme fitted to the partition, by rows of rfm_measures. */
Datum
rfm_among_scheme_record(PG_FUNCTION_ARGS)
{
	return score_among(fcinfo, prepare_scheme, columns);
}

/*
 * Taking a score apart
 */

/* The digit of a score at a place of 1, 10 or 100. */
static Datum
score_digit(FunctionCallInfo fcinfo, int place)
{
	int32		score = PG_GETARG_INT32(0);

	if (score < 111 || score > 999 || score % 10 == 0 || score / 10 % 10 == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d is not an RFM score", score),
				 errdetail("A score has three digits from 1 to %d, such as 543.",
						   MAX_SCORE)));
	PG_RETURN_INT32(score / place % 10);
}

/* The score of recency. */
Datum
rfm_recency_score(PG_FUNCTION_ARGS)
{
	return score_digit(fcinfo, 100);
}

/* The score of frequency. */
Datum
rfm_frequency_score(PG_FUNCTION_ARGS)
{
	return score_digit(fcinfo, 10);
}

/* The score of monetary value. */
Datum
rfm_monetary_score(PG_FUNCTION_ARGS)
{
	return score_digit(fcinfo, 1);
}
