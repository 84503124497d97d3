-- What fuzz.c does with the values of each type, as x; d is a digest. The
-- answer of an expression with a " = " must be true.
CREATE FUNCTION fuzz_type(type regtype, log text, VARIADIC options text[]) RETURNS void
	AS 'customer_tier', 'fuzz_type' LANGUAGE C;
CREATE TABLE digests AS SELECT value_digest(x) AS d FROM (VALUES (-3.5), (0), (10), (10), (99), (1e12)) v(x);
CREATE TABLE uses (type regtype, expression text);
INSERT INTO uses VALUES
	('tier_scheme', 'x::text::tier_scheme::text = x::text'),
	('tier_scheme', 'x::jsonb::tier_scheme = x'),
	('tier_scheme', 'convert_from(tier_scheme_send(x), getdatabaseencoding())::tier_scheme = x'),
	('tier_scheme', 'tier_of(10, x)'),
	('tier_scheme', 'tier_of(-1e300::float8, x)'),
	('tier_scheme', 'tier_of(9007199254740993, x)'),
	('tier_scheme', 'tier_of(interval ''3 months'', x)'),
	('tier_scheme', 'tier_of(date ''2024-02-29'', date ''2023-11-30'', x)'),
	('tier_scheme', 'tier_explain(10, x)'),
	('tier_scheme', 'tier_explain(1e-300::float8, x)'),
	('tier_scheme', 'tier_gap(10, x)'),
	('tier_scheme', 'tier_margin(10, x)'),
	('tier_scheme', '(SELECT bool_and(in_tier(v, x, tier_label(1, x)) = coalesce(tier_rank(v, x) = 1, false))
		FROM unnest(''{-1e300,0,0.1,10,500,1000000.50,NaN}''::numeric[]) v) = true'),
	('tier_scheme', '(SELECT bool_and(in_tier(v, x, tier_label(2, x)) = coalesce(tier_rank(v, x) = 2, false))
		FROM unnest(''{-1e300,0,0.1,10,500,1000000.50,NaN}''::float8[]) v) = true'),
	('tier_scheme', '(SELECT bool_and(in_tier(v, x, tier_label(1, x)) = coalesce(tier_rank(v, x) = 1, false))
		FROM unnest(''{-9,0,1,10,500,1000000,5000000}''::bigint[]) v) = true'),
	('tier_scheme', 'tier_promote(tier_label(1, x), x, 3)'),
	('tier_scheme', 'tier_case(''revenue'', x)'),
	('tier_scheme', 'tier_fit(d, x)'),
	('tier_scheme', 'tier_fit(d, tier_fit(d, x)) = tier_fit(d, x)'),
	('tier_scheme', 'tier_fit(d, x)::text::tier_scheme = tier_fit(d, x)'),
	('tier_scheme', '(SELECT string_agg(l::text, '' '') FROM tier_list(x) l)'),
	('tier_rules', 'x::text::tier_rules::text = x::text'),
	('tier_rules', 'x::jsonb::tier_rules = x'),
	('tier_rules', 'convert_from(tier_rules_send(x), getdatabaseencoding())::tier_rules = x'),
	('tier_rules', 'tier_rules_fit(d, x)::text::tier_rules = tier_rules_fit(d, x)'),
	('tier_rules', 'tier_step(tier_step(NULL, 6, ''2024-02-29'', ''A >= 4, B >= 2'', x), 1, ''2025-02-28'', ''A >= 4, B >= 2'', x, ''2025-01-31'')'),
	('tier_rules', 'tier_step_label(NULL, ''A'', ''2024-02-29'', ''A, B by rule'', x)'),
	('purchase_model', 'x::text::purchase_model::text = x::text'),
	('purchase_model', 'convert_from(purchase_model_send(x), getdatabaseencoding())::purchase_model = x'),
	('purchase_model', '(p_alive(accept_model(x), 3, 5, 9) BETWEEN 0 AND 1) = true'),
	('purchase_model', '(expected_purchases(accept_model(x), 7, 3, 5, 9) BETWEEN 0 AND 1e300) = true'),
	('purchase_model', '(purchase_probability(accept_model(x), 3, 20) BETWEEN 0 AND 1) = true'),
	('purchase_model', '((SELECT count(*) FROM model_parameters(x)) = 4) = true'),
	('spend_model', 'x::text::spend_model::text = x::text'),
	('spend_model', '(expected_spend(accept_model(x), 3, 5) > 0) = true'),
	('value_digest', 'x::text::value_digest = x'),
	('value_digest', 'digest_compact(x + d, 4096) = digest_compact(x, 4096) + d'),
	('value_digest', '(''-0'' IN (digest_min(x)::text, digest_max(x)::text)) = false'),
	('value_digest', 'x + d = d + x'),
	('value_digest', 'digest_precision(x + d) < 52 OR (x + d) - d = digest_compact(x, 4194304)'),
	('value_digest', '((x - x) IS NULL) = true'),
	('value_digest', '(SELECT value_digest(v) FROM unnest(ARRAY[x, d, x]) v) = x + d + x'),
	('value_digest', '(digest_distinct(x) <= digest_count(x)) = true'),
	('value_digest', 'digest_sum(x)'),
	('value_digest', '(digest_mean(x) BETWEEN digest_min(x) AND digest_max(x)) = true'),
	('value_digest', 'digest_stddev(x)'),
	('value_digest', 'digest_quantile(x, ARRAY[0, 0.3, 1]::float8[])'),
	('value_digest', 'digest_rank(x, 1)'),
	('value_digest', 'digest_cumulative_share(x, 1)'),
	('value_digest', 'digest_top_share(x, 0.2)'),
	('value_digest', 'digest_concentration(x, 3)'),
	('value_digest', 'digest_gini(x)'),
	('value_digest', '(SELECT string_agg(p::text, '' '') FROM digest_pareto(x, 7) p)'),
	('value_digest', '(SELECT string_agg(p, '' '') FROM digest_pareto_plot(x, 20, 3) p)'),
	('value_digest', '(SELECT string_agg(p, '' '') FROM tier_summary_plot(x, ''a top 10%, b top 70% of value, c'', 10) p)'),
	('value_digest', '(SELECT string_agg(p, '' '') FROM rfm_score_plot(x) p)'),
	('value_digest', '(SELECT string_agg(h::text, '' '') FROM digest_histogram(x, 7) h)'),
	('value_digest', 'tier_fit(x, ''a top 10%, b top 70% of value, c up to 80% of value, d top 5, e >= p30, f > mean + 1 sd, g natural, h natural, i'')'),
	('value_digest', 'tier_fit(x, ''a lowest 10%, b <= median, c < mean, d natural, e'')'),
	('rfm_scheme', 'x::text::rfm_scheme::text = x::text'),
	('rfm_scheme', 'convert_from(rfm_scheme_send(x), getdatabaseencoding())::rfm_scheme = x'),
	('rfm_scheme', 'rfm_score(10, 2, 30.5, x)'),
	('rfm_scheme', 'rfm_score(10.5::float8, 2::float8, 30.5::float8, x)'),
	('rfm_scheme', 'rfm_scheme_of(x, ''monetary'')'),
	('rfm_scheme', 'rfm_explain(10, 2, 30.5, x)'),
	('rfm_scheme', 'rfm_fit(d, d, d, rfm_fit(d, d, d, x)) = rfm_fit(d, d, d, x)'),
	('rfm_segments', 'x::text::rfm_segments::text = x::text'),
	('rfm_segments', '(SELECT string_agg(p, '' '') FROM rfm_score_plot(''(capacity 4096) 111*3'', x) p)'),
	('rfm_segments', 'convert_from(rfm_segments_send(x), getdatabaseencoding())::rfm_segments = x'),
	('rfm_segments', 'rfm_segment(111, x)'),
	('rfm_segments', 'rfm_segment(543, x)'),
	('rfm_segments', 'rfm_segment(-5, x)'),
	('rfm_segments', '(SELECT count(*) FROM rfm_segment_cells(x))'),
	('scorecard', 'x::text::scorecard::text = x::text'),
	('scorecard', 'x::jsonb::scorecard = x'),
	('scorecard', 'convert_from(scorecard_send(x), getdatabaseencoding())::scorecard = x'),
	('scorecard', 'score_of(x, 10)'),
	('scorecard', 'score_of(x, 10, NULL)'),
	('scorecard', 'score_of(x, 10.5::float8, 1e300::float8)'),
	('scorecard', 'score_of(x, ''{"sales": 10, "a": 1e999}''::jsonb)'),
	('scorecard', 'score_coverage(x, 10, NULL)'),
	('scorecard', 'score_explain(x, 10, 20)'),
	('scorecard', 'scorecard_fit(x, d, d)::text::scorecard = scorecard_fit(x, d, d)'),
	('scorecard', 'score_of(scorecard_fit(x, d, d), -1e300, 17)');
