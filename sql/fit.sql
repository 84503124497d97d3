--
-- tier_fit: relative bounds turned into numbers
--
SET extra_float_digits = 1;
\set VERBOSITY default

CREATE FUNCTION pg_temp.fit(scheme tier_scheme, VARIADIC numeric[]) RETURNS tier_scheme
LANGUAGE sql AS 'SELECT tier_fit(value_digest(v), $1) FROM unnest($2) v';

-- every kind of bound
SELECT b AS bound, tier_fit(value_digest(v), ('In ' || b || ', Out')::tier_scheme)
FROM generate_series(1, 10) v,
  unnest('{top 20%,top 25%,up to 20%,up to 25%,lowest 20%,top 3,top 50% of value,
           up to 50% of value,>= p80,> p25,<= median,>= mean,< mean - 1.5 sd,natural}'::text[])
    WITH ORDINALITY AS b (b, i)
GROUP BY i, b ORDER BY i;

-- nobody, everybody
SELECT b AS bound, tier_fit(value_digest(v), ('In ' || b || ', Out')::tier_scheme)
FROM generate_series(1, 10) v,
  unnest('{top 0%,top 100%,up to 0%,up to 9.99%,up to 100%,lowest 0%,lowest 100%,top 0,top 10,top 11,
           top 0% of value,top 100% of value,up to 0% of value,up to 100% of value,
           > p100,>= p0,< p0,<= p100,> mean + 9 sd,<= mean + 9 sd,
           > mean + 99999999999999999999999999999 sd}'::text[])
    WITH ORDINALITY AS b (b, i)
GROUP BY i, b ORDER BY i;

-- whole ladders
SELECT pg_temp.fit('A top 70% of value, B top 90% of value, C', 70, 20, 10);
SELECT pg_temp.fit('A up to 70% of value, B up to 90% of value, C', 70, 20, 10);
SELECT tier_fit(value_digest(v), 'VIP top 1%, Major next 4%, Regular next 15%, Small')
FROM generate_series(1, 1000) v;
SELECT tier_fit(value_digest(v), '5 <= p20, 4 <= p40, 3 <= p60, 2 <= p80, 1')
FROM generate_series(0, 100) v;
SELECT pg_temp.fit('A >= mean + 1 sd, B >= mean, C >= mean - 1 sd', 1, 2, 3, 4, 5);
SELECT pg_temp.fit('"钻石" top 1, 金 >= 3, 普通, 特 by rule', 1, 2, 3, 4, 5);

-- the definitions that recipes get wrong: a sole customer
SELECT pg_temp.fit('A top 70% of value, B top 90% of value, C', 5);
-- nothing but zeros: nobody is an A
SELECT pg_temp.fit('A top 70% of value, B top 90% of value, C', 0, 0, 0);
-- refunds and zeros never bring a share of value
SELECT pg_temp.fit('A top 70% of value, B top 100% of value, C', 100, -50, 0);
-- ranks 1 and 2 of ten, and who is tied with rank 2
SELECT pg_temp.fit('A top 20%, B', 10, 9, 9, 9, 6, 5, 4, 3, 2, 1);
-- the sister leaves out who crosses the line, and all tied with him
SELECT pg_temp.fit('A up to 20%, B', 10, 9, 9, 9, 6, 5, 4, 3, 2, 1);
SELECT pg_temp.fit('A up to 70% of value, B', 100);
-- sixty percent bought once: one is no better than another
SELECT pg_temp.fit('5 > p80, 4 > p60, 3 > p40, 2 > p20, 1', 1, 1, 1, 1, 1, 1, 2, 3, 4, 5);
SELECT pg_temp.fit('5 > p80, 4 > p60, 3 > p40, 2 > p20, 1', 1, 1, 1);
-- one customer has no rank among others
SELECT pg_temp.fit('A >= p80, B >= p20, C', 7), pg_temp.fit('A top 1%, B', 7),
  pg_temp.fit('A >= mean + 1 sd, B', 7);
