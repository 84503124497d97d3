-- scorecards
\set VERBOSITY default

-- the canonical text
SELECT t::scorecard FROM (VALUES
	('sales 50%: 100 >= 5000000, 60 >= 1000000, 20; overdue 30%: 100 <= 0, 60 <= 30, 0; growth 20%: linear -10 to 30'),
	('  SALES  50.0 % : 100.00 if >= 5e6 , 60 IF >= 1000000,20 ;'),
	('require 60 %; a 1% MISSING 0: 62.50 > 1, 0'),
	('"days late" 40% missing 12.5: linear p95 to p5; "require" 60%: 1; require 0%'),
	('销售 50％：100 ≥ 5000000，60 ≥ 1000000，20；逾期 50%： 100 ≤ 0'),
	('销售 50％：100 ≥ 5000、60 ≥ 1000、20；“逾期、天” 50%： linear 100 at 10、0 at 30'),
	('a 100%: linear 100 at 10, 0 at 30'),
	('a 100%: linear 20 at 120, 30.0 at 90, 40 at 60, 100 at -30'),
	('a 100%: linear 50 at 7'),
	('a 1%: linear 0 at 5, 40 at 10, 60 at 10, 100 at 20'),
	('a 1%: linear p0 to p100; b 1%: linear median to MEAN + 1.50 sd; c 1%: linear p50 to mean; d 1%: linear 0 at mean - 2 sd, 100 at max'),
	('a 0%: 5; b 3%: 100 top 10%, 60 next 20%, 30 natural, 10; c 4%: 100 > p80, 60 >= mean, 0'),
	('a 0.000001%: 100 >= 1e300, 50 > -Infinity')) v(t);

-- what is refused
SELECT ''::scorecard;                                               -- fail
SELECT 'require 60%'::scorecard;                                    -- fail
SELECT 'sales: 100 >= 5, 0'::scorecard;                             -- fail
SELECT 'net sales 50%: 100 >= 5, 0'::scorecard;                     -- fail
SELECT 'sales 50: 100 >= 5, 0'::scorecard;                          -- fail
SELECT 'sales 150%: 100 >= 5, 0'::scorecard;                        -- fail
SELECT 'sales -1%: 100 >= 5, 0'::scorecard;                         -- fail
SELECT 'sales 0%: 100 >= 5, 0; x 0.0%: 1'::scorecard;               -- fail
SELECT 'sales 50% 100 >= 5, 0'::scorecard;                          -- fail
SELECT 'sales 50% missing: 100 >= 5, 0'::scorecard;                 -- fail
SELECT 'sales 50% missing 101: 100 >= 5, 0'::scorecard;             -- fail
SELECT 'sales 50%: A >= 5, B'::scorecard;                           -- fail
SELECT 'sales 50%: 101 >= 5, 0'::scorecard;                         -- fail
SELECT 'sales 50%: -1 >= 5, 0'::scorecard;                          -- fail
SELECT 'sales 50%: NaN >= 5, 0'::scorecard;                         -- fail
SELECT 'sales 50%: 100 >= 5, 100.0'::scorecard;                     -- fail
SELECT 'sales 50%: 60 >= 5, 100 >= 10, 0'::scorecard;               -- fail
SELECT 'sales 50%: 100 >= 5, 60 <= 4'::scorecard;                   -- fail
SELECT 'sales 50%: 100 within 3 months, 0'::scorecard;              -- fail
SELECT 'sales 50%: 100 >= 5, 0 by rule'::scorecard;                 -- fail
SELECT 'sales 50%: 100 >= 500万, 0'::scorecard;                     -- fail
SELECT 'sales 50%: 100 >= 5 60 >= 3'::scorecard;                    -- fail
SELECT 'sales 50%: '::scorecard;                                    -- fail
SELECT 'sales 50%: 100 >= 5; sales 50%: 100 >= 6'::scorecard;       -- fail
SELECT ('"' || repeat('x', 64) || '" 50%: 100 >= 5')::scorecard;    -- fail
SELECT 'a 50%: linear'::scorecard;                                  -- fail
SELECT 'a 50%: linear 5'::scorecard;                                -- fail
SELECT 'a 50%: linear 5 to'::scorecard;                             -- fail
SELECT 'a 50%: linear 5 to 5.0'::scorecard;                         -- fail
SELECT 'a 50%: linear p5 to p5'::scorecard;                         -- fail
SELECT 'a 50%: linear low to high'::scorecard;                      -- fail
SELECT 'a 50%: linear 1 month to 3 months'::scorecard;              -- fail
SELECT 'a 50%: linear 0 to Infinity'::scorecard;                    -- fail
SELECT 'a 50%: linear 0 to 10 20'::scorecard;                       -- fail
SELECT 'a 50%: linear p101 to p5'::scorecard;                       -- fail
SELECT 'a 50%: linear 0 at 5, 50'::scorecard;                       -- fail
SELECT 'a 50%: linear 0 at 5, 50 at 10, 100 at 7'::scorecard;       -- fail
SELECT 'a 50%: linear 0 at p5, 50 at p50, 100 at p30'::scorecard;   -- fail
SELECT 'a 50%: linear 0 at 5, 100 at 5'::scorecard;                 -- fail
SELECT 'a 50%: linear 0 at 5, 120 at 7'::scorecard;                 -- fail
SELECT 'a 50%: 100 >= 5; require 60'::scorecard;                    -- fail
SELECT 'a 50%: 100 >= 5; require 60% of all'::scorecard;            -- fail
SELECT 'a 50%: 100 >= 5; require 60%; require 70%'::scorecard;      -- fail
SELECT 'require 50%: 100 >= 5'::scorecard;                          -- fail
SELECT 'a 50%: 100 >= 5;; b 50%: 1'::scorecard;                     -- fail
SELECT string_agg(format('i%s 1%%: 1', i), ';')::scorecard FROM generate_series(1, 256) i;  -- fail

