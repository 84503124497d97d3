/*-------------------------------------------------------------------------
 *
 * program_sql.c
 *		The SQL of programs, as templates, and what fills them in.
 *
 * {schema} is the program's schema, {extension} that of the extension,
 * {keys} the key columns, {s.keys} the same of s, {s.object} the key of s as a
 * jsonb object by column name, {s.incomplete} whether it is partly null, {a=b}
 * the join of a and b on the key, by the primary key's own operators; other
 * words are given by the caller. All names are quoted by then.
 *
 * Templates run with a search_path of pg_catalog alone, but for the view
 * source, whose expressions are read as the caller of tier_program_create
 * reads them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/execnodes.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "program/program_sql.h"

/*
 * Making a program
 */

const char sql_create_schema[] =
"CREATE SCHEMA {schema}";

const char sql_create_source[] =
"CREATE VIEW {schema}.source AS\n"
"SELECT {keys},\n"
"	({measure}\n) AS measure,\n"
"	{value} AS value,\n"
"	({group_by}\n)::pg_catalog.text AS grp,\n"
"	({fit_when}\n)::pg_catalog.bool AS fit_when,\n"
"	({customer_since}\n)::pg_catalog.date AS customer_since\n"
"FROM {source}";

/* CREATE TABLE AS keeps type, typmod, domain and collation of the columns. */
const char sql_create_tables[] =
"CREATE TABLE {schema}.program (\n"
"	layout int PRIMARY KEY CHECK (layout > 0),\n"
"	scheme {extension}.tier_scheme NOT NULL,\n"
"	rules {extension}.tier_rules NOT NULL,\n"
"	max_fall numeric NOT NULL DEFAULT 0.25 CHECK (max_fall BETWEEN 0 AND 1),\n"
"	refresh boolean NOT NULL DEFAULT true,\n"
"	as_of date,\n"
"	complete_as_of date,\n"
"	met_until date,\n"
"	next_due date);\n"
"CREATE UNIQUE INDEX program_one_row ON {schema}.program ((true));\n"

"CREATE TABLE {schema}.standing WITH (fillfactor = 90) AS\n"
"SELECT {keys}, NULL::text AS tier, NULL::int AS rank, NULL::date AS since,\n"
"	NULL::text AS rule, NULL::date AS until, NULL::text AS met,\n"
"	NULL::jsonb AS clocks, grp, measure, value, NULL::date AS valid_from\n"
"FROM {schema}.source WITH NO DATA;\n"
"ALTER TABLE {schema}.standing\n"
"	ADD PRIMARY KEY ({keys}), ALTER valid_from SET NOT NULL;\n"

"CREATE TABLE {schema}.past AS\n"
"SELECT *, NULL::date AS valid_to, NULL::date AS evaluated_on\n"
"FROM {schema}.standing WITH NO DATA;\n"
"ALTER TABLE {schema}.past\n"
"	ADD PRIMARY KEY ({keys}, valid_from),\n"
"	ALTER valid_to SET NOT NULL, ALTER evaluated_on SET NOT NULL;\n"

"CREATE TABLE {schema}.overrides AS\n"
"SELECT {keys}, NULL::text AS tier, NULL::text AS mode, NULL::text AS reason,\n"
"	NULL::date AS valid_from, NULL::date AS valid_until, NULL::text AS set_by,\n"
"	NULL::timestamptz AS set_at, NULL::text AS approved_by, NULL::int AS rank\n"
"FROM {schema}.standing WITH NO DATA;\n"
"ALTER TABLE {schema}.overrides\n"
"	ADD PRIMARY KEY ({keys}, valid_from),\n"
"	ALTER tier SET NOT NULL,\n"
"	ALTER mode SET NOT NULL, ALTER mode SET DEFAULT 'exact',\n"
"	ADD CHECK (mode IN ('exact', 'at least')),\n"
"	ALTER reason SET NOT NULL, ADD CHECK (reason ~ '\\S'),\n"
"	ALTER valid_from SET DEFAULT current_date,\n"
"	ADD CHECK (valid_until > valid_from),\n"
"	ADD CHECK (isfinite(valid_from) AND isfinite(valid_until)),\n"
"	ALTER set_by SET NOT NULL, ALTER set_by SET DEFAULT current_user,\n"
"	ALTER set_at SET NOT NULL, ALTER set_at SET DEFAULT now();\n"

"CREATE TABLE {schema}.overrides_log AS\n"
"SELECT {keys}, tier, mode, reason, valid_from, valid_until, set_by, set_at, approved_by,\n"
"	NULL::text AS change, NULL::text AS changed_by, NULL::timestamptz AS changed_at\n"
"FROM {schema}.overrides WITH NO DATA;\n"
"ALTER TABLE {schema}.overrides_log\n"
"	ADD PRIMARY KEY ({keys}, valid_from, changed_at),\n"
"	ALTER change SET NOT NULL, ALTER changed_by SET NOT NULL;\n"

"CREATE TABLE {schema}.evaluations (\n"
"	as_of date PRIMARY KEY,\n"
"	kind text NOT NULL CHECK (kind IN ('complete', 'due only')),\n"
"	draft boolean NOT NULL,\n"
"	scheme {extension}.tier_scheme NOT NULL,\n"
"	rules {extension}.tier_rules NOT NULL,\n"
"	met_until date,\n"
"	next_due date,\n"
"	customers bigint NOT NULL,\n"
"	entered bigint NOT NULL,\n"
"	gone bigint NOT NULL,\n"
"	rose bigint NOT NULL,\n"
"	fell bigint NOT NULL,\n"
"	evaluated_by text NOT NULL,\n"
"	evaluated_at timestamptz NOT NULL DEFAULT now());\n"

