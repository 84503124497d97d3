-- The measures of all customers in one pass: what rfm_measures gives by customer.
SELECT FROM setseed(0.5);

CREATE TABLE lines (customer bigint, ordered_at date, amount numeric);
INSERT INTO lines VALUES
	(1, '2024-01-10', 100.00), (1, '2024-03-05', 50.5), (1, '2024-06-20', 25),
	(2, '2024-06-01', 10), (2, '2024-07-01', 90), (2, '2024-07-02', 1000),
	(3, '2024-02-01', 80), (3, '2024-02-20', -30), (3, '2024-05-01', 40),
	(4, '2024-04-01', -15), (4, '2024-04-02', -5),
	(5, '2024-04-04', 0),
	(6, NULL, 10), (6, '2024-04-01', NULL), (6, '2024-05-01', 7),
	(7, NULL, 10), (7, '2024-04-01', NULL),
	(8, '2025-01-01', 10),
	(NULL, '2024-04-01', 3), (NULL, '2024-04-02', 4), (NULL, '2024-04-03', 1e40),
	(9223372036854775807, '2024-04-01', 1e-20), (-9223372036854775808, '2024-04-01', 123456789012345678901234567890), (0, '2024-04-01', 1);

SELECT * FROM unnest((SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01') FROM lines)) ORDER BY customer;
-- NULL is a customer as in GROUP BY, and who has no line has a row
WITH r AS (SELECT r::text FROM unnest((SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01') FROM lines)) r),
m AS (SELECT g::text FROM (SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01')).* FROM lines GROUP BY customer) g)
SELECT (SELECT count(*) FROM r) AS customers, (SELECT count(*) FROM (TABLE r EXCEPT TABLE m) d) AS only_here, (SELECT count(*) FROM (TABLE m EXCEPT TABLE r) d) AS only_there;

-- With order ids, of all types it takes; without one a line is an order; NULL is a customer there, too
CREATE TABLE orders (customer bigint, id bigint, ordered_at date, amount numeric);
INSERT INTO orders VALUES
	(1, 1, '2024-01-10', 100), (1, 1, '2024-01-12', 50), (1, NULL, '2024-03-01', 1), (1, NULL, '2024-03-02', 2),
	(2, 1, '2024-01-10', 100), (2, 2, '2024-02-10', 80), (2, 2, '2024-02-20', -80),
	(3, 3, '2024-01-10', 100), (3, 3, '2024-02-20', -30),
	(4, 4, '2024-04-01', -15), (5, 5, '2025-01-01', 10), (6, 6, NULL, 10),
	(NULL, 1, '2024-01-10', 7), (NULL, 1, '2024-01-11', 7), (NULL, 2, '2024-01-12', 7);
SELECT * FROM unnest((SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01', id) FROM orders)) ORDER BY customer;
CREATE FUNCTION orders_differ(id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	different bigint;
BEGIN
	EXECUTE format($q$
		WITH r AS (SELECT r::text FROM unnest((SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01', %1$s) FROM orders)) r),
		m AS (SELECT g::text FROM (SELECT customer, (rfm_measures(ordered_at, amount, '2024-07-01', %1$s)).* FROM orders GROUP BY customer) g)
		SELECT (SELECT count(*) FROM (TABLE r EXCEPT TABLE m) d) + (SELECT count(*) FROM (TABLE m EXCEPT TABLE r) d) $q$, id) INTO different;
	RETURN different;
END $$;
SELECT id, orders_differ(id) FROM unnest(ARRAY['id', 'id::integer', 'id::smallint', 'id::text', 'id::varchar', 'rpad(id::text, id::int)::char(9)', 'md5(id::text)::uuid', 'NULL::text', 'repeat(id::text, 200)']) id;
SELECT (unnest(rfm_rollup(1, date '2024-01-01', 1, '2024-01-02', 'one'))).frequency FROM generate_series(1, 3);
SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01', id::numeric) FROM orders; -- fail
DROP TABLE orders;
DROP FUNCTION orders_differ;

-- No rows; by groups; as a window; an integer for a customer; types of results
SELECT rfm_rollup(customer, ordered_at, amount, '2024-07-01') IS NULL AS none FROM lines WHERE false;
SELECT customer % 2 AS rest, array_length(rfm_rollup(customer, ordered_at, amount, '2024-07-01'), 1) AS customers FROM lines GROUP BY 1 ORDER BY 1;
SELECT customer, (SELECT sum(r.frequency) FROM unnest(rolled) r) AS orders, (SELECT sum(r.monetary) FROM unnest(rolled) r) AS monetary
FROM (SELECT customer, rfm_rollup(customer, ordered_at, amount, '2024-07-01') OVER (ORDER BY customer, ordered_at, amount ROWS 2 PRECEDING) AS rolled FROM lines WHERE customer < 5) w ORDER BY customer, orders, monetary;
SELECT pg_typeof(rfm_rollup(1, now(), 1.5, now())), pg_typeof(rfm_rollup(1::smallint, localtimestamp, 1, localtimestamp)),
	pg_typeof(rfm_rollup(1, current_date, 1::float8, current_date)), pg_typeof(rfm_rollup(1, current_date, 1, '2024-01-01'));

-- Texts: empty, long, compressed, out of line, NULL; of any type that is cast to text
CREATE TABLE names (name text, ordered_at date, amount numeric);
INSERT INTO names VALUES ('', '2024-01-01', 1), ('a', '2024-01-01', 2), ('a', '2024-01-03', 3), ('A', '2024-01-01', 4), ('a ', '2024-01-01', 5), (NULL, '2024-01-01', 6), (NULL, '2024-01-02', 1e30),
	(repeat('b', 120), '2024-01-01', 7), (repeat('b', 121), '2024-01-01', 8), (repeat('b', 121), '2024-01-01', 1e30), (repeat('b', 100000), '2024-01-01', 9), (repeat('b', 100000), '2024-01-01', 10);
ALTER TABLE names ALTER name SET STORAGE EXTERNAL;
INSERT INTO names VALUES (repeat('b', 100000), '2024-01-01', 11), (repeat('b', 100000) || 'c', '2024-01-01', 12), (repeat('b', 1000), NULL, NULL);
SELECT left(customer, 2) AS begin, length(customer), recency, frequency, monetary, first_order, last_order
FROM unnest((SELECT rfm_rollup(name, ordered_at, amount, '2024-07-01') FROM names)) ORDER BY customer COLLATE "C";
SELECT count(*) FILTER (WHERE r IS NULL OR m IS NULL) AS missing, count(*) FILTER (WHERE r::text IS DISTINCT FROM m::text) AS different
FROM unnest((SELECT rfm_rollup(name, ordered_at, amount, '2024-07-01') FROM names)) r
FULL JOIN (SELECT name, (rfm_measures(ordered_at, amount, '2024-07-01')).* FROM names GROUP BY name) m ON coalesce(customer, 'NULL') = coalesce(name, 'NULL');
SELECT array_length(rfm_rollup(name::char(5), ordered_at, amount, '2024-07-01'), 1) AS blanks_off, array_length(rfm_rollup(md5(name)::uuid, ordered_at, amount, '2024-07-01'), 1) AS uuids FROM names;
SELECT pg_typeof(rfm_rollup('x', now(), 1.5, now())), pg_typeof(rfm_rollup('x'::varchar, localtimestamp, 1, localtimestamp)),
	pg_typeof(rfm_rollup('x'::name, current_date, 1::float8, current_date)), pg_typeof(rfm_rollup(NULL, current_date, 1, current_date)),
	pg_typeof(rfm_rollup(NULL::uuid, current_date, 1::float8, current_date));
SELECT rfm_rollup(name, ordered_at, amount, '2024-07-01') IS NULL AS none FROM names WHERE false;
-- a nondeterministic collation, where the server has any, is refused
DO $$
BEGIN
	CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
	BEGIN
		EXECUTE 'SELECT rfm_rollup(name COLLATE nocase, ordered_at, amount, ''2024-07-01'') FROM names';
	EXCEPTION WHEN feature_not_supported THEN
		IF sqlerrm !~ 'nondeterministic' THEN RAISE; END IF;
		DROP COLLATION nocase;
		RETURN;
	END;
	RAISE 'it was taken';
EXCEPTION WHEN feature_not_supported THEN
	NULL; -- no ICU in this server
END $$;

\set VERBOSITY default
CREATE TABLE collated (a text COLLATE "C", b text COLLATE "POSIX");
INSERT INTO collated VALUES ('a', 'b');
SELECT rfm_rollup(a || b, date '2024-01-01', 1, '2024-01-01') FROM collated; -- fail
DROP TABLE names, collated;
SELECT rfm_rollup(customer, ordered_at, amount, NULL) FROM lines; -- fail
SELECT rfm_rollup(customer, ordered_at, amount, ordered_at) FROM lines WHERE ordered_at IS NOT NULL; -- fail
SELECT rfm_rollup(customer, ordered_at, amount, 'infinity') FROM lines; -- fail
SELECT rfm_rollup(1, date '-infinity', 1.5, '2024-01-01'); -- fail
SELECT (unnest(rfm_rollup(1, timestamp '4713-01-02 BC', 1.5, '294276-12-31'))).recency AS timestamp, (unnest(rfm_rollup('A', date '4713-01-01 BC', 1.5, date '5874897-12-31'))).recency AS date;
SELECT rfm_rollup(1, date '2024-01-01', 'NaN'::numeric, '2024-01-01'); -- fail
SELECT rfm_rollup(1, date '2024-01-01', '-Infinity'::float8, '2024-01-01'); -- fail
-- Sums are digit by digit what the server computes, whatever the size of amounts and the number of orders
CREATE TABLE amounts AS
	SELECT c AS customer, CASE WHEN random() < 0.1 THEN -1 ELSE 1 END *
		   trunc((random() * CASE WHEN i % 8 = 0 THEN 1e18 ELSE 1e5 END)::numeric) / 10::numeric ^ (c % 19) AS amount
	FROM generate_series(1, 3000) c, generate_series(1, CASE WHEN c % 500 = 0 THEN 10001 ELSE c % 20 END) i;
UPDATE amounts SET amount = trim_scale(amount) WHERE customer % 3 = 0;
UPDATE amounts SET amount = round(amount, 2) WHERE customer % 3 = 1;
INSERT INTO amounts VALUES (-1, 0.00), (-2, 9999), (-2, 9999.99), (-3, 1), (-3, 1), (-3, -2), (-4, 2), (-4, 1), (-4, -1), (-5, 9223372036854775807), (-5, 1), (-6, round(1.5, 80)), (-7, -1e-16), (-7, 0);
SELECT count(*) > 2500 AS many, count(DISTINCT scale(monetary)) > 8 AS scales,
	count(*) FILTER (WHERE monetary::text IS DISTINCT FROM plain_sum::text) AS sums
FROM unnest((SELECT rfm_rollup(customer, date '2024-01-01', amount, '2024-01-01') FROM amounts)) r
JOIN (SELECT customer, sum(amount) AS plain_sum FROM amounts GROUP BY customer) p USING (customer);
DROP TABLE amounts;

-- Against rfm_measures: every kind of time, amount and key, many customers, alone and in parallel
CREATE TABLE orders AS
	SELECT CASE WHEN random() < 0.999 THEN (random() * 5000)::bigint * 1000003 - 2500000000 END AS customer, timestamptz '2020-01-01' + random() * interval '900 days' AS at,
		   round(((CASE WHEN random() < 0.2 THEN -1 ELSE 1 END) * random() * CASE WHEN random() < 0.01 THEN 1e25 ELSE 200 END)::numeric, (random() * 3)::int) AS amount
	FROM generate_series(1, 25000);
-- texts of some lengths, the empty one among them
ALTER TABLE orders ADD name text;
ALTER TABLE orders ADD id uuid;
ALTER TABLE orders ADD number integer;
UPDATE orders SET name = repeat(md5(customer::text), abs(customer % 5)::int), id = md5(customer::text)::uuid, number = nullif((random() * 3)::int, 0);
ANALYZE orders;
CREATE FUNCTION differences(key text, id text DEFAULT '') RETURNS TABLE ("time" text, amount text, customers boolean, missing bigint, different bigint) LANGUAGE plpgsql AS $$
BEGIN
	FOR "time", amount IN VALUES ('timestamptz', 'numeric'), ('timestamp', 'bigint'), ('date', 'integer'), ('timestamptz', 'smallint'), ('timestamp', 'real'), ('date', 'double precision') LOOP
		CONTINUE WHEN (key <> 'customer' OR id <> '') AND amount NOT IN ('numeric', 'integer');
		EXECUTE format($q$
			WITH r AS MATERIALIZED (SELECT * FROM unnest((SELECT rfm_rollup(%3$s, at::%1$s, %2$s, '2022-01-01'::%1$s%4$s) FROM orders))),
			m AS MATERIALIZED (SELECT %3$s AS customer, (rfm_measures(at::%1$s, %2$s, '2022-01-01'::%1$s%4$s)).* FROM orders GROUP BY %3$s)
			SELECT count(*) > 3000, count(*) FILTER (WHERE r IS NULL OR m IS NULL), count(*) FILTER (WHERE r::text IS DISTINCT FROM m::text)
			FROM r FULL JOIN m ON coalesce(r.customer::text, 'NULL') = coalesce(m.customer::text, 'NULL')
		$q$, "time", CASE WHEN amount ~ 'int' THEN '(amount % 1e4)::' || amount ELSE 'amount::' || amount END, key, id) INTO customers, missing, different;
		RETURN NEXT;
	END LOOP;
END $$;
SELECT * FROM differences('customer');
SELECT * FROM differences('name');
SELECT * FROM differences('id');
SELECT * FROM differences('customer', ', number');
SELECT * FROM differences('name', ', number::text');
-- The same with less memory than the customers need: they go to files, of which there are no traces afterwards
-- Who owns the database may not look, and sees none.
CREATE FUNCTION temporary_files() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	IF has_function_privilege('pg_ls_tmpdir()', 'EXECUTE') THEN
		RETURN (SELECT count(*) FROM pg_ls_tmpdir());
	END IF;
	RETURN 0;
END
$$;
SET work_mem = '64kB'; -- which it takes for 256 kB
SET hash_mem_multiplier = 1;
SELECT * FROM differences('id');
SELECT * FROM differences('name', ', number');
SELECT temporary_files();
-- and more of them than files of one level can part
SELECT count(*) AS customers, sum((r).frequency) AS orders, sum((r).monetary) AS monetary, count(*) FILTER (WHERE (r).monetary = (r).customer % 1000 + (r).customer % 1000) AS right
FROM (SELECT unnest(rfm_rollup(i % 100000, date '2024-01-01', i % 1000, '2024-01-01')) AS r FROM generate_series(0, 199999) i) s;
-- groups of their own files; a rest of a sum in them
SELECT half, count(*) FILTER (WHERE (r).monetary = (r).customer % 7 * 1e40) AS right FROM (
	SELECT i % 2 AS half, unnest(rfm_rollup(i / 2, date '2024-01-01', i / 2 % 7 * 1e40, '2024-01-01')) AS r FROM generate_series(0, 39999) i GROUP BY 1) s
GROUP BY half ORDER BY half;
-- a query that ends early, and one that fails
SELECT count(*) FROM (SELECT unnest(rfm_rollup(i, date '2024-01-01', 1, '2024-01-01')) FROM generate_series(1, 20000) i LIMIT 1) s;
SELECT rfm_rollup(i, date '2024-01-01', 1 / (20000 - i), '2024-01-01') FROM generate_series(1, 20000) i; -- fail
BEGIN;
DECLARE c CURSOR FOR SELECT i % 2 AS half, array_length(rfm_rollup(i, date '2024-01-01', 1, '2024-01-01'), 1) FROM generate_series(1, 40000) i GROUP BY 1;
FETCH c;
SAVEPOINT before;
FETCH c;
ROLLBACK TO before;
COMMIT;
SELECT temporary_files();
-- but a window function has no files
SELECT rfm_rollup(i, date '2024-01-01', 1, '2024-01-01') OVER () FROM generate_series(1, 20000) i; -- fail
RESET work_mem;
RESET hash_mem_multiplier;

SET parallel_setup_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN plan ~ '"Partial Mode": "Partial"';
END $$;
SELECT is_parallel('SELECT * FROM unnest((SELECT rfm_rollup(customer, at, amount, ''2022-01-01'') FROM orders))');
SELECT * FROM differences('customer');
SELECT * FROM differences('name', ', number');
-- with files, in each process
SET work_mem = '64kB'; -- which it takes for 256 kB
SET hash_mem_multiplier = 1;
SELECT * FROM differences('name', ', number');
SELECT temporary_files();
RESET work_mem;
RESET hash_mem_multiplier;
SET parallel_leader_participation = off;
WITH r AS MATERIALIZED (SELECT r::text FROM unnest((SELECT rfm_rollup(customer, at, amount, '2022-01-01') FROM orders)) r)
SELECT count(*) > 4000 AS many, md5(string_agg(r, ',' ORDER BY r COLLATE "C")) = md5((SELECT string_agg(m::text, ',' ORDER BY m::text COLLATE "C")
	FROM (SELECT customer, (rfm_measures(at, amount, '2022-01-01')).* FROM orders GROUP BY customer OFFSET 0) m)) AS same FROM r;
-- no line in some process, and none at all
SELECT array_length(rfm_rollup(customer, at, amount, '2022-01-01'), 1) AS customers FROM orders WHERE customer = 1000003 * 7 - 2500000000;
SELECT rfm_rollup(customer, at, amount, '2022-01-01') IS NULL AS none FROM orders WHERE amount = 'NaN';
RESET ALL;

DROP TABLE lines, orders;
DROP FUNCTION differences, is_parallel, temporary_files;
