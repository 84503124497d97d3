-- each row graded among its set, against the definition
SELECT kind, count(DISTINCT tier) AS tiers,
  count(*) FILTER (WHERE of_numeric IS DISTINCT FROM tier) AS wrong_numeric,
  count(*) FILTER (WHERE of_float8 IS DISTINCT FROM tier) AS wrong_float8
FROM (SELECT kind, CASE WHEN value IS NULL THEN NULL WHEN inside THEN 'In' ELSE 'Out' END AS tier,
        tier_among(value, scheme) OVER (PARTITION BY set_id, bound ORDER BY md5(id::text)) AS of_numeric,
        tier_among(value::float8, scheme) OVER (PARTITION BY set_id, bound) AS of_float8
      FROM (SELECT *, ('In ' || bound || ', Out')::tier_scheme AS scheme FROM expected) e) g
GROUP BY kind ORDER BY kind;
