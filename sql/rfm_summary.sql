-- The RFM report in one reading, against scoring each customer.
SET extra_float_digits = 0;
-- The server's random() gives other numbers before 15.
CREATE OR REPLACE FUNCTION dice(n bigint, throw integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT (hashint8extended($1, $2) >> 11 & 9007199254740991)::double precision / 9007199254740992';

CREATE TABLE customers AS
	SELECT i AS id, CASE WHEN i % 11 <> 0 THEN floor(dice(i, 1) * dice(i, 2) * 400)::int END AS recency, floor(exp(dice(i, 3) * 4))::bigint AS frequency,
		CASE WHEN i % 13 <> 0 THEN round((exp(dice(i, 4) * 9) - 50)::numeric, 2) END AS monetary
	FROM generate_series(1, 5000) i;
SELECT segment, customers, customer_share, monetary, monetary_share, mean_recency, mean_frequency, mean_monetary, median_recency, median_frequency, median_monetary
FROM unnest((SELECT rfm_summary(recency, frequency, monetary, 5, (SELECT named_segments('eleven'))) FROM customers));

-- The definition: score each, group, and ask the server
CREATE FUNCTION by_scores(scored text, segment text, score text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT ROW(g.*)::text FROM (
			SELECT %2$s AS segment, %3$s AS score, count(*) AS customers, count(*)::float8 / sum(count(*)) OVER ()::float8 AS customer_share,
				coalesce(sum(m), 0) AS monetary, round((sum(m) / sum(sum(m)) OVER ())::numeric, 7)::float8,
				round(avg(r)::numeric, 5)::float8 AS mean_recency, round(avg(f)::numeric, 5)::float8, round(avg(m)::numeric, 5)::float8,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY r), percentile_cont(0.5) WITHIN GROUP (ORDER BY f), percentile_cont(0.5) WITHIN GROUP (ORDER BY m)
			FROM (%1$s) s GROUP BY 1, 2) g $q$, scored, segment, score);
END $$;
CREATE FUNCTION summarized(call text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT ROW(segment, score, customers, customer_share, monetary, round(monetary_share::numeric, 7)::float8,
			round(mean_recency::numeric, 5)::float8, round(mean_frequency::numeric, 5)::float8, round(mean_monetary::numeric, 5)::float8,
			median_recency, median_frequency, median_monetary)::text
		FROM unnest((SELECT %s FROM customers)) WHERE customers > 0 $q$, call);
END $$;
CREATE FUNCTION differences(measures text, rules text, map text) RETURNS TABLE (rows bigint, different bigint) LANGUAGE plpgsql AS $$
DECLARE
	r text := split_part(measures, ', ', 1);
	f text := split_part(measures, ', ', 2);
	m text := split_part(measures, ', ', 3);
	scored text := format('SELECT rfm_among(%1$s, %2$s, %3$s, %4$s) OVER () AS score, (%1$s)::float8 AS r, (%2$s)::float8 AS f, %3$s AS m FROM customers', r, f, m, coalesce(rules, '5'));
	call text := format('rfm_summary(%s)', concat_ws(', ', measures, rules, map));
BEGIN
	RETURN QUERY
	WITH a AS (SELECT summarized(call) AS row), b AS (SELECT by_scores(scored, CASE WHEN map IS NULL THEN 'NULL::text' ELSE format('rfm_segment(score, %s)', map) END, CASE WHEN map IS NULL THEN 'score' ELSE 'NULL::int' END) AS row)
	SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM (TABLE a EXCEPT TABLE b) d) + (SELECT count(*) FROM (TABLE b EXCEPT TABLE a) d);
END $$;
CREATE TABLE forms (measures text, rules text, map text);
INSERT INTO forms
SELECT measures, rules, map
FROM (VALUES ('recency, frequency, monetary'), ('recency::numeric, frequency::numeric, monetary'), ('recency::smallint, frequency::int, monetary::bigint')) m (measures),
	(VALUES (NULL, NULL), ('5', '(SELECT named_segments(''eleven''))'), ('3', NULL), (NULL, '(SELECT named_segments(''recency_frequency''))'),
		('rfm_scheme ''recency: 2 <= mean, 1; frequency: 2 >= mean, 1; monetary: 2 >= mean, 1''', '(SELECT named_segments(''eight''))'),
		('rfm_scheme ''recency: 4 <= 30, 2 <= 90; frequency: 3 >= 10, 1; monetary: 9 top 20%% of value, 7 > p20, 1''', NULL)) r (rules, map);
