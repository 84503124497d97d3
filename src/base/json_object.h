/*-------------------------------------------------------------------------
 *
 * json_object.h
 *		Read objects in jsonb.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_JSON_OBJECT_H
#define CUSTOMER_TIER_JSON_OBJECT_H

#include "utils/jsonb.h"

/* Find the value under a key; false when there is none, or JSON null. */
extern bool json_find(JsonbContainer *object, const char *key,
					  JsonbValue *value);

/* A copy of a value that is a string. */
extern char *json_string(const JsonbValue *value);

/* A key that is not among the known ones, most likely a slip; or NULL. */
extern char *json_unknown_key(JsonbContainer *object,
							  const char *const *known, int nknown);

/* Element i of an array, if that is an object; else NULL. */
extern JsonbContainer *json_element_object(JsonbContainer *array, uint32 i);

#endif							/* CUSTOMER_TIER_JSON_OBJECT_H */
