-- Grade numbers and elapsed time by a fitted scheme.

--
-- Numbers
--

SELECT v AS value, tier_of(v, 'A >= 5000000, B >= 1000000, C'), tier_rank(v, 'A >= 5000000, B >= 1000000, C')
FROM unnest(ARRAY[5000000, 4999999.99, 1000000, 999999.99, 0, -1]) v;

-- lower is better
SELECT v AS value, tier_of(v, 'A <= 30, B < 90, C <= 180'), tier_rank(v, 'A <= 30, B < 90, C <= 180')
FROM unnest(ARRAY[-1, 0, 30, 31, 90, 180, 181]) v;

-- a value exactly at the bound
SELECT tier_of(v, 'A >= 10, B') AS ge, tier_of(v, 'A > 10, B') AS gt, tier_of(v, 'A <= 10, B') AS le,
	tier_of(v, 'A < 10, B') AS lt, tier_of(v, 'A > 10, B >= 10, C') AS between
FROM unnest(ARRAY[9.99, 10, 10.01]) v;

-- equal neighbours: the later tier is empty
SELECT v AS value, tier_of(v, 'A >= 10, B >= 10, C > 5, D > 5, E') FROM unnest(ARRAY[11, 10, 6, 5]) v;

-- every number type; what has no function of its own is cast
SELECT tier_of(7::smallint, 'A >= 7, B') AS smallint, tier_of(7, 'A >= 7, B') AS integer,
	tier_of(7::bigint, 'A >= 7, B') AS bigint, tier_of(7::real, 'A >= 7, B') AS real,
	tier_of(7::double precision, 'A >= 7, B') AS double, tier_of(7.0, 'A >= 7, B') AS numeric;

-- no tier: NULL, NaN, beyond the last bound, tiers by rule
SELECT tier_of(NULL::numeric, 'A >= 1, B'), tier_of(1, NULL), tier_rank(NULL::bigint, 'A >= 1, B');
SELECT tier_of('NaN'::numeric, 'A >= 1, B') AS n, tier_of('NaN'::double precision, 'A >= 1, B') AS d,
	tier_rank('NaN'::numeric, 'A <= 1') AS nr, tier_rank('NaN'::double precision, 'A') AS dr;
SELECT v AS value, tier_of(v, 'A >= 10, B >= 5, Closed by rule') FROM unnest(ARRAY[10, 5, 4]) v;

-- infinities
SELECT v AS value, tier_of(v::numeric, 'A > Infinity, B >= Infinity, C >= 0, D >= -Infinity') AS numeric,
	tier_of(v::double precision, 'A > Infinity, B >= Infinity, C >= 0, D >= -Infinity') AS double,
	tier_of(v::numeric, 'A < -Infinity, B <= -Infinity, C <= 0, D < Infinity') AS lower
FROM unnest(ARRAY['Infinity', '1e300', '0', '-0.0', '-Infinity']) v;

-- beyond the doubles
SELECT v AS value, tier_of(v::numeric, 'A >= 1e400, B > 1e-400, C >= 0, D > -1e-400, E >= -1e400, F') FROM unnest(ARRAY[
	'Infinity', '1e401', '1e400', '9e399', '1e-399', '1e-400', '0', '-1e-401', '-1e-400', '-1e400', '-1e401', '-Infinity']) v;

-- exact where doubles cannot tell; a double is compared as doubles are
SELECT tier_of(9007199254740993, 'A >= 9007199254740993, B') AS int8, tier_of(9007199254740992, 'A >= 9007199254740993, B') AS int8_below,
	tier_of(9007199254740992::double precision, 'A >= 9007199254740993, B') AS float8,
	tier_of(0.1, 'A > 0.1, B') AS decimal, tier_of(0.1000000000000000000000000001, 'A > 0.1, B') AS just_above,
	tier_of(0.1::double precision, 'A >= 0.1, B') AS tenth;
SELECT tier_of(9223372036854775807, 'A >= 9223372036854775807, B') AS max, tier_of(9223372036854775806, 'A >= 9223372036854775807, B') AS below_max,
	tier_of((-9223372036854775808)::bigint, 'A > -9223372036854775808, B') AS min;
SELECT v AS value, tier_of(v, 'A > 9007199254741000, B >= 9007199254741000, C') AS int8,
	tier_of(v::numeric, 'A > 9007199254741000, B >= 9007199254741000, C') AS numeric,
	tier_of(- v, 'A < -9007199254741000, B <= -9007199254741000, C') AS negative
