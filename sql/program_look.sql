-- Looking at programs: tier_preview, tier_verify, tier_programs.
SET datestyle = 'ISO';

CREATE TABLE shops (id int PRIMARY KEY, revenue numeric, region text, opened date);
INSERT INTO shops SELECT i, i * 100, CASE WHEN i <= 5 THEN 'north' ELSE 'south' END, '2024-01-01' FROM generate_series(1, 12) i;
SELECT tier_program_create('shops_program', 'shops', '{id}', 'revenue', 'A >= 1000, B >= 500, C', 'keep 90%; hold 3 months', customer_since => 'opened');
-- before anything was evaluated
SELECT key, new_tier, new_rule, new_until, to_rise FROM tier_preview('shops_program', '2026-01-01') ORDER BY (key ->> 'id')::int;
SELECT tier_evaluate('shops_program', '2026-01-01');
UPDATE shops SET revenue = 930 WHERE id = 10;
UPDATE shops SET revenue = 700 WHERE id = 11;
UPDATE shops SET revenue = 480 WHERE id = 1;
UPDATE shops SET revenue = NULL WHERE id = 5;
DELETE FROM shops WHERE id = 2;
INSERT INTO shops VALUES (13, 600, 'south', '2024-01-01');
SELECT * FROM tier_preview('shops_program', '2026-03-01') ORDER BY (key ->> 'id')::int;
-- it writes nothing
SELECT count(*) FROM shops_program.history;
-- who falls if nobody buys more
SELECT key, tier, until, new_tier, to_stay FROM tier_preview('shops_program', '2026-06-01') WHERE new_tier IS DISTINCT FROM tier ORDER BY 1;
-- another scheme, other rules
SELECT new_tier, count(*) FROM tier_preview('shops_program', '2026-03-01', scheme => 'A top 20%, B top 50%, C') GROUP BY 1 ORDER BY 1;
SELECT new_tier, count(*) FROM tier_preview('shops_program', '2026-03-01', rules => '') GROUP BY 1 ORDER BY 1;
SELECT * FROM tier_preview('shops_program', '2025-12-31');      -- fail
SELECT * FROM tier_preview('shops_program', '2026-01-01');      -- fail
SELECT * FROM tier_preview('shops_program', 'infinity');        -- fail
SELECT * FROM tier_preview('shops_program', '-infinity');       -- fail
SELECT * FROM tier_preview(NULL);                               -- fail
SELECT * FROM tier_preview('shops_program', '2026-03-01', scheme => 'X >= 10, Y');  -- fail
-- without a date: today, or the day after the last evaluation, of either kind
BEGIN;
SELECT tier_program_create('today', 'shops', '{id}', 'revenue', 'A >= 1000, B', 'hold 90 days');
CREATE VIEW previewed AS
  SELECT ahead FROM generate_series(-20, 20) ahead
  WHERE (SELECT max(new_until) FROM tier_preview('today') WHERE new_rule = 'measured') = current_date + ahead + 90;
SELECT ahead FROM previewed;
SELECT customers FROM tier_evaluate('today', current_date - 10);
SELECT ahead FROM previewed;
SELECT customers FROM tier_evaluate('today', current_date);
SELECT ahead FROM previewed;
SELECT customers FROM tier_evaluate('today', current_date + 1, due_only => true);
SELECT ahead FROM previewed;
ROLLBACK;

-- what it says is what comes
CREATE TABLE said AS SELECT * FROM tier_preview('shops_program', '2026-06-01');
UPDATE shops_program.program SET max_fall = 1;
SELECT tier_evaluate('shops_program', '2026-06-01');
SELECT count(*) FROM said s FULL JOIN shops_program.standing t ON t.id = (s.key ->> 'id')::int
WHERE (s.new_tier, s.new_rule) IS DISTINCT FROM (t.tier, coalesce(t.rule, CASE WHEN t.id IS NULL THEN 'left' END));

-- lower is better, another kind of number, two key columns
CREATE TABLE overdue (branch text, no int, days double precision, PRIMARY KEY (branch, no));
INSERT INTO overdue VALUES ('Köln "Süd"', 1, 10), ('Köln "Süd"', 2, 45.5), ('Bonn', 1, 200), ('Bonn', 2, 'NaN'), ('Bonn', 3, 'Infinity');
SELECT tier_program_create('debts', 'overdue', '{branch,no}', 'days', 'A <= 30, B < 90, C');
SELECT tier_evaluate('debts', '2026-01-01');
UPDATE overdue SET days = 31 WHERE branch = 'Köln "Süd"' AND no = 1;
SELECT key, tier, measure, new_tier, to_stay, to_rise FROM tier_preview('debts', '2026-02-01') ORDER BY key;

