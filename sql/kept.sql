-- Results that the server keeps when the query that computed them is over, or
-- when the call that computed them has seen another scheme or map.

CREATE TABLE kept (
	id integer,
	region text,
	spent numeric,
	score integer,
	since date,
	scheme tier_scheme,
	map rfm_segments,
	ladder rfm_scheme
);
INSERT INTO kept
SELECT i, 'region ' || i % 5, i % 1000, (1 + i % 2) * 100 + 11, date '2024-01-01' + i % 100,
	CASE i % 3 WHEN 0 THEN 'gold >= 500, "silver" >= 100, "bronze"' WHEN 1 THEN 'gold >= 900, "silver" >= 300, "bronze"'
		ELSE 'Platinum >= 700, Rest' END::tier_scheme,
	CASE i % 2 WHEN 0 THEN 'High: 2**; Low: 1**' ELSE 'Upper: 2**; Lower half: 1**' END::rfm_segments,
	'recency: 2 <= 500, 1; frequency: 2 > 5, 1; monetary: 2 > 5, 1'::rfm_scheme
FROM generate_series(1, 3000) i;

-- A sampled statistic as it is told: the most common values and how often.
CREATE FUNCTION most_common(statistic text) RETURNS TABLE (number bigint, vals text, frequencies real[])
LANGUAGE sql AS $$
	SELECT row_number() OVER (ORDER BY expr COLLATE "C"), most_common_vals::text, most_common_freqs
	FROM pg_stats_ext_exprs WHERE statistics_name = statistic ORDER BY expr COLLATE "C";
$$;

-- extended statistics: all rows are sampled, so that they are exact
CREATE STATISTICS kept_constant ON region, (tier_of(spent, 'gold >= 500, "silver" >= 100, "bronze"')), (rfm_segment(score, 'High: 2**; Low: 1**'))
	FROM kept;
CREATE STATISTICS kept_varying (mcv) ON region, (tier_of(spent, scheme)), (tier_of(spent::float8, scheme)), (tier_of(id::bigint, scheme)),
	(tier_of(date '2024-04-10', since, 'fresh within 30 days, stale')), (rfm_segment(score, map)), (tier_label(2, scheme)),
	(rfm_scheme_of(ladder, 'recency'))
	FROM kept;
ANALYZE kept;
SELECT * FROM most_common('kept_constant');
SELECT * FROM most_common('kept_varying');
-- what was counted together stays together
SELECT most_common_vals[i:i] AS values, most_common_freqs[i]::numeric(6,4) AS frequency
FROM pg_stats_ext, generate_subscripts(most_common_vals, 1) i WHERE statistics_name = 'kept_constant' ORDER BY 1;
DROP STATISTICS kept_constant, kept_varying;

-- indexes on expressions, which have statistics of their own
CREATE INDEX kept_tier ON kept (tier_of(spent, scheme), rfm_segment(score, map));
CREATE INDEX kept_partial ON kept (id) WHERE tier_of(spent, scheme) = 'Platinum';
ANALYZE kept;
SELECT most_common_vals, most_common_freqs FROM pg_stats WHERE tablename = 'kept_tier' ORDER BY attname COLLATE "C";
SET enable_seqscan = off;
SELECT count(*) FROM kept WHERE tier_of(spent, scheme) = 'Platinum';
SELECT count(*) FROM kept WHERE tier_of(spent, scheme) = 'silver' AND rfm_segment(score, map) = 'Upper';
RESET enable_seqscan;
SELECT count(*) FROM kept WHERE tier_of(spent, scheme) = 'Platinum';
SELECT count(*) FROM kept WHERE tier_of(spent, scheme) = 'silver' AND rfm_segment(score, map) = 'Upper';

