/* src/program/program.sql */

--
-- Types
--

CREATE TYPE tier_evaluation AS (
	as_of date,
	kind text,
	draft boolean,
	customers bigint,
	entered bigint,
	gone bigint,
	rose bigint,
	fell bigint
);
COMMENT ON TYPE tier_evaluation IS 'an evaluation of a program, as in its table evaluations';
COMMENT ON COLUMN tier_evaluation.kind IS 'complete, or due only';
COMMENT ON COLUMN tier_evaluation.draft IS 'does it wait for review?';
COMMENT ON COLUMN tier_evaluation.customers IS 'with a standing afterwards';
COMMENT ON COLUMN tier_evaluation.entered IS 'customers without a standing before';
COMMENT ON COLUMN tier_evaluation.gone IS 'customers who are no longer in the source';
COMMENT ON COLUMN tier_evaluation.rose IS 'customers with a better tier than before';
COMMENT ON COLUMN tier_evaluation.fell IS 'customers with a worse tier than before';

--
-- Functions
--

CREATE FUNCTION tier_program_create(program text, source regclass, key text[], measure text, scheme tier_scheme,
		rules tier_rules DEFAULT '', value text DEFAULT NULL, customer_since text DEFAULT NULL,
		group_by text DEFAULT NULL, fit_when text DEFAULT NULL)
	RETURNS void
	AS 'MODULE_PATHNAME', 'tier_program_create' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_create(text, regclass, text[], text, tier_scheme, tier_rules, text, text, text, text) IS
	'make a program: a schema of that name, with the tables and views that keep the standings of all customers of the source; key names its one or two key columns, measure and the other texts are SQL expressions over it';

CREATE FUNCTION tier_evaluate(program text, as_of date DEFAULT CURRENT_DATE, draft boolean DEFAULT false, due_only boolean DEFAULT false)
	RETURNS tier_evaluation
	AS 'MODULE_PATHNAME', 'tier_evaluate' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_evaluate(text, date, boolean, boolean) IS
	'take all customers of a program a step further, or only new ones and those whose standing has ended; as a draft, it waits for review; for members of the owner, whose rights hold';

CREATE FUNCTION tier_publish(program text) RETURNS tier_evaluation
	AS 'MODULE_PATHNAME', 'tier_publish' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_publish(text) IS
	'make the waiting draft of a program its evaluation, with what reviewers wrote into it';

CREATE FUNCTION tier_undo(program text) RETURNS date
	AS 'MODULE_PATHNAME', 'tier_undo' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_undo(text) IS
	'drop the waiting draft of a program, or else take its last evaluation back: its date';

CREATE FUNCTION tier_preview(program text, as_of date DEFAULT NULL, scheme tier_scheme DEFAULT NULL, rules tier_rules DEFAULT NULL,
		OUT key jsonb, OUT tier text, OUT rank integer, OUT until date, OUT measure numeric,
		OUT new_tier text, OUT new_rule text, OUT new_until date, OUT to_stay numeric, OUT to_rise numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_preview' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10000;
COMMENT ON FUNCTION tier_preview(text, date, tier_scheme, tier_rules) IS
	'what an evaluation of a program on a date to come would bring, perhaps by another scheme or other rules; without a date, today, or on the day after the last one if that is later; writes nothing; to_stay and to_rise: what the measure lacks to keep the tier, and to get a better one';

CREATE FUNCTION tier_verify(program text, OUT problem text, OUT key jsonb, OUT detail text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_verify' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION tier_verify(text) IS
	'a row for everything about a program that is not as evaluations leave it; none when all is well';

CREATE FUNCTION tier_program_explain(program text, VARIADIC key "any") RETURNS jsonb
	AS 'MODULE_PATHNAME', 'tier_program_explain' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_explain(text, "any") IS
	'why a customer has its tier: what shows today, the override if any, what is earned, and what the next evaluation would make of the measure of now, explained as by tier_standing_explain; NULL without a standing';

CREATE FUNCTION tier_programs(OUT program text, OUT owner text, OUT scheme tier_scheme, OUT rules tier_rules,
		OUT as_of date, OUT complete_as_of date, OUT next_due date)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_programs' LANGUAGE C STABLE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION tier_programs() IS
	'the programs of this database, with their last evaluations and the next date on which a standing ends; NULL where the table program may not be read, or is more than a plain table';

CREATE FUNCTION tier_program_upgrade(program text) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_program_upgrade' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_upgrade(text) IS
	'bring the views and comments of a program to what this version of the extension makes: the version of its layout';

--
-- Private functions
--

CREATE FUNCTION tier_program_check() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_program_check' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_check() IS 'trigger of a program''s table program: refuses what cannot work';

CREATE FUNCTION tier_program_rank_overrides() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_program_rank_overrides' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_rank_overrides() IS 'trigger of a program''s table program: keeps the ranks of overrides';

CREATE FUNCTION tier_program_check_override() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_program_check_override' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_check_override() IS 'trigger of a program''s table overrides: checks the label, and sets the rank';

CREATE FUNCTION tier_program_log_override() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_program_log_override' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_log_override() IS 'trigger of a program''s table overrides: keeps what was';

CREATE FUNCTION tier_program_check_review() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_program_check_review' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION tier_program_check_review() IS 'trigger of a program''s table draft: checks the label, and names the reviewer';
