-- tier_rules: how a customer keeps a tier, and loses it

--
-- The language: what is printed is read back as it was, in one order
--
SELECT s AS typed, s::tier_rules AS stored, s::tier_rules::text::tier_rules = s::tier_rules AS fixed
FROM (VALUES
  (''), ('  '),
  ('keep 80%'),
  ('keep A >= 4000000, B >= 800000'),
  ('keep A top 25%, B'),
  ('hold 6 months'),
  ('hold 1 year to end of year'),
  ('hold 14 months to end of February; land 1 year'),
  ('hold 6 months; grace 3 months'),
  ('new 6 months'),
  ('new 6 months as Bronze'),
  ('new 1 year as "Silver Plus"; land 2 quarters; grace 10 days; hold 90 days to end of quarter; keep 79.50 %;')) v(s);

-- what people type
SELECT s AS typed, s::tier_rules AS stored
FROM (VALUES
  (E'KEEP\n080.0%;Hold 1Month To End Of month'),
  ('keep 120%; hold 1 weeks to end of MARCH'),
  ('keep 80％；hold 1 year；new 6 months as “银 卡”'),
  ('keep 金≥40、银≥30；new 6 months as “银、卡”'),
  ('keep 5 >= 40, 4 >= 30'),                     -- scores are labels too
  ('keep "keep" >= 5; hold 1 day to end of december'),
  ('hold +12 months; grace 02 weeks'), ('hold 1000 years; grace 365250 days'),
  ('keep A >= median; land 1 year'),
  ('keep "80"'), ('keep 80 >= 5')) v(s);

-- every month has an end
SELECT string_agg(('hold 1 year to end of ' || to_char(m, 'FMMonth'))::tier_rules::text, E'\n' ORDER BY m)
FROM generate_series('2026-01-01', '2026-12-01', interval '1 month') m;

--
-- Errors say what to do
--
\set VERBOSITY default
CREATE FUNCTION pg_temp.complain(typed text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
  hint text;
  rules tier_rules;
BEGIN
  rules := typed;
  RETURN NEXT format('NOT REFUSED: %s', rules);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN NEXT typed;
  RETURN NEXT '  ' || SQLERRM;
  RETURN NEXT '  ' || detail;
  RETURN NEXT '  ' || coalesce(nullif(hint, ''), 'NO HINT');
END $$;

\pset format unaligned
\pset tuples_only on
SELECT pg_temp.complain(s) FROM unnest(ARRAY[
  -- rules
  'hold 6 months; keep 80%; hold 1 year', 'keep 80%; keep A >= 3',
  ';', 'holt 6 months', 'valid 6 months', 'notice 3 months', 'discount 5%', '80%', 'hold 6 months;; land 1 year',
  'hold 6 months grace 3 months', 'hold 6 months, grace 3 months', 'keep 80% hold 1 year',
  -- keep
  'keep', 'keep 80', 'keep 0.8', 'keep 80; hold 1 year', 'keep -80%', 'keep 80% of value', 'keep 80%, 70%',
  'keep B >= 3, A >= 5', 'keep A >= 3, A >= 2', 'keep A >= 5, B <= 3', 'keep A >= 4, E by rule', 'keep A > ',
  -- durations
  'hold', 'hold long', 'hold 6', 'hold 6 moons', 'hold 1.5 years', 'hold -6 months', 'hold 0 days',
  'hold 0 days to end of year', 'hold 99999999 days', 'land 1001 years', 'grace 365251 days', 'grace', 'grace 0 months', 'grace -1 day', 'land -1 year', 'land zero days',
  'new -6 months', 'new 0 days as A',
  -- to end of
  'hold 1 year until end of year', 'hold 1 year to year', 'hold 1 year to end year', 'hold 1 year to end of',
  'hold 1 year to end of Febuary', 'hold 1 year to end of Dec', 'hold 1 year to end of week', 'grace 1 month to end of month',
  -- new as
  'new 6 months as', 'new 6 months Bronze', 'new 6 months as Bronze Plus', 'new 6 months as "Bronze', 'new as Bronze']) s;
\pset format aligned
\pset tuples_only off

--
-- jsonb
--
SELECT s::tier_rules::jsonb, s::tier_rules::jsonb::tier_rules = s::tier_rules AS same
FROM unnest('{"","keep A >= 4; hold 1 year to end of year; grace 1 month; land 3 months; new 6 months as \"B \"\"2\"\"\"","keep 80%"}'::text[]) s;
SELECT '{"hold": "12 months", "grace": null}'::jsonb::tier_rules;
SELECT '["hold 1 year"]'::jsonb::tier_rules; -- fail
SELECT '"hold 1 year"'::jsonb::tier_rules; -- fail
SELECT '{"hold": 12}'::jsonb::tier_rules; -- fail
SELECT '{"hold": {"months": 12}}'::jsonb::tier_rules; -- fail
SELECT '{"Hold": "1 year"}'::jsonb::tier_rules; -- fail
SELECT '{"hold": "1 year; land 1 year"}'::jsonb::tier_rules; -- fail
SELECT '{"hold": "hold 1 year"}'::jsonb::tier_rules; -- fail
SELECT '{"keep": "80% "}'::jsonb::tier_rules, '{"keep": ""}'::jsonb::tier_rules; -- fail

--
-- Equality, order, hashing, storage, the wire
--
SELECT 'grace 1 day; hold 1 day'::tier_rules = 'hold 1 day; grace 1 day'::tier_rules AS equal,
  'hold 1 day'::tier_rules <> 'hold 2 days'::tier_rules AS different;
SELECT r, count(*) FROM unnest('{land 1 day,"  land  1 days",hold 1 day}'::tier_rules[]) r GROUP BY r ORDER BY r;
CREATE TEMP TABLE kept (rules tier_rules PRIMARY KEY);
INSERT INTO kept VALUES (''), ('keep 银 >= 4; hold 1 year'), ('keep 80%');
INSERT INTO kept VALUES ('keep 80.0 %'); -- fail
\copy kept to 'results/rules.copy' (FORMAT binary)
CREATE TEMP TABLE back (rules tier_rules);
\copy back from 'results/rules.copy' (FORMAT binary)
SELECT rules FROM kept NATURAL JOIN back ORDER BY rules;
-- what is received is validated, and made canonical
CREATE TEMP TABLE messages (rules text);
INSERT INTO messages VALUES ('land 1 year ;hold 1 years');
\copy messages to 'results/rules.copy' (FORMAT binary)
\copy back from 'results/rules.copy' (FORMAT binary)
SELECT rules FROM back WHERE rules = 'hold 1 year; land 1 year';
UPDATE messages SET rules = 'hold 1';
\copy messages to 'results/rules.copy' (FORMAT binary)
\copy back from 'results/rules.copy' (FORMAT binary) -- fail

--
-- Relative ladders after keep, fitted to the digest that the scheme is fitted to
--
SELECT tier_rules_fit(value_digest(v), 'keep A top 20%, B top 50%; hold 1 year') FROM generate_series(1, 10) v;
SELECT tier_rules_fit(value_digest(v), s::tier_rules)
FROM generate_series(1, 10) v, unnest('{"",keep 80%,keep A >= 3,land 1 day}'::text[]) s GROUP BY s ORDER BY s COLLATE "C";
SELECT tier_rules_fit(NULL, 'keep A top 20%');
