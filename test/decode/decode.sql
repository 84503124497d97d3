-- Compare numeric_decode with the server's numeric::double precision, on
-- :values random values of each of ten shapes, and fail on any difference.
\ir functions.sql
\pset footer off

-- The server's own conversion; NULL where it raises.
CREATE FUNCTION pg_temp.server_value(value numeric) RETURNS double precision
LANGUAGE plpgsql AS $$
BEGIN
	RETURN value::double precision;
EXCEPTION WHEN numeric_value_out_of_range THEN
	RETURN NULL;
END $$;

-- digits random decimal digits, the first of them not 0
CREATE FUNCTION pg_temp.random_digits(digits integer) RETURNS text
LANGUAGE sql VOLATILE AS $$
	SELECT (1 + floor(random() * 9))::text
		|| left(lpad(floor(random() * 1e15)::text, 15, '0')
				|| CASE WHEN digits > 16 THEN lpad(floor(random() * 1e15)::text, 15, '0') ELSE '' END
				|| CASE WHEN digits > 31 THEN lpad(floor(random() * 1e15)::text, 15, '0') ELSE '' END,
				digits - 1)
$$;

-- mantissa * 2^exponent, exactly
CREATE FUNCTION pg_temp.scaled(mantissa bigint, exponent integer) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN exponent >= 0
		THEN trunc(mantissa * 2::numeric ^ exponent)
		ELSE (trunc(mantissa * 5::numeric ^ -exponent)::text || 'e' || exponent)::numeric
		END
$$;

-- Every random value of a shape, positive or negative at random. The column
-- before it puts the short varlenas at odd addresses.
CREATE TEMP TABLE sample (pad "char", shape text, value numeric, may_raise boolean DEFAULT false);
ALTER TABLE sample ALTER value SET STORAGE external;
SELECT setseed(0.25) \g /dev/null

INSERT INTO sample SELECT 'x', '1 money', (random() * 10 ^ (random() * 12))::numeric(14, 2)
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '2 quotients',
	floor(random() * 1e9)::numeric / (1 + floor(random() * 10 ^ (random() * 9)))::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '3 1 to 20 digits',
	(pg_temp.random_digits(1 + (random() * 19)::integer) || 'e' || (random() * 40 - 30)::integer)::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '4 15 to 17 digits, trailing zeros',
	(pg_temp.random_digits(15 + (random() * 2)::integer)
	 || repeat('0', (random() * 8)::integer) || 'e' || (random() * 60 - 40)::integer)::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '5 20 to 46 digits',
	(pg_temp.random_digits(20 + (random() * 26)::integer) || 'e' || (random() * 100 - 80)::integer)::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '6 any scale a double has',
	(pg_temp.random_digits(1 + (random() * 39)::integer) || 'e' || (random() * 560 - 300)::integer)::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '7 integers around 2^53 to 2^63',
	floor(random() * 2 ^ (52 + random() * 11))::bigint + (random() * 4 - 2)::bigint
FROM generate_series(1, :values);

-- halfway between adjacent doubles, exactly or just off it
INSERT INTO sample SELECT 'x', '8 midpoints of doubles near 1',
	pg_temp.scaled(2 * (2::bigint ^ 52 + floor(random() * 2 ^ 52))::bigint + 1, (random() * 60)::integer - 80)
	+ (random() * 2 - 1)::integer * ('1e-' || 25 + (random() * 60)::integer)::numeric
FROM generate_series(1, :values);
INSERT INTO sample SELECT 'x', '9 midpoints of any doubles',
	midpoint + (random() * 2 - 1)::integer * ('1e' || - scale(midpoint) - (random() * 4)::integer)::numeric
FROM (SELECT pg_temp.scaled(2 * (2::bigint ^ 52 + floor(random() * 2 ^ 52))::bigint + 1,
							(random() * 1100)::integer - 1000 + i % 2 * 300) AS midpoint
	  FROM generate_series(1, :values / 20) i) m;

-- subnormals, the ends of the range and what lies beyond
INSERT INTO sample SELECT 'x', '10 edges of the range',
	(pg_temp.random_digits(1 + (random() * 39)::integer) || 'e' || exponent)::numeric, true
FROM (SELECT CASE i % 2 WHEN 0 THEN -365 + (random() * 60)::integer
						ELSE 265 + (random() * 50)::integer END AS exponent
	  FROM generate_series(1, :values / 20) i) e;
INSERT INTO sample SELECT 'x', '10 edges of the range', edge, true
FROM (VALUES ('0'), ('0.000'), ('1e-320'), ('4.9e-324'), ('2.4e-324'), ('2.5e-324'), ('1e-400'),
	('1.2e-308'), ('2.2250738585072014e-308'), ('2.2250738585072011e-308'), ('2.225073858507201383e-308'),
	('1e308'), ('1.7976931348623157e308'), ('1.7976931348623158e308'), ('1.7976931348623159e308'),
	('1.797693134862315807e308'), ('1.79769313486231581e308'), ('1e309'), ('1e5000'), ('1e-5000'),
	('9007199254740993'), ('9007199254740993.0000000000000000000000000000000000000001'),
	('9007199254740992.9999999999999999999999999999999999999999'),
	('NaN'), ('Infinity'), ('1e22'), ('1e23'), ('1e-22'), ('1e-23'), ('123456789012345e22'),
	('999999999999999'), ('9999999999999999'), ('99999999999999.99'), ('0.1'), ('12.50')) v(t),
	LATERAL (SELECT t::numeric) e(edge);

UPDATE sample SET value = - value WHERE random() < 0.5 AND value <> 'NaN';

-- short: at most 15 significant digits, and a normal double or zero
CREATE TEMP VIEW compared AS
SELECT shape, value, expected, pg_temp.decode_value(value) AS decoded, pg_temp.decode_result(value) AS found,
	CASE
		WHEN value = 'NaN' THEN 'nan'
		WHEN abs(value) = 'Infinity' THEN 'infinite'
		WHEN expected IS NULL AND abs(value) > 1 THEN 'overflow'
		WHEN expected IS NULL THEN 'underflow'
		WHEN length(trim(both '0' FROM translate(value::text, '-.', ''))) <= 15
			AND (value = 0 OR abs(expected) >= '2.2250738585072014e-308') THEN 'short'
		ELSE 'wide'
	END AS expected_result
FROM sample, LATERAL (SELECT CASE WHEN may_raise THEN pg_temp.server_value(value)
							 ELSE value::double precision END) s(expected);

CREATE TEMP TABLE summary AS
SELECT shape, count(*) AS values, count(*) FILTER (WHERE found = 'short') AS short,
	count(*) FILTER (WHERE decoded IS DISTINCT FROM expected) AS differing,
	count(*) FILTER (WHERE found <> expected_result) AS misjudged
FROM compared GROUP BY shape;

SELECT * FROM summary ORDER BY length(split_part(shape, ' ', 1)), shape;
SELECT sum(values) AS values, sum(differing) AS differing, sum(misjudged) AS misjudged FROM summary;
SELECT value, expected, decoded, expected_result, found FROM compared
WHERE (SELECT sum(differing + misjudged) > 0 FROM summary)
	AND (decoded IS DISTINCT FROM expected OR found <> expected_result)
LIMIT 5;

DO $$
BEGIN
	IF (SELECT sum(differing + misjudged) FROM summary) <> 0 THEN
		RAISE EXCEPTION 'the decoder differs from the server';
	END IF;
END $$;
