-- Reports on a small case, by hand, and the classic finding.
SET datestyle = 'ISO';
CREATE TABLE clients (id int PRIMARY KEY, sales numeric, region text);
INSERT INTO clients VALUES (1, 900, 'east'), (2, 600, 'east'), (3, 300, 'west'), (4, 100, 'west'), (5, NULL, 'west');
SELECT tier_program_create('small', 'clients', '{id}', 'sales', 'A >= 500, B >= 200, C', group_by => NULL);
UPDATE small.program SET max_fall = 1;
-- a column of one's own, for reports
CREATE OR REPLACE VIEW small.source AS
  SELECT id, sales AS measure, sales::numeric AS value, NULL::text AS grp, true AS fit_when, NULL::date AS customer_since, region FROM clients;
SELECT * FROM tier_report('small', '2026-01-01');
SELECT * FROM tier_trend('small');
SELECT * FROM tier_migration('small', '2026-01-01', '2026-02-01');
SELECT * FROM tier_changes('small', '2026-01-01', '2026-02-01');

SELECT tier_evaluate('small', '2026-01-01');
-- by February: 2 falls, 4 rises, 3 leaves, 6 enters, 5 is graded
UPDATE clients SET sales = 250 WHERE id = 2;
UPDATE clients SET sales = 200 WHERE id = 4;
UPDATE clients SET sales = 10 WHERE id = 5;
DELETE FROM clients WHERE id = 3;
INSERT INTO clients VALUES (6, 700, 'north');
SELECT tier_evaluate('small', '2026-02-01');

SELECT tier, rank, customers, share, value, round(value_share, 4) AS value_share, round(mean, 2) AS mean, median, round(sd, 2) AS sd, min, max, entered, gone, rose, fell
FROM tier_report('small', '2026-01-31');
SELECT tier, rank, customers, share, value, round(value_share, 4) AS value_share, round(mean, 2) AS mean, median, round(sd, 2) AS sd, min, max, entered, gone, rose, fell
FROM tier_report('small', '2026-02-01');
SELECT tier, by_value, customers, value FROM tier_report('small', '2026-02-01', by => 'region');
SELECT tier, by_value, customers FROM tier_report('small', '2026-02-01', by => 'rule');
SELECT as_of, tier, customers, share, value, round(value_share, 4) AS value_share, mean, median, round(sd::numeric, 2) AS sd FROM tier_trend('small');
SELECT old_tier, new_tier, entered, gone, customers, share, value FROM tier_migration('small', '2026-01-01', '2026-02-01');
SELECT * FROM tier_changes('small', '2026-01-01', '2026-02-01');
-- the other way round, and from a day to itself
SELECT direction, count(*) FROM tier_changes('small', '2026-02-01', '2026-01-01') GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM tier_changes('small', '2026-02-01', '2026-02-01');

-- the bar moves, and nobody buys more: the cause is the scheme
UPDATE small.program SET scheme = 'A >= 800, B >= 200, C';
SELECT tier_evaluate('small', '2026-03-01');
SELECT * FROM tier_changes('small', '2026-02-01', '2026-03-01');
-- the rules: a hold that ends
UPDATE small.program SET rules = 'hold 1 month';
SELECT tier_evaluate('small', '2026-03-02');
UPDATE clients SET sales = 5 WHERE id = 1;
SELECT tier_evaluate('small', '2026-03-20');
SELECT count(*) FROM tier_changes('small', '2026-03-02', '2026-03-20');
SELECT tier_evaluate('small', '2026-05-01');
SELECT key, old_tier, new_tier, rule, old_measure, new_measure, cause FROM tier_changes('small', '2026-03-20', '2026-05-01');
-- a review, and an override of then that was deleted since
SELECT tier_evaluate('small', '2026-06-01', draft => true);
UPDATE small.draft SET reviewed_tier = 'A' WHERE id = 5;
SELECT tier_publish('small');
SELECT key, old_tier, new_tier, rule, cause FROM tier_changes('small', '2026-05-01', '2026-06-01');
INSERT INTO small.overrides (id, tier, reason, valid_from) VALUES (4, 'A', 'contract', '2026-05-15');
SELECT key, old_tier, new_tier, rule, cause FROM tier_changes('small', '2026-05-01', '2026-06-01');
SELECT tier, by_value, customers FROM tier_report('small', '2026-06-01', by => 'rule');
DELETE FROM small.overrides;
SELECT key, old_tier, new_tier, rule, cause FROM tier_changes('small', '2026-05-01', '2026-06-01');

