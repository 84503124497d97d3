-- From the lines of an orders table to recency, frequency and monetary value.
SELECT FROM setseed(0.5);

CREATE TABLE lines (customer text, ordered_at date, amount numeric, order_id bigint);
INSERT INTO lines VALUES
	('steady', '2024-01-10', 100.00, 1), ('steady', '2024-03-05', 50.5, 2), ('steady', '2024-06-20', 25, 3),
	('after',  '2024-06-01', 10, 4), ('after', '2024-07-01', 90, 5), ('after', '2024-07-02', 1000, 6),
	('refund', '2024-02-01', 80, 7), ('refund', '2024-02-20', -30, 7), ('refund', '2024-05-01', 40, 8),
	('return', '2024-02-01', 80, 9), ('return', '2024-05-01', 60, 10), ('return', '2024-05-11', -60, 10),
	('only refunds', '2024-04-01', -15, 11), ('only refunds', '2024-04-02', -5, NULL),
	('free', '2024-04-04', 0, 12),
	('parts', '2024-04-01', 10, 13), ('parts', '2024-04-03', 20, 13), ('parts', '2024-04-02', 5, NULL), ('parts', '2024-04-02', 6, NULL),
	('nulls', NULL, 10, 14), ('nulls', '2024-04-01', NULL, 14), ('nulls', '2024-05-01', 7, 15),
	('all null', NULL, 10, 16), ('all null', '2024-04-01', NULL, 17),
	('future', '2025-01-01', 10, 18);

-- Each line an order; refunds lower the money; what is after as_of is left out
SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01')).* FROM lines GROUP BY customer ORDER BY customer;
-- Orders of several lines; one returned in full is no order, but money is the sum of the lines
SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01', order_id)).* FROM lines GROUP BY customer ORDER BY customer;
-- A period for frequency and money: after 2024-04-01; recency is of all time
SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01', interval '3 months')).* FROM lines GROUP BY customer ORDER BY customer;
SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01', interval '3 months', order_id)).* FROM lines GROUP BY customer ORDER BY customer;
-- No period is all time
SELECT bool_and(a IS NOT DISTINCT FROM b) AS same FROM (
	SELECT rfm_measures(ordered_at, amount, '2024-07-01', NULL, order_id) AS a, rfm_measures(ordered_at, amount, '2024-07-01', order_id) AS b
	FROM lines GROUP BY customer) s;

-- No rows, no lines
SELECT rfm_measures(ordered_at, amount, '2024-07-01') IS NULL AS none FROM lines WHERE false;
SELECT rfm_measures(NULL::date, 1.0, '2024-07-01') IS NULL AS none, rfm_measures(date '2024-01-01', NULL::numeric, '2024-07-01') IS NULL AS none;

-- Recency counts days of the calendar, whatever the time of day
SELECT at, (rfm_measures(at, 1.5, timestamp '2024-03-31 12:00')).recency
FROM (VALUES (timestamp '2024-03-31 12:00'), ('2024-03-31 00:00'), ('2024-03-30 23:59:59'), ('2024-03-30 12:00'), ('2024-03-31 12:00:01'), ('infinity')) v (at)
GROUP BY at ORDER BY at;
-- One month before the 31st
SELECT at, (rfm_measures(at, 1, '2024-03-31', interval '1 month')).frequency FROM (VALUES (date '2024-02-29'), ('2024-03-01')) v (at) GROUP BY at ORDER BY at;
-- Half a day before a day is within the day before
SELECT at, (rfm_measures(at, 1, '2024-03-31', interval '12 hours')).frequency FROM (VALUES (date '2024-03-30'), ('2024-03-31')) v (at) GROUP BY at ORDER BY at;

-- Amounts of all types of numbers; a real is its decimal; the sum of doubles is the decimal of their double
SELECT (rfm_measures(current_date, 2::smallint, 'today')).monetary AS smallint, (rfm_measures(current_date, 2147483647, 'today')).monetary AS integer,
	   (rfm_measures(current_date, 9223372036854775807, 'today')).monetary AS bigint, (rfm_measures(current_date, 2.50, 'today')).monetary AS numeric,
	   (rfm_measures(current_date, 14.4::real, 'today')).monetary AS real, (rfm_measures(current_date, 14.4::double precision, 'today')).monetary AS double;
