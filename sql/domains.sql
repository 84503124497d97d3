-- Columns are often of domains: whatever a function does with the type of an
-- argument, a domain over it gives the same, value or error. Each function of
-- the extension is called both ways, with columns of the types it declares.

CREATE SCHEMA domains;
SET search_path = domains, public;

CREATE TABLE plain (
	"boolean" boolean, "smallint" smallint, "integer" integer, "bigint" bigint, "real" real, "double precision" double precision, "numeric" numeric, "money" money,
	"text" text, "uuid" uuid, "date" date, "timestamp without time zone" timestamp, "timestamp with time zone" timestamptz, "interval" interval,
	"jsonb" jsonb, "text[]" text[], "numeric[]" numeric[], "double precision[]" double precision[], "anynonarray" bigint, "anyelement" bigint,
	tier_scheme tier_scheme, value_digest value_digest, rfm_scheme rfm_scheme, rfm_segments rfm_segments, scorecard scorecard,
	purchase_model purchase_model, spend_model spend_model, clv_measures clv_measures,
	-- what arguments of a name need
	"label text" text, "measure text" text, "operator text" text, "name text" text, "score integer" integer, "bins integer" integer,
	"unit text" text, "merge text" text, "x double precision" double precision, "t_x double precision" double precision, "t double precision" double precision,
	"capacity integer" integer, "fraction double precision" double precision, "share double precision" double precision,
	"as_of date" date, "as_of rfm_as_of" rfm_as_of, "ordered_at ""any""" timestamptz, "amount ""any""" numeric, "order_id ""any""" bigint
);
INSERT INTO plain
SELECT true, i, i, i, i, i, i, i, 'A', '5b2c0d4e-0d0a-4b5c-8a61-2f1e2b4f7c00', date '2024-05-01' + i, date '2024-05-01' + i, date '2024-05-01' + i, interval '3 days',
	'{"x": 5}', '{A,B}', '{5}', '{0.5}', i, i,
	'A >= 5, B', (SELECT value_digest(v) FROM generate_series(1, 100) v), 'recency: 2 <= 5, 1; frequency: 2 > 5, 1; monetary: 2 > 5, 1', 'High: 2**; Low: 1**',
	'x 100%: linear 0 at 0, 100 at 10',
	'bgnbd r 0.24, alpha 4.4 weeks, a 0.79, b 2.4; n 9, log likelihood -5', 'gamma_gamma p 6.25, q 3.74, gamma 15.44; n 9, log likelihood -5', ROW(i, i, i + 10, 5, 'week')::clv_measures,
	'A', 'recency', '>=', 'eleven', 222, 5, 'week', 'month', i, i, i + 10, 4096, 0.5, 0.2, date '2024-06-01', '2024-06-01', date '2024-05-01' + i, i, i % 3
FROM generate_series(1, 9) i;

-- the same in domains, every other of them over another domain
DO $$
DECLARE
	c record;
BEGIN
	FOR c IN SELECT attname, attnum, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attnum > 0
	LOOP
		IF c.attnum % 2 = 0 THEN
			EXECUTE format('CREATE DOMAIN %I AS %s', 'below ' || c.attname, c.type);
			c.type := format('%I', 'below ' || c.attname);
		END IF;
		EXECUTE format('CREATE DOMAIN %I AS %s CHECK (VALUE IS NOT NULL)', 'domain ' || c.attname, c.type);
	END LOOP;
	EXECUTE (SELECT format('CREATE TABLE domained (%s)', string_agg(format('%1$I %2$I', attname, 'domain ' || attname), ', ' ORDER BY attnum))
		FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attnum > 0);
	INSERT INTO domained SELECT * FROM plain;
END
$$;

-- What a call gives for the rows of a table, all of them as one text, or its error.
CREATE FUNCTION outcome(call text, source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format('SELECT string_agg(r::text, E''\n'') FROM (SELECT %s FROM %I) r', call, source) INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN 'error ' || SQLSTATE || ': ' || SQLERRM;
END
$$;

-- A call with a column for each argument: that of its name and type if there is one, else that of its type.
CREATE FUNCTION call_by_columns(function oid) RETURNS text LANGUAGE sql AS $$
	SELECT format('%I(%s)%s', p.proname, string_agg(CASE WHEN p.provariadic <> 0 AND a.i = p.pronargs THEN 'VARIADIC ' ELSE '' END || quote_ident(coalesce(named.attname, t.type)), ', ' ORDER BY a.i), CASE p.prokind WHEN 'w' THEN ' OVER ()' END)
	FROM pg_proc p
		JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY a(type, i) ON true
		JOIN LATERAL format_type(a.type, NULL) t(type) ON true
		LEFT JOIN pg_attribute named ON named.attrelid = 'plain'::regclass AND named.attname = p.proargnames[a.i] || ' ' || t.type
	WHERE p.oid = function
	GROUP BY p.oid, p.proname, p.prokind
	HAVING every(named.attname IS NOT NULL OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attname = t.type));
$$;

CREATE TABLE outcomes AS
SELECT p.oid::regprocedure::text AS function, c.call, outcome(c.call, 'plain') AS plain, outcome(c.call, 'domained') AS domained
FROM pg_depend d JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e', LATERAL call_by_columns(p.oid) c(call)
WHERE e.extname = 'customer_tier' AND c.call IS NOT NULL;

-- but these: value_digest of a domain over value_digest or text is a cast to the server, so write the cast as one
SELECT * FROM outcomes WHERE plain IS DISTINCT FROM domained AND function NOT IN ('value_digest(value_digest)', 'value_digest(text)') ORDER BY function COLLATE "C";
-- the comparison is of values, not of errors and NULLs
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE plain LIKE 'error %' OR plain IS NULL) < count(*) / 4.0 AS few_errors FROM outcomes;
SELECT digest_count(value_digest(value_digest::value_digest)) AS merged, (SELECT digest_count(value_digest(value_digest)) FROM plain) AS plain_merged FROM domained;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA domains CASCADE;
RESET client_min_messages;
