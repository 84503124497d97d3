/* src/scorecard/scorecard.sql */

--
-- The type
--

@text_type scorecard

COMMENT ON TYPE scorecard IS
	'weighted indicators, each with a scale of 0 to 100 points: sales 50%: 100 >= 5000000, 60 >= 1000000, 20; growth 50%: linear -10 to 30';

--
-- Functions
--

CREATE FUNCTION score_of(card scorecard, VARIADIC measures numeric[]) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_of_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_of(scorecard, numeric[]) IS
	'the score, 0 to 100, of values in the order of the indicators; NULL when too little is known; a wrong number of values or a card that is not fitted is an error';

CREATE FUNCTION score_of(card scorecard, VARIADIC measures double precision[]) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_of_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_of(scorecard, double precision[]) IS
	'the score, 0 to 100, of values in the order of the indicators; NULL when too little is known; a wrong number of values or a card that is not fitted is an error';

CREATE FUNCTION score_of(card scorecard, measures jsonb) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_of_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_of(scorecard, jsonb) IS
	'the score, 0 to 100, of the values under the indicators'' names; other keys are ignored; NULL when too little is known';

CREATE FUNCTION score_coverage(card scorecard, VARIADIC measures numeric[]) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_coverage_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_coverage(scorecard, numeric[]) IS
	'the share, 0 to 1, of the card''s weight that takes part in the score';

CREATE FUNCTION score_coverage(card scorecard, VARIADIC measures double precision[]) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_coverage_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_coverage(scorecard, double precision[]) IS
	'the share, 0 to 1, of the card''s weight that takes part in the score';

CREATE FUNCTION score_coverage(card scorecard, measures jsonb) RETURNS numeric
	AS 'MODULE_PATHNAME', 'score_coverage_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_coverage(scorecard, jsonb) IS
	'the share, 0 to 1, of the card''s weight that takes part in the score';

CREATE FUNCTION score_explain(card scorecard, VARIADIC measures numeric[]) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'score_explain_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_explain(scorecard, numeric[]) IS
	'how the score comes about: score, coverage, and for each indicator its value, bound met, weight, points and contribution';

CREATE FUNCTION score_explain(card scorecard, VARIADIC measures double precision[]) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'score_explain_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_explain(scorecard, double precision[]) IS
	'how the score comes about: score, coverage, and for each indicator its value, bound met, weight, points and contribution';

CREATE FUNCTION score_explain(card scorecard, measures jsonb) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'score_explain_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION score_explain(scorecard, jsonb) IS
	'how the score comes about: score, coverage, and for each indicator its value, bound met, weight, points and contribution';

CREATE FUNCTION scorecard_fit(card scorecard, VARIADIC digests value_digest[]) RETURNS scorecard
	AS 'MODULE_PATHNAME', 'scorecard_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_fit(scorecard, value_digest[]) IS
	'the card with its relative bounds and edges as numbers, from a digest for each indicator (NULL for one that needs none); NULL without data';

CREATE FUNCTION scorecard_is_fitted(card scorecard) RETURNS boolean
	AS 'MODULE_PATHNAME', 'scorecard_is_fitted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_is_fitted(scorecard) IS
	'are all bounds and edges numbers, so that values can be scored without data?';

CREATE FUNCTION scorecard_to_jsonb(card scorecard) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'scorecard_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION scorecard_to_jsonb(scorecard) IS
	'the card as {"indicators": [{"indicator", "weight", "missing", "scheme" or "linear"}], "require"}';

CREATE FUNCTION jsonb_to_scorecard(card jsonb) RETURNS scorecard
	AS 'MODULE_PATHNAME', 'jsonb_to_scorecard' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jsonb_to_scorecard(jsonb) IS
	'the card of what scorecard_to_jsonb gives; other shapes are an error';

--
-- Casts
--

CREATE CAST (scorecard AS jsonb) WITH FUNCTION scorecard_to_jsonb(scorecard);
CREATE CAST (jsonb AS scorecard) WITH FUNCTION jsonb_to_scorecard(jsonb);
