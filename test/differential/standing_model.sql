-- test/differential/standing_model.sql: the fold of a customer's grades once
-- more, in PL/pgSQL and as doc/standing.md tells its five steps, and random
-- histories to try it on. Included by sql/standing.sql and run by this folder's run.
-- Needs :seed and :histories.

SELECT setseed(:seed);

-- A program: tiers by place, 1 for the best. bars[i] is what a measure must
-- reach for tier i, keeps[i] what keeps it; NULL: anything will do.
CREATE TYPE pg_temp.program AS (
  labels text[], measured int, lower boolean, ops text[], bars numeric[],
  keeps numeric[],                        -- NULL: no rule "keep"
  hold interval, hold_to text, grace interval, land interval,
  tenure interval, new_label text);

CREATE FUNCTION pg_temp.reaches(value numeric, op text, bar numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT value IS NOT NULL AND CASE
    WHEN bar IS NULL THEN true WHEN op = '>=' THEN value >= bar WHEN op = '>' THEN value > bar
    WHEN op = '<=' THEN value <= bar ELSE value < bar END $$;

-- the end of a hold that begins on a day
CREATE FUNCTION pg_temp.hold_end(p pg_temp.program, day date) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  d date := (day + coalesce(p.hold, interval '0'))::date;
BEGIN
  -- forward, day by day, to the first start of the period
  WHILE p.hold_to IS NOT NULL AND NOT (extract(day FROM d) = 1 AND CASE p.hold_to
      WHEN 'month' THEN true
      WHEN 'quarter' THEN extract(month FROM d) IN (1, 4, 7, 10)
      WHEN 'year' THEN extract(month FROM d) = 1
      ELSE trim(to_char(d - 1, 'Month')) = p.hold_to END) LOOP
    d := d + 1;
  END LOOP;
  RETURN d;
END $$;

CREATE FUNCTION pg_temp.model_step(p pg_temp.program, previous tier_standing, value numeric, as_of date,
                                   customer_since date) RETURNS tier_standing
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  n int := cardinality(p.labels);
  not_graded int := n + 1;
  m int := not_graded;                    -- measured now
  old_tier int := coalesce(array_position(p.labels, previous.tier), not_graded);
  on_before int := old_tier;              -- this tier and all below were on
  met_before int := coalesce(array_position(p.labels, previous.met), not_graded);
  met int;
  clocks jsonb := '{}';
  off_on date[];                          -- when each tier that is not met goes off
  clock date;
  off date;
  tier int;
  result tier_standing;
BEGIN
  FOR i IN REVERSE p.measured .. 1 LOOP
    IF pg_temp.reaches(value, p.ops[i], p.bars[i]) THEN m := i; END IF;
  END LOOP;
  result.evaluated_on := as_of;

  -- 1. tenure
  IF as_of < customer_since + p.tenure THEN
    tier := CASE WHEN p.new_label IS NULL THEN m ELSE array_position(p.labels, p.new_label) END;
    result.tier := p.labels[tier];
    result.rule := 'new';
    result.until := customer_since + p.tenure;
    result.since := CASE WHEN previous.evaluated_on IS NOT NULL AND tier = old_tier THEN previous.since ELSE as_of END;
    RETURN result;
  END IF;
  IF previous.rule = 'new' OR previous.evaluated_on IS NULL THEN
    on_before := not_graded;
    met_before := not_graded;
  END IF;

  -- 2. met: as measured, or by the keep bar of a tier that was on
  met := m;
  IF p.keeps IS NOT NULL THEN
    FOR i IN 1 .. p.measured LOOP
      IF i >= on_before AND pg_temp.reaches(value, p.ops[i], p.keeps[i]) THEN met := least(met, i); END IF;
    END LOOP;
  END IF;
  result.met := p.labels[met];

  -- 3. clocks of tiers above met: old ones run on, those met last time begin
  FOR i IN 1 .. met - 1 LOOP
    IF i >= met_before THEN
      clock := greatest(pg_temp.hold_end(p, previous.evaluated_on), as_of);
    ELSE
      clock := (previous.clocks ->> p.labels[i])::date;
    END IF;
    CONTINUE WHEN clock IS NULL;
    -- does it hold a tier on, itself or by landing?
    off := clock + coalesce(p.grace, '0');
    FOR below IN i .. least(met, p.measured) LOOP
      EXIT WHEN as_of < off OR p.land IS NULL;
      IF below > i THEN off := off + p.land; END IF;
    END LOOP;
    IF as_of < off THEN clocks := clocks || jsonb_build_object(p.labels[i], clock); END IF;
  END LOOP;
  IF clocks <> '{}' THEN result.clocks := clocks; END IF;

  -- 4. and 5. on: the best tier that is
  tier := met;
  FOR i IN 1 .. met - 1 LOOP
    clock := (clocks ->> p.labels[i])::date;
    off_on[i] := greatest(clock + coalesce(p.grace, '0'),
                          CASE WHEN i <= p.measured THEN off_on[i - 1] + p.land END);
    IF as_of < off_on[i] THEN
      tier := i;
      result.rule := CASE WHEN as_of < clock THEN 'held' WHEN as_of < clock + p.grace THEN 'grace' ELSE 'landing' END;
      result.until := CASE WHEN as_of < clock THEN clock WHEN as_of < clock + p.grace THEN clock + p.grace ELSE off_on[i] END;
      EXIT;
    END IF;
  END LOOP;
  IF tier = met AND met < not_graded THEN
    result.rule := CASE WHEN met = m THEN 'measured' ELSE 'kept' END;
    result.until := CASE WHEN p.hold IS NOT NULL AND (met > p.measured OR p.bars[met] IS NOT NULL) THEN pg_temp.hold_end(p, as_of) END;
  END IF;

  result.tier := p.labels[tier];
  result.since := CASE WHEN previous.evaluated_on IS NOT NULL AND tier = old_tier THEN previous.since ELSE as_of END;
  RETURN result;
END $$;

-- a number from 0 to n - 1
CREATE FUNCTION pg_temp.pick(n int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT floor(random() * n)::int';

CREATE FUNCTION pg_temp.random_duration() RETURNS interval LANGUAGE sql VOLATILE AS $$
  SELECT (('{1 day,20 days,5 weeks,1 month,2 months,3 months,6 months,14 months,9 months,1 year,2 years}'::text[])
          [1 + pg_temp.pick(11)])::interval $$;

-- as the rules write it
CREATE FUNCTION pg_temp.duration_text(d interval) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN extract(day FROM d) > 0 THEN extract(day FROM d) || ' days'
    ELSE extract(year FROM d) * 12 + extract(month FROM d) || ' months' END $$;

CREATE FUNCTION pg_temp.random_program() RETURNS pg_temp.program
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  p pg_temp.program;
  n int := 2 + pg_temp.pick(8);
  keep int := pg_temp.pick(3);
BEGIN
  p.lower := random() < 0.4;
  p.labels := (ARRAY['Tier 1', 'b', 'C', '银', 'E "5"', 'F', 'g', 'H', 'I'])[1:n];
  p.measured := n - CASE WHEN random() < 0.2 THEN 1 ELSE 0 END;
  FOR i IN 1 .. p.measured LOOP
    p.ops[i] := CASE WHEN p.lower THEN (ARRAY['<=', '<'])[1 + pg_temp.pick(2)]
                ELSE (ARRAY['>=', '>'])[1 + pg_temp.pick(2)] END;
    p.bars[i] := CASE WHEN p.lower THEN i ELSE p.measured + 1 - i END * 10;
  END LOOP;
  IF random() < 0.6 THEN p.bars[p.measured] := NULL; END IF;    -- takes all the rest
  IF keep = 1 THEN
    FOR i IN 1 .. p.measured LOOP p.keeps[i] := p.bars[i] * CASE WHEN p.lower THEN 1.25 ELSE 0.8 END; END LOOP;
  ELSIF keep = 2 THEN                     -- a ladder of its own, with gaps
    p.keeps := p.bars;
    FOR i IN 1 .. p.measured LOOP
      IF p.bars[i] IS NOT NULL AND random() < 0.7 THEN
        p.keeps[i] := p.bars[i] + CASE WHEN p.lower THEN 15 ELSE -15 END;
      END IF;
    END LOOP;
  END IF;
  IF random() < 0.7 THEN
    p.hold := pg_temp.random_duration();
    IF random() < 0.5 THEN
      p.hold_to := (ARRAY['month', 'quarter', 'year', 'February', 'March', 'December'])[1 + pg_temp.pick(6)];
    END IF;
  END IF;
  IF random() < 0.4 THEN p.grace := pg_temp.random_duration(); END IF;
  IF random() < 0.4 THEN p.land := pg_temp.random_duration(); END IF;
  IF random() < 0.2 THEN
    p.tenure := pg_temp.random_duration();
    IF random() < 0.5 THEN p.new_label := p.labels[1 + pg_temp.pick(n)]; END IF;
  END IF;
  RETURN p;
END $$;

CREATE FUNCTION pg_temp.label_text(label text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '"' || replace(label, '"', '""') || '"' $$;

CREATE FUNCTION pg_temp.ladder(p pg_temp.program, bars numeric[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(pg_temp.label_text(p.labels[i]) || CASE WHEN i > p.measured THEN ' by rule'
                    WHEN bars[i] IS NULL THEN '' ELSE ' ' || p.ops[i] || ' ' || bars[i] END, ', ' ORDER BY i)
  FROM generate_subscripts(p.labels, 1) i $$;

CREATE FUNCTION pg_temp.scheme_of(p pg_temp.program) RETURNS tier_scheme LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_temp.ladder(p, p.bars)::tier_scheme $$;

CREATE FUNCTION pg_temp.rules_of(p pg_temp.program) RETURNS tier_rules LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws('; ',
    'new ' || pg_temp.duration_text(p.tenure) || coalesce(' as ' || pg_temp.label_text(p.new_label), ''),
    'keep ' || CASE
      WHEN p.keeps[1] = p.bars[1] * 0.8 THEN '80%' WHEN p.keeps[1] = p.bars[1] * 1.25 THEN '125%'
      ELSE (SELECT string_agg(pg_temp.label_text(p.labels[i]) || ' ' || p.ops[i] || ' ' || p.keeps[i], ', ' ORDER BY i)
            FROM generate_series(1, p.measured) i WHERE p.keeps[i] <> p.bars[i]) END,
    'land ' || pg_temp.duration_text(p.land), 'grace ' || pg_temp.duration_text(p.grace),
    'hold ' || pg_temp.duration_text(p.hold) || coalesce(' to end of ' || p.hold_to, ''))::tier_rules $$;

-- irregular dates, many on the first or last of a month
CREATE FUNCTION pg_temp.later(day date) RETURNS date LANGUAGE sql VOLATILE AS $$
  SELECT CASE pg_temp.pick(4) WHEN 0 THEN (date_trunc('month', day) + interval '1 month')::date
    WHEN 1 THEN (date_trunc('month', day) + interval '3 months')::date - 1
    WHEN 2 THEN day + 1 + pg_temp.pick(20) ELSE day + 1 + pg_temp.pick(400) END $$;

CREATE TEMP TABLE member AS
SELECT id, p, pg_temp.scheme_of(p) AS scheme, pg_temp.rules_of(p) AS rules,
  CASE WHEN random() < 0.7 THEN date '2023-06-01' + pg_temp.pick(900) END AS customer_since
FROM (SELECT id, pg_temp.random_program() AS p FROM generate_series(1, :histories) id OFFSET 0) p;

-- values that wander over the bounds and stop on them; some missing
CREATE TEMP TABLE evaluation (id int, as_of date, value numeric);
CREATE FUNCTION pg_temp.fill_evaluations() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
  day date;
  value numeric;
BEGIN
  FOR r IN SELECT id, (p).measured AS n FROM member LOOP
    day := date '2024-01-01' + pg_temp.pick(60);
    value := pg_temp.pick(10 * (r.n + 2));
    FOR i IN 1 .. 4 + pg_temp.pick(9) LOOP
      INSERT INTO evaluation VALUES (r.id, day, CASE WHEN random() < 0.9 THEN value END);
      day := pg_temp.later(day);
      value := CASE pg_temp.pick(4) WHEN 0 THEN pg_temp.pick(10 * (r.n + 2)) WHEN 1 THEN 10 * pg_temp.pick(r.n + 2)
               WHEN 2 THEN value * 0.8 ELSE value - 5 + pg_temp.pick(10) END;
    END LOOP;
  END LOOP;
END $$;
SELECT FROM pg_temp.fill_evaluations();
ANALYZE evaluation;

-- stepped through by the model, and by tier_step
CREATE TEMP TABLE stepped (id int, as_of date, model tier_standing, step tier_standing);
CREATE FUNCTION pg_temp.fill_stepped() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
  last_id int := 0;
  model tier_standing;
  step tier_standing;
BEGIN
  FOR r IN SELECT * FROM evaluation JOIN member USING (id) ORDER BY id, as_of LOOP
    IF r.id <> last_id THEN
      model := NULL;
      step := NULL;
      last_id := r.id;
    END IF;
    model := pg_temp.model_step(r.p, model, r.value, r.as_of, r.customer_since);
    step := tier_step(step, r.value, r.as_of, r.scheme, r.rules, r.customer_since);
    INSERT INTO stepped VALUES (r.id, r.as_of, model, step);
  END LOOP;
END $$;
SELECT FROM pg_temp.fill_stepped();
