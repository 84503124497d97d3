-- test/differential/natural.sql: natural breaks, by trying all of them. Needs
-- definitions.sql before it.

-- of small sets, the distinct values
CREATE TEMP TABLE points AS
SELECT *, count(*) OVER (PARTITION BY set_id) AS npoints,
  row_number() OVER (PARTITION BY set_id ORDER BY value) AS point,
  sum(n) OVER (w) AS sum0, sum(n * value) OVER (w) AS sum1,
  sum(n * value * value) OVER (w) AS sum2
FROM (SELECT set_id, value, count(*) AS n FROM sample
      WHERE value IS NOT NULL GROUP BY set_id, value) v
WINDOW w AS (PARTITION BY set_id ORDER BY value);

-- the points after low up to high, as one group: the squares around its mean
CREATE TEMP TABLE groups AS
SELECT b.set_id, a.low, b.point AS high,
  (b.sum2 - a.sum2) - (b.sum1 - a.sum1) * (b.sum1 - a.sum1) / (b.sum0 - a.sum0) AS cost
FROM points b
JOIN LATERAL (SELECT point AS low, sum0, sum1, sum2 FROM points p WHERE p.set_id = b.set_id AND p.point < b.point
              UNION ALL SELECT 0, 0, 0, 0) a ON true
WHERE b.npoints <= 12;

-- the least cost; equal costs: the fewest in the best tier, then in the next
CREATE TEMP TABLE partitions AS
SELECT 1 AS ntiers, a.set_id, ARRAY[a.high] AS breaks, a.cost + b.cost AS cost
FROM groups a JOIN groups b ON b.set_id = a.set_id AND b.low = a.high
JOIN (SELECT DISTINCT set_id, npoints FROM points) p ON p.set_id = a.set_id AND b.high = npoints
WHERE a.low = 0
UNION ALL
SELECT 2, a.set_id, ARRAY[a.high, b.high], a.cost + b.cost + c.cost
FROM groups a JOIN groups b ON b.set_id = a.set_id AND b.low = a.high
JOIN groups c ON c.set_id = a.set_id AND c.low = b.high
JOIN (SELECT DISTINCT set_id, npoints FROM points) p ON p.set_id = a.set_id AND c.high = npoints
WHERE a.low = 0
UNION ALL
SELECT 3, a.set_id, ARRAY[a.high, b.high, c.high], a.cost + b.cost + c.cost + d.cost
FROM groups a JOIN groups b ON b.set_id = a.set_id AND b.low = a.high
JOIN groups c ON c.set_id = a.set_id AND c.low = b.high
JOIN groups d ON d.set_id = a.set_id AND d.low = c.high
JOIN (SELECT DISTINCT set_id, npoints FROM points) p ON p.set_id = a.set_id AND d.high = npoints
WHERE a.low = 0;
