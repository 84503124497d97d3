# The database of test/everything: made, read, and taken further. Tests that
# move it somewhere compare what it says there with what it said before.
package Everything;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use FindBin;
use Test::More;

our @EXPORT_OK = qw(write_everything read_everything evaluate_everything said same);

our $path = abs_path("$FindBin::Bin/../everything");

# What psql prints for a script, errors and all. The options say where.
sub said
{
	my ($script, @options) = @_;
	my $options = join ' ', map { "'$_'" } @options;
	my $output = `psql -XqAt $options -f $script 2>&1`;

	$output =~ s/^psql:[^:]*:\d+: //mg;
	return $output;
}

# Make it; what comes back is errors.
sub write_everything { return said("$path/write.sql", @_) }

sub read_everything { return said("$path/read.sql", @_) }

sub evaluate_everything { return said("$path/evaluate.sql", @_) }

# Are two long texts the same? If not, tell the lines that are not.
sub same
{
	my ($got, $expected, $name) = @_;
	my @got = split /\n/, $got;
	my @expected = split /\n/, $expected;
	my @wrong = grep { ($got[$_] // '') ne ($expected[$_] // '') } 0 .. ($#got > $#expected ? $#got : $#expected);

	ok($got eq $expected, $name)
	  or diag(map { "line $_: " . ($got[$_] // 'is missing') . "\n    not: " . ($expected[$_] // 'any') . "\n" }
		  grep { defined } @wrong[ 0 .. 4 ]);
}

1;
