#!/usr/bin/perl
# Includes go down the wings only, as the Makefile's HOUSE orders them, and a
# page tells what each wing is.
use strict;
use warnings;
use Test::More;

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

my ($house) = slurp('Makefile') =~ /^HOUSE = (.*)$/m;
my (%level, $level);
foreach my $siblings (split ' ', $house)
{
	$level++;
	$level{$_} = $level foreach split /\+/, $siblings;
}

is_deeply([ sort map { s!^src/|/$!!gr } glob('src/*/') ],
	[ sort keys %level ], 'each folder of src/ is a wing');

my $page = slurp('doc/contributing.md');
ok($page =~ /^\|[^|]*`$_`[^|]*\|/m, "doc/contributing.md says what $_ is") foreach sort keys %level;

my %ours = map { m!([^/]+)$! => 1 } glob('src/*/*.h');

foreach my $path (sort(glob('src/*/*.[ch]')))
{
	my ($wing) = $path =~ m!^src/(\w+)/!;
	my @wrong;

	foreach my $include (slurp($path) =~ /^#include "(.*)"$/mg)
	{
		my ($to, $name) = $include =~ m!^(?:(\w+)/)?([^/]+)$!;

		next unless defined $name && -e "src/$include" || $ours{ $name // '' };
		push @wrong, $include
		  unless -e "src/$include"
		  && ($to eq $wing || $level{$to} < $level{$wing});
	}
	is("@wrong", '', "$path includes only what lies below");
}

done_testing();
