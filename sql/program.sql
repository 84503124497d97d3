-- A program: making it, its life, and what it refuses.
SET datestyle = 'ISO';

CREATE TABLE members (id bigint PRIMARY KEY, name text, revenue numeric(12,2), joined date);
INSERT INTO members
  SELECT i, 'member ' || i, i * 100, date '2025-01-01' + (i * 7)::int FROM generate_series(1, 10) i;
SELECT tier_program_create('loyalty', 'members', '{id}', 'revenue', 'A >= 800, B >= 500, C', 'hold 6 months; new 2 months as C',
                           customer_since => 'joined');

-- what it is made of: ordinary relations, typed as the source is, each with a key and a comment
SELECT c.relname, c.relkind, obj_description(c.oid, 'pg_class') IS NOT NULL AS commented,
       (SELECT string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisprimary) AS primary_key
FROM pg_class c WHERE c.relnamespace = 'loyalty'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY 1;
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = 'loyalty.standing'::regclass AND attnum > 0 ORDER BY attnum;
SELECT * FROM loyalty.program;

-- the first evaluation
SELECT * FROM tier_evaluate('loyalty', '2025-06-01');
SELECT * FROM loyalty.grades ORDER BY id;
-- the same again changes nothing
SELECT * FROM tier_evaluate('loyalty', '2025-06-01');
SELECT count(*) FROM loyalty.history;

-- one falls but is held, one rises, one leaves, one comes; the others are not written
UPDATE members SET revenue = 100 WHERE id = 9;
UPDATE members SET revenue = 900 WHERE id = 1;
DELETE FROM members WHERE id = 2;
INSERT INTO members VALUES (11, 'member 11', 5000, '2025-08-15');
SELECT * FROM tier_evaluate('loyalty', '2025-09-01');
SELECT id, tier, rule, since, until, clocks, valid_from, valid_to, evaluated_on FROM loyalty.history
WHERE id IN (1, 2, 3, 8, 9, 11) ORDER BY id, valid_from;
SELECT count(*) FROM loyalty.standing WHERE valid_from = '2025-06-01';

-- between complete evaluations: those due, and new ones
INSERT INTO members VALUES (12, 'member 12', 600, '2025-01-01');
UPDATE members SET revenue = 10 WHERE id = 8;
SELECT next_due FROM loyalty.program;
SELECT * FROM tier_evaluate('loyalty', '2025-10-15', due_only => true);
SELECT id, tier, rule, until, valid_from FROM loyalty.standing WHERE valid_from > '2025-09-01' ORDER BY id;
SELECT * FROM tier_evaluate('loyalty', '2025-10-16', due_only => true);

-- dates go forward; one kind a day
SELECT tier_evaluate('loyalty', '2025-10-15');          -- fail
SELECT tier_evaluate('loyalty', '2025-10-16');          -- fail
SELECT tier_evaluate('loyalty', '2025-10-16', due_only => true);
SELECT tier_evaluate('loyalty', 'infinity');            -- fail
SELECT tier_evaluate('loyalty', NULL);                  -- fail

-- an absence is a missing evaluation: who returns goes on
INSERT INTO members VALUES (2, 'member 2', 650, '2025-01-01');
SELECT * FROM tier_evaluate('loyalty', '2025-12-01');
SELECT id, tier, since, rule, valid_from, valid_to FROM loyalty.history WHERE id = 2 ORDER BY valid_from;
-- a complete evaluation took all who were due
SELECT * FROM tier_evaluate('loyalty', '2025-12-01', due_only => true);

-- a bad night loses nobody's tier
BEGIN;
UPDATE members SET revenue = 0;
SELECT * FROM tier_evaluate('loyalty', '2026-09-01');
COMMIT;
SELECT tier, count(*) FROM loyalty.grades GROUP BY 1 ORDER BY 1;
SELECT id, old_tier, measured, tier, rule FROM loyalty.draft ORDER BY id;
SELECT tier_evaluate('loyalty', '2026-09-02');          -- fail
SELECT tier_undo('loyalty');
SELECT count(*) FROM loyalty.draft;

