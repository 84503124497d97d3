-- The lines by customer and day, as they are kept up to date each night.
CREATE TABLE basket_days AS
SELECT customer_id, ordered_on AS day, sum(amount)::numeric(14,2) AS amount, count(DISTINCT order_id)::int AS orders
FROM basket_lines GROUP BY customer_id, ordered_on;
