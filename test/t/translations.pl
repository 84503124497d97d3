#!/usr/bin/perl
# A page and its translation (page.zh-CN.md) say the same: section by section the same SQL and
# output, the same rows of tables by what stands in them as code, the same links. Words are free.
use strict;
use warnings;
use utf8;
use Test::More;

binmode($_, ':encoding(UTF-8)') foreach Test::More->builder->output, Test::More->builder->failure_output;

# Sections that only the readers of a translation need.
my %own = ('README.zh-CN.md' => { map { $_ => 1 } '用中文书写', '中英术语对照' });

sub slurp
{
	my ($path) = @_;

	open(my $file, '<:encoding(UTF-8)', $path) or die "$path: $!";
	local $/;
	return scalar <$file>;
}

# What a translation must leave alone in a block of code: comments in SQL, and what a text says
# right of two blanks, are words.
sub code_of
{
	my ($language, $text) = @_;

	$text =~ s/(^|\s)--\s.*$/$1/mg if $language eq 'sql';
	$text =~ s/[ ]{2,}.*$//mg if $language eq 'text';
	$text =~ s/[ \t]+$//mg;
	return $text;
}

# The code and the links in some words, as one sorted text. A link to a page that is translated may
# lead to either, and to a heading in either language.
sub names_in
{
	my ($words, $folder) = @_;
	my %names;

	$names{ '`' . ($1 =~ s/\s+/ /gr) . '`' } = 1 while $words =~ /`([^`]+)`/g;
	while ($words =~ /\]\(([^)\s]+)\)/g)
	{
		my ($path, $anchor) = $1 =~ /^([^#]*)(#.*)?$/;

		$path =~ s/[.]zh-CN[.]md$/.md/;
		$anchor = '#...' if defined $anchor && ($path eq '' || -e $folder . ($path =~ s/[.]md$/.zh-CN.md/r));
		$names{ "($path" . ($anchor // '') . ')' } = 1;
	}
	return join(' ', sort keys %names);
}

# A page's sections: heading, level, and the parts that a translation has, too, in order of kind.
sub sections
{
	my ($page, $folder) = @_;
	my @sections;
	my ($language, $block);

	foreach my $line (split /^/, $page)
	{
		if (defined $language)
		{
			if ($line =~ /^```$/)
			{
				push @{ $sections[-1]{ $language eq '' ? 'output' : $language } }, code_of($language, $block);
				undef $language;
			}
			else
			{
				$block .= $line;
			}
		}
		elsif ($line =~ /^```(\w*)$/)
		{
			($language, $block) = ($1, '');
		}
		elsif ($line =~ /^(#+) (.*)/)
		{
			push @sections, { level => length $1, heading => $2, words => '' };
		}
		elsif ($line =~ /^\|/)
		{
			push @{ $sections[-1]{'row of tables'} }, names_in($line, $folder);
		}
		elsif ($line !~ /^\[[^]]+\]\([^)]+\)$/)    # the link to the other language
		{
			push @{ $sections[-1]{'item of lists'} }, names_in($line, $folder) if $line =~ /^(?:-|\d+[.]) /;
			$sections[-1]{words} .= $line;
		}
	}
	$_->{'code and links'} = [ names_in($_->{words}, $folder) ] foreach @sections;
	return @sections;
}

# How two sections differ; empty when they do not.
sub difference
{
	my ($english, $translated) = @_;

	return "levels $english->{level} and $translated->{level}" if $english->{level} != $translated->{level};
	foreach my $kind ('sql', 'output', 'text', 'row of tables', 'item of lists', 'code and links')
	{
		my @english = @{ $english->{$kind} // [] };
		my @translated = @{ $translated->{$kind} // [] };

		foreach my $i (0 .. ($#english > $#translated ? $#english : $#translated))
		{
			my ($here, $there) = map { $_ // '(none)' } $english[$i], $translated[$i];

			return "$kind, number ${\ ($i + 1)}:\n$here\nand translated:\n$there" if $here ne $there;
		}
	}
	return '';
}

# What a translation misses or has alone: a text for each pair of sections that differ. When their
# numbers differ, so do most after the first pair, which is the one that tells.
sub differences
{
	my ($english, $translated) = @_;
	my @differences;

	foreach my $i (0 .. (@$english > @$translated ? $#$english : $#$translated))
	{
		my ($here, $there) = map { $_ // { level => 0, heading => '(none)' } } $english->[$i], $translated->[$i];
		my $difference = difference($here, $there);

		push @differences, "$here->{heading} / $there->{heading}: $difference" if $difference ne '';
		last if @differences && @$english != @$translated;
	}
	return @differences;
}

# It would be seen.
my $page = <<'PAGE';
# Page

Words and `code`.

## Grades

```sql
SELECT 1;       -- a comment
```
```
 1
```

| a | b |
|---|---|
| `x` | [scheme](scheme.md#the-language) |

## Tiers

- one
PAGE
foreach ([ 'a section', qr/^## Tiers.*/ms, '', 'Tiers / \(none\)' ], [ 'a level', qr/^## Tiers/m, '### Tiers', 'Tiers / Tiers' ],
	[ 'SQL', qr/SELECT 1/, 'SELECT 2', 'Grades / Grades: sql' ], [ 'an output', qr/^ 1\n/m, " 2\n", 'Grades / Grades: output' ],
	[ 'a row', qr/^[|] `x`.*\n/m, '', 'Grades / Grades: row' ], [ 'a name in a row', qr/`x`/, '`y`', 'Grades / Grades: row' ],
	[ 'an item', qr/^- one\n/m, '', 'Tiers / Tiers: item' ], [ 'a name', qr/`code`/, 'code', 'Page / Page: code' ],
	[ 'a link', qr/[(]scheme.md#the-language/, '(grade.md', 'Grades / Grades: row' ])
{
	my ($what, $from, $to, $told) = @$_;

	like((differences([ sections($page, 'doc/') ], [ sections($page =~ s/$from/$to/r, 'doc/') ]))[0] // '', qr/^$told/, "$what would be missed");
}
is(join("\n", differences([ sections($page, 'doc/') ], [ sections($page =~ s/-- a comment/-- 注释/r =~ s/Words/文字/r, 'doc/') ])), '', 'words are free');

my @translations = (glob('*.zh-CN.md'), glob('doc/*.zh-CN.md'));
ok(@translations > 2, 'there are translations');

foreach my $path (@translations)
{
	my $original = $path =~ s/[.]zh-CN[.]md$/.md/r;
	my ($folder) = $path =~ m{^(.*/)?};
	my ($english, $translated) = (slurp($original), slurp($path));
	my @english = sections($english, $folder // '');
	my @translated = grep { !$own{$path}{ $_->{heading} } } sections($translated, $folder // '');
	my ($here, $there) = map { m{([^/]+)$} } $original, $path;

	ok($english =~ /^\[[^]]+\]\(\Q$there\E\)$/m, "$original leads to $path");
	ok($translated =~ /^\[[^]]+\]\(\Q$here\E\)$/m, "$path leads to $original");
	is(join("\n", differences(\@english, \@translated)), '', "$path says what $original says");
}

done_testing();
