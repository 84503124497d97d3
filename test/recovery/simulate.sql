-- Customers who do as the models say, with draws that are the same on every
-- server. The shapes r, a, s, and so on are 1 where that makes a draw a simple
-- formula of a uniform one: an exponential, or 1 - u^(1/b).

-- A uniform draw in (0, 1), of a customer, for a purpose.
CREATE FUNCTION uniform(customer bigint, purpose bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	'SELECT (((hashint8extended($1, $2) >> 12) & 4503599627370495) + 0.5) / 4503599627370496.0';

-- BG/NBD with r = 1, a = 1; with early chances 1 MBG/NBD. T is 13, 26, 39 or 52.
CREATE FUNCTION simulate_bgnbd(customers int, seed int, alpha float8, b float8, early int DEFAULT 0)
RETURNS TABLE (x int, t_x float8, t float8) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	key bigint;
	rate float8;
	leaves float8;
	at float8;
BEGIN
	FOR i IN 1 .. customers LOOP
		key := seed::bigint * 10000000 + i;
		rate := -ln(uniform(key, 1)) / alpha;
		leaves := 1 - uniform(key, 2) ^ (1 / b);
		t := 13 * (1 + i % 4);
		x := 0;
		t_x := 0;
		at := 0;
		IF early = 0 OR uniform(key, 3) > leaves THEN
			LOOP
				at := at - ln(uniform(key, 10 + 2 * x)) / rate;
				EXIT WHEN at > t;
				x := x + 1;
				t_x := at;
				EXIT WHEN uniform(key, 9 + 2 * x) < leaves;
			END LOOP;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;

-- Pareto/NBD with r = 1 and s = 1.
CREATE FUNCTION simulate_pareto_nbd(customers int, seed int, alpha float8, beta float8)
RETURNS TABLE (x int, t_x float8, t float8) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	key bigint;
	rate float8;
	death float8;
	at float8;
BEGIN
	FOR i IN 1 .. customers LOOP
		key := seed::bigint * 10000000 + i;
		rate := -ln(uniform(key, 1)) / alpha;
		death := beta * ln(uniform(key, 2)) / ln(uniform(key, 3));
		t := 13 * (1 + i % 4);
		x := 0;
		t_x := 0;
		at := 0;
		LOOP
			at := at - ln(uniform(key, 10 + x)) / rate;
			EXIT WHEN at > least(t, death);
			x := x + 1;
			t_x := at;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;

-- BG/BB with alpha = 1 and gamma = 1, over 4 to 7 occasions.
CREATE FUNCTION simulate_bgbb(customers int, seed int, beta float8, delta float8)
RETURNS TABLE (x int, t_x float8, t float8) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	key bigint;
	buys float8;
	leaves float8;
BEGIN
	FOR i IN 1 .. customers LOOP
		key := seed::bigint * 10000000 + i;
		buys := 1 - uniform(key, 1) ^ (1 / beta);
		leaves := 1 - uniform(key, 2) ^ (1 / delta);
		t := 4 + i % 4;
		x := 0;
		t_x := 0;
		FOR n IN 1 .. t::int LOOP
			EXIT WHEN uniform(key, 9 + 2 * n) < leaves;
			IF uniform(key, 10 + 2 * n) < buys THEN
				x := x + 1;
				t_x := n;
			END IF;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;

-- Gamma-Gamma with p = 1 and q = 3: up to 8 purchases.
CREATE FUNCTION simulate_gamma_gamma(customers int, seed int, gamma float8)
RETURNS TABLE (x int, mean float8) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	key bigint;
	rate float8;
BEGIN
	FOR i IN 1 .. customers LOOP
		key := seed::bigint * 10000000 + i;
		rate := -ln(uniform(key, 1) * uniform(key, 2) * uniform(key, 3)) / gamma;
		x := 1 + i % 8;
		mean := 0;
		FOR n IN 1 .. x LOOP
			mean := mean - ln(uniform(key, 9 + n)) / rate / x;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;

-- One row for each parameter of each of many fits: how many standard errors
-- the estimate is away from the truth.
CREATE FUNCTION recover(customers int, seed int) RETURNS TABLE (model text, parameter text, error float8, status text) LANGUAGE sql AS $$
	WITH fits AS (
		SELECT 'bgnbd' AS model, (SELECT bgnbd_fit(x, t_x, t) FROM simulate_bgnbd(customers, seed, 10, 2.5)) AS p, NULL::spend_model AS s, '{1,10,1,2.5}'::float8[] AS truth
		UNION ALL SELECT 'mbgnbd', (SELECT mbgnbd_fit(x, t_x, t) FROM simulate_bgnbd(customers, seed + 1000, 10, 2.5, 1)), NULL, '{1,10,1,2.5}'
		UNION ALL SELECT 'pareto_nbd', (SELECT pareto_nbd_fit(x, t_x, t) FROM simulate_pareto_nbd(customers, seed + 2000, 6, 12)), NULL, '{1,6,1,12}'
		UNION ALL SELECT 'bgbb', (SELECT bgbb_fit(x, t_x, t) FROM simulate_bgbb(customers, seed + 3000, 0.8, 3)), NULL, '{1,0.8,1,3}'
		UNION ALL SELECT 'gamma_gamma', NULL, (SELECT gamma_gamma_fit(x, mean) FROM simulate_gamma_gamma(customers, seed + 4000, 20)), '{1,3,20}')
	SELECT f.model, parameter, (estimate - truth[ordinality]) / standard_error, substring(coalesce(p::text, s::text) FROM '[^,]*$')
	FROM fits f, LATERAL (SELECT * FROM model_parameters(p) WITH ORDINALITY WHERE p IS NOT NULL UNION ALL SELECT * FROM model_parameters(s) WITH ORDINALITY WHERE s IS NOT NULL) q $$;
