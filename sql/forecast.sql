-- Forecasts: a small case by hand, and the plain definition on random histories.
SET datestyle = 'ISO';
SET extra_float_digits = 0;
CREATE TABLE fans (id int PRIMARY KEY, revenue numeric);
INSERT INTO fans SELECT i, CASE WHEN i <= 4 THEN 100 WHEN i <= 8 THEN 50 ELSE 10 END FROM generate_series(1, 16) i;
SELECT tier_program_create('fans_program', 'fans', '{id}', 'revenue', 'A >= 80, B >= 40, C');
UPDATE fans_program.program SET max_fall = 1;
-- nothing is known of how a period goes
SELECT count(*) FROM tier_forecast('fans_program');
SELECT tier_evaluate('fans_program', '2026-01-01');
SELECT count(*) FROM tier_forecast('fans_program');

-- of 4 A one falls to B, of 4 B one rises to A and one falls to C, of 8 C one leaves; two enter as C
UPDATE fans SET revenue = 50 WHERE id = 1;
UPDATE fans SET revenue = 100 WHERE id = 5;
UPDATE fans SET revenue = 10 WHERE id = 6;
DELETE FROM fans WHERE id = 16;
INSERT INTO fans VALUES (17, 10), (18, 10);
SELECT tier_evaluate('fans_program', '2026-04-01');
-- A: 4 * 3/4 + 3 * 1/4 = 3.75; B: 4 * 1/4 + 3 * 2/4 = 2.5; C: 3 * 1/4 + 10 * 7/8 + 2 = 11.5
SELECT * FROM tier_forecast('fans_program', 2);
-- a quarter in which nobody moves: the forecast was off by 0.25, 0.5 and 1.5; to expect no change was right
SELECT tier_evaluate('fans_program', '2026-07-01');
-- A: 4 * 7/8 + 3 * 1/7; entrants: 2 in two quarters
SELECT * FROM tier_forecast('fans_program', 1);
-- who comes between is not counted yet, and no day before the last evaluation is looked at
INSERT INTO fans VALUES (19, 90);
SELECT tier_evaluate('fans_program', '2026-11-01', due_only => true);
SELECT period, as_of, tier, customers, if_idle FROM tier_forecast('fans_program', 2);
-- other bars are the same tiers, another tier is not
UPDATE fans_program.program SET scheme = 'A >= 90, B >= 40, C';
SELECT tier_evaluate('fans_program', '2027-01-01');
SELECT as_of, tests FROM tier_forecast('fans_program', 1) WHERE rank = 1;
UPDATE fans_program.program SET scheme = 'A >= 90, B >= 40, C >= 5, D';
SELECT tier_evaluate('fans_program', '2027-04-01');
SELECT as_of, tests FROM tier_forecast('fans_program', 1) WHERE rank = 1;
SELECT tier_evaluate('fans_program', '2027-07-01');
SELECT as_of, tier, customers, if_idle, tests FROM tier_forecast('fans_program', 1);
-- a draft is no evaluation
SELECT tier_evaluate('fans_program', '2027-10-01', draft => true);
SELECT DISTINCT as_of FROM tier_forecast('fans_program', 1);
SELECT tier_undo('fans_program');

-- nobody buys any more: the source looks back twelve months
CREATE TABLE buys (id int, day date, amount numeric);
INSERT INTO buys SELECT i, date '2025-01-15' + m * 30, i FROM generate_series(1, 10) i, generate_series(0, 11) m;
CREATE VIEW year_of_buys AS
  SELECT id, coalesce(sum(amount) FILTER (WHERE day < tier_as_of() AND day >= tier_as_of() - interval '1 year'), 0) AS bought FROM buys GROUP BY id;
SELECT tier_program_create('fading', 'year_of_buys', '{id}', 'bought', 'A >= 60, B >= 30, C', 'grace 3 months');
SELECT e.* FROM (VALUES (date '2025-10-01'), ('2026-01-01')) d (day), tier_evaluate('fading', day) e;
SELECT period, as_of, tier, customers, if_idle, error FROM tier_forecast('fading', 5) WHERE tier IS NOT NULL;
-- the same as evaluations then
BEGIN;
UPDATE fading.program SET max_fall = 1;
SELECT e.* FROM generate_series(date '2026-04-01', '2027-04-01', interval '3 months') d, tier_evaluate('fading', d::date) e;
SELECT as_of, tier, customers FROM tier_trend('fading') WHERE as_of > '2026-01-01' AND tier IS NOT NULL;
ROLLBACK;

