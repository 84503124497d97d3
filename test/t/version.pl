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
like(slurp('CHANGELOG.md'), qr/\A# Changelog\n\n## \Q$version\E /, 'CHANGELOG.md');
like(slurp('debian/changelog'), qr/\Acustomer-tier \(\Q$version\E-\d+\) /, 'debian/changelog');

# what is new in a version that is not there yet, is new in none
my %released = map { m{--([0-9.]+)\.sql$} ? ($1 => 1) : () } glob('release/*.sql');
is(join(' ', grep { $_ ne $version && !$released{$_} } slurp('README.md') =~ /\| (\d+\.\d+\.\d+) \|$/mg), '', 'README.md');

done_testing();
