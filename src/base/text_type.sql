/* src/base/text_type.sql */

-- Declares a type that is text in a form of its own: @type@ stands for its
-- name, and C has @type@_in and @type@_recv (see text_type.h). The Makefile
-- puts this in place of a line "@text_type NAME".

CREATE TYPE @type@;

CREATE FUNCTION @type@_in(cstring) RETURNS @type@
	AS 'MODULE_PATHNAME', '@type@_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @type@_out(@type@) RETURNS cstring
	AS 'textout' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @type@_recv(internal) RETURNS @type@
	AS 'MODULE_PATHNAME', '@type@_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @type@_send(@type@) RETURNS bytea
	AS 'textsend' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @type@_in(cstring) IS 'I/O';
COMMENT ON FUNCTION @type@_out(@type@) IS 'I/O';
COMMENT ON FUNCTION @type@_recv(internal) IS 'I/O';
COMMENT ON FUNCTION @type@_send(@type@) IS 'I/O';

CREATE TYPE @type@ (
	INPUT = @type@_in,
	OUTPUT = @type@_out,
	RECEIVE = @type@_recv,
	SEND = @type@_send,
	LIKE = text
);

-- Compared by bytes. The order says nothing about which value is better; it is
-- there so that whatever sorts (count(DISTINCT), GROUP BY with an ordered
-- aggregate, a primary key) can have the type in it.

CREATE FUNCTION @type@_eq(@type@, @type@) RETURNS boolean
	AS 'byteaeq' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_ne(@type@, @type@) RETURNS boolean
	AS 'byteane' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_lt(@type@, @type@) RETURNS boolean
	AS 'bytealt' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_le(@type@, @type@) RETURNS boolean
	AS 'byteale' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_ge(@type@, @type@) RETURNS boolean
	AS 'byteage' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_gt(@type@, @type@) RETURNS boolean
	AS 'byteagt' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_cmp(@type@, @type@) RETURNS integer
	AS 'byteacmp' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
CREATE FUNCTION @type@_hash(@type@) RETURNS integer
	AS 'hashvarlena' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION @type@_hash_extended(@type@, bigint) RETURNS bigint
	AS 'hashvarlenaextended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION @type@_eq(@type@, @type@) IS 'implementation of = operator';
COMMENT ON FUNCTION @type@_ne(@type@, @type@) IS 'implementation of <> operator';
COMMENT ON FUNCTION @type@_lt(@type@, @type@) IS 'implementation of < operator';
COMMENT ON FUNCTION @type@_le(@type@, @type@) IS 'implementation of <= operator';
COMMENT ON FUNCTION @type@_ge(@type@, @type@) IS 'implementation of >= operator';
COMMENT ON FUNCTION @type@_gt(@type@, @type@) IS 'implementation of > operator';
COMMENT ON FUNCTION @type@_cmp(@type@, @type@) IS 'less-equal-greater, by the bytes of the text';
COMMENT ON FUNCTION @type@_hash(@type@) IS 'hash';
COMMENT ON FUNCTION @type@_hash_extended(@type@, bigint) IS 'hash with a seed';

CREATE OPERATOR = (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_eq,
	COMMUTATOR = =, NEGATOR = <>,
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR <> (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_ne,
	COMMUTATOR = <>, NEGATOR = =,
	RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR < (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_lt,
	COMMUTATOR = >, NEGATOR = >=,
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR <= (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_le,
	COMMUTATOR = >=, NEGATOR = >,
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR >= (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_ge,
	COMMUTATOR = <=, NEGATOR = <,
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);
CREATE OPERATOR > (
	LEFTARG = @type@, RIGHTARG = @type@, FUNCTION = @type@_gt,
	COMMUTATOR = <, NEGATOR = <=,
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

COMMENT ON OPERATOR = (@type@, @type@) IS 'equal';
COMMENT ON OPERATOR <> (@type@, @type@) IS 'not equal';
COMMENT ON OPERATOR < (@type@, @type@) IS 'before, by the bytes of the text';
COMMENT ON OPERATOR <= (@type@, @type@) IS 'before or equal, by the bytes of the text';
COMMENT ON OPERATOR >= (@type@, @type@) IS 'after or equal, by the bytes of the text';
COMMENT ON OPERATOR > (@type@, @type@) IS 'after, by the bytes of the text';

CREATE OPERATOR CLASS @type@_ops
	DEFAULT FOR TYPE @type@ USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 @type@_hash(@type@),
	FUNCTION 2 @type@_hash_extended(@type@, bigint);
CREATE OPERATOR CLASS @type@_ops
	DEFAULT FOR TYPE @type@ USING btree AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 @type@_cmp(@type@, @type@);

-- A text is taken where the type is wanted: drivers bind strings as text or
-- varchar, and people keep such things in text columns. No function is
-- declared for both text and one of these types, so no call means two.

CREATE FUNCTION text_to_@type@(text) RETURNS @type@
	AS 'MODULE_PATHNAME', 'text_type_from_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION text_to_@type@(text) IS 'a text as a @type@, read as a literal is';

CREATE CAST (text AS @type@) WITH FUNCTION text_to_@type@(text) AS IMPLICIT;
CREATE CAST (varchar AS @type@) WITH FUNCTION text_to_@type@(text) AS IMPLICIT;
