/*-------------------------------------------------------------------------
 *
 * reports_sql.h
 *		The SQL of reports, as templates.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_REPORTS_SQL_H
#define CUSTOMER_TIER_REPORTS_SQL_H

/* {day}: a date, in SQL */
extern const char sql_effective[];

extern const char sql_report[];
extern const char sql_trend[];
extern const char sql_migration[];
extern const char sql_changes[];
extern const char sql_effect[];

/* forecast.c */
extern const char sql_forecast_evaluations[];
extern const char sql_forecast_moves[];
extern const char sql_forecast_days[];

#endif							/* CUSTOMER_TIER_REPORTS_SQL_H */