-- scoring, by position in numeric and double precision, and by name
CREATE TEMPORARY TABLE card AS
SELECT 'sales 50%: 100 >= 5000000, 60 >= 1000000, 20; overdue 30%: 100 <= 0, 60 <= 30, 0; growth 20%: linear -10 to 30'::scorecard AS c;
SELECT sales, overdue, growth, score_of(c, sales, overdue, growth) AS score,
       score_of(c, sales::float8, overdue::float8, growth::float8) AS of_doubles,
       score_of(c, jsonb_build_object('sales', sales, 'overdue', overdue, 'growth', growth)) AS by_name,
       score_coverage(c, sales, overdue, growth) AS coverage,
       score_coverage(c, sales::float8, overdue::float8, growth::float8) AS of_doubles,
       score_coverage(c, jsonb_build_object('sales', sales, 'overdue', overdue, 'growth', growth)) AS by_name
FROM card, (VALUES
	(5000000, 0, 30), (4999999.99, 0.01, 29.99), (1200000, 12, 4.5), (0, 31, -10), (-5, 99, -11), (5e9, -5, 1000),
	(1200000, NULL, 4.5), (NULL, NULL, 4.5), (1200000, NULL, NULL), (NULL, NULL, NULL)) v(sales, overdue, growth);
-- jsonb has no NaN and no infinities
SELECT sales, overdue, growth, score_of(c, sales, overdue, growth) AS score,
       score_of(c, sales::float8, overdue::float8, growth::float8) AS of_doubles, score_coverage(c, sales, overdue, growth) AS coverage
FROM card, (VALUES ('NaN'::numeric, 12.0, 'NaN'::numeric), ('Infinity', 'Infinity', 'Infinity'), ('-Infinity', '-Infinity', '-Infinity')) v(sales, overdue, growth);

-- below a ladder whose tiers all have a bound: 0 points, not missing
SELECT score_of('a 1%: 100 >= 5, 60 >= 3; b 1%: 100', 1, 1), score_coverage('a 1%: 100 >= 5, 60 >= 3; b 1%: 100', 1, 1);
-- what a missing value gets; what is required
SELECT score_of('a 50% missing 0: 100 >= 5, 20; b 50%: 100 >= 5, 20', NULL, 7) AS filled,
       score_coverage('a 50% missing 0: 100 >= 5, 20; b 50%: 100 >= 5, 20', NULL, 7) AS takes_part,
       score_of('a 60%: 100 >= 5, 20; b 40%: 100 >= 5, 20; require 60%', 7, NULL) AS just_enough,
       score_of('a 60%: 100 >= 5, 20; b 40%: 100 >= 5, 20; require 60.0001%', 7, NULL) IS NULL AS too_little,
       score_of('a 60% missing 12.5: 100 >= 5, 20; b 40%: 100; require 100%', NULL, 1) AS filled_is_known,
       score_of('a 0%: 100 >= 5, 20; b 40%: 100 >= 5, 20', 7, NULL) IS NULL AS weightless,
       score_of('a 50% missing 30: 100 >= 5', NULL::numeric) AS all_missing,
       score_of('a 50%: 100 >= 5', NULL::numeric) IS NULL AS nothing_known;
