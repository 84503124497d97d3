/* src/rfm/rfm.sql */

--
-- The type
--

@text_type rfm_scheme

COMMENT ON TYPE rfm_scheme IS
	'a scheme of scores for each of recency, frequency and monetary: recency: 5 <= 30, 4 <= 60, 1; frequency: 5 > p80, 1; monetary: 5 > p80, 1';

--
-- Functions
--

CREATE FUNCTION rfm_scheme(recency tier_scheme, frequency tier_scheme, monetary tier_scheme) RETURNS rfm_scheme
	AS 'MODULE_PATHNAME', 'rfm_scheme' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_scheme(tier_scheme, tier_scheme, tier_scheme) IS
	'make an rfm_scheme of three schemes, whose labels are digits from 1 to 9, falling';

CREATE FUNCTION rfm_scheme_of(scheme rfm_scheme, measure text) RETURNS tier_scheme
	AS 'MODULE_PATHNAME', 'rfm_scheme_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_scheme_of(rfm_scheme, text) IS
	'the tier_scheme of one measure: recency, frequency or monetary; another measure is an error';

CREATE FUNCTION rfm_fit(recency value_digest, frequency value_digest, monetary value_digest, bins integer DEFAULT 5) RETURNS rfm_scheme
	AS 'MODULE_PATHNAME', 'rfm_fit_bins' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_fit(value_digest, value_digest, value_digest, integer) IS
	'the scheme that cuts the customers into 2 to 9 bins by each measure, at interpolated percentiles, ties together; recency in days, lower is better';

CREATE FUNCTION rfm_fit(recency value_digest, frequency value_digest, monetary value_digest, scheme rfm_scheme) RETURNS rfm_scheme
	AS 'MODULE_PATHNAME', 'rfm_fit_scheme' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_fit(value_digest, value_digest, value_digest, rfm_scheme) IS
	'the scheme with numbers for its relative bounds, taken from the digests';

