-- payment records
\set VERBOSITY default

-- one invoice of each kind, seen from 30 June
CREATE TEMPORARY TABLE invoices (customer text, due date, paid date, amount numeric);
INSERT INTO invoices VALUES
	('early', '2025-03-31', '2025-03-21', 100),
	('on the day', '2025-03-31', '2025-03-31', 100),
	('late', '2025-03-31', '2025-04-10', 100),
	('overdue', '2025-05-31', NULL, 100),
	('paid after the day', '2025-05-31', '2025-07-05', 100),
	('due on the day', '2025-06-30', NULL, 100),
	('due the day before', '2025-06-29', NULL, 100),
	('due later', '2025-07-31', NULL, 100),
	('due later, paid before', '2025-07-31', '2025-06-20', 100),
	('zero', '2025-03-31', NULL, 0),
	('credit note', '2025-03-31', NULL, -100),
	('no due date', NULL, '2025-03-31', 100),
	('no amount', '2025-03-31', '2025-03-31', NULL);
SELECT customer, (payment_record(due, paid, amount, '2025-06-30')).*
FROM invoices GROUP BY customer ORDER BY customer;

-- together: 1000 paid 10 days late and 3000 unpaid for 30 days give 25 days
SELECT (payment_record(due::date, paid::date, amount, '2025-06-30')).*
FROM (VALUES ('2025-03-31', '2025-04-10', 1000), ('2025-05-31', NULL, 3000)) t(due, paid, amount);

-- an open credit note lessens what is overdue, not the delays; one that was
-- set off by the day, or is not due, does nothing; never below zero
SELECT credit, set_off, (payment_record(due, paid, amount, '2025-06-30')).*
FROM (VALUES (-400, NULL::date), (-400, '2025-06-01'), (-400, '2025-07-01'), (-5000, NULL)) c(credit, set_off),
	LATERAL (VALUES ('2025-05-31'::date, NULL::date, 3000::numeric), ('2025-06-01', set_off, credit)) i(due, paid, amount)
GROUP BY credit, set_off ORDER BY credit DESC, set_off;

-- a part payment is a row for each part
SELECT (payment_record(due::date, paid::date, amount, '2025-06-30')).*
FROM (VALUES ('2025-05-31', '2025-05-30', 700), ('2025-05-31', NULL, 300)) t(due, paid, amount);

-- why it was late: FILTER
SELECT (payment_record(due::date, paid::date, amount, '2025-06-30') FILTER (WHERE reason IS DISTINCT FROM 'dispute')).days_late_weighted AS without_disputes,
       (payment_record(due::date, paid::date, amount, '2025-06-30')).days_late_weighted AS with_disputes
FROM (VALUES ('2025-03-31', '2025-04-10', 1000, NULL), ('2025-03-31', '2025-06-19', 1000, 'dispute')) t(due, paid, amount, reason);

-- nothing due yet, no rows, nothing but NULLs, nothing but credit notes: NULL
SELECT payment_record(due, paid, amount, '2025-01-01') FROM invoices;
SELECT payment_record(due, paid, amount, '2025-06-30') FROM invoices WHERE false;
SELECT payment_record(NULL, NULL, NULL, '2025-06-30') FROM invoices;
SELECT payment_record(due, paid, -1, '2025-06-30') FROM invoices;

-- amounts of any length are exact
SELECT (payment_record('2025-01-01', '2025-01-02', amount, '2025-06-30')).*
FROM (VALUES (1e40), (1e-40), (0.1), (0.2)) t(amount);

-- what is refused
SELECT payment_record(due, paid, amount, as_of) FROM invoices, (VALUES ('2025-06-30'::date), ('2025-07-01')) t(as_of);  -- fail
SELECT payment_record(due, paid, amount, '2025-07-01'::date + (amount = 0)::int) FROM invoices;  -- fail
SELECT payment_record(due, paid, amount, NULL) FROM invoices;                        -- fail
SELECT payment_record(due, paid, amount, 'infinity') FROM invoices;                  -- fail
SELECT payment_record('-infinity', paid, amount, '2025-06-30') FROM invoices;        -- fail
SELECT payment_record(due, 'infinity', amount, '2025-06-30') FROM invoices;          -- fail
SELECT payment_record(due, paid, 'NaN', '2025-06-30') FROM invoices;                 -- fail
SELECT payment_record(due, paid, '-Infinity', '2025-06-30') FROM invoices;           -- fail

