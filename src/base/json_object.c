/*-------------------------------------------------------------------------
 *
 * json_object.c
 *		Read objects in jsonb.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/json_object.h"

/* Find the value under a key; false when there is none, or JSON null. */
bool
json_find(JsonbContainer *object, const char *key, JsonbValue *value)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key),
										value) != NULL &&
		value->type != jbvNull;
}

/* A copy of a value that is a string. */
char *
json_string(const JsonbValue *value)
{
	Assert(value->type == jbvString);
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* A key that is not among the known ones, most likely a slip; or NULL. */
char *
json_unknown_key(JsonbContainer *object, const char *const *known, int nknown)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		char	   *key;
		bool		is_known = false;

		if (token != WJB_KEY)
			continue;
		key = json_string(&value);
		for (int i = 0; i < nknown; i++)
			is_known |= strcmp(key, known[i]) == 0;
		if (!is_known)
			return key;
	}
	return NULL;
}

/* Element i of an array, if that is an object; else NULL. */
JsonbContainer *
json_element_object(JsonbContainer *array, uint32 i)
{
	JsonbValue *element = getIthJsonbValueFromContainer(array, i);

	if (element->type != jbvBinary ||
		!JsonContainerIsObject(element->val.binary.data))
		return NULL;
	return element->val.binary.data;
}