"CREATE TABLE {schema}.schemes (\n"
"	as_of date,\n"
"	grp text,\n"
"	rank int,\n"
"	tier text,\n"
"	scheme {extension}.tier_scheme NOT NULL,\n"
"	rules {extension}.tier_rules NOT NULL,\n"
"	customers bigint NOT NULL,\n"
"	value numeric,\n"
"	digest {extension}.value_digest,\n"
"	PRIMARY KEY (as_of, grp, rank));\n"

"CREATE TABLE {schema}.draft AS\n"
"SELECT {keys}, NULL::text AS old_tier, NULL::text AS measured, tier, rule, until,\n"
"	NULL::text AS reviewed_tier, NULL::text AS remark, NULL::text AS reviewer,\n"
"	measure, value, grp, NULL::date AS customer_since\n"
"FROM {schema}.standing WITH NO DATA;\n"
"ALTER TABLE {schema}.draft ADD PRIMARY KEY ({keys});\n"

"CREATE TRIGGER check_program BEFORE INSERT OR UPDATE OF scheme, rules ON {schema}.program\n"
"	FOR EACH ROW EXECUTE FUNCTION {extension}.tier_program_check();\n"
"CREATE TRIGGER rank_overrides AFTER INSERT OR UPDATE OF scheme ON {schema}.program\n"
"	FOR EACH ROW EXECUTE FUNCTION {extension}.tier_program_rank_overrides();\n"
"CREATE TRIGGER check_override BEFORE INSERT OR UPDATE ON {schema}.overrides\n"
"	FOR EACH ROW EXECUTE FUNCTION {extension}.tier_program_check_override();\n"
"CREATE TRIGGER log_override AFTER DELETE OR UPDATE OF\n"
"	{keys}, tier, mode, reason, valid_from, valid_until, set_by, set_at, approved_by ON {schema}.overrides\n"
"	FOR EACH ROW EXECUTE FUNCTION {extension}.tier_program_log_override();\n"
"CREATE TRIGGER check_review BEFORE UPDATE ON {schema}.draft\n"
"	FOR EACH ROW EXECUTE FUNCTION {extension}.tier_program_check_review();\n";

/*
 * No function of the extension stands in the views: ALTER EXTENSION UPDATE
 * could not change it. Of a customer of whom nothing changed nothing is
 * written: the program's row says how long what was met last is good. It is
 * read by subselects, which cost nothing where until is not asked for.
 */
const char sql_create_views[] =
"CREATE OR REPLACE VIEW {schema}.history AS\n"
"SELECT {p.keys}, p.tier, p.rank, p.since, p.rule, p.until, p.met, p.clocks, p.grp,\n"
"	p.measure, p.value, p.valid_from, p.valid_to, p.evaluated_on\n"
"FROM {schema}.past p\n"
"UNION ALL\n"
"SELECT {s.keys}, s.tier, s.rank, s.since, s.rule,\n"
"	CASE WHEN s.rule IN ('measured', 'kept') AND s.until IS NOT NULL\n"
"			AND s.valid_from < (SELECT p.complete_as_of FROM {schema}.program p)\n"
"		THEN (SELECT p.met_until FROM {schema}.program p)\n"
"		ELSE s.until END,\n"
"	s.met, s.clocks, s.grp, s.measure, s.value, s.valid_from, NULL::date,\n"
"	greatest(s.valid_from, (SELECT p.complete_as_of FROM {schema}.program p))\n"
"FROM {schema}.standing s;\n"

"CREATE OR REPLACE VIEW {schema}.grades AS\n"
"SELECT {s.keys},\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND s.rank <= o.rank THEN s.tier ELSE o.tier END AS tier,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND s.rank <= o.rank THEN s.rank ELSE o.rank END AS rank,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND s.rank <= o.rank THEN s.since ELSE o.valid_from END AS since,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND s.rank <= o.rank THEN s.rule ELSE 'override' END AS rule,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND s.rank <= o.rank THEN\n"
"		CASE WHEN s.rule IN ('measured', 'kept') AND s.until IS NOT NULL\n"
"				AND s.valid_from < (SELECT p.complete_as_of FROM {schema}.program p)\n"
"			THEN (SELECT p.met_until FROM {schema}.program p)\n"
"			ELSE s.until END\n"
"		ELSE o.valid_until END AS until\n"
"FROM {schema}.standing s\n"
"LEFT JOIN (\n"
"	SELECT DISTINCT ON ({v.keys}) {v.keys}, v.tier, v.rank, v.mode, v.valid_from, v.valid_until\n"
"	FROM {schema}.overrides v\n"
"	WHERE v.valid_from <= current_date AND (v.valid_until IS NULL OR v.valid_until > current_date)\n"
"	ORDER BY {v.keys}, v.valid_from DESC) o ON {s=o};\n";

