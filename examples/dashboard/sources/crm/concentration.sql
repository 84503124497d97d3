-- How much hangs on how few: for all, and region by region.
SELECT coalesce(region, 'All') AS region, region IS NULL AS is_total, digest_count(d) AS customers, digest_sum(d) AS value,
       digest_top_share(d, 0.01) AS top_hundredth, digest_top_share(d, 0.2) AS top_fifth,
       digest_concentration(d, 10) AS ten_largest, digest_gini(d) AS gini, digest_quantile(d, 0.5) AS median, digest_mean(d) AS mean
FROM (SELECT region, value_digest(revenue, 65536) AS d FROM customers GROUP BY GROUPING SETS ((region), ())) digests
ORDER BY is_total DESC, value DESC;
