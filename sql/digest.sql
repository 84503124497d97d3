--
-- value_digest: the type, its aggregates and its readers
--
CREATE SCHEMA digest_test;
SET search_path = digest_test, public;
SET extra_float_digits = 1;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.42);

-- text form
SELECT '(capacity 4194304) 10 20*2 70'::value_digest;
SELECT '  ( capacity  4096 ,wide )   -1e3  -0  0.1*1  1e300*9223372036854 '::value_digest;
SELECT '(capacity 4096, precision 30, min 1.0000000002, max 3, wide) 1 2*3 3'::value_digest;
SELECT '(capacity 4096, precision 0, min -3.5, max 7.9) -3.9999999999999996*2 0 4'::value_digest;
SELECT '(capacity 16777216) 5e-324 1.7976931348623157e308'::value_digest;
SELECT '(capacity 4096, precision 30, min -0, max 0) 0'::value_digest;
\set VERBOSITY default
SELECT ''::value_digest; -- fail
SELECT '10 20*2 70'::value_digest; -- fail
SELECT '(capacity 4095) 1'::value_digest; -- fail
SELECT '(capacity 16777217) 1'::value_digest; -- fail
SELECT '(capacity 99999999999999999999) 1'::value_digest; -- fail
SELECT '(capacity 4096)'::value_digest; -- fail
SELECT '(capacity 4096, wide'::value_digest; -- fail
SELECT '(capacity 4096, wide, precision 30) 1'::value_digest; -- fail
SELECT '(capacity 4096) 2 1'::value_digest; -- fail
SELECT '(capacity 4096) -0 0'::value_digest; -- fail
SELECT '(capacity 4096) 1*0'::value_digest; -- fail
SELECT '(capacity 4096) 1*-1'::value_digest; -- fail
SELECT '(capacity 4096) 1*2*3'::value_digest; -- fail
SELECT '(capacity 4096) 1,2'::value_digest; -- fail
SELECT '(capacity 4096) 1*9223372036854775807 2'::value_digest; -- fail
SELECT '(capacity 4096) NaN'::value_digest; -- fail
SELECT '(capacity 4096) 1 Infinity'::value_digest; -- fail
SELECT '(capacity 4096) 0x10'::value_digest; -- fail
SELECT '(capacity 4096) 1e999'::value_digest; -- fail
SELECT '(capacity 4096) 1e-999'::value_digest; -- fail
SELECT '(capacity 4096, precision 53) 1'::value_digest; -- fail
SELECT '(capacity 4096, precision 30) 1'::value_digest; -- fail
SELECT '(capacity 4096, min 1, max 1) 1'::value_digest; -- fail
SELECT '(capacity 4096, precision 2, min 1, max 1) 1.1'::value_digest; -- fail
SELECT '(capacity 4096, precision 2, min 1, max 1.3) 1'::value_digest; -- fail
SELECT '(capacity 4096, precision 2, min 1.2, max 1.1) 1'::value_digest; -- fail
SELECT ('(capacity 4096) ' || repeat('0.1234567 ', 20))::value_digest; -- fail
-- the places of the values, which a truncated digest still knows
SELECT '(capacity 4096, precision 30, min 1.0000000002, max 3, places 12) 1 2*3 3'::value_digest;
SELECT '(capacity 4096, precision 2, min 1, max 7.9, places 1, wide) 1*3 6*2 7'::value_digest;
SELECT '(capacity 4096, places 2) 1'::value_digest; -- fail
SELECT '(capacity 4096, precision 2, min 1, max 1, places 16) 1'::value_digest; -- fail
SELECT left(value_digest(v, 4096)::text, 60) AS integers, left(value_digest(v / 100, 4096)::text, 60) AS cents, left(value_digest(v::float8 / 7, 4096)::text, 60) AS fractions,
	value_digest(v / 100, 4096)::text::value_digest = value_digest(v / 100, 4096) AS stays
FROM generate_series(1, 9000::numeric) v;
SELECT '(capacity 4096, precision 2, min 1, max 7.9, places 1) 1*3 6*2 7'::value_digest + '(capacity 4096, precision 2, min 1, max 7.9, places 3) 1*3 6*2 7' AS finer,
	'(capacity 4096, precision 2, min 1, max 7.9, places 1) 1*3 6*2 7'::value_digest + '(capacity 4096, precision 2, min 1, max 1) 1' AS unknown,
	'(capacity 4096, precision 2, min 1, max 7.9, places 1) 1*3 6*2 7'::value_digest + '(capacity 4096) 1.001 100.25' AS with_exact;
-- whatever comes first: small values that take many places, or large ones that have not so many digits
SELECT value_digest(v, 4096 ORDER BY i) = value_digest(v, 4096 ORDER BY i <= 4999, i DESC) AS same, left(value_digest(v, 4096)::text, 70) AS digest
FROM (SELECT i, i::float8 FROM generate_series(1, 4999) i UNION ALL VALUES (5001, 1e-12), (5002, 1e12), (5003, 1e10)) t (i, v);
SELECT x + d = d + x AS same, x + d AS sum
FROM (VALUES ('(capacity 4096, precision 2, min 1, max 7.9, places 12) 1*251 6*2 7'::value_digest, '(capacity 4096) -3.5 0 1000000000000'::value_digest)) v (x, d);

-- what goes in: nothing, NULL, one row, zeros of either sign, extremes
SELECT value_digest(x) IS NULL AS none FROM (SELECT 1.0 WHERE false) v(x);
SELECT value_digest(x) IS NULL AS all_null FROM (VALUES (NULL::numeric), (NULL)) v(x);
SELECT value_digest(x) FROM (VALUES (NULL), (7::numeric), (NULL)) v(x);
SELECT value_digest(x) FROM (VALUES (NULL), (7::float8), (NULL), (1.5), (7)) v(x);
SELECT value_digest(x) FROM (VALUES (3), (1), (3)) v(x);
SELECT value_digest(x) FROM (VALUES ('-0'::float8), (0), ('-0')) v(x);
SELECT value_digest(x) FROM (VALUES ('5e-324'::float8), ('-5e-324'), ('2.5e-320'),
	('1.7976931348623157e308'), ('-1.7976931348623157e308')) v(x);
