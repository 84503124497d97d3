/* src/rfm/rfm_summary.sql */

--
-- The type
--

CREATE TYPE rfm_summary AS (
	segment text,
	score integer,
	customers bigint,
	customer_share double precision,
	monetary numeric,
	monetary_share double precision,
	mean_recency double precision,
	mean_frequency double precision,
	mean_monetary double precision,
	median_recency double precision,
	median_frequency double precision,
	median_monetary double precision
);
COMMENT ON TYPE rfm_summary IS
	'row of rfm_summary: a segment, or without a map a score; customers, monetary value, and their shares, 0 to 1; means and medians of the measures';

--
-- Private functions
--

CREATE FUNCTION rfm_summary_accum(internal, "any", "any", "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_accum(internal, "any", "any", "any") IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_accum(internal, "any", "any", "any", "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_accum(internal, "any", "any", "any", "any") IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_accum(internal, "any", "any", "any", "any", "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_accum(internal, "any", "any", "any", "any", "any") IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_record_accum(internal, rfm_measures) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_record_accum(internal, rfm_measures) IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_record_accum(internal, rfm_measures, "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_record_accum(internal, rfm_measures, "any") IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_record_accum(internal, rfm_measures, "any", "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_record_accum(internal, rfm_measures, "any", "any") IS
	'transition function of rfm_summary';

CREATE FUNCTION rfm_summary_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_combine(internal, internal) IS
	'combine function of rfm_summary';

CREATE FUNCTION rfm_summary_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'rfm_summary_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_serialize(internal) IS
	'serialization function of rfm_summary';

CREATE FUNCTION rfm_summary_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'rfm_summary_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_deserialize(bytea, internal) IS
	'deserialization function of rfm_summary';

CREATE FUNCTION rfm_summary_final(internal) RETURNS rfm_summary[]
	AS 'MODULE_PATHNAME', 'rfm_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_summary_final(internal) IS
	'final function of rfm_summary';

--
-- Aggregates
--
-- Of three measures, each any type of numbers and recency also an interval, or
-- of a row of rfm_measures; bins or a scheme, and a map.

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any") (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any") IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by five bins';

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any", bins integer) (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any", integer) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by so many bins';

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any", scheme rfm_scheme) (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any", rfm_scheme) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by a scheme fitted to them';

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any", map rfm_segments) (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any", rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by five bins';

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any", bins integer, map rfm_segments) (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any", integer, rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by so many bins';

CREATE AGGREGATE rfm_summary(recency "any", frequency "any", monetary "any", scheme rfm_scheme, map rfm_segments) (
	SFUNC = rfm_summary_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary("any", "any", "any", rfm_scheme, rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by a scheme fitted to them';

CREATE AGGREGATE rfm_summary(measures rfm_measures) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by five bins';

CREATE AGGREGATE rfm_summary(measures rfm_measures, bins integer) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures, integer) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by so many bins';

CREATE AGGREGATE rfm_summary(measures rfm_measures, scheme rfm_scheme) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures, rfm_scheme) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each score, customers scored by a scheme fitted to them';

CREATE AGGREGATE rfm_summary(measures rfm_measures, map rfm_segments) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures, rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by five bins';

CREATE AGGREGATE rfm_summary(measures rfm_measures, bins integer, map rfm_segments) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures, integer, rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by so many bins';

CREATE AGGREGATE rfm_summary(measures rfm_measures, scheme rfm_scheme, map rfm_segments) (
	SFUNC = rfm_summary_record_accum,
	STYPE = internal,
	SSPACE = 1000000,
	FINALFUNC = rfm_summary_final,
	COMBINEFUNC = rfm_summary_combine,
	SERIALFUNC = rfm_summary_serialize,
	DESERIALFUNC = rfm_summary_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm_summary(rfm_measures, rfm_scheme, rfm_segments) IS
	'the report of RFM in one reading, as an array of rows to unnest: a row for each segment of the map, customers scored by a scheme fitted to them';