const char sql_create_comments[] =
"COMMENT ON VIEW {schema}.source IS 'what the program measures, a row per customer: to change it, replace this view';\n"
"COMMENT ON COLUMN {schema}.source.measure IS 'what is graded: a number, a tier, or a date';\n"
"COMMENT ON COLUMN {schema}.source.value IS 'the number that reports add up';\n"
"COMMENT ON COLUMN {schema}.source.grp IS 'customers of one group are graded among themselves by a relative scheme';\n"
"COMMENT ON COLUMN {schema}.source.fit_when IS 'is the customer one of those whom a relative scheme is fitted to?';\n"
"COMMENT ON COLUMN {schema}.source.customer_since IS 'for the rule new';\n"
"COMMENT ON TABLE {schema}.program IS 'the program in one row; an UPDATE changes it from the next evaluation on';\n"
"COMMENT ON COLUMN {schema}.program.layout IS 'the version of these tables';\n"
"COMMENT ON COLUMN {schema}.program.max_fall IS 'an evaluation by which a greater share of the customers would fall or leave waits as a draft';\n"
"COMMENT ON COLUMN {schema}.program.refresh IS 'are materialized views under the view source refreshed before an evaluation?';\n"
"COMMENT ON COLUMN {schema}.program.as_of IS 'of the last evaluation';\n"
"COMMENT ON COLUMN {schema}.program.complete_as_of IS 'of the last complete evaluation';\n"
"COMMENT ON COLUMN {schema}.program.met_until IS 'how long what was met at the last complete evaluation is good';\n"
"COMMENT ON COLUMN {schema}.program.next_due IS 'the first day on which some standing ends';\n"
"COMMENT ON TABLE {schema}.standing IS 'the earned standing of each customer; changed by evaluations only';\n"
"COMMENT ON COLUMN {schema}.standing.rank IS '1 is best; null: not graded';\n"
"COMMENT ON COLUMN {schema}.standing.met IS 'the best tier met when the row was written';\n"
"COMMENT ON COLUMN {schema}.standing.clocks IS 'how long better tiers are held on';\n"
"COMMENT ON COLUMN {schema}.standing.measure IS 'when the row was written';\n"
"COMMENT ON COLUMN {schema}.standing.value IS 'when the row was written';\n"
"COMMENT ON COLUMN {schema}.standing.valid_from IS 'the evaluation that wrote the row';\n"
"COMMENT ON TABLE {schema}.past IS 'closed periods of standings; changed by evaluations only';\n"
"COMMENT ON COLUMN {schema}.past.valid_to IS 'the evaluation that closed the row';\n"
"COMMENT ON COLUMN {schema}.past.evaluated_on IS 'the last evaluation before it was closed';\n"
"COMMENT ON VIEW {schema}.history IS 'standings of all time, with the period of each';\n"
"COMMENT ON TABLE {schema}.overrides IS 'tiers given for a reason, for a time, over the earned ones';\n"
"COMMENT ON COLUMN {schema}.overrides.mode IS 'exact, or at least';\n"
"COMMENT ON COLUMN {schema}.overrides.valid_until IS 'the first day on which it is not valid any more; null: for good';\n"
"COMMENT ON COLUMN {schema}.overrides.rank IS 'of the tier, kept by triggers';\n"
"COMMENT ON TABLE {schema}.overrides_log IS 'overrides as they were before they were changed or deleted';\n"
"COMMENT ON VIEW {schema}.grades IS 'the tier of each customer today: the earned standing, with overrides laid over it';\n"
"COMMENT ON TABLE {schema}.evaluations IS 'a row per evaluation';\n"
"COMMENT ON TABLE {schema}.schemes IS 'per complete evaluation, group and tier: the fitted scheme, and whom it gave';\n"
"COMMENT ON COLUMN {schema}.schemes.rank IS 'of the tier; the last one is of those not graded';\n"
"COMMENT ON COLUMN {schema}.schemes.digest IS 'of the values, compact';\n"
"COMMENT ON TABLE {schema}.draft IS 'an evaluation that waits for review, a row per customer';\n"
"COMMENT ON COLUMN {schema}.draft.reviewed_tier IS 'the reviewer''s word; null: as proposed';\n";

const char sql_create_row[] =
"INSERT INTO {schema}.program (layout, scheme, rules) VALUES ($1, $2, $3)";

const char sql_schema_members[] =
"SELECT FROM pg_class WHERE relnamespace = $1\n"
"UNION ALL SELECT FROM pg_proc WHERE pronamespace = $1\n"
"UNION ALL SELECT FROM pg_type WHERE typnamespace = $1";

/*
 * Triggers
 */

/* A label that standings have and the scheme, whose labels are $1, has not. */
const char sql_label_in_use[] =
"SELECT label\n"
"FROM {schema}.standing s CROSS JOIN LATERAL (\n"
"	SELECT s.tier AS label UNION ALL SELECT s.met\n"
"	UNION ALL SELECT jsonb_object_keys(s.clocks)) l\n"
"WHERE label <> ALL ($1)\n"
"LIMIT 1";

const char sql_rank_overrides[] =
"UPDATE {schema}.overrides SET rank = array_position($1, tier)\n"
"WHERE rank IS DISTINCT FROM array_position($1, tier)";

const char sql_scheme_of_program[] =
"SELECT scheme::text FROM {schema}.program";

const char sql_scheme_of_draft[] =
"SELECT scheme::text FROM {schema}.evaluations WHERE draft";

const char sql_log_override[] =
"INSERT INTO {schema}.overrides_log\n"
"SELECT {o.keys}, o.tier, o.mode, o.reason, o.valid_from, o.valid_until, o.set_by, o.set_at, o.approved_by,\n"
"	$2, $3, clock_timestamp()\n"
"FROM (SELECT ($1).*) o";

