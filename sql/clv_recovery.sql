-- Fits find the parameters that customers were simulated with: make
-- check-recovery does so on many more customers, many times
CREATE SCHEMA clv_recovery_test;
SET search_path = clv_recovery_test, public;
\set ECHO none
\i test/recovery/simulate.sql
\set ECHO all
CREATE TABLE recovered AS SELECT seed, r.* FROM generate_series(1, 2) seed, recover(1500, seed) r;
SELECT model, count(*) AS parameters, count(*) FILTER (WHERE status LIKE '% converged' AND status NOT LIKE '%not%') AS converged, count(*) FILTER (WHERE abs(error) > 3) AS far FROM recovered GROUP BY model ORDER BY model;

-- a long valley: hardly any drop-outs among many. The fit is at least as
-- likely as the best of an exhaustive search around it, and at lower limits
CREATE TABLE loyal AS SELECT x, round(t_x) AS t_x, t, count(*) AS n FROM simulate_bgnbd(10000, 7, 10, 30) GROUP BY 1, 2, 3;
CREATE TABLE loyal_fit AS SELECT bgnbd_fit(x, t_x, t, n, 'week') AS model FROM loyal;
SELECT model::text ~ ', converged$' AS converged FROM loyal_fit;
SELECT count(*) AS points, bool_and(likelihood <= model_log_likelihood(model) + 1e-4) AS none_better
FROM loyal_fit, LATERAL (SELECT sum(n * model_log_likelihood(m, x, t_x, t)) AS likelihood
	FROM (SELECT format('bgnbd r %s, alpha %s, a %s, b %s', r * i, alpha * j, a * k, b * l)::purchase_model AS m
		FROM (SELECT max(estimate) FILTER (WHERE parameter = 'r') AS r, max(estimate) FILTER (WHERE parameter = 'alpha') AS alpha, max(estimate) FILTER (WHERE parameter = 'a') AS a, max(estimate) FILTER (WHERE parameter = 'b') AS b
			FROM model_parameters(model)) p, unnest('{0.98,1,1.02}'::float8[]) i, unnest('{0.98,1,1.02}'::float8[]) j, unnest('{0.2,0.9,1,1.1,5}'::float8[]) k, unnest('{0.2,0.9,1,1.1,5}'::float8[]) l
		WHERE (i = j OR (k = 1 AND l = 1))) g, loyal GROUP BY m) s;
-- a ridge, where a and b grow together, that is a minimum of its own
SELECT mbgnbd_fit(x, t_x, t)::text ~ '^mbgnbd r 1\.0532.* converged$' AS off_the_ridge FROM simulate_bgnbd(20000, 1011, 10, 2.5, 1);
