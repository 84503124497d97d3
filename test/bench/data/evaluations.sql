-- Twelve months of a twelfth as many customers, in order of time; from month
-- to month what is measured changes a little.
CREATE TABLE evaluations AS
SELECT customer_id, (date '2025-07-01' + interval '1 month' * month)::date AS as_of,
       exp(6 + 1.8 * bell(customer_id, 2) + 0.3 * bell(customer_id * 12 + month, 12))::numeric(14,2) AS revenue
FROM generate_series(0, 11) AS month, generate_series(1, :customers / 12) AS customer_id;
