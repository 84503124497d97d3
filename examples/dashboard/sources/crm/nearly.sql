-- How many lack how little to the next tier, in steps of 50.
SELECT tier, rank, 50 * floor(to_rise / 50) AS lacks, count(*) AS customers
FROM outlook WHERE to_rise >= 0 AND to_rise < 500 GROUP BY 1, 2, 3 ORDER BY rank, lacks;
