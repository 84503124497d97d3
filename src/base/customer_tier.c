/*-------------------------------------------------------------------------
 *
 * customer_tier.c
 *		The module itself: its magic block, and what it does when it is
 *		loaded. Each topic has a file of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/as_of.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "customer_tier");
#else
PG_MODULE_MAGIC;
#endif

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	as_of_define();
}
