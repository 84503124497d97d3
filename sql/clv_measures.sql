-- From the lines of an orders table to what the models need to know of a customer
CREATE SCHEMA clv_measures_test;
SET search_path = clv_measures_test, public;
SET extra_float_digits = 0;
SELECT (ROW(2, 30.43, 38.86, 22.35, 'week')::clv_measures).*;

CREATE TABLE lines (customer text, ordered_at date, amount numeric);
INSERT INTO lines VALUES
	('steady', '2024-01-10', 100), ('steady', '2024-03-05', 50.50), ('steady', '2024-06-20', 25),
	('twice a day', '2024-02-02', 10), ('twice a day', '2024-02-02', 20), ('twice a day', '2024-03-01', 5), ('twice a day', '2024-03-01', 2.5),
	('once', '2024-05-05', 99),
	('refund', '2024-01-15', -20), ('refund', '2024-02-01', 80), ('refund', '2024-02-20', -30), ('refund', '2024-05-01', 40), ('refund', '2024-06-01', -40),
	('only refunds', '2024-04-01', -15),
	('free', '2024-04-04', 10), ('free', '2024-04-14', 0),
	('nulls', NULL, 10), ('nulls', '2024-04-01', NULL), ('nulls', '2024-05-01', 7),
	('future', '2024-06-30', 10), ('future', '2024-07-01', 20), ('future', '2024-07-02', 40),
	('backwards', '2024-06-01', 1), ('backwards', '2024-05-01', 2), ('backwards', '2024-06-01', 4), ('backwards', '2024-04-01', 8), ('backwards', '2024-04-01', 16);
SELECT customer, (clv_measures(ordered_at, amount, '2024-07-01', 'day')).* FROM lines GROUP BY customer ORDER BY customer;
SELECT customer, (clv_measures(ordered_at, amount, '2024-07-01', 'weeks')).* FROM lines GROUP BY customer ORDER BY customer;
-- One purchase a month, or a week; whole numbers in that unit, a mean length in another
SELECT customer, (clv_measures(ordered_at, amount, '2024-07-01', 'month', 'month')).* FROM lines GROUP BY customer ORDER BY customer;
SELECT customer, (clv_measures(ordered_at, amount, '2024-07-01', 'day', 'week')).* FROM lines WHERE customer = 'twice a day' GROUP BY customer;
SELECT (clv_measures(d, 1, '2024-12-31', 'day', 'year')).age, (clv_measures(d, 1, '2024-12-31', 'month', 'quarter')).age AS three_months FROM (VALUES (date '2023-11-30')) v (d);
-- A week begins on Monday
SELECT (clv_measures(d, 1, '2024-01-31', 'week', 'week')).frequency FROM (VALUES (date '2024-01-07'), ('2024-01-08'), ('2024-01-14'), ('2024-01-15')) v (d);
SELECT (clv_measures(d, 1, '2024-01-31', 'week', 'week')).* FROM (VALUES (date '1999-12-26'), ('1999-12-27'), ('0044-03-15 BC')) v (d);
-- No rows, no lines
SELECT clv_measures(ordered_at, amount, '2024-07-01', 'week') IS NULL AS none FROM lines WHERE false;
SELECT clv_measures(NULL::date, 1.0, '2024-07-01', 'week') IS NULL AS none;

-- A date as as_of is the whole day, a moment the moment; days are the session's
SET TimeZone = 'Europe/Berlin';
SELECT (clv_measures(at, 1, '2024-04-01', 'day')).frequency AS whole_day, (clv_measures(at, 1, timestamptz '2024-04-01 10:00', 'day')).frequency AS until_ten,
       (clv_measures(at, 1, date '2024-04-01', 'day')).recency, (clv_measures(at AT TIME ZONE 'UTC', 1, date '2024-04-01', 'day')).recency AS in_utc
FROM (VALUES (timestamptz '2024-03-30 23:30'), ('2024-03-31 12:00'), ('2024-04-01 10:00'), ('2024-04-01 23:59:59')) v (at);
SET TimeZone = 'UTC';
SELECT (clv_measures(at, 1, date '2024-04-01', 'day')).recency FROM (VALUES (timestamptz '2024-03-30 23:30+01'), ('2024-03-31 12:00+02'), ('2024-04-01 10:00+02'), ('2024-04-01 23:59:59+02')) v (at);
RESET TimeZone;

