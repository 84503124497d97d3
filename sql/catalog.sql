-- The catalog: every shipped scheme with values on both sides of every bound,
-- the cards and segment maps, what needs more than one scheme, the users' own
-- entries.
SET datestyle = ISO;

-- What is there
SELECT name, scheme FROM tier_catalog WHERE scheme IS NOT NULL AND name !~ '^reputation' ORDER BY name;
SELECT name, card FROM tier_catalog WHERE card IS NOT NULL ORDER BY name;
SELECT name, segments FROM tier_catalog WHERE segments IS NOT NULL ORDER BY name;
SELECT rank, en.tier, zh.tier, en.bound
FROM tier_list(named_scheme('reputation')) en JOIN tier_list(named_scheme('reputation_zh')) zh USING (rank)
ORDER BY rank DESC;
-- each entry is complete, canonical and found by its name
SELECT count(*) AS entries,
	   bool_and(shipped) AS shipped,
	   bool_and(measure <> '' AND unit <> '' AND description <> '') AS described,
	   bool_and(name ~ '^[a-z][a-z0-9_]*$') AS well_named,
	   bool_and(num_nonnulls(scheme, card, segments) > 0) AS filled
FROM tier_catalog;
SELECT bool_and(scheme::text::tier_scheme = scheme) AS canonical, bool_and(named_scheme(name) = scheme) AS found
FROM tier_catalog WHERE scheme IS NOT NULL;
SELECT bool_and(card::text::scorecard = card) AS canonical, bool_and(named_card(name) = card) AS found
FROM tier_catalog WHERE card IS NOT NULL;
SELECT bool_and(segments::text::rfm_segments = segments) AS canonical, bool_and(named_segments(name) = segments) AS found
FROM tier_catalog WHERE segments IS NOT NULL;
-- one in Chinese has the bounds of the English one, and labels of its own
SELECT zh.name
FROM tier_catalog zh LEFT JOIN tier_catalog en ON en.name || '_zh' = zh.name
WHERE zh.name ~ '_zh$'
  AND ((SELECT array_agg(bound ORDER BY rank) FROM tier_list(zh.scheme))
	   IS DISTINCT FROM (SELECT array_agg(bound ORDER BY rank) FROM tier_list(en.scheme))
	   OR zh.scheme = en.scheme);
SELECT score, zh.segment, en.segment AS english
FROM rfm_segment_cells(named_segments('eight_zh')) zh JOIN rfm_segment_cells(named_segments('eight')) en USING (score)
ORDER BY score DESC;

