/*-------------------------------------------------------------------------
 *
 * reports_sql.c
 *		The SQL of reports, as templates: see program_sql.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "program/reports_sql.h"

/*
 * The tier that each customer had on a day, with overrides laid over the
 * earned one. What was in overrides then, and was changed or deleted since,
 * stands in overrides_log; of several versions the first one logged after the
 * day is that of the day.
 */
const char sql_effective[] =
"SELECT {h.keys}, h.tier AS earned, h.rank AS earned_rank, h.rule AS earned_rule,\n"
"	o.tier IS NOT NULL AND NOT coalesce(o.mode = 'at least' AND h.rank <= o.rank, false) AS overridden,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND h.rank <= o.rank THEN h.tier ELSE o.tier END AS tier,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND h.rank <= o.rank THEN h.rank ELSE o.rank END AS rank,\n"
"	CASE WHEN o.tier IS NULL OR o.mode = 'at least' AND h.rank <= o.rank THEN h.rule ELSE 'override' END AS rule,\n"
"	h.grp, h.measure, h.value, h.valid_from\n"
"FROM {schema}.history h\n"
"LEFT JOIN (\n"
"	SELECT DISTINCT ON ({v.keys}) {v.keys}, v.tier, l.rank, v.mode\n"
"	FROM (\n"
"		SELECT {keys}, tier, mode, valid_from, valid_until, 'infinity'::timestamptz AS changed_at\n"
"		FROM {schema}.overrides\n"
"		UNION ALL\n"
"		SELECT {keys}, tier, mode, valid_from, valid_until, changed_at\n"
"		FROM {schema}.overrides_log WHERE changed_at >= {day} + 1) v\n"
"	LEFT JOIN {extension}.tier_list((SELECT scheme FROM {schema}.program)) l ON l.tier = v.tier\n"
"	WHERE v.valid_from <= {day} AND (v.valid_until IS NULL OR v.valid_until > {day})\n"
"	ORDER BY {v.keys}, v.valid_from DESC, v.changed_at) o ON {o=h}\n"
"WHERE h.valid_from <= {day} AND (h.valid_to IS NULL OR h.valid_to > {day})";

/*
 * $1 is the day. {effective} is the above, {by} an expression over e and src,
 * {grouped} whether there is one. Values are those of the source now, if the
 * day is not before the last evaluation, else those recorded.
 */