/*
 * Reading a program
 */

const char sql_program_read[] =
"SELECT p.layout, p.scheme::text, p.rules::text, p.refresh, p.max_fall::float8,\n"
"	p.as_of, p.complete_as_of, p.met_until, e.as_of, e.draft, e.kind = 'due only',\n"
"	EXISTS (SELECT FROM {schema}.past)\n"
"FROM {schema}.program p\n"
"LEFT JOIN LATERAL (\n"
"	SELECT e.as_of, e.draft, e.kind FROM {schema}.evaluations e ORDER BY e.as_of DESC LIMIT 1) e ON true";

const char sql_program_lock[] =
"SELECT FROM {schema}.program FOR UPDATE";

/*
 * The pass over source and standings: $1 is the date, $2 the scheme, $3 the
 * rules, $4 the evaluation whose fitted schemes are wanted. {graded} is what
 * of the measure the fold takes, if not the measure itself, {from} one of the
 * two sources below, {standing} one of the two kinds of standings, {schemes}
 * one of the kinds of schemes or nothing, {returned} the standing that was
 * closed, or nothing. src has no column that is not needed: the narrower side
 * is hashed.
 */

const char sql_pass[] =
"WITH src AS {materialized} (\n"
"	SELECT {keys}, measure{graded}, value, coalesce(grp, '') AS grp,\n"
"		customer_since, {from})\n"
"	{schemes}\n"
"SELECT {src.keys}, {s.keys}, src.measure, src.value, {graded_column}, src.grp,\n"
"	src.customer_since, src.present, {reviewed_column}, {scheme_columns},\n"
"	s.ctid, s.rank, {returned}, s.tier, s.since, s.rule, s.until, s.met, s.clocks, s.valid_from\n"
"FROM src FULL JOIN {standing} s ON {src=s}\n"
"	{scheme_join}";

const char sql_standing[] =
"{schema}.standing";

/* The standings that another pass has kept. */
const char sql_standing_kept[] =
"(SELECT {keys}, tier, rank, since, rule, until, met, clocks,\n"
"		evaluated_on AS valid_from, coalesce(place, '(0,1)') AS ctid\n"
"	FROM kept WHERE stays)";

const char sql_from_source[] =
"fit_when, true AS present FROM {schema}.source";

const char sql_from_draft[] =
"true AS fit_when, reviewed_tier, true AS present FROM {schema}.draft WHERE rule IS DISTINCT FROM 'left'";

/* The scheme of each group, fitted to it. */
const char sql_schemes_fit[] =
", bars AS (\n"
"	SELECT grp, {extension}.tier_fit(digest, $2::{extension}.tier_scheme)::text AS scheme,\n"
"		{extension}.tier_rules_fit(digest, $3::{extension}.tier_rules)::text AS rules\n"
"	FROM (SELECT grp, {extension}.value_digest({fitted}) FILTER (WHERE fit_when) AS digest\n"
"		FROM src GROUP BY grp) d)";

/* The scheme of each group, as it was fitted at an evaluation. */
const char sql_schemes_recorded[] =
", bars AS (\n"
"	SELECT DISTINCT grp, scheme::text, rules::text FROM {schema}.schemes WHERE as_of = $4)";

const char sql_schemes_join[] =
"LEFT JOIN bars ON bars.grp = src.grp";

/*
 * Who comes back goes on from the standing that was closed, if the scheme
 * still has its labels, which are $5.
 */
const char sql_returned[] =
"CASE WHEN s.ctid IS NULL THEN (\n"
"		SELECT ROW(p.tier, p.since, p.rule, p.until, p.met, p.clocks, p.evaluated_on)::{extension}.tier_standing\n"
"		FROM (SELECT * FROM {schema}.past p WHERE {p=src} ORDER BY p.valid_from DESC LIMIT 1) p\n"
"		WHERE coalesce(p.tier = ANY ($5) AND p.met = ANY ($5) AND p.clocks - $5 = jsonb_build_object(), true)) END";

/*
 * What an evaluation writes. "kept" holds the rows of the pass that are to be
 * written, with the place of the standing that each replaces.
 */

/* $1 is the date, $2 that of the last complete evaluation, $3 its met_until. */
const char sql_close[] =
"INSERT INTO {schema}.past\n"
"SELECT {s.keys}, s.tier, s.rank, s.since, s.rule,\n"
"	CASE WHEN s.rule IN ('measured', 'kept') AND s.valid_from < $2 AND s.until IS NOT NULL THEN $3 ELSE s.until END,\n"
"	s.met, s.clocks, s.grp, s.measure, s.value, s.valid_from, $1, greatest(s.valid_from, $2)\n"
"FROM kept k JOIN {schema}.standing s ON s.ctid = k.place";

const char sql_leave[] =
"DELETE FROM {schema}.standing s USING kept k\n"
"WHERE s.ctid = k.place AND NOT k.stays";

const char sql_change[] =
"UPDATE {schema}.standing s\n"
"SET tier = k.tier, rank = k.rank, since = k.since, rule = k.rule, until = k.until,\n"
"	met = k.met, clocks = k.clocks, grp = k.grp, measure = k.measure, value = k.value,\n"
"	valid_from = $1\n"
"FROM kept k WHERE s.ctid = k.place AND k.stays";

const char sql_enter[] =
"INSERT INTO {schema}.standing\n"
"SELECT {keys}, tier, rank, since, rule, until, met, clocks, grp, measure, value, $1\n"
"FROM kept WHERE place IS NULL";