--
-- Fixed numbers
--
CREATE TEMPORARY TABLE expected (name text, value numeric, tier text);
INSERT INTO expected VALUES
	('abc_amount', 5000000.01, 'A'), ('abc_amount', 5000000, 'A'), ('abc_amount', 4999999.99, 'B'),
	('abc_amount', 1000000, 'B'), ('abc_amount', 999999.99, 'C'), ('abc_amount', 0, 'C'),
	('pareto_check', 0.8, 'concentrated'), ('pareto_check', 0.7999, 'spread'), ('pareto_check', 0.8001, 'concentrated'),
	('frequency', 11, 'high'), ('frequency', 10, 'high'), ('frequency', 9, 'low'), ('frequency', 1, 'low'), ('frequency', 0, 'zero'),
	('monthly_regular', 11, 'regular'), ('monthly_regular', 10, 'regular'), ('monthly_regular', 9, 'other'), ('monthly_regular', 0, 'other'),
	('visitor', 31, 'group'), ('visitor', 30, 'group'), ('visitor', 29, 'monthly'), ('visitor', 10, 'monthly'), ('visitor', 9, 'regular'),
	('visitor', 4, 'regular'), ('visitor', 3, 'walk-in'), ('visitor', 1, 'walk-in'), ('visitor', 0, NULL),
	('loyalty', 7, 'loyal'), ('loyalty', 6, 'loyal'), ('loyalty', 5, 'general'), ('loyalty', 1, 'general'), ('loyalty', 0, 'lost'),
	('points', 5001, 'D'), ('points', 5000.01, 'D'), ('points', 5000, 'C'), ('points', 4999, 'C'), ('points', 3000, 'C'), ('points', 2999, 'B'),
	('points', 1000, 'B'), ('points', 999, 'A'), ('points', 0, 'A'),
	('points_discount', 5001, '0.80'), ('points_discount', 5000.01, '0.80'), ('points_discount', 5000, '0.88'), ('points_discount', 3000, '0.88'),
	('points_discount', 2999, '0.90'), ('points_discount', 1000, '0.90'), ('points_discount', 999, '0.95'), ('points_discount', 0, '0.95'),
	('reputation', 0, NULL), ('reputation', 3, NULL), ('reputation', 4, 'one star'), ('reputation', 10, 'one star'),
	('reputation', 11, 'two stars'), ('reputation', 40, 'two stars'), ('reputation', 41, 'three stars'), ('reputation', 90, 'three stars'),
	('reputation', 91, 'four stars'), ('reputation', 150, 'four stars'), ('reputation', 151, 'five stars'), ('reputation', 250, 'five stars'),
	('reputation', 251, 'one diamond'), ('reputation', 500, 'one diamond'), ('reputation', 501, 'two diamonds'), ('reputation', 1000, 'two diamonds'),
	('reputation', 1001, 'three diamonds'), ('reputation', 2000, 'three diamonds'), ('reputation', 2001, 'four diamonds'), ('reputation', 5000, 'four diamonds'),
	('reputation', 5001, 'five diamonds'), ('reputation', 10000, 'five diamonds'), ('reputation', 10001, 'one crown'), ('reputation', 20000, 'one crown'),
	('reputation', 20001, 'two crowns'), ('reputation', 50000, 'two crowns'), ('reputation', 50001, 'three crowns'), ('reputation', 100000, 'three crowns'),
	('reputation', 100001, 'four crowns'), ('reputation', 200000, 'four crowns'), ('reputation', 200001, 'five crowns'), ('reputation', 500000, 'five crowns'),
	('reputation', 500001, 'one gold crown'), ('reputation', 1000000, 'one gold crown'), ('reputation', 1000001, 'two gold crowns'), ('reputation', 2000000, 'two gold crowns'),
	('reputation', 2000001, 'three gold crowns'), ('reputation', 5000000, 'three gold crowns'), ('reputation', 5000001, 'four gold crowns'), ('reputation', 10000000, 'four gold crowns'),
	('reputation', 10000001, 'five gold crowns'), ('reputation', 99999999, 'five gold crowns'),
	('membership', 3000.01, 'VIP'), ('membership', 3000, 'VIP'), ('membership', 2999.99, 'ordinary'), ('membership', 0, 'ordinary'),
	('order_size', 100000.01, 'A'), ('order_size', 100000, 'A'), ('order_size', 99999.99, 'B'), ('order_size', 10000, 'B'), ('order_size', 9999.99, 'C'),
	('account_level', 5000000.01, 'five'), ('account_level', 5000000, 'five'), ('account_level', 4999999.99, 'four'), ('account_level', 3000000, 'four'),
	('account_level', 2999999.99, 'three'), ('account_level', 500000, 'three'), ('account_level', 499999.99, 'two'), ('account_level', 50000, 'two'),
	('account_level', 49999.99, 'one'), ('account_level', 10000, 'one'), ('account_level', 9999.99, NULL),
	('bank', 8000000.01, 'private banking'), ('bank', 8000000, 'private banking'), ('bank', 7999999.99, 'wealth management'), ('bank', 2000000, 'wealth management'),
	('bank', 1999999.99, 'personal finance'), ('bank', 200000, 'personal finance'), ('bank', 199999.99, 'ordinary'), ('bank', 0, 'ordinary'),
	('medal_amount', 100000.01, 'gold'), ('medal_amount', 100000, 'gold'), ('medal_amount', 99999.99, 'silver'), ('medal_amount', 10000, 'silver'), ('medal_amount', 9999.99, 'bronze'),
	('medal_frequency', 13, 'gold'), ('medal_frequency', 12, 'gold'), ('medal_frequency', 11, 'silver'), ('medal_frequency', 4, 'silver'), ('medal_frequency', 3, 'bronze'),
	('trade_volume', 500000.01, 'main'), ('trade_volume', 500000, 'main'), ('trade_volume', 499999.99, 'general'), ('trade_volume', 50000, 'general'), ('trade_volume', 49999.99, 'scattered'),
	('satisfaction', 100, 'A'), ('satisfaction', 80, 'A'), ('satisfaction', 79.99, 'B'), ('satisfaction', 60, 'B'), ('satisfaction', 59.99, 'C'), ('satisfaction', 0, 'C'),
	('composite', 100, 'A'), ('composite', 80, 'A'), ('composite', 79.99, 'B'), ('composite', 60, 'B'), ('composite', 59.99, 'C'), ('composite', 0, 'C'),
	('risk', 0, 'low'), ('risk', 19.99, 'low'), ('risk', 20, 'medium low'), ('risk', 39.99, 'medium low'), ('risk', 40, 'medium'), ('risk', 59.99, 'medium'),
	('risk', 60, 'medium high'), ('risk', 79.99, 'medium high'), ('risk', 80, 'high'), ('risk', 100, 'high'),
	('credit', 100, 'AAA'), ('credit', 90, 'AAA'), ('credit', 89.99, 'AA'), ('credit', 80, 'AA'), ('credit', 79.99, 'A'), ('credit', 70, 'A'), ('credit', 69.99, 'BBB'), ('credit', 60, 'BBB'),
	('credit', 59.99, 'BB'), ('credit', 50, 'BB'), ('credit', 49.99, 'B'), ('credit', 40, 'B'), ('credit', 39.99, 'CCC'), ('credit', 30, 'CCC'), ('credit', 29.99, 'CC'), ('credit', 20, 'CC'), ('credit', 19.99, 'C'), ('credit', 0, 'C'),
	('prospect_steps', 100, '2'), ('prospect_steps', 80, '2'), ('prospect_steps', 79.99, '1'), ('prospect_steps', 60, '1'), ('prospect_steps', 59.99, '0'),
	('prospect_steps', 20, '0'), ('prospect_steps', 19.99, '-2'), ('prospect_steps', 0, '-2'),
	('matrix_value', 1000000.01, '2'), ('matrix_value', 1000000, '2'), ('matrix_value', 999999.99, '1'),
	('matrix_potential', 61, '2'), ('matrix_potential', 60, '2'), ('matrix_potential', 59.99, '1');

SELECT name, value, tier AS expected, tier_of(value, named_scheme(name)) AS tier
FROM expected
WHERE tier_of(value, named_scheme(name)) IS DISTINCT FROM tier
   OR tier_of(value::float8, named_scheme(name)) IS DISTINCT FROM tier;

