/*-------------------------------------------------------------------------
 *
 * kept_text.c
 *		Texts that last as long as the session.
 *
 * A company has few labels, and each row's grade is one of them. To copy the
 * label for each row is a fifth of what grading takes. So the first labels
 * that a session meets are kept once and for all, and returned as they are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/hsearch.h"

#include "base/kept_text.h"

/*
 * How many texts a session keeps, and of how many bytes at most: some 150 kB
 * in all, whoever makes up labels by the million.
 */
#define MAX_TEXTS	1024
#define MAX_LEN		63

typedef struct KeptText
{
	char		key[MAX_LEN + 1];	/* the same, NUL-terminated */
	char		value[VARHDRSZ + MAX_LEN];	/* a text; aligned as the key's
											 * end is */
} KeptText;

static HTAB *texts = NULL;

static void
make_table(void)
{
	HASHCTL		control = {.keysize = MAX_LEN + 1,.entrysize = sizeof(KeptText)};

	texts = hash_create("customer_tier labels", 64, &control,
						HASH_ELEM | HASH_STRINGS);
}

bool
kept_text(const char *str, int len, text **kept)
{
	char		key[MAX_LEN + 1] = {0};
	KeptText   *found = NULL;
	bool		is_known;

	StaticAssertStmt(offsetof(KeptText, value) % sizeof(int32) == 0,
					 "a text begins with its length");

	if (len <= MAX_LEN)
	{
		if (texts == NULL)
			make_table();
		memcpy(key, str, len);
		found = hash_search(texts, key, hash_get_num_entries(texts) < MAX_TEXTS ?
							HASH_ENTER : HASH_FIND, &is_known);
	}
	if (found == NULL)
	{
		*kept = cstring_to_text_with_len(str, len);
		return false;
	}
	if (!is_known)
	{
		SET_VARSIZE(found->value, VARHDRSZ + len);
		memcpy(VARDATA(found->value), str, len);
	}
	*kept = (text *) found->value;
	return true;
}