-- against the definition in SQL, on random books
SELECT setseed(0.17);
CREATE TABLE book AS
SELECT i AS id, i % 701 AS customer,
       CASE WHEN random() < 0.03 THEN NULL ELSE '2025-01-01'::date + floor(random() * 300)::int END AS due,
       CASE WHEN random() < 0.3 THEN NULL ELSE '2025-01-01'::date + floor(random() * 400)::int END AS paid,
       CASE WHEN random() < 0.03 THEN NULL WHEN random() < 0.05 THEN 0
            ELSE round(((random() - 0.1) * 10 ^ (i % 7))::numeric, i % 5) END AS amount
FROM generate_series(1, 40000) i;
ANALYZE book;
CREATE VIEW definition AS
WITH judged AS (
	SELECT customer, due, amount, as_of, paid <= as_of IS TRUE AS settled,
	       CASE WHEN paid <= as_of THEN paid ELSE as_of END - due AS days_late
	FROM book, (VALUES ('2025-02-01'::date), ('2025-07-01'), ('2026-01-01')) d(as_of)
	WHERE due IS NOT NULL AND amount <> 0)
SELECT customer, as_of,
       count(*) FILTER (WHERE counted) AS invoices,
       sum(amount) FILTER (WHERE counted) AS invoiced_amount,
       count(*) FILTER (WHERE counted AND days_late <= 0)::numeric / nullif(count(*) FILTER (WHERE counted), 0) AS on_time_share,
       sum(amount * days_late) FILTER (WHERE counted) / sum(amount) FILTER (WHERE counted) AS days_late_weighted,
       max(days_late) FILTER (WHERE counted) AS worst_days_late,
       count(*) FILTER (WHERE counted AND NOT settled) AS overdue_invoices,
       greatest(0, coalesce(sum(amount) FILTER (WHERE NOT settled AND (counted OR amount < 0 AND due <= as_of)), 0)) AS overdue_amount,
       coalesce(max(days_late) FILTER (WHERE counted AND NOT settled), 0) AS oldest_overdue_days
FROM (SELECT *, amount > 0 AND (settled OR due < as_of) AS counted FROM judged) j
GROUP BY customer, as_of;
CREATE TEMPORARY VIEW measured AS
SELECT customer, as_of, (r).*
FROM (SELECT customer, as_of, payment_record(due, paid, amount, as_of) AS r
      FROM book, (VALUES ('2025-02-01'::date), ('2025-07-01'), ('2026-01-01')) d(as_of)
      GROUP BY customer, as_of) s
WHERE (r).invoices > 0;
SELECT count(*) > 2000 AS records, count(*) FILTER (WHERE overdue_invoices > 0) > 1000 AS overdue FROM measured;
SELECT * FROM measured EXCEPT ALL SELECT * FROM definition;
SELECT * FROM definition WHERE invoices > 0 EXCEPT ALL SELECT * FROM measured;

-- timestamps are their days, of the session's time zone; an amount is any number, a double the decimal it is printed as
SET timezone = 'America/New_York';
SELECT customer % 5 AS fifth, count(*), bool_and(r = at_times AND r = at_moments AND r = mixed) AS same_days,
       bool_and(r = doubles AND r = doubles_at_moments) AS same_amounts
