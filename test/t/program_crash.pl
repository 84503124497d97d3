#!/usr/bin/perl
# Killed in the middle of an evaluation, a publication or an undo, backend or
# server, a program is afterwards as it was before or as it would have been
# after, never between. And a program is replicated as its tables are.
#
# On a server of its own, made of the programs of the one that is running.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep);

my $server = OwnServer->new(wal_level => 'logical', autovacuum => 'off');
my $dir = $server->{dir};

sub psql
{
	return $server->psql(@_);
}

psql(<<'SQL');
CREATE EXTENSION customer_tier;
CREATE TABLE members (id int PRIMARY KEY, revenue numeric);
INSERT INTO members SELECT i, i * 7 % 100 FROM generate_series(1, 10000) i;
SELECT tier_program_create('loyalty', 'members', '{id}', 'revenue', 'A top 20%, B >= 30, C', 'hold 3 months');
UPDATE loyalty.program SET max_fall = 1;
SELECT tier_evaluate('loyalty', '2026-01-01');
SQL
is(psql('SELECT count(*) FROM loyalty.grades'), '10000', 'there is a program to lose');

# The whole of the program, in short.
sub state_of
{
	return psql(join '',
		map { "SELECT '$_', md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM loyalty.$_ t;\n" }
		  qw(program standing past evaluations schemes draft));
}

# Run a statement, kill its backend or the server in the middle, and tell
# which of the two states came of it.
sub kill_in
{
	my ($statement, $whole_server, $after) = @_;
	my $pid = fork() // die;

	if ($pid == 0)
	{
		open(STDOUT, '>', '/dev/null');
		open(STDERR, '>', '/dev/null');
		exec('psql', '-Xq', $server->options, '-d', 'postgres', '-c', "/* victim */ $statement");
	}
	sleep $after;
	my $victim = psql("SELECT pid FROM pg_stat_activity WHERE query LIKE '/* victim */%' AND state = 'active'");
	$victim = $server->pid if $whole_server;
	my $hit = $victim =~ /^\d+$/ ? kill('KILL', $victim) : 0;
	waitpid($pid, 0);
	if ($whole_server)
	{
		$server->start;
	}
	else
	{
		foreach (1 .. 200)
		{
			last if psql('SELECT 1') eq '1';
			sleep 0.05;
		}
	}
	return $hit;
}

my @steps = (
	[ 'evaluate', "SELECT tier_evaluate('loyalty', '2026-06-01')", '' ],
	[ 'draft', "SELECT tier_evaluate('loyalty', '2026-06-01', draft => true)", '' ],
	[ 'publish', 'SELECT tier_publish(\'loyalty\')', "SELECT tier_evaluate('loyalty', '2026-06-01', draft => true)" ],
	[ 'undo', 'SELECT tier_undo(\'loyalty\')', "SELECT tier_evaluate('loyalty', '2026-06-01')" ],
);

# Back to the first evaluation.
sub reset_program
{
	psql("SELECT tier_undo('loyalty')") while psql('SELECT count(*) FROM loyalty.evaluations') > 1;
}

psql('UPDATE members SET revenue = revenue * 3 % 100');
foreach my $step (@steps)
{
	my ($name, $statement, $first) = @$step;
	my ($takes, $hits, $complete, %outcomes) = (0, 0, 0);

	foreach my $try (0 .. 3)
	{
		reset_program();
		psql($first);
		my $before = state_of();
		$complete += () = $before =~ /\|[0-9a-f]{32}$/mg;

		if ($try == 0)    # how long does it take?
		{
			my $began = Time::HiRes::time();

			psql("BEGIN; $statement; ROLLBACK");
			$takes = Time::HiRes::time() - $began;
			next;
		}
		$hits += kill_in($statement, $try % 2, $takes * $try / 4);
		$outcomes{ state_of() eq $before ? 'before' : psql("SELECT * FROM tier_verify('loyalty')") }++;
	}
	cmp_ok($complete, '>=', 4 * 4, "$name: all that is kept was seen");
	cmp_ok($hits, '>', 0, "$name: killed in the middle");
	is(join(' ', grep { !/^(before|)$/ } sort keys %outcomes), '', "$name: as before, or as after, and nothing wrong with it");
}
reset_program();

# Logical replication to a reporting server: tables that exist there.
my $reporting = OwnServer->new;
my @tables = qw(program standing past overrides overrides_log evaluations schemes draft);
my $publish = join(', ', map { "loyalty.$_" } @tables);

$reporting->psql(<<'SQL');
CREATE EXTENSION customer_tier;
CREATE TABLE members (id int PRIMARY KEY, revenue numeric);
SELECT tier_program_create('loyalty', 'members', '{id}', 'revenue', 'A top 20%, B >= 30, C', 'hold 3 months');
DELETE FROM loyalty.program;
SQL
psql("CREATE PUBLICATION loyalty FOR TABLE members, $publish");
$reporting->psql("CREATE SUBSCRIPTION loyalty CONNECTION 'host=$dir port=5432 user=postgres dbname=postgres' PUBLICATION loyalty");

# All that is in the program, and what is told of it.
sub told
{
	my ($which) = @_;

	return $which->psql(join '',
		(map { "SELECT '$_', count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM loyalty.$_ t;\n" } @tables, 'history', 'grades'),
		(map { "SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM $_ t;\n" }
			  "tier_report('loyalty', '2027-01-01')", "tier_trend('loyalty')", "tier_migration('loyalty', '2026-01-01', '2027-01-01')",
			  "tier_changes('loyalty', '2026-01-01', '2027-01-01')", "tier_forecast('loyalty', 2)", "tier_preview('loyalty', '2027-06-01')"),
		"SELECT tier_program_explain('loyalty', 6) ->> 'tier';\n",
		"SELECT * FROM tier_verify('loyalty');\n");
}

psql(<<'SQL');
DELETE FROM members WHERE id % 100 = 7;
SELECT tier_evaluate('loyalty', '2027-01-01');
INSERT INTO loyalty.overrides (id, tier, reason) VALUES (5, 'A', 'contract'), (6, 'B', 'contract');
UPDATE loyalty.overrides SET tier = 'C' WHERE id = 6;
DELETE FROM loyalty.overrides WHERE id = 5;
SELECT tier_evaluate('loyalty', '2027-04-01', draft => true);
UPDATE loyalty.draft SET reviewed_tier = 'A' WHERE id = 8;
SELECT tier_publish('loyalty');
SELECT tier_undo('loyalty');
SQL
my $here = told($server);
unlike($here, qr/ERROR/, 'a program is told of');
my $written = psql('SELECT pg_current_wal_lsn()');
foreach (1 .. 600)
{
	last if psql("SELECT replay_lsn >= '$written' FROM pg_stat_replication WHERE application_name = 'loyalty'") eq 't'
	  && $reporting->psql("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'") eq '0';
	sleep 0.1;
}
is(told($reporting), $here, 'a reporting server has all of it, and tells the same');
$reporting->psql('DROP SUBSCRIPTION loyalty');

done_testing();