SELECT f.*, d.* FROM forms f, differences(measures, replace(rules, '%%', '%'), map) d;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
ALTER TABLE customers SET (parallel_workers = 2);
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan ~ '"Partial Mode": "Partial"';
END $$;
SELECT is_parallel('SELECT rfm_summary(recency, frequency, monetary) FROM customers');
SELECT sum(rows) AS rows, sum(different) AS different FROM forms f, differences(measures, replace(rules, '%%', '%'), map) d;
-- a process without rows; a run of which no value is known
SELECT customers FROM unnest((SELECT rfm_summary(recency, frequency, monetary) FROM customers WHERE id = 17));
SELECT segment, score, customers, monetary, mean_recency, median_frequency FROM unnest((SELECT rfm_summary(recency, frequency, monetary) FROM customers WHERE monetary IS NULL AND recency IS NULL));
RESET ALL;

-- No rows; all NULL; one; rules that are NULL; a segment without customers
SELECT rfm_summary(recency, frequency, monetary) IS NULL AS none FROM customers WHERE false;
SELECT segment, score, customers, customer_share, monetary, monetary_share, mean_recency, median_monetary FROM unnest((SELECT rfm_summary(NULL::int, NULL::int, NULL::numeric)));
SELECT * FROM unnest((SELECT rfm_summary(3, 4, 5.50, (SELECT named_segments('four'))) FROM (SELECT 1) s WHERE false));
SELECT segment, customers, monetary, mean_monetary FROM unnest((SELECT rfm_summary(3, 4, 5.50, 2, (SELECT named_segments('four')))));
SELECT rfm_summary(3, 4, 5.50, NULL::int) IS NULL AS none, rfm_summary(3, 4, 5.50, 5, NULL) IS NULL AS none;
-- Without bins there are as many as the map has
SELECT rfm_summary(recency, frequency, monetary, (SELECT named_segments('eight'))) = rfm_summary(recency, frequency, monetary, 2, (SELECT named_segments('eight'))) AS same FROM customers;
-- Interval for recency, whole days; real and double; numerics longer than a double
SELECT score, customers, monetary, mean_recency, mean_monetary, median_monetary
FROM unnest((SELECT rfm_summary(r, f, m, 2) FROM (VALUES (interval '1 day 23 hours', 1, 14.4::real), ('1 month', 2, 0.1), ('-1 hour', 3, 0.2)) v (r, f, m)));
SELECT score, customers, round(log(monetary), 3) AS log, mean_monetary FROM unnest((SELECT rfm_summary(1, 1, m, 2) FROM (VALUES (0.1::float8), (0.2), (1e300)) v (m)));
SELECT score, customers, monetary, mean_monetary FROM unnest((SELECT rfm_summary(1, 1, m, 2) FROM (VALUES (123456789012345678.90), (0.01), (-5)) v (m)));
SELECT monetary AS one_less FROM unnest((SELECT rfm_summary(1, 1, m) FROM (VALUES (9007199254740993)) v (m)));  -- 2^53 + 1
SELECT monetary FROM unnest((SELECT rfm_summary(1, 1, m) FROM (VALUES (0.0000000000000001), (999999999999.99), (1.500000000000000000000000000000)) v (m)));
-- More different values than 16 bits number
SELECT count(*) AS scores, sum(customers) AS customers, sum(monetary) AS monetary, sum(mean_recency * customers) / 70000 AS mean
FROM unnest((SELECT rfm_summary(i, i * 0.5, 1) FROM generate_series(1, 70000) i));
-- By groups, and as a window that grows
SELECT half, sum(s.customers) AS customers FROM (SELECT id % 2 AS half, rfm_summary(recency, frequency, monetary) AS summary FROM customers GROUP BY 1) g, unnest(summary) s GROUP BY 1 ORDER BY 1;
SELECT id, (SELECT sum(s.customers) FROM unnest(summary) s) AS customers, (SELECT sum(s.monetary) FROM unnest(summary) s) = total AS right
FROM (SELECT id, rfm_summary(recency, frequency, monetary) OVER w AS summary, coalesce(sum(monetary) OVER w, 0) AS total FROM customers WHERE id < 8 WINDOW w AS (ORDER BY id)) g;