-- COST: three values to grade, see grade.sql.
CREATE FUNCTION rfm_score(recency numeric, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(numeric, numeric, numeric, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; measures compared exactly; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(recency double precision, frequency double precision, monetary double precision, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(double precision, double precision, double precision, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; measures compared as doubles; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(recency integer, frequency bigint, monetary numeric, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_measures_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(integer, bigint, numeric, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; measures as rfm_measures gives them; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(recency integer, frequency bigint, monetary double precision, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_measures_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(integer, bigint, double precision, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; measures as rfm_measures gives them; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(recency interval, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_interval_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(interval, numeric, numeric, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; of recency whole days count, a month is 30 days; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(recency interval, frequency numeric, monetary double precision, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_interval_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(interval, numeric, double precision, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; of recency whole days count, a month is 30 days; NULL if a measure gets no score';

CREATE FUNCTION rfm_score(measures rfm_measures, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_score_record' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION rfm_score(rfm_measures, rfm_scheme) IS
	'the score of a customer, such as 543, by a fitted scheme; NULL if a measure gets no score';

CREATE FUNCTION rfm_recency_score(score integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_recency_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_recency_score(integer) IS
	'the first digit of a score such as 543: the score of recency; anything but three digits is an error';

CREATE FUNCTION rfm_frequency_score(score integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_frequency_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_frequency_score(integer) IS
	'the second digit of a score such as 543: the score of frequency; anything but three digits is an error';

CREATE FUNCTION rfm_monetary_score(score integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_monetary_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_monetary_score(integer) IS
	'the third digit of a score such as 543: the score of monetary value; anything but three digits is an error';

CREATE FUNCTION rfm_explain(recency numeric, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT pg_catalog.jsonb_build_object('score', @extschema@.rfm_score(recency, frequency, monetary, scheme)) OPERATOR(pg_catalog.||)
			   pg_catalog.jsonb_object_agg(measure, pg_catalog.jsonb_build_object(
				   'value', value,
				   'score', (explained OPERATOR(pg_catalog.->>) 'tier')::integer,
				   'bound', explained OPERATOR(pg_catalog.->) 'bound',
				   'next_score', (explained OPERATOR(pg_catalog.->>) 'next_tier')::integer,
				   'next_bound', explained OPERATOR(pg_catalog.->) 'next_bound',
				   'gap', explained OPERATOR(pg_catalog.->) 'gap'))
		FROM (VALUES
			('recency', recency, @extschema@.tier_explain(recency, @extschema@.rfm_scheme_of(scheme, 'recency'))),
			('frequency', frequency, @extschema@.tier_explain(frequency, @extschema@.rfm_scheme_of(scheme, 'frequency'))),
			('monetary', monetary, @extschema@.tier_explain(monetary, @extschema@.rfm_scheme_of(scheme, 'monetary'))))
			AS measures (measure, value, explained);
	END;
COMMENT ON FUNCTION rfm_explain(numeric, numeric, numeric, rfm_scheme) IS
	'a score taken apart: for each measure its value, score, the bound met, the next better score, its bound and the gap to it';

-- doubles are written as the setting extra_float_digits says
CREATE FUNCTION rfm_explain(recency double precision, frequency double precision, monetary double precision, scheme rfm_scheme) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT pg_catalog.jsonb_build_object('score', @extschema@.rfm_score(recency, frequency, monetary, scheme)) OPERATOR(pg_catalog.||)
			   pg_catalog.jsonb_object_agg(measure, pg_catalog.jsonb_build_object(
				   'value', value,
				   'score', (explained OPERATOR(pg_catalog.->>) 'tier')::integer,
				   'bound', explained OPERATOR(pg_catalog.->) 'bound',
				   'next_score', (explained OPERATOR(pg_catalog.->>) 'next_tier')::integer,
				   'next_bound', explained OPERATOR(pg_catalog.->) 'next_bound',
				   'gap', explained OPERATOR(pg_catalog.->) 'gap'))
		FROM (VALUES
			('recency', recency, @extschema@.tier_explain(recency, @extschema@.rfm_scheme_of(scheme, 'recency'))),
			('frequency', frequency, @extschema@.tier_explain(frequency, @extschema@.rfm_scheme_of(scheme, 'frequency'))),
			('monetary', monetary, @extschema@.tier_explain(monetary, @extschema@.rfm_scheme_of(scheme, 'monetary'))))
			AS measures (measure, value, explained);
	END;
COMMENT ON FUNCTION rfm_explain(double precision, double precision, double precision, rfm_scheme) IS
	'a score taken apart: for each measure its value, score, the bound met, the next better score, its bound and the gap to it';

CREATE FUNCTION rfm_explain(recency interval, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT @extschema@.rfm_explain(
			months OPERATOR(pg_catalog.*) 30 OPERATOR(pg_catalog.+)
				pg_catalog.floor(EXTRACT(epoch FROM recency OPERATOR(pg_catalog.-) pg_catalog.make_interval(months => months)) OPERATOR(pg_catalog./) 86400),
			frequency, monetary, scheme)
		FROM (SELECT (EXTRACT(year FROM recency) OPERATOR(pg_catalog.*) 12 OPERATOR(pg_catalog.+) EXTRACT(month FROM recency))::integer AS months) AS split;
	END;
COMMENT ON FUNCTION rfm_explain(interval, numeric, numeric, rfm_scheme) IS
	'the same with recency as an interval, of which whole days count; a month has 30';

CREATE FUNCTION rfm_explain(recency interval, frequency numeric, monetary double precision, scheme rfm_scheme) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT @extschema@.rfm_explain(
			(months OPERATOR(pg_catalog.*) 30 OPERATOR(pg_catalog.+)
				pg_catalog.floor(EXTRACT(epoch FROM recency OPERATOR(pg_catalog.-) pg_catalog.make_interval(months => months)) OPERATOR(pg_catalog./) 86400))::double precision,
			frequency::double precision, monetary, scheme)
		FROM (SELECT (EXTRACT(year FROM recency) OPERATOR(pg_catalog.*) 12 OPERATOR(pg_catalog.+) EXTRACT(month FROM recency))::integer AS months) AS split;
	END;
COMMENT ON FUNCTION rfm_explain(interval, numeric, double precision, rfm_scheme) IS
	'the same with recency as an interval, of which whole days count; a month has 30';

CREATE FUNCTION rfm_explain(measures rfm_measures, scheme rfm_scheme) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT @extschema@.rfm_explain((measures).recency::numeric, (measures).frequency::numeric, (measures).monetary, scheme);
END;
COMMENT ON FUNCTION rfm_explain(rfm_measures, rfm_scheme) IS
	'a score taken apart: for each measure its value, score, the bound met, the next better score, its bound and the gap to it';

-- Window functions do their own NULL handling; STRICT would mean nothing.

CREATE FUNCTION rfm_among(recency numeric, frequency numeric, monetary numeric, bins integer DEFAULT 5) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_bins_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(numeric, numeric, numeric, integer) IS
	'window function: the score of a customer among its partition, by 2 to 9 bins; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency numeric, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_scheme_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(numeric, numeric, numeric, rfm_scheme) IS
	'window function: the score of a customer by a scheme fitted to its partition; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency double precision, frequency double precision, monetary double precision, bins integer DEFAULT 5) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_bins_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(double precision, double precision, double precision, integer) IS
	'window function: the score of a customer among its partition, by 2 to 9 bins; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency double precision, frequency double precision, monetary double precision, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_scheme_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(double precision, double precision, double precision, rfm_scheme) IS
	'window function: the score of a customer by a scheme fitted to its partition; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency interval, frequency numeric, monetary numeric, bins integer DEFAULT 5) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_bins_interval_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(interval, numeric, numeric, integer) IS
	'window function: the score of a customer among its partition, by 2 to 9 bins; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency interval, frequency numeric, monetary numeric, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_scheme_interval_numeric' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(interval, numeric, numeric, rfm_scheme) IS
	'window function: the score of a customer by a scheme fitted to its partition; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency interval, frequency numeric, monetary double precision, bins integer DEFAULT 5) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_bins_interval_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(interval, numeric, double precision, integer) IS
	'window function: the score of a customer among its partition, by 2 to 9 bins; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(recency interval, frequency numeric, monetary double precision, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_scheme_interval_float8' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(interval, numeric, double precision, rfm_scheme) IS
	'window function: the score of a customer by a scheme fitted to its partition; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(measures rfm_measures, bins integer DEFAULT 5) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_bins_record' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(rfm_measures, integer) IS
	'window function: the score of a customer among its partition, by 2 to 9 bins; NULL measures are not counted, and give no score';

CREATE FUNCTION rfm_among(measures rfm_measures, scheme rfm_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'rfm_among_scheme_record' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_among(rfm_measures, rfm_scheme) IS
	'window function: the score of a customer by a scheme fitted to its partition; NULL measures are not counted, and give no score';
