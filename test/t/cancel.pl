#!/usr/bin/perl
# Each long computation can be cancelled, in the midst of it, and soon. Where
# nothing else runs it takes some milliseconds (VERBOSE=1 shows them); what is
# asserted holds on a loaded machine, too.
#
# cancel.pl [FACTOR]: with so many times the data, such as 10 to be thorough.
use strict;
use warnings;
use Test::More;
use Time::HiRes qw(time);

my $factor = (shift // 1) / 10;
my $bound = 2;		# seconds
my $database = 'tier_cancel';

sub psql
{
	my ($sql, $in) = @_;
	my $file = "/tmp/$database.$$.sql";

	open(my $out, '>', $file) or die;
	print $out $sql;
	close($out) or die;
	my $said = `psql -XqAt -d $in -f $file 2>&1`;
	unlink $file;
	return $said;
}

sub n { return int($_[0] * $factor); }

psql("DROP DATABASE IF EXISTS $database; CREATE DATABASE $database", 'postgres');
is(psql(<<"SQL", $database), '', 'data');
CREATE EXTENSION customer_tier;
SET work_mem = '1GB';
CREATE FUNCTION dice(i bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ((hashint8extended(i, 7) >> 11) & 9007199254740991)::float8 / 9007199254740992;
CREATE TABLE digests AS SELECT value_digest(dice(i) * 1e6, 16777216) AS d FROM generate_series(1, @{[ n(1000000) ]}) i;
CREATE TABLE few AS SELECT value_digest(floor(dice(i) * 60000)::float8) AS d FROM generate_series(1, 200000) i;
SQL

# What takes long, by name. The rows come from a function that keeps them, so
# that the time after the first is all the extension's.
my $many = n(1000000);
my @computations = (
	[ 'a digest', "SELECT digest_count(value_digest(dice(i), 16777216)) FROM generate_series(1, $many) i" ],
	[ 'a digest merged', "SELECT digest_count(value_digest(d)) FROM (SELECT d FROM digests, generate_series(1, 30)) s" ],
	[ 'digests in arithmetic', "SELECT count(d + d - d) FROM digests, generate_series(1, 10)" ],
	[ 'a digest as text', "SELECT length(d::text::value_digest::text) FROM digests" ],
	[ 'a digest in binary', "SELECT count(value_digest_send(d)) FROM digests, generate_series(1, 30)" ],
	[ 'a curve', "SELECT count(*) FROM digests, digest_pareto(d, 1000000)" ],
	[ 'natural breaks', "SELECT tier_fit(d, 'a natural, b natural, c natural, d natural, e natural, f natural, g') FROM few" ],
	[ 'natural breaks of many values', "SELECT tier_fit(d, 'a natural, b natural, c natural, d natural, e') FROM digests" ],
	[ 'grades of a partition', "SELECT count(t) FROM (SELECT tier_among(dice(i), 'A top 20%, B top 50% of value, C') OVER () AS t FROM generate_series(1, $many) i) s" ],
	[ 'RFM scores of a partition', "SELECT count(s) FROM (SELECT rfm_among(dice(i), dice(i + 7), dice(i + 3), 5) OVER () AS s FROM generate_series(1, $many) i) s" ],
	[ 'measures of one customer', "SELECT rfm_measures(date '2020-01-01' + (i % 2000)::int, 1.5, '2026-01-01', i) FROM generate_series(1, $many) i" ],
	[ 'a roll-up', "SELECT cardinality(rfm_rollup(hashint8extended(i, 1), date '2020-01-01', 1.5, '2026-01-01')) FROM generate_series(1, $many) i" ],
	[ 'a roll-up of texts in files', "SET work_mem = '1MB'; SELECT cardinality(rfm_rollup(i::text, date '2020-01-01', 1.5, '2026-01-01')) FROM generate_series(1, $many) i" ],
	[ 'a summary', "SELECT cardinality(rfm_summary(i % 1000, i % 50, dice(i) * 1000)) FROM generate_series(1, $many) i" ],
	[ 'a summary of one amount', "SELECT cardinality(rfm_summary(i % 1000, i % 50, 1)) FROM generate_series(1, 2 * $many) i" ],
	[ 'purchases of one customer', "SELECT clv_measures(date '4713-01-01 BC' + (i * 7919 % 2000000)::int, 1.5, '5000-01-01', 'week') FROM generate_series(1, $many) i" ],
	[ 'a fit of BG/NBD', "SELECT bgnbd_fit(floor(9 * dice(i)) + 1, 30 * dice(i) + 1, 40 + i * 1e-5) FROM generate_series(1, $many / 4) i" ],
	[ 'a fit of Pareto/NBD', "SELECT pareto_nbd_fit(floor(9 * dice(i)) + 1, 30 * dice(i) + 1, 40 + i * 1e-5) FROM generate_series(1, $many / 10) i" ],
	[ 'a fit of BG/BB', "SELECT bgbb_fit(1, floor(9 * dice(i)) + 1, 9990 + i) FROM generate_series(1, 10) i" ],
	[ 'a fit of spend', "SELECT gamma_gamma_fit(floor(9 * dice(i)) + 1, 30 * dice(i) + 1) FROM generate_series(1, $many / 4) i" ],
	[ 'discounted purchases', "SELECT discounted_purchases('bgbb alpha 1.204, beta 0.75, gamma 0.657, delta 2.783; n 1', 100000, 0.1, 1, 1, 1, 1)" ],
	[ 'a probability', "SELECT sum(purchase_probability('bgbb alpha 1.204, beta 0.75, gamma 0.657, delta 2.783; n 1', 5, 1e6)) FROM generate_series(1, 10)" ],
	[ 'a probability of Pareto/NBD', "SELECT sum(purchase_probability('pareto_nbd r 1e6, alpha 1e6, s 1, beta 1e6; n 1', 100000000, 1e8 + i)) FROM generate_series(1, 10) i" ],
	[ 'weights', "SELECT ahp_weights(array_agg(m)) FROM (SELECT array_fill(1::float8, ARRAY[1500]) AS m FROM generate_series(1, 1500)) s" ],
	[ 'a scheme of spaces', "SELECT length((repeat(' ', 300 * $many) || 'A')::tier_scheme::text)" ],
	[ 'a scheme of digits', "SELECT length(('A >= 1' || repeat('0', 100 * $many))::tier_scheme::text)" ],
	[ 'a long label', "SELECT ('\"' || repeat('x', 300 * $many))::tier_scheme" ],
	[ 'a map of many patterns', "SELECT length(('a: ' || repeat('1* ', 30 * $many))::rfm_segments::text)" ],
	[ 'a card in JSON', "SELECT jsonb_build_object('indicators', jsonb_agg(jsonb_build_object('indicator', 't' || i, 'weight', 1)))::scorecard FROM generate_series(1, $many / 4) i" ],
	[ 'standings', "SELECT (tier_standing(dice(i), date '0001-01-01' + i, 'A >= 0.9, B', 'hold 1 year; grace 1 month')).tier FROM generate_series(1, $many) i" ],
);

# Cancel it so many seconds after its beginning; by how much it was late.
sub cancelled
{
	my ($query, $after) = @_;
	my @settings = $query =~ s/^((?:SET .*?; )*)// ? $1 : '';
	my $said = psql("SET work_mem = '1GB'; @settings SET statement_timeout = '${after}ms';\n\\timing on\n$query;\n\\timing off\nRESET statement_timeout;\nSELECT 'alive'", $database);
	my ($took) = $said =~ /^Time: ([\d.]+) ms/m;

	my ($error) = $said =~ /ERROR: +(.*)/;

	return ('died', substr($said, 0, 300)) if $said !~ /^alive$/m || !defined $took;
	return ('ended', $took) if !defined $error || $error =~ /^(invalid|number|a scorecard) /;
	return ('died', $said) if $error ne 'canceling statement due to statement timeout';
	return ('late', $took - $after);
}

my $all = 0;
foreach my $computation (@computations)
{
	my ($name, $query) = @$computation;
	my ($worst, $cancels, $wrong) = (0, 0, '');

	# further and further into it, until it ends before
	for (my $after = 20; $after < 2000 * $factor; $after *= 3)
	{
		my ($how, $what) = cancelled($query, $after);

		if ($how eq 'late') { $cancels++; $worst = $what if $what > $worst; }
		elsif ($how eq 'died') { $wrong = $what; }
		last if $how ne 'late';
	}
	$all += $cancels;
	ok($wrong eq '' && $worst < 1000 * $bound, "$name: cancelled soon");
	diag($wrong) if $wrong ne '';
	diag(sprintf('%-30s %2d cancels, the slowest %.0f ms', $name, $cancels, $worst)) if $ENV{VERBOSE} || $worst >= 1000 * $bound;
}
cmp_ok($all, '>=', scalar(@computations), 'they are long enough to be cancelled');
psql("DROP DATABASE $database", 'postgres');
done_testing();
