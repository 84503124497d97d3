/* src/digest/digest.sql */

--
-- The type
--

CREATE TYPE value_digest;

CREATE FUNCTION value_digest_in(cstring) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_in(cstring) IS 'I/O';

CREATE FUNCTION value_digest_out(value_digest) RETURNS cstring
	AS 'MODULE_PATHNAME', 'value_digest_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_out(value_digest) IS 'I/O';

CREATE FUNCTION value_digest_recv(internal) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_recv(internal) IS 'I/O';

CREATE FUNCTION value_digest_send(value_digest) RETURNS bytea
	AS 'MODULE_PATHNAME', 'value_digest_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_send(value_digest) IS 'I/O';

CREATE TYPE value_digest (
	INPUT = value_digest_in,
	OUTPUT = value_digest_out,
	RECEIVE = value_digest_recv,
	SEND = value_digest_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = external
);
COMMENT ON TYPE value_digest IS
	'how a measure is distributed: distinct values and their counts, exact up to a capacity; mergeable';

--
-- Functions
--

CREATE FUNCTION digest_count(digest value_digest) RETURNS bigint
	AS 'MODULE_PATHNAME', 'digest_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_count(value_digest) IS
	'number of values';

CREATE FUNCTION digest_distinct(digest value_digest) RETURNS integer
	AS 'MODULE_PATHNAME', 'digest_distinct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_distinct(value_digest) IS
	'number of distinct values; of classes when digest_precision is below 52';

CREATE FUNCTION digest_capacity(digest value_digest) RETURNS integer
	AS 'MODULE_PATHNAME', 'digest_capacity' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_capacity(value_digest) IS
	'number of distinct values up to which the digest is exact';

CREATE FUNCTION digest_precision(digest value_digest) RETURNS integer
	AS 'MODULE_PATHNAME', 'digest_precision' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_precision(value_digest) IS
	'bits of each value''s mantissa that are kept, 52 when exact; below that values are read with a relative error under 2^-precision';

