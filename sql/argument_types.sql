-- The types that callers have: drivers bind strings as text or varchar, money
-- is kept as real and money, counts as bigint.

--
-- Schemes, maps and cards that come as text
--

CREATE TABLE kept (name text PRIMARY KEY, ladder text, short varchar(80));
INSERT INTO kept VALUES
	('sales', 'A>=100,B >= 50 , C', 'A>=100,B >= 50 , C'),
	('calls', 'often >= 12, seldom', 'often >= 12, seldom'),
	('none', NULL, NULL);
CREATE DOMAIN ladder_text AS text CHECK (VALUE <> '');

SELECT name, tier_of(70, ladder), tier_of(70.5, short), tier_rank(70, short::ladder_text), tier_gap(70.0, ladder), in_tier(70, short, tier_label(1, ladder)) AS best,
	tier_explain(70.0, ladder) ->> 'bound' AS bound, tier_among(70.0, ladder) OVER (PARTITION BY name) AS among
FROM kept ORDER BY name;
SELECT name, ladder = 'A >= 100, B >= 50, C'::tier_scheme AS same, tier_is_fitted(short), (SELECT count(*) FROM tier_list(ladder)) AS tiers
FROM kept ORDER BY name;
SELECT tier_of(interval '3 weeks', name) FROM (SELECT 'soon within 1 month, late'::text) s (name);

-- the parameters of a statement: text, varchar, and without a type
PREPARE by_text(text) AS SELECT n, tier_of(n, $1) FROM generate_series(40, 100, 30) n;
PREPARE by_varchar(varchar) AS SELECT n, tier_of(n, $1) FROM generate_series(40, 100, 30) n;
PREPARE untyped AS SELECT n, tier_of(n, $1) FROM generate_series(40, 100, 30) n;
EXECUTE by_text('A >= 100, B >= 50, C');
EXECUTE by_varchar('A >= 100, B >= 50, C');
EXECUTE untyped('A >= 100, B >= 50, C');
SET plan_cache_mode = force_generic_plan;
EXECUTE by_text('A >= 100, B >= 50, C');
EXECUTE by_text('X >= 70, Y');
EXECUTE by_varchar(NULL);
EXECUTE by_varchar('A >= 100, B >='); -- fail
RESET plan_cache_mode;
DEALLOCATE ALL;

-- each of the types, behind each function that takes one
PREPARE rfm(text, varchar, text) AS
SELECT rfm_score(20, 3, 400, $1) AS score, rfm_segment(rfm_score(20, 3, 400, $1), $2) AS segment, rfm_explain(20, 3, 400.0, $1) -> 'score' AS explained,
	rfm_scheme_of($1, 'recency') AS recency, (SELECT count(*) FROM rfm_segment_cells($2)) AS cells, score_of($3, 70) AS points,
	scorecard_is_fitted($3) AS is_fitted, score_explain($3, 70) -> 'score' AS explained_points;
EXECUTE rfm('recency: 2 <= 30, 1; frequency: 2 >= 2, 1; monetary: 2 >= 500, 1', 'Good: 2**; Rest: rest', 'sales 100%: linear 0 to 100');
PREPARE fits(text, text, text) AS
SELECT tier_fit(d, $1), rfm_fit(d, d, d, $2), scorecard_fit($3, d), (SELECT count(*) FROM tier_summary(d, $1)) AS tiers
FROM (SELECT value_digest(n) AS d FROM generate_series(1, 100) n) s;
EXECUTE fits('A top 10%, B', 'recency: 2 <= median, 1; frequency: 2 >= p50, 1; monetary: 2 >= mean, 1', 'sales 100%: linear p5 to p95');
PREPARE among(text) AS SELECT n, rfm_among(n, n, n, $1) OVER () FROM generate_series(1, 3) n;
EXECUTE among('recency: 2 <= median, 1; frequency: 2 > p50, 1; monetary: 2 >= mean, 1');
DEALLOCATE ALL;

-- a text that changes from row to row, and one too long to be kept in line
SELECT n, tier_of(5, ladder), length(ladder) FROM (SELECT n, CASE WHEN n < 3 THEN 'A >= 5, B' ELSE 'X' || n % 2 || ' >= 9, ' || repeat('Y', 20) END AS ladder FROM generate_series(1, 5) n) s;
SELECT tier_of(77, long), length(long) > 2500 AS is_long
FROM (SELECT string_agg('t' || i || ' >= ' || i, ', ' ORDER BY i DESC) FROM generate_series(1, 254) i) s (long);

