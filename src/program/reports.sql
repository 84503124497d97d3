/* src/program/reports.sql */

--
-- Functions
--

CREATE FUNCTION tier_report(program text, as_of date DEFAULT CURRENT_DATE, by text DEFAULT NULL,
		OUT tier text, OUT rank integer, OUT by_value text, OUT customers bigint, OUT share numeric,
		OUT value numeric, OUT value_share numeric, OUT mean numeric, OUT median double precision, OUT sd numeric,
		OUT min numeric, OUT max numeric, OUT entered bigint, OUT gone bigint, OUT rose bigint, OUT fell bigint)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_report' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION tier_report(text, date, text) IS
	'a row per tier of a program on a day, overrides included, or per tier and rule or value of a column of its source: how many customers, what they bring, and who moved at the last evaluation before; a row without a tier: not graded';

CREATE FUNCTION tier_trend(program text,
		OUT as_of date, OUT tier text, OUT rank integer, OUT customers bigint, OUT share numeric,
		OUT value numeric, OUT value_share numeric, OUT mean double precision, OUT median double precision, OUT sd double precision)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_trend' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 100;
COMMENT ON FUNCTION tier_trend(text) IS
	'a row per complete evaluation of a program and earned tier: how many customers, and what they brought, as it was recorded';

CREATE FUNCTION tier_migration(program text, from_date date, to_date date,
		OUT old_tier text, OUT old_rank integer, OUT new_tier text, OUT new_rank integer,
		OUT entered boolean, OUT gone boolean, OUT customers bigint, OUT share numeric, OUT value numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_migration' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION tier_migration(text, date, date) IS
	'a row per pair of tiers that customers of a program had on two days, overrides included, with those who entered and left; share: of those who had the old tier';

CREATE FUNCTION tier_changes(program text, from_date date, to_date date,
		OUT key jsonb, OUT old_tier text, OUT new_tier text, OUT direction text, OUT rule text,
		OUT old_measure numeric, OUT new_measure numeric, OUT old_bound text, OUT new_bound text, OUT cause text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_changes' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 100;
COMMENT ON FUNCTION tier_changes(text, date, date) IS
	'a row per customer of a program whose tier changed between two days, overrides included, with the bounds then and now of the better of both tiers; cause: customer, scheme (the bar moved), rule, override, entered or left';

CREATE FUNCTION tier_effect(program text, facts regclass, key text[], amount text, at text,
		from_date date DEFAULT NULL, to_date date DEFAULT NULL, cohort date DEFAULT NULL,
		OUT tier text, OUT rank integer, OUT customers bigint, OUT facts_count bigint, OUT total numeric,
		OUT customer_share numeric, OUT value_share numeric, OUT total_share numeric, OUT index numeric,
		OUT mean numeric, OUT median double precision, OUT sd numeric, OUT per_customer numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_effect' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION tier_effect(text, regclass, text[], text, text, date, date, date) IS
	'a row per earned tier of a program: what it took or brought in a table of facts (visits, costs, complaints), by the tier at the date of each fact, or at that of a cohort; index: share of value by share of total; a row without a tier: not graded, or no customer then';

CREATE FUNCTION tier_forecast(program text, periods integer DEFAULT 4,
		OUT period integer, OUT as_of date, OUT tier text, OUT rank integer,
		OUT customers double precision, OUT value double precision, OUT if_idle bigint,
		OUT error double precision, OUT naive_error double precision, OUT value_error double precision, OUT tests integer)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_forecast' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION tier_forecast(text, integer) IS
	'a row per period ahead, as long as the last one, and earned tier of a program: how many customers and what value to expect if they go on to move, enter and leave as in the year before the last complete evaluation (a Markov chain over the tiers), and how many if nobody bought any more; the mean absolute error that the same method, or no change (naive_error), made on the periods on record; no rows before two complete evaluations by the tiers of now; 1 to 100 periods';