CREATE FUNCTION digest_sum(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_sum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_sum(value_digest) IS
	'sum of the values, in the measure''s unit; error when it exceeds double precision';

CREATE FUNCTION digest_mean(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_mean(value_digest) IS
	'arithmetic mean of the values, in the measure''s unit';

CREATE FUNCTION digest_stddev(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_stddev' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_stddev(value_digest) IS
	'sample standard deviation (over n - 1) of the values, in the measure''s unit; NULL for a single value';

CREATE FUNCTION digest_min(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_min' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_min(value_digest) IS
	'smallest value, exact at any precision';

CREATE FUNCTION digest_max(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_max' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_max(value_digest) IS
	'greatest value, exact at any precision';

CREATE FUNCTION digest_quantile(digest value_digest, fraction double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_quantile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_quantile(value_digest, double precision) IS
	'interpolated quantile as of percentile_cont, fraction from 0 to 1';

CREATE FUNCTION digest_quantile(digest value_digest, fractions double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'digest_quantile_array' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_quantile(value_digest, double precision[]) IS
	'interpolated quantiles as of percentile_cont, fractions from 0 to 1';

CREATE FUNCTION digest_rank(digest value_digest, value double precision) RETURNS bigint
	AS 'MODULE_PATHNAME', 'digest_rank' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_rank(value_digest, double precision) IS
	'rank of a value from the top: how many values are strictly greater, plus one';

CREATE FUNCTION digest_cumulative_share(digest value_digest, value double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_cumulative_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_cumulative_share(value_digest, double precision) IS
	'share (0 to 1) of the sum of all positive values that values greater or equal bring: what a list sorted by value has summed up to here; NULL when no value is positive';

CREATE FUNCTION digest_top_share(digest value_digest, share double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_top_share' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_top_share(value_digest, double precision) IS
	'share (0 to 1) of the sum of all positive values that the top share (0 to 1) of the rows brings; NULL when no value is positive';

CREATE FUNCTION digest_concentration(digest value_digest, n bigint) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_concentration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_concentration(value_digest, bigint) IS
	'concentration ratio: share (0 to 1) of the sum of all positive values that the n greatest bring; NULL when no value is positive';

CREATE FUNCTION digest_gini(digest value_digest) RETURNS double precision
	AS 'MODULE_PATHNAME', 'digest_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_gini(value_digest) IS
	'Gini coefficient, 0 (all equal) to 1 (one has all), negative values taken as 0; NULL when no value is positive';

CREATE FUNCTION digest_pareto(digest value_digest, points integer DEFAULT 100,
	OUT customers double precision,
	OUT value double precision,
	OUT bound double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'digest_pareto' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION digest_pareto(value_digest, integer) IS
	'1 to 1000000 points of the Pareto curve: top share of the rows (1/points, 2/points, ... 1), the share of value it brings, its smallest value';

CREATE FUNCTION digest_histogram(digest value_digest, buckets integer DEFAULT 10,
	OUT bucket integer,
	OUT lower double precision,
	OUT upper double precision,
	OUT count bigint,
	OUT value double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'digest_histogram' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION digest_histogram(value_digest, integer) IS
	'histogram in 1 to 1000000 buckets of equal width from minimum to maximum: bounds, number of values, their sum; one bucket when all values are equal';

CREATE FUNCTION digest_compact(digest value_digest, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'digest_compact' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION digest_compact(value_digest, integer) IS
	'the digest that the same values give with a smaller capacity, 4096 to 16777216; a capacity is never raised';

--
-- Private functions
--

CREATE FUNCTION value_digest_merge(value_digest, value_digest) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_merge(value_digest, value_digest) IS 'implementation of + operator';

CREATE FUNCTION value_digest_minus(value_digest, value_digest) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_minus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_minus(value_digest, value_digest) IS 'implementation of - operator';

CREATE FUNCTION value_digest_eq(value_digest, value_digest) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_digest_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_eq(value_digest, value_digest) IS 'implementation of = operator';

CREATE FUNCTION value_digest_ne(value_digest, value_digest) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_digest_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_ne(value_digest, value_digest) IS 'implementation of <> operator';

CREATE FUNCTION value_digest_hash(value_digest) RETURNS integer
	AS 'MODULE_PATHNAME', 'value_digest_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_hash(value_digest) IS
	'hash';

CREATE FUNCTION value_digest_hash_extended(value_digest, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'value_digest_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_hash_extended(value_digest, bigint) IS
	'hash with a seed';

CREATE FUNCTION value_digest_accum(value_digest, numeric) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, numeric) IS
	'transition function of value_digest(numeric)';

CREATE FUNCTION value_digest_accum(value_digest, numeric, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, numeric, integer) IS
	'transition function of value_digest(numeric, integer)';

CREATE FUNCTION value_digest_accum(value_digest, double precision) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, double precision) IS
	'transition function of value_digest(double precision)';

CREATE FUNCTION value_digest_accum(value_digest, double precision, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, double precision, integer) IS
	'transition function of value_digest(double precision, integer)';

CREATE FUNCTION value_digest_accum(value_digest, bigint) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, bigint) IS
	'transition function of value_digest(bigint)';

CREATE FUNCTION value_digest_accum(value_digest, bigint, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, bigint, integer) IS
	'transition function of value_digest(bigint, integer)';

CREATE FUNCTION value_digest_accum(value_digest, real) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, real) IS
	'transition function of value_digest(real)';

CREATE FUNCTION value_digest_accum(value_digest, real, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, real, integer) IS
	'transition function of value_digest(real, integer)';

CREATE FUNCTION value_digest_accum(value_digest, money) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_cash' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, money) IS
	'transition function of value_digest(money)';

CREATE FUNCTION value_digest_accum(value_digest, money, capacity integer) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_cash' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, money, integer) IS
	'transition function of value_digest(money, integer)';

CREATE FUNCTION value_digest_accum(value_digest, text) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_accum(value_digest, text) IS
	'transition function of value_digest(text), an error';

CREATE FUNCTION value_digest_final(value_digest) RETURNS value_digest
	AS 'MODULE_PATHNAME', 'value_digest_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_digest_final(value_digest) IS
	'final function of the aggregates value_digest';

--
-- Aggregates
--

-- SSPACE: a state is as large as its group has distinct values. The planner is
-- told what it assumes of array_agg, so that with very many groups both hash
-- in as many parts, and neither takes more memory than the other.
CREATE AGGREGATE value_digest(value numeric) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(numeric) IS
	'digest of all values that are not NULL, exact up to 4194304 distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value numeric, capacity integer) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(numeric, integer) IS
	'digest of all values that are not NULL, exact up to capacity (4096 to 16777216) distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value double precision) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(double precision) IS
	'digest of all values that are not NULL, exact up to 4194304 distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value double precision, capacity integer) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(double precision, integer) IS
	'digest of all values that are not NULL, exact up to capacity (4096 to 16777216) distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value bigint) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(bigint) IS
	'digest of all values that are not NULL, exact up to 4194304 distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value bigint, capacity integer) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(bigint, integer) IS
	'digest of all values that are not NULL, exact up to capacity (4096 to 16777216) distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value real) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(real) IS
	'digest of all values that are not NULL, each the decimal that it is printed as, exact up to 4194304 distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value real, capacity integer) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(real, integer) IS
	'digest of all values that are not NULL, each the decimal that it is printed as, exact up to capacity (4096 to 16777216) distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value money) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(money) IS
	'digest of all values that are not NULL, exact up to 4194304 distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(value money, capacity integer) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(money, integer) IS
	'digest of all values that are not NULL, exact up to capacity (4096 to 16777216) distinct ones; NULL when there are none';

CREATE AGGREGATE value_digest(digest value_digest) (
	SFUNC = value_digest_merge,
	STYPE = value_digest,
	SSPACE = 8192,
	FINALFUNC = value_digest_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = value_digest_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(value_digest) IS
	'digest of all the values in all the digests, with their smallest capacity; NULL when there are none';

-- The name of a type called with a text is a cast of it, unless there is a
-- function for just that type: so these are there to say what to write.
CREATE AGGREGATE value_digest(value text) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(text) IS
	'an error, which says to cast the column: value_digest(column::numeric)';

CREATE AGGREGATE value_digest(value varchar) (
	SFUNC = value_digest_accum,
	STYPE = value_digest,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE value_digest(varchar) IS
	'an error, which says to cast the column: value_digest(column::numeric)';

--
-- Operators
--

CREATE OPERATOR + (
	LEFTARG = value_digest,
	RIGHTARG = value_digest,
	FUNCTION = value_digest_merge,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (value_digest, value_digest) IS
	'digest of the values of both, with the smaller capacity';

CREATE OPERATOR - (
	LEFTARG = value_digest,
	RIGHTARG = value_digest,
	FUNCTION = value_digest_minus
);
COMMENT ON OPERATOR - (value_digest, value_digest) IS
	'digest of the left one''s values without the right one''s, which must be among them; NULL when none are left';

CREATE OPERATOR = (
	LEFTARG = value_digest,
	RIGHTARG = value_digest,
	FUNCTION = value_digest_eq,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
);
COMMENT ON OPERATOR = (value_digest, value_digest) IS
	'same values, same capacity, same precision';

CREATE OPERATOR <> (
	LEFTARG = value_digest,
	RIGHTARG = value_digest,
	FUNCTION = value_digest_ne,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (value_digest, value_digest) IS
	'not equal';

-- GROUP BY, DISTINCT and hash joins of digests; there is no order of them

--
-- Operator classes
--

CREATE OPERATOR CLASS value_digest_ops
	DEFAULT FOR TYPE value_digest USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 value_digest_hash(value_digest),
	FUNCTION 2 value_digest_hash_extended(value_digest, bigint);