-- the labels in Chinese
CREATE TEMPORARY TABLE chinese (name text, tier text, label text);
INSERT INTO chinese VALUES
	('core', 'core', '核心'), ('core', 'potential', '潜力'), ('core', 'general', '一般'),
	('vip_pyramid', 'VIP', 'VIP客户'), ('vip_pyramid', 'major', '主要客户'), ('vip_pyramid', 'regular', '普通客户'), ('vip_pyramid', 'small', '小客户'),
	('value_layer', 'high', '高价值'), ('value_layer', 'upper middle', '中高价值'), ('value_layer', 'middle', '中价值'), ('value_layer', 'lower middle', '中低价值'), ('value_layer', 'low', '低价值'),
	('frequency', 'high', '高频'), ('frequency', 'low', '低频'), ('frequency', 'zero', '零频'),
	('loyalty', 'loyal', '忠诚'), ('loyalty', 'general', '一般'), ('loyalty', 'lost', '流失'),
	('reputation', 'one star', '一星'), ('reputation', 'two stars', '二星'), ('reputation', 'three stars', '三星'), ('reputation', 'four stars', '四星'), ('reputation', 'five stars', '五星'),
	('reputation', 'one diamond', '一钻'), ('reputation', 'two diamonds', '二钻'), ('reputation', 'three diamonds', '三钻'), ('reputation', 'four diamonds', '四钻'), ('reputation', 'five diamonds', '五钻'),
	('reputation', 'one crown', '一皇冠'), ('reputation', 'two crowns', '二皇冠'), ('reputation', 'three crowns', '三皇冠'), ('reputation', 'four crowns', '四皇冠'), ('reputation', 'five crowns', '五皇冠'),
	('reputation', 'one gold crown', '一金冠'), ('reputation', 'two gold crowns', '二金冠'), ('reputation', 'three gold crowns', '三金冠'), ('reputation', 'four gold crowns', '四金冠'), ('reputation', 'five gold crowns', '五金冠'),
	('membership', 'VIP', 'VIP会员'), ('membership', 'ordinary', '普通会员'),
	('account_level', 'one', '一级'), ('account_level', 'two', '二级'), ('account_level', 'three', '三级'), ('account_level', 'four', '四级'), ('account_level', 'five', '五级'),
	('bank', 'private banking', '私人银行'), ('bank', 'wealth management', '财富管理'), ('bank', 'personal finance', '理财'), ('bank', 'ordinary', '普通'),
	('medal_amount', 'gold', '金牌'), ('medal_amount', 'silver', '银牌'), ('medal_amount', 'bronze', '铜牌'),
	('medal_frequency', 'gold', '金牌'), ('medal_frequency', 'silver', '银牌'), ('medal_frequency', 'bronze', '铜牌'),
	('trade_length', 'main', '主力'), ('trade_length', 'general', '一般'), ('trade_length', 'scattered', '零散'),
	('trade_volume', 'main', '主力'), ('trade_volume', 'general', '一般'), ('trade_volume', 'scattered', '零散'),
	('life_cycle', 'active', '活跃'), ('life_cycle', 'sleeping', '沉睡'), ('life_cycle', 'lost', '流失'),
	('life_cycle_new', 'new', '新客'), ('life_cycle_new', 'active', '活跃'),
	('risk', 'low', '低风险'), ('risk', 'medium low', '较低风险'), ('risk', 'medium', '中风险'), ('risk', 'medium high', '较高风险'), ('risk', 'high', '高风险');
-- tier by tier, and at every bound that is a number
SELECT name, tier, label, tier_label(tier_rank_label(tier, named_scheme(name)), named_scheme(name || '_zh'))
FROM chinese
WHERE tier_label(tier_rank_label(tier, named_scheme(name)), named_scheme(name || '_zh')) IS DISTINCT FROM label;
SELECT count(*) AS graded, count(*) FILTER (WHERE tier_of(value, named_scheme(name || '_zh')) IS DISTINCT FROM label) AS wrong
FROM expected LEFT JOIN chinese USING (name, tier)
WHERE name IN (SELECT name FROM chinese);