-- refused
SELECT * FROM tier_forecast('fans_program', 0);             -- fail
SELECT * FROM tier_forecast('fans_program', 101);           -- fail
SELECT * FROM tier_forecast('fans_program', NULL);          -- fail
SELECT * FROM tier_forecast(NULL);                          -- fail
SELECT * FROM tier_forecast('nobody');                      -- fail

-- The definition: who stood where at each complete evaluation, and how many of
-- each tier went where, in the year before a start.
CREATE FUNCTION plain_forecast(program text, periods int)
RETURNS TABLE (period int, rank int, customers float8, value float8, error float8, naive_error float8, value_error float8, tests int)
LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format($sql$
    WITH RECURSIVE e AS (
      SELECT row_number() OVER (ORDER BY as_of)::int AS n, as_of FROM %1$I.evaluations WHERE kind = 'complete' AND NOT draft),
    stood AS (
      SELECT n, id, coalesce(h.rank, 4) AS s FROM e JOIN %1$I.history h
        ON valid_from <= as_of AND (valid_to > as_of OR valid_to IS NULL)),
    went AS (
      SELECT n, a.s AS f, b.s AS t
      FROM (SELECT * FROM stood WHERE n < (SELECT max(n) FROM e)) a
      FULL JOIN (SELECT n - 1 AS n, id, s FROM stood WHERE n > 1) b USING (n, id)),
    learned AS (                            -- from which periods, by start
      SELECT b.n AS start, p.n FROM e b JOIN e p ON p.n < b.n AND (p.n = b.n - 1 OR p.as_of >= b.as_of - interval '1 year')),
    share AS (
      SELECT start, f, t, count(*) / sum(count(*)) OVER (PARTITION BY start, f) AS share
      FROM learned JOIN went USING (n) WHERE f IS NOT NULL GROUP BY start, f, t),
    known AS (SELECT DISTINCT start, f FROM share),
    matrix AS (
      SELECT b.n AS start, i AS f, j AS t, CASE WHEN k.f IS NULL THEN (i = j)::int ELSE coalesce(s.share, 0) END::float8 AS share
      FROM e b CROSS JOIN generate_series(1, 4) i CROSS JOIN generate_series(1, 4) j
      LEFT JOIN known k ON k.start = b.n AND k.f = i
      LEFT JOIN share s ON s.start = b.n AND s.f = i AND s.t = j),
    entrants AS (
      SELECT start, t, count(*)::float8 / (SELECT count(*) FROM learned l WHERE l.start = learned.start) AS entrants
      FROM learned JOIN went USING (n) WHERE f IS NULL GROUP BY start, t),
    came AS (
      SELECT n, s, (SELECT count(*) FROM stood o WHERE o.n = e.n AND o.s = s.s)::float8 AS customers,
             (SELECT sum(c.value) FROM %1$I.schemes c WHERE c.as_of = e.as_of AND c.rank = s.s)::float8 AS value
      FROM e CROSS JOIN generate_series(1, 4) s),
    mean AS (
      SELECT n, s, (SELECT o.value / o.customers FROM came o WHERE o.s = c.s AND o.n <= c.n AND o.value IS NOT NULL AND o.customers > 0
                    ORDER BY o.n DESC LIMIT 1) AS mean FROM came c),
    chain AS (
      SELECT n AS start, 0 AS h, ARRAY(SELECT c.customers FROM came c WHERE c.n = e.n ORDER BY s) AS x FROM e WHERE n > 1
      UNION ALL
      SELECT start, h + 1, ARRAY(
        SELECT (SELECT sum(x[m.f] * m.share) FROM matrix m WHERE m.start = chain.start AND m.t = s)
               + coalesce((SELECT en.entrants FROM entrants en WHERE en.start = chain.start AND en.t = s), 0)
        FROM generate_series(1, 4) s ORDER BY s)
      FROM chain WHERE h < $1),
    told AS (
      SELECT c.start, h, m.s, x[m.s] AS customers, x[m.s] * mean AS value, now.customers AS now, came.customers AS came, coalesce(came.value, 0) AS came_value
      FROM chain c
      JOIN mean m ON m.n = c.start
      JOIN came now ON now.n = c.start AND now.s = m.s
      LEFT JOIN came ON came.n = c.start + h AND came.s = m.s
      WHERE h > 0)
    SELECT h, s, max(customers) FILTER (WHERE start = last.n), max(value) FILTER (WHERE start = last.n),
           avg(abs(customers - came)), avg(abs(now - came)), avg(abs(coalesce(value, 0) - came_value)) FILTER (WHERE came IS NOT NULL), count(came)::int
    FROM told CROSS JOIN (SELECT max(n) AS n FROM e) last
    GROUP BY h, s$sql$, program) USING periods;
