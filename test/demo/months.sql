-- A program over the months of a file. Included by report.sql.

SELECT min(ordered_on) AS first_day, max(ordered_on) AS last_day,
       count(DISTINCT date_trunc('month', ordered_on)) AS months, count(DISTINCT date_trunc('month', ordered_on)) < 3 AS too_short
FROM records \gset
\if :too_short
\echo 'The file has orders of' :months 'months: too few for a program over the months.'
\echo
\else
SELECT CASE WHEN n >= 24 THEN '1 year' WHEN n >= 9 THEN '3 months' ELSE '1 month' END AS looks_back
FROM (SELECT (extract(year FROM age(:'last_day', :'first_day'::date)) * 12 + extract(month FROM age(:'last_day', :'first_day'::date))) AS n) m \gset

\echo :bold'A program over the months: a tier by what was bought in' :looks_back 'lasts as long again, and a month of grace':plain
\echo
\set ECHO queries
CREATE VIEW looking_back AS
  SELECT name, greatest(coalesce(sum(amount) FILTER (WHERE ordered_on >= tier_as_of() - interval :'looks_back'), 0), 0) AS bought
  FROM records WHERE ordered_on < tier_as_of() GROUP BY name;
SELECT tier_program_create('months', 'looking_back', '{name}', 'bought', 'A top 70% of value, B top 90% of value, C',
                           ('hold ' || :'looks_back' || '; grace 1 month')::tier_rules) \g /dev/null
\set ECHO none
-- it is history: nobody is there to review it
UPDATE months.program SET max_fall = 1;
CREATE TEMPORARY TABLE days AS
  SELECT day::date FROM generate_series(date_trunc('month', :'first_day'::timestamp) + interval '1 month', :'last_day'::timestamp + interval '1 day', interval '1 month') day
  ORDER BY day DESC LIMIT 24;
\set ECHO queries
SELECT e.as_of, e.customers, e.entered, e.rose, e.fell
FROM (SELECT day FROM days ORDER BY day) d, tier_evaluate('months', day) e;
\set ECHO none
SELECT min(day) AS first_evaluation, max(day) AS last_evaluation FROM days \gset

\echo :bold'What each tier brought, first and last':plain
\echo
SELECT as_of, tier, customers, to_char(100 * share, '990%') AS of_all, shown(value) AS sales, to_char(100 * value_share, '990%') AS of_sales,
       bar(coalesce(value_share, 0)::float8) AS " "
FROM tier_trend('months') WHERE as_of IN (:'first_evaluation', :'last_evaluation') AND tier IS NOT NULL ORDER BY as_of, rank;

\echo :bold'Who went where in that time':plain
\echo
\set ECHO queries
\pset tuples_only on
\pset format unaligned
SELECT tier_migration_plot('months', :'first_evaluation', :'last_evaluation');
\set ECHO none
\echo
\pset tuples_only off
\pset format aligned

\echo :bold'Whose tier is not earned now, but held, or about to be lost; the largest':plain
\echo
SELECT name, g.tier, g.rule, g.until, shown(measure) AS bought_lately FROM months.grades g JOIN months.standing USING (name)
WHERE g.rule IN ('held', 'grace') ORDER BY g.rank, measure DESC, name LIMIT 5;
\endif