--
-- Elapsed time, by the calendar
--
CREATE TEMPORARY TABLE expected_time (name text, since date, until date, tier text);
INSERT INTO expected_time VALUES
	-- a month from the 31st ends with February; a month of 31 days is a month
	('prospect', '2026-01-31', '2026-01-31', 'A'), ('prospect', '2026-01-31', '2026-02-28', 'A'), ('prospect', '2026-01-31', '2026-03-01', 'B'),
	('prospect', '2028-01-31', '2028-02-29', 'A'), ('prospect', '2028-01-31', '2028-03-01', 'B'),
	('prospect', '2026-07-15', '2026-08-15', 'A'), ('prospect', '2026-07-15', '2026-08-16', 'B'),
	('prospect', '2026-01-31', '2026-04-30', 'B'), ('prospect', '2026-01-31', '2026-05-01', 'C'),
	('prospect', '2026-07-15', '2026-10-15', 'B'), ('prospect', '2026-07-15', '2026-10-16', 'C'),
	('prospect', '2026-01-31', '2026-07-31', 'C'), ('prospect', '2026-01-31', '2026-08-01', 'D'),
	('prospect', '2026-08-31', '2027-02-28', 'C'), ('prospect', '2026-08-31', '2027-03-01', 'D'),
	('prospect', '2026-07-15', '2030-01-01', 'D'), ('prospect', '2026-07-15', '2026-07-14', 'A'),
	('prospect_overdue', '2026-07-15', '2026-07-14', 'overdue'), ('prospect_overdue', '2026-07-15', '2026-07-15', 'A'),
	('prospect_overdue', '2026-07-15', '2026-08-15', 'A'), ('prospect_overdue', '2026-07-15', '2026-08-16', 'B'),
	('prospect_overdue', '2026-07-15', '2026-10-15', 'B'), ('prospect_overdue', '2026-07-15', '2026-10-16', 'C'),
	('prospect_overdue', '2026-07-15', '2027-01-15', 'C'), ('prospect_overdue', '2026-07-15', '2027-01-16', 'D'),
	('lead', '2026-07-30', '2026-07-30', 'H'), ('lead', '2026-07-30', '2026-08-02', 'H'), ('lead', '2026-07-30', '2026-08-03', 'A'),
	('lead', '2026-07-30', '2026-08-06', 'A'), ('lead', '2026-07-30', '2026-08-07', 'B'),
	('lead', '2026-07-30', '2026-08-30', 'B'), ('lead', '2026-07-30', '2026-08-31', 'C'),
	('lead', '2026-07-30', '2026-10-30', 'C'), ('lead', '2026-07-30', '2026-10-31', NULL),
	('lead', '2026-01-31', '2026-02-28', 'B'), ('lead', '2026-01-31', '2026-03-01', 'C'),
	('lead', '2026-01-31', '2026-04-30', 'C'), ('lead', '2026-01-31', '2026-05-01', NULL),
	('tenure', '2025-08-31', '2026-02-27', 'provisional'), ('tenure', '2025-08-31', '2026-02-28', 'established'),
	('tenure', '2026-01-15', '2026-07-14', 'provisional'), ('tenure', '2026-01-15', '2026-07-15', 'established'), ('tenure', '2026-01-15', '2026-01-15', 'provisional'),
	('life_cycle', '2025-11-30', '2026-02-28', 'active'), ('life_cycle', '2025-11-30', '2026-03-01', 'sleeping'),
	('life_cycle', '2025-11-30', '2026-11-30', 'sleeping'), ('life_cycle', '2025-11-30', '2026-12-01', 'lost'), ('life_cycle', '2025-11-30', '2025-11-30', 'active'),
	('life_cycle_new', '2025-11-30', '2026-02-28', 'new'), ('life_cycle_new', '2025-11-30', '2026-03-01', 'active'),
	('trade_length', '2024-02-29', '2026-02-28', 'main'), ('trade_length', '2024-02-29', '2026-02-27', 'general'),
	('trade_length', '2024-02-29', '2024-08-29', 'general'), ('trade_length', '2024-02-29', '2024-08-28', 'scattered');
SELECT name, since, until, tier AS expected, tier_of(until, since, named_scheme(name)) AS tier
FROM expected_time
WHERE tier_of(until, since, named_scheme(name)) IS DISTINCT FROM tier
   OR tier_of(until::timestamp, since::timestamp, named_scheme(name)) IS DISTINCT FROM tier;
SELECT count(*) AS graded, count(*) FILTER (WHERE tier_of(until, since, named_scheme(name || '_zh')) IS DISTINCT FROM label) AS wrong
FROM expected_time LEFT JOIN chinese USING (name, tier)
WHERE name IN (SELECT name FROM chinese);

-- the states that a person gives stand after the measured tiers
SELECT name, array_agg(tier ORDER BY rank) AS by_rule
FROM tier_catalog, tier_list(scheme)
WHERE bound = 'by rule'
GROUP BY name ORDER BY name;
-- a prospect without a date is latent; one that a person called dead is E
SELECT expected_close, dead, CASE WHEN dead THEN 'E' ELSE coalesce(tier_of(expected_close, '2026-07-15', named_scheme('prospect')), 'D') END AS class
FROM (VALUES (date '2026-08-01', false), (NULL, false), ('2026-08-01', true)) prospects (expected_close, dead);
-- a lead's state goes before its date
SELECT expected_order, state, coalesce(state, tier_of(expected_order, '2026-07-15', named_scheme('lead'))) AS class
FROM (VALUES (date '2026-07-16', NULL), ('2026-07-16', 'O'), ('2026-07-16', 'F'), ('2026-07-16', 'L'), (NULL, NULL)) leads (expected_order, state);

--
-- Shares and quintiles: each customer with what is expected of it
--
CREATE TEMPORARY TABLE expected_among (name text, sample int, value numeric, tier text);
INSERT INTO expected_among VALUES
	-- 40 + 30 is 70% exactly, + 15 + 5 is 90% exactly
	('abc', 1, 40, 'A'), ('abc', 1, 30, 'A'), ('abc', 1, 15, 'B'), ('abc', 1, 5, 'B'), ('abc', 1, 4, 'C'), ('abc', 1, 3, 'C'), ('abc', 1, 2, 'C'), ('abc', 1, 1, 'C'), ('abc', 1, 0, 'C'), ('abc', 1, NULL, NULL),
	-- 40 + 29.99 is not, who crosses the line is inside; 89.99% is not
	('abc', 2, 40, 'A'), ('abc', 2, 29.99, 'A'), ('abc', 2, 15.01, 'A'), ('abc', 2, 4.99, 'B'), ('abc', 2, 4.01, 'B'), ('abc', 2, 3, 'C'), ('abc', 2, 2, 'C'), ('abc', 2, 1, 'C'),
	('abc_80', 1, 50, 'A'), ('abc_80', 1, 30, 'A'), ('abc_80', 1, 10, 'B'), ('abc_80', 1, 5, 'B'), ('abc_80', 1, 3, 'C'), ('abc_80', 1, 2, 'C'),
	('abc_80', 2, 50, 'A'), ('abc_80', 2, 29.99, 'A'), ('abc_80', 2, 10.01, 'A'), ('abc_80', 2, 4.99, 'B'), ('abc_80', 2, 3.01, 'B'), ('abc_80', 2, 2, 'C'),
	-- ten customers: two, three, five
	('core', 1, 100, 'core'), ('core', 1, 90, 'core'), ('core', 1, 80, 'potential'), ('core', 1, 70, 'potential'), ('core', 1, 60, 'potential'),
	('core', 1, 50, 'general'), ('core', 1, 40, 'general'), ('core', 1, 30, 'general'), ('core', 1, 20, 'general'), ('core', 1, 10, 'general'),
	-- ties with the second and the fifth are inside
	('core', 2, 100, 'core'), ('core', 2, 90, 'core'), ('core', 2, 90, 'core'), ('core', 2, 70, 'potential'), ('core', 2, 60, 'potential'),
	('core', 2, 60, 'potential'), ('core', 2, 40, 'general'), ('core', 2, 30, 'general'), ('core', 2, 20, 'general'), ('core', 2, 10, 'general'),
	-- 0 to 10: the percentiles fall on 8, 6, 4 and 2, which are not above them
	('value_layer', 1, 10, 'high'), ('value_layer', 1, 9, 'high'), ('value_layer', 1, 8, 'upper middle'), ('value_layer', 1, 7, 'upper middle'), ('value_layer', 1, 6, 'middle'), ('value_layer', 1, 5, 'middle'),
	('value_layer', 1, 4, 'lower middle'), ('value_layer', 1, 3, 'lower middle'), ('value_layer', 1, 2, 'low'), ('value_layer', 1, 1, 'low'), ('value_layer', 1, 0, 'low');
