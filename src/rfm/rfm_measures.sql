/* src/rfm/rfm_measures.sql */

--
-- The type
--

CREATE TYPE rfm_measures AS (
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date
);
COMMENT ON TYPE rfm_measures IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts, days of the first and the last order';

--
-- Private functions
--

-- Days of a timestamptz, and a date among them, depend on TimeZone: STABLE.

CREATE FUNCTION rfm_measures_accum(internal, "any", "any", rfm_as_of) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_accum(internal, "any", "any", rfm_as_of) IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_period_accum(internal, "any", "any", rfm_as_of, interval) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_period_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_period_accum(internal, "any", "any", rfm_as_of, interval) IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_order_accum(internal, "any", "any", rfm_as_of, "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_order_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_order_accum(internal, "any", "any", rfm_as_of, "any") IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_period_order_accum(internal, "any", "any", rfm_as_of, interval, "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_period_order_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_period_order_accum(internal, "any", "any", rfm_as_of, interval, "any") IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_combine(internal, internal) IS
	'combine function of rfm_measures';

CREATE FUNCTION rfm_measures_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'rfm_measures_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_serialize(internal) IS
	'serialization function of rfm_measures';

CREATE FUNCTION rfm_measures_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_measures_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_deserialize(bytea, internal) IS
	'deserialization function of rfm_measures';

CREATE FUNCTION rfm_measures_final(internal) RETURNS rfm_measures
	AS 'MODULE_PATHNAME', 'rfm_measures_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_final(internal) IS
	'final function of rfm_measures';

--
-- Aggregates
--

-- ordered_at is a date, timestamp or timestamptz, amount any number: "any"
-- takes them as they are, without a cast per row or an overload per pair.

CREATE AGGREGATE rfm_measures(ordered_at "any", amount "any", as_of rfm_as_of) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures("any", "any", rfm_as_of) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; ordered_at a date, timestamp or timestamptz, amount a number; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at "any", amount "any", as_of rfm_as_of, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures("any", "any", rfm_as_of, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at "any", amount "any", as_of rfm_as_of, order_id "any") (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures("any", "any", rfm_as_of, "any") IS
	'the same, with the lines of an order as one order, which is none if it was returned in full';

CREATE AGGREGATE rfm_measures(ordered_at "any", amount "any", as_of rfm_as_of, period interval, order_id "any") (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures("any", "any", rfm_as_of, interval, "any") IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';