SELECT value_digest(x) FROM (VALUES (1e308), (-1e308), (0.10), (0.1), (1e-307)) v(x);
SELECT value_digest(x) FROM (VALUES (123456789012345::numeric), (12345678901234567890)) v(x);
SELECT value_digest(x) FROM (VALUES (0.1), (1e-310)) v(x);
SELECT value_digest(x, 4096) FROM (VALUES (1), (2)) v(x);
SELECT value_digest(x, 4096) FROM (VALUES (1.5), (2)) v(x);
SELECT value_digest('NaN'::float8); -- fail
SELECT value_digest('NaN'::numeric); -- fail
SELECT value_digest('-Infinity'::float8); -- fail
SELECT value_digest('Infinity'::numeric); -- fail
SELECT value_digest(1e309); -- fail
SELECT value_digest(1e-400); -- fail
SELECT value_digest(1.5, 100); -- fail
SELECT value_digest(1.5, 16777217); -- fail
SELECT value_digest(1.5, NULL); -- fail
SELECT value_digest(x, x) FROM generate_series(5000, 5001) x; -- fail
SELECT value_digest(x, 5000 + x / 5000) FROM generate_series(1, 6000) x; -- fail

-- the functions behind the aggregates copy when no aggregate calls
SELECT value_digest_accum(NULL, 1.5), value_digest_accum(NULL, NULL::numeric) IS NULL AS none,
	value_digest_accum('(capacity 4194304) 1 2', 2.0),
	value_digest_accum('(capacity 4096, wide) 1 2', 3::float8, 4096),
	value_digest_final('(capacity 4096) 1');

-- binary form: what was sent is received
CREATE TABLE digests (id int, d value_digest);
INSERT INTO digests VALUES
	(1, '(capacity 4096) 1'), (2, '(capacity 16777216, wide) -1.5*3 0 7*5000000000'),
	(3, '(capacity 4096, precision 30, min 1.0000000002, max 3) 1 2*3 3'), (4, NULL);
INSERT INTO digests SELECT 5, value_digest(sqrt(x)) FROM generate_series(1, 20000) x;
INSERT INTO digests SELECT 6, value_digest(sqrt(x), 4096) FROM generate_series(1, 20000) x;
SELECT value_digest_send(d) FROM digests WHERE id < 4 ORDER BY id;
CREATE TABLE digests_copy (LIKE digests);
\copy digests to 'results/digest.copy' (FORMAT binary)
\copy digests_copy from 'results/digest.copy' (FORMAT binary)
SELECT id, a.d = b.d AS same, value_digest_send(a.d) = value_digest_send(b.d) AS same_bytes,
	digest_sum(a.d) = digest_sum(b.d) AS same_sum
FROM digests a JOIN digests_copy b USING (id) ORDER BY id;
TRUNCATE digests_copy;
\copy digests to 'results/digest.copy'
\copy digests_copy from 'results/digest.copy'
SELECT id, a.d = b.d AS same FROM digests a JOIN digests_copy b USING (id) ORDER BY id;

-- grouped, joined and partitioned by their values, whatever form they are in
SELECT d, count(*) FROM (SELECT d FROM digests WHERE id < 4 UNION ALL SELECT d FROM digests_copy WHERE id < 3
	UNION ALL SELECT '(capacity 4097) 1' UNION ALL SELECT '(capacity 4096) 1*2') a GROUP BY d ORDER BY d::text COLLATE "C";
SELECT count(*) AS pairs, bool_and(a.id = b.id) AS same FROM digests a JOIN digests_copy b ON a.d = b.d;
SELECT count(*) AS others FROM (SELECT DISTINCT d FROM digests EXCEPT SELECT d FROM digests_copy WHERE id <> 5) a;
SELECT g, d = ANY (SELECT d FROM digests WHERE id > 4) AS one_of_them, value_digest_hash(d) = (SELECT value_digest_hash(d) FROM digests WHERE id = 5) AS same_hash,
	value_digest_hash_extended(d, 7) = (SELECT value_digest_hash_extended(d, 7) FROM digests_copy WHERE id = 5) AS same_seeded
FROM (SELECT g, value_digest(sqrt(x) + g) AS d FROM generate_series(0, 1) g, generate_series(1, 20000) x GROUP BY g) built ORDER BY g;
SELECT digest, count(*) AS rows, min(g), max(g)
FROM (SELECT g, value_digest(x) OVER (PARTITION BY g) AS digest FROM generate_series(1, 4) g, generate_series(1, 3) x) w GROUP BY digest;
CREATE TABLE parted (d value_digest) PARTITION BY HASH (d);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT value_digest(x) FROM generate_series(1, 200) x GROUP BY x;
SELECT count(*) AS rows, count(*) FILTER (WHERE tableoid = 'parted_0'::regclass) BETWEEN 60 AND 140 AS spread FROM parted;
CREATE INDEX parted_d ON parted USING hash (d);
SET enable_seqscan = off;
SELECT * FROM parted WHERE d = '(capacity 4194304) 77';
RESET enable_seqscan;
DROP TABLE parted;

-- binary form: nothing else is received; binary COPY takes bytea for anything
CREATE TABLE messages (message bytea);
CREATE TABLE received (d value_digest);
CREATE FUNCTION message(header text, VARIADIC rest text[] DEFAULT '{}') RETURNS void
BEGIN ATOMIC
	DELETE FROM messages;
	INSERT INTO messages VALUES (decode(header || array_to_string(rest, ''), 'hex'));
