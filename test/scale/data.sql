-- The same rows on every server: drawn by hashing their numbers.
CREATE TABLE customers (customer_id bigint PRIMARY KEY, region text, revenue numeric, margin double precision, joined date);
CREATE TABLE orders (customer_id bigint, order_id bigint, shop int, ordered_at date, amount numeric);
CREATE TABLE invoices (customer_id bigint, shop int, due date, paid date, amount numeric);
CREATE TABLE histories (customer_id bigint, x double precision, t_x double precision, t double precision, mean_spend double precision);
CREATE TABLE evaluations (customer_id bigint, as_of date, points bigint);
CREATE TABLE standings (customer_id bigint PRIMARY KEY, standing tier_standing);

-- DISTRIBUTE

INSERT INTO customers
SELECT i, 'region ' || (hashint4(i) & 7),
	   CASE WHEN i % 10 > 0 THEN round(exp(((hashint4(i + 1000000) & 65535) / 65536.0 * 8)::numeric), i % 4) END,
	   ((hashint4(i + 2000000) & 1048575) - 100000) / 97.0::float8, date '2020-01-01' + i % 2000
FROM generate_series(1, 8000) i;

INSERT INTO orders
SELECT 1 + (hashint4(i) & 4095), i / 2, hashint4(i + 1) & 15, date '2025-01-01' + (hashint4(i + 2) & 511),
	   ((hashint4(i + 3) & 65535) - 3000) / 100.0
FROM generate_series(1, 40000) i;

INSERT INTO invoices
SELECT 1 + (hashint4(i) & 4095), hashint4(i + 1) & 15, date '2025-01-01' + (hashint4(i + 2) & 511),
	   CASE WHEN i % 5 > 0 THEN date '2025-01-01' + (hashint4(i + 2) & 511) + (hashint4(i + 3) & 63) - 30 END,
	   (((hashint4(i + 4) & 65535) - 2000) / 100.0)::numeric * CASE WHEN i % 1000 = 0 THEN 1e30 ELSE 1 END
FROM generate_series(1, 20000) i;

INSERT INTO histories
SELECT i, x, CASE WHEN x > 0 THEN floor(t * ((hashint4(i + 1) & 15) + 2) / 17.0) ELSE 0 END, t, CASE WHEN x > 0 THEN 10 + (hashint4(i + 2) & 255) / 7.0 END
FROM (SELECT i, ((hashint4(i) & 255) * (hashint4(i) & 255) / 8000)::float8 AS x, 30 + (hashint4(i + 3) & 3)::float8 AS t FROM generate_series(1, 8000) i) s;

INSERT INTO evaluations
SELECT 1 + i / 12, date '2025-01-01' + (i % 12) * 30, hashint4(i) & 1023
FROM generate_series(0, 23999) i;

INSERT INTO tier_catalog_own (name, scheme, card, segments) VALUES
	('abc', 'top >= 100, "the rest"', NULL, NULL), ('ours', 'A top 10%, B', NULL, NULL),
	('composite', 'high >= 50, low', 'revenue 60%: 100 >= 1000, 50 >= 100, 0; margin 40%: 100 >= 5000, 0', NULL),
	('four', NULL, NULL, 'Best: 2**; Other: 1**');

CREATE VIEW graded AS SELECT customer_id, tier_of(revenue, 'A >= 1000, B >= 100, C') AS tier FROM customers;
