#!/usr/bin/perl
# No name in a body of the install script depends on the search path. Bodies
# are resolved in the schema that the extension is created in, whose owner may
# have planted a function, operator or type there that goes before the
# server's own; and what he planted would run with the rights of whoever calls.
#
# First the script is read, and no unqualified name found. Then it is run where
# every name that its bodies mention is planted, and nothing planted is used.
use strict;
use warnings;
use File::Temp;
use Test::More;

# What SQL prints, errors and all.
sub query
{
	my ($database, $sql) = @_;
	my $file = File::Temp->new;

	print $file $sql;
	$file->close;
	my $output = `psql -XqAt -v ON_ERROR_STOP=1 -d $database -f $file 2>&1`;
	chomp($output);
	$output =~ s/^psql:\S+: //mg;
	return $output;
}

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

#
# Reading SQL
#

# What the grammar knows: names that it does not look up in the search path.
my %category = map { split /\|/ } split /\n/,
  query('postgres', 'SELECT word, catcode FROM pg_get_keywords()');

# Words that are followed by a parenthesis, and call nothing.
my %not_called = map { $_ => 1 } qw(conflict over filter materialized key within
  if elsif while return execute include inherits with as only recursive);

# Words of PL/pgSQL and SQL that a string follows, and are no types.
my %before_string = map { $_ => 1 } qw(language escape comment is exception notice
  warning info debug log message detail hint errcode raise return execute);

# Words that hide an operator, which cannot be qualified.
my %hides_operator = map { $_ => 1 } qw(between like ilike similar nullif overlaps natural);