-- Amounts of any number type; sums are exact
SELECT (clv_measures(d, a, '2024-01-31', 'day')).mean_spend AS numeric, (clv_measures(d, a::float8, '2024-01-31', 'day')).mean_spend AS double, (clv_measures(d, a::real, '2024-01-31', 'day')).mean_spend AS real,
       (clv_measures(d, a::bigint, '2024-01-31', 'day')).mean_spend AS bigint, (clv_measures(d, a::integer, '2024-01-31', 'day')).mean_spend AS integer, (clv_measures(d, a::smallint, '2024-01-31', 'day')).mean_spend AS smallint
FROM (VALUES (date '2024-01-01', 1000.0), ('2024-01-02', 0.1), ('2024-01-03', 0.2), ('2024-01-04', 14.4)) v (d, a);
SELECT (clv_measures(d, a, '2024-01-31', 'day')).mean_spend = 0.1 AS exact FROM (VALUES (date '2024-01-01', 1e25), ('2024-01-02', 0.1), ('2024-01-03', 0.1), ('2024-01-04', 0.1)) v (d, a);

-- Against the definition in SQL, on random orders
CREATE FUNCTION draw(seed int, salt text) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT (''x'' || substr(md5($1 || $2), 1, 8))::bit(32)::bigint / 4294967296.0';
CREATE TABLE book AS
SELECT floor(1000 * draw(i, 'c') ^ 2)::int AS customer, timestamptz '2023-01-01 00:00+00' + interval '1 second' * floor(94608000 * draw(i, 'd')) AS at, round((draw(i, 'a') * 100 - 8)::numeric, 2) AS amount
FROM generate_series(1, 8000) i;
CREATE VIEW definition AS
SELECT customer, merge, count(*) - 1 AS frequency, (max(n) - min(n)) * length AS recency, (as_of - min(n)) * length AS age, coalesce((sum(spent) FILTER (WHERE n > first))::float8 / nullif(count(*) - 1, 0), 0) AS mean_spend
FROM (SELECT *, min(n) OVER (PARTITION BY customer, merge) AS first FROM (
	SELECT customer, merge, n, as_of, length, sum(amount) AS spent
	FROM book, LATERAL (SELECT at::date AS day, date '2025-06-30' AS today) d,
		LATERAL (VALUES ('day', day - date '2000-01-03', today - date '2000-01-03', 1.0), ('week', (date_trunc('week', day)::date - date '2000-01-03') / 7, (date_trunc('week', today)::date - date '2000-01-03') / 7, 7),
			('month', (extract(year FROM day) * 12 + extract(month FROM day))::int, (extract(year FROM today) * 12 + extract(month FROM today))::int, 365.25 / 12),
			('quarter', (extract(year FROM day) * 4 + extract(quarter FROM day))::int, (extract(year FROM today) * 4 + extract(quarter FROM today))::int, 365.25 / 4),
			('year', extract(year FROM day)::int, extract(year FROM today)::int, 365.25)) p (merge, n, as_of, length)
	WHERE at::date <= '2025-06-30' AND amount >= 0 GROUP BY customer, merge, n, as_of, length) p) q
