-- Pairs of customers of one program, evaluated on the same random dates, one
-- of them never measured worse than the other: it never stands worse either.
-- After standing_model.sql; needs :pairs, how many for each program.

CREATE TEMP TABLE pair AS
SELECT id, pair, as_of, worse, worse + CASE WHEN lower THEN - gain ELSE gain END AS better
FROM (SELECT id, pair, (p).lower, date '2024-01-01' + sum(gap) OVER (PARTITION BY id, pair ORDER BY i)::int AS as_of,
        CASE WHEN random() < 0.9 THEN floor(random() * 10 * ((p).measured + 2))::numeric END AS worse,
        CASE WHEN random() < 0.6 THEN floor(random() * 40)::numeric ELSE 0 END AS gain
      FROM (SELECT id, p, pair, i, 1 + floor(random() * random() * 400)::int AS gap
            FROM member, generate_series(1, :pairs) pair, generate_series(1, 8) i) g) e;

-- some pairs differ, in tier and in rule; rank 99: not graded
SELECT count(DISTINCT (id, pair)) FILTER (WHERE better_rank < worse_rank) > 0 AS some_better,
  count(*) FILTER (WHERE better_rule <> worse_rule) > 0 AS other_rules,
  count(*) FILTER (WHERE better_rank > worse_rank) AS wrong_worse
FROM (SELECT id, pair, coalesce(array_position((p).labels, (w).tier), 99) AS worse_rank,
        coalesce(array_position((p).labels, (b).tier), 99) AS better_rank, (w).rule AS worse_rule, (b).rule AS better_rule
      FROM (SELECT id, pair, p,
              tier_standing(worse, as_of, scheme, rules, customer_since) OVER o AS w,
              tier_standing(better, as_of, scheme, rules, customer_since) OVER o AS b
            FROM pair JOIN member USING (id)
            WINDOW o AS (PARTITION BY id, pair ORDER BY as_of)) s) r;
