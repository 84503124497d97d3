/* src/fit.sql */

CREATE FUNCTION tier_fit(value_digest, tier_scheme) RETURNS tier_scheme
AS 'MODULE_PATHNAME', 'tier_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_fit(value_digest, tier_scheme) IS
'the scheme with numbers for its relative bounds, taken from the digest; a fitted scheme comes back unchanged, no data gives NULL';
