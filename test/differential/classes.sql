-- test/differential/classes.sql: values that a double only nearly holds, and
-- digests cut to their capacity. A fitted bound must part whole classes, for
-- numerics of any length and for doubles. Needs definitions.sql before it, and
-- :wide_sets; the truncated sets are few, as they are large.

-- two to the power of n, with all its digits
CREATE FUNCTION pg_temp.power_of_two(n int) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  result numeric := 1;
BEGIN
  FOR i IN 1 .. abs(n) LOOP
    result := result * CASE WHEN n < 0 THEN 0.5 ELSE 2 END;
  END LOOP;
  RETURN result;
END $$;

-- Steps of a quarter of a double's last place, so that midpoints are among them.
-- (Half a place at the first normal: strtod of glibc 2.36 rounds 0.75 down there.)
CREATE TEMP TABLE grids AS
SELECT row_number() OVER () - 1 AS family, origin, step FROM (VALUES
  (0::numeric, pg_temp.power_of_two(-1076)),                       -- subnormal
  (pg_temp.power_of_two(-1022), pg_temp.power_of_two(-1075)),      -- the first normal
  ((pg_temp.power_of_two(53) - 12) * pg_temp.power_of_two(971),
   pg_temp.power_of_two(969)),                                     -- the last of all
  (pg_temp.power_of_two(53), 1),                                   -- integers
  (1, pg_temp.power_of_two(-55)),                                  -- a power of two
  (1000000.01, 0.0000000000298023223876953125),
  (-1, pg_temp.power_of_two(-55))
) g (origin, step);

CREATE FUNCTION pg_temp.wide_value(family int) RETURNS numeric
LANGUAGE sql VOLATILE AS $$
  SELECT CASE
    WHEN family < 7 THEN (SELECT origin + step * floor(random() * 80 - 40)::int
                          FROM grids g WHERE g.family = $1)
    WHEN family = 7 THEN random()::text::numeric * random()::text::numeric   -- 30 digits
    WHEN family = 8 THEN (random() - 0.5)::text::numeric                     -- doubles
    WHEN family = 9 THEN floor(random() * 4)::numeric
      + floor(random() * 1000)::numeric * 1e-30                              -- one double each
    WHEN family = 10 THEN round((random() * 10000)::numeric, 2)              -- money
    ELSE (random() - 0.3)::text::numeric * ('1e' || floor(random() * 9))::numeric
  END $$;

CREATE TEMP TABLE wide_sample AS
SELECT set_id, row_number() OVER () AS id, pg_temp.wide_value(family) AS value
FROM (SELECT set_id, set_id % 10 AS family, ceil(60 * random() ^ 2)::int AS size
      FROM generate_series(1, :wide_sets) AS set_id
      UNION ALL SELECT -family, family, 6000
      FROM unnest('{7,8,10,11}'::int[]) AS family) s,
  LATERAL generate_series(1, size);

-- these a double would take for 0, and a digest refuses them
DELETE FROM wide_sample
WHERE value <> 0 AND abs(value) <= (SELECT 2 * min(step) FROM grids);

-- numerics and doubles: what was put in, what it was put in as, what is in it
CREATE TEMP TABLE wide_digests AS
SELECT set_id, value_digest(value, 4096) AS of_numeric,
  value_digest(value::float8, 4096) AS of_float8
FROM wide_sample GROUP BY set_id;

-- a double's place among all doubles; its class is that without the low bits
CREATE FUNCTION pg_temp.place_of(value float8, precision_ int) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN bits < 0 THEN bits # 9223372036854775807 ELSE bits END >> (52 - precision_)
  FROM (SELECT ('x' || encode(float8send(value + 0), 'hex'))::bit(64)::bigint AS bits) b
$$;

CREATE TEMP TABLE wide_places AS
SELECT *, count(*) OVER (PARTITION BY set_id) AS n,
  count(*) OVER (PARTITION BY set_id ORDER BY class) AS le,
  count(*) OVER (PARTITION BY set_id ORDER BY class DESC) AS ge
FROM (SELECT s.*, pg_temp.place_of(value::float8, digest_precision(of_numeric)) AS class
      FROM wide_sample s JOIN wide_digests USING (set_id)) c;

CREATE TEMP TABLE wide_fits AS
SELECT set_id, bound, kind, number, op,
  tier_fit(of_numeric, scheme)::text::tier_scheme AS of_numeric,
  tier_fit(of_float8, scheme)::text::tier_scheme AS of_float8,
  pg_temp.place_of(CASE WHEN kind = 'percentile' THEN digest_quantile(of_numeric, (number / 100)::float8) END,
                   digest_precision(of_numeric)) AS percentile
FROM wide_digests, bounds, LATERAL CAST('In ' || bound || ', Out' AS tier_scheme) AS scheme
WHERE kind IN ('top', 'up to', 'lowest', 'top n', 'percentile')
  AND (set_id + bound_id) % :part = 0;

CREATE TEMP TABLE wide_expected AS
SELECT p.*, f.bound, f.kind, f.of_numeric, f.of_float8,
  CASE WHEN CASE kind
    WHEN 'top' THEN (n - le) * 100 < number * n
    WHEN 'up to' THEN ge * 100 <= number * n
    WHEN 'lowest' THEN (n - ge) * 100 < number * n
    WHEN 'top n' THEN n - le < number
    ELSE pg_temp.holds(sign(class - percentile)::int, op)
  END THEN 'In' ELSE 'Out' END AS tier
FROM wide_places p JOIN wide_fits f USING (set_id)
ORDER BY set_id, bound;
