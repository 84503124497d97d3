-- Arguments that are kept parsed: schemes, maps and cards of many rows, in any
-- order, give what each gives alone.
SELECT FROM setseed(0.5);

-- the scheme of number i splits at i, and its labels tell it
CREATE TABLE numbered AS
SELECT i, format('"over %1$s" >= %1$s, "under %1$s"', i)::tier_scheme AS scheme, format('"from %1$s": 2**; "to %1$s": 1**', i)::rfm_segments AS map,
	format('x 100%%: %s >= %s, 0', i / 20.0, i)::scorecard AS card,
	format('recency: 2 <= %1$s, 1; frequency: 2 > %1$s, 1; monetary: 2 > %1$s, 1', i)::rfm_scheme AS rfm
FROM generate_series(1, 1000) i;

SELECT n AS different, count(*) AS rows,
	count(*) FILTER (WHERE tier_of(v, scheme) IS DISTINCT FROM CASE WHEN v >= i THEN 'over ' ELSE 'under ' END || i) AS wrong_tiers,
	count(*) FILTER (WHERE rfm_segment(v % 2 * 100 + 111, map) IS DISTINCT FROM CASE v % 2 WHEN 1 THEN 'from ' ELSE 'to ' END || i) AS wrong_segments,
	count(*) FILTER (WHERE score_of(card, v) IS DISTINCT FROM CASE WHEN v >= i THEN i / 20.0 ELSE 0 END) AS wrong_scores,
	count(*) FILTER (WHERE rfm_score(v, v, v, rfm) IS DISTINCT FROM CASE WHEN v <= i THEN 211 ELSE 122 END) AS wrong_rfm
FROM unnest(ARRAY[1, 2, 8, 255, 256, 257, 1000]) n, LATERAL (SELECT (random() * 1000)::int AS v, 1 + floor(random() * n)::int AS k FROM generate_series(1, 3000 + n)) r
	JOIN numbered ON i = k
GROUP BY n ORDER BY n;
-- one after the other, again and again
SELECT count(*) AS rows, count(*) FILTER (WHERE tier_of(500, scheme) IS DISTINCT FROM CASE WHEN 500 >= i THEN 'over ' ELSE 'under ' END || i) AS wrong
FROM (SELECT scheme, i FROM generate_series(1, 3) again, numbered ORDER BY again, i) s;

-- large ones, of which few are kept: 255 tiers each
CREATE TABLE large AS
SELECT n, (SELECT string_agg(format('"tier %s of %s" >= %s', 256 - t, n, t), ', ' ORDER BY t DESC) FROM generate_series(1, 255) t)::tier_scheme AS scheme
FROM generate_series(1, 300) n;
SELECT count(*) AS rows, count(*) FILTER (WHERE tier_of(v, scheme) IS DISTINCT FROM format('tier %s of %s', 256 - v, n)) AS wrong
FROM (SELECT n, scheme, 1 + floor(random() * 255)::int AS v FROM generate_series(1, 3), large ORDER BY random()) r;

-- an error leaves what is known as it was, also where the call site lives on
DO $$
DECLARE
	s tier_scheme;
	i integer;
	tier text;
	refused integer := 0;
	wrong integer := 0;
BEGIN
	FOR n IN 1 .. 3000 LOOP
		i := 1 + floor(random() * 400);
		s := CASE WHEN random() < 0.3 THEN format('A top %s%%, B', i / 1000.0) ELSE format('"over %1$s" >= %1$s, "under %1$s"', i) END::tier_scheme;
		BEGIN
			tier := tier_of(200, s);
			IF NOT tier_is_fitted(s) OR tier IS DISTINCT FROM (CASE WHEN 200 >= i THEN 'over ' ELSE 'under ' END || i) THEN
				wrong := wrong + 1;
			END IF;
		EXCEPTION WHEN invalid_parameter_value THEN
			refused := refused + 1;
		END;
	END LOOP;
	RAISE NOTICE 'refused some: %, wrong: %', refused BETWEEN 700 AND 1100, wrong;
END
$$;

DROP TABLE numbered, large;