SELECT (rfm_measures(current_date, a, 'today')).monetary AS exact, sum(a) AS sum FROM generate_series(2147483000, 2147483647) a;
CREATE DOMAIN price AS numeric(9,2) CHECK (VALUE >= 0);
CREATE DOMAIN day AS date;
SELECT rfm_measures(current_date::day, 2.5::price, current_date::day) IS NOT NULL AS domains;
DROP DOMAIN price, day;
SELECT rfm_measures('2024-01-01'::text, 1, '2024-01-02'); -- fail
SELECT rfm_measures(date '2024-01-01', '1'::text, '2024-01-02'); -- fail
SELECT rfm_measures(date '2024-01-01', 1::money, '2024-01-02'); -- fail
-- A string could be a period or an order id; behind a period it is one
\set VERBOSITY terse
SELECT rfm_measures(date '2024-01-01', 1, '2024-01-02', '1 year'); -- fail
\set VERBOSITY default
SELECT (rfm_measures(date '2024-01-01', 1, '2024-01-02', NULL, 'one')).frequency FROM generate_series(1, 3);
-- Order ids of any type that can be hashed
SELECT (rfm_measures(d, 1, '2024-01-02', id::text)).frequency AS text, (rfm_measures(d, 1, '2024-01-02', id::varchar)).frequency AS varchar,
	   (rfm_measures(d, 1, '2024-01-02', md5(id::text)::uuid)).frequency AS uuid, (rfm_measures(d, 1, '2024-01-02', (id::text || repeat('0', id))::numeric / 10 ^ id)).frequency AS numeric,
	   (rfm_measures(d, 1, '2024-01-02', id)).frequency AS integer
FROM (SELECT date '2024-01-01', i % 3 FROM generate_series(1, 9) i) v (d, id);
SELECT rfm_measures(date '2024-01-01', 1.0, '2024-01-02', point(1, 1)); -- fail

\set VERBOSITY default
SELECT rfm_measures(ordered_at, amount, NULL) FROM lines; -- fail
SELECT rfm_measures(ordered_at, amount, ordered_at) FROM lines WHERE ordered_at IS NOT NULL; -- fail
SELECT rfm_measures(ordered_at, amount, '2024-01-01', make_interval(days => amount::int)) FROM lines WHERE amount > 0; -- fail
SELECT rfm_measures(ordered_at, amount, '2024-01-01', interval '0') FROM lines; -- fail
SELECT rfm_measures(ordered_at, amount, 'infinity') FROM lines; -- fail
SELECT rfm_measures(ordered_at, amount, 'infinity'::date) FROM lines; -- fail
SELECT rfm_measures(ordered_at, amount, '-infinity'::timestamp, interval '1 day') FROM lines; -- fail
SELECT rfm_measures(date '-infinity', 1.5, '2024-01-01'); -- fail
-- from one end of the calendar to the other: more microseconds than 63 bits hold, but days are few
SELECT (rfm_measures(timestamp '4713-01-02 BC', 1.5, '294276-12-31')).recency AS timestamp, date '294276-12-31' - date '4713-01-02 BC' AS days,
	(rfm_measures(timestamptz '4713-01-02 BC 00:00+00', 1.5, '294276-12-31 00:00+00')).recency AS timestamptz,
	(rfm_measures(timestamp '4713-01-02 BC', 1.5, '294276-12-31', interval '1 year')).recency AS period,
	(rfm_measures(timestamp '4713-01-02 BC', 1.5, '294276-12-31', 7)).recency AS order_id,
	(rfm_measures(date '4713-01-01 BC', 1.5, date '5874897-12-31')).recency AS date, date '5874897-12-31' - date '4713-01-01 BC' AS dates;
SELECT (rfm_measures(timestamp '4714-11-24 BC', 1.5, '294276-12-31 23:59:59.999999')).recency, extract(julian FROM timestamp '294276-12-31 23:59:59') AS julian;
SELECT rfm_measures(date '2024-01-01', 'NaN'::numeric, '2024-01-01'); -- fail
SELECT rfm_measures(date '2024-01-01', '-Infinity'::numeric, '2024-01-01'); -- fail
SELECT rfm_measures(date '2024-01-01', 'NaN'::float8, '2024-01-01'); -- fail
SELECT rfm_measures(date '2024-01-01', '-Infinity'::float8, '2024-01-01'); -- fail

-- Sums are exact: as the server's for numeric, to the display scale
CREATE FUNCTION summed(amounts numeric[]) RETURNS numeric LANGUAGE sql
BEGIN ATOMIC SELECT (rfm_measures(date '2024-01-01', a, '2024-01-01')).monetary FROM unnest(amounts) a; END;
SELECT amounts, summed(amounts), summed(amounts)::text = (SELECT sum(a)::text FROM unnest(amounts) a) AS same
FROM (VALUES
	(ARRAY[0.1, 0.02, 3]), ('{1.00, 2.000, -3}'), ('{0.00}'), ('{9223372036854775807, 9223372036854775807, 9223372036854775807}'),
	('{-9223372036854775808, -9223372036854775808, 0.5}'), ('{9223372036854775807, 0.0001, 0.00000001}'),
	('{123456789012345678901234567890, -123456789012345678901234567889.99}'), ('{1e-20, 1e20, -1e20}'), ('{1.2345678901234567, 1}'),
	('{99999999999999999999, 1.5, -0.25}'), ('{1e40, 0.00000000000000001, -1e40}'), ('{100000000, 0.00000001}'), ('{-0.5, 0.25}'),
	('{-170141183460469231731687303715884105728, 1}')) v (amounts);
