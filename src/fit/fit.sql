/* src/fit/fit.sql */

CREATE FUNCTION tier_fit(digest value_digest, scheme tier_scheme) RETURNS tier_scheme
	AS 'MODULE_PATHNAME', 'tier_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_fit(value_digest, tier_scheme) IS
	'the scheme with numbers for its relative bounds, taken from the digest; a fitted scheme is returned as it is; NULL without data';
