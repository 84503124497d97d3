-- Hold-out validation
CREATE SCHEMA clv_validate_test;
SET search_path = clv_validate_test, public;
SET extra_float_digits = 0;
\set ECHO none
\i test/recovery/simulate.sql
\set ECHO all
CREATE SCHEMA "odd place";
-- orders of customers who begin within 13 weeks, each a year long or until they leave; some twice a day, some returned
CREATE TABLE "odd place"."the orders" AS
SELECT i AS "Who", timestamp '2024-01-01 09:00' + interval '1 day' * (i % 91 + floor(coalesce(at, 0))) AS "When?", 10.0 + i % 7 AS value
FROM generate_series(1, 1200) i, LATERAL (
	SELECT sum(-ln(uniform(i, 100 + k)) * 20 / -ln(uniform(i, 1))) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS at FROM generate_series(0, ceil(ln(uniform(i, 3)) / ln(uniform(i, 2) ^ 0.4))::int) k WHERE k < 40) s
WHERE coalesce(at, 0) < 364 - i % 91;
INSERT INTO "odd place"."the orders" SELECT "Who", "When?" + interval '3 hours', -value FROM "odd place"."the orders" WHERE "Who" % 50 = 0;
INSERT INTO "odd place"."the orders" SELECT "Who", "When?" + interval '2 hours', 1 FROM "odd place"."the orders" WHERE "Who" % 20 = 0 AND value > 0;
CREATE TABLE validation AS SELECT * FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', '2024-06-30', '2024-12-29');
SELECT part, count(*), min(number), max(number), sum(actual) FROM validation GROUP BY part ORDER BY part;

-- the same step by step
CREATE TABLE days AS SELECT DISTINCT "Who" AS who, "When?"::date AS day FROM "odd place"."the orders" WHERE value >= 0;
CREATE TABLE cohort AS SELECT who, min(day) AS first, clv_measures(day, 1, '2024-06-30', 'week') AS m, count(*) FILTER (WHERE day > '2024-06-30' AND day <= '2024-12-29') AS later FROM days GROUP BY who;
CREATE TABLE model AS SELECT bgnbd_fit(m) AS model FROM cohort;
SELECT model::text LIKE '% converged' AND model::text NOT LIKE '%not%' AS converged FROM model;
SELECT count(*), count(*) FILTER (WHERE v.customers IS DISTINCT FROM e.customers OR abs(v.expected / e.expected - 1) > 1e-12 OR v.actual IS DISTINCT FROM e.actual) AS wrong
FROM (SELECT least((m).frequency, 7) AS number, count(*) AS customers, sum(expected_purchases(model, 26, m)) AS expected, sum(later) AS actual FROM cohort, model GROUP BY 1) e
	FULL JOIN (SELECT * FROM validation WHERE part = 'group') v USING (number);
SELECT count(*), count(*) FILTER (WHERE v.customers IS DISTINCT FROM e.customers OR abs(v.expected / e.expected - 1) > 1e-9 OR v.actual IS DISTINCT FROM e.actual) AS wrong
FROM (SELECT n AS number, count(*) AS customers, sum(expected_purchases(model, (7 * n - (first - '2024-01-01')) / 7.0) - expected_purchases(model, greatest(7 * (n - 1) - (first - '2024-01-01'), 0) / 7.0)) AS expected,
		(SELECT count(*) FROM days JOIN cohort c USING (who) WHERE day > c.first AND (day - '2024-01-01') / 7 = n - 1) AS actual
	FROM cohort, model, generate_series(1, 52) n WHERE first - '2024-01-01' < 7 * n GROUP BY n, model) e
	FULL JOIN (SELECT * FROM validation WHERE part = 'period') v USING (number);
-- customers who do as the model says are foreseen well: all of the hold-out, and each group
SELECT abs(sum(expected) / sum(actual) - 1) < 0.1 AS together, bool_and(abs(expected - actual) < 5 * sqrt(expected) + 20) AS each_group FROM validation WHERE part = 'group';
-- other units and models
SELECT part, count(*), sum(actual), round((sum(expected) / (SELECT sum(expected) FROM validation w WHERE w.part = v.part))::numeric, 1) AS share_of_weekly FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', '2024-06-30', '2024-12-29', 'month', 'mbgnbd') v GROUP BY part ORDER BY part;
SELECT count(*) FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', NULL, '2024-12-29');

-- what is refused
\set VERBOSITY terse
SELECT * FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', '2024-06-30', '2024-06-30'); -- fail
SELECT * FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', '2024-06-30', '2024-12-29', 'week', 'bgbb'); -- fail
SELECT * FROM clv_validate('"odd place"."the orders"', 'Who', 'When?', 'value', '2024-06-30', '2024-12-29', 'fortnight'); -- fail
SELECT * FROM clv_validate('"odd place"."the orders"', 'no such', 'When?', 'value', '2024-06-30', '2024-12-29'); -- fail
