#!/usr/bin/perl
# The extension is trusted: the owner of a database creates and drops it
# without being a superuser; others may not.
use strict;
use warnings;
use Test::More;

sub psql
{
	my ($user, $database, $sql) = @_;
	my $output = `psql -XqAt -U $user -d $database -c "$sql" 2>&1`;

	chomp $output;
	return $output;
}

psql('postgres', 'postgres', $_)
  foreach 'DROP DATABASE IF EXISTS tier_trusted',
  'DROP ROLE IF EXISTS tier_owner, tier_guest',
  'CREATE ROLE tier_owner LOGIN',
  'CREATE ROLE tier_guest LOGIN',
  'CREATE DATABASE tier_trusted OWNER tier_owner';

like(psql('tier_guest', 'tier_trusted', 'CREATE EXTENSION customer_tier'),
	qr/permission denied to create extension/, 'a guest may not create it');
is(psql('tier_owner', 'tier_trusted', 'CREATE EXTENSION customer_tier'),
	'', 'the owner of the database may');
is( psql(
		'tier_owner', 'tier_trusted',
		"SELECT count(*) FROM pg_extension WHERE extname = 'customer_tier'"),
	'1', 'it is there');
is(psql('tier_owner', 'tier_trusted', 'DROP EXTENSION customer_tier'),
	'', 'and may drop it');
is( psql(
		'tier_owner', 'tier_trusted',
		"SELECT count(*) FROM pg_type WHERE typname IN ('tier_scheme', 'value_digest')"
	),
	'0', 'nothing is left');

psql('postgres', 'postgres', 'DROP DATABASE tier_trusted');
psql('postgres', 'postgres', 'DROP ROLE tier_owner, tier_guest');

done_testing();
