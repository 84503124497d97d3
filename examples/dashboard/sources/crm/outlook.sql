-- What comes at the next evaluation if nobody buys more, tier by tier.
SELECT tier, rank, count(*) AS customers, sum(bought) AS bought,
       count(*) FILTER (WHERE new_rank > rank) AS falling, sum(bought) FILTER (WHERE new_rank > rank) AS bought_falling,
       count(*) FILTER (WHERE new_rule = 'left') AS leaving,
       count(*) FILTER (WHERE rule = 'grace') AS in_grace,
       count(*) FILTER (WHERE to_rise BETWEEN 0 AND 100) AS nearly_up,
       (SELECT complete_as_of + interval '3 months' FROM loyalty.program)::date AS as_of
FROM outlook GROUP BY tier, rank ORDER BY rank;
