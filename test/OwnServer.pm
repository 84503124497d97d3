# A server of a test's own, made of the programs of the one that the
# environment names: for tests that kill it, or preload something.
package OwnServer;
use strict;
use warnings;
use Cwd qw(getcwd);
use Time::HiRes qw(sleep);

# new([OPTIONS,] SETTING => VALUE, ...): initialised and started. Options, in a
# hash: bin, the programs to be made of; standby_of, a server to follow.
sub new
{
	my $class = shift;
	my $options = ref $_[0] ? shift : {};
	my %settings = @_;
	my $bin = $options->{bin} // `psql -XAtqc "SELECT setting FROM pg_config WHERE name = 'BINDIR'"`;
	my $dir = `mktemp -d /tmp/customer_tier.XXXXXX`;
	chomp($bin, $dir);
	my $self = bless { bin => $bin, dir => $dir, as_server => [] }, $class;

	# not as root
	if ($> == 0)
	{
		my $owner = (stat("$ENV{PGHOST}/data"))[4];

		chown $owner, -1, $dir;
		$self->{as_server} = [ 'runuser', '-u', scalar(getpwuid($owner)), '--' ];
	}
	my @make = $options->{standby_of}
	  ? ("$bin/pg_basebackup", '-D', "$dir/data", '-R', '-c', 'fast', '--no-sync', $options->{standby_of}->options)
	  : ("$bin/initdb", '-D', "$dir/data", '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '-k');
	$self->quietly(@make) == 0 or die `cat $dir/said`;
	%settings = (unix_socket_directories => $dir, listen_addresses => '', port => 5432, fsync => 'off', %settings);
	open(my $conf, '>>', "$dir/data/postgresql.conf") or die;
	print $conf map { "$_ = '$settings{$_}'\n" } sort keys %settings;
	close($conf) or die;
	$self->start;
	return $self;
}

# Run a program as who owns the server; its status.
sub quietly
{
	my ($self, @command) = @_;
	my $here = getcwd();

	chdir $self->{dir} or die;
	my $status = system(join(' ', map { "'$_'" } @{ $self->{as_server} }, @command) . " >$self->{dir}/said 2>&1");
	chdir $here or die;
	return $status;
}

# Start it; what was killed may still be going.
sub start
{
	my ($self) = @_;

	foreach (1 .. 100)
	{
		return if $self->quietly("$self->{bin}/pg_ctl", 'start', '-D', "$self->{dir}/data", '-w', '-l', "$self->{dir}/log") == 0;
		sleep 0.1;
	}
	die 'the server does not start: ' . `cat $self->{dir}/said $self->{dir}/log`;
}

# Stop it, so that its files are whole.
sub stop
{
	my ($self) = @_;

	$self->quietly("$self->{bin}/pg_ctl", 'stop', '-D', "$self->{dir}/data", '-m', 'fast', '-w') == 0 or die `cat $self->{dir}/said`;
}

# The options by which clients find it.
sub options
{
	my ($self) = @_;

	return ('-h', $self->{dir}, '-p', '5432', '-U', 'postgres');
}

# What psql prints for a script, errors included.
sub psql
{
	my ($self, $sql, $database) = @_;
	my $file = "$self->{dir}/query.$$";

	$database //= 'postgres';
	open(my $query, '>', $file) or die;
	print $query $sql;
	close($query) or die;
	my $output = `psql -XqAt @{[ $self->options ]} -d $database <$file 2>&1`;
	chomp $output;
	return $output;
}

# The process id of the server.
sub pid
{
	my ($self) = @_;

	open(my $file, '<', "$self->{dir}/data/postmaster.pid") or die;
	my $pid = <$file>;
	chomp $pid;
	return $pid;
}

sub DESTROY
{
	my ($self) = @_;
	local ($?, $@);

	$self->quietly("$self->{bin}/pg_ctl", 'stop', '-D', "$self->{dir}/data", '-m', 'immediate') if -d "$self->{dir}/data";
	system('rm', '-rf', $self->{dir});
}

1;