FROM unnest(ARRAY[9007199254740999, 9007199254741000, 9007199254741001]) v;
-- bounds that the doubles put in another order: the first one met wins
SELECT tier_of(1::double precision, 'A >= 1.0000000000000000000001, B > 1, C') AS double,
	tier_of(1.0, 'A >= 1.0000000000000000000001, B > 1, C') AS numeric;

-- one tier alone; the most there can be
SELECT tier_of(1, 'All'), tier_rank(-1.5, 'All'), tier_of(interval '1 day', 'All');
SELECT v AS value, tier_of(v, s), tier_rank(v::numeric, s), tier_rank(v::bigint, s)
FROM unnest(ARRAY[255, 254, 100, 2, 1, 0, -1]) v,
	(SELECT string_agg('t' || i || ' >= ' || i, ', ' ORDER BY i DESC)::tier_scheme FROM generate_series(1, 255) i) s(s);

--
-- Gaps and explanations
--

SELECT v AS value, tier_gap(v, 'A >= 100, B > 50, C >= 50, D >= 0'), tier_gap(v::double precision, 'A >= 100, B > 50, C >= 50, D >= 0')
FROM unnest(ARRAY[120, 100, 99.5, 50.01, 50, 49, 0, -7, 'NaN', 'Infinity', '-Infinity']::numeric[]) v;
SELECT v AS value, tier_gap(v, 'A <= 30, B <= 90, C') FROM unnest(ARRAY[10, 30, 30.5, 90, 100.25]) v;

SELECT v AS value, tier_margin(v, 'A >= 100, B > 50, C >= 50, D >= 0'), tier_margin(v::double precision, 'A >= 100, B > 50, C >= 50, D')
FROM unnest(ARRAY[120, 100, 99.5, 50.01, 50, 49, 0, -7, 'NaN', 'Infinity', '-Infinity']::numeric[]) v;
SELECT v AS value, tier_margin(v, 'A <= 30, B <= 90, C') FROM unnest(ARRAY[10, 30, 30.5, 90, 100.25]) v;
SELECT tier_margin(12.0, 'A >= 10, B >= 10, C') AS both_fall, tier_margin('Infinity'::numeric, 'A >= Infinity, B') AS at_infinity,
	tier_margin(1e308::double precision, 'A >= -1e308, B') AS beyond_double, tier_margin(5, 'All') AS catch_all;

-- an empty tier is no aim, nor one that nobody can reach
SELECT tier_gap(5.0, 'A >= 10, B >= 10, C') AS gap, tier_explain(5.0, 'A >= 10, B >= 10, C') ->> 'next_tier' AS next,
	tier_gap(5.0, 'A > Infinity, B >= 1') AS none, tier_gap(5::double precision, 'A < -Infinity, B < 10') AS none_double,
	tier_gap(5.0, 'A >= Infinity, B') AS infinite, tier_gap('Infinity'::numeric, 'A < Infinity, B') AS at_infinity;
-- for doubles a tier can be empty that is not so for numerics
SELECT tier_explain(0.5, 'A > 1.0000000000000000000001, B > 1, C') ->> 'next_tier' AS numeric,
	tier_explain(0.5::double precision, 'A > 1.0000000000000000000001, B > 1, C') ->> 'next_tier' AS double;

SELECT v AS value, tier_explain(v, 'Gold >= 5000, Silver >= 1000, "No tier" >= 0') AS explanation
FROM unnest(ARRAY[6000, 1200.50, 0, -3, 'NaN', 'Infinity', '-Infinity']::numeric[]) v;
SELECT v AS value, tier_explain(v, 'Gold >= 5000, Silver >= 1000, Other') AS explanation
FROM unnest(ARRAY[6000, 0.1, 'NaN', 'Infinity', '-Infinity']::double precision[]) v;
SELECT tier_explain(-1e308::double precision, 'A > 1e308, B') AS explanation, tier_gap(-1e308::double precision, 'A > 1e308, B') AS gap;
-- no setting changes an immutable result
SET extra_float_digits = 0;
SELECT tier_explain(0.1::double precision, 'A >= 0.3, B') -> 'gap' AS gap;
RESET extra_float_digits;
SELECT tier_explain(1.0, '"say ""hi""" >= 0') ->> 'tier' AS quoted, tier_explain(1, 'All') AS catch_all;