const char sql_draft[] =
"INSERT INTO {schema}.draft ({keys}, old_tier, measured, tier, rule, until, measure, value, grp, customer_since)\n"
"SELECT {keys}, old_tier, measured, tier, rule, until, measure, value, grp, customer_since\n"
"FROM kept";

/*
 * What an evaluation leaves on record
 */

const char sql_record_evaluation[] =
"INSERT INTO {schema}.evaluations\n"
"	(as_of, kind, draft, scheme, rules, met_until, next_due, customers, entered, gone, rose, fell, evaluated_by)\n"
"VALUES ($1, $2, $3, $4::{extension}.tier_scheme, $5::{extension}.tier_rules, $6, $7, $8, $9, $10, $11, $12, $13)";

const char sql_record_scheme[] =
"INSERT INTO {schema}.schemes (as_of, grp, rank, tier, scheme, rules, customers, value, digest)\n"
"VALUES ($1, $2, $3, $4, $5::{extension}.tier_scheme, $6::{extension}.tier_rules, $7, $8, $9::{extension}.value_digest)";

/* The program's row follows from the evaluations on record. */
const char sql_set_program[] =
"UPDATE {schema}.program\n"
"SET (as_of, next_due) = (\n"
"		SELECT as_of, next_due FROM {schema}.evaluations WHERE NOT draft ORDER BY as_of DESC LIMIT 1),\n"
"	(complete_as_of, met_until) = (\n"
"		SELECT as_of, met_until FROM {schema}.evaluations WHERE NOT draft AND kind = 'complete'\n"
"		ORDER BY as_of DESC LIMIT 1)";

const char sql_read_evaluation[] =
"SELECT as_of, kind, draft, customers, entered, gone, rose, fell\n"
"FROM {schema}.evaluations ORDER BY as_of DESC LIMIT 1";

const char sql_recall_scheme[] =
"SELECT scheme::text, rules::text FROM {schema}.evaluations WHERE as_of = $1";

const char sql_forget_evaluation[] =
"DELETE FROM {schema}.evaluations WHERE as_of = $1;\n"
"DELETE FROM {schema}.schemes WHERE as_of = $1";

const char sql_empty_draft[] =
"DELETE FROM {schema}.draft";

/*
 * What was written goes, and what it had closed comes back, as it had been
 * written: good until what its own evaluation gave.
 */
const char sql_undo[] =
"DELETE FROM {schema}.standing WHERE valid_from = $1;\n"
"WITH reopened AS (DELETE FROM {schema}.past WHERE valid_to = $1 RETURNING *)\n"
"INSERT INTO {schema}.standing\n"
"SELECT {r.keys}, r.tier, r.rank, r.since, r.rule,\n"
"	CASE WHEN r.rule IN ('measured', 'kept') AND r.until IS NOT NULL THEN e.met_until ELSE r.until END,\n"
"	r.met, r.clocks, r.grp, r.measure, r.value, r.valid_from\n"
"FROM reopened r LEFT JOIN {schema}.evaluations e ON e.as_of = r.valid_from";

/*
 * The materialized views under the view source, the lowest first, and whether
 * each can be refreshed concurrently: with a unique index on plain columns of
 * all rows.
 */
const char sql_matviews[] =
"WITH RECURSIVE under (relation, depth) AS (\n"
"	SELECT $1::oid, 0\n"
"	UNION\n"
"	SELECT d.refobjid, u.depth + 1\n"
"	FROM under u\n"
"	JOIN pg_rewrite r ON r.ev_class = u.relation\n"
"	JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid\n"
"		AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> u.relation)\n"
"SELECT format('%I.%I', n.nspname, c.relname), c.relispopulated AND EXISTS (\n"
"		SELECT FROM pg_index i\n"
"		WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid\n"
"			AND i.indpred IS NULL AND i.indexprs IS NULL)\n"
"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
"JOIN (SELECT relation, max(depth) AS depth FROM under GROUP BY relation) u ON u.relation = c.oid\n"
"WHERE c.relkind = 'm'\n"
"ORDER BY u.depth DESC, c.oid";

/*
 * Looking at programs
 */

const char sql_preview[] =
"SELECT {k.object}, k.old_tier, k.old_rank, k.old_until, {number},\n"
"	k.tier, k.rule, k.until, k.to_stay, k.to_rise\n"
"FROM kept k";

/* Of one customer: what shows today, what is earned, and what comes next. */
const char sql_explain[] =
"SELECT jsonb_strip_nulls(jsonb_build_object(\n"
"	'key', {s.object}, 'tier', g.tier, 'rank', g.rank, 'since', g.since, 'rule', g.rule, 'until', g.until,\n"
"	'override', (\n"
"		SELECT jsonb_build_object('tier', o.tier, 'mode', o.mode, 'reason', o.reason, 'valid_from', o.valid_from,\n"
"			'valid_until', o.valid_until, 'set_by', o.set_by, 'approved_by', o.approved_by)\n"
"		FROM {schema}.overrides o\n"
"		WHERE {o=s} AND o.valid_from <= current_date AND (o.valid_until IS NULL OR o.valid_until > current_date)\n"
"		ORDER BY o.valid_from DESC LIMIT 1),\n"
"	'earned', jsonb_build_object('tier', h.tier, 'rank', h.rank, 'since', h.since, 'rule', h.rule, 'until', h.until,\n"
"		'measure', h.measure, 'measured_on', h.valid_from, 'evaluated_on', h.evaluated_on),\n"
"	'next', {next}))\n"
"FROM {schema}.standing s\n"
"JOIN {schema}.grades g ON {g=s}\n"
"JOIN {schema}.history h ON {h=s} AND h.valid_to IS NULL\n"
"LEFT JOIN {schema}.source src ON {src=s}\n"
"LEFT JOIN {schema}.schemes l ON l.grp = s.grp AND l.rank = 1\n"
"	AND l.as_of = (SELECT p.complete_as_of FROM {schema}.program p)\n"
"WHERE {s=$}";