-- 100 customers: one, four, fifteen, eighty
INSERT INTO expected_among
	SELECT 'vip_pyramid', 1, 1000 - place, CASE WHEN place = 1 THEN 'VIP' WHEN place <= 5 THEN 'major' WHEN place <= 20 THEN 'regular' ELSE 'small' END
	FROM generate_series(1, 100) place;

SELECT * FROM (
	SELECT name, sample, value, e.tier AS expected,
		   tier_among(value, named_scheme(name)) OVER (PARTITION BY name, sample) AS among,
		   tier_of(value, (SELECT tier_fit(value_digest(f.value), named_scheme(e.name)) FROM expected_among f WHERE (f.name, f.sample) = (e.name, e.sample))) AS fitted
	FROM expected_among e) graded
WHERE among IS DISTINCT FROM expected OR fitted IS DISTINCT FROM expected;
SELECT count(*) AS graded, count(*) FILTER (WHERE tier IS DISTINCT FROM label) AS wrong
FROM (SELECT label, tier_among(value, named_scheme(name || '_zh')) OVER (PARTITION BY name, sample) AS tier
	  FROM expected_among LEFT JOIN chinese USING (name, tier)
	  WHERE name IN (SELECT name FROM chinese)) graded;

-- the 80/20 check: the top fifth brings 80%, a little less
SELECT sample, digest_top_share(value_digest(value), 0.2), tier_of(digest_top_share(value_digest(value), 0.2), named_scheme('pareto_check'))
FROM (VALUES (1, 50), (1, 30), (1, 4), (1, 3), (1, 3), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2),
			 (2, 50), (2, 29), (2, 5), (2, 3), (2, 3), (2, 2), (2, 2), (2, 2), (2, 2), (2, 2)) sales (sample, value)
GROUP BY sample ORDER BY sample;

--
-- No scheme, no bound and no tier is left out above
--
SELECT name FROM tier_catalog WHERE scheme IS NOT NULL AND name !~ '_zh$'
EXCEPT (SELECT name FROM expected UNION SELECT name FROM expected_time UNION SELECT name FROM expected_among);
SELECT name FROM tier_catalog WHERE scheme IS NOT NULL AND name ~ '_zh$'
EXCEPT SELECT name || '_zh' FROM chinese;
SELECT name, tier FROM tier_catalog, tier_list(scheme) WHERE name !~ '_zh$' AND bound IS DISTINCT FROM 'by rule'
EXCEPT (SELECT name, tier FROM expected UNION SELECT name, tier FROM expected_time UNION SELECT name, tier FROM expected_among);
-- at each number: the number itself, and a value less than 1 away on the side that it is not on
SELECT c.name, l.bound
FROM tier_catalog c, tier_list(scheme) l
WHERE edge IS NOT NULL AND name !~ '_zh$'
  AND NOT (EXISTS (SELECT FROM expected e WHERE e.name = c.name AND value = edge)
		   AND EXISTS (SELECT FROM expected e WHERE e.name = c.name AND CASE WHEN operator = '>' THEN value > edge AND value <= edge + 1 ELSE value < edge AND value >= edge - 1 END));

--
-- Two measures together
--
-- gold, silver, bronze by amount and frequency
SELECT amount, orders,
	   tier_all(named_scheme('medal_amount'), tier_of(amount, named_scheme('medal_amount')), tier_of(orders, named_scheme('medal_frequency'))) AS medal,
	   tier_all(named_scheme('medal_amount_zh'), tier_of(amount, named_scheme('medal_amount_zh')), tier_of(orders, named_scheme('medal_frequency_zh'))) AS medal_zh
FROM (VALUES (100000, 12), (100000, 11), (99999.99, 12), (10000, 4), (10000, 3), (9999.99, 4), (1000000, 1), (1, 100), (100000, NULL)) v (amount, orders);
-- main, general, scattered by length of trade and volume
SELECT first_order, volume,
	   tier_all(named_scheme('trade_volume'), tier_of('2026-06-30', first_order, named_scheme('trade_length')), tier_of(volume, named_scheme('trade_volume'))) AS customer,
	   tier_all(named_scheme('trade_volume_zh'), tier_of('2026-06-30', first_order, named_scheme('trade_length_zh')), tier_of(volume, named_scheme('trade_volume_zh'))) AS customer_zh
