-- The nearest to a better tier.
SELECT account_id, name, region, tier, rank, tier_label(rank - 1, (SELECT scheme FROM loyalty.program)) AS next_tier, bought, to_rise
FROM outlook WHERE to_rise BETWEEN 0 AND 100
ORDER BY rank, to_rise, account_id LIMIT 400;
