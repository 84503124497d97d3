-- :customers customers, the same on every machine: revenue is log-normal, a
-- tenth never bought; orders and recency are small integers with many ties.
-- And a million groups of five rows, and order lines.
CREATE EXTENSION customer_tier;

CREATE FUNCTION dice(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT ((hashint8extended(id, purpose) >> 12) & ((1::bigint << 48) - 1) | 1) / (1::bigint << 48)::float8$$;

CREATE FUNCTION bell(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT sqrt(-2 * ln(dice(id, purpose))) * cosd(360 * dice(id, purpose + 1000))$$;

CREATE TABLE customers AS
SELECT id AS customer_id,
       CASE WHEN dice(id, 1) >= 0.1
            THEN exp(6 + 1.8 * bell(id, 2))::numeric(14,2) END AS revenue,
       1 + floor(exp(1 + bell(id, 3)))::int AS orders,
       floor(365 * dice(id, 4))::int AS recency
FROM generate_series(1, :customers) AS id;

CREATE TABLE visits AS
SELECT id % 1000000 AS customer_id, exp(3 + bell(id, 5))::numeric(14,2) AS amount
FROM generate_series(1, 5000000) AS id;

-- Two order lines for each customer, in order of time, of a tenth as many buyers.
CREATE TABLE order_lines AS
SELECT floor(:customers / 10 * dice(id, 6))::int AS customer_id,
       timestamptz '2024-01-01' + id * interval '1 day' / (:customers * 2 / 900) AS ordered_at,
       (exp(3 + bell(id, 7)) * CASE WHEN dice(id, 8) < 0.03 THEN -1 ELSE 1 END)::numeric(14,2) AS amount
FROM generate_series(1, :customers * 2) AS id;

CREATE TABLE indicators AS
SELECT (6000000 * dice(id, 6))::numeric(14,2) AS sales, (100 * dice(id, 7))::numeric(6,0) AS overdue,
       (50 * dice(id, 8) - 10)::numeric(6,1) AS growth, (1000 * dice(id, 9))::numeric(10,2) AS margin,
       (30 * dice(id, 10))::numeric(6,0) AS orders
FROM generate_series(1, :customers) AS id;

VACUUM (ANALYZE) indicators;
VACUUM (ANALYZE) customers;
VACUUM (ANALYZE) visits;
VACUUM (ANALYZE) order_lines;
