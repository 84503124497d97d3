/* src/clv/clv_validate.sql */

-- The query names the columns of a table that the caller chooses: {customer}
-- and the like are put in as identifiers.
CREATE FUNCTION clv_validate(orders regclass, customer text, ordered_at text, amount text, calibration_end date, holdout_end date,
	unit text DEFAULT 'week', model text DEFAULT 'bgnbd',
	OUT part text, OUT number integer, OUT customers bigint, OUT expected double precision, OUT actual bigint) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	days double precision;
	other varchar;
	query varchar := $query$
		WITH purchases AS MATERIALIZED (
			SELECT DISTINCT o.{customer} AS customer, pg_catalog.date(o.{ordered_at}) AS day
			FROM {orders} o
			WHERE o.{amount} OPERATOR(pg_catalog.>=) 0 AND pg_catalog.date(o.{ordered_at}) OPERATOR(pg_catalog.<=) $2),
		cohort AS MATERIALIZED (
			SELECT pg_catalog.min(p.day) AS first, @extschema@.clv_measures(p.day, 1, $1, $3) AS measures,
				   pg_catalog.count(*) FILTER (WHERE p.day OPERATOR(pg_catalog.>) $1) AS later,
				   pg_catalog.array_agg(p.day) AS days
			FROM purchases p GROUP BY p.customer HAVING pg_catalog.min(p.day) OPERATOR(pg_catalog.<=) $1),
		fitted AS MATERIALIZED (
			SELECT @extschema@.{fit}(c.measures) AS model, pg_catalog.min(c.first) AS start FROM cohort c),
		groups AS (
			SELECT LEAST((c.measures).frequency, 7) AS number, pg_catalog.count(*) AS customers,
				   pg_catalog.sum(@extschema@.expected_purchases(f.model, ($2 OPERATOR(pg_catalog.-) $1) OPERATOR(pg_catalog./) $4, c.measures)) AS expected,
				   pg_catalog.sum(c.later) AS actual
			FROM cohort c, fitted f GROUP BY 1),
		periods AS (
			SELECT n, f.start OPERATOR(pg_catalog.+) CAST(pg_catalog.floor(n OPERATOR(pg_catalog.*) $4) AS integer) AS day, f.model
			FROM fitted f, pg_catalog.generate_series(0, CAST(pg_catalog.ceil(($2 OPERATOR(pg_catalog.-) f.start OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog./) $4) AS integer)) AS n),
		starts AS (SELECT c.first, pg_catalog.count(*) AS customers FROM cohort c GROUP BY c.first),
		foreseen AS (
			SELECT p.n, p.day, pg_catalog.sum(s.customers) AS customers,
				   pg_catalog.sum(s.customers OPERATOR(pg_catalog.*) @extschema@.expected_purchases(p.model, (p.day OPERATOR(pg_catalog.-) s.first) OPERATOR(pg_catalog./) $4)) AS until
			FROM periods p JOIN starts s ON s.first OPERATOR(pg_catalog.<) p.day GROUP BY p.n, p.day),
		repeats AS (
			SELECT day, pg_catalog.count(*) AS purchases
			FROM cohort c, pg_catalog.unnest(c.days) AS day WHERE day OPERATOR(pg_catalog.>) c.first GROUP BY day),
		came AS (
			SELECT p.n, pg_catalog.sum(r.purchases) AS until FROM periods p JOIN repeats r ON r.day OPERATOR(pg_catalog.<) p.day GROUP BY p.n)
		SELECT 'group', CAST(g.number AS integer), g.customers, g.expected, CAST(g.actual AS bigint) FROM groups g
		UNION ALL
		SELECT 'period', f.n, CAST(f.customers AS bigint),
			   f.until OPERATOR(pg_catalog.-) pg_catalog.lag(f.until, 1, 0) OVER in_time,
			   CAST(COALESCE(c.until, 0) OPERATOR(pg_catalog.-) COALESCE(pg_catalog.lag(c.until) OVER in_time, 0) AS bigint)
		FROM foreseen f LEFT JOIN came c ON c.n OPERATOR(pg_catalog.=) f.n
		WINDOW in_time AS (ORDER BY f.n)
		ORDER BY 1, 2 $query$;
BEGIN
	IF model OPERATOR(pg_catalog.<>) ALL (ARRAY['bgnbd', 'mbgnbd', 'pareto_nbd']) THEN
		RAISE EXCEPTION 'clv_validate does not know the model "%"', model
			USING ERRCODE := 'invalid_parameter_value', HINT := 'The models are bgnbd, mbgnbd and pareto_nbd.';
	END IF;
	IF calibration_end OPERATOR(pg_catalog.>=) holdout_end THEN
		RAISE EXCEPTION 'holdout_end % must be later than calibration_end %', holdout_end, calibration_end
			USING ERRCODE := 'invalid_parameter_value';
	END IF;

	-- clv_measures takes any type: a function that somebody has made here for
	-- these very types would be called instead, with the rights of who calls
	SELECT pg_catalog.concat(CAST(p.oid AS pg_catalog.regprocedure)) INTO other
	FROM pg_catalog.pg_proc p
	WHERE p.proname OPERATOR(pg_catalog.=) 'clv_measures'
		AND p.pronamespace OPERATOR(pg_catalog.=) CAST('@extschema@' AS pg_catalog.regnamespace)
		AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
			WHERE d.classid OPERATOR(pg_catalog.=) p.tableoid
				AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e');
	IF other IS NOT NULL THEN
		RAISE EXCEPTION 'clv_validate might call %, which is not of customer_tier', other
			USING ERRCODE := 'ambiguous_function', HINT := 'Drop it, and let nobody else create functions in the schema of customer_tier.';
	END IF;

	-- how many days a unit has: what one day is in it tells
	days := 1 OPERATOR(pg_catalog./) (SELECT (m.m).age FROM (
		SELECT @extschema@.clv_measures(pg_catalog.make_date(2000, 1, 1), 1, pg_catalog.make_date(2000, 1, 2), unit) AS m) m);

	query := pg_catalog.replace(query, '{orders}', pg_catalog.concat(orders));
	query := pg_catalog.replace(query, '{fit}', pg_catalog.quote_ident(pg_catalog.concat(model, '_fit')));
	query := pg_catalog.replace(query, '{customer}', pg_catalog.quote_ident(customer));
	query := pg_catalog.replace(query, '{ordered_at}', pg_catalog.quote_ident(ordered_at));
	query := pg_catalog.replace(query, '{amount}', pg_catalog.quote_ident(amount));
	RETURN QUERY EXECUTE query USING calibration_end, holdout_end, unit, days;
END
$$;
COMMENT ON FUNCTION clv_validate(regclass, text, text, text, date, date, text, text) IS
	'fit a model to the orders until calibration_end, and compare what it expects with what came until holdout_end: by repeat purchases before (part group, 7 for 7 and more), and by unit of time from the first order on (part period); customer, ordered_at and amount name columns; reads the table';
