/*-------------------------------------------------------------------------
 *
 * program_sql.h
 *		The SQL of programs, as templates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_PROGRAM_SQL_H
#define CUSTOMER_TIER_PROGRAM_SQL_H

#include "program/program.h"

/* program_create.c */
extern const char sql_create_schema[];
extern const char sql_create_source[];
extern const char sql_create_tables[];
extern const char sql_create_views[];
extern const char sql_create_comments[];
extern const char sql_create_row[];

extern const char sql_schema_members[];

/* program_trigger.c */
extern const char sql_label_in_use[];
extern const char sql_rank_overrides[];
extern const char sql_scheme_of_program[];
extern const char sql_scheme_of_draft[];
extern const char sql_log_override[];

/* program.c */
extern const char sql_program_read[];
extern const char sql_program_lock[];

/* program_pass.c */
extern const char sql_pass[];
extern const char sql_standing[];
extern const char sql_standing_kept[];
extern const char sql_from_source[];
extern const char sql_from_draft[];
extern const char sql_schemes_fit[];
extern const char sql_schemes_recorded[];
extern const char sql_schemes_join[];
extern const char sql_returned[];

/* program_evaluate.c */
extern const char sql_matviews[];
extern const char sql_close[];
extern const char sql_leave[];
extern const char sql_change[];
extern const char sql_enter[];
extern const char sql_draft[];
extern const char sql_record_evaluation[];
extern const char sql_record_scheme[];
extern const char sql_set_program[];
extern const char sql_read_evaluation[];
extern const char sql_recall_scheme[];

/* program_draft.c */
extern const char sql_forget_evaluation[];
extern const char sql_empty_draft[];
extern const char sql_undo[];

/* program_look.c */
extern const char sql_preview[];
extern const char sql_explain[];
extern const char sql_program_candidates[];
extern const char sql_program_line[];
extern const char sql_verify[];

#endif							/* CUSTOMER_TIER_PROGRAM_SQL_H */
