#!/usr/bin/perl
# A physical standby reads all that is stored (test/everything): graded views,
# digests, names, programs and their reports. What would write says that it
# cannot, and the session goes on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use Everything qw(write_everything read_everything same);
use OwnServer;
use Test::More;
use Time::HiRes qw(sleep);

my $primary = OwnServer->new(wal_level => 'replica', max_wal_senders => 4);
my $standby = OwnServer->new({ standby_of => $primary });

# Wait until the standby has what the primary has written.
sub catch_up
{
	my $place = $primary->psql('SELECT pg_current_wal_lsn()');

	foreach (1 .. 600)
	{
		return 1 if $standby->psql("SELECT pg_last_wal_replay_lsn() >= '$place'") eq 't';
		sleep 0.1;
	}
	return 0;
}

is(write_everything($primary->options), '', 'there is everything');
my $before = read_everything($primary->options);
unlike($before, qr/ERROR/, 'all can be read');
ok(catch_up(), 'the standby has it');
is($standby->psql('SELECT pg_is_in_recovery()'), 't', 'it is a standby');
same(read_everything($standby->options), $before, 'and reads all as the primary does');

# Whatever tells about a program
foreach my $report (
	"tier_report('loyalty', '2026-06-01')",
	"tier_report('loyalty', '2026-06-01', 'rule')",
	"tier_trend('loyalty')",
	"tier_forecast('loyalty', 2)",
	"tier_migration('loyalty', '2026-01-01', '2026-06-01')",
	"tier_changes('loyalty', '2026-01-01', '2026-06-01')",
	"tier_effect('loyalty', 'shop.orders', '{customer_id}', 'amount', 'ordered_at')",
	"tier_preview('loyalty', '2027-03-01')",
	"tier_program_explain('loyalty', 20)",
	"tier_verify('loyalty')",
	'tier_programs()',
	'tier_catalog')
{
	my $query = "SET search_path = shop, public; SELECT t::text FROM $report t ORDER BY 1;";
	my $expected = $primary->psql($query);

	unlike($expected, qr/ERROR/, "$report on the primary");
	same($standby->psql($query), $expected, "$report on the standby");
}

# What writes
foreach my $write (
	"tier_evaluate('loyalty', '2027-03-01')",
	"tier_evaluate('loyalty', '2027-03-01', draft => true)",
	"tier_publish('loyalty')",
	"tier_undo('loyalty')",
	"tier_program_upgrade('loyalty')",
	"tier_program_create('other', 'shop.members', '{Member No}', 'revenue', 'A >= 1, B')")
{
	my ($function) = $write =~ /^(\w+)/;

	like($standby->psql("\\set VERBOSITY sqlstate\nSELECT $write"), qr/^ERROR:  25006$/, "$write is refused as what writes is");
	like($standby->psql("SELECT $write"), qr/^ERROR:  cannot execute $function\(\) in a read-only transaction$/, '... by its name');
}
is($standby->psql("SELECT tier_evaluate('loyalty', '2027-03-01');\nSELECT tier_of(7, 'A >= 5, B')") =~ s/^ERROR.*\n//r, 'A', 'the session goes on');

# What is written on the primary then is read on the standby.
is($primary->psql("SELECT (tier_publish('loyalty')).customers"), '189', 'an evaluation on the primary');
ok(catch_up(), 'the standby has it');
same(read_everything($standby->options), read_everything($primary->options), 'and reads the same');

# And when it takes over, it evaluates.
is($standby->psql('SELECT pg_promote()'), 't', 'promoted');
is($standby->psql("SELECT (tier_evaluate('loyalty', '2027-03-01')).customers"), '189', 'it evaluates');

done_testing();