--
-- Elapsed time
--

SELECT until, tier_of(until, date '2026-01-31', 'Overdue < 0 days, A within 1 month, B within 3 months, C within 6 months, D') AS tier,
	tier_rank(until, date '2026-01-31', 'Overdue < 0 days, A within 1 month, B within 3 months, C within 6 months, D') AS rank
FROM unnest(ARRAY['2026-01-30', '2026-01-31', '2026-02-28', '2026-03-01', '2026-04-30', '2026-05-01', '2026-07-31', '2026-08-01']::date[]) until;

-- the day of a leap year
SELECT tier_of(date '2025-02-28', date '2024-02-29', 'first_year < 1 year, later') AS february_28,
	tier_of(date '2024-02-28', date '2023-02-28', 'first_year < 1 year, later') AS anniversary,
	tier_of(date '2025-03-01', date '2024-02-29', 'first_year <= 1 year, later') AS march_1;

-- tenure: longer is better
SELECT first_order, tier_of(date '2026-06-30', first_order, 'established >= 6 months, new')
FROM unnest(ARRAY['2025-12-30', '2025-12-31', '2026-06-30']::date[]) first_order;

-- calendar months are no 30 days, except for intervals
SELECT tier_of(date '2026-03-31', date '2026-02-28', 'A within 1 month, B') AS dates,
	tier_of(timestamp '2026-03-28 00:00:01', timestamp '2026-02-28', 'A within 1 month, B') AS timestamps,
	tier_of(timestamp '2026-03-28', timestamp '2026-02-28', 'A within 1 month, B') AS timestamps_at_bound;
SELECT tier_of(interval '30 days', 'A within 1 month, B') AS days_30, tier_of(interval '31 days', 'A within 1 month, B') AS days_31,
	tier_rank(interval '-1 day', 'Overdue < 0 days, A') AS overdue, tier_rank(interval '3 months', 'A < 1 quarter, B') AS quarter;

-- where the calendar is not in the order of intervals, the first bound met wins
SELECT tier_of(date '2026-03-02', date '2026-01-31', 'A within 30 days, B within 1 month, C') AS february,
	tier_of(date '2026-03-02', date '2026-01-31', 'A within 1 month, B within 30 days, C') AS reversed;

-- the hours of a day depend on the time zone
SET timezone = 'America/New_York';
SELECT tier_of(timestamptz '2026-03-09 00:00', timestamptz '2026-03-08 00:00', 'A within 1 day, B') AS spring_day_of_23_hours,
	tier_of(timestamptz '2026-11-02 00:00', timestamptz '2026-11-01 00:00', 'A < 1 day, B') AS autumn_day_of_25_hours,
	tier_rank(timestamptz '2026-11-02 00:00:01', timestamptz '2026-11-01 00:00', 'A within 1 day, B') AS over;
RESET timezone;

-- the ends of time
SELECT u AS until, s AS since, tier_of(u::date, s::date, 'Overdue < 0 days, A within 1 month, B') AS dates,
	tier_of(u::timestamp, s::timestamp, 'Overdue < 0 days, A within 1 month, B') AS timestamps,
	tier_rank(u::timestamptz, s::timestamptz, 'Overdue < 0 days, A within 1 month, B') AS rank
FROM (VALUES ('infinity', '2026-01-01'), ('-infinity', '2026-01-01'), ('2026-01-01', 'infinity'), ('2026-01-01', '-infinity'),
	('infinity', '-infinity'), ('-infinity', 'infinity'), ('infinity', 'infinity'), ('-infinity', '-infinity')) v(u, s);
SELECT tier_of(NULL::date, date '2026-01-01', 'A within 1 month'), tier_rank(date '2026-01-01', NULL, 'A within 1 month');

-- what is not a duration scheme, and the reverse
\set VERBOSITY default
SELECT tier_of(5, 'A within 1 month, B'); -- fail
SELECT tier_rank(5.5, 'A within 1 month, B'); -- fail
SELECT tier_gap(5.5, 'A within 1 month, B'); -- fail
SELECT tier_margin(5.5, 'A top 10%, B'); -- fail
SELECT tier_of(date '2026-01-01', date '2026-01-01', 'A >= 5, B'); -- fail
SELECT tier_rank(interval '1 day', 'A >= 5, B'); -- fail
SELECT tier_of(5, 'A >= 100, B top 10%, C'); -- fail
SELECT tier_explain(5::double precision, 'A top 70% of value, B'); -- fail
SELECT tier_rank(date '2026-01-01', date '2026-01-01', 'A natural, B'); -- fail
-- nobody looks at the scheme of a NULL
SELECT tier_of(NULL::numeric, 'A top 10%, B');

