--
-- Malformed input, reported but not thrown: pg_input_is_valid() and its like,
-- from PostgreSQL 16 on. Before that there is nothing to see.
--
SELECT setseed(0.16);

-- What a cast of this text to this type throws.
CREATE FUNCTION thrown_error(type regtype, input text,
	OUT message text, OUT detail text, OUT hint text, OUT sql_error_code text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT %L::%s', input, type);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message := MESSAGE_TEXT, detail := PG_EXCEPTION_DETAIL,
		hint := PG_EXCEPTION_HINT, sql_error_code := RETURNED_SQLSTATE;
	detail := nullif(detail, '');
	hint := nullif(hint, '');
END $$;

-- Change a text at one place: characters lost, doubled, moved or put in.
CREATE FUNCTION mutated(input text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE floor(random() * 4)
		WHEN 0 THEN left(input, at) || substr(input, at + 1 + n)
		WHEN 1 THEN left(input, at) || substr(input, at)
		WHEN 2 THEN left(input, at) || substr(input, at + 1 + n) || substr(input, at + 1, n)
		ELSE left(input, at) || substr(signs, 1 + floor(random() * length(signs))::int, n) || substr(input, at + 1)
	END
	FROM (SELECT floor(random() * (length(input) + 1))::int AS at, floor(random() * 4)::int AS n) place,
		(VALUES ('"*%,:;()[]<=>+-.eE019 万９top 1pN by rule of value mean sd natural wide')) v(signs)
$$;

DO $$
DECLARE
	valid record;
	input text;
	thrown record;
	told record;
	is_valid boolean;
	refused int;
BEGIN
	IF to_regprocedure('pg_input_error_info(text,text)') IS NULL THEN
		RETURN;
	END IF;
	FOR valid IN SELECT v.type::regtype AS type, array_agg(v.input) AS inputs
		FROM (VALUES
			('tier_scheme', 'A >= 5000000, B >= 1000000.50, "C c"'),
			('tier_scheme', 'VIP top 1%, Major next 4%, Regular next 15%, Small, Gone by rule'),
			('tier_scheme', 'Overdue < 0 days, A within 1 month, B within 3 months, C'),
			('tier_scheme', '5 > p80, 4 > median, 3 >= mean - 0.5 sd, 2 natural, 1'),
			('tier_scheme', 'A top 70% of value, B up to 90% of value, C top 10'),
			('value_digest', '(capacity 4096) -1 10 20*2 1e300'),
			('value_digest', '(capacity 4096, precision 30, min 1.0000000002, max 3, wide) 1 2*3 3'),
			('rfm_scheme', 'recency: 3 <= 30, 2 <= p60, 1; frequency: 2 > p50, 1; monetary: 9 top 5%, 1'),
			('rfm_segments', 'Champions: 22*; "At: risk" : 1[12]2; Rest: 1[12]1 21[12]'),
			('rfm_segments', 'High: 2**; Low: 1**'),
			('tier_rules', 'keep 80%; hold 1 year to end of year; grace 3 months; land 1 year; new 6 months as "B c"'),
			('tier_rules', 'keep A >= 4000000, B top 20%; hold 14 months to end of February'),
			('scorecard', 'sales 50%: 100 >= 5000000, 60 if >= p50, 20; overdue 30% missing 0: 100 <= 0, 0'),
			('scorecard', 'a 70%: linear -10 to 30; "b b" 30%: linear 0 at min, 50 at mean + 1 sd, 100 at p95; require 60%')
		) v(type, input) GROUP BY 1
	LOOP
		refused := 0;
		FOR i IN 1 .. 500 LOOP
			input := valid.inputs[1 + i % cardinality(valid.inputs)];
			FOR j IN 1 .. i % 3 LOOP
				input := mutated(input);
			END LOOP;
			thrown := thrown_error(valid.type, input);
			EXECUTE 'SELECT * FROM pg_input_error_info($1, $2)' INTO told USING input, valid.type::text;
			EXECUTE 'SELECT pg_input_is_valid($1, $2)' INTO is_valid USING input, valid.type::text;
			IF thrown IS DISTINCT FROM told OR is_valid <> (thrown.sql_error_code IS NULL) THEN
				RAISE EXCEPTION '% "%": threw %, told %', valid.type, input, thrown, told;
			END IF;
			refused := refused + (NOT is_valid)::int;
		END LOOP;
		IF refused NOT BETWEEN 100 AND 400 THEN
			RAISE EXCEPTION '% of 500 inputs refused for %', refused, valid.type;
		END IF;
	END LOOP;
END $$;

DROP FUNCTION thrown_error, mutated;
