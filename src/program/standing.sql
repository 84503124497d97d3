/* src/program/standing.sql */

--
-- The type
--

CREATE TYPE tier_standing AS (
	tier text,
	since date,
	rule text,
	until date,
	met text,
	clocks jsonb,
	evaluated_on date
);
COMMENT ON TYPE tier_standing IS
	'where a customer stands: tier (NULL: not graded), since when, by which rule (measured, kept, held, grace, landing, new), until when if nothing is met again, and what the next step needs';
COMMENT ON COLUMN tier_standing.tier IS 'the tier; NULL: not graded';
COMMENT ON COLUMN tier_standing.since IS 'the evaluation at which the customer got the tier';
COMMENT ON COLUMN tier_standing.rule IS 'why: measured, kept, held, grace, landing or new';
COMMENT ON COLUMN tier_standing.until IS 'the first day on which tier or rule can change if nothing is met again; NULL: open';
COMMENT ON COLUMN tier_standing.met IS 'the best tier that was met at this evaluation; NULL: none';
COMMENT ON COLUMN tier_standing.clocks IS 'for better tiers that were met once: the day on which their hold ends; NULL: none';
COMMENT ON COLUMN tier_standing.evaluated_on IS 'the date of this evaluation';

--
-- Functions
--

CREATE FUNCTION tier_step(previous tier_standing, value numeric, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_step_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION tier_step(tier_standing, numeric, date, tier_scheme, tier_rules, date) IS
	'the next standing of a customer: what the previous one (NULL: none yet) becomes when a value is evaluated on a date after it; NULL is "not graded"; without a date the standing stays; a label that the scheme lacks, a scheme that is not fitted or over durations, and a NULL scheme or NULL rules are errors';

CREATE FUNCTION tier_step(previous tier_standing, value double precision, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_step_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION tier_step(tier_standing, double precision, date, tier_scheme, tier_rules, date) IS
	'the next standing of a customer: what the previous one (NULL: none yet) becomes when a value is evaluated on a date after it; NULL is "not graded"; without a date the standing stays; a label that the scheme lacks, a scheme that is not fitted or over durations, and a NULL scheme or NULL rules are errors';

CREATE FUNCTION tier_step(previous tier_standing, value bigint, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_step_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION tier_step(tier_standing, bigint, date, tier_scheme, tier_rules, date) IS
	'the next standing of a customer: what the previous one (NULL: none yet) becomes when a value is evaluated on a date after it; NULL is "not graded"; without a date the standing stays; a label that the scheme lacks, a scheme that is not fitted or over durations, and a NULL scheme or NULL rules are errors';

CREATE FUNCTION tier_step(previous tier_standing, value real, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_step_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION tier_step(tier_standing, real, date, tier_scheme, tier_rules, date) IS
	'the next standing of a customer: what the previous one (NULL: none yet) becomes when a value is evaluated on a date after it; NULL is "not graded"; without a date the standing stays; a label that the scheme lacks, a scheme that is not fitted or over durations, and a NULL scheme or NULL rules are errors';

CREATE FUNCTION tier_step_label(previous tier_standing, label text, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_step_label' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50;
COMMENT ON FUNCTION tier_step_label(tier_standing, text, date, tier_scheme, tier_rules, date) IS
	'the next standing of a customer: what the previous one (NULL: none yet) becomes when a tier that other means gave is evaluated on a date after it; NULL is "not graded"; without a date the standing stays; a label that the scheme lacks, the rule keep, and a NULL scheme or NULL rules are errors';

CREATE FUNCTION tier_standing_explain(previous tier_standing, value numeric, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_standing_explain_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION tier_standing_explain(tier_standing, numeric, date, tier_scheme, tier_rules, date) IS
	'why the standing that tier_step gives is what it is: tier, rank, since, rule, until, the tier measured, what keeps the tier and what raises it (bound and gap), what is ahead if the measure stays as it is, and a sentence; NULL without a date';

CREATE FUNCTION tier_standing_explain(previous tier_standing, value double precision, as_of date, scheme tier_scheme, rules tier_rules, customer_since date DEFAULT NULL)
	RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_standing_explain_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION tier_standing_explain(tier_standing, double precision, date, tier_scheme, tier_rules, date) IS
	'why the standing that tier_step gives is what it is: tier, rank, since, rule, until, the tier measured, what keeps the tier and what raises it (bound and gap), what is ahead if the measure stays as it is, and a sentence; NULL without a date';

--
-- Private functions
--

CREATE FUNCTION tier_standing_final(internal) RETURNS tier_standing
	AS 'MODULE_PATHNAME', 'tier_standing_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_final(internal) IS 'aggregate final function';

CREATE FUNCTION tier_standing_add(internal, numeric, date, tier_scheme, tier_rules) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, numeric, date, tier_scheme, tier_rules) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, numeric, date, tier_scheme, tier_rules, date) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, numeric, date, tier_scheme, tier_rules, date) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, double precision, date, tier_scheme, tier_rules) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, double precision, date, tier_scheme, tier_rules) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, double precision, date, tier_scheme, tier_rules, date) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, double precision, date, tier_scheme, tier_rules, date) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, bigint, date, tier_scheme, tier_rules) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, bigint, date, tier_scheme, tier_rules) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, bigint, date, tier_scheme, tier_rules, date) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, bigint, date, tier_scheme, tier_rules, date) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, real, date, tier_scheme, tier_rules) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, real, date, tier_scheme, tier_rules) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add(internal, real, date, tier_scheme, tier_rules, date) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add(internal, real, date, tier_scheme, tier_rules, date) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add_label(internal, text, date, tier_scheme, tier_rules) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_label' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add_label(internal, text, date, tier_scheme, tier_rules) IS 'aggregate transition function';

