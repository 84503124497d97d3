/*-------------------------------------------------------------------------
 *
 * history.c
 *		What may be told of a customer.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "clv/purchase_model.h"

/* More is a mistake, and would overflow somewhere. */
#define MAX_PURCHASES	1e9
#define MAX_TIME		1e12
#define MAX_OCCASIONS	10000

static bool
is_whole(double number)
{
	return floor(number) == number;
}

/* Throw because of a value, with a format for the message that shows it. */
#define REFUSE(...) \
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), __VA_ARGS__))

/* Repeat purchases are counted. */
static void
check_purchases(double x)
{
	if (!(x >= 0 && x <= MAX_PURCHASES) || !is_whole(x))
		REFUSE(errmsg("x must be a whole number of repeat purchases, not %g", x),
			   errhint("The first purchase is not a repeat: a customer who bought once has x = 0."));
}

/* Throw unless a spend model can have this history. */
static void
check_spend(const History *history)
{
	if (history->x > 0 && !(history->t_x > 0 && history->t_x < INFINITY))
		REFUSE(errmsg("mean spend must be positive, not %g", history->t_x),
			   errdetail("It is that of %g repeat purchases.", history->x));
}

/* Throw unless times are in order. */
static void
check_times(const History *history)
{
	if (!(history->t >= 0 && history->t <= MAX_TIME))
		REFUSE(errmsg("age must be from 0 to %g, not %g", MAX_TIME, history->t));
	if (!(history->t_x >= 0))
		REFUSE(errmsg("recency must not be negative, as %g is", history->t_x),
			   errhint("It is the time from the first purchase to the last."));
	if (history->t_x > history->t)
		REFUSE(errmsg("recency %g is greater than age %g", history->t_x, history->t),
			   errhint("Recency is the time from the first purchase to the last, age that from the first until now."));
	if (history->x == 0 && history->t_x > 0)
		REFUSE(errmsg("recency is %g, but there was no repeat purchase", history->t_x),
			   errhint("With x = 0 recency is 0."));
}

/* Throw unless times count occasions, at each of which one buys once at most. */
static void
check_occasions(const ModelKind *kind, const History *history)
{
	if (!is_whole(history->t) || history->t > MAX_OCCASIONS)
		REFUSE(errmsg("age must be a whole number of occasions in %s, not %g",
					  kind->name, history->t));
	if (!is_whole(history->t_x))
		REFUSE(errmsg("recency must be a whole number of occasions in %s, not %g",
					  kind->name, history->t_x));
	if (history->x > history->t_x)
		REFUSE(errmsg("%g repeat purchases at %g occasions", history->x, history->t_x),
			   errdetail("In %s a customer buys once at an occasion, at most.",
						 kind->name));
}

/* Throw unless a model of this kind can have this history. */
void
check_history(const ModelKind *kind, const History *history)
{
	check_purchases(history->x);
	if (kind->is_spend)
		check_spend(history);
	else
	{
		check_times(history);
		if (kind->is_discrete)
			check_occasions(kind, history);
	}
}
