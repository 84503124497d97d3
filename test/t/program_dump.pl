#!/usr/bin/perl
# A program is ordinary tables: it comes through dump and restore of the whole
# database, of its schema alone, and of the data alone, and goes on as it was.
use strict;
use warnings;
use Test::More;

my $dump = "/tmp/customer_tier_program.$$.sql";

sub psql
{
	my ($database, $sql) = @_;
	my $path = "/tmp/customer_tier_program.$$";

	open(my $file, '>', $path) or die "$path: $!";
	print $file $sql;
	close($file) or die "$path: $!";
	my $output = `psql -XqAt -d $database <$path 2>&1`;
	unlink $path;
	chomp $output;
	return $output;
}

sub create_database
{
	my ($name) = @_;

	psql('postgres', "DROP DATABASE IF EXISTS $name");
	psql('postgres', "CREATE DATABASE $name");
}

# All that is in a program, as text.
sub contents
{
	my ($database) = @_;

	return psql($database, join '',
		map { "SELECT '$_', t::text FROM loyalty.$_ t ORDER BY 2;\n" }
		  qw(program source standing past history overrides overrides_log grades evaluations schemes draft));
}

create_database('tier_dumped');
psql('tier_dumped', <<'SQL');
CREATE EXTENSION customer_tier;
CREATE TABLE members ("Member No" int PRIMARY KEY, revenue numeric);
INSERT INTO members SELECT i, i * 7 % 100 FROM generate_series(1, 200) i;
SELECT tier_program_create('loyalty', 'members', '{Member No}', 'revenue', 'A top 20%, B >= 30, C', 'hold 3 months; grace 1 month');
UPDATE loyalty.program SET max_fall = 1;
SELECT tier_evaluate('loyalty', '2026-01-01');
UPDATE members SET revenue = revenue * 3 % 100;
DELETE FROM members WHERE "Member No" % 17 = 0;
SELECT tier_evaluate('loyalty', '2026-06-01');
INSERT INTO loyalty.overrides ("Member No", tier, reason) SELECT i, 'A', 'contract ' || i FROM generate_series(1, 9) i;
UPDATE loyalty.overrides SET tier = 'B' WHERE "Member No" < 5;
DELETE FROM loyalty.overrides WHERE "Member No" = 9;
SELECT tier_evaluate('loyalty', '2026-12-01', draft => true);
UPDATE loyalty.draft SET reviewed_tier = 'A', remark = 'a remark' WHERE "Member No" % 50 = 0;
SQL
my $before = contents('tier_dumped');
cmp_ok(length($before), '>', 50000, 'there is something to dump');

# What a restored program is: the same, and it goes on.
sub check
{
	my ($name, $errors, $database) = @_;

	is($errors, '', "$name: restores without an error");
	is(contents($database), $before, "$name: the same contents");
	is(psql($database, "SELECT * FROM tier_verify('loyalty')"), '', "$name: nothing is wrong with it");
	is(psql($database, "INSERT INTO loyalty.overrides (\"Member No\", tier, reason) VALUES (20, 'Q', 'x')") =~ s/\n.*//sr,
		'ERROR:  the scheme has no tier "Q"', "$name: its triggers are there");
	is( psql($database, "SELECT customers, draft FROM tier_publish('loyalty')"), '189|f', "$name: the draft is published");
	is( psql($database, "SELECT tier_undo('loyalty')"), '2026-12-01', "$name: and undone");
}

system("pg_dump -d tier_dumped -f $dump") == 0 or die;
create_database('tier_whole');
check('whole database', scalar(`psql -Xqo /dev/null -d tier_whole -f $dump 2>&1`), 'tier_whole');

# Its schema, and the source's table.
system("pg_dump -d tier_dumped -n loyalty -f $dump") == 0 or die;
create_database('tier_schema');
psql('tier_schema', 'CREATE EXTENSION customer_tier; CREATE TABLE members ("Member No" int PRIMARY KEY, revenue numeric)');
system('psql -XAtq -d tier_dumped -c "COPY members TO STDOUT" | psql -Xq -d tier_schema -c "COPY members FROM STDIN"');
check('one schema', scalar(`psql -Xqo /dev/null -d tier_schema -f $dump 2>&1`), 'tier_schema');

# Structure first, then the data, with the triggers at work.
system("pg_dump -d tier_dumped -s -f $dump") == 0 or die;
create_database('tier_data');
is(scalar(`psql -Xqo /dev/null -d tier_data -f $dump 2>&1`), '', 'data alone: the structure');
system("pg_dump -d tier_dumped -a -f $dump") == 0 or die;
check('data alone', scalar(`psql -Xqo /dev/null -d tier_data -f $dump 2>&1`), 'tier_data');

psql('postgres', "DROP DATABASE $_") foreach qw(tier_dumped tier_whole tier_schema tier_data);
unlink $dump;

done_testing();