-- the cast is an index's and a view's as any other
CREATE VIEW graded_kept AS SELECT name, tier_of(70, short) AS tier FROM kept;
SELECT * FROM graded_kept WHERE name = 'sales';
CREATE INDEX ON kept (tier_of(70, ladder));
SELECT provolatile, proisstrict, proparallel FROM pg_proc WHERE proname = 'text_to_tier_scheme';

-- what has no type is taken as before: no call means two
SELECT tier_of(5, NULL) IS NULL AND tier_gap(NULL, NULL) IS NULL AND tier_margin(NULL, 'A') IS NULL AND in_tier(NULL, NULL, NULL) IS NULL
	AND tier_explain(NULL, NULL) IS NULL AND rfm_segment(NULL, NULL) IS NULL AND tier_summary(NULL, NULL) IS NULL AS nulls,
	tier_among(NULL, 'A top 10%, B') OVER () AS among;

DROP VIEW graded_kept;
DROP TABLE kept;
DROP DOMAIN ladder_text;

--
-- Numbers that are kept as text are no numbers
--

CREATE TABLE told (id int, amount text, short varchar(20), padded char(10));
INSERT INTO told VALUES (1, '12.50', '12.50', '12.50'), (2, NULL, NULL, NULL);
SELECT value_digest(amount) FROM told; -- fail
SELECT value_digest(short) FROM told WHERE short IS NULL; -- fail
SELECT id % 2, value_digest(amount) FROM told GROUP BY 1; -- fail
SELECT value_digest(padded) FROM told; -- fail
SELECT value_digest(amount::numeric), value_digest(short::numeric) FILTER (WHERE short <> '') FROM told;
-- a digest in text form is cast as ever, also by the type's name
SELECT value_digest('(capacity 4096) 1 2'), '(capacity 4096) 1 2'::text::value_digest, value_digest(NULL) IS NULL AS null_literal;
DROP TABLE told;

--
-- real: the decimal that it is printed as
--

SELECT v, tier_of(v, 'A >= 14.4, B'), tier_rank(v, 'A > 14.4, B'), tier_gap(v, 'A >= 20, B >= 14.4, C'), tier_margin(v, 'A >= 20, B >= 14.3, C'),
	in_tier(v, 'A >= 14.4, B', 'A'), tier_explain(v, 'A >= 20, B >= 14.4, C') ->> 'gap' AS explained
FROM unnest(ARRAY[14.4, 14.399999, 14.400001, 'NaN', 'Infinity']::real[]) v;
-- a digest of reals is that of their decimals, and so are the tiers among them
SELECT value_digest(v), value_digest(v) = value_digest(v::text::numeric) AS as_decimals, value_digest(v, 4096) = value_digest(v::text::numeric, 4096) AS in_small,
	tier_fit(value_digest(v), 'A top 50%, B') FROM unnest(ARRAY[14.4, 0.1, 1e-38, 1.17e30, 16777216, NULL]::real[]) v;
SELECT v, tier_among(v, 'A >= mean, B') OVER (), abc_class(v) OVER () FROM unnest(ARRAY[0.1, 0.2, 0.3, NULL]::real[]) v;

