-- The largest of those who would fall then, and what each lacks to stay.
SELECT account_id, name, region, tier, rank, new_tier AS falls_to, bought, to_stay
FROM outlook WHERE new_rank > rank
ORDER BY bought DESC, account_id LIMIT 200;
