#!/usr/bin/perl
# Who may do what with a program, and what a hostile source, schema or name
# gets done with the rights of whoever evaluates it: nothing.
use strict;
use warnings;
use Test::More;

my $database = 'tier_rights';

# What psql prints for a script, errors included.
sub psql
{
	my ($user, $sql, $in) = @_;
	my $path = "/tmp/customer_tier_rights.$$";

	open(my $file, '>', $path) or die "$path: $!";
	print $file "\\set VERBOSITY terse\n", $sql;
	close($file) or die "$path: $!";
	$in //= $database;
	my $output = `psql -XqAt -U $user -d $in <$path 2>&1`;
	unlink $path;
	$output =~ s/^psql:[^:]*:\d+: //mg;
	$output =~ s/\n+\z//;
	return $output;
}

my @roles = qw(tier_creator tier_grader tier_reviewer tier_sales tier_reader tier_analyst tier_evil);

psql('postgres', $_, 'postgres')
  foreach "DROP DATABASE IF EXISTS $database",
  (map { "DROP ROLE IF EXISTS $_" } @roles),
  (map { "CREATE ROLE $_ LOGIN" } @roles),
  "CREATE DATABASE $database";

psql('postgres', <<"SQL");
CREATE EXTENSION customer_tier;
GRANT CREATE ON DATABASE $database TO tier_creator, tier_evil;
CREATE SCHEMA shop AUTHORIZATION tier_creator;
CREATE SCHEMA den AUTHORIZATION tier_evil;
CREATE TABLE superusers_secret AS SELECT 'plain text' AS password;
SQL

# A creator who is no superuser; the roles of a program.
is( psql(
		'tier_creator', <<'SQL'), '2026-01-01|complete|f|10|10|0|0|0', 'a creator without superuser makes and evaluates a program');
CREATE TABLE shop.customers AS SELECT i AS id, i * 10 AS revenue, i % 2 = 0 AS ours FROM generate_series(1, 10) i;
SELECT tier_program_create('loyalty', 'shop.customers', '{id}', 'revenue', 'A >= 80, B >= 50, C') \g /dev/null
SELECT * FROM tier_evaluate('loyalty', '2026-01-01');
UPDATE loyalty.program SET max_fall = 1;
GRANT USAGE ON SCHEMA loyalty TO tier_reviewer, tier_sales, tier_reader;
GRANT SELECT ON loyalty.draft TO tier_reviewer;
GRANT UPDATE (reviewed_tier, remark) ON loyalty.draft TO tier_reviewer;
GRANT SELECT, INSERT, UPDATE, DELETE ON loyalty.overrides TO tier_sales;
GRANT SELECT ON loyalty.grades TO tier_reader;
SQL
psql('postgres', 'GRANT tier_creator TO tier_grader');
is( psql('tier_grader', "SELECT customers FROM tier_evaluate('loyalty', '2026-02-01', draft => true)"),
	'10', 'a member of the owner evaluates');
is( psql('postgres', "SELECT tier_undo('loyalty'); SELECT customers, draft FROM tier_evaluate('loyalty', '2026-02-01', draft => true)"),
	"2026-02-01\n10|t", 'and so may a superuser');
foreach my $call ("tier_evaluate('loyalty')", "tier_publish('loyalty')", "tier_undo('loyalty')")
{
	is( psql('tier_sales', "SELECT $call"), 'ERROR:  permission denied for program "loyalty"', "$call by no member");
}
is( psql(
		'tier_reviewer', <<'SQL'), "t\ntier_reviewer|good prospects", 'a reviewer reviews, and is named');
UPDATE loyalty.draft SET reviewed_tier = 'A', remark = 'good prospects' WHERE id = 1;
SELECT reviewed_tier = 'A' FROM loyalty.draft WHERE id = 1;
SELECT reviewer, remark FROM loyalty.draft WHERE id = 1;
SQL
is( psql('tier_reviewer', "UPDATE loyalty.draft SET reviewer = 'the boss' WHERE id = 1"),
	'ERROR:  permission denied for table draft', 'but changes nothing else of the draft');
