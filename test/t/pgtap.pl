#!/usr/bin/perl
# The tests of a policy that doc/neighbours.md shows, run by pgTAP. Without
# pgTAP there is nothing to test.
use strict;
use warnings;
use Test::More;

plan skip_all => 'pgtap is not here'
  if `psql -XAtqc "SELECT count(*) FROM pg_available_extensions WHERE name = 'pgtap'"` !~ /^1/;

open(my $page, '<', 'doc/neighbours.md') or die "doc/neighbours.md: $!";
my ($script) = do { local $/; <$page> } =~ /^```text\n(CREATE EXTENSION pgtap;\n.*?)^```\n/ms;
my $path = "/tmp/customer_tier_pgtap.$$";

open(my $file, '>', $path) or die "$path: $!";
print $file "CREATE EXTENSION customer_tier;\n$script";
close($file) or die "$path: $!";
system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_pgtap' -c 'CREATE DATABASE tier_pgtap' 2>/dev/null");
my $output = `psql -XqAt -d tier_pgtap <$path 2>&1`;
unlink $path;
system("psql -Xq -c 'DROP DATABASE tier_pgtap'");

my ($planned) = $output =~ /^1\.\.(\d+)$/m;
is(() = $output =~ /^ok /mg, $planned, 'each test of the page passes') or diag($output);
unlike($output, qr/^not ok|ERROR|# Looks like/m, 'and nothing else is said') or diag($output);

done_testing();
