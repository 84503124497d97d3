#!/usr/bin/perl
# Values of every type survive pg_dump and binary COPY unchanged, and so does
# all that is built on them: index, generated column, CHECK, DEFAULT, view.
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
SELECT * FROM rfm_ladders ORDER BY id;
SELECT * FROM maps ORDER BY id;
SELECT * FROM cards ORDER BY id;
SELECT * FROM rule_sets ORDER BY id;
SELECT * FROM standings ORDER BY id;
SELECT * FROM customers ORDER BY customer_id;
SELECT * FROM scored ORDER BY customer_id, segment;
SELECT pg_get_viewdef('scored');
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'customers'::regclass AND contype = 'c' ORDER BY conname;
SELECT attname, pg_get_expr(adbin, adrelid)
FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = 'customers'::regclass ORDER BY attnum;
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

CREATE TABLE rfm_ladders (id int PRIMARY KEY, scheme rfm_scheme UNIQUE);
INSERT INTO rfm_ladders VALUES
  (1, 'recency: 5 <= 30, 4 <= 60, 1; frequency: 9 >= 10, 1; monetary: 3 > 0.1, 2 > 0.1'),
  (2, 'recency: 2 <= p20, 1; frequency: 3 natural, 1; monetary: 3 top 70% of value, 2 next 20% of value, 1'),
  (3, NULL);

CREATE TABLE maps (id int PRIMARY KEY, map rfm_segments UNIQUE);
INSERT INTO maps SELECT 1, named_segments('eight_zh');
INSERT INTO maps VALUES
  (2, '"Best; ""top""": 2*; Cannot Lose Them: 1[12]'),
  (3, NULL);

CREATE TABLE cards (id int PRIMARY KEY, card scorecard UNIQUE);
INSERT INTO cards VALUES
  (1, 'sales 50%: 100 >= 5000000, 60 >= 1000000, 20; growth 20.5%: linear -10 to 30; require 60%'),
  (2, '销售 1%: 100 >= mean + 1 sd, 0; "days ""late""" 2% missing 0: linear p95 to p5'),
  (3, NULL);

CREATE TABLE rule_sets (id int PRIMARY KEY, rules tier_rules UNIQUE);
INSERT INTO rule_sets VALUES
  (1, 'keep A >= 4000, 银 >= 0.1; hold 1 year to end of March; new 6 months as "B ""2"""'),
  (2, 'keep "80"; land 2 quarters'),
  (3, ''),
  (4, NULL);

CREATE TABLE standings (id int PRIMARY KEY, standing tier_standing);
INSERT INTO standings
  SELECT i, tier_standing(v, date '2026-01-01' + 40 * i::int, '"A ""1""" >= 5, 银 >= 3, C', 'hold 3 months; land 1 month')
              OVER (ORDER BY i)
  FROM unnest(ARRAY[9, 1, 1, NULL, 4]) WITH ORDINALITY v (v, i);
INSERT INTO standings VALUES (6, NULL);

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  revenue numeric CHECK (tier_of(revenue, 'ok >= 0, refund') = 'ok')
    CHECK (score_of('revenue 1%: 100 < 90000, 0', revenue) > 0),
  map rfm_segments DEFAULT 'high: 2*; low: 1*',
  tier text GENERATED ALWAYS AS
    (tier_of(revenue, 'A >= 5000, B >= 1000, C')) STORED,
  score numeric GENERATED ALWAYS AS
    (score_of('revenue 1%: linear 0 to 10000', revenue)) STORED);
CREATE INDEX customers_tier ON customers
  (tier_rank(revenue, 'A >= 5000, B >= 1000, C'));
CREATE INDEX customers_segment ON customers
  (rfm_segment(rfm_score(customer_id, 1, revenue,
     'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
   '高: 2*; "low; ""risk""": 1*'))
  WHERE map = 'high: 2*; low: 1*';
CREATE VIEW scored AS
  SELECT customer_id, rfm_segment(recency, map) AS segment,
         score_of('a 1%: linear 0 to 10; "b: c" 2%: 100 >= 5000, 0', 7, revenue),
         rfm_score(7, 1, revenue, scheme)
  FROM customers,
       (VALUES (11, rfm_scheme 'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
               (21, 'recency: 3 <= 7, 1; frequency: 1; monetary: 2 >= 500, 1')) v (recency, scheme)
  WHERE map < rfm_segments 'z: 2*; a: 1*' AND scheme <> rfm_scheme 'recency: 1; frequency: 1; monetary: 1';
INSERT INTO customers SELECT i, i * 10 FROM generate_series(1, 1000) i;
INSERT INTO customers VALUES (1001, NULL, NULL);
SQL

my $before = query('tier_dump', $everything);

unlike($before, qr/ERROR/, 'all can be read');
like($before, qr/^1000\|10000\|high: 2\*; low: 1\*\|A\|100$/m,
	'generated columns grade');
like(query('tier_dump', "INSERT INTO customers VALUES (0, $_)"),
	qr/violates check constraint/, 'the CHECK checks')
  foreach -1, 90000;

run("pg_dump -Fc -f $dir/dump tier_dump");
run("pg_restore --exit-on-error -d tier_restored $dir/dump");
is(query('tier_restored', $everything), $before, 'all is as it was');
like(query('tier_restored', "INSERT INTO customers VALUES (0, $_)"),
	qr/violates check constraint/, 'the restored CHECK checks')
  foreach -1, 90000;

# Each index, with a count that it must serve.
my @counts = (
	[ customers_tier => 501, <<'SQL' ],
SELECT count(*) FROM customers
WHERE tier_rank(revenue, 'A >= 5000, B >= 1000, C') = 1;
SQL
	[ customers_segment => 30, <<'SQL' ],
SELECT count(*) FROM customers
WHERE rfm_segment(rfm_score(customer_id, 1, revenue,
        'recency: 2 <= 30, 1; frequency: 1; monetary: 2 >= 5000, 1'),
      '高: 2*; "low; ""risk""": 1*') = '高'
  AND map = 'high: 2*; low: 1*';
SQL
	[ rfm_ladders_scheme_key => 1, <<'SQL' ],
SELECT count(*) FROM rfm_ladders
WHERE scheme > 'recency: 3; frequency: 1; monetary: 1';
SQL
	[ maps_map_key => 1, <<'SQL' ],
SELECT count(*) FROM maps WHERE map = named_segments('eight_zh');
SQL
	[ cards_card_key => 1, <<'SQL' ]);
SELECT count(*) FROM cards WHERE card < 't 1%: 1';
SQL

foreach (@counts)
{
	my ($index, $count, $sql) = @$_;

	like( query('tier_restored', "SET enable_seqscan = off;\nEXPLAIN $sql"),
		qr/Index.*Scan.* $index /, "the restored index $index is used");
	is(query('tier_restored', "SET enable_seqscan = off;\n$sql"),
		"$count\n", 'and finds the rows');
}

# A dump of the restored database is the dump of the first one.
run("pg_dump $_ | grep -v '^.\\(un\\)\\?restrict ' >$dir/$_.sql")
  foreach 'tier_dump', 'tier_restored';
is(slurp("$dir/tier_restored.sql"),
	slurp("$dir/tier_dump.sql"), 'a second dump is the same');

# Binary COPY: what comes out goes in, and comes out again byte for byte.
foreach my $table ('ladders', 'summaries', 'rfm_ladders', 'maps', 'cards', 'rule_sets', 'standings')
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
