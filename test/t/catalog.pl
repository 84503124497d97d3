#!/usr/bin/perl
# The users' own entries, tier_catalog_own, survive pg_dump and restore, and an
# upgrade of the extension; who may write there; and which shipped entries a
# database of another encoding has.
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempdir);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);
my @databases = map { "tier_catalog_$_" }
  qw(first restored upgraded owned owned_restored latin1 euc_cn sql_ascii);

# Run a shell command that must work.
sub run
{
	my ($command) = @_;

	return is(system($command), 0, $command =~ s/\Q$dir\E/DIR/gr);
}

# What a query prints; errors too.
sub query
{
	my ($database, $sql, $user) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file $sql;
	close($file) or die "$dir/query: $!";
	$user = $user ? "-U $user" : '';
	return scalar `psql -XqAt $user -d $database <$dir/query 2>&1`;
}

# Dump a database, as that user, and restore it into another.
sub copy_database
{
	my ($from, $to, $user) = @_;
	my $as = $user ? "-U $user" : '';

	run("pg_dump $as -Fc -f $dir/dump $from");
	run("pg_restore $as --exit-on-error -d $to $dir/dump");
}

sub clean_up
{
	query('postgres', "DROP DATABASE IF EXISTS $_") foreach @databases;
	query('postgres', 'DROP ROLE IF EXISTS tier_catalog_owner, tier_catalog_guest');
}

my $everything = <<'SQL';
SET client_encoding = 'UTF8';
SELECT * FROM tier_catalog ORDER BY name, shipped;
SELECT named_scheme('my_tiers'), named_scheme('客户等级'), named_scheme('abc_amount');
SELECT named_card('my_card'), named_scheme('my_card'), named_segments('eleven');
SQL

my $own_entries = <<'SQL';
INSERT INTO tier_catalog_own (name, scheme, measure, unit, description) VALUES
  ('my_tiers', 'Gold >= 5000, Silver >= 1000, Bronze', 'revenue', 'EUR', 'our program'),
  ('客户等级', '甲 >= 10, 乙', NULL, NULL, NULL),
  ('abc_amount', 'A >= 900, B >= 100, C', 'revenue', 'EUR', 'our own amounts');
INSERT INTO tier_catalog_own (name, scheme, card) VALUES
  ('my_card', 'A >= 80, B', 'sales 60%: 100 >= 5, 0; "days ""late""" 40%: linear 30 to 0');
INSERT INTO tier_catalog_own (name, segments) VALUES
  ('eleven', '高: 2*; "low; ""risk""": 1*');
SQL

clean_up();
query('postgres', "CREATE DATABASE $_ TEMPLATE template0")
  foreach @databases[ 0 .. 2 ];

#
# Dump and restore
#
is(query($databases[0], "CREATE EXTENSION customer_tier;\n$own_entries"),
	'', 'entries of the users');
my $before = query($databases[0], $everything);

unlike($before, qr/ERROR/, 'all can be read');
like($before, qr/^Gold >= 5000, Silver >= 1000, Bronze\|甲 >= 10, 乙\|A >= 900, B >= 100, C$/m,
	'they are found, before a shipped one of that name');
copy_database($databases[0], $databases[1]);
is(query($databases[1], $everything), $before, 'all is as it was');
is(`pg_restore --data-only -f - $dir/dump | grep -cP '\t'`,
	"5\n", 'the dump has the entries of the users, and no shipped one');

#
# Upgrade, to a version that this test makes: its table has a column more.
#
my $version = query('postgres',
	"SELECT default_version FROM pg_available_extensions WHERE name = 'customer_tier'");
my $sharedir = query('postgres', "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'");
chomp($version, $sharedir);
my $script = "$sharedir/extension/customer_tier--$version--tomorrow.sql";

open(my $file, '>', $script) or die "$script: $!";
print $file <<'SQL';
ALTER TABLE tier_catalog_own ADD COLUMN approved_by text;
SQL
close($file) or die "$script: $!";
END { unlink $script if defined $script }

is(query($databases[0], "ALTER EXTENSION customer_tier UPDATE TO 'tomorrow'"),
	'', 'an upgrade');
is(query($databases[0], $everything), $before, 'keeps the entries of the users');
is( query(
		$databases[0],
		"UPDATE tier_catalog_own SET approved_by = 'Ann'; DELETE FROM tier_catalog_own WHERE scheme IS NOT NULL; "
		  . "SELECT named_scheme('abc_amount')"),
	"A >= 5000000, B >= 1000000, C\n",
	'behind them are the shipped ones');

# A dump of the old version, restored beside the new one.
query($databases[2], "CREATE EXTENSION customer_tier VERSION 'tomorrow'");
run("pg_restore --exit-on-error -d $databases[2] $dir/dump");
is(query($databases[2], $everything), $before,
	'a dump of the old version is restored into the new one');

#
# Who may write: the extension's owner, who is no superuser, and whom it lets
#
query('postgres', "CREATE ROLE $_ LOGIN")
  foreach 'tier_catalog_owner', 'tier_catalog_guest';
