-- test/differential/natural.sql: natural breaks, by trying all of them. Needs
-- definitions.sql before it.

-- the distinct values of small sets, with sums from the lowest on; 0: none yet
CREATE TEMP TABLE points AS
SELECT set_id, value, point, npoints,
  sum(n) OVER (w) AS sum0, sum(n * value) OVER (w) AS sum1, sum(n * value * value) OVER (w) AS sum2
FROM (SELECT set_id, value, count(*) AS n, count(*) OVER (s) AS npoints,
        row_number() OVER (s ORDER BY value) AS point
      FROM sample WHERE value IS NOT NULL GROUP BY set_id, value WINDOW s AS (PARTITION BY set_id)) v
WHERE npoints <= 11
WINDOW w AS (PARTITION BY set_id ORDER BY point);
INSERT INTO points
SELECT DISTINCT set_id, NULL::numeric, 0, npoints, 0, 0, 0 FROM points;
ANALYZE points;

-- the points after low up to high, as one group: the squares around its mean
CREATE TEMP TABLE groups AS
SELECT a.set_id, a.npoints, a.point AS low, b.point AS high,
  ((b.sum2 - a.sum2) * (b.sum0 - a.sum0) - (b.sum1 - a.sum1) * (b.sum1 - a.sum1))
    / (b.sum0 - a.sum0) AS cost
FROM points a JOIN points b ON a.set_id = b.set_id AND a.point < b.point;
ANALYZE groups;

-- the points before each break, for one to three natural tiers
CREATE TEMP TABLE partitions AS
WITH RECURSIVE partition AS (
  SELECT set_id, npoints, 0 AS ntiers, '{}'::bigint[] AS breaks, high, cost
  FROM groups WHERE low = 0
  UNION ALL
  SELECT p.set_id, p.npoints, ntiers + 1, breaks || p.high, g.high, p.cost + g.cost
  FROM partition p JOIN groups g ON g.set_id = p.set_id AND g.low = p.high
  WHERE ntiers < 3
)
SELECT * FROM partition WHERE high = npoints AND ntiers > 0;

-- the least cost; equal costs: the fewest in the best tier, then in the next
CREATE TEMP TABLE natural_expected AS
SELECT value, digest, ntiers,
  'T' || 1 + (SELECT count(*) FROM unnest(high) b WHERE point <= b) AS high_tier,
  'T' || 1 + (SELECT count(*) FROM unnest(low) b WHERE point > b) AS low_tier
FROM points
JOIN (SELECT set_id, ntiers,
        max(ARRAY(SELECT b FROM unnest(breaks) b ORDER BY b DESC)) AS high,
        min(breaks) AS low
      FROM (SELECT *, min(cost) OVER (PARTITION BY set_id, ntiers) AS least
            FROM partitions) p
      WHERE cost <= least * (1 + 1e-9)
      GROUP BY set_id, ntiers) p USING (set_id)
JOIN (SELECT set_id, value_digest(value, 4096) AS digest FROM sample GROUP BY set_id) d USING (set_id)
WHERE point > 0
ORDER BY set_id, ntiers;