-- an exclusion constraint compares what it found with what it kept, by a scheme of another row
CREATE TABLE one_a_tier (
	spent numeric,
	scheme tier_scheme,
	CONSTRAINT tier_once EXCLUDE USING btree (tier_of(spent, scheme) WITH =) DEFERRABLE INITIALLY IMMEDIATE
);
INSERT INTO one_a_tier VALUES (10, 'gold >= 5, silver'), (1, 'gold >= 500, silver'), (1, 'Platinum >= 700, bronze');
INSERT INTO one_a_tier VALUES (2, 'copper >= 1, gold'); -- copper is new
INSERT INTO one_a_tier VALUES (2, 'gold >= 1, copper'); -- fail
BEGIN;
SET CONSTRAINTS tier_once DEFERRED;
INSERT INTO one_a_tier VALUES (0, 'copper >= 1, gold');
DELETE FROM one_a_tier WHERE spent = 10;
COMMIT;
SELECT tier_of(spent, scheme) AS tier, count(*) FROM one_a_tier GROUP BY 1 ORDER BY 1;
CREATE TABLE one_a_segment (score integer, map rfm_segments, CONSTRAINT segment_once EXCLUDE USING btree (rfm_segment(score, map) WITH =));
INSERT INTO one_a_segment VALUES (11, 'High: 2*; Low: 1*'), (11, 'Big: 2*; Small: 1*'), (22, 'Low: 1*; Tall: 2*');
INSERT INTO one_a_segment VALUES (22, 'Tiny: 1*; Small: 2*'); -- fail
INSERT INTO one_a_segment VALUES (11, 'Tiny: 1*; Small: 2*'), (22, 'Small: 1*; Tiny: 2*'), (22, 'Small: 1*; Great: 2*') ON CONFLICT DO NOTHING;
SELECT rfm_segment(score, map) AS segment, count(*) FROM one_a_segment GROUP BY 1 ORDER BY 1;
-- the constraint is added to rows that are there
INSERT INTO one_a_tier VALUES (7, 'tin >= 500, lead');
ALTER TABLE one_a_tier ADD EXCLUDE USING hash (tier_of(spent, scheme) WITH =);
CREATE TABLE taken AS SELECT i AS spent, 'a >= 5, b >= 3, c'::tier_scheme AS scheme FROM generate_series(4, 5) i;
INSERT INTO taken VALUES (1, 'b >= 1, d');
\set VERBOSITY terse
ALTER TABLE taken ADD CONSTRAINT taken_once EXCLUDE USING btree (tier_of(spent, scheme) WITH =); -- fail
\set VERBOSITY default

-- variables of PL/pgSQL, constant or not
DO $$
DECLARE
	first text;
	then_another text;
	all_of_them text[];
	scheme tier_scheme := 'gold >= 5, silver';
	segment text;
BEGIN
	FOR i IN 1 .. 3 LOOP
		then_another := first;
		first := tier_of(i, scheme);
		segment := rfm_segment(211, 'High: 2**; Low: 1**');
		all_of_them := all_of_them || first || segment;
		scheme := format('"tier %s" >= 1, rest', i)::tier_scheme;
	END LOOP;
	RAISE NOTICE '%, %, %, %', then_another, first, segment, all_of_them;
END
$$;

-- a cursor that goes on after its transaction
BEGIN;
CREATE TEMPORARY TABLE few AS SELECT * FROM kept WHERE id <= 4;
DECLARE held SCROLL CURSOR WITH HOLD FOR
	SELECT id, tier_of(spent, scheme), rfm_segment(score, map), tier_of(spent, 'many >= 2, few') FROM few ORDER BY id;
FETCH 1 FROM held;
COMMIT;
DROP TABLE few;
FETCH ALL FROM held;
FETCH ABSOLUTE 1 FROM held;
CLOSE held;

-- windows and aggregates that keep the best, the first and all
SELECT min(tier_of(spent, scheme)), max(tier_of(spent, scheme)), count(DISTINCT tier_of(spent, scheme)), min(rfm_segment(score, map)),
	count(DISTINCT rfm_segment(score, map)), (array_agg(tier_of(spent, scheme) ORDER BY id))[1:4]