-- a linear scale with more than two edges, a jump, a single edge, falling
SELECT x, score_of('a 1%: linear 0 at 0, 50 at 10, 80 at 10, 100 at 30', x) AS rising,
       score_of('a 1%: linear 100 at 0, 40 at 10, 10 at 10, 0 at 30', x) AS falling,
       score_of('a 1%: linear 30 to 0', x) AS lower_is_better, score_of('a 1%: linear 70 at 10', x) AS single,
       score_of('a 1%: linear 0 at 0, 100 at 10, 0 at 20', x) AS best_between
FROM unnest(ARRAY[-1, 0, 5, 9.99, 10, 10.01, 20, 30, 31]) x;
-- weights in proportion; results to 16 decimals
SELECT score_of('a 1%: 100; b 1%: 0; c 1%: 100', 1, 1, 1) AS two_thirds, score_of('a 1%: linear 0 to 3', 1) AS third,
       score_of('a 0.001%: linear 0 to 0.0003; b 0.002%: 7.25', 0.0001, 1) AS small;

-- other keys are ignored, misspelt names are missing
SELECT score_of(c, '{"sales": 5000000, "overdu": 5, "extra": "text"}'::jsonb), score_coverage(c, '{"sales": 5000000, "overdu": 5}'::jsonb) FROM card;
SELECT score_of(c, VARIADIC ARRAY[5000000, NULL, 30]::numeric[]), score_of(c, VARIADIC NULL::numeric[]), score_of(NULL, 1.0) FROM card;

SELECT jsonb_pretty(score_explain(c, 1200000, NULL, 'Infinity')) FROM card;
SELECT score_explain('a 1% missing 5: 100 >= 3, 0; b 2%: 10 >= 5; require 40%', NULL, 1.5::float8);
SELECT score_explain('a 1%: 100 >= 3', '{}'::jsonb);

-- what is refused
SELECT score_of(c, 1, 2) FROM card;                                   -- fail
SELECT score_of(c, VARIADIC '{}'::numeric[]) FROM card;               -- fail
SELECT score_of(c, VARIADIC '{1,2,3,4}'::float8[]) FROM card;         -- fail
SELECT score_of(c, '{"sales": "5000000"}'::jsonb) FROM card;          -- fail
SELECT score_of(c, '{"sales": [1]}'::jsonb) FROM card;                -- fail
SELECT score_of(c, '[1, 2, 3]'::jsonb) FROM card;                     -- fail
SELECT score_of('a 1%: 100 >= 3, 50 >= median; b 1%: 1', 1, 2);       -- fail
SELECT score_of('b 1%: 1; a 1%: linear p5 to max', 1, 2.5);           -- fail
SELECT score_coverage('b 1%: 1; a 1%: linear 1 to mean - 1 sd', '{}'::jsonb);   -- fail
SELECT score_explain('a 1%: 100 top 10', 1);                          -- fail

-- fitting: percentiles as percentile_cont, mean and sd as avg and stddev
CREATE TEMPORARY TABLE measured AS
SELECT i, ((i * 7919) % 1000) / 8.0 AS a, (i * i) % 777 AS b, CASE WHEN i % 4 = 0 THEN (i % 9)::numeric END AS c FROM generate_series(1, 500) i;
SELECT scorecard_fit('a 1%: linear p5 to p95; b 1%: linear 0 at max, 50 at median, 100 at min; c 1%: linear mean - 1 sd to mean + 1.5 sd; d 1%: 100 > p80, 50 >= mean, 0; e 2%: linear 3 to 5',
	value_digest(a), value_digest(b), value_digest(c), value_digest(a), NULL) FROM measured;
