-- Plots of text: each with all its lines, for they are what is looked at.

-- The Pareto curve.
SELECT digest_pareto_plot('(capacity 4096) 1*4 2*3 5*2 20', 40);
SELECT digest_pareto_plot('(capacity 4096) 1*4 2*3 5*2 20', 30, 5, ascii => true);
SELECT * FROM digest_pareto_plot('(capacity 4096) 7', 20, 4) AS line;
-- Who brought nothing, or less, is on the axis, and brings nothing.
SELECT digest_pareto_plot('(capacity 4096) -5*5 0*5 10', 22, 4);
SELECT digest_pareto_plot('(capacity 4096) -5 0', 20, 3);
-- No data, no lines.
SELECT digest_pareto_plot(NULL);
SELECT digest_pareto_plot((SELECT value_digest(1.5) WHERE false));
-- Sizes.
SELECT count(*), max(length(line)), min(length(line)) FROM digest_pareto_plot('(capacity 4096) 1 2 3', 500, 100) AS line;
SELECT digest_pareto_plot('(capacity 4096) 1', 19); -- fail
SELECT digest_pareto_plot('(capacity 4096) 1', 501); -- fail
SELECT digest_pareto_plot('(capacity 4096) 1', 60, 1); -- fail
SELECT digest_pareto_plot('(capacity 4096) 1', 60, 101); -- fail
-- Each column is as high as the share that digest_pareto tells.
WITH lines AS (SELECT line, row_number() OVER () AS n FROM digest_pareto_plot('(capacity 4096) 1 2*7 3 9*2 40 41', 50, 20) AS line),
columns AS (SELECT x, sum(position(substr(line, 7 + x, 1) IN '▁▂▃▄▅▆▇█')) AS eighths FROM lines, generate_series(1, 50) x WHERE n <= 20 GROUP BY x)
SELECT count(*), count(*) FILTER (WHERE abs(eighths / 160.0 - value) > 1 / 160.0) AS wrong
FROM columns JOIN digest_pareto('(capacity 4096) 1 2*7 3 9*2 40 41', 50) ON round((customers * 50)::numeric) = x;

-- Bars per tier.
SELECT tier_summary_plot('(capacity 4096) 5 10 25 60 100', 'A top 70% of value, B top 90% of value, C');
SELECT tier_summary_plot('(capacity 4096) 5 10 25 60 100', 'A top 70% of value, B top 90% of value, C', 20, true);
-- Labels of two columns each, who is not graded, values below zero, and what is too little for a bar.
SELECT tier_summary_plot('(capacity 4096) -50.5 0*3 10*2000 2000000', '"钻石" >= 5000, 金 >= 3000, x > 0', 24);
SELECT tier_summary_plot('(capacity 4096) -5 0', 'A top 70% of value, B', 10);
SELECT tier_summary_plot('(capacity 4096) 7', 'A top 1%', 10);
SELECT tier_summary_plot(NULL, 'A');
SELECT tier_summary_plot('(capacity 4096) 7', 'A', 9); -- fail
SELECT tier_summary_plot('(capacity 4096) 7', 'A', 501); -- fail
SELECT tier_summary_plot('(capacity 4096) 7', 'soon within 1 month, later'); -- fail

-- The heat map of RFM scores.
CREATE TABLE plot_scores AS
SELECT 100 * r + 10 * f + 1 + (r * f) % 5 AS score FROM generate_series(1, 5) r, generate_series(1, 5) f, generate_series(1, (r * f * f) % 12);
SELECT rfm_score_plot(value_digest(score)) FROM plot_scores;
SELECT rfm_score_plot(value_digest(score), width => 10, ascii => true) FROM plot_scores;
SELECT rfm_score_plot(value_digest(score), named_segments('recency_frequency'), 24) FROM plot_scores;
-- A map of three dimensions: of most customers; where there are none, no name but an only one.
SELECT rfm_score_plot(value_digest(score), 'first match; Best: 22*; Rich: **2; Rest: rest', 14) FROM unnest(ARRAY[221, 221, 222, 212, 212, 211]) score;
-- One score; another grid; a name that is cut off, of two columns a character.
SELECT rfm_score_plot(value_digest(543));
SELECT rfm_score_plot(value_digest(333), '重要价值客户: 33 32 31; 其他: rest', 14);
SELECT rfm_score_plot(NULL), rfm_score_plot(NULL, NULL);
SELECT rfm_score_plot(value_digest(543), width => NULL);
SELECT rfm_score_plot(value_digest(score)) FROM unnest(ARRAY[543, 540]) score; -- fail
SELECT rfm_score_plot(value_digest(55)); -- fail
SELECT rfm_score_plot(value_digest(1111)); -- fail
SELECT rfm_score_plot(value_digest(543.5)); -- fail
SELECT rfm_score_plot(value_digest(-543)); -- fail
SELECT rfm_score_plot(value_digest(543), 'Best: 33 32 31; Rest: rest'); -- fail
SELECT rfm_score_plot(value_digest(543), width => 7); -- fail
SELECT rfm_score_plot(value_digest(543), width => 101); -- fail

-- Who went where.
CREATE TABLE plot_members (id int PRIMARY KEY, bought numeric);
INSERT INTO plot_members SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE i * 10 END FROM generate_series(1, 100) i;
SELECT tier_program_create('plot_program', 'plot_members', '{id}', 'bought', '"钻石" >= 900, Silver >= 500, Member');
UPDATE plot_program.program SET max_fall = 1;
SELECT tier_migration_plot('plot_program', '2026-01-01', '2026-02-01');
SELECT entered FROM tier_evaluate('plot_program', '2026-01-01');
UPDATE plot_members SET bought = bought - 200 WHERE id % 3 = 0;
UPDATE plot_members SET bought = 950 WHERE id IN (10, 20, 51, 52);
DELETE FROM plot_members WHERE id % 11 = 0;
INSERT INTO plot_members VALUES (1001, 10), (1002, 600);
SELECT rose, fell, entered, gone FROM tier_evaluate('plot_program', '2026-02-01');
SELECT tier_migration_plot('plot_program', '2026-01-01', '2026-02-01');
SELECT tier_migration_plot('plot_program', '2026-01-01', '2026-02-01', 8, true);
SELECT tier_migration_plot('plot_program', '2026-02-01', '2026-02-01');
-- It has the customers of tier_migration.
SELECT sum(n::int) AS in_the_plot, (SELECT sum(customers) FROM tier_migration('plot_program', '2026-01-01', '2026-02-01'))
FROM tier_migration_plot('plot_program', '2026-01-01', '2026-02-01', ascii => true) WITH ORDINALITY AS p (line, i), regexp_split_to_table(line, '[^0-9]+') n
WHERE i > 1 AND n <> '';
SELECT tier_migration_plot('plot_program', NULL, '2026-02-01'); -- fail
SELECT tier_migration_plot('plot_program', '2026-01-01', '2026-02-01', NULL); -- fail
SELECT tier_migration_plot('plot_program', '2026-01-01', '2026-02-01', 7); -- fail
SELECT tier_migration_plot('nobody', '2026-01-01', '2026-02-01'); -- fail
