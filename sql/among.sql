--
-- tier_among, abc_class: each row graded among its window partition
--
SET extra_float_digits = 1;
\set VERBOSITY default

CREATE TEMP TABLE sales (id int, region text, revenue numeric);
INSERT INTO sales VALUES
  (1, 'North', 70), (2, 'North', 20), (3, 'North', 10),
  (4, 'South', 5), (5, 'South', NULL),
  (6, 'West', 0), (7, 'West', 0), (8, 'West', 0),
  (9, 'East', 100), (10, 'East', -50), (11, 'East', 0),
  (12, 'Void', NULL);

-- 70, 20, 10 is A, B, C; a sole customer is A; nothing but zeros is C; refunds
-- are C; NULL is not graded, and does not count
SELECT *, abc_class(revenue) OVER w, abc_class(revenue::float8) OVER w AS of_float8,
  tier_among(revenue, 'A top 50%, B') OVER w
FROM sales WINDOW w AS (PARTITION BY region) ORDER BY id;
-- the order and the frame do not matter
SELECT bool_and(abc = ordered) AND bool_and(abc = framed) AS same
FROM (SELECT abc_class(revenue) OVER (PARTITION BY region) AS abc,
        abc_class(revenue) OVER (PARTITION BY region ORDER BY id DESC) AS ordered,
        abc_class(revenue) OVER (PARTITION BY region ORDER BY revenue
          ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS framed
      FROM sales WHERE revenue IS NOT NULL) s;
-- ties are never split, as ntile splits them
SELECT v, ntile(2) OVER (ORDER BY v DESC), tier_among(v, 'A top 50%, B') OVER ()
FROM unnest('{3,2,2,2}'::int[]) v ORDER BY v DESC, ntile;
-- a sole customer's percent_rank is 0, his tier the best
SELECT percent_rank() OVER (ORDER BY v), tier_among(v, 'A top 1%, B') OVER ()
FROM (VALUES (5)) s (v);
-- customers exactly at a bound
SELECT v, tier_among(v, 'A >= p50, B') OVER () AS ge, tier_among(v, 'A > p50, B') OVER () AS gt,
  tier_among(v, 'A <= p50, B') OVER () AS le, tier_among(v, 'A < p50, B') OVER () AS lt
FROM generate_series(1, 3) v;
-- sixty percent bought once, and score 1
SELECT v, tier_among(v, '5 > p80, 4 > p60, 3 > p40, 2 > p20, 1') OVER ()
FROM unnest('{1,1,1,1,1,1,2,3,4,5}'::int[]) v ORDER BY v;
-- the zero total: nobody is an A, nor with the customer who crosses left out
SELECT DISTINCT tier_among(v, 'A up to 70% of value, B') OVER () FROM unnest('{0,0}'::int[]) v;
-- below the last bound: not graded
SELECT v, tier_among(v, 'A top 1, B top 2') OVER () FROM generate_series(1, 4) v;

-- several functions, other window functions and aggregates beside them
SELECT id, row_number() OVER w, abc_class(revenue) OVER w, lag(id) OVER w,
  tier_among(revenue, 'Best natural, Rest') OVER w, sum(revenue) OVER w,
  tier_among(-revenue, 'Low lowest 34%, High') OVER (PARTITION BY region),
  last_value(id) OVER (PARTITION BY region ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
FROM sales WINDOW w AS (PARTITION BY region ORDER BY id) ORDER BY id;
-- over aggregates, over nothing
SELECT region, sum(revenue), abc_class(sum(revenue)) OVER () FROM sales GROUP BY region ORDER BY region;
SELECT abc_class(revenue) OVER () FROM sales WHERE false;
-- the scheme of the partition's first row counts; NULL: no tiers
SELECT id, tier_among(revenue, scheme) OVER (PARTITION BY region ORDER BY id)
FROM (SELECT *, CASE id WHEN 1 THEN 'A top 1, B' WHEN 9 THEN NULL ELSE 'X >= 0, Y' END::tier_scheme AS scheme FROM sales) s
ORDER BY id;
-- a fitted scheme needs no look at the others, so NaN among them is no harm
SELECT v, tier_among(v, 'A >= 5, B') OVER () FROM unnest('{7,NaN,-Infinity,NULL}'::float8[]) v;
SELECT tier_among(v, 'A within 3 days, B') OVER () FROM unnest('{7}'::float8[]) v; -- fail
SELECT v, abc_class(v) OVER () FROM unnest('{7,NaN}'::float8[]) v; -- fail
SELECT v, abc_class(v) OVER () FROM unnest('{7,NaN}'::numeric[]) v; -- fail
SELECT v, abc_class(v) OVER () FROM unnest('{7,Infinity}'::numeric[]) v; -- fail
SELECT v, abc_class(v) OVER () FROM unnest('{7,1e400}'::numeric[]) v; -- fail
SELECT tier_among(7, 'A top, B') OVER (); -- fail

-- rescans: once for each outer row, with other data and another scheme
SELECT limit_, string_agg(tier, ' ' ORDER BY v) AS tiers
FROM (VALUES (3, 'A top 1, B'), (5, 'A top 1, B'), (4, 'A top 50%, B')) o (limit_, scheme),
  LATERAL (SELECT v, tier_among(v::numeric, scheme::tier_scheme) OVER (PARTITION BY v % 2) AS tier
           FROM generate_series(1, limit_) v OFFSET 0) i
GROUP BY limit_, scheme ORDER BY limit_;
-- a partition larger than work_mem, toasted numbers, small partitions by the thousand
SET work_mem = '64kB';
SELECT tier, count(*), min(v), max(v)
FROM (SELECT v, tier_among(v::numeric, 'A top 10%, B') OVER () AS tier FROM generate_series(1, 50000) v) s
GROUP BY tier ORDER BY tier;
SELECT tier, count(*)
FROM (SELECT tier_among(v::numeric, 'A top 1, B') OVER (PARTITION BY v / 3) AS tier FROM generate_series(0, 29999) v) s
GROUP BY tier ORDER BY tier;
RESET work_mem;
CREATE TEMP TABLE long_numbers (v numeric);
ALTER TABLE long_numbers ALTER v SET STORAGE EXTERNAL;
INSERT INTO long_numbers SELECT g + ('0.' || repeat('123', 2500))::numeric FROM generate_series(1, 3) g;
SELECT trunc(v), tier_among(v, 'A top 1, B >= mean, C') OVER () FROM long_numbers ORDER BY v;
--
-- Against plain SQL: see test/differential. What counts is "wrong" 0.
--
\set ECHO none
\set sets 700
\set part 13
\set seed 0.75
\o /dev/null
\i test/differential/definitions.sql
\o
\set ECHO all
\i test/differential/check_among.sql
-- over a FILTERed subquery: what the filter leaves out is not counted
SELECT id, v, tier_among(v, 'A top 1, B') OVER () AS tier, abc_class(v) OVER () AS class
FROM (SELECT id, sum(x) FILTER (WHERE paid) AS v
      FROM (VALUES (1, 10.0, true), (1, 90, false), (2, 20, true), (3, 50, false)) o(id, x, paid)
      GROUP BY id) s
ORDER BY id;