-- a meeting reviews a draft
UPDATE members SET revenue = id * 80;
SELECT * FROM tier_evaluate('loyalty', '2026-03-01', draft => true);
SELECT count(*) AS in_force FROM loyalty.grades;
UPDATE loyalty.draft SET reviewed_tier = 'Platinum' WHERE id = 7;      -- fail
UPDATE loyalty.draft SET reviewed_tier = 'A', remark = 'opens two branches' WHERE id = 7;
SELECT id, old_tier, measured, tier, rule, until, reviewed_tier, remark, reviewer = current_user AS by_me, measure
FROM loyalty.draft WHERE id IN (7, 8) ORDER BY id;
UPDATE members SET revenue = 0 WHERE id = 10;           -- too late to matter
SELECT * FROM tier_publish('loyalty');
SELECT * FROM loyalty.grades WHERE id IN (7, 8, 10) ORDER BY id;
SELECT tier_publish('loyalty');                         -- fail
-- the review counts as met: it is held when the measure is lower
UPDATE members SET revenue = 480 WHERE id = 10;
UPDATE loyalty.program SET max_fall = 1;
SELECT tier_evaluate('loyalty', '2026-04-01');
SELECT * FROM loyalty.grades WHERE id IN (7, 10) ORDER BY id;

-- what is recorded
SELECT as_of, kind, draft, rules, met_until, next_due, customers, entered, gone, rose, fell, evaluated_by = current_user AS by_me
FROM loyalty.evaluations ORDER BY as_of;
SELECT grp, rank, tier, scheme, customers, value, digest_count(digest), round(digest_mean(digest)::numeric, 2) AS mean
FROM loyalty.schemes WHERE as_of = '2026-04-01' ORDER BY rank;

-- overrides begin and end on their dates
\set VERBOSITY terse
INSERT INTO loyalty.overrides (id, tier, reason) VALUES (4, 'Q', 'a friend of the house');     -- fail
INSERT INTO loyalty.overrides (id, tier, reason) VALUES (4, 'A', '  ');                         -- fail
INSERT INTO loyalty.overrides (id, tier, reason, valid_until) VALUES (4, 'A', 'x', current_date);  -- fail
INSERT INTO loyalty.overrides (id, tier, reason, valid_until) VALUES (4, 'A', 'x', 'infinity');    -- fail
INSERT INTO loyalty.overrides (id, tier, mode, reason) VALUES (4, 'A', 'maybe', 'x');           -- fail
\set VERBOSITY default
INSERT INTO loyalty.overrides (id, tier, mode, reason, valid_from, valid_until) VALUES
  (3, 'A', 'exact', 'over by now', current_date - 10, current_date),
  (4, 'A', 'exact', 'contract', current_date, current_date + 1),
  (5, 'B', 'at least', 'chain', current_date - 5, NULL),
  (6, 'B', 'exact', 'not yet', current_date + 1, NULL),
  (7, 'C', 'at least', 'better by itself', current_date - 1, NULL),
  (8, 'C', 'exact', 'does not pay', current_date - 9, NULL),
  (8, 'B', 'exact', 'pays again', current_date - 3, NULL),
  (999, 'A', 'exact', 'no standing', current_date - 1, NULL);
SELECT id, tier, rank, rule, since = current_date AS from_today, until = current_date + 1 AS to_tomorrow
FROM loyalty.grades ORDER BY id;
UPDATE loyalty.overrides SET tier = 'A', reason = 'contract for two' WHERE id = 5;
DELETE FROM loyalty.overrides WHERE id = 3;
SELECT id, tier, mode, reason, change, changed_by = current_user AS by_me FROM loyalty.overrides_log ORDER BY id;

