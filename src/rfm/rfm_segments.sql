/* src/rfm_segments.sql */

CREATE TYPE rfm_segments;

CREATE FUNCTION rfm_segments_in(cstring) RETURNS rfm_segments
AS 'MODULE_PATHNAME', 'rfm_segments_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_out(rfm_segments) RETURNS cstring
AS 'textout'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_recv(internal) RETURNS rfm_segments
AS 'MODULE_PATHNAME', 'rfm_segments_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_send(rfm_segments) RETURNS bytea
AS 'textsend'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE rfm_segments (
	INPUT = rfm_segments_in,
	OUTPUT = rfm_segments_out,
	RECEIVE = rfm_segments_recv,
	SEND = rfm_segments_send,
	LIKE = text
);

COMMENT ON TYPE rfm_segments IS
	'which segment each cell of the grid of RFM scores belongs to: ''Champions: 555 5[45]4; Lost: [12]**''';

-- functions

CREATE FUNCTION rfm_segment(score integer, map rfm_segments) RETURNS text
AS 'MODULE_PATHNAME', 'rfm_segment'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION rfm_segment(integer, rfm_segments) IS
	'the segment of a score such as 543; a map of recency by frequency takes the first two digits; a score outside the map is an error';

CREATE FUNCTION rfm_segment_cells(
	map rfm_segments,
	OUT recency integer,
	OUT frequency integer,
	OUT monetary integer,
	OUT score integer,
	OUT segment text
) RETURNS SETOF record
AS 'MODULE_PATHNAME', 'rfm_segment_cells'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 125;

COMMENT ON FUNCTION rfm_segment_cells(rfm_segments) IS
	'a row per cell of the map, best score first: the scores of the three measures, the score, the segment; monetary is NULL in a map of recency by frequency';

CREATE FUNCTION named_segments(name text) RETURNS rfm_segments
AS 'MODULE_PATHNAME', 'named_segments'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION named_segments(text) IS
	'a shipped segment map: eleven, recency_frequency, eight, eight_english, four; another name is an error';

-- private functions: the server's own, by bytes, see scheme.sql

CREATE FUNCTION rfm_segments_eq(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteaeq'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_ne(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteane'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_lt(rfm_segments, rfm_segments) RETURNS boolean
AS 'bytealt'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_le(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteale'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_ge(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteage'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_gt(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteagt'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_cmp(rfm_segments, rfm_segments) RETURNS integer
AS 'byteacmp'
LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;

CREATE FUNCTION rfm_segments_hash(rfm_segments) RETURNS integer
AS 'hashvarlena'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_hash_extended(rfm_segments, bigint) RETURNS bigint
AS 'hashvarlenaextended'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION rfm_segments_in(cstring) IS 'I/O';
COMMENT ON FUNCTION rfm_segments_out(rfm_segments) IS 'I/O';
COMMENT ON FUNCTION rfm_segments_recv(internal) IS 'I/O';
COMMENT ON FUNCTION rfm_segments_send(rfm_segments) IS 'I/O';
COMMENT ON FUNCTION rfm_segments_eq(rfm_segments, rfm_segments) IS 'implementation of = operator';
COMMENT ON FUNCTION rfm_segments_ne(rfm_segments, rfm_segments) IS 'implementation of <> operator';
COMMENT ON FUNCTION rfm_segments_lt(rfm_segments, rfm_segments) IS 'implementation of < operator';
COMMENT ON FUNCTION rfm_segments_le(rfm_segments, rfm_segments) IS 'implementation of <= operator';
COMMENT ON FUNCTION rfm_segments_ge(rfm_segments, rfm_segments) IS 'implementation of >= operator';
COMMENT ON FUNCTION rfm_segments_gt(rfm_segments, rfm_segments) IS 'implementation of > operator';
COMMENT ON FUNCTION rfm_segments_cmp(rfm_segments, rfm_segments) IS 'less-equal-greater, by the bytes of the text';
COMMENT ON FUNCTION rfm_segments_hash(rfm_segments) IS 'hash';
COMMENT ON FUNCTION rfm_segments_hash_extended(rfm_segments, bigint) IS 'hash with a seed';

-- operators

CREATE OPERATOR = (
	FUNCTION = rfm_segments_eq,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES,
	MERGES
);

CREATE OPERATOR <> (
	FUNCTION = rfm_segments_ne,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);

CREATE OPERATOR < (
	FUNCTION = rfm_segments_lt,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);

CREATE OPERATOR <= (
	FUNCTION = rfm_segments_le,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);

CREATE OPERATOR >= (
	FUNCTION = rfm_segments_ge,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);

CREATE OPERATOR > (
	FUNCTION = rfm_segments_gt,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);

COMMENT ON OPERATOR = (rfm_segments, rfm_segments) IS 'equal';
COMMENT ON OPERATOR <> (rfm_segments, rfm_segments) IS 'not equal';
COMMENT ON OPERATOR < (rfm_segments, rfm_segments) IS 'before, by the bytes of the text';
COMMENT ON OPERATOR <= (rfm_segments, rfm_segments) IS 'before or equal, by the bytes of the text';
COMMENT ON OPERATOR >= (rfm_segments, rfm_segments) IS 'after or equal, by the bytes of the text';
COMMENT ON OPERATOR > (rfm_segments, rfm_segments) IS 'after, by the bytes of the text';

-- opclasses

CREATE OPERATOR CLASS rfm_segments_ops
DEFAULT FOR TYPE rfm_segments USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 rfm_segments_hash(rfm_segments),
	FUNCTION 2 rfm_segments_hash_extended(rfm_segments, bigint);

CREATE OPERATOR CLASS rfm_segments_ops
DEFAULT FOR TYPE rfm_segments USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 rfm_segments_cmp(rfm_segments, rfm_segments);
