/* src/base/as_of.sql */

--
-- Functions
--

CREATE FUNCTION tier_as_of() RETURNS date
	AS 'MODULE_PATHNAME', 'tier_as_of' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION tier_as_of() IS
	'the date as of which a query looks at its data: that of the evaluation which reads the source of a program, else the setting customer_tier.as_of, else today';
