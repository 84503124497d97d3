/* src/rfm_rollup.sql */

-- A result has a row type of its own, so each kind of key multiplies with the
-- kinds of times and of money: there are three. A text can say any other key.

CREATE TYPE rfm_customer_timestamptz AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamptz,
	last_order timestamptz,
	average_order numeric
);
COMMENT ON TYPE rfm_customer_timestamptz IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_customer_timestamptz_double AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamptz,
	last_order timestamptz,
	average_order double precision
);
COMMENT ON TYPE rfm_customer_timestamptz_double IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_customer_timestamp AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamp,
	last_order timestamp,
	average_order numeric
);
COMMENT ON TYPE rfm_customer_timestamp IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_customer_timestamp_double AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamp,
	last_order timestamp,
	average_order double precision
);
COMMENT ON TYPE rfm_customer_timestamp_double IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_customer_date AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date,
	average_order numeric
);
COMMENT ON TYPE rfm_customer_date IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_customer_date_double AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order date,
	last_order date,
	average_order double precision
);
COMMENT ON TYPE rfm_customer_date_double IS
	'row of rfm_rollup: a customer, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_timestamptz AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamptz,
	last_order timestamptz,
	average_order numeric
);
COMMENT ON TYPE rfm_text_customer_timestamptz IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_timestamptz_double AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamptz,
	last_order timestamptz,
	average_order double precision
);
COMMENT ON TYPE rfm_text_customer_timestamptz_double IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_timestamp AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamp,
	last_order timestamp,
	average_order numeric
);
COMMENT ON TYPE rfm_text_customer_timestamp IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_timestamp_double AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamp,
	last_order timestamp,
	average_order double precision
);
COMMENT ON TYPE rfm_text_customer_timestamp_double IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_date AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date,
	average_order numeric
);
COMMENT ON TYPE rfm_text_customer_date IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer_date_double AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order date,
	last_order date,
	average_order double precision
);
COMMENT ON TYPE rfm_text_customer_date_double IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_timestamptz AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamptz,
	last_order timestamptz,
	average_order numeric
);
COMMENT ON TYPE rfm_uuid_customer_timestamptz IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_timestamptz_double AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamptz,
	last_order timestamptz,
	average_order double precision
);
COMMENT ON TYPE rfm_uuid_customer_timestamptz_double IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_timestamp AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order timestamp,
	last_order timestamp,
	average_order numeric
);
COMMENT ON TYPE rfm_uuid_customer_timestamp IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_timestamp_double AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order timestamp,
	last_order timestamp,
	average_order double precision
);
COMMENT ON TYPE rfm_uuid_customer_timestamp_double IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_date AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date,
	average_order numeric
);
COMMENT ON TYPE rfm_uuid_customer_date IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer_date_double AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary double precision,
	first_order date,
	last_order date,
	average_order double precision
);
COMMENT ON TYPE rfm_uuid_customer_date_double IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

-- private functions

CREATE FUNCTION rfm_rollup_accum(internal, bigint, "any", "any", "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_rollup_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_accum(internal, bigint, "any", "any", "any") IS
	'transition function of rfm_rollup';

CREATE FUNCTION rfm_rollup_accum(internal, text, "any", "any", "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_rollup_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_accum(internal, text, "any", "any", "any") IS
	'transition function of rfm_rollup';

CREATE FUNCTION rfm_rollup_accum(internal, uuid, "any", "any", "any") RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_rollup_accum'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_accum(internal, uuid, "any", "any", "any") IS
	'transition function of rfm_rollup';

CREATE FUNCTION rfm_rollup_combine(internal, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_rollup_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_combine(internal, internal) IS
	'combine function of rfm_rollup';

CREATE FUNCTION rfm_rollup_serialize(internal) RETURNS bytea
AS 'MODULE_PATHNAME', 'rfm_rollup_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_serialize(internal) IS
	'serialization function of rfm_rollup';

CREATE FUNCTION rfm_rollup_deserialize(bytea, internal) RETURNS internal
AS 'MODULE_PATHNAME', 'rfm_rollup_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_deserialize(bytea, internal) IS
	'deserialization function of rfm_rollup';

-- one C function for all the row types: the row type tells it what to do
CREATE FUNCTION rfm_rollup_timestamptz_final(internal) RETURNS rfm_customer_timestamptz[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_timestamptz_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_timestamptz_double_final(internal) RETURNS rfm_customer_timestamptz_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_timestamptz_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_timestamp_final(internal) RETURNS rfm_customer_timestamp[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_timestamp_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_timestamp_double_final(internal) RETURNS rfm_customer_timestamp_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_timestamp_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_date_final(internal) RETURNS rfm_customer_date[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_date_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_date_double_final(internal) RETURNS rfm_customer_date_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_date_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_timestamptz_final(internal) RETURNS rfm_text_customer_timestamptz[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_timestamptz_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_timestamptz_double_final(internal) RETURNS rfm_text_customer_timestamptz_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_timestamptz_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_timestamp_final(internal) RETURNS rfm_text_customer_timestamp[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_timestamp_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_timestamp_double_final(internal) RETURNS rfm_text_customer_timestamp_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_timestamp_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_date_final(internal) RETURNS rfm_text_customer_date[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_date_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_date_double_final(internal) RETURNS rfm_text_customer_date_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_date_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_timestamptz_final(internal) RETURNS rfm_uuid_customer_timestamptz[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_timestamptz_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_timestamptz_double_final(internal) RETURNS rfm_uuid_customer_timestamptz_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_timestamptz_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_timestamp_final(internal) RETURNS rfm_uuid_customer_timestamp[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_timestamp_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_timestamp_double_final(internal) RETURNS rfm_uuid_customer_timestamp_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_timestamp_double_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_date_final(internal) RETURNS rfm_uuid_customer_date[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_date_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_date_double_final(internal) RETURNS rfm_uuid_customer_date_double[]
AS 'MODULE_PATHNAME', 'rfm_rollup_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_date_double_final(internal) IS
	'final function of rfm_rollup';

-- aggregates

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamptz, numeric, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamptz, bigint, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamptz_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamptz, double precision, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamp, amount numeric, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamp, numeric, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamp, amount bigint, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamp, bigint, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at timestamp, amount double precision, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_timestamp_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, timestamp, double precision, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at date, amount numeric, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, date, numeric, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at date, amount bigint, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, date, bigint, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at date, amount double precision, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_date_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, date, double precision, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamptz, numeric, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamptz, bigint, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamptz_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamptz, double precision, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamp, amount numeric, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamp, numeric, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamp, amount bigint, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamp, bigint, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at timestamp, amount double precision, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_timestamp_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, timestamp, double precision, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at date, amount numeric, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, date, numeric, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at date, amount bigint, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, date, bigint, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at date, amount double precision, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_date_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, date, double precision, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';


CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamptz, numeric, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamptz_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamptz, bigint, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamptz_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamptz, double precision, timestamptz) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamp, amount numeric, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamp, numeric, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamp, amount bigint, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamp_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamp, bigint, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at timestamp, amount double precision, as_of timestamp) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_timestamp_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, timestamp, double precision, timestamp) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at date, amount numeric, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, date, numeric, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at date, amount bigint, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_date_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, date, bigint, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at date, amount double precision, as_of date) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_date_double_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, date, double precision, date) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';
