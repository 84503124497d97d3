-- Twice as many order lines as customers, at most 20 million, in order of
-- time; 20 lines to a buyer, 3 of 100 lines are refunds.
SELECT least(2 * :customers, 20000000) AS lines \gset
CREATE TABLE order_lines AS
SELECT floor(:lines / 20 * dice(id, 6))::int AS customer_id,
       timestamptz '2024-01-01' + interval '900 days' * (id::float8 / :lines) AS ordered_at,
       (exp(3 + bell(id, 7)) * CASE WHEN dice(id, 8) < 0.03 THEN -1 ELSE 1 END)::numeric(14,2) AS amount
FROM generate_series(1, :lines) AS id;
