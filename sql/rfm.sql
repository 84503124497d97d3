-- Scoring by recency, frequency and monetary value.

-- The type: canonical text, measures in any order
SELECT ' Monetary: 3 >= 1000.0, 2>=100, 1 ;FREQUENCY：2 > p50, 1; recency: 5 <= 30, 4≤60, 1;'::rfm_scheme;
SELECT s::text = s::text::rfm_scheme::text AS stable, encode(rfm_scheme_send(s), 'escape') = s::text AS sent
FROM (VALUES ('recency: 5 <= p20, 1; frequency: 9 natural, 1; monetary: 3 top 70% of value, 2 next 20% of value, 1'::rfm_scheme)) v (s);
-- A ladder may leave some customers out, and better may be more
SELECT 'recency: 2 > 30, 1 > 10; frequency: 1; monetary: 7 >= mean + 1 sd'::rfm_scheme;
SELECT a = b AS eq, a <> b AS ne, rfm_scheme_hash(a) = rfm_scheme_hash(b) AS same_hash
FROM (VALUES ('recency: 2 <= 30.0, 1; frequency: 1; monetary: 1'::rfm_scheme, 'frequency: 1; monetary: 1; recency: 2 <= 30, 1'::rfm_scheme)) v (a, b);

-- The order is that of bytes, for what has to sort
CREATE TABLE keyed_schemes (scheme rfm_scheme PRIMARY KEY);
INSERT INTO keyed_schemes VALUES
	('recency: 1; frequency: 1; monetary: 2 >= 5'),
	('recency: 1; frequency: 1; monetary: 2 >= 5, 1'),
	('recency: 2 <= 30; frequency: 1; monetary: 1');
INSERT INTO keyed_schemes VALUES ('monetary: 2>=5.0, 1; recency: 1; frequency: 1'); -- fail
SELECT a.scheme < b.scheme AS lt, a.scheme <= b.scheme AS le, a.scheme >= b.scheme AS ge, a.scheme > b.scheme AS gt, sign(rfm_scheme_cmp(a.scheme, b.scheme)) AS cmp,
	   (a.scheme < b.scheme) = (a.scheme::text COLLATE "C" < b.scheme::text) AS as_bytes
FROM keyed_schemes a, keyed_schemes b ORDER BY a.scheme, b.scheme;
SELECT count(DISTINCT a.scheme) FROM keyed_schemes a, keyed_schemes b;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT count(*) FROM keyed_schemes a JOIN keyed_schemes b USING (scheme);
RESET enable_hashjoin;
RESET enable_nestloop;

SELECT rfm_scheme('2 <= 30, 1', '2 >= 5, 1', '3 > p90, 2 > mean, 1');
SELECT measure, rfm_scheme_of('recency: 2 <= 30, 1; frequency: 1; monetary: 3 > p90, 1', measure) FROM unnest(ARRAY['recency', 'frequency', 'monetary']) measure;

\set VERBOSITY default
SELECT ''::rfm_scheme; -- fail
SELECT 'recency: 1; frequency: 1'::rfm_scheme; -- fail
SELECT 'recency: 1; frequency: 1; money: 1'::rfm_scheme; -- fail
SELECT 'recency: 1; frequency: 1; recency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency 5 <= 30, 1; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: ; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: A <= 30, B; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 10 <= 30, 9; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 1 <= 30, 0; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 1 <= 30, 2; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 2 within 30 days, 1; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 2 <= 30, 1 by rule; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT 'recency: 2 <= 60, 1 <= 30; frequency: 1; monetary: 1'::rfm_scheme; -- fail
SELECT rfm_scheme('2 <= 30, 1', 'A >= 5, B', '1'); -- fail
SELECT rfm_scheme_of('recency: 1; frequency: 1; monetary: 1', 'value'); -- fail