is( psql('tier_reviewer', "UPDATE loyalty.draft SET tier = 'A' WHERE id = 2"),
	'ERROR:  permission denied for table draft', '... nor what is proposed');
is( psql('tier_reviewer', "UPDATE loyalty.draft SET reviewed_tier = 'Z' WHERE id = 2"),
	'ERROR:  the scheme has no tier "Z"', '... nor to a tier that is none');
is( psql(
		'tier_sales', <<'SQL'), "B|2|tier_sales\nC|3\n0", 'sales inserts, changes and deletes overrides');
INSERT INTO loyalty.overrides (id, tier, reason) VALUES (3, 'B', 'contract');
SELECT tier, rank, set_by FROM loyalty.overrides;
UPDATE loyalty.overrides SET tier = 'C';
SELECT tier, rank FROM loyalty.overrides;
DELETE FROM loyalty.overrides;
SELECT count(*) FROM loyalty.overrides;
SQL
is( psql('tier_creator', "SELECT tier, change, changed_by FROM loyalty.overrides_log ORDER BY changed_at"),
	"B|update|tier_sales\nC|delete|tier_sales", 'and all of it is logged');
is( psql('tier_sales', "SELECT * FROM loyalty.standing"), 'ERROR:  permission denied for table standing', 'sales reads no standings');
is( psql('tier_reader', "SELECT count(*) FROM loyalty.grades"), '10', 'a reader reads grades');
is( psql('tier_reader', "SELECT * FROM loyalty.$_"), "ERROR:  permission denied for " . ($_ eq 'history' || $_ eq 'source' ? 'view' : 'table') . " $_", "... and not $_")
  foreach qw(standing past program overrides history source evaluations schemes draft);
is( psql('tier_grader', "SELECT rose FROM tier_publish('loyalty')"), '1', 'a member publishes');

# An analyst, who is no member of the owner, looks by rights of her own.
my %look = (
	"tier_report('loyalty', '2026-02-01')" => 'program standing past history overrides overrides_log source evaluations schemes',
	"tier_trend('loyalty')" => 'program past evaluations schemes',
	"tier_migration('loyalty', '2026-01-01', '2026-02-01')" => 'program standing past history overrides overrides_log evaluations',
	"tier_changes('loyalty', '2026-01-01', '2026-02-01')" => 'program standing past history overrides overrides_log evaluations schemes',
	"tier_effect('loyalty', 'shop.visits', '{id}', '1', 'day')" => 'program past history evaluations',
	"tier_forecast('loyalty', 2)" => 'program standing past history source evaluations schemes',
	"tier_preview('loyalty', '2026-09-01')" => 'program standing past source evaluations',
	"tier_program_explain('loyalty', 1)" => 'program standing past history overrides grades source evaluations schemes',
	"tier_verify('loyalty')" => 'program standing past history overrides source evaluations schemes draft',
);
psql('tier_creator', <<'SQL');
CREATE TABLE shop.visits AS SELECT id, date '2026-01-15' AS day FROM shop.customers;
GRANT USAGE ON SCHEMA shop TO tier_analyst;
GRANT SELECT ON shop.visits TO tier_analyst;
SQL
foreach my $call (sort keys %look)
{
	my $query = "SELECT count(*), md5(string_agg(r::text, ' ' ORDER BY r::text)) FROM $call r";
	my @needed = split ' ', $look{$call};

	like(psql('tier_analyst', $query), qr/^ERROR:  permission denied for program "loyalty"$/, "$call without a right");
	psql('tier_creator', "GRANT USAGE ON SCHEMA loyalty TO tier_analyst; GRANT SELECT ON " . join(', ', map { "loyalty.$_" } @needed) . ' TO tier_analyst');
	my $seen = psql('tier_analyst', $query);
	is($seen, psql('tier_creator', $query), '... with SELECT on what it reads: as the owner sees it');
	unlike($seen, qr/ERROR/, '... which is something');
	psql('tier_creator', "REVOKE SELECT ON loyalty.evaluations FROM tier_analyst");
	like(psql('tier_analyst', $query), qr/^ERROR:  permission denied for table evaluations\b/, '... and not without that on one of them');
	psql('tier_creator', "REVOKE ALL ON ALL TABLES IN SCHEMA loyalty FROM tier_analyst; REVOKE USAGE ON SCHEMA loyalty FROM tier_analyst");
}