--
-- Against plain SQL
--

SELECT setseed(0.5) \g /dev/null

-- A bound of many kinds: amounts, long decimals, integers past 2^53, the edges of the doubles.
CREATE FUNCTION random_bound() RETURNS numeric LANGUAGE sql VOLATILE AS $$
	SELECT (random() * 2 - 1)::numeric * CASE floor(random() * 8)
		WHEN 0 THEN 100
		WHEN 1 THEN 1000000.0000000000000000000001
		WHEN 2 THEN 1234567890.123456789012345678901234567890
		WHEN 3 THEN 9007199254740993000
		WHEN 4 THEN 9007199254740993
		WHEN 5 THEN 1e-310
		WHEN 6 THEN 1e300
		ELSE 1 END
$$;

-- Grade values in and around the bounds of random ladders, and compare with a CASE over the same bounds.
CREATE FUNCTION compare_numbers(ladders integer, OUT numerics bigint, OUT bigints bigint, OUT doubles bigint, OUT differing bigint)
LANGUAGE plpgsql AS $$
DECLARE
	bounds numeric[];
	higher boolean;
	operators text[];
	scheme text;
	plain text;
	plain_double text;
	probes numeric[];
	seen record;
BEGIN
	numerics := 0; bigints := 0; doubles := 0; differing := 0;
	FOR n IN 1 .. ladders LOOP
		higher := random() < 0.5;
		SELECT array_agg(bound ORDER BY CASE WHEN higher THEN - bound ELSE bound END, is_strict DESC),
			array_agg(CASE WHEN higher THEN '>' ELSE '<' END || CASE WHEN is_strict THEN '' ELSE '=' END
					  ORDER BY CASE WHEN higher THEN - bound ELSE bound END, is_strict DESC)
		INTO bounds, operators
		FROM (SELECT CASE floor(random() * 4) WHEN 0 THEN trunc(b) WHEN 1 THEN round(b, 2) ELSE b END, random() < 0.5
			  FROM generate_series(1, CASE WHEN n % 10 = 0 THEN 40 ELSE 1 + n % 6 END) i, LATERAL (SELECT random_bound() + 0 * i) r(b)) x(bound, is_strict);
		-- now and then neighbours that are equal, or that only decimals tell apart
		IF n % 3 = 0 THEN
			bounds := bounds || (bounds[cardinality(bounds)] + CASE WHEN higher THEN -1 ELSE 1 END * (n % 2) * 1e-28);
			operators := operators || (CASE WHEN higher THEN '>=' ELSE '<=' END);
		END IF;
		SELECT string_agg(format('t%s %s %s', i, o, b), ', ' ORDER BY i) || CASE WHEN n % 2 = 0 THEN ', rest' ELSE '' END,
			'CASE ' || string_agg(format('WHEN v %s %L::numeric THEN %L', o, b, 't' || i), ' ' ORDER BY i) || CASE WHEN n % 2 = 0 THEN ' ELSE ''rest''' ELSE '' END || ' END'
		INTO scheme, plain FROM unnest(bounds, operators) WITH ORDINALITY x(b, o, i);
		plain_double := replace(plain, '::numeric', '::double precision');
		SELECT array_agg(p) INTO probes
		FROM unnest(bounds) b, LATERAL (VALUES (b), (b + 1e-28), (b - 1e-28), (b * 1.0000000000000001), (b * 0.9999999999999999),
			(b::double precision::text::numeric), (trunc(b)), (trunc(b) + 1), (round(b, 2)), (random_bound()), (- b), (0), ('Infinity'), ('-Infinity')) v(p);

		EXECUTE format('SELECT count(*) AS n, count(*) FILTER (WHERE tier_of(v, %1$L) IS DISTINCT FROM %2$s
				OR tier_rank(v, %1$L) IS DISTINCT FROM tier_rank_label(%2$s, %1$L)) AS bad FROM unnest($1) v',
			scheme, plain) INTO seen USING probes;
		numerics := numerics + seen.n; differing := differing + seen.bad;
		EXECUTE format('SELECT count(*) AS n, count(*) FILTER (WHERE tier_of(v, %1$L) IS DISTINCT FROM %2$s
				OR tier_rank(v, %1$L) IS DISTINCT FROM tier_rank_label(%2$s, %1$L)) AS bad
				FROM (SELECT p::bigint FROM unnest($1) p WHERE abs(p) < 9.2e18 OFFSET 0) x(v)',
			scheme, plain) INTO seen USING probes;
		bigints := bigints + seen.n; differing := differing + seen.bad;
		-- the doubles around every probe, subnormal ones among them
		EXECUTE format('SELECT count(*) AS n, count(*) FILTER (WHERE tier_of(v, %1$L) IS DISTINCT FROM %2$s
				OR tier_rank(v, %1$L) IS DISTINCT FROM tier_rank_label(%2$s, %1$L)) AS bad
				FROM (SELECT d FROM unnest($1) p, LATERAL (VALUES (p::double precision), (p::double precision + 5e-324), (p::double precision - 5e-324),
					(p::double precision * (1 + 2.3e-16)), (p::double precision * (1 - 1.2e-16))) y(d)) x(v)',
			scheme, plain_double) INTO seen USING probes;
		doubles := doubles + seen.n; differing := differing + seen.bad;
	END LOOP;
