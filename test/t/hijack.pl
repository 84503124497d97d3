#!/usr/bin/perl
# Whoever may create functions in the schema of the extension, as everybody may
# in public before PostgreSQL 15, can plant one that fits a call better than the
# extension's own, and wait for a superuser. What the extension itself calls is
# not to be had so: not by bodies in SQL, views, nor by the statements of
# programs and reports, nor through temporary tables of whoever calls.
#
# test/t/qualified.pl is about names of the server's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/..";
use Everything qw(said same read_everything evaluate_everything);
use Test::More;

my $database = 'tier_hijack';
my $path = "/tmp/customer_tier_hijack.$$";

# What psql prints for a script, errors included.
sub psql
{
	my ($sql, $in) = @_;

	open(my $file, '>', $path) or die "$path: $!";
	print $file $sql;
	close($file) or die "$path: $!";
	my $output = said($path, '-d', $in // $database);
	unlink $path;
	chomp $output;
	return $output;
}

psql("SET client_min_messages = error; DROP DATABASE IF EXISTS $database; DROP ROLE IF EXISTS tier_intruder; CREATE ROLE tier_intruder; CREATE DATABASE $database", 'postgres');

# A schema that others may write to, with something in it before: functions
# that have names of ours, and a better fit than ours for what bodies say.
psql('GRANT ALL ON SCHEMA public TO PUBLIC');
my @before = map { "CREATE FUNCTION public.$_ LANGUAGE plpgsql AS \$\$ BEGIN RAISE EXCEPTION 'hijacked'; END \$\$;" }
  'in_tier(date, text, text) RETURNS boolean', 'tier_of(interval, text) RETURNS text', 'tier_explain(numeric, text) RETURNS jsonb',
  'tier_catalog_find(text, text, name[]) RETURNS text', 'tier_catalog_find("char", text, text[]) RETURNS text',
  'rfm_score(bigint, bigint, numeric, text) RETURNS integer', 'jsonb_build_object(text, integer) RETURNS jsonb',
  'coalesce(text, text) RETURNS text', 'num_nonnulls(text, text, text) RETURNS integer', 'btrim(varchar) RETURNS text';
is(psql("SET ROLE tier_intruder; @before"), '', 'planted before');
is(said("$Everything::path/write.sql", '-d', $database), '', 'everything is made among them');
my $expected = read_everything('-d', $database);
unlike($expected, qr/ERROR/, 'and read');
my $went_on = evaluate_everything('-d', $database);

psql(<<'SQL');
CREATE TABLE shop.visits AS
  SELECT i AS customer_id, date '2025-01-01' + 7 * t_x * n / greatest(x, 1) AS ordered_at, 10 AS amount
  FROM (SELECT i, CASE i % 5 WHEN 3 THEN 1 + i % 3 WHEN 4 THEN 6 + i * 7 % 11 ELSE 0 END AS x,
               CASE i % 5 WHEN 3 THEN 2 + i * 31 % 17 WHEN 4 THEN 30 + i % 8 ELSE 0 END AS t_x
        FROM generate_series(1, 400) i) c, generate_series(0, x) n;
SQL
my $validate = "clv_validate('shop.visits', 'customer_id', 'ordered_at', 'amount', '2025-09-24', '2025-12-31')";
cmp_ok(psql("SELECT count(*) FROM $validate"), '>', 10, 'a model is validated');
psql("GRANT CREATE ON DATABASE $database TO tier_intruder; GRANT USAGE ON SCHEMA shop TO tier_intruder");
like(psql("SET ROLE tier_intruder; SELECT $validate"), qr/^ERROR:  permission denied for table visits/, '... with rights on the table');

# Overloads of each function of ours that is called by a statement which is
# made at run time: with other types for each argument, and all of them where
# ours takes any.
my %called;
foreach my $file (glob('src/program/*.c'), glob('src/clv/*.sql'))
{
	open(my $source, '<', $file) or die "$file: $!";
	my $text = do { local $/; <$source> };
	$called{$_} = 1 foreach $text =~ /(?:\{extension\}|\@extschema\@)\.(\w+)\(/g;
}
$called{bgnbd_fit} = 1;    # by clv_validate, which is told which
my @others = qw(integer bigint numeric float8 text varchar date timestamptz);
my @few = qw(integer numeric float8 date);
my @plants;
foreach my $line (split /\n/, psql('SELECT proname, array(SELECT unnest(proargtypes)::regtype), prorettype::regtype FROM pg_proc JOIN pg_depend ON objid = pg_proc.oid AND deptype = \'e\''))
{
	my ($name, $types, $result) = split /\|/, $line;
	my @types = map { s/[\\"]//gr } split /,/, $types =~ s/[{}]//gr;
	my @lists = ([]);

	next unless $called{$name} && $name ne 'value_digest' && @types && $result ne 'internal' && $types !~ /internal|cstring/;
	# "any" is whatever it may be, which makes many
	my @instead = $types =~ /any/ ? @few : @others;
	foreach my $type (@types)
	{
		@lists = map { my $list = $_; map { [ @$list, $_ ] } $type eq 'any' ? @few : $type } @lists;
	}
	foreach my $list (@lists)
	{
		foreach my $i (0 .. $#types)
		{
			push @plants, map { my @planted = @$list; $planted[$i] = $_; [ $name, \@planted, $result ] } @instead, $types[$i] eq 'any' ? () : $types[$i];
		}
	}
}
my %planted = map { my ($name, $types, $result) = @$_; ("$name(" . join(', ', @$types) . ')' => $result) } @plants;
my $said = psql("SET ROLE tier_intruder; SET client_min_messages = error; CREATE TABLE public.plants (declared text, result text);\n"
	  . "COPY public.plants FROM STDIN;\n" . join('', map { "$_\t$planted{$_}\n" } sort keys %planted) . "\\.\n" . <<'SQL');
DO $do$
DECLARE
  plant record;
BEGIN
  FOR plant IN SELECT * FROM public.plants LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION public.%s RETURNS %s LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION ''hijacked: %1$s, as %%'', current_user; END $$',
        plant.declared, plant.result);
    EXCEPTION WHEN duplicate_function THEN -- it is ours
    END;
  END LOOP;
END
$do$;
SQL
is($said, '', 'planted overloads');
cmp_ok(psql("SELECT count(*) FROM pg_proc WHERE proowner = 'tier_intruder'::regrole"), '>', 200, 'not a few');

# They are chosen where nothing stands against it.
like(psql("SELECT digest_quantile(digest, 1) FROM shop.summaries"), qr/hijacked: digest_quantile\(value_digest, integer\), as postgres/, 'they would do harm');

# Temporary objects of whoever calls, with the names of a program's
my $temporary = join '', map { "CREATE TEMPORARY TABLE $_ (id int, tier text, scheme text, rules text, as_of date, rank int);\n" }
  qw(program source standing past history overrides grades evaluations schemes draft tier_catalog_own tier_catalog members);
$temporary .= join '', map { "CREATE DOMAIN pg_temp.$_ AS pg_catalog.$_ CHECK (value IS NULL);\n" } qw(text date int4 int8 bool jsonb numeric float8);
$temporary .= "SET search_path = pg_temp, public, pg_catalog;\n";

# All that runs SQL of its own. Arguments have the types that are declared.
foreach my $call (
	"tier_report('loyalty', '2026-06-01', 'rule')",
	"tier_report('loyalty', '2026-06-01')",
	"tier_trend('loyalty')",
	"tier_forecast('loyalty', 2)",
	"tier_migration('loyalty', '2026-01-01', '2026-06-01')",
	"tier_changes('loyalty', '2026-01-01', '2026-06-01')",
	"tier_effect('loyalty', 'shop.orders', '{customer_id}', 'amount', 'ordered_at')",
	"tier_preview('loyalty', '2027-03-01')",
	"tier_preview('loyalty', '2027-03-01', 'A top 10%, B top 20%, C', 'hold 1 year')",
	"tier_program_explain('loyalty', 20)",
	"tier_verify('loyalty')",
	'tier_programs()',
	"tier_program_upgrade('loyalty')",
	"named_scheme('ours')", "named_scheme('abc')", "named_card('composite')", "named_segments('eleven')",
	"customer_value((SELECT purchases FROM shop.models WHERE id = 1), (SELECT spend FROM shop.models WHERE id = 1), 12::pg_catalog.float8, 0.01::pg_catalog.float8, 3::pg_catalog.float8, 20::pg_catalog.float8, 38::pg_catalog.float8, 40::pg_catalog.float8)",
	"rfm_explain(20::pg_catalog.int8, 3::pg_catalog.int8, 500::pg_catalog.numeric, 'recency: 2 <= 30, 1; frequency: 2 >= 2, 1; monetary: 2 >= 100, 1'::public.rfm_scheme)",
	"tier_explain(5::pg_catalog.numeric, 'A >= 7, B'::public.tier_scheme)",
	"tier_of('2026-01-01'::pg_catalog.date, '2025-01-01'::pg_catalog.date, 'old >= 6 months, new'::public.tier_scheme)",
	'tier_catalog')
{
	my $query = "SELECT pg_catalog.md5(pg_catalog.string_agg(t::pg_catalog.text, ' ' ORDER BY t::pg_catalog.text COLLATE pg_catalog.\"C\")) FROM public.$call t";
	my ($function) = $call =~ /(\w+)/;
	my ($there) = psql("SELECT count(*) FROM pg_proc JOIN pg_depend ON objid = pg_proc.oid AND deptype = 'e' WHERE proname = '$function'");

	next unless $there || $call !~ /\(/;
	my $output = psql("$temporary$query");
	unlike($output, qr/ERROR/, $call);
}
# Where types cannot help, as arguments may be of any type, it does not begin.
like(psql("SELECT public.$validate"), qr/^ERROR:  clv_validate might call clv_measures\(.*\), which is not of customer_tier/, $validate);
same(psql("${temporary}BEGIN; SELECT public.tier_publish('loyalty'); SELECT public.tier_undo('loyalty'); SELECT public.tier_evaluate('loyalty', '2027-03-01'::pg_catalog.date); ROLLBACK"),
	"(2026-12-01,complete,f,189,0,0,4,64)\n2026-12-01\n(2027-03-01,complete,f,189,0,0,0,64)", 'evaluations');

# A measure of whatever type: none may have a function of its own
psql(<<'SQL');
SET ROLE tier_intruder;
CREATE FUNCTION public.take(value_digest, integer) RETURNS value_digest LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked, as %', current_user; END $$;
CREATE AGGREGATE public.value_digest(integer) (SFUNC = take, STYPE = value_digest);
CREATE AGGREGATE public.value_digest(smallint) (SFUNC = take, STYPE = value_digest);
SQL
is(psql(<<"SQL"), '(2026-01-01,complete,f,100,100,0,0,0)', "a measure of type $_") foreach qw(smallint integer bigint real float8 numeric);
SET client_min_messages = error;
DROP SCHEMA IF EXISTS typed CASCADE;
CREATE OR REPLACE VIEW shop.typed_$_ AS SELECT "Member No", revenue::$_ AS revenue FROM shop.members WHERE "Member No" <= 106;
SELECT public.tier_program_create('typed', 'shop.typed_$_', '{Member No}', 'revenue', 'A top 20%, B') \\g /dev/null
SELECT public.tier_evaluate('typed', '2026-01-01'::date);
SQL

# What bodies call is settled when they are made: by then it must have been
# there. A function in SQL without BEGIN ATOMIC would look for names later.
is(psql("SELECT string_agg(p.oid::regprocedure::text, ' ') FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' JOIN pg_language l ON l.oid = prolang WHERE lanname = 'sql' AND prosqlbody IS NULL"),
	'', 'bodies in SQL are BEGIN ATOMIC');
is(psql("SELECT string_agg(p.oid::regprocedure::text, ' ') FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE prosecdef"),
	'', 'no function is SECURITY DEFINER');
is(psql("SELECT string_agg(pg_describe_object(classid, objid, 0) || ' needs ' || refobjid::regprocedure, ', ') FROM pg_depend d JOIN pg_proc p ON p.oid = refobjid AND refclassid = 'pg_proc'::regclass WHERE proowner = 'tier_intruder'::regrole AND d.deptype = 'n' AND NOT (classid = 'pg_proc'::regclass AND objid IN (SELECT oid FROM pg_proc WHERE proowner = 'tier_intruder'::regrole))"),
	'', 'nothing depends on what was planted');

# Names that are statements, if somebody forgets to quote them
my $evil = q{x"; DROP TABLE shop.members; --};
my $quoted = $evil =~ s/"/""/gr;
is(psql(<<"SQL"), "(2026-01-01,complete,f,10,10,0,0,0)\n10", 'names with quotes in them are names');
SET search_path = pg_catalog;
CREATE SCHEMA "s$quoted";
CREATE TABLE "s$quoted"."t$quoted" AS SELECT i AS "k$quoted", 'r' || i AS "m$quoted'", i * 10 AS "v$quoted" FROM generate_series(1, 10) i;
SELECT public.tier_program_create('p$evil', '"s$quoted"."t$quoted"', ARRAY['k$evil', 'm$evil'''], '"v$quoted"', 'A >= 50, "b$quoted"') \\g /dev/null
SELECT public.tier_evaluate('p$evil', '2026-01-01'::date);
SELECT count(*) FROM "p$quoted".grades;
SQL
unlike(psql("SELECT 't', r FROM public.$_ r"), qr/ERROR/, "... and in $_")
  foreach "tier_report('p$evil', '2026-01-01'::date, 'm$evil''')", "tier_trend('p$evil')", "tier_changes('p$evil', '2025-01-01', '2026-01-01')",
  "tier_verify('p$evil')", "tier_program_explain('p$evil', 2, 'r2')", "tier_preview('p$evil', '2026-02-01')", "tier_programs()",
  "tier_migration('p$evil', '2025-01-01', '2026-01-01')", "tier_program_upgrade('p$evil')";
is(psql('SELECT count(*) > 100 FROM shop.members'), 't', 'what they would have dropped is there');

# No rights on what is asked for: an error that names it
like(psql("SET ROLE tier_intruder; SELECT public.$_->[0]"), qr/^ERROR:  $_->[1]/, "no rights: $_->[0]")
  foreach [ "tier_evaluate('loyalty', '2027-03-01'::date)", 'must be (?:able to SET ROLE|a member of the role|owner)|permission denied' ],
  [ "tier_report('loyalty', '2026-06-01'::date)", 'permission denied for|must be' ],
  [ "tier_program_create('mine', 'shop.members', '{Member No}', 'revenue', 'A >= 1, B')", 'permission denied for table members' ];
like(psql("SET ROLE tier_intruder; INSERT INTO public.tier_catalog_own (name, scheme) VALUES ('abc', 'A')"), qr/^ERROR:  permission denied for table tier_catalog_own/, 'no rights: names');

psql("DROP DATABASE $database; DROP ROLE tier_intruder", 'postgres');

done_testing();
