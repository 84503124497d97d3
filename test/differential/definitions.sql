-- test/differential/definitions.sql: random data sets and what each kind of
-- bound means, in plain SQL and exact numerics. Included by sql/fit.sql,
-- sql/among.sql and run.sql of this folder. Needs :sets, how many data sets,
-- :part, each set meets one in so many of the bounds, and :seed.

SELECT setseed(:seed);

CREATE FUNCTION pg_temp.random_value(family int, set_id int) RETURNS numeric
LANGUAGE sql VOLATILE AS $$
  SELECT CASE family
    WHEN 0 THEN floor(random() * 6)::numeric                      -- ties
    WHEN 1 THEN floor(random() * 21)::numeric - 10                -- negatives
    WHEN 2 THEN round((random() * 1000)::numeric, 2)              -- money
    WHEN 3 THEN round((10 / (random() + 0.0001))::numeric, 2)     -- few bring most
    WHEN 4 THEN round((random() * 10)::numeric, 1)                -- tenths
    WHEN 5 THEN (set_id % 7 - 3) * 1.1                            -- all equal
    WHEN 6 THEN round((random() * 9)::numeric) * 1e307            -- huge
    WHEN 7 THEN round((random() * 99)::numeric - 9) * 1e-305      -- tiny
    WHEN 8 THEN - floor(random() * 5)::numeric                    -- none positive
    WHEN 9 THEN floor(random() * 999999999999999)::numeric        -- 15 digits
    WHEN 10 THEN (floor(random() * 3) * 1000)::numeric
      + round((random() * 9)::numeric, 3)                         -- clusters
    WHEN 11 THEN (sign(random() - 0.3) * round(random() * 999))::numeric
      * ('1e' || floor(random() * 13 - 5))::numeric               -- magnitudes
    ELSE (floor(random() * 3) * set_id)::numeric                  -- few values
  END $$;

-- 1 to 300 rows, small sets more often; a fifth of some sets is NULL
CREATE TEMP TABLE sample AS
SELECT set_id, row_number() OVER () AS id,
  CASE WHEN set_id % 5 = 0 AND random() < 0.2 THEN NULL
  ELSE pg_temp.random_value(set_id % 13, set_id) END AS value
FROM (SELECT set_id, ceil(300 * random() ^ 8)::int AS size
      FROM generate_series(1, :sets) AS set_id) s,
  LATERAL generate_series(1, size);

CREATE TEMP TABLE bounds AS
SELECT row_number() OVER () AS bound_id, * FROM (
SELECT 'top ' || p || '%' AS bound, 'top' AS kind, p AS number, NULL AS op
FROM unnest('{0,10,12.5,20,33.333,50,80,99.9,100}'::numeric[]) p
UNION ALL SELECT 'up to ' || p || '%', 'up to', p, NULL
FROM unnest('{0,10,20,33.333,50,80,100}'::numeric[]) p
UNION ALL SELECT 'lowest ' || p || '%', 'lowest', p, NULL
FROM unnest('{0,10,20,33.333,50,80,100}'::numeric[]) p
UNION ALL SELECT 'top ' || p, 'top n', p, NULL
FROM unnest('{0,1,2,10,1000}'::numeric[]) p
UNION ALL SELECT 'top ' || p || '% of value', 'top of value', p, NULL
FROM unnest('{0,20,50,70,90,95.5,100}'::numeric[]) p
UNION ALL SELECT 'up to ' || p || '% of value', 'up to of value', p, NULL
FROM unnest('{0,20,50,70,90,95.5,100}'::numeric[]) p
UNION ALL SELECT op || ' p' || p, 'percentile', p, op
FROM unnest('{0,20,25,50,80,90,100}'::numeric[]) p, unnest('{>=,>,<=,<}'::text[]) op
UNION ALL SELECT op || ' mean' || CASE sign(p) WHEN 0 THEN '' WHEN 1 THEN ' + ' || p || ' sd'
  ELSE ' - ' || -p || ' sd' END, 'mean', p, op
FROM unnest('{0,1,-0.5,2}'::numeric[]) p, unnest('{>=,>,<=,<}'::text[]) op
) b;

-- what a row's place among the others is
CREATE TEMP TABLE places AS
SELECT set_id, id, value, n, n - le AS greater, ge, n - ge AS lower,
  v, ge_sum - tie_sum AS greater_sum, ge_sum, s1, s2
FROM (
  SELECT *, count(value) OVER (s) AS n,
    count(value) OVER (s ORDER BY value) AS le,
    count(value) OVER (s ORDER BY value DESC NULLS LAST) AS ge,
    sum(greatest(value, 0)) OVER (s) AS v,
    sum(greatest(value, 0)) OVER (s ORDER BY value DESC NULLS LAST) AS ge_sum,
    sum(greatest(value, 0)) OVER (PARTITION BY set_id, value) AS tie_sum,
    sum(value) OVER (s) AS s1,
    sum(value * value) OVER (s) AS s2
  FROM sample WINDOW s AS (PARTITION BY set_id)
) r;

CREATE TEMP TABLE percentiles AS
SELECT set_id, number,
  percentile_cont((number / 100)::float8) WITHIN GROUP (ORDER BY value::float8) AS percentile
FROM sample, (SELECT DISTINCT number FROM bounds WHERE kind = 'percentile') p
GROUP BY set_id, number;

CREATE FUNCTION pg_temp.holds(difference int, op text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE op WHEN '>=' THEN difference >= 0 WHEN '>' THEN difference > 0
    WHEN '<=' THEN difference <= 0 ELSE difference < 0 END $$;

-- the definition: is this row inside this bound?
CREATE TEMP TABLE expected AS
SELECT set_id, id, value, bound, kind,
  coalesce(CASE kind
    WHEN 'top' THEN greater * 100 < number * n
    WHEN 'up to' THEN ge * 100 <= number * n
    WHEN 'lowest' THEN lower * 100 < number * n
    WHEN 'top n' THEN greater < number
    WHEN 'top of value' THEN
      value > 0 AND greater_sum * 100 < number * (1 - 1e-12) * v
    WHEN 'up to of value' THEN
      value > 0 AND ge_sum * 100 <= number * (1 + 1e-12) * v
    WHEN 'percentile' THEN
      pg_temp.holds(btfloat8cmp(value::float8, percentile), op)
    WHEN 'mean' THEN
      pg_temp.holds(CASE WHEN number = 0 THEN sign(n * value - s1)
        ELSE sign((n * value - s1) * abs(n * value - s1) * (n - 1)
                  - number * abs(number) * n * (n * s2 - s1 * s1)) END::int, op)
  END, false) AS inside
FROM places
JOIN bounds ON (set_id + bound_id) % :part = 0
LEFT JOIN percentiles USING (set_id, number)
ORDER BY set_id, bound;
ANALYZE expected;
