/* src/grade/in_tier.sql */

--
-- Private functions: CREATE FUNCTION ... SUPPORT wants it to be there
--

CREATE FUNCTION in_tier_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'in_tier_support' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION in_tier_support(internal) IS
	'planner support of in_tier: with a constant scheme and label it is a plain comparison';

--
-- Functions
--

CREATE FUNCTION in_tier(value numeric, scheme tier_scheme, label text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'in_tier_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT in_tier_support;
COMMENT ON FUNCTION in_tier(numeric, tier_scheme, text) IS
	'is this the tier that tier_of gives? false for values that are not graded; what to filter by: a plain comparison to indexes, statistics and partitions';

CREATE FUNCTION in_tier(value double precision, scheme tier_scheme, label text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'in_tier_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT in_tier_support;
COMMENT ON FUNCTION in_tier(double precision, tier_scheme, text) IS
	'is this the tier that tier_of gives? false for values that are not graded; what to filter by: a plain comparison to indexes, statistics and partitions';

CREATE FUNCTION in_tier(value bigint, scheme tier_scheme, label text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'in_tier_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT in_tier_support;
COMMENT ON FUNCTION in_tier(bigint, tier_scheme, text) IS
	'is this the tier that tier_of gives? false for values that are not graded; what to filter by: a plain comparison to indexes, statistics and partitions';

CREATE FUNCTION in_tier(value real, scheme tier_scheme, label text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'in_tier_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE SUPPORT in_tier_support;
COMMENT ON FUNCTION in_tier(real, tier_scheme, text) IS
	'is this the tier that tier_of gives? false for values that are not graded; what to filter by: a plain comparison to indexes, statistics and partitions';

CREATE FUNCTION in_tier(value money, scheme tier_scheme, label text) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.in_tier(value::pg_catalog.numeric, scheme, label);
COMMENT ON FUNCTION in_tier(money, tier_scheme, text) IS
	'is this the tier that tier_of gives? false for values that are not graded';
