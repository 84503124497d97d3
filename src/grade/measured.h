/*-------------------------------------------------------------------------
 *
 * measured.h
 *		A value that was measured, of any of the types that are graded.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CUSTOMER_TIER_MEASURED_H
#define CUSTOMER_TIER_MEASURED_H

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "grade/grade.h"
#include "number/decimal.h"
#include "number/numeric_decode.h"

typedef enum MeasuredKind
{
	MEASURED_NOTHING,			/* NULL */
	MEASURED_NUMERIC,
	MEASURED_DOUBLE,
	MEASURED_INTEGER
} MeasuredKind;

typedef struct Measured
{
	MeasuredKind kind;
	const struct varlena *numeric;	/* any header, not compressed */
	double		number;
	int64		integer;
} Measured;

static inline Measured
measured_numeric(const struct varlena *numeric)
{
	return (Measured) {.kind = MEASURED_NUMERIC, .numeric = numeric};
}

static inline Measured
measured_double(double number)
{
	return (Measured) {.kind = MEASURED_DOUBLE, .number = number};
}

static inline Measured
measured_integer(int64 integer)
{
	return (Measured) {.kind = MEASURED_INTEGER, .integer = integer};
}

/* Whole days of an interval; months are of 30 days, as in its comparison. */
static inline int64
measured_interval_days(const Interval *interval)
{
	int64		days = (int64) interval->month * DAYS_PER_MONTH + interval->day +
	interval->time / USECS_PER_DAY;

	return days - (interval->time % USECS_PER_DAY < 0);
}

/* A datum of this type. Callers know the type when they are compiled. */
static pg_always_inline Measured
measured_datum(Oid type, Datum value)
{
	switch (type)
	{
		case INT4OID:
			return measured_integer(DatumGetInt32(value));
		case INT8OID:
			return measured_integer(DatumGetInt64(value));
		case INTERVALOID:
			return measured_integer(measured_interval_days(DatumGetIntervalP(value)));
		case FLOAT8OID:
			return measured_double(DatumGetFloat8(value));
		case FLOAT4OID:
			return measured_double(real_decimal(DatumGetFloat4(value)));
		case MONEYOID:
			value = DirectFunctionCall1(cash_numeric, value);
			return measured_numeric((struct varlena *) DatumGetPointer(value));
		default:
			Assert(type == NUMERICOID);
			return measured_numeric(PG_DETOAST_DATUM_PACKED(value));
	}
}

/* Is there no number: NULL or NaN? */
static inline bool
measured_is_missing(const Measured *measured)
{
	switch (measured->kind)
	{
		case MEASURED_NOTHING:
			return true;
		case MEASURED_NUMERIC:
			return numeric_key(measured->numeric) == NUMERIC_KEY_NAN;
		case MEASURED_DOUBLE:
			return isnan(measured->number);
		case MEASURED_INTEGER:
			break;
	}
	return false;
}

/* The index of the tier, or NO_TIER; see grade.h. */
static pg_always_inline int
grade_measured(const Scheme *scheme, const Measured *measured)
{
	switch (measured->kind)
	{
		case MEASURED_NOTHING:
			break;
		case MEASURED_NUMERIC:
			return grade_numeric(scheme, measured->numeric);
		case MEASURED_DOUBLE:
			return grade_double(scheme, measured->number);
		case MEASURED_INTEGER:
			return grade_int64(scheme, measured->integer);
	}
	return NO_TIER;
}

#endif							/* CUSTOMER_TIER_MEASURED_H */