-- Rows of measures in place of the three
CREATE TABLE measured AS SELECT ROW(recency, frequency, monetary, NULL, NULL)::rfm_measures AS m FROM customers;
SELECT rfm_summary(m) = (SELECT rfm_summary(recency, frequency, monetary) FROM customers) AS plain,
	rfm_summary(m, 3) = (SELECT rfm_summary(recency, frequency, monetary, 3) FROM customers) AS bins,
	rfm_summary(m, (SELECT named_segments('eleven'))) = (SELECT rfm_summary(recency, frequency, monetary, (SELECT named_segments('eleven'))) FROM customers) AS map,
	rfm_summary(m, 2, (SELECT named_segments('eight'))) = (SELECT rfm_summary(recency, frequency, monetary, 2, (SELECT named_segments('eight'))) FROM customers) AS bins_map,
	rfm_summary(m, rfm_scheme 'recency: 2 <= 30, 1; frequency: 2 > p50, 1; monetary: 2 > 100, 1') = (SELECT rfm_summary(recency, frequency, monetary, rfm_scheme 'recency: 2 <= 30, 1; frequency: 2 > p50, 1; monetary: 2 > 100, 1') FROM customers) AS scheme,
	rfm_summary(m, rfm_scheme 'recency: 2 <= 30, 1; frequency: 2 > p50, 1; monetary: 2 > 100, 1', (SELECT named_segments('eight'))) = (SELECT rfm_summary(recency, frequency, monetary, rfm_scheme 'recency: 2 <= 30, 1; frequency: 2 > p50, 1; monetary: 2 > 100, 1', (SELECT named_segments('eight'))) FROM customers) AS scheme_map
FROM measured;
SELECT (SELECT sum(s.customers) FROM unnest((SELECT rfm_summary(NULL::rfm_measures))) s) AS customers;
DROP TABLE measured;

\set VERBOSITY default
SELECT rfm_summary(recency, frequency, monetary, 3, (SELECT named_segments('eleven'))) FROM customers; -- fail
SELECT rfm_summary(recency, frequency, monetary, 5, (SELECT named_segments('eight'))) FROM customers; -- fail
SELECT rfm_summary(recency, frequency, monetary, rfm_scheme 'recency: 3 <= 10, 1; frequency: 2 > 5, 1; monetary: 2 > 5, 1', (SELECT named_segments('eight'))) FROM customers; -- fail
SELECT rfm_summary(recency, frequency, monetary, 10) FROM customers; -- fail
SELECT rfm_summary(recency, frequency, 'NaN'::numeric) FROM customers; -- fail
SELECT rfm_summary(recency, 'Infinity'::float8, monetary) FROM customers; -- fail
SELECT rfm_summary(recency, frequency, 'x'::text) FROM customers; -- fail
SELECT rfm_summary(recency, interval '1 day', monetary) FROM customers; -- fail

DROP TABLE customers, forms;
-- Bins, scheme and map are read from the first row: other ones in another part of the rows are an error
CREATE TABLE parts (recency int, frequency int, monetary numeric, bins int, map rfm_segments) PARTITION BY LIST (bins);
CREATE TABLE part_4 PARTITION OF parts FOR VALUES IN (4);
CREATE TABLE part_5 PARTITION OF parts FOR VALUES IN (5);
INSERT INTO parts SELECT i, i % 7, i * 1.5, 4 + i % 2, CASE i % 2 WHEN 0 THEN 'Top: [3-4]**; Low: rest' ELSE 'High: [3-4]**; Low: rest' END::rfm_segments
FROM generate_series(1, 100) i;
SET enable_partitionwise_aggregate = on;
SELECT count(*) FROM unnest((SELECT rfm_summary(recency, frequency, monetary, 4) FROM parts));
SELECT rfm_summary(recency, frequency, monetary, bins) FROM parts; -- fail
SELECT rfm_summary(recency, frequency, monetary, 4, map) FROM parts; -- fail
SELECT rfm_summary(recency, frequency, monetary, nullif(bins, 5)) FROM parts; -- fail
SELECT bins, cardinality(rfm_summary(recency, frequency, monetary, bins)) AS scores FROM parts GROUP BY bins ORDER BY bins;
RESET enable_partitionwise_aggregate;
DROP TABLE parts;

DROP FUNCTION by_scores, summarized, differences, is_parallel;
