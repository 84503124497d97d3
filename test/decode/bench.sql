-- Nanoseconds per value: the decoder beside the server's own conversion.
\ir functions.sql
\pset footer off

CREATE TEMP TABLE bench (pad "char", shape text, value numeric);
INSERT INTO bench VALUES
	('x', 'numeric(14,2)', 1234567.89), ('x', 'numeric(14,2)', 12345678901.25), ('x', 'integer', 4711),
	('x', '20 digits', 1::numeric / 3), ('x', '20 digits', 12345678::numeric / 7), ('x', '24 digits', 0.00012345::numeric / 7),
	('x', '17 digits', 123456789012345.67), ('x', '50 digits', 2::numeric(60, 49) / 3), ('x', '1e-100', 2e-100), ('x', '1e100', 1e100);

SELECT shape, value, round(pg_temp.decode_time(value, false, 2000000)::numeric, 1) AS decoder_ns,
	round(pg_temp.decode_time(value, true, 200000)::numeric, 1) AS server_ns
FROM bench;
