-- Revenue is log-normal, a tenth never bought; orders and recency are small
-- integers with many ties.
CREATE TABLE customers AS
SELECT id AS customer_id,
       CASE WHEN dice(id, 1) >= 0.1
            THEN exp(6 + 1.8 * bell(id, 2))::numeric(14,2) END AS revenue,
       1 + floor(exp(1 + bell(id, 3)))::int AS orders,
       floor(365 * dice(id, 4))::int AS recency
FROM generate_series(1, :customers) AS id;
