-- RFM: segments, and a map of where the customers are. Included by report.sql.

\echo :bold'RFM: how long ago, how often, how much, from the order lines':plain
\echo
\set ECHO queries
\if :crm
CREATE TEMPORARY TABLE measures AS
  SELECT account_id, (rfm_measures(ordered_on, amount, '2026-06-30', order_id)).*
  FROM orders JOIN order_lines USING (order_id) GROUP BY account_id;
\else
CREATE TEMPORARY TABLE measures AS
  SELECT name, (rfm_measures(ordered_on, amount, (SELECT max(ordered_on) FROM records))).*
  FROM records GROUP BY name;
\endif
SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) AS scores
FROM measures \gset
\set ECHO none
CREATE TEMPORARY TABLE scored AS
  SELECT *, rfm_score(recency, frequency, monetary, :'scores') AS score FROM measures;
SELECT rfm_segment(score, (SELECT named_segments('recency_frequency'))) AS segment, count(*) AS customers,
       to_char(100.0 * count(*) / sum(count(*)) OVER (), '990.0%') AS of_all, sum(frequency) AS orders,
       shown(sum(monetary)) AS revenue,
       round(sum(monetary) / sum(frequency), 2) AS average_order,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY recency) AS days_ago,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY frequency) AS times,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY monetary)::numeric, 2) AS amount
FROM scored WHERE score IS NOT NULL GROUP BY segment ORDER BY sum(monetary) DESC;

\echo :bold'Where the customers are: recency score down, frequency score across':plain
\echo
\pset tuples_only on
\pset format unaligned
\set ECHO queries
SELECT rfm_score_plot(value_digest(score), (SELECT named_segments('recency_frequency')), 24) FROM scored;
\set ECHO none
\echo
\pset tuples_only off
\pset format aligned
