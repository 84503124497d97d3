-- What models of lifetime value need to know of customers, in days: they began
-- within the last three years, buy at rates of their own, and drop out after
-- purchases at odds of their own.
CREATE TABLE histories AS
SELECT id AS customer_id, (count(*) FILTER (WHERE day <= age))::float8 AS x, coalesce(max(day) FILTER (WHERE day <= age), 0)::float8 AS t_x, age::float8 AS t, round((20 * exp(bell(id, 40)))::numeric, 2)::float8 AS mean
FROM (SELECT id, age, ceil(sum(-ln(dice(id, 100 + k))) OVER (PARTITION BY id ORDER BY k) * 90 / -ln(dice(id, 41))) AS day
      FROM (SELECT id, 1 + floor(1095 * dice(id, 42)) AS age, least(30, 1 + floor(ln(dice(id, 43)) / ln(dice(id, 44) ^ 0.4)))::int AS chances
            FROM generate_series(1, :customers) AS id) c, generate_series(1, chances) AS k) p
GROUP BY id, age;
