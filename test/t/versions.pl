#!/usr/bin/perl
# Released versions stay what they were, and lead to the newest one.
#
# The install script of a released version is frozen in release/. As long as
# that is the version of the control file, the sources must build the very
# same script. A database with any frozen version works with the library of
# today, and an update brings it, step by step, to catalogs that equal those
# of a fresh install.
#
# As there may be no two versions to compare, a made-up next version shows
# that whatever its upgrade script leaves out is found.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/..";
use Everything qw(said same);
use Test::More;

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);
my $sharedir = `psql -XAtqc "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"`;
chomp $sharedir;

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

# What a script prints; errors too.
sub query
{
	my ($database, $sql) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file $sql;
	close($file) or die "$dir/query: $!";
	my $output = said("$dir/query", '-d', $database);
	chomp $output;
	return $output;
}

# A database with a version of the extension, or with the default one.
sub create_database
{
	my ($name, $version) = @_;

	query('postgres', "SET client_min_messages = error; DROP DATABASE IF EXISTS $name; CREATE DATABASE $name;");
	return query($name, 'CREATE EXTENSION customer_tier' . (defined $version ? " VERSION '$version'" : ''));
}

# Scripts of versions that are made up, beside those of the server.
my @made_up;
sub make_up
{
	my ($version, $script) = @_;
	my $path = "$sharedir/extension/customer_tier--$version.sql";

	die "$path is there" if -e $path;
	push @made_up, $path;
	open(my $file, '>', $path) or die "$path: $!";
	print $file $script;
	close($file) or die "$path: $!";
}
END { unlink @made_up }

#
# What is in the catalogs about the extension
#

# Every row of every catalog about its members and what hangs on them, as
# jsonb. OIDs are told by what they are the OIDs of, expressions as SQL.
my $describe = <<'SQL';
SET client_min_messages = error;
CREATE TEMPORARY TABLE IF NOT EXISTS refers AS
  SELECT fktable, fkcols[1] AS col, pktable, is_array FROM pg_get_catalog_foreign_keys()
  WHERE cardinality(fkcols) = 1 AND pkcols = '{oid}';
CREATE OR REPLACE FUNCTION pg_temp.object(class oid, object oid, sub integer DEFAULT 0) RETURNS text LANGUAGE sql AS $$
  SELECT pg_describe_object(class, object, sub)
