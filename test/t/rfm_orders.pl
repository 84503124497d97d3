#!/usr/bin/perl
# Real orders from measures to segments, each step against plain SQL. The file
# is the sample of the R package rfm: customer_id, order_date, revenue. Skipped
# where it does not lie: RFM_ORDERS names it, or ../shared/data beside the clone.
use strict;
use warnings;
use Test::More;
use File::Spec::Functions qw(rel2abs);

my $file = rel2abs($ENV{RFM_ORDERS} || '../shared/data/rfm_orders.csv');
plan skip_all => 'no rfm_orders.csv' if !-r $file;

# What a query prints, in the database that the test made.
sub query
{
	my ($sql) = @_;
	my $pid = open(my $psql, '-|', 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1',
		'-d', 'tier_rfm_orders', '-c', $sql)
	  or die "psql: $!";
	my $output = do { local $/; <$psql> } // '';

	close($psql);
	chomp($output);
	return $output;
}

system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_rfm_orders' 2>/dev/null");
system("psql -Xq -c 'CREATE DATABASE tier_rfm_orders'");
query('CREATE EXTENSION customer_tier');
query('CREATE TABLE orders (customer text, ordered_on date, revenue numeric)');
query("\\copy orders FROM '$file' CSV HEADER");

query(<<'SQL');
CREATE TABLE measures AS
SELECT customer, (rfm_measures(ordered_on, revenue, '2006-12-31')).*
FROM orders GROUP BY customer
SQL
is(query(<<'SQL'), '995|0', 'measures of 995 customers');
SELECT count(*), count(*) FILTER (WHERE (m.recency, m.frequency, m.monetary, m.first_order, m.last_order)
  IS DISTINCT FROM (e.recency, e.frequency, e.monetary, e.first_order, e.last_order))
FROM measures m FULL JOIN (
  SELECT customer, date '2006-12-31' - max(ordered_on) AS recency, count(*) AS frequency, sum(revenue) AS monetary,
         min(ordered_on) AS first_order, max(ordered_on) AS last_order
  FROM orders GROUP BY customer) e USING (customer)
SQL

is( query('SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM measures'),
	'recency: 5 <= 114, 4 <= 180, 3 <= 296.4, 2 <= 481, 1; frequency: 5 > 7, 4 > 5, 3 > 4, 2 > 3, 1; '
	  . 'monetary: 5 > 665, 4 > 505.4, 3 > 381, 2 > 254.8, 1',
	'the quantiles that the R package documents, less the 1 it adds');

query(<<'SQL');
CREATE TABLE scored AS
SELECT *, rfm_score(recency, frequency, monetary,
    (SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary)) FROM measures)) AS score,
  rfm_score(recency, frequency, monetary * 0.01,
    (SELECT rfm_fit(value_digest(recency), value_digest(frequency), value_digest(monetary * 0.01)) FROM measures)) AS in_cents,
  rfm_among(recency, frequency, monetary) OVER () AS among
FROM measures
SQL
is(query(<<'SQL'), '0|0|0', 'scores are right-closed quintiles, in any currency, and as a window');
WITH edges AS (
  SELECT percentile_cont('{.2,.4,.6,.8}'::float8[]) WITHIN GROUP (ORDER BY recency) AS r,
         percentile_cont('{.2,.4,.6,.8}'::float8[]) WITHIN GROUP (ORDER BY frequency) AS f,
         percentile_cont('{.2,.4,.6,.8}'::float8[]) WITHIN GROUP (ORDER BY monetary) AS m
  FROM measures),
expected AS (
  SELECT customer, (5 - (SELECT count(*) FROM unnest(r) e WHERE recency > e)) * 100
                 + (1 + (SELECT count(*) FROM unnest(f) e WHERE frequency > e)) * 10
                 + (1 + (SELECT count(*) FROM unnest(m) e WHERE monetary > e)) AS score
  FROM measures, edges)
SELECT count(*) FILTER (WHERE s.score IS DISTINCT FROM e.score), count(*) FILTER (WHERE s.in_cents IS DISTINCT FROM e.score),
       count(*) FILTER (WHERE s.among IS DISTINCT FROM e.score)
FROM scored s JOIN expected e USING (customer)
SQL

is( query("SELECT count(rfm_segment(score, named_segments('eleven'))) FROM scored"),
	'995', 'everybody is in a segment');

system("psql -Xq -c 'DROP DATABASE tier_rfm_orders'");

done_testing();
