# Call every function, aggregate and window function of the extension, the
# private ones too, with arguments drawn from what is odd in each type: NULL,
# the ends of ranges, states of other aggregates, forged bytes. Any answer will
# do but a crash, an internal error, or one that statement_timeout cannot stop.
#
# any_arguments.pl [CALLS [SEED]]: so many calls of each function.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $calls = shift // 4;
my $seed = shift // 1;
my $database = 'tier_any_arguments';
my $psql = 'psql -XqAt -v ON_ERROR_STOP=1';
my $timeout = 1;

sub query
{
	my ($sql, $in) = @_;
	open(my $pipe, '>', "/tmp/$database.$$") or die;
	print $pipe $sql;
	close($pipe) or die;
	my $out = `$psql -d $in -F '\x01' -f /tmp/$database.$$ 2>&1`;
	unlink "/tmp/$database.$$";
	return $out;
}

# Values of each type, as SQL. Those of a base type of the extension are its
# seeds in test/fuzz/corpus.
my %values = (
	float8 => [ qw(0 -0 1 -1 0.5 3 30 1e-320 1e300 -1e308 NaN Infinity -Infinity 2147483648 9007199254740993) ],
	float4 => [ qw(0 -0 1.5 -1 1e-40 3e38 NaN Infinity -Infinity) ],
	numeric => [ qw(0 -1 1 10.50 1e130000 1e-16000 NaN 123456789012345678901234567890.5 -9223372036854775809), '0.' . '0' x 30 . '1' ],
	int4 => [ qw(0 1 2 3 5 9 -1 111 543 255 256 4096 16777216 2147483647 -2147483648) ],
	int8 => [ qw(0 1 2 9 -1 4294967296 9007199254740993 9223372036854775807 -9223372036854775808) ],
	bool => [ qw(t f) ],
	money => [ qw(0 12.34 -92233720368547758.08 92233720368547758.07) ],
	text => [ '', 'A', 'gold', 'week', 'day', 'none', 'recency', 'composite', 'loyalty', 'customer_id', 'a"b\'; DROP', "\x{e9}\x{92}\x{bb}", 'x' x 300, '[' x 3000, 'A >= 1, B' ],
	cstring => [ '', 'A', 'A >= 1, B', '(capacity 4096) 1', '2026-06-30', '[' x 3000 ],
	date => [ qw(2026-06-30 2024-02-29 infinity -infinity 5874897-12-31), '4714-11-24 BC', '294277-01-01' ],
	timestamp => [ '2026-06-30 12:00', 'infinity', '-infinity', '294276-12-31 23:59:59.999999', '4714-11-24 00:00 BC' ],
	timestamptz => [ '2026-06-30 12:00+00', 'infinity', '-infinity', '294276-12-31 23:59:59.999999+00' ],
	interval => [ '0', '1 month', '-1 day', '178000000 years', '-178000000 years', '2147483647 days', '1 microsecond', '1 year -365 days' ],
	jsonb => [ 'null', '1', '"A"', '[]', '{}', '[' x 1500 . ']' x 1500, '{"a": 1, "b": null, "sales": 1e1000}',
		'[{"tier": "A", "bound": ">= 1"}, {"tier": "B"}]', '{"indicators": [{"indicator": "a", "weight": 1, "scheme": [{"points": 5, "bound": ">= 1"}, {"points": 1}]}]}', '{"keep": "80%", "hold": 7}' ],
	uuid => [ '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff' ],
	bytea => [ '\x', '\x00', '\x' . '00' x 64, '\x' . 'ff' x 64, '\x' . '7f' x 200 ],
	regclass => [ '0', 'source', 'pg_class', 'source_key', '4294967295' ],
	oid => [ 0, 1, 4294967295 ],
	'float8[]' => [ '{}', '{NULL}', '{1}', '{1,2,3}', '{NaN,1,Infinity}', '{{1,2},{3,4}}', '{{1,3},{0.3333333333333333,1}}', '[5:6]={1,2}', '{-1,0}', '{1e308,1e308,1e308}' ],
	'numeric[]' => [ '{}', '{NULL}', '{1}', '{10,5,1}', '{1,5,10}', '{NaN}', '{{1,2},{3,4}}', '[2:3]={3,2}' ],
	'text[]' => [ '{}', '{NULL}', '{A}', '{A,B,C}', '{A,A}', '{{A,B},{C,D}}', '[7:8]={A,B}', '{customer_id}' ],
	'int8[]' => [ '{}', '{NULL}', '{1}', '{1,2,3,4,5,6,7,8,9,10}', '{-1,9223372036854775807,-9223372036854775808}', '{{1,2},{3,4}}', '[2:3]={3,2}', '{' . join(',', (2147483647) x 100) . '}' ],
	internal => [],
);