END $$;

SELECT numerics > 15000 AS numerics, bigints > 10000 AS bigints, doubles > 75000 AS doubles, differing FROM compare_numbers(250);

-- A gap leads to a better tier, and nothing less does; a margin is what may be lost.
CREATE FUNCTION compare_gaps(ladders integer, OUT gaps bigint, OUT margins bigint, OUT differing bigint) LANGUAGE plpgsql AS $$
DECLARE
	scheme tier_scheme;
	up numeric;
	seen record;
BEGIN
	gaps := 0; margins := 0; differing := 0;
	FOR n IN 1 .. ladders LOOP
		up := CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END;
		SELECT string_agg(format('t%s %s%s %s', i, CASE WHEN up > 0 THEN '>' ELSE '<' END, CASE WHEN i % 2 = n % 2 THEN '=' END, b), ', ' ORDER BY i)
			|| CASE WHEN n % 3 = 0 THEN ', rest' ELSE '' END
		INTO scheme FROM (SELECT round((random() * 20)::numeric, n % 4), row_number() OVER () FROM generate_series(1, 5)) r(x, i),
			LATERAL (SELECT up * (100 - 21 * i + x)) s(b);
		SELECT count(gap) AS gaps, count(margin) AS margins, count(*) FILTER (WHERE
			-- a step less is not enough, the gap is, or the least more than it where the bound is strict
			tier_rank(v + up * (gap - 1e-20), scheme) IS DISTINCT FROM rank AND gap > 0
			OR coalesce(rank, 99) <= tier_rank(v + up * (gap + 1e-20), scheme)
			OR (gap IS NULL) <> (rank IS NOT DISTINCT FROM 1)
			OR tier_rank(v - up * (margin - 1e-20), scheme) IS DISTINCT FROM rank AND margin > 0
			OR coalesce(tier_rank(v - up * (margin + 1e-20), scheme), 99) <= rank
			OR (tier_gap(v::double precision, scheme) IS NULL) <> (gap IS NULL)
			OR abs(tier_gap(v::double precision, scheme) - gap::double precision) > 1e-12
			OR e ->> 'next_tier' IS DISTINCT FROM tier_of(v + up * (gap + 1e-20), scheme)
			OR e ->> 'tier' IS DISTINCT FROM tier_of(v, scheme)
			OR (e ->> 'gap')::numeric IS DISTINCT FROM gap
			OR (e ->> 'margin')::numeric IS DISTINCT FROM margin
			OR (tier_margin(v::double precision, scheme) IS NULL) <> (margin IS NULL)
			OR abs(tier_margin(v::double precision, scheme) - margin::double precision) > 1e-12) AS bad INTO seen
		FROM (SELECT round((random() * 220 - 110)::numeric, i % 3) FROM generate_series(1, 40) i) r(v),
			LATERAL (SELECT tier_rank(v, scheme), tier_gap(v, scheme), tier_explain(v, scheme)) g(rank, gap, e),
			LATERAL (SELECT tier_margin(v, scheme)) m(margin);
		gaps := gaps + seen.gaps; margins := margins + seen.margins; differing := differing + seen.bad;
	END LOOP;