SELECT percentile_cont(ARRAY[0.05, 0.95]) WITHIN GROUP (ORDER BY a) AS a,
       percentile_cont(ARRAY[1, 0.5, 0]) WITHIN GROUP (ORDER BY b) AS b,
       avg(c::float8) - stddev(c::float8) AS c1, avg(c::float8) + 1.5 * stddev(c::float8) AS c2,
       percentile_cont(0.8) WITHIN GROUP (ORDER BY a) AS p80, avg(a::float8) AS mean FROM measured;
SELECT scorecard_is_fitted('a 1%: linear p5 to 1'), scorecard_is_fitted('a 1%: 5 top 10%'), scorecard_is_fitted('a 1%: linear 5 to 1; b 1%: 5 > 3, 2');
-- edges that fall together are a jump; all together, one edge: nobody pays
SELECT scorecard_fit('a 1%: linear 20 at p100, 60 at p75, 80 at p25, 100 at p0', value_digest(x)) AS jump,
       scorecard_fit('a 1%: linear p95 to p5', value_digest(5)) AS one,
       scorecard_fit('a 1%: linear 0 at min, 60 at mean, 100 at median', value_digest(y)) AS overstepped
FROM (VALUES (0, 0), (0, 0), (0, 0), (0, 0), (30, 1000)) v(x, y);
SELECT score_of(scorecard_fit('a 1%: linear p95 to p5', value_digest(5)), 3) FROM generate_series(1, 3);
-- edges are finite, whatever the data
SELECT (score_explain(scorecard_fit('a 1%: linear min to mean + 100 sd; b 1%: linear mean - 1000 sd to mean; c 1%: linear 0 at mean, 100 at max', value_digest(x), value_digest(x), value_digest(x)), 1e308, -1e308, 1.0)) ->> 'coverage' AS finite
FROM (VALUES (1.7e308::float8), (-1.7e308), (0)) v(x);
-- a percentile is the same number in a card, in a scheme and in percentile_cont: 33.3 / 100 is not the double 0.333
SELECT scorecard_fit('a 1%: linear 0 at p33.3, 100 at max', value_digest(x)) AS card, tier_fit(value_digest(x), 'A >= p33.3') AS scheme,
       percentile_cont(0.333) WITHIN GROUP (ORDER BY x) AS percentile_cont
FROM (SELECT 0 AS x FROM generate_series(1, 333) UNION ALL SELECT 1e6 FROM generate_series(1, 668)) v;
SELECT setseed(0.333);
CREATE TEMPORARY TABLE percentiles AS
SELECT i, round((random() * 100)::numeric, i % 4) AS percent, 2 + floor(random() * 60)::int AS n, i / 4 % 4 AS decimals, 10 ^ (i / 16 % 5) AS reach
FROM generate_series(1, 3000) i;
SELECT count(*) AS cases, count(*) FILTER (WHERE is_value) > 100 AS some_on_values, count(*) FILTER (WHERE NOT is_value) > 1000 AS some_between,
       count(*) FILTER (WHERE card <> scheme) AS differ_from_schemes,
       count(*) FILTER (WHERE abs(card::float8 - cont) > CASE WHEN is_value THEN 0 ELSE 5e-15 * abs(cont) END) AS differ_from_percentile_cont
