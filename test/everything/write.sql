-- A database in which everything that the extension makes is stored, in every
-- way in which a database keeps a value. What is here is read by read.sql and
-- taken further by evaluate.sql: after a dump and restore, on a standby, after
-- pg_upgrade, after an update of the extension.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS customer_tier;
CREATE SCHEMA shop;
SET search_path = shop, public;

CREATE TABLE ladders (id int PRIMARY KEY, scheme tier_scheme);
INSERT INTO ladders VALUES
  (1, 'A >= 5000000, B >= 1000000, C'),
  (2, 'A top 70% of value, B top 90% of value, C'),
  (3, 'Overdue < 0 days, A within 1 month, B within 3 months, C, D by rule'),
  (4, '"钻石, ""特级""" >= 5000, 金 >= 3000, 普通'),
  (5, 'A > Infinity, B >= 0.1, C >= 0.1'),
  (6, 'High >= mean + 1 sd, Middle >= median, Low natural, Rest'),
  (7, NULL);
CREATE INDEX ladders_hash ON ladders USING hash (scheme);
CREATE INDEX ladders_btree ON ladders (scheme);

CREATE TABLE summaries (id int PRIMARY KEY, digest value_digest);
INSERT INTO summaries
  SELECT 1, value_digest(v::numeric) FROM generate_series(1, 1000) v;
INSERT INTO summaries
  SELECT 2, value_digest(v % 7 - 3) FROM generate_series(1, 100000) v;
INSERT INTO summaries                   -- truncated
  SELECT 3, value_digest(sqrt(v), 4096) FROM generate_series(1, 20000) v;
INSERT INTO summaries                   -- wide
  SELECT 4, value_digest(v) FROM (VALUES (12345678901234567890.5), (0.1)) t(v);
INSERT INTO summaries VALUES (5, NULL);
CREATE INDEX summaries_hash ON summaries USING hash (digest);

CREATE TABLE rfm_ladders (id int PRIMARY KEY, scheme rfm_scheme UNIQUE);
INSERT INTO rfm_ladders VALUES
  (1, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 9 >= 10, 1; monetary: 3 > 0.1, 2 > 0.1'),
  (2, 'recency: 2 <= p20, 1; frequency: 3 natural, 1; monetary: 3 top 70% of value, 2 next 20% of value, 1'),
  (3, NULL);

CREATE TABLE maps (id int PRIMARY KEY, map rfm_segments UNIQUE);
INSERT INTO maps SELECT 1, named_segments('eight_zh');
INSERT INTO maps VALUES
  (2, '"Best; ""top""": 2*; Cannot Lose Them: 1[12]'),
  (3, NULL);

CREATE TABLE cards (id int PRIMARY KEY, card scorecard UNIQUE);
INSERT INTO cards VALUES
  (1, 'sales 50%: 100 >= 5000000, 60 >= 1000000, 20; growth 20.5%: linear -10 to 30; require 60%'),
  (2, '销售 1%: 100 >= mean + 1 sd, 0; "days ""late""" 2% missing 0: linear p95 to p5'),
  (3, NULL);

CREATE TABLE rule_sets (id int PRIMARY KEY, rules tier_rules);
INSERT INTO rule_sets VALUES
  (1, 'keep A >= 4000, 银 >= 0.1; hold 1 year to end of March; new 6 months as "B ""2"""'),
  (2, 'keep "80"; land 2 quarters'),
  (3, ''),
  (4, NULL);
CREATE INDEX rule_sets_hash ON rule_sets USING hash (rules);

CREATE TABLE standings (id int PRIMARY KEY, standing tier_standing);
INSERT INTO standings
  SELECT i, tier_standing(v, date '2026-01-01' + 40 * i::int, '"A ""1""" >= 5, 银 >= 3, C', 'hold 3 months; land 1 month')
              OVER (ORDER BY i)
  FROM unnest(ARRAY[9, 1, 1, NULL, 4]) WITH ORDINALITY v (v, i);
INSERT INTO standings VALUES (6, NULL);

CREATE TABLE models (id int PRIMARY KEY, purchases purchase_model, spend spend_model);
INSERT INTO models VALUES
  (1, 'bgnbd r 0.1788928966 (se 0.018589), alpha 1.856490388 (se 0.31702) weeks, a 0.2835202263 (se 0.11782), b 2.728722137 (se 1.5398); n 400, log likelihood -2981.97356612, gradient 1e-10, converged',
   'gamma_gamma p 2.354168317 (se 1.143), q 3.114084505 (se 0.63139), gamma 34.27936155 (se 23.676); n 160, log likelihood -714.549352252, gradient 1e-10, converged'),
  (2, NULL, NULL);
INSERT INTO models                      -- from data: the last digits are the machine's
  SELECT 3, pareto_nbd_fit(x, t_x, 38, 'week'), gamma_gamma_fit(x, m)
  FROM (SELECT CASE i % 5 WHEN 3 THEN 1 + i % 3 WHEN 4 THEN 6 + i * 7 % 11 ELSE 0 END AS x,
               CASE i % 5 WHEN 3 THEN 2 + i * 31 % 17 WHEN 4 THEN 30 + i % 8 ELSE 0 END AS t_x,
               5 + i * 17 % 61 AS m
        FROM generate_series(1, 400) i) c;
CREATE INDEX models_purchases_hash ON models USING hash (purchases);
CREATE INDEX models_spend_btree ON models (spend);

-- records, and as_of, which columns may have too
CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int, ordered_at date, amount numeric);
INSERT INTO orders SELECT i, i % 50, date '2025-01-01' + i * 13 % 365, 10 + i * 37 % 490 FROM generate_series(1, 600) i;
CREATE TABLE measured AS
  SELECT customer_id, rfm_measures(ordered_at, amount, date '2025-12-31') AS rfm,
         clv_measures(ordered_at, amount, date '2025-12-31', 'week') AS clv,
         payment_record(ordered_at, ordered_at + customer_id % 9 - 3, amount, date '2025-12-31') AS paid
  FROM orders GROUP BY customer_id;
