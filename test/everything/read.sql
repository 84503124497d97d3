-- What write.sql made, read and used for grading in every way, without a word
-- that a major version of the server may change. Writes nothing.
SET search_path = shop, public;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET extra_float_digits = 1;

\echo == values
SELECT * FROM ladders ORDER BY id;
SELECT id, md5(digest::text) FROM summaries ORDER BY id;
SELECT * FROM rfm_ladders ORDER BY id;
SELECT * FROM maps ORDER BY id;
SELECT * FROM cards ORDER BY id;
SELECT * FROM rule_sets ORDER BY id;
SELECT * FROM standings ORDER BY id;
SELECT id, purchases, spend FROM models WHERE id < 3 ORDER BY id;
SELECT expected_purchases(purchases, 39, 3, 20, 38)::numeric(6, 3), expected_spend(spend, 3, 40)::numeric(6, 2) FROM models WHERE id = 3;
SELECT * FROM measured ORDER BY customer_id LIMIT 7;
SELECT md5(string_agg(m::text, ' ' ORDER BY customer_id)) FROM measured m;
SELECT shop, (SELECT md5(string_agg(c::text, ' ' ORDER BY customer)) FROM unnest(customers) c),
  (SELECT md5(string_agg(c::text, ' ' ORDER BY customer COLLATE "C")) FROM unnest(named) c),
  (SELECT md5(string_agg(c::text, ' ' ORDER BY customer)) FROM unnest(told_by_uuid) c)
FROM rolled ORDER BY shop;
SELECT * FROM summed;
SELECT * FROM reviewed ORDER BY id;
SELECT * FROM customers ORDER BY customer_id;
SELECT * FROM scored ORDER BY customer_id, segment;
SELECT region, md5(digest::text) FROM regions ORDER BY region;

\echo == use
SELECT id, tier_of(v, scheme) FROM ladders, (VALUES (4000), (2000000)) v (v) WHERE id IN (1, 4, 5) ORDER BY id, v;
SELECT id, digest_count(digest), digest_distinct(digest), digest_sum(digest), digest_min(digest), digest_max(digest),
  digest_precision(digest), digest_capacity(digest), digest_gini(digest), digest_quantile(digest, 0.9), digest_top_share(digest, 0.2),
  tier_fit(digest, 'A top 70% of value, B top 20%, C')
FROM summaries ORDER BY id;
SELECT tier_fit(value_digest(digest), 'A top 5, B > p40, C') FROM summaries WHERE id <= 3;
SELECT md5(value_digest(digest)::text) FROM regions;
SELECT rfm_score(20, 3, 0.2, scheme) FROM rfm_ladders WHERE id = 1;
SELECT id, rfm_segment(222, map) FROM maps WHERE id = 1;
SELECT id, score_of(card, 2000000, 12), score_explain(card, 2000000, 12) FROM cards WHERE id = 1;
SELECT id, tier_step(NULL, 5000, '2026-01-01', 'A >= 5000, 银 >= 1, "B ""2"""', rules) FROM rule_sets WHERE id = 1;
SELECT id, tier_step(standing, 1, '2026-12-01', '"A ""1""" >= 5, 银 >= 3, C', 'hold 3 months; land 1 month') FROM standings ORDER BY id;
SELECT p_alive(purchases, 3, 20, 38)::numeric(20, 10), expected_purchases(purchases, 39, 3, 20, 38)::numeric(20, 10),
  expected_spend(spend, 3, 40)::numeric(20, 10), model_parameters(purchases)
FROM models WHERE id = 1;
SELECT md5(string_agg(rfm_score(rfm, 'recency: 3 <= 30, 2 <= 90, 1; frequency: 2 >= 10, 1; monetary: 2 >= 2500, 1')::text, ' ' ORDER BY customer_id)),
  sum(expected_purchases(purchases, 39, clv))::numeric(20, 8)
FROM measured, models WHERE id = 1;

\echo == names and views
SELECT name, scheme, card, segments, description FROM tier_catalog_own ORDER BY name;
SELECT name, coalesce(scheme::text, ''), coalesce(card::text, ''), coalesce(segments::text, '') FROM tier_catalog ORDER BY name COLLATE "C";
SELECT named_scheme('ours'), named_scheme('abc'), score_of(named_card('卡'), 5000), rfm_segment(21, named_segments('two'));
SELECT ours, best, abc, count(*), sum(revenue) FROM graded GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT count(*) FROM graded g FULL JOIN graded_kept k USING (customer_id) WHERE g::text IS DISTINCT FROM k::text;

\echo == indexes
SET enable_seqscan = off;
SELECT count(*) FROM customers WHERE tier_rank(revenue, 'A >= 5000, B >= 1000, C') = 1;
SELECT count(*) FROM customers WHERE tier_of(revenue, 'A >= 5000, B >= 1000, C') = 'B';
SELECT count(*) FROM customers
WHERE rfm_segment(rfm_score(customer_id, 1, revenue,
        'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
      '高: 2*; "low; ""risk""": 1*') = '高'
  AND map = 'high: 2*; low: 1*';
SELECT id FROM ladders WHERE scheme = '"钻石, ""特级""" >= 5000, 金 >= 3000, 普通';
SELECT id FROM ladders WHERE scheme >= 'A' ORDER BY scheme;
SELECT a.id FROM summaries a WHERE digest = (SELECT value_digest(v::numeric) FROM generate_series(1, 1000) v);
SELECT id FROM rfm_ladders WHERE scheme = 'recency: 2 <= p20, 1; frequency: 3 natural, 1; monetary: 3 top 70% of value, 2 next 20% of value, 1';
SELECT id FROM maps WHERE map = named_segments('eight_zh');
SELECT id FROM cards WHERE card < 't 1%: 1';
SELECT id FROM rule_sets WHERE rules = '';
SELECT id FROM models WHERE purchases = (SELECT purchases FROM models WHERE id = 1);
SELECT count(*) FROM graded_kept WHERE best = 'A';
RESET enable_seqscan;

\echo == the program
SELECT layout, scheme, rules, as_of, complete_as_of, max_fall FROM loyalty.program;
SELECT * FROM loyalty.standing ORDER BY "Member No";
SELECT * FROM loyalty.past ORDER BY "Member No", valid_from;
SELECT "Member No", tier, rank, mode, reason, valid_from, valid_until FROM loyalty.overrides ORDER BY 1;
SELECT "Member No", tier, mode, reason, valid_from FROM loyalty.overrides_log ORDER BY 1, 2;
SELECT "Member No", tier, rank, since, rule FROM loyalty.grades ORDER BY 1;
SELECT as_of, kind, customers, entered, gone, rose, fell FROM loyalty.evaluations ORDER BY 1;
SELECT s.*, md5(d) FROM (SELECT to_jsonb(s) - 'digest' AS s, digest::text AS d FROM loyalty.schemes s) s ORDER BY 1;
SELECT * FROM loyalty.draft ORDER BY "Member No";
