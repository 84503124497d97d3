-- the scheme language, and the functions on the scheme itself

--
-- Every kind of bound; what is printed is read back as it was
--
SELECT s AS typed, s::tier_scheme AS stored,
     s::tier_scheme::text::tier_scheme::text = s::tier_scheme::text AS fixed
FROM (VALUES
  ('A >= 5000000, B >= 1000000, C'),
  ('A <= 30, B <= 90, C <= 180, D'),
  ('Overdue < 0 days, A within 1 month, B within 3 months, C within 6 months, D, E by rule'),
  ('A top 70% of value, B top 90% of value, C'),
  ('A up to 70% of value, B up to 90% of value, C'),
  ('VIP top 1%, Major next 4%, Regular next 15%, Small'),
  ('Key top 10, Other'),
  ('5 > p80, 4 > p60, 3 > p40, 2 > p20, 1'),
  ('5 <= p20, 4 <= p40, 3 <= p60, 2 <= p80, 1'),
  ('High >= mean, Low'),
  ('A >= mean + 1 sd, B >= mean, C'),
  ('A natural, B natural, C'),
  ('"钻石" >= 5000, 金 >= 3000, 银 >= 1000, 普通'),
  ('only'),
  ('A >= 1')) v(s);

-- one thing is printed one way
SELECT s AS typed, s::tier_scheme AS stored
FROM (VALUES
  (E'\n A>=5.00\t,B>=+3 ,C>=-0.0,D >= -.50'),
  ('A TOP 5%, B Next 5.50 %, C NEXT 10%, D'),
  ('A up to 5% OF Value, B next 5% of value'),
  ('A lowest 5%, B next 5%'),
  ('A >= median, B >= p50, C >= p00.50'),
  ('A >= p99.50, B >= P099, C > p0'),
  ('A >= mean+1sd, B >= Mean + 0 sd, C >= mean - 0.50 SD'),
  ('A <= 1 day, B <= 30day, C <= 1 Month, D < 5 weeks, E within 1 quarters, F < 1 year, G < +02 years'),
  ('A >= 1 year, B > -1 months, C > -3 months'),
  ('A top 0, B top 10, C top 1e3'),
  ('A top 0%, B top 100%'),
  ('"A" >= 2, "A B" >= 1, "a""b", "b,c" by rule, "natural" BY RULE'),
  ('top top 5%, natural natural, next'),
  ('A >= 1e3, B >= 1.5E+2, C >= 15e-1')) v(s);

-- numbers are exact, and become scientific beyond 40 characters
SELECT s::tier_scheme AS stored
FROM (VALUES
  ('A >= 123456789012345678901234567890.12345678'),
  ('A >= 1234567890123456789012345678901234567890'),
  ('A >= 12345678901234567890123456789012345678901'),
  ('A >= -1234567890123456789012345678901234567890'),
  ('A >= 1e39, B >= 1e-38'),
  ('A >= 1e40, B >= -1e40'),
  ('A >= 1e-39, B >= 1.5e-324'),
  ('A >= 10000000000000000000000000000000000000000000000005e3'),
  ('A >= 1.7976931348623157e308, B >= 4.9e-324')) v(s);
SELECT length(('A >= ' || repeat('9', 1200))::tier_scheme::text),
     ('A >= ' || repeat('9', 1200) || '.' || repeat('9', 1200))::tier_scheme::jsonb::tier_scheme
     = ('A >= ' || repeat('9', 1200) || '.' || repeat('9', 1200))::tier_scheme AS exact;

-- infinite bounds, and equal neighbours as a fit makes them
SELECT s::tier_scheme AS stored, s::tier_scheme::text::tier_scheme = s::tier_scheme AS survives
FROM (VALUES
  ('A > Infinity, B > Infinity, C >= 3, D'),
  ('A > inf, B > +INFINITY, C >= 3, D > -inf, E >= -infinity'),
  ('A < -Infinity, B <= -Infinity, C <= 3, D <= 3'),
  ('A > 5, B > 5, C >= 5, D >= 5.0'),
  ('A < 5, B <= 5, C <= 5, D'),
  ('A > p80, B >= p80, C > mean, D >= mean'),
  ('A within 30 days, B within 1 month, C <= 1 month, D')) v(s);