query('postgres', "CREATE DATABASE $_ OWNER tier_catalog_owner TEMPLATE template0")
  foreach @databases[ 3, 4 ];
is( query($databases[3], "CREATE EXTENSION customer_tier;\n$own_entries",
		'tier_catalog_owner'),
	'', 'the owner of a database makes entries');
is( query($databases[3], "SELECT named_scheme('my_tiers')", 'tier_catalog_guest'),
	"Gold >= 5000, Silver >= 1000, Bronze\n", 'a guest reads');

my $insert = "INSERT INTO tier_catalog_own (name, scheme) VALUES ('guests', 'A >= 1, B')";

like(query($databases[3], $insert, 'tier_catalog_guest'),
	qr/permission denied for table tier_catalog_own/, 'and does not write');
is(query($databases[3], 'GRANT INSERT ON tier_catalog_own TO tier_catalog_guest', 'tier_catalog_owner'),
	'', 'unless the owner allows it');
is(query($databases[3], $insert, 'tier_catalog_guest'), '', 'then it does');
copy_database($databases[3], $databases[4], 'tier_catalog_owner');
is( query($databases[4], $everything, 'tier_catalog_owner'),
	query($databases[3], $everything, 'tier_catalog_owner'),
	'the owner dumps and restores without a superuser');
is(query($databases[4], $insert =~ s/guests/more/r, 'tier_catalog_guest'),
	'', 'what the owner allowed is restored, too');
is( query(
		$databases[3],
		'TRUNCATE tier_catalog_own; SELECT count(*) FROM tier_catalog WHERE NOT shipped',
		'tier_catalog_owner'),
	"0\n",
	'the owner empties it');

#
# On a shard of Citus, as far as a server without it can play one: its list of
# tables, and the name by which a node tells that another sent it.
#
query($databases[1], "DELETE FROM tier_catalog_own WHERE name = 'eleven'");
my $shard = "SET application_name = 'citus_internal gpid=1';\n";
my $refused = qr/names of tier_catalog cannot be looked up on a shard/;

is(query($databases[1], "${shard}SELECT named_scheme('abc')"), "A top 70% of value, B top 90% of value, C\n", 'no Citus, no shard');
is(query($databases[1], 'SET allow_system_table_mods = on; CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass)'), '', 'a list of tables');
like(query($databases[1], "${shard}SELECT $_"), $refused, "$_ on a shard, the catalog being a table of each node")
  foreach "named_scheme('abc')", "named_card('composite')", "named_segments('eleven')", "named_scheme('unknown')";
is(query($databases[1], "${shard}SELECT named_scheme('my_tiers')"), "Gold >= 5000, Silver >= 1000, Bronze\n", 'what is there is found');
is(query($databases[1], "SELECT named_scheme('abc')"), "A top 70% of value, B top 90% of value, C\n", 'on the coordinator nothing is refused');
query($databases[1], "INSERT INTO pg_dist_partition VALUES ('tier_catalog_own')");
is(query($databases[1], "${shard}SELECT named_scheme('abc')"), "A top 70% of value, B top 90% of value, C\n", 'nor when all nodes have the table');
query($databases[1], 'SET allow_system_table_mods = on; DROP TABLE pg_catalog.pg_dist_partition');

#
# Other encodings: without Chinese, no entries in Chinese
#
query('postgres', "CREATE DATABASE tier_catalog_$_ TEMPLATE template0 ENCODING '$_' LOCALE 'C'")
  foreach 'latin1', 'euc_cn', 'sql_ascii';

my ($all) = query($databases[1], 'SELECT count(*) FROM tier_catalog WHERE shipped') =~ /(\d+)/;
my ($chinese) =
  query($databases[1], "SELECT count(*) FROM tier_catalog WHERE shipped AND name ~ '_zh\$'") =~ /(\d+)/;
my $count = 'CREATE EXTENSION customer_tier; SELECT count(*) FROM tier_catalog';

is(query('tier_catalog_latin1', $count), ($all - $chinese) . "\n", 'latin1: entries in English');
like(query('tier_catalog_latin1', "SELECT named_scheme('frequency_zh')"),
	qr/there is no scheme named "frequency_zh"\nHINT:  Did you mean "frequency"/, 'latin1: no others');
is(query('tier_catalog_euc_cn', $count), "$all\n", 'euc_cn: all entries');
is( query(
		'tier_catalog_euc_cn', "SET client_encoding = 'UTF8'; SELECT tier_of(10, named_scheme('frequency_zh'))"),
	"高频\n", 'euc_cn: in its own encoding');
is(query('tier_catalog_sql_ascii', $count), "$all\n", 'sql_ascii: all entries');
is(query('tier_catalog_sql_ascii', "SELECT tier_of(10, named_scheme('frequency_zh'))"),
	"高频\n", 'sql_ascii: the bytes of UTF-8');

clean_up();

done_testing();
