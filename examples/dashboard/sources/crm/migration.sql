-- Who went where in the year before the last evaluation.
SELECT old_name AS old_tier, coalesce(old_rank, 9) AS old_rank, new_name AS new_tier, coalesce(new_rank, 9) AS new_rank,
       old_name || CASE WHEN entered THEN '' ELSE to_char(from_day, ' YYYY') END AS source,
       new_name || CASE WHEN gone THEN '' ELSE to_char(to_day, ' YYYY') END AS target,
       customers, share, value,
       CASE WHEN entered THEN 'came' WHEN gone THEN 'left' WHEN new_rank < old_rank THEN 'rose'
            WHEN new_rank > old_rank THEN 'fell' ELSE 'stayed' END AS way
FROM (SELECT complete_as_of AS to_day, (complete_as_of - interval '1 year')::date AS from_day FROM loyalty.program) days,
     tier_migration('loyalty', from_day, to_day),
     LATERAL (SELECT CASE WHEN entered THEN 'new' ELSE coalesce(old_tier, 'not graded') END AS old_name,
                     CASE WHEN gone THEN 'left' ELSE coalesce(new_tier, 'not graded') END AS new_name) names
ORDER BY old_rank, new_rank;