INSERT INTO uses VALUES
	('rfm_as_of', '(SELECT rfm_measures(t, 1, x) FROM generate_series(timestamp ''2023-12-31 23:00'', ''2024-12-31'', ''1 week'') t)'),
	('rfm_as_of', '(SELECT rfm_measures(t::date, 1, x, ''1 month''::interval) FROM generate_series(timestamptz ''2023-12-31 23:00'', ''2024-12-31'', ''1 week'') t)'),
	('rfm_as_of', '(SELECT clv_measures(t, 1, x, ''day'') FROM generate_series(timestamptz ''2023-12-31 23:00'', ''2024-12-31'', ''1 week'') t)');

-- The seeds: each line of corpus/TYPE as it is, and the binary and JSON of what
-- it is read as, where it is. They are written to files below a directory.
CREATE TABLE seeds (type regtype, line text);

CREATE FUNCTION write_file(path text, bytes bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	object oid := lo_from_bytea(0, bytes);
BEGIN
	PERFORM lo_export(object, path);
	PERFORM lo_unlink(object);
END $$;

CREATE FUNCTION write_seeds(directory text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	seed record;
	path text;
	sent bytea;
	json text;
BEGIN
	FOR seed IN SELECT type, line, row_number() OVER () AS n FROM seeds LOOP
		path := format('%s/%s/%s', directory, seed.type, seed.n);
		PERFORM write_file(path, convert_to(seed.line, 'UTF8'));
		CONTINUE WHEN seed.line ~ '^[[{]';
		EXECUTE format('SELECT %s_send(%L)', seed.type, seed.line) INTO sent;
		PERFORM write_file(path || '.bin', sent);
		IF to_regprocedure(format('%s_to_jsonb(%1$s)', seed.type)) IS NOT NULL THEN
			EXECUTE format('SELECT %L::%s::jsonb::text', seed.line, seed.type) INTO json;
			PERFORM write_file(path || '.json', convert_to(json, 'UTF8'));
		END IF;
	END LOOP;
END $$;
