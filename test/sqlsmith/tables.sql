-- A few customers of the demo are enough, and queries over them quick.
DELETE FROM accounts WHERE account_id >= 200;
DELETE FROM orders WHERE account_id >= 200;
DELETE FROM order_lines l WHERE NOT EXISTS (SELECT FROM orders o WHERE o.order_id = l.order_id);
DELETE FROM customers WHERE customer_id >= 200;
DELETE FROM sales WHERE account_id >= 200;

-- A program with a history, a draft, and what aggregates return.
CREATE VIEW twelve_months AS
  SELECT account_id, region, coalesce(sum(amount), 0) AS bought
  FROM accounts LEFT JOIN sales s USING (account_id)
  WHERE s.sold_on IS NULL OR s.sold_on < tier_as_of() AND s.sold_on >= tier_as_of() - interval '1 year'
  GROUP BY account_id, region;
SELECT tier_program_create('loyalty', 'twelve_months', '{account_id}', 'bought',
                           'Gold >= 2500, Silver >= 800, Member', 'keep 80%; hold 6 months; grace 3 months');
SELECT count(e) FROM generate_series(date '2024-07-01', '2026-01-01', interval '3 months') day, tier_evaluate('loyalty', day::date) e;
SELECT customers FROM tier_evaluate('loyalty', '2026-04-01', draft => true);

CREATE TABLE measured AS
SELECT account_id, rfm_measures(sold_on, amount, '2026-06-30') AS rfm, clv_measures(sold_on, amount, '2026-06-30', 'week') AS clv
FROM sales GROUP BY account_id;
CREATE TABLE standings AS
SELECT account_id, day, tier_standing(bought, day, 'Gold >= 2500, Silver >= 800, Member', 'hold 6 months') OVER (PARTITION BY account_id ORDER BY day) AS standing
FROM (SELECT account_id, day::date AS day, sum(amount) AS bought
      FROM sales, generate_series(date '2024-07-01', '2026-07-01', interval '6 months') day
      WHERE sold_on < day GROUP BY account_id, day) s;