-- on paper 0.7 of 1 is exactly 70%
SELECT pg_temp.fit('A up to 70% of value, B up to 90% of value, C', 0.7, 0.2, 0.1),
  pg_temp.fit('A top 70% of value, B top 90% of value, C', 0.7, 0.2, 0.1);
-- and the mean of 0.1, 0.2 and 0.3 is 0.2, their sd 0.1
SELECT pg_temp.fit('A >= mean, B', 0.1, 0.2, 0.3), pg_temp.fit('A > mean, B', 0.1, 0.2, 0.3),
  pg_temp.fit('A >= mean + 1 sd, B', 0.1, 0.2, 0.3), pg_temp.fit('A <= mean - 1 sd, B', 0.1, 0.2, 0.3);
-- a mean that rounds to a member, and is above it, then below it
SELECT tier_fit(d, 'A >= mean, B'), tier_fit(d, 'A <= mean, B')
FROM value_digest_in('(capacity 4096) 2000000.01*3000000 2000000.0101') d;
SELECT tier_fit(d, 'A > mean, B'), tier_fit(d, 'A < mean, B')
FROM value_digest_in('(capacity 4096) 2000000.0099 2000000.01*3000000') d;

-- first match wins: what is stricter than the tier before takes its bound
SELECT pg_temp.fit('A top 20%, B >= 100, C top 10, D > p0, E', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
SELECT pg_temp.fit('A >= mean, B > median, C > p10, D', 1, 2, 3);
SELECT pg_temp.fit('A <= mean, B < median, C lowest 100%, D', 1, 2, 3);
SELECT pg_temp.fit('A > Infinity, B top 1, C', 1, 2, 3);
SELECT pg_temp.fit('A top 0%, B top 0, C >= 2', 1, 2, 3);

-- what needs no data stays as it is; no data: NULL
SELECT pg_temp.fit('A >= 5, B', 1), pg_temp.fit('A within 1 month, B by rule', 1), pg_temp.fit('A', 1);
SELECT tier_fit(value_digest(NULL::numeric), 'A >= 5, B'), tier_fit(NULL, 'A top 10%'),
  tier_fit(value_digest(1.0), NULL), tier_of(1, tier_fit(NULL, 'A top 10%'));
SELECT tier_fit('(capacity 4096) 1 2', 'A top 10% of'); -- fail

-- fitting again changes nothing
SELECT tier_fit(d, tier_fit(d, s)) = tier_fit(d, s) AS same, tier_is_fitted(tier_fit(d, s)) AS fitted
FROM value_digest_in('(capacity 4096) 1*5 2 3 9') d, tier_scheme_in('A top 10%, B natural, C > mean, D, E by rule') s;

-- natural breaks
SELECT pg_temp.fit('A natural, B natural, C', 1, 2, 3, 11, 12, 13, 101, 102),
  pg_temp.fit('A <= 0, B natural, C natural, D', 1, 2, 3, 11, 12, 13, 101, 102);
-- between equal cuts the better tier is the smaller one
SELECT pg_temp.fit('A natural, B', 1, 2, 3), pg_temp.fit('A <= 0, B natural, C', 1, 2, 3),
  pg_temp.fit('A natural, B', 0.1, 0.2, 0.3), pg_temp.fit('A natural, B natural, C', 1, 2, 3, 4);
-- fewer values than tiers: the best ones are filled
SELECT pg_temp.fit('A natural, B natural, C natural, D', 1, 2),
  pg_temp.fit('A natural, B natural, C', 1, 1, 1), pg_temp.fit('A natural, B natural, C', 1, 2, 3);
-- the other bounds do not matter: two natural tiers cut all data in three
SELECT pg_temp.fit('S top 1, A natural, B natural, C', 1, 2, 3, 11, 12, 13, 101, 102);

-- numbers that a double only nearly holds, and no neighbour at all
SELECT pg_temp.fit('A top 1, B top 2, C top 3, D', 9007199254740993, 9007199254740992, 9007199254740996);
SELECT pg_temp.fit('A top 1, B top 2, C', 1.00000000000000000001, 2.00000000000000000001);
SELECT pg_temp.fit('A top 100%, B', 1.00000000000000000001), pg_temp.fit('A < p0, B', 1.00000000000000000001),
  pg_temp.fit('A > p100, B', 1.00000000000000000001), pg_temp.fit('A <= p100, B', -1.00000000000000000001);
SELECT pg_temp.fit('A top 1, B', -0.000000000000000000012345678901234567890, -5.1);
SELECT tier_fit(value_digest(v), 'A top 50%, B top 100%, C'), tier_fit(value_digest(v), 'A lowest 50%, B <= p100, C')
FROM unnest('{1.7976931348623157e308,-1.7976931348623157e308}'::float8[]) v;
SELECT tier_fit(value_digest(v), 'A > p100, B > p0, C'), tier_fit(value_digest(v), 'A < p0, B < p100, C')
FROM unnest('{1.7976931348623157e308,-1.7976931348623157e308}'::float8[]) v;
SELECT length(tier_fit(value_digest(v), 'A top 50%, B')::text)
FROM unnest('{5e-324,0}'::float8[]) v;
SELECT tier_fit(value_digest(v), 'A top 70% of value, B >= mean, C')
FROM unnest('{1e308,1e308,1.1e308,-1e308,1e300}'::float8[]) v;

-- the same rows give the same scheme, in any order and in parts
SELECT count(DISTINCT fitted::text) AS schemes
FROM (SELECT tier_fit(value_digest(d), 'A top 70% of value, B >= mean + 0.3 sd, C natural, D natural, E') AS fitted
      FROM (SELECT way, value_digest(v) AS d
            FROM (SELECT way, part, v FROM generate_series(1, 5) way,
                    LATERAL (SELECT g % way AS part, (g * 7919 % 10007) / 100.0 AS v FROM generate_series(1, 5000) g) r
                  ORDER BY hashint4((v * way * 100)::int)) s
            GROUP BY way, part) p
      GROUP BY way) f;

-- a digest beyond its capacity: the shares are near, and zero stays zero
CREATE TEMP TABLE many AS
SELECT g * g / 100.0 - 5 AS v FROM generate_series(0, 20000) g UNION ALL SELECT 0 FROM generate_series(1, 1000);
SELECT tier_of(0, coarse) AS zero, tier_of(-5, coarse) AS refund,
  sum(v) FILTER (WHERE tier_of(v, coarse) = 'A') / sum(v) FILTER (WHERE v > 0) BETWEEN 0.699 AND 0.701 AS a,
  sum(v) FILTER (WHERE tier_of(v, coarse) < 'C') / sum(v) FILTER (WHERE v > 0) BETWEEN 0.899 AND 0.901 AS b,
  count(*) FILTER (WHERE tier_of(v, coarse) <> tier_of(v, exact)) < 50 AS near
FROM many,
  (SELECT tier_fit(value_digest(v, 4096), 'A top 70% of value, B top 90% of value, C') AS coarse,
     tier_fit(value_digest(v), 'A top 70% of value, B top 90% of value, C') AS exact FROM many) f
GROUP BY coarse;

-- beyond its capacity too a bound has no more places than the values
SELECT tier_fit(value_digest(v, 4096), 'A top 10%, B top 50%, C') AS integers, tier_fit(value_digest(v::bigint, 4096), 'A lowest 10%, B lowest 50%, C') AS lower_better,
  tier_fit(value_digest(v / 100, 4096), 'A top 1, B top 10%, C top 99.9%, D top 100%, E') AS cents, tier_fit(value_digest(-v / 100, 4096), 'A top 10%, B top 50%, C') AS negative
FROM generate_series(1, 100000::numeric) v;
SELECT tier_fit(value_digest(v, 4096), '5 > p80, 4 > p60, 3 > p40, 2 > p20, 1') AS percentiles, tier_fit(value_digest(v, 4096), 'A natural, B natural, C') AS natural
FROM many;
-- fractions have no places: the edge of their class, as a double is printed
SELECT tier_fit(value_digest(v / 7::double precision, 4096), 'A top 10%, B top 50%, C') AS fractions, tier_fit(value_digest(v / 7, 4096), 'A top 10%, C') AS wide
FROM generate_series(1, 100000::numeric) v;
-- a measure of any places, merged in any way: the bound parts the rows as the digest does
CREATE FUNCTION pg_temp.compare_truncated(rounds int, OUT tiers int, OUT long int, OUT differing int, OUT truncated int) LANGUAGE plpgsql AS $$
DECLARE
  ladder tier_scheme;
  d value_digest;
  seen record;
BEGIN
  tiers := 0; long := 0; differing := 0; truncated := 0;
  FOR r IN 1 .. rounds LOOP
    CREATE TEMP TABLE amounts ON COMMIT DROP AS
    SELECT g % 7 AS part, round(((random() - 0.3) * 10 ^ (r % 6))::numeric, r % 5) AS v FROM generate_series(1, 15000) g;
    SELECT value_digest(p) INTO d FROM (SELECT value_digest(v, CASE WHEN part = r % 7 THEN 4096 ELSE 5000 + r END) AS p FROM amounts GROUP BY part) p;
    IF d IS DISTINCT FROM (SELECT value_digest(v, 4096) FROM amounts) OR d::text::value_digest IS DISTINCT FROM d
      OR d IS DISTINCT FROM (SELECT digest_compact(value_digest(v), 4096) FROM amounts) THEN differing := differing + 1000; END IF;
    truncated := truncated + (digest_precision(d) < 52)::int;
    FOREACH ladder IN ARRAY ARRAY['A top 1, B top 10%, C top 50%, D top 99.9%, E top 100%', 'A lowest 10%, B lowest 70%, C lowest 99.9%', 'A up to 10%, B up to 70%, C',
        'A top 20% of value, B top 90% of value, C', 'A natural, B natural, C'] LOOP
      SELECT count(*) AS tiers, count(*) FILTER (WHERE scale((regexp_match(bound, '-?[0-9.]+$'))[1]::numeric) > r % 5) AS long,
        count(*) FILTER (WHERE customers <> (SELECT count(*) FROM amounts WHERE tier_of(v, tier_fit(d, ladder)) IS NOT DISTINCT FROM tier)
          OR customers <> (SELECT count(*) FROM amounts WHERE tier_of(v::float8, tier_fit(d, ladder)) IS NOT DISTINCT FROM tier)) AS differing
      INTO seen FROM tier_summary(d, ladder);
      tiers := tiers + seen.tiers; long := long + seen.long; differing := differing + seen.differing;
    END LOOP;
    DROP TABLE amounts;
  END LOOP;
END $$;
SELECT tiers > 120 AS many_tiers, truncated > 5 AS often_truncated, long, differing FROM pg_temp.compare_truncated(12);

-- more distinct values than natural breaks are looked for one by one
SELECT tier_of(20000, s) AS low, tier_of(30000.02, s) AS middle, tier_of(60000.52, s) AS high
FROM (SELECT tier_fit(value_digest(v), 'High natural, Middle natural, Low') AS s
      FROM (SELECT g / 10.0 FROM generate_series(1, 200000) g
            UNION ALL SELECT 30000 + g / 50.0 FROM generate_series(1, 50000) g
            UNION ALL SELECT 60000.5 + g / 50.0 FROM generate_series(1, 50000) g) r (v)) f;

--
-- Against plain SQL: see test/differential. What counts is "wrong" 0, and that
-- there were rows on both sides.
--
\set ECHO none
\set sets 700
\set part 13
\set wide_sets 300
\set seed 0.25
\o /dev/null
\i test/differential/definitions.sql
\i test/differential/classes.sql
\i test/differential/natural.sql
\o
\set ECHO all
\i test/differential/check_fit.sql
