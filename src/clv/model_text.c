/*-------------------------------------------------------------------------
 *
 * model_text.c
 *		Models as text: 'bgnbd r 0.243 (se 0.013), alpha 4.41 (se 0.38) weeks,
 *		a 0.793, b 2.43; n 2357, log likelihood -9582.4, converged'.
 *
 * Behind the semicolon stands what is known of the fit, all of it optional: a
 * model written by hand from published parameters is as good as a fitted one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "base/compat.h"
#include "clv/purchase_model.h"
#include "scheme/scheme_scan.h"

static const ModelKind *const kinds[] = {
	&bgnbd_kind, &mbgnbd_kind, &pareto_nbd_kind, &bgbb_kind, &gamma_gamma_kind
};

static const char *const unit_names[] = {
	[UNIT_DAY] = "day",
	[UNIT_WEEK] = "week",
	[UNIT_MONTH] = "month",
	[UNIT_QUARTER] = "quarter",
	[UNIT_YEAR] = "year"
};

/* The name of a unit, in the singular. */
const char *
time_unit_name(DurationUnit unit)
{
	return unit_names[unit];
}

/* The unit that is the next word, which is read; UNIT_NONE if none is. */
static DurationUnit
scan_unit_or_none(SchemeScanner *scanner)
{
	DurationUnit unit;

	return scan_unit(scanner, &unit) ? unit : UNIT_NONE;
}

/* The unit that a text names. */
DurationUnit
time_unit_from_text(const text *name)
{
	SchemeScanner scanner;
	DurationUnit unit;

	scan_begin(&scanner, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), NULL);
	unit = scan_unit_or_none(&scanner);
	if (unit == UNIT_NONE || scan_peek(&scanner) != SCAN_END)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is not a unit of time",
						text_to_cstring(name)),
				 errhint("The units are day, week, month, quarter and year.")));
	return unit;
}

/* The name of the type, for messages. */
static const char *
type_name(bool is_spend)
{
	return is_spend ? "spend_model" : "purchase_model";
}

/* Read the kind; NULL after a soft error. */
static const ModelKind *
scan_kind(SchemeScanner *scanner, bool is_spend)
{
	StringInfoData names;

	initStringInfo(&names);
	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		if (kinds[i]->is_spend != is_spend)
			continue;
		if (scan_keyword(scanner, kinds[i]->name))
			return kinds[i];
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
						 kinds[i]->name);
	}
	ereturn(scanner->escontext, NULL,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid %s: %s is not the name of a model",
					type_name(is_spend), scan_token(scanner)),
			 scan_errdetail(scanner, scanner->pos),
			 errhint("A %s begins with its name: %s.",
					 type_name(is_spend), names.data)));
}

/* Report that something else was expected. */
static bool
report_unexpected(SchemeScanner *scanner, const Model *model, const char *what)
{
	SCAN_ERROR(scanner,
			   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid %s: expected %s instead of %s",
					   type_name(model->kind->is_spend), what,
					   scan_token(scanner)),
				scan_errdetail(scanner, scanner->pos)));
}

/*
 * Read a number, of a name for messages, which must be from least to greatest.
 * False after a soft error.
 */
static bool
scan_double(SchemeScanner *scanner, const Model *model, const char *name,
			double least, double greatest, double *number)
{
	int			start = (scan_peek(scanner), scanner->pos);
	int			len = strspn(pnstrdup(scanner->str + start, scanner->len - start),
							 "+-.0123456789eE");
	char	   *token = pnstrdup(scanner->str + start, len);
	char	   *end;

	*number = strtod(token, &end);
	if (len == 0 || *end != '\0')
		return report_unexpected(scanner, model, psprintf("the number of %s", name));
	if (!(*number >= least && *number <= greatest))
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid %s: %s must be from %g to %g, not %.32s%s",
						   type_name(model->kind->is_spend), name, least,
						   greatest, token, len > 32 ? "..." : ""),
					scan_errdetail(scanner, start)));
	scanner->pos += len;
	return true;
}

/* Take a unit, which must not differ from what was told before. */
static bool
set_unit(SchemeScanner *scanner, Model *model, DurationUnit unit)
{
	if (model->unit != UNIT_NONE && model->unit != unit)
		SCAN_ERROR(scanner,
				   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("invalid %s: both %ss and %ss",
						   type_name(model->kind->is_spend),
						   unit_names[model->unit], unit_names[unit]),
					errhint("A model has one unit of time.")));
	model->unit = unit;
	return true;
}

