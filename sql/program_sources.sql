-- Sources, keys and measures of all kinds.
SET datestyle = 'ISO';

-- keys: each type by its own equality, also two columns, in names of any kind
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE continent AS ENUM ('Asia', 'Europe');
CREATE TABLE keyed (
  id int, big bigint, small smallint, code varchar(20), name text, fixed char(8), guid uuid, mail email,
  land continent, num numeric(10, 2), day date, list int[], "客户 ""编号""" text, revenue int);
INSERT INTO keyed
  SELECT i, i, i, 'code ' || i, 'name ' || i, 'f' || i, ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid,
         i || '@example.com', (ARRAY['Asia', 'Europe'])[1 + i % 2]::continent, i / 4.0, date '2026-01-01' + i, ARRAY[i, i % 7],
         '客户' || i, i
  FROM generate_series(1, 100) i;

CREATE FUNCTION try_key(key text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  same boolean;
BEGIN
  PERFORM tier_program_create('try', 'keyed', key, 'revenue', 'A >= 80, B >= 50, C');
  result := tier_evaluate('try', '2026-01-01')::text;
  UPDATE keyed SET revenue = 101 - revenue WHERE id % 10 = 0;
  UPDATE try.program SET max_fall = 1;
  result := result || tier_evaluate('try', '2026-02-01')::text;
  SELECT array_agg(atttypid::regtype ORDER BY attnum) = ARRAY(
    SELECT k.atttypid::regtype FROM unnest(key) WITH ORDINALITY u(n, o) JOIN pg_attribute k ON k.attname = u.n
    WHERE k.attrelid = 'keyed'::regclass ORDER BY o)
  INTO same FROM pg_attribute WHERE attrelid = 'try.past'::regclass AND attnum BETWEEN 1 AND cardinality(key);
  UPDATE keyed SET revenue = id;
  SET LOCAL client_min_messages = warning;
  DROP SCHEMA try CASCADE;
  RETURN result || CASE WHEN same THEN ' same types' ELSE ' OTHER TYPES' END;
END
$$;
SELECT key, try_key(key::text[]) FROM (VALUES
  ('{id}'), ('{big}'), ('{small}'), ('{code}'), ('{name}'), ('{fixed}'), ('{guid}'), ('{mail}'), ('{num}'), ('{day}'), ('{list}'),
  ('{land,small}'), ('{name,mail}'), ('{"客户 \"编号\""}'), ('{"客户 \"编号\"",day}')) k(key);

-- names: of schema and source
CREATE SCHEMA "销售 ""部""";
CREATE TABLE "销售 ""部"""."客户's {keys} table" ("Id" int PRIMARY KEY, "select" numeric);
INSERT INTO "销售 ""部"""."客户's {keys} table" SELECT i, i FROM generate_series(1, 10) i;
SELECT tier_program_create('"忠诚" {schema} 计划''s', '"销售 ""部"""."客户''s {keys} table"', '{Id}', '"select" /* {value} */', '"钻 ""石""" >= 8, 金 >= 5, 银');
SELECT * FROM tier_evaluate('"忠诚" {schema} 计划''s', '2026-01-01');
SELECT tier, count(*) FROM """忠诚"" {schema} 计划's".grades GROUP BY 1 ORDER BY 1;
SELECT tier_program_create(repeat('长', 21), '"销售 ""部"""."客户''s {keys} table"', '{Id}', '"select"', 'A >= 8, B');
SELECT customers FROM tier_evaluate(repeat('长', 21), '2026-01-01');

-- measures: numbers of each kind, domains over them, labels, dates
CREATE DOMAIN money_amount AS numeric(12, 2);
CREATE TABLE measured (id int PRIMARY KEY, n numeric, d money_amount, i int, b bigint, s smallint, f double precision, r real,
  label text, v varchar(10), last_order date);
INSERT INTO measured
  SELECT i, i / 10.0, i / 10.0, i, i, i, i / 10.0, i / 10.0, (ARRAY['A', 'B', NULL])[1 + i % 3], (ARRAY['A', 'B', NULL])[1 + i % 3],
         date '2026-01-01' - i
  FROM generate_series(1, 100) i;
INSERT INTO measured (id) VALUES (0);

CREATE FUNCTION try_measure(measure text, scheme tier_scheme) RETURNS TABLE (types text, tiers text, sums text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tier_program_create('try', 'measured', '{id}', measure, scheme);
  PERFORM tier_evaluate('try', '2026-01-01');
  SELECT format('%s, %s', (SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = 'try.standing'::regclass AND attname = 'measure'),
                          (SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = 'try.standing'::regclass AND attname = 'value')) INTO types;
  SELECT string_agg(format('%s %s', coalesce(tier, 'not graded'), n), ', ' ORDER BY tier) INTO tiers
    FROM (SELECT tier, count(*) AS n FROM try.grades GROUP BY tier) g;
  SELECT string_agg(coalesce(value::text, '-'), ', ' ORDER BY rank) INTO sums FROM try.schemes;
  SET LOCAL client_min_messages = warning;
  DROP SCHEMA try CASCADE;
  RETURN NEXT;
END
$$;
SELECT * FROM try_measure('n', 'A >= 7, B >= 0.7, C');
SELECT * FROM try_measure('d', 'A >= 7, B >= 0.7, C');
SELECT * FROM try_measure('i', 'A >= 70, B >= 7, C');
SELECT * FROM try_measure('b', 'A >= 70, B >= 7, C');
SELECT * FROM try_measure('s', 'A >= 70, B >= 7, C');
SELECT * FROM try_measure('f', 'A >= 7, B >= 0.7, C');
SELECT * FROM try_measure('r', 'A >= 7, B >= 0.7, C');
SELECT * FROM try_measure('label', 'A >= 7, B >= 0.7, C');
SELECT * FROM try_measure('v', 'A >= 2, B >= 1');
SELECT * FROM try_measure('last_order', 'active within 1 month, sleeping within 3 months, lost');
SELECT * FROM try_measure('CASE WHEN id = 3 THEN ''NaN'' ELSE f END', 'A >= 7, B');
SELECT * FROM try_measure('label || ''?''', 'A >= 2, B');                                      -- fail
-- relative schemes are fitted to each evaluation
SELECT * FROM try_measure('n', 'A top 20%, B top 50%, C');
SELECT * FROM try_measure('i', 'A top 70% of value, B top 90% of value, C');
SELECT * FROM try_measure('f', '5 > p80, 4 > p60, 3 > p40, 2 > p20, 1');
SELECT * FROM try_measure('r', 'A >= mean, B');

-- groups: each by a scheme of its own, that of NULL too; fitted to some
CREATE TABLE regions (id int PRIMARY KEY, region text, revenue numeric, internal boolean);
INSERT INTO regions SELECT i, (ARRAY['north', 'south', NULL])[1 + i % 3], i * (1 + i % 3 * 10), i > 90 FROM generate_series(1, 99) i;
SELECT tier_program_create('grouped', 'regions', '{id}', 'revenue', 'A top 20%, B top 50%, C', 'keep A top 30%', group_by => 'region', fit_when => 'NOT internal');
SELECT * FROM tier_evaluate('grouped', '2026-01-01');
SELECT grp, tier, scheme, rules, customers, value FROM grouped.schemes ORDER BY grp, rank;
-- by hand
SELECT count(*) FROM grouped.standing s JOIN regions r USING (id)
WHERE s.tier IS DISTINCT FROM tier_of(r.revenue, (SELECT tier_fit(value_digest(f.revenue), 'A top 20%, B top 50%, C')
                                                  FROM regions f WHERE f.region IS NOT DISTINCT FROM r.region AND NOT f.internal));
-- a group without a measure is not graded, one without anybody to fit to is refused
INSERT INTO regions SELECT 100 + i, 'west', NULL, false FROM generate_series(1, 3) i;
SELECT * FROM tier_evaluate('grouped', '2026-02-01');
SELECT grp, tier, scheme, customers FROM grouped.schemes WHERE as_of = '2026-02-01' AND grp = 'west' ORDER BY rank;
UPDATE regions SET revenue = 1, internal = true WHERE region = 'west';
SELECT * FROM tier_evaluate('grouped', '2026-03-01');   -- fail
UPDATE regions SET revenue = NULL WHERE region = 'west';
-- those due, by the last scheme; new ones of a group without one wait
INSERT INTO regions VALUES (200, 'north', 3000, false), (201, 'east', 3000, false);
SELECT * FROM tier_evaluate('grouped', '2026-03-01', due_only => true);
SELECT id, tier, grp FROM grouped.grades JOIN grouped.standing USING (id, tier) WHERE id >= 200;
SELECT * FROM tier_evaluate('grouped', '2026-03-02');
SELECT id, tier, grp FROM grouped.grades JOIN grouped.standing USING (id, tier) WHERE id >= 200 ORDER BY id;

-- sources: a partitioned table; a view that looks back; a materialized view, refreshed first
CREATE TABLE orders (customer int, ordered_at date, amount numeric) PARTITION BY RANGE (ordered_at);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO orders SELECT 1 + i % 20, date '2025-01-01' + i * 3, 10 + i % 7 * i FROM generate_series(0, 200) i;
CREATE VIEW last_year AS
  SELECT customer, sum(amount) AS revenue FROM orders
  WHERE ordered_at >= tier_as_of() - 365 AND ordered_at < tier_as_of() GROUP BY customer;
SELECT tier_program_create('looking_back', 'last_year', '{customer}', 'revenue', 'A >= 3000, B >= 1500, C');
SELECT * FROM tier_evaluate('looking_back', '2025-07-01');
SELECT * FROM tier_evaluate('looking_back', '2026-01-01');
SELECT tier_as_of() = current_date AS today;
CREATE TABLE replayed AS SELECT * FROM looking_back.history;
SELECT tier_undo('looking_back');
SELECT * FROM tier_evaluate('looking_back', '2026-01-01');
SELECT count(*) FROM (TABLE replayed EXCEPT TABLE looking_back.history) d;
SELECT tier_program_create('parts', 'orders', '{customer,ordered_at}', 'amount', 'A >= 500, B');
SELECT * FROM tier_evaluate('parts', '2026-01-01');

CREATE MATERIALIZED VIEW yearly AS SELECT customer, sum(amount) AS revenue, tier_as_of() AS as_of FROM orders GROUP BY customer WITH NO DATA;
CREATE VIEW over_yearly AS SELECT customer, revenue, as_of FROM yearly;
SELECT tier_program_create('stored', 'over_yearly', '{customer}', 'revenue', 'A >= 3000, B >= 1500, C', customer_since => 'as_of');
SELECT * FROM tier_evaluate('stored', '2026-01-01');
SELECT DISTINCT as_of FROM yearly;
CREATE UNIQUE INDEX ON yearly (customer);
ALTER MATERIALIZED VIEW yearly RENAME TO "each year";
INSERT INTO orders VALUES (21, '2026-05-05', 9999);
SELECT * FROM tier_evaluate('stored', '2026-02-01');
SELECT DISTINCT as_of FROM "each year";
UPDATE stored.program SET refresh = false;
INSERT INTO orders VALUES (22, '2026-05-05', 9999);
SELECT * FROM tier_evaluate('stored', '2026-03-01');
SELECT DISTINCT as_of FROM "each year";

-- no row, one row
CREATE TABLE few (id int PRIMARY KEY, n int);
SELECT tier_program_create('few_program', 'few', '{id}', 'n', 'A >= 5, B');
SELECT * FROM tier_evaluate('few_program', '2026-01-01');
INSERT INTO few VALUES (1, 7);
SELECT * FROM tier_evaluate('few_program', '2026-01-02');
DELETE FROM few;
SELECT * FROM tier_evaluate('few_program', '2026-01-03');
SELECT * FROM tier_publish('few_program');
SELECT * FROM tier_evaluate('few_program', '2026-01-04');
SELECT tier_program_create('relative', 'few', '{id}', 'n', 'A top 20%, B');
SELECT * FROM tier_evaluate('relative', '2026-01-01');

-- names as long as they may be: two key columns, table, program
CREATE TABLE "表表表表表表表表表表表表表表表表表表表表表" (
  "键键键键键键键键键键键键键键键键键键键键键" text COLLATE "C", "Key {keys} 'of' ""63"" bytes, as long as names may be, not longer" int,
  "额额额额额额额额额额额额额额额额额额额额额" numeric);
SELECT octet_length(relname::text) AS "table", (SELECT string_agg(octet_length(attname::text)::text, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns
FROM pg_class c WHERE relname LIKE '表%';
INSERT INTO "表表表表表表表表表表表表表表表表表表表表表" SELECT '分店' || i % 2, i, i * 100 FROM generate_series(1, 10) i;
SELECT tier_program_create(repeat('划', 21), '"表表表表表表表表表表表表表表表表表表表表表"',
  ARRAY['键键键键键键键键键键键键键键键键键键键键键', 'Key {keys} ''of'' "63" bytes, as long as names may be, not longer'],
  '"额额额额额额额额额额额额额额额额额额额额额"', '金 >= 800, 银 >= 500, 铜', 'hold 1 month');
UPDATE "划划划划划划划划划划划划划划划划划划划划划".program SET max_fall = 1;
SELECT customers FROM tier_evaluate(repeat('划', 21), '2026-01-01');
UPDATE "表表表表表表表表表表表表表表表表表表表表表" SET "额额额额额额额额额额额额额额额额额额额额额" = 850 WHERE "额额额额额额额额额额额额额额额额额额额额额" = 100;
SELECT rose FROM tier_evaluate(repeat('划', 21), '2026-03-01');
SELECT * FROM tier_changes(repeat('划', 21), '2026-01-01', '2026-03-01');
SELECT tier_program_explain(repeat('划', 21), '分店1', 1) -> 'tier' AS tier;
SELECT key, new_tier FROM tier_preview(repeat('划', 21), '2026-05-01', scheme => '金 >= 900, 银 >= 500, 铜') WHERE new_tier <> tier ORDER BY key;
SELECT tier, customers, value FROM tier_report(repeat('划', 21), '2026-03-01');
SELECT count(*) FROM tier_verify(repeat('划', 21));

-- a whole day given to rfm_measures: what an evaluation at 02:00 says, its replay a year later says, too
CREATE TABLE purchases (customer int, ordered_at timestamp, amount numeric);
INSERT INTO purchases
  SELECT 1 + i % 20, timestamp '2025-01-01 00:30' + i * interval '17 hours', 10 + i % 13 FROM generate_series(0, 515) i;
SELECT max(ordered_at) FROM purchases;
CREATE VIEW to_yesterday AS
  SELECT customer, (m).monetary FROM (SELECT customer, rfm_measures(ordered_at, amount, tier_as_of() - 1, interval '1 year') AS m FROM purchases GROUP BY customer) p;
CREATE VIEW to_today AS
  SELECT customer, (m).monetary FROM (SELECT customer, rfm_measures(ordered_at, amount, tier_as_of(), interval '1 year') AS m FROM purchases GROUP BY customer) p;
SELECT tier_program_create('nightly', 'to_yesterday', '{customer}', 'monetary', 'A >= 430, B >= 410, C');
SELECT tier_program_create('early', 'to_today', '{customer}', 'monetary', 'A >= 430, B >= 410, C');
SELECT customers FROM tier_evaluate('nightly', '2026-01-01');
SELECT customers FROM tier_evaluate('early', '2026-01-01');
CREATE TABLE of_that_night AS SELECT 'nightly' AS program, h.* FROM nightly.history h UNION ALL SELECT 'early', h.* FROM early.history h;
-- a year goes on, beginning with that very day
INSERT INTO purchases SELECT 1 + i % 20, timestamp '2026-01-01 02:30' + i * interval '5 hours', 50 FROM generate_series(0, 1700) i;
SELECT tier_undo('nightly'), tier_undo('early');
SELECT customers FROM tier_evaluate('nightly', '2026-01-01');
SELECT customers FROM tier_evaluate('early', '2026-01-01');
SELECT program, count(*) AS rows, count(*) FILTER (WHERE (n.tier, n.measure) IS DISTINCT FROM (o.tier, o.measure)) AS differ
FROM of_that_night o JOIN (SELECT 'nightly' AS program, h.* FROM nightly.history h UNION ALL SELECT 'early', h.* FROM early.history h) n USING (program, customer)
GROUP BY program ORDER BY program;

-- the first evaluation, of more rows than are written at once; and into a table of standings that is not as it was made
CREATE TABLE crowd (id int PRIMARY KEY, points int);
INSERT INTO crowd SELECT i, i % 1000 FROM generate_series(1, 2500) i;
CREATE FUNCTION pass_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION try_first(change text, OUT customers bigint, OUT differences bigint, OUT by_index bigint, OUT problems bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tier_program_create('first', 'crowd', '{id}', 'points', 'A >= 900, B >= 500, C');
  EXECUTE change;
  SELECT e.customers INTO customers FROM tier_evaluate('first', '2026-01-01') e;
  SELECT count(*) INTO differences FROM crowd c FULL JOIN first.standing s USING (id)
    WHERE (s.tier, s.rank, s.since, s.rule, s.met, s.measure, s.value, s.valid_from)
      IS DISTINCT FROM (tier_of(c.points, 'A >= 900, B >= 500, C'), tier_rank(c.points, 'A >= 900, B >= 500, C'), date '2026-01-01',
                        'measured', tier_of(c.points, 'A >= 900, B >= 500, C'), c.points, c.points, date '2026-01-01');
  SET LOCAL enable_seqscan = off;
  SELECT count(*) INTO by_index FROM generate_series(1, 2500) i JOIN first.standing s ON s.id = i;
  SELECT count(*) INTO problems FROM tier_verify('first');
  SET LOCAL client_min_messages = warning;
  DROP SCHEMA first CASCADE;
END
$$;
SELECT change, t.* FROM (VALUES
  ('SELECT'),
  ('CREATE INDEX ON first.standing (tier); CREATE INDEX ON first.standing ((id % 10)) WHERE rank = 1'),
  ('ALTER TABLE first.standing ADD note text DEFAULT $$x$$'),
  ('ALTER TABLE first.standing ADD note text; ALTER TABLE first.standing DROP note'),
  ('ALTER TABLE first.standing ADD CHECK (rank > 0)'),
  ('CREATE TRIGGER pass_on BEFORE INSERT ON first.standing FOR EACH ROW EXECUTE FUNCTION pass_on()'),
  ('ALTER TABLE first.standing ENABLE ROW LEVEL SECURITY'),
  ('SELECT tier_evaluate($$first$$, $$2025-01-01$$); SELECT tier_undo($$first$$)')) c (change), LATERAL try_first(change) t;
\set VERBOSITY terse
SELECT try_first('ALTER TABLE first.standing ADD CONSTRAINT no_c CHECK (rank < 3)');        -- fail

SET client_min_messages = warning;
DROP SCHEMA """忠诚"" {schema} 计划's", "长长长长长长长长长长长长长长长长长长长长长", grouped, looking_back, parts, stored, few_program, relative, nightly, early, "划划划划划划划划划划划划划划划划划划划划划", "销售 ""部""" CASCADE;
DROP TABLE keyed, measured, regions, orders, few, replayed, purchases, of_that_night, crowd, "表表表表表表表表表表表表表表表表表表表表表" CASCADE;
DROP FUNCTION try_key, try_measure, try_first, pass_on;
DROP DOMAIN email, money_amount;
DROP TYPE continent;