END $$;

SELECT gaps > 5000 AS gaps, margins > 5000 AS margins, differing FROM compare_gaps(300);

-- Numbers that begin alike, of every length and size: all against all.
WITH numbers AS (
	SELECT s * m * e AS n FROM unnest(ARRAY[1, -1]) s, unnest(ARRAY[1, 9999, 10001, 123456789012, 123456789012.0001, 1234567890120000, 1234567890120001,
		12345678901200000000.00000001, 999999999999, 9999999999999, 0.000100020003, 0.00010002000300004, 0.0001000200030000]) m,
		unnest(ARRAY[1, 10000, 1e-4, 1e400, 1e-400]) e
	UNION ALL SELECT unnest(ARRAY['0', 'Infinity', '-Infinity']::numeric[]))
SELECT count(*) AS pairs, count(*) FILTER (WHERE tier_of(v.n, scheme) IS DISTINCT FROM CASE WHEN meets THEN 'A' END) AS bad
FROM numbers v, numbers b, LATERAL (VALUES (format('A >= %s', b.n)::tier_scheme, v.n >= b.n), (format('A > %s', b.n)::tier_scheme, v.n > b.n),
	(format('A <= %s', b.n)::tier_scheme, v.n <= b.n), (format('A < %s', b.n)::tier_scheme, v.n < b.n)) l(scheme, meets);

-- Elapsed time of every kind, by random ladders, around month ends and leap days.
CREATE FUNCTION compare_durations(ladders integer, OUT pairs bigint, OUT differing bigint) LANGUAGE plpgsql AS $$
DECLARE
	lower boolean;
	scheme text;
	plain text;
	plain_interval text;
	seen record;
BEGIN
	pairs := 0; differing := 0;
	FOR n IN 1 .. ladders LOOP
		lower := n % 2 = 0;
		SELECT string_agg(format('t%s %s %s %s', i, o, c, u), ', ' ORDER BY i) || CASE WHEN n % 3 = 0 THEN ', rest' ELSE '' END,
			'CASE ' || string_agg(format('WHEN until %s since + interval %L THEN %L', o, length, 't' || i), ' ' ORDER BY i)
				|| CASE WHEN n % 3 = 0 THEN ' ELSE ''rest''' ELSE '' END || ' END',
			'CASE ' || string_agg(format('WHEN elapsed %s interval %L THEN %L', o, length, 't' || i), ' ' ORDER BY i)
				|| CASE WHEN n % 3 = 0 THEN ' ELSE ''rest''' ELSE '' END || ' END'
		INTO scheme, plain, plain_interval
		FROM (SELECT c, u, length, CASE WHEN lower THEN '<' ELSE '>' END || CASE WHEN is_strict THEN '' ELSE '=' END,
				  row_number() OVER (ORDER BY CASE WHEN lower THEN length ELSE - length END, is_strict DESC)
			  FROM (SELECT c, u, is_strict, CASE WHEN u = 'quarter' THEN make_interval(months => 3 * c) ELSE (c || ' ' || u)::interval END
					FROM (SELECT (random() * 40 - 12)::integer / CASE u WHEN 'day' THEN 1 WHEN 'week' THEN 2 WHEN 'year' THEN 8 ELSE 3 END, u, random() < 0.5
						  FROM (SELECT (ARRAY['day', 'week', 'month', 'quarter', 'year'])[1 + floor(random() * 5)] FROM generate_series(1, 1 + n % 5)) a(u)) b(c, u, is_strict)
				   ) d(c, u, is_strict, length)) l(c, u, length, o, i);
		EXECUTE format('SELECT count(*) AS n, count(*) FILTER (WHERE tier_of(until, since, %1$L) IS DISTINCT FROM %2$s
				OR tier_rank(until, since, %1$L) IS DISTINCT FROM tier_rank_label(%2$s, %1$L)
				OR tier_of(until::timestamp, since::timestamp + hours, %1$L) IS DISTINCT FROM replaced
				OR tier_rank(until::timestamptz + hours, since::timestamptz, %1$L) IS DISTINCT FROM tier_rank_label(zoned, %1$L)
				OR tier_of(elapsed, %1$L) IS DISTINCT FROM %3$s
				OR tier_rank(elapsed, %1$L) IS DISTINCT FROM tier_rank_label(%3$s, %1$L)) AS bad
			FROM (SELECT CASE floor(random() * 3) WHEN 0 THEN date ''2024-02-29'' WHEN 1 THEN date ''2023-12-31'' + 31 * (random() * 30)::integer
					ELSE date ''2022-01-01'' + (random() * 1200)::integer END AS since,
					floor(random() * 40 - 12)::integer AS c, (random() * 5)::integer * interval ''5 hours'' AS hours,
					(ARRAY[''1 day'', ''7 days'', ''1 month'', ''3 months'', ''1 year''])[1 + floor(random() * 5)]::interval AS u FROM generate_series(1, 60)) r,
				LATERAL (SELECT (since + c * u)::date + (random() * 2 - 1)::integer, c * u + hours) x(until, elapsed),
				LATERAL (SELECT until::timestamp, since::timestamp + hours) t(u_stamp, s_stamp),
				LATERAL (SELECT %4$s) p(replaced),
				LATERAL (SELECT until::timestamptz + hours, since::timestamptz) z(u_zone, s_zone),
				LATERAL (SELECT %5$s) q(zoned)',
			scheme, plain, plain_interval, replace(replace(plain, 'until', 'u_stamp'), 'since', 's_stamp'),
			replace(replace(plain, 'until', 'u_zone'), 'since', 's_zone')) INTO seen;
		pairs := pairs + seen.n; differing := differing + seen.bad;
	END LOOP;
