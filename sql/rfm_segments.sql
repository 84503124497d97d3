-- Segment maps: the type, its look-ups and the shipped maps.

-- Canonical text: one spelling, in the order written
SELECT 'High: 2*; Low: 1*'::rfm_segments;
SELECT $$  "High"  :22,2[1] ;
	Low	 end : [1][2-2] [1][11]; $$::rfm_segments;
SELECT 'All: [1-5]**'::rfm_segments;
SELECT 'All: [54321][53-41-2][1-23-45]'::rfm_segments;
SELECT 'All: 1[1]1'::rfm_segments;
SELECT '"a: b; c": 2**; "say ""hi""": 1**'::rfm_segments;
SELECT '"  two  blanks": 2**; "tab	": 1**'::rfm_segments;
SELECT '重要：2**；“一般；客户”：1**'::rfm_segments;
SELECT '重要：22*、21*；“一般、客户”：1**'::rfm_segments;
-- Patterns of one segment may overlap
SELECT 'High: 2* 22 2*; Low: 1*'::rfm_segments;
SELECT map::text = map::text::rfm_segments::text AS stable
FROM (VALUES ('"a: b; c": 2**; "say ""hi""": 1**'::rfm_segments),
			 ('Low end: 1[1-1]*,12*; x y: [2-9]** 1[3-9]*')) v (map);

