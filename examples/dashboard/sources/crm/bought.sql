-- What each of them had bought in the twelve months before each evaluation,
-- and the tier it had then.
SELECT c.account_id, e.as_of, coalesce(s.bought, 0) AS bought, h.tier, h.rule
FROM explained c JOIN loyalty.evaluations e ON e.kind = 'complete'
LEFT JOIN LATERAL (SELECT sum(amount) AS bought FROM sales
                   WHERE account_id = c.account_id AND sold_on >= e.as_of - interval '1 year' AND sold_on < e.as_of) s ON true
LEFT JOIN loyalty.history h ON h.account_id = c.account_id AND h.valid_from <= e.as_of AND (h.valid_to > e.as_of OR h.valid_to IS NULL)
ORDER BY c.account_id, e.as_of;
