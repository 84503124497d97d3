/*-------------------------------------------------------------------------
 *
 * program_evaluate.h
 *		Writing what came of a pass.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PROGRAM_EVALUATE_H
#define CUSTOMER_TIER_PROGRAM_EVALUATE_H

#include "program/program_pass.h"

/* as_of, kind, draft, customers, entered, gone, rose, fell */
#define NUM_EVALUATION_COLUMNS	8

/* Refuse a date that is no day. */
extern void program_check_finite(DateADT as_of);

/* Refuse a scheme without the labels that standings have. */
extern void program_check_labels(const ProgramNames *names, const Scheme *scheme);

/* Let SQL see the rows that a pass has kept, as "kept". */
extern void program_show_kept(const Pass *pass);

/* Drop them, and let SQL see them no more. */
extern void program_drop_kept(const Pass *pass);

/* Take scheme and rules of an evaluation on record. */
extern void program_recall_scheme(Pass *pass, DateADT as_of);

/* Write all that came of a pass: a draft, or an evaluation. */
extern void program_write(const Pass *pass, bool draft, Oid digest_type);

/* Go out of a program, and return the row of its last evaluation. */
extern Datum program_return_evaluation(FunctionCallInfo fcinfo, Program *program);

#endif							/* CUSTOMER_TIER_PROGRAM_EVALUATE_H */