/* Is the parameter a time? */
static bool
is_time(const ModelKind *kind, int param)
{
	return kind->measures[param] == PARAM_PURCHASE_TIME ||
		kind->measures[param] == PARAM_LIFETIME;
}

/* Read the value of a parameter, its standard error and its unit. */
static bool
scan_param(SchemeScanner *scanner, Model *model, int i)
{
	const char *name = model->kind->params[i];
	DurationUnit unit;

	if (!scan_double(scanner, model, name, LEAST_PARAM, GREATEST_PARAM,
					 &model->params[i]))
		return false;
	if (scan_symbol(scanner, '('))
	{
		if (!scan_keyword(scanner, "se"))
			return report_unexpected(scanner, model, "\"se\"");
		if (!scan_double(scanner, model, "se", 0, GREATEST_PARAM,
						 &model->errors[i]))
			return false;
		if (!scan_symbol(scanner, ')'))
			return report_unexpected(scanner, model, "\")\"");
	}
	if (!is_time(model->kind, i))
		return true;
	unit = scan_unit_or_none(scanner);
	return unit == UNIT_NONE || set_unit(scanner, model, unit);
}

/* Read an item before the semicolon; false after a soft error. */
static bool
scan_item(SchemeScanner *scanner, Model *model)
{
	const ModelKind *kind = model->kind;
	int			start = (scan_peek(scanner), scanner->pos);

	/* the unit of occasions, which is that of no parameter */
	if (kind->is_discrete && scan_keyword(scanner, "every"))
	{
		DurationUnit unit = scan_unit_or_none(scanner);

		return unit == UNIT_NONE ?
			report_unexpected(scanner, model, "a unit of time") :
			set_unit(scanner, model, unit);
	}

	for (int i = 0; i < kind->nparams; i++)
	{
		if (!scan_keyword(scanner, kind->params[i]))
			continue;
		if (!isnan(model->params[i]))
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid %s: %s appears twice",
							   type_name(kind->is_spend), kind->params[i]),
						scan_errdetail(scanner, start)));
		return scan_param(scanner, model, i);
	}
	return report_unexpected(scanner, model, psprintf("a parameter of %s", kind->name));
}

/* Read how the fit ended, if that is next; the reason runs to the end. */
static bool
scan_status(SchemeScanner *scanner, Model *model, bool *found)
{
	*found = true;
	if (scan_keyword(scanner, "converged"))
	{
		model->status = FIT_CONVERGED;
		return true;
	}
	if (scan_keyword(scanner, "accepted"))
	{
		model->status = FIT_ACCEPTED;
		return true;
	}
	if (!scan_keyword(scanner, "not"))
	{
		*found = false;
		return true;
	}
	if (!scan_keyword(scanner, "converged"))
		return report_unexpected(scanner, model, "\"converged\"");
	if (model->status != FIT_ACCEPTED)
		model->status = FIT_NOT_CONVERGED;
	if (scan_symbol(scanner, ':'))
	{
		int			len;

		scan_peek(scanner);
		len = scanner->len - scanner->pos;
		while (len > 0 && strchr(" \t\n\r", scanner->str[scanner->pos + len - 1]))
			len--;
		model->reason = pnstrdup(scanner->str + scanner->pos, len);
		scanner->pos = scanner->len;
	}
	return true;
}

/* Read something that is known of the fit; false after a soft error. */
static bool
scan_fact(SchemeScanner *scanner, Model *model)
{
	bool		found;
	double		n;

	if (scan_keyword(scanner, "n"))
	{
		if (!scan_double(scanner, model, "n", 0, 9e15, &n))
			return false;
		model->n = (int64) n;
		if ((double) model->n != n)
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid %s: n must be a whole number of customers",
							   type_name(model->kind->is_spend))));
		return true;
	}
	if (scan_keyword(scanner, "penalty"))
		return scan_double(scanner, model, "penalty", 0, 1e10, &model->penalty);
	if (scan_keyword(scanner, "gradient"))
		return scan_double(scanner, model, "gradient", 0, 1e10, &model->gradient);
	if (scan_keyword(scanner, "log"))
	{
		if (!scan_keyword(scanner, "likelihood"))
			return report_unexpected(scanner, model, "\"likelihood\"");
		return scan_double(scanner, model, "log likelihood", -1e300, 1e300,
						   &model->log_likelihood);
	}
	if (!scan_status(scanner, model, &found))
		return false;
	return found ||
		report_unexpected(scanner, model, "what is known of the fit");
}