END $$;

SET timezone = 'Europe/Berlin';
SELECT pairs > 20000 AS pairs, differing FROM compare_durations(400);
RESET timezone;

--
-- Where the scheme comes from
--

CREATE TABLE graded (id integer, value numeric, scheme tier_scheme);
INSERT INTO graded SELECT i, i, CASE i % 3 WHEN 0 THEN 'A >= 50, B' WHEN 1 THEN 'A <= 50, B' ELSE 'Key >= 90, Other' END::tier_scheme FROM generate_series(1, 100) i;

-- from a column, changing from row to row; from a subselect; from a parameter
SELECT count(*), count(*) FILTER (WHERE tier_of(value, scheme) = CASE id % 3
	WHEN 0 THEN CASE WHEN id >= 50 THEN 'A' ELSE 'B' END
	WHEN 1 THEN CASE WHEN id <= 50 THEN 'A' ELSE 'B' END
	ELSE CASE WHEN id >= 90 THEN 'Key' ELSE 'Other' END END) AS right FROM graded;
SELECT string_agg(tier_of(value, scheme), ' ' ORDER BY id) FROM graded WHERE id BETWEEN 45 AND 55;
SELECT tier, count(*) FROM (SELECT tier_of(value, (SELECT scheme FROM graded WHERE id = 3)) AS tier FROM graded) g GROUP BY tier ORDER BY tier;
-- a subselect that changes with the outer row
SELECT o.id, (SELECT string_agg(tier_of(g.value, (SELECT o.scheme)), '' ORDER BY g.id) FROM graded g WHERE g.id IN (1, 49, 51, 95)) AS tiers
FROM graded o WHERE o.id <= 3 ORDER BY o.id;
PREPARE grade_by(tier_scheme) AS SELECT tier_of(60, $1);
EXECUTE grade_by('A >= 50, B');
EXECUTE grade_by('A <= 50, B');
DEALLOCATE grade_by;

-- compressed and out of line
CREATE TABLE long_schemes (name text, scheme tier_scheme);
ALTER TABLE long_schemes ALTER scheme SET STORAGE external;
INSERT INTO long_schemes SELECT 'external', string_agg(format('"a long label, to be stored out of line %s" >= %s', i, 256 - i), ', ' ORDER BY i)::tier_scheme FROM generate_series(1, 255) i;
ALTER TABLE long_schemes ALTER scheme SET STORAGE main;
INSERT INTO long_schemes SELECT 'compressed', string_agg(format('"a long label, to be compressed %s" >= %s', i, 256 - i), ', ' ORDER BY i)::tier_scheme FROM generate_series(1, 255) i;
SELECT name, pg_column_size(scheme) < octet_length(scheme::text) AS compressed, count(DISTINCT tier_of(value, scheme)) AS tiers,
	min(tier_of(value, scheme)) AS example, count(*) FILTER (WHERE tier_rank(value, scheme) = 256 - id) AS right
FROM long_schemes, graded g(id, value, s) GROUP BY name, scheme ORDER BY name;

