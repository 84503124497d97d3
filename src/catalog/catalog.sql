/* src/catalog/catalog.sql */

--
-- Private functions, which the view and the functions below need
--

CREATE FUNCTION tier_catalog_shipped(
	OUT name text, OUT scheme text, OUT card text, OUT segments text,
	OUT measure text, OUT unit text, OUT description text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_catalog_shipped' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 60;
COMMENT ON FUNCTION tier_catalog_shipped() IS
	'the shipped rows of tier_catalog; entries in Chinese only where the database''s encoding has the characters';

CREATE FUNCTION tier_catalog_find("column" text, name text, own_names text[]) RETURNS text
	AS 'MODULE_PATHNAME', 'tier_catalog_find' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_catalog_find(text, text, text[]) IS
	'a column of the shipped row of this name; an unknown name is an error that lists near ones, the users'' own among them; on a Citus worker an error unless the table of the users'' own entries is there, too: STABLE';

--
-- Tables
--

-- No triggers, no serial, one key: where a database is spread over several
-- nodes this may be a table that each of them has.
CREATE TABLE @extschema@.tier_catalog_own (
	name text COLLATE "C" PRIMARY KEY
		CONSTRAINT name_without_blanks_around
		CHECK (name OPERATOR(pg_catalog.=) pg_catalog.btrim(name)
			   AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.>=) 1
			   AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.<=) 63),
	scheme tier_scheme,
	card scorecard,
	segments rfm_segments,
	measure text,
	unit text,
	description text,
	CONSTRAINT a_scheme_card_or_segments
		CHECK (pg_catalog.num_nonnulls(scheme, card, segments) OPERATOR(pg_catalog.>) 0)
);
COMMENT ON TABLE tier_catalog_own IS 'the users'' own schemes, cards and segment maps, by name: they go before shipped ones';
COMMENT ON COLUMN tier_catalog_own.name IS 'the name, for named_scheme, named_card and named_segments';
COMMENT ON COLUMN tier_catalog_own.scheme IS 'the scheme; with a card, it grades the score';
COMMENT ON COLUMN tier_catalog_own.card IS 'the scorecard';
COMMENT ON COLUMN tier_catalog_own.segments IS 'the segment map';
COMMENT ON COLUMN tier_catalog_own.measure IS 'what is graded';
COMMENT ON COLUMN tier_catalog_own.unit IS 'the unit of that';
COMMENT ON COLUMN tier_catalog_own.description IS 'the business question';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.tier_catalog_own', '');

-- the table belongs to the superuser whose rights created it
GRANT SELECT ON tier_catalog_own TO PUBLIC;
GRANT INSERT, UPDATE, DELETE, TRUNCATE ON tier_catalog_own TO @extowner@ WITH GRANT OPTION;

--
-- Views
--

CREATE VIEW @extschema@.tier_catalog AS
	SELECT name, scheme, card, segments, measure, unit, description, false AS shipped
	FROM @extschema@.tier_catalog_own
	UNION ALL
	SELECT name COLLATE pg_catalog."C", scheme::@extschema@.tier_scheme, card::@extschema@.scorecard,
		   segments::@extschema@.rfm_segments, measure, unit, description, true
	FROM @extschema@.tier_catalog_shipped();
COMMENT ON VIEW tier_catalog IS 'the named schemes, cards and segment maps: those that come with the extension, and the users'' own';
COMMENT ON COLUMN tier_catalog.name IS 'the name, for named_scheme, named_card and named_segments; an own entry goes before a shipped one';
COMMENT ON COLUMN tier_catalog.scheme IS 'the scheme; with a card, it grades the score';
COMMENT ON COLUMN tier_catalog.card IS 'the scorecard';
COMMENT ON COLUMN tier_catalog.segments IS 'the segment map';
COMMENT ON COLUMN tier_catalog.measure IS 'what is graded';
COMMENT ON COLUMN tier_catalog.unit IS 'the unit of that';
COMMENT ON COLUMN tier_catalog.description IS 'the business question';
COMMENT ON COLUMN tier_catalog.shipped IS 'does it come with the extension?';

GRANT SELECT ON tier_catalog TO PUBLIC;

--
-- Functions, which read them
--

CREATE FUNCTION named_scheme(name text) RETURNS tier_scheme
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(
			(SELECT own.scheme FROM @extschema@.tier_catalog_own own
			 WHERE own.name OPERATOR(pg_catalog.=) named_scheme.name),
			@extschema@.tier_catalog_find('scheme', named_scheme.name,
				ARRAY(SELECT own.name FROM @extschema@.tier_catalog_own own WHERE own.scheme IS NOT NULL))::@extschema@.tier_scheme);
	END;
COMMENT ON FUNCTION named_scheme(text) IS
	'the scheme of this name in tier_catalog, the users'' own before a shipped one; an unknown name is an error that lists near ones';

CREATE FUNCTION named_card(name text) RETURNS scorecard
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(
			(SELECT own.card FROM @extschema@.tier_catalog_own own
			 WHERE own.name OPERATOR(pg_catalog.=) named_card.name),
			@extschema@.tier_catalog_find('card', named_card.name,
				ARRAY(SELECT own.name FROM @extschema@.tier_catalog_own own WHERE own.card IS NOT NULL))::@extschema@.scorecard);
	END;
COMMENT ON FUNCTION named_card(text) IS
	'the scorecard of this name in tier_catalog, the users'' own before a shipped one; an unknown name is an error that lists near ones';

CREATE FUNCTION named_segments(name text) RETURNS rfm_segments
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(
			(SELECT own.segments FROM @extschema@.tier_catalog_own own
			 WHERE own.name OPERATOR(pg_catalog.=) named_segments.name),
			@extschema@.tier_catalog_find('segments', named_segments.name,
				ARRAY(SELECT own.name FROM @extschema@.tier_catalog_own own WHERE own.segments IS NOT NULL))::@extschema@.rfm_segments);
	END;
COMMENT ON FUNCTION named_segments(text) IS
	'the segment map of this name in tier_catalog, the users'' own before a shipped one; an unknown name is an error that lists near ones';