/* Read all after the name; false after a soft error. */
static bool
scan_model(SchemeScanner *scanner, Model *model)
{
	do
	{
		if (!scan_item(scanner, model))
			return false;
	} while (scan_symbol(scanner, ','));

	if (scan_symbol(scanner, ';'))
	{
		do
		{
			if (!scan_fact(scanner, model))
				return false;
		} while (scan_symbol(scanner, ','));
	}
	if (scan_peek(scanner) != SCAN_END)
		return report_unexpected(scanner, model, "\",\", \";\" or the end");

	for (int i = 0; i < model->kind->nparams; i++)
	{
		if (isnan(model->params[i]))
			SCAN_ERROR(scanner,
					   (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid %s: %s is missing",
							   type_name(model->kind->is_spend),
							   model->kind->params[i])));
	}
	return true;
}

/* Parse a model of one of the two types; NULL after a soft error. */
static Model *
model_parse(const char *str, int len, bool is_spend, struct Node *escontext)
{
	Model	   *model = palloc0(sizeof(Model));
	SchemeScanner scanner;

	for (int i = 0; i < MAX_PARAMS; i++)
		model->params[i] = model->errors[i] = NAN;
	model->unit = UNIT_NONE;
	model->n = -1;
	model->log_likelihood = model->gradient = NAN;
	model->reason = "";

	scan_begin(&scanner, str, len, escontext);
	model->kind = scan_kind(&scanner, is_spend);
	if (model->kind == NULL || !scan_model(&scanner, model))
		return NULL;
	return model;
}

void *
purchase_model_parse(const char *str, int len, struct Node *escontext)
{
	return model_parse(str, len, false, escontext);
}

void *
spend_model_parse(const char *str, int len, struct Node *escontext)
{
	return model_parse(str, len, true, escontext);
}

/* A model that may be used. */
static Model *
check_usable(Model *model)
{
	if (model->status == FIT_NOT_CONVERGED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s did not converge", type_name(model->kind->is_spend)),
				 model->reason[0] != '\0' ? errdetail("The fit says: %s.", model->reason) : 0,
				 errhint("Fit another model or more customers; or use accept_model(model), if it will do.")));
	return model;
}

void *
purchase_model_usable(const char *str, int len, struct Node *escontext)
{
	return check_usable(model_parse(str, len, false, escontext));
}

void *
spend_model_usable(const char *str, int len, struct Node *escontext)
{
	return check_usable(model_parse(str, len, true, escontext));
}

/* Append a number in the fewest digits that read back as it. */
static void
append_double(StringInfo buf, const char *before, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, digits);
	appendStringInfo(buf, "%s%s", before, digits);
}

/* Append what is known of the fit. */
static void
append_facts(StringInfo buf, const Model *model)
{
	const char *before = "; ";

	if (model->n >= 0)
	{
		appendStringInfo(buf, "%sn " INT64_FORMAT, before, model->n);
		before = ", ";
	}
	if (model->penalty > 0)
	{
		append_double(buf, psprintf("%spenalty ", before), model->penalty);
		before = ", ";
	}
	if (!isnan(model->log_likelihood))
	{
		append_double(buf, psprintf("%slog likelihood ", before),
					  model->log_likelihood);
		before = ", ";
	}
	if (!isnan(model->gradient))
	{
		append_double(buf, psprintf("%sgradient ", before), model->gradient);
		before = ", ";
	}
	if (model->status == FIT_CONVERGED)
		appendStringInfo(buf, "%sconverged", before);
	if (model->status == FIT_NOT_CONVERGED || model->status == FIT_ACCEPTED)
		appendStringInfo(buf, "%s%snot converged%s%s", before,
						 model->status == FIT_ACCEPTED ? "accepted, " : "",
						 model->reason[0] != '\0' ? ": " : "", model->reason);
}

/* The canonical text. */
text *
model_print(const Model *model)
{
	const ModelKind *kind = model->kind;
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, kind->name);
	for (int i = 0; i < kind->nparams; i++)
	{
		appendStringInfo(&buf, "%s %s", i > 0 ? "," : "", kind->params[i]);
		append_double(&buf, " ", model->params[i]);
		if (!isnan(model->errors[i]))
		{
			append_double(&buf, " (se ", model->errors[i]);
			appendStringInfoChar(&buf, ')');
		}
		if (model->unit != UNIT_NONE && is_time(kind, i))
			appendStringInfo(&buf, " %ss", unit_names[model->unit]);
	}
	if (model->unit != UNIT_NONE && kind->is_discrete)
		appendStringInfo(&buf, ", every %s", unit_names[model->unit]);
	append_facts(&buf, model);
	return cstring_to_text_with_len(buf.data, buf.len);
}
