/* src/clv/clv_predict.sql */

-- COST: a few logarithms and exponentials, see grade.sql.
CREATE FUNCTION p_alive(model purchase_model, x double precision, t_x double precision, t double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION p_alive(purchase_model, double precision, double precision, double precision) IS
	'the probability that a customer is still one at t, or with bgbb will be at the next occasion: x repeat purchases, the last at t_x, in units of the model';

CREATE FUNCTION p_alive(model purchase_model, measures clv_measures) RETURNS double precision
	AS 'MODULE_PATHNAME', 'p_alive_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30;
COMMENT ON FUNCTION p_alive(purchase_model, clv_measures) IS
	'the probability that a customer is still one, or with bgbb will be at the next occasion; another unit than the model''s is an error';

CREATE FUNCTION expected_purchases(model purchase_model, horizon double precision, x double precision, t_x double precision, t double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30;
COMMENT ON FUNCTION expected_purchases(purchase_model, double precision, double precision, double precision, double precision) IS
	'the purchases expected of a customer within the horizon: x repeat purchases, the last at t_x, seen until t; all times in units of the model';

CREATE FUNCTION expected_purchases(model purchase_model, horizon double precision, measures clv_measures) RETURNS double precision
	AS 'MODULE_PATHNAME', 'expected_purchases_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 40;
COMMENT ON FUNCTION expected_purchases(purchase_model, double precision, clv_measures) IS
	'the purchases expected of a customer within the horizon, in units of the model; another unit of the measures is an error';

CREATE FUNCTION expected_purchases(model purchase_model, t double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'expected_purchases_new' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION expected_purchases(purchase_model, double precision) IS
	'the repeat purchases expected of a new customer until t, in units of the model';

CREATE FUNCTION purchase_probability(model purchase_model, n integer, t double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'purchase_probability' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION purchase_probability(purchase_model, integer, double precision) IS
	'the probability that a new customer makes n repeat purchases until t, in units of the model';

CREATE FUNCTION discounted_purchases(model purchase_model, horizon double precision, discount double precision, x double precision, t_x double precision, t double precision, step double precision DEFAULT 1) RETURNS double precision
	AS 'MODULE_PATHNAME', 'discounted_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 40;
COMMENT ON FUNCTION discounted_purchases(purchase_model, double precision, double precision, double precision, double precision, double precision, double precision) IS
	'the purchases expected of a customer within the horizon, which may be infinite, discounted by a share per step, at each step''s end; all times in units of the model';

CREATE FUNCTION discounted_purchases(model purchase_model, horizon double precision, discount double precision, measures clv_measures, step double precision DEFAULT 1) RETURNS double precision
	AS 'MODULE_PATHNAME', 'discounted_purchases_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION discounted_purchases(purchase_model, double precision, double precision, clv_measures, double precision) IS
	'the purchases expected of a customer within the horizon, which may be infinite, discounted by a share per step, at each step''s end; another unit than the model''s is an error';

CREATE FUNCTION expected_spend(model spend_model, x double precision, mean double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'expected_spend' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION expected_spend(spend_model, double precision, double precision) IS
	'the value expected of a customer''s purchases: x repeat purchases with this mean, which says nothing when x is 0';

CREATE FUNCTION expected_spend(model spend_model, measures clv_measures) RETURNS double precision
	AS 'MODULE_PATHNAME', 'expected_spend_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 15;
COMMENT ON FUNCTION expected_spend(spend_model, clv_measures) IS
	'the value expected of a customer''s purchases';

CREATE FUNCTION customer_value(purchases purchase_model, spend spend_model, horizon double precision, discount double precision, x double precision, t_x double precision, t double precision, mean double precision, step double precision DEFAULT 1) RETURNS double precision
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN @extschema@.discounted_purchases(purchases, horizon, discount, x, t_x, t, step)
		OPERATOR(pg_catalog.*) @extschema@.expected_spend(spend, x, mean);
COMMENT ON FUNCTION customer_value(purchase_model, spend_model, double precision, double precision, double precision, double precision, double precision, double precision, double precision) IS
	'the value of the purchases expected of a customer within the horizon, which may be infinite, discounted by a share per step, at each step''s end; all times in units of the model';

CREATE FUNCTION customer_value(purchases purchase_model, spend spend_model, horizon double precision, discount double precision, measures clv_measures, step double precision DEFAULT 1) RETURNS double precision
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN @extschema@.discounted_purchases(purchases, horizon, discount, measures, step)
		OPERATOR(pg_catalog.*) @extschema@.expected_spend(spend, measures);
COMMENT ON FUNCTION customer_value(purchase_model, spend_model, double precision, double precision, clv_measures, double precision) IS
	'the value of the purchases expected of a customer within the horizon, which may be infinite, discounted by a share per step, at each step''s end; another unit than the model''s is an error';

CREATE FUNCTION model_log_likelihood(model purchase_model, x double precision, t_x double precision, t double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'customer_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION model_log_likelihood(purchase_model, double precision, double precision, double precision) IS
	'the log likelihood of one customer, whether the model was fitted to it or not; the sum over others tells how well a model foresees';

CREATE FUNCTION model_log_likelihood(model purchase_model, measures clv_measures) RETURNS double precision
	AS 'MODULE_PATHNAME', 'customer_log_likelihood_measures' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30;
COMMENT ON FUNCTION model_log_likelihood(purchase_model, clv_measures) IS
	'the log likelihood of one customer, whether the model was fitted to it or not; another unit than the model''s is an error';
