-- Customers to look at one by one, each with the sentence that explains it.
SELECT * FROM explained ORDER BY bought DESC NULLS LAST, account_id;
