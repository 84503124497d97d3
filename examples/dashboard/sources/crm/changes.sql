-- Why tiers changed between the last two evaluations.
SELECT direction, cause, coalesce(old_tier, '–') AS old_tier, coalesce(new_tier, '–') AS new_tier, count(*) AS customers
FROM (SELECT max(as_of) AS to_day, (array_agg(as_of ORDER BY as_of DESC))[2] AS from_day FROM loyalty.evaluations) days,
     tier_changes('loyalty', from_day, to_day)
GROUP BY direction, cause, 3, 4 ORDER BY customers DESC;
