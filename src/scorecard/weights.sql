/* src/scorecard/weights.sql */

--
-- Functions
--

CREATE FUNCTION ahp_weights(matrix double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'ahp_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ahp_weights(double precision[]) IS
	'weights, summing to 1, from a square matrix of pairwise judgements: its principal eigenvector';

CREATE FUNCTION ahp_consistency(matrix double precision[],
	OUT lambda_max double precision, OUT consistency_index double precision,
	OUT random_index double precision, OUT consistency_ratio double precision,
	OUT accepted boolean)
	AS 'MODULE_PATHNAME', 'ahp_consistency' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ahp_consistency(double precision[]) IS
	'how consistent pairwise judgements are: principal eigenvalue, CI, RI, CR = CI / RI, and whether CR <= 0.1';

--
-- Private functions
--

-- The transition state: {rows, columns, then for each column the sum of x and
-- the sum of x ln x (each as a high and a low part), its minimum and maximum},
-- the bits of doubles as bigints: as text they are exact.
CREATE FUNCTION entropy_weights_accum(bigint[], double precision[]) RETURNS bigint[]
	AS 'MODULE_PATHNAME', 'entropy_weights_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION entropy_weights_accum(bigint[], double precision[]) IS
	'transition function of entropy_weights';

CREATE FUNCTION entropy_weights_combine(bigint[], bigint[]) RETURNS bigint[]
	AS 'MODULE_PATHNAME', 'entropy_weights_combine' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION entropy_weights_combine(bigint[], bigint[]) IS
	'combine function of entropy_weights';

CREATE FUNCTION entropy_weights_final(bigint[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'entropy_weights_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION entropy_weights_final(bigint[]) IS
	'final function of entropy_weights';

--
-- Aggregates
--

CREATE AGGREGATE entropy_weights(measures double precision[]) (
	SFUNC = entropy_weights_accum,
	STYPE = bigint[],
	FINALFUNC = entropy_weights_final,
	COMBINEFUNC = entropy_weights_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE entropy_weights(double precision[]) IS
	'weights, summing to 1, from data: one array a row, the columns that tell the rows apart weigh most; at least two rows';
