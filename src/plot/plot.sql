/* src/plot/plot.sql */

--
-- Functions
--

CREATE FUNCTION digest_pareto_plot(digest value_digest, width integer DEFAULT 60, height integer DEFAULT 10,
		ascii boolean DEFAULT false) RETURNS SETOF text
	AS 'MODULE_PATHNAME', 'digest_pareto_plot' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 12;
COMMENT ON FUNCTION digest_pareto_plot(value_digest, integer, integer, boolean) IS
	'the Pareto curve as lines of text: the share of value, upwards, that the best customers bring, from left to right; width 20 to 500 characters, height 2 to 100 lines; where nothing has value the curve is empty; no lines without data';

CREATE FUNCTION tier_summary_plot(digest value_digest, scheme tier_scheme, width integer DEFAULT 40,
		ascii boolean DEFAULT false) RETURNS SETOF text
	AS 'MODULE_PATHNAME', 'tier_summary_plot' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION tier_summary_plot(value_digest, tier_scheme, integer, boolean) IS
	'what each tier brings, as two bars of text: its share of the customers, and its share of the value of those who brought any; width of a bar of 100%, 10 to 500 characters; the scheme is fitted to the digest; no lines without data';

CREATE FUNCTION rfm_score_plot(scores value_digest, map rfm_segments DEFAULT NULL, width integer DEFAULT 20,
		ascii boolean DEFAULT false) RETURNS SETOF text
	AS 'MODULE_PATHNAME', 'rfm_score_plot' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 11;
COMMENT ON FUNCTION rfm_score_plot(value_digest, rfm_segments, integer, boolean) IS
	'a heat map of text: how many customers have which scores of recency (down) and frequency (across), from the digest of their scores of three digits; with a segment map, the names of the cells too: of a map of three dimensions, that of most customers; width of a cell, 8 to 100 characters; NULL, or no data: no lines';

CREATE FUNCTION tier_migration_plot(program text, from_date date, to_date date, width integer DEFAULT 12,
		ascii boolean DEFAULT false) RETURNS SETOF text
	AS 'MODULE_PATHNAME', 'tier_migration_plot' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION tier_migration_plot(text, date, date, integer, boolean) IS
	'how many customers of a program went from which tier (down) to which (across) between two days, overrides included, as a table of text, shaded by the share of the row; width of a column, 8 to 100 characters';
