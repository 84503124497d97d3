-- weights from judgement and from data
\set VERBOSITY default
SET extra_float_digits = 0;

-- A 3x3 matrix: eigenvector 0.2790, 0.6491, 0.0719 and lambda_max 3.0649 in
-- K. Teknomo's AHP tutorial; CR 0.0623919 with the random index 0.52 in the
-- tests of the R package FuzzyAHP, so with Saaty's random index of 0.58 the
-- same matrix has CR 0.0559.
SELECT array_agg(round(w::numeric, 4))
FROM unnest(ahp_weights(ARRAY[[1, 1/3.0, 5], [3, 1, 7], [1/5.0, 1/7.0, 1]])) w;
SELECT round(lambda_max::numeric, 4) AS lambda_max, round(consistency_index::numeric, 4) AS ci,
       random_index AS ri, round(consistency_ratio::numeric, 4) AS cr, accepted,
       round((consistency_index / 0.52)::numeric, 7) AS cr_fuzzyahp
FROM ahp_consistency(ARRAY[[1, 1/3.0, 5], [3, 1, 7], [1/5.0, 1/7.0, 1]]);

-- A 5x5 matrix, choosing a place to travel (Jiang Qiyuan, Mathematical Models:
-- lambda_max 5.073, CI 0.018, CR 0.016); to eight digits in the manual of the R
-- package mathmodels: 0.26360349 0.47583538 0.05381460 0.09806829 0.10867824,
-- lambda_max 5.072084, CI 0.0180211, CR 0.01609027.
CREATE TEMPORARY TABLE travel AS
SELECT ARRAY[[1, 1/2.0, 4, 3, 3],
             [2, 1, 7, 5, 5],
             [1/4.0, 1/7.0, 1, 1/2.0, 1/3.0],
             [1/3.0, 1/5.0, 2, 1, 1],
             [1/3.0, 1/5.0, 3, 1, 1]] AS m;
SELECT array_agg(round(w::numeric, 8)) FROM travel, unnest(ahp_weights(m)) w;
SELECT round(lambda_max::numeric, 6) AS lambda_max, round(consistency_index::numeric, 7) AS ci,
       random_index AS ri, round(consistency_ratio::numeric, 8) AS cr, accepted
FROM travel, ahp_consistency(m);

-- a consistent matrix gives back the weights it was made of
SELECT array_agg(round(w::numeric, 12)) FROM unnest(ahp_weights('{{1,2,4},{0.5,1,2},{0.25,0.5,1}}')) w;
SELECT round(lambda_max::numeric, 12), round(consistency_ratio::numeric, 12), accepted
FROM ahp_consistency('{{1,2,4},{0.5,1,2},{0.25,0.5,1}}');

-- orders 1 and 2 cannot be inconsistent; Saaty's table ends at 15
SELECT ahp_weights('{{1}}'), ahp_consistency('{{1}}');
SELECT ahp_weights('{{1,4},{0.25,1}}'), ahp_consistency('{{1,4},{0.25,1}}');
SELECT n, random_index, consistency_ratio, accepted
FROM generate_series(3, 16) n, ahp_consistency(array_fill(1.0::float8, ARRAY[n, n]))
ORDER BY n;

-- two decimals for a third and an eighth: the judgement of 1 or more stands
SELECT ahp_weights('{{1,3,8},{0.33,1,3},{0.13,0.33,1}}')
     = ahp_weights(ARRAY[[1, 3, 8], [1/3::float8, 1, 3], [1/8::float8, 1/3::float8, 1]]) AS same;

-- judgements that go in a circle: equal weights, far from consistent
SELECT w, accepted, round(consistency_ratio::numeric, 4) AS cr
FROM (VALUES ('{{1,9,0.11111},{0.11111,1,9},{9,0.11111,1}}'::float8[])) t(m), ahp_weights(m) w, ahp_consistency(m);

-- the eigenvector satisfies A w = lambda w, on random reciprocal matrices
SELECT setseed(0.42);
CREATE TEMPORARY TABLE upper AS
SELECT id, i, j, (1 + floor(random() * 9)) ^ (CASE WHEN random() < 0.5 THEN 1 ELSE -1 END) AS a
FROM generate_series(1, 300) id, generate_series(1, 2 + id % 8) i, generate_series(1, 2 + id % 8) j
WHERE i < j;
CREATE TEMPORARY TABLE cells AS
SELECT id, i, j, a FROM upper UNION ALL SELECT id, j, i, 1 / a FROM upper
UNION ALL SELECT id, i, i, 1 FROM generate_series(1, 300) id, generate_series(1, 2 + id % 8) i;
CREATE TEMPORARY TABLE solved AS
SELECT id, ahp_weights(m) AS w, lambda_max, consistency_index
FROM (SELECT id, array_agg(r ORDER BY i) AS m
      FROM (SELECT id, i, array_agg(a ORDER BY j) AS r FROM cells GROUP BY id, i) lines GROUP BY id) s,
     ahp_consistency(m);