GROUP BY customer, merge, as_of, length;
CREATE FUNCTION wrong(zone text) RETURNS TABLE (merge text, customers bigint, wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	RETURN QUERY SELECT d.merge, count(*), count(*) FILTER (WHERE m.frequency IS DISTINCT FROM d.frequency OR abs(m.recency - d.recency) > 1e-9 OR abs(m.age - d.age) > 1e-9
			OR abs(m.mean_spend - d.mean_spend) > 1e-12 * d.mean_spend OR m.unit IS DISTINCT FROM 'day')
		FROM definition d FULL JOIN (SELECT b.customer, u AS merge, (clv_measures(at, amount, date '2025-06-30', 'day', u)).* FROM book b, unnest('{day,week,month,quarter,year}'::text[]) u GROUP BY 1, 2) m USING (customer, merge)
		WHERE m.frequency IS NOT NULL OR d.frequency IS NOT NULL GROUP BY d.merge ORDER BY d.merge;
END $$;
SELECT * FROM wrong('UTC');
SELECT * FROM wrong('America/New_York');
-- the form without merge is that of days; times without a zone are as they are
SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS by_day, count(*) FILTER (WHERE a IS DISTINCT FROM c) AS plain, count(*) FILTER (WHERE a IS DISTINCT FROM d) AS dates FROM (
	SELECT clv_measures(at, amount, '2025-06-30', 'week') AS a, clv_measures(at, amount, '2025-06-30', 'week', 'day') AS b, clv_measures(at::timestamp, amount, '2025-06-30', 'week', NULL) AS c, clv_measures(at::date, amount, date '2025-06-30', 'week') AS d
	FROM book GROUP BY customer) s;
-- the models take the record
SELECT count(*), min(p_alive('bgnbd r 0.9, alpha 10 weeks, a 0.4, b 3', m)) BETWEEN 0 AND 1 AS alive FROM (SELECT clv_measures(at, amount, '2025-06-30', 'week') AS m FROM book GROUP BY customer) s WHERE m IS NOT NULL;
SELECT bgnbd_fit(m)::text ~ '^bgnbd r .* weeks, .*n 9[0-9][0-9],' AS fit, gamma_gamma_fit(m) IS NOT NULL AS spend FROM (SELECT clv_measures(at, amount, '2025-06-30', 'week') AS m FROM book GROUP BY customer) s WHERE (m).mean_spend > 0 OR (m).frequency = 0;

-- In parallel, and with a worker that has nothing of a group
ALTER TABLE book SET (parallel_workers = 3);
CREATE VIEW measured AS SELECT customer, clv_measures(at, amount, '2025-06-30', 'week') AS m, clv_measures(at, amount::float8, '2025-06-30', 'month', 'week') AS d FROM book GROUP BY customer;
CREATE TABLE serial AS TABLE measured;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
SET parallel_leader_participation = off;
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS
	$$ DECLARE plan text; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan LIKE '%' || node || '%'; END $$;
SELECT plan_has('TABLE measured', '"Partial"') AS partial;
SELECT count(*), count(*) FILTER (WHERE (p.m).frequency IS DISTINCT FROM (s.m).frequency OR p.m::text IS DISTINCT FROM s.m::text OR p.d::text IS DISTINCT FROM s.d::text) AS wrong FROM measured p FULL JOIN serial s USING (customer);
RESET parallel_leader_participation;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
-- A growing frame goes on with a state that was read
SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS wrong FROM (
	SELECT clv_measures(at, amount, '2025-06-30', 'day') OVER (PARTITION BY customer ORDER BY amount, at ROWS UNBOUNDED PRECEDING) AS a,
		(SELECT clv_measures(at, amount, '2025-06-30', 'day') FROM book i WHERE i.customer = o.customer AND (i.amount, i.at) <= (o.amount, o.at)) AS b
	FROM book o WHERE customer BETWEEN 100 AND 120) s;

-- What is refused
\set VERBOSITY default
SELECT clv_measures(ordered_at, amount, NULL, 'week') FROM lines; -- fail
SELECT clv_measures(ordered_at, amount, 'infinity', 'week') FROM lines; -- fail
SELECT clv_measures(ordered_at, amount, '2024-07-01', NULL) FROM lines; -- fail
SELECT clv_measures(ordered_at, amount, '2024-07-01', 'fortnight') FROM lines; -- fail
SELECT clv_measures(ordered_at, amount, '2024-07-01', 'week', 'hour') FROM lines; -- fail
-- names of arguments are not for aggregates, in PostgreSQL: merge is told by its place
SELECT clv_measures(ordered_at, amount, '2024-07-01', 'week', merge => 'week') FROM lines; -- fail
SELECT clv_measures(ordered_at, amount, '2024-07-01', u) FROM lines, unnest('{week,day}'::text[]) u; -- fail
SELECT clv_measures(ordered_at, amount, '2024-07-01', 'week', u) FROM lines, unnest('{week,day}'::text[]) u; -- fail
SELECT clv_measures(ordered_at, amount, ordered_at, 'week') FROM lines; -- fail
SELECT clv_measures(ordered_at::text, amount, '2024-07-01', 'week') FROM lines; -- fail
SELECT clv_measures(ordered_at, amount::text, '2024-07-01', 'week') FROM lines; -- fail
SELECT clv_measures(date '-infinity', 1, '2024-07-01', 'week'); -- fail
SELECT clv_measures(ordered_at, 'NaN'::numeric, '2024-07-01', 'week') FROM lines; -- fail
-- a mean that no double is: told by its magnitude
SELECT clv_measures(d, a, '2024-07-01', 'week') FROM (VALUES (date '2024-01-01', 1.0), ('2024-02-01', 1e130000)) v (d, a); -- fail
SELECT clv_measures(d, a, '2024-07-01', 'week') FROM (VALUES (date '2024-01-01', 1.0), ('2024-02-01', 3e-400)) v (d, a); -- fail
SELECT (clv_measures(d, a, '2024-07-01', 'week')).mean_spend FROM (VALUES (date '2024-01-01', 1e130000), ('2024-02-01', 1e300)) v (d, a);
SELECT clv_measures(date 'infinity', 1, '2024-07-01', 'week') IS NULL AS later;
