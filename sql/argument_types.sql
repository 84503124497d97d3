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
