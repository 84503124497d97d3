-- The report: what a sales manager wants to see of table customers, with the
-- statements that say it. Variables: crm (the made-up company: there are
-- regions and never-buyers), dated_csv (the records of a file have dates),
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

-- An amount, with decimals where it is small; to_char would print ### for a
-- large one.
CREATE FUNCTION shown(amount numeric) RETURNS text
LANGUAGE sql IMMUTABLE AS
$$SELECT lpad(CASE WHEN abs(amount) < 100 THEN round(amount, 2)::text
                   WHEN abs(amount) < 1e15 THEN to_char(amount, 'FM999,999,999,999,990') ELSE round(amount)::text END, 15)$$;

\echo
\echo :bold'Who are our customers?':plain
\echo
SELECT count(*) AS customers, count(revenue) AS with_revenue, count(*) - count(revenue) AS never_bought,
       shown(sum(revenue)) AS revenue, shown(max(revenue)) AS largest,
       shown(percentile_cont(0.5) WITHIN GROUP (ORDER BY revenue)::numeric) AS in_the_middle
FROM customers;

SELECT coalesce(max(revenue) > 0, false) AS worth, count(*) FILTER (WHERE revenue < 0) AS takers,
       count(*) FILTER (WHERE revenue < 0) > 0 AS taken, sum(revenue) FILTER (WHERE revenue < 0) AS taken_value
FROM customers \gset
\if :worth
\else
\echo 'Nobody brought anything: no customer has a positive sum, so there are no shares to grade by.'
\echo
\quit
\endif

\echo :bold'From orders to grades: who brings the first 70% of the revenue is A, up to 90% B':plain
\echo
\set ECHO queries
\if :crm
SELECT name, sum(amount) AS revenue, abc_class(sum(amount)) OVER () AS class
FROM accounts JOIN orders USING (account_id) JOIN order_lines USING (order_id)
GROUP BY account_id, name ORDER BY revenue DESC LIMIT 5;
\else
SELECT name, sum(amount) AS revenue, abc_class(sum(amount)) OVER () AS class
FROM records GROUP BY name ORDER BY revenue DESC, name LIMIT 5;
\endif
\set ECHO none

\echo :bold'The same as a scheme that can be kept, published, and applied to each customer alone':plain
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
       shown(coalesce(sum(greatest(revenue, 0)), 0)) AS revenue,
       to_char(100.0 * coalesce(sum(greatest(revenue, 0)), 0) / sum(sum(greatest(revenue, 0))) OVER (), '990.0%') AS of_revenue,
       bar((coalesce(sum(greatest(revenue, 0)), 0) / sum(sum(greatest(revenue, 0))) OVER ())::float8) AS " "
FROM graded GROUP BY tier, rank ORDER BY rank;
\if :taken
\echo :takers 'sent back more than they bought,' :taken_value 'in all: they count as customers, and as nothing in the revenue above.'
\echo
\endif

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
\echo
\set ECHO queries
\pset tuples_only on
\pset format unaligned
SELECT digest_pareto_plot(value_digest(revenue)) FROM customers;
\set ECHO none
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
\ir rfm.sql
\ir standing.sql
\ir program.sql
\elif :dated_csv
\ir rfm.sql
\ir months.sql
\ir worth.sql
\endif

\echo :bold'What to try next':plain
\echo
\if :crm
\echo '  make demo CSV=orders.csv KEY=customer AMOUNT=amount DATE=ordered_on    the same for a file of your own'
\endif
\if :dated_csv
\elif :crm
\else
\echo '  the same with DATE=column                                              RFM, a program over the months, lifetime value'
\endif
\echo '  doc/choosing.md                                                        which question, which function'
\echo '  make; sudo make install; CREATE EXTENSION customer_tier;'
\echo
