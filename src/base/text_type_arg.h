/*-------------------------------------------------------------------------
 *
 * text_type_arg.h
 *		Arguments of text-like types, which a call site keeps parsed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_TEXT_TYPE_ARG_H
#define CUSTOMER_TIER_TEXT_TYPE_ARG_H

#include "base/text_type.h"

/* What a call site has in fn_extra of an argument that it keeps parsed. */
typedef struct ParsedArg
{
	bool		is_constant;	/* the argument is, and it has been parsed */
	void	   *parsed;			/* the last value, if it is */
} ParsedArg;

/* Is the argument a constant of the query, the same in each call? */
extern bool text_type_arg_is_constant(const FmgrInfo *flinfo, int argno);

extern void *text_type_arg_unless_same(FunctionCallInfo fcinfo, int argno,
									   ParseFunction parse);

/*
 * Parse argument argno of this call. The result is kept in fn_extra, with those
 * of other values that came lately, keyed by the argument's bytes unless it is
 * a constant, and valid until the next call with other bytes. It may hold
 * scratch of its own that calls change; nobody else sees it.
 */
static inline void *
text_type_arg(FunctionCallInfo fcinfo, int argno, ParseFunction parse)
{
	ParsedArg  *kept = fcinfo->flinfo->fn_extra;

	if (likely(kept != NULL && kept->is_constant))
		return kept->parsed;
	return text_type_arg_unless_same(fcinfo, argno, parse);
}

#endif							/* CUSTOMER_TIER_TEXT_TYPE_ARG_H */
