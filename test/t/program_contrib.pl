#!/usr/bin/perl
# Sources that take a module of PostgreSQL's or ICU: foreign tables, keys that
# are equal without being the same. What is not there is skipped.
use strict;
use warnings;
use Test::More;

my $database = 'tier_contrib';
my $dir = `mktemp -d /tmp/customer_tier.XXXXXX`;
chomp $dir;
chmod 0755, $dir;
END { system('rm', '-rf', $dir) if $dir }

sub psql
{
	my ($sql, $in) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file "\\set VERBOSITY terse\n", $sql;
	close($file) or die "$dir/query: $!";
	my $output = `psql -XqAt -d @{[ $in // $database ]} <$dir/query 2>&1`;
	chomp $output;
	return $output;
}

sub has_module
{
	my ($name) = @_;

	return psql("SELECT true FROM pg_available_extensions WHERE name = '$name'", 'postgres') eq 't';
}

# Evaluate a program twice, with a change between; what the two say, and how
# many history has and verify finds.
sub live
{
	my ($program, $change) = @_;

	return psql(<<"SQL");
UPDATE $program.program SET max_fall = 1;
SELECT customers, entered, gone, rose, fell FROM tier_evaluate('$program', '2026-01-01');
$change
SELECT customers, entered, gone, rose, fell FROM tier_evaluate('$program', '2026-02-01');
SELECT count(*), (SELECT count(*) FROM tier_verify('$program')) FROM $program.history;
SQL
}

psql($_, 'postgres') foreach "DROP DATABASE IF EXISTS $database", "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'";
psql('CREATE EXTENSION customer_tier');

SKIP:
{
	skip 'no file_fdw', 2 unless has_module('file_fdw');

	# a file that another system leaves each night
	my $leave = sub {
		open(my $file, '>', "$dir/members.csv") or die "$dir/members.csv: $!";
		print $file map { "$_\n" } @_;
		close($file);
	};
	$leave->('1,900', '2,600', '3,100');
	is(psql(<<"SQL"), '', 'a program on a foreign table of file_fdw');
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE members (id int, revenue numeric) SERVER files OPTIONS (filename '$dir/members.csv', format 'csv');
SELECT tier_program_create('of_file', 'members', '{id}', 'revenue', 'A >= 800, B >= 500, C') \\g /dev/null
SQL
	psql("UPDATE of_file.program SET max_fall = 1; SELECT tier_evaluate('of_file', '2026-01-01')");
	$leave->('1,900', '2,50', '3,1000', '4,500');
	is(psql("SELECT customers, entered, gone, rose, fell FROM tier_evaluate('of_file', '2026-02-01'); SELECT id, tier FROM of_file.grades ORDER BY id; SELECT * FROM tier_verify('of_file')"),
		"4|1|0|1|1\n1|A\n2|C\n3|A\n4|B", '... follows the file');
}

SKIP:
{
	skip 'no postgres_fdw', 3 unless has_module('postgres_fdw');

	psql("DROP DATABASE IF EXISTS tier_remote", 'postgres');
	psql("CREATE DATABASE tier_remote", 'postgres');
	psql('CREATE TABLE members (id int PRIMARY KEY, revenue numeric); INSERT INTO members SELECT i, i * 10 FROM generate_series(1, 100) i', 'tier_remote');
	is(psql(<<"SQL"), '', 'a program on a foreign table of postgres_fdw');
CREATE EXTENSION postgres_fdw;
CREATE SERVER remote FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'tier_remote', host '$ENV{PGHOST}', port '${\($ENV{PGPORT} // 5432)}');
CREATE USER MAPPING FOR CURRENT_USER SERVER remote OPTIONS (user 'postgres');
CREATE FOREIGN TABLE remote_members (id int, revenue numeric) SERVER remote OPTIONS (table_name 'members');
SELECT tier_program_create('of_remote', 'remote_members', '{id}', 'revenue', 'A top 20%, B >= 500, C') \\g /dev/null
SQL
	is(live('of_remote', 'UPDATE remote_members SET revenue = 2000 WHERE id = 1; DELETE FROM remote_members WHERE id = 50;'),
		"100|100|0|0|0\n99|0|1|1|1\n102|0", '... is evaluated, with what has changed there');
	is(psql("SELECT count(*) FROM of_remote.grades g JOIN remote_members m USING (id)
	  WHERE g.tier <> tier_of(m.revenue, (SELECT tier_fit(value_digest(revenue), 'A top 20%, B >= 500, C') FROM remote_members))"), '0', '... as its rows are graded');
	psql('DROP SERVER remote CASCADE');
}

SKIP:
{
	skip 'no citext', 2 unless has_module('citext');

	# also under the bare search_path of an evaluation, Ann is ANN
	psql(<<'SQL');
CREATE EXTENSION citext;
CREATE TABLE accounts (name citext PRIMARY KEY, revenue int);
INSERT INTO accounts VALUES ('Ann', 900), ('Bob', 600), ('Cem', 100);
SELECT tier_program_create('of_citext', 'accounts', '{name}', 'revenue', 'A >= 800, B >= 500, C');
SQL
	is(live('of_citext', "UPDATE accounts SET name = upper(name::text); UPDATE accounts SET revenue = 550 WHERE name = 'ann'; INSERT INTO of_citext.overrides (name, tier, reason) VALUES ('bOB', 'A', 'x');"),
		"3|3|0|0|0\n3|0|0|0|1\n4|0", 'a citext key: who is written otherwise is the same customer');
	is(psql("SELECT lower(name::text), tier, rule FROM of_citext.grades ORDER BY 1; SELECT tier_program_explain('of_citext', 'CEM') ->> 'tier'"),
		"ann|B|measured\nbob|A|override\ncem|C|measured\nC", '... so for overrides and tier_program_explain');
}

SKIP:
{
	skip 'no ICU', 3
	  if psql("CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)") ne '';

	psql(<<'SQL');
CREATE TABLE people (name text COLLATE no_case, branch int, revenue int, PRIMARY KEY (name, branch));
INSERT INTO people VALUES ('Zoë', 1, 900), ('Zoë', 2, 600), ('Åsa', 1, 100);
SELECT tier_program_create('of_people', 'people', '{name,branch}', 'revenue', 'A >= 800, B >= 500, C');
SQL
	is(live('of_people', "UPDATE people SET name = upper(name); UPDATE people SET revenue = 550 WHERE name = 'zoë' AND branch = 1;"),
		"3|3|0|0|0\n3|0|0|0|1\n4|0", 'a key with a nondeterministic collation');
	is(psql("SELECT tier FROM of_people.grades WHERE name = 'ÅSA' AND branch = 1; SELECT tier_program_explain('of_people', 'åsa', 1) ->> 'tier';
	  SELECT collation_name FROM information_schema.columns WHERE table_schema = 'of_people' AND table_name = 'past' AND column_name = 'name'"),
		"C\nC\nno_case", '... which the tables keep');
	is(psql("ALTER TABLE people DROP CONSTRAINT people_pkey; INSERT INTO people VALUES ('åsA', 1, 5); SELECT tier_evaluate('of_people', '2026-03-01')"),
		'ERROR:  the source of program "of_people" has a customer twice', '... and by which a customer is twice in the source');
}

psql("DROP DATABASE IF EXISTS $_", 'postgres') foreach $database, 'tier_remote';

done_testing();
