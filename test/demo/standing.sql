-- The second half of the report: tiers with a memory. Included by report.sql.

\echo :bold'Tiers that are kept: two years of quarterly evaluations in one query':plain
\echo :dim'Gold and Silver by the sales of twelve months. Down to 80% of its bound a tier is kept, it is held for half a':plain
\echo :dim'year from when it was last met, and a fall is announced three months ahead.':plain
\echo
\set ECHO queries
CREATE TEMPORARY TABLE evaluations AS
  SELECT account_id, as_of, coalesce(sum(amount) FILTER (WHERE sold_on >= as_of - interval '1 year' AND sold_on < as_of), 0) AS bought
  FROM accounts CROSS JOIN (SELECT generate_series('2024-07-01', '2026-07-01', interval '3 months')::date AS as_of) quarters
       LEFT JOIN sales USING (account_id)
  GROUP BY account_id, as_of;
CREATE TEMPORARY TABLE standings AS
  SELECT account_id, as_of, bought,
         tier_standing(bought, as_of, 'Gold >= 2500, Silver >= 800, Member', 'keep 80%; hold 6 months; grace 3 months')
           OVER (PARTITION BY account_id ORDER BY as_of) AS standing
  FROM evaluations;
\set ECHO none

\echo :bold'By which rule they are Gold or Silver: what is held, or announced to fall, is not earned now':plain
\echo
SELECT as_of, count(*) FILTER (WHERE tier = 'Gold') AS gold, count(*) FILTER (WHERE tier = 'Silver') AS silver,
       count(*) FILTER (WHERE rule = 'measured') AS measured, count(*) FILTER (WHERE rule = 'kept') AS kept,
       count(*) FILTER (WHERE rule = 'held') AS held, count(*) FILTER (WHERE rule = 'grace') AS grace,
       repeat('█', (count(*) FILTER (WHERE rule = 'measured') / 200)::int) || repeat('▓', (count(*) FILTER (WHERE rule = 'kept') / 200)::int)
         || repeat('▒', (count(*) FILTER (WHERE rule = 'held') / 200)::int) || repeat('░', (count(*) FILTER (WHERE rule = 'grace') / 200)::int) AS " "
FROM (SELECT as_of, (standing).tier, (standing).rule FROM standings) s
WHERE tier <> 'Member' GROUP BY as_of ORDER BY as_of;

-- who saw most of the rules, in the largest way
SELECT account_id FROM (
  SELECT account_id, count(DISTINCT (standing).rule) AS rules, count(DISTINCT (standing).tier) AS tiers, sum(bought) AS bought
  FROM standings GROUP BY account_id) s
ORDER BY tiers DESC, rules DESC, bought DESC LIMIT 1 \gset
SELECT name AS member FROM accounts WHERE account_id = :account_id \gset
\echo :bold'One member through two years:':plain :member
\echo
SELECT as_of, bought, standing.tier, standing.rule, standing.until,
       repeat(CASE standing.rule WHEN 'measured' THEN '█' WHEN 'kept' THEN '▓' WHEN 'held' THEN '▒' ELSE '░' END,
              CASE standing.tier WHEN 'Gold' THEN 30 WHEN 'Silver' THEN 20 ELSE 10 END) AS " "
FROM (SELECT as_of, bought, (standing).* FROM standings WHERE account_id = :account_id) standing
ORDER BY as_of;

\echo :bold'and what is told to the member:':plain
\echo
\pset tuples_only on
\pset format unaligned
\set ECHO queries
SELECT why ->> 'sentence' AS why
FROM (SELECT tier_standing_explain(lag(standing) OVER (ORDER BY as_of), bought, as_of, 'Gold >= 2500, Silver >= 800, Member',
                                   'keep 80%; hold 6 months; grace 3 months') AS why, as_of
      FROM standings WHERE account_id = :account_id) w
ORDER BY as_of;
\set ECHO none
\pset tuples_only off
\pset format aligned
\echo
