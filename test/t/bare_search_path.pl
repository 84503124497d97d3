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
         tier_among(revenue, 'A top 10%, B') OVER (PARTITION BY region) AS regional,
         abc_class(revenue) OVER (PARTITION BY region) AS abc
  FROM customers, (SELECT tier_fit(value_digest(revenue), 'A top 20%, B') AS fitted
                   FROM customers) f;
CREATE MATERIALIZED VIEW regions AS
  SELECT region, d, digest_top_share(d, 0.2), digest_gini(d)
  FROM (SELECT region, value_digest(revenue, 4096) AS d
        FROM customers GROUP BY region) r;
CREATE INDEX by_rank ON customers (tier_rank(revenue, 'A >= 500, B'));
SQL

ok( query("SET search_path = pg_catalog;\n$_;\n"), $_)
  foreach 'REFRESH MATERIALIZED VIEW public.graded',
  'REFRESH MATERIALIZED VIEW public.regions',
  'REINDEX TABLE public.customers',
  'ANALYZE public.customers',
  'VACUUM FULL public.customers',
  'CLUSTER public.customers USING by_rank';

system("psql -Xq -c 'DROP DATABASE tier_bare_path'");

done_testing();
