-- tier_step and tier_standing: the fold of a customer's grades over time

SET datestyle = 'ISO, MDY';

-- a series of evaluations as one line each: when, measured, and how it stands
CREATE FUNCTION pg_temp.timeline(scheme tier_scheme, rules tier_rules, days date[], measures numeric[],
                                 customer_since date DEFAULT NULL)
RETURNS TABLE (as_of date, value numeric, tier text, since date, rule text, until date, met text, clocks jsonb)
LANGUAGE sql AS $$
  SELECT as_of, value, (s).tier, (s).since, (s).rule, (s).until, (s).met, (s).clocks
  FROM (SELECT as_of, value, tier_standing(value, as_of, scheme, rules, customer_since) OVER (ORDER BY as_of) AS s
        FROM unnest(days, measures) v (as_of, value) OFFSET 0) w
  ORDER BY as_of $$;

--
-- No rules: the measured tier, at once
--
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50, C', '',
  '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{120,60,NULL,10}');

--
-- Timelines, each with its sentence
--

-- Gold of 2026 is held to the end of 2027. Requalified in May 2027, it is held
-- to the end of 2028.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 1 year to end of year',
  '{2026-03-01,2026-09-01,2027-05-01,2027-09-01,2028-01-01,2028-12-31,2029-01-01}', '{120,40,110,40,40,40,40}');

-- The fall to Silver was announced in July; Gold again in August, in the time
-- of grace, it begins anew.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 6 months; grace 3 months',
  '{2026-01-01,2026-02-01,2026-07-01,2026-08-01,2026-09-01,2027-01-31,2027-02-01,2027-05-01}',
  '{120,40,40,110,40,40,40,40}');

-- Gold, in December Platinum, and Gold no more: within the hold of Platinum
-- Gold's own clock is remembered. Last met 1 December, held to 1 December.
SELECT * FROM pg_temp.timeline('Platinum >= 200, Gold >= 100, Silver', 'hold 12 months',
  '{2026-06-01,2026-11-01,2026-12-01,2027-01-01,2027-10-31,2027-11-01,2027-12-01}', '{120,220,120,40,40,40,40}');

-- Platinum in one year and then nothing: Platinum to the end of the next, then
-- a year each of Gold and Silver.
SELECT * FROM pg_temp.timeline('Platinum >= 200, Gold >= 100, Silver >= 50, Member',
  'hold 1 year to end of year; land 1 year',
  '{2026-06-01,2027-01-01,2027-12-31,2028-01-01,2028-12-31,2029-01-01,2029-12-31,2030-01-01}', '{220,0,0,0,0,0,0,0}');

-- 120 then 45 on 100 and 50: down to 80% a tier is kept. A at 120, but not at
-- 45; B, which was on below A, is kept at 45.
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50', 'keep 80%',
  '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{120,45,40,39}');
-- who never had it is not given it
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50', 'keep 80%', '{2026-01-01,2026-02-01}', '{45,90}');

-- One good month: nine months of Gold, and one announcement, after six.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 6 months; grace 3 months',
  (SELECT array_agg(d::date) FROM generate_series('2026-01-01', '2026-12-01', interval '1 month') d),
  ARRAY[120] || array_fill(0, ARRAY[11]));

-- An evaluation on the very day of until: it is the first day of the new tier.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 1 month', '{2026-01-15,2026-02-14,2026-02-15}', '{120,0,0}');

-- 29 February and the ends of months: as date + interval does.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 1 year', '{2028-02-29,2028-03-01,2029-02-27,2029-02-28}', '{120,0,0,0}');
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 1 month; grace 1 month', '{2026-01-31,2026-02-01,2026-02-28,2026-03-28}', '{120,0,0,0}');
SELECT d AS met_on, (tier_step(NULL, 120, d, 'Gold >= 100, Silver', r)).until, r AS rules
FROM unnest('{2027-12-31,2028-01-01,2028-02-29,2028-03-31,2028-04-01}'::date[]) d,
  unnest('{hold 1 day to end of month,hold 1 month to end of quarter,hold 3 months to end of year,
           hold 14 months to end of February,hold 1 day to end of December}'::tier_rules[]) r
