-- Hours of visits in a year, by the tier that the customers have now. What a
-- tier brings is what it brought at the last evaluation.
SELECT coalesce(e.tier, 'no tier') AS tier, coalesce(e.rank, 9) AS rank, e.customers, e.facts_count AS visits, e.total AS hours,
       e.customer_share, t.value_share, e.total_share AS hour_share, t.value_share / nullif(e.total_share, 0) AS index,
       t.value / nullif(e.total, 0) AS sales_per_hour, e.per_customer AS hours_per_customer
FROM loyalty.program p
CROSS JOIN tier_effect('loyalty', 'visits', '{account_id}', 'hours', 'visited_on',
                       (p.complete_as_of - interval '1 year')::date, p.complete_as_of, p.complete_as_of) e
LEFT JOIN tier_trend('loyalty') t ON t.as_of = p.complete_as_of AND t.rank = e.rank AND t.tier IS NOT NULL
ORDER BY 2;
