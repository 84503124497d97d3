-- Until when orders count: a whole day, or a moment.
SELECT FROM setseed(0.5);
SET TimeZone = 'Europe/Berlin';
SET DateStyle = 'ISO';

-- A string is a day if it has no time; local time if it has no zone
SELECT t, t::rfm_as_of AS as_of, t::rfm_as_of::text::rfm_as_of::text = t::rfm_as_of::text AS stable
FROM (VALUES ('2026-06-30'), ('20260630'), ('June 30, 2026'), ('2026-06-30 00:00'), ('2026-06-30 12:00'), ('2026-06-30T12:00:00.5'), ('2026-06-30 12:00 PM'),
	('2026-06-30 12:00+02'), ('2026-06-30 12:00-05'), ('2026-06-30T00:00:00Z'), ('2026-06-30 12:00 America/New_York'), ('2026-03-29 02:30'), ('4713-11-24 BC'), ('5874897-12-31'), ('0307-12-07 06:56:04.5 BC'), ('0307-12-07 06:56:04.5+02 BC'), ('294276-12-31 22:00+00')) v (t);
SELECT 'today'::rfm_as_of::text = current_date::text AS today, 'now'::rfm_as_of::text::timestamptz = now() AS now;
-- Casts keep what it is
SELECT current_date::rfm_as_of::text = current_date::text AS day, timestamp '2026-03-29 02:30'::rfm_as_of AS local, timestamptz '2026-06-30 12:00+00'::rfm_as_of AS moment, NULL::date::rfm_as_of IS NULL AS none;
SET TimeZone = 'Asia/Kolkata';
SELECT date '2026-06-30'::rfm_as_of AS day, timestamp '2026-03-29 02:30'::rfm_as_of AS local, timestamptz '2026-06-30 12:00+00'::rfm_as_of AS moment;
SET DateStyle = 'German';
SELECT '30.06.2026'::rfm_as_of AS day, '30.06.2026 12:00'::rfm_as_of AS local;
SET DateStyle = 'ISO';
SET TimeZone = 'Europe/Berlin';

\set VERBOSITY default
SELECT 'infinity'::rfm_as_of; -- fail
SELECT '-infinity'::date::rfm_as_of; -- fail
SELECT 'infinity'::timestamp::rfm_as_of; -- fail
SELECT 'infinity'::timestamptz::rfm_as_of; -- fail
SELECT '5874898-01-01'::rfm_as_of; -- fail
SELECT 'soon'::rfm_as_of; -- fail
SELECT ''::rfm_as_of; -- fail
\set VERBOSITY terse

-- Binary output and input
CREATE TABLE reports (as_of rfm_as_of);
INSERT INTO reports VALUES ('2026-06-30'), ('2026-06-30 12:00'), ('2026-06-30 12:00+00'), (NULL);
SELECT as_of, rfm_as_of_send(as_of) FROM reports;
CREATE TABLE copies (LIKE reports);
\copy reports to 'results/rfm_as_of.copy' (FORMAT binary)
\copy copies from 'results/rfm_as_of.copy' (FORMAT binary)
SELECT as_of, count(*) AS copies FROM (SELECT as_of::text FROM reports UNION ALL SELECT as_of::text FROM copies) c GROUP BY as_of ORDER BY as_of;
-- nothing else is received; binary COPY takes bytea for anything
CREATE TABLE messages (message bytea);
CREATE FUNCTION message(hex text) RETURNS void BEGIN ATOMIC DELETE FROM messages; INSERT INTO messages VALUES (decode(hex, 'hex')); END;
\set send '\\copy messages to results/rfm_as_of.copy (FORMAT binary)'
\set receive '\\copy copies from results/rfm_as_of.copy (FORMAT binary)'
SELECT message('0000000000000025cd');
:send
:receive
SELECT message('0300000000000025cd');
:send
:receive -- fail: no such kind
SELECT message('000000000100000000');
:send
:receive -- fail: no date
SELECT message('00000000007fffffff');
:send
:receive -- fail: infinite
SELECT message('017fffffffffffffff');
:send
:receive -- fail: infinite
SELECT message('000000000006a00000');
:send
:receive
SELECT message('028000000000000001');
:send
:receive -- fail: no timestamp
SELECT message('00000000000025cd');
:send
:receive -- fail: short
SELECT message('0000000000000025cd00');
:send
:receive -- fail: long
SELECT count(*) FROM copies;