FROM kept;
SELECT id, lag(tier_of(spent, scheme)) OVER w, first_value(rfm_segment(score, map)) OVER w, lead(tier_of(spent, scheme), 2) OVER w
FROM kept WHERE id <= 4 WINDOW w AS (ORDER BY id);
SELECT DISTINCT region, tier_among(spent, 'top >= p50, "the other half"') OVER (PARTITION BY region) AS tier,
	abc_class(spent) OVER (PARTITION BY region) AS class
FROM kept WHERE region <= 'region 1' ORDER BY 1, 2, 3;

-- A session keeps the labels it meets first, and copies those that come when it has met too many: to no other effect.
SELECT tier_of(1, 'A >= 5, B >= 3, C');
SELECT count(DISTINCT tier_of(1, format('"label %s" >= 0', i)::tier_scheme)) FROM generate_series(1, 3000) i;
CREATE STATISTICS kept_late (mcv) ON region, (tier_of(spent, replace(scheme::text, 'silver', '"too late"')::tier_scheme)),
	(rfm_segment(score, replace(map::text, 'Upper', 'Too high')::rfm_segments))
	FROM kept;
ANALYZE kept;
SELECT * FROM most_common('kept_late');
CREATE TABLE evaluations AS
SELECT customer, date '2024-01-01' + 40 * i AS as_of, nullif(abs(hashint4(customer * 100 + i)) % 8, 7) AS value
FROM generate_series(1, 500) customer, generate_series(1, 8) i;
CREATE FUNCTION timeline(scheme tier_scheme, OUT customer int, OUT standing tier_standing, OUT stepped tier_standing) RETURNS SETOF record
LANGUAGE sql AS $$
	SELECT e.customer, tier_standing(e.value, e.as_of, scheme, 'hold 2 months; grace 1 month; land 1 month') OVER (PARTITION BY e.customer ORDER BY e.as_of),
		tier_step(lag(s.standing) OVER (PARTITION BY e.customer ORDER BY e.as_of), e.value, e.as_of, scheme, 'hold 2 months; grace 1 month; land 1 month')
	FROM evaluations e,
		LATERAL (SELECT tier_standing(p.value, p.as_of, scheme, 'hold 2 months; grace 1 month; land 1 month' ORDER BY p.as_of) AS standing
			FROM evaluations p WHERE p.customer = e.customer AND p.as_of <= e.as_of) s;
$$;
SELECT count(*), count(*) FILTER (WHERE standing IS DISTINCT FROM stepped) AS not_as_stepped,
	count(DISTINCT ((standing).tier, (standing).rule, (standing).met)) AS shapes
FROM timeline('A >= 5, B >= 3, C');
SELECT count(*) FROM timeline('"too A" >= 5, B >= 3, "too C"') WHERE standing IS DISTINCT FROM stepped;
SELECT (standing).tier, count(*) FROM timeline('"too A" >= 5, B >= 3, "too C"') GROUP BY 1 ORDER BY 1;
SELECT count(*) AS otherwise FROM (
	SELECT customer, replace((t.standing).tier, 'too ', ''), replace((t.standing).met, 'too ', ''), (t.standing).since, (t.standing).rule,
		(t.standing).until, (t.standing).evaluated_on, replace((t.standing).clocks::text, 'too ', '')::jsonb
	FROM timeline('"too A" >= 5, B >= 3, "too C"') t
	EXCEPT ALL
	SELECT customer, (t.standing).tier, (t.standing).met, (t.standing).since, (t.standing).rule,
		(t.standing).until, (t.standing).evaluated_on, (t.standing).clocks
	FROM timeline('A >= 5, B >= 3, C') t) AS late;

DROP TABLE kept, one_a_tier, one_a_segment, taken, evaluations;
DROP FUNCTION most_common, timeline;
