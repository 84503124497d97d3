-- the model of standing_model.sql against tier_step and against the fold
SELECT count(*) > 0 AS any, count(*) FILTER (WHERE step IS DISTINCT FROM model) AS wrong_step FROM stepped;

SELECT count(*) > 0 AS any, count(*) FILTER (WHERE standing IS DISTINCT FROM model) AS wrong_window
FROM stepped JOIN (
  SELECT id, as_of, tier_standing(value, as_of, scheme, rules, customer_since) OVER (PARTITION BY id ORDER BY as_of) AS standing
  FROM evaluation JOIN member USING (id)) w USING (id, as_of);

SELECT count(*) > 0 AS any, count(*) FILTER (WHERE standing IS DISTINCT FROM last) AS wrong_fold
FROM (SELECT DISTINCT ON (id) id, model AS last FROM stepped ORDER BY id, as_of DESC) s JOIN (
  SELECT id, tier_standing(value, as_of, scheme, rules, customer_since ORDER BY as_of) AS standing
  FROM evaluation JOIN member USING (id) GROUP BY id) f USING (id);

-- by label, where no bar is kept
SELECT count(*) > 0 AS any, count(*) FILTER (WHERE standing IS DISTINCT FROM model) AS wrong_label
FROM stepped JOIN (
  SELECT id, as_of, tier_standing_label(tier_of(value, scheme), as_of, scheme, rules, customer_since)
    OVER (PARTITION BY id ORDER BY as_of) AS standing
  FROM evaluation JOIN member USING (id) WHERE (p).keeps IS NULL) w USING (id, as_of);
