/* src/clv/purchase_model.sql */

@text_type purchase_model
COMMENT ON TYPE purchase_model IS
	'a model of when customers buy: bgnbd r 0.243, alpha 4.41 weeks, a 0.793, b 2.43; or mbgnbd, pareto_nbd, bgbb';

@text_type spend_model
COMMENT ON TYPE spend_model IS
	'a model of what customers spend: gamma_gamma p 6.25, q 3.74, gamma 15.44';

CREATE FUNCTION model_parameters(model purchase_model,
	OUT parameter text, OUT estimate double precision, OUT standard_error double precision,
	OUT low double precision, OUT high double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'purchase_model_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION model_parameters(purchase_model) IS
	'a row for each parameter: name, estimate, standard error, and an interval of 95%; the last three NULL in a model written by hand';

CREATE FUNCTION model_parameters(model spend_model,
	OUT parameter text, OUT estimate double precision, OUT standard_error double precision,
	OUT low double precision, OUT high double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'spend_model_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 3;
COMMENT ON FUNCTION model_parameters(spend_model) IS
	'a row for each parameter: name, estimate, standard error, and an interval of 95%; the last three NULL in a model written by hand';

CREATE FUNCTION model_log_likelihood(model purchase_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'purchase_model_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_log_likelihood(purchase_model) IS
	'the log likelihood of the customers that the model was fitted to; NULL if it does not tell';

CREATE FUNCTION model_log_likelihood(model spend_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'spend_model_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_log_likelihood(spend_model) IS
	'the log likelihood of the customers that the model was fitted to; NULL if it does not tell';

CREATE FUNCTION model_aic(model purchase_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'purchase_model_aic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_aic(purchase_model) IS
	'Akaike''s information criterion, to compare models of the same customers: less is better; NULL without a log likelihood';

CREATE FUNCTION model_aic(model spend_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'spend_model_aic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_aic(spend_model) IS
	'Akaike''s information criterion, to compare models of the same customers: less is better; NULL without a log likelihood';

CREATE FUNCTION model_bic(model purchase_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'purchase_model_bic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_bic(purchase_model) IS
	'the Bayesian information criterion, to compare models of the same customers: less is better; NULL without n and a log likelihood';

CREATE FUNCTION model_bic(model spend_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'spend_model_bic' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION model_bic(spend_model) IS
	'the Bayesian information criterion, to compare models of the same customers: less is better; NULL without n and a log likelihood';

CREATE FUNCTION accept_model(model purchase_model) RETURNS purchase_model
	AS 'MODULE_PATHNAME', 'purchase_model_accept' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION accept_model(purchase_model) IS
	'the model, marked as usable although its fit did not converge; any other as it is';

CREATE FUNCTION accept_model(model spend_model) RETURNS spend_model
	AS 'MODULE_PATHNAME', 'spend_model_accept' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION accept_model(spend_model) IS
	'the model, marked as usable although its fit did not converge; any other as it is';
