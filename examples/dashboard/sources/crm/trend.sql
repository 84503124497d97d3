-- A row per complete evaluation and tier.
SELECT as_of, tier, rank, customers, share, value, value_share, median
FROM tier_trend('loyalty') WHERE tier IS NOT NULL ORDER BY as_of, rank;
