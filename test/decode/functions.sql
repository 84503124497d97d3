-- The decoder, within reach of SQL. :module is the path of decode_test.
\set QUIET on
CREATE FUNCTION pg_temp.decode_value(numeric) RETURNS double precision
	AS :'module', 'decode_value' LANGUAGE C IMMUTABLE STRICT;
CREATE FUNCTION pg_temp.decode_result(numeric) RETURNS text
	AS :'module', 'decode_result' LANGUAGE C IMMUTABLE STRICT;
CREATE FUNCTION pg_temp.decode_time(numeric, by_server boolean, rounds integer)
	RETURNS double precision
	AS :'module', 'decode_time' LANGUAGE C VOLATILE STRICT;
