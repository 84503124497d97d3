#!/usr/bin/perl
# Where something does not fit - the memory of a process, a temporary file, a
# datum, a bigint - there is an error that says so, and the session goes on; and
# what does fit, though barely, is right.
use strict;
use warnings;
use Test::More;

my $database = 'tier_limits';

sub psql
{
	my ($sql, $in) = @_;
	my $file = "/tmp/$database.$$.sql";

	open(my $out, '>', $file) or die;
	print $out $sql;
	close($out) or die;
	my $said = `psql -XqAt -d $in -f $file 2>&1`;
	unlink $file;
	chomp $said;
	return $said =~ s/^psql:\S+: //gmr;
}

sub query { return psql($_[0], $database); }

# The error of a statement, and that the session answers after it.
sub refused
{
	my ($name, $sql, $error) = @_;
	my $said = query("$sql;\nSELECT 'alive'");

	like($said, qr/^ERROR: +$error.*^alive$/ms, $name);
}

psql("DROP DATABASE IF EXISTS $database; CREATE DATABASE $database", 'postgres');
is(query('CREATE EXTENSION customer_tier'), '', 'the extension');

# Counts beyond 2^31, sums beyond 2^53
is(query(<<'SQL'), '17179869184|12884901888|t|t', 'counts beyond 2^31');
SELECT digest_count(d), digest_rank(d, 1) - 1, digest_top_share(d, 0.5) > 0, tier_fit(d, 'A top 50%, B')::text = 'A >= 2, B'
FROM (SELECT '(capacity 4096) 1*4294967296 2*12884901888'::value_digest AS d) s;
SQL
is(query(<<'SQL'), '27021597764222973|27021597764222973', 'sums beyond 2^53 are exact');
SELECT (rfm_measures(date '2026-01-01', a, '2026-01-02')).monetary, (rfm_rollup(1, date '2026-01-01', a, '2026-01-02'))[1].monetary
FROM unnest(ARRAY[9007199254740991, 9007199254740991, 9007199254740991]::bigint[]) a;
SQL
is(query(<<'SQL'), '27670116110564327421|27670116110564327421', 'and beyond bigint');
SELECT (rfm_measures(date '2026-01-01', a, '2026-01-02')).monetary, (rfm_rollup(1, date '2026-01-01', a, '2026-01-02'))[1].monetary
FROM unnest(ARRAY[9223372036854775807, 9223372036854775807, 9223372036854775807]) a;
SQL
refused('more customers than a digest counts', "SELECT '(capacity 4096) 1*4611686018427387904'::value_digest + '(capacity 4096) 1*4611686018427387904'",
	'.*value_digest');
refused('more customers than a fit counts', "SELECT bgnbd_fit(1, 1, 2, 9223372036854775807, 'week') FROM generate_series(1, 2)",
	'too many customers for a fit');

# Many groups, little memory
is(query(<<'SQL'), '200000|t|t', 'many groups in 64 kB');
SET work_mem = '64kB';
SELECT count(*), bool_and(digest_count(d) = 2), bool_and((m).frequency = 2)
FROM (SELECT i % 200000, value_digest(i::float8) AS d, rfm_measures(date '2026-01-01', 1, '2026-01-02') AS m FROM generate_series(1, 400000) i GROUP BY 1) s;
SQL
is(query(<<'SQL'), '50000|50000', 'many customers in 64 kB');
SET work_mem = '64kB';
SELECT count(DISTINCT (c).customer), count(*) FROM (SELECT unnest(rfm_rollup(i % 50000, date '2026-01-01', 1, '2026-01-02')) AS c FROM generate_series(1, 100000) i) s;
SQL
refused('a fit in 64 kB', "SET work_mem = '64kB'; SELECT bgnbd_fit(1, i, i + 1) FROM generate_series(1, 20000) i",
	'too many different customers for a fit');
refused('files beyond temp_file_limit', "SET work_mem = '64kB'; SET temp_file_limit = '1MB'; SELECT cardinality(rfm_rollup(i, date '2026-01-01', 1, '2026-01-02')) FROM generate_series(1, 100000) i",
	'temporary file size exceeds "?temp_file_limit"?');

# More customers than one packed run of rfm_summary takes: some runs of a process
is(query(<<'SQL'), '4294969', 'a summary of more than one run');
SET max_parallel_workers_per_gather = 0;
WITH few AS (SELECT rfm_summary(i % 97, i % 13, i % 1009) AS rows FROM generate_series(0, 97 * 13 * 1009 - 1) i)
SELECT 4294969 AS customers
FROM (SELECT rfm_summary(i % 97, i % 13, i % 1009) AS rows FROM generate_series(0, 97 * 13 * 1009 * 4 - 1) i) many, few
WHERE (SELECT count(*) FROM unnest(many.rows) WITH ORDINALITY m (segment, score, customers, customer_share, monetary, monetary_share, recency, frequency, value, median_recency, median_frequency, median_value, n)
       JOIN unnest(few.rows) WITH ORDINALITY f (segment, score, customers, customer_share, monetary, monetary_share, recency, frequency, value, median_recency, median_frequency, median_value, n)
       ON m.n = f.n AND m.score = f.score AND m.customers = 4 * f.customers AND m.monetary = 4 * f.monetary AND m.median_value = f.median_value)
      = cardinality(few.rows);
SQL

# What is nested deeply
refused('brackets', "SELECT repeat('[', 1000000)::jsonb::tier_scheme", '(stack depth limit exceeded|.*nested)');
refused('objects', "SELECT (repeat('{\"a\":', 1000000) || '1')::jsonb::scorecard", 'stack depth limit exceeded');

psql("DROP DATABASE $database", 'postgres');
done_testing();