--
-- In indexes, generated columns, constraints
--

-- Does the plan of a query hold this text?
CREATE FUNCTION plan_has(query text, part text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
	RETURN plan::text LIKE '%' || part || '%';
END $$;

CREATE TABLE accounts (
	id integer,
	revenue numeric(14, 2) CHECK (tier_of(revenue, 'negative < 0, positive') IS DISTINCT FROM 'negative'),
	visits bigint,
	opened date,
	tier text GENERATED ALWAYS AS (tier_of(revenue, 'A >= 9000, B >= 5000, C')) STORED,
	age_rank integer GENERATED ALWAYS AS (tier_rank(date '2026-01-01', opened, 'old >= 1 year, young')) STORED
);
INSERT INTO accounts SELECT i, i, i, date '2026-01-01' - i FROM generate_series(1, 10000) i;
INSERT INTO accounts VALUES (0, -1); -- fail
CREATE INDEX accounts_rank ON accounts (tier_rank(revenue, 'A >= 9900, B >= 5000, C'));
CREATE INDEX accounts_visits ON accounts (tier_of(visits, 'A >= 9900, B >= 5000, C'));
CREATE INDEX accounts_opened ON accounts (tier_rank(date '2026-01-01', opened, 'fresh within 7 days, D'));
ANALYZE accounts;

SELECT tier, age_rank, count(*) FROM accounts GROUP BY tier, age_rank ORDER BY tier, age_rank;
SELECT count(*) FROM accounts WHERE tier_rank(revenue, 'A >= 9900, B >= 5000, C') = 1;
SELECT count(*) FROM accounts WHERE tier_of(visits, 'A >= 9900, B >= 5000, C') = 'A';
SELECT count(*) FROM accounts WHERE tier_rank(date '2026-01-01', opened, 'fresh within 7 days, D') = 1;
SELECT plan_has('SELECT * FROM accounts WHERE tier_rank(revenue, ''A >= 9900, B >= 5000, C'') = 1', 'accounts_rank') AS rank,
	plan_has('SELECT * FROM accounts WHERE tier_of(visits, ''A >= 9900, B >= 5000, C'') = ''A''', 'accounts_visits') AS tier,
	plan_has('SELECT * FROM accounts WHERE tier_rank(date ''2026-01-01'', opened, ''fresh within 7 days, D'') = 1', 'accounts_opened') AS opened,
	plan_has('SELECT * FROM accounts WHERE tier_rank(revenue, ''A >= 9901, B >= 5000, C'') = 1', 'accounts_rank') AS other_scheme;

-- maintenance runs with a bare search_path, so it must do without ours
CREATE MATERIALIZED VIEW account_tiers AS
	SELECT id, tier_of(revenue, 'A >= 9900, B >= 5000, C') AS tier, tier_explain(revenue, 'A >= 9900, B') AS why FROM accounts;
SET search_path = pg_catalog, pg_temp;
REINDEX TABLE public.accounts;
ANALYZE public.accounts;
REFRESH MATERIALIZED VIEW public.account_tiers;
UPDATE public.accounts SET revenue = 9999 WHERE id = 1;
RESET search_path;
SELECT tier, count(*) FROM account_tiers GROUP BY tier ORDER BY tier;
SELECT id, tier FROM accounts WHERE id = 1;

-- in parallel, also with a scheme from a subselect
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT plan_has('SELECT count(*) FROM accounts WHERE tier_of(revenue, (SELECT scheme FROM graded WHERE id = 3)) = ''A''', 'Gather') AS parallel;
SELECT tier_of(revenue, (SELECT scheme FROM graded WHERE id = 3)) AS tier, count(*) FROM accounts GROUP BY 1 ORDER BY 1;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;

-- what each function promises
SELECT p.oid::regprocedure AS function, provolatile AS volatility, proisstrict AS strict, proparallel AS parallel,
	obj_description(p.oid, 'pg_proc') IS NOT NULL AS commented
FROM pg_proc p WHERE proname IN ('tier_of', 'tier_rank', 'tier_gap', 'tier_margin', 'tier_explain') ORDER BY p.oid::regprocedure::text COLLATE "C";

DROP MATERIALIZED VIEW account_tiers;
DROP TABLE graded, long_schemes, accounts;
DROP FUNCTION random_bound, compare_numbers, compare_gaps, compare_durations, plan_has;
