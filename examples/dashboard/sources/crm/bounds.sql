-- What each tier takes.
SELECT tier, rank, edge::numeric AS bound FROM loyalty.program, tier_list(scheme) WHERE edge IS NOT NULL ORDER BY rank;