-- kinds mix, each in its own order
SELECT 'A >= 100, B top 5%, C >= 50, D top 10% of value, E top 20%, F natural, G > p10, H'::tier_scheme;
SELECT 'A natural, B <= 5, C lowest 10%, D <= p50, E'::tier_scheme;

-- what people type: full-width signs, Chinese quotes, signs of one character
SELECT s AS typed, s::tier_scheme AS stored
FROM (VALUES
  ('“钻石 会员”≥5000，金＞3000，银　>=　1000，普通'),
  ('甲≤30，乙＜＝90，丙'),
  ('甲 top 1％，乙 next 4％，丙'),
  ('A >= 5，B >= 3、C'),
  ('甲≥5、乙≥4、“丙、丁”≥3、"戊、己"'),
  ('＂甲＂＞－5．5，”乙“'),
  ('"甲，乙" >= 5, "≥" >= 4, "“" >= 3, Ａ＿１ >= 2, "　"'),
  (E'A\u00a0>= 5,\u00a0B')) v(s);

-- a comma between digits begins a tier only if a bound follows
SELECT 'A <= 5,100 <= 90'::tier_scheme, 'A >= 5,100 top 5%, 10'::tier_scheme,
     'A >= 5,100abc'::tier_scheme, 'A >= 5, 100'::tier_scheme, 'A >= 5,1000'::tier_scheme;

