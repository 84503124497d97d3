-- Customers of the best tier whom nobody has visited for half a year.
SELECT account_id, name, region, bought, last_visit
FROM outlook
LEFT JOIN (SELECT account_id, max(visited_on) AS last_visit FROM visits GROUP BY account_id) v USING (account_id)
WHERE rank = 1 AND (last_visit IS NULL OR last_visit < (SELECT complete_as_of - interval '6 months' FROM loyalty.program))
ORDER BY bought DESC NULLS LAST, account_id;
