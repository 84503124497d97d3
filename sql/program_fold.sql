-- A program is the fold of its measures: random histories, with newcomers,
-- leavers, returns, missing measures, drafts with reviews, undos, and
-- evaluations of those due only, are followed by a plain model that steps each
-- customer by tier_step.
SET datestyle = 'ISO';
SET client_min_messages = warning;
SELECT setseed(0.13);

-- the model: what each customer's standing is, and was after each evaluation
CREATE TABLE fold_customers (id int PRIMARY KEY, revenue numeric, first_order date, present boolean);
CREATE TABLE fold_model (id int PRIMARY KEY, st tier_standing);
CREATE TABLE fold_trail (as_of date, id int, st tier_standing);
CREATE TABLE fold_present (id int PRIMARY KEY);      -- who was there at the last evaluation
CREATE TABLE fold_saved (id int PRIMARY KEY, revenue numeric);
CREATE VIEW fold_source AS SELECT * FROM fold_customers WHERE present;

-- one evaluation, by the model; reviews: id -> label
CREATE FUNCTION fold_step(as_of date, scheme tier_scheme, rules tier_rules, due_only boolean, reviews jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  c record;
  prev tier_standing;
  next tier_standing;
  label text;
BEGIN
  FOR c IN SELECT * FROM fold_source LOOP
    prev := (SELECT st FROM fold_model m WHERE m.id = c.id);
    -- standing now: those of the last evaluation who were present then
    IF due_only AND EXISTS (SELECT FROM fold_present p WHERE p.id = c.id)
       AND (prev.until IS NULL OR prev.until > as_of) THEN
      CONTINUE;
    END IF;
    next := tier_step(prev, c.revenue, as_of, scheme, rules, c.first_order);
    label := reviews ->> c.id::text;
    IF label IS NOT NULL THEN
      next := tier_step_label(NULL, label, as_of, scheme, regexp_replace(rules::text, 'keep[^;]*(; )?', '')::tier_rules);
      next.rule := 'reviewed';
      IF prev.tier = label AND prev.since IS NOT NULL THEN
        next.since := prev.since;
      END IF;
    END IF;
    INSERT INTO fold_model VALUES (c.id, next)
      ON CONFLICT (id) DO UPDATE SET st = excluded.st;
    INSERT INTO fold_trail VALUES (as_of, c.id, next);
  END LOOP;
  IF due_only THEN
    INSERT INTO fold_present SELECT id FROM fold_source ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM fold_present;
    INSERT INTO fold_present SELECT id FROM fold_source;
  END IF;
END
$$;

-- how many standings differ from the model's
CREATE FUNCTION fold_differences(program text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
BEGIN
  EXECUTE format($sql$
    SELECT count(*) FROM (
      SELECT id, (st).tier, (st).since, (st).rule, (st).until, (st).met, (st).clocks, (st).evaluated_on
      FROM fold_model JOIN fold_present USING (id)) m
    FULL JOIN (SELECT id, tier, since, rule, until, met, clocks, evaluated_on
               FROM %1$I.history WHERE valid_to IS NULL) h USING (id)
    WHERE (m.tier, m.since, m.rule, m.until, m.met, m.clocks, m.evaluated_on)
          IS DISTINCT FROM (h.tier, h.since, h.rule, h.until, h.met, h.clocks, h.evaluated_on)$sql$, program)
  INTO n;
  RETURN n;
END
$$;

-- how many periods of the history differ from the model's
CREATE FUNCTION fold_past_differences(program text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
BEGIN
  EXECUTE format($sql$
    SELECT count(*) FROM fold_trail t
    LEFT JOIN %1$I.history h ON h.id = t.id AND h.valid_from <= t.as_of AND (h.valid_to > t.as_of OR h.valid_to IS NULL)
    WHERE ((st).tier, (st).since, (st).rule, (st).met, (st).clocks)
          IS DISTINCT FROM (h.tier, h.since, h.rule, h.met, h.clocks)$sql$, program)
  INTO n;
  RETURN n;
END
$$;

CREATE FUNCTION fold_run(program text, scheme tier_scheme, rules tier_rules, customers int, evaluations int,
  OUT differences bigint, OUT evaluated bigint, OUT periods bigint, OUT reviewed bigint, OUT due bigint, OUT undone int) LANGUAGE plpgsql AS $$
DECLARE
  as_of date := '2024-01-01';
  labels text[] := ARRAY(SELECT tier FROM tier_list(scheme));
  complete boolean := false;
  due_only boolean;
  reviews jsonb;
BEGIN
  TRUNCATE fold_customers, fold_model, fold_trail, fold_present;
  INSERT INTO fold_customers
    SELECT i, round((random() * 120)::numeric, 1), date '2023-09-01' + (random() * 700)::int, random() < 0.7
    FROM generate_series(1, customers) i;
  PERFORM tier_program_create(program, 'fold_source', '{id}', 'revenue', scheme, rules,
                              customer_since => CASE WHEN rules::text LIKE '%new%' THEN 'first_order' END);
  EXECUTE format('UPDATE %I.program SET max_fall = 1', program);
  differences := 0;
  undone := 0;

  FOR i IN 1 .. evaluations LOOP
    as_of := as_of + 1 + (random() * random() * 90)::int;
    -- what happened meanwhile: other measures, none, comings and goings
    UPDATE fold_customers SET revenue = CASE WHEN random() < 0.05 THEN NULL
                                             ELSE round((random() * 120)::numeric, 1) END WHERE random() < 0.3;
    UPDATE fold_customers SET present = NOT present WHERE random() < 0.08;
    due_only := complete AND random() < 0.3;
    reviews := '{}';

    IF random() < 0.2 AND complete THEN                  -- an evaluation that is taken back
      PERFORM tier_evaluate(program, as_of, draft => random() < 0.5, due_only => due_only);
      PERFORM tier_undo(program);
      differences := differences + fold_differences(program);
      undone := undone + 1;
    END IF;
    IF random() < 0.3 THEN                               -- a review
      PERFORM tier_evaluate(program, as_of, draft => true, due_only => due_only);
      EXECUTE format($sql$
        WITH r AS (UPDATE %1$I.draft SET reviewed_tier = ($1)[1 + floor(random() * cardinality($1))::int]
                   WHERE random() < 0.1 AND rule IS DISTINCT FROM 'left' RETURNING id, reviewed_tier)
        SELECT coalesce(jsonb_object_agg(id, reviewed_tier), '{}') FROM r$sql$, program) INTO reviews USING labels;
      -- what comes after the draft does not matter
      TRUNCATE fold_saved;
      INSERT INTO fold_saved SELECT id, revenue FROM fold_customers;
      UPDATE fold_customers SET revenue = 120 - revenue WHERE random() < 0.5;
      PERFORM tier_publish(program);
      UPDATE fold_customers c SET revenue = s.revenue FROM fold_saved s WHERE s.id = c.id;
    ELSE
      PERFORM tier_evaluate(program, as_of, due_only => due_only);
    END IF;
    PERFORM fold_step(as_of, scheme, rules, due_only, reviews);
    complete := complete OR NOT due_only;
    differences := differences + fold_differences(program);
  END LOOP;

  differences := differences + fold_past_differences(program);
  EXECUTE format('SELECT count(*), sum((kind = %L)::int) FROM %I.evaluations', 'due only', program) INTO evaluated, due;
  EXECUTE format('SELECT count(*), sum((rule = %L)::int) FROM %I.history', 'reviewed', program) INTO periods, reviewed;
END
$$;

SELECT evaluated, periods > 300 AS periods, reviewed > 0 AS reviewed, due > 0 AS due, undone > 0 AS undone, differences
FROM fold_run('fold_plain', 'A >= 90, B >= 50, C', '', 300, 24);
SELECT * FROM tier_verify('fold_plain');
SELECT evaluated, periods > 300 AS periods, reviewed > 0 AS reviewed, due > 0 AS due, undone > 0 AS undone, differences
FROM fold_run('fold_hold', 'A >= 90, B >= 50, C', 'keep 80%; hold 3 months; grace 1 month', 300, 24);
SELECT * FROM tier_verify('fold_hold');
SELECT evaluated, periods > 300 AS periods, reviewed > 0 AS reviewed, due > 0 AS due, undone > 0 AS undone, differences
FROM fold_run('fold_land', 'A >= 100, B >= 80, C >= 40, D >= 10', 'keep A >= 70, C; hold 2 months to end of quarter; land 1 month; new 6 months as C', 300, 24);
SELECT * FROM tier_verify('fold_land');
SELECT evaluated, periods > 300 AS periods, reviewed > 0 AS reviewed, due > 0 AS due, undone > 0 AS undone, differences
FROM fold_run('fold_low', 'A <= 20, B <= 60, C', 'keep 130%; hold 1 month; grace 2 weeks; new 3 months', 300, 24);
SELECT * FROM tier_verify('fold_low');

-- grades on each day of the history: the earned standing, by the model, with the
-- override of that day laid over it. grades is of today, so the overrides are
-- moved to where they are as far from today as they were from the day.
CREATE TABLE fold_overrides (id int, tier text, mode text, valid_from date, valid_until date, PRIMARY KEY (id, valid_from));
CREATE TABLE fold_was (id int, valid_from date, valid_to date);      -- the history, before evaluations are taken back
CREATE TABLE fold_earned (id int PRIMARY KEY, tier text, rank int, since date, rule text, until date);

-- some meet others, or end as the next begins; some are of customers who never were
CREATE FUNCTION fold_override(program text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first date;
  days int;
BEGIN
  EXECUTE format('SELECT min(as_of), max(as_of) - min(as_of) FROM %I.evaluations', program) INTO first, days;
  INSERT INTO fold_overrides
    SELECT id, (ARRAY['A', 'B', 'C'])[1 + floor(random() * 3)::int], (ARRAY['exact', 'at least'])[1 + floor(random() * 2)::int],
           first + start, CASE WHEN random() < 0.9 THEN first + start + step * (1 + floor(random() * 42 / step)::int) END
    FROM (SELECT 260 + floor(random() * 50)::int AS id, step, step * floor(random() * days / step)::int AS start
          FROM generate_series(1, 400) i, LATERAL (SELECT 1 + i % 2 * 6) s (step)) o
    ON CONFLICT DO NOTHING;
  INSERT INTO fold_overrides
    SELECT id, 'B', 'exact', valid_until, valid_until + 20 FROM fold_overrides WHERE valid_until IS NOT NULL AND id % 4 = 0
    ON CONFLICT DO NOTHING;
  ANALYZE fold_overrides;
  EXECUTE format('INSERT INTO fold_was SELECT id, valid_from, valid_to FROM %I.history', program);
  EXECUTE format('ALTER TABLE %I.overrides DISABLE TRIGGER USER', program);
END
$$;

CREATE FUNCTION fold_earn(evaluated date) RETURNS void LANGUAGE sql AS $$
  TRUNCATE fold_earned;
  INSERT INTO fold_earned
    SELECT DISTINCT ON (t.id) t.id, (st).tier, ascii((st).tier) - 64, (st).since, (st).rule, (st).until
    FROM fold_trail t JOIN fold_was w ON w.id = t.id AND w.valid_from <= evaluated AND (w.valid_to > evaluated OR w.valid_to IS NULL)
    WHERE t.as_of <= evaluated ORDER BY t.id, t.as_of DESC;
$$;

CREATE FUNCTION fold_grades(program text, day date, OUT differences bigint, OUT overridden bigint) LANGUAGE plpgsql AS $$
DECLARE
  away int := current_date - day;
BEGIN
  -- those that begin tomorrow, are valid, or end today
  EXECUTE format('DELETE FROM %I.overrides', program);
  EXECUTE format($sql$
    INSERT INTO %I.overrides (id, tier, rank, mode, reason, valid_from, valid_until)
    SELECT id, tier, ascii(tier) - 64, mode, 'meeting', valid_from + $1, valid_until + $1 FROM fold_overrides
    WHERE $2 >= valid_from - 1 AND ($2 <= valid_until OR valid_until IS NULL)$sql$, program) USING away, day;
  EXECUTE format($sql$
    SELECT count(*) FILTER (WHERE (g.tier, g.rank, g.since, g.rule, g.until) IS DISTINCT FROM
             CASE WHEN o.tier IS NOT NULL AND (o.mode = 'exact' OR e.tier IS NULL OR o.tier < e.tier)
                  THEN (o.tier, ascii(o.tier) - 64, o.valid_from + $1, 'override'::text, o.valid_until + $1)
                  ELSE (e.tier, e.rank, e.since, e.rule, e.until) END),
           count(*) FILTER (WHERE g.rule = 'override')
    FROM fold_earned e FULL JOIN %I.grades g USING (id)
    LEFT JOIN LATERAL (SELECT * FROM fold_overrides o WHERE o.id = e.id AND $2 >= o.valid_from AND ($2 < o.valid_until OR o.valid_until IS NULL)
                       ORDER BY o.valid_from DESC LIMIT 1) o ON true$sql$, program) USING away, day INTO differences, overridden;
END
$$;

-- taken back one after the other, all is as it was after each, and on each day until the next
CREATE FUNCTION fold_undo_all(program text, OUT undone int, OUT differences bigint, OUT days int, OUT overridden bigint) LANGUAGE plpgsql AS $$
DECLARE
  last date;
  following date;
  g record;
  n bigint;
BEGIN
  undone := 0;
  differences := 0;
  days := 0;
  overridden := 0;
  LOOP
    EXECUTE format('SELECT max(as_of) FROM %I.evaluations', program) INTO last;
    EXIT WHEN last IS NULL;
    -- what the model had on that day
    EXECUTE format($sql$
      SELECT count(*) FROM fold_trail t JOIN %1$I.standing s USING (id)
      WHERE t.as_of = $1 AND s.valid_from = $1
        AND ((st).tier, (st).since, (st).rule, (st).until, (st).met, (st).clocks)
            IS DISTINCT FROM (s.tier, s.since, s.rule, s.until, s.met, s.clocks)$sql$, program) INTO n USING last;
    differences := differences + n;
    EXECUTE format($sql$
      SELECT count(*) FROM fold_trail t JOIN %1$I.history h USING (id)
      WHERE t.as_of = $1 AND h.valid_to IS NULL AND (h.until, h.evaluated_on) IS DISTINCT FROM ((st).until, (st).evaluated_on)
        AND EXISTS (SELECT FROM %1$I.evaluations e WHERE e.as_of = $1 AND e.kind = 'complete')$sql$, program) INTO n USING last;
    differences := differences + n;
    PERFORM fold_earn(last);
    FOR day IN 0 .. coalesce(following - last, 30) - 1 LOOP
      g := fold_grades(program, last + day);
      differences := differences + g.differences;
      overridden := overridden + g.overridden;
      days := days + 1;
    END LOOP;
    following := last;
    PERFORM tier_undo(program);
    undone := undone + 1;
  END LOOP;
  EXECUTE format('SELECT count(*) FROM %I.history', program) INTO n;
  differences := differences + n;
END
$$;
SELECT fold_override('fold_low');
SELECT count(*) > 300 AS overrides, count(*) FILTER (WHERE valid_until IS NULL) > 10 AS endless,
       count(*) FILTER (WHERE EXISTS (SELECT FROM fold_overrides n WHERE n.id = o.id AND n.valid_from = o.valid_until)) > 10 AS end_as_next_begins,
       count(*) FILTER (WHERE EXISTS (SELECT FROM fold_overrides n WHERE n.id = o.id AND n.valid_from > o.valid_from AND n.valid_from < o.valid_until)) > 10 AS meet
FROM fold_overrides o;
SELECT undone, differences, days > 365 AS days, overridden > 2000 AS overridden FROM fold_undo_all('fold_low');
SELECT count(*) FROM fold_low.grades;

-- grades: the earned standing, with the override valid today laid over it
INSERT INTO fold_hold.overrides (id, tier, mode, reason, valid_from, valid_until)
  SELECT i, (ARRAY['A', 'B', 'C'])[1 + i % 3], (ARRAY['exact', 'at least'])[1 + i % 2], 'meeting',
         current_date - 40 + n * 10 + i % 10, CASE WHEN i % 5 > 0 THEN current_date - 40 + n * 10 + i % 10 + i % 17 + 1 END
  FROM generate_series(1, 400) i, generate_series(1, 6) n WHERE (i + n) % 3 > 0;
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE g.rule = 'override') > 20 AS overridden,
       count(*) FILTER (WHERE (g.tier, g.rank, g.since, g.rule, g.until) IS DISTINCT FROM
         CASE WHEN o.tier IS NOT NULL AND (o.mode = 'exact' OR h.tier IS NULL OR o.tier < h.tier)
              THEN (o.tier, ascii(o.tier) - 64, o.valid_from, 'override'::text, o.valid_until)
              ELSE (h.tier, h.rank, h.since, h.rule, h.until) END) AS differences
FROM fold_hold.history h
FULL JOIN fold_hold.grades g USING (id)
LEFT JOIN LATERAL (SELECT * FROM fold_hold.overrides o WHERE o.id = h.id AND current_date >= o.valid_from
                     AND (o.valid_until IS NULL OR current_date < o.valid_until)
                   ORDER BY o.valid_from DESC LIMIT 1) o ON true
WHERE h.valid_to IS NULL;
