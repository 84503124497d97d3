/* src/rfm_measures.sql */

CREATE TYPE rfm_measures_timestamptz AS (
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamptz,
	last_order timestamptz,
	average_order numeric
);
COMMENT ON TYPE rfm_measures_timestamptz IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

CREATE TYPE rfm_measures_timestamptz_double AS (
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamptz,
	last_order timestamptz,
	average_order double precision
);
COMMENT ON TYPE rfm_measures_timestamptz_double IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

CREATE TYPE rfm_measures_timestamp AS (
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamp,
	last_order timestamp,
	average_order numeric
);
COMMENT ON TYPE rfm_measures_timestamp IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

CREATE TYPE rfm_measures_timestamp_double AS (
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamp,
	last_order timestamp,
	average_order double precision
);
COMMENT ON TYPE rfm_measures_timestamp_double IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

CREATE TYPE rfm_measures_date AS (
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date,
	average_order numeric
);
COMMENT ON TYPE rfm_measures_date IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

CREATE TYPE rfm_measures_date_double AS (
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order date,
	last_order date,
	average_order double precision
);
COMMENT ON TYPE rfm_measures_date_double IS
	'result of rfm_measures: recency in days since the last order, frequency in orders, monetary in the unit of the amounts';

-- private functions

CREATE FUNCTION rfm_measures_accum(internal, "any", "any", "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_accum(internal, "any", "any", "any") IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_period_accum(internal, "any", "any", "any", interval) RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_period_accum'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_period_accum(internal, "any", "any", "any", interval) IS
	'transition function of rfm_measures; a period before a timestamptz depends on TimeZone';

CREATE FUNCTION rfm_measures_order_accum(internal, "any", "any", "any", "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_order_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_order_accum(internal, "any", "any", "any", "any") IS
	'transition function of rfm_measures';

CREATE FUNCTION rfm_measures_period_order_accum(internal, "any", "any", "any", interval, "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_period_order_accum'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_period_order_accum(internal, "any", "any", "any", interval, "any") IS
	'transition function of rfm_measures; a period before a timestamptz depends on TimeZone';

CREATE FUNCTION rfm_measures_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_combine(internal, internal) IS
	'combine function of rfm_measures';

CREATE FUNCTION rfm_measures_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'rfm_measures_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_serialize(internal) IS
	'serialization function of rfm_measures';

CREATE FUNCTION rfm_measures_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_measures_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_deserialize(bytea, internal) IS
	'deserialization function of rfm_measures';

-- one C function for all the row types: the row type tells it what to do
CREATE FUNCTION rfm_measures_timestamptz_final(internal) RETURNS rfm_measures_timestamptz
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_timestamptz_final(internal) IS
	'final function of rfm_measures';

CREATE FUNCTION rfm_measures_timestamptz_double_final(internal) RETURNS rfm_measures_timestamptz_double
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_timestamptz_double_final(internal) IS
	'final function of rfm_measures';

CREATE FUNCTION rfm_measures_timestamp_final(internal) RETURNS rfm_measures_timestamp
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_timestamp_final(internal) IS
	'final function of rfm_measures';

CREATE FUNCTION rfm_measures_timestamp_double_final(internal) RETURNS rfm_measures_timestamp_double
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_timestamp_double_final(internal) IS
	'final function of rfm_measures';

CREATE FUNCTION rfm_measures_date_final(internal) RETURNS rfm_measures_date
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_date_final(internal) IS
	'final function of rfm_measures';

CREATE FUNCTION rfm_measures_date_double_final(internal) RETURNS rfm_measures_date_double
AS 'MODULE_PATHNAME', 'rfm_measures_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures_date_double_final(internal) IS
	'final function of rfm_measures';

-- aggregates: for each type of times and of amounts, with and without a
-- period, with and without order ids

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, numeric, timestamptz) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, bigint, timestamptz) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamptz_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, double precision, timestamptz) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount numeric, as_of timestamp) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, numeric, timestamp) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount bigint, as_of timestamp) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, bigint, timestamp) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount double precision, as_of timestamp) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_timestamp_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, double precision, timestamp) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at date, amount numeric, as_of date) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, numeric, date) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at date, amount bigint, as_of date) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, bigint, date) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at date, amount double precision, as_of date) (
	SFUNC = rfm_measures_accum,
	STYPE = internal,
	SSPACE = 64,
	FINALFUNC = rfm_measures_date_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, double precision, date) IS
	'recency, frequency and monetary value of the lines up to as_of, each line an order and negative ones refunds; NULL without lines';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount numeric, as_of timestamptz, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, numeric, timestamptz, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount bigint, as_of timestamptz, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, bigint, timestamptz, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount double precision, as_of timestamptz, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamptz_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, double precision, timestamptz, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount numeric, as_of timestamp, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, numeric, timestamp, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount bigint, as_of timestamp, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, bigint, timestamp, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount double precision, as_of timestamp, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_timestamp_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, double precision, timestamp, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount numeric, as_of date, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, numeric, date, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount bigint, as_of date, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, bigint, date, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount double precision, as_of date, period interval) (
	SFUNC = rfm_measures_period_accum,
	STYPE = internal,
	SSPACE = 96,
	FINALFUNC = rfm_measures_date_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, double precision, date, interval) IS
	'the same, with frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount numeric, as_of timestamptz, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, numeric, timestamptz, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount bigint, as_of timestamptz, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, bigint, timestamptz, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount double precision, as_of timestamptz, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, double precision, timestamptz, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount numeric, as_of timestamp, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, numeric, timestamp, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount bigint, as_of timestamp, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, bigint, timestamp, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount double precision, as_of timestamp, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, double precision, timestamp, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at date, amount numeric, as_of date, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, numeric, date, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at date, amount bigint, as_of date, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, bigint, date, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at date, amount double precision, as_of date, order_id anynonarray) (
	SFUNC = rfm_measures_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, double precision, date, anynonarray) IS
	'the same, with the lines of an order as one order; an order returned in full counts nowhere';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount numeric, as_of timestamptz, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, numeric, timestamptz, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount bigint, as_of timestamptz, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, bigint, timestamptz, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamptz, amount double precision, as_of timestamptz, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamptz_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamptz, double precision, timestamptz, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount numeric, as_of timestamp, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, numeric, timestamp, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount bigint, as_of timestamp, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, bigint, timestamp, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at timestamp, amount double precision, as_of timestamp, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_timestamp_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(timestamp, double precision, timestamp, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount numeric, as_of date, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, numeric, date, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount bigint, as_of date, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, bigint, date, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';

CREATE AGGREGATE rfm_measures(ordered_at date, amount double precision, as_of date, period interval, order_id anynonarray) (
	SFUNC = rfm_measures_period_order_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = rfm_measures_date_double_final,
	COMBINEFUNC = rfm_measures_combine,
	SERIALFUNC = rfm_measures_serialize,
	DESERIALFUNC = rfm_measures_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_measures(date, double precision, date, interval, anynonarray) IS
	'the same, with orders of several lines, and frequency and monetary value of the period that ends at as_of';
