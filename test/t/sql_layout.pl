#!/usr/bin/perl
# The .sql files of src/ are in one hand: each begins with its path, its
# sections stand in one order, and the C symbol of a function is named, and is
# one of the same wing.
use strict;
use warnings;
use Test::More;

my @order = ('The type', 'Functions', 'Private functions', 'Aggregates', 'Casts',
	'Operators', 'Operator classes', 'Tables', 'Views');

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

# Each wing's functions that SQL may call.
my %symbols;
foreach my $path (glob 'src/*/*.c')
{
	my ($wing) = $path =~ m{^src/(\w+)/};
	$symbols{$wing}{$_} = 1 foreach slurp($path) =~ /^PG_FUNCTION_INFO_V1\((\w+)\);/mg;
}

foreach my $path (grep { !m{^src/base/} } glob 'src/*/*.sql')
{
	my ($wing) = $path =~ m{^src/(\w+)/};
	my $sql = slurp($path);
	my @wrong;

	is((split /\n/, $sql)[0], "/* $path */", "$path begins with its path");

	# A heading that goes on to say why it stands there may stand there.
	my @sections = $sql =~ /^--\n-- (.*)\n--\n/mg;
	my @places = map { my $section = $_; grep { $order[$_] eq $section } 0 .. $#order } @sections;
	is("@places", join(' ', sort { $a <=> $b } @places), "$path: the order of its sections");

	while ($sql =~ /^CREATE FUNCTION (?:\@extschema\@\.)?(\w+)\(([^;]*?)LANGUAGE C /mg)
	{
		my ($name, $declaration) = ($1, $2);
		my ($symbol) = $declaration =~ /AS 'MODULE_PATHNAME', '(\w+)'\s*$/;

		push @wrong, $name
		  unless defined $symbol && $symbols{$wing}{$symbol};
	}
	is("@wrong", '', "$path: the C symbols");
}

done_testing();
