-- The last part of the report: a program that keeps the tiers. Included by
-- report.sql.

\echo
\echo :bold'The same as a program: the tiers of all, kept in tables, reviewed, overridden, and taken back if need be':plain
\echo
\set ECHO queries
CREATE VIEW twelve_months AS
  SELECT account_id, region, coalesce(sum(amount), 0) AS bought, first_order
  FROM accounts LEFT JOIN sales s USING (account_id)
  LEFT JOIN (SELECT account_id, min(sold_on) AS first_order FROM sales GROUP BY account_id) f USING (account_id)
  WHERE s.sold_on IS NULL OR s.sold_on < tier_as_of() AND s.sold_on >= tier_as_of() - interval '1 year'
  GROUP BY account_id, region, first_order;
SELECT tier_program_create('loyalty', 'twelve_months', '{account_id}', 'bought',
                           'Gold >= 2500, Silver >= 800, Member', 'keep 80%; hold 6 months; grace 1 month; new 6 months as Member',
                           customer_since => 'first_order') \g /dev/null
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

\echo :bold'Special policies lie over what is earned, from day to day, with a reason':plain
\echo
\set ECHO queries
INSERT INTO loyalty.overrides (account_id, tier, mode, reason, valid_from, valid_until, approved_by)
VALUES (11, 'Gold', 'at least', 'contract 2026/17', current_date, current_date + 365, 'sales board'),
       (19, 'Member', 'exact', 'does not pay', current_date, NULL, 'credit control');
SELECT g.account_id, g.tier, g.rule, s.tier AS earned
FROM loyalty.grades g JOIN loyalty.standing s USING (account_id) WHERE g.rule = 'override' ORDER BY 1;
\set ECHO none

\echo :bold'Every night between the quarters: newcomers, provisional for six months, and those whose time is up':plain
\echo
\set ECHO queries
SELECT e.* FROM generate_series(date '2026-04-30', '2026-05-01', interval '1 day') night, tier_evaluate('loyalty', night::date, due_only => true) e;
\set ECHO none

\echo :bold'The night to the 1st of May: who came, whose six months are over, and whose grace has lapsed on its date':plain
\echo
SELECT CASE WHEN b.rule IS NOT NULL THEN b.rule WHEN n.rule = 'new' THEN '(first order)' ELSE '(long away)' END AS old_rule, b.tier AS old_tier, b.until AS was_until,
       n.rule, n.tier, min(n.until) AS until, count(*) AS accounts, min(name) AS for_example
FROM loyalty.history n JOIN accounts USING (account_id)
LEFT JOIN loyalty.history b ON b.account_id = n.account_id AND b.valid_to = n.valid_from
WHERE n.valid_from = '2026-05-01' GROUP BY 1, b.tier, b.rank, b.until, n.rule, n.tier, n.rank ORDER BY 1, b.rank, n.rank, n.rule;

\echo :bold'A bad night: half of the sales are not there. More than max_fall would fall, so nobody loses a tier':plain
\echo
\set ECHO queries
BEGIN;
UPDATE loyalty.program SET rules = '', max_fall = 0.05;
DELETE FROM sales WHERE account_id % 2 = 0;
SELECT customers, fell, draft FROM tier_evaluate('loyalty', '2026-07-01');
ROLLBACK;
\set ECHO none

\echo :bold'A slip of the pen in the scheme, seen a day too late, and taken back':plain
\echo
\set ECHO queries
UPDATE loyalty.program SET scheme = 'Gold >= 250, Silver >= 80, Member';
SELECT customers, rose, fell, draft FROM tier_evaluate('loyalty', '2026-07-01');
SELECT tier_undo('loyalty');
UPDATE loyalty.program SET scheme = 'Gold >= 2500, Silver >= 800, Member';
SELECT customers, rose, fell, draft FROM tier_evaluate('loyalty', '2026-07-01');
\set ECHO none

\echo :bold'What each tier brought, each July':plain
\echo
SELECT as_of, tier, customers, to_char(100 * share, '990%') AS of_all, to_char(value, '999,999,990') AS sales, to_char(100 * value_share, '990%') AS of_sales,
       round(median::numeric) AS median, repeat('█', (60 * value_share)::int) AS " "
FROM tier_trend('loyalty') WHERE as_of IN ('2024-07-01', '2025-07-01', '2026-07-01') AND tier IS NOT NULL ORDER BY as_of, rank;

\echo :bold'Who went where in a year':plain
\echo
\set ECHO queries
\pset tuples_only on
\pset format unaligned
SELECT tier_migration_plot('loyalty', '2025-07-01', '2026-07-01');
\set ECHO none
\echo
\pset tuples_only off
\pset format aligned

\echo :bold'Who will be told next that a tier is about to be lost, and what it would take':plain
\echo
SELECT name, tier, until, measure AS bought, new_rule, to_stay
FROM tier_preview('loyalty', '2026-10-01') JOIN accounts ON account_id = (key ->> 'account_id')::int
WHERE new_rule = 'grace' ORDER BY to_stay, name LIMIT 5;

\echo :bold'What each tier takes against what it brings: hours of visits in a year. Index below 1: takes more than it brings':plain
\echo
SELECT tier, customers, facts_count AS visits, total AS hours, to_char(100 * value_share, '990%') AS of_sales, to_char(100 * total_share, '990%') AS of_hours,
       round(index, 2) AS index
FROM tier_effect('loyalty', 'visits', '{account_id}', 'hours', 'visited_on', '2025-07-01', '2026-07-01') WHERE tier IS NOT NULL;

\echo :bold'What to expect: as usual, and if nobody bought any more, with what the same method was off by until now':plain
\echo
SELECT as_of, tier, round(customers) AS as_usual, if_idle, round(error) AS error, round(naive_error) AS no_change_error, tests,
       repeat('█', (customers / 300)::int) AS " "
FROM tier_forecast('loyalty', 4) WHERE tier IS NOT NULL;
