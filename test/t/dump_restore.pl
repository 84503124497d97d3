#!/usr/bin/perl
# Values of every type survive pg_dump and binary COPY unchanged, and so does
# all that is built on them: index, generated column, CHECK, DEFAULT, view,
# materialized view, program. Each kind of dump is restored, read, and taken
# further (test/everything); a dump of what was restored is the first dump.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use Everything qw(write_everything read_everything evaluate_everything same);
use Test::More;
use File::Temp qw(tempdir);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);

# Run a shell command that must work.
sub run
{
	my ($command) = @_;

	return is(scalar(`$command 2>&1`) . ($? ? 'failed' : ''), '', $command =~ s/\Q$dir\E/DIR/gr);
}

# What a query of a database prints; errors too.
sub query
{
	my ($database, $sql) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file $sql;
	close($file) or die "$dir/query: $!";
	return scalar `psql -XqAt -d $database <$dir/query 2>&1`;
}

sub slurp
{
	my ($path) = @_;

	open(my $file, '<:raw', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

sub create_database
{
	my ($name) = @_;

	query('postgres', "DROP DATABASE IF EXISTS $name");
	query('postgres', "CREATE DATABASE $name TEMPLATE template0");
}

# How the server writes views and constraints is the same before and after on
# one server.
my $definitions = <<'SQL';
SELECT pg_get_viewdef('shop.scored');
SELECT schemaname, indexdef FROM pg_indexes WHERE schemaname IN ('shop', 'loyalty') ORDER BY 2;
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace IN ('shop'::regnamespace, 'loyalty'::regnamespace) ORDER BY 1, 2;
SELECT adrelid::regclass::text, attname, pg_get_expr(adbin, adrelid)
FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum ORDER BY 1, 2;
SELECT classoid::regclass, description FROM pg_description JOIN pg_class c ON c.oid = objoid
WHERE classoid = 'pg_class'::regclass AND relnamespace = 'loyalty'::regnamespace ORDER BY 2;
SQL

create_database('tier_dump');
is(write_everything('-d', 'tier_dump'), '', 'there is everything');
my $before = read_everything('-d', 'tier_dump');
my $defined = query('tier_dump', $definitions);
my $went_on = evaluate_everything('-d', 'tier_dump');

unlike($before, qr/ERROR/, 'all can be read');
like($before, qr/^1000\|10000\|high: 2\*; low: 1\*\|A\|100$/m, 'generated columns grade');
is(() = $went_on =~ /ERROR/g, 2, 'the program goes on, the checks check');
cmp_ok(() = $before =~ /\n/g, '>', 3000, 'there is something to lose');

# A restored database is as it was, and goes on as it would have.
sub check
{
	my ($name, $database) = @_;

	same(read_everything('-d', $database), $before, "$name: all is as it was");
	same(query($database, $definitions), $defined, "$name: and so defined");
	same(evaluate_everything('-d', $database), $went_on, "$name: it goes on as it would have");
}

create_database('tier_restored');
run("pg_dump -f $dir/plain.sql tier_dump");
run("psql -Xq -o /dev/null -v ON_ERROR_STOP=1 -d tier_restored -f $dir/plain.sql");
check('plain', 'tier_restored');

create_database('tier_restored');
run("pg_dump -Fc -f $dir/custom tier_dump");
run("pg_restore --exit-on-error -d tier_restored $dir/custom");
check('custom', 'tier_restored');

# A dump of the restored database is the dump of the first one.
run("pg_dump $_ | grep -v '^.\\(un\\)\\?restrict ' >$dir/$_.sql")
  foreach 'tier_dump', 'tier_restored';
same(slurp("$dir/tier_restored.sql"),
	slurp("$dir/tier_dump.sql"), 'a second dump is the same');

# Each index that is restored is used, where the query can use it.
my $used = join '', map { query('tier_restored', "SET enable_seqscan = off; SET search_path = shop, public; EXPLAIN $_;\n") }
  grep { /^SELECT/ } map { s/\n/ /gr } split /;\n/, slurp("$Everything::path/read.sql") =~ s/.*== indexes\n(.*?)RESET.*/$1/sr;
like($used, qr/Index.* (?:on|using) \Q$_\E /, "the restored index $_ is used")
  foreach qw(customers_tier customers_tier_hash customers_segment ladders_hash ladders_btree summaries_hash rfm_ladders_scheme_key
  maps_map_key cards_card_key rule_sets_hash models_purchases_hash graded_kept_hash);

create_database('tier_restored');
run("pg_dump -Fd -j 2 -f $dir/directory tier_dump");
run("pg_restore --exit-on-error -j 2 -d tier_restored $dir/directory");
check('directory, in parallel', 'tier_restored');

# Structure first, then the data: triggers and constraints are at work.
create_database('tier_restored');
run("pg_restore --exit-on-error -s -d tier_restored $dir/custom");
run("pg_restore --exit-on-error -a -d tier_restored $dir/custom");
# to pg_dump, what a materialized view has in it is structure
is(query('tier_restored', 'SET client_min_messages = warning; REFRESH MATERIALIZED VIEW shop.graded_kept; REFRESH MATERIALIZED VIEW shop.regions;'), '', 'refreshed');
check('data only', 'tier_restored');

# Two schemas, into a database that has the extension and its own names.
create_database('tier_restored');
query('tier_restored', 'CREATE EXTENSION customer_tier');
run('psql -Xq -d tier_dump -c "COPY tier_catalog_own TO STDOUT" | psql -Xq -d tier_restored -c "COPY tier_catalog_own FROM STDIN"');
run("pg_dump -n shop -n loyalty -f $dir/schemas.sql tier_dump");
run("psql -Xq -o /dev/null -v ON_ERROR_STOP=1 -d tier_restored -f $dir/schemas.sql");
check('some schemas', 'tier_restored');

# Binary COPY: what comes out goes in, and comes out again byte for byte.
foreach my $table (qw(ladders summaries rfm_ladders maps cards rule_sets standings models measured rolled summed reviewed))
{
	my $copy = 'psql -Xq -d tier_dump -c';

	run("$copy 'COPY (SELECT * FROM shop.$table ORDER BY 1) TO STDOUT (FORMAT binary)' >$dir/first");
	query('tier_dump', "CREATE TABLE shop.back_$table (LIKE shop.$table)");
	run("$copy 'COPY shop.back_$table FROM STDIN (FORMAT binary)' <$dir/first");
	run("$copy 'COPY (SELECT * FROM shop.back_$table ORDER BY 1) TO STDOUT (FORMAT binary)' >$dir/second");
	ok(slurp("$dir/second") eq slurp("$dir/first"), "$table: the same bytes");
	is( query('tier_dump',
			"SELECT count(*) FROM (SELECT t::text FROM shop.$table t EXCEPT ALL SELECT t::text FROM shop.back_$table t) t"),
		"0\n",
		"$table: the same rows");
}

query('postgres', "DROP DATABASE $_") foreach 'tier_dump', 'tier_restored';

done_testing();
