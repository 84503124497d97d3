#!/usr/bin/perl
# Maintenance commands run with a search_path of pg_catalog alone (from
# PostgreSQL 17 on, always): nothing may depend on finding the extension's
# schema there.
use strict;
use warnings;
use Test::More;

sub query
{
	my ($sql) = @_;

	open(my $psql, '|-', 'psql -XqAt -v ON_ERROR_STOP=1 -d tier_bare_path 2>&1')
	  or die "psql: $!";
	print $psql $sql;
	return close($psql);
}

system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_bare_path' 2>/dev/null");
system("psql -Xq -c 'CREATE DATABASE tier_bare_path'");

ok(query(<<'SQL'), 'objects in a schema of its own');
CREATE SCHEMA tiers;
CREATE EXTENSION customer_tier SCHEMA tiers;
SET search_path = public, tiers;
CREATE TABLE customers (customer_id int, region text, revenue numeric,
  tier text GENERATED ALWAYS AS (tier_of(revenue, 'A >= 500, B')) STORED);
INSERT INTO customers
  SELECT i, 'r' || i % 3, i FROM generate_series(1, 1000) i;
CREATE MATERIALIZED VIEW graded AS
  SELECT customer_id, region, tier_of(revenue, fitted) AS tier,
         tier_rank(revenue, fitted) AS rank, tier_explain(revenue, fitted) AS why,
         in_tier(revenue, fitted, 'A') AS best,
         tier_among(revenue, 'A top 10%, B') OVER (PARTITION BY region) AS regional,
         abc_class(revenue) OVER (PARTITION BY region) AS abc
  FROM customers, (SELECT tier_fit(value_digest(revenue), 'A top 20%, B') AS fitted
                   FROM customers) f;
CREATE MATERIALIZED VIEW regions AS
  SELECT region, d, digest_top_share(d, 0.2), digest_gini(d)
  FROM (SELECT region, value_digest(revenue, 4096) AS d
        FROM customers GROUP BY region) r;
CREATE MATERIALIZED VIEW standings AS
  SELECT customer_id, tier_standing(revenue, d, 'A >= 500, B', 'keep 80%; hold 1 month' ORDER BY d) AS standing
  FROM customers, (VALUES (date '2026-01-01'), ('2026-02-01')) v (d) GROUP BY customer_id;
CREATE INDEX by_standing ON customers (((tier_step(NULL, revenue, '2026-01-01', 'A >= 500, B', '')).tier));
CREATE INDEX by_rank ON customers (tier_rank(revenue, 'A >= 500, B'));
CREATE INDEX best ON customers (customer_id) WHERE in_tier(revenue, 'A >= 500, B', 'A');
SQL

ok( query("SET search_path = pg_catalog;\n$_;\n"), $_)
  foreach 'REFRESH MATERIALIZED VIEW public.graded',
  'REFRESH MATERIALIZED VIEW public.regions',
  'REFRESH MATERIALIZED VIEW public.standings',
  'REINDEX TABLE public.customers',
  'ANALYZE public.customers',
  'VACUUM FULL public.customers',
  'CLUSTER public.customers USING by_rank';

# Who has not the schema in the search_path qualifies names: that is enough.
ok( query("SET search_path = pg_catalog;\nSELECT $_ \\g /dev/null\n"), $_)
  foreach "tiers.named_scheme('abc')",
  "tiers.tier_of(90, tiers.named_scheme(name)) FROM (VALUES ('composite')) v(name)",
  "tiers.score_of(tiers.named_card('composite'), 1e6, 95, 10, 5)",
  "tiers.score_explain(tiers.named_card('risk'), '{\"customer\": 3}'::jsonb)",
  "tiers.tier_of(85, tiers.named_scheme('credit')), tiers.score_of(tiers.named_card('paydex'), 1)",
  "tiers.rfm_explain(10, 2, 300, tiers.rfm_fit(d, d, d)) FROM (SELECT tiers.value_digest(revenue) AS d FROM public.customers) s",
  "tiers.rfm_explain(10::float8, 2::float8, 300::float8, tiers.rfm_fit(d, d, d)) FROM (SELECT tiers.value_digest(revenue) AS d FROM public.customers) s",
  "tiers.rfm_among(customer_id, customer_id, revenue) OVER () FROM public.customers",
  "tiers.rfm_segment(543, tiers.named_segments('eleven'))",
  "(tiers.rfm_measures(date '2024-01-01', revenue, date '2024-06-30')).* FROM public.customers",
  "(tiers.payment_record(date '2024-01-01', date '2024-01-05', revenue, date '2024-06-30')).* FROM public.customers",
  "tiers.entropy_weights(ARRAY[revenue, customer_id]::float8[]) FROM public.customers",
  "(tiers.ahp_consistency('{{1,3},{0.3333333,1}}')).*",
  "'A top 5%, B'::tiers.tier_scheme::jsonb::tiers.tier_scheme, tiers.named_card('composite')::jsonb::tiers.scorecard",
  "d OPERATOR(tiers.+) d OPERATOR(tiers.=) tiers.digest_compact(d, 4096) FROM public.regions",
  "DISTINCT tiers.named_scheme(name) FROM tiers.tier_catalog WHERE scheme IS NOT NULL",
  "tiers.tier_case('revenue', tiers.tier_fit(tiers.value_digest(revenue), 'A top 5%, B')) FROM public.customers";
ok( !query("SET search_path = pg_catalog;\nSELECT tiers.named_scheme('abd');\n"),
	'an unknown scheme is an error');
ok( query("SET search_path = pg_catalog;\nINSERT INTO tiers.tier_catalog_own (name, scheme) VALUES ('own', 'A top 5%, B');\n"),
	'a scheme of one\'s own');

system("psql -Xq -c 'DROP DATABASE tier_bare_path'");

done_testing();
