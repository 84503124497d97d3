/* src/fit/among.sql */

-- Window functions do their own NULL handling; STRICT would mean nothing.

CREATE FUNCTION tier_among(value numeric, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_among_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_among(numeric, tier_scheme) IS
	'window function: the tier of a value among the values of its partition; NULLs are neither counted nor graded';

CREATE FUNCTION tier_among(value double precision, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_among_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_among(double precision, tier_scheme) IS
	'window function: the tier of a value among the values of its partition; NULLs are neither counted nor graded';

CREATE FUNCTION abc_class(value numeric) RETURNS text
	AS 'MODULE_PATHNAME', 'abc_class_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(numeric) IS
	'window function: tier_among with ''A top 70% of value, B top 90% of value, C''';

CREATE FUNCTION abc_class(value double precision) RETURNS text
	AS 'MODULE_PATHNAME', 'abc_class_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(double precision) IS
	'window function: tier_among with ''A top 70% of value, B top 90% of value, C''';