-- Each error names the type and the place
\set VERBOSITY default
SELECT ''::rfm_segments; -- fail
SELECT ';'::rfm_segments; -- fail
SELECT 'High: 2*;; Low: 1*'::rfm_segments; -- fail
SELECT 'High 2*; Low: 1*'::rfm_segments; -- fail
SELECT ': 2*; Low: 1*'::rfm_segments; -- fail
SELECT '"": 2*; Low: 1*'::rfm_segments; -- fail
SELECT 'a "b": 2*; Low: 1*'::rfm_segments; -- fail
SELECT '"a" b: 2*; Low: 1*'::rfm_segments; -- fail
SELECT '"High: 2*; Low: 1*'::rfm_segments; -- fail
SELECT (repeat('x', 64) || ': 2*; Low: 1*')::rfm_segments; -- fail
SELECT octet_length((repeat('x', 63) || ': 2*; Low: 1*')::rfm_segments::text);
SELECT 'High: ; Low: 1*'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 10'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1x'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1***'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1[]'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1[2'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1[2-]'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1[2-1]'::rfm_segments; -- fail
SELECT 'High: 3*; Low: [1-2-3]*'::rfm_segments; -- fail
SELECT 'High: 2*; Low: [-1]*'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 1**'::rfm_segments; -- fail
SELECT 'High: 2*; High: 1*'::rfm_segments; -- fail
SELECT 'All: **'::rfm_segments; -- fail
SELECT 'High: 3*; Low: 1*'::rfm_segments; -- fail
SELECT 'High: 2* 12; Low: 1*; None: 1*'::rfm_segments; -- fail
SELECT 'High: 5**; Low: 1** 234'::rfm_segments; -- fail
SELECT (string_agg('s' || n, ': 22; ') || ': 22')::rfm_segments FROM generate_series(1, 256) n; -- fail

-- The last segment may take the rest; with "first match;" patterns may overlap, and the earlier segment wins
SELECT 'High: 2*; Low: rest'::rfm_segments;
SELECT 'First  Match ;High:[2-2]*;"Low" : REST;'::rfm_segments;
SELECT 'rest: 2*; first match: rest'::rfm_segments;
SELECT 'first match: 2*; other: 1*'::rfm_segments;
SELECT score, segment FROM rfm_segment_cells('first match; Top: 3*; Frequent: *[2-3]; Fresh: 3* 2*; Others: rest');
SELECT 'first match; High: 2*; Low: 12'::rfm_segments; -- fail
SELECT 'first match; High: 2*; Low: rest 12'::rfm_segments; -- fail
SELECT 'High: 2*; Others: rest; Low: 1*'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 12 22; Others: rest'::rfm_segments; -- fail
SELECT 'High: 2*; Low: 11 rest'::rfm_segments; -- fail
SELECT 'first match High: 2*; Low: 1* 2*'::rfm_segments; -- fail
SELECT 'first match;'::rfm_segments; -- fail
SELECT 'All: rest'::rfm_segments; -- fail
SELECT rfm_segment(543, 'eleven'); -- fail

-- Rules as R's package rfm documents them in two places: ranges of the three scores, the first that takes a customer
-- has him, "Others" is whom none takes
CREATE TABLE range_rules (rules text, n integer, segment text, r int4range, f int4range, m int4range);
INSERT INTO range_rules SELECT 'first', n, segment, int4range(r1, r2, '[]'), int4range(f1, f2, '[]'), int4range(m1, m2, '[]')
FROM unnest(ARRAY['Champions', 'Loyal Customers', 'Potential Loyalist', 'New Customers', 'Promising', 'Need Attention', 'About To Sleep', 'At Risk', 'Can''t Lose Them', 'Lost'],
			ARRAY[4, 2, 3, 4, 3, 2, 2, 1, 1, 1], ARRAY[5, 5, 5, 5, 4, 3, 3, 2, 1, 2],
			ARRAY[4, 3, 1, 1, 1, 2, 1, 2, 4, 1], ARRAY[5, 5, 3, 1, 1, 3, 2, 5, 5, 2],
			ARRAY[4, 3, 1, 1, 1, 2, 1, 2, 4, 1], ARRAY[5, 5, 3, 1, 1, 3, 2, 5, 5, 2])
	 WITH ORDINALITY u (segment, r1, r2, f1, f2, m1, m2, n);
INSERT INTO range_rules SELECT 'second', n, segment, int4range(r1, r2, '[]'), int4range(f1, f2, '[]'), int4range(m1, m2, '[]')
FROM unnest(ARRAY['Champions', 'Potential Loyalist', 'Loyal Customers', 'Promising', 'New Customers', 'Can''t Lose Them', 'At Risk', 'Need Attention', 'About To Sleep', 'Lost'],
			ARRAY[5, 3, 2, 3, 4, 1, 1, 1, 2, 1], ARRAY[5, 5, 4, 4, 5, 2, 2, 3, 3, 1],
			ARRAY[5, 3, 2, 1, 1, 3, 2, 3, 1, 1], ARRAY[5, 5, 4, 3, 3, 4, 5, 5, 3, 5],
			ARRAY[5, 2, 2, 3, 1, 4, 4, 3, 1, 1], ARRAY[5, 5, 4, 5, 5, 5, 5, 5, 4, 5])
	 WITH ORDINALITY u (segment, r1, r2, f1, f2, m1, m2, n);
-- What the ranges mean, in plain SQL
CREATE FUNCTION segment_by_ranges(wanted text, score integer) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce((SELECT segment FROM range_rules
					 WHERE rules = wanted AND score / 100 <@ r AND score / 10 % 10 <@ f AND score % 10 <@ m
					 ORDER BY n LIMIT 1), 'Others') $$;
-- and the map that they make
CREATE FUNCTION map_of_ranges(wanted text) RETURNS rfm_segments LANGUAGE sql AS $$
	SELECT ('first match; ' || string_agg(format('"%s": [%s-%s][%s-%s][%s-%s]', segment, lower(r), upper(r) - 1,
		lower(f), upper(f) - 1, lower(m), upper(m) - 1), '; ' ORDER BY n) || '; Others: rest')::rfm_segments
	FROM range_rules WHERE rules = wanted $$;
SELECT map_of_ranges(rules), count(*) AS cells, bool_and(segment = segment_by_ranges(rules, score)) AS as_the_ranges,
	   count(DISTINCT segment) AS segments, count(*) FILTER (WHERE segment = 'Others') AS others
FROM (VALUES ('first'), ('second')) v (rules), rfm_segment_cells(map_of_ranges(rules))
GROUP BY rules ORDER BY rules;
-- Ranges of any kind, in any order
SELECT setseed(0.5);
INSERT INTO range_rules
SELECT 'random ' || i, n, 's' || n, int4range(a, a + floor(random() * (6 - a))::integer, '[]'),
	   int4range(b, b + floor(random() * (6 - b))::integer, '[]'), int4range(c, c + floor(random() * (6 - c))::integer, '[]')
FROM (SELECT i, n, 1 + floor(random() * 5)::integer AS a, 1 + floor(random() * 5)::integer AS b, 1 + floor(random() * 5)::integer AS c
	  FROM generate_series(1, 40) i, generate_series(1, 6) n) v;
INSERT INTO range_rules SELECT 'random ' || i, 7, 's7', '[5,5]', '[5,5]', '[5,5]' FROM generate_series(1, 40) i;
SELECT count(*) AS cells, count(*) FILTER (WHERE segment <> 'Others') > 1000 AS many_in_segments,
	   bool_and(segment = segment_by_ranges(rules, score)) AS as_the_ranges
FROM (SELECT 'random ' || i FROM generate_series(1, 40) i) v (rules), rfm_segment_cells(map_of_ranges(rules));

-- A score finds its cell
SELECT score, rfm_segment(score, 'Top: 33*; Mid: [12]3* 32*; Low: 31* [12][12]*')
FROM (VALUES (333), (331), (133), (321), (311), (111), (222), (NULL)) v (score);
SELECT rfm_segment(333, NULL) IS NULL AS unknown, rfm_segment(NULL, 'High: 2*; Low: 1*') IS NULL AS no_score;
-- Scores that were computed are of any integer type
SELECT rfm_segment(sum(score), 'High: 2*; Low: 1*') AS bigint, rfm_segment(21::smallint, 'High: 2*; Low: 1*') AS smallint
FROM (VALUES (10), (11)) v (score);
-- A map of recency by frequency takes a full score too
SELECT score, rfm_segment(score, 'High: 2*; Low: 1*') FROM (VALUES (21), (12), (219), (121)) v (score);
SELECT rfm_segment(444, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(330, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(33, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(3333, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(-333, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(0, 'High: [23]**; Low: 1**'); -- fail
SELECT rfm_segment(3, 'High: [23]*; Low: 1*'); -- fail
SELECT rfm_segment(3333, 'High: [23]*; Low: 1*'); -- fail
-- One call site with changing maps
SELECT n, rfm_segment(11, format('s%s: [12][12]', n % 3)::rfm_segments) FROM generate_series(1, 5) n;

-- Every cell of the largest grid
SELECT count(*), count(DISTINCT score), min(score), max(score), bool_and(score = 100 * recency + 10 * frequency + monetary) AS agree,
	   bool_and(rfm_segment(score, map) = segment) AS same
FROM (SELECT 'A: 9** [1-8]9*; B: [1-8][1-8]*'::rfm_segments) m (map), rfm_segment_cells(map);
SELECT * FROM rfm_segment_cells('High: 2*; Low: 11; Mid: 12');
SELECT * FROM rfm_segment_cells('High: 22*; Low: 1**; Mid: 21*');
SELECT count(*) FROM rfm_segment_cells(NULL);

-- Equality, hashing, binary round trip
SELECT a, b, a = b AS eq, a <> b AS ne
FROM (VALUES ('A: [21]*'::rfm_segments, 'A: [12]*'::rfm_segments), ('A: 2*; B: 1*', 'B: 1*; A: 2*')) v (a, b);
SELECT map, count(*) FROM (VALUES ('A: [21]*'::rfm_segments), ('A:[1-2]*'), ('A: *[12], 22')) v (map) GROUP BY map ORDER BY map::text;

-- The order is that of bytes, for what has to sort
CREATE TABLE keyed_maps (map rfm_segments PRIMARY KEY);
INSERT INTO keyed_maps VALUES
	('A: 2*; B: 11 12'), ('A: 2*; B: 11 12 1[12]'), ('a: 2*; b: 1*');
INSERT INTO keyed_maps VALUES ('A:2*;B:11,12,1[21]'); -- fail
SELECT a.map < b.map AS lt, a.map <= b.map AS le, a.map >= b.map AS ge, a.map > b.map AS gt, sign(rfm_segments_cmp(a.map, b.map)) AS cmp,
	   (a.map < b.map) = (a.map::text COLLATE "C" < b.map::text) AS as_bytes
FROM keyed_maps a, keyed_maps b ORDER BY a.map, b.map;
SELECT count(DISTINCT a.map) FROM keyed_maps a, keyed_maps b;
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT count(*) FROM keyed_maps a JOIN keyed_maps b USING (map);
RESET enable_hashjoin;
RESET enable_nestloop;

-- The binary form is the text
SELECT rfm_segments_send('A:[21]*'), convert_from(rfm_segments_send('高价值: 2*; 低价值: 1*'), 'UTF8')::rfm_segments = '高价值: 2*; 低价值: 1*' AS same;
