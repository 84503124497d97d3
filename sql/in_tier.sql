-- Is a value in a tier? As a condition that the planner understands.
SELECT FROM setseed(0.5);

--
-- What it gives
--

SELECT v AS value, in_tier(v, 'A >= 5000000, B >= 1000000, C', 'A') AS a, in_tier(v, 'A >= 5000000, B >= 1000000, C', 'B') AS b,
	in_tier(v, 'A >= 5000000, B >= 1000000, C', 'C') AS c
FROM unnest(ARRAY[5000000, 4999999.99, 1000000, 999999.99, -1, NULL]) v;

-- every number type; what has no function of its own is cast
SELECT in_tier(7::smallint, 'A >= 7, B', 'A') AS smallint, in_tier(7, 'A >= 7, B', 'A') AS integer, in_tier(7::bigint, 'A >= 7, B', 'A') AS bigint,
	in_tier(7::real, 'A >= 7, B', 'A') AS real, in_tier(7::double precision, 'A >= 7, B', 'A') AS double, in_tier(7.0, 'A >= 7, B', 'A') AS numeric;
SELECT in_tier(label => 'A', scheme => 'A >= 7, B', value => 7) AS by_name;

-- not graded is in no tier: beyond the last bound, NaN; a tier by rule has nobody; NULL stays NULL
SELECT v AS value, in_tier(v, 'A >= 10, B >= 5, Closed by rule', 'A') AS a, in_tier(v, 'A >= 10, B >= 5, Closed by rule', 'B') AS b,
	in_tier(v, 'A >= 10, B >= 5, Closed by rule', 'Closed') AS closed, NOT in_tier(v, 'A >= 10, B >= 5, Closed by rule', 'A') AS not_a
FROM unnest(ARRAY[10, 5, 4, 'NaN', NULL]::numeric[]) v;
SELECT in_tier(NULL::numeric, 'A', 'A'), in_tier(1, NULL, 'A'), in_tier(1, 'A', NULL);

-- as tier_of: doubles by the bound's nearest double, the others exactly
SELECT in_tier(9007199254740992, 'A >= 9007199254740993, B', 'A') AS int8, in_tier(9007199254740992::double precision, 'A >= 9007199254740993, B', 'A') AS float8,
	in_tier(9007199254740992.0, 'A >= 9007199254740993, B', 'A') AS numeric;

\set VERBOSITY default
CREATE TABLE one AS SELECT 1 AS i, 1::bigint AS b, 1.0 AS n, 1::double precision AS d, 'A >= 1, B'::tier_scheme AS scheme, 'A' AS label;
SELECT in_tier(n, 'A >= 5, B >= 1, "Not yet"', 'D') FROM one; -- fail
SELECT in_tier(d, 'A >= 5, B >= 1, "Not yet"', 'a') FROM one; -- fail
SELECT in_tier(b, 'A top 20%, B', 'A') FROM one; -- fail
SELECT in_tier(i, 'A within 1 month, B', 'A') FROM one; -- fail
\set VERBOSITY terse
-- errors are those of a row: no row, no error
SELECT in_tier(n, 'A >= 5, B', 'D') AS none FROM one WHERE n > 1;

--
-- What the planner gets
--

CREATE TABLE amounts AS
	SELECT i::smallint AS s, i * 1000 AS i, i * 1000::bigint AS b, i * 1000::numeric(14,2) AS n, i * 1000::double precision AS d, (i * 1000)::real AS r
	FROM generate_series(1, 10000) i;
CREATE INDEX amounts_s ON amounts (s);
CREATE INDEX amounts_i ON amounts (i);
CREATE INDEX amounts_b ON amounts (b);
CREATE INDEX amounts_n ON amounts (n);
CREATE INDEX amounts_d ON amounts (d);
CREATE INDEX amounts_r ON amounts (r);
VACUUM ANALYZE amounts;

