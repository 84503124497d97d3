#!/usr/bin/perl
# test/fuzz/fuzz.pl SECONDS [SEED]: feed the types with inputs changed at
# random, as text, as JSON and in binary, to the server the environment names.
use strict;
use warnings;
use File::Temp qw(tempdir);

my $seconds = shift // 60;
my $seed = shift // time();
my $batch_size = 100;
my $dir = tempdir(CLEANUP => 1);
my $here = $0 =~ s,[^/]*$,,r;

my %texts = (
	tier_scheme => [
		'A >= 5000000, B >= 1000000.50, "C ""c"""',
		'VIP top 1%, Major next 4%, Regular next 15%, Small, Gone by rule',
		'Overdue < 0 days, A within 1 month, B within 3 quarters, C <= 2 years',
		'5 > p80, 4 > median, 3 >= mean - 0.5 sd, 2 natural, 1',
		'A top 70% of value, B up to 90% of value, C top 10, D',
		'A <= 1e-300, B <= 99999999999999999999.5, C <= Infinity',
		"\x{e9}\x{92}\x{bb}\x{ef}\x{bc}\x{9e}\x{ef}\x{bc}\x{9d}500, B top 5%",
	],
	value_digest => [
		'(capacity 4096) -1 10 20*2 1e300',
		'(capacity 16777216, wide) 5e-324 0.1 7',
		'(capacity 4096, precision 30, min 1.0000000002, max 3, wide) 1 2*3 3',
		'(capacity 4096, precision 0, min -3.5, max 7.9) -3.9999999999999996*2 0 4',
		'(capacity 4194304) 1*4294967296 2*9223372036854',
		'(capacity 4096, precision 20, min 0, max 1) 0 1',
	],
	rfm_scheme => [
		'recency: 3 <= 30, 2 <= p60, 1; frequency: 2 > p50, 1; monetary: 9 top 5%, 1',
		'recency: 5 <= 30, 1; frequency: 2 > 1, 1; monetary: 3 >= 500, 2 >= 1.5',
	],
	rfm_segments => [
		'Champions: 22*; "At: risk" : 1[12]2; Rest: 1[12]1 21[12]',
		'High: 2**; Low: 1**',
		'a: 1*; b: [2-3]*',
	],
	tier_rules => [
		'keep 80%; hold 1 year to end of year; grace 3 months; land 1 year; new 6 months as "B ""2"""',
		'keep A >= 4000000, B top 20%, C; hold 14 months to end of February',
		'keep 80 >= 5, "70" >= 4, 6; land 2 quarters; hold 90 days to end of quarter',
	],
	purchase_model => [
		'bgnbd r 0.24 (se 0.01), alpha 4.4 weeks, a 0.79, b 2.4 (se 0.7); n 2357, penalty 0.1, log likelihood -9582.4, gradient 1e-10, converged',
		'mbgnbd r 1e-6, alpha 1e6, a 1e20, b 1e-20; accepted, not converged: the likelihood is flat',
		'pareto_nbd r 0.55, alpha 10.58 days, s 1, beta 11.67 days; not converged',
		'bgbb alpha 1.204, beta 0.75, gamma 0.657, delta 2.783, every year; n 11104',
	],
	spend_model => [
		'gamma_gamma p 6.25 (se 1.19), q 3.74, gamma 15.44; n 946, log likelihood -4055.9, converged',
		'gamma_gamma p 1e-20, q 0.5, gamma 1e20; accepted, not converged',
	],
	scorecard => [
		'sales 50%: 100 >= 5000000, 60 if >= p50, 20; overdue 30% missing 0: 100 <= 0, 0',
		'a 70%: linear -10 to 30; "b b" 30%: linear 0 at min, 50 at mean + 1 sd, 100 at p95; require 60%',
		'a 1%: linear 0 at 5, 50 at 10; b 1%: 100 >= 3, 50 >= 2',
	],
);
my %json = (
	tier_scheme => [
		'[{"tier": "A", "bound": ">= 5.0"}, {"tier": "B", "bound": "next 5%"}, {"tier": "C"}]',
	],
	tier_rules => [
		'{"keep": "A >= 4, B", "hold": "1 year to end of year", "new": "6 months as B"}',
	],
	scorecard => [
		'{"indicators": [{"indicator": "a", "weight": 1, "scheme": [{"points": 5, "bound": ">= 1"}, {"points": 1}]}], "require": 60}',
		'{"indicators": [{"indicator": "a", "weight": 1.5, "missing": 3, "linear": [{"points": 5, "at": "3"}, {"points": 9, "at": "p5"}]}]}',
	],
);
my @tokens = (
	'"', '""', "'", ' ', ',', ';', ':', '>', '>=', '<=', '=', '%', '0', '9',
	'00000', '-0', '1e9', 'e', '-', '+', '.', '*', '(', ')', '[', ']', '{', '}',
	'\\', 'p', 'p99.99', 'top', 'up to', 'next', 'lowest', 'of value',
	'natural', 'mean', 'median', 'sd', 'by rule', 'within', 'days', 'months',
	'Infinity', 'NaN', '1e308', '1e-400', '1e131072', '99999999999999999999',
	'-2147483648', '9223372036854775807', 'linear', 'to', 'at', 'min', 'max',
	'require', 'missing', 'if', 'recency', 'keep', 'hold', 'to end of', 'March',
	'grace', 'land', 'new', 'as', 'bgnbd', 'alpha', '(se 1)', 'weeks', 'every', 'log likelihood', 'not',
	'converged', 'accepted', 'wide', 'precision', "\t", "\n",
	"\xe4\xb8\x87", "\xef\xbc\x8c", "\xef\xbc\x85", "\xe2\x89\xa5", "\xff", "\xc3", '5,000,000',
	'500k', '$', 'A' x 70, '1' x 400);

