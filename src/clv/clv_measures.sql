/* src/clv/clv_measures.sql */

CREATE TYPE clv_measures AS (
	frequency bigint,
	recency double precision,
	age double precision,
	mean_spend double precision,
	unit text
);
COMMENT ON TYPE clv_measures IS
	'what the models need to know of a customer: result of the aggregate clv_measures';
COMMENT ON COLUMN clv_measures.frequency IS 'repeat purchases: the days with a purchase after the first such day';
COMMENT ON COLUMN clv_measures.recency IS 'time from the first purchase to the last, in units';
COMMENT ON COLUMN clv_measures.age IS 'time from the first purchase to as_of, in units';
COMMENT ON COLUMN clv_measures.mean_spend IS 'mean value of a repeat purchase; 0 without any';
COMMENT ON COLUMN clv_measures.unit IS 'the unit of time: day, week, month, quarter or year';

-- private functions

CREATE FUNCTION clv_measures_accum(internal, "any", "any", rfm_as_of, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'clv_measures_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_accum(internal, "any", "any", rfm_as_of, text) IS
	'transition function of clv_measures; days of a timestamptz depend on TimeZone';

CREATE FUNCTION clv_measures_merge_accum(internal, "any", "any", rfm_as_of, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'clv_measures_merge_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_merge_accum(internal, "any", "any", rfm_as_of, text, text) IS
	'transition function of clv_measures; days of a timestamptz depend on TimeZone';

CREATE FUNCTION clv_measures_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'clv_measures_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_combine(internal, internal) IS
	'combine function of clv_measures';

CREATE FUNCTION clv_measures_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_measures_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_serialize(internal) IS
	'serialization function of clv_measures';

CREATE FUNCTION clv_measures_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'clv_measures_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_deserialize(bytea, internal) IS
	'deserialization function of clv_measures';

CREATE FUNCTION clv_measures_final(internal) RETURNS clv_measures
	AS 'MODULE_PATHNAME', 'clv_measures_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_measures_final(internal) IS
	'final function of clv_measures; the day of a timestamptz depends on TimeZone';

-- aggregates

CREATE AGGREGATE clv_measures(ordered_at "any", amount "any", as_of rfm_as_of, unit text) (
	SFUNC = clv_measures_accum, STYPE = internal, SSPACE = 192, FINALFUNC = clv_measures_final, COMBINEFUNC = clv_measures_combine,
	SERIALFUNC = clv_measures_serialize, DESERIALFUNC = clv_measures_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_measures("any", "any", rfm_as_of, text) IS
	'what the models need to know of a customer, from lines up to as_of, times in days, weeks, months, quarters or years; lines of one day are one purchase, negative amounts are refunds and none; NULL without a purchase';

CREATE AGGREGATE clv_measures(ordered_at "any", amount "any", as_of rfm_as_of, unit text, merge text) (
	SFUNC = clv_measures_merge_accum, STYPE = internal, SSPACE = 192, FINALFUNC = clv_measures_final, COMBINEFUNC = clv_measures_combine,
	SERIALFUNC = clv_measures_serialize, DESERIALFUNC = clv_measures_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_measures("any", "any", rfm_as_of, text, text) IS
	'what the models need to know of a customer; lines of one day, week, month, quarter or year are one purchase, as merge says';