-- refused
SELECT * FROM tier_report('small', by => 'nothing');    -- fail
SELECT * FROM tier_report('small', NULL);               -- fail
SELECT * FROM tier_migration('small', NULL, '2026-02-01');  -- fail
SELECT * FROM tier_report('nobody');                    -- fail

-- labels and dates change without a bar
CREATE TABLE leads (no int PRIMARY KEY, stage text, last_call date);
INSERT INTO leads VALUES (1, 'hot', '2026-01-01'), (2, 'cold', '2025-06-01');
SELECT tier_program_create('stages', 'leads', '{no}', 'stage', 'hot >= 2, warm >= 1, cold');
SELECT tier_program_create('calls', 'leads', '{no}', 'last_call', 'fresh within 1 month, old within 6 months, lost');
UPDATE stages.program SET max_fall = 1;
UPDATE calls.program SET max_fall = 1;
SELECT tier_evaluate('stages', '2026-01-10'), tier_evaluate('calls', '2026-01-10');
UPDATE leads SET stage = 'warm' WHERE no = 2;
SELECT tier_evaluate('stages', '2026-02-10'), tier_evaluate('calls', '2026-02-10');
SELECT * FROM tier_changes('stages', '2026-01-10', '2026-02-10');
SELECT * FROM tier_changes('calls', '2026-01-10', '2026-02-10');

-- the classic: A is 10% of the customers and brings 70% of the sales, with 15% of the visits; C is 70%, brings 10% and takes 60%
CREATE TABLE accounts (id int PRIMARY KEY, sales numeric);
INSERT INTO accounts SELECT i, CASE WHEN i <= 10 THEN 70 WHEN i <= 30 THEN 10 ELSE 10.0 / 7 END FROM generate_series(1, 100) i;
CREATE TABLE visits (who int, day date, hours numeric);
INSERT INTO visits SELECT 1 + i % 10, date '2026-01-02' + i, 1 FROM generate_series(0, 14) i;
INSERT INTO visits SELECT 11 + i % 20, date '2026-01-02' + i, 1 FROM generate_series(0, 24) i;
INSERT INTO visits SELECT 31 + i % 60, date '2026-01-02' + i, 1 FROM generate_series(0, 59) i;
SELECT tier_program_create('abc', 'accounts', '{id}', 'sales', 'A top 70% of value, B top 90% of value, C');
SELECT tier_evaluate('abc', '2026-01-01');
SELECT tier, customers, facts_count, total, customer_share, round(value_share, 4) AS value_share, total_share, round(index, 2) AS index, mean, median, sd, round(per_customer, 3) AS per_customer
FROM tier_effect('abc', 'visits', '{who}', 'hours', 'day');
-- by the tier that was earned: overrides matter not
CREATE TABLE effect AS SELECT * FROM tier_effect('abc', 'visits', '{who}', 'hours', 'day');
INSERT INTO abc.overrides (id, tier, reason, valid_from) SELECT i, 'A', 'contract', '2025-12-01' FROM generate_series(31, 100) i;
SELECT tier, count(*) FROM abc.grades GROUP BY tier ORDER BY tier;
SELECT count(*) FROM (SELECT * FROM tier_effect('abc', 'visits', '{who}', 'hours', 'day') EXCEPT TABLE effect) e;
DELETE FROM abc.overrides;
-- between two days; of a cohort; facts of nobody
SELECT tier, facts_count FROM tier_effect('abc', 'visits', '{who}', '1', 'day', '2026-01-10', '2026-01-20');
INSERT INTO visits VALUES (999, '2026-01-03', 4), (1, '2025-12-31', 4);
SELECT tier, customers, facts_count, total FROM tier_effect('abc', 'visits', '{who}', 'hours', 'day');
SELECT tier, customers, facts_count, total FROM tier_effect('abc', 'visits', '{who}', 'hours', 'day', cohort => '2026-01-01');
SELECT * FROM tier_effect('abc', 'visits', '{nobody}', 'hours', 'day');         -- fail
SELECT * FROM tier_effect('abc', 'visits', '{who,day}', 'hours', 'day');        -- fail
SELECT * FROM tier_effect('abc', 'visits', '{who}', 'hours, 1', 'day');         -- fail
SELECT * FROM tier_effect('abc', 'visits', '{who}', 'hours', NULL);             -- fail

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA small, stages, calls, abc CASCADE;
DROP TABLE clients, leads, accounts, visits, effect CASCADE;
