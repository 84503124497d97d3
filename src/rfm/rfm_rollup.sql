/* src/rfm/rfm_rollup.sql */

--
-- The type
--
-- A result has a row type of its own, so each kind of key has one: there are
-- three. A text can say any other key.

CREATE TYPE rfm_customer AS (
	customer bigint,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date
);
COMMENT ON TYPE rfm_customer IS
	'row of rfm_rollup: a customer told by a bigint, and what rfm_measures gives for it';

CREATE TYPE rfm_text_customer AS (
	customer text,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date
);
COMMENT ON TYPE rfm_text_customer IS
	'row of rfm_rollup: a customer told by a text, and what rfm_measures gives for it';

CREATE TYPE rfm_uuid_customer AS (
	customer uuid,
	recency integer,
	frequency bigint,
	monetary numeric,
	first_order date,
	last_order date
);
COMMENT ON TYPE rfm_uuid_customer IS
	'row of rfm_rollup: a customer told by a uuid, and what rfm_measures gives for it';

--
-- Private functions
--

CREATE FUNCTION rfm_rollup_accum(internal, "any", "any", "any", rfm_as_of) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_rollup_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_accum(internal, "any", "any", "any", rfm_as_of) IS
	'transition function of rfm_rollup';

CREATE FUNCTION rfm_rollup_order_accum(internal, "any", "any", "any", rfm_as_of, "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_rollup_order_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_order_accum(internal, "any", "any", "any", rfm_as_of, "any") IS
	'transition function of rfm_rollup';

CREATE FUNCTION rfm_rollup_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_rollup_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_combine(internal, internal) IS
	'combine function of rfm_rollup';

CREATE FUNCTION rfm_rollup_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'rfm_rollup_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_serialize(internal) IS
	'serialization function of rfm_rollup';

CREATE FUNCTION rfm_rollup_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_rollup_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_deserialize(bytea, internal) IS
	'deserialization function of rfm_rollup';

-- One C function for all the row types: the row type tells it what to do.
CREATE FUNCTION rfm_rollup_final(internal) RETURNS rfm_customer[]
	AS 'MODULE_PATHNAME', 'rfm_rollup_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_text_final(internal) RETURNS rfm_text_customer[]
	AS 'MODULE_PATHNAME', 'rfm_rollup_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_text_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_rollup_uuid_final(internal) RETURNS rfm_uuid_customer[]
	AS 'MODULE_PATHNAME', 'rfm_rollup_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_rollup_uuid_final(internal) IS
	'final function of rfm_rollup';

CREATE FUNCTION rfm_measures(rfm_customer) RETURNS rfm_measures
	AS 'MODULE_PATHNAME', 'rfm_customer_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures(rfm_customer) IS
	'cast: the measures without the customer';

CREATE FUNCTION rfm_measures(rfm_text_customer) RETURNS rfm_measures
	AS 'MODULE_PATHNAME', 'rfm_customer_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures(rfm_text_customer) IS
	'cast: the measures without the customer';

CREATE FUNCTION rfm_measures(rfm_uuid_customer) RETURNS rfm_measures
	AS 'MODULE_PATHNAME', 'rfm_customer_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_measures(rfm_uuid_customer) IS
	'cast: the measures without the customer';

--
-- Aggregates
--
-- The customer is told by a bigint, a text or a uuid; the other arguments are
-- those of rfm_measures.

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at "any", amount "any", as_of rfm_as_of) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, "any", "any", rfm_as_of) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer bigint, ordered_at "any", amount "any", as_of rfm_as_of, order_id "any") (
	SFUNC = rfm_rollup_order_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(bigint, "any", "any", rfm_as_of, "any") IS
	'the same, with the lines of an order as one order, which is none if it was returned in full';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at "any", amount "any", as_of rfm_as_of) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, "any", "any", rfm_as_of) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer text, ordered_at "any", amount "any", as_of rfm_as_of, order_id "any") (
	SFUNC = rfm_rollup_order_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_text_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(text, "any", "any", rfm_as_of, "any") IS
	'the same, with the lines of an order as one order, which is none if it was returned in full';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at "any", amount "any", as_of rfm_as_of) (
	SFUNC = rfm_rollup_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, "any", "any", rfm_as_of) IS
	'the measures of all customers of an orders table, as an array of rows to unnest: as rfm_measures by customer, faster with very many of them';

CREATE AGGREGATE rfm_rollup(customer uuid, ordered_at "any", amount "any", as_of rfm_as_of, order_id "any") (
	SFUNC = rfm_rollup_order_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_rollup_uuid_final,
	COMBINEFUNC = rfm_rollup_combine,
	SERIALFUNC = rfm_rollup_serialize,
	DESERIALFUNC = rfm_rollup_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_rollup(uuid, "any", "any", rfm_as_of, "any") IS
	'the same, with the lines of an order as one order, which is none if it was returned in full';

--
-- Casts
--
-- What takes measures takes rows of the roll-up.

CREATE CAST (rfm_customer AS rfm_measures) WITH FUNCTION rfm_measures(rfm_customer) AS IMPLICIT;
CREATE CAST (rfm_text_customer AS rfm_measures) WITH FUNCTION rfm_measures(rfm_text_customer) AS IMPLICIT;
CREATE CAST (rfm_uuid_customer AS rfm_measures) WITH FUNCTION rfm_measures(rfm_uuid_customer) AS IMPLICIT;