SELECT count(*), max(abs(total - 1)) < 1e-12 AS sums_to_one, min(consistency_index) >= 0 AS index_not_negative,
       max(residual) < 1e-12 AS is_eigenvector
FROM (SELECT id, consistency_index, (SELECT sum(x) FROM unnest(w) x) AS total,
             (SELECT max(abs(s - lambda_max * w[i]))
              FROM (SELECT i, sum(a * w[j]) AS s FROM cells WHERE cells.id = solved.id GROUP BY i) p) AS residual
      FROM solved) t;

-- what is refused
SELECT ahp_weights('{}');                                   -- fail
SELECT ahp_weights('{1,2}');                                -- fail
SELECT ahp_weights('{{1,2,3},{0.5,1,2}}');                  -- fail
SELECT ahp_weights('{{1,NULL},{0.5,1}}');                   -- fail
SELECT ahp_weights('{{1,0},{0,1}}');                        -- fail
SELECT ahp_weights('{{1,-2},{-0.5,1}}');                    -- fail
SELECT ahp_weights('{{1,NaN},{0.5,1}}');                    -- fail
SELECT ahp_weights('{{1,Infinity},{0,1}}');                 -- fail
SELECT ahp_weights('{{2,1},{1,1}}');                        -- fail
SELECT ahp_consistency('{{1,3},{0.5,1}}');                  -- fail
SELECT ahp_weights('{{1,9,9},{0.125,1,1},{0.1111,1,1}}');   -- fail
SELECT ahp_weights('{{1,1e12,1e-12},{1e-12,1,1e3},{1e12,1e-3,1}}');    -- fail
SELECT ahp_weights(NULL);

-- Entropy weights. X. Xu, A note on the subjective and objective integrated
-- approach to determine attribute weights, EJOR 156 (2004): 0.4630 0.3992 0.1378 0.0000.
SELECT array_agg(round(w::numeric, 4)) AS xu
FROM unnest((SELECT entropy_weights(v) FROM (VALUES
	(ARRAY[30, 30, 38, 29]::float8[]), (ARRAY[19, 54, 86, 29]), (ARRAY[19, 15, 85, 28.9]), (ARRAY[68, 70, 60, 29])) t(v))) w;
-- E. K. Zavadskas, V. Podvezko, Integrated determination of objective criteria
-- weights in MCDM, IJITDM 15 (2016): 0.1146 0.1981 0.4185 0.2689.
SELECT array_agg(round(w::numeric, 4)) AS zavadskas
FROM unnest((SELECT entropy_weights(v) FROM (VALUES
	(ARRAY[3.0, 100, 10, 7]::float8[]), (ARRAY[2.5, 80, 8, 5]), (ARRAY[1.8, 50, 20, 11]), (ARRAY[2.2, 70, 12, 9])) t(v))) w;

-- a constant column weighs nothing, exactly; zeros count as f ln f = 0
SELECT (w)[1] = 0 AS constant_weighs_nothing, round(w[2]::numeric, 6), round(w[3]::numeric, 6)
FROM (SELECT entropy_weights(v) AS w FROM (VALUES ('{0.1,1,0}'::float8[]), ('{0.1,2,0}'), ('{0.1,3,5}')) t(v)) s;
SELECT entropy_weights(v) FROM (VALUES ('{1,0}'::float8[]), ('{1,8}')) t(v);

-- against the textbook's formulas in SQL, on random data
CREATE TEMPORARY TABLE data AS
SELECT g, i, j, CASE WHEN random() < 0.1 THEN 0 ELSE random() * 10 ^ (j - 3) END AS x
FROM generate_series(1, 100) g, generate_series(1, 2 + g) i, generate_series(1, 1 + g % 6) j;
WITH shares AS (SELECT g, j, x / nullif(sum(x) OVER (PARTITION BY g, j), 0) AS f, count(*) OVER (PARTITION BY g, j) AS m FROM data),
divergence AS (SELECT g, j, CASE WHEN max(f) IS NULL THEN 0 ELSE 1 + sum(CASE WHEN f > 0 THEN f * ln(f) ELSE 0 END) / ln(max(m)) END AS d FROM shares GROUP BY g, j),
expected AS (SELECT g, array_agg(d / total ORDER BY j) AS w FROM (SELECT *, sum(d) OVER (PARTITION BY g) AS total FROM divergence) t GROUP BY g),
actual AS (SELECT g, entropy_weights(r) AS w FROM (SELECT g, i, array_agg(x ORDER BY j) AS r FROM data GROUP BY g, i) t GROUP BY g)
SELECT count(*), max(d) < 1e-12 AS same
FROM (SELECT g, (SELECT max(abs(a - e)) FROM unnest(actual.w, expected.w) u(a, e)) AS d FROM actual JOIN expected USING (g)) t;

