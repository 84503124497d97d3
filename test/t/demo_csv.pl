#!/usr/bin/perl
# The demo runs from end to end; it reads CSV files as people have them, or
# says what to do; and shows no absurd percentage.
use strict;
use warnings;
use utf8;
use Encode qw(decode encode);
use File::Temp qw(tempdir);
use File::Spec::Functions qw(rel2abs);
use Test::More;

binmode(Test::More->builder->$_, ':encoding(UTF-8)') foreach qw(output failure_output todo_output);

my $dir = tempdir('/tmp/customer_tier.XXXXXX', CLEANUP => 1);

# A file with this text, in an encoding.
sub file
{
	my ($name, $text, $encoding) = @_;

	open(my $file, '>:raw', "$dir/$name") or die;
	print $file encode($encoding // 'UTF-8', $text);
	close($file) or die;
	return "$dir/$name";
}

# What read_csv prints: rows, and what it says, without the folder's name.
sub read_csv
{
	my $command = join(' ', map { "'" . encode('UTF-8', $_) . "'" } 'test/demo/read_csv', @_);
	my $rows = decode('UTF-8', `perl $command 2>$dir/said`);

	open(my $said, '<:encoding(UTF-8)', "$dir/said") or die;
	return ($rows =~ s/\t\\N$//mgr, do { local $/; <$said> } =~ s{\Q$dir\E/}{}gr);
}

sub reads
{
	my ($arguments, $rows, $what, $said) = @_;
	my @is = read_csv(@$arguments);

	is($is[0], $rows, $what);
	like($is[1], $said, "... and says so") if $said;
}

sub refuses
{
	my ($arguments, $said, $what) = @_;
	my @is = read_csv(@$arguments);

	is($is[1], "demo: $said\n", $what);
}

# ---- delimiters, encodings ----

my $plain = "Ann\t1.50\nBob\t-2\n";

foreach my $one ([ ',', 'comma' ], [ ';', 'semicolon' ], [ "\t", 'tab' ], [ '|', 'bar' ])
{
	reads([ file('a.csv', "name,amount,note\nAnn,1.50,x\nBob,-2,y\n" =~ s/,/$one->[0]/gr), 'name', 'amount' ], $plain, "delimiter: $one->[1]");
}
reads([ file('a.csv', "sep=;\nname;amount\nAnn;1.50\nBob;-2\n"), 'name', 'amount' ], $plain, 'delimiter: what sep= says');
reads([ file('a.csv', "\x{FEFF}name,amount\r\n\"Ann\",\"1.50\"\r\n\r\nBob,-2\r\n"), 'NAME', 'Amount' ], $plain, 'a byte order mark, CRLF, quotes, columns in any case');
reads([ file('a.csv', "name,amount\n\"Ann, \"\"A\"\"\nLtd\",1\n"), 'name', 'amount' ], "Ann, \"A\"\\nLtd\t1\n", 'delimiters, quotes and line ends in quotes');

my $chinese = "客户,金额\n张三,\"￥1,234.50\"\n李四,20元\n";
my $graded = "张三\t1234.50\n李四\t20\n";

foreach my $encoding ('UTF-8', 'GBK', 'UTF-16', 'UTF-16LE', 'UTF-16BE')
{
	reads([ file('a.csv', $chinese, $encoding), '客户', '金额' ], $graded, "encoding: $encoding", $encoding eq 'UTF-8' ? qr/read$/ : qr/read, $encoding$/);
}
refuses([ file('a.csv', "name,amount\nMüller,1\nJosé,2\n", 'ISO-8859-1'), 'name', 'amount' ],
	"$dir/a.csv line 2 is not UTF-8, UTF-16 or GBK; convert the file, for example: iconv -f WINDOWS-1252 -t UTF-8 '$dir/a.csv' >utf8.csv" =~ s{\Q$dir\E/}{}gr,
	'Latin-1 is not taken for GBK');
refuses([ file('a.csv', "name,amount\rAnn,1\r"), 'name', 'amount' ],
	"a.csv has lines that end with a carriage return alone; convert them: tr '\\r' '\\n' <'a.csv' >lines.csv", 'old line ends');
refuses([ file('a.xlsx', "PK\x03\x04xxxx"), 'name', 'amount' ], 'a.xlsx is a workbook, not a CSV file; save it as CSV UTF-8', 'a workbook');
refuses([ file('a.csv', ''), 'name', 'amount' ], 'a.csv is empty', 'an empty file');
refuses([ "$dir/none.csv", 'name', 'amount' ], 'cannot read none.csv: No such file or directory', 'no file');

# ---- columns ----

refuses([ file('a.csv', "name,amount\nAnn,1\n"), 'customer', 'amount' ], 'a.csv has no column "customer"; its columns are: name, amount', 'no such column');
refuses([ "$dir/a.csv", '', 'amount' ], 'KEY=column is missing; its columns are: name, amount', 'no KEY');
refuses([ "$dir/a.csv", 'name' ], "AMOUNT=column is missing; the columns of a.csv are: name, amount", 'no AMOUNT');
refuses([ file('a.csv', "name,Name,NAME\na,b,1\n"), 'nAme', 'NAME' ], 'a.csv has more than one column "nAme"; its columns are: name, Name, NAME', 'columns that differ in case only');
reads([ "$dir/a.csv", 'Name', 'NAME' ], "b\t1\n", '... may be named exactly');
refuses([ file('a.csv', "name,amount\nAnn,1\nBob\n"), 'name', 'amount' ], 'a.csv line 3 has 1 fields, the header has 2', 'a field is missing');
refuses([ file('a.csv', "name,amount\n\"Ann,1\n"), 'name', 'amount' ], 'a.csv line 2: a quote is opened and never closed', 'an open quote');

# ---- numbers ----

# a column of amounts, with semicolons between the columns
sub amounts
{
	return [ file('n.csv', join("\n", 'name;amount', map { "x;$_" } @_) . "\n"), 'name', 'amount' ];
}
sub rows { return join('', map { "x\t$_\n" } @_) }

reads(amounts('1.234,50 €', '12,5', '-3,00', '(4,25)', '7', '8.000', '5,10-'), rows('1234.50', '12.5', '-3.00', '-4.25', '7', '8000', '-5.10'),
	'decimal commas, points between thousands, currency, negatives');
reads(amounts('$1,234.50', 'US$ 12.5', '1,000', '£3', "1'234.05", 'CHF 2.00', '1,23,45,678.9'),
	rows('1234.50', '12.5', '1000', '3', '1234.05', '2.00', '12345678.9'), 'decimal points, commas between thousands');
reads(amounts("1 234,50", "1\x{A0}234", "12\x{202F}000,5", "\x{2212}2,0"), rows('1234.50', '1234', '12000.5', '-2.0'), 'blanks between thousands');
reads(amounts('1.234.567', '8.000'), rows('1234567', '8000'), 'two points are no decimal points');
reads(amounts('1e3', '.5', '+2'), rows('1e3', '.5', '2'), 'what PostgreSQL reads');
refuses(amounts('7', '1,234'), 'n.csv line 3, column "amount": "1,234" may be 1234 or 1.234, and no other number tells; write the numbers without thousands separators, with a decimal point',
	'one comma before three digits');
refuses(amounts('12,50', '3', '12.50'), 'n.csv line 4, column "amount": "12.50" has a decimal point, but "12,50" in line 2 has not; write all numbers of a column in one way',
	'decimal commas and points mixed');
refuses(amounts('12', 'twelve'), 'n.csv line 3, column "amount": "twelve" is not a number', 'a word');
refuses(amounts('1.2.3'), 'n.csv line 2, column "amount": "1.2.3" is not a number', 'odd separators');
reads(amounts('1', '', 'NULL', 'n/a', '-'), rows('1'), 'no amount', qr/1 records read, 4 without "amount" skipped/);
refuses(amounts(''), 'n.csv has no record with both "name" and "amount"', 'no amount at all');

# ---- calculations ----

my $lines = file('l.csv', "Customer,Quantity,Unit Price,Discount\nAnn,3,\"1,234.10\",2\nBob,2,0.10,0\nAnn,,5,0\n");

reads([ $lines, 'customer', 'quantity * "unit price"' ], "Ann\t3702.3\nBob\t0.2\n", 'a product', qr/1 without "quantity \* "unit price"" skipped/);
reads([ $lines, 'customer', '-(1 - discount / 100) * 2 + quantity' ], "Ann\t1.04\nBob\t0\n", 'brackets, signs, numbers');
reads([ $lines, 'customer', '10 - quantity - 2' ], "Ann\t5\nBob\t6\n", 'from the left');
refuses([ $lines, 'customer', 'quantity / discount' ], 'l.csv line 3: AMOUNT divides by 0', 'division by zero');
refuses([ $lines, 'customer', 'quantity * price' ], 'l.csv has no column "price"; its columns are: Customer, Quantity, Unit Price, Discount', 'a column that is not there');
refuses([ $lines, 'customer', 'quantity * (discount' ], 'AMOUNT=quantity * (discount: a bracket is not closed', 'an open bracket');
refuses([ $lines, 'customer', 'quantity; discount' ], 'AMOUNT=quantity; discount: "; discount" is not understood', 'no calculation');
refuses([ $lines, 'customer', 'quantity *' ], 'AMOUNT=quantity *: a column or a number is expected at the end; columns whose names are not single words go in double quotes', 'half a calculation');

# ---- dates ----

sub dates
{
	return [ file('d.csv', join("\n", 'name|amount|on', map { "x|1|$_" } @_) . "\n"), 'name', 'amount', 'ON' ];
}
sub days { return join('', map { "x\t1\t$_\n" } @_) }

reads(dates('2026-03-04', '2026-3-4 10:00', '2026/03/04', '2026.03.04', '20260304', '2026年3月4日', '04.03.2026', '4-3-26', '4-Mar-2026', '4 March 2026', 'Mar 4, 2026', '2026-03-04T10:00:00Z'),
	days(('2026-03-04') x 12), 'dates that say what they are');
reads(dates('03/04/2026', '31/12/2025'), days('2026-04-03', '2025-12-31'), 'a day above 12 tells the order');
reads(dates('03/04/2026', '12/31/2025'), days('2026-03-04', '2025-12-31'), '... either order');
refuses(dates('03/04/2026'), 'd.csv line 2, column "on": "03/04/2026" may have the day or the month first, and no other date tells; write dates as 2026-12-31', 'none tells');
refuses(dates('31/12/2025', '12/31/2025'), 'd.csv line 3: "12/31/2025" has the month first, but "31/12/2025" in line 2 has not; write dates as 2026-12-31', 'both orders');
refuses(dates('2025-02-29'), 'd.csv line 2, column "on": there is no day "2025-02-29"', 'no such day');
refuses(dates('45678'), 'd.csv line 2, column "on": "45678" is not a date, but the number of a day, as spreadsheets keep them; format the column as a date before you save it as CSV', "a spreadsheet's number");
refuses(dates('soon'), 'd.csv line 2, column "on": "soon" is not a date; write dates as 2026-12-31', 'a word');
reads(dates('2024-02-29', ''), days('2024-02-29'), 'no date', qr/1 without "ON" skipped/);

# ---- several files ----

file("part$_.csv", "name,amount\nx,$_\n") foreach 1, 2;
file('part3.csv', "name,amount\nx,1\n");
reads([ "$dir/part?.csv", 'name', 'amount' ], rows(1, 2), 'a pattern; the same file is read once', qr/^part3.csv: the same as part1.csv, not read again$/m);
reads([ file('a.csv', "name,amount\nx,1\nname,amount\nx,2\n"), 'name', 'amount' ], rows(1, 2), 'files put together', qr/1 repeated headers skipped/);

# ---- the reports ----

# What the demo shows of a file, or of the made-up company; every percentage of it is checked.
sub show
{
	my ($what, @arguments) = @_;
	my $kind = 'crm';

	system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_demo' -c 'CREATE DATABASE tier_demo' 2>/dev/null");
	if (@arguments)
	{
		my ($rows) = read_csv(@arguments);

		$rows =~ s/^([^\t\n]*\t[^\t\n]*)$/$1\t\\N/mg;
		$kind = ($arguments[3] ? "'dated csv'" : 'csv') . ' ' . file('rows', $rows);
	}
	my $shown = decode('UTF-8', `PGDATABASE=tier_demo DEMO_ACCOUNTS=300 test/demo/show $kind 2>&1`);

	is($?, 0, "$what: the demo runs") or diag($shown);
	ok($shown !~ /ERROR|NaN|Infinity/, '... without a complaint') or diag($shown);
	is(join(' ', grep { $_ < 0 || $_ > 100 } $shown =~ s/'990[^']*'//gr =~ /(-?[\d.]+)%/g), '', '... and without an absurd percentage');
	return $shown;
}

my $shown = show('the company');

ok($shown =~ /$_/, "... it has $_") foreach 'abc_class', 'Pareto curve', 'One customer explained', 'Champions', 'Who will be told next', 'make demo CSV=';

# a year of a shop: customers who buy as they like and leave when they like; the same on every machine
my $seed = 1;
sub chance { $seed = ($seed * 69069 + 12345) % 2**32; return ($seed + 0.5) / 2**32 }
my $orders = "Customer;Quantity;Price;Ordered\n";

foreach my $customer (1 .. 120)
{
	my ($rate, $leaves, $price) = (-log(chance()) * 0.05, chance()**2, 5 + int(-log(chance()) * 20));

	for (my $day = int(chance() * 200); $day < 364; $day += 1 + int(-log(chance()) / $rate))
	{
		my (undef, undef, undef, $mday, $month, $year) = gmtime(1735689600 + 86400 * $day);

		$orders .= sprintf("C%03d;%d;%d,50;%d.%d.%d\n", $customer, 1 + int(chance() * 4), $price, $mday, $month + 1, $year + 1900);
		last if chance() < $leaves;
	}
}
$shown = show('a file of orders', file('orders.csv', $orders), 'customer', 'quantity * price', 'ordered');
ok($shown =~ /$_/, "... it has $_")
  foreach 'Hibernating', 'A program over the months: a tier by what was bought in 3 months', '2025-12-01', 'Who went where', 'Who will bring most in the next half year';

$shown = show('a file without dates', file('a.csv', "name,amount\nAnn,10\nBob,5\nAnn,1\n"), 'name', 'amount');
like($shown, qr/DATE=column/, '... it says what DATE would bring');
unlike($shown, qr/RFM:/, '... and shows nothing of it');

$shown = show('refunds', file('a.csv', "name,amount\nAnn,10\nBob,5\nCleo,-20\n"), 'name', 'amount');
like($shown, qr/1 sent back more than they bought, -20 in all/, '... are told');

$shown = show('no positive amounts', file('a.csv', "name,amount\nAnn,0\nBob,-5\n"), 'name', 'amount');
like($shown, qr/no customer has a positive sum/, '... are told');

$shown = show('future dates', file('a.csv', "name,amount,on\nAnn,10,2026-01-02\nBob,5,2999-01-01\n"), 'name', 'amount', 'on');
like($shown, qr/Left out: 1 records that are dated after today/, '... are left out');
like($shown, qr/too few for a program.*too few for a model/s, 'a single order is too few');

system("psql -Xq -c 'DROP DATABASE tier_demo'");

# real orders, where ../shared/data lies beside the clone
my $data = rel2abs('../shared/data');
SKIP:
{
	skip 'no data here', 2 unless -r "$data/cdnow_elog.csv";
	my ($rows) = read_csv("$data/cdnow_elog.csv", 'Master_ID', 'DOLLARS', 'date');
	is(() = $rows =~ /\n/g, 6919, 'all of CDNOW is read');
	($rows) = read_csv("$data/rfm_orders.csv", 'customer_id', 'revenue', 'order_date');
	is(() = $rows =~ /\n/g, 4906, 'all of rfm_orders is read');
}

done_testing();
