-- Numerics are read as the doubles that the server's own cast gives. The digest
-- of one value has it as its minimum. (Millions of values: make check-decode.)

SELECT setseed(0.25) \g /dev/null

-- digits random decimal digits, the first of them not 0
CREATE FUNCTION random_digits(digits integer) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT (1 + floor(random() * 9))::text
		|| left(lpad(floor(random() * 1e15)::text, 15, '0') || lpad(floor(random() * 1e15)::text, 15, '0')
				|| lpad(floor(random() * 1e15)::text, 15, '0'), digits - 1)
$$;

-- the first column puts the short varlenas at odd addresses
CREATE TABLE sample (pad "char", shape text, value numeric);

INSERT INTO sample SELECT 'x', 'money', ((random() - 0.5) * 10 ^ (random() * 12))::numeric(14, 2)
FROM generate_series(1, 60000);
INSERT INTO sample SELECT 'x', 'quotients',
	floor((random() - 0.5) * 1e9)::numeric / (1 + floor(random() * 10 ^ (random() * 9)))::numeric
FROM generate_series(1, 60000);
INSERT INTO sample SELECT 'x', 'digits', (CASE WHEN i % 2 = 0 THEN '-' ELSE '' END
	|| random_digits(1 + i % 46) || 'e' || (random() * 60 - 50)::integer)::numeric
FROM generate_series(1, 60000) i;
INSERT INTO sample SELECT 'x', 'trailing zeros', (random_digits(14 + i % 4) || repeat('0', (random() * 8)::integer)
	|| 'e' || (random() * 60 - 40)::integer)::numeric
FROM generate_series(1, 60000) i;
INSERT INTO sample SELECT 'x', 'integers', floor((random() - 0.5) * 2 ^ (54 + random() * 10))::bigint
FROM generate_series(1, 40000);
INSERT INTO sample SELECT 'x', 'any scale', (random_digits(1 + i % 40) || 'e' || (random() * 560 - 300)::integer)::numeric
FROM generate_series(1, 10000) i;

-- halfway between two doubles, exactly or just off it: long ones are decided by their last digit
INSERT INTO sample SELECT 'x', 'midpoints', midpoint + off
FROM (SELECT trunc((2 * (2::bigint ^ 52 + floor(random() * 2 ^ 52))::bigint + 1) * 5::numeric ^ (i % 150))
			 * ('1e-' || i % 150)::numeric FROM generate_series(1, 10000) i) m(midpoint),
	LATERAL (SELECT (floor(random() * 3) - 1)::integer * ('1e-' || scale(midpoint) + floor(random() * 4)::integer)::numeric) o(off);

-- subnormals and the ends of the range
INSERT INTO sample SELECT 'x', 'subnormals', (random_digits(1 + i % 30) || 'e-' || 309 + i % 30 + (random() * 14)::integer)::numeric
FROM generate_series(1, 2000) i;
INSERT INTO sample SELECT 'x', 'edges', edge::numeric FROM unnest(ARRAY['0', '0.000', '1e-320', '4.9e-324', '2.5e-324',
	'1.2e-308', '2.2250738585072014e-308', '2.2250738585072011e-308', '1e308', '1.7976931348623157e308', '1.7976931348623158e308',
	'9007199254740993', '9007199254740993.0000000000000000000000000000000000000001',
	'9007199254740992.9999999999999999999999999999999999999999', '1e22', '1e23', '1e-22', '1e-23',
	'999999999999999', '9999999999999999', '99999999999999.99', '0.1', '12.50', '-12.50']) edge;

SELECT shape, count(*), count(*) FILTER (WHERE decoded IS DISTINCT FROM value::double precision) AS differing
FROM (SELECT shape, value, (SELECT digest_min(value_digest(v)) FROM (SELECT value AS v OFFSET 0) one) AS decoded
	  FROM sample WHERE shape <> 'subnormals' OR value > 2.5e-324) s
GROUP BY shape ORDER BY shape;
SELECT count(*) > 300000 AS enough FROM sample;

DROP TABLE sample;
DROP FUNCTION random_digits;