CREATE FUNCTION plan(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	result json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO result;
	RETURN result -> 0 -> 'Plan';
END $$;

-- The condition that a table is filtered by.
CREATE FUNCTION condition(expression text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL enable_indexscan = off;
	SET LOCAL enable_bitmapscan = off;
	RETURN plan('SELECT * FROM amounts WHERE ' || expression) ->> 'Filter';
END $$;

SELECT value, label, condition(format('in_tier(%s, %L, %L)', value, 'A >= 9000000.5, B > 1000000, C >= 5, X by rule', label))
FROM unnest(ARRAY['n', 'd', 'r', 'b', 'i', 's']) WITH ORDINALITY v(value, position), unnest(ARRAY['A', 'B', 'C', 'X']) label ORDER BY position, label;
-- lower is better
SELECT value, label, condition(format('in_tier(%s, %L, %L)', value, 'A < 30, B <= 90.5, C', label))
FROM unnest(ARRAY['n', 'd', 'i']) WITH ORDINALITY v(value, position), unnest(ARRAY['A', 'B', 'C']) label ORDER BY position, label;
-- the whole ladder, an empty tier, out of reach, out of the type's range
SELECT value, scheme, label, condition(format('in_tier(%s, %L, %L)', value, scheme, label))
FROM (VALUES ('n', 'All', 'All'), ('b', 'All', 'All'), ('n', 'A >= 5, B >= 5, C', 'B'), ('i', 'A >= 5.5, B >= 5.1, C', 'B'),
	('d', 'A > Infinity, B', 'A'), ('b', 'A > Infinity, B', 'A'), ('s', 'A > 32767, B >= 32767, C', 'B'), ('s', 'A > 32767, B >= 32767, C', 'C'), ('s', 'A > 32767, B', 'A'), ('s', 'A > 32767, B', 'B'),
	('s', 'A >= -32768, B', 'A'), ('s', 'A >= -32768, B', 'B'), ('i', 'A <= 1e12, B', 'A'), ('b', 'A >= 9223372036854775807, B', 'A'),
	('b', 'A > -9223372036854775808, B', 'B')) v(value, scheme, label);
-- an integer behind a cast, written or not, and bounds that doubles do not tell apart
SELECT value, condition(format('in_tier(%s, %L, %L)', value, 'A >= 9007199254740993, B > 9007199254740992, C', 'B'))
FROM (VALUES ('b'), ('b::numeric'), ('b::double precision'), ('i::bigint'), ('i::numeric')) v(value);
-- an expression that costs little is repeated
SELECT condition($$ in_tier(n * 2 + 1, 'A >= 100, B >= 50, C', 'B') $$);

-- left alone: no constant, an error, a value that must be computed once
CREATE FUNCTION costly(numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE COST 1000 AS 'BEGIN RETURN $1; END';
SELECT expression, condition(expression) LIKE '%in_tier(%' AS is_call
FROM (VALUES ($$ in_tier(n, (SELECT scheme FROM one), 'B') $$), ($$ in_tier(n, 'A top 1%, B', 'B') $$), ($$ in_tier(n, 'A < 1 day, B', 'B') $$), ($$ in_tier(n, 'A >= 1', 'B') $$),
	($$ in_tier(random(), 'A >= 0.7, B >= 0.2, C', 'B') $$), ($$ in_tier((SELECT amounts.n + o.n FROM one o), 'A >= 70, B >= 20, C', 'B') $$), ($$ in_tier(costly(n), 'A >= 70, B >= 20, C', 'B') $$),
	-- once is enough here
	($$ in_tier((random() * 10)::int, 'A >= 7, B', 'A') $$), ($$ in_tier(costly(n), 'A <= 70, B', 'A') $$)) v(expression);

-- The plan is that of the comparison, to the last estimate; that for NaN costs nothing
SELECT a.expression, plan('SELECT * FROM amounts WHERE ' || a.expression)::text = plan('SELECT * FROM amounts WHERE ' || plain)::text AS same_plan,
	p ->> 'Node Type' AS node, p ->> 'Index Name' AS index, p ->> 'Plan Rows' = plan('SELECT * FROM amounts WHERE ' || a.plainest) ->> 'Plan Rows' AS same_rows, (p ->> 'Plan Rows')::numeric BETWEEN 9 AND 12 AS right_rows
FROM (VALUES
	($$ in_tier(n, 'A > 9990000, B', 'A') $$, $$ n > 9990000 AND n <= 'Infinity' $$, $$ n > 9990000 $$),
	($$ in_tier(d, 'A > 9990000, B', 'A') $$, $$ d > 9990000 AND d <= 'Infinity' $$, $$ d > 9990000 $$),
	($$ in_tier(r, 'A > 9990000, B', 'A') $$, $$ r > 9990000::real AND r <= 'Infinity'::real $$, $$ r > 9990000 $$),
	($$ in_tier(b, 'A > 9990000, B', 'A') $$, $$ b > 9990000::bigint $$, $$ b > 9990000 $$),
	($$ in_tier(i, 'A > 9990000, B', 'A') $$, $$ i > 9990000 $$, $$ i > 9990000 $$),
	($$ in_tier(s, 'A > 9990, B', 'A') $$, $$ s > 9990::smallint $$, $$ s > 9990 $$),
	($$ in_tier(n, 'A <= 10000, B', 'A') $$, $$ n <= 10000 $$, $$ n <= 10000 $$),
	($$ in_tier(i, 'A <= 10000.5, B', 'A') $$, $$ i <= 10000 $$, $$ i <= 10000 $$),
	($$ in_tier(n, 'A >= 9000000, B >= 8990000, C', 'B') $$, $$ n >= 8990000 AND n < 9000000 $$, $$ n >= 8990000 AND n < 9000000 $$),
	($$ in_tier(i, 'A >= 9000000, B >= 8990000, C', 'B') $$, $$ i >= 8990000 AND i < 9000000 $$, $$ i >= 8990000 AND i < 9000000 $$)
	) a(expression, plain, plainest), LATERAL plan('SELECT * FROM amounts WHERE ' || a.expression) p;
SELECT count(*) FROM amounts WHERE in_tier(n, 'A > 9990000, B', 'A');

-- columns are often of domains: compared, indexed and estimated as the type below
CREATE DOMAIN small AS smallint;
CREATE DOMAIN whole AS integer CHECK (VALUE >= 0);
CREATE DOMAIN positive AS whole CHECK (VALUE > 0);
CREATE DOMAIN big AS bigint;
CREATE DOMAIN share AS real;
CREATE DOMAIN ratio AS double precision;
CREATE DOMAIN amount AS numeric(14,2) NOT NULL;
CREATE TABLE domained (s small, i whole, p positive, b big, r share, d ratio, n amount);
INSERT INTO domained SELECT s, i, i, b, r, d, n FROM amounts;
CREATE INDEX domained_s ON domained (s);
CREATE INDEX domained_i ON domained (i);
CREATE INDEX domained_p ON domained (p);
CREATE INDEX domained_b ON domained (b);
CREATE INDEX domained_r ON domained (r);
CREATE INDEX domained_d ON domained (d);
CREATE INDEX domained_n ON domained (n);
VACUUM ANALYZE domained;
SELECT value, a.plan ->> 'Node Type' AS node, a.plan ->> 'Index Name' AS index, coalesce(a.plan ->> 'Index Cond', a.plan ->> 'Filter') AS condition,
	a.plan::text = plan(format('SELECT * FROM domained WHERE %1$s >= %2$s AND %1$s < %3$s', value, middle, high))::text AS same_plan
FROM (VALUES ('s', '8990::smallint', '9000::smallint'), ('i', '8990000', '9000000'), ('p', '8990000', '9000000'), ('b', '8990000::bigint', '9000000::bigint'),
	('r', '8990000::real', '9000000::real'), ('d', '8990000', '9000000'), ('n', '8990000', '9000000')) v(value, middle, high),
	LATERAL (SELECT plan(format('SELECT * FROM domained WHERE in_tier(%s, %L, ''B'')', value,
		CASE value WHEN 's' THEN 'A >= 9000, B >= 8990, C' ELSE 'A >= 9000000, B >= 8990000, C' END)) AS plan) a;
SELECT count(*) FILTER (WHERE in_tier(s, 'A >= 9000, B >= 8990, C', 'B')) AS s, count(*) FILTER (WHERE in_tier(i, 'A >= 9000000, B >= 8990000, C', 'B')) AS i,
	count(*) FILTER (WHERE in_tier(p, 'A >= 9000000, B >= 8990000, C', 'B')) AS p, count(*) FILTER (WHERE in_tier(b, 'A >= 9000000, B >= 8990000, C', 'B')) AS b,
	count(*) FILTER (WHERE in_tier(r, 'A >= 9000000, B >= 8990000, C', 'B')) AS r, count(*) FILTER (WHERE in_tier(d, 'A >= 9000000, B >= 8990000, C', 'B')) AS d,
	count(*) FILTER (WHERE in_tier(n, 'A >= 9000000, B >= 8990000, C', 'B')) AS n, count(*) FILTER (WHERE in_tier(p::bigint, 'A >= 9000000, B', 'A')) AS cast_p,
	count(*) FILTER (WHERE in_tier(r::numeric, 'A >= 9000000, B', 'A')) AS cast_r, count(*) FILTER (WHERE in_tier(p + 1, 'A >= 9000000, B', 'A')) AS next_p
FROM domained;
SELECT value, in_tier FROM (VALUES (NULL::whole), (7)) v(value), LATERAL in_tier(value, 'A >= 7, B', 'A');
CREATE TABLE domained_parts (p positive) PARTITION BY RANGE (p);
CREATE TABLE domained_low PARTITION OF domained_parts FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE domained_high PARTITION OF domained_parts FOR VALUES FROM (1000) TO (MAXVALUE);
SELECT plan($$ SELECT * FROM domained_parts WHERE in_tier(p, 'A >= 1000, B', 'A') $$) ->> 'Relation Name' AS pruned_to;
DROP TABLE domained, domained_parts;
DROP DOMAIN small, positive, whole, big, share, ratio, amount;

-- partitions are pruned when the plan is made
CREATE TABLE parts (n numeric, i integer) PARTITION BY RANGE (n);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE parts_middle PARTITION OF parts FOR VALUES FROM (1000) TO (5000) PARTITION BY RANGE (i);
CREATE TABLE parts_middle_few PARTITION OF parts_middle FOR VALUES FROM (MINVALUE) TO (10);
CREATE TABLE parts_middle_many PARTITION OF parts_middle FOR VALUES FROM (10) TO (MAXVALUE);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (5000) TO (MAXVALUE);
INSERT INTO parts SELECT n, n / 100 FROM generate_series(0, 10000, 50) n;
ANALYZE parts;
SELECT expression, (SELECT string_agg(m[1], ', ' ORDER BY m[1]) FROM regexp_matches(plan('SELECT * FROM parts WHERE ' || expression)::text, '"Relation Name": "(\w+)"', 'g') m) AS partitions
FROM (VALUES ($$ in_tier(n, 'A >= 5000, B >= 1000, C', 'A') $$), ($$ in_tier(n, 'A >= 5000, B >= 1000, C', 'B') $$), ($$ in_tier(n, 'A >= 5000, B >= 1000, C', 'C') $$),
	($$ in_tier(n, 'A >= 5000, B >= 1000, C', 'B') AND in_tier(i, 'many >= 9.5, few', 'many') $$), ($$ in_tier(i, 'many >= 9.5, few', 'few') $$)) v(expression);
SELECT count(*) FILTER (WHERE in_tier(n, 'A >= 5000, B >= 1000, C', 'A')) AS a, count(*) FILTER (WHERE in_tier(n, 'A >= 5000, B >= 1000, C', 'B')) AS b,
	count(*) FILTER (WHERE in_tier(i, 'many >= 9.5, few', 'few')) AS few FROM parts;

-- a partial index, a constraint, a generated column; under a bare search_path
CREATE INDEX amounts_vip ON amounts (i) WHERE in_tier(n, 'VIP >= 9990000, Other', 'VIP');
SELECT plan($$ SELECT i FROM amounts WHERE in_tier(n, 'VIP >= 9990000, Other', 'VIP') ORDER BY i $$)::text LIKE '%amounts_vip%' AS partial_index;
CREATE TABLE checked (n numeric CHECK (in_tier(n, 'valid >= 0, wrong', 'valid')), is_vip boolean GENERATED ALWAYS AS (in_tier(n, 'VIP >= 100, Other', 'VIP')) STORED);
INSERT INTO checked VALUES (100), (99.5), (NULL);
INSERT INTO checked VALUES (-1); -- fail
INSERT INTO checked VALUES ('NaN'); -- fail
SELECT * FROM checked;
SET search_path = pg_catalog, pg_temp;
REINDEX TABLE public.amounts;
SELECT public.plan($$ SELECT * FROM public.amounts WHERE public.in_tier(n, 'A > 9990000, B', 'A') $$) ->> 'Node Type' AS node;
SELECT count(*) FROM public.amounts WHERE public.in_tier(n, 'A > 9990000, B', 'A');
RESET search_path;

-- the scheme as a parameter: a custom plan knows it, a generic one need not
PREPARE customers(tier_scheme, text) AS SELECT count(*) FROM amounts WHERE in_tier(n, $1, $2);
SET plan_cache_mode = force_custom_plan;
EXECUTE customers('A > 9990000, B', 'A');
SELECT plan($$ EXECUTE customers('A > 9990000, B', 'A') $$)::text LIKE '%in_tier(%' AS is_call;
SET plan_cache_mode = force_generic_plan;
EXECUTE customers('A > 9990000, B', 'A');
EXECUTE customers('A > 9990000, B', 'B');
EXECUTE customers('A <= 5000, B', 'A');
SELECT plan($$ EXECUTE customers('A > 9990000, B', 'A') $$)::text LIKE '%in_tier(%' AS is_call;
RESET plan_cache_mode;
DEALLOCATE customers;

--
-- Against tier_of: comparisons and call give the same, for every value
--

-- A bound where something may go wrong: few digits and many, ends of types, infinities.
CREATE FUNCTION random_bound(which integer) RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT CASE which % 6
		WHEN 0 THEN floor(random() * 10)::numeric
		WHEN 1 THEN round((random() * 20 - 10)::numeric, 1)
		WHEN 2 THEN 5 + (ARRAY[0, 1e-20, -1e-20, 0.5, 3e-9])[1 + floor(random() * 5)]
		WHEN 3 THEN (ARRAY[32767, -32768, 2147483647, -2147483648, 9223372036854775807, -9223372036854775808])[1 + floor(random() * 6)] + (ARRAY[0, 0.5, 1, -1, -0.5])[1 + floor(random() * 5)]
		WHEN 4 THEN 9007199254740992 + floor(random() * 6)::numeric / 2
		ELSE (ARRAY['Infinity', '-Infinity', '1e400', '-1e400', '1e-400', '0', '1e308', '0.1', '16777217'])[1 + floor(random() * 9)]::numeric
	END
$$;

CREATE FUNCTION compare_calls(ladders integer, OUT cases bigint, OUT in_tiers bigint, OUT calls bigint, OUT differing bigint) LANGUAGE plpgsql AS $$
DECLARE
	scheme text;
	bounds numeric[];
	probes numeric[];
	measure record;
	query text;
	seen record;
BEGIN
	cases := 0; in_tiers := 0; calls := 0; differing := 0;
	FOR n IN 1 .. ladders LOOP
		SELECT string_agg(format('t%s %s%s %s', i, CASE WHEN n % 2 = 0 THEN '>' ELSE '<' END, CASE WHEN NOT is_strict THEN '=' END, b), ', ' ORDER BY i)
			|| CASE WHEN n % 3 > 0 THEN ', rest' ELSE '' END || ', state by rule', array_agg(b)
		INTO scheme, bounds
		FROM (SELECT b, is_strict, row_number() OVER (ORDER BY CASE WHEN n % 2 = 0 THEN - b ELSE b END, is_strict DESC)
			  FROM (SELECT random_bound(n / 6 + i * (n % 2)), random() < 0.5 FROM generate_series(1, 1 + n % 5) i) a(b, is_strict)) l(b, is_strict, i);
		SELECT array_agg(b + step) || ARRAY['NaN', 'Infinity', '-Infinity', NULL, '0', '-32768', '32767', '-2147483648', '2147483647', '-9223372036854775808', '9223372036854775807']::numeric[]
		INTO probes FROM unnest(bounds) b, unnest(ARRAY[0, 1, -1, 0.5, -0.5, 1e-20, -1e-20, 2]) step;
		FOR measure IN SELECT * FROM (VALUES ('numeric', 'v'), ('double precision', 'v'), ('real', 'v'), ('bigint', 'v'), ('integer', 'v'), ('smallint', 'v'),
			('bigint', 'v::numeric'), ('bigint', 'v::double precision'), ('integer', 'v::numeric'), ('integer', 'v::bigint')) m(type, value) LOOP
			-- the call's ladder comes from a row, so it stays a call
			SELECT 'SELECT count(*) AS n, ' || string_agg(format('count(*) FILTER (WHERE %s)', compared), ' + ') || ' AS inside, '
				|| string_agg(format('count(*) FILTER (WHERE %1$s IS DISTINCT FROM in_tier(%2$s, s, %3$L) OR %1$s IS DISTINCT FROM CASE WHEN v IS NOT NULL THEN coalesce(tier_of(%2$s, s) = %3$L, false) END)',
					compared, measure.value, label), ' + ') || ' AS bad '
				|| format('FROM (SELECT CASE WHEN %1$s THEN p END::%2$s FROM unnest($1) p OFFSET 0) x(v), (SELECT %3$L::tier_scheme OFFSET 0) y(s)',
					CASE measure.type WHEN 'numeric' THEN 'true' WHEN 'double precision' THEN 'p = 0 OR abs(p) BETWEEN 1e-300 AND 1.7e308 OR abs(p) >= ''Infinity''' WHEN 'real' THEN 'p = 0 OR abs(p) BETWEEN 1e-30 AND 3e38 OR abs(p) >= ''Infinity'''
						WHEN 'bigint' THEN 'round(p) BETWEEN -9223372036854775808 AND 9223372036854775807' WHEN 'integer' THEN 'round(p) BETWEEN -2147483648 AND 2147483647' ELSE 'round(p) BETWEEN -32768 AND 32767' END,
					measure.type, scheme)
			INTO query
			FROM (SELECT tier, format('in_tier(%s, %L, %L)', measure.value, scheme, tier) FROM tier_list(scheme::tier_scheme)) t(label, compared);
			EXECUTE query INTO seen USING probes;
			cases := cases + seen.n; in_tiers := in_tiers + seen.inside; differing := differing + seen.bad;
		END LOOP;
		-- as said: with a constant ladder no call is left; asking for some takes long enough
		CONTINUE WHEN n % 4 > 0;
		calls := calls + (SELECT count(*) FROM tier_list(scheme::tier_scheme), unnest(ARRAY['n', 'd', 'r', 'b', 'i', 's']) value
			WHERE condition(format('in_tier(%s, %L, %L)', value, scheme, tier)) LIKE '%in_tier(%');
	END LOOP;
END $$;

SELECT cases > 40000 AS cases, in_tiers > 25000 AS in_tiers, calls, differing FROM compare_calls(150);

-- what each function promises
SELECT p.oid::regprocedure AS function, provolatile AS volatility, proisstrict AS strict, proparallel AS parallel, prosupport,
	obj_description(p.oid, 'pg_proc') IS NOT NULL AS commented
FROM pg_proc p WHERE proname LIKE 'in\_tier%' ORDER BY p.oid::regprocedure::text COLLATE "C";

DROP TABLE one, amounts, parts, checked;
DROP FUNCTION plan, condition, costly, random_bound, compare_calls;