sub pick { return $_[ rand @_ ]; }

# Change a text at a few places.
sub mutate_text
{
	my ($text, @others) = @_;

	for (0 .. int(rand(rand 4)))
	{
		my $at = int(rand(length($text) + 1));
		my $n = int(rand(rand(8)));
		my $what = int(rand 6);

		if ($what == 0) { substr($text, $at, $n) = ''; }
		elsif ($what == 1) { substr($text, $at, $n) = pick(@tokens); }
		elsif ($what == 2) { substr($text, $at, 0) = substr($text, int(rand length $text), 3 * $n); }
		elsif ($what == 3) { substr($text, $at, 1) = chr(1 + int(rand 255)); }
		elsif ($what == 4) { $text = substr($text, 0, $at) . substr(pick(@others), -$at); }
		else { substr($text, $at, 0) = pick(@tokens); }
		$text = pick(@others) if $text eq '';
	}
	return $text =~ s/\0//gr;
}

# Change some bytes; most of the time their number stays.
sub mutate_bytes
{
	my ($bytes, @others) = @_;

	for (0 .. int(rand(rand 3)))
	{
		my $at = int(rand length $bytes);
		my $what = int(rand 8);

		if ($what == 0) { substr($bytes, $at, 1) ^= chr(1 << int(rand 8)); }
		elsif ($what == 1) { substr($bytes, $at, 1) = pick("\0", "\xff", "\x7f", "\x80", "\1"); }
		elsif ($what == 2) { substr($bytes, $at, 1) = chr(int(rand 256)); }
		elsif ($what == 3)
		{
			substr($bytes, 4 * int($at / 4), 4) =
			  pick(map { pack('N', $_) } 0, 1, 2, 4095, 4096, 1 << 24, (1 << 24) + 1, 0x7fffffff, 0x80000000, 0xffffffff);
		}
		elsif ($what == 4)
		{
			substr($bytes, 4 * int($at / 4), 8) =
			  pick(substr($bytes, int(rand length $bytes), 8), map { pack('d>', $_) } 0, '-0', 1, '-inf', 'nan', 5e-324, -1e308);
		}
		elsif ($what == 5) { $bytes = substr($bytes, 0, $at); }
		elsif ($what == 6) { $bytes .= substr($bytes, $at); }
		else { $bytes = substr($bytes, 0, $at) . substr(pick(@others), -$at); }
		$bytes = pick(@others) if $bytes eq '';
	}
	return $bytes;
}

# A string literal, on one line, of any bytes.
sub literal
{
	my ($text) = @_;

	$text =~ s/([^A-Za-z0-9 _.,:;<>=%*+\[\]{}()-])/sprintf '\\x%02x', ord $1/ge;
	return "E'$text'";
}

# Write a file for COPY (FORMAT binary) of one value.
sub write_copy
{
	my ($file, $bytes) = @_;

	open my $out, '>:raw', $file or die "$file: $!";
	print $out "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0),
	  pack('nN', 1, length $bytes), $bytes, pack('n', 0xffff);
	close $out;
}

