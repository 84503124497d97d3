#!/usr/bin/perl
# Every function, type and table for users stands in README.md's reference, with
# the arguments that it has, and nothing else does; every object has a comment.
use strict;
use warnings;
use File::Temp qw(tempfile);
use Test::More;

# The lines that a script prints.
sub query
{
	my ($sql) = @_;
	my ($file, $path) = tempfile('/tmp/customer_tier.XXXXXX', UNLINK => 1);

	print $file $sql;
	close($file) or die "$path: $!";
	my @lines = `psql -XqAt -v ON_ERROR_STOP=1 -d tier_documented -f $path`;
	die 'psql failed' if $?;
	chomp @lines;
	return @lines;
}

# What the server calls itself: behind types, operators, casts, aggregates.
my $members = <<'SQL';
CREATE TEMPORARY VIEW members AS
  SELECT d.classid, d.objid
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND e.extname = 'customer_tier';
CREATE TEMPORARY VIEW behind AS
  SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend]::oid[]) AS function FROM pg_type
  UNION ALL SELECT oprcode FROM pg_operator
  UNION ALL SELECT amproc FROM pg_amproc
  UNION ALL SELECT castfunc FROM pg_cast
  UNION ALL SELECT prosupport FROM pg_proc
  UNION ALL SELECT tgfoid FROM pg_trigger
  UNION ALL SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn,
                                aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn]::oid[])
            FROM pg_aggregate;
SQL

system("psql -Xq -c 'DROP DATABASE IF EXISTS tier_documented' 2>/dev/null");
system("psql -Xq -c 'CREATE DATABASE tier_documented'");
query('CREATE EXTENSION customer_tier;');

open(my $file, '<', 'README.md') or die "README.md: $!";
my $readme = do { local $/; <$file> };
my ($reference) = $readme =~ /^## Reference\n(.*?)(?=^## |\z)/ms;

foreach my $name (
	query($members . <<'SQL'))
SELECT DISTINCT proname FROM pg_proc p JOIN members m ON m.objid = p.oid
WHERE m.classid = 'pg_proc'::regclass AND p.oid NOT IN (SELECT function FROM behind WHERE function IS NOT NULL)
  AND proname !~ '^tier_catalog_'       -- behind the view and named_scheme
  AND prorettype <> 'trigger'::regtype  -- of programs' tables
UNION
SELECT typname FROM pg_type t JOIN members m ON m.objid = t.oid
WHERE m.classid = 'pg_type'::regclass AND typtype = 'b' AND typelem = 0
UNION
SELECT relname FROM pg_class c JOIN members m ON m.objid = c.oid
WHERE m.classid = 'pg_class'::regclass AND relkind IN ('r', 'v')
ORDER BY 1;
SQL
{
	ok($reference =~ /`\Q$name\E[`(]/, "$name stands in README.md");
}

# What the first column of the reference's tables shows. A call with "..."
# stands for others that are shown.
my %arguments;
push @{ $arguments{ (split /\|/)[0] } }, (split /\|/, $_, -1)[1]
  foreach query($members . <<'SQL');
SELECT proname, array_to_string((proargnames::text[])[1:pronargs], ' ')
FROM pg_proc p JOIN members m ON m.objid = p.oid AND m.classid = 'pg_proc'::regclass;
SQL
my %is_relation = map { $_ => 1 } query($members . <<'SQL');
SELECT relname FROM pg_class c JOIN members m ON m.objid = c.oid AND m.classid = 'pg_class'::regclass
UNION SELECT typname FROM pg_type t JOIN members m ON m.objid = t.oid AND m.classid = 'pg_type'::regclass;
SQL

foreach my $row ($reference =~ /^\| (.*?) \|/mg)
{
	foreach my $shown ($row =~ /`([a-z]\w+[^`]*)`/g)
	{
		my ($name, $list) = $shown =~ /^(\w+)(?:\((.*)\))?$/;

		next if $shown =~ /^(?:text|varchar|jsonb)$/;
		if (!defined $list)
		{
			ok($is_relation{$name} || $arguments{$name}, "there is $name");
			next;
		}
		next if $list =~ /\.\.\./ && $arguments{$name};

		# a name for each argument, and those in brackets may be left out
		my $pattern = '';
		while ($list =~ /(\[, )?(?:VARIADIC )?(\w+)(?:\[\])?(?: or (\w+))?\]?(?:, )?/g)
		{
			my $one = $3 ? "(?:$2|$3)" : $2;
			$pattern .= $1 ? "(?: $one)?" : ($pattern ? ' ' : '') . $one;
		}
		ok((grep { /^$pattern$/ } @{ $arguments{$name} // [] }), "there is $shown")
		  or diag("$name has: @{ $arguments{$name} // [] }");
	}
}

# what \df shows
is( join("\n", query($members . <<'SQL')),
SELECT p.oid::regprocedure FROM pg_proc p JOIN members m ON m.objid = p.oid AND m.classid = 'pg_proc'::regclass
WHERE p.oid NOT IN (SELECT function FROM behind WHERE function IS NOT NULL) AND prorettype <> 'trigger'::regtype AND pronargs > 0
  AND (proargnames IS NULL OR '' = ANY (proargnames[1:pronargs]))
ORDER BY 1;
SQL
	'', 'every function for users names its arguments');

is( join("\n", query($members . <<'SQL')),
SELECT pg_describe_object(m.classid, m.objid, 0) FROM members m
WHERE m.classid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_class'::regclass)
  AND obj_description(m.objid, (SELECT relname FROM pg_class WHERE oid = m.classid)) IS NULL
  AND m.objid NOT IN (SELECT typinput FROM pg_type UNION SELECT typoutput FROM pg_type
                      UNION SELECT typreceive FROM pg_type UNION SELECT typsend FROM pg_type)
  AND m.objid NOT IN (SELECT indexrelid FROM pg_index)
ORDER BY 1;
SQL
	'', 'every object has a comment');

system("psql -Xq -c 'DROP DATABASE tier_documented'");

done_testing();