/*
 * Each schema whose table program has our trigger, and whether its row can be
 * read without running anybody's code: a plain table without row security.
 */
const char sql_program_candidates[] =
"SELECT n.nspname, c.relowner::regrole::text,\n"
"	c.relkind = 'r' AND NOT c.relrowsecurity AND has_schema_privilege(n.oid, 'USAGE')\n"
"		AND has_table_privilege(c.oid, 'SELECT')\n"
"		AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated <> '')\n"
"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
"WHERE c.relname = 'program' AND EXISTS (\n"
"	SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = $1)\n"
"ORDER BY n.nspname";

const char sql_program_line[] =
"SELECT p.scheme::text, p.rules::text, p.as_of, p.complete_as_of, p.next_due\n"
"FROM ONLY {schema}.program p";

/* What must hold. Each row is a problem: what, of whom, and the particulars. */
const char sql_verify[] =
"WITH program AS (SELECT * FROM {schema}.program),\n"
"evaluations AS (\n"
"	SELECT *, max(as_of) FILTER (WHERE kind = 'complete') OVER (ORDER BY as_of) AS scheme_as_of\n"
"	FROM {schema}.evaluations WHERE NOT draft),\n"
"history AS (\n"
"	SELECT h.*, lag(h.valid_to) OVER w AS last_to, lag(h.valid_from) OVER w AS last_from,\n"
"		lag(ROW(h.tier, h.since, h.rule, h.until, h.met, h.clocks, h.evaluated_on)::{extension}.tier_standing) OVER w AS previous,\n"
"		row_number() OVER w AS number\n"
"	FROM {schema}.history h\n"
"	WINDOW w AS (PARTITION BY {keys} ORDER BY h.valid_from, h.valid_to NULLS LAST)),\n"
"bars AS (\n"
"	SELECT as_of, grp, scheme, rules, ARRAY(SELECT tier FROM {extension}.tier_list(scheme) ORDER BY rank) AS labels\n"
"	FROM {schema}.schemes WHERE rank = 1),\n"
"graded AS (\n"
"	SELECT h.*, array_position(l.labels, h.tier) AS scheme_rank, l.scheme, l.rules, l.labels\n"
"	FROM history h\n"
"	LEFT JOIN evaluations e ON e.as_of = h.valid_from\n"
"	LEFT JOIN bars l ON l.as_of = e.scheme_as_of AND l.grp = h.grp)\n"

"SELECT 'two standings at once', {h.object}, format('from %s and from %s', h.last_from, h.valid_from)\n"
"FROM history h WHERE h.last_to > h.valid_from OR h.number > 1 AND h.last_to IS NULL\n"

"UNION ALL\n"
"SELECT 'a period that ends before it begins', {h.object}, format('from %s to %s', h.valid_from, h.valid_to)\n"
"FROM history h WHERE h.valid_to <= h.valid_from\n"

"UNION ALL\n"
"SELECT 'a gap without an absence', {h.object}, format('from %s to %s', h.last_to, h.valid_from)\n"
"FROM history h\n"
"WHERE h.last_to < h.valid_from AND NOT EXISTS (\n"
"	SELECT FROM evaluations e WHERE e.as_of = h.last_to AND e.gone > 0)\n"

"UNION ALL\n"
"SELECT 'a period that no evaluation began', {h.object}, format('from %s', h.valid_from)\n"
"FROM history h WHERE NOT EXISTS (SELECT FROM evaluations e WHERE e.as_of = h.valid_from)\n"

"UNION ALL\n"
"SELECT 'a period that no evaluation closed', {h.object}, format('to %s', h.valid_to)\n"
"FROM history h WHERE h.valid_to IS NOT NULL\n"
"	AND NOT EXISTS (SELECT FROM evaluations e WHERE e.as_of = h.valid_to)\n"

"UNION ALL\n"
"SELECT 'evaluated outside of its period', {h.object}, format('on %s, from %s to %s', h.evaluated_on, h.valid_from, h.valid_to)\n"
"FROM history h WHERE h.evaluated_on < h.valid_from OR h.evaluated_on >= h.valid_to\n"

"UNION ALL\n"
"SELECT 'a tier that its scheme lacks', {g.object}, format('%s, from %s: %s', g.tier, g.valid_from, g.scheme)\n"
"FROM graded g WHERE g.tier IS NOT NULL AND g.scheme IS NOT NULL AND g.scheme_rank IS NULL\n"

"UNION ALL\n"
"SELECT 'a rank that is not that of its tier', {g.object}, format('%s %s, from %s', g.tier, g.rank, g.valid_from)\n"
"FROM graded g WHERE g.scheme IS NOT NULL AND g.rank IS DISTINCT FROM g.scheme_rank\n"

