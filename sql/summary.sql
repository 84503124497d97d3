-- What each tier brings, against grading row by row.
SELECT * FROM tier_summary((SELECT value_digest(v) FROM (VALUES (100), (60), (25), (10), (5)) s (v)), 'A top 70% of value, B top 90% of value, C');
-- A fitted scheme stays as it is; who gets no tier makes a row; a tier by rule takes nobody by a measure.
SELECT * FROM tier_summary('(capacity 4096) -50 0*3 10 20*2', 'A >= 20, B > 0, dead by rule');
-- Lower is better; an empty tier; shares are of what is positive.
SELECT * FROM tier_summary('(capacity 4096) -5 0 30 31*4', 'prompt <= 0, empty <= 0, late <= 30, later');
SELECT * FROM tier_summary('(capacity 4096) -5 0', 'A top 70% of value, B');
SELECT * FROM tier_summary('(capacity 4096) 7', 'A top 1%');
-- Without data, and without a scheme.
SELECT * FROM tier_summary((SELECT value_digest(1.5) WHERE false), 'A >= 1, B');
SELECT * FROM tier_summary('(capacity 4096) 7', NULL);
-- Sums that a double does not hold, and those it does.
SELECT * FROM tier_summary('(capacity 4096) 1e308 1.5e308', 'A >= 1.2e308, B');
SELECT * FROM tier_summary('(capacity 4096) 1e308 1.5e308', 'A >= 1, B');
SELECT * FROM tier_summary('(capacity 4096) 7', 'soon within 1 month, later');

-- Random measures and ladders of every kind, the digest exact or truncated: each row is graded and added up.
CREATE FUNCTION compare_summaries(rounds integer, OUT tiers bigint, OUT truncated bigint, OUT differing bigint) LANGUAGE plpgsql AS $$
DECLARE
	schemes tier_scheme[] = ARRAY['A top 70% of value, B top 90% of value, C', 'A up to 70% of value, B up to 90% of value, C', 'VIP top 1%, Major next 4%, Regular next 15%, Small',
		'Key top 10, Other', '5 > p80, 4 > p60, 3 > p40, 2 > p20, 1', '5 <= p20, 4 <= p40, 3 <= p60, 2 <= p80, 1', 'High >= mean + 1 sd, Middle >= mean', 'A natural, B natural, C',
		'low lowest 10%, rest', 'A >= 5000, B >= 1000', 'A <= 0, B <= 12.5, C by rule'];
	scheme tier_scheme;
	digest value_digest;
	seen record;
BEGIN
	tiers := 0; truncated := 0; differing := 0;
	FOR r IN 1 .. rounds LOOP
		CREATE TEMP TABLE measured ON COMMIT DROP AS
		SELECT CASE r % 3 WHEN 0 THEN exp(6 + 3 * random())::numeric(14, 2) WHEN 1 THEN floor(random() * 20 - 5)::numeric ELSE (random() * 100)::numeric / 7 END AS v
		FROM generate_series(1, CASE WHEN r % 5 = 0 THEN 20000 ELSE 1 + r * 7 END);
		digest := (SELECT value_digest(v, 4096) FROM measured);
		truncated := truncated + (digest_precision(digest) < 52)::integer;
		FOREACH scheme IN ARRAY schemes LOOP
			-- a ladder that was not fitted to a truncated digest may part a class
			CONTINUE WHEN digest_precision(digest) < 52 AND tier_is_fitted(scheme);
			SELECT count(*) AS n, count(*) FILTER (WHERE customers IS DISTINCT FROM coalesce(g.n, 0) OR customer_share IS DISTINCT FROM coalesce(g.n, 0) / all_n::double precision
				OR abs(value - coalesce(v, 0)) > rounding * coalesce(size, 0) OR abs(value_share - coalesce(positive, 0) / all_positive) > 4 * rounding
				OR (value_share IS NULL) <> (all_positive IS NULL) OR rank IS DISTINCT FROM tier_rank_label(s.tier, scheme)
				OR bound IS DISTINCT FROM (SELECT l.bound FROM tier_list(tier_fit(digest, scheme)) l WHERE l.tier = s.tier)) AS bad INTO seen
			FROM tier_summary(digest, scheme) s
			FULL JOIN (SELECT tier_of(m.v, tier_fit(digest, scheme)) AS tier, count(*) AS n, sum(m.v) AS v, sum(abs(m.v)) AS size, sum(greatest(m.v, 0)) AS positive FROM measured m GROUP BY 1) g
				ON coalesce(s.tier, 'none') = coalesce(g.tier, 'none'),
			(SELECT count(*) AS all_n, nullif(sum(greatest(m.v, 0)), 0) AS all_positive, 2::double precision ^ - least(digest_precision(digest), 40) AS rounding FROM measured m) a;
			tiers := tiers + seen.n; differing := differing + seen.bad;
		END LOOP;
		DROP TABLE measured;
	END LOOP;
