#!/usr/bin/perl
# The gradients that fits of lifetime value models follow, against differences
# of the likelihoods: compiles the models with a program of its own.
use strict;
use warnings;
use File::Temp qw(tempdir);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);
chomp(my $include = `$ENV{PG_CONFIG} --includedir-server`);
my $sources = join ' ', 'test/derivatives/derivatives.c', map { "src/clv/$_.c" } qw(special bgnbd pareto_nbd bgbb gamma_gamma);

if (system("cc -O2 -ffp-contract=off -Isrc -I$include -o $dir/derivatives $sources -lm") != 0)
{
	print "not ok 1 - compile\n1..1\n";
	exit 1;
}
exit(system("$dir/derivatives") != 0);
