#!/usr/bin/perl
# Each line of SQL in the tables of doc/choosing.md runs, over the tables that
# the page speaks of.
use strict;
use warnings;
use File::Temp;
use Test::More;

sub query
{
	my ($sql) = @_;
	my $file = File::Temp->new;

	print $file $sql;
	$file->close;
	my $output = `psql -XqAt -v ON_ERROR_STOP=1 -d tier_choosing -f $file 2>&1`;
	return $? ? $output : undef;
}

system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_choosing' -c 'CREATE DATABASE tier_choosing' 2>/dev/null");
is(query(<<'SQL'), undef, 'the tables are made');
SET client_min_messages = error;
CREATE EXTENSION customer_tier;
\i test/doc_setup.sql
CREATE TABLE orders AS
SELECT name AS customer, (last_order - 10 * n)::date AS ordered_on, revenue / 4 AS amount FROM customers, generate_series(0, least(orders, 4) - 1) n;
CREATE VIEW measured AS
SELECT c.*, date '2026-06-30' - last_order AS days, date '2026-07-20' AS expected_close, 100 AS sales, 3 AS overdue,
       revenue AS bought, date '2026-01-01' + customer_id AS as_of, 'Gold >= 10000, Silver'::tier_scheme AS scheme,
       (SELECT value_digest(revenue) FROM customers) AS d, m, h, 'bgnbd r 0.9, alpha 12 weeks, a 0.8, b 2.4'::purchase_model AS model
FROM customers c LEFT JOIN (SELECT customer, rfm_measures(ordered_on, amount, '2026-06-30') AS m, clv_measures(ordered_on, amount, '2026-06-30', 'week') AS h
                            FROM orders GROUP BY customer) o ON customer = name;
CREATE TABLE visits AS SELECT customer_id, date '2026-03-01' + customer_id AS visited_on, 2 AS hours FROM customers;
SELECT tier_program_create('loyalty', 'customers', '{customer_id}', 'revenue', 'Gold >= 10000, Silver');
SELECT tier_evaluate('loyalty', '2026-01-01');
SELECT tier_evaluate('loyalty', '2026-07-01');
SQL

open(my $page, '<:encoding(UTF-8)', 'doc/choosing.md') or die "doc/choosing.md: $!";
my ($tables) = do { local $/; <$page> } =~ /^(## Who is what\?\n.*?)^## How to choose/ms;
my $n = 0;

foreach my $answer ($tables =~ /^\| .*? \| (.*) \|$/mg)
{
	foreach my $code ($answer =~ /`([^`]+)`/g)
	{
		# what is only named, or left open
		next if $code =~ /\.\.\./ || $code =~ /^\w+$/;
		my $sql = $code =~ /^SELECT .* FROM /s ? $code
		  : $code =~ /^SELECT / ? "$code FROM measured"
		  : $code =~ /^(?:WHERE|ORDER BY) / ? "SELECT * FROM measured $code"
		  : $code =~ /^'/ ? "SELECT ${code}::tier_scheme"
		  : "SELECT $code FROM measured";

		is(query("BEGIN;\n$sql;\nROLLBACK;"), undef, $code);
		$n++;
	}
}
cmp_ok($n, '>', 35, 'the tables have many lines');

system("psql -Xq -c 'DROP DATABASE tier_choosing'");
done_testing();
