-- The last part of the report: a program that keeps the tiers. Included by
-- report.sql.

\echo
\echo :bold'The same as a program: the tiers of all, kept in tables, reviewed, overridden, and taken back if need be':plain
\echo
\set ECHO queries
CREATE VIEW twelve_months AS
  SELECT account_id, region, coalesce(sum(amount), 0) AS bought
  FROM accounts LEFT JOIN sales s USING (account_id)
  WHERE s.sold_on IS NULL OR s.sold_on < tier_as_of() AND s.sold_on >= tier_as_of() - interval '1 year'
  GROUP BY account_id, region;
SELECT tier_program_create('loyalty', 'twelve_months', '{account_id}', 'bought',
                           'Gold >= 2500, Silver >= 800, Member', 'keep 80%; hold 6 months; grace 3 months') \g /dev/null
SELECT e.* FROM generate_series(date '2024-07-01', '2026-01-01', interval '3 months') day, tier_evaluate('loyalty', day::date) e;
\set ECHO none

\echo :bold'In April a meeting looks at a draft, and lifts the three largest of those who are almost Gold':plain
\echo
\set ECHO queries
SELECT customers, rose, fell, draft FROM tier_evaluate('loyalty', '2026-04-01', draft => true);
UPDATE loyalty.draft d SET reviewed_tier = 'Gold', remark = 'key accounts of 2026'
FROM (SELECT account_id FROM loyalty.draft WHERE tier = 'Silver' ORDER BY measure DESC, account_id LIMIT 3) l
WHERE l.account_id = d.account_id;
SELECT customers, rose, fell, draft FROM tier_publish('loyalty');
\set ECHO none

\echo :bold'A bad night: half of the sales are not there, and nobody loses a tier':plain
\echo
\set ECHO queries
BEGIN;
UPDATE loyalty.program SET rules = '';
DELETE FROM sales WHERE account_id % 2 = 0;
SELECT customers, fell, draft FROM tier_evaluate('loyalty', '2026-07-01');
ROLLBACK;
SELECT customers, rose, fell, draft FROM tier_evaluate('loyalty', '2026-07-01');
\set ECHO none

\echo :bold'What each tier brought, each July':plain
\echo
SELECT as_of, tier, customers, to_char(100 * share, '990%') AS of_all, to_char(value, '999,999,990') AS sales, to_char(100 * value_share, '990%') AS of_sales,
       round(median::numeric) AS median, repeat('█', (60 * value_share)::int) AS " "
FROM tier_trend('loyalty') WHERE as_of IN ('2024-07-01', '2025-07-01', '2026-07-01') AND tier IS NOT NULL ORDER BY as_of, rank;

\echo :bold'Who went where in a year':plain
\echo
SELECT old_tier, sum(customers) FILTER (WHERE new_tier = 'Gold') AS "to Gold", sum(customers) FILTER (WHERE new_tier = 'Silver') AS "to Silver",
       sum(customers) FILTER (WHERE new_tier = 'Member') AS "to Member", sum(customers) FILTER (WHERE gone) AS gone
FROM tier_migration('loyalty', '2025-07-01', '2026-07-01') GROUP BY entered, old_tier, old_rank ORDER BY entered, old_rank;

\echo :bold'Who will be told next that a tier is about to be lost, and what it would take':plain
\echo
SELECT name, tier, until, measure AS bought, new_rule, to_stay
FROM tier_preview('loyalty', '2026-10-01') JOIN accounts ON account_id = (key ->> 'account_id')::int
WHERE new_rule = 'grace' ORDER BY to_stay, name LIMIT 5;
