# The table of operations on a Citus cluster of three nodes, and on a server
# alone, the one that the environment names; and what else doc/scaling.md
# promises of such a cluster.
use strict;
use warnings;
use FindBin qw($Bin);
use Test::More;
use OwnServer;

# The server alone, which is not ours to stop.
package Alone
{
	our @ISA = ('OwnServer');
	sub DESTROY { }
}

sub slurp
{
	my ($path) = @_;

	open(my $file, '<', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

# What must work.
sub must
{
	my ($server, $sql) = @_;
	my $said = $server->psql("\\set ON_ERROR_STOP 1\n$sql");

	die "$sql\n$said" if $said =~ /ERROR|FATAL/;
	return $said;
}

# Coordinator and two workers, which print doubles short.
sub cluster
{
	my %settings = (
		shared_preload_libraries => 'citus', wal_level => 'logical', max_connections => 200,
		max_prepared_transactions => 200, shared_buffers => '32MB', 'citus.shard_count' => 32,
		'citus.enable_statistics_collection' => 'off');
	my $coordinator = OwnServer->new(%settings);
	my @workers = map { OwnServer->new(%settings, extra_float_digits => -15) } 1 .. 2;

	must($_, 'CREATE EXTENSION citus') foreach $coordinator, @workers;
	must($coordinator, "SELECT citus_set_coordinator_host('$coordinator->{dir}', 5432)");
	must($coordinator, "SELECT citus_add_node('$_->{dir}', 5432)") foreach @workers;
	must($coordinator, 'CREATE EXTENSION customer_tier');
	return ($coordinator, @workers);
}

# The operations of operations.sql: what each is, where, and its query.
sub operations
{
	my @operations;

	foreach my $line (split /\n/, slurp("$Bin/operations.sql") =~ s/\A(--.*\n)+\n//r)
	{
		push @operations, { what => $1, where => $2, sql => '' } if $line =~ /^-- (.*): (partial|whole|rows)$/;
		$operations[-1]{sql} .= "$line\n" unless $line =~ /^--/;
	}
	return @operations;
}

# Where the aggregates of a query are computed.
sub where_computed
{
	my ($coordinator, $sql) = @_;
	my $plan = $coordinator->psql("SET citus.coordinator_aggregation_strategy = disabled;\nEXPLAIN (VERBOSE, COSTS off) $sql");

	return 'rows' if $plan =~ /ERROR: .*unsupported aggregate/;
	return $plan if $plan =~ /ERROR/;

	# above a scan of the shards, and not in one of their own plans
	return 'rows' if $plan =~ /^ *(->  )?WindowAgg\n(?:(?! *Task Count).*\n)*? *(->  )?Custom Scan \(Citus Adaptive\)/m;
	return $plan =~ /worker_partial_agg/ ? 'partial' : 'whole';
}

my $alone = bless { dir => $ENV{PGHOST} }, 'Alone';
my ($coordinator, @workers) = cluster();
my @tables = qw(customers orders invoices histories evaluations standings);
my $data = slurp("$Bin/data.sql");

must($alone, "CREATE EXTENSION customer_tier;\n$data");
must($coordinator, $data =~ s/^-- DISTRIBUTE$/join(' ', map { "SELECT create_distributed_table('$_', 'customer_id');" } @tables)/mer);

# the catalog as a table of each node: no wrong tier, but an error
foreach my $name ('abc', 'order_size')
{
	like($coordinator->psql("SELECT count(tier_of(revenue, named_scheme('$name'))) FROM customers"),
		qr/ERROR: .*cannot be looked up on a shard/, "a bare name, $name, before the catalog is a reference table");
}
is($coordinator->psql($_), $alone->psql($_), 'a name in a subselect, before that')
  foreach "SELECT tier_of(revenue, (SELECT named_scheme('abc'))), count(*) FROM customers GROUP BY 1 ORDER BY 1";

# as a reference table: Citus refuses, until it is allowed to read it there
must($coordinator, "SELECT create_reference_table('tier_catalog_own')");
like($coordinator->psql("SELECT count(tier_of(revenue, named_scheme('abc'))) FROM customers"),
	qr/ERROR: .*distributed query/, 'a bare name, before reading is allowed');
unlike(must($coordinator, <<'SQL'), qr/,f,/, 'reading is allowed on all nodes');
SELECT run_command_on_all_nodes(format('ALTER FUNCTION %I(text) SET citus.allow_nested_distributed_execution = on', name))
FROM unnest(ARRAY['named_scheme', 'named_card', 'named_segments']) name;
SQL

foreach my $operation (operations())
{
	my $answer = $coordinator->psql($operation->{sql});

	is($answer, $alone->psql($operation->{sql}), "$operation->{what}: the same answer");
	unlike($answer, qr/ERROR|\A\z/, "$operation->{what}: an answer");
	is(where_computed($coordinator, $operation->{sql}), $operation->{where}, "$operation->{what}: computed where it should be");
}

# a constant in_tier leaves out partitions of shards, and chunks of a columnar table
my $partitioned = <<'SQL';
CREATE TABLE sales (customer_id bigint, amount numeric) PARTITION BY RANGE (amount);
CREATE TABLE sales_small PARTITION OF sales FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE sales_large PARTITION OF sales FOR VALUES FROM (1000) TO (MAXVALUE);
SELECT create_distributed_table('sales', 'customer_id');
INSERT INTO sales SELECT i, i % 2000 FROM generate_series(1, 20000) i;
SQL
my $in_tier = "in_tier(amount, 'A >= 1000, B >= 100, C', 'A')";

must($coordinator, $partitioned);
my $plan = must($coordinator, "EXPLAIN (COSTS off) SELECT count(*) FROM sales WHERE $in_tier");
like($plan, qr/sales_large/, 'in_tier reads the partition of the tier');
unlike($plan, qr/sales_small/, 'and no other');
is(must($coordinator, "SELECT count(*) FROM sales WHERE $in_tier"), 10000, 'whose rows are all');
must($coordinator, 'CREATE EXTENSION citus_columnar; CREATE TABLE archive USING columnar AS SELECT i::numeric AS amount FROM generate_series(1, 100000) i ORDER BY 1');
like(must($coordinator, "EXPLAIN (ANALYZE, COSTS off, TIMING off) SELECT count(*) FROM archive WHERE in_tier(amount, 'A >= 90001, B >= 100, C', 'A')"),
	qr/Columnar Chunk Groups Removed by Filter: 9$/m, 'in_tier reads one chunk of ten');

# programs
my $programs = slurp("$Bin/programs.sql");
my $answer = $coordinator->psql($programs) =~ s/^psql:.*WARNING: .*\n(DETAIL|HINT): .*\n.*\n//mgr =~ s/^(WARNING|DETAIL|HINT): .*\n//mgr;

is($answer, $alone->psql($programs), 'programs: the same answers');
unlike($answer, qr/ERROR/, 'programs: answers');
like($coordinator->psql("SELECT * FROM tier_verify('direct')"), qr/ERROR/, 'tier_verify needs a source of one node');

done_testing();
