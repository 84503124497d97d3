// What must stand on each page, by SQL. The queries are plain SQL over the
// demo's tables and the program's, not the functions that the pages use, but
// for tier_changes, whose causes no query tells so briefly.

// What everybody bought in the twelve months before the last evaluation.
const base = `
CREATE TEMPORARY VIEW day AS SELECT max(as_of) AS d, (max(as_of) - interval '1 year')::date AS before FROM loyalty.evaluations;
CREATE TEMPORARY VIEW bought AS
  SELECT account_id, sum(amount) AS amount FROM sales, day WHERE sold_on >= before AND sold_on < d GROUP BY account_id;
CREATE TEMPORARY VIEW now AS
  SELECT s.*, amount FROM loyalty.standing s LEFT JOIN bought USING (account_id);
CREATE TEMPORARY VIEW year_ago AS
  SELECT h.* FROM loyalty.history h, day WHERE valid_from <= before AND (valid_to > before OR valid_to IS NULL);
CREATE FUNCTION pg_temp.n(numeric) RETURNS text LANGUAGE sql AS $$SELECT to_char($1, 'FM999,999,999,990')$$;
CREATE FUNCTION pg_temp.pct(numeric) RETURNS text LANGUAGE sql AS $$SELECT to_char(100 * $1, 'FM990') || '%'$$;
CREATE FUNCTION pg_temp.pct1(numeric) RETURNS text LANGUAGE sql AS $$SELECT to_char(100 * $1, 'FM990.0') || '%'$$;
CREATE FUNCTION pg_temp.eur(numeric) RETURNS text LANGUAGE sql AS $$SELECT '€' || to_char($1, 'FM999,999,999,990')$$;
CREATE FUNCTION pg_temp.eur2(numeric) RETURNS text LANGUAGE sql AS $$SELECT '€' || to_char($1, 'FM999,999,999,990.00')$$;
CREATE FUNCTION pg_temp.eurm(numeric) RETURNS text LANGUAGE sql AS $$SELECT '€' || to_char($1 / 1000000, 'FM999,990.0') || 'M'$$;
SET search_path = public, pg_temp;
`;

// Customers by how lately and how often they bought, in fifths: percentiles of
// the days since the last order and of the number of orders.
const rfm = `
CREATE TEMPORARY VIEW measures AS
  SELECT account_id, d - 1 - max(ordered_on) AS days, count(*) AS orders, sum(amount) AS amount
  FROM (SELECT account_id, order_id, ordered_on, sum(amount) AS amount FROM orders JOIN order_lines USING (order_id) GROUP BY 1, 2, 3
        HAVING sum(amount) > 0) kept, day
  GROUP BY account_id, d;
`;

// The customer that the last page shows first: the largest who has been warned.
const shown = `CREATE TEMPORARY VIEW shown AS SELECT account_id FROM explained WHERE rule = 'grace' ORDER BY bought DESC LIMIT 1;`;