CREATE TABLE rolled AS
  SELECT customer_id % 3 AS shop, rfm_rollup(customer_id::bigint, ordered_at, amount, date '2025-12-31') AS customers,
         rfm_rollup('no ' || customer_id, ordered_at, amount, date '2025-12-31') AS named,
         rfm_rollup(md5(customer_id::text)::uuid, ordered_at, amount, date '2025-12-31') AS told_by_uuid
  FROM orders GROUP BY 1;
CREATE TABLE summed AS
  SELECT s FROM (SELECT rfm_summary(rfm) AS s FROM measured) s;
CREATE TABLE reviewed (id int PRIMARY KEY, as_of rfm_as_of);
INSERT INTO reviewed VALUES (1, date '2025-12-31'), (2, timestamp '2025-12-31 12:34:56.789'),
  (3, timestamptz '2025-12-31 12:34:56+00'), (4, NULL);

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  revenue numeric CHECK (tier_of(revenue, 'ok >= 0, refund') = 'ok')
    CHECK (score_of('revenue 1%: 100 < 90000, 0', revenue) > 0),
  map rfm_segments DEFAULT 'high: 2*; low: 1*',
  tier text GENERATED ALWAYS AS
    (tier_of(revenue, 'A >= 5000, B >= 1000, C')) STORED,
  score numeric GENERATED ALWAYS AS
    (score_of('revenue 1%: linear 0 to 10000', revenue)) STORED);
CREATE INDEX customers_tier ON customers
  (tier_rank(revenue, 'A >= 5000, B >= 1000, C'));
CREATE INDEX customers_tier_hash ON customers USING hash
  (tier_of(revenue, 'A >= 5000, B >= 1000, C'));
CREATE INDEX customers_segment ON customers
  (rfm_segment(rfm_score(customer_id, 1, revenue,
     'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
   '高: 2*; "low; ""risk""": 1*'))
  WHERE map = 'high: 2*; low: 1*';
CREATE VIEW scored AS
  SELECT customer_id, rfm_segment(recency, map) AS segment,
         score_of('a 1%: linear 0 to 10; "b: c" 2%: 100 >= 5000, 0', 7, revenue),
         rfm_score(7, 1, revenue, scheme)
  FROM customers,
       (VALUES (11, rfm_scheme 'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
               (21, 'recency: 3 <= 7, 1; frequency: 1; monetary: 2 >= 500, 1')) v (recency, scheme)
  WHERE map < rfm_segments 'z: 2*; a: 1*' AND scheme <> rfm_scheme 'recency: 1; frequency: 1; monetary: 1';
INSERT INTO customers SELECT i, i * 10 FROM generate_series(1, 1000) i;
INSERT INTO customers VALUES (1001, NULL, NULL);

-- names of one's own, which belong to a table of the extension
INSERT INTO tier_catalog_own (name, scheme, card, segments, description) VALUES
  ('ours', 'Gold >= 8000, Silver >= 3000, Bronze', NULL, NULL, 'ours; "quoted"'),
  ('卡', NULL, 'revenue 1%: linear 0 to 10000', NULL, NULL),
  ('two', NULL, NULL, 'Top: 2*; Rest: 1*', NULL);

-- what is kept of a query
CREATE VIEW graded AS
  SELECT customer_id, revenue, tier_of(revenue, named_scheme('ours')) AS ours,
         tier_of(revenue, (SELECT tier_fit(value_digest(revenue), 'A top 10%, B') FROM customers)) AS best,
         abc_class(revenue) OVER () AS abc
  FROM customers;
CREATE MATERIALIZED VIEW graded_kept AS SELECT * FROM graded;
CREATE UNIQUE INDEX ON graded_kept (customer_id);
CREATE INDEX graded_kept_hash ON graded_kept USING hash (best);
CREATE MATERIALIZED VIEW regions AS
  SELECT customer_id % 4 AS region, value_digest(revenue, 4096) AS digest FROM customers GROUP BY 1;

-- a program in all its parts: evaluations, overrides, and a draft that waits
CREATE TABLE members ("Member No" int PRIMARY KEY, revenue numeric);
INSERT INTO members SELECT i, i * 7 % 100 FROM generate_series(1, 200) i;
SELECT tier_program_create('loyalty', 'members', '{Member No}', 'revenue', 'A top 20%, B >= 30, C', 'hold 3 months; grace 1 month') \g /dev/null
UPDATE loyalty.program SET max_fall = 1;
SELECT tier_evaluate('loyalty', '2026-01-01') \g /dev/null
UPDATE members SET revenue = revenue * 3 % 100;
DELETE FROM members WHERE "Member No" % 17 = 0;
SELECT tier_evaluate('loyalty', '2026-06-01') \g /dev/null
INSERT INTO loyalty.overrides ("Member No", tier, reason, valid_from)
  SELECT i, 'A', 'contract ' || i, '2020-01-01' FROM generate_series(1, 9) i;
UPDATE loyalty.overrides SET tier = 'B' WHERE "Member No" < 5;
DELETE FROM loyalty.overrides WHERE "Member No" = 9;
SELECT tier_evaluate('loyalty', '2026-12-01', draft => true) \g /dev/null
UPDATE loyalty.draft SET reviewed_tier = 'A', remark = 'a remark' WHERE "Member No" % 50 = 0;