FROM (SELECT (scorecard_fit(format('a 1%%: linear 50 at p%s', percent)::scorecard, digest)::jsonb #>> '{indicators,0,linear,0,at}')::numeric AS card,
             (SELECT edge FROM tier_list(tier_fit(digest, format('A >= p%s', percent)::tier_scheme))) AS scheme,
             cont, cont = ANY (vals) AS is_value
      FROM percentiles p, LATERAL (
          SELECT value_digest(v) AS digest, array_agg(v) AS vals, percentile_cont((percent / 100)::float8) WITHIN GROUP (ORDER BY v) AS cont
          FROM (SELECT round(((random() - 0.3) * reach)::numeric, decimals)::float8 AS v FROM generate_series(1, n + i * 0)) r) d) f;
-- no data: NULL; nothing to fit: as it was
SELECT scorecard_fit('a 1%: linear p95 to p5', value_digest(a)) IS NULL AS no_data, scorecard_fit('a 1%: linear 95 to 5', NULL) AS nothing_to_do FROM measured WHERE i < 0;
SELECT scorecard_fit('a 1%: linear p95 to p5', value_digest(a), value_digest(a)) FROM measured;   -- fail

-- jsonb
SELECT jsonb_pretty('sales 50% missing 2.5: 100 >= 5000000, 20; "days late" 20%: linear p95 to 3; require 60%'::scorecard::jsonb);
SELECT '{"indicators": [{"indicator": "a;b", "weight": 1, "scheme": [{"points": 100, "bound": ">= 5"}, {"points": 1, "bound": null}]}]}'::jsonb::scorecard;
SELECT j::jsonb::scorecard FROM (VALUES ('[]')) v(j);                                             -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{}')) v(j);                                             -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": []}')) v(j);                             -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": 5}')) v(j);                              -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [5]}')) v(j);                            -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a"}]}')) v(j);           -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": "1", "scheme": []}]}')) v(j);  -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": 1, "weight": 1, "scheme": []}]}')) v(j);      -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "scheme": []}]}')) v(j);    -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "scheme": [{"points": 5, "bound": ">= 1, 3"}]}]}')) v(j);  -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "scheme": [{"points": 5, "bund": ">= 1"}]}]}')) v(j);      -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "linear": [{"points": 5}]}]}')) v(j);                      -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "linear": [{"points": 5, "at": "3 to 5"}]}]}')) v(j);      -- fail
SELECT j::jsonb::scorecard FROM (VALUES ('{"indicators": [{"indicator": "a", "weight": 1, "scheme": [{"points": 5}]}], "needs": 60}')) v(j);         -- fail

-- equality, hashing
SELECT 'a 1%:1'::scorecard = 'a 1.0% : 1.0;' AS equal, 'a 1%: 1'::scorecard <> 'a 2%: 1' AS different;
SELECT card, count(*) FROM (VALUES ('a 1%: 1'::scorecard), ('a 1.00%: 1'), ('b 1%: 1')) v(card) GROUP BY card ORDER BY card::text;

-- the order is that of bytes, for what has to sort
CREATE TABLE keyed_cards (card scorecard PRIMARY KEY);
INSERT INTO keyed_cards VALUES
  ('a 1%: 1'), ('a 1%: 1; b 1%: 1'), ('b 1%: 1');
INSERT INTO keyed_cards VALUES ('a 1.0%: 1; b 1%: 1.0'); -- fail
SELECT a.card < b.card AS lt, a.card <= b.card AS le, a.card >= b.card AS ge, a.card > b.card AS gt, sign(scorecard_cmp(a.card, b.card)) AS cmp,
       (a.card < b.card) = (a.card::text COLLATE "C" < b.card::text) AS as_bytes
FROM keyed_cards a, keyed_cards b ORDER BY a.card, b.card;
SELECT count(DISTINCT a.card) FROM keyed_cards a, keyed_cards b;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT count(*) FROM keyed_cards a JOIN keyed_cards b USING (card);
RESET enable_hashjoin;
RESET enable_nestloop;

-- use in an index and a generated column
CREATE TEMPORARY TABLE graded (a numeric, b numeric, score numeric GENERATED ALWAYS AS (score_of('a 50%: linear 0 to 10; b 50%: 100 >= 5, 0', a, b)) STORED);
CREATE INDEX ON graded (score_of('a 50%: linear 0 to 10; b 50%: 100 >= 5, 0', a, b));
INSERT INTO graded VALUES (5, 5), (NULL, 7), (10, 0);
SELECT * FROM graded ORDER BY score;

-- cards that change from row to row
SELECT score_of(card, x) FROM (VALUES ('a 1%: 1'::scorecard, 1), ('a 1%: 2', 1), ('a 1%: linear 0 to 10', 5), ('a 1%: 1', 1)) v(card, x);

-- Random cards and values against plain SQL. A card is a row for each
-- indicator: weight, points for missing, operator (linear: none), points and edges.
SELECT setseed(0.2718);
CREATE FUNCTION random_number(decimals int) RETURNS numeric LANGUAGE sql VOLATILE AS
$$ SELECT round((random() * 200 - 100)::numeric, decimals) $$;
CREATE TABLE parts AS
SELECT card, i, ('{0,1,2.5,33.3,50,12.75,0.001,99.99999}'::numeric[])[1 + floor(random() * 8)] + (i = 1)::int * 0.000001 AS weight,
       CASE WHEN random() < 0.2 THEN round((random() * 100)::numeric, floor(random() * 3)::int) END AS missing,
       ('{">=",">","<=","<",linear,linear,linear}'::text[])[1 + floor(random() * 7)] AS op,
       1 + floor(random() * 4)::int AS n,
       CASE WHEN card % 10 = 0 THEN 20 ELSE floor(random() * 4)::int END AS decimals,
       random() < 0.5 AS has_rest, random() < 0.5 AS descending