ORDER BY r, d;

-- Not graded for three months, within the hold and beyond it.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver >= 10', 'hold 2 months',
  '{2026-01-01,2026-02-01,2026-03-01,2026-04-01,2026-05-01}', '{120,NULL,NULL,NULL,120}');
-- the last tier takes all the rest, but a missing value is none of it
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 2 months', '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{20,NULL,NULL,NULL}');

-- Leaving and returning: a missing evaluation is simply missing. What ran out
-- meanwhile is found at the return.
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 6 months; grace 1 month',
  '{2026-01-01,2026-02-01,2027-01-01}', '{120,40,40}');
SELECT * FROM pg_temp.timeline('Gold >= 100, Silver', 'hold 6 months; grace 1 month', '{2026-01-01,2027-01-01,2027-02-01}', '{120,40,40}');

-- Newcomers: provisional for six months, as measured or as one label.
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50, C', 'hold 1 year; new 6 months',
  '{2026-02-01,2026-04-01,2026-06-01,2026-07-01,2026-08-01}', '{20,120,20,20,60}', '2026-01-15');
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50, C', 'hold 1 year; new 6 months as B',
  '{2026-02-01,2026-04-01,2026-06-01,2026-07-14,2026-07-15,2026-08-01}', '{NULL,120,20,20,60,20}', '2026-01-15');

-- lower is better, with a ladder of its own to keep
SELECT * FROM pg_temp.timeline('A <= 30, B <= 90, C', 'keep A <= 45', '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{30,45,46,100}');
SELECT * FROM pg_temp.timeline('A <= 30, B <= 90, C', 'keep 120%', '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{30,36,36.1,108}');
-- the last of the ladder kept by anything, but not by nothing
SELECT * FROM pg_temp.timeline('A >= 100, B >= 50', 'keep B', '{2026-01-01,2026-02-01,2026-03-01}', '{120,-1,NULL}');
-- bars stricter than the bound, as a fit may make them, are none
SELECT * FROM pg_temp.timeline('A >= 100, B >= -50, C', 'keep A >= 120, B >= -40', '{2026-01-01,2026-02-01,2026-03-01}', '{130,110,-45}');
SELECT * FROM pg_temp.timeline('A > Infinity, B >= -50, C', 'keep 80%', '{2026-01-01,2026-02-01}', '{-50,-55}');

--
-- Types of measures
--
SELECT (tier_step(NULL, 0.7::numeric, d, s, '')).tier AS n, (tier_step(NULL, 0.7::float8, d, s, '')).tier AS d,
  (tier_step(NULL, 0.7::real, d, s, '')).tier AS r, (tier_step(NULL, 1::bigint, d, s, '')).tier AS b,
  (tier_step(NULL, 1, d, s, '')).tier AS i, (tier_step_label(NULL, 'A', d, s, '')).tier AS l
FROM (VALUES (date '2026-01-01', 'A >= 0.7, B'::tier_scheme)) v (d, s);
-- each keeps its bar exactly
SELECT (tier_step(p, 5.6::numeric, d, s, r)).rule AS n, (tier_step(p, 5.6::float8, d, s, r)).rule AS d,
  (tier_step(p, 5.6::real, d, s, r)).rule AS r, (tier_step(p, 6::bigint, d, s, r)).rule AS b,
  (tier_step(p, 'NaN'::float8, d, s, r)).rule AS nan
FROM (VALUES (tier_step(NULL, 7, '2026-01-01', 'A >= 7, B', ''), date '2026-02-01', 'A >= 7, B'::tier_scheme, 'keep 80%'::tier_rules)) v (p, d, s, r);
-- labels; those by rule come after all others
SELECT l, s.* FROM (VALUES (1, 'A'), (2, 'Closed'), (3, NULL), (4, 'B'), (5, NULL)) v (i, l),
  LATERAL (SELECT (tier_step_label(tier_step_label(NULL, l, '2026-01-01', 'A top 10%, B, Closed by rule', 'hold 1 month; land 1 month'), NULL,
                                   '2026-02-01', 'A top 10%, B, Closed by rule', 'hold 1 month; land 1 month')).*) s ORDER BY i;

