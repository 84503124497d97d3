-- As many lines as customers' order lines, in order of time; but ten to an
-- order, and 20 orders to a buyer, all lines of an order on its day.
SELECT least(2 * :customers, 20000000) AS lines \gset
CREATE TABLE basket_lines AS
SELECT floor(:lines / 200 * dice(id / 10, 6))::int AS customer_id, id / 10 AS order_id,
       date '2024-01-01' + floor(900 * (id / 10)::float8 / (:lines / 10))::int AS ordered_on,
       (exp(3 + bell(id, 7)) * CASE WHEN dice(id, 8) < 0.03 THEN -1 ELSE 1 END)::numeric(14,2) AS amount
FROM generate_series(0, :lines - 1) AS id;
