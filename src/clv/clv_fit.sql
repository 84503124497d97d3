/* src/clv/clv_fit.sql */

-- private functions

CREATE FUNCTION clv_fit_accum(bytea, double precision, double precision, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_accum(bytea, double precision, double precision, double precision) IS 'transition function of the fits of purchase models';

CREATE FUNCTION clv_fit_unit_accum(bytea, double precision, double precision, double precision, text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_unit_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_unit_accum(bytea, double precision, double precision, double precision, text) IS 'transition function of the fits of purchase models';

CREATE FUNCTION clv_fit_weight_accum(bytea, double precision, double precision, double precision, bigint, text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_weight_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_weight_accum(bytea, double precision, double precision, double precision, bigint, text) IS 'transition function of the fits of purchase models';

CREATE FUNCTION clv_fit_penalty_accum(bytea, double precision, double precision, double precision, bigint, text, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_penalty_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_penalty_accum(bytea, double precision, double precision, double precision, bigint, text, double precision) IS 'transition function of the fits of purchase models';

CREATE FUNCTION clv_fit_measures_accum(bytea, clv_measures) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_measures_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_measures_accum(bytea, clv_measures) IS 'transition function of the fits of purchase models';

CREATE FUNCTION clv_fit_measures_penalty_accum(bytea, clv_measures, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_measures_penalty_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_measures_penalty_accum(bytea, clv_measures, double precision) IS 'transition function of the fits of purchase models';

CREATE FUNCTION spend_fit_accum(bytea, double precision, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'spend_fit_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION spend_fit_accum(bytea, double precision, double precision) IS 'transition function of gamma_gamma_fit';

CREATE FUNCTION spend_fit_weight_accum(bytea, double precision, double precision, bigint) RETURNS bytea
	AS 'MODULE_PATHNAME', 'spend_fit_weight_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION spend_fit_weight_accum(bytea, double precision, double precision, bigint) IS 'transition function of gamma_gamma_fit';

CREATE FUNCTION spend_fit_penalty_accum(bytea, double precision, double precision, bigint, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'spend_fit_penalty_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION spend_fit_penalty_accum(bytea, double precision, double precision, bigint, double precision) IS 'transition function of gamma_gamma_fit';

CREATE FUNCTION spend_fit_measures_accum(bytea, clv_measures) RETURNS bytea
	AS 'MODULE_PATHNAME', 'spend_fit_measures_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION spend_fit_measures_accum(bytea, clv_measures) IS 'transition function of gamma_gamma_fit';

CREATE FUNCTION spend_fit_measures_penalty_accum(bytea, clv_measures, double precision) RETURNS bytea
	AS 'MODULE_PATHNAME', 'spend_fit_measures_penalty_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION spend_fit_measures_penalty_accum(bytea, clv_measures, double precision) IS 'transition function of gamma_gamma_fit';

CREATE FUNCTION clv_fit_combine(bytea, bytea) RETURNS bytea
	AS 'MODULE_PATHNAME', 'clv_fit_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_combine(bytea, bytea) IS 'combine function of the fits';

CREATE FUNCTION bgnbd_fit_final(bytea) RETURNS purchase_model
	AS 'MODULE_PATHNAME', 'bgnbd_fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bgnbd_fit_final(bytea) IS 'final function of bgnbd_fit';

CREATE FUNCTION mbgnbd_fit_final(bytea) RETURNS purchase_model
	AS 'MODULE_PATHNAME', 'mbgnbd_fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION mbgnbd_fit_final(bytea) IS 'final function of mbgnbd_fit';

CREATE FUNCTION pareto_nbd_fit_final(bytea) RETURNS purchase_model
	AS 'MODULE_PATHNAME', 'pareto_nbd_fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION pareto_nbd_fit_final(bytea) IS 'final function of pareto_nbd_fit';

CREATE FUNCTION bgbb_fit_final(bytea) RETURNS purchase_model
	AS 'MODULE_PATHNAME', 'bgbb_fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bgbb_fit_final(bytea) IS 'final function of bgbb_fit';

CREATE FUNCTION gamma_gamma_fit_final(bytea) RETURNS spend_model
	AS 'MODULE_PATHNAME', 'gamma_gamma_fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION gamma_gamma_fit_final(bytea) IS 'final function of gamma_gamma_fit';

-- aggregates

CREATE AGGREGATE bgnbd_fit(x double precision, t_x double precision, t double precision) (
	SFUNC = clv_fit_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(double precision, double precision, double precision) IS
	'the model BG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgnbd_fit(x double precision, t_x double precision, t double precision, unit text) (
	SFUNC = clv_fit_unit_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(double precision, double precision, double precision, text) IS
	'the model BG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgnbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text) (
	SFUNC = clv_fit_weight_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(double precision, double precision, double precision, bigint, text) IS
	'the model BG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgnbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text, penalty double precision) (
	SFUNC = clv_fit_penalty_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(double precision, double precision, double precision, bigint, text, double precision) IS
	'the model BG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgnbd_fit(measures clv_measures) (
	SFUNC = clv_fit_measures_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(clv_measures) IS
	'the model BG/NBD that is most likely for these customers; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgnbd_fit(measures clv_measures, penalty double precision) (
	SFUNC = clv_fit_measures_penalty_accum, STYPE = bytea, FINALFUNC = bgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgnbd_fit(clv_measures, double precision) IS
	'the model BG/NBD that is most likely for these customers; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(x double precision, t_x double precision, t double precision) (
	SFUNC = clv_fit_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(double precision, double precision, double precision) IS
	'the model MBG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(x double precision, t_x double precision, t double precision, unit text) (
	SFUNC = clv_fit_unit_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(double precision, double precision, double precision, text) IS
	'the model MBG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text) (
	SFUNC = clv_fit_weight_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(double precision, double precision, double precision, bigint, text) IS
	'the model MBG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text, penalty double precision) (
	SFUNC = clv_fit_penalty_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(double precision, double precision, double precision, bigint, text, double precision) IS
	'the model MBG/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(measures clv_measures) (
	SFUNC = clv_fit_measures_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(clv_measures) IS
	'the model MBG/NBD that is most likely for these customers; NULLs are left out; NULL without customers';

CREATE AGGREGATE mbgnbd_fit(measures clv_measures, penalty double precision) (
	SFUNC = clv_fit_measures_penalty_accum, STYPE = bytea, FINALFUNC = mbgnbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE mbgnbd_fit(clv_measures, double precision) IS
	'the model MBG/NBD that is most likely for these customers; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(x double precision, t_x double precision, t double precision) (
	SFUNC = clv_fit_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(double precision, double precision, double precision) IS
	'the model Pareto/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(x double precision, t_x double precision, t double precision, unit text) (
	SFUNC = clv_fit_unit_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(double precision, double precision, double precision, text) IS
	'the model Pareto/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text) (
	SFUNC = clv_fit_weight_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(double precision, double precision, double precision, bigint, text) IS
	'the model Pareto/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text, penalty double precision) (
	SFUNC = clv_fit_penalty_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(double precision, double precision, double precision, bigint, text, double precision) IS
	'the model Pareto/NBD that is most likely for these customers: x repeat purchases, the last at t_x, seen until t, from the first purchase, in a unit of time, with the number of customers that a row stands for; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(measures clv_measures) (
	SFUNC = clv_fit_measures_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(clv_measures) IS
	'the model Pareto/NBD that is most likely for these customers; NULLs are left out; NULL without customers';

CREATE AGGREGATE pareto_nbd_fit(measures clv_measures, penalty double precision) (
	SFUNC = clv_fit_measures_penalty_accum, STYPE = bytea, FINALFUNC = pareto_nbd_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE pareto_nbd_fit(clv_measures, double precision) IS
	'the model Pareto/NBD that is most likely for these customers; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(x double precision, t_x double precision, t double precision) (
	SFUNC = clv_fit_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(double precision, double precision, double precision) IS
	'the model BG/BB that is most likely for these customers: x repeat purchases, the last at occasion t_x of t occasions; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(x double precision, t_x double precision, t double precision, unit text) (
	SFUNC = clv_fit_unit_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(double precision, double precision, double precision, text) IS
	'the model BG/BB that is most likely for these customers: x repeat purchases, the last at occasion t_x of t occasions, in a unit of time; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text) (
	SFUNC = clv_fit_weight_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(double precision, double precision, double precision, bigint, text) IS
	'the model BG/BB that is most likely for these customers: x repeat purchases, the last at occasion t_x of t occasions, in a unit of time, with the number of customers that a row stands for; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(x double precision, t_x double precision, t double precision, weight bigint, unit text, penalty double precision) (
	SFUNC = clv_fit_penalty_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(double precision, double precision, double precision, bigint, text, double precision) IS
	'the model BG/BB that is most likely for these customers: x repeat purchases, the last at occasion t_x of t occasions, in a unit of time, with the number of customers that a row stands for; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(measures clv_measures) (
	SFUNC = clv_fit_measures_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(clv_measures) IS
	'the model BG/BB that is most likely for these customers; NULLs are left out; NULL without customers';

CREATE AGGREGATE bgbb_fit(measures clv_measures, penalty double precision) (
	SFUNC = clv_fit_measures_penalty_accum, STYPE = bytea, FINALFUNC = bgbb_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bgbb_fit(clv_measures, double precision) IS
	'the model BG/BB that is most likely for these customers; a penalty on the squares of the parameters, which keeps them small; NULLs are left out; NULL without customers';

CREATE AGGREGATE gamma_gamma_fit(x double precision, mean_spend double precision) (
	SFUNC = spend_fit_accum, STYPE = bytea, FINALFUNC = gamma_gamma_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gamma_gamma_fit(double precision, double precision) IS
	'the model Gamma-Gamma that is most likely for what these customers spend: the mean of x repeat purchases each; without repeat purchases and NULLs are left out; NULL without customers';

CREATE AGGREGATE gamma_gamma_fit(x double precision, mean_spend double precision, weight bigint) (
	SFUNC = spend_fit_weight_accum, STYPE = bytea, FINALFUNC = gamma_gamma_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gamma_gamma_fit(double precision, double precision, bigint) IS
	'the model Gamma-Gamma that is most likely for what these customers spend: the mean of x repeat purchases each, with the number of customers that a row stands for; without repeat purchases and NULLs are left out; NULL without customers';

CREATE AGGREGATE gamma_gamma_fit(x double precision, mean_spend double precision, weight bigint, penalty double precision) (
	SFUNC = spend_fit_penalty_accum, STYPE = bytea, FINALFUNC = gamma_gamma_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gamma_gamma_fit(double precision, double precision, bigint, double precision) IS
	'the model Gamma-Gamma that is most likely for what these customers spend: the mean of x repeat purchases each, with the number of customers that a row stands for; a penalty on the squares of the parameters, which keeps them small; without repeat purchases and NULLs are left out; NULL without customers';

CREATE AGGREGATE gamma_gamma_fit(measures clv_measures) (
	SFUNC = spend_fit_measures_accum, STYPE = bytea, FINALFUNC = gamma_gamma_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gamma_gamma_fit(clv_measures) IS
	'the model Gamma-Gamma that is most likely for what these customers spend; without repeat purchases and NULLs are left out; NULL without customers';

CREATE AGGREGATE gamma_gamma_fit(measures clv_measures, penalty double precision) (
	SFUNC = spend_fit_measures_penalty_accum, STYPE = bytea, FINALFUNC = gamma_gamma_fit_final, COMBINEFUNC = clv_fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gamma_gamma_fit(clv_measures, double precision) IS
	'the model Gamma-Gamma that is most likely for what these customers spend; a penalty on the squares of the parameters, which keeps them small; without repeat purchases and NULLs are left out; NULL without customers';