$$;
CREATE OR REPLACE FUNCTION pg_temp.told(class regclass, columns jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_object_agg(key, CASE
    WHEN pktable IS NULL OR value = 'null' OR value = '"0"' THEN value
    WHEN is_array THEN (SELECT coalesce(jsonb_agg(pg_temp.object(pktable, oid::oid) ORDER BY place), '[]')
                        FROM jsonb_array_elements_text(value) WITH ORDINALITY a (oid, place))
    ELSE to_jsonb(pg_temp.object(pktable, (value #>> '{}')::oid)) END)
  FROM jsonb_each(columns) LEFT JOIN refers ON fktable = class AND col = key
  WHERE value::text NOT LIKE '["pg_attver=%'  -- a place in the WAL
$$;
CREATE OR REPLACE FUNCTION pg_temp.described() RETURNS TABLE (class regclass, object text, columns jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  read record;
BEGIN
  DROP TABLE IF EXISTS ours;
  CREATE TEMPORARY TABLE ours AS
    WITH RECURSIVE ours (class, oid) AS (
      SELECT 'pg_extension'::regclass::oid, oid FROM pg_extension WHERE extname = 'customer_tier'
      UNION
      SELECT classid, objid FROM pg_depend JOIN ours ON (refclassid, refobjid) = (class, oid)
      WHERE deptype IN ('e', 'i', 'a', 'P', 'S'))
    SELECT class, oid FROM ours
    WHERE pg_temp.object(class, oid) NOT LIKE '% pg_toast.%';  -- named by OIDs
  RETURN QUERY
    SELECT 'pg_depend'::regclass, pg_temp.object(classid, objid), '{"member": true}'::jsonb
    FROM pg_depend JOIN ours ON (refclassid, refobjid) = (ours.class, oid) WHERE deptype = 'e';

  -- catalog; class and OID of what a row is about; what is told of it besides
  FOR read IN
    SELECT t.*, string_agg(format(CASE WHEN atttypid = 'regproc'::regtype THEN 'c.%1$I::oid' ELSE 'c.%1$I' END, attname), ', ' ORDER BY attnum) AS list
    FROM (SELECT class::regclass AS of, class::regclass AS about, 'c.oid' AS oid, '0' AS sub, CASE class::regclass::text
            WHEN 'pg_proc' THEN 'pg_get_function_sqlbody(c.oid) AS body, CASE WHEN prokind <> ''a'' THEN pg_get_function_arguments(c.oid) END AS arguments'
            WHEN 'pg_rewrite' THEN 'pg_get_ruledef(c.oid) AS rule'
            WHEN 'pg_constraint' THEN 'pg_get_constraintdef(c.oid) AS con'
            WHEN 'pg_trigger' THEN 'pg_get_triggerdef(c.oid) AS trigger'
            WHEN 'pg_attrdef' THEN 'pg_get_expr(adbin, adrelid) AS expression'
            ELSE 'NULL AS more' END AS more
          FROM (SELECT DISTINCT class FROM ours) c
          UNION ALL VALUES
          ('pg_aggregate'::regclass, 'pg_proc'::regclass, 'c.aggfnoid', '0', 'NULL AS more'),
          ('pg_attribute', 'pg_class', 'c.attrelid', 'c.attnum', 'NULL AS more'),
          ('pg_index', 'pg_class', 'c.indexrelid', '0', 'pg_get_indexdef(indexrelid) AS index'),
          ('pg_description', NULL, 'c.objoid', 'c.objsubid', 'NULL AS more'),
          ('pg_init_privs', NULL, 'c.objoid', 'c.objsubid', 'NULL AS more')) t
      JOIN pg_attribute ON attrelid = of AND attnum > 0 AND NOT attisdropped
    WHERE atttypid <> 'pg_node_tree'::regtype AND attname NOT IN ('oid', 'relfilenode', 'reltoastrelid', 'relfrozenxid', 'relminmxid', 'relpages',
      'reltuples', 'relallvisible', 'relallfrozen', 'indcheckxmin', 'attcacheoff', 'extversion', 'objoid')
    GROUP BY 1, 2, 3, 4, 5
  LOOP
    RETURN QUERY EXECUTE format('SELECT $1, pg_temp.object(ours.class, ours.oid, %s), to_jsonb(r)
      FROM %s c JOIN ours ON ours.class = %s AND ours.oid = %s, LATERAL (SELECT %s, %s) r',
      read.sub, read.of, coalesce(read.about::oid::text, 'c.classoid'), read.oid, read.list, read.more) USING read.of;
  END LOOP;
END
$$;
SQL
my $rows = "SELECT class || ' ' || object, pg_temp.told(class, columns) FROM pg_temp.described();\n";

# What a description says, by object. Anything else that was printed is an
# error.
sub described
{
	my ($printed) = @_;
	my %described;

	foreach my $line (split /\n/, $printed)
	{
		my ($object, $columns) = split / *\|(?=\{)/, $line, 2;

		die "$line\n" unless defined $columns;
		$object .= "'" while $described{$object};
		$described{$object} = JSON::PP->new->decode($columns);
	}
	return \%described;
}

# The objects that are not the same here and there, with the columns.
sub differences
{
	my ($here, $there) = @_;
	my $json = JSON::PP->new->canonical->allow_nonref;
	my @differences;

	foreach my $object (sort keys %{ { %$here, %$there } })
	{
		my ($a, $b) = ($here->{$object}, $there->{$object});

		push @differences, $a ? "only updated: $object" : "only fresh: $object" if !$a || !$b;
		push @differences, map { "$object: $_: " . $json->encode($a->{$_}) . ' is not ' . $json->encode($b->{$_}) }
		  grep { $json->encode($a->{$_}) ne $json->encode($b->{$_}) } sort keys %$b
		  if $a && $b;
	}
	return @differences;
}

# Update a database to a version; what is then not as in a fresh install.
sub update_differs
{
	my ($database, $version) = @_;
	my $said = query($database, "ALTER EXTENSION customer_tier UPDATE TO '$version'");

	return $said if $said ne '';
	$said = create_database('tier_fresh', $version);
	return $said if $said ne '';
	return join "\n", differences(map { described(query($_, $describe . $rows)) } $database, 'tier_fresh');
}

#
# What a script wants of the library
#

# Symbols that the library has not.
sub missing_symbols
{
	my ($script) = @_;
	my %symbols = map { $_ => 1 } $script =~ /'MODULE_PATHNAME', *'(\w+)'/g;
	my @found = grep { /^ERROR/ } split /\n/,
	  query('postgres', join '', map { "CREATE FUNCTION pg_temp.$_() RETURNS void AS '\$libdir/customer_tier', '$_' LANGUAGE C;\n" } sort keys %symbols);

	return %symbols ? join ' ', map { /function "(\w+)"/ ? $1 : $_ } @found : 'none at all';
}

# How a database declares each C symbol: arguments, result with its columns,
# strictness. A symbol that is declared otherwise later is not the same one.
sub declarations
{
	my ($database) = @_;
	my %declared;

	foreach my $line (split /\n/, query($database, <<'SQL'))
SELECT prosrc || '|' || concat_ws(' ', array(SELECT unnest(proargtypes)::regtype), proretset, prorettype::regtype, proallargtypes::regtype[], proisstrict,
  array(SELECT atttypid::regtype FROM pg_attribute a JOIN pg_type t ON attrelid = typrelid AND attnum > 0
        WHERE t.oid = coalesce(nullif(e.typelem, 0), e.oid) ORDER BY attnum))
FROM pg_proc JOIN pg_type e ON e.oid = prorettype WHERE probin LIKE '%customer_tier%'
SQL
	{
		my ($symbol, $how) = split /\|/, $line, 2;
		$declared{$symbol}{$how} = 1;
	}
	return \%declared;
}

# Symbols that an old database declares, and a new one otherwise.
sub changed_symbols
{
	my ($old, $new) = map { declarations($_) } @_;

	return join ' ', grep { my $symbol = $_; $new->{$symbol} && grep { !$new->{$symbol}{$_} } keys %{ $old->{$symbol} } } sort keys %$old;
}

#
# The versions that there are
#

my ($version) = slurp('customer_tier.control') =~ /^default_version = '(.*)'$/m;
my $built = slurp("$sharedir/extension/customer_tier--$version.sql");

# From the oldest on.
sub by_number
{
	my @a = split /\D+/, $a;
	my @b = split /\D+/, $b;

	while (@a && @b)
	{
		my $order = shift(@a) <=> shift(@b);
		return $order if $order;
	}
	return @a <=> @b;
}
my @frozen = sort by_number map { m{customer_tier--([^/]+)\.sql$} && $1 !~ /--/ ? $1 : () } glob('release/*.sql');
my $is_frozen = grep { $_ eq $version } @frozen;

is(join(' ', sort by_number @frozen, $is_frozen ? () : $version), join(' ', @frozen, $is_frozen ? () : $version),
	'no version is newer than that of the control file');

# What is wrong with what the sources build when their version is released.
sub unfrozen
{
	my ($frozen, $built) = @_;

	return '' if $frozen eq $built;
	return "the sources declare other things than version $version, which is released and never changes:\n"
	  . "raise the version (make raise VERSION=...), and write what is new into the upgrade script too.\n";
}

SKIP:
{
	skip "version $version is not frozen", 1 unless $is_frozen;
	my $wrong = unfrozen(slurp("release/customer_tier--$version.sql"), $built);
	ok($wrong eq '', 'the sources build the script that is frozen') or diag($wrong);
}

# Step by step, each compared with a fresh install of it
my @steps = (@frozen, $is_frozen ? () : $version);
is(create_database('tier_walked', $steps[0]), '', "version $steps[0] is there");
is(update_differs('tier_walked', $_), '', "updated to $_: as a fresh install") foreach @steps[ 1 .. $#steps ];
is(create_database('tier_newest'), '', 'the newest is there');

# Each with the library of today: what it declares is there, and a database
# works as it did when the version was frozen, before an update and after
foreach my $old (@frozen)
{
	is(missing_symbols(slurp("release/customer_tier--$old.sql")), '', "$old: the library has what it declares");
	is(create_database('tier_old', $old), '', "$old: it is created");
	is(changed_symbols('tier_old', 'tier_newest'), '', "$old: and takes that as it did");
	is(said("release/$old/write.sql", '-d', 'tier_old'), '', "$old: what it stores");
	same(said("release/$old/read.sql", '-d', 'tier_old'), slurp("release/$old/read.out"), "$old: is read");
	same(said("release/$old/evaluate.sql", '-d', 'tier_old'), slurp("release/$old/evaluate.out"), "$old: and evaluated");
	next if $old eq $version;
	is(query('tier_old', 'ALTER EXTENSION customer_tier UPDATE'), '', "$old: is updated");
	is(query('tier_old', "SELECT tier_program_upgrade('loyalty') \\g /dev/null"), '', "$old: its program, too");
	same(said("release/$old/read.sql", '-d', 'tier_old'), slurp("release/$old/read.out"), "$old: then all is read");
	same(said("release/$old/evaluate.sql", '-d', 'tier_old'), slurp("release/$old/evaluate.out"), "$old: and evaluated");
}

#
# Could any of this fail?
#

isnt(unfrozen($built, "$built "), '', 'a change of a frozen version is found');
is(missing_symbols("AS 'MODULE_PATHNAME', 'tier_of_numeric' AS 'MODULE_PATHNAME', 'tier_of_old'"), 'tier_of_old', 'a symbol that went is found');
query('tier_newest', <<'SQL');
CREATE FUNCTION made_up(bytea) RETURNS text AS '$libdir/customer_tier', 'tier_of_numeric' LANGUAGE C STRICT;
CREATE FUNCTION made_up(tier_scheme) RETURNS boolean AS '$libdir/customer_tier', 'tier_is_fitted' LANGUAGE C;
CREATE FUNCTION made_up(numeric, tier_scheme) RETURNS text AS '$libdir/customer_tier', 'tier_of_numeric' LANGUAGE C STRICT;
SQL
is(create_database('tier_fresh'), '', 'a fresh one');
is(changed_symbols('tier_newest', 'tier_fresh'), 'tier_is_fitted tier_of_numeric', 'symbols that are declared otherwise are found');

# A next version: what it declares, and by what it is missed where an update
# leaves it out
my @next = map { [ split /  -- /, $_, 2 ] } split /\n/, <<'SQL';
CREATE FUNCTION tier_made_up(integer) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT 1; END;  -- only fresh: pg_proc function tier_made_up\(integer\)
CREATE OR REPLACE FUNCTION tier_gini(value_digest) RETURNS float8 LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT 2; END;  -- pg_proc function tier_gini\(value_digest\): body: .*digest_gini
COMMENT ON FUNCTION tier_gini(value_digest) IS 'of the next version';  -- only fresh: pg_description function tier_gini\(value_digest\)
CREATE OPERATOR + (LEFTARG = tier_scheme, RIGHTARG = tier_scheme, FUNCTION = tier_scheme_eq);  -- only fresh: pg_operator operator \+\(tier_scheme,tier_scheme\)
CREATE CAST (tier_scheme AS boolean) WITH FUNCTION tier_is_fitted(tier_scheme);  -- only fresh: pg_cast cast from tier_scheme to boolean
CREATE AGGREGATE tier_made_up(bigint) (SFUNC = pg_catalog.int8pl, STYPE = bigint);  -- only fresh: pg_aggregate function tier_made_up\(bigint\)
CREATE TYPE tier_made_up_row AS (a integer, b text);  -- only fresh: pg_attribute column b of composite type tier_made_up_row
CREATE VIEW tier_made_up_view AS SELECT name FROM tier_catalog_own;  -- only fresh: pg_rewrite rule _RETURN on view tier_made_up_view
COMMENT ON COLUMN tier_catalog.name IS 'of the next version';  -- pg_description column name of view tier_catalog: description
COMMENT ON OPERATOR = (tier_scheme, tier_scheme) IS 'of the next version';  -- pg_description operator =\(tier_scheme,tier_scheme\): description
CREATE TABLE tier_made_up_table (a integer PRIMARY KEY);  -- only fresh: pg_constraint constraint tier_made_up_table_pkey
SELECT pg_catalog.pg_extension_config_dump('tier_names', '');  -- pg_extension extension customer_tier: extconfig
GRANT SELECT ON tier_names TO PUBLIC;  -- pg_class table tier_names: relacl
REVOKE EXECUTE ON FUNCTION tier_as_of() FROM PUBLIC;  -- only fresh: pg_init_privs function tier_as_of\(\)
ALTER FUNCTION tier_of(numeric, tier_scheme) COST 77;  -- pg_proc function tier_of\(numeric,tier_scheme\): procost: \d+ is not 77
ALTER FUNCTION tier_as_of() PARALLEL RESTRICTED;  -- pg_proc function tier_as_of\(\): proparallel: "s" is not "r"
ALTER TYPE tier_scheme SET (STORAGE = main);  -- pg_type type tier_scheme: typstorage
ALTER TYPE rfm_measures ADD ATTRIBUTE made_up integer;  -- only fresh: pg_attribute column made_up of composite type rfm_measures
ALTER TABLE tier_catalog_own ADD COLUMN made_up integer DEFAULT 5;  -- only fresh: pg_attrdef default value for column made_up
ALTER TABLE tier_catalog_own ADD CONSTRAINT made_up CHECK (unit OPERATOR(pg_catalog.<>) '');  -- only fresh: pg_constraint constraint made_up
CREATE INDEX tier_made_up_index ON tier_catalog_own (unit);  -- only fresh: pg_index index tier_made_up_index
ALTER OPERATOR FAMILY tier_scheme_ops USING hash DROP FUNCTION 2 (tier_scheme, tier_scheme);  -- only updated: pg_amproc function 2
CREATE OR REPLACE VIEW tier_catalog_short AS SELECT name FROM tier_catalog_own WHERE false;  -- pg_rewrite rule _RETURN on view tier_catalog_short: rule
SQL

# these are in both versions, for statements to change
my $first = $built . <<'SQL';
CREATE FUNCTION tier_gini(value_digest) RETURNS float8 LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT @extschema@.digest_gini($1); END;
CREATE TABLE tier_names (name text);
CREATE VIEW tier_catalog_short AS SELECT name FROM tier_catalog_own;
SQL
my $next = join '', map { "$_->[0]\n" } @next;
make_up('99.1', $first);
make_up('99.2', $first . $next);
make_up('99.1--99.2', $next);
make_up('99.0', $first);
make_up('99.0--99.2', '');

is(create_database('tier_walked', '99.1'), '', 'a made-up version is created');
is(update_differs('tier_walked', '99.2'), '', 'and updated to the next one, which is as a fresh install');
is(create_database('tier_walked', '99.0'), '', 'another');
my $differences = update_differs('tier_walked', '99.2');
like($differences, qr/^$_->[1]/m, "missed: $_->[0]") foreach @next;

query('postgres', "DROP DATABASE IF EXISTS $_") foreach qw(tier_walked tier_fresh tier_newest tier_old);

done_testing();
