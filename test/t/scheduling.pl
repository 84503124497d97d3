#!/usr/bin/perl
# pg_cron fires evaluations, as doc/scheduling.md says: on a server of its own
# that preloads it. Without pg_cron there is nothing to test.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep);

plan skip_all => 'pg_cron is not here'
  if `psql -XAtqc "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_cron'"` !~ /^1/;

my $server = OwnServer->new(
	shared_preload_libraries => 'pg_cron',
	'cron.database_name' => 'postgres',
	'cron.use_background_workers' => 'on',
	max_worker_processes => 16);

$server->psql(<<'SQL');
CREATE EXTENSION pg_cron;
CREATE EXTENSION customer_tier;
CREATE TABLE members (id int PRIMARY KEY, revenue numeric);
INSERT INTO members SELECT i, i FROM generate_series(1, 100) i;
SELECT tier_program_create('loyalty', 'members', '{id}', 'revenue', 'A top 20%, B');
SELECT cron.schedule('loyalty, every minute', '* * * * *', $$SELECT tier_evaluate('loyalty')$$);
CREATE MATERIALIZED VIEW graded AS SELECT id, tier_of(revenue, (SELECT tier_fit(value_digest(revenue), 'A top 10%, B') FROM members)) AS tier FROM members;
CREATE UNIQUE INDEX ON graded (id);
INSERT INTO members SELECT i, 1 FROM generate_series(101, 200) i;
SELECT cron.schedule('graded, every minute', '* * * * *', 'REFRESH MATERIALIZED VIEW CONCURRENTLY graded');
SELECT cron.schedule('nobody, every minute', '* * * * *', $$SELECT tier_evaluate('nobody')$$);
SQL
is($server->psql('SELECT count(*) FROM cron.job'), '3', 'jobs are scheduled');
foreach (1 .. 300)
{
	last if $server->psql("SELECT count(*) FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')") >= 3;
	sleep 0.5;
}
is($server->psql('SELECT kind, draft, customers FROM loyalty.evaluations'), 'complete|f|200', 'an evaluation was fired');
is($server->psql('SELECT tier, count(*) FROM loyalty.grades GROUP BY 1 ORDER BY 1'), "A|40\nB|160", '... and graded');
is($server->psql('SELECT tier, count(*) FROM graded GROUP BY 1 ORDER BY 1'), "A|20\nB|180", 'a graded materialized view was refreshed');
like( $server->psql("SELECT return_message FROM cron.job_run_details WHERE status = 'failed' LIMIT 1"),
	qr/there is no program "nobody"/, 'a failure is told in cron.job_run_details');

done_testing();