--
-- An airline: status earned in a year is valid to the end of February of the
-- year after the next, so the measure is the best of the sums of calendar years
-- from 14 months ago on, without hold. Evaluated each day, each month or each
-- year it gives the same tier on 2 January, with a soft landing, too.
--
SELECT setseed(0.5);
CREATE TEMP TABLE flown AS
SELECT member, date '2020-01-01' + floor(random() * 2190)::int AS flown_on, floor(random() * 4) * 10 AS miles
FROM generate_series(1, 12) member, generate_series(1, 12);
CREATE TEMP TABLE airline AS
SELECT member, as_of, coalesce(max(miles), 0) AS miles
FROM (SELECT DISTINCT member FROM flown) m
CROSS JOIN (SELECT generate_series('2022-01-01', '2028-01-02', interval '1 day')::date AS as_of) days
LEFT JOIN LATERAL (
  SELECT sum(miles) AS miles FROM flown f
  WHERE f.member = m.member AND flown_on < as_of AND flown_on >= date_trunc('year', as_of - interval '14 months')
  GROUP BY date_trunc('year', flown_on)) years ON true
GROUP BY member, as_of;
SELECT rules, count(*) AS times, count(*) FILTER (WHERE tiers <> 1 OR steps <> 3) AS wrong
FROM (SELECT rules, member, as_of, count(DISTINCT tier) AS tiers, count(*) AS steps
      FROM (SELECT rules, member, as_of, (tier_standing(miles, as_of, 'Platinum >= 60, Gold >= 40, Silver >= 20, Member', rules)
                                           OVER (PARTITION BY rules, step, member ORDER BY as_of)).tier
            FROM airline, unnest('{"",land 1 year}'::tier_rules[]) rules, unnest('{day,month,year}'::text[]) step
            WHERE step = 'day' OR extract(day FROM as_of) = 2 AND (step = 'month' OR extract(month FROM as_of) = 1)) s
      WHERE extract(month FROM as_of) = 1 AND extract(day FROM as_of) = 2
      GROUP BY rules, member, as_of) t
GROUP BY rules ORDER BY rules;
-- and nobody falls on 1 January
SELECT count(*) FILTER (WHERE now > before) > 0 AS rise, count(*) FILTER (WHERE now < before AND as_of = date_trunc('year', as_of)) AS fall_on_1_january,
  count(*) FILTER (WHERE now < before AND extract(month FROM as_of) = 3 AND extract(day FROM as_of) = 1) > 0 AS fall_on_1_march,
  count(*) FILTER (WHERE now < before AND NOT (extract(month FROM as_of) = 3 AND extract(day FROM as_of) = 1)) AS fall_else
FROM (SELECT as_of, miles AS now, lag(miles) OVER (PARTITION BY member ORDER BY as_of) AS before FROM airline) a;

--
-- Aggregates: no rows, NULLs, order, windows and frames
--
CREATE TEMP TABLE evaluation_of_two (customer text, as_of date, value numeric, PRIMARY KEY (customer, as_of));
INSERT INTO evaluation_of_two VALUES
  ('ann', '2026-01-01', 120), ('ann', '2026-02-01', 40), ('ann', '2026-04-01', 40), ('ann', '2026-03-01', NULL),
  ('bob', '2026-04-01', 60), ('bob', '2026-01-01', NULL), ('bob', '2026-02-01', 10);
\set scheme '''A >= 100, B >= 50, C'''
\set rules '''hold 2 months; grace 1 month'''
SELECT customer, (tier_standing(value, as_of, :scheme, :rules ORDER BY as_of)).* FROM evaluation_of_two GROUP BY customer ORDER BY customer;
SELECT tier_standing(value, as_of, :scheme, :rules ORDER BY as_of) FROM evaluation_of_two WHERE false;
-- rows without a date are no evaluation, as of a customer without any
SELECT tier_standing(NULL::numeric, NULL, :scheme, :rules) AS none,
  tier_standing_label('A', d, :scheme, :rules ORDER BY d) AS one