-- thousands of reals, as their text is: plain comparisons too
-- The server's random() gives other numbers before 15.
CREATE OR REPLACE FUNCTION dice(n bigint, throw integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT (hashint8extended($1, $2) >> 11 & 9007199254740991)::double precision / 9007199254740992';
CREATE TABLE reals AS
SELECT (CASE WHEN i % 50 = 0 THEN '-Infinity' WHEN i % 51 = 0 THEN 'Infinity' WHEN i % 52 = 0 THEN 'NaN'
			 WHEN i % 3 = 0 THEN round((dice(i, 1) * 200 - 100)::numeric, 1)::text ELSE ((dice(i, 2) - 0.5) * 10 ^ (i % 68 - 30))::text END)::real AS v
FROM generate_series(1, 4000) i;
CREATE FUNCTION compare_reals(ladder tier_scheme) RETURNS TABLE (values_graded bigint, tiers bigint, differing bigint, digests boolean) LANGUAGE plpgsql AS $$
DECLARE
	label text;
	found bigint;
BEGIN
	SELECT count(tier_of(v, ladder)), count(DISTINCT tier_of(v, ladder)),
		count(*) FILTER (WHERE tier_of(v, ladder) IS DISTINCT FROM tier_of(v::text::numeric, ladder)
			OR tier_rank(v, ladder) IS DISTINCT FROM tier_rank(v::text::double precision, ladder)
			OR tier_gap(v, ladder) IS DISTINCT FROM tier_gap(v::text::double precision, ladder))
	INTO values_graded, tiers, differing FROM reals;
	SELECT value_digest(v) = value_digest(v::text::double precision) INTO digests FROM reals WHERE abs(v) < 'Infinity';
	FOR label IN SELECT tier FROM tier_list(ladder) LOOP
		EXECUTE format('SELECT count(*) FROM reals WHERE in_tier(v, %L, %L)', ladder, label) INTO found;
		IF found <> (SELECT count(*) FROM reals WHERE tier_of(v, ladder) = label) THEN differing := differing + 1000000; END IF;
	END LOOP;
	RETURN NEXT;
END $$;
SELECT ladder, (compare_reals(ladder)).* FROM (VALUES ('A >= 50.1, B > 14.4, C >= 0, D > -14.4, E'::tier_scheme), ('A <= -3.3e10, B < 0.1, C <= 0.1, D <= 7.7'),
	('A >= 1e39, B >= 3.4028235e38, C > -Infinity, D'), ('A >= 0.3333333333333333333, B >= 1e-45, C >= -1e-46, D')) v (ladder);
-- the condition reads as the bound does
CREATE FUNCTION filter_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
	RETURN plan -> 0 -> 'Plan' ->> 'Filter';
END $$;
SELECT filter_of($$SELECT FROM reals WHERE in_tier(v, 'A >= 50.1, B > 14.4, C', 'B')$$) AS b,
	filter_of($$SELECT FROM reals WHERE in_tier(v, 'A >= 50.1, B > 14.4, C', 'A')$$) AS a,
	filter_of($$SELECT FROM reals WHERE in_tier(v::double precision, 'A >= 50.1, B', 'B')$$) AS as_double;
SELECT tier_among(v, 'A top 10%, B') OVER () FROM reals; -- fail
SELECT abc_class(v) OVER () FROM reals WHERE abs(v) = 'Infinity'; -- fail
SELECT tier_among(v, 'A top 10%, B') OVER () FROM unnest('{1,NaN}'::numeric[]) v; -- fail
SELECT abc_class(v) OVER () FROM unnest('{1,NaN}'::double precision[]) v; -- fail
SELECT value_digest(v) FROM reals; -- fail

--
-- bigint: exact, also beyond 2^53
--

CREATE TABLE counts AS SELECT unnest(ARRAY[9007199254740992, 9007199254740993, 9007199254740994, 9223372036854775807, -9223372036854775808, 999999999999999, 1000000000000001, 7, NULL]) AS n;
SELECT n, tier_of(n, 'A > 9007199254740992, B'), tier_among(n, 'A > 9007199254740992, B') OVER () AS among, abc_class(n) OVER () AS abc,
	tier_gap(n, 'A > 9007199254740993, B'), tier_margin(n, 'A > 9007199254740992, B >= 0.5, C'), tier_explain(n, 'A > 9007199254740993, B') -> 'gap' AS explained
FROM counts;
-- the digest is that of the numerics they are
SELECT value_digest(n) = value_digest(n::numeric) AS as_numeric, value_digest(n, 5000) = value_digest(n::numeric, 5000) AS in_small,
	value_digest(n) FILTER (WHERE n BETWEEN 0 AND 1000000000000000) AS short FROM counts;
-- so a fit parts what only one double holds for the others
SELECT tier_fit(value_digest(n), 'A top 2, B') FROM unnest(ARRAY[9007199254740994, 9007199254740990]) n;
-- smaller integers as ever
SELECT tier_gap(5, 'A >= 7.5, B'), pg_typeof(tier_gap(5, 'A >= 7.5, B')), pg_typeof(tier_gap(5::smallint, 'A')), value_digest(5::smallint), abc_class(5) OVER ();

--
-- money: its number
--

SET lc_monetary = 'C';
CREATE TABLE bills AS SELECT v::money AS v FROM unnest(ARRAY['12.50', '100', '-3.10', '0.1', NULL]) v;
SELECT v, tier_of(v, 'A >= 100, B >= 12.5, C'), tier_rank(v, 'A > 100, B'), tier_gap(v, 'A >= 100, B >= 12.5, C'), tier_margin(v, 'A >= 100, B >= 12, C'),
	in_tier(v, 'A >= 100, B >= 12.5, C', 'B') AS is_b, tier_explain(v, 'A >= 100, B') -> 'gap' AS explained, tier_among(v, 'A top 25%, B') OVER () AS among,
	abc_class(v) OVER () AS abc FROM bills;
SELECT value_digest(v), value_digest(v, 4096) FROM bills;
SELECT tier_of(v, (SELECT tier_fit(value_digest(v), 'A top 50% of value, B') FROM bills)) AS tier, count(*) FROM bills GROUP BY tier ORDER BY tier;
SELECT count(*) FROM bills WHERE in_tier(v, 'A >= 100, B >= 12.5, C', 'C');
RESET lc_monetary;

DROP FUNCTION compare_reals, filter_of;
DROP TABLE reals, counts, bills;
