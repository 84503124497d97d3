-- A made-up company, the same on every machine: 20,000 accounts (or as many as
-- variable accounts says), their orders and some 300,000 order lines. A few accounts bring most of the revenue, many
-- pay the same flat fee, some never bought, some sent things back.
SET client_min_messages = warning;
\if :{?accounts}
\else
\set accounts 20000
\endif

-- A number from 0 to 1, and one from the normal distribution, that depend on
-- an id and on what they are for, alone.
CREATE FUNCTION dice(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT ((hashint8extended(id, purpose) >> 12) & ((1::bigint << 48) - 1) | 1) / (1::bigint << 48)::float8$$;

CREATE FUNCTION bell(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT sqrt(-2 * ln(dice(id, purpose))) * cosd(360 * dice(id, purpose + 1000))$$;

CREATE TABLE accounts AS
SELECT id AS account_id,
       (ARRAY['Amber','Beacon','Cedar','Delta','Ember','Falcon','Granite','Harbour','Iron','Juniper',
              'Kestrel','Lantern','Maple','Nordic','Orchid','Pioneer','Quarry','Raven','Silver','Timber',
              'Umber','Velvet','Willow','Xenon','Yarrow','Zephyr','Azure','Birch','Coral','Dune'])[1 + id % 30]
         || ' ' ||
       (ARRAY['Foods','Textiles','Optics','Motors','Books','Pharma','Tools','Paper','Glass','Energy',
              'Hotels','Logistics','Dental','Travel','Software','Marine','Bakery','Design','Steel','Farms',
              'Toys','Media','Print','Garden','Sports'])[1 + id / 30 % 25]
         || ' ' ||
       (ARRAY['Ltd','GmbH','Inc','SA','AB','KK','BV','SpA','Oy','LLC','& Sons','Group','Works','Partners',
              'Brothers','Trading','Labs','Holding','Union','Cooperative','Studio','House','Services','& Co',
              'Express','Direct','International'])[1 + id / 750] AS name,
       (ARRAY['North','North','North','South','South','East','East','West','West','Overseas'])
         [1 + floor(10 * dice(id, 1))::int] AS region,
       exp(1.15 * bell(id, 2)) * (ARRAY[1, 1, 1, 0.8, 0.8, 1.1, 1.1, 0.7, 0.7, 3])
         [1 + floor(10 * dice(id, 1))::int] AS size,
       dice(id, 3) < 0.15 AS flat_fee,
       CASE WHEN dice(id, 4) < 0.12 THEN 0
            ELSE 1 + floor(exp(0.9 * bell(id, 5) + 1.05))::int END AS orders
FROM generate_series(0, :accounts - 1) AS id;

CREATE TABLE orders AS
SELECT row_number() OVER (ORDER BY account_id, n) AS order_id, account_id,
       date '2026-06-30' - floor(365 * dice(account_id * 1000 + n, 6))::int AS ordered_on
FROM accounts, generate_series(1, orders) AS n;

CREATE TABLE order_lines AS
SELECT order_id, line,
       CASE WHEN flat_fee THEN 49.00
            ELSE round((60 * size * exp(0.7 * bell(order_id * 10 + line, 7)))::numeric, 2) END AS amount
FROM orders JOIN accounts USING (account_id),
     generate_series(1, CASE WHEN flat_fee THEN 1 ELSE 1 + floor(5 * dice(order_id, 8))::int END) AS line;

-- one line in fifty comes back
INSERT INTO order_lines
SELECT order_id, -line, -amount FROM order_lines
WHERE dice(order_id * 10 + line, 9) < 0.02;

CREATE TABLE customers AS
SELECT account_id AS customer_id, name, region, sum(amount) AS revenue
FROM accounts LEFT JOIN orders USING (account_id) LEFT JOIN order_lines USING (order_id)
GROUP BY account_id, name, region;
ANALYZE customers;

-- What accounts bought per day: this year's orders, and those of the two years
-- before, by accounts that were customers then.
CREATE TABLE sales AS
SELECT account_id, ordered_on AS sold_on, sum(amount) AS amount
FROM orders JOIN order_lines USING (order_id) GROUP BY account_id, ordered_on
UNION ALL
SELECT account_id, date '2026-06-30' - 365 * year - floor(365 * dice(account_id * 10000 + year * 1000 + n, 20))::int,
       CASE WHEN flat_fee THEN 49.00
            ELSE round((180 * size * exp(0.7 * bell(account_id * 10000 + year * 1000 + n, 21)))::numeric, 2) END
FROM accounts, generate_series(1, 2) AS year,
     generate_series(1, floor(greatest(orders, 1) * exp(0.7 * bell(account_id * 10 + year, 22)))::int) AS n
WHERE dice(account_id, 23) > 0.15 * year;
ANALYZE sales;

-- Who was visited: everybody once to three times a year, large or small.
CREATE TABLE visits AS
SELECT account_id, date '2026-06-30' - floor(365 * dice(account_id * 100 + n, 30))::int AS visited_on,
       round((0.5 + dice(account_id * 100 + n, 31))::numeric, 2) AS hours
FROM accounts, generate_series(1, 1 + floor(3 * dice(account_id, 32))::int) AS n;
