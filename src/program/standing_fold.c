/*-------------------------------------------------------------------------
 *
 * standing_fold.c
 *		The next standing of a customer: the five steps of the fold.
 *
 * No rule may put a customer whose measures are better at every date below one
 * whose are worse. What keeps that true is that each tier has a clock of its
 * own: met tiers being nested (who meets a tier meets all below it), so are
 * clocks, and the tiers that are on.
 *
 * Dates are mornings. A tier whose clock is a date is on before that date, not
 * on it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "program/standing.h"

/* date + interval, which for whole days and months is a date again. */
static DateADT
add_duration(DateADT date, const Duration *duration)
{
	Datum		sum = DirectFunctionCall2(date_pl_interval,
										  DateADTGetDatum(date),
										  IntervalPGetDatum(&duration->interval));

	return DatumGetDateADT(DirectFunctionCall1(timestamp_date, sum));
}

/* The first start of a period on or after a date. */
static DateADT
next_start(DateADT date, const Period *period)
{
	int			year;
	int			month;
	int			day;
	int			past;			/* months since a start */

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	past = (month - period->first + MONTHS_PER_YEAR) % period->months;
	if (past == 0 && day == 1)
		return date;
	month += period->months - past;
	if (month > MONTHS_PER_YEAR)
	{
		month -= MONTHS_PER_YEAR;
		year++;
	}
	return date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

/*
 * When the duration of a rule is over that begins on a date; the date itself
 * without the rule. The calendar takes time, and few dates come up in a set
 * that is evaluated on one date after another: so they are remembered.
 */
static DateADT
rule_end(StandingPlan *plan, RuleKind kind, DateADT from)
{
	const Rules *rules = plan->rules;
	RuleEnd    *end = &plan->ends[kind][(uint32) from % RULE_ENDS];

	if (!rules->has[kind])
		return from;
	if (end->from != from)
	{
		end->from = NO_DATE;	/* in case of an error */
		end->end = add_duration(from, &rules->durations[kind]);
		if (kind == RULE_HOLD && rules->hold_to != NULL)
			end->end = next_start(end->end, rules->hold_to);
		end->from = from;
	}
	return end->end;
}

/* No standing yet. */
void
standing_begin(Standing *standing, int ntiers)
{
	standing->tier = ntiers;
	standing->since = NO_DATE;
	standing->rule = BY_NONE;
	standing->until = NO_DATE;
	standing->met = ntiers;
	standing->evaluated_on = NO_DATE;
	standing->nclocks = 0;
	for (int i = 0; i < ntiers; i++)
		standing->clocks[i] = NO_DATE;
}

static void
clear_clock(Standing *standing, int tier)
{
	if (standing->clocks[tier] != NO_DATE)
	{
		standing->clocks[tier] = NO_DATE;
		standing->nclocks--;
	}
}

static void
clear_clocks(Standing *standing, int from, int ntiers)
{
	for (int i = from; i < ntiers && standing->nclocks > 0; i++)
		clear_clock(standing, i);
}

/*
 * Step 2: the best tier met. That is the one measured, or a better one that
 * was on and whose keep bar is reached.
 */
static int
best_met(const StandingPlan *plan, const Standing *standing,
		 const Evaluation *evaluation)
{
	if (plan->keep == NULL)
		return evaluation->graded;
	for (int i = standing->tier; i < evaluation->graded; i++)
	{
		if (plan->keep[i] != NULL &&
			grade_measured(plan->keep[i], &evaluation->measured) != NO_TIER)
			return i;
	}
	return evaluation->graded;
}

/*
 * Step 3, first half: the tiers that were met last time and no longer are get
 * their clocks, and those that are met need none.
 */
static void
start_clocks(StandingPlan *plan, Standing *standing, int met, DateADT as_of)
{
	if (standing->met < met)
	{
		DateADT		end = rule_end(plan, RULE_HOLD, standing->evaluated_on);

		for (int i = standing->met; i < met; i++)
		{
			if (standing->clocks[i] == NO_DATE)
				standing->nclocks++;
			standing->clocks[i] = Max(end, as_of);
		}
	}
	clear_clocks(standing, met, plan->scheme->ntiers);
}

/* When a tier that is not met goes off by its own clock. */
static DateADT
clock_end(StandingPlan *plan, const Standing *standing, int tier)
{
	DateADT		clock = standing->clocks[tier];

	return clock == NO_DATE ? NO_DATE : rule_end(plan, RULE_GRACE, clock);
}

/* The last tier, but none below the best one met, that a fall may land in. */
static int
last_landing(const StandingPlan *plan, int met)
{
	return Min(met, plan->scheme->nmeasured - 1);
}

/*
 * Step 3, second half: forget the clocks that hold no tier on, neither their
 * own nor, by landing, one of those down to the best tier met. (What they would
 * hold on below that one, its own clock will, once it is no longer met.)
 */
static void
forget_clocks(StandingPlan *plan, Standing *standing, int met,
			  DateADT as_of)
{
	const Rules *rules = plan->rules;
	int			last = last_landing(plan, met);

	for (int i = 0; i < met && standing->nclocks > 0; i++)
	{
		DateADT		end = clock_end(plan, standing, i);

		if (end == NO_DATE)
			continue;
		for (int below = i + 1;
			 end <= as_of && rules->has[RULE_LAND] && below <= last;
			 below++)
			end = rule_end(plan, RULE_LAND, end);
		if (end <= as_of)
			clear_clock(standing, i);
	}
}

/*
 * Steps 4 and 5 for a tier that is not met: whether it is on, why, and until
 * when. end is when the tier above it goes off, and becomes when this one does.
 */
static bool
is_on(StandingPlan *plan, Standing *standing, int tier, DateADT as_of,
	  DateADT *end)
{
	const Rules *rules = plan->rules;
	DateADT		own = clock_end(plan, standing, tier);
	DateADT		landed = NO_DATE;

	if (*end != NO_DATE && rules->has[RULE_LAND] &&
		tier < plan->scheme->nmeasured)
		landed = rule_end(plan, RULE_LAND, *end);
	*end = Max(own, landed);
	if (*end <= as_of)
		return false;

	if (standing->clocks[tier] > as_of)
	{
		standing->rule = BY_HOLD;
		standing->until = standing->clocks[tier];
	}
	else if (own > as_of)
	{
		standing->rule = BY_GRACE;
		standing->until = own;
	}
	else
	{
		standing->rule = BY_LANDING;
		standing->until = landed;
	}
	return true;
}

/* The standing of who meets a tier, by measure or by bar, or none. */
static void
stand_by_met(StandingPlan *plan, Standing *standing,
			 const Evaluation *evaluation)
{
	const Scheme *scheme = plan->scheme;
	int			met = standing->met;

	standing->until = NO_DATE;
	if (met == scheme->ntiers)
	{
		standing->rule = BY_NONE;
		return;
	}
	standing->rule = (met == evaluation->graded) ? BY_MEASURE : BY_KEEP;
	if (plan->rules->has[RULE_HOLD] && scheme->tiers[met].kind != BOUND_REST)
		standing->until = rule_end(plan, RULE_HOLD, evaluation->as_of);
}

/* Steps 4 and 5: the best tier that is on. */
static int
best_on(StandingPlan *plan, Standing *standing, const Evaluation *evaluation)
{
	DateADT		end = NO_DATE;	/* of the tier above; NO_DATE is before all */

	if (standing->nclocks > 0)
	{
		for (int i = 0; i < standing->met; i++)
		{
			if (is_on(plan, standing, i, evaluation->as_of, &end))
				return i;
		}
	}
	stand_by_met(plan, standing, evaluation);
	return standing->met;
}

/* Steps 2 to 5, for an established customer. */
static int
stand_established(StandingPlan *plan, Standing *standing,
				  const Evaluation *evaluation)
{
	int			met = best_met(plan, standing, evaluation);

	start_clocks(plan, standing, met, evaluation->as_of);
	standing->met = met;
	if (standing->nclocks > 0)
		forget_clocks(plan, standing, met, evaluation->as_of);
	return best_on(plan, standing, evaluation);
}

/* Step 1: is the customer too new? Then the standing is a provisional one. */
static bool
stand_provisional(StandingPlan *plan, Standing *standing,
				  const Evaluation *evaluation)
{
	DateADT		established;

	if (!plan->rules->has[RULE_NEW] || evaluation->customer_since == NO_DATE)
		return false;
	established = rule_end(plan, RULE_NEW, evaluation->customer_since);
	if (evaluation->as_of >= established)
		return false;
	standing->rule = BY_NEW;
	standing->until = established;
	standing->met = plan->scheme->ntiers;
	clear_clocks(standing, 0, plan->scheme->ntiers);
	return true;
}

/* Evaluate a customer: the standing becomes the next one. */
void
standing_step(StandingPlan *plan, Standing *standing,
			  const Evaluation *evaluation)
{
	int			ntiers = plan->scheme->ntiers;
	bool		is_first = (standing->evaluated_on == NO_DATE);
	int			old_tier = standing->tier;
	int			tier;

	/* a provisional standing counts as none, but for since */
	if (standing->rule == BY_NEW)
	{
		standing->tier = ntiers;
		standing->met = ntiers;
	}

	if (!stand_provisional(plan, standing, evaluation))
		tier = stand_established(plan, standing, evaluation);
	else if (plan->new_tier == NO_TIER)
		tier = evaluation->graded;
	else
		tier = plan->new_tier;

	if (is_first || tier != old_tier || standing->since == NO_DATE)
		standing->since = evaluation->as_of;
	standing->tier = tier;
	standing->evaluated_on = evaluation->as_of;
}