END;
\set send '\\copy messages to results/digest.copy (FORMAT binary)'
\set receive '\\copy received from results/digest.copy (FORMAT binary)'
-- header: version, flags, precision, width of counts, capacity, classes
SELECT message('01003400 00001000 00000001', 'bff0000000000000');
:send
:receive
SELECT * FROM received;
SELECT message('02003400 00001000 00000001', 'bff0000000000000');
:send
:receive -- fail: version
SELECT message('01023400 00001000 00000001', 'bff0000000000000');
:send
:receive -- fail: flags
SELECT message('01003500 00001000 00000001', 'bff0000000000000');
:send
:receive -- fail: precision
SELECT message('01003402 00001000 00000001', 'bff0000000000000');
:send
:receive -- fail: width
SELECT message('01003400 00000fff 00000001', 'bff0000000000000');
:send
:receive -- fail: capacity
SELECT message('01003400 00001000 00000000');
:send
:receive -- fail: no classes
SELECT message('01003400 00001000 7fffffff', 'bff0000000000000');
:send
:receive -- fail: more classes than bytes
SELECT message('01003400 00001000 ffffffff', 'bff0000000000000');
:send
:receive -- fail: negative number of classes
SELECT message('01003400 00001000 00000001', 'bff0000000000000', '00');
:send
:receive -- fail: one byte too many
SELECT message('01003400 00001000 00000002', 'bff0000000000000', 'bff0000000000000');
:send
:receive -- fail: not ascending
SELECT message('01003400 00001000 00000001', 'fff0000000000000');
:send
:receive -- fail: infinite
SELECT message('01003400 00001000 00000001', 'fff8000000000000');
:send
:receive -- fail: NaN
SELECT message('01003400 00001000 00000001', '7fffffffffffffff');
:send
:receive -- fail: negative zero
SELECT message('01003404 00001000 00000001', 'bff0000000000000', '00000000');
:send
:receive -- fail: count 0
SELECT message('01003408 00001000 00000001', 'bff0000000000000', '8000000000000001');
:send
:receive -- fail: negative count
SELECT message('01003308 00001000 00000001', '3ff0000000000000', '3ff0000000000000', 'bff0000000000001', '0000000000000001');
:send
:receive -- fail: low bits
SELECT message('01003300 00001000 00000001', '7ff0000000000000', '3ff0000000000000', 'bff0000000000000');
:send
:receive -- fail: minimum
SELECT message('0100340000');
:send
:receive -- fail: cut short

-- operators
SELECT '(capacity 4096) 1 2*3'::value_digest + '(capacity 8192, wide) 2 7' AS sum,
	'(capacity 4096) 1 2*3 7'::value_digest - '(capacity 8192) 2 7' AS difference,
	'(capacity 4096) 1'::value_digest - '(capacity 4096) 1' IS NULL AS nothing_left;
SELECT '(capacity 4096) 1'::value_digest - '(capacity 4096) 2'; -- fail
SELECT '(capacity 4096) 1'::value_digest - '(capacity 4096) 1*2'; -- fail
SELECT '(capacity 4096) 1*4000000000000000000'::value_digest + '(capacity 4096) 1*4000000000000000000'; -- fail
SELECT '(capacity 4096) 1 2'::value_digest = '(capacity 4096) 1 2' AS same,
	'(capacity 4096) 1 2'::value_digest = '(capacity 4097) 1 2' AS other_capacity,
	'(capacity 4096) 1 2'::value_digest <> '(capacity 4096) 1 2*2' AS other_count;
-- truncated: the coarser precision
SELECT '(capacity 4096, precision 2, min 1, max 7.9) 1*3 6*2 7'::value_digest
		- '(capacity 4096, precision 1, min 7.5, max 7.5) 6' AS coarser,
	'(capacity 4096, precision 2, min 1.1, max 7.9) 1*3 6*2 7'::value_digest
		- '(capacity 4096) 1 1.1 1.2 7.8' AS narrower;
-- compact
SELECT digest_precision(d), digest_precision(digest_compact(d, 4096)),
	digest_capacity(digest_compact(d, 4096)), digest_compact(d, 16777216) = d AS never_raised,
	digest_compact(d, 4096) = (SELECT d FROM digests WHERE id = 6) AS as_built
FROM digests WHERE id = 5;
SELECT digest_compact(d, 1) FROM digests; -- fail

-- random text near the valid
CREATE FUNCTION mutate(original text) RETURNS text LANGUAGE sql AS $$
	SELECT overlay(original PLACING (ARRAY['', '', '1', '0', '9', '-', '.', 'e', '*', ' ', ',', '(', ')',
		'x', 'NaN', 'inf', '1e308', 'precision 3, min 1, max 2', 'wide'])[1 + floor(random() * 19)::int]
		FROM 1 + floor(random() * length(original))::int FOR floor(random() * 3)::int)
$$;
DO $$
DECLARE
	original text;
	mutant text;
	digest value_digest;
	accepted int := 0;
	refused int := 0;
BEGIN
	FOR i IN 1 .. 4000 LOOP
		original := (ARRAY['(capacity 4096) 10 20*2 70', '(capacity 4096, wide) -1e300*7 0.5',
			'(capacity 4096, precision 30, min 1.0000000002, max 3, wide) 1 2*3 3'])[1 + i % 3];
		mutant := mutate(original);
		IF i % 4 = 0 THEN
			mutant := mutate(mutant);
		END IF;
		BEGIN
			digest := mutant;
			accepted := accepted + 1;
			IF digest::text::value_digest <> digest OR digest_count(digest) < 1
				OR digest_min(digest) > digest_max(digest) THEN
				RAISE EXCEPTION 'digest of "%" is broken', mutant;
			END IF;
		EXCEPTION WHEN invalid_text_representation THEN
			refused := refused + 1;
			IF sqlerrm NOT LIKE '%value\_digest%' THEN
				RAISE EXCEPTION 'type not named: %', sqlerrm;
			END IF;
		END;
	END LOOP;
	IF accepted < 100 OR refused < 100 THEN
		RAISE EXCEPTION 'accepted %, refused %', accepted, refused;
	END IF;
