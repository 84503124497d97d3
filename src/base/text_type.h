/*-------------------------------------------------------------------------
 *
 * text_type.h
 *		Types that are text in a form of their own, such as tier_scheme.
 *
 * A value is stored as text is, in its canonical form. So what such a type
 * does with its values besides reading them (output, comparison, hashing) the
 * server's own functions for text and bytes do: text_type.sql declares all of
 * that for a type, where the type's own script says @text_type NAME. And a
 * value written by one version is read by every other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_TEXT_TYPE_H
#define CUSTOMER_TIER_TEXT_TYPE_H

#include "fmgr.h"

/*
 * A type's parser reads len bytes at str, which end without a NUL. It throws
 * when escontext is NULL; otherwise an error may be soft, and NULL returned.
 */
typedef void *(*ParseFunction) (const char *str, int len,
								struct Node *escontext);

/* The same, but what is returned is the canonical text. */
typedef text *(*CanonicalFunction) (const char *str, int len,
									struct Node *escontext);

/* The bodies of a type's input and receive function. */
extern Datum text_type_in(FunctionCallInfo fcinfo, CanonicalFunction canonical);
extern Datum text_type_recv(FunctionCallInfo fcinfo, CanonicalFunction canonical);

/*
 * Both functions of a type, in and recv, made of its parser and of what prints
 * the canonical text of a value.
 */
#define TEXT_TYPE_IO(type, parse, print) \
static text * \
type##_canonical(const char *str, int len, struct Node *escontext) \
{ \
	void	   *value = parse(str, len, escontext); \
\
	return value == NULL ? NULL : print(value); \
} \
\
PG_FUNCTION_INFO_V1(type##_in); \
Datum \
type##_in(PG_FUNCTION_ARGS) \
{ \
	return text_type_in(fcinfo, type##_canonical); \
} \
\
PG_FUNCTION_INFO_V1(type##_recv); \
Datum \
type##_recv(PG_FUNCTION_ARGS) \
{ \
	return text_type_recv(fcinfo, type##_canonical); \
}

/* Parse a value in the current memory context. */
extern void *text_type_parse(Datum value, ParseFunction parse);

#endif							/* CUSTOMER_TIER_TEXT_TYPE_H */
