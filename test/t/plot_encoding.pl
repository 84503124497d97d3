#!/usr/bin/perl
# Plots are in ASCII where a database could not hold anything else.
use strict;
use warnings;
use Test::More;

system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_latin1' -c \"CREATE DATABASE tier_latin1 ENCODING LATIN1 LOCALE 'C' TEMPLATE template0\" 2>/dev/null");
my $plots = `psql -XqAt -d tier_latin1 -c 'CREATE EXTENSION customer_tier' -c "SELECT digest_pareto_plot('(capacity 4096) 1 2 7', 20, 3)" -c "SELECT rfm_score_plot('(capacity 4096) 111 222*3', width => 8)" 2>&1`;
system("psql -Xq -c 'DROP DATABASE tier_latin1'");

is($plots, <<'PLOTS', 'curve and map in LATIN1');
 100% |        ....:::::::#
  67% |   ..:##############
  33% |.::#################
      +--------------------
       0%              100%
       F1      F2
R2     0   ### 3
R1 ::: 1       0
PLOTS

done_testing();
