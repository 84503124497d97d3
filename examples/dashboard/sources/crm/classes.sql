-- ABC: who brings the first 70% of the sales is A, up to 90% B.
SELECT tier AS class, rank, bound, customers, customer_share, value, value_share
FROM tier_summary((SELECT value_digest(revenue) FROM customers), 'A top 70% of value, B top 90% of value, C')
ORDER BY rank;
