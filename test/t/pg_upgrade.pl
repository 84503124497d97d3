#!/usr/bin/perl
# A cluster in which everything is stored (test/everything) goes through
# pg_upgrade, and is then read and taken further as before: from this server to
# itself, or from the one whose programs UPGRADE_FROM names (make
# check-upgrade).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use Everything qw(write_everything read_everything evaluate_everything same);
use OwnServer;
use Test::More;

my $new = OwnServer->new;
my $old = OwnServer->new($ENV{UPGRADE_FROM} ? { bin => $ENV{UPGRADE_FROM} } : ());
my $name = `$old->{bin}/postgres --version` . 'to ' . `$new->{bin}/postgres --version`;
$name =~ s/postgres \(PostgreSQL\) (\S+).*\n/$1 /g;

is(write_everything($old->options), '', "$name: there is everything");
my $before = read_everything($old->options);
my $went_on = evaluate_everything($old->options);
unlike($before, qr/ERROR/, 'all can be read');
is(() = $went_on =~ /ERROR/g, 2, 'and evaluated');

# The old server's indexes, which nothing builds again: from 14 to 15, they got
# other names as files
my $indexes = "SELECT relname, relfilenode FROM pg_class WHERE relnamespace IN ('shop'::regnamespace, 'loyalty'::regnamespace) AND relkind = 'i' ORDER BY 1";
my $built = $old->psql($indexes);

$_->stop foreach $old, $new;
my @no_sync = `$new->{bin}/pg_upgrade --help` =~ /--no-sync/ ? '--no-sync' : ();
is( $new->quietly(
		"$new->{bin}/pg_upgrade", '-b', $old->{bin}, '-B', $new->{bin}, '-d', "$old->{dir}/data", '-D', "$new->{dir}/data",
		'-s', $new->{dir}, '-U', 'postgres', @no_sync),
	0, 'pg_upgrade')
  or diag(`cat $new->{dir}/said; find $new->{dir} -name '*.log' -o -name 'loadable_libraries.txt' | xargs tail -n 30`);
$new->start;

same(read_everything($new->options), $before, 'all is as it was');
is($new->psql($indexes), $built, 'in the same indexes') unless $ENV{UPGRADE_FROM} && $name =~ /^1[0-4]/;
same(evaluate_everything($new->options), $went_on, 'and goes on as it would have');

# Whatever was upgraded can be built again, which every index must survive.
is($new->psql('SET client_min_messages = error; REINDEX DATABASE postgres; REFRESH MATERIALIZED VIEW shop.graded_kept; REFRESH MATERIALIZED VIEW shop.regions'), '', 'built again');
same(read_everything($new->options), $before, 'and read');
is($new->psql("ALTER EXTENSION customer_tier UPDATE; SELECT tier_program_upgrade('loyalty') \\g /dev/null"),
	'NOTICE:  version "' . $new->psql("SELECT default_version FROM pg_available_extensions WHERE name = 'customer_tier'") . '" of extension "customer_tier" is already installed',
	'the extension is up to date');

done_testing();
