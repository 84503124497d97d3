/*-------------------------------------------------------------------------
 *
 * as_of.h
 *		The date as of which a query looks at its data.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_AS_OF_H
#define CUSTOMER_TIER_AS_OF_H

#include "utils/date.h"

/* Define the setting customer_tier.as_of, once a session. */
extern void as_of_define(void);

/* Set it, to the end of the caller's level of settings. */
extern void as_of_set(DateADT as_of);

#endif							/* CUSTOMER_TIER_AS_OF_H */
