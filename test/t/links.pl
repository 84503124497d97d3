#!/usr/bin/perl
# Pages link to files and headings that are there, and README.md to each page that is no
# translation.
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

# The anchors of a page's headings, as a browser of code makes them.
sub anchors
{
	my ($text) = @_;
	my %seen;

	$text =~ s/^```.*?^```//gms;
	return map {
		my $anchor = lc $_;

		$anchor =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
		$anchor =~ s/[^\w\- ]//g;
		$anchor =~ s/ /-/g;
		$seen{$anchor}++ ? ($anchor . '-' . ($seen{$anchor} - 1)) : $anchor;
	} $text =~ /^#+ (.*)$/mg;
}

my @pages = (glob('README*.md'), glob('doc/*.md'));
my %anchors;
my %linked;

foreach my $page (@pages)
{
	my $text = slurp($page);
	my ($folder) = $page =~ m{^(.*/)};
	my @dead;

	$text =~ s/^```.*?^```//gms;
	while ($text =~ /\]\(([^)\s]+)\)/g)
	{
		my ($path, $anchor) = $1 =~ /^([^#]*)(?:#(.*))?$/;

		next if $path =~ /^https?:/;
		$path = $path eq '' ? $page : ($folder // '') . $path;
		1 while $path =~ s{[^/]+/\.\./}{};
		$linked{$path} = 1 if $page eq 'README.md';
		if (!-e $path)
		{
			push @dead, $path;
		}
		elsif (defined $anchor)
		{
			$anchors{$path} //= { map { $_ => 1 } anchors(slurp($path)) };
			push @dead, "$path#$anchor" unless $anchors{$path}{$anchor};
		}
	}
	is("@dead", '', "the links of $page");
}

is(join(' ', grep { m{^doc/} && !$linked{$_} && !/[.][a-z]+-[A-Z]+[.]md$/ } @pages), '', 'README.md links to each page of doc/');

done_testing();
