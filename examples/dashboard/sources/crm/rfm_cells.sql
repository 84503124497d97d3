-- The map: how recently and how often, in fifths; who is in each cell.
SELECT s.segment, s.recency AS r, s.frequency AS f, count(c.account_id) AS customers, coalesce(sum(c.monetary), 0) AS value
FROM rfm_segment_cells(named_segments('recency_frequency')) s
LEFT JOIN scored c ON c.score / 10 = s.score
GROUP BY s.segment, s.recency, s.frequency ORDER BY r DESC, f;