CREATE FUNCTION tier_standing_add_label(internal, text, date, tier_scheme, tier_rules, date) RETURNS internal
	AS 'MODULE_PATHNAME', 'tier_standing_add_label' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_standing_add_label(internal, text, date, tier_scheme, tier_rules, date) IS 'aggregate transition function';

--
-- Aggregates
--

-- A fold goes from one date to the next: there is nothing to combine, and no
-- way back for a moving frame, which the server folds anew for each row.

CREATE AGGREGATE tier_standing(value numeric, as_of date, scheme tier_scheme, rules tier_rules) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(numeric, date, tier_scheme, tier_rules) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value numeric, as_of date, scheme tier_scheme, rules tier_rules, customer_since date) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(numeric, date, tier_scheme, tier_rules, date) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value double precision, as_of date, scheme tier_scheme, rules tier_rules) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(double precision, date, tier_scheme, tier_rules) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value double precision, as_of date, scheme tier_scheme, rules tier_rules, customer_since date) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(double precision, date, tier_scheme, tier_rules, date) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value bigint, as_of date, scheme tier_scheme, rules tier_rules) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(bigint, date, tier_scheme, tier_rules) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value bigint, as_of date, scheme tier_scheme, rules tier_rules, customer_since date) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(bigint, date, tier_scheme, tier_rules, date) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value real, as_of date, scheme tier_scheme, rules tier_rules) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(real, date, tier_scheme, tier_rules) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing(value real, as_of date, scheme tier_scheme, rules tier_rules, customer_since date) (
	SFUNC = tier_standing_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing(real, date, tier_scheme, tier_rules, date) IS
	'the standing after a series of evaluations, one tier_step after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing_label(label text, as_of date, scheme tier_scheme, rules tier_rules) (
	SFUNC = tier_standing_add_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing_label(text, date, tier_scheme, tier_rules) IS
	'the standing after a series of evaluations, one tier_step_label after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';

CREATE AGGREGATE tier_standing_label(label text, as_of date, scheme tier_scheme, rules tier_rules, customer_since date) (
	SFUNC = tier_standing_add_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = tier_standing_final, FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE tier_standing_label(text, date, tier_scheme, tier_rules, date) IS
	'the standing after a series of evaluations, one tier_step_label after the other; call it with ORDER BY as_of, or OVER (PARTITION BY customer ORDER BY as_of) for every step; rows without a date are left out; no rows: NULL';