"UNION ALL\n"
"SELECT 'since after it was so', {h.object}, format('since %s, from %s', h.since, h.valid_from)\n"
"FROM history h WHERE h.since > h.valid_from\n"

"UNION ALL\n"
"SELECT 'not what the rules make of its measure', {g.object},\n"
"	format('from %s %s, by the rules %s', g.valid_from, ROW(g.tier, g.since, g.rule, g.met, g.clocks),\n"
"		ROW((g.next).tier, (g.next).since, (g.next).rule, (g.next).met, (g.next).clocks))\n"
"FROM (\n"
"	SELECT g.*, {step} AS next\n"
"	FROM graded g LEFT JOIN {schema}.source src ON {src=g}\n"
"	WHERE g.scheme IS NOT NULL AND {extension}.tier_is_fitted(g.scheme)\n"
"		AND g.rule IS DISTINCT FROM 'reviewed' AND (g.previous IS NULL OR (g.previous).evaluated_on < g.valid_from)\n"
"		AND (g.scheme_rank IS NOT NULL OR g.tier IS NULL)\n"
"		AND coalesce((g.previous).tier = ANY (g.labels) AND (g.previous).met = ANY (g.labels)\n"
"			AND (g.previous).clocks - g.labels = jsonb_build_object(), true)\n"
"		AND (g.rule IS DISTINCT FROM 'new' OR src.customer_since IS NOT NULL)\n"
"	OFFSET 0) g\n"
"WHERE (g.tier, g.since, g.rule, g.met, g.clocks)\n"
"	IS DISTINCT FROM ((g.next).tier, (g.next).since, (g.next).rule, (g.next).met, (g.next).clocks)\n"

"UNION ALL\n"
"SELECT CASE WHEN l.rank IS NULL THEN 'an override of a tier that the scheme lacks'\n"
"		ELSE 'an override with a rank that is not that of its tier' END, {o.object}, format('%s %s', o.tier, o.rank)\n"
"FROM {schema}.overrides o CROSS JOIN program p\n"
"LEFT JOIN LATERAL {extension}.tier_list(p.scheme) l ON l.tier = o.tier\n"
"WHERE l.rank IS DISTINCT FROM o.rank\n"

"UNION ALL\n"
"SELECT 'the program''s dates are not those of its evaluations', NULL, format('as_of %s, complete_as_of %s', p.as_of, p.complete_as_of)\n"
"FROM program p\n"
"WHERE p.as_of IS DISTINCT FROM (SELECT max(as_of) FROM evaluations)\n"
"	OR p.complete_as_of IS DISTINCT FROM (SELECT max(as_of) FROM evaluations WHERE kind = 'complete')\n"

"UNION ALL\n"
"SELECT 'not as many standings as the evaluation recorded', NULL,\n"
"	format('%s, %s of %s recorded', (SELECT count(*) FROM {schema}.standing), e.customers, e.as_of)\n"
"FROM (SELECT * FROM evaluations ORDER BY as_of DESC LIMIT 1) e\n"
"WHERE e.customers <> (SELECT count(*) FROM {schema}.standing)\n"

"UNION ALL\n"
"SELECT 'customers by tier are not those of the evaluation', NULL, format('as of %s %s, not %s', as_of, s.customers, e.customers)\n"
"FROM (SELECT as_of, sum(customers) AS customers FROM {schema}.schemes GROUP BY as_of) s\n"
"JOIN evaluations e USING (as_of)\n"
"WHERE s.customers <> e.customers\n"

"UNION ALL\n"
"SELECT 'a draft that no evaluation left', NULL, format('%s rows', count(*))\n"
"FROM {schema}.draft WHERE NOT EXISTS (SELECT FROM {schema}.evaluations WHERE draft) HAVING count(*) > 0\n"

"UNION ALL\n"
"SELECT 'a customer twice in the source, or without a key', {s.object}, format('%s rows', count(*))\n"
"FROM {schema}.source s GROUP BY {s.keys} HAVING count(*) > 1 OR {s.incomplete}";

/*
 * Filling templates in
 */

/* Append the key columns of a relation, or of none. */
static void
append_keys(StringInfo buf, const ProgramNames *names, const char *relation,
			int len)
{
	for (int i = 0; i < names->nkeys; i++)
		appendStringInfo(buf, "%s%.*s%s%s", i == 0 ? "" : ", ",
						 len, relation, len == 0 ? "" : ".", names->keys[i]);
}

/* Append the key of a relation, as a jsonb object. */
static void
append_object(StringInfo buf, const ProgramNames *names, const char *relation,
			  int len)
{
	appendStringInfoString(buf, "jsonb_build_object(");
	for (int i = 0; i < names->nkeys; i++)
		appendStringInfo(buf, "%s%s, %.*s.%s", i == 0 ? "" : ", ",
						 names->literals[i], len, relation, names->keys[i]);
	appendStringInfoChar(buf, ')');
}

/* Append the condition that part of a relation's key is null. */
static void
append_incomplete(StringInfo buf, const ProgramNames *names,
				  const char *relation, int len)
{
	for (int i = 0; i < names->nkeys; i++)
		appendStringInfo(buf, "%s%.*s.%s IS NULL", i == 0 ? "" : " OR ",
						 len, relation, names->keys[i]);
}