-- tier_verify: nothing, then each damage
SELECT * FROM tier_verify('shops_program');
SELECT * FROM tier_verify('debts');
INSERT INTO shops_program.overrides (id, tier, reason) VALUES (7, 'A', 'contract');

CREATE FUNCTION damage(what text) RETURNS TABLE (problem text, key jsonb, detail text) LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    EXECUTE what;
    RETURN QUERY SELECT v.problem, v.key, v.detail FROM tier_verify('shops_program') v;
    RAISE EXCEPTION 'undo';
  EXCEPTION WHEN raise_exception THEN
  END;
END
$$;

SELECT * FROM damage('SELECT');
SELECT * FROM damage($$ UPDATE shops_program.past SET valid_to = '2026-05-01' WHERE id = 11 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.past SET valid_to = '2026-12-31', evaluated_on = '2026-12-30' WHERE id = 11 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ INSERT INTO shops_program.past SELECT *, '2026-04-01', '2026-03-01' FROM shops_program.standing WHERE id = 3 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET tier = 'Z' WHERE id = 4 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET rank = 1 WHERE id = 4 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET tier = 'A', rank = 1 WHERE id = 4 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET met = 'B' WHERE id = 3 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET clocks = '{"A": "2027-01-01"}' WHERE id = 3 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET measure = 1e6 WHERE id = 3 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET since = '2026-06-02' WHERE id = 13 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ DELETE FROM shops_program.standing WHERE id = 3 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.standing SET valid_from = '2026-02-02' WHERE id = 13 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ ALTER TABLE shops_program.overrides DISABLE TRIGGER ALL; UPDATE shops_program.overrides SET tier = 'Q' $$) ORDER BY 1, 2;
SELECT * FROM damage($$ ALTER TABLE shops_program.overrides DISABLE TRIGGER ALL; UPDATE shops_program.overrides SET rank = 2 $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.program SET as_of = '2027-01-01' $$) ORDER BY 1, 2;
SELECT * FROM damage($$ UPDATE shops_program.schemes SET customers = customers + 1 WHERE rank = 1 AND as_of = '2026-01-01' $$) ORDER BY 1, 2;
SELECT * FROM damage($$ DELETE FROM shops_program.evaluations WHERE as_of = '2026-01-01' $$) ORDER BY 1, 2 LIMIT 3;
SELECT * FROM damage($$ INSERT INTO shops_program.draft (id) VALUES (1) $$) ORDER BY 1, 2;
SELECT * FROM damage($$ ALTER TABLE shops DROP CONSTRAINT shops_pkey; ALTER TABLE shops ALTER id DROP NOT NULL; INSERT INTO shops VALUES (5, 1), (NULL, 2) $$) ORDER BY 1, 2;

-- tier_program_explain
UPDATE shops SET revenue = 650 WHERE id = 7;
SELECT jsonb_pretty(e - 'next' #- '{since}' #- '{override,valid_from}' #- '{override,set_by}') AS explained,
       e #> '{next,tier}' AS next, e #> '{next,raise}' AS raise, e #>> '{next,sentence}' LIKE '%650 meets >= 500%' AS sentence
FROM tier_program_explain('shops_program', 7) e;
SELECT tier_program_explain('shops_program', '12') - 'next' AS explained;
SELECT tier_program_explain('shops_program', 2) AS left_long_ago, tier_program_explain('shops_program', NULL) AS nobody;
SELECT e -> 'earned' AS earned, e #> '{next,tier}' AS next FROM tier_program_explain('debts', 'Köln "Süd"', 1) e;
SELECT e -> 'key' AS key FROM tier_program_explain('debts', VARIADIC ARRAY['Bonn', '1']) e;
SELECT tier_program_explain('debts', 'Bonn');           -- fail
SELECT tier_program_explain('shops_program', 'x');      -- fail

-- the programs of the database
SELECT program, owner = current_user AS mine, scheme, rules, as_of, complete_as_of, next_due FROM tier_programs() WHERE program IN ('shops_program', 'debts');
-- of one whose table program is more than a table, only the name
ALTER TABLE debts.program ENABLE ROW LEVEL SECURITY;
SELECT program, as_of FROM tier_programs() WHERE program IN ('shops_program', 'debts');

-- views of an older version
CREATE OR REPLACE VIEW debts.grades AS SELECT branch, no, tier, rank, since, rule, until FROM debts.standing;
SELECT tier_program_upgrade('debts');
SELECT pg_get_viewdef('debts.grades'::regclass) LIKE '%overrides%' AS upgraded;
UPDATE debts.program SET layout = 2;
SELECT tier_evaluate('debts', '2026-02-01');            -- fail

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA shops_program, debts CASCADE;
DROP TABLE shops, overdue, said;
DROP FUNCTION damage;
