-- The best x of the customers bring y of the sales.
SELECT 0.0::float8 AS customers, 0.0::float8 AS value, NULL::float8 AS bound
UNION ALL
SELECT customers, value, bound
FROM digest_pareto((SELECT value_digest(revenue) FROM customers), 100)
ORDER BY customers;
