#!/usr/bin/perl
# Schemes and digests survive pg_dump and binary COPY unchanged, and so does
# all that is built on tier_of: expression index, generated column, CHECK.
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempdir);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);

# Run a shell command that must work.
sub run
{
	my ($command) = @_;

	return is(system($command), 0, $command =~ s/\Q$dir\E/DIR/gr);
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

my $everything = <<'SQL';
SELECT * FROM ladders ORDER BY id;
SELECT id, md5(digest::text) FROM summaries ORDER BY id;
SELECT * FROM customers ORDER BY customer_id;
SELECT indexdef FROM pg_indexes WHERE indexname = 'customers_tier';
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'customers'::regclass AND contype = 'c';
SELECT attname, pg_get_expr(adbin, adrelid)
FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = 'customers'::regclass;
SQL

query('postgres', "DROP DATABASE IF EXISTS $_")
  foreach 'tier_dump', 'tier_restored';
query('postgres', "CREATE DATABASE $_ TEMPLATE template0")
  foreach 'tier_dump', 'tier_restored';

is(query('tier_dump', <<'SQL'), '', 'tables of every kind of value');
CREATE EXTENSION customer_tier;

CREATE TABLE ladders (id int PRIMARY KEY, scheme tier_scheme);
INSERT INTO ladders VALUES
  (1, 'A >= 5000000, B >= 1000000, C'),
  (2, 'A top 70% of value, B top 90% of value, C'),
  (3, 'Overdue < 0 days, A within 1 month, B within 3 months, C, D by rule'),
  (4, '"钻石, ""特级""" >= 5000, 金 >= 3000, 普通'),
  (5, 'A > Infinity, B >= 0.1, C >= 0.1'),
  (6, 'High >= mean + 1 sd, Middle >= median, Low natural, Rest'),
  (7, NULL);

CREATE TABLE summaries (id int PRIMARY KEY, digest value_digest);
INSERT INTO summaries
  SELECT 1, value_digest(v::numeric) FROM generate_series(1, 1000) v;
INSERT INTO summaries
  SELECT 2, value_digest(v % 7 - 3) FROM generate_series(1, 100000) v;
INSERT INTO summaries                   -- truncated
  SELECT 3, value_digest(sqrt(v), 4096) FROM generate_series(1, 20000) v;
INSERT INTO summaries                   -- wide
  SELECT 4, value_digest(v) FROM (VALUES (12345678901234567890.5), (0.1)) t(v);
INSERT INTO summaries VALUES (5, NULL);

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  revenue numeric CHECK (tier_of(revenue, 'ok >= 0, refund') = 'ok'),
  tier text GENERATED ALWAYS AS
    (tier_of(revenue, 'A >= 5000, B >= 1000, C')) STORED);
CREATE INDEX customers_tier ON customers
  (tier_rank(revenue, 'A >= 5000, B >= 1000, C'));
INSERT INTO customers SELECT i, i * 10 FROM generate_series(1, 1000) i;
INSERT INTO customers VALUES (1001, NULL);
SQL

my $before = query('tier_dump', $everything);

unlike($before, qr/ERROR/, 'all can be read');
like($before, qr/^1000\|10000\|A$/m, 'the generated column grades');
like(query('tier_dump', 'INSERT INTO customers VALUES (0, -1)'),
	qr/violates check constraint/, 'the CHECK checks');

run("pg_dump -Fc -f $dir/dump tier_dump");
run("pg_restore --exit-on-error -d tier_restored $dir/dump");
is(query('tier_restored', $everything), $before, 'all is as it was');
like(query('tier_restored', 'INSERT INTO customers VALUES (0, -1)'),
	qr/violates check constraint/, 'the restored CHECK checks');
is( query('tier_restored', <<'SQL'), "t\n501\n", 'the restored index is used');
SET enable_seqscan = off;
CREATE FUNCTION uses_index(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  plan text;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan LIKE '%customers_tier%';
END $$;
SELECT uses_index($$SELECT count(*) FROM customers
  WHERE tier_rank(revenue, 'A >= 5000, B >= 1000, C') = 1$$);
DROP FUNCTION uses_index;
SELECT count(*) FROM customers
  WHERE tier_rank(revenue, 'A >= 5000, B >= 1000, C') = 1;
SQL

# A dump of the restored database is the dump of the first one.
run("pg_dump $_ | grep -v '^.\\(un\\)\\?restrict ' >$dir/$_.sql")
  foreach 'tier_dump', 'tier_restored';
is(slurp("$dir/tier_restored.sql"),
	slurp("$dir/tier_dump.sql"), 'a second dump is the same');

# Binary COPY: what comes out goes in, and comes out again byte for byte.
foreach my $table ('ladders', 'summaries')
{
	my $copy = "psql -Xq -d tier_dump -c";

	run("$copy 'COPY (SELECT * FROM $table ORDER BY id) TO STDOUT (FORMAT binary)' >$dir/first");
	query('tier_dump', "CREATE TABLE back_$table (LIKE $table)");
	run("$copy 'COPY back_$table FROM STDIN (FORMAT binary)' <$dir/first");
	run("$copy 'COPY (SELECT * FROM back_$table ORDER BY id) TO STDOUT (FORMAT binary)' >$dir/second");
	is(slurp("$dir/second"), slurp("$dir/first"), "$table: the same bytes");
	is( query('tier_dump',
			"SELECT count(*) FROM $table FULL JOIN back_$table back USING (id) "
			  . "WHERE ${table}::text IS DISTINCT FROM back::text"),
		"0\n",
		"$table: the same rows");
}

query('postgres', "DROP DATABASE $_") foreach 'tier_dump', 'tier_restored';

done_testing();