const char sql_report[] =
"WITH last AS (\n"
"	SELECT max(as_of) AS as_of, coalesce(max(as_of) <= $1, true) AS is_now\n"
"	FROM {schema}.evaluations WHERE NOT draft),\n"
"evaluated AS (SELECT max(as_of) AS as_of FROM {schema}.evaluations WHERE NOT draft AND as_of <= $1),\n"
"effective AS (\n{effective}\n),\n"
"customers AS (\n"
"	SELECT e.tier, e.rank, {by} AS by,\n"
"		nullif(CASE WHEN last.is_now THEN src.value ELSE e.value END::numeric, 'NaN') AS value,\n"
"		e.valid_from = evaluated.as_of AND p.valid_to IS NULL AS entered,\n"
"		e.valid_from = evaluated.as_of AND p.valid_to IS NOT NULL AND p.rule IS DISTINCT FROM 'new'\n"
"			AND e.earned_rule IS DISTINCT FROM 'new'\n"
"			AND coalesce(e.earned_rank, 256) < coalesce(p.rank, 256) AS rose,\n"
"		e.valid_from = evaluated.as_of AND p.valid_to IS NOT NULL AND p.rule IS DISTINCT FROM 'new'\n"
"			AND e.earned_rule IS DISTINCT FROM 'new'\n"
"			AND coalesce(e.earned_rank, 256) > coalesce(p.rank, 256) AS fell\n"
"	FROM effective e CROSS JOIN last CROSS JOIN evaluated\n"
"	LEFT JOIN {schema}.source src ON {src=e}\n"
"	LEFT JOIN {schema}.past p ON {p=e} AND p.valid_to = e.valid_from AND e.valid_from = evaluated.as_of),\n"
"gone AS (\n"
"	SELECT p.tier, count(*) AS gone\n"
"	FROM {schema}.past p CROSS JOIN evaluated\n"
"	LEFT JOIN {schema}.history h ON {h=p} AND h.valid_from = p.valid_to\n"
"	WHERE p.valid_to = evaluated.as_of AND h.valid_from IS NULL AND NOT {grouped}\n"
"	GROUP BY p.tier),\n"
"tiers AS (\n"
"	SELECT l.tier, l.rank FROM {extension}.tier_list((SELECT scheme FROM {schema}.program)) l WHERE NOT {grouped}\n"
"	UNION SELECT tier, rank FROM customers),\n"
"stats AS (\n"
"	SELECT c.rank, c.by, count(*) AS customers, sum(c.value) AS value, avg(c.value) AS mean,\n"
"		percentile_cont(0.5) WITHIN GROUP (ORDER BY c.value::float8) AS median,\n"
"		stddev_samp(c.value) AS sd, min(c.value) AS min, max(c.value) AS max,\n"
"		count(*) FILTER (WHERE c.entered) AS entered, count(*) FILTER (WHERE c.rose) AS rose,\n"
"		count(*) FILTER (WHERE c.fell) AS fell\n"
"	FROM customers c GROUP BY c.rank, c.by)\n"
"SELECT t.tier, t.rank, s.by, coalesce(s.customers, 0),\n"
"	coalesce(s.customers, 0) / nullif(sum(s.customers) OVER (), 0),\n"
"	s.value, s.value / nullif(sum(s.value) OVER (), 0), s.mean, s.median, s.sd, s.min, s.max,\n"
"	coalesce(s.entered, 0), CASE WHEN {grouped} THEN NULL ELSE coalesce(g.gone, 0) END,\n"
"	coalesce(s.rose, 0), coalesce(s.fell, 0)\n"
"FROM tiers t\n"
"LEFT JOIN stats s ON s.rank IS NOT DISTINCT FROM t.rank\n"
"LEFT JOIN gone g ON g.tier IS NOT DISTINCT FROM t.tier\n"
"ORDER BY t.rank, s.by";

const char sql_trend[] =
"SELECT s.as_of, s.tier, CASE WHEN s.tier IS NOT NULL THEN s.rank END, s.customers::bigint,\n"
"	s.customers / nullif(sum(s.customers) OVER w, 0), s.value, s.value / nullif(sum(s.value) OVER w, 0),\n"
"	{extension}.digest_mean(s.digest), {extension}.digest_quantile(s.digest, 0.5::float8), {extension}.digest_stddev(s.digest)\n"
"FROM (\n"
"	SELECT l.as_of, l.rank, l.tier, sum(l.customers) AS customers, sum(l.value) AS value,\n"
"		{extension}.value_digest(l.digest) AS digest\n"
"	FROM {schema}.schemes l JOIN {schema}.evaluations e USING (as_of)\n"
"	WHERE NOT e.draft\n"
"	GROUP BY l.as_of, l.rank, l.tier) s\n"
"WINDOW w AS (PARTITION BY s.as_of)\n"
"ORDER BY s.as_of, s.rank";

/* $1 and $2 are the days; {before} and {after} what was effective on them. */
const char sql_migration[] =
"WITH before AS (\n{before}\n),\n"
"after AS (\n{after}\n),\n"
"pairs AS (\n"
"	SELECT b.tier AS old_tier, b.rank AS old_rank, a.tier AS new_tier, a.rank AS new_rank,\n"
"		b.valid_from IS NULL AS entered, a.valid_from IS NULL AS gone,\n"
"		nullif(CASE WHEN a.valid_from IS NULL THEN b.value ELSE a.value END::numeric, 'NaN') AS value\n"
"	FROM before b FULL JOIN after a ON {b=a})\n"
"SELECT p.old_tier, p.old_rank, p.new_tier, p.new_rank, p.entered, p.gone, count(*),\n"
"	count(*) / sum(count(*)) OVER (PARTITION BY p.entered, p.old_tier), sum(p.value)\n"
"FROM pairs p\n"
"GROUP BY p.old_tier, p.old_rank, p.new_tier, p.new_rank, p.entered, p.gone\n"
"ORDER BY p.entered, p.old_rank, p.gone, p.new_rank";

