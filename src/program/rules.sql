/* src/program/rules.sql */

--
-- The type
--

@text_type tier_rules

COMMENT ON TYPE tier_rules IS
	'how customers keep a tier and lose it: keep 80%; hold 1 year to end of year; grace 3 months; land 1 year; new 6 months';

--
-- Functions
--

-- A name of its own: a text or a literal might as well be a scheme.

CREATE FUNCTION tier_rules_fit(digest value_digest, rules tier_rules) RETURNS tier_rules
	AS 'MODULE_PATHNAME', 'tier_rules_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rules_fit(value_digest, tier_rules) IS
	'the rules with numbers for the relative bounds of a scheme after keep, from the digest that the scheme is fitted to; other rules as they are';

CREATE FUNCTION tier_rules_to_jsonb(rules tier_rules) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_rules_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rules_to_jsonb(tier_rules) IS
	'the rules as an object with what stands after each rule''s name: {"hold": "1 year to end of year"}';

CREATE FUNCTION jsonb_to_tier_rules(rules jsonb) RETURNS tier_rules
	AS 'MODULE_PATHNAME', 'jsonb_to_tier_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jsonb_to_tier_rules(jsonb) IS
	'the rules of an object with what stands after each rule''s name; other shapes are an error';

--
-- Casts
--

CREATE CAST (tier_rules AS jsonb) WITH FUNCTION tier_rules_to_jsonb(tier_rules);
CREATE CAST (jsonb AS tier_rules) WITH FUNCTION jsonb_to_tier_rules(jsonb);