-- the order of rows, parallel workers and window frames change nothing
CREATE TABLE entropy_rows AS
SELECT i, ARRAY[random() * 100, floor(random() * 5), 7, random() * random()] AS v FROM generate_series(1, 20000) i;
ANALYZE entropy_rows;
SELECT (SELECT entropy_weights(v) FROM entropy_rows) = (SELECT entropy_weights(v ORDER BY i DESC) FROM entropy_rows) AS same_reversed,
       (SELECT entropy_weights(v) FROM entropy_rows) = (SELECT entropy_weights(v ORDER BY v[1]) FROM entropy_rows) AS same_sorted;
CREATE TEMPORARY TABLE serial AS SELECT entropy_weights(v) AS w FROM entropy_rows;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
DO $$
DECLARE plan text;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT JSON) SELECT entropy_weights(v) FROM entropy_rows' INTO plan;
	RAISE NOTICE 'parallel: %', plan LIKE '%"Partial"%';
END $$;
SELECT (SELECT entropy_weights(v) FROM entropy_rows) = w AS same_in_parallel FROM serial;
SELECT (SELECT entropy_weights(v) FROM entropy_rows WHERE i <= 3) = (SELECT entropy_weights(v ORDER BY i) FROM entropy_rows WHERE i <= 3) AS empty_workers;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
RESET parallel_leader_participation;
SELECT count(*), bool_and(moving = (SELECT entropy_weights(v) FROM entropy_rows p WHERE p.i BETWEEN t.i - 3 AND t.i + 1)) AS same_moving,
       bool_and(growing = (SELECT entropy_weights(v) FROM entropy_rows p WHERE p.i BETWEEN 1 AND t.i + 1)) AS same_growing
FROM (SELECT i, entropy_weights(v) OVER (ORDER BY i ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) AS moving,
             entropy_weights(v) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS growing
      FROM entropy_rows WHERE i <= 100) t
WHERE i BETWEEN 4 AND 99;

-- a NULL array is no row
SELECT entropy_weights(v) FROM (VALUES ('{1}'::float8[]), (NULL), ('{2}')) t(v);

-- what is refused
SELECT entropy_weights(v) FROM (VALUES ('{1}'::float8[])) t(v) WHERE false;      -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1}'::float8[])) t(v);                  -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1}'::float8[]), (NULL)) t(v);          -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1,2}'::float8[]), ('{1,2}')) t(v);     -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1,2}'::float8[]), ('{1}')) t(v);       -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1,-2}'::float8[]), ('{1,2}')) t(v);    -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1,NaN}'::float8[]), ('{1,2}')) t(v);   -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1,NULL}'::float8[]), ('{1,2}')) t(v);  -- fail
SELECT entropy_weights(v) FROM (VALUES ('{{1,2}}'::float8[]), ('{{1,2}}')) t(v); -- fail
SELECT entropy_weights(v) FROM (VALUES ('{}'::float8[]), ('{}')) t(v);           -- fail
SELECT entropy_weights(v) FROM (VALUES ('{1e308}'::float8[]), ('{1.5e308}')) t(v); -- fail
SELECT entropy_weights_accum('{1,2,3}', '{1}');                                  -- fail
SELECT entropy_weights_combine('{1,1,2,0,0,0,1,1}', '{1}');                      -- fail
SELECT entropy_weights_final('{2,9094988921128908188}'); -- fail

-- states that travel as text, as between nodes, arrive as they were, whatever the setting there
CREATE AGGREGATE entropy_state(double precision[]) (SFUNC = entropy_weights_accum, STYPE = bigint[]);
CREATE TABLE parts AS SELECT i % 3 AS node, entropy_state(v) AS state FROM entropy_rows GROUP BY 1;
SET extra_float_digits = -15;
CREATE TABLE traveled AS SELECT node, state::text AS state FROM parts;
RESET extra_float_digits;
SELECT count(*) AS nodes, bool_and(t.state::bigint[] = p.state) AS same FROM traveled t JOIN parts p USING (node);
SELECT entropy_weights_final(entropy_weights_combine(a.state::bigint[], b.state::bigint[])) = entropy_weights_final(entropy_weights_combine(c.state, d.state)) AS same
FROM traveled a, traveled b, parts c, parts d WHERE a.node = 0 AND b.node = 1 AND c.node = 0 AND d.node = 1;
DROP TABLE traveled, parts, entropy_rows;
DROP AGGREGATE entropy_state(double precision[]);
