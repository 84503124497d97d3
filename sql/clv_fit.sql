-- Fits of models of lifetime value
CREATE SCHEMA clv_fit_test;
SET search_path = clv_fit_test, public;
SET extra_float_digits = 0;

-- Simulated customers: x/t_x/t/how many. The figures that fits are compared
-- with come from scipy: the likelihoods of the papers, maximised by the method
-- of Nelder and Mead, and standard errors from differences of the likelihood.
CREATE FUNCTION customers(list text) RETURNS TABLE (x float8, t_x float8, t float8, n bigint) LANGUAGE sql IMMUTABLE AS
	'SELECT p[1]::float8, p[2]::float8, p[3]::float8, p[4]::bigint FROM (SELECT string_to_array(w, ''/'') FROM regexp_split_to_table($1, ''\s+'') w) s (p)';
CREATE TABLE weekly AS SELECT * FROM customers(
'0/0/13/178 0/0/26/141 0/0/39/119 1/1/13/16 1/1/26/16 1/1/39/13 1/2/13/16 1/2/26/5 1/2/39/8 1/3/13/11 1/3/26/3 1/3/39/7 1/4/13/20 1/4/26/7 1/4/39/5
1/5/13/8 1/5/26/2 1/5/39/7 1/6/13/19 1/6/26/3 1/6/39/4 1/7/13/10 1/7/26/1 1/7/39/1 1/8/13/8 1/8/26/1 1/8/39/3 1/9/13/5 1/9/26/5 1/9/39/6 1/10/13/4
1/10/26/2 1/10/39/5 1/11/13/7 1/11/26/5 1/11/39/1 1/12/13/9 1/12/26/3 1/12/39/2 1/13/13/7 1/13/26/1 1/13/39/5 1/14/39/2 1/15/26/4 1/16/26/3 1/16/39/2
1/17/26/3 1/17/39/3 1/18/26/1 1/18/39/4 1/19/26/2 1/19/39/4 1/20/26/3 1/20/39/2 1/21/26/2 1/21/39/6 1/22/26/1 1/22/39/5 1/23/26/5 1/23/39/1 1/24/26/3
1/24/39/4 1/25/26/1 1/25/39/2 1/26/39/3 1/28/39/4 1/29/39/3 1/30/39/3 1/31/39/2 1/32/39/1 1/33/39/1 1/34/39/3 1/35/39/1 1/36/39/2 1/37/39/1 1/38/39/3
1/39/39/2 2/1/13/2 2/1/26/1 2/2/13/1 2/2/26/3 2/2/39/1 2/3/13/3 2/3/26/4 2/3/39/1 2/4/13/3 2/4/26/1 2/4/39/2 2/5/13/2 2/5/26/3 2/5/39/3 2/6/13/2
2/6/26/5 2/6/39/3 2/7/13/3 2/7/26/1 2/7/39/4 2/8/13/3 2/8/26/3 2/8/39/5 2/9/13/3 2/9/26/2 2/10/13/3 2/10/26/4 2/10/39/1 2/11/13/4 2/11/26/3 2/11/39/3
2/12/13/1 2/12/26/1 2/13/13/2 2/13/26/2 2/14/26/3 2/14/39/3 2/15/26/1 2/15/39/2 2/16/26/3 2/16/39/4 2/17/26/1 2/17/39/3 2/18/26/2 2/18/39/1 2/19/26/1
2/20/26/1 2/20/39/3 2/21/26/3 2/21/39/2 2/22/26/1 2/22/39/5 2/23/26/3 2/23/39/4 2/24/26/1 2/25/26/2 2/25/39/2 2/26/26/2 2/26/39/3 2/27/39/4 2/28/39/2
2/29/39/2 2/31/39/4 2/33/39/3 2/34/39/1 2/36/39/4 2/37/39/3 3/3/13/1 3/4/13/3 3/4/26/1 3/4/39/1 3/5/13/1 3/5/39/1 3/6/13/1 3/6/26/3 3/7/13/3 3/7/26/1
3/8/13/1 3/8/26/2 3/9/13/2 3/9/26/2 3/10/13/2 3/10/39/2 3/11/13/2 3/11/39/1 3/12/13/4 3/13/26/1 3/13/39/1 3/14/26/1 3/14/39/1 3/15/26/3 3/16/26/1
3/16/39/1 3/17/26/1 3/17/39/1 3/20/26/1 3/20/39/1 3/21/26/1 3/22/26/2 3/22/39/3 3/23/26/1 3/23/39/2 3/24/26/2 3/25/26/1 3/25/39/2 3/26/26/1 3/26/39/1
3/27/39/1 3/28/39/3 3/29/39/1 3/33/39/1 3/34/39/5 3/36/39/1 3/37/39/1 4/5/26/2 4/6/39/2 4/8/13/1 4/9/13/2 4/9/26/1 4/10/13/1 4/10/39/1 4/11/13/3
4/11/39/1 4/12/13/2 4/13/13/1 4/15/26/1 4/15/39/1 4/16/26/1 4/17/26/3 4/17/39/1 4/18/39/1 4/20/26/2 4/20/39/1 4/21/26/2 4/22/26/3 4/24/26/3 4/24/39/2
4/25/26/4 4/25/39/1 4/26/39/1 4/28/39/1 4/31/39/1 4/33/39/2 4/34/39/1 4/35/39/1 4/37/39/1 4/38/39/1 5/7/13/1 5/8/13/1 5/9/13/1 5/10/13/1 5/10/26/1
5/11/13/1 5/12/13/2 5/12/26/1 5/13/39/1 5/17/39/1 5/18/26/2 5/19/26/1 5/20/26/1 5/20/39/1 5/21/26/1 5/22/26/1 5/22/39/1 5/23/26/1 5/24/26/2 5/26/26/1
5/26/39/2 5/27/39/1 5/28/39/1 5/31/39/1 5/33/39/1 5/35/39/4 5/36/39/1 5/38/39/1 5/39/39/2 6/5/13/1 6/8/13/1 6/9/39/1 6/12/39/1 6/15/26/2 6/20/26/1
6/23/26/1 6/24/26/2 6/24/39/1 6/25/26/3 6/25/39/1 6/30/39/1 6/32/39/1 6/34/39/1 6/36/39/1 6/39/39/1 7/7/39/1 7/9/13/1 7/11/26/1 7/16/39/2 7/21/26/1
7/21/39/1 7/24/26/1 7/26/26/1 7/27/39/1 7/31/39/2 7/32/39/1 7/34/39/1 7/37/39/1 7/39/39/1 8/13/13/1 8/16/39/1 8/19/26/1 8/22/26/1 8/25/26/2 8/26/39/1
8/32/39/2 8/33/39/2 8/38/39/1 9/13/13/1 9/14/26/1 9/33/39/1 10/22/39/1 10/23/26/1 10/25/26/1 10/26/26/1 10/35/39/1 11/11/39/1 11/13/13/1 11/23/26/1
11/29/39/1 11/37/39/1 11/38/39/1 12/24/39/1 12/25/26/1 12/34/39/1 12/37/39/2 13/18/26/1 13/21/26/1 13/23/39/1 14/25/26/1 14/39/39/1 15/12/13/1
15/37/39/1 16/33/39/1 16/37/39/1 19/36/39/1');
CREATE TABLE wanderers AS SELECT * FROM customers(
'0/0/20/181 0/0/40/177 1/1/20/25 1/1/40/23 1/2/20/6 1/2/40/9 1/3/20/7 1/3/40/2 1/4/20/9 1/4/40/6 1/5/20/5 1/5/40/3 1/6/20/3 1/7/20/2 1/8/40/2 1/9/20/1
1/10/20/5 1/10/40/1 1/11/20/2 1/11/40/2 1/12/20/5 1/12/40/2 1/13/20/1 1/14/20/1 1/14/40/2 1/15/20/1 1/16/20/8 1/16/40/1 1/17/20/2 1/18/20/1 1/18/40/2
1/19/20/4 1/19/40/2 1/24/40/2 1/31/40/2 1/32/40/1 1/33/40/2 1/34/40/1 1/35/40/2 1/39/40/1 2/1/20/6 2/1/40/3 2/2/20/4 2/2/40/6 2/3/20/3 2/3/40/2
2/4/20/3 2/4/40/6 2/5/20/3 2/5/40/5 2/6/20/8 2/6/40/4 2/7/20/2 2/7/40/6 2/8/20/2 2/9/20/1 2/9/40/6 2/10/40/1 2/11/20/3 2/11/40/1 2/12/20/2 2/12/40/1
2/13/20/1 2/13/40/1 2/14/20/3 2/14/40/3 2/15/20/4 2/16/20/4 2/17/20/2 2/18/20/2 2/19/20/3 2/19/40/3 2/20/20/2 2/21/40/2 2/22/40/1 2/23/40/2 2/24/40/1
2/25/40/1 2/28/40/1 2/35/40/1 2/36/40/1 2/37/40/2 2/39/40/1 2/40/40/1 3/1/40/3 3/2/20/4 3/2/40/1 3/3/20/2 3/3/40/4 3/4/20/1 3/4/40/2 3/5/20/2
3/6/40/3 3/8/20/2 3/8/40/2 3/9/20/1 3/10/40/1 3/11/40/1 3/12/20/2 3/12/40/1 3/13/20/5 3/13/40/2 3/14/20/2 3/14/40/1 3/15/20/3 3/15/40/2 3/16/20/3
3/16/40/2 3/17/40/1 3/18/40/1 3/19/20/3 3/19/40/1 3/20/20/1 3/20/40/1 3/23/40/1 3/24/40/1 3/28/40/1 3/29/40/2 3/32/40/1 3/35/40/2 3/37/40/1 3/38/40/1
3/39/40/1 3/40/40/1 4/1/20/1 4/1/40/2 4/2/40/1 4/3/20/1 4/3/40/1 4/4/20/3 4/5/40/1 4/6/20/4 4/6/40/1 4/7/20/1 4/8/20/2 4/8/40/1 4/9/20/1 4/10/20/1
4/10/40/2 4/11/20/1 4/11/40/1 4/13/20/1 4/13/40/1 4/14/20/2 4/14/40/1 4/15/20/1 4/16/20/1 4/16/40/2 4/17/20/2 4/17/40/1 4/18/20/2 4/18/40/2 4/19/20/4
4/20/20/4 4/27/40/1 4/32/40/1 4/33/40/1 4/39/40/1 5/3/40/1 5/5/40/2 5/6/20/1 5/6/40/1 5/7/40/3 5/8/20/3 5/8/40/1 5/9/20/2 5/10/40/2 5/11/20/1
5/12/20/2 5/12/40/2 5/13/20/2 5/13/40/1 5/14/40/1 5/15/20/2 5/16/20/1 5/18/20/1 5/19/20/1 5/20/20/1 5/26/40/1 5/28/40/1 5/33/40/1 5/34/40/1 5/36/40/1
5/37/40/1 5/38/40/1 5/39/40/1 5/40/40/1 6/5/40/1 6/7/20/1 6/8/40/1 6/10/20/1 6/10/40/1 6/11/20/1 6/11/40/1 6/13/40/1 6/15/20/1 6/15/40/1 6/16/20/3
6/16/40/1 6/18/20/1 6/19/20/1 6/19/40/1 6/20/40/1 6/30/40/2 6/31/40/1 6/36/40/3 6/39/40/1 7/3/20/1 7/4/40/1 7/5/40/1 7/7/40/2 7/8/40/1 7/9/20/2
7/11/40/1 7/13/20/1 7/13/40/2 7/14/20/1 7/16/40/1 7/18/20/4 7/18/40/1 7/19/20/4 7/20/20/1 7/30/40/1 7/31/40/1 7/34/40/1 7/37/40/1 7/38/40/1 8/9/20/1
8/10/20/1 8/12/20/1 8/14/20/1 8/14/40/1 8/15/20/1 8/17/20/1 8/18/20/4 8/19/20/1 8/20/20/1 8/20/40/1 8/26/40/1 8/29/40/1 8/35/40/2 8/36/40/1 8/39/40/1
9/7/20/1 9/10/20/1 9/10/40/1 9/13/40/1 9/14/20/1 9/15/20/3 9/16/20/5 9/16/40/4 9/17/20/2 9/18/20/9 9/18/40/3 9/19/20/14 9/20/20/10 9/20/40/2
9/22/40/4 9/23/40/3 9/28/40/2 9/30/40/2 9/31/40/1 9/33/40/2 9/34/40/5 9/35/40/4 9/36/40/5 9/37/40/6 9/38/40/8 9/39/40/17 9/40/40/11');
CREATE TABLE donors AS SELECT * FROM customers(
'0/0/5/292 1/1/5/89 1/2/5/32 1/3/5/22 1/4/5/18 1/5/5/12 2/2/5/46 2/3/5/19 2/4/5/28 2/5/5/26 3/3/5/29 3/4/5/39 3/5/5/42 4/4/5/27 4/5/5/70 5/5/5/109');
CREATE TABLE spenders AS SELECT p[1]::float8 AS x, p[2]::float8 AS mean FROM (SELECT string_to_array(w, '/') FROM regexp_split_to_table(
'1/20.0 7/65.5 3/33.6 2/18.2 3/46.3 1/15.4 7/34.4 2/47.2 1/40.7 3/18.9 1/26.7 1/48.7 2/13.9 1/24.9 1/36.7 1/39.6 2/43.3 1/37.6 4/34.9 8/21.5 4/23.3
8/26.7 1/14.3 1/20.6 1/48.9 5/13.5 1/18.0 1/14.3 1/25.2 1/21.3 1/16.0 1/8.5 3/18.4 1/65.8 7/31.3 3/20.9 1/5.9 1/14.0 1/31.8 2/9.8 3/14.2 1/39.6
1/24.3 2/38.7 2/14.7 5/17.1 4/17.6 1/9.9 2/35.4 2/46.3 1/10.8 1/8.0 1/30.3 2/16.5 2/16.6 4/32.5 1/75.9 1/23.1 1/11.8 3/20.3 1/6.3 1/25.5 8/48.7
1/10.8 8/14.2 1/7.0 9/28.9 1/122.4 1/33.1 1/55.9 2/17.5 1/18.4 1/21.5 1/18.9 6/32.4 4/40.1 6/16.3 1/20.0 4/23.4 4/20.6 4/33.8 2/8.1 2/20.9 2/38.5
3/15.4 7/19.0 1/22.6 1/37.3 1/36.1 1/28.4 5/12.6 1/23.5 1/83.2 1/23.8 1/13.9 1/22.7 4/30.8 1/20.6 1/14.8 2/14.2 1/37.2 1/43.1 1/11.5 7/19.6 2/15.5
6/27.0 3/18.1 1/39.3 1/78.7 1/38.4 2/13.8 1/26.8 3/25.5 3/68.1 1/46.3 5/40.8 2/22.0 3/15.8 1/12.1 2/10.6 1/43.5 1/47.4 1/56.8 4/30.9 2/35.2 1/19.6
2/28.2 1/19.4 2/12.2 4/23.1 3/24.1 2/59.0 3/18.5 5/46.6 2/16.0 1/19.4 7/20.5 3/16.3 1/11.3 2/52.2 4/33.2 1/32.9 2/33.4 3/38.0 6/66.7 2/19.0 8/39.4
1/31.5 1/10.7 4/54.3', '\s+') w) s (p);

CREATE TABLE expected (model text, parameter text, estimate float8, error float8, log_likelihood float8);
INSERT INTO expected VALUES
	('bgnbd', 'r', 0.64060875, 0.0429952, -6926.1025674), ('bgnbd', 'alpha', 6.2287083, 0.5788062, NULL), ('bgnbd', 'a', 1.1501535, 0.3635921, NULL), ('bgnbd', 'b', 3.8099982, 1.4792813, NULL),
	('mbgnbd', 'r', 1.1077549, 0.1204410, -6940.6664195), ('mbgnbd', 'alpha', 8.9474944, 0.9598990, NULL), ('mbgnbd', 'a', 2.6687804, 1.1625847, NULL), ('mbgnbd', 'b', 10.5182414, 5.4556828, NULL),
	('pareto_nbd', 'r', 1.7580328, 0.2418834, -7837.8053444), ('pareto_nbd', 'alpha', 8.8409679, 1.1702580, NULL), ('pareto_nbd', 's', 0.7002993, 0.1130498, NULL), ('pareto_nbd', 'beta', 6.6415447, 1.9241787, NULL),
	('bgbb', 'alpha', 0.98605107, 0.2159998, -2397.4826071), ('bgbb', 'beta', 0.77991581, 0.1091560, NULL), ('bgbb', 'gamma', 0.89385491, 0.5704827, NULL), ('bgbb', 'delta', 4.8349056, 4.1376657, NULL),
	('gamma_gamma', 'p', 4.7522312, 1.5918355, -602.40458191), ('gamma_gamma', 'q', 6.5127062, 1.7434888, NULL), ('gamma_gamma', 'gamma', 33.245615, 19.835788, NULL);
CREATE TABLE fits AS
	SELECT 'bgnbd' AS model, bgnbd_fit(x, t_x, t, n, 'weeks') AS p, NULL::spend_model AS s FROM weekly
	UNION ALL SELECT 'mbgnbd', mbgnbd_fit(x, t_x, t, n, 'weeks'), NULL FROM weekly
	UNION ALL SELECT 'pareto_nbd', pareto_nbd_fit(x, t_x, t, n, 'weeks'), NULL FROM wanderers
	UNION ALL SELECT 'bgbb', bgbb_fit(x, t_x, t, n, 'year'), NULL FROM donors
	UNION ALL SELECT 'gamma_gamma', NULL, gamma_gamma_fit(x, mean) FROM spenders;
SELECT model, coalesce(regexp_replace(p::text, '\d\.\d+e?-?\d*', '#', 'g'), regexp_replace(s::text, '\d\.\d+e?-?\d*', '#', 'g')) AS form FROM fits;
SELECT count(*) AS parameters, max(abs(f.estimate / e.estimate - 1)) < 2e-6 AS estimates, max(abs(f.standard_error / e.error - 1)) < 1e-4 AS errors
FROM expected e JOIN (SELECT model, q.* FROM fits, model_parameters(p) q UNION ALL SELECT model, q.* FROM fits, model_parameters(s) q) f USING (model, parameter);
SELECT model FROM expected JOIN fits USING (model)
WHERE abs(coalesce(model_log_likelihood(p), model_log_likelihood(s)) - log_likelihood) > 1e-6;

-- the log likelihood is the sum over customers, and no step away from the
-- maximum gains any: the gradient vanishes, and none of its terms is wrong
WITH steps AS (
	SELECT model, i, d, ('bgnbd ' || string_agg(format('%s %s', parameter, estimate * CASE WHEN q.ordinality = i THEN exp(d) ELSE 1 END), ', '))::purchase_model AS m
	FROM fits, model_parameters(p) WITH ORDINALITY q, generate_series(0, 4) i, unnest('{-0.001,0.001}'::float8[]) d
	WHERE model = 'bgnbd' GROUP BY model, i, d)
SELECT i, round(min(sum) FILTER (WHERE i = 0)::numeric, 4) AS at_maximum, min(best - sum) >= 0 AS falls, abs(sum(sign(d) * sum)) < 1e-5 AS no_slope
FROM (SELECT i, d, sum(n * model_log_likelihood(m, x, t_x, t)) FROM steps, weekly GROUP BY i, d) s, (SELECT model_log_likelihood(p) + 1e-5 AS best FROM fits WHERE model = 'bgnbd') b
GROUP BY i ORDER BY i;

-- a weight is that many rows; NULLs and weights of 0 are left out
SELECT bgnbd_fit(x, t_x, t, 'week') = (SELECT p FROM fits WHERE model = 'bgnbd') AS same FROM weekly, generate_series(1, n);
SELECT bgnbd_fit(x, t_x, t, n, 'week') = (SELECT p FROM fits WHERE model = 'bgnbd') AS same
FROM (TABLE weekly UNION ALL VALUES (NULL, 1, 2, 5), (1, NULL, 2, 5), (1, 1, NULL, 5), (1, 1, 2, NULL), (1, 1, 2, 0)) v;
SELECT gamma_gamma_fit(x, mean, 1) = (SELECT s FROM fits WHERE model = 'gamma_gamma') AS same FROM (TABLE spenders UNION ALL VALUES (0, NULL), (0, -5), (NULL, 3), (2, NULL)) v;
-- a unit or none, the same numbers
SELECT replace(p::text, ' weeks', '') = bgnbd_fit(x, t_x, t)::text AS same FROM fits, weekly, generate_series(1, n) WHERE model = 'bgnbd' GROUP BY p;
-- days for weeks: times are 7 times as long, and nothing else changes
SELECT d.parameter, abs(d.estimate / (w.estimate * CASE WHEN d.parameter IN ('alpha', 'beta') THEN 7 ELSE 1 END) - 1) < 1e-8 AS same
FROM (SELECT pareto_nbd_fit(x, t_x * 7, t * 7, n, 'days') AS m FROM wanderers) f, model_parameters(m) d,
	(SELECT w.* FROM fits, model_parameters(p) w WHERE model = 'pareto_nbd') w WHERE w.parameter = d.parameter;

-- any order, any plan, any number of workers: the same bytes
CREATE TABLE long (x int, t_x float8, t float8, mean numeric);
INSERT INTO long SELECT x, t_x, t, 1 + (hashint4((x * 31 + t_x * 7 + i)::int) & 63) FROM weekly, generate_series(1, n) i ORDER BY hashfloat8(x * 97 + t_x * 13 + t + i);
ALTER TABLE long SET (parallel_workers = 4);
CREATE VIEW all_fits AS SELECT bgnbd_fit(x, t_x, t) AS b, mbgnbd_fit(x, t_x, t) AS m, pareto_nbd_fit(x, t_x, t) AS p, gamma_gamma_fit(x, mean::float8) AS g FROM long;
CREATE TABLE serial AS TABLE all_fits;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 4;
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS
	$$ DECLARE plan text; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan LIKE '%' || node || '%'; END $$;
SELECT plan_has('TABLE all_fits', '"Partial"') AS partial;
SELECT a = s AS same FROM all_fits a, serial s;
-- a worker without rows
SELECT bgnbd_fit(x, t_x, t) IS NULL AS none FROM long WHERE x < 0;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT bgnbd_fit(x, t_x, t ORDER BY t DESC, t_x, x) = (SELECT b FROM serial) AS same FROM long;
-- a growing frame goes on with a state that was read
SELECT count(DISTINCT m), min(m::text) = min(alone::text) AS same FROM (
	SELECT bgnbd_fit(x, t_x, t, n, NULL) OVER (ORDER BY x, t_x, t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS m, row_number() OVER (ORDER BY x, t_x, t) AS i FROM donors) f,
	(SELECT bgnbd_fit(x, t_x, t, n, NULL) AS alone FROM donors) a WHERE i = 16;

-- no rows, only NULLs
SELECT bgnbd_fit(x, t_x, t), gamma_gamma_fit(x, t) FROM weekly WHERE false;
SELECT pareto_nbd_fit(NULL, t_x, t), gamma_gamma_fit(0, t) FROM weekly;

-- customers of all sizes at once, 1 to 1e6 purchases in 1e-3 to 1e9: each fit
-- ends soon, as a model of finite numbers that says whether it converged
CREATE FUNCTION chance(set int, customer int, what int) RETURNS float8 LANGUAGE sql IMMUTABLE AS
	'SELECT ((hashint8extended($1 * 1000 + $2, $3) >> 12) & 1048575) / 1048575.0';
CREATE TABLE sizes AS SELECT set, x, CASE WHEN x > 0 THEN t * least(greatest(2 * chance(set, i, 3) - 0.5, 0), 1) ELSE 0 END AS t_x, t
FROM generate_series(1, 30) set, LATERAL (SELECT i, 10 ^ (12 * chance(set, i, 1) - 3) AS t FROM generate_series(1, 1 + 8 * (set % 7)) i) c,
	-- any number of purchases; or as many as at rates that do not differ that much
	LATERAL (SELECT floor(CASE WHEN set % 2 = 0 THEN 10 ^ (6.3 * chance(set, i, 2) - 0.3) ELSE least(t * 0.01 * chance(set, i, 2), 1e6) END) AS x) p;
INSERT INTO sizes SELECT 0, x, t_x, t FROM (VALUES (1e6, 1e-3, 1e-3), (1e6, 0, 1e9), (1e6, 1e9, 1e9), (0, 0, 1e9), (0, 0, 1e-3), (1, 1e-3, 1e9)) v (x, t_x, t);
SET statement_timeout = '10min';
CREATE TABLE size_fits AS
	SELECT set, 'bgnbd' AS kind, bgnbd_fit(x, t_x, t) AS model FROM sizes GROUP BY set UNION ALL SELECT set, 'mbgnbd', mbgnbd_fit(x, t_x, t) FROM sizes GROUP BY set
	UNION ALL SELECT set, 'pareto_nbd', pareto_nbd_fit(x, t_x, t) FROM sizes GROUP BY set;
RESET statement_timeout;
SELECT count(DISTINCT set) AS sets, count(*) AS customers, min(x) AS least, max(x) AS most, min(t) AS shortest, max(t) AS longest FROM sizes;
SELECT kind, count(*) AS fits, count(*) FILTER (WHERE model::text !~ '; n \d+, log likelihood -?\d+(\.\d+)?(e[+-]\d+)?, gradient [0-9.e+-]+, (converged|not converged: the \w+ .*)$' OR model::text ~* 'nan|inf') AS wrong,
       bool_or(model::text LIKE '%, converged') AS some_converge, bool_or(model::text LIKE '%not converged: the likelihood %') AS some_say_not FROM size_fits GROUP BY kind ORDER BY kind;
-- and what a model gives for them is a probability
SELECT kind, count(*) FILTER (WHERE p_alive(accept_model(model), x, t_x, t) BETWEEN 0 AND 1) = count(*) AS sound,
       count(*) FILTER (WHERE abs(model_log_likelihood(model) - likelihood) > 1e-8 * (abs(likelihood) + 1)) AS unlike
FROM size_fits JOIN sizes USING (set) JOIN LATERAL (SELECT sum(model_log_likelihood(model, s.x, s.t_x, s.t)) AS likelihood FROM sizes s WHERE s.set = size_fits.set) l ON true GROUP BY kind ORDER BY kind;

-- what cannot be told apart does not converge, and says so
SELECT bgnbd_fit(2, 10, 20)::text LIKE '%, not converged: the likelihood %' AS one_customer;
SELECT regexp_replace(bgnbd_fit(0, 0, t)::text, '^.*;[^:]*, ', '') AS no_repeat FROM weekly;
SELECT pareto_nbd_fit(x, t_x, t, n, NULL)::text ~ ', not converged: the likelihood (is flat in|rises as) (s|beta)' AS same_lives FROM weekly;
SELECT bgnbd_fit(x, t, t, n, NULL)::text ~ ', not converged: the likelihood (is flat in [ab]|rises as a vanishes|rises as b grows without bound)$' AS all_alive FROM weekly WHERE x > 0;
SELECT gamma_gamma_fit(x, 10)::text LIKE '%, not converged: the likelihood rises as _ grows without bound' AS same_spend FROM spenders;
SELECT p_alive(bgnbd_fit(0, 0, 20), 2, 10, 20); -- fail
SELECT p_alive(accept_model(bgnbd_fit(0, 0, 20)), 2, 10, 20) BETWEEN 0 AND 1 AS usable;
-- a penalty holds parameters back, whatever the unit; the log likelihood is without it
SELECT bgnbd_fit(x, t_x, t, n, NULL, 0) = bgnbd_fit(x, t_x, t, n, NULL) AS none, bgnbd_fit(x, t_x, t, n, NULL, NULL) = bgnbd_fit(x, t_x, t, n, NULL) AS none FROM weekly;
SELECT regexp_replace(pareto_nbd_fit(x, t_x, t, n, NULL, 0.001)::text, '[0-9]\.[0-9]+', '#', 'g') AS held FROM weekly;
SELECT penalty, model_log_likelihood(m) < model_log_likelihood(p) AS less_likely, (SELECT round(max(q.estimate)::numeric, 5) FROM model_parameters(m) q) AS greatest
FROM fits, (SELECT penalty, bgnbd_fit(x, t_x, t, n, NULL, penalty) AS m FROM weekly, unnest('{0.001,0.01,0.1}'::float8[]) penalty GROUP BY penalty) f WHERE model = 'bgnbd' ORDER BY penalty;
SELECT abs(a.estimate / b.estimate - CASE a.parameter WHEN 'alpha' THEN 7 ELSE 1 END) < 1e-8 AS same
FROM (SELECT bgnbd_fit(x, 7 * t_x, 7 * t, n, NULL, 0.01) AS days, bgnbd_fit(x, t_x, t, n, NULL, 0.01) AS weeks FROM weekly) f, model_parameters(days) a, model_parameters(weeks) b WHERE a.parameter = b.parameter;

-- what is refused, with the value
\set VERBOSITY default
SELECT bgnbd_fit(-1, 0, 5); -- fail
SELECT bgnbd_fit(1.5, 1, 5); -- fail
SELECT bgnbd_fit('NaN', 1, 5); -- fail
SELECT bgnbd_fit('Infinity', 1, 5); -- fail
SELECT bgnbd_fit(1, -1, 5); -- fail
SELECT bgnbd_fit(1, 'NaN', 5); -- fail
SELECT bgnbd_fit(1, 1, 'Infinity'); -- fail
SELECT bgnbd_fit(1, 1, -5); -- fail
SELECT bgnbd_fit(1, 6, 5); -- fail
SELECT bgnbd_fit(0, 3, 5); -- fail
SELECT bgnbd_fit(0, 0, 0); -- fail
SELECT bgnbd_fit(1, 1, 2, -3, NULL); -- fail
SELECT bgnbd_fit(1, 1, 2, 'fortnight'); -- fail
SELECT bgnbd_fit(1, 1, 2, unit) FROM unnest('{week,day}'::text[]) unit; -- fail
SELECT bgnbd_fit(1, 1, 2, 1, NULL, -1); -- fail
SELECT bgnbd_fit(1, 1, 2, 1, NULL, p) FROM unnest('{1,2}'::float8[]) p; -- fail
SELECT bgbb_fit(1, 1.5, 5); -- fail
SELECT bgbb_fit(1, 1, 5.5); -- fail
SELECT bgbb_fit(3, 2, 5); -- fail
SELECT bgbb_fit(3, 3, 10001); -- fail
SELECT gamma_gamma_fit(2, 0); -- fail
SELECT gamma_gamma_fit(2, -7.5); -- fail
SELECT gamma_gamma_fit(1.5, 3); -- fail
-- what no model can tell: amounts and times of another world, and more customers than there are numbers for
SELECT gamma_gamma_fit(x, m) FROM (VALUES (2, 1e308::float8), (3, 1e308), (1, 5e307)) v (x, m); -- fail
SELECT gamma_gamma_fit(x, 1e-300::float8) FROM generate_series(1, 3) x; -- fail
SELECT pareto_nbd_fit(x, 1e-300::float8, 2e-300::float8) FROM generate_series(1, 3) x; -- fail
SELECT bgnbd_fit(x, 0, 1e-320::float8) FROM generate_series(1, 3) x; -- fail
SELECT bgnbd_fit(1, 1, 2, 9223372036854775807, 'week') FROM generate_series(1, 2); -- fail
SELECT bgnbd_fit(1, i, 2, 9223372036854775807, 'week') FROM generate_series(1, 2) i; -- fail
SELECT gamma_gamma_fit(1, 5, 9223372036854775807) FROM generate_series(1, 2); -- fail
SELECT length(bgnbd_fit(1, i, i + 1, 4611686018427387903, 'week')::text) > 0 AS that_many FROM generate_series(1, 2) i;
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SELECT bgnbd_fit(1, i, i) FROM generate_series(1, 100000) i; -- fail
RESET hash_mem_multiplier;
RESET work_mem;
-- the state is an ordinary value, which may be kept and merged
CREATE AGGREGATE fit_state(x double precision, t_x double precision, t double precision) (SFUNC = clv_fit_accum, STYPE = bytea);
CREATE AGGREGATE fit_merge(bytea) (SFUNC = clv_fit_combine, STYPE = bytea, FINALFUNC = bgnbd_fit_final);
SELECT count(*) AS parts, fit_merge(state) = (SELECT b FROM serial) AS same FROM (SELECT fit_state(x, t_x, t) AS state FROM long GROUP BY x + t_x) s;
SELECT fit_merge(NULL) IS NULL AS none;
-- another bytea is no state
SELECT bgnbd_fit_final(''); -- fail
SELECT bgnbd_fit_final(decode(repeat('00', 24 + 64 * 32 - 4), 'hex')); -- fail
SELECT clv_fit_combine(NULL, ''); -- fail
CREATE AGGREGATE forged_fit(double precision, double precision, double precision) (SFUNC = clv_fit_accum, STYPE = bytea, INITCOND = 'no state');
SELECT forged_fit(1, 1, 2); -- fail
