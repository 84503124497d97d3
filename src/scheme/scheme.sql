/* src/scheme/scheme.sql */

--
-- The type
--

@text_type tier_scheme

COMMENT ON TYPE tier_scheme IS 'tiers of customers, best first: A >= 5000000, B >= 1000000, C';

--
-- Functions
--

CREATE FUNCTION tier_scheme(labels text[], bounds numeric[], operator text DEFAULT '>=') RETURNS tier_scheme
	AS 'MODULE_PATHNAME', 'tier_scheme' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_scheme(text[], numeric[], text) IS
	'make a scheme of labels and bounds, best first; bounds may be one shorter: the last label takes all the rest; the operator is >=, >, <= or <; NULL elements are an error';

CREATE FUNCTION tier_is_fitted(scheme tier_scheme) RETURNS boolean
	AS 'MODULE_PATHNAME', 'tier_is_fitted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_is_fitted(tier_scheme) IS
	'is every bound a number or a duration (or by rule), so that values can be graded without data?';

CREATE FUNCTION tier_list(scheme tier_scheme) RETURNS TABLE (rank integer, tier text, bound text, operator text, edge numeric, covers numrange)
	AS 'MODULE_PATHNAME', 'tier_list' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION tier_list(tier_scheme) IS
	'a row per tier, best first: its bound as written, operator and number of a fixed bound, and for a fitted scheme over numbers the range of values that the tier covers';

CREATE FUNCTION tier_rank_label(label text, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_label' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rank_label(text, tier_scheme) IS
	'the rank of a label, 1 for the best; an unknown label is an error';

CREATE FUNCTION tier_label(rank integer, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_label' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_label(integer, tier_scheme) IS
	'the label of the tier at this place, 1 for the best; NULL outside the scheme';

CREATE FUNCTION tier_promote(label text, scheme tier_scheme, steps integer) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_promote' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_promote(text, tier_scheme, integer) IS
	'the tier that many steps up (down if negative), within the measured tiers; a tier by rule stays; an unknown label is an error';

CREATE FUNCTION tier_all(scheme tier_scheme, VARIADIC tiers text[]) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_all' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_all(tier_scheme, text[]) IS
	'the worst of several tiers of one scheme: all conditions at once; NULL if any is NULL; an unknown label is an error';

CREATE FUNCTION tier_any(scheme tier_scheme, VARIADIC tiers text[]) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_any' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_any(tier_scheme, text[]) IS
	'the best of several tiers of one scheme: any condition will do; NULLs are ignored; an unknown label is an error';

CREATE FUNCTION tier_case(expression text, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_case' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_case(text, tier_scheme) IS
	'a fitted scheme over numbers as a plain SQL CASE over the expression, which is copied as it is: for an auditor, another database, a BI tool';

CREATE FUNCTION tier_scheme_to_jsonb(scheme tier_scheme) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_scheme_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_scheme_to_jsonb(tier_scheme) IS
	'the scheme as an array of {"tier": label, "bound": bound}; the tier that takes all the rest has no bound';

CREATE FUNCTION jsonb_to_tier_scheme(scheme jsonb) RETURNS tier_scheme
	AS 'MODULE_PATHNAME', 'jsonb_to_tier_scheme' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jsonb_to_tier_scheme(jsonb) IS
	'the scheme of an array of {"tier": label, "bound": bound}; other shapes are an error';

--
-- Casts
--

CREATE CAST (tier_scheme AS jsonb) WITH FUNCTION tier_scheme_to_jsonb(tier_scheme);
CREATE CAST (jsonb AS tier_scheme) WITH FUNCTION jsonb_to_tier_scheme(jsonb);
