/* src/rfm_segments.sql */

CREATE TYPE rfm_segments;

CREATE FUNCTION rfm_segments_in(cstring) RETURNS rfm_segments
AS 'MODULE_PATHNAME', 'rfm_segments_in'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_out(rfm_segments) RETURNS cstring
AS 'MODULE_PATHNAME', 'rfm_segments_out'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_recv(internal) RETURNS rfm_segments
AS 'MODULE_PATHNAME', 'rfm_segments_recv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_send(rfm_segments) RETURNS bytea
AS 'MODULE_PATHNAME', 'rfm_segments_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

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

-- private functions

CREATE FUNCTION rfm_segments_eq(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteaeq'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_segments_ne(rfm_segments, rfm_segments) RETURNS boolean
AS 'byteane'
LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

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
COMMENT ON FUNCTION rfm_segments_hash(rfm_segments) IS 'hash';
COMMENT ON FUNCTION rfm_segments_hash_extended(rfm_segments, bigint) IS 'hash';

-- operators

CREATE OPERATOR = (
	FUNCTION = rfm_segments_eq,
	LEFTARG = rfm_segments,
	RIGHTARG = rfm_segments,
	COMMUTATOR = =,
	NEGATOR = <>,
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
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

COMMENT ON OPERATOR = (rfm_segments, rfm_segments) IS 'equal';
COMMENT ON OPERATOR <> (rfm_segments, rfm_segments) IS 'not equal';

-- opclasses

CREATE OPERATOR CLASS rfm_segments_hash_ops
DEFAULT FOR TYPE rfm_segments USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 rfm_segments_hash(rfm_segments),
	FUNCTION 2 rfm_segments_hash_extended(rfm_segments, bigint);
