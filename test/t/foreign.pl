#!/usr/bin/perl
# Shards in databases of their own, read through postgres_fdw: whole aggregates
# are computed where the rows are, and their digests merged; doc/scaling.md.
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempdir);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);
my @shards = map { "tier_foreign_$_" } 1 .. 3;
my $head = 'tier_foreign_head';

# What a query of a database prints; errors too.
sub query
{
	my ($database, $sql) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file $sql;
	close($file) or die "$dir/query: $!";
	return scalar `psql -XqAt -d $database <$dir/query 2>&1`;
}

sub clean_up
{
	query('postgres', "DROP DATABASE IF EXISTS $_") foreach $head, @shards;
}

clean_up();
query('postgres', "CREATE DATABASE $_ TEMPLATE template0") foreach $head, @shards;
plan skip_all => 'postgres_fdw is not installed'
  if query($head, 'CREATE EXTENSION postgres_fdw') =~ /ERROR/;
query($head, 'CREATE EXTENSION customer_tier; CREATE TABLE everybody (customer_id int, region text, revenue numeric, margin double precision)');
foreach my $i (0 .. $#shards)
{
	my $rows = "SELECT i, 'r' || i % 5, (hashint4(i)::bigint & 65535) / 100.0, (hashint4(-i)::bigint & 65535) / 7.0::float8 FROM generate_series(1, 6000) i WHERE i % 3 = $i";

	query($shards[$i], "CREATE EXTENSION customer_tier; CREATE TABLE customers (customer_id int, region text, revenue numeric, margin double precision); INSERT INTO customers $rows");
	query($head, <<"SQL");
INSERT INTO everybody $rows;
CREATE SERVER shard$i FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$ENV{PGHOST}', port '5432', dbname '$shards[$i]', extensions 'customer_tier');
CREATE USER MAPPING FOR CURRENT_USER SERVER shard$i OPTIONS (user 'postgres');
CREATE FOREIGN TABLE customers$i (customer_id int, region text, revenue numeric, margin double precision) SERVER shard$i OPTIONS (table_name 'customers');
SQL
}

# Each aggregate, and how its parts are put together.
my $digests = join(' UNION ALL ', map { "SELECT value_digest(revenue) AS d, value_digest(margin) AS m FROM customers$_" } 0 .. $#shards);
my $merged = "SELECT value_digest(d) AS d, value_digest(m) AS m FROM ($digests) s";
my $whole = 'SELECT value_digest(revenue) AS d, value_digest(margin) AS m FROM everybody';

is(query($head, "SELECT md5(d::text), md5(m::text) FROM ($merged) t"), query($head, "SELECT md5(d::text), md5(m::text) FROM ($whole) t"),
	'digests of the shards merged: the same bytes');
my $plan = query($head, "EXPLAIN (VERBOSE, COSTS off) $merged");
is(() = $plan =~ /Remote SQL: SELECT \S*value_digest\(revenue\)/g, 3, 'each is computed where its rows are');

# grades, by a fit over all
my $fit = "(SELECT tier_fit(d, 'A top 70% of value, B top 90% of value, C') FROM ($merged) t)";
my $everywhere = join(' UNION ALL ', map { "SELECT customer_id, revenue FROM customers$_" } 0 .. $#shards);

is(query($head, "SELECT tier_of(revenue, $fit), count(*), sum(revenue) FROM ($everywhere) c GROUP BY 1 ORDER BY 1"),
	query($head, "SELECT tier_of(revenue, (SELECT tier_fit(value_digest(revenue), 'A top 70% of value, B top 90% of value, C') FROM everybody)), count(*), sum(revenue) FROM everybody GROUP BY 1 ORDER BY 1"),
	'fit over all shards, and grade');

# a condition that a fixed scheme makes is a comparison there
like(query($head, "EXPLAIN (VERBOSE, COSTS off) SELECT customer_id FROM customers0 WHERE in_tier(revenue, 'A >= 600, B >= 100, C', 'A')"),
	qr/Remote SQL: .*WHERE \(\(revenue >= /, 'in_tier is a plain comparison over there');

clean_up();
done_testing();