my %corpus;
foreach my $file (glob "$FindBin::Bin/../fuzz/corpus/*")
{
	open(my $in, '<', $file) or die;
	$corpus{ $file =~ s,.*/,,r } = [ grep { !/^[\[{]/ } map { chomp; $_ } <$in> ];
}

srand $seed;
sub pick { return $_[ rand @_ ]; }
sub quote { return "'" . ($_[0] =~ s/'/''/gr) . "'"; }

query("DROP DATABASE IF EXISTS $database; CREATE DATABASE $database", 'postgres');
is(query(<<'SQL', $database), '', 'a place to call them in');
SET client_min_messages = warning;
CREATE EXTENSION customer_tier;
CREATE TABLE source (customer_id int CONSTRAINT source_key PRIMARY KEY, revenue numeric, bought date);
INSERT INTO source SELECT i, i * i, date '2026-01-01' + i FROM generate_series(1, 20) i;
SELECT FROM tier_program_create('loyalty', 'source', '{customer_id}', 'revenue', 'gold top 20%, silver >= 10, A');
SELECT FROM tier_evaluate('loyalty', '2026-06-01');
SQL

# The composite types: rows of odd columns, as good as it goes.
my %columns = map { /(.*)\x01(.*)/; $1 => [ split / *; */, $2 ] } split /\n/, query(<<'SQL', $database);
SELECT t.oid::regtype, string_agg(format_type(atttypid, NULL), ';' ORDER BY attnum)
FROM pg_type t JOIN pg_depend d ON d.objid = t.oid AND d.classid = 'pg_type'::regclass AND d.refclassid = 'pg_extension'::regclass
     JOIN pg_attribute ON attrelid = typrelid AND attnum > 0 AND NOT attisdropped
WHERE typtype = 'c' GROUP BY t.oid;
SQL

my %short = ('double precision' => 'float8', real => 'float4', integer => 'int4', bigint => 'int8', boolean => 'bool',
	'timestamp without time zone' => 'timestamp', 'timestamp with time zone' => 'timestamptz',
	'double precision[]' => 'float8[]', 'bigint[]' => 'int8[]');

# A value of a type, as SQL.
sub value
{
	my ($type, $depth) = @_;
	$type = $short{$type} // $type;

	return "NULL" if $type eq 'internal' || $type =~ /_handler$|^trigger$/;
	return value(pick(grep { $_ ne 'internal' && $_ ne 'cstring' } sort keys %values, keys %corpus)) if $type eq '"any"';
	return "NULL::$type" if rand() < 0.08;
	return quote(pick(@{ $values{$type} })) . "::$type" if $values{$type};
	return quote(pick(@{ $corpus{$type} })) . "::$type" if $corpus{$type};
	if ($columns{$type} && !$depth)
	{
		return 'ROW(' . join(', ', map { value($_, 1) } @{ $columns{$type} }) . ")::$type";
	}
	return 'ARRAY[' . join(', ', map { value($1) } 0 .. rand 4) . "]::$type" if $type =~ /^(.*)\[\]$/;
	return "NULL::$type";
}

# One call.
sub call
{
	my ($name, $kind, $variadic, @types) = @_;
	my @arguments = map { value($_) } @types;

	$arguments[-1] = "VARIADIC $arguments[-1]" if $variadic;
	return "SELECT $name(" . join(', ', @arguments) . ')' if $kind eq 'f';
	return "SELECT $name(" . join(', ', @arguments) . ') OVER () FROM generate_series(1, 3)' if $kind eq 'w';
	# rows of an aggregate differ
	my @names = map { "a$_" } 1 .. @types;
	my @rows = map { '(' . join(', ', map { value($_) } @types) . ')' } 1 .. 1 + rand 4;
	return "SELECT $name(" . join(', ', @names) . ') FROM (VALUES ' . join(', ', @rows) . ') v (' . join(', ', @names) . ')';
}

my @functions = map { [ split /\x01/ ] } split /\n/, query(<<'SQL', $database);
SELECT p.oid::regproc, prokind, provariadic <> 0,
       (SELECT string_agg(format_type(t, NULL), E'\x01' ORDER BY n) FROM unnest(proargtypes) WITH ORDINALITY a (t, n))
FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass
     JOIN pg_extension e ON e.oid = d.refobjid
WHERE extname = 'customer_tier' ORDER BY p.oid::regprocedure::text;
SQL
cmp_ok(scalar(@functions), '>', 300, 'functions are found');

my @statements;
foreach my $function (@functions)
{
	my ($name, $kind, $variadic, @types) = @$function;

	push @statements, call($name, $kind, $variadic eq 't' && $types[-1] =~ /\[\]$/, @types)
	  foreach 1 .. (@types == 0 ? 1 : $calls);
}

# Run statements, $each lines of a script for one of them; what is bad of what
# was said, how often which class of errors came, and what took too long.
sub run
{
	my ($each, @scripts) = @_;
	my $file = "/tmp/$database.$$.sql";
	my (%classes, @bad, @slow);

	open(my $out, '>', $file) or die;
	print $out "SET statement_timeout = '${timeout}s'; SET client_min_messages = error;\n\\timing on\n", @scripts;
	close($out) or die;
	foreach (`psql -XqAt -d $database -v VERBOSITY=verbose -f $file 2>&1`)
	{
		my $script = /:(\d+): / ? substr($scripts[ ($1 - 3) / $each ] // '', 0, 600) : '';

		if (/: (?:ERROR|FATAL|PANIC): +(\w{5}): (.*)/)
		{
			$classes{ substr($1, 0, 2) }++;
			push @bad, "$_  in: $script"
			  if $1 !~ /^(08P01|22|23|25|2F|39P01|0A|42|53|54|55|57014)/ && $2 !~ /called in non-aggregate context/;
		}
		elsif (/:\d+: (server closed|WARNING|error: connection)/)
		{
			push @bad, "$_  in: $script";
		}
		elsif (/^Time: ([\d.]+) ms/)
		{
			push @slow, "$1 ms" if $1 > 1000 * $timeout + 2000;
		}
	}
	unlink $file;
	is(join('', @bad), '', scalar(@scripts) . ' scripts: only errors that say what is odd');
	is(join(', ', @slow), '', 'and each stops when it is told to');
	diag('errors by class: ' . join(', ', map { "$_ $classes{$_}" } sort keys %classes)) if $ENV{VERBOSE};
}

# Each call is a transaction that is rolled back, so that none spoils the next.
run(3, map { "BEGIN;\n$_;\nROLLBACK;\n" } @statements);

# What a client may send that has the right to COPY: a valid message with some
# bytes changed, lost or doubled. What is taken in is what its own text says.
sub forge
{
	my ($bytes) = @_;

	foreach (1 .. 1 + rand rand 3)
	{
		my $at = int(rand length $bytes);
		my $word = 4 * int($at / 4);
		my $what = int(rand 7);

		if ($what == 0) { substr($bytes, $at, 1) ^= chr(1 << rand 8); }
		elsif ($what == 1) { substr($bytes, $at, 1) = chr(rand 256); }
		elsif ($what == 2) { substr($bytes, $word, 4) = pack('N', pick(0, 1, 4095, 4096, 1 << 24, 0x7fffffff, 0x80000000, 0xffffffff)); }
		elsif ($what == 3) { substr($bytes, $word, 8) = pack('d>', pick(0, -1, 5e-324, -1e308, 9**9**9, -sin(9**9**9))); }
		elsif ($what == 4) { $bytes = substr($bytes, 0, $at); }
		elsif ($what == 5) { $bytes .= substr($bytes, $at); }
		else { $bytes = substr($bytes, $at) . substr($bytes, 0, $at); }
		$bytes = "\0" if $bytes eq '';
	}
	return $bytes;
}

my $dir = tempdir(CLEANUP => 1);
my @forged;
foreach my $type (sort keys %corpus)
{
	my @sent = map { pack 'H*', $_ } split /\n/,
	  query("CREATE TABLE forged_$type (x $type);" . join('', map { "SELECT encode(${type}_send(" . quote($_) . "), 'hex');" } @{ $corpus{$type} }), $database);

	foreach my $i (1 .. 10 * $calls)
	{
		my $bytes = forge(pick(@sent));
		my $file = "$dir/$type.$i";

		open(my $out, '>:raw', $file) or die;
		print $out "PGCOPY\n\xff\r\n\0", pack('NNnN', 0, 0, 1, length $bytes), $bytes, pack('n', 0xffff);
		close($out) or die;
		push @forged, "\\copy forged_$type from '$file' (format binary)\n";
	}
}
run(1, @forged);
my $taken = 0;
foreach my $type (sort keys %corpus)
{
	my ($n, $differ) = split /\x01/, query("SELECT count(*), count(*) FILTER (WHERE ${type}_send(x) <> ${type}_send(x::text::$type)) FROM forged_$type", $database);

	is("$differ", "0\n", "$type: what is taken is what its text says");
	$taken += $n;
}
cmp_ok($taken, '>', 0.05 * @forged, 'and some is taken');
query("DROP DATABASE $database", 'postgres');
done_testing();