FROM (VALUES (date '2024-06-30', 500000), ('2024-07-01', 500000), ('2024-06-30', 499999.99), ('2025-12-31', 50000), ('2026-01-01', 50000), ('2025-12-31', 49999.99), ('2026-01-01', 9000000), ('2000-01-01', 1)) v (first_order, volume);

-- composite grade: each indicator's points at its bounds, the others at their best
SELECT sales, price_level, days_late, growth, score_of(named_card('composite'), sales, price_level, days_late, growth) AS score,
	   tier_of(score_of(named_card('composite'), sales, price_level, days_late, growth), named_scheme('composite')) AS grade
FROM (VALUES
	(5000000, 100, 0, 10), (4999999.99, 100, 0, 10), (1000000, 100, 0, 10), (999999.99, 100, 0, 10), (100000, 100, 0, 10), (99999.99, 100, 0, 10),
	(5000000, 99.99, 0, 10), (5000000, 90, 0, 10), (5000000, 89.99, 0, 10), (5000000, 80, 0, 10), (5000000, 79.99, 0, 10),
	(5000000, 100, 0.01, 10), (5000000, 100, 30, 10), (5000000, 100, 30.01, 10), (5000000, 100, 60, 10), (5000000, 100, 60.01, 10),
	(5000000, 100, 0, 9.99), (5000000, 100, 0, 0), (5000000, 100, 0, -0.01), (5000000, 100, 0, -10), (5000000, 100, 0, -10.01),
	-- on either side of A, of B; without any merit; without a figure for growth
	(5000000, 79.99, 0, 10), (5000000, 90, 0, -10.01), (5000000, 100, 61, -11), (100000, 80, 0, 0), (0, 0, 99, -50), (5000000, 100, 0, NULL)) v (sales, price_level, days_late, growth);
-- money-laundering risk: elements judged from 1 to 5; an unknown one is the highest risk
SELECT customer, geography, business, industry, score_of(named_card('risk'), customer, geography, business, industry) AS score,
	   tier_of(score_of(named_card('risk'), customer, geography, business, industry), named_scheme('risk')) AS risk,
	   tier_of(score_of(named_card('risk'), customer, geography, business, industry), named_scheme('risk_zh')) AS risk_zh
FROM (VALUES (1, 1, 1, 1), (2, 2, 1.8, 1.8), (1, 5, 1, 1), (1, 4.8, 1, 1), (2, 3, 3, 2.4), (2, 3, 3, 2.5), (3, 3, 3, 3), (3, 4, 3, 4), (3, 3.8, 3, 4), (4, 4.5, 4, 4.4), (4, 4.5, 4, 4.5), (5, 5, 5, 5), (1, NULL, 1, 1), (NULL, NULL, NULL, NULL)) v (customer, geography, business, industry);

-- satisfaction from survey answers of 0 to 100
SELECT customer, avg(answer), tier_of(avg(answer), named_scheme('satisfaction'))
FROM (VALUES ('a', 100), ('a', 60), ('b', 99), ('b', 60), ('c', 60), ('d', 59), ('d', 60), ('d', NULL)) survey (customer, answer)
GROUP BY customer ORDER BY customer;

-- grade by value, moved by prospects: a C with great potential is an A, a B about to close down a C
SELECT value, outlook, tier_of(value, s) AS by_value, tier_promote(tier_of(value, s), s, tier_of(outlook, named_scheme('prospect_steps'))::int) AS grade
FROM (SELECT named_scheme('abc_amount') AS s) c,
	 (VALUES (5000, 80), (5000, 79.99), (5000, 60), (5000, 59.99), (5000, 20), (5000, 19), (2000000, 80), (2000000, 60), (2000000, 20), (2000000, 19.99), (9000000, 100), (9000000, 0)) v (value, outlook);
-- value by potential
SELECT value, potential, rfm_segment((tier_of(value, named_scheme('matrix_value')) || tier_of(potential, named_scheme('matrix_potential')))::int, named_segments('matrix')) AS cell
FROM (VALUES (1000000, 60), (1000000, 59.99), (999999.99, 60), (999999.99, 59.99)) v (value, potential);

-- new customers: provisional until six months of business
SELECT first_order, revenue, CASE tier_of('2026-06-30', first_order, named_scheme('tenure')) WHEN 'provisional' THEN 'provisional ' ELSE '' END || tier_of(revenue, named_scheme('abc_amount')) AS grade
FROM (VALUES (date '2025-12-31', 6000000), ('2026-01-01', 6000000), ('2026-06-30', 6000000)) v (first_order, revenue);
-- life cycle: who ordered lately is new or active, by tenure
SELECT first_order, last_order,
	   coalesce(nullif(tier_of('2026-06-30', last_order, named_scheme('life_cycle')), 'active'), tier_of('2026-06-30', first_order, named_scheme('life_cycle_new'))) AS stage
