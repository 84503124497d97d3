-- Lifetime value. Included by report.sql.

CREATE TEMPORARY TABLE histories AS
  SELECT name, clv_measures(ordered_on, amount, (SELECT max(ordered_on) FROM records), 'week') AS m FROM records GROUP BY name;
SELECT count(*) FILTER (WHERE (m).frequency > 0) AS repeaters, count(*) FILTER (WHERE (m).frequency > 0) < 10 AS too_few FROM histories \gset
\if :too_few
\echo :repeaters 'customers bought on more than one day: too few for a model of their lifetime value.'
\echo
\else
\echo :bold'Lifetime value: a model of when they buy, and one of what they spend':plain
\echo
\set ECHO queries
CREATE TEMPORARY TABLE models AS SELECT bgnbd_fit(m) AS purchases, gamma_gamma_fit(m) AS spend FROM histories;
\set ECHO none
SELECT 'purchases' AS model, parameter, round(estimate::numeric, 3) AS estimate, round(low::numeric, 3) AS low, round(high::numeric, 3) AS high FROM models, model_parameters(purchases)
UNION ALL
SELECT 'spend', parameter, round(estimate::numeric, 3), round(low::numeric, 3), round(high::numeric, 3) FROM models, model_parameters(spend);
-- a gamma-gamma model with q up to 1 has no mean
SELECT purchases::text !~ 'not converged' AND spend::text !~ 'not converged'
         AND (SELECT estimate > 1 FROM model_parameters(spend) WHERE parameter = 'q') AS usable
FROM models \gset
\if :usable
\echo :bold'Who will bring most in the next half year':plain
\echo
\set ECHO queries
SELECT name, (m).frequency AS repeats, round((m).age::numeric) AS weeks, round(p_alive(purchases, m)::numeric, 2) AS still_a_customer,
       round(expected_purchases(purchases, 26, m)::numeric, 1) AS purchases, round(expected_spend(spend, m)::numeric, 2) AS each,
       round(customer_value(purchases, spend, 26, 0.002, m)::numeric, 2) AS value
FROM histories, models ORDER BY customer_value(purchases, spend, 26, 0.002, m) DESC, name LIMIT 5;
\set ECHO none
\else
\echo 'No model fits these customers well enough to be used; doc/clv.md says what to do. The models are:'
\echo
SELECT purchases, spend FROM models;
\endif
\endif
