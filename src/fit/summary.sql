/* src/fit/summary.sql */

CREATE FUNCTION tier_summary(digest value_digest, scheme tier_scheme,
	OUT rank integer,
	OUT tier text,
	OUT bound text,
	OUT customers bigint,
	OUT customer_share double precision,
	OUT value double precision,
	OUT value_share double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 5;
COMMENT ON FUNCTION tier_summary(value_digest, tier_scheme) IS
	'what each tier brings: customers, value, and their shares, 0 to 1; the scheme is fitted to the digest; who gets no tier makes a row of NULL; no rows without data';
