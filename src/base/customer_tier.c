/*-------------------------------------------------------------------------
 *
 * customer_tier.c
 *		The module itself: its magic block. Each topic has a file of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "customer_tier");
#else
PG_MODULE_MAGIC;
#endif