FROM unnest('{2026-01-01,NULL}'::date[]) d;
SELECT tier_step(tier_step(NULL, 120, '2026-01-01', :scheme, ''), 0, NULL, :scheme, '') AS stays, tier_step(NULL, 0, NULL, :scheme, '') AS none;
-- the order is part of the call
SELECT tier_standing(value, as_of, :scheme, :rules ORDER BY as_of DESC) FROM evaluation_of_two WHERE customer = 'ann'; -- fail
SELECT tier_standing(value, as_of, :scheme, :rules ORDER BY as_of) FROM evaluation_of_two; -- fail
SELECT tier_standing(value, as_of, :scheme, :rules) OVER (PARTITION BY customer)
FROM (VALUES ('ann', 120, date '2026-02-01'), ('ann', 40, '2026-01-01')) v (customer, value, as_of); -- fail
-- frames: each row's own fold
SELECT customer, as_of, (tier_standing(value, as_of, :scheme, :rules) OVER w).tier AS whole,
  (tier_standing(value, as_of, :scheme, :rules) OVER (w ROWS 1 PRECEDING)).tier AS of_two,
  (tier_standing(value, as_of, :scheme, :rules) OVER (w ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)).tier AS ahead,
  (tier_standing(value, as_of, :scheme, :rules) OVER (w ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW)).tier AS before
FROM evaluation_of_two WINDOW w AS (PARTITION BY customer ORDER BY as_of) ORDER BY 1, 2;
-- with customer_since, and both in one query
SELECT customer, (tier_standing(value, as_of, :scheme, 'new 2 months as B', '2026-01-15' ORDER BY as_of)).tier AS newcomer,
  (tier_standing(value, as_of, :scheme, 'new 2 months as B', NULL ORDER BY as_of)).tier AS established,
  (tier_standing(value::float8, as_of, :scheme, '', '2026-01-15' ORDER BY as_of)).tier AS of_float8,
  (tier_standing(value::bigint, as_of, :scheme, '', '2026-01-15' ORDER BY as_of)).tier AS of_int8,
  (tier_standing(value::real, as_of, :scheme, '', '2026-01-15' ORDER BY as_of)).tier AS of_real,
  (tier_standing_label(tier_of(value, :scheme), as_of, :scheme, '', '2026-01-15' ORDER BY as_of)).tier AS of_label
FROM evaluation_of_two GROUP BY customer ORDER BY customer;
-- the planner may do it anywhere: in a worker, too
BEGIN;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TABLE evaluation_of_many AS
  SELECT c AS customer, date '2026-01-01' + 30 * i AS as_of, (c * 7 + i * 13) % 150 AS value FROM generate_series(1, 500) c, generate_series(1, 8) i;
CREATE INDEX ON evaluation_of_many (customer);
ANALYZE evaluation_of_many;
CREATE FUNCTION pg_temp.plan(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT JSON, COSTS off, VERBOSE) ' || query INTO plan; RETURN plan; END $$;
\set query 'SELECT customer, (SELECT tier_standing(value, as_of, ''A >= 100, B >= 50, C'', ''hold 2 months'' ORDER BY as_of) FROM evaluation_of_many e WHERE e.customer = c.customer) AS s FROM (SELECT customer FROM evaluation_of_many WHERE as_of = ''2026-01-31'') c'
SELECT pg_temp.plan(:'query')::text ~ 'Gather' AS parallel;
CREATE TEMP TABLE in_workers AS :query;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE alone AS :query;
SELECT count(*), count(*) FILTER (WHERE a.s = w.s) AS same FROM alone a JOIN in_workers w USING (customer);
ROLLBACK;

--
-- Scheme and rules that change from row to row
--
SELECT as_of, (s).* FROM (
  SELECT as_of, tier_standing(value, as_of, scheme, rules) OVER (ORDER BY as_of) AS s
  FROM (VALUES (date '2026-01-01', 120, 'A >= 100, B >= 50, C'::tier_scheme, 'hold 2 months'::tier_rules),
    ('2026-02-01', 70, 'A >= 110, B >= 60, C', 'hold 2 months'), ('2026-03-01', 70, 'Top >= 500, A >= 110, B >= 60, C', 'grace 1 month'),
    ('2026-03-15', 70, 'A >= 110, B >= 60, C', ''), ('2026-04-01', 30, 'A >= 110, B >= 60', 'land 1 month'))
    v (as_of, value, scheme, rules) OFFSET 0) w;