# Run a script; give its output and, by line of the script, its errors.
sub run_script
{
	my ($database, @lines) = @_;
	my $script = "$dir/script.sql";

	open my $out, '>:raw', $script or die "$script: $!";
	print $out "$_\n" foreach @lines;
	close $out;
	my $output = `psql -XqAt -d $database -v VERBOSITY=verbose -f $script 2>$dir/errors`;
	my $status = $?;
	open my $in, '<:raw', "$dir/errors" or die "errors: $!";
	my @errors = <$in>;
	close $in;
	return ($status, $output, @errors);
}

# Show what went wrong, and how to see it again.
sub fail
{
	my ($message, $line) = @_;

	print "FAILED: $message\n";
	print "in: $line\n" if defined $line;
	if (defined $line && $line =~ /from '([^']*)'/)
	{
		open my $in, '<:raw', $1 or die "$1: $!";
		local $/;
		print 'bytes: ', unpack('H*', <$in>), "\n";
	}
	print "seed $seed\n";
	exit 1;
}

# Two databases: in SQL_ASCII any bytes reach the parsers.
my %databases = (tier_fuzz_utf8 => 'UTF8', tier_fuzz_ascii => 'SQL_ASCII');
foreach my $database (sort keys %databases)
{
	run_script('postgres', "DROP DATABASE IF EXISTS $database;",
		"CREATE DATABASE $database ENCODING '$databases{$database}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';");
	my ($status, $output, @errors) = run_script($database,
		'\set ON_ERROR_STOP on', 'SET client_min_messages = warning;',
		'CREATE EXTENSION customer_tier;', "\\i ${here}checks.sql");
	fail("set-up: @errors") if $status || @errors;
}

# What valid values look like in binary.
my %binary;
foreach my $type (sort keys %texts)
{
	my ($status, $output, @errors) = run_script('tier_fuzz_utf8',
		map { "SELECT encode(${type}_send(" . literal($_) . "), 'hex');" } @{ $texts{$type} });
	fail("seeds: @errors") if $status || @errors;
	$binary{$type} = [ map { pack 'H*', $_ } split /\n/, $output ];
}

srand $seed;
my ($cases, $accepted) = (0, 0);
my $until = time() + $seconds;
while (time() < $until)
{
	my $database = pick(sort keys %databases);
	my (@lines, %kinds);

	for my $i (1 .. $batch_size)
	{
		my $how = int(rand 5);
		my $seeds = $how < 2 ? \%texts : $how < 4 ? \%binary : \%json;
		my $type = pick(sort keys %$seeds);
		my @others = @{ $seeds->{$type} };
		my $input = pick(@others);

		# the digest alone has a binary form of its own
		if ($how == 3)
		{
			$type = 'value_digest';
			@others = @{ $binary{$type} };
			$input = pick(@others);
		}
		if ($how == 2 || $how == 3)
		{
			write_copy("$dir/$i.bin", mutate_bytes($input, @others));
			push @lines, "\\copy received_$type from '$dir/$i.bin' (format binary)";
			$kinds{$type} = 1;
		}
		else
		{
			push @lines, sprintf "SELECT %s(%s, '%s');", $how == 4 ? 'check_json' : 'check_text',
			  literal(mutate_text($input, @others)), $type;
		}
	}
	push @lines, "SELECT check_received('$_');" foreach sort keys %kinds;
	$cases += $batch_size;

	my ($status, $output, @errors) = run_script($database, @lines);
	$accepted += () = $output =~ /^t$/mg;
	foreach my $error (@errors)
	{
		if ($error =~ /:(\d+): (?:ERROR|FATAL|PANIC): +(\w{5}): /)
		{
			# 08P01 is the server's own answer to a message cut short
			fail("$database: $error", $lines[ $1 - 1 ]) if $2 !~ /^(22|54|0A|53|08P01)/;
		}
		elsif ($error =~ /:(\d+): (?:WARNING|server closed|error: connection)/)
		{
			fail("$database: @errors", $lines[ $1 - 1 ]);
		}
	}
	fail("$database: psql ended with status $status: @errors") if $status;
}

system "psql -Xqd postgres -c 'DROP DATABASE $_'" foreach sort keys %databases;
print "fuzz: $cases inputs, $accepted of them accepted, seed $seed: no defect\n";
