#!/usr/bin/perl
# Autovacuum analyzes what statistics were made on, labels among it. What it
# keeps of them is right, and no worker dies of it: the next round would again.
use strict;
use warnings;
use Test::More;

use constant PATIENCE => 30;    # seconds

sub query
{
	my ($database, $sql) = @_;
	my $pid = open(my $psql, '-|', 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1',
		'-d', $database, '-c', $sql)
	  or die "psql: $!";
	my $output = do { local $/; <$psql> } // '';

	close($psql);
	chomp($output);
	return $output;
}

my $started = query('postgres', 'SELECT pg_postmaster_start_time()');

query('postgres', 'DROP DATABASE IF EXISTS tier_autovacuum');
query('postgres', 'CREATE DATABASE tier_autovacuum');
query('postgres', 'ALTER SYSTEM SET autovacuum_naptime = 1');
query('postgres', 'SELECT pg_reload_conf()');
query('tier_autovacuum', $_) foreach <<'SQL' =~ /(.*?);\n/gs;
CREATE EXTENSION customer_tier;
CREATE TABLE spenders (id integer, region text, spent numeric, score integer)
  WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0);
CREATE STATISTICS spenders_by_region ON region, (tier_of(spent, 'gold >= 500, "silver" >= 100, "bronze"')),
  (rfm_segment(score, 'High: 2**; Low: 1**')) FROM spenders;
CREATE INDEX spenders_tier ON spenders (tier_of(spent, 'gold >= 500, "silver" >= 100, "bronze"'));
INSERT INTO spenders SELECT i, 'r' || i % 5, i % 1000, (1 + i % 2) * 100 + 11 FROM generate_series(1, 30000) i;
SQL

my $rounds = 0;
foreach (1 .. PATIENCE)
{
	$rounds = query('tier_autovacuum',
		"SELECT autoanalyze_count FROM pg_stat_user_tables WHERE relname = 'spenders'");
	last if $rounds ne '0';
	sleep 1;
}
isnt($rounds, '0', 'autovacuum analyzed the table');
is(query('postgres', 'SELECT pg_postmaster_start_time()'),
	$started, 'the server is still the same');
is( query(
		'tier_autovacuum',
		'SELECT most_common_vals FROM pg_stats_ext_exprs ORDER BY expr COLLATE "C"'),
	"{High,Low}\n{gold,silver,bronze}",
	'extended statistics hold the labels');
is( query(
		'tier_autovacuum',
		"SELECT most_common_vals FROM pg_stats WHERE tablename = 'spenders_tier'"),
	'{gold,silver,bronze}',
	'and so do those of an index');

query('postgres', 'ALTER SYSTEM RESET autovacuum_naptime');
query('postgres', 'SELECT pg_reload_conf()');
query('postgres', 'DROP DATABASE tier_autovacuum WITH (FORCE)');

done_testing();
