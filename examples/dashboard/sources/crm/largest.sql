-- The customers who buy most, each with the share that all up to it bring.
SELECT place, a.name, a.region, s.tier, l.revenue,
       digest_cumulative_share((SELECT value_digest(revenue) FROM customers), l.revenue::float8) AS cumulative
FROM (SELECT customer_id AS account_id, revenue, row_number() OVER (ORDER BY revenue DESC, customer_id) AS place
      FROM customers WHERE revenue IS NOT NULL ORDER BY place LIMIT 100) l
JOIN accounts a USING (account_id) LEFT JOIN loyalty.standing s USING (account_id)
ORDER BY place;