/*
 * Who has another tier, and why. {graded_old} is the tier that the old measure
 * gives by the old scheme, {graded_new} the new one by the new scheme,
 * {graded_still} the new measure by the old scheme: if that is still the old
 * tier, it was the bar that moved.
 */
const char sql_changes[] =
"WITH before AS (\n{before}\n),\n"
"after AS (\n{after}\n),\n"
"bars AS (\n"
"	SELECT s.as_of, s.grp, s.scheme FROM {schema}.schemes s JOIN {schema}.evaluations e USING (as_of) WHERE s.rank = 1 AND NOT e.draft),\n"
"old_bars AS (SELECT * FROM bars WHERE as_of = (SELECT max(as_of) FROM bars WHERE as_of <= $1)),\n"
"new_bars AS (SELECT * FROM bars WHERE as_of = (SELECT max(as_of) FROM bars WHERE as_of <= $2)),\n"
"changed AS (\n"
"	SELECT CASE WHEN b.valid_from IS NULL THEN {a.object} ELSE {b.object} END AS key, b.tier AS old_tier, a.tier AS new_tier, b.rank AS old_rank, a.rank AS new_rank,\n"
"		b.valid_from IS NULL AS entered, a.valid_from IS NULL AS gone, a.rule, \n"
"		a.overridden OR b.overridden AS overridden, {old_number} AS old_measure, {new_number} AS new_measure,\n"
"		lo.scheme AS old_scheme, ln.scheme AS new_scheme,\n"
"		{graded_old} AS graded_old, {graded_new} AS graded_new, {graded_still} AS graded_still\n"
"	FROM before b FULL JOIN after a ON {b=a}\n"
"	LEFT JOIN old_bars lo ON lo.grp = b.grp\n"
"	LEFT JOIN new_bars ln ON ln.grp = a.grp\n"
"	WHERE b.valid_from IS NULL OR a.valid_from IS NULL OR a.tier IS DISTINCT FROM b.tier)\n"
"SELECT c.key, c.old_tier, c.new_tier,\n"
"	CASE WHEN c.entered THEN 'entered' WHEN c.gone THEN 'left'\n"
"		WHEN coalesce(c.new_rank, 256) < coalesce(c.old_rank, 256) THEN 'rose' ELSE 'fell' END,\n"
"	c.rule, c.old_measure, c.new_measure, ob.bound, nb.bound,\n"
"	CASE WHEN c.entered THEN 'entered' WHEN c.gone THEN 'left'\n"
"		WHEN c.overridden THEN 'override'\n"
"		WHEN c.rule = 'reviewed' OR c.graded_old IS NOT DISTINCT FROM c.graded_new THEN 'rule'\n"
"		WHEN c.graded_still IS NOT DISTINCT FROM c.graded_old AND c.old_measure IS NOT NULL THEN 'scheme'\n"
"		ELSE 'customer' END\n"
"FROM changed c\n"
"LEFT JOIN LATERAL {extension}.tier_list(c.old_scheme) ob ON ob.rank = least(c.old_rank, c.new_rank)\n"
"LEFT JOIN LATERAL {extension}.tier_list(c.new_scheme) nb ON nb.rank = least(c.old_rank, c.new_rank)\n"
"ORDER BY c.key";

/*
 * $1 and $2 are the days from and to, $3 the day of the cohort. {facts},
 * {fact_keys}, {amount} and {at} are of the table of facts.
 */