-- changing the program: refused where it cannot work
UPDATE loyalty.program SET scheme = 'A >= 800, C';                       -- fail
UPDATE loyalty.program SET scheme = 'A within 3 months, B, C';           -- fail
UPDATE loyalty.program SET rules = 'new 2 months as Z';                  -- fail
UPDATE loyalty.program SET rules = 'keep 120%';                          -- fail
UPDATE loyalty.program SET max_fall = 2;                                 -- fail
INSERT INTO loyalty.program (layout, scheme, rules) VALUES (2, 'A', ''); -- fail
-- a better tier on top: ranks follow, those of overrides at once
UPDATE loyalty.program SET scheme = 'Diamond >= 900, A >= 800, B >= 500, C', rules = '';
SELECT id, tier, rank FROM loyalty.overrides ORDER BY id, valid_from;
SELECT count(*) FROM loyalty.overrides_log;
SELECT tier_evaluate('loyalty', '2026-05-01');
SELECT tier, rank, count(*) FROM loyalty.standing GROUP BY 1, 2 ORDER BY 2;

-- the source: replaced, and refused to go
CREATE OR REPLACE VIEW loyalty.source AS
  SELECT id, least(revenue, 700)::numeric(12,2) AS measure, revenue::numeric AS value, NULL::text AS grp, true AS fit_when, joined AS customer_since FROM members;
SELECT tier_evaluate('loyalty', '2026-06-01');
DROP TABLE members;                                     -- fail
ALTER TABLE members RENAME TO people;
ALTER TABLE people RENAME revenue TO turnover;
ALTER SCHEMA loyalty RENAME TO club;
SELECT tier_evaluate('club', '2026-07-01');
SELECT tier_undo('club'), tier_undo('club'), tier_undo('club');

-- no two rows for a customer, none without a key
CREATE VIEW doubled AS SELECT id, turnover::numeric FROM people UNION ALL SELECT id, 0 FROM people WHERE id = 5;
SELECT tier_program_create('twice', 'doubled', '{id}', 'turnover', 'A >= 800, B');
SELECT tier_evaluate('twice', '2026-01-01');            -- fail
CREATE OR REPLACE VIEW doubled AS SELECT id, turnover::numeric FROM people;
SELECT tier_evaluate('twice', '2026-01-01');
CREATE OR REPLACE VIEW doubled AS SELECT id, turnover::numeric FROM people UNION ALL SELECT id, 0 FROM people WHERE id = 5;
SELECT tier_evaluate('twice', '2026-02-01');            -- fail
CREATE OR REPLACE VIEW doubled AS SELECT id, turnover::numeric FROM people UNION ALL SELECT NULL, 7;
SELECT tier_evaluate('twice', '2026-02-01');            -- fail
CREATE OR REPLACE VIEW doubled AS SELECT id, turnover::numeric FROM people;
SELECT tier_evaluate('twice', '2026-02-01');