/* Append the condition that two relations have the same key. */
static void
append_join(StringInfo buf, const ProgramNames *names,
			const char *a, int a_len, const char *b)
{
	for (int i = 0; i < names->nkeys; i++)
	{
		appendStringInfo(buf, "%s%.*s.%s %s ", i == 0 ? "" : " AND ",
						 a_len, a, names->keys[i], names->equals[i]);
		if (strcmp(b, "$") == 0)
			appendStringInfo(buf, "$%d", i + 1);
		else
			appendStringInfo(buf, "%s.%s", b, names->keys[i]);
	}
}

/* Append what a placeholder stands for; words are pairs that end with NULL. */
static void
append_placeholder(StringInfo buf, const ProgramNames *names,
				   const char *placeholder, va_list words)
{
	const char *equals = strchr(placeholder, '=');
	const char *dot = strchr(placeholder, '.');
	const char *word;

	if (strcmp(placeholder, "schema") == 0)
		appendStringInfoString(buf, names->schema);
	else if (strcmp(placeholder, "extension") == 0)
		appendStringInfoString(buf, names->extension);
	else if (strcmp(placeholder, "keys") == 0)
		append_keys(buf, names, "", 0);
	else if (dot != NULL && strcmp(dot, ".keys") == 0)
		append_keys(buf, names, placeholder, dot - placeholder);
	else if (dot != NULL && strcmp(dot, ".object") == 0)
		append_object(buf, names, placeholder, dot - placeholder);
	else if (dot != NULL && strcmp(dot, ".incomplete") == 0)
		append_incomplete(buf, names, placeholder, dot - placeholder);
	else if (equals != NULL)
		append_join(buf, names, placeholder, equals - placeholder, equals + 1);
	else
	{
		while ((word = va_arg(words, const char *)) != NULL)
		{
			const char *value = va_arg(words, const char *);

			if (strcmp(placeholder, word) == 0)
			{
				appendStringInfoString(buf, value);
				return;
			}
		}
		elog(ERROR, "nothing to put in place of {%s}", placeholder);
	}
}

static char *
fill(const ProgramNames *names, const char *template, va_list words)
{
	StringInfoData buf;
	const char *brace;

	initStringInfo(&buf);
	while ((brace = strchr(template, '{')) != NULL)
	{
		const char *end = strchr(brace, '}');
		va_list		copy;

		appendBinaryStringInfo(&buf, template, brace - template);
		va_copy(copy, words);
		append_placeholder(&buf, names,
						   pnstrdup(brace + 1, end - brace - 1), copy);
		va_end(copy);
		template = end + 1;
	}
	appendStringInfoString(&buf, template);
	return buf.data;
}

/* Fill a template in; pairs of a word and what it stands for end with NULL. */
char *
program_sql(const ProgramNames *names, const char *template,...)
{
	va_list		words;
	char	   *sql;

	va_start(words, template);
	sql = fill(names, template, words);
	va_end(words);
	return sql;
}

/* Run a statement with arguments; how many rows came or were changed. */
uint64
program_execute_text(const char *sql, const ProgramArgument *arguments,
					 int narguments)
{
	Oid			types[PROGRAM_MAX_ARGUMENTS] = {0};
	Datum		values[PROGRAM_MAX_ARGUMENTS] = {0};
	char		nulls[PROGRAM_MAX_ARGUMENTS] = {0};
	int			result;

	Assert(narguments <= PROGRAM_MAX_ARGUMENTS);
	for (int i = 0; i < narguments; i++)
	{
		types[i] = arguments[i].type;
		values[i] = arguments[i].value;
		nulls[i] = arguments[i].isnull ? 'n' : ' ';
	}
	result = SPI_execute_with_args(sql, narguments, types, values, nulls,
								   false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

/* The same for a template. */
uint64
program_execute(const ProgramNames *names, const char *template,
				const ProgramArgument *arguments, int narguments)
{
	return program_execute_text(program_sql(names, template, NULL),
								arguments, narguments);
}

/* What hands the rows of a statement on to those of a function. */
typedef struct RowReceiver
{
	DestReceiver receiver;		/* must be first */
	Tuplestorestate *rows;
} RowReceiver;

static bool
receive_result(TupleTableSlot *slot, DestReceiver *self)
{
	tuplestore_puttupleslot(((RowReceiver *) self)->rows, slot);
	return true;
}

static void
start_result(DestReceiver *self pg_attribute_unused(),
			 int operation pg_attribute_unused(),
			 TupleDesc desc pg_attribute_unused())
{
}

static void
end_result(DestReceiver *self pg_attribute_unused())
{
}

/* Arguments as the executor wants them. */
ParamListInfo
program_params(const ProgramArgument *arguments, int narguments)
{
	ParamListInfo params = makeParamList(narguments);

	for (int i = 0; i < narguments; i++)
	{
		params->params[i].value = arguments[i].value;
		params->params[i].isnull = arguments[i].isnull;
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = arguments[i].type;
	}
	return params;
}

/* Return the rows of a statement, whose columns are those of the function. */
void
program_return_rows(FunctionCallInfo fcinfo, const char *sql,
					const ProgramArgument *arguments, int narguments)
{
	RowReceiver receiver = {
		{receive_result, start_result, end_result, end_result, DestTuplestore},
		((ReturnSetInfo *) fcinfo->resultinfo)->setResult
	};
	SPIExecuteOptions options = {0};

	options.params = program_params(arguments, narguments);
	options.read_only = true;
	options.dest = &receiver.receiver;
	if (SPI_execute_extended(sql, &options) != SPI_OK_SELECT)
		elog(ERROR, "statement of a program failed");
}
