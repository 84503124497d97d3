#!/usr/bin/perl
# Every hint that the sources can give was seen by somebody: in the expected
# output of a test, on a page, or in a test that says it.
use strict;
use warnings;
use Test::More;

sub slurp
{
	my ($path) = @_;

	open(my $file, '<:encoding(UTF-8)', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

my $seen = join("\n", map { slurp($_) }
	  glob('expected/*.out test/isolation/expected/*.out doc/*.md README.md'),
	grep { $_ ne 'test/t/hints.pl' } glob('test/t/*.pl'));

# What follows errhint( up to its first comma or bracket outside of strings and brackets.
sub first_argument
{
	my ($text) = @_;
	my ($argument, $depth) = ('', 0);

	while ($text =~ /\G("(?:[^"\\]|\\.)*"|.)/gs)
	{
		last if $depth == 0 && $1 =~ /^[,)]$/;
		$depth += $1 eq '(' ? 1 : $1 eq ')' ? -1 : 0;
		$argument .= $1;
	}
	return $argument;
}

# The format strings of an argument, which may be a choice: each as a pattern
# in which a conversion is any text.
sub patterns
{
	my ($argument) = @_;
	my @formats = ('');

	while ($argument =~ /\G(?:"((?:[^"\\]|\\.)*)"|([^"]+))/gs)
	{
		defined $1 ? $formats[-1] .= $1 : $2 =~ /[?:]/ ? push(@formats, '') : ();
	}
	return map {
		my $format = s/\\(["\\])/$1/gr;
		join('.*', map { quotemeta } split(/%(?:[-0-9.*]*(?:lld|llu|ld|zu|[sdugcm])|%)/, $format, -1));
	} grep { /\w/ && !/^%s$/ } @formats;
}

# A script's output, as another role if need be.
sub run
{
	my ($sql) = @_;
	my $path = "/tmp/customer_tier_hints.$$";

	open(my $file, '>', $path) or die "$path: $!";
	print $file $sql;
	close($file) or die "$path: $!";
	my $output = `psql -XqAt -d tier_hints <$path 2>&1`;
	unlink $path;
	return $output;
}

# Those that no other test comes by.
system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_hints' -c 'CREATE DATABASE tier_hints' -c 'CREATE ROLE tier_hints_stranger' 2>/dev/null");
$seen .= run(<<'SQL');
CREATE EXTENSION customer_tier;
CREATE TABLE members (id int PRIMARY KEY, bought numeric);
INSERT INTO members VALUES (1, 10), (2, 20);
SELECT tier_program_create('club', 'members', '{id}', 'bought', 'A >= 15, B');
SELECT tier_evaluate('club', '2026-01-01');
DELETE FROM members WHERE id = 2;
SELECT tier_evaluate('club', '2026-02-01', draft => true);
UPDATE club.draft SET reviewed_tier = 'A' WHERE id = 2;
SET ROLE tier_hints_stranger;
SELECT tier_report('club');
SELECT tier_undo('club');
RESET ROLE;
SQL
my $icu = `psql -XqAtc "SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"` =~ /1/;
$seen .= run(<<'SQL') if $icu;
CREATE COLLATION two_as_one (provider = icu, locale = 'und', deterministic = false);
SELECT rfm_rollup(customer COLLATE two_as_one, date '2026-01-01', 1, '2026-01-02') FROM (VALUES ('Ann'), ('ann')) v (customer);
SQL
system("psql -Xq -c 'DROP DATABASE tier_hints' -c 'DROP ROLE tier_hints_stranger'");

# Those that no test can reach, and why.
my %beyond = (
	'It was written by a later version of the extension customer_tier.' => 'there is no later version',
	'Use tier_of with (SELECT tier_fit(...)).' => 'two thousand million rows in a window partition',
	'Evaluate again.' => 'a session that changes standings past the lock of an evaluation',
	'Use rfm_fit, rfm_score and GROUP BY.' => 'more customers than a test has time for');

my %hints;
foreach my $path (sort(glob('src/*/*.[ch]')))
{
	my $text = slurp($path);

	while ($text =~ /\berrhint(?:_plural)?\(/g)
	{
		my $at = pos($text);

		$hints{$_} //= $path foreach patterns(first_argument(substr($text, $at)));
	}
}
cmp_ok(scalar(keys %hints), '>', 100, 'hints are found');
my %unused = map { quotemeta($_) => 1 } keys %beyond;
foreach my $pattern (sort { $hints{$a} cmp $hints{$b} || $a cmp $b } keys %hints)
{
	next if delete $unused{$pattern} || !$icu && $pattern =~ /COLLATE/;
	ok($seen =~ /$pattern/, "$hints{$pattern}: " . $pattern =~ s/\\(.)/$1/gr);
}
is(join(' ', keys %unused), '', 'those beyond reach are hints');

done_testing();