SELECT count(*) AS cases, count(*) FILTER (WHERE summed(amounts)::text IS DISTINCT FROM total::text) AS different
FROM (SELECT array_agg(a) AS amounts, sum(a) AS total
	  FROM (SELECT n, round(((random() - 0.4) * 10 ^ (random() * CASE n % 4 WHEN 3 THEN 45 ELSE 17 END))::numeric
							* CASE n % 4 WHEN 2 THEN (random() * 1e-9)::numeric ELSE 1 END, (random() * CASE n % 4 WHEN 0 THEN 4 ELSE 22 END)::int) AS a
			FROM generate_series(1, 5000) n, generate_series(1, 8)) r
	  GROUP BY n) s;
-- Enough 64-bit integers to need 128 bits
SELECT (m).monetary, (m).monetary = s AS same FROM (
	SELECT rfm_measures(date '2024-01-01', a, '2024-01-01') AS m, sum(a) AS s
	FROM (SELECT 9223372036854775807 - i AS a FROM generate_series(1, 1000) i) v) w;

-- Doubles: the sum of the exact values, rounded once, in any order
CREATE FUNCTION summed(amounts double precision[]) RETURNS double precision LANGUAGE sql
BEGIN ATOMIC SELECT (rfm_measures(date '2024-01-01', a, '2024-01-01')).monetary::double precision FROM unnest(amounts) a; END;
SELECT amounts, summed(amounts)
FROM (VALUES (ARRAY[0.1, 0.2, 0.3]::float8[]), ('{0.3, 0.2, 0.1}'), ('{1e16, 1, -1e16}'), ('{1e300, 1.5, -1e300}'), ('{1.7e308, 1.7e308, -1.7e308}'),
	('{-9e18, -9e18, 1}'), ('{4611686018427387904, -0.5, -4611686018427387904}'), ('{1e-10, -1e-10}'), ('{-0.0}'), ('{-1e-5, 1e-7}')) v (amounts);
SELECT summed('{1.7e308, 1.7e308}'::float8[]); -- fail
SELECT count(*) AS cases, count(*) FILTER (WHERE s IS DISTINCT FROM r) AS by_order, count(*) FILTER (WHERE abs(s::text::numeric - e) > 3e-16 * b) AS far
FROM (SELECT summed(array_agg(a ORDER BY a)) AS s, summed(array_agg(a ORDER BY k)) AS r, sum(a::text::numeric) AS e, sum(abs(a))::numeric AS b
	  FROM (SELECT n, (random() - 0.4) * 10 ^ (random() * 30 - 3) AS a, random() AS k FROM generate_series(1, 3000) n, generate_series(1, 9)) r
	  GROUP BY n) v;

-- Against a definition in plain SQL, in each form, by groups, in parallel
CREATE TABLE orders AS
	SELECT (random() * 400)::int AS customer, timestamp '2020-01-01' + random() * interval '900 days' AS at,
		   round((CASE WHEN random() < 0.2 THEN -1 ELSE 1 END * random() * 200)::numeric, (random() * 3)::int) AS amount,
		   nullif((random() * 6)::int, 0) AS id
	FROM generate_series(1, 12000);
CREATE VIEW expected AS
	WITH kept AS (SELECT *, coalesce(id::text, 'line ' || ctid) AS key FROM orders WHERE at <= '2022-01-01'),
	bought AS (
		SELECT false AS by_id, customer, at FROM kept WHERE amount >= 0
		UNION ALL
		SELECT true, customer, min(at) FILTER (WHERE amount >= 0) FROM kept GROUP BY customer, key
		HAVING bool_or(amount >= 0) AND (bool_and(amount >= 0) OR sum(amount) > 0)),
	o AS (SELECT * FROM bought UNION ALL SELECT by_id, customer, NULL FROM kept, (VALUES (false), (true)) v (by_id)),
	p AS (SELECT * FROM (VALUES (NULL::timestamp), ('2021-09-01')) v (since)),
	counted AS (
		SELECT by_id, since, customer, '2022-01-01'::date - max(at)::date AS recency,
			   count(*) FILTER (WHERE at > since OR at IS NOT NULL AND since IS NULL) AS frequency,
			   min(at)::date AS first_order, max(at)::date AS last_order
		FROM o, p GROUP BY by_id, since, customer)
	SELECT by_id, since IS NOT NULL AS in_period, customer, recency, frequency,
		   (SELECT coalesce(sum(amount) FILTER (WHERE at > since OR since IS NULL), 0) FROM kept k WHERE k.customer = c.customer) AS monetary,
		   first_order, last_order
	FROM counted c;
