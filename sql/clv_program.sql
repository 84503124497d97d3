-- Lifetime value as the measure of a standing program, and of tiers
CREATE SCHEMA clv_program_test;
SET search_path = clv_program_test, public;
SET extra_float_digits = 0;
SET datestyle = 'ISO';

-- orders of a year and a half; who has a number divisible by 3 leaves early
CREATE FUNCTION draw(customer int, what text) RETURNS float8 LANGUAGE sql IMMUTABLE AS
	'SELECT ((''x'' || substr(md5($1 || $2), 1, 8))::bit(32)::bigint + 0.5) / 4294967296';
CREATE TABLE orders AS SELECT customer, date '2025-01-01' + customer % 90 + (sum(gap) OVER (PARTITION BY customer ORDER BY k))::int AS ordered_on, ((5 + 60 * draw(customer, 's') ^ 2) * (0.2 - ln(draw(customer, 'a' || k))))::numeric(10, 2) AS amount
FROM (SELECT customer, k, CASE k WHEN 0 THEN 0 ELSE 1 - ln(draw(customer, 'g' || k)) * (10 + 60 * draw(customer, 'r')) END AS gap
	FROM generate_series(1, 300) customer, generate_series(0, CASE customer % 3 WHEN 0 THEN 3 ELSE 25 END) k) g;
CREATE TABLE models AS SELECT as_of, bgnbd_fit(m) AS purchases, gamma_gamma_fit(m) AS spend
FROM (SELECT as_of, customer, clv_measures(ordered_on, amount, as_of - 1, 'week') AS m FROM orders, (VALUES (date '2025-10-01'), ('2026-04-01')) d (as_of) WHERE ordered_on < as_of GROUP BY as_of, customer) c GROUP BY as_of;
SELECT as_of, purchases::text ~ ' converged$' AND purchases::text !~ 'not' AND spend::text !~ 'not' AS converged FROM models ORDER BY as_of;

-- the source: what is known on the morning of the evaluation, by the model of then
CREATE VIEW lifetime AS
SELECT customer, m, p_alive(purchases, m) AS p_alive, customer_value(purchases, spend, 52, 0.002, m) AS value
FROM (SELECT customer, clv_measures(ordered_on, amount, tier_as_of() - 1, 'week') AS m FROM orders WHERE ordered_on < tier_as_of() GROUP BY customer) c,
	(SELECT * FROM models WHERE as_of <= tier_as_of() ORDER BY as_of DESC LIMIT 1) f;
SELECT tier_program_create('worth', 'lifetime', '{customer}', 'value', 'A top 50% of value, B top 80% of value, C');
SELECT tier_program_create('lively', 'lifetime', '{customer}', 'p_alive', 'active >= 0.8, at_risk >= 0.3, lost', 'grace 1 month', value => 'value');

-- both programs are, at each evaluation, what the definitions say
CREATE VIEW by_hand AS
WITH known AS (
	SELECT as_of, customer, clv_measures(ordered_on, amount, as_of - 1, 'week') AS m FROM orders, unnest('{2025-10-01,2026-01-01,2026-04-01}'::date[]) as_of WHERE ordered_on < as_of GROUP BY as_of, customer), measured AS (
	SELECT k.as_of, customer, p_alive(purchases, m) AS p_alive, customer_value(purchases, spend, 52, 0.002, m) AS value
	FROM known k JOIN models f ON f.as_of = CASE WHEN k.as_of < '2026-04-01' THEN date '2025-10-01' ELSE '2026-04-01' END), fit AS (
	SELECT as_of, tier_fit(value_digest(value), 'A top 50% of value, B top 80% of value, C') AS scheme FROM measured GROUP BY as_of)
SELECT as_of, customer, value, tier_of(value, scheme) AS tier, tier_of(p_alive, 'active >= 0.8, at_risk >= 0.3, lost') AS band FROM measured JOIN fit USING (as_of);
CREATE TABLE kept (as_of date, customer int, tier text, band text);
CREATE PROCEDURE evaluate(day date) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM tier_evaluate('worth', day), tier_evaluate('lively', day);
	INSERT INTO kept SELECT day, customer, w.tier, l.tier FROM worth.grades w JOIN lively.grades l USING (customer);
END $$;
CALL evaluate('2025-10-01');
CALL evaluate('2026-01-01');
CALL evaluate('2026-04-01');
SELECT as_of, count(*) AS customers, count(*) FILTER (WHERE k.tier IS DISTINCT FROM h.tier) AS other_tier,
	count(*) FILTER (WHERE k.band = h.band) > 0 AND bool_and(array_position('{active,at_risk,lost}', k.band) <= array_position('{active,at_risk,lost}', h.band)) AS at_least_the_band
FROM kept k FULL JOIN by_hand h USING (as_of, customer) GROUP BY as_of ORDER BY as_of;
-- what was foreseen of each tier is on record
SELECT count(*), count(*) FILTER (WHERE abs(s.value / h.value - 1) > 1e-9 OR s.customers <> h.customers) AS wrong
FROM worth.schemes s JOIN (SELECT as_of, tier, sum(value) AS value, count(*) AS customers FROM by_hand GROUP BY as_of, tier) h USING (as_of, tier);
-- who left early is seldom among the best
SELECT tier, round(avg((customer % 3 = 0)::int), 1) AS left_early FROM worth.grades GROUP BY tier ORDER BY tier;

-- a model in another unit is an error of the evaluation, not a program of wrong numbers
INSERT INTO models SELECT '2026-05-01', replace(purchases::text, 'weeks', 'days')::purchase_model, spend FROM models WHERE as_of = '2026-04-01';
\set VERBOSITY terse
SELECT tier_evaluate('worth', '2026-05-01'); -- fail
SELECT as_of, customers FROM worth.evaluations ORDER BY as_of;
SET client_min_messages = warning;
DROP SCHEMA worth CASCADE;
DROP SCHEMA lively CASCADE;
