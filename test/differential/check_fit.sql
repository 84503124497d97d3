-- the fit of each bound, graded, against its definition
WITH fits AS MATERIALIZED (
  SELECT set_id, bound, tier_fit(digest, ('In ' || bound || ', Out')::tier_scheme) AS scheme
  FROM (SELECT set_id, value_digest(value, 4096) AS digest FROM sample GROUP BY set_id) d, bounds
  WHERE (set_id + bound_id) % :part = 0
)
SELECT kind, count(DISTINCT tier) AS tiers, count(*) FILTER (WHERE tier_of(value, scheme) IS DISTINCT FROM tier) AS wrong
FROM (SELECT set_id, bound, kind, value,
        CASE WHEN value IS NULL THEN NULL WHEN inside THEN 'In' ELSE 'Out' END AS tier
      FROM expected) e
JOIN fits USING (set_id, bound)
GROUP BY kind ORDER BY kind;

-- several bounds in one ladder: who is inside many gets the first
WITH ladders AS (
  SELECT set_id, array_agg(bound ORDER BY random_order) AS bounds,
    string_agg(format('%s %s', md5(bound), bound), ', ' ORDER BY random_order) || ', Out' AS scheme
  FROM (SELECT DISTINCT ON (set_id, kind) set_id, bound, md5(set_id || bound) AS random_order
        FROM expected WHERE kind <> 'lowest' AND bound NOT LIKE '<%'
        ORDER BY set_id, kind, md5(set_id || bound)) b
  GROUP BY set_id
), fits AS MATERIALIZED (
  SELECT set_id, bounds, tier_fit(value_digest(value, 4096), scheme::tier_scheme) AS scheme
  FROM sample JOIN ladders USING (set_id) GROUP BY set_id, bounds, scheme
)
SELECT max(cardinality(bounds)) AS bounds, count(DISTINCT tier) > 3 AS tiers,
  count(*) FILTER (WHERE tier_of(value, scheme) IS DISTINCT FROM tier) AS wrong
FROM (SELECT set_id, value, CASE WHEN value IS NOT NULL
          THEN coalesce(md5(bounds[min(array_position(bounds, bound)) FILTER (WHERE inside)]), 'Out') END AS tier
      FROM expected JOIN fits USING (set_id) GROUP BY set_id, bounds, id, value) e
JOIN fits USING (set_id);

-- whole classes, when doubles only nearly hold the numbers
SELECT kind, set_id < 0 AS truncated, count(DISTINCT tier) AS tiers,
  count(*) FILTER (WHERE tier_of(value, of_numeric) IS DISTINCT FROM tier) AS wrong_numeric,
  count(*) FILTER (WHERE tier_of(value::float8, of_numeric) IS DISTINCT FROM tier) AS wrong_float8,
  count(*) FILTER (WHERE tier_of(value::float8, of_float8) IS DISTINCT FROM tier) AS wrong_of_float8
FROM wide_expected GROUP BY 1, 2 ORDER BY 1, 2;
SELECT digest_precision(of_numeric) < 52 AS truncated, count(*) > 2 AS many
FROM wide_digests GROUP BY 1 ORDER BY 1;

-- natural breaks, higher and lower is better
SELECT ntiers, count(DISTINCT high_tier) AS tiers,
  count(*) FILTER (WHERE tier_of(value, high) IS DISTINCT FROM high_tier) AS wrong_high,
  count(*) FILTER (WHERE tier_of(value, low) IS DISTINCT FROM low_tier) AS wrong_low
FROM (SELECT value, ntiers, high_tier, low_tier,
        tier_fit(digest, (tiers || ', T' || ntiers + 1)::tier_scheme) AS high,
        tier_fit(digest, ('T0 < -Infinity, ' || tiers || ', T' || ntiers + 1)::tier_scheme) AS low
      FROM natural_expected,
        LATERAL (SELECT string_agg('T' || t || ' natural', ', ') AS tiers FROM generate_series(1, ntiers) t) t) e
GROUP BY ntiers ORDER BY ntiers;
