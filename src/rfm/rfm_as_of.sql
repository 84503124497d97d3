/* src/rfm/rfm_as_of.sql */

--
-- The type
--

CREATE TYPE rfm_as_of;

-- strings are read as the settings DateStyle and TimeZone say
CREATE FUNCTION rfm_as_of_in(cstring) RETURNS rfm_as_of
	AS 'MODULE_PATHNAME', 'rfm_as_of_in' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_as_of_out(rfm_as_of) RETURNS cstring
	AS 'MODULE_PATHNAME', 'rfm_as_of_out' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_as_of_recv(internal) RETURNS rfm_as_of
	AS 'MODULE_PATHNAME', 'rfm_as_of_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION rfm_as_of_send(rfm_as_of) RETURNS bytea
	AS 'MODULE_PATHNAME', 'rfm_as_of_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE rfm_as_of (
	INPUT = rfm_as_of_in,
	OUTPUT = rfm_as_of_out,
	RECEIVE = rfm_as_of_recv,
	SEND = rfm_as_of_send,
	INTERNALLENGTH = 16,
	ALIGNMENT = double
);
COMMENT ON TYPE rfm_as_of IS
	'until when orders count: a date is that whole day in the session''s time zone, a timestamp that moment; so is a string, with or without a time';
COMMENT ON FUNCTION rfm_as_of_in(cstring) IS 'I/O';
COMMENT ON FUNCTION rfm_as_of_out(rfm_as_of) IS 'I/O';
COMMENT ON FUNCTION rfm_as_of_recv(internal) IS 'I/O';
COMMENT ON FUNCTION rfm_as_of_send(rfm_as_of) IS 'I/O';

--
-- Private functions
--

CREATE FUNCTION rfm_as_of(date) RETURNS rfm_as_of
	AS 'MODULE_PATHNAME', 'rfm_as_of_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_as_of(date) IS 'cast: the whole day';

CREATE FUNCTION rfm_as_of(timestamp) RETURNS rfm_as_of
	AS 'MODULE_PATHNAME', 'rfm_as_of_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_as_of(timestamp) IS 'cast: the moment, of local time';

CREATE FUNCTION rfm_as_of(timestamptz) RETURNS rfm_as_of
	AS 'MODULE_PATHNAME', 'rfm_as_of_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_as_of(timestamptz) IS 'cast: the moment';

--
-- Casts
--

CREATE CAST (date AS rfm_as_of) WITH FUNCTION rfm_as_of(date) AS IMPLICIT;
CREATE CAST (timestamp AS rfm_as_of) WITH FUNCTION rfm_as_of(timestamp) AS IMPLICIT;
CREATE CAST (timestamptz AS rfm_as_of) WITH FUNCTION rfm_as_of(timestamptz) AS IMPLICIT;