FROM generate_series(1, 1200) card, generate_series(1, 1 + card % 6) i;
CREATE TABLE scales AS
SELECT card, i, weight, missing, op, has_rest,
       ARRAY(SELECT e FROM (SELECT random_number(decimals) AS e FROM generate_series(1, n)
                            UNION ALL SELECT 7 FROM generate_series(1, 2) WHERE n = 4) s  -- ties
             ORDER BY CASE WHEN op IN ('>=', '>') OR (op = 'linear' AND descending) THEN -e ELSE e END) AS edges,
       ARRAY(SELECT DISTINCT round((random() * 90)::numeric, CASE WHEN decimals = 20 THEN 18 ELSE decimals END) + k
             FROM generate_series(1, n + 3) k ORDER BY 1 DESC) AS points
FROM parts;
-- as many points as edges, and one more where all the rest have points
UPDATE scales SET edges = edges[1:least(cardinality(edges), cardinality(points) - 1)];
UPDATE scales SET op = '>=' WHERE op = 'linear' AND cardinality(edges) > 1 AND edges[1] = edges[cardinality(edges)];
UPDATE scales SET points = points[1:cardinality(edges) + (has_rest AND op <> 'linear')::int];
CREATE TABLE cards AS
SELECT card, require, (string_agg(format('i%s %s%%%s: %s', i, weight, ' missing ' || missing, scale), '; ' ORDER BY i) || coalesce('; require ' || require || '%', ''))::scorecard AS c,
       count(*) AS n
FROM (SELECT *, CASE op WHEN 'linear' THEN 'linear ' || (SELECT string_agg(format('%s at %s', p, e), ', ' ORDER BY k) FROM unnest(points, edges) WITH ORDINALITY u(p, e, k))
                ELSE (SELECT string_agg(p || coalesce(' ' || op || ' ' || e, ''), ', ' ORDER BY k) FROM unnest(points, edges) WITH ORDINALITY u(p, e, k)) END AS scale
      FROM scales) s
JOIN (SELECT card, CASE WHEN random() < 0.3 THEN round((random() * 100)::numeric, 1) END AS require FROM generate_series(1, 1200) card) r USING (card)
GROUP BY card, require;
SELECT count(*) AS cards, sum(n) AS indicators, count(*) FILTER (WHERE c::text LIKE '%linear%') > 500 AS with_linear FROM cards;
ANALYZE scales, cards;

-- every value: missing, on an edge, beside it, anywhere, beyond
CREATE TABLE customers AS
SELECT card, customer, i, CASE
	WHEN r < 0.15 THEN NULL
	WHEN r < 0.17 THEN 'NaN'
	WHEN r < 0.19 THEN 'Infinity'
	WHEN r < 0.21 THEN '-Infinity'
	WHEN r < 0.50 THEN edges[1 + floor(random() * cardinality(edges))]
	WHEN r < 0.60 THEN edges[1] + round((random() - 0.5)::numeric, 3)
	WHEN r < 0.65 THEN round((random() * 1000 - 500)::numeric, 25)
	ELSE random_number(floor(random() * 5)::int) END AS value
FROM (SELECT *, random() AS r FROM scales, generate_series(1, 5) customer) s;