FROM (SELECT customer, payment_record(due, paid, amount, '2025-07-01') AS r,
             payment_record(due + time '10:00', paid + time '23:59:59.999999', amount, timestamp '2025-07-01 00:00') AS at_times,
             payment_record((due + time '00:00')::timestamptz, (paid + time '23:30')::timestamptz, amount, timestamptz '2025-07-01 12:00') AS at_moments,
             payment_record(due, (paid + time '23:30')::timestamptz, amount, date '2025-07-01') AS mixed,
             payment_record(due, paid, amount::double precision, '2025-07-01') AS doubles,
             payment_record(due, paid::timestamptz, amount::double precision, date '2025-07-01') AS doubles_at_moments
      FROM book GROUP BY customer) t
GROUP BY 1 ORDER BY 1;
-- the same moments are other days elsewhere
SELECT (payment_record(due, paid, 100, current_timestamp)).worst_days_late FROM (VALUES (timestamptz '2025-03-01 12:00-05', timestamptz '2025-03-01 23:30-05')) v(due, paid);
SET timezone = 'UTC';
SELECT (payment_record(due, paid, 100, current_timestamp)).worst_days_late FROM (VALUES (timestamptz '2025-03-01 12:00-05', timestamptz '2025-03-01 23:30-05')) v(due, paid);
RESET timezone;
SELECT (payment_record(due, NULL, amount, timestamp '2025-07-01')).invoiced_amount AS bigint,
       (payment_record(due, NULL, amount / 10::double precision, timestamp '2025-07-01')).invoiced_amount AS double,
       (payment_record(due, NULL, (amount % 1000)::integer, timestamp '2025-07-01')).invoiced_amount AS integer
FROM (VALUES (timestamp '2025-06-01', 9007199254740993), ('2025-06-02', 9007199254740993)) v(due, amount);
SELECT payment_record(due, paid, amount, timestamp 'infinity') FROM invoices;                  -- fail
SELECT payment_record(timestamptz '-infinity', paid, amount, current_timestamp) FROM invoices; -- fail
SELECT payment_record(due, paid, 'NaN'::double precision, current_date) FROM invoices;         -- fail
SELECT payment_record(due, paid, '-Infinity'::double precision, current_date) FROM invoices;   -- fail

-- to the last digit of the text, in parallel too, and from a few rows alone
CREATE TEMPORARY TABLE serial AS SELECT payment_record(due, paid, amount, '2025-07-01')::text AS r FROM book;
CREATE TEMPORARY TABLE serial_few AS SELECT payment_record(due, paid, amount, '2025-07-01')::text AS r FROM book WHERE id <= 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
DO $$
DECLARE plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) SELECT payment_record(due, paid, amount, ''2025-07-01'') FROM book' INTO plan;
	RAISE NOTICE 'parallel: %', plan LIKE '%"Partial"%';
END $$;
SELECT payment_record(due, paid, amount, '2025-07-01')::text = r AS same FROM book, serial GROUP BY r;
SELECT payment_record(due, paid, amount, '2025-07-01')::text = r AS same FROM book, serial_few WHERE id <= 3 GROUP BY r;
SELECT payment_record(due, paid, amount, '2025-07-01') IS NULL AS none FROM book WHERE id < 0;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
RESET parallel_leader_participation;

-- growing and moving frames; two aggregates over one state
SELECT count(*), bool_and(growing IS NOT DISTINCT FROM (SELECT payment_record(due, paid, amount, '2025-07-01') FROM book b WHERE b.id <= t.id)) AS same_growing,
       bool_and(moving IS NOT DISTINCT FROM (SELECT payment_record(due, paid, amount, '2025-07-01') FROM book b WHERE b.id BETWEEN t.id - 5 AND t.id)) AS same_moving
FROM (SELECT id, payment_record(due, paid, amount, '2025-07-01') OVER (ORDER BY id) AS growing,
             payment_record(due, paid, amount, '2025-07-01') OVER (ORDER BY id ROWS 5 PRECEDING) AS moving
      FROM book WHERE id <= 150) t;
SELECT (payment_record(due, paid, amount, '2025-07-01')).invoices = (payment_record(due, paid, amount, '2025-07-01') FILTER (WHERE true)).invoices AS same
FROM book WHERE id <= 100;