-- What counts up to it: every kind of as_of with every kind of time, around the day that has 23 hours
CREATE VIEW moments AS SELECT timestamp '2026-03-28 21:30' + i * interval '15 minutes' AS at FROM generate_series(0, 250) i;
CREATE FUNCTION counted(kind text, as_of rfm_as_of, OUT lines bigint, OUT recency integer, OUT last date) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT (m).frequency, (m).recency, (m).last_order FROM (SELECT rfm_measures(at::%s, 1, $1) AS m FROM moments) s', kind) INTO lines, recency, last USING as_of;
END $$;
SELECT kind, counted(kind, date '2026-03-29') AS day, counted(kind, timestamp '2026-03-29 12:00') AS local, counted(kind, timestamptz '2026-03-29 12:00') AS moment, counted(kind, '2026-03-29') AS read_day, counted(kind, '2026-03-29 12:00') AS read_moment
FROM unnest(ARRAY['date', 'timestamp', 'timestamptz']) kind;
SELECT count(*) FILTER (WHERE at::date <= '2026-03-29') AS day, count(*) FILTER (WHERE at <= '2026-03-29 12:00') AS moment, count(*) FILTER (WHERE at::timestamptz <= '2026-03-29 12:00') AS moment_of_zone FROM moments;
-- The day itself counts, as late as it is; so a sale of now counts today
SELECT (rfm_measures(now(), 5, current_date)).frequency AS timestamptz, (rfm_measures(localtimestamp, 5, current_date)).frequency AS timestamp, (rfm_measures(now(), 5, 'today')).frequency AS read;
PREPARE untyped AS SELECT (rfm_measures(at, 1, $1)).frequency FROM moments;
EXECUTE untyped('2026-03-29');
EXECUTE untyped('2026-03-29 12:00');
DEALLOCATE untyped;

-- Days of the session's time zone, against the server's: over centuries, and close to each change of the clock
CREATE FUNCTION wrong_days(zone text) RETURNS TABLE (days bigint, wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('TimeZone', zone, true);
	RETURN QUERY
	SELECT count(*), count(*) FILTER (WHERE (m).last_order IS DISTINCT FROM at::date OR (m).first_order IS DISTINCT FROM at::date OR (m).recency IS DISTINCT FROM date '2200-01-01' - at::date)
	FROM (SELECT at, rfm_measures(at, 1, date '2200-01-01') AS m
		  FROM (SELECT timestamptz '2020-01-01 00:00+00' + (random() - 0.5) * interval '300 years' AS at FROM generate_series(1, 3000)
				UNION SELECT timestamptz '1995-01-01 00:00+00' + i * interval '30 minutes' * 37 FROM generate_series(0, 20000) i
				UNION SELECT date_trunc('day', timestamptz '1900-01-01' + i * interval '1 day') + j * interval '1 microsecond' FROM generate_series(0, 60000, 7) i, (VALUES (0), (-1)) v (j)) t
		  GROUP BY at) s;
END $$;
SELECT zone, (wrong_days(zone)).wrong FROM unnest(ARRAY['UTC', 'Europe/Berlin', 'America/New_York', 'America/Sao_Paulo', 'Africa/Cairo', 'Africa/Casablanca', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Apia', 'Pacific/Chatham', 'America/St_Johns', 'Antarctica/Troll']) zone;
-- Clocks set back across midnight: the day of the report is not before its last order
SET TimeZone = 'America/St_Johns';
SELECT ordered_at::date, as_of::date, (rfm_measures(ordered_at, 1, as_of)).recency FROM (VALUES (timestamptz '2006-10-29 02:30:30+00', timestamptz '2006-10-29 02:31:00+00')) v (ordered_at, as_of) GROUP BY 1, 2;

-- A period that ends with a day begins with a day, of whatever time
SET TimeZone = 'Europe/Berlin';
CREATE FUNCTION in_period(kind text, as_of rfm_as_of, period interval) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	lines bigint;
BEGIN
	EXECUTE format('SELECT (rfm_measures(at::%s, 1, $1, $2)).frequency FROM moments', kind) INTO lines USING as_of, period;
	RETURN lines;
END $$;
SELECT period, kind, in_period(kind, date '2026-03-30', period) AS day, in_period(kind, timestamp '2026-03-30 12:00', period) AS local, in_period(kind, timestamptz '2026-03-30 12:00', period) AS moment
FROM unnest(ARRAY[interval '1 day', '2 days', '12 hours', '1 month']) period, unnest(ARRAY['date', 'timestamp', 'timestamptz']) kind;
SELECT count(*) FILTER (WHERE at::date > '2026-03-29' AND at::date <= '2026-03-30') AS one_day, count(*) FILTER (WHERE at::date > '2026-03-28' AND at::date <= '2026-03-30') AS two_days FROM moments;

RESET TimeZone;
RESET DateStyle;
DROP VIEW moments;
DROP FUNCTION message, counted, wrong_days, in_period;
DROP TABLE reports, copies, messages;