-- Scores; each mixture of types finds its function
SELECT rfm_score(12, 7, 830.50, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS int_numeric,
	   rfm_score(12, 7::bigint, 830.50, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS measures,
	   rfm_score(12::bigint, 7::bigint, 830.51, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS bigints,
	   rfm_score(31, 4, 830.5::float8, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS int_double,
	   rfm_score(31.5, 4, 1e9::float8, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS mixed,
	   rfm_score(61, 5, 5, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS ints,
	   rfm_score(61::smallint, 5::bigint, 830::bigint, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1') AS bigint_money;
-- No score: a NULL measure, NaN, below the last bound
SELECT rfm_score(NULL::int, 5, 5.0, s) AS null_recency, rfm_score(1, 5, 'NaN'::numeric, s) AS nan, rfm_score(100, 5, 5.0, s) AS below, rfm_score(1, 5, 5.0, s) AS scored
FROM (VALUES ('recency: 5 <= 30, 1 <= 60; frequency: 1; monetary: 2 > 1, 1'::rfm_scheme)) v (s);
SELECT rfm_score(1, 1, 1.0, 'recency: 2 <= 30, 1; frequency: 2 > 1, 1; monetary: 3 > 100, 2 > p20, 1'); -- fail
SELECT rfm_recency_score(543), rfm_frequency_score(543), rfm_monetary_score(543), rfm_recency_score(NULL);
SELECT rfm_recency_score(54); -- fail
SELECT rfm_monetary_score(540); -- fail
SELECT rfm_frequency_score(504); -- fail
SELECT rfm_frequency_score(1543); -- fail
SELECT rfm_frequency_score(-543); -- fail

-- A score taken apart
SELECT jsonb_pretty(rfm_explain(45, 7, 830.50, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1'));
SELECT rfm_explain(45, NULL, 830.50::float8, 'recency: 5 <= 30, 4 <= 60; frequency: 4 >= 5, 1; monetary: 3 > 830.5, 2 > 100, 1');
-- recency as an interval: the days that its score is of
SELECT rfm_explain(interval '1 year 5 days 30 hours', 7, 830.50, 'recency: 3 <= 366, 2 <= 367, 1; frequency: 4 >= 5, 1; monetary: 2 > 100, 1') -> 'recency' AS recency;
SELECT count(*), count(*) FILTER (WHERE e -> 'score' <> to_jsonb(rfm_score(i, 1, 1.5, s))) AS other_scores, count(DISTINCT e -> 'score') AS scores,
	count(*) FILTER (WHERE days * interval '1 day' > i OR (days + 1) * interval '1 day' <= i) AS other_days,
	count(*) FILTER (WHERE e <> rfm_explain(i, 1, 1.5::float8, s)) AS other_for_doubles
FROM generate_series(1, 2000) n,
	LATERAL (SELECT make_interval(months => n % 31 - 10, days => n * 7 % 63 - 20, secs => n * 86399.0 / 7 - 3000000) AS i,
		'recency: 5 <= -100, 4 <= 0, 3 <= 60, 2 <= 300, 1; frequency: 2 > 5, 1; monetary: 2 > 5, 1'::rfm_scheme AS s) AS input,
	LATERAL rfm_explain(i, 1, 1.5, s) AS e, LATERAL (SELECT (e #>> '{recency,value}')::integer AS days) AS whole;

-- Fitting: by bins, by a scheme; ties together, and who bought once scores 1
CREATE TABLE customers AS
	SELECT i AS id, (i * 37) % 400 AS recency, CASE WHEN i % 10 < 6 THEN 1 ELSE 1 + i % 10 END AS frequency, round(i * 12.34, 2) AS monetary
	FROM generate_series(1, 1000) i;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM customers;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), 3) FROM customers;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), rfm_scheme 'recency: 2 <= mean, 1; frequency: 2 > mean, 1; monetary: 2 >= 5000, 1') FROM customers;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), rfm_scheme 'recency: 1; frequency: 1; monetary: 1') FROM customers;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), 1) FROM customers; -- fail
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), 10) FROM customers; -- fail
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) IS NULL AS none FROM customers WHERE false;
WITH scored AS (
	SELECT frequency, rfm_frequency_score(rfm_score(recency, frequency, monetary,
			(SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM customers))) AS score
	FROM customers)