-- the PAYDEX anchor points; then what D&B's published chart says between them, within a point
SELECT named_card('paydex'), named_scheme('credit');
SELECT days, score_of(named_card('paydex'), days) AS score, tier_of(score_of(named_card('paydex'), days), named_scheme('credit')) AS rating
FROM unnest(ARRAY[-40, -30, -20, 0, 15, 22, 30, 60, 90, 120, 150, 180, 999]) days;
SELECT count(*) AS days, max(abs(score_of(named_card('paydex'), days) - chart)) <= 1 AS within_a_point,
       count(*) FILTER (WHERE score_of(named_card('paydex'), days) = chart) AS exact
FROM (VALUES (-29, 99), (-25, 95), (-21, 91), (-18, 89), (-16, 88), (-14, 87), (-12, 86), (-10, 85), (-8, 84), (23, 59), (24, 58),
             (25, 57), (26, 56), (27, 54), (28, 53), (29, 52), (33, 49), (36, 48), (39, 47), (42, 46), (45, 45), (48, 44)) v(days, chart);
-- from invoices to the rating, by name
SELECT customer, score_of(named_card('paydex'), to_jsonb(payment_record(due, paid, amount, '2025-06-30'))) AS score,
       tier_of(score_of(named_card('paydex'), to_jsonb(payment_record(due, paid, amount, '2025-06-30'))), named_scheme('credit')) AS rating
FROM invoices GROUP BY customer ORDER BY score DESC NULLS LAST, customer;

-- the state is an ordinary value, which may be kept, merged and read; of amounts beyond 128 bits, too
CREATE AGGREGATE payment_state(due date, paid date, amount numeric, as_of date) (SFUNC = payment_record_accum, STYPE = bytea);
CREATE AGGREGATE payment_merge(bytea) (SFUNC = payment_record_combine, STYPE = bytea, FINALFUNC = payment_record_final);
CREATE TEMP TABLE large AS SELECT id, due, paid, amount * CASE WHEN id % 3 = 0 THEN 1e40 WHEN id % 3 = 1 THEN 1e-25 ELSE 1 END AS amount FROM book;
SELECT count(*) AS parts, count(DISTINCT length(state)) > 1 AS some_are_longer, payment_merge(state) = (SELECT payment_record(due, paid, amount, '2025-07-01') FROM large) AS same
FROM (SELECT id % 17, payment_state(due, paid, amount, '2025-07-01') AS state FROM large GROUP BY 1) s;
SELECT payment_merge(state) = payment_record_final(state) AS same_of_one FROM (SELECT payment_state(due, paid, amount, '2025-07-01') AS state FROM large) s GROUP BY state;
SELECT payment_merge(NULL) IS NULL AS none;
-- another bytea is no state
SELECT payment_record_final(''); -- fail
SELECT payment_record_final(decode(repeat('ff', length(state)), 'hex')) FROM (SELECT payment_state('2025-01-01', NULL, 1, '2025-07-01') AS state) s; -- fail
SELECT payment_record_final(state || 'x') FROM (SELECT payment_state('2025-01-01', NULL, 1, '2025-07-01') AS state) s; -- fail
SELECT payment_record_final(state || '\x00') FROM (SELECT payment_state('2025-01-01', NULL, 1, '2025-07-01') AS state) s; -- fail
SELECT payment_record_final(state || 'x\000\000\000') FROM (SELECT payment_state('2025-01-01', NULL, 1, '2025-07-01') AS state) s; -- fail
SELECT payment_record_final(state || 'NaN\000\000\000') FROM (SELECT payment_state('2025-01-01', NULL, 1, '2025-07-01') AS state) s; -- fail
SELECT payment_merge('no state'); -- fail
CREATE AGGREGATE forged_record(due date, paid date, amount numeric, as_of date) (SFUNC = payment_record_accum, STYPE = bytea, INITCOND = 'no state');
SELECT forged_record('2025-01-01', NULL, 1, '2025-07-01'); -- fail

DROP VIEW measured, definition;
DROP TABLE book;
