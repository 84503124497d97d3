-- A program over a materialized view of a distributed table, and one over the table.
CREATE MATERIALIZED VIEW measured AS SELECT customer_id, revenue, region FROM customers;
SELECT tier_program_create('loyalty', 'measured', key => '{customer_id}', measure => 'revenue', scheme => 'Gold top 10%, Silver top 40%, Bronze', rules => 'hold 6 months', group_by => 'region');
SELECT tier_program_create('direct', 'customers', key => '{customer_id}', measure => 'revenue', scheme => 'Gold top 10%, Silver top 40%, Bronze', rules => 'hold 6 months');
SELECT * FROM tier_evaluate('loyalty', '2026-01-01');
SELECT * FROM tier_evaluate('direct', '2026-01-01');
UPDATE customers SET revenue = 3000 - revenue WHERE customer_id % 97 = 1;
DELETE FROM customers WHERE customer_id % 1000 = 5;
INSERT INTO customers VALUES (9001, 'region 1', 2500, 1, '2026-01-15');
SELECT * FROM tier_evaluate('loyalty', '2026-02-01');
SELECT * FROM tier_evaluate('direct', '2026-02-01');
UPDATE customers SET revenue = 0 WHERE customer_id % 50 = 2;
SELECT * FROM tier_evaluate('loyalty', '2026-07-15', draft => true);
SELECT tier_publish('loyalty');
SELECT * FROM tier_evaluate('direct', '2026-07-15');
SELECT tier_undo('direct');
SELECT * FROM tier_evaluate('direct', '2026-07-15');
SELECT * FROM loyalty.history ORDER BY customer_id, valid_from;
SELECT * FROM direct.history ORDER BY customer_id, valid_from;
SELECT g.tier, c.region, count(*), sum(c.revenue) FROM loyalty.grades g JOIN customers c USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT * FROM loyalty.schemes ORDER BY as_of, grp, rank;
SELECT * FROM tier_report('loyalty');
SELECT * FROM tier_report('direct', by => 'rule');
SELECT * FROM tier_migration('direct', '2026-01-01', '2026-07-15');
SELECT * FROM tier_preview('loyalty', '2027-03-01') ORDER BY 1;
SELECT tier_program_explain('loyalty', 77), tier_program_explain('direct', 78);
SELECT * FROM tier_verify('loyalty');

-- Standings of one's own, distributed as the customers are: fit to text, then each shard writes its own.
SELECT tier_fit(value_digest(revenue), 'Gold top 10%, Silver top 40%, Bronze') AS fit FROM customers \gset
INSERT INTO standings SELECT customer_id, tier_step(NULL, revenue, '2026-01-01', :'fit', 'hold 6 months') FROM customers WHERE customer_id % 3 > 0;
UPDATE customers SET revenue = revenue + 700 WHERE customer_id % 7 = 0;
SELECT tier_fit(value_digest(revenue), 'Gold top 10%, Silver top 40%, Bronze') AS fit FROM customers \gset
DELETE FROM customers WHERE customer_id % 500 = 7;
UPDATE standings s SET standing = tier_step(s.standing, c.revenue, '2026-08-01', :'fit', 'hold 6 months') FROM customers c WHERE c.customer_id = s.customer_id;
DELETE FROM standings s WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = s.customer_id);
INSERT INTO standings SELECT customer_id, tier_step(NULL, revenue, '2026-08-01', :'fit', 'hold 6 months') FROM customers ON CONFLICT DO NOTHING;
UPDATE standings SET standing = tier_step(standing, 5, '2026-09-01', :'fit', 'hold 6 months') WHERE customer_id = 78;
DELETE FROM standings WHERE customer_id = 79;
SELECT customer_id, (standing).tier, (standing).since, (standing).until, standing FROM standings ORDER BY customer_id;