CREATE VIEW measured AS
	SELECT false AS by_id, false AS in_period, customer, (rfm_measures(at, amount, '2022-01-01 00:00')).* FROM orders GROUP BY customer
	UNION ALL SELECT false, true, customer, (rfm_measures(at, amount, '2022-01-01 00:00', interval '4 months')).* FROM orders GROUP BY customer
	UNION ALL SELECT true, false, customer, (rfm_measures(at, amount, '2022-01-01 00:00', id)).* FROM orders GROUP BY customer
	UNION ALL SELECT true, true, customer, (rfm_measures(at, amount, '2022-01-01 00:00', interval '4 months', id)).* FROM orders GROUP BY customer;
CREATE FUNCTION differences() RETURNS TABLE (groups bigint, missing bigint, different bigint) LANGUAGE sql
BEGIN ATOMIC
	SELECT count(*), count(*) FILTER (WHERE m.customer IS NULL OR e.customer IS NULL),
		   count(*) FILTER (WHERE (m.recency, m.frequency, m.monetary, m.first_order, m.last_order) IS DISTINCT FROM (e.recency, e.frequency, e.monetary, e.first_order, e.last_order))
	FROM expected e FULL JOIN measured m USING (by_id, in_period, customer);
END;
SELECT * FROM differences();
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET enable_sort = off;	-- so that partial aggregation is chosen
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan ~ '"Partial Mode": "Partial"';
END $$;
SELECT is_parallel('SELECT customer, rfm_measures(at, amount, ''2022-01-01'', interval ''4 months'', id) FROM orders GROUP BY customer');
SELECT * FROM differences();
SET parallel_leader_participation = off;
SELECT * FROM differences();
RESET parallel_leader_participation;
-- A sum that does not fit, and text ids, cross between processes
SELECT is_parallel('SELECT rfm_measures(at, amount * 1e30, ''2022-01-01'', id::text) FROM orders');
SELECT (rfm_measures(at, amount * 1e30, '2022-01-01', id::text)).monetary = 1e30 * (rfm_measures(at, amount, '2022-01-01', id)).monetary AS same,
	   (rfm_measures(at, (amount * 1e30)::float8, '2022-01-01')).monetary = (SELECT summed(array_agg((amount * 1e30)::float8)) FROM orders WHERE at <= '2022-01-02')::numeric AS same_double
FROM orders;
-- Groups without a line in some process
SELECT count(*) AS groups, count(m) BETWEEN 1 AND 400 AS only_some FROM (SELECT customer, rfm_measures(at, amount, '2020-01-20') AS m FROM orders GROUP BY customer) v;
RESET ALL;

-- Partitionwise, and split is whole
CREATE TABLE by_month (LIKE orders) PARTITION BY RANGE (at);
CREATE TABLE by_month_1 PARTITION OF by_month FOR VALUES FROM (MINVALUE) TO ('2021-01-01');
CREATE TABLE by_month_2 PARTITION OF by_month FOR VALUES FROM ('2021-01-01') TO (MAXVALUE);
INSERT INTO by_month SELECT * FROM orders;
SET enable_partitionwise_aggregate = on;
SELECT count(*) AS groups, count(*) FILTER (WHERE m IS DISTINCT FROM n) AS different
FROM (SELECT customer, rfm_measures(at, amount, '2022-01-01', id) AS m FROM by_month GROUP BY customer) p
	 JOIN (SELECT customer, rfm_measures(at, amount, '2022-01-01', id) AS n FROM orders GROUP BY customer) w USING (customer);
RESET enable_partitionwise_aggregate;

-- A window that grows reads a state that goes on
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE m IS DISTINCT FROM n) AS different
FROM (SELECT rfm_measures(at, amount, '2022-01-01', id) OVER w AS m,
			 (SELECT rfm_measures(at, amount, '2022-01-01', id) FROM orders i WHERE i.customer = o.customer AND i.at <= o.at) AS n
	  FROM orders o WHERE customer < 20 WINDOW w AS (PARTITION BY customer ORDER BY at)) v;
SELECT count(*) AS rows, count(*) FILTER (WHERE f IS DISTINCT FROM c) AS different
FROM (SELECT (rfm_measures(at, amount, '2022-01-01 00:00') OVER w).frequency AS f, nullif(count(*) FILTER (WHERE at <= '2022-01-01') OVER w, 0) - count(*) FILTER (WHERE amount < 0 AND at <= '2022-01-01') OVER w AS c
	  FROM orders WINDOW w AS (PARTITION BY customer ORDER BY at ROWS 3 PRECEDING)) v;

DROP VIEW expected, measured CASCADE;
DROP TABLE orders, by_month, lines;
DROP FUNCTION summed(numeric[]), summed(double precision[]), is_parallel;
