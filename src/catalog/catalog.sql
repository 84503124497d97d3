/* src/catalog.sql */

-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION customer_tier" to load this file. \quit

--
-- Private functions, which the table and the functions below need
--

CREATE FUNCTION tier_catalog_shipped(OUT name text, OUT scheme text, OUT measure text, OUT unit text, OUT description text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'tier_catalog_shipped' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_catalog_shipped() IS
	'what the extension puts into tier_catalog; entries in Chinese only where the database''s encoding has the characters';

CREATE FUNCTION tier_catalog_protect() RETURNS trigger
	AS 'MODULE_PATHNAME', 'tier_catalog_protect' LANGUAGE C;
COMMENT ON FUNCTION tier_catalog_protect() IS
	'trigger function: only the extension''s own scripts change shipped entries';

CREATE FUNCTION tier_catalog_distance(a text, b text) RETURNS integer
	AS 'MODULE_PATHNAME', 'tier_catalog_distance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_catalog_distance(text, text) IS
	'the edit distance of two names of at most 255 characters';

CREATE FUNCTION tier_catalog_unknown(name text, near text[]) RETURNS tier_scheme
	AS 'MODULE_PATHNAME', 'tier_catalog_unknown' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tier_catalog_unknown(text, text[]) IS
	'the error of named_scheme';

--
-- The table
--

-- A name may stand here twice, as shipped and as the users' own: so no dump
-- ever meets a shipped entry of a later version that it cannot be restored
-- beside.
CREATE TABLE @extschema@.tier_catalog (
	name text COLLATE "C" NOT NULL
		CHECK (name OPERATOR(pg_catalog.=) pg_catalog.btrim(name)
			AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.>=) 1
			AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.<=) 63),
	scheme tier_scheme NOT NULL,
	measure text,
	unit text,
	description text,
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (name, shipped)
);
COMMENT ON TABLE tier_catalog IS 'named schemes: those that come with the extension, and the users'' own';
COMMENT ON COLUMN tier_catalog.name IS 'the name, for named_scheme; an own entry goes before a shipped one';
COMMENT ON COLUMN tier_catalog.scheme IS 'the ladder';
COMMENT ON COLUMN tier_catalog.measure IS 'what it grades';
COMMENT ON COLUMN tier_catalog.unit IS 'the unit of that';
COMMENT ON COLUMN tier_catalog.description IS 'the business question';
COMMENT ON COLUMN tier_catalog.shipped IS 'does it come with the extension? Such entries cannot be changed, and are not dumped';

-- An upgrade adds ON CONFLICT (name, shipped) DO NOTHING, and an UPDATE of what
-- has changed: an install script of an older version may have run with this
-- library.
INSERT INTO @extschema@.tier_catalog (name, scheme, measure, unit, description, shipped)
	SELECT name, scheme::@extschema@.tier_scheme, measure, unit, description, true
	FROM @extschema@.tier_catalog_shipped();

CREATE TRIGGER protect_shipped_made BEFORE INSERT OR UPDATE ON @extschema@.tier_catalog
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION @extschema@.tier_catalog_protect();
CREATE TRIGGER protect_shipped_lost BEFORE UPDATE OR DELETE ON @extschema@.tier_catalog
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION @extschema@.tier_catalog_protect();
CREATE TRIGGER protect_shipped_all BEFORE TRUNCATE ON @extschema@.tier_catalog
	EXECUTE FUNCTION @extschema@.tier_catalog_protect();

SELECT pg_catalog.pg_extension_config_dump('@extschema@.tier_catalog', 'WHERE NOT shipped');

-- the table belongs to the superuser whose rights created it
GRANT SELECT ON tier_catalog TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON tier_catalog TO @extowner@ WITH GRANT OPTION;

--
-- Functions
--

CREATE FUNCTION named_scheme(name text) RETURNS tier_scheme
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(
			(SELECT c.scheme
			 FROM @extschema@.tier_catalog c
			 WHERE c.name OPERATOR(pg_catalog.=) named_scheme.name
			 ORDER BY c.shipped
			 LIMIT 1),
			@extschema@.tier_catalog_unknown(named_scheme.name, ARRAY(
				SELECT near.name
				FROM (SELECT DISTINCT c.name,
							 named_scheme.name OPERATOR(pg_catalog.<>) '' AND pg_catalog.strpos(c.name, pg_catalog.lower(named_scheme.name)) OPERATOR(pg_catalog.>) 0 AS longer,
							 @extschema@.tier_catalog_distance(pg_catalog.lower(pg_catalog.left(named_scheme.name, 63)), pg_catalog.lower(c.name)) AS distance
					  FROM @extschema@.tier_catalog c) near
				WHERE near.longer OR near.distance OPERATOR(pg_catalog.<=) ((pg_catalog.length(near.name) OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog./) 2)
				ORDER BY near.longer DESC, near.distance, near.name
				LIMIT 3)));
	END;
COMMENT ON FUNCTION named_scheme(text) IS
	'the scheme of this name in tier_catalog, the users'' own before a shipped one; an unknown name is an error that lists near ones';

CREATE FUNCTION composite_card() RETURNS scorecard
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT 'sales 40%: 100 >= 5000000, 70 >= 1000000, 40 >= 100000, 10;
				price_level 20%: 100 >= 100, 70 >= 90, 40 >= 80, 0;
				days_late 25%: 100 <= 0, 70 <= 30, 40 <= 60, 0;
				growth 15%: 100 >= 10, 70 >= 0, 40 >= -10, 0'::@extschema@.scorecard;
	END;
COMMENT ON FUNCTION composite_card() IS
	'a scorecard of sales of a year (money), price level (percent of the list price), days late (weighted by amount) and growth (percent against the year before); graded by the scheme composite';

CREATE FUNCTION risk_card() RETURNS scorecard
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT 'customer 30% missing 100: linear 1 to 5;
				geography 20% missing 100: linear 1 to 5;
				business 30% missing 100: linear 1 to 5;
				industry 20% missing 100: linear 1 to 5'::@extschema@.scorecard;
	END;
COMMENT ON FUNCTION risk_card() IS
	'a scorecard of money-laundering risk: customer, geography, business and industry, each judged from 1 (low) to 5 (high), unknown is the highest; graded by the scheme risk';