# Row security of the source binds the program's owner.
is( psql(
		'tier_creator', <<'SQL'), "5|5", 'row security of the source is respected');
ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.customers FORCE ROW LEVEL SECURITY;
CREATE POLICY ours ON shop.customers USING (ours);
SELECT customers, gone FROM tier_evaluate('loyalty', '2026-03-01');
SQL
is( psql('postgres', "SELECT tier_undo('loyalty'); SELECT customers, gone FROM tier_evaluate('loyalty', '2026-03-01')"),
	"2026-03-01\n5|5", '... also when a superuser evaluates');

# A hostile owner, and a superuser who evaluates: functions of the source run
# as the owner, and can do nothing that outlives the statement.
psql('tier_evil', <<'SQL');
CREATE TABLE den.customers AS SELECT i AS id, i * 10 AS revenue FROM generate_series(1, 10) i;
CREATE TABLE den.trace (what text);
CREATE FUNCTION den.look(revenue int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RAISE WARNING '% %', current_user, current_setting('search_path');
  RETURN revenue;
END $$;
SELECT tier_program_create('trap', 'den.customers', '{id}', 'CASE WHEN id = 1 THEN den.look(revenue) ELSE revenue END', 'A >= 80, B >= 50, C');
SQL
is( psql('postgres', "SELECT customers FROM tier_evaluate('trap', '2026-01-01')"),
	"WARNING:  tier_evil pg_catalog, pg_temp\n" x 2 . '10', 'functions of the source run as the owner, with a bare search_path');

my %attack = (
	'SET ROLE' => [ 'SET ROLE postgres', 'cannot set parameter "role" within security-restricted operation' ],
	'SET SESSION AUTHORIZATION' => [ 'SET SESSION AUTHORIZATION postgres', 'cannot set parameter "session_authorization" within security-restricted operation' ],
	'a temporary table' => [ 'CREATE TEMP TABLE t ()', 'cannot create temporary table within security-restricted operation' ],
	'the secret' => [ 'PERFORM * FROM public.superusers_secret', 'permission denied for table superusers_secret' ],
);
foreach my $name (sort keys %attack)
{
	my ($statement, $error) = @{ $attack{$name} };

	psql('tier_evil', "CREATE OR REPLACE FUNCTION den.look(revenue int) RETURNS int LANGUAGE plpgsql AS
	  \$\$ BEGIN $statement; RETURN revenue; END \$\$");
	is( psql('postgres', "SELECT customers FROM tier_evaluate('trap', '2026-02-01')"), "ERROR:  $error", "$name in a function of the source");
}
is( psql('postgres', "SELECT current_user, current_setting('search_path')"), 'postgres|"$user", public', 'the caller is who it was');

# Somebody else who looks runs what the owner wrote as herself, as with any
# view; but it can change nothing about the session.
psql('tier_evil', 'GRANT USAGE ON SCHEMA trap, den TO tier_analyst; GRANT SELECT ON ALL TABLES IN SCHEMA trap TO tier_analyst');
foreach my $name ('SET ROLE', 'SET SESSION AUTHORIZATION', 'a temporary table')
{
	my ($statement, $error) = @{ $attack{$name} };

	psql('tier_evil', "CREATE OR REPLACE FUNCTION den.look(revenue int) RETURNS int LANGUAGE plpgsql AS
	  \$\$ BEGIN $statement; RETURN revenue; END \$\$");
	is( psql('tier_analyst', "SELECT count(*) FROM tier_preview('trap', '2026-02-01')"), "ERROR:  $error", "$name, when somebody else looks");
}

# A trigger that waits for COMMIT would run as whoever commits.
psql('tier_evil', <<'SQL');
CREATE OR REPLACE FUNCTION den.look(revenue int) RETURNS int LANGUAGE sql AS 'SELECT revenue + 50';
CREATE FUNCTION den.late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO den.trace SELECT current_user;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON trap.standing DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION den.late();
SQL
is( psql('postgres', "SELECT customers FROM tier_evaluate('trap', '2026-02-01')"),
	'ERROR:  cannot fire deferred trigger within security-restricted operation', 'a deferred trigger on the standings');
psql('tier_evil', <<'SQL');
DROP TRIGGER late ON trap.standing;
CREATE TRIGGER now AFTER INSERT OR UPDATE ON trap.standing FOR EACH ROW EXECUTE FUNCTION den.late();
SQL
is( psql('postgres', "SELECT customers FROM tier_evaluate('trap', '2026-02-01')"), '10', 'one that fires at once');
is( psql('postgres', "SELECT DISTINCT what FROM den.trace"), 'tier_evil', '... does so as the owner');

# A search_path full of operators and tables of the same names
is( psql(
		'postgres', <<'SQL'), "10", 'a hostile search_path of the caller');
CREATE SCHEMA decoy;
CREATE FUNCTION decoy.lie(date, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'decoy'; RETURN false; END $$;
CREATE FUNCTION decoy.lie(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'decoy'; RETURN false; END $$;
CREATE FUNCTION decoy.lie(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'decoy'; RETURN false; END $$;
CREATE OPERATOR decoy.= (LEFTARG = date, RIGHTARG = date, PROCEDURE = decoy.lie);
CREATE OPERATOR decoy.< (LEFTARG = date, RIGHTARG = date, PROCEDURE = decoy.lie);
CREATE OPERATOR decoy.= (LEFTARG = text, RIGHTARG = text, PROCEDURE = decoy.lie);
CREATE OPERATOR decoy.= (LEFTARG = int, RIGHTARG = int, PROCEDURE = decoy.lie);
CREATE OPERATOR decoy.~ (LEFTARG = text, RIGHTARG = text, PROCEDURE = decoy.lie);
CREATE FUNCTION decoy.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'decoy'; RETURN NULL; END $$;
CREATE FUNCTION decoy.format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'decoy'; RETURN ''; END $$;
SET search_path = decoy, pg_catalog, public;
SELECT tier_program_create('decoyed', 'den.customers', '{id}', 'revenue', 'A >= 80, B >= 50, C') \g /dev/null
INSERT INTO decoyed.overrides (id, tier, reason) VALUES (1, 'A', 'x');
UPDATE decoyed.overrides SET reason = 'y';
UPDATE decoyed.program SET rules = 'hold 1 month';
SELECT customers FROM public.tier_evaluate('decoyed', '2026-01-01');
SQL

# A materialized view of another owner is refreshed as REFRESH allows it.
is( psql(
		'postgres', <<'SQL'), "", 'a materialized view of somebody else');
CREATE MATERIALIZED VIEW public.theirs AS SELECT id, revenue FROM den.customers;
GRANT SELECT ON public.theirs TO tier_creator;
SQL
like( psql(
		'tier_creator', <<'SQL'), qr/^ERROR:  (must be owner of|permission denied for) materialized view theirs\n10$/, '... is not refreshed by a program whose owner may not');
SELECT tier_program_create('over_theirs', 'public.theirs', '{id}', 'revenue', 'A >= 80, B') \g /dev/null
SELECT customers FROM tier_evaluate('over_theirs', '2026-01-01');
UPDATE over_theirs.program SET refresh = false;
SELECT customers FROM tier_evaluate('over_theirs', '2026-01-01');
SQL

# The makers' rights: CREATE in the database, SELECT on the source
like( psql('tier_sales', "SELECT tier_program_create('mine', 'shop.customers', '{id}', 'revenue', 'A')"),
	qr/^ERROR:  permission denied for/, 'a program takes CREATE on the database');
like( psql('tier_evil', "SELECT tier_program_create('mine', 'shop.customers', '{id}', 'revenue', 'A')"),
	qr/^ERROR:  permission denied for/, '... and SELECT on the source');

psql('postgres', $_, 'postgres')
  foreach "DROP DATABASE $database",
  (map { "DROP ROLE $_" } @roles);

done_testing();