FROM (VALUES (date '2026-06-01', date '2026-06-01'), ('2026-03-30', '2026-03-30'), ('2026-03-29', '2026-06-30'), ('2026-03-29', '2026-03-30'), ('2026-03-29', '2026-03-29'), ('2020-01-01', '2025-06-30'), ('2020-01-01', '2025-06-29')) v (first_order, last_order);
-- VIP, loyal, potential, low value: each measure high (2) or low (1)
SELECT recency, frequency, monetary, score, rfm_segment(score, named_segments('four')) AS segment
FROM (VALUES (30, 5, 1000.00), (31, 5, 1000), (30, 5, 999.99), (31, 5, 999.99), (30, 4, 1000), (30, 4, 999.99), (31, 4, 1000), (31, 4, 999.99)) v (recency, frequency, monetary),
	 rfm_score(recency, frequency, monetary, 'recency: 2 <= 30, 1; frequency: 2 >= 5, 1; monetary: 2 >= 1000, 1') score;

--
-- Segment maps
--
-- cell by cell, as they are published
WITH published (segment, cells) AS (VALUES
	('Champions', '555 554 544 545 454 455 445'),
	('Loyal', '543 444 435 355 354 345 344 335'),
	('Potential Loyalist', '553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323'),
	('New', '512 511 422 421 412 411 311'),
	('Promising', '525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313'),
	('Need Attention', '535 534 443 434 343 334 325 324'),
	('About To Sleep', '331 321 312 221 213 231 241 251'),
	('At Risk', '255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124'),
	('Cannot Lose Them', '155 154 144 214 215 115 114 113'),
	('Hibernating', '332 322 233 232 223 222 132 123 122 212 211'),
	('Lost', '111 112 121 131 141 151')),
cell AS (SELECT segment, score::integer FROM published, regexp_split_to_table(cells, ' ') score)
SELECT count(*) AS cells, count(DISTINCT score) AS different,
	   bool_and(rfm_segment(score, named_segments('eleven')) = segment) AS as_published
FROM cell;

WITH published (n, segment, pattern) AS (VALUES
	(1, 'Hibernating', '[12][12]'), (2, 'At Risk', '[12][34]'), (3, 'Can''t Lose', '[12]5'),
	(4, 'About To Sleep', '3[12]'), (5, 'Need Attention', '33'), (6, 'Loyal', '[34][45]'),
	(7, 'Promising', '41'), (8, 'New', '51'), (9, 'Potential Loyalist', '[45][23]'), (10, 'Champions', '5[45]')),
cell AS (
	SELECT 10 * r + f AS score, segment
	FROM generate_series(1, 5) r, generate_series(1, 5) f, published
	WHERE (10 * r + f)::text ~ ('^' || pattern || '$'))
SELECT count(*) AS cells, count(DISTINCT score) AS different,
	   bool_and(rfm_segment(score, named_segments('recency_frequency')) = segment) AS as_published
FROM cell;
SELECT name, (SELECT count(DISTINCT segment) FROM rfm_segment_cells(segments)) AS segments
FROM tier_catalog WHERE segments IS NOT NULL ORDER BY name;

--
-- Per segment
--
-- points per product category, and the price
SELECT customer, category, sum(points) AS points, tier_of(sum(points), named_scheme('points')) AS level, 200 * tier_of(sum(points), named_scheme('points_discount'))::numeric AS price
FROM (VALUES ('a', 'tea', 900), ('a', 'tea', 100), ('a', 'wine', 999), ('b', 'tea', 2999), ('b', 'wine', 3000), ('c', 'tea', 5000), ('c', 'wine', 5000), ('c', 'wine', 1)) purchases (customer, category, points)
GROUP BY customer, category ORDER BY customer, category;
-- by region, by kind of customer, by home and abroad: among each other, and by a digest of each group
CREATE TEMPORARY TABLE clients (client text, region text, is_company boolean, is_foreign boolean, revenue numeric);
INSERT INTO clients VALUES
	('a', 'North', true, false, 70), ('b', 'North', true, true, 20), ('c', 'North', false, false, 10),
	('d', 'South', true, false, 700), ('e', 'South', false, true, 200), ('f', 'South', false, true, 100), ('g', 'South', false, true, NULL);
SELECT client, tier_among(revenue, s) OVER (PARTITION BY region) AS in_region, tier_among(revenue, s) OVER (PARTITION BY is_company) AS in_kind,
	   tier_among(revenue, s) OVER (PARTITION BY is_foreign) AS home_or_abroad, tier_among(revenue, s) OVER () AS overall
FROM clients, (SELECT named_scheme('abc') AS s) c
ORDER BY client;
SELECT region, tier_fit(value_digest(revenue, 4096), (SELECT named_scheme('abc'))) FROM clients GROUP BY region ORDER BY region;
SELECT is_company, tier_fit(value_digest(revenue, 4096), (SELECT named_scheme('abc'))) FROM clients GROUP BY is_company ORDER BY is_company;
SELECT is_foreign, tier_fit(value_digest(revenue, 4096), (SELECT named_scheme('abc'))) FROM clients GROUP BY is_foreign ORDER BY is_foreign;
SELECT client, tier_of(revenue, fitted) AS in_region
FROM clients JOIN (SELECT region, tier_fit(value_digest(revenue, 4096), (SELECT named_scheme('abc'))) AS fitted FROM clients GROUP BY region) f USING (region)
ORDER BY client;

--
-- Names
--
\set VERBOSITY default
SELECT named_scheme('frequnecy'); -- fail
SELECT named_scheme('acb'); -- fail
SELECT named_scheme('ABC'); -- fail
SELECT named_scheme('trade'); -- fail
SELECT named_scheme('vip_piramid'); -- fail
SELECT named_scheme('bank zh'); -- fail
SELECT named_scheme('nothing like it'); -- fail
SELECT named_scheme(''); -- fail
SELECT named_scheme(repeat('abc', 100)); -- fail
SELECT named_scheme(NULL) IS NULL AS unknown;
-- each kind has its own names
SELECT named_card('compsite'); -- fail
SELECT named_card('credit'); -- fail
SELECT named_segments('twelve'); -- fail
SELECT named_segments('seven'); -- fail
SELECT named_scheme('eight'); -- fail

