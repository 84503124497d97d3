#!/usr/bin/perl
# What is on disk stays readable: the bytes of values of each type, as this
# server stores and sends them, are those in test/golden.txt, and those bytes
# are read as the values that they were. A composite type keeps its columns:
# later ones may only come after them.
#
# test/t/golden.pl --write completes lines of that file that have no bytes yet.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);
my $database = 'tier_golden';
my $golden = 'test/golden.txt';

# What a script prints; errors too.
sub query
{
	my ($sql, $in) = @_;

	open(my $file, '>', "$dir/query") or die "$dir/query: $!";
	print $file $sql;
	close($file) or die "$dir/query: $!";
	$in //= $database;
	my $output = `psql -XqAt -d $in <$dir/query 2>&1`;
	chomp $output;
	return $output;
}

query("DROP DATABASE IF EXISTS $database", 'postgres');
query("CREATE DATABASE $database", 'postgres');
query("ALTER DATABASE $database SET TimeZone = 'UTC'; ALTER DATABASE $database SET DateStyle = 'ISO'", 'postgres');
is(query('CREATE EXTENSION customer_tier'), '', 'the extension is there');

# A value of ours is seen as it is stored through functions that only copy: as
# a bytea, or one of 16 bytes as an interval.
my @types = split /\n/, query("SELECT typname FROM pg_type JOIN pg_depend ON objid = pg_type.oid AND deptype = 'e' WHERE typtype = 'b' AND typelem = 0 ORDER BY 1");
sub raw_type { return $_[0] eq 'rfm_as_of' ? 'interval' : 'bytea' }
is(query(join '', map { my $raw = raw_type($_); $raw eq 'bytea' ? <<"SQL" : <<"SQL" } @types), '', 'functions that copy');
CREATE FUNCTION raw($_) RETURNS bytea LANGUAGE internal STRICT AS 'byteasend';
CREATE FUNCTION raw_$_(bytea) RETURNS $_ LANGUAGE internal STRICT AS 'byteasend';
SQL
CREATE FUNCTION raw($_) RETURNS bytea LANGUAGE internal STRICT AS 'interval_send';
CREATE CAST (interval AS $_) WITHOUT FUNCTION;
CREATE FUNCTION raw_$_(interval) RETURNS $_ LANGUAGE sql RETURN \$1::$_;
SQL
my $is_little = unpack('C', pack('S', 1));

# One field as COPY BINARY has it.
sub copy_binary
{
	my ($field) = @_;

	return "PGCOPY\n\377\r\n\0" . pack('N N n N', 0, 0, 1, length($field)) . $field . pack('n', 0xffff);
}

# Bytes, given as hex, read by the receive function of a type; then an
# expression over the value v.
sub received
{
	my ($type, $hex, $expression) = @_;

	open(my $file, '>:raw', "$dir/copy") or die;
	print $file copy_binary(pack('H*', $hex));
	close($file) or die;
	query("SET client_min_messages = warning; DROP TABLE IF EXISTS received; CREATE TABLE received (v $type)");
	my $said = `psql -XqAt -d $database -c "COPY received FROM STDIN (FORMAT binary)" <$dir/copy 2>&1`;
	return $said eq '' ? query("SELECT $expression FROM received") : $said;
}

# How a stored value looks: as text, its bytes on disk, those it is sent as.
sub looks
{
	my ($type, $value) = @_;

	return query(<<"SQL");
SET client_min_messages = warning;
DROP TABLE IF EXISTS stored;
CREATE TABLE stored (v $type);
INSERT INTO stored SELECT $value;
SELECT v || E'\\t' || encode(raw(v), 'hex') || E'\\t' || encode(${type}_send(v), 'hex') FROM stored;
SQL
}

open(my $file, '<', $golden) or die "$golden: $!";
my @lines = <$file>;
close($file);
chomp @lines;

if (@ARGV && $ARGV[0] eq '--write')
{
	foreach my $line (grep { !/^#/ } @lines)
	{
		my ($type, $made_by, $text, @bytes) = split /\t/, $line, -1;

		$line = join "\t", $type, $made_by, looks($type, $made_by) unless defined $text;
	}
	open($file, '>', $golden) or die "$golden: $!";
	print $file map { "$_\n" } @lines;
	close($file) or die "$golden: $!";
}

my (%seen, %columns);
foreach my $line (grep { !/^#/ } @lines)
{
	my ($type, $made_by, $text, $stored, $sent) = split /\t/, $line, -1;
	my $name = "$type $made_by";

	if ($type eq 'columns')
	{
		$columns{$made_by} = $text;
		next;
	}
	$seen{$type} = 1;
	die "$name: no bytes; see --write" unless defined $sent;
	my ($text_now, $stored_now, $sent_now) = split /\t/, looks($type, $made_by), -1;
	is($text_now, $text, "$name: the value");
	is($sent_now, $sent, "$name: sent");
	is(received($type, $sent, 'v::text'), $text, "$name: received");
  SKIP:
	{
		skip 'bytes on disk are those of little-endian machines', 2 unless $is_little;
		is($stored_now, $stored, "$name: stored");
		is(received(raw_type($type), $stored, "CASE encode(${type}_send(raw_$type(v)), 'hex') WHEN '$sent' THEN '' ELSE 'not ' END || raw_$type(v)"),
			$text, "$name: read");
	}
}
is(join(' ', sort keys %seen), "@types", 'each type has lines');

# Composite types
my %now = map { split /\t/, $_, 2 } split /\n/, query(<<'SQL');
SELECT typname || E'\t' || string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum)
FROM pg_type t JOIN pg_class c ON c.oid = typrelid AND relkind = 'c' JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
  JOIN pg_depend ON objid = t.oid AND deptype = 'e' OR objid = c.oid AND deptype = 'e'
GROUP BY typname
SQL
is(join(' ', sort keys %now), join(' ', sort keys %columns), 'each composite type has a line');
like($now{$_} // '', qr/^\Q$columns{$_}\E(,|$)/, "columns of $_") foreach sort keys %columns;

query("DROP DATABASE $database", 'postgres');

done_testing();