--
-- Errors teach: each has its message, its place and its hint
--
CREATE FUNCTION refusal(scheme text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  message text;
  detail text;
  hint text;
BEGIN
  RETURN format(E'accepted: %s\n', scheme::tier_scheme);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format(E'%s %s\n', SQLSTATE, message)
    || CASE WHEN detail <> '' THEN format(E'  %s\n', detail) ELSE '' END
    || CASE WHEN hint <> '' THEN format(E'  %s\n', hint) ELSE E'  NO HINT\n' END;
END $$;

\pset format unaligned
\pset tuples_only
\pset fieldsep '\n'

-- syntax -- fail
SELECT s, refusal(s) FROM (VALUES
  (''),
  (E' \n'),
  ('A >= 5, B,'),
  ('A >= 5,, B'),
  (', A'),
  ('>= 5, B'),
  ('≥ 5, B'),
  ('% >= 5'),
  ('A >= 5 B >= 3'),
  ('A >= 5 "B" >= 3'),
  ('A top 5% B'),
  ('A >= 5 - 3'),
  ('A >= 1.2.3'),
  ('A >= 5; B'),
  ('A ; B'),
  ('A B'),
  ('At Risk top 5%'),
  ('VIP-1 >= 5'),
  ('VIP+ >= 5'),
  ('A "B"'),
  ('A = 5'),
  ('A => 5'),
  ('A 5000'),
  ('A 70% of value'),
  ('A p80'),
  ('A tpo 5%'),
  ('A botom 5%'),
  ('A whithin 1 month'),
  ('A over 5'),
  ('A average'),
  ('A 一二三四五六七八九十一二三四五六七八九十'),
  ('A >='),
  ('A >= , B'),
  ('A >= 5%'),
  ('A >= avarage'),
  ('A >= x'),
  ('A >= within 5 days'),
  ('A >= mean + sd'),
  ('A >= mean + -1 sd'),
  ('A >= mean + 1'),
  ('A >= mean 1 sd'),
  ('A >= -'),
  ('A >= p80%'),
  ('A up 5%'),
  ('A up to'),
  ('A up to 5'),
  ('A lowest 5'),
  ('A top'),
  ('A top many'),
  ('A top 5% of'),
  ('A top 5% of customers'),
  ('A by'),
  ('A by law'),
  ('"A >= 5, B'),
  ('“A >= 5, B'),
  ('"A"" >= 5')) v(s);

-- labels -- fail
SELECT s, refusal(s) FROM (VALUES
  ('"" >= 5, B'),
  ('A >= 5, ""'),
  ('A >= 5, "B" >= 4, A'),
  ('A >= 5, "A"'),
  (repeat('x', 64)),
  (repeat('钻', 22))) v(s);
SELECT octet_length(repeat('钻', 21)::tier_scheme::text), length(('"' || repeat(' ', 63) || '"')::tier_scheme::text);

-- how many tiers -- fail
SELECT refusal(string_agg('T' || i || ' top ' || i, ', ' ORDER BY i)) FROM generate_series(1, 256) i;
SELECT count(*) FROM tier_list((SELECT string_agg('T' || i || ' top ' || i, ', ' ORDER BY i)
                FROM generate_series(1, 255) i)::tier_scheme);

-- numbers -- fail
SELECT s, refusal(s) FROM (VALUES
  ('A >= NaN, B'),
  ('A >= -nan'),
  ('A >= 1e1200'),
  ('A >= 1e-1201'),
  ('A >= 1e99999999999999999999'),
  ('A >= ' || repeat('1', 1201)),
  ('A >= 0.' || repeat('1', 1201)),
  ('A >= 5,000,000, B >= 1,000,000, C'),
  ('A >= 5，000，000，B'),
  ('A >= 5、'),
  ('A >= 5、、B'),
  ('A >= 5,000'),
  ('A >= -5,000.50, B'),
  ('A top 1,000, B'),
  ('A >= 500万，B >= 100万，C'),
  ('A >= 500 万, B'),
  ('A >= 2千万, B'),
  ('A >= 1.5亿元, B'),
  ('A >= 5000元, B'),
  ('A >= ¥5,000, B'),
  ('A >= $-5k, B'),
  ('A >= 5M, B'),
  ('A >= ' || repeat('1', 200) || '万'),
  ('A top 2k')) v(s);

-- shares, counts and percentiles -- fail
SELECT s, refusal(s) FROM (VALUES
  ('A top 101%, B'),
  ('A top 100.0000000000000001%, B'),
  ('A lowest -1%, B'),
  ('A top Infinity%, B'),
  ('A top 60%, B next 50%'),
  ('A top -1'),
  ('A top 1.5'),
  ('A top Infinity'),
  ('A top 1e18'),
  ('A lowest 5% of value'),
  ('A next 5%, B'),
  ('A >= 5, B next 5%'),
  ('A top 10, B next 5%'),
  ('A top 5%, B next 5'),
  ('A top 5%, B next 5% of value'),
  ('A top 5% of value, B next 5%'),
  ('A >= p100.5')) v(s);

-- durations -- fail
SELECT s, refusal(s) FROM (VALUES
  ('A within 30'),
  ('A within 30, B'),
  ('A within'),
  ('A within mean'),
  ('A within 30 dyas'),
  ('A within 3 hours'),
  ('A within 1.5 months'),
  ('A within Infinity days'),
  ('A within 10000000 days')) v(s);
SELECT 'A >= 9999999 years, B > -9999999 years'::tier_scheme;

-- the ladder as a whole -- fail
SELECT s, refusal(s) FROM (VALUES
  ('A >= 5, B <= 3'),
  ('A top 5%, B lowest 5%'),
  ('A natural, B lowest 5%, C > mean'),
  ('A within 1 month, B >= 1 month'),
  ('A within 1 month, B <= 60'),
  ('A >= 5, B >= 1 month'),
  ('A within 1 month, B natural'),
  ('A >= 5, B >= 6, C'),
  ('A >= 5, B > 5'),
  ('A <= 5, B < 5'),
  ('A <= 5, B <= 4'),
  ('A >= 5, B top 5%, C natural, D >= 6'),
  ('A > Infinity, B >= 3, C > Infinity'),
  ('A within 1 month, B within 29 days'),
  ('A within 1 month, B < 30 days'),
  ('A within 12 months, B < 1 year'),
  ('A > p80, B > p90'),
  ('A <= p80, B <= median'),
  ('A >= mean, B >= mean + 1 sd'),
  ('A <= mean, B < mean'),
  ('A top 70%, B top 20%, C'),
  ('A top 25%, B top 25%, C top 25%, D'),
  ('A up to 70% of value, B top 5%, C up to 20% of value, D'),
  ('A lowest 70%, B lowest 20%'),
  ('A top 10, B top 5'),
  ('A top 10, B top 10'),
  ('A, B >= 5'),
  ('A >= 5, B, C >= 3'),
  ('A >= 5, B, C'),
  ('A >= 5, B, D by rule, C'),
  ('A by rule, B >= 5'),
  ('A >= 5, B by rule, C'),
  ('A by rule'),
  ('A by rule, B by rule')) v(s);

-- long user text is cut between characters
SELECT refusal('A >= 5 ' || repeat('钻', 100)), refusal('A top 5% of ' || repeat('x', 100));

\pset format aligned
\pset tuples_only
\pset fieldsep '|'
\set VERBOSITY default

SELECT 'A >= 5 B'::tier_scheme;	-- fail

--
-- Binary I/O: what comes from the wire is validated, and made canonical
--
CREATE TABLE schemes (id int, scheme tier_scheme);
INSERT INTO schemes VALUES (1, 'A > Infinity, B > Infinity, C >= 3, D'), (2, '钻石 >= 5, "a b"'), (3, NULL);
SELECT tier_scheme_send(scheme) = convert_to(scheme::text, 'UTF8') AS sent FROM schemes WHERE id = 2;
\copy schemes TO 'results/scheme_binary.data' (FORMAT binary)
CREATE TABLE copied (LIKE schemes);
\copy copied FROM 'results/scheme_binary.data' (FORMAT binary)
SELECT c.*, c.scheme = s.scheme AS same FROM copied c JOIN schemes s USING (id) ORDER BY id;
\copy (SELECT 4, text 'A>=5.0,B') TO 'results/scheme_binary.data' (FORMAT binary)
\copy copied FROM 'results/scheme_binary.data' (FORMAT binary)
SELECT scheme FROM copied WHERE id = 4;
\copy (SELECT 5, text 'A >= 5, A') TO 'results/scheme_binary.data' (FORMAT binary)
\copy copied FROM 'results/scheme_binary.data' (FORMAT binary)	-- fail

--
-- Constructor
--
SELECT tier_scheme('{A,B,C}', '{5000000,1000000}'),
     tier_scheme('{A,B,C}', '{30,90,180.50}', '<='),
     tier_scheme(ARRAY['a "b"', 'natural', '钻石'], '{Infinity,1e50,-0.00}', '>'),
     tier_scheme('{all}', '{}'),
     tier_scheme('{A}', NULL);
SELECT tier_scheme('{}', '{}');	-- fail
SELECT tier_scheme('{A,B}', '{1,2,3}', '<');	-- fail
SELECT tier_scheme('{A,B,C}', '{1}');	-- fail
SELECT tier_scheme('{A,NULL}', '{1}');	-- fail
SELECT tier_scheme('{A,B}', '{1,NULL}');	-- fail
SELECT tier_scheme('{A,B}', '{1}', '=');	-- fail
SELECT tier_scheme('{A,B}', '{1,2}');	-- fail
SELECT tier_scheme('{A,A}', '{1}');	-- fail
SELECT tier_scheme('{"",A}', '{1}');	-- fail
SELECT tier_scheme('{A,B}', '{NaN}');	-- fail
SELECT tier_scheme('{A,B}', ARRAY[10::numeric ^ 1300]);	-- fail
SELECT tier_scheme(array_agg('T' || i), array_agg(-i)) FROM generate_series(1, 256) i;	-- fail

--
-- jsonb
--
SELECT jsonb_pretty(scheme::jsonb), scheme::jsonb::tier_scheme = scheme AS same
FROM (VALUES (tier_scheme 'A >= 5000000, "b ""c""\" top 5% of value, C, 普通 by rule')) v(scheme);
SELECT jsonb '[{"tier": "A", "bound": "≥5.0"}, {"bound": "next 5%", "tier": "B"}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bound": "top 5.0%"}, {"bound": "next 5%", "tier": "B"}, {"tier": "C", "bound": null}]'::tier_scheme;
SELECT jsonb '{"tier": "A"}'::tier_scheme;	-- fail
SELECT jsonb '"A"'::tier_scheme;	-- fail
SELECT jsonb '[]'::tier_scheme;	-- fail
SELECT jsonb '["A"]'::tier_scheme;	-- fail
SELECT jsonb '[["A"]]'::tier_scheme;	-- fail
SELECT jsonb '[{"bound": ">= 5"}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": 5}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bound": 5}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bounds": ">= 5"}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bound": ">= 5, B >= 3"}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bound": ">= 5; B >= 3"}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A", "bound": ","}]'::tier_scheme;	-- fail
SELECT jsonb '[{"tier": "A"}, {"tier": "B"}]'::tier_scheme;	-- fail
SELECT jsonb 'null'::tier_scheme;	-- fail

--
-- Equality, hash and order
--
SELECT tier_scheme 'A>=5.0,B' = 'A >= 5, "B"' AS same, tier_scheme 'A >= 5, B' <> 'A >= 5, B' AS differ,
     tier_scheme 'A >= 5, B' = 'A >= 5, C' AS other, tier_scheme 'A >= 5, B' <> 'A >= 5' AS longer;
SELECT scheme, count(*) FROM (VALUES (tier_scheme 'A>=5,B'), ('A >= 5.00, B'), ('A > 5, B'), (NULL)) v(scheme)
GROUP BY scheme ORDER BY scheme::text;
SELECT count(DISTINCT scheme), count(*) FROM (SELECT DISTINCT ('A >= ' || i % 10)::tier_scheme AS scheme
                          FROM generate_series(1, 100) i) d;
SET enable_nestloop = off;
SET enable_mergejoin = off;
SELECT count(*) FROM schemes a JOIN copied b ON a.scheme = b.scheme;
RESET enable_mergejoin;
SET enable_hashjoin = off;
SELECT count(*) FROM schemes a JOIN copied b ON a.scheme = b.scheme;
RESET enable_hashjoin;
RESET enable_nestloop;
SELECT tier_scheme_hash(s) = tier_scheme_hash(s::text::tier_scheme) AS same,
     tier_scheme_hash_extended(s, 0) & 4294967295 = tier_scheme_hash(s)::bigint & 4294967295 AS seed_zero,
     tier_scheme_hash_extended(s, 1) <> tier_scheme_hash_extended(s, 2) AS seeded
FROM (VALUES (tier_scheme 'A >= 5, B')) v(s);
-- the order is that of bytes
SELECT a < b AS lt, a <= b AS le, a >= b AS ge, a > b AS gt, sign(tier_scheme_cmp(a, b)) AS cmp, (a < b) = (a::text COLLATE "C" < b::text) AS as_bytes
FROM (VALUES (tier_scheme 'A >= 5'), ('A >= 5, B'), ('a >= 5'), ('é >= 5')) x(a), (VALUES (tier_scheme 'A >= 5, B'), ('a >= 5')) y(b)
ORDER BY a, b;
CREATE TABLE keyed (scheme tier_scheme PRIMARY KEY);
INSERT INTO keyed VALUES ('A >= 5'), ('A>=5');	-- fail
CREATE TABLE parted (scheme tier_scheme) PARTITION BY HASH (scheme);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO parted VALUES ('A >= 5');
SELECT count(*) FROM parted WHERE scheme = 'A>=5';

--
-- Functions on the scheme
--
SELECT scheme, tier_is_fitted(scheme) FROM (VALUES
  (tier_scheme 'A >= 5, B'), ('A within 1 month, B, C by rule'), ('All'), ('A >= 5, B top 5%'), ('A >= mean'), ('A natural'), (NULL)) v(scheme);

SELECT * FROM tier_list('A > Infinity, B >= 50.5, C > 5, D >= 5, E >= 5, F, G by rule');
SELECT * FROM tier_list('A < 5, B <= 5, C <= 5, D <= 1e50');
SELECT * FROM tier_list('A >= 5, B top 5% of value, C > p80, D');
SELECT * FROM tier_list('Overdue < 0 days, A within 1 month, B, C by rule');
SELECT * FROM tier_list('All');
SELECT * FROM tier_list(NULL);
SELECT id, tier, bound FROM schemes, tier_list(scheme) ORDER BY id, rank;

SELECT tier_rank_label('A', s), tier_rank_label('C', s), tier_rank_label('D', s), tier_rank_label(NULL, s), tier_rank_label('A', NULL)
FROM (VALUES (tier_scheme 'A >= 5, B >= 3, C, D by rule')) v(s);
SELECT tier_rank_label('a', 'A >= 5, "B b", C by rule');	-- fail
SELECT tier_rank_label(repeat('钻', 100), (SELECT string_agg('T' || i || ' top ' || i, ', ' ORDER BY i) FROM generate_series(1, 255) i)::tier_scheme);	-- fail
SELECT r, tier_label(r, 'A >= 5, B, C by rule') FROM unnest('{-2147483648,0,1,2,3,4,2147483647,NULL}'::int[]) r;

SELECT label, steps, tier_promote(label, 'A >= 5, B >= 3, C, D by rule', steps)
FROM unnest('{A,B,C,D}'::text[]) label, unnest('{-2147483648,-1,0,1,2147483647}'::int[]) steps ORDER BY label, steps;
SELECT tier_promote('X', 'A >= 5, B', 1);	-- fail

SELECT tier_all(s, 'A', 'B'), tier_all(s, 'C', 'A'), tier_all(s, 'A'), tier_all(s, 'A', NULL), tier_all(s, VARIADIC '{}'),
     tier_all(s, VARIADIC NULL), tier_all(NULL, 'A'), tier_all(s, 'A', 'D')
FROM (VALUES (tier_scheme 'A >= 5, B >= 3, C, D by rule')) v(s);
SELECT tier_any(s, 'A', 'B'), tier_any(s, 'C', 'B'), tier_any(s, 'C'), tier_any(s, 'B', NULL), tier_any(s, VARIADIC '{}'),
     tier_any(s, NULL, NULL), tier_any(NULL, 'A'), tier_any(s, 'C', 'D')
FROM (VALUES (tier_scheme 'A >= 5, B >= 3, C, D by rule')) v(s);
SELECT tier_all('A >= 5, B', 'A', 'X');	-- fail
SELECT tier_all('A >= 5, B', NULL, 'X');	-- fail
SELECT tier_any('A >= 5, B', NULL, 'X');	-- fail

-- the cached scheme follows its argument: other bytes at the same place, short, compressed and null ones
CREATE TABLE changing AS
SELECT i, CASE i % 5 WHEN 0 THEN 'A >= 5, B' WHEN 1 THEN 'B >= 5, A' WHEN 2 THEN 'C, B by rule'
      WHEN 3 THEN (SELECT string_agg(CASE j WHEN 77 THEN 'B' ELSE rpad('T' || j, 50, 'x') END || ' top ' || j, ', ' ORDER BY j)
             FROM generate_series(1, 255) j) END::tier_scheme AS scheme
FROM generate_series(0, 99) i;
SELECT i % 5 AS kind, count(*), count(scheme), min(tier_rank_label('B', scheme)), max(tier_rank_label('B', scheme))
FROM changing GROUP BY 1 ORDER BY 1;
-- an error leaves no half-made scheme behind
DO $$
BEGIN
  FOR i IN 1..3 LOOP
    BEGIN
      PERFORM tier_rank_label(CASE WHEN j = 2 THEN 'X' ELSE 'B' END, 'A >= 5, B') FROM generate_series(1, 3) j;
      RAISE 'unreachable';
    EXCEPTION WHEN invalid_parameter_value THEN
      NULL;
    END;
  END LOOP;
END $$;

--
-- The ladder as a CASE
--
SELECT tier_case('revenue', 'A >= 3174.51, B >= 623.29, C');
SELECT tier_case('t.days_late', 'A <= 30, B < 90');
SELECT tier_case('a + b', 'A > Infinity, B >= 1e45, C >= -1e-45, "D''\d" > -Infinity, E, F by rule');
SELECT tier_case('"Revenue"', 'A');
SELECT tier_case('revenue', 'A top 5%, B');	-- fail
SELECT tier_case('revenue', 'A within 1 month, B');	-- fail
SELECT tier_case(E' \n', 'A >= 5, B');	-- fail

-- it gives what the comparisons of tier_list give, in every type
CREATE FUNCTION case_of(value text, type text, scheme tier_scheme) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  tier text;
BEGIN
  EXECUTE format('SELECT %s FROM (SELECT %L::%s AS x) v', tier_case('x', scheme), value, type) INTO tier;
  RETURN tier;
END $$;
SELECT scheme, type, string_agg(format('%s:%s', value, coalesce(case_of(value, type, scheme), '-')), ' ' ORDER BY i) AS tiers,
     bool_and(coalesce(case_of(value, type, scheme), '') =
        CASE WHEN value IS NULL OR value = 'NaN' THEN ''
           ELSE coalesce((SELECT tier FROM tier_list(scheme) WHERE value::numeric <@ covers), '') END) AS as_listed
FROM (VALUES (tier_scheme 'A > Infinity, B >= 5.5, C > 0'), ('A >= Infinity, B > 5, C > -Infinity, D'), ('A <= 0, B < 5.5, C'), ('A < -Infinity, B <= Infinity'),
       ('A >= 0, B >= -Infinity'), ('A <= 5, B < Infinity')) s(scheme),
   (VALUES ('numeric'), ('double precision'), ('integer')) t(type),
   unnest('{-Infinity,-1,0,5,5.5,6,Infinity,NaN,NULL}'::text[]) WITH ORDINALITY v(value, i)
WHERE type <> 'integer' OR value IS NULL OR value IN ('-1', '0', '5', '6')
GROUP BY 1, 2 ORDER BY scheme::text, type;

--
-- Random ladders: canonical text is a fixed point, jsonb loses nothing, labels and numbers arrive
--
CREATE FUNCTION random_of(choices text[]) RETURNS text LANGUAGE sql AS
  $$ SELECT choices[1 + floor(random() * array_length(choices, 1))::int] $$;

CREATE FUNCTION random_number(number numeric) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN CASE floor(random() * 5)::int
    WHEN 0 THEN number::text
    WHEN 1 THEN number::text || CASE WHEN number::text ~ '\.' THEN '' ELSE '.' END || '00'
    WHEN 2 THEN (number * 1000)::text || 'e-3'
    WHEN 3 THEN (number * 0.001)::text || 'E+3'
    ELSE CASE WHEN number >= 0 THEN '+' ELSE '' END || number::text END;
END $$;

-- a valid ladder as text, and what its tiers are
CREATE FUNCTION random_scheme(number int, OUT scheme text, OUT labels text[], OUT edges numeric[]) LANGUAGE plpgsql AS $$
DECLARE
  lower_is_better boolean := random() < 0.5;
  over_durations boolean := random() < 0.2;
  ntiers int := 1 + floor(random() * 7)::int;
  edge numeric := round((random() * 100)::numeric, 2) + 1000;
  days int := -20;
  share numeric[] := '{0,0,0,0,0}';	-- top, of value, up to, of value, lowest
  counted int := 0;
  percentile numeric := 99;
  sds numeric := 3;
  k int;
  label text;
  bound text;
BEGIN
  scheme := '';
  FOR i IN 1..ntiers LOOP
    label := random_of('{A,Gold,钻石,top,natural,9,"a b","x\"y",",","a%",≥,"“ ”",é}'::text[]) || i;
    labels := labels || label;
    bound := NULL;
    edges := edges || NULL::numeric;
    IF over_durations THEN
      days := days + floor(random() * 20)::int;
      bound := random_of(CASE WHEN lower_is_better THEN '{<=,within}' ELSE '{>=}' END::text[]) || ' '
        || CASE WHEN lower_is_better THEN days ELSE -days END || random_of('{" days",days," DAY"}');
    ELSIF i < ntiers OR random() < 0.5 THEN
      k := 1 + floor(random() * 10)::int;
      CASE
        WHEN k = 1 THEN
          bound := 'natural';
        WHEN k = 2 THEN
          percentile := percentile - round((random() * 10)::numeric, floor(random() * 3)::int);
          bound := CASE WHEN lower_is_better THEN '<= p' || 100 - percentile ELSE '>= p' || percentile END;
        WHEN k = 3 THEN
          sds := sds - round(random()::numeric, 2);
          bound := CASE WHEN lower_is_better THEN '< mean ' || CASE WHEN sds > 0 THEN '-' ELSE '+' END || abs(sds) || ' sd'
                  ELSE '> mean' || CASE WHEN sds < 0 THEN '-' ELSE '+' END || abs(sds) || 'sd' END;
        WHEN k = 4 AND NOT lower_is_better THEN
          counted := counted + 1 + floor(random() * 100)::int;
          bound := 'top ' || counted;
        WHEN k BETWEEN 5 AND 7 THEN
          k := CASE WHEN lower_is_better THEN 5 ELSE 1 + floor(random() * 4)::int END;
          share[k] := share[k] + 0.01 + round((random() * 10)::numeric, floor(random() * 3)::int);
          bound := (ARRAY['top', 'Top', 'up to', 'UP TO', 'lowest'])[k] || ' ' || share[k] || random_of('{%," %",％}')
            || CASE WHEN k IN (2, 4) THEN ' of value' ELSE '' END;
        ELSE
          edge := edge - round((random() * 300)::numeric, floor(random() * 3)::int) * floor(random() * 3)::int;
          IF random() < 0.1 THEN
            edge := edge - 1e20;
          END IF;
          edges[i] := CASE WHEN lower_is_better THEN -edge ELSE edge END;
          bound := random_of(CASE WHEN lower_is_better THEN '{<=,≤," <= "}' ELSE '{>=,≥," >= "}' END::text[])
            || random_number(edges[i]);
      END CASE;
    END IF;
    scheme := scheme || CASE WHEN i > 1 THEN random_of('{","," , ",，,、}') ELSE '' END
      || CASE WHEN label ~ '^\w+$' THEN label ELSE '"' || replace(label, '"', '""') || '"' END
      || coalesce(' ' || bound, '');
  END LOOP;
  IF random() < 0.2 THEN
    scheme := scheme || ', "by rule" by rule';
    labels := labels || 'by rule'::text;
    edges := edges || NULL::numeric;
  END IF;
END $$;

SELECT setseed(0.5);
CREATE TABLE ladders AS SELECT r.* FROM generate_series(1, 4000) i, random_scheme(i) r;
SELECT count(*), count(DISTINCT scheme) > 3000 AS varied,
     count(*) FILTER (WHERE canonical::tier_scheme::text IS DISTINCT FROM canonical) AS not_fixed,
     count(*) FILTER (WHERE canonical::tier_scheme::jsonb::tier_scheme::text IS DISTINCT FROM canonical) AS not_by_jsonb,
     count(*) FILTER (WHERE (SELECT array_agg(tier ORDER BY rank) FROM tier_list(canonical::tier_scheme)) IS DISTINCT FROM labels) AS other_labels,
     count(*) FILTER (WHERE (SELECT array_agg(edge ORDER BY rank) FROM tier_list(canonical::tier_scheme)) IS DISTINCT FROM edges) AS other_edges
FROM (SELECT *, scheme::tier_scheme::text AS canonical FROM ladders) l;

-- texts changed at random parse to a fixed point, or fail as bad text does; nothing else
CREATE FUNCTION mutate(scheme text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  pos int;
BEGIN
  FOR i IN 1..1 + floor(random() * 3)::int LOOP
    pos := 1 + floor(random() * (length(scheme) + 1))::int;
    scheme := overlay(scheme PLACING random_of('{"",""," ",",","，","、",";","\"","“",">","=","≤","%","％",0,9,000,.,-,+,e,E,p,top,next,of value,natural,mean,sd,by,rule,within,day,Infinity,NaN,万,5k,"$","(","\\","''",钻,A,1e9999,"	"}')
              FROM pos FOR floor(random() * 3)::int);
  END LOOP;
  RETURN scheme;
END $$;

CREATE FUNCTION outcome(mutant text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  canonical text;
BEGIN
  canonical := mutant::tier_scheme;
  RETURN CASE WHEN canonical::tier_scheme::text = canonical AND canonical::tier_scheme::jsonb::tier_scheme::text = canonical
        THEN 'accepted' ELSE 'not fixed' END;
EXCEPTION WHEN OTHERS THEN
  RETURN CASE WHEN SQLSTATE ~ '^(22|54)' THEN 'refused' ELSE SQLSTATE || ' ' || SQLERRM END;
END $$;

SELECT outcome, count(*) > 100 AS many
FROM (SELECT outcome(mutate(scheme)) FROM ladders) m GROUP BY outcome ORDER BY outcome;

-- reading what is far too long stops when it is told to: the error is not that of the text
CREATE TEMPORARY TABLE endless AS SELECT repeat(' ', 60000000) AS blanks, repeat('A', 60000000) AS word;
SET statement_timeout = 100;
SELECT blanks::tier_scheme FROM endless; -- fail
SELECT word::tier_scheme FROM endless; -- fail
RESET statement_timeout;
DROP TABLE endless;

DROP TABLE schemes, copied, keyed, parted, changing, ladders;
DROP FUNCTION refusal(text), case_of(text, text, tier_scheme), random_of(text[]), random_number(numeric),
  random_scheme(int), mutate(text), outcome(text);
