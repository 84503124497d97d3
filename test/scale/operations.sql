-- The table of operations: each is a query, after a line that says what it is
-- and where its aggregates are computed. "partial": a state per shard, combined
-- on the coordinator; "whole": on the shards, to the end; "rows": the rows are
-- gathered on the coordinator, without which Citus refuses.

-- digest of all: partial
SELECT md5(value_digest(revenue)::text), md5(value_digest(margin)::text), md5(value_digest(revenue, 4096)::text) FROM customers;
-- digest by region, which tells no shard: partial
SELECT region, md5(value_digest(revenue)::text) FROM customers GROUP BY region ORDER BY region;
-- digests of integers, reals and money: partial
SELECT md5(value_digest(points)::text), md5(value_digest(points::real)::text), md5(value_digest(points::numeric::money)::text) FROM evaluations;
-- digest of digests, each of a region: partial
SELECT md5(value_digest(d)::text) FROM (SELECT region, value_digest(revenue) AS d FROM customers GROUP BY region) s;
-- digest by the distribution column: whole
SELECT sum(hashtextextended(customer_id || d::text, 0)::numeric) FROM (SELECT customer_id, value_digest(points) AS d FROM evaluations GROUP BY customer_id) s;
-- fit of each kind of bound: partial
SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C'), tier_fit(value_digest(revenue), 'A top 1%, B next 4%, C'),
	   tier_fit(value_digest(margin), 'A natural, B natural, C'), tier_fit(value_digest(margin), 'A >= mean + 1 sd, B > p40, C') FROM customers;