END $$;
SELECT tiers > 900 AS tiers, truncated > 3 AS truncated, differing FROM compare_summaries(30);
DROP FUNCTION compare_summaries;

-- Amounts with cents sum up to cents, whatever their doubles are off: of each tier, of the digest, and in parts of it.
-- The server's random() gives other numbers before 15.
CREATE OR REPLACE FUNCTION dice(n bigint, throw integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT (hashint8extended($1, $2) >> 11 & 9007199254740991)::double precision / 9007199254740992';
CREATE TABLE cents AS
SELECT g % 60 AS part, g % 4 AS places, round((exp(5 + 2 * sqrt(-2 * ln(dice(g, 1))) * cos(2 * pi() * dice(g, 2))) * CASE WHEN dice(g, 3) < 0.1 THEN -1 ELSE 1 END)::numeric, g % 4) AS v
FROM generate_series(1, 60000) g;
SELECT sum(v) AS exact, digest_sum(value_digest(v)), digest_sum(value_digest(v::double precision)) AS of_doubles FROM cents;
SELECT rank, tier, customers, value FROM tier_summary((SELECT value_digest(v) FROM cents), 'A top 70% of value, B top 90% of value, C');
SELECT count(*) AS parts, count(*) FILTER (WHERE digest_sum(d) IS DISTINCT FROM exact::double precision OR digest_sum(merged) IS DISTINCT FROM exact::double precision) AS differing
FROM (SELECT part, value_digest(d) AS merged, sum(exact) AS exact, (SELECT value_digest(v) FROM cents c WHERE c.part = s.part) AS d
	  FROM (SELECT part, places, value_digest(v) AS d, sum(v) AS exact FROM cents GROUP BY part, places) s GROUP BY part) m;
WITH fits AS MATERIALIZED (
	SELECT part, d, tier_fit(d, 'A top 50% of value, B >= 0, C') AS fitted FROM (SELECT part, value_digest(v) AS d FROM cents GROUP BY part) p)
SELECT count(*) AS tiers, count(*) FILTER (WHERE value IS DISTINCT FROM exact::double precision) AS differing
FROM (SELECT part, s.* FROM fits, tier_summary(d, fitted) s) s
FULL JOIN (SELECT part, tier_of(v, fitted) AS tier, sum(v) AS exact FROM cents JOIN fits USING (part) GROUP BY 1, 2) e USING (part, tier);
-- where the doubles are off by more than a cent, they are what is summed
SELECT digest_sum('(capacity 4096) 99999999999999.9*99999999'), digest_sum('(capacity 4096) -1e300 0.1*3 1e300');
-- and of the buckets of a histogram
SELECT sum(value::numeric) = (SELECT sum(v) FROM cents) AS same, count(*) FILTER (WHERE value <> round(value::numeric, 3)) AS not_decimal
FROM digest_histogram((SELECT value_digest(v) FROM cents), 50);
-- nor are numbers longer than that decimals
SELECT digest_sum('(capacity 4096) 0.1*3'), digest_sum('(capacity 4096) 0.1*3 0.30000000000000004'), digest_sum('(capacity 4096, wide) 0.1*3');
-- beyond the capacity a sum is near, and looks like an amount too
SELECT value, value = round(value::numeric, 3)::double precision AS in_places, abs(value - exact) / exact < 1e-3 AS near
FROM (SELECT value_digest(v, 4096) AS d, sum(v) FILTER (WHERE v > 0) AS exact FROM cents) s, tier_summary(d, 'A > 0, B') WHERE tier = 'A';
DROP TABLE cents;

SELECT p.oid::regprocedure AS function, provolatile AS volatility, proisstrict AS strict, proparallel AS parallel,
	obj_description(p.oid, 'pg_proc') IS NOT NULL AS commented
FROM pg_proc p WHERE proname = 'tier_summary';
