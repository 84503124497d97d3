#!/usr/bin/perl
# The control file says which version this is; the pages that repeat it agree.
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

my ($version) = slurp('customer_tier.control') =~ /^default_version = '(.*)'$/m;

ok(defined $version, 'the control file has a version');
is_deeply([ slurp('META.json') =~ /"version": "(.*?)"/g ],
	[ $version, $version, '1.0.0' ], 'META.json (and of its own format)');
like(slurp('CHANGELOG.md'), qr/^## \Q$version\E /m, 'CHANGELOG.md');

done_testing();