-- fit and grade, the fit joined: partial
SELECT tier_of(revenue, f) AS tier, count(*), sum(revenue) FROM customers, (SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C') AS f FROM customers) s GROUP BY 1 ORDER BY 1;
-- fit and grade, the fit a subselect: partial
SELECT sum(hashtextextended(customer_id || coalesce(tier, ''), 0)::numeric) FROM (
	SELECT customer_id, tier_of(revenue, (SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C') FROM customers)) AS tier FROM customers) s;
-- fit and grade by region: partial
WITH fits AS (SELECT region, tier_fit(value_digest(revenue), 'A top 20%, B top 50%, C') AS f FROM customers GROUP BY region)
SELECT c.region, tier_of(revenue, f), count(*) FROM customers c JOIN fits ON fits.region = c.region GROUP BY 1, 2 ORDER BY 1, 2;
-- tier_summary: partial
SELECT s.* FROM (SELECT value_digest(revenue) AS d FROM customers) t, tier_summary(d, 'A top 70% of value, B top 90% of value, C') s;
-- readers of a digest: partial
SELECT digest_gini(d), digest_top_share(d, 0.2), digest_sum(d), digest_stddev(d), digest_quantile(d, 0.5) FROM (SELECT value_digest(margin) AS d FROM customers) s;
-- tier_among over all: rows
SELECT tier, count(*), sum(revenue) FROM (SELECT revenue, tier_among(revenue, 'A top 20%, B top 50%, C') OVER () AS tier FROM customers) s GROUP BY 1 ORDER BY 1;
-- tier_among and abc_class by region: rows
SELECT region, a, b, count(*) FROM (SELECT region, abc_class(revenue) OVER w AS a, tier_among(margin, 'A natural, B') OVER w AS b FROM customers WINDOW w AS (PARTITION BY region)) s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- tier_among by the distribution column: whole
SELECT customer_id, as_of, tier_among(points, 'A top 20%, B top 50%, C') OVER (PARTITION BY customer_id) FROM evaluations ORDER BY customer_id, as_of;
-- rfm_measures by the distribution column: whole
SELECT sum(hashtextextended(customer_id || m::text, 0)::numeric) FROM (SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01') AS m FROM orders GROUP BY customer_id) s;
-- the same with order ids and a period: whole
SELECT sum(hashtextextended(customer_id || m::text, 0)::numeric) FROM (SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01', '1 year', order_id) AS m FROM orders GROUP BY customer_id) s;
-- rfm_measures by another column: rows
SELECT shop, rfm_measures(ordered_at, amount, '2026-06-01') FROM orders GROUP BY shop ORDER BY shop;
-- rfm_fit and rfm_score: partial
SELECT rfm_score((m).recency, (m).frequency, (m).monetary, f) AS score, count(*) FROM
	(SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01') AS m FROM orders GROUP BY customer_id) s,
	(SELECT rfm_fit(value_digest((m).recency), value_digest((m).frequency), value_digest((m).monetary)) AS f FROM
		(SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01') AS m FROM orders GROUP BY customer_id) s) t GROUP BY 1 ORDER BY 1;
-- rfm_among over all: rows
SELECT score, count(*) FROM (SELECT rfm_among(m) OVER () AS score FROM (SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01') AS m FROM orders GROUP BY customer_id) s) t GROUP BY 1 ORDER BY 1;
-- rfm_summary: rows
SELECT u.* FROM (SELECT rfm_summary(m, (SELECT named_segments('eleven'))) AS r FROM (SELECT customer_id, rfm_measures(ordered_at, amount, '2026-06-01') AS m FROM orders GROUP BY customer_id) s) t, unnest(r) u;
-- rfm_rollup: rows
SELECT sum(hashtextextended(u::text, 0)::numeric) FROM (SELECT rfm_rollup(customer_id, ordered_at, amount, '2026-06-01') AS r FROM orders) t, unnest(r) u;
-- entropy_weights: partial
SELECT entropy_weights(ARRAY[margin + 2000, coalesce(revenue, 0)::float8]) FROM customers;
-- entropy_weights by region: partial
SELECT region, entropy_weights(ARRAY[margin + 2000, coalesce(revenue, 0)::float8]) FROM customers GROUP BY region ORDER BY region;
-- payment_record of all, of amounts beyond 128 bits: partial
SELECT payment_record(due, paid, amount, '2026-06-01'::date), payment_record(due, paid, (amount / 1e20)::float8, '2026-06-01'::date) FROM invoices;
-- payment_record by shop: partial
SELECT shop, payment_record(due, paid, amount, '2026-06-01'::date) FROM invoices GROUP BY shop ORDER BY shop;
-- payment_record by the distribution column, rated: whole
SELECT customer_id, score_of((SELECT named_card('paydex')), to_jsonb(r)) FROM (SELECT customer_id, payment_record(due, paid, amount, '2026-06-01'::date) AS r FROM invoices GROUP BY customer_id) s ORDER BY 1;
-- payment_record of timestamps and integers: partial
SELECT payment_record(due::timestamp, paid::timestamp, round(amount / 1e20)::bigint, '2026-06-01'::timestamp) FROM invoices;
-- fits of lifetime value: partial
SELECT bgnbd_fit(x, t_x, t), mbgnbd_fit(x, t_x, t, 'week'), pareto_nbd_fit(x, t_x, t), gamma_gamma_fit(x, mean_spend) FROM histories;
-- bgbb_fit, with weights: partial
SELECT bgbb_fit(least(x, 6), CASE WHEN x > 0 THEN greatest(least(x, 6), floor(t_x / 6)) ELSE 0 END, 6, 2, NULL) FROM histories;
-- clv_measures by the distribution column, and fits over them: partial
SELECT bgnbd_fit(m), gamma_gamma_fit(m) FROM (SELECT customer_id, clv_measures(ordered_at, amount, '2026-06-01', 'week') AS m FROM orders WHERE amount > 0 GROUP BY customer_id) s;
-- predictions, the models joined: partial
SELECT sum(hashfloat8extended(customer_value(p, s, 52, 0.001, x, t_x, t, mean_spend), customer_id)::numeric) FROM histories,
	(SELECT accept_model(bgnbd_fit(x, t_x, t)) AS p, accept_model(gamma_gamma_fit(x, mean_spend)) AS s FROM histories) f WHERE x > 0;
-- tier_standing by the distribution column: whole
SELECT customer_id, (s).tier, (s).rule, (s).since, (s).until FROM (
	SELECT customer_id, tier_standing(points, as_of, 'Gold >= 800, Silver >= 300, Bronze', 'hold 3 months; grace 1 month' ORDER BY as_of) AS s FROM evaluations GROUP BY customer_id) t ORDER BY 1;
-- tier_standing as a window: whole
SELECT sum(hashtextextended(customer_id::text || as_of || s::text, 0)::numeric) FROM (
	SELECT customer_id, as_of, tier_standing(points, as_of, 'Gold >= 800, Silver >= 300, Bronze', 'hold 3 months; land 2 months') OVER (PARTITION BY customer_id ORDER BY as_of) AS s FROM evaluations) t;
-- grades and in_tier: whole
SELECT tier_of(revenue, 'A >= 1000, B >= 100, C'), count(*) FILTER (WHERE in_tier(margin, 'A >= 1000, B >= 100, C', 'B')), avg(tier_rank(revenue, 'A >= 1000, B >= 100, C')) FROM customers GROUP BY 1 ORDER BY 1;
-- time elapsed: whole
SELECT tier_of(date '2026-06-01', joined, 'established >= 6 months, new'), count(*) FROM customers GROUP BY 1 ORDER BY 1;
-- a view with grades: whole
SELECT tier, count(*) FROM graded GROUP BY 1 ORDER BY 1;
-- named schemes in a subselect, own and shipped: whole
SELECT tier_of(revenue, (SELECT named_scheme('abc'))), tier_of(margin, (SELECT named_scheme('order_size'))), count(*) FROM customers GROUP BY 1, 2 ORDER BY 1, 2;
-- a named scheme fitted: partial
SELECT tier_fit(d, (SELECT named_scheme('ours'))), tier_fit(d, (SELECT named_scheme('abc_80'))) FROM (SELECT value_digest(revenue) AS d FROM customers) s;
-- a named card and its scheme: whole
SELECT tier_of(score_of((SELECT named_card('composite')), revenue, margin::numeric), (SELECT named_scheme('composite'))), count(*) FROM customers GROUP BY 1 ORDER BY 1;
-- named segments: whole
SELECT rfm_segment(111 + (points % 2)::int * 100, (SELECT named_segments('four'))), count(*) FROM evaluations GROUP BY 1 ORDER BY 1;
-- bare names, pushed to the workers: whole
SELECT tier_of(revenue, named_scheme('abc')), tier_of(margin, named_scheme('order_size')), count(*) FROM customers WHERE customer_id < 500 GROUP BY 1, 2 ORDER BY 1, 2;
-- a bare card and segments, pushed to the workers: whole
SELECT score_of(named_card('composite'), revenue, margin::numeric), rfm_segment(211, named_segments('four')), count(*) FROM customers WHERE customer_id < 500 GROUP BY 1, 2 ORDER BY 1, 2;
