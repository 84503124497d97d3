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

CREATE FUNCTION tier_among(value bigint, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_among_int8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_among(bigint, tier_scheme) IS
	'window function: the tier of a value, among the values of its partition; NULLs are neither counted nor graded';

CREATE FUNCTION abc_class(value bigint) RETURNS text
	AS 'MODULE_PATHNAME', 'abc_class_int8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(bigint) IS
	'window function: tier_among with ''A top 70% of value, B top 90% of value, C''';

CREATE FUNCTION tier_among(value real, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_among_float4' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_among(real, tier_scheme) IS
	'window function: the tier of a value, each the decimal that it is printed as, among the values of its partition; NULLs are neither counted nor graded';

CREATE FUNCTION abc_class(value real) RETURNS text
	AS 'MODULE_PATHNAME', 'abc_class_float4' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(real) IS
	'window function: tier_among with ''A top 70% of value, B top 90% of value, C''';

CREATE FUNCTION tier_among(value money, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_among_cash' LANGUAGE C WINDOW STABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_among(money, tier_scheme) IS
	'window function: the tier of a value, among the values of its partition; NULLs are neither counted nor graded';

CREATE FUNCTION abc_class(value money) RETURNS text
	AS 'MODULE_PATHNAME', 'abc_class_cash' LANGUAGE C WINDOW STABLE PARALLEL SAFE;
COMMENT ON FUNCTION abc_class(money) IS
	'window function: tier_among with ''A top 70% of value, B top 90% of value, C''';
