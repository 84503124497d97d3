/*-------------------------------------------------------------------------
 *
 * as_of.c
 *		The date as of which a query looks at its data: tier_as_of(), and the
 *		setting customer_tier.as_of behind it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/datetime.h"
#include "utils/guc.h"

#include "base/as_of.h"
#include "base/compat.h"

#define AS_OF_SETTING	"customer_tier.as_of"

PG_FUNCTION_INFO_V1(tier_as_of);

/* The setting, as text and as what it says. */
static char *as_of_text = NULL;
static DateADT as_of_date = DATEVAL_NOBEGIN;	/* not set */

/*
 * Read a date written 2026-12-31: no other form, as the setting must mean the
 * same under any DateStyle, in parallel workers too.
 */
static bool
read_as_of(const char *str, DateADT *date)
{
	int			year;
	int			month;
	int			day;
	int			check[3];
	int			end = 0;

	if (sscanf(str, "%7d-%2d-%2d%n", &year, &month, &day, &end) != 3 ||
		str[end] != '\0' || year < 1 || !IS_VALID_JULIAN(year, month, day))
		return false;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	j2date(*date + POSTGRES_EPOCH_JDATE, &check[0], &check[1], &check[2]);
	return check[0] == year && check[1] == month && check[2] == day;
}

static bool
check_as_of(char **newval, void **extra pg_attribute_unused(),
			GucSource source pg_attribute_unused())
{
	DateADT		date;

	if (**newval == '\0' || read_as_of(*newval, &date))
		return true;
	GUC_check_errdetail("It is a date written as 2026-12-31, or empty for today.");
	return false;
}

static void
assign_as_of(const char *newval, void *extra pg_attribute_unused())
{
	if (*newval == '\0' || !read_as_of(newval, &as_of_date))
		as_of_date = DATEVAL_NOBEGIN;
}

void
as_of_define(void)
{
	DefineCustomStringVariable(AS_OF_SETTING,
							   "The date that tier_as_of() gives; empty for today.",
							   NULL, &as_of_text, "", PGC_USERSET, 0,
							   check_as_of, assign_as_of, NULL);
	MarkGUCPrefixReserved("customer_tier");
}

void
as_of_set(DateADT as_of)
{
	int			year;
	int			month;
	int			day;

	j2date(as_of + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	(void) set_config_option(AS_OF_SETTING,
							 psprintf("%04d-%02d-%02d", year, month, day),
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
}

/* The date of the setting, else today. */
Datum
tier_as_of(PG_FUNCTION_ARGS pg_attribute_unused())
{
	PG_RETURN_DATEADT(as_of_date != DATEVAL_NOBEGIN ? as_of_date :
					  GetSQLCurrentDate());
}