-- what cannot be made
SELECT tier_program_create(NULL, 'people', '{id}', 'turnover', 'A');                          -- fail
SELECT tier_program_create('p', NULL, '{id}', 'turnover', 'A');                               -- fail
SELECT tier_program_create('p', 'people', NULL, 'turnover', 'A');                             -- fail
SELECT tier_program_create('p', 'people', '{id}', NULL, 'A');                                 -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover', NULL);                          -- fail
SELECT tier_program_create('', 'people', '{id}', 'turnover', 'A');                            -- fail
SELECT tier_program_create(repeat('p', 64), 'people', '{id}', 'turnover', 'A');               -- fail
SELECT tier_program_create('club', 'people', '{id}', 'turnover', 'A');                        -- fail
SELECT tier_program_create('p', 'people', '{}', 'turnover', 'A');                             -- fail
SELECT tier_program_create('p', 'people', '{id,name,joined}', 'turnover', 'A');               -- fail
SELECT tier_program_create('p', 'people', '{nobody}', 'turnover', 'A');                       -- fail
SELECT tier_program_create('p', 'people', '{ctid}', 'turnover', 'A');                         -- fail
SELECT tier_program_create('p', 'people', '{NULL}', 'turnover', 'A');                         -- fail
SELECT tier_program_create('p', 'people', '{id,id}', 'turnover', 'A');                        -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover FROM people; DROP TABLE people', 'A');  -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover, id', 'A');                       -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover WHERE true', 'A');                -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover AS x', 'A');                      -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover +', 'A');                         -- fail
SELECT tier_program_create('p', 'people', '{id}', 'nothing', 'A');                            -- fail
SELECT tier_program_create('p', 'people', '{id}', 'now()', 'A');                              -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover', 'A', value => 'name');          -- fail
SELECT tier_program_create('p', 'people', '{id}', 'turnover', 'A within 1 month, B');         -- fail
SELECT tier_program_create('p', 'people', '{id}', 'joined', 'A >= 5, B');                     -- fail
SELECT tier_program_create('p', 'people', '{id}', 'name', 'A >= 5, B', 'keep 80%');           -- fail
CREATE VIEW badly_named AS SELECT id AS tier, turnover FROM people;
SELECT tier_program_create('p', 'badly_named', '{tier}', 'turnover', 'A');                    -- fail
CREATE VIEW badly_typed AS SELECT point(id, id) AS place_of, turnover FROM people;
SELECT tier_program_create('p', 'badly_typed', '{place_of}', 'turnover', 'A');                -- fail
SELECT nspname FROM pg_namespace WHERE nspname = 'p';
SELECT tier_evaluate('nobody');                         -- fail
SELECT tier_evaluate('public');                         -- fail
SELECT tier_undo('nobody');                             -- fail

-- an empty schema is filled
CREATE SCHEMA empty;
SELECT tier_program_create('empty', 'people', '{id}', 'turnover', 'A >= 5, B');
SELECT tier_evaluate('empty', '2026-01-01', due_only => true);  -- fail
SELECT tier_undo('empty');                              -- fail

-- a hundred evaluations: past grows by what changed, standing and its key not at all
CREATE TABLE steady (id int PRIMARY KEY, points int);
INSERT INTO steady SELECT i, i % 1000 FROM generate_series(1, 2000) i;
SELECT tier_program_create('steady_program', 'steady', '{id}', 'points', 'A >= 900, B >= 500, C', 'hold 6 months');
SELECT customers FROM tier_evaluate('steady_program', '2026-01-01');
VACUUM steady_program.standing;
CREATE TABLE steady_size AS SELECT pg_relation_size('steady_program.standing') AS heap, pg_relation_size('steady_program.standing_pkey') AS key;
CREATE PROCEDURE go_on(changed OUT bigint) LANGUAGE plpgsql AS $$
BEGIN
  changed := 0;
  FOR n IN 1 .. 100 LOOP
    UPDATE steady SET points = 1500 - points WHERE id % 100 = n % 100;
    COMMIT;
    changed := changed + (SELECT count(*) FROM tier_preview('steady_program', date '2026-01-01' + 7 * n) p JOIN steady_program.history h
                          ON h.id = (p.key ->> 'id')::int AND h.valid_to IS NULL
                          WHERE (p.new_tier, p.new_rule) IS DISTINCT FROM (h.tier, h.rule));
    PERFORM tier_evaluate('steady_program', date '2026-01-01' + 7 * n);
    COMMIT;
  END LOOP;
END
$$;
CALL go_on(NULL);
SELECT count(*) FROM steady_program.past;
SELECT (SELECT count(*) FROM steady_program.evaluations) AS evaluations,
       pg_relation_size('steady_program.standing') <= heap * 1.15 AS heap, pg_relation_size('steady_program.standing_pkey') = key AS key
FROM steady_size;

-- dropping it is dropping its schema; the extension is refused to go
\set VERBOSITY terse
DROP EXTENSION customer_tier;                           -- fail
DROP SCHEMA empty CASCADE;
DROP SCHEMA club CASCADE;
DROP SCHEMA twice CASCADE;
DROP SCHEMA steady_program CASCADE;
DROP TABLE people, steady, steady_size CASCADE;
DROP PROCEDURE go_on;
