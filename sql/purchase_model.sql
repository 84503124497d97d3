-- Models as text
CREATE SCHEMA purchase_model_test;
SET search_path = purchase_model_test, public;
SET extra_float_digits = 0;
SELECT 'bgnbd r 0.243, alpha 4.414 weeks, a .793, b 2.426'::purchase_model;
SELECT '  MBGNBD b 1.614,a 8.91e-1 , alpha 6.183,r 0.525 '::purchase_model;
SELECT 'pareto_nbd r 0.55 (se 0.05), alpha 10.58 (se 0.8) weeks, s 0.61 (se 0.19), beta 11.67 weeks; n 2357, log likelihood -9594.976, gradient 1e-10, converged'::purchase_model;
-- one unit for all times, told anywhere
SELECT 'pareto_nbd r 0.55, alpha 10.58, s 0.61, beta 11.67 day'::purchase_model;
SELECT 'bgbb alpha 1.204, beta 0.750, gamma 0.657, delta 2.783, every years'::purchase_model;
SELECT 'gamma_gamma p 6.25, q 3.74, gamma 15.44; n 946, penalty 0.01'::spend_model;
SELECT 'bgnbd r 1, alpha 1, a 1, b 1; not converged: the likelihood is flat, in b '::purchase_model, 'bgnbd r 1, alpha 1, a 1, b 1; not converged'::purchase_model,
       'bgnbd r 1, alpha 1, a 1, b 1; n 5, accepted, not converged: a reason; with signs, (even brackets)'::purchase_model;
-- exact to the last digit
SELECT 'bgnbd r 0.1000000000000000055511151231257827, alpha 1e-20, a 1e20, b 2.2250738585072014e-10; log likelihood -1e300'::purchase_model;

-- what is read is what was printed; text and binary
CREATE TABLE models (p purchase_model, s spend_model);
INSERT INTO models VALUES
	('bgnbd r 0.2425945 (se 0.0125), alpha 4.4136019 (se 0.378) weeks, a 0.7929199, b 2.4258881; n 2357, log likelihood -9582.429, gradient 1e-10, converged',
	 'gamma_gamma p 6.25 (se 1), q 3.74, gamma 15.44; n 946, log likelihood -4055.9, converged'),
	('bgbb alpha 1.204, beta 0.75, gamma 0.657, delta 2.783, every quarter; accepted, not converged: flat', 'gamma_gamma p 1, q 2, gamma 3; not converged');
SELECT count(*) FROM models WHERE p::text::purchase_model = p AND s::text::spend_model = s;
SELECT p FROM models ORDER BY p;
SELECT count(DISTINCT p), count(DISTINCT s) FROM models;

-- what is refused
SELECT ''::purchase_model; -- fail
SELECT 'gamma_gamma p 1, q 2, gamma 3'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1'::spend_model; -- fail
SELECT 'bgnbd'::purchase_model; -- fail
SELECT ('bgnbd r ' || repeat('1', 1000))::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1, r 2'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, beta 1'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 0, b 1'::purchase_model; -- fail
SELECT 'bgnbd r -1, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1e400, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r NaN, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1.2.3, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1 weeks, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1 fortnights, a 1, b 1'::purchase_model; -- fail
SELECT 'pareto_nbd r 1, alpha 1 weeks, s 1, beta 1 days'::purchase_model; -- fail
SELECT 'bgbb alpha 1 years, beta 1, gamma 1, delta 1'::purchase_model; -- fail
SELECT 'bgbb alpha 1, beta 1, gamma 1, delta 1, every'::purchase_model; -- fail
SELECT 'bgnbd r 1 (0.1), alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1 (se -1), alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1 (se 0.1, alpha 1, a 1, b 1'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1;'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1; n 1.5'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1; log -5'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1; not sure'::purchase_model; -- fail
SELECT 'bgnbd r 1, alpha 1, a 1, b 1; converged; n 5'::purchase_model; -- fail

-- what a model tells of itself
SELECT * FROM model_parameters('bgnbd r 0.2425945 (se 0.012557), alpha 4.4136019 weeks, a 1 (se 0.5), b 2.4258881'::purchase_model);
SELECT * FROM model_parameters('gamma_gamma p 6.25 (se 0), q 3.74, gamma 15.44'::spend_model);
-- an interval is symmetric in the logarithm
SELECT bool_and(abs(low * high / estimate ^ 2 - 1) < 1e-14) AND bool_and(abs(ln(high / estimate) - 1.959963984540054 * standard_error / estimate) < 1e-14) AS ok
FROM models, model_parameters(p) WHERE standard_error IS NOT NULL;
SELECT model_log_likelihood(p), model_aic(p), round(model_bic(p)::numeric, 6) AS bic, model_log_likelihood(s), model_aic(s), round(model_bic(s)::numeric, 6) AS bic FROM models;
SELECT round((4 * ln(2357) + 2 * 9582.429)::numeric, 6) AS bic;
SELECT model_aic('bgnbd r 1, alpha 1, a 1, b 1; log likelihood -5'::purchase_model), model_bic('bgnbd r 1, alpha 1, a 1, b 1; log likelihood -5'::purchase_model);

-- one that did not converge is not used, unless somebody accepts it
SELECT p_alive('bgnbd r 1, alpha 1, a 1, b 1; not converged: the likelihood is flat in b', 1, 1, 2); -- fail
SELECT p_alive('bgnbd r 1, alpha 1, a 1, b 1; not converged', 1, 1, 2); -- fail
SELECT expected_spend('gamma_gamma p 1, q 2, gamma 3; not converged', 1, 1); -- fail
SELECT accept_model('bgnbd r 1, alpha 1, a 1, b 1; not converged: the likelihood is flat in b'::purchase_model);
SELECT p_alive(accept_model('bgnbd r 1, alpha 1, a 1, b 1; not converged: the likelihood is flat in b'::purchase_model), 1, 1, 2);
SELECT expected_spend(accept_model('gamma_gamma p 1, q 2, gamma 3; not converged'::spend_model), 1, 1);
SELECT accept_model(p) = p AS same, accept_model(s) = s AS same FROM models;