END $$;

-- the rule of truncation, against its definition on the bits of doubles
CREATE FUNCTION bits(x float8) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
	SELECT ('x' || encode(float8send(x + 0.0), 'hex'))::bit(64)::bigint
$$;
CREATE FUNCTION floor_bits(bits bigint, p int) RETURNS bigint IMMUTABLE LANGUAGE sql AS $$
	SELECT CASE WHEN bits < 0 THEN bits | ((1::bigint << (52 - p)) - 1) ELSE bits & ~((1::bigint << (52 - p)) - 1) END
$$;
DO $$
DECLARE
	x float8[];
	d value_digest;
	p int;
	faults bigint;
BEGIN
	FOR i IN 1 .. 24 LOOP
		SELECT array_agg(CASE i % 6
			WHEN 0 THEN round((random() * 100000)::numeric, 2)::float8
			WHEN 1 THEN (random() - 0.5) * 10.0::float8 ^ (random() * 600 - 300)
			WHEN 2 THEN 1e6 + random()
			WHEN 3 THEN (g - 3000) * '5e-324'::float8
			WHEN 4 THEN -exp(random() * 20)
			ELSE floor(random() * 100000) - 50000 END) INTO x
		FROM generate_series(1, 4000 + 500 * i) g;
		SELECT value_digest(v, 4096) INTO d FROM unnest(x) v;
		p := digest_precision(d);

		-- as many bits as fit, and no more; minimum and maximum exact
		SELECT count(DISTINCT floor_bits(bits, p)) - digest_distinct(d)
				+ (count(DISTINCT floor_bits(bits, p)) > 4096)::int
				+ (p < 52 AND count(DISTINCT floor_bits(bits, least(p + 1, 52))) <= 4096)::int
				+ (min(v) <> digest_min(d))::int + (max(v) <> digest_max(d))::int
			INTO faults FROM (SELECT v, bits(v) AS bits FROM unnest(x) v OFFSET 0) b;
		IF faults <> 0 THEN
			RAISE EXCEPTION 'case %: precision % is wrong', i, p;
		END IF;

		-- the very classes and counts
		SELECT count(*) INTO faults
		FROM (SELECT floor_bits(bits(v), p) AS bits, count(*) AS n FROM unnest(x) v GROUP BY 1) a
		FULL JOIN (SELECT bits(split_part(class, '*', 1)::float8) AS bits,
				coalesce(nullif(split_part(class, '*', 2), '')::bigint, 1) AS n
			FROM regexp_split_to_table(regexp_replace(d::text, '^.*\) ', ''), ' ') class) b USING (bits, n)
		WHERE a.n IS NULL OR b.n IS NULL;
		IF faults <> 0 THEN
			RAISE EXCEPTION 'case %: % classes are wrong', i, faults;
		END IF;
	END LOOP;
END $$;

-- the same rows give the same digest, however they are ordered, split and merged
CREATE FUNCTION random_values(kind int, n int) RETURNS SETOF float8 LANGUAGE sql AS $$
	SELECT CASE kind
		WHEN 0 THEN floor(random() * 20)
		WHEN 1 THEN CASE WHEN random() > 0.1 THEN round((random() * 1000)::numeric, 2)::float8 END
		WHEN 2 THEN (random() - 0.5) * 10.0::float8 ^ (random() * 600 - 300)
		WHEN 3 THEN greatest(-5, floor(random() * 40 - 20)) / 4
		WHEN 4 THEN 1e6 + random()
		WHEN 5 THEN floor(random() * 1e4 - 5e3) * '5e-324'::float8
		ELSE exp(random() * 20) END
	FROM generate_series(1, n)
$$;
DO $$
DECLARE
	x float8[];
	part int[];
	n int;
	parts int;
	whole value_digest;
	other value_digest;
	folded value_digest;
	truncated int := 0;
BEGIN
	FOR i IN 1 .. 200 LOOP
		n := CASE WHEN i % 5 = 0 THEN 4000 + random() * 3000 WHEN i % 5 = 1 THEN 1 + random() * 20
			ELSE random() * 1000 END;
		parts := 1 + floor(random() * 7);
		x := ARRAY(SELECT random_values(i % 7, n));
		part := ARRAY(SELECT floor(random() * parts) FROM generate_series(1, n));
		SELECT value_digest(v, 4096) INTO whole FROM unnest(x) v;
		truncated := truncated + (digest_precision(whole) < 52)::int;

		SELECT value_digest(v, 4096) INTO other FROM (SELECT v FROM unnest(x) v ORDER BY random()) s;
		IF other IS DISTINCT FROM whole THEN RAISE EXCEPTION 'case %: shuffled', i; END IF;

		SELECT value_digest(d) INTO other
		FROM (SELECT value_digest(v, 4096) AS d FROM unnest(x, part) u(v, p) GROUP BY p) s;
		IF other IS DISTINCT FROM whole THEN RAISE EXCEPTION 'case %: merged', i; END IF;

		-- capacities differ, the smallest counts
		SELECT value_digest(d) INTO other
		FROM (SELECT CASE p % 3 WHEN 0 THEN value_digest(v, 4096) WHEN 1 THEN value_digest(v, 5000)
				ELSE value_digest(v) END AS d
			FROM unnest(x, part) u(v, p) GROUP BY p ORDER BY random()) s;
		IF digest_compact(other, 4096) IS DISTINCT FROM whole THEN RAISE EXCEPTION 'case %: mixed', i; END IF;

		folded := NULL;
		FOR other IN SELECT value_digest(v, 4096) FROM unnest(x, part) u(v, p) GROUP BY p LOOP
			folded := coalesce(folded + other, folded, other);
		END LOOP;
		IF folded IS DISTINCT FROM whole THEN RAISE EXCEPTION 'case %: folded', i; END IF;
		IF folded::text::value_digest IS DISTINCT FROM whole THEN RAISE EXCEPTION 'case %: text', i; END IF;

		-- taken off again
		SELECT value_digest(v, 4096) INTO other FROM unnest(x) v WHERE v < 1;
		SELECT value_digest(v, 4096) INTO folded FROM unnest(x) v WHERE v >= 1;
		IF digest_precision(whole) = 52 AND folded IS NOT NULL
			AND whole - folded IS DISTINCT FROM other THEN RAISE EXCEPTION 'case %: difference', i; END IF;
	END LOOP;
	IF truncated < 20 THEN
		RAISE EXCEPTION 'only % cases truncated', truncated;
	END IF;