const char sql_effect[] =
"WITH facts AS (\n"
"	SELECT {fact_keys}, ({amount}\n)::numeric AS amount, ({at}\n)::date AS at FROM {facts}),\n"
"told AS (\n"
"	SELECT h.tier, h.rank, f.amount\n"
"	FROM facts f\n"
"	LEFT JOIN {schema}.history h ON {h=f}\n"
"		AND h.valid_from <= coalesce($3, f.at) AND (h.valid_to IS NULL OR h.valid_to > coalesce($3, f.at))\n"
"	WHERE ($1 IS NULL OR f.at >= $1) AND ($2 IS NULL OR f.at < $2)),\n"
"worth AS (\n"
"	SELECT h.rank, count(*) AS customers, sum(nullif(h.value::numeric, 'NaN')) AS value\n"
"	FROM {schema}.history h\n"
"	CROSS JOIN LATERAL (SELECT coalesce($3, $2 - 1, current_date) AS day) d\n"
"	WHERE h.valid_from <= d.day AND (h.valid_to IS NULL OR h.valid_to > d.day)\n"
"	GROUP BY h.rank),\n"
"stats AS (\n"
"	SELECT t.rank, count(*) AS facts, sum(t.amount) AS total, avg(t.amount) AS mean,\n"
"		percentile_cont(0.5) WITHIN GROUP (ORDER BY t.amount::float8) AS median, stddev_samp(t.amount) AS sd\n"
"	FROM told t GROUP BY t.rank),\n"
"tiers AS (\n"
"	SELECT l.tier, l.rank FROM {extension}.tier_list((SELECT scheme FROM {schema}.program)) l\n"
"	UNION SELECT NULL, rank FROM stats WHERE rank IS NULL UNION SELECT NULL, rank FROM worth WHERE rank IS NULL)\n"
"SELECT t.tier, t.rank, coalesce(w.customers, 0), coalesce(s.facts, 0), s.total,\n"
"	coalesce(w.customers, 0) / nullif(sum(w.customers) OVER (), 0) AS customer_share,\n"
"	w.value / nullif(sum(w.value) OVER (), 0) AS value_share,\n"
"	s.total / nullif(sum(s.total) OVER (), 0) AS total_share,\n"
"	(w.value / nullif(sum(w.value) OVER (), 0)) / nullif(s.total / nullif(sum(s.total) OVER (), 0), 0),\n"
"	s.mean, s.median, s.sd, s.total / nullif(w.customers, 0)\n"
"FROM tiers t\n"
"LEFT JOIN stats s ON s.rank IS NOT DISTINCT FROM t.rank\n"
"LEFT JOIN worth w ON w.rank IS NOT DISTINCT FROM t.rank\n"
"ORDER BY t.rank";

/*
 * A forecast goes as far back as the tiers were those of the scheme of now,
 * whose labels are $1: complete evaluations, the day a year before each, and
 * what each tier brought, best first and not graded last.
 */
const char sql_forecast_evaluations[] =
"SELECT e.as_of, (e.as_of - interval '1 year')::date, ARRAY(\n"
"		SELECT sum(s.value)::float8 FROM {schema}.schemes s\n"
"		WHERE s.as_of = e.as_of GROUP BY s.rank ORDER BY s.rank)\n"
"FROM {schema}.evaluations e\n"
"WHERE NOT e.draft AND e.kind = 'complete' AND e.as_of > coalesce((\n"
"		SELECT max(o.as_of) FROM {schema}.evaluations o\n"
"		WHERE NOT o.draft AND o.kind = 'complete'\n"
"			AND ARRAY(SELECT l.tier FROM {extension}.tier_list(o.scheme) l ORDER BY l.rank) <> $1), '-infinity')\n"
"ORDER BY e.as_of";

/*
 * Who moved between these evaluations, whose days are $2: a period is the
 * number of those before it. Only rows count that stood at one of them: the
 * one that a customer had at the end of a period was opened within it, and the
 * one at its beginning closed.
 */
const char sql_forecast_moves[] =
"WITH days AS (\n"
"	SELECT e.as_of, (SELECT count(*)::int FROM unnest($2) day WHERE day < e.as_of) AS period\n"
"	FROM {schema}.evaluations e WHERE NOT e.draft),\n"
"stood AS (\n"
"	SELECT {h.keys}, coalesce(array_position($1, h.tier), cardinality($1) + 1) AS state,\n"
"		b.period AS began, e.period AS ended\n"
"	FROM {schema}.history h JOIN days b ON b.as_of = h.valid_from LEFT JOIN days e ON e.as_of = h.valid_to\n"
"	WHERE e.period IS NULL OR b.period < e.period)\n"
"SELECT coalesce(n.began, o.ended), o.state, n.state, count(*)\n"
"FROM (SELECT * FROM stood WHERE ended IS NOT NULL) o FULL JOIN stood n ON {o=n} AND o.ended = n.began\n"
"GROUP BY 1, 2, 3\n"
"ORDER BY 1, 2, 3";

/* $3 days, as far apart as $1 is from $2. */
const char sql_forecast_days[] =
"SELECT ($1 + period * age($1, $2))::date FROM generate_series(1, $3) period";