--
-- The users' own entries
--
INSERT INTO tier_catalog_own (name, scheme, measure, unit, description)
	VALUES ('my_tiers', 'Gold >= 5000, Silver >= 1000, Bronze', 'revenue', 'EUR', 'our loyalty program'), ('客户等级', '甲 >= 10, 乙', NULL, NULL, NULL);
SELECT named_scheme('my_tiers'), named_scheme('客户等级');
SELECT named_scheme('my_tier'); -- fail
SELECT named_scheme('客户'); -- fail
SELECT named_scheme('客户级别'); -- fail
SELECT named_card('my_tiers'); -- fail
-- a system of a card and a scheme, and a map
INSERT INTO tier_catalog_own (name, card, scheme) VALUES ('suppliers', 'quality 60%: linear 0 to 5; delay 40%: linear 10 to 0', 'A >= 80, B >= 50, C');
INSERT INTO tier_catalog_own (name, segments) VALUES ('halves', 'High: 2*; Low: 1*');
SELECT tier_of(score_of(named_card('suppliers'), 4, 3), named_scheme('suppliers')), rfm_segment(21, named_segments('halves'));
SELECT named_card('supplier'); -- fail
SELECT named_segments('halfs'); -- fail
SELECT name, scheme, card, segments, shipped FROM tier_catalog WHERE NOT shipped ORDER BY name;
-- one of the same name as a shipped one goes before it, until it is gone
INSERT INTO tier_catalog_own (name, scheme) VALUES ('abc_amount', 'A >= 900, B >= 100, C');
SELECT named_scheme('abc_amount');
SELECT scheme, shipped FROM tier_catalog WHERE name = 'abc_amount' ORDER BY shipped;
SELECT named_scheme('abc_amont'); -- fail
UPDATE tier_catalog_own SET scheme = 'A >= 800, B >= 100, C' WHERE name = 'abc_amount';
SELECT named_scheme('abc_amount');
DELETE FROM tier_catalog_own WHERE name = 'abc_amount';
SELECT named_scheme('abc_amount');
-- each part of it by itself: what it has not is the shipped one's
INSERT INTO tier_catalog_own (name, scheme) VALUES ('risk', 'low < 50, high');
SELECT named_scheme('risk'), named_card('risk');
INSERT INTO tier_catalog_own (name, card) VALUES ('composite', 'sales 100%: 100 >= 5000, 0');
SELECT named_scheme('composite'), named_card('composite');
INSERT INTO tier_catalog_own (name, segments) VALUES ('eleven', 'High: 2*; Low: 1*'), ('abc', 'High: 2*; Low: 1*');
SELECT named_segments('eleven'), named_scheme('abc');
-- what is refused
INSERT INTO tier_catalog_own (name, scheme) VALUES ('my_tiers', 'A >= 900, B'); -- fail
INSERT INTO tier_catalog_own (name, scheme) VALUES ('', 'A >= 900, B'); -- fail
INSERT INTO tier_catalog_own (name, scheme) VALUES (' my', 'A >= 900, B'); -- fail
INSERT INTO tier_catalog_own (name, scheme) VALUES (repeat('x', 64), 'A >= 900, B'); -- fail
INSERT INTO tier_catalog_own (scheme) VALUES ('A >= 900, B'); -- fail
INSERT INTO tier_catalog_own (name, scheme) VALUES ('mine', 'A >= 9, B >= 10, C'); -- fail
INSERT INTO tier_catalog_own (name, card) VALUES ('mine', 'a 10%: 200 >= 5, 0'); -- fail
INSERT INTO tier_catalog_own (name, segments) VALUES ('mine', 'High: 2*'); -- fail
INSERT INTO tier_catalog_own (name) VALUES ('mine'); -- fail
UPDATE tier_catalog_own SET scheme = NULL WHERE name = 'my_tiers'; -- fail
INSERT INTO tier_catalog (name, scheme) VALUES ('mine', 'A >= 900, B'); -- fail
DELETE FROM tier_catalog WHERE name = 'abc'; -- fail

-- it may become a table that each node of a database has: no triggers, no defaults, one key
SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = t.oid) AS triggers, (SELECT count(*) FROM pg_attrdef WHERE adrelid = t.oid) AS defaults,
	   (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = t.oid AND contype = 'p') AS key
FROM pg_class t WHERE oid = 'tier_catalog_own'::regclass;

-- nothing depends on the search path
SET search_path = pg_catalog;
SELECT public.named_scheme('my_tiers');
SELECT public.named_scheme('my_tierz'); -- fail
RESET search_path;

DELETE FROM tier_catalog_own;

-- in a scalar subselect a name is looked up once, and rows are graded in parallel
CREATE TABLE catalog_sales AS SELECT i * 100 AS revenue FROM generate_series(1, 60000) i;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
	RETURN plan;
END
$$;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT plan LIKE '%InitPlan%' AS once, plan LIKE '%"Gather%' AS parallel
FROM pg_temp.plan('SELECT tier_of(revenue, (SELECT named_scheme(''abc_amount''))) AS tier, count(*) FROM catalog_sales GROUP BY tier') plan;
SELECT tier_of(revenue, (SELECT named_scheme('abc_amount'))) AS tier, count(*) FROM catalog_sales GROUP BY tier ORDER BY tier;
DROP TABLE catalog_sales;