-- many groups at once, each with its own
SET enable_sort = off;
SELECT g, (tier_standing(value, as_of, scheme, 'hold 2 months')).*
FROM (SELECT g, date '2026-01-01' + 10 * i AS as_of, 100 - 9 * i AS value, (ARRAY['A >= 90, B', 'x >= 80, y >= 70', 'y >= 95, A, x by rule'])[g]::tier_scheme AS scheme
      FROM generate_series(1, 4) i, generate_series(1, 3) g OFFSET 0) v GROUP BY g ORDER BY g;
RESET enable_sort;
-- a label that a later scheme lacks
SELECT tier_standing(value, as_of, scheme, 'hold 1 year' ORDER BY as_of)
FROM (VALUES (date '2026-01-01', 120, 'A >= 100, B'::tier_scheme), ('2026-02-01', 70, 'Gold >= 100, B')) v (as_of, value, scheme); -- fail

--
-- Errors
--
\set gold '(''Gold'', ''2026-01-01'', ''measured'', NULL, ''Gold'', NULL, ''2026-01-01'')::tier_standing'
SELECT tier_step(NULL, 1, '2026-02-01', 'A top 20%, B', ''); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A within 1 month, B', ''); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'keep A top 10%'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'keep A within 1 month'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'keep C >= 4'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B >= 3, C', 'keep B >= 3, A >= 2'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'keep A <= 6'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B, C by rule', 'keep C >= 2'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'keep 120%'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A <= 5, B', 'keep 80%'); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', 'new 6 months as Bronze'); -- fail
SELECT tier_step_label(NULL, 'A', '2026-02-01', 'A >= 5, B', 'keep 80%'); -- fail
SELECT tier_step_label(NULL, 'D', '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', NULL, ''); -- fail
SELECT tier_step(NULL, 1, '2026-02-01', 'A >= 5, B', NULL); -- fail
SELECT tier_step(:gold, 1, '2026-01-01', 'Gold >= 5, B', ''); -- fail
SELECT tier_step(NULL, 1, 'infinity', 'A >= 5, B', ''); -- fail
SELECT tier_step(NULL, 1, '0044-03-15 BC', 'A >= 5, B', ''); -- fail
SELECT tier_step(:gold, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'Gold', NULL, '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', '{"Gold": "2026-03-01"}', '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', '{"A": "tomorrow"}', '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', '{"A": "2026-02-30"}', '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', '{"A": ["2026-02-03"]}', '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', '["A"]', '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', NULL, NULL)::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
SELECT tier_step(('A', '2026-01-01', 'held', NULL, 'B', NULL, '-infinity')::tier_standing, 1, '2026-02-01', 'A >= 5, B', ''); -- fail
-- a row of nulls is no standing, as an outer join makes it; a review counts as met
SELECT tier_step((NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tier_standing, 1, '2026-02-01', 'A >= 5, B', '');
SELECT tier_step(('A', '2025-06-01', 'reviewed', NULL, 'A', NULL, '2026-01-01')::tier_standing, 1, '2026-02-01', 'A >= 5, B', 'hold 3 months');
-- a long ladder, and the longest rules
SELECT (s).tier, (s).rule, (s).until FROM (
  SELECT tier_step(tier_step(tier_step(NULL, 999, '2026-01-31', scheme, rules), 0, '2026-02-01', scheme, rules), 0, '257026-03-01', scheme, rules) AS s
  FROM (SELECT string_agg(format('T%s >= %s', i, 300 - i), ', ' ORDER BY i)::tier_scheme AS scheme, 'hold 1000 years; grace 1000 years; land 1000 years'::tier_rules AS rules
        FROM generate_series(1, 255) i) v OFFSET 0) w;
-- nothing of the session's settings shows
SET datestyle = 'German';
SELECT (tier_step(tier_step(NULL, 9, '2026-01-02', 'A >= 5, B', 'hold 3 months'), 1, '2026-02-01', 'A >= 5, B', 'hold 3 months')).clocks;
SET datestyle = 'ISO, MDY';
-- domains are what they are over
CREATE DOMAIN pg_temp.amount AS numeric;
CREATE DOMAIN pg_temp.ladder AS tier_scheme;
SELECT tier_step(NULL, 9::pg_temp.amount, '2026-01-02', 'A >= 5, B'::pg_temp.ladder, '');

--
-- Explanations
--
\pset format unaligned
\pset tuples_only on
CREATE FUNCTION pg_temp.explained(rules tier_rules, days date[], measures numeric[], customer_since date DEFAULT NULL, scheme tier_scheme DEFAULT 'Platinum >= 200, Gold >= 100, Silver')
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  standing tier_standing;
  why jsonb;
BEGIN
  FOR i IN 1 .. cardinality(days) LOOP
    why := tier_standing_explain(standing, measures[i], days[i], scheme, rules, customer_since);
    standing := tier_step(standing, measures[i], days[i], scheme, rules, customer_since);
    -- it tells of the step
    IF (why ->> 'tier', why ->> 'rule', (why ->> 'since')::date, (why ->> 'until')::date)
      IS DISTINCT FROM (standing.tier, standing.rule, standing.since, standing.until) THEN
      RAISE 'wrong: % of %', why, standing;
    END IF;
    RETURN NEXT format('%s, %s: %s', days[i], measures[i], why ->> 'sentence');
  END LOOP;
  RETURN NEXT jsonb_pretty(why - 'sentence');
END $$;
SELECT pg_temp.explained('', '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{120,40,250,NULL}');
SELECT pg_temp.explained('keep 80%; hold 6 months; grace 3 months', '{2026-01-01,2026-02-01,2026-03-01,2026-08-01}', '{120,85.50,40,40}');
SELECT pg_temp.explained('hold 1 year to end of year; land 1 year', '{2026-06-01,2027-01-01,2028-01-01}', '{220,0,0}');
SELECT pg_temp.explained('new 6 months as Silver', '{2026-02-01,2026-07-15}', '{120,120}', '2026-01-15');
SELECT pg_temp.explained('keep B; hold 1 month', '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', '{5,25,40,NULL}', NULL, 'A <= 10, B < 20');
SELECT pg_temp.explained('', '{2026-01-01}', '{5}', NULL, 'A > Infinity, B >= 50, C >= 50, D');
SELECT pg_temp.explained('', '{2026-01-01}', '{5}', NULL, 'A > Infinity, B, Closed by rule');
\pset format aligned
\pset tuples_only off
SELECT tier_standing_explain(NULL, 0.1::float8, '2026-01-01', 'A >= 0.3, B', '') -> 'raise' AS raise,
  tier_standing_explain(NULL, 'NaN'::float8, '2026-01-01', 'A >= 0.3, B', '') ->> 'sentence' AS nan,
  tier_standing_explain(NULL, 'Infinity'::float8, '2026-01-01', 'A >= 0.3, B', '') ->> 'sentence' AS infinity,
  tier_standing_explain(NULL, 1, NULL, 'A >= 0.3, B', '') AS none;
-- strings as drivers bind them
PREPARE bound(text, text, text) AS
SELECT tier_step(NULL, 7, '2026-01-01', $1, $2), tier_step_label(NULL, $3, '2026-01-01', $1, $2),
  tier_standing(7, date '2026-01-01', $1, $2), tier_standing_explain(NULL, 7, '2026-01-01', $1, $2) ->> 'tier' AS explained;
EXECUTE bound('A >= 5, B', 'hold 1 month', 'B');
DEALLOCATE bound;

--
-- Every step again, by a model in PL/pgSQL; and nobody measured better ever
-- stands worse (more of both in test/differential)
--
\set seed 0.12
\set histories 300
\set pairs 8
\set ECHO none
\i test/differential/standing_model.sql
\i test/differential/check_standing.sql
\i test/differential/check_monotone.sql
