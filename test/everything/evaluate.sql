-- The program that write.sql made goes on: its draft, its triggers, its
-- reports, the next evaluation. All is taken back at the end.
SET search_path = shop, public;
SET client_min_messages = warning;
BEGIN;
SELECT * FROM tier_verify('loyalty');
SELECT * FROM tier_publish('loyalty');
SELECT tier, count(*), sum(value) FROM loyalty.standing GROUP BY 1 ORDER BY 1;
SELECT tier_undo('loyalty');
SELECT * FROM tier_evaluate('loyalty', '2027-03-01');
SELECT * FROM tier_verify('loyalty');
SELECT md5(string_agg(s::text, ' ' ORDER BY "Member No")) FROM loyalty.standing s;
SELECT tier, rank, rule, count(*) FROM loyalty.grades GROUP BY 1, 2, 3 ORDER BY 2, 3;
SELECT tier, customers, share, value, mean, entered, gone, rose, fell FROM tier_report('loyalty', '2027-03-01');
SELECT as_of, tier, customers, value FROM tier_trend('loyalty');
SELECT old_tier, new_tier, customers, value FROM tier_migration('loyalty', '2026-01-01', '2027-03-01');
SELECT direction, cause, count(*) FROM tier_changes('loyalty', '2026-01-01', '2027-03-01') GROUP BY 1, 2 ORDER BY 1, 2;
SAVEPOINT before_error;
INSERT INTO loyalty.overrides ("Member No", tier, reason) VALUES (20, 'Q', 'x'); -- fail
ROLLBACK TO before_error;
UPDATE loyalty.program SET rules = 'hold 1 month';
SELECT entered, gone, rose, fell FROM tier_evaluate('loyalty', '2027-06-01');
UPDATE tier_catalog_own SET scheme = 'Gold >= 1, Bronze' WHERE name = 'ours';
SELECT ours, count(*) FROM graded GROUP BY 1 ORDER BY 1;
REFRESH MATERIALIZED VIEW CONCURRENTLY graded_kept;
SELECT ours, count(*) FROM graded_kept GROUP BY 1 ORDER BY 1;
UPDATE customers SET revenue = revenue + 1 WHERE customer_id <= 10;
SELECT tier, score, count(*) FROM customers WHERE customer_id <= 10 GROUP BY 1, 2 ORDER BY 1, 2;
SAVEPOINT before_error;
INSERT INTO customers VALUES (0, 90000); -- fail
ROLLBACK TO before_error;
ROLLBACK;
