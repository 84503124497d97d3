/* src/grade/grade.sql */

-- Grading takes some five plain operators' time. COST says more than that, for
-- the planner expects as many tiers as there are values: without it a count
-- by tier of a million rows would not be worth a worker. It also puts cheaper
-- conditions first.

--
-- Functions
--

CREATE FUNCTION tier_of(value numeric, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_of(numeric, tier_scheme) IS
	'the tier of a value by a fitted scheme, compared exactly; NULL below the last bound and for NaN; a scheme that is not fitted, or over durations, is an error';

CREATE FUNCTION tier_of(value double precision, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_of(double precision, tier_scheme) IS
	'the tier of a value by a fitted scheme, compared with the nearest double of each bound; NULL below the last bound and for NaN; a scheme that is not fitted, or over durations, is an error';

CREATE FUNCTION tier_of(value real, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_of(real, tier_scheme) IS
	'the tier of a value by a fitted scheme, taken as the decimal that it is printed as; NULL below the last bound and for NaN; a scheme that is not fitted, or over durations, is an error';

CREATE FUNCTION tier_of(value money, scheme tier_scheme) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.tier_of(value::pg_catalog.numeric, scheme);
COMMENT ON FUNCTION tier_of(money, tier_scheme) IS
	'the tier of a value by a fitted scheme, compared exactly; NULL below the last bound and for NaN; a scheme that is not fitted, or over durations, is an error';

CREATE FUNCTION tier_of(value bigint, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_of(bigint, tier_scheme) IS
	'the tier of a value by a fitted scheme, compared exactly; NULL below the last bound; a scheme that is not fitted, or over durations, is an error';

CREATE FUNCTION tier_of(until date, since date, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_of(date, date, tier_scheme) IS
	'the tier of the time elapsed from since to until by a scheme over durations, by the calendar: until <= since + 1 month';

CREATE FUNCTION tier_of(until timestamp, since timestamp, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_of(timestamp, timestamp, tier_scheme) IS
	'the tier of the time elapsed from since to until by a scheme over durations, by the calendar: until <= since + 1 month';

CREATE FUNCTION tier_of(until timestamp with time zone, since timestamp with time zone, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_timestamptz' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_of(timestamp with time zone, timestamp with time zone, tier_scheme) IS
	'the tier of the time elapsed from since to until by a scheme over durations, by the calendar, in the session''s TimeZone: until <= since + 1 month';

CREATE FUNCTION tier_of(elapsed interval, scheme tier_scheme) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_of_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_of(interval, tier_scheme) IS
	'the tier of an interval by a scheme over durations, compared as intervals are: a month is 30 days';

CREATE FUNCTION tier_rank(value numeric, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_rank(numeric, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best: what to sort by and to index';

CREATE FUNCTION tier_rank(value double precision, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_rank(double precision, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best: what to sort by and to index';

CREATE FUNCTION tier_rank(value real, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_rank(real, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best: what to sort by and to index; a real is the decimal that it is printed as';

CREATE FUNCTION tier_rank(value money, scheme tier_scheme) RETURNS integer
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.tier_rank(value::pg_catalog.numeric, scheme);
COMMENT ON FUNCTION tier_rank(money, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best: what to sort by and to index';

CREATE FUNCTION tier_rank(value bigint, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_rank(bigint, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best: what to sort by and to index';

CREATE FUNCTION tier_rank(until date, since date, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rank(date, date, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best';

CREATE FUNCTION tier_rank(until timestamp, since timestamp, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rank(timestamp, timestamp, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best';

CREATE FUNCTION tier_rank(until timestamp with time zone, since timestamp with time zone, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_timestamptz' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rank(timestamp with time zone, timestamp with time zone, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best, in the session''s TimeZone';

CREATE FUNCTION tier_rank(elapsed interval, scheme tier_scheme) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_rank_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_rank(interval, tier_scheme) IS
	'the rank of the tier that tier_of gives, 1 for the best';

CREATE FUNCTION tier_gap(value numeric, scheme tier_scheme) RETURNS numeric
	AS 'MODULE_PATHNAME', 'tier_gap_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_gap(numeric, tier_scheme) IS
	'how far the value is from the bound of the next better tier, in its own unit, never negative; NULL in the best tier, for NaN, and when no value can get a better tier';

CREATE FUNCTION tier_gap(value double precision, scheme tier_scheme) RETURNS double precision
	AS 'MODULE_PATHNAME', 'tier_gap_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_gap(double precision, tier_scheme) IS
	'how far the value is from the bound of the next better tier, in its own unit, never negative; NULL in the best tier, for NaN, and when no value can get a better tier';

CREATE FUNCTION tier_gap(value bigint, scheme tier_scheme) RETURNS numeric
	AS 'MODULE_PATHNAME', 'tier_gap_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_gap(bigint, tier_scheme) IS
	'how far the value is from the bound of the next better tier, in its own unit, never negative; NULL in the best tier, for NaN, and when no value can get a better tier';

CREATE FUNCTION tier_gap(value real, scheme tier_scheme) RETURNS double precision
	AS 'MODULE_PATHNAME', 'tier_gap_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_gap(real, tier_scheme) IS
	'how far the value is from the bound of the next better tier, in its own unit, never negative; NULL in the best tier, for NaN, and when no value can get a better tier; a real is the decimal that it is printed as';

CREATE FUNCTION tier_gap(value money, scheme tier_scheme) RETURNS numeric
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.tier_gap(value::pg_catalog.numeric, scheme);
COMMENT ON FUNCTION tier_gap(money, tier_scheme) IS
	'how far the value is from the bound of the next better tier, in its own unit, never negative; NULL in the best tier, for NaN, and when no value can get a better tier';

CREATE FUNCTION tier_margin(value numeric, scheme tier_scheme) RETURNS numeric
	AS 'MODULE_PATHNAME', 'tier_margin_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_margin(numeric, tier_scheme) IS
	'how far the value is inside the bound of its tier, in its own unit, never negative: what it can lose before it falls; NULL in a tier without a bound, and when it is not graded';

CREATE FUNCTION tier_margin(value double precision, scheme tier_scheme) RETURNS double precision
	AS 'MODULE_PATHNAME', 'tier_margin_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_margin(double precision, tier_scheme) IS
	'how far the value is inside the bound of its tier, in its own unit, never negative: what it can lose before it falls; NULL in a tier without a bound, and when it is not graded';

CREATE FUNCTION tier_margin(value bigint, scheme tier_scheme) RETURNS numeric
	AS 'MODULE_PATHNAME', 'tier_margin_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_margin(bigint, tier_scheme) IS
	'how far the value is inside the bound of its tier, in its own unit, never negative: what it can lose before it falls; NULL in a tier without a bound, and when it is not graded';

CREATE FUNCTION tier_margin(value real, scheme tier_scheme) RETURNS double precision
	AS 'MODULE_PATHNAME', 'tier_margin_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tier_margin(real, tier_scheme) IS
	'how far the value is inside the bound of its tier, in its own unit, never negative: what it can lose before it falls; NULL in a tier without a bound, and when it is not graded; a real is the decimal that it is printed as';

CREATE FUNCTION tier_margin(value money, scheme tier_scheme) RETURNS numeric
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.tier_margin(value::pg_catalog.numeric, scheme);
COMMENT ON FUNCTION tier_margin(money, tier_scheme) IS
	'how far the value is inside the bound of its tier, in its own unit, never negative: what it can lose before it falls; NULL in a tier without a bound, and when it is not graded';

CREATE FUNCTION tier_explain(value numeric, scheme tier_scheme) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_explain_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 300;
COMMENT ON FUNCTION tier_explain(numeric, tier_scheme) IS
	'why a value has its tier: tier, rank, bound (met), margin (distance from it), next_tier, next_bound, gap (distance to it), and reason when it is not graded';

CREATE FUNCTION tier_explain(value double precision, scheme tier_scheme) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_explain_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 300;
COMMENT ON FUNCTION tier_explain(double precision, tier_scheme) IS
	'why a value has its tier: tier, rank, bound (met), margin (distance from it), next_tier, next_bound, gap (distance to it), and reason when it is not graded';

CREATE FUNCTION tier_explain(value bigint, scheme tier_scheme) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_explain_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 300;
COMMENT ON FUNCTION tier_explain(bigint, tier_scheme) IS
	'why a value has its tier: tier, rank, bound (met), margin (distance from it), next_tier, next_bound, gap (distance to it), and reason when it is not graded';

CREATE FUNCTION tier_explain(value real, scheme tier_scheme) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_explain_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 300;
COMMENT ON FUNCTION tier_explain(real, tier_scheme) IS
	'why a value has its tier: tier, rank, bound (met), margin (distance from it), next_tier, next_bound, gap (distance to it), and reason when it is not graded; a real is the decimal that it is printed as';

CREATE FUNCTION tier_explain(value money, scheme tier_scheme) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN @extschema@.tier_explain(value::pg_catalog.numeric, scheme);
COMMENT ON FUNCTION tier_explain(money, tier_scheme) IS
	'why a value has its tier: tier, rank, bound (met), margin (distance from it), next_tier, next_bound, gap (distance to it), and reason when it is not graded';
