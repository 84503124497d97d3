/*-------------------------------------------------------------------------
 *
 * program_load.h
 *		Fill the empty table of standings, many rows at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PROGRAM_LOAD_H
#define CUSTOMER_TIER_PROGRAM_LOAD_H

#include "access/tupdesc.h"
#include "program/program.h"

typedef struct Loader Loader;

/*
 * Begin to load rows of this type. NULL if the table is not empty, or not as
 * it was made: then SQL has to insert them.
 */
extern Loader *loader_begin(const Program *program, TupleDesc rows,
							DateADT as_of);

/* Load a row. */
extern void loader_add(Loader *loader, const Datum *values,
					   const bool *isnull);

/* Load what is left. */
extern void loader_end(Loader *loader);

#endif							/* CUSTOMER_TIER_PROGRAM_LOAD_H */
