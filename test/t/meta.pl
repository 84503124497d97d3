#!/usr/bin/perl
# META.json is what the specification of PGXN, version 1.0.0, demands; the
# files that it names are there.
use strict;
use warnings;
use JSON::PP;
use Test::More;

open(my $file, '<', 'META.json') or die "META.json: $!";
my $meta = decode_json(do { local $/; <$file> });
my $term = qr/^[^\s\/\\[:cntrl:]]{2,}$/;
my $version = qr/^\d+\.\d+\.\d+(?:-[A-Za-z][-0-9A-Za-z]*)?$/;

ok(defined $meta->{$_}, "has $_")
  foreach qw(abstract maintainer license provides name version meta-spec);
like($meta->{name}, $term, 'the name');
like($meta->{version}, $version, 'the version');
like($meta->{abstract}, qr/\S/, 'the abstract');
like($meta->{'meta-spec'}{version}, $version, 'the version of the specification');
is($meta->{license}, 'postgresql', 'the license, by a name of the specification');
like($meta->{release_status}, qr/^(?:stable|testing|unstable)$/, 'the status');

my @known = qw(abstract description generated_by license maintainer meta-spec name no_index
  prereqs provides release_status resources tags version);
is(join(' ', grep { my $key = $_; !/^x_/i && !grep { $_ eq $key } @known } sort keys %$meta),
	'', 'no other keys');

foreach my $name (sort keys %{ $meta->{provides} })
{
	my $extension = $meta->{provides}{$name};

	like($name, $term, "$name: a name");
	like($extension->{version}, $version, "$name: its version");
	ok(-f $extension->{$_}, "$name: there is $extension->{$_}") foreach 'file', 'docfile';
}

foreach my $phase (values %{ $meta->{prereqs} })
{
	like($_, $version, 'a version that is required') foreach map { values %$_ } values %$phase;
}
is(scalar(grep { length == 0 || length > 255 || /[\/\\[:cntrl:]]/ } @{ $meta->{tags} }), 0, 'the tags');

done_testing();
