#!/usr/bin/perl
# doc/catalog.md lists every shipped entry as it is, and each line of SQL in
# its tables grades the example tables of the page as it should.
use strict;
use warnings;
use Test::More;
use File::Temp qw(tempfile);

my $database = 'tier_catalog_page';
my $fence = '```';

# What the lines of SQL print for the example tables of the page.
my @graded = (
	'1|A 2|B 3|C 4|C 5|C',
	'1|A 2|B 3|C 4|C 5|C',
	'concentrated',
	'1|core 2|potential 3|potential 4|general 5|general',
	'1|VIP 2|small 3|small 4|small 5|small',
	'1|high 2|upper middle 3|middle 4|lower middle 5|low',
	'1|high 2|low 3|zero 4|low 5|zero',
	'1',
	'1|monthly 2|walk-in 3| 4|walk-in 5|',
	'1|loyal 2|loyal 3|loyal 4|general 5|lost',
	'3|tea|C 3|wine|A 4|tea|B',
	'1|160.00 2|180.00 3|190.00 4|190.00 5|190.00',
	'1|five diamonds 2|three diamonds 3|four stars 4|one star 5|',
	'3|VIP 4|ordinary',
	'1|A 2|B 3|C 4|C 5|C',
	'3|100|C 3|15000|B 3|2900|C 4|2999|C',
	'1|five 2|three 3|two 4| 5|',
	'1|private banking 2|personal finance 3|ordinary 4|ordinary 5|personal finance',
	'1|A 2|A 3|B 4|D 5|A',
	'1|A 2|A 3|B 4| 5|overdue',
	'1|H 2|B 3|O 4|L 5|H',
	'1|A|established 2|B|established 3|C|established 4|C|provisional 5|C|established',
	'1|active 2|active 3|sleeping 4|new 5|lost',
	'1|A 2|B 3|C',
	'1|A 2|B 3|C 4|C 5|C',
	'1|low 2|medium high 3|medium',
	'1|AA 2|A 3|B 4|AA 5|',
	'1|A 2|C 3|A 4|B 5|',
	'1|Keep 2|Star 3|Develop 4|Serve 5|',
	'1|gold 2|gold 3|silver 4|bronze 5|bronze',
	'1|main 2|general 3|general 4|scattered 5|scattered',
	'1|VIP 2|VIP 3|Loyal 4|Potential 5|Low Value',
	'1|A 2|B 3|A 4|C 5|C',
	'1|A 2|B 3|A 4|C 5|C',
	'1|A 2|A 3|C 4|C 5|C',
	'North|A >= 6200000, B >= 1400000, C South|A >= 120000, B >= 120000, C',
);

sub query
{
	my ($sql) = @_;
	my ($file, $path) = tempfile('/tmp/customer_tier.XXXXXX', UNLINK => 1);

	print $file $sql;
	close($file) or die "$path: $!";
	return scalar `psql -XqAt -d $database <$path 2>&1`;
}

open(my $file, '<', 'doc/catalog.md') or die "doc/catalog.md: $!";
my $page = do { local $/; <$file> };
my ($tables) = $page =~ /^${fence}sql\n(CREATE TABLE accounts .*?)^$fence\n/ms
  or die 'no example tables in doc/catalog.md';
my @rows = $page =~ /^(\| .*)$/mg;

system("psql -Xq -d postgres -c 'DROP DATABASE IF EXISTS $database' 2>/dev/null");
system("psql -Xq -d postgres -c 'CREATE DATABASE $database'");
is(query("CREATE EXTENSION customer_tier;\n$tables"), '', 'the tables of the page');

# Each scheme, card and map has a row that begins with its name; the scheme,
# the card, the segments stand there, but for the two schemes that the page
# prints one tier a line.
foreach (split /\n/, query(<<'SQL'))
SELECT name, scheme::text FROM tier_catalog WHERE scheme IS NOT NULL
UNION ALL SELECT name, card::text FROM tier_catalog WHERE card IS NOT NULL
UNION ALL SELECT name, segment FROM tier_catalog, rfm_segment_cells(segments)
GROUP BY name, segment
ORDER BY 1, 2;
SQL
{
	my ($name, $value) = split /\|/, $_, 2;

	$value = 'stars-diamonds-and-crowns' if $name =~ /^reputation/;
	ok((grep { (split / \| /)[0] =~ /`$name`/ && /\Q$value\E/ } @rows) == 1,
		"$name is described once: $value");
}

my @statements = $page =~ /^\|.* `(SELECT .*?)` \|/mg;

is(scalar @statements, scalar @graded, 'as many lines of SQL as results here');
foreach my $statement (@statements)
{
	is(join(' ', sort split(/\n/, query($statement))), shift @graded, $statement);
}

system("psql -Xq -d postgres -c 'DROP DATABASE $database'");

done_testing();