SELECT frequency, score, count(*) FROM scored GROUP BY frequency, score ORDER BY frequency;

-- The same scores as right-closed quantile bins in plain SQL, R reversed, on
-- random data with ties and NULLs, for each number of bins, in each type
CREATE FUNCTION bin(value double precision, edges double precision[]) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
RETURN 1 + (SELECT count(*) FROM unnest(edges) edge WHERE value > edge);
CREATE FUNCTION edges(measure double precision[], bins integer) RETURNS double precision[] LANGUAGE sql
RETURN (SELECT percentile_cont(ARRAY(SELECT k::float8 / bins FROM generate_series(1, bins - 1) k)) WITHIN GROUP (ORDER BY m) FROM unnest(measure) m);
SELECT FROM setseed(0.5);
CREATE TABLE random_customers AS
	SELECT run, 2 + run % 8 AS bins, n,
		   CASE WHEN random() > 0.02 THEN floor(random() * 365)::int END AS recency,
		   CASE WHEN random() > 0.02 THEN CASE WHEN random() < 0.6 THEN 1 ELSE ceil(-ln(random()) * 5) END::bigint END AS frequency,
		   CASE WHEN random() > 0.02 THEN round((random() * 10 ^ (random() * 5))::numeric, 2) * CASE WHEN random() < 0.05 THEN -1 ELSE 1 END END AS monetary
	FROM generate_series(1, 96) run, generate_series(1, 12 + run * 2) n;
CREATE VIEW compared AS
	WITH fitted AS (
		SELECT run, bins, rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary), bins) AS scheme,
			   rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary * 0.01), bins) AS cents,
			   edges(array_agg(recency::float8) FILTER (WHERE recency IS NOT NULL), bins) AS r, edges(array_agg(frequency::float8) FILTER (WHERE frequency IS NOT NULL), bins) AS f,
			   edges(array_agg(monetary::float8) FILTER (WHERE monetary IS NOT NULL), bins) AS m
		FROM random_customers GROUP BY run, bins)
	SELECT run, n, (bins + 1 - bin(recency, r)) * 100 + bin(frequency, f) * 10 + bin(monetary::float8, m) AS expected,
		   rfm_score(recency, frequency, monetary, scheme) AS scored,
		   rfm_score(recency, frequency, monetary::float8, scheme) AS scored_double,
		   rfm_score(recency::numeric, frequency::numeric, monetary, scheme) AS scored_numeric,
		   rfm_among(recency, frequency, monetary, bins) OVER w AS among, rfm_among(recency, frequency, monetary::float8, bins) OVER w AS among_double,
		   rfm_score(recency, frequency, monetary * 0.01, cents) AS in_cents
	FROM random_customers JOIN fitted USING (run, bins) WINDOW w AS (PARTITION BY run);
SELECT count(*) AS customers, count(*) FILTER (WHERE scored IS DISTINCT FROM expected) AS scored, count(*) FILTER (WHERE scored_double IS DISTINCT FROM expected) AS scored_double,
	   count(*) FILTER (WHERE scored_numeric IS DISTINCT FROM expected) AS scored_numeric, count(*) FILTER (WHERE among IS DISTINCT FROM expected) AS among,
	   count(*) FILTER (WHERE among_double IS DISTINCT FROM expected) AS among_double, count(*) FILTER (WHERE in_cents IS DISTINCT FROM expected) AS in_cents
FROM compared;

-- The window form: default bins, a scheme, NULLs, odd partitions
SELECT count(*) FILTER (WHERE rfm_score(recency, frequency, monetary, s) <> a) AS different, count(*) AS rows
FROM (SELECT *, rfm_among(recency, frequency, monetary) OVER () AS a, rfm_among(recency, frequency, monetary) OVER (ORDER BY id ROWS 3 PRECEDING) AS b FROM customers) c,
	 (SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) AS s FROM customers) f