END $$;

-- in parallel, with any number of workers, some with nothing to do
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
	RETURN strpos(plan, node) > 0;
END $$;
CREATE FUNCTION spills(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO plan;
	RETURN jsonb_path_exists(plan, '$.**."HashAgg Batches" ? (@ > 1)');
END $$;
CREATE TABLE sales (id int, region int, revenue numeric, weight float8);
INSERT INTO sales SELECT g, g % 5, round((random() * 5000)::numeric, 2), exp(random() * 20)
FROM generate_series(1, 20000) g;
ANALYZE sales;
CREATE TABLE few_sales AS SELECT * FROM sales WHERE id <= 3;
ANALYZE few_sales;
SELECT value_digest(revenue, 4096) AS revenue, value_digest(weight) AS weight, value_digest(id) AS id
INTO TABLE serial FROM sales;
SELECT region, value_digest(revenue, 4096) AS revenue, value_digest(weight, 4096) AS weight
INTO TABLE serial_regions FROM sales GROUP BY region;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT plan_has('SELECT value_digest(revenue) FROM sales', 'Gather') AS without_workers;
SET max_parallel_workers_per_gather = 4;
CREATE FUNCTION parallel_equals_serial(workers int,
	OUT parallel boolean, OUT whole boolean, OUT regions boolean, OUT few boolean)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TABLE sales SET (parallel_workers = %s)', workers);
	EXECUTE format('ALTER TABLE few_sales SET (parallel_workers = %s)', workers);
	parallel := plan_has('SELECT value_digest(revenue) FROM sales', 'Gather');
	SELECT s.revenue = p.revenue AND s.weight = p.weight AND s.id = p.id INTO whole
	FROM serial s, (SELECT value_digest(revenue, 4096) AS revenue, value_digest(weight) AS weight,
		value_digest(id) AS id FROM sales) p;
	SELECT bool_and(s.revenue = p.revenue AND s.weight = p.weight) AND count(*) = 5 INTO regions
	FROM serial_regions s JOIN (SELECT region, value_digest(revenue, 4096) AS revenue,
		value_digest(weight, 4096) AS weight FROM sales GROUP BY region) p USING (region);
	SELECT digest_count(value_digest(id)) = 3 AND value_digest(id) FILTER (WHERE id > 3) IS NULL
	INTO few FROM few_sales;
END $$;
SELECT w AS workers, r.* FROM unnest('{0,1,2,4}'::int[]) w, parallel_equals_serial(w) r;
SET enable_hashagg = off;
SELECT r.* FROM parallel_equals_serial(2) r;
RESET enable_hashagg;
-- stored digests, merged in parallel
CREATE TABLE daily AS SELECT id / 100 AS day, value_digest(revenue, 4096) AS d FROM sales GROUP BY 1;
ANALYZE daily;
ALTER TABLE daily SET (parallel_workers = 2);
SELECT plan_has('SELECT value_digest(d) FROM daily', 'Gather') AS parallel,
	(SELECT value_digest(d) FROM daily) = revenue AS same FROM serial;

-- many small digests merged into a large one, with counts and without
SELECT (SELECT value_digest(d) FROM (SELECT value_digest(id) AS d FROM sales GROUP BY id % 200) s) = id AS same
FROM serial;
SELECT (SELECT value_digest(d) FROM (SELECT value_digest(id * 7919 % 9001 + n) AS d
		FROM sales, unnest('{0,0,1}'::int[]) n GROUP BY id / 150) s)
	= (SELECT value_digest(id * 7919 % 9001 + n) FROM sales, unnest('{0,0,1}'::int[]) n) AS same;

-- ... the body being truncated just when the tail must grow
SELECT value_digest(d ORDER BY i) = (SELECT value_digest(1000000 + x, 10000) FROM generate_series(1, 13700) x) AS same,
	digest_precision(value_digest(d ORDER BY i)) < 52 AS truncated
FROM (SELECT i, value_digest(1000000 + x, 10000) AS d
	FROM (VALUES (1, 1, 4200), (2, 4201, 4300), (3, 4301, 8900), (4, 8901, 10800), (5, 10801, 13700)) v(i, first, last),
		generate_series(first, last) x GROUP BY i) s;

-- partitionwise
CREATE TABLE parted (LIKE sales) PARTITION BY HASH (id);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parted SELECT * FROM sales;
ANALYZE parted;
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 0;
SELECT plan_has('SELECT value_digest(weight) FROM parted', '"Partial Mode": "Partial"') AS partitionwise,
	(SELECT value_digest(weight) FROM parted) = weight AS same FROM serial;
SET max_parallel_workers_per_gather = 2;
SELECT (SELECT value_digest(weight) FROM parted) = weight AS same FROM serial;
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 0;

-- hashed with many groups, on disk in part; sorted; by grouping sets
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SET enable_sort = off;
SELECT id % 3000 AS k, value_digest(revenue, 4096) AS d INTO TABLE hashed FROM sales GROUP BY 1;
SELECT spills('SELECT id % 3000, value_digest(revenue, 4096) FROM sales GROUP BY 1') AS spilled;
SET enable_sort = on;
SET enable_hashagg = off;
SELECT id % 3000 AS k, value_digest(revenue, 4096) AS d INTO TABLE sorted FROM sales GROUP BY 1;
RESET enable_hashagg;
RESET work_mem;
RESET hash_mem_multiplier;
SELECT count(*), bool_and(h.d = s.d) AS same FROM hashed h JOIN sorted s USING (k);
SELECT (SELECT value_digest(d) FROM hashed) = revenue AS same FROM serial;
SELECT bool_and(g.d = coalesce((SELECT revenue FROM serial_regions r WHERE r.region = g.region),
	(SELECT revenue FROM serial))) AS same
FROM (SELECT region, value_digest(revenue, 4096) AS d FROM sales GROUP BY GROUPING SETS ((region), ())) g;

-- windows: frames that grow and frames that move
SELECT count(*), bool_and(w.growing = value_digest_of.growing) AS growing,
	bool_and(w.moving = value_digest_of.moving) AS moving
FROM (SELECT id, value_digest(weight, 4096) OVER (ORDER BY id) AS growing,
		value_digest(revenue) OVER (ORDER BY id ROWS BETWEEN 20 PRECEDING AND 5 PRECEDING) AS moving
	FROM sales WHERE id <= 300) w,
	LATERAL (SELECT value_digest(weight, 4096) FILTER (WHERE s.id <= w.id) AS growing,
		value_digest(revenue) FILTER (WHERE s.id BETWEEN w.id - 20 AND w.id - 5) AS moving
	FROM sales s WHERE s.id <= w.id) AS value_digest_of;
-- ... large enough to be truncated on the way
SELECT bool_and(w.d = (SELECT value_digest(weight, 4096) FROM sales s WHERE s.id <= 8000 AND s.id / 500 <= w.id / 500)) AS same,
	min(digest_precision(w.d)) < 52 AS truncated
FROM (SELECT id, CASE WHEN id % 1000 = 0 THEN value_digest(weight, 4096) OVER (ORDER BY id / 500) END AS d
	FROM sales WHERE id <= 8000) w
WHERE w.d IS NOT NULL;

-- a transition state seen as a value: read, merged, stored; and shared
CREATE AGGREGATE building_digest(double precision) (
	SFUNC = value_digest_accum, STYPE = value_digest, COMBINEFUNC = value_digest_merge);
SELECT n, digest_count(building_digest(x)) AS count, digest_sum(building_digest(x)) AS sum,
	building_digest(x) = value_digest(x) AS same,
	building_digest(x) + value_digest(x) = value_digest(x) + building_digest(x) AS same_merged
FROM unnest('{1,5,10,11,100,1000,5000}'::int[]) n, generate_series(1, n) x GROUP BY n ORDER BY n;
CREATE TABLE stored AS
SELECT n, building_digest(x % 97) AS built, value_digest(x % 97) AS final
FROM unnest('{1,5,10,11,100,1000,5000}'::int[]) n, generate_series(1, n) x GROUP BY n;
SELECT bool_and(built = final) AS same, bool_and(built::text = final::text) AS same_text,
	bool_and(value_digest_send(built) = value_digest_send(final)) AS same_bytes,
	bool_and(digest_count(built) = n) AS count,
	value_digest(built) = value_digest(final) AS merged
FROM stored;
-- an aggregate that begins with a digest
CREATE AGGREGATE more(double precision) (
	SFUNC = value_digest_accum, STYPE = value_digest, INITCOND = '(capacity 4194304) -1 5*2');
SELECT more(x) FROM generate_series(1, 5) x;
SELECT digest_count(more(x)), digest_min(more(x)) FROM generate_series(1, 30000) x;

-- readers: one row, equal rows, nothing positive, huge values
CREATE FUNCTION read_all(d value_digest, OUT count bigint, OUT "distinct" int, OUT sum float8, OUT mean float8,
	OUT stddev float8, OUT min float8, OUT max float8, OUT median float8, OUT top20 float8, OUT top1 float8,
	OUT cum0 float8, OUT gini float8)
BEGIN ATOMIC
	SELECT digest_count(d), digest_distinct(d), digest_sum(d), digest_mean(d), digest_stddev(d), digest_min(d),
		digest_max(d), digest_quantile(d, 0.5), digest_top_share(d, 0.2), digest_concentration(d, 1),
		digest_cumulative_share(d, 0), digest_gini(d);
END;
SELECT r.* FROM unnest('{(capacity 4096) 5,(capacity 4096) 5*4,(capacity 4096) 0*3,(capacity 4096) -3 -2*2,
	(capacity 4096) -10 0 10,(capacity 4096) 0*9 100}'::value_digest[]) WITH ORDINALITY AS d(d, i),
	read_all(d) r ORDER BY i;
SELECT digest_mean(d), digest_stddev(d), digest_top_share(d, 0.5), digest_quantile(d, 0.5), digest_gini(d)
FROM (SELECT '(capacity 4096) -1.7e308 1e308*3 1.7e308*5'::value_digest AS d) s;
SELECT digest_mean(d), digest_stddev(d), digest_quantile(d, '{0,0.25,0.5,1}'::float8[])
FROM (SELECT '(capacity 4096) -1.7976931348623157e308*2 1.7976931348623157e308*3'::value_digest AS d) s; -- fail
SELECT digest_mean(d), digest_quantile(d, '{0,0.125,0.375,0.5,1}'::float8[])
FROM (SELECT '(capacity 4096) -1.7976931348623157e308*2 1.7976931348623157e308*3'::value_digest AS d) s;
SELECT digest_sum('(capacity 4096) 1e308*2'); -- fail
SELECT * FROM digest_histogram('(capacity 4096) 1e308*2', 2); -- fail
SELECT digest_stddev(d), digest_mean(d), digest_sum(d)
FROM (SELECT '(capacity 4096) 5e-324 1.5e-323*2'::value_digest AS d) s;
SELECT digest_sum('(capacity 4096) -1e16 1*3 1e16'), digest_sum('(capacity 4096) 0.1*10');
-- truncated values are read at midpoints, zero as zero, extremes as they are
SELECT digest_precision(d), digest_quantile(d, '{0,0.4,0.6,1}'::float8[]), digest_sum(d), digest_rank(d, 6.5)
FROM (SELECT '(capacity 4096, precision 1, min 0, max 6.5) 0*2 4*2 6'::value_digest AS d) s;
SELECT digest_quantile('(capacity 4096) 1', 1.1); -- fail
SELECT digest_quantile('(capacity 4096) 1', 'NaN'::float8); -- fail
SELECT digest_quantile('(capacity 4096) 1', '{0.5,-1}'::float8[]); -- fail
SELECT digest_quantile('(capacity 4096) 1 2', '{{0,NULL},{1,0.5}}'::float8[]),
	digest_quantile('(capacity 4096) 1 2', '{}'::float8[]);
SELECT digest_top_share('(capacity 4096) 1', 1.1); -- fail
SELECT digest_concentration('(capacity 4096) 1', -1); -- fail
SELECT digest_rank('(capacity 4096) 1', 'NaN'); -- fail
SELECT digest_rank(d, '-Infinity'), digest_rank(d, 2), digest_rank(d, 2.5), digest_rank(d, 'Infinity'),
	digest_cumulative_share(d, 'Infinity'), digest_cumulative_share(d, '-Infinity'), digest_concentration(d, 9223372036854775807)
FROM (SELECT '(capacity 4096) 1 2*3 4'::value_digest AS d) s;
SELECT * FROM digest_pareto('(capacity 4096) -5 0 1 2*2', 5);
SELECT * FROM digest_pareto('(capacity 4096) -5 0', 2);
SELECT count(*), min(customers), max(value) FROM digest_pareto('(capacity 4096) 1 2*3 4');
SELECT * FROM digest_pareto('(capacity 4096) 1', 0); -- fail
SELECT * FROM digest_pareto('(capacity 4096) 1', 2000000000); -- fail
SELECT * FROM digest_pareto('(capacity 4096) 1', 1000001); -- fail
SELECT * FROM digest_histogram('(capacity 4096) -1 0*2 1 3', 4);
SELECT * FROM digest_histogram('(capacity 4096) 7*3');
SELECT * FROM digest_histogram('(capacity 4096) 1', -1); -- fail
SELECT * FROM digest_histogram('(capacity 4096) 1 2', 2147483647); -- fail

-- readers against their plain definitions
CREATE FUNCTION near(a float8, b numeric) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
	SELECT (a IS NULL AND b IS NULL) OR (a IS NOT NULL AND b IS NOT NULL
		AND abs(a::text::numeric - b) <= 1e-12 * greatest(abs(b), 1e-300))
$$;
DO $$
DECLARE
	x float8[];
	d value_digest;
	n int;
	k int;
	p float8;
	y float8;
	v numeric;
	r record;
BEGIN
	FOR i IN 1 .. 300 LOOP
		n := CASE WHEN i % 3 = 0 THEN 1 + random() * 5 ELSE 1 + random() * 200 END;
		x := ARRAY(SELECT u FROM random_values((ARRAY[0, 1, 3, 6])[1 + i % 4], n) u WHERE u IS NOT NULL);
		n := cardinality(x);
		CONTINUE WHEN n = 0;
		IF i % 2 = 0 THEN
			SELECT value_digest(u) INTO d FROM unnest(x) u;
		ELSE
			SELECT value_digest(u::text::numeric) INTO d FROM unnest(x) u;
		END IF;
		p := CASE WHEN random() < 0.2 THEN round(random()) ELSE random() END;
		k := floor(random() * (n + 2));
		y := CASE WHEN random() < 0.7 THEN x[1 + floor(random() * n)] ELSE random() * 1000 - 10 END;
		SELECT sum(u::text::numeric) FILTER (WHERE u > 0) INTO v FROM unnest(x) u;

		SELECT count(*) = digest_count(d) AS count, count(DISTINCT u) = digest_distinct(d) AS "distinct",
			min(u) = digest_min(d) AS min, max(u) = digest_max(d) AS max,
			abs(sum(u::text::numeric) - digest_sum(d)::text::numeric) <= 1e-14 * sum(abs(u::text::numeric)) AS sum,
			abs(avg(u::text::numeric) - digest_mean(d)::text::numeric) <= 1e-14 * avg(abs(u::text::numeric)) AS mean,
			near(digest_stddev(d), stddev_samp(u::text::numeric)) AS stddev,
			percentile_cont(p) WITHIN GROUP (ORDER BY u) = digest_quantile(d, p) AS quantile,
			percentile_cont(ARRAY[0.25, p, 0.9]) WITHIN GROUP (ORDER BY u)
				= digest_quantile(d, ARRAY[0.25, p, 0.9]) AS quantiles,
			1 + count(*) FILTER (WHERE u > y) = digest_rank(d, y) AS rank,
			near(digest_cumulative_share(d, y), coalesce(sum(u::text::numeric) FILTER (WHERE u > 0 AND u >= y), 0) / v)
				OR v IS NULL AND digest_cumulative_share(d, y) IS NULL AS cum_share
		INTO r FROM unnest(x) u;
		IF to_jsonb(r)::text LIKE '%false%' OR to_jsonb(r)::text LIKE '%null%' THEN
			RAISE EXCEPTION 'case %, % of %: %', i, d, y, to_jsonb(r);
		END IF;

		-- shares: each row brings itself, the row in which a share ends the like part
		SELECT coalesce(near(digest_concentration(d, k), coalesce(sum(u) FILTER (WHERE rank <= k), 0) / v),
				v IS NULL AND digest_concentration(d, k) IS NULL) AS top_n,
			coalesce(near(digest_top_share(d, p), sum(u * least(greatest(p::numeric * n - rank + 1, 0), 1)) / v)
				OR abs(digest_top_share(d, p)::numeric - sum(u * least(greatest(p::numeric * n - rank + 1, 0), 1)) / v) < 1e-12,
				v IS NULL AND digest_top_share(d, p) IS NULL) AS top,
			coalesce(abs(digest_gini(d)::numeric - sum(u * (n + 1 - 2 * rank)) / (n * v)) < 1e-12,
				v IS NULL AND digest_gini(d) IS NULL) AS gini
		INTO r FROM (SELECT greatest(u::text::numeric, 0) AS u, row_number() OVER (ORDER BY u DESC) AS rank
			FROM unnest(x) u) s;
		IF to_jsonb(r)::text LIKE '%false%' OR to_jsonb(r)::text LIKE '%null%' THEN
			RAISE EXCEPTION 'case %, % of %, %: %', i, d, p, k, to_jsonb(r);
		END IF;

		k := 1 + floor(random() * 8);
		SELECT bool_and(h.count = (SELECT count(*) FROM unnest(x) u WHERE u >= lower
					AND (u < upper OR h.bucket = b.last))
				AND abs(h.value - (SELECT coalesce(sum(u), 0) FROM unnest(x) u WHERE u >= lower
					AND (u < upper OR h.bucket = b.last))) <= 1e-12 * (SELECT sum(abs(u)) FROM unnest(x) u)) AS buckets,
			min(lower) = digest_min(d) AND max(upper) = digest_max(d) AS range,
			sum(h.count) = n AS count, count(*) = CASE WHEN digest_distinct(d) = 1 THEN 1 ELSE k END AS number
		INTO r FROM digest_histogram(d, k) h,
			LATERAL (SELECT CASE WHEN digest_distinct(d) = 1 THEN 1 ELSE k END AS last) b;
		IF to_jsonb(r)::text LIKE '%false%' OR to_jsonb(r)::text LIKE '%null%' THEN
			RAISE EXCEPTION 'case %, % in % buckets: %', i, d, k, to_jsonb(r);
		END IF;

		SELECT bool_and(coalesce(abs(t.value - digest_top_share(d, t.customers)) < 1e-12,
				v IS NULL AND t.value IS NULL)) AS value,
			bool_and(t.bound = (SELECT min(u) FROM (SELECT u FROM unnest(x) u ORDER BY u DESC
				LIMIT ceil(round((t.customers * n)::numeric, 9))) s)) AS bound, count(*) = k AS number
		INTO r FROM digest_pareto(d, k) t;
		IF to_jsonb(r)::text LIKE '%false%' OR to_jsonb(r)::text LIKE '%null%' THEN
			RAISE EXCEPTION 'case %, % at % points: %', i, d, k, to_jsonb(r);
		END IF;
	END LOOP;
END $$;

-- a header is read without the rest: of a digest stored out of line, too
SELECT pg_column_size(d) > 100000 AS large, digest_count(d), digest_min(d), digest_max(d)
FROM digests WHERE id = 5;
-- decimals are read as the server reads them, of any length and in any form
SELECT count(*) AS cases, bool_and(digest_min(('(capacity 4096) ' || s)::value_digest) = s::double precision) AS same
FROM (SELECT sign || lpad('', zeros, '0') || whole || CASE WHEN decimals > 0 THEN '.' || lpad(substr(part, 1, decimals), decimals, '0') ELSE '' END || tail AS s
	  FROM (SELECT CASE WHEN i % 3 = 0 THEN '-' ELSE '' END AS sign, CASE WHEN i % 5 = 0 THEN i % 4 ELSE 0 END AS zeros, i % 18 AS decimals,
				   (abs(hashint4(i)::bigint) * abs(hashint4(i + 1)::bigint) % (10::numeric ^ (1 + i % 17))::bigint)::text AS whole, abs(hashint4(i + 2)::bigint) || '' || abs(hashint4(i + 3)::bigint) AS part,
				   CASE WHEN i % 7 = 0 THEN 'e' || i % 40 - 20 ELSE '' END AS tail FROM generate_series(1, 5000) i) d) t;
SELECT digest_min(('(capacity 4096) ' || s)::value_digest) = s::double precision AS same, s FROM unnest('{-0,0,.5,-.5,5.,+5,00012.50,999999999999999,9999999999999999,123456789012345.6,0.000000000000001,1e-300}'::text[]) s;
SELECT ('(capacity 4096) ' || s)::value_digest FROM unnest('{1.2.3}'::text[]) s; -- fail
SELECT ('(capacity 4096) ' || s)::value_digest FROM unnest('{-}'::text[]) s; -- fail
SELECT ('(capacity 4096) ' || s)::value_digest FROM unnest('{.}'::text[]) s; -- fail
SELECT ('(capacity 4096) ' || s)::value_digest FROM unnest('{1-2}'::text[]) s; -- fail
SELECT ('(capacity 4096) ' || s)::value_digest FROM unnest('{0x10}'::text[]) s; -- fail
