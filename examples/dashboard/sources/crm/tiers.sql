-- The tiers at the last evaluation, and a year before.
SELECT t.tier, t.rank, t.customers, t.share, t.value, t.value_share, t.mean, t.median,
       b.customers AS customers_before, b.value AS value_before, b.value_share AS value_share_before
FROM tier_trend('loyalty') t
LEFT JOIN tier_trend('loyalty') b ON b.as_of = t.as_of - interval '1 year' AND b.rank = t.rank
WHERE t.as_of = (SELECT complete_as_of FROM loyalty.program) AND t.tier IS NOT NULL
ORDER BY t.rank;