WHERE a = b;
SELECT id, r, f, m, rfm_among(r, f, m, 2) OVER () AS two, rfm_among(r, f, m, NULL::int) OVER () AS none,
	   rfm_among(r, f, m, rfm_scheme 'recency: 2 <= 30, 1; frequency: 2 > mean, 1; monetary: 3 top 50% of value, 1') OVER () AS scheme,
	   rfm_among(r, f, m) OVER (PARTITION BY id) AS alone
FROM (VALUES (1, 5, 9, 100.0), (2, 50, 1, 10), (3, 70, 1, NULL), (4, 40, NULL, 20), (5, NULL, NULL, NULL)) v (id, r, f, m) ORDER BY id;
SELECT rfm_among(1, 1, 1.0, 12) OVER (); -- fail
SELECT rfm_among(1, 1, 1.0, rfm_scheme 'recency: 1; frequency: 1; monetary: 1') OVER (), rfm_among(NULL::int, 1, 1.0) OVER () IS NULL AS no_recency;

-- In parallel, and the report: orders to segments in one statement
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION uses_workers(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan ~ '"Node Type": "Gather' AND plan ~ 'Partial Mode": "Partial';
END $$;
SELECT uses_workers('SELECT rfm_score(recency, frequency, monetary, (SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM customers)), count(*) FROM customers GROUP BY 1');
RESET ALL;
CREATE VIEW scored_customers AS
	SELECT *, rfm_score(recency, frequency, monetary, (SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM customers)) AS score FROM customers;
SELECT rfm_segment(score, named_segments('eleven')) AS segment, count(*) AS customers, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS share,
	   sum(frequency) AS orders, sum(monetary) AS revenue, round(sum(monetary) / sum(frequency), 2) AS average_order,
	   percentile_cont(0.5) WITHIN GROUP (ORDER BY recency) AS recency, percentile_cont(0.5) WITHIN GROUP (ORDER BY frequency) AS frequency,
	   round(percentile_cont(0.5) WITHIN GROUP (ORDER BY monetary)::numeric, 2) AS monetary
FROM scored_customers GROUP BY segment ORDER BY customers DESC, segment;

-- Usable in an index
CREATE INDEX ON customers (rfm_score(recency, frequency, monetary, 'recency: 2 <= 30, 1; frequency: 2 > 1, 1; monetary: 2 >= 5000, 1'));

DROP VIEW compared, scored_customers;
DROP TABLE customers, random_customers;
DROP FUNCTION bin, edges, uses_workers;

-- Rows of measures in place of the three, of rfm_measures and of rfm_rollup; recency as an interval
CREATE TABLE order_lines AS
	SELECT (random() * 300)::int AS customer, date '2026-01-01' + (random() * 200)::int AS day, round((random() * 500)::numeric, 2) AS amount FROM generate_series(1, 2000);
CREATE TABLE records AS
	SELECT customer, rfm_measures(day, amount, '2026-06-30') AS m, rfm_measures(day, amount::float8, '2026-06-30') AS d FROM order_lines GROUP BY customer
	UNION ALL SELECT NULL, NULL, NULL UNION ALL SELECT NULL, ROW(NULL, 0, -5, NULL, NULL)::rfm_measures, NULL;
SELECT count(*), count(*) FILTER (WHERE rfm_score(m, s) IS DISTINCT FROM rfm_score((m).recency, (m).frequency, (m).monetary, s)) AS score,
	count(*) FILTER (WHERE rfm_explain(m, s) IS DISTINCT FROM rfm_explain((m).recency, (m).frequency, (m).monetary, s)) AS explain,
	count(*) FILTER (WHERE rfm_score((m).recency * interval '1 day' + interval '23 hours', (m).frequency, (m).monetary, s) IS DISTINCT FROM rfm_score(m, s)) AS interval,
	count(*) FILTER (WHERE rfm_score((m).recency * interval '1 day', (m).frequency, (m).monetary::float8, s) IS DISTINCT FROM rfm_score(m, s)) AS interval_double
FROM records, (SELECT rfm_fit(value_digest((m).recency), value_digest((m).frequency), value_digest((m).monetary)) AS s FROM records) f;
SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS among, count(*) FILTER (WHERE a3 IS DISTINCT FROM b3) AS bins, count(*) FILTER (WHERE s IS DISTINCT FROM t) AS scheme, count(*) FILTER (WHERE i IS DISTINCT FROM b) AS interval, count(*) FILTER (WHERE j IS DISTINCT FROM b3) AS interval_double, count(*) FILTER (WHERE k IS DISTINCT FROM t) AS interval_scheme, count(a) AS scored
FROM (SELECT rfm_among(m) OVER () AS a, rfm_among((m).recency, (m).frequency, (m).monetary) OVER () AS b, rfm_among(m, 3) OVER () AS a3, rfm_among((m).recency, (m).frequency, (m).monetary, 3) OVER () AS b3,
	rfm_among(m, rfm_scheme 'recency: 2 <= mean, 1; frequency: 2 > 3, 1; monetary: 3 top 20%, 1') OVER () AS s,
	rfm_among((m).recency, (m).frequency, (m).monetary, rfm_scheme 'recency: 2 <= mean, 1; frequency: 2 > 3, 1; monetary: 3 top 20%, 1') OVER () AS t,
	rfm_among((m).recency * interval '1 day', (m).frequency, (m).monetary) OVER () AS i, rfm_among((m).recency * interval '1 day', (m).frequency, (m).monetary::float8, 3) OVER () AS j,
	rfm_among((m).recency * interval '1 day', (m).frequency, (m).monetary, rfm_scheme 'recency: 2 <= mean, 1; frequency: 2 > 3, 1; monetary: 3 top 20%, 1') OVER () AS k
	FROM records) r;
SELECT interval_days, rfm_score(interval_days, 1, 1.0, 'recency: 3 <= -1, 2 <= 30, 1; frequency: 1; monetary: 1') FROM unnest(ARRAY[interval '30 days 23:59', '31 days', '1 month', '-1 second', '-1 day', '0']) interval_days;
SELECT count(*), count(*) FILTER (WHERE rfm_score(c, s) IS DISTINCT FROM rfm_score(r.m, s)) AS rollup, count(*) FILTER (WHERE c::rfm_measures IS DISTINCT FROM r.m) AS cast
FROM unnest((SELECT rfm_rollup(customer, day, amount, '2026-06-30') FROM order_lines)) c JOIN records r ON c.customer = r.customer,
	(VALUES ('recency: 2 <= 30, 1; frequency: 2 > 3, 1; monetary: 3 > 1000, 1'::rfm_scheme)) v (s);
SELECT rfm_score(c, 'recency: 2 <= 30, 1; frequency: 2 > 3, 1; monetary: 3 > 1000, 1') AS text, rfm_score(u, 'recency: 2 <= 30, 1; frequency: 2 > 3, 1; monetary: 3 > 1000, 1') AS uuid
FROM unnest((SELECT rfm_rollup('x'::text, day, amount, '2026-06-30') FROM order_lines)) c, unnest((SELECT rfm_rollup('00000000-0000-0000-0000-000000000000'::uuid, day, amount, '2026-06-30') FROM order_lines)) u;
SELECT count(*) AS rows, sum((s).customers) AS customers FROM (SELECT unnest(rfm_summary(c, (SELECT named_segments('eleven')))) AS s FROM unnest((SELECT rfm_rollup(customer, day, amount, '2026-06-30') FROM order_lines)) c) r;
DROP TABLE order_lines, records;
