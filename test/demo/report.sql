-- The report: what a sales manager wants to see of table customers, with the
-- statements that say it. Variables: crm (there are regions and never-buyers),
-- bold, dim, plain (terminal codes, or empty).
\pset linestyle unicode
\pset border 1
\pset footer off
\pset null '–'
SET max_parallel_workers_per_gather = 2;

-- A bar as long as a share of 40 characters.
CREATE FUNCTION bar(share double precision) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$SELECT repeat('█', floor(40 * share)::int) ||
         (ARRAY['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'])[1 + floor(8 * (40 * share - floor(40 * share)))::int]$$;

\echo
\echo :bold'Who are our customers?':plain
\echo
SELECT count(*) AS customers, count(revenue) AS with_revenue, count(*) - count(revenue) AS never_bought,
       to_char(sum(revenue), '999,999,999,990') AS revenue,
       to_char(max(revenue), '999,999,999,990') AS largest,
       to_char(percentile_cont(0.5) WITHIN GROUP (ORDER BY revenue), '999,999,999,990') AS in_the_middle
FROM customers;

\echo :bold'The scheme: who brings the first 70% of the revenue is A, up to 90% B':plain
\echo
\set ECHO queries
SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C') AS scheme
FROM customers;
\set ECHO none
SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C') AS scheme,
       value_digest(revenue) AS digest
INTO TEMPORARY fitted FROM customers;
SELECT scheme FROM fitted \gset

\echo :bold'The tiers: how many customers, how much of the revenue':plain
\echo
CREATE TEMPORARY TABLE graded AS
  SELECT c.*, tier_of(revenue, (SELECT scheme FROM fitted)) AS tier,
         tier_rank(revenue, (SELECT scheme FROM fitted)) AS rank
  FROM customers c;
SELECT coalesce(tier, 'never bought') AS tier, count(*) AS customers,
       to_char(100.0 * count(*) / sum(count(*)) OVER (), '990.0%') AS of_all,
       to_char(coalesce(sum(revenue), 0), '999,999,999,990') AS revenue,
       to_char(100.0 * coalesce(sum(revenue), 0) / nullif(sum(sum(revenue)) OVER (), 0), '990.0%') AS of_revenue,
       bar(greatest(0, coalesce(sum(revenue), 0) / nullif(sum(sum(revenue)) OVER (), 0))::float8) AS " "
FROM graded GROUP BY tier, rank ORDER BY rank;

\echo :bold'The 80/20 check':plain
\echo
\set ECHO queries
SELECT to_char(100 * digest_top_share(digest, 0.2), '990.0%')  AS top_fifth_brings,
       to_char(100 * digest_top_share(digest, 0.01), '990.0%') AS top_hundredth_brings,
       to_char(100 * digest_concentration(digest, 10), '990.0%') AS ten_largest_bring,
       round(digest_gini(digest)::numeric, 3)                    AS gini
FROM (SELECT value_digest(revenue) AS digest FROM customers) d;
\set ECHO none

\echo :bold'The Pareto curve: the share of the revenue that the best customers bring':plain
\echo :dim'digest_pareto(digest, 60)':plain
\echo
\pset tuples_only on
\pset format unaligned
WITH curve AS (
  SELECT row_number() OVER (ORDER BY customers) AS x, value
  FROM fitted, digest_pareto(digest, 60) WHERE customers > 0)
SELECT CASE WHEN y % 2 = 0 THEN lpad(y * 10 || '%', 6) ELSE lpad('', 6) END || ' ┤' ||
       (SELECT string_agg((ARRAY[' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'])
                          [1 + floor(8 * least(1, greatest(0, 10 * value - y + 1)))::int], '' ORDER BY x)
        FROM curve)
FROM generate_series(10, 1, -1) AS y
UNION ALL
SELECT '       └' || repeat('─', 60)
UNION ALL
SELECT '        0%' || lpad('of the customers, best first', 44) || lpad('100%', 14);
\echo
\pset tuples_only off
\pset format aligned

\if :crm
\echo :bold'Region by region: a scheme of each one\'s own':plain
\echo
\set ECHO queries
SELECT region, tier_fit(value_digest(revenue, 65536), 'A top 70% of value, B top 90% of value, C') AS scheme
FROM customers GROUP BY region ORDER BY region;

SELECT region, count(*) FILTER (WHERE class = 'A') AS a, count(*) FILTER (WHERE class = 'B') AS b,
       count(*) FILTER (WHERE class = 'C') AS c, count(*) FILTER (WHERE class IS NULL) AS never_bought
