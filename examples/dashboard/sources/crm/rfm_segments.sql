-- The segments of that map, those that bring most first.
SELECT segment, count(*) AS customers, count(*)::float8 / sum(count(*)) OVER () AS share,
       sum(monetary) AS value, sum(monetary) / sum(sum(monetary)) OVER () AS value_share,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY recency) AS days_ago,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY frequency) AS orders,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY monetary) AS amount
FROM (SELECT *, rfm_segment(score / 10, (SELECT named_segments('recency_frequency'))) AS segment
      FROM scored WHERE score IS NOT NULL) segmented
GROUP BY segment ORDER BY value DESC;