export const pages = [
	{
		path: '/',
		charts: 3,
		texts: [
			`${base} SELECT 'As of ' || to_char(d, 'FMDD FMMonth YYYY') || '.' FROM day`,
			`${base} SELECT format('%s of the customers are Gold and bring %s of the sales', pg_temp.pct(avg((rank = 1)::int)),
				pg_temp.pct(sum(amount) FILTER (WHERE rank = 1) / sum(amount))) FROM now`,
			`${base} SELECT 'Customers ' || pg_temp.n(count(*)) FROM now`,
			`${base} SELECT 'Sales in 12 months ' || pg_temp.eurm(sum(amount)) FROM now`,
			`${base} SELECT to_char(100 * (sum(amount) FILTER (WHERE sold_on >= before)
					/ sum(amount) FILTER (WHERE sold_on < before AND sold_on >= before - interval '1 year') - 1), 'FM990.0') || '% on the year before'
				FROM sales, day WHERE sold_on < d`,
			`${base} SELECT 'Rose at this evaluation ' || pg_temp.n(rose) FROM loyalty.evaluations, day WHERE as_of = d`,
			`${base} SELECT 'Fell at this evaluation ' || pg_temp.n(fell) FROM loyalty.evaluations, day WHERE as_of = d`,
			`SELECT scheme FROM loyalty.program`,
			`SELECT rules FROM loyalty.program`
		],
		tables: [
			`${base} SELECT tier, pg_temp.n(count(*)), pg_temp.pct(count(*) / sum(count(*)) OVER ()), pg_temp.eurm(sum(amount)),
				pg_temp.pct(sum(amount) / sum(sum(amount)) OVER ()),
				(SELECT pg_temp.pct(b.value / t.total) FROM loyalty.schemes b, (SELECT sum(value) AS total FROM loyalty.schemes, day WHERE as_of = before) t, day
				 WHERE b.as_of = before AND b.tier = now.tier),
				pg_temp.eur(percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(amount, 0))::numeric)
			FROM now GROUP BY tier, rank ORDER BY rank`
		]
	},
	{
		path: '/concentration',
		charts: 1,
		texts: [
			`${base} CREATE TEMPORARY VIEW ranked AS SELECT amount, sum(amount) OVER (ORDER BY amount DESC) - amount AS better, sum(amount) OVER () AS total,
					count(*) OVER () AS n, rank() OVER (ORDER BY amount DESC) AS place FROM bought;
				SELECT format('The best %s of the customers bring %s of the sales', pg_temp.pct(count(*)::numeric / min(n)), pg_temp.pct(sum(amount) / min(total)))
				FROM ranked WHERE better < 0.7 * total`,
			`${base} SELECT 'from the ten largest ' || pg_temp.pct1((SELECT sum(amount) FROM (SELECT amount FROM bought ORDER BY amount DESC LIMIT 10) l) / sum(amount)) FROM bought`,
			`${base} SELECT 'Half bought more than ' || pg_temp.eur(percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::numeric) FROM bought`
		],
		tables: [
			`${base} SELECT class, CASE WHEN class < 'C' THEN pg_temp.eur2(min(amount)) ELSE '-' END, pg_temp.n(count(*)), pg_temp.pct1(count(*) / sum(count(*)) OVER ()),
				pg_temp.eurm(sum(amount)), pg_temp.pct1(sum(amount) / sum(sum(amount)) OVER ())
			FROM (SELECT amount, CASE WHEN better < 0.7 * total THEN 'A' WHEN better < 0.9 * total THEN 'B' ELSE 'C' END AS class
				FROM (SELECT amount, coalesce(sum(amount) OVER (ORDER BY amount DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS better,
						sum(greatest(amount, 0)) OVER () AS total FROM bought) ranked) classes
			GROUP BY class ORDER BY class`,
			`${base} SELECT region, pg_temp.n(count(*)), pg_temp.eurm(sum(amount)), pg_temp.eur(avg(amount)),
				pg_temp.pct((SELECT sum(amount) FROM (SELECT amount FROM bought b JOIN accounts i USING (account_id) WHERE i.region = a.region
					ORDER BY amount DESC LIMIT round(0.2 * (SELECT count(*) FROM bought JOIN accounts j USING (account_id) WHERE j.region = a.region))) best) / sum(amount)),
				pg_temp.pct1((SELECT sum(amount) FROM (SELECT amount FROM bought b JOIN accounts i USING (account_id) WHERE i.region = a.region
					ORDER BY amount DESC LIMIT 10) best) / sum(amount))
			FROM bought JOIN accounts a USING (account_id) GROUP BY region ORDER BY sum(amount) DESC`,
			`${base} SELECT row_number() OVER (ORDER BY now.amount DESC), name, region, tier, pg_temp.eur(now.amount),
				pg_temp.pct1(sum(now.amount) OVER (ORDER BY now.amount DESC) / (SELECT sum(amount) FROM bought))
			FROM now JOIN accounts USING (account_id) WHERE amount IS NOT NULL ORDER BY 1 LIMIT 10`
		]
	},
	{
		path: '/rfm',
		charts: 1,
		texts: [
			`${base}${rfm} SELECT 'bring ' || pg_temp.pct(sum(amount) FILTER (WHERE segment IN ('Champions', 'Loyal')) / sum(amount)) || ' of the sales'
				FROM (SELECT amount, rfm_segment(score, named_segments('recency_frequency')) AS segment FROM (
					SELECT amount, 10 * (1 + (days <= r[4])::int + (days <= r[3])::int + (days <= r[2])::int + (days <= r[1])::int)
						+ 1 + (orders > f[1])::int + (orders > f[2])::int + (orders > f[3])::int + (orders > f[4])::int AS score
					FROM measures, (SELECT percentile_cont('{0.2,0.4,0.6,0.8}'::float8[]) WITHIN GROUP (ORDER BY days) AS r,
						percentile_cont('{0.2,0.4,0.6,0.8}'::float8[]) WITHIN GROUP (ORDER BY orders) AS f FROM measures) bounds) scored) segmented`
		],
		tables: [
			`${base} SELECT segment, pg_temp.n(count(*)), pg_temp.eurm(sum(monetary)), pg_temp.pct(sum(monetary) / sum(sum(monetary)) OVER ()),
				round(percentile_cont(0.5) WITHIN GROUP (ORDER BY recency)), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY frequency)),
				CASE segment WHEN 'Champions' THEN 'Thank them; ask them to recommend' ELSE 'Offer the next tier' END
			FROM (SELECT *, rfm_segment(score / 10, named_segments('recency_frequency')) AS segment FROM scored WHERE score IS NOT NULL) s
			GROUP BY segment ORDER BY sum(monetary) DESC LIMIT 2`
		]
	},
	{
		path: '/migration',
		charts: 2,
		texts: [
			`${base} SELECT pg_temp.pct(avg((now.rank IS NOT DISTINCT FROM 1)::int)) || ' of last year''s Gold customers still are'
				FROM year_ago LEFT JOIN now USING (account_id) WHERE year_ago.rank = 1`,
			`${base} SELECT format('Over the year %s customers rose and %s fell; %s came and %s left.', pg_temp.n(count(*) FILTER (WHERE now.rank < year_ago.rank)),
				pg_temp.n(count(*) FILTER (WHERE now.rank > year_ago.rank)), pg_temp.n(count(*) FILTER (WHERE year_ago.rank IS NULL)), pg_temp.n(count(*) FILTER (WHERE now.rank IS NULL)))
				FROM year_ago FULL JOIN now USING (account_id)`
		],
		tables: [
			`${base} SELECT coalesce(year_ago.tier, 'new'), pg_temp.n(count(*)), pg_temp.pct(avg((now.rank IS NOT DISTINCT FROM 1)::int)),
				pg_temp.pct(avg((now.rank IS NOT DISTINCT FROM 2)::int)), pg_temp.pct(avg((now.rank IS NOT DISTINCT FROM 3)::int)),
				CASE WHEN year_ago.tier IS NULL THEN '-' ELSE pg_temp.pct(avg((now.rank IS NULL)::int)) END
			FROM year_ago FULL JOIN now USING (account_id) GROUP BY year_ago.tier, year_ago.rank ORDER BY year_ago.rank`,
			`${base} SELECT direction, CASE cause WHEN 'customer' THEN CASE direction WHEN 'rose' THEN 'bought more' ELSE 'bought less' END
				WHEN 'entered' THEN 'new or back' WHEN 'left' THEN 'bought nothing for a year' ELSE cause END, pg_temp.n(count(*))
			FROM (SELECT max(as_of) AS to_day, (array_agg(as_of ORDER BY as_of DESC))[2] AS from_day FROM loyalty.evaluations) days,
				tier_changes('loyalty', from_day, to_day) GROUP BY direction, cause ORDER BY count(*) DESC LIMIT 3`
		]
	},
	{
		path: '/effort',
		charts: 1,
		texts: [
			`${base} SELECT format('Member customers take %s of the visiting hours and bring %s of the sales',
				pg_temp.pct((SELECT sum(hours) FILTER (WHERE rank = 3) / sum(hours) FROM visits LEFT JOIN now USING (account_id), day WHERE visited_on >= before AND visited_on < d)),
				pg_temp.pct(sum(amount) FILTER (WHERE rank = 3) / sum(amount))) FROM now`,
			`${base} SELECT format('%s Gold customers have not been visited for half a year They bought for %s.', pg_temp.n(count(*)), pg_temp.eurm(sum(amount)))
				FROM now, day WHERE rank = 1 AND NOT EXISTS (SELECT FROM visits v WHERE v.account_id = now.account_id AND visited_on >= d - interval '6 months')`
		],
		tables: [
			`${base} SELECT coalesce(tier, 'no tier'), pg_temp.n(count(*)), pg_temp.n(sum(hours)), pg_temp.pct1(sum(hours) / sum(sum(hours)) OVER ()),
				coalesce(pg_temp.pct1((SELECT sum(amount) FROM now n WHERE n.rank = now.rank) / (SELECT sum(amount) FROM now)), '-')
			FROM visits LEFT JOIN now USING (account_id), day WHERE visited_on >= before AND visited_on < d GROUP BY tier, rank ORDER BY rank`
		]
	},
	{
		path: '/outlook',
		charts: 1,
		texts: [
			`${base} SELECT format('%s Gold customers lose their tier on %s, unless they buy', pg_temp.n(count(*)), to_char(d + interval '3 months', 'FMDD FMMonth'))
				FROM day, LATERAL tier_preview('loyalty', (d + interval '3 months')::date) WHERE rank = 1 AND new_tier IN ('Silver', 'Member') GROUP BY d`,
			`${base} SELECT 'Have been warned ' || pg_temp.n(count(*)) FROM now WHERE rule = 'grace'`,
			`${base} SELECT pg_temp.n(count(*)) || ' customers are within €100 of a better tier' FROM now
				WHERE (rank = 2 AND amount BETWEEN 2400 AND 2499.99) OR (rank = 3 AND coalesce(amount, 0) BETWEEN 700 AND 799.99)`
		],
		tables: [
			`${base} SELECT name, region, 'Gold', new_tier, pg_temp.eur(amount)
			FROM day, LATERAL tier_preview('loyalty', (d + interval '3 months')::date) p JOIN now ON now.account_id = (p.key ->> 'account_id')::int JOIN accounts USING (account_id)
			WHERE p.rank = 1 AND new_tier IN ('Silver', 'Member') ORDER BY amount DESC LIMIT 10`,
			`${base} SELECT name, region, 'Silver', 'Gold', pg_temp.eur(amount), pg_temp.eur2(2500 - amount)
			FROM now JOIN accounts USING (account_id) WHERE rank = 2 AND amount < 2500 ORDER BY amount DESC LIMIT 10`
		]
	},
	{
		path: '/customer',
		charts: 1,
		texts: [
			`${shown} SELECT format('%s has been %s since %s', name, g.tier, to_char(since, 'FMDD FMMonth YYYY'))
				FROM loyalty.standing g JOIN accounts USING (account_id) JOIN shown USING (account_id)`
		],
		tables: [
			`${base}${shown} SELECT to_char(e.as_of, 'FMDD Mon YYYY'), pg_temp.eur2(sum(s.amount)), h.tier, h.rule
			FROM loyalty.evaluations e JOIN shown ON e.kind = 'complete'
			JOIN loyalty.history h ON h.account_id = shown.account_id AND h.valid_from <= e.as_of AND (h.valid_to > e.as_of OR h.valid_to IS NULL)
			JOIN sales s ON s.account_id = shown.account_id AND s.sold_on < e.as_of AND s.sold_on >= e.as_of - interval '1 year'
			GROUP BY e.as_of, h.tier, h.rule ORDER BY e.as_of DESC`
		]
	}
];

// What README.md shows: the top of a page, or what begins at an element.
export const screenshots = [
	{ name: 'glance', path: '/', width: 1280, height: 860 },
	{ name: 'migration', path: '/migration', width: 1280, height: 860 },
	{ name: 'rfm', path: '/rfm', width: 1280, height: 860 },
	{ name: 'effort', path: '/effort', width: 1280, height: 860 },
	{ name: 'phone', path: '/outlook', width: 390, height: 844 }
];
