-- What the dashboard adds to the demo's company: names in Chinese for the
-- customers overseas, and what its sources read more than once. Tiers are the
-- earned ones: an override counts from the day on which the demo was made.
SET client_min_messages = warning;

-- The program's views look at the data as of its last evaluation, whatever
-- day it is where this runs.
SELECT complete_as_of AS as_of FROM loyalty.program \gset
ALTER DATABASE :"DBNAME" SET customer_tier.as_of = :'as_of';
SET customer_tier.as_of = :'as_of';
-- Evidence reads through cursors, but to their end.
ALTER DATABASE :"DBNAME" SET cursor_tuple_fraction = 1;

ALTER TABLE accounts ADD PRIMARY KEY (account_id);
CREATE INDEX ON sales (account_id, sold_on);

UPDATE accounts a SET name = c.name
FROM (SELECT account_id,
             (ARRAY['上海','北京','深圳','广州','杭州','成都','苏州','南京','武汉','厦门'])[1 + n % 10] ||
             (ARRAY['华瑞','金桥','明达','东方','天成','新宇','恒泰','宏远','安信','瑞丰'])[1 + n / 10 % 10] ||
             (ARRAY['食品','纺织','光学','汽车','图书','医药','工具','纸业','玻璃','能源',
                    '酒店','物流','齿科','旅游','软件','船舶','烘焙','设计','钢铁','农业',
                    '玩具','传媒','印刷','园艺','体育'])[1 + n / 100] || '有限公司' AS name
      FROM (SELECT account_id, row_number() OVER (ORDER BY account_id)::int - 1 AS n
            FROM accounts WHERE region = 'Overseas') overseas
      WHERE n < 2500) c
WHERE c.account_id = a.account_id;

-- The customers by recency, frequency and money.
CREATE MATERIALIZED VIEW scored AS
  SELECT account_id, (m).recency, (m).frequency, (m).monetary, rfm_among(m) OVER () AS score
  FROM (SELECT account_id, rfm_measures(ordered_on, amount, :'as_of'::date - 1, order_id) AS m
        FROM orders JOIN order_lines USING (order_id) GROUP BY account_id) measured;

-- What the next evaluation brings if nobody buys more, beside what everybody
-- has bought by now, and what that lacks to the next better tier.
CREATE MATERIALIZED VIEW outlook AS
  SELECT account_id, name, region, n.tier, n.rank, st.rule, s.measure AS bought,
         n.new_tier, tier_rank_label(n.new_tier, scheme) AS new_rank, n.new_rule, n.new_until, n.to_stay,
         better.edge::numeric - s.measure AS to_rise, s.customer_since
  FROM loyalty.program p
  CROSS JOIN LATERAL (SELECT (key ->> 'account_id')::int AS account_id, *
                      FROM tier_preview('loyalty', (p.complete_as_of + interval '3 months')::date)) n
  JOIN accounts USING (account_id) JOIN loyalty.standing st USING (account_id) LEFT JOIN loyalty.source s USING (account_id)
  LEFT JOIN tier_list(p.scheme) better ON better.rank = n.rank - 1;

-- Some customers to look at one by one: the largest, and the largest of those
-- who fall or are nearly up; each with the sentence that explains it, as of
-- the morning after the last evaluation.
CREATE MATERIALIZED VIEW explained AS
  WITH chosen AS (
    (SELECT account_id FROM outlook ORDER BY bought DESC NULLS LAST, account_id LIMIT 20) UNION
    (SELECT account_id FROM outlook WHERE new_rank > rank ORDER BY bought DESC, account_id LIMIT 20) UNION
    (SELECT account_id FROM outlook WHERE to_rise BETWEEN 0 AND 100 ORDER BY rank, to_rise, account_id LIMIT 20))
  SELECT account_id, o.name, o.region, o.tier, o.rank, o.rule, h.since, o.bought, o.to_rise, o.to_stay, o.new_tier,
         tier_standing_explain(ROW(h.tier, h.since, h.rule, h.until, h.met, h.clocks, h.evaluated_on)::tier_standing,
                               o.bought, p.complete_as_of + 1, p.scheme, p.rules, o.customer_since) ->> 'sentence' AS sentence
  FROM loyalty.program p, chosen JOIN outlook o USING (account_id) JOIN loyalty.history h USING (account_id)
  WHERE h.valid_to IS NULL;