END
$$;

-- numbers by a hash: random() differs between versions
CREATE FUNCTION hashed(a int, b int) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT (('x' || substr(md5(a || '/' || b), 1, 8))::bit(32)::bigint & 1048575) / 1048576.0 $$;
CREATE TABLE moving (id int PRIMARY KEY, revenue numeric, present boolean);
CREATE VIEW moving_now AS SELECT id, revenue FROM moving WHERE present;

CREATE FUNCTION try_forecast(seed int, rules tier_rules, OUT evaluations bigint, OUT rows bigint, OUT most_tests int, OUT differences bigint) LANGUAGE plpgsql AS $$
DECLARE
  as_of date := '2023-01-01';
BEGIN
  TRUNCATE moving;
  INSERT INTO moving SELECT i, round(120 * hashed(seed, i)::numeric, 1), hashed(i, seed) < 0.7 FROM generate_series(1, 80) i;
  PERFORM tier_program_create('tried', 'moving_now', '{id}', 'revenue', 'A >= 90, B >= 50, C >= 10', rules);
  UPDATE tried.program SET max_fall = 1;
  FOR n IN 1 .. 14 LOOP
    as_of := as_of + 1 + (150 * hashed(seed + n, 1))::int;
    PERFORM tier_evaluate('tried', as_of, due_only => n > 1 AND hashed(seed + n, 2) < 0.3);
    UPDATE moving SET revenue = CASE WHEN hashed(seed + n, id + 100) < 0.1 THEN NULL ELSE round(120 * hashed(seed + n, id + 200)::numeric, 1) END
    WHERE hashed(seed + n, id + 300) < 0.3;
    UPDATE moving SET present = NOT present WHERE hashed(seed + n, id + 400) < 0.1;
    -- a tier that nobody has for a time
    UPDATE moving SET revenue = 60 WHERE n BETWEEN 3 AND 6 AND revenue < 50;
  END LOOP;
  SELECT count(*) INTO evaluations FROM tried.evaluations;
  SELECT count(*), max(f.tests),
         count(*) FILTER (WHERE f.tests IS DISTINCT FROM p.tests OR NOT coalesce(abs(f.customers - p.customers) < 1e-9, false)
           OR f.value IS NULL <> (p.value IS NULL) OR abs(f.value - p.value) > 1e-6
           OR f.error IS NULL <> (p.error IS NULL) OR abs(f.error - p.error) > 1e-9
           OR f.naive_error IS NULL <> (p.naive_error IS NULL) OR abs(f.naive_error - p.naive_error) > 1e-9
           OR f.value_error IS NULL <> (p.value_error IS NULL) OR abs(f.value_error - p.value_error) > 1e-6)
  INTO rows, most_tests, differences
  FROM tier_forecast('tried', 6) f FULL JOIN plain_forecast('tried', 6) p ON p.period = f.period AND p.rank = coalesce(f.rank, 4);
  SET LOCAL client_min_messages = warning;
  DROP SCHEMA tried CASCADE;
END
$$;
SELECT t.* FROM (VALUES (1, ''::tier_rules), (2, ''), (3, 'hold 3 months; grace 1 month'), (4, 'keep 80%; hold 6 months'), (5, ''), (6, 'land 2 months')) v (seed, rules),
  LATERAL try_forecast(seed, rules) t;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA fans_program, fading CASCADE;
DROP TABLE fans, buys, moving CASCADE;
DROP FUNCTION plain_forecast, hashed, try_forecast;