# Cut SQL into tokens, [kind, text]; comments and blanks are left out.
sub tokens
{
	my ($sql) = @_;
	my @tokens;

	pos($sql) = 0;
	while (pos($sql) < length($sql))
	{
		next if $sql =~ /\G(?:\s+|--[^\n]*|\/\*.*?\*\/|\\[^\n]*)/gcs;
		if ($sql =~ /\G\$(\w*)\$(.*?)\$\1\$/gcs) { push @tokens, [ 'body', $2 ] }
		elsif ($sql =~ /\G[eE]?'((?:[^']|'')*)'/gc) { push @tokens, [ 'string', $1 ] }
		elsif ($sql =~ /\G(\@extschema\@|"(?:[^"]|"")*"|[A-Za-z_]\w*(?:%(?:ROW)?TYPE)?)/gci)
		{
			push @tokens, [ 'name', lc $1 ];
		}
		elsif ($sql =~ /\G(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\$\d+)/gci) { push @tokens, [ 'number', $1 ] }
		elsif ($sql =~ /\G(::|:=|=>|\.\.|[(),;.\[\]:])/gc) { push @tokens, [ $1, $1 ] }
		elsif ($sql =~ /\G([-+*\/<>=~!@#%^&|`?]+)/gc) { push @tokens, [ 'operator', $1 ] }
		else { $sql =~ /\G(.)/gcs; push @tokens, [ 'other', $1 ] }
	}
	return @tokens;
}

# The statements of a script, each a list of tokens.
sub statements
{
	my ($sql) = @_;
	my @statements = ([]);
	my $depth = 0;

	foreach my $token (tokens($sql))
	{
		my $text = $token->[0] eq 'name' ? $token->[1] : '';

		$depth++ if $text eq 'atomic' || $depth && $text eq 'case';
		$depth-- if $depth && $text eq 'end';
		if ($token->[0] eq ';' && !$depth) { push @statements, [] }
		else { push @{ $statements[-1] }, $token }
	}
	return grep { @$_ } @statements;
}

# Does a type stand at this place that the grammar knows, or a qualified one?
sub is_safe_type
{
	my ($tokens, $i) = @_;
	my ($kind, $name) = @{ $tokens->[$i] // [ '', '' ] };

	return 1 if $kind ne 'name' || $name =~ /%/;
	return 1 if ($tokens->[ $i + 1 ] // [''])->[0] eq '.';
	return ($category{$name} // '') eq 'C' || $name eq 'double';
}

# The names among the tokens of a body that the search path resolves, as
# [kind, name]. With all set, also those that are qualified with pg_catalog.
sub names_of
{
	my ($tokens, $tables, $all) = @_;
	my @found;
	my $is_update = grep { $_->[1] eq 'update' } @$tokens;
	my $is_declaring = 0;

	for my $i (0 .. $#$tokens)
	{
		my ($kind, $text) = @{ $tokens->[$i] };
		my ($before, $before_text) = $i > 0 ? @{ $tokens->[ $i - 1 ] } : ('', '');
		my ($after, $after_text) = @{ $tokens->[ $i + 1 ] // [ '', '' ] };
		my $is_qualified = $before eq '.';
		my $is_servers = $is_qualified && $tokens->[ $i - 2 ][1] eq 'pg_catalog';
		my $code = $category{$text} // '';

		if ($kind eq 'body' || $kind eq 'string' && $text =~ /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|MERGE)\s/)
		{
			push @found, names_of([ tokens($text) ], $tables, $all);
		}
		elsif ($kind eq 'name')
		{
			$is_declaring = 1 if $text eq 'declare';
			$is_declaring = 0 if $text eq 'begin';
			push @found, [ 'function', $text ]
			  if $after eq '('
			  && (!$is_qualified || $all && $is_servers)
			  && ($is_qualified || $code !~ /[RC]/)
			  && !$not_called{$text}
			  && $text ne 'operator'
			  && !($before_text =~ /^(?:as|with|recursive)$/);
			push @found, [ 'table', $text ]
			  if !$is_qualified && $after ne '.' && ($tables->{$text} || $text =~ /^pg_/);
			push @found, [ 'operator', "(of $text)" ] if $hides_operator{$text} && !$is_qualified;
			push @found, [ 'operator', '= (of IN)' ]
			  if $text eq 'in'
			  && !grep { $_->[1] =~ /^for(?:each)?$/ } @{$tokens}[ ($i > 6 ? $i - 6 : 0) .. $i ];
			push @found, [ 'operator', '= (of CASE)' ]
			  if $text eq 'case' && $before_text ne 'end' && $after_text ne 'when' && $after ne ';' && $after ne '';
			push @found, [ 'operator', '= (of IS DISTINCT)' ] if $text eq 'distinct' && $before_text =~ /^(?:is|not)$/;
			push @found, [ 'operator', '= (of USING)' ]
			  if $text eq 'using' && $after eq '(';
			push @found, [ 'type', $text ]
			  if $after eq 'string' && !$is_qualified && $code !~ /[RC]/ && !$before_string{$text};
			push @found, [ 'type', $after_text ]
			  if $text eq 'as' && $after eq 'name' && in_cast($tokens, $i) && !is_safe_type($tokens, $i + 1);
			push @found, [ 'type', $after_text ]
			  if $is_declaring && $before_text =~ /^(?:declare|;)$/ && $after_text ne 'cursor' && !is_safe_type($tokens, $i + 1);
			push @found, [ 'type', $text ] if $all && $is_servers && $after ne '(';
		}
		elsif ($kind eq '::' && !is_safe_type($tokens, $i + 1))
		{
			push @found, [ 'type', $after_text ];
		}
		elsif ($kind eq 'operator')
		{
			next if $is_qualified && !$all;
			next if $text eq '*' && (!$is_qualified && ($before_text =~ /^(?:\(|,|select|distinct|all|returning)$/)
				|| $is_qualified && !$is_servers);
			next if $text eq '-' && $after eq 'number' && $before !~ /^(?:name|number|string|\)|\])$/;
			next if $text eq '=' && $is_update && ($tokens->[ $i - 2 ] // ['', ''])->[1] =~ /^(?:set|,)$/;
			push @found, [ 'operator', $text ];
		}
	}
	return @found;
}

# Is the AS at this place that of a CAST (... AS type)?
sub in_cast
{
	my ($tokens, $i) = @_;
	my $depth = 0;

	while (--$i > 0)
	{
		$depth++ if $tokens->[$i][0] eq ')';
		next if $tokens->[$i][0] ne '(' || $depth-- > 0;
		return $tokens->[ $i - 1 ][1] eq 'cast';
	}
	return 0;
}

# What of a statement is kept to be run later, or runs as the script does.
sub body
{
	my ($statement) = @_;
	my $words = join ' ', map { $_->[1] } @{$statement}[ 0 .. ($#$statement < 3 ? $#$statement : 3) ];

	return () if $words =~ /^(?:comment|grant|revoke|create (?:type|operator|aggregate|cast|domain))\b/;
	return @$statement if $words !~ /^create (?:or replace )?(?:function|procedure)\b/;

	# of a function: what follows AS or BEGIN, and defaults of arguments
	my @body;
	my $is_body = 0;
	my $is_default = 0;
	my $depth = 0;
	foreach my $token (@$statement)
	{
		my ($kind, $text) = @$token;

		$is_body = 1 if $kind eq 'body' || $text eq 'atomic' && $kind eq 'name';
		if ($text eq 'default') { $is_default = 1; $depth = 0; next }
		$depth++ if $kind eq '(';
		$depth-- if $kind eq ')';
		$is_default = 0 if $kind eq ',' && !$depth || $depth < 0;
		push @body, $token if $is_body || $is_default;
	}
	return @body;
}

my $sharedir = query('postgres', "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'");
my ($version) = slurp('customer_tier.control') =~ /^default_version = '(.*)'$/m;
my $script = query('postgres',
	"SELECT pg_read_file('$sharedir/extension/customer_tier--$version.sql')");

my @statements = statements($script);
my %tables;
foreach my $statement (@statements)
{
	my $words = join ' ', map { $_->[1] } @$statement;

	$tables{$1} = 1 if $words =~ /^create (?:table|view|sequence) (?:if not exists )?(?:\S+ \. )?(\S+)/;
}

# The checker finds what it is there to find.
sub found
{
	my ($sql) = @_;

	return join ' ', map { "$_->[0]:$_->[1]" } map { names_of([ body($_) ], { tier_catalog => 1 }) } statements($sql);
}
is(found($_->[0]), $_->[1], "finds: $_->[0]") foreach
  [ 'CREATE FUNCTION f(a text, b date DEFAULT now()) RETURNS jsonb LANGUAGE sql BEGIN ATOMIC SELECT lower(a); END', 'function:now function:lower' ],
  [ "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS \$\$ SELECT a ->> 'b' \$\$", 'operator:->>' ],
  [ "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS \$\$ DECLARE d date; n integer; BEGIN d := x::jsonb; n := CAST(d AS uuid); END \$\$",
	'type:date type:jsonb type:uuid' ],
  [ "SELECT date '2024-01-01', interval '1 day' FROM tier_catalog", 'type:date table:tier_catalog' ],
  [ 'CREATE TABLE @extschema@.t (a integer CHECK (a > 0))', 'operator:>' ],
  [ 'INSERT INTO @extschema@.tier_catalog SELECT a FROM pg_class WHERE a IN (1, -2)', 'table:pg_class operator:= (of IN)' ],
  [ 'SELECT count(*), CASE a WHEN 1 THEN 2 END FROM s JOIN t USING (b)', 'function:count operator:= (of CASE) operator:= (of USING)' ],
  [ 'SELECT a IS NOT DISTINCT FROM b, a BETWEEN 1 AND 2', 'operator:= (of IS DISTINCT) operator:(of between)' ],
  [ 'UPDATE @extschema@.t SET a = 1, b = 2 WHERE c = 3', 'operator:=' ],
  [ "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS \$\$ BEGIN EXECUTE 'SELECT abs(1)'; FOR r IN SELECT 1 LOOP END LOOP; END \$\$", 'function:abs' ],
  [ 'SELECT pg_catalog.count(*) FILTER (WHERE a OPERATOR(pg_catalog.=) b), coalesce(a::pg_catalog.text, b::integer, c::double precision)', '' ];

my %mentioned;
foreach my $statement (@statements)
{
	my @body = body($statement);
	next unless @body;
	my $what = join ' ', map { $_->[1] } @{$statement}[ 0 .. ($#$statement < 4 ? $#$statement : 4) ];

	is(join(' ', map { "$_->[0]:$_->[1]" } names_of(\@body, \%tables)), '', "qualified: $what");
	$mentioned{ $_->[0] }{ $_->[1] } = 1 foreach names_of(\@body, \%tables, 1);
}

#
# Running the script among planted names
#

# All the server's functions, operators and types of these names, in a schema
# that is searched before pg_catalog: what is not qualified finds these.
my $planted = <<'SQL';
CREATE SCHEMA evil;
CREATE TABLE planted (class oid, object oid);
DO $do$
DECLARE
	f record;
BEGIN
	FOR f IN SELECT oid, proname, pg_get_function_identity_arguments(oid) AS arguments, proretset, prorettype
		FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY (FUNCTIONS)
	LOOP
		EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s %s AS ''pg_backend_pid'' LANGUAGE internal',
			f.proname, f.arguments, CASE WHEN f.proretset THEN 'SETOF' END, f.prorettype::regtype);
	END LOOP;
	FOR f IN SELECT oprname, oprleft, oprright, oprcode
		FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprname = ANY (OPERATORS)
	LOOP
		EXECUTE format('CREATE OPERATOR evil.%s (%s RIGHTARG = %s, FUNCTION = %s)', f.oprname,
			CASE WHEN f.oprleft <> 0 THEN format('LEFTARG = %s,', f.oprleft::regtype) END, f.oprright::regtype, f.oprcode);
	END LOOP;
	FOR f IN SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typname = ANY (TYPES)
	LOOP
		EXECUTE format('CREATE DOMAIN evil.%1$I AS pg_catalog.%1$I', f.typname);
	END LOOP;
END
$do$;
INSERT INTO planted
	SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = 'evil'::regnamespace
	UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprnamespace = 'evil'::regnamespace
	UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace = 'evil'::regnamespace;
SQL

# The names as an SQL array. Those in quotes are collations.
sub array
{
	return "'{" . join(',', map { '"' . $_ . '"' } sort grep { !/"/ } @_) . "}'::text[]";
}
$planted =~ s/FUNCTIONS/array(keys %{ $mentioned{function} })/e;
$planted =~ s/OPERATORS/array(keys %{ $mentioned{operator} })/e;
$planted =~ s/TYPES/array(keys %{ $mentioned{type} })/e;

# As CREATE EXTENSION would read the script, but for the search path.
my $hostile = $script;
$hostile =~ s/^\\echo.*$//mg;
$hostile =~ s/^SELECT .*pg_extension_config_dump.*$//mg;
$hostile =~ s/'MODULE_PATHNAME'/'\$libdir\/customer_tier'/g;
$hostile =~ s/\@extschema\@/evil/g;
$hostile =~ s/\@extowner\@/CURRENT_USER/g;

query('postgres', 'DROP DATABASE IF EXISTS tier_hostile');
query('postgres', 'CREATE DATABASE tier_hostile');
is(query('tier_hostile', $planted), '', 'names are planted');
cmp_ok(query('tier_hostile', 'SELECT count(*) FROM planted'), '>', 10, 'not a few');
is(query('tier_hostile', "SET search_path = evil, pg_catalog; SET client_min_messages = error; $hostile"),
	'', 'the script runs among them');
is(query('tier_hostile', <<'SQL'), '', 'and uses none of them');
SELECT pg_describe_object(classid, objid, objsubid) || ': ' || pg_describe_object(refclassid, refobjid, refobjsubid)
FROM pg_depend JOIN planted ON (class, object) = (refclassid, refobjid)
WHERE (classid, objid) NOT IN (SELECT class, object FROM planted)
SQL
query('postgres', 'DROP DATABASE tier_hostile');

# What somebody can do who owns a schema: plant what fits a call better than
# the server's own, and wait for a superuser.
query('postgres', 'DROP ROLE IF EXISTS tier_intruder');
query('postgres', 'CREATE ROLE tier_intruder LOGIN');
query('postgres', 'CREATE DATABASE tier_hostile');
query('tier_hostile', 'CREATE SCHEMA evil AUTHORIZATION tier_intruder');
query('tier_hostile', <<'SQL');
SET ROLE tier_intruder;
CREATE FUNCTION evil.jsonb_build_object(text, integer) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'runs as %', current_user;
END
$$
SQL
is(query('tier_hostile', 'CREATE EXTENSION customer_tier SCHEMA evil'), '', 'it is created there');
is( query('tier_hostile',
		"SELECT evil.rfm_explain(1, 1, 1, 'recency: 2 <= 5, 1; frequency: 2 >= 5, 1; monetary: 2 >= 5, 1') -> 'score'"),
	'211',
	'no planted function runs as who calls');
query('postgres', 'DROP DATABASE tier_hostile');
query('postgres', 'DROP ROLE tier_intruder');

done_testing();