FROM (SELECT region, abc_class(revenue) OVER (PARTITION BY region) AS class FROM customers) graded
GROUP BY region ORDER BY region;
\set ECHO none
\endif

-- who is nearest to an A, if anybody is a B
SELECT name, revenue
FROM (SELECT) one LEFT JOIN LATERAL
     (SELECT name, revenue FROM graded WHERE rank = 2
      ORDER BY tier_gap(revenue, (SELECT scheme FROM fitted)), name LIMIT 1) nearest ON true \gset
\if :{?name}
\echo :bold'One customer explained:':plain :name
\echo
\set ECHO queries
SELECT jsonb_pretty(tier_explain(:revenue, :'scheme')) AS why;
\set ECHO none
\endif

\echo :bold'Other schemes over the same digest':plain
\echo
SELECT question, fitted_scheme FROM (VALUES
  (1, 'the top 1%, the next 4%, the next 15%', 'VIP top 1%, Major next 4%, Regular next 15%, Small'),
  (2, 'the ten largest', 'Key top 10, Other'),
  (3, 'above the average', 'High >= mean + 1 sd, Middle >= mean, Low'),
  (4, 'five equal groups', '5 > p80, 4 > p60, 3 > p40, 2 > p20, 1'),
  (5, 'where the data falls apart by itself', 'A natural, B natural, C')) AS schemes (n, question, scheme),
  LATERAL (SELECT tier_fit(digest, schemes.scheme::tier_scheme) AS fitted_scheme FROM fitted) f
ORDER BY n;

\if :crm
\echo :bold'RFM: how long ago, how often, how much, from the order lines':plain
\echo
\set ECHO queries
CREATE TEMPORARY TABLE measures AS
  SELECT account_id, (rfm_measures(ordered_on, amount, '2026-06-30', order_id)).*
  FROM orders JOIN order_lines USING (order_id) GROUP BY account_id;
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) AS scores
FROM measures \gset
\set ECHO none
CREATE TEMPORARY TABLE scored AS
  SELECT *, rfm_score(recency, frequency, monetary, :'scores') AS score FROM measures;
SELECT rfm_segment(score, (SELECT named_segments('recency_frequency'))) AS segment, count(*) AS customers,
       to_char(100.0 * count(*) / sum(count(*)) OVER (), '990.0%') AS of_all, sum(frequency) AS orders,
       to_char(sum(monetary), '999,999,999,990') AS revenue,
       round(sum(monetary) / sum(frequency), 2) AS average_order,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY recency) AS days_ago,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY frequency) AS times,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY monetary)::numeric, 2) AS amount
FROM scored WHERE score IS NOT NULL GROUP BY segment ORDER BY sum(monetary) DESC;

\echo :bold'Where the customers are: recency score down, frequency score across':plain
\echo
\pset tuples_only on
\pset format unaligned
WITH cells AS (
  SELECT c.*, (SELECT count(*) FROM scored s WHERE s.score / 10 = c.score) AS customers
  FROM rfm_segment_cells(named_segments('recency_frequency')) c),
shaded AS (
  SELECT *, (ARRAY[' ', '░', '▒', '▓', '█'])[1 + ceil(4.0 * customers / max(customers) OVER ())::int] AS shade FROM cells)
SELECT string_agg(rpad(CASE line WHEN 1 THEN '  R' || recency ELSE '' END, 6) || string, E'\n' ORDER BY line)
FROM (SELECT recency, line, string_agg(CASE line
               WHEN 1 THEN repeat(shade, 3) || ' ' || rpad(segment, 20)
               ELSE repeat(shade, 3) || ' ' || rpad(customers::text, 20) END, '' ORDER BY frequency) AS string
      FROM shaded, generate_series(1, 2) AS line GROUP BY recency, line) strings
GROUP BY recency ORDER BY recency DESC;
\echo
\pset tuples_only off
\pset format aligned
\endif

\if :crm
\ir standing.sql
\ir program.sql
\endif

\echo :bold'What to try next':plain
\echo
\if :crm
\echo '  make demo CSV=orders.csv KEY=customer MEASURE=amount    the same for a file of your own'
\endif
\echo '  doc/choosing.md                                         which scheme for which question'
\echo '  make; sudo make install; CREATE EXTENSION customer_tier;'
\echo