-- the definition
CREATE FUNCTION quotient(n numeric, d numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT round(n * 1e30 / d * 1e-30, 16) $$;
CREATE FUNCTION plain_points(op text, edges numeric[], points numeric[], x numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE best numeric; lo int; hi int;
BEGIN
	IF op <> 'linear' THEN
		FOR k IN 1 .. cardinality(points) LOOP
			IF k > cardinality(edges) OR (op = '>=' AND x >= edges[k]) OR (op = '>' AND x > edges[k])
				OR (op = '<=' AND x <= edges[k]) OR (op = '<' AND x < edges[k]) THEN RETURN points[k]; END IF;
		END LOOP;
		RETURN 0;
	END IF;
	SELECT max(p) INTO best FROM unnest(points, edges) u(p, e) WHERE e = x;
	IF best IS NOT NULL THEN RETURN best; END IF;
	-- the nearest edges on both sides, at a jump the one towards x
	SELECT k INTO lo FROM unnest(edges) WITH ORDINALITY u(e, k) WHERE e < x ORDER BY e DESC, CASE WHEN edges[1] <= edges[cardinality(edges)] THEN -k ELSE k END LIMIT 1;
	SELECT k INTO hi FROM unnest(edges) WITH ORDINALITY u(e, k) WHERE e > x ORDER BY e, CASE WHEN edges[1] <= edges[cardinality(edges)] THEN k ELSE -k END LIMIT 1;
	IF lo IS NULL THEN RETURN points[hi]; END IF;
	IF hi IS NULL THEN RETURN points[lo]; END IF;
	RETURN quotient(points[lo] * (edges[hi] - edges[lo]) + (x - edges[lo]) * (points[hi] - points[lo]), edges[hi] - edges[lo]);
END $$;
ANALYZE customers;
CREATE TABLE expected AS
SELECT card, customer, CASE WHEN known > 0 AND known * 100 >= coalesce(require, 0) * total THEN quotient(sum, known) END AS score,
       quotient(known, total) AS coverage
FROM (SELECT card, customer, sum(weight) AS total, coalesce(sum(weight) FILTER (WHERE p IS NOT NULL), 0) AS known, coalesce(sum(weight * p), 0) AS sum
      FROM (SELECT card, customer, weight, CASE WHEN value IS NULL OR value = 'NaN' THEN missing ELSE plain_points(op, edges, points, value) END AS p
            FROM customers JOIN scales USING (card, i)) s
      GROUP BY card, customer) t JOIN cards USING (card);
CREATE TABLE rows AS
SELECT card, customer, array_agg(value ORDER BY i) AS v, jsonb_object_agg('i' || i, value) FILTER (WHERE value IS NULL OR value NOT IN ('NaN', 'Infinity', '-Infinity')) AS j
FROM customers GROUP BY card, customer;
ANALYZE expected, rows;
SELECT count(*) AS rows, count(e.score) > 4000 AS scores, count(DISTINCT e.score) > 3000 AS many,
       count(*) FILTER (WHERE score_of(c, VARIADIC v) IS DISTINCT FROM e.score) AS wrong_scores,
       count(*) FILTER (WHERE score_of(c, VARIADIC v)::text <> trim_scale(e.score)::text) AS wrong_texts,
       count(*) FILTER (WHERE score_coverage(c, VARIADIC v) <> e.coverage) AS wrong_coverages,
       count(*) FILTER (WHERE (score_explain(c, VARIADIC v) ->> 'score')::numeric IS DISTINCT FROM e.score) AS wrong_explanations
FROM rows JOIN cards USING (card) JOIN expected e USING (card, customer);
-- by name, where all values can be said in JSON
SELECT count(*) > 3000 AS many, count(*) FILTER (WHERE score_of(c, j) IS DISTINCT FROM e.score) AS wrong
FROM rows JOIN cards USING (card) JOIN expected e USING (card, customer) WHERE cardinality(v) = (SELECT count(*) FROM jsonb_object_keys(j));
-- doubles: where they and the bounds are short, the same
SELECT count(*) > 2000 AS many, count(*) FILTER (WHERE score_of(c, VARIADIC v::float8[]) IS DISTINCT FROM e.score) AS wrong
FROM rows JOIN cards USING (card) JOIN expected e USING (card, customer)
WHERE card % 10 <> 0 AND NOT EXISTS (SELECT FROM unnest(v) x WHERE length(x::text) > 12);
-- in a ladder a double is compared with the bound's double, on a linear scale it is the number that SQL casts it to
SELECT score_of('a 1%: 100 >= 0.3, 0', 0.1::float8 + 0.2::float8), score_of('a 1%: 100 > 0.3, 0', 0.1::float8 + 0.2::float8),
       score_of('a 1%: linear 0 to 0.3', 0.1::float8 + 0.2::float8), score_of('a 1%: linear 0 to 3', (1 / 3.0)::float8);

CREATE TEMPORARY TABLE doubles AS
SELECT random() * 10 ^ floor(random() * 12 - 9) AS x FROM generate_series(1, 20000) UNION ALL
SELECT i / 8e14 FROM generate_series(1, 5000) i UNION ALL SELECT i / 1000.0::float8 FROM generate_series(1, 5000) i UNION ALL
SELECT 1e14 * (1 + random() * 8) + floor(random() * 8) / 8 FROM generate_series(1, 5000) UNION ALL
SELECT unnest('{Infinity,-Infinity,NaN,0,-0,1e300,1e-300,1e15,99.9999999999999,999999999999999.9,1e-7,0.99999999999999999e-7}'::float8[]);
SELECT count(*) FILTER (WHERE score_of('a 1%: linear 0 to 100', x) IS DISTINCT FROM CASE WHEN x <> 'NaN' THEN round(greatest(0, least(100, x::numeric)), 16) END) AS wrong,
       count(*) FILTER (WHERE score_of('a 1%: linear 1000000000000000 to -0.5', x) IS DISTINCT FROM score_of('a 1%: linear 1000000000000000 to -0.5', x::numeric)) AS different
FROM doubles;

-- text, jsonb and binary round trips of them all
SELECT count(*) FILTER (WHERE c::text::scorecard <> c) AS wrong_text, count(*) FILTER (WHERE c::jsonb::scorecard <> c) AS wrong_jsonb FROM cards;
CREATE TABLE sent (c scorecard);
\copy (SELECT c FROM cards ORDER BY card) TO 'results/scorecard.bin' BINARY
\copy sent FROM 'results/scorecard.bin' BINARY
SELECT count(*) AS received FROM sent JOIN cards USING (c);

-- in parallel, and in a loop
ANALYZE rows;
CREATE TEMPORARY TABLE one AS SELECT sum(score_of('i 1%: linear -100 to 100; j 2% missing 5: 100 >= 50, 3; k 3%: 1', v[1], v[2], v[3])) AS total FROM rows;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
DO $$
DECLARE plan text; looped numeric := 0; r record;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) SELECT sum(score_of(''i 1%: linear -100 to 100; j 2% missing 5: 100 >= 50, 3; k 3%: 1'', v[1], v[2], v[3])) FROM rows' INTO plan;
	FOR r IN SELECT v FROM rows LOOP
		looped := looped + coalesce(score_of('i 1%: linear -100 to 100; j 2% missing 5: 100 >= 50, 3; k 3%: 1', r.v[1], r.v[2], r.v[3]), 0);
	END LOOP;
	RAISE NOTICE 'parallel: %, same in a loop: %', plan LIKE '%"Partial"%', looped = (SELECT total FROM one);
END $$;
SELECT (SELECT sum(score_of('i 1%: linear -100 to 100; j 2% missing 5: 100 >= 50, 3; k 3%: 1', v[1], v[2], v[3])) FROM rows) = total AS same_in_parallel FROM one;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- whatever is typed, it is a card that reads back, or an error of ours
CREATE FUNCTION try_card(t text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE c scorecard;
BEGIN
	c := t::scorecard;
	RETURN CASE WHEN c::text::scorecard::text = c::text AND c::jsonb::scorecard = c THEN 'read back' ELSE 'not read back: ' || t END;
EXCEPTION
	WHEN invalid_text_representation OR invalid_parameter_value OR numeric_value_out_of_range OR program_limit_exceeded THEN RETURN 'refused';
END $$;
SELECT result, count(*) > 500 AS many
FROM (SELECT try_card(overlay(t PLACING (ARRAY['', ' ', ';', ':', ',', '、', '%', '"', '-', '.', '5', '1e9', 'e', 'at', 'to', 'if', 'p', '>', '<=', '；', '：', '“', '”', 'linear ', 'missing ', 'require ', 'mean', 'sd', '万', chr(233), E'\n'])[1 + floor(random() * 31)]
              FROM 1 + floor(random() * length(t))::int FOR floor(random() * 4)::int)) AS result
      FROM (SELECT c::text AS t FROM cards WHERE card <= 250 UNION ALL
            SELECT unnest(ARRAY['"days late" 40% missing 12.5: linear p95 to p5; require 60%', 'a 1%: linear 0 at mean - 2 sd, 60 at median, 100 at max; b 3%: 100 top 10%, 60 next 20%, 10'])) cards,
           generate_series(1, 40)) s
GROUP BY result ORDER BY result;

DROP TABLE parts, scales, cards, customers, expected, rows, sent;
DROP FUNCTION random_number, quotient, plain_points, try_card;
