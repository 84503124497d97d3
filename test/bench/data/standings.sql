-- The customers as they stood half a year ago, and what is measured now: as
-- then, but for one in twenty who bought a third.
CREATE TABLE standings AS
SELECT customer_id,
       (CASE WHEN dice(customer_id, 11) < 0.05 THEN bought / 3 ELSE bought END)::numeric(14,2) AS revenue,
       tier_step(NULL, bought, '2026-01-01', 'A >= 5000, B >= 1000, C', 'hold 6 months; grace 3 months') AS standing
FROM customers, LATERAL coalesce(revenue, 0) AS bought;
