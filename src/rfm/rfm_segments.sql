/* src/rfm/rfm_segments.sql */

--
-- The type
--

@text_type rfm_segments

COMMENT ON TYPE rfm_segments IS
	'which segment each cell of the grid of RFM scores belongs to: ''Champions: 555 5[45]4; Lost: [12]**'', or ''first match; Champions: 5[45]*; Lost: [12]**; Others: rest''';

--
-- Functions
--

CREATE FUNCTION rfm_segment(score bigint, map rfm_segments) RETURNS text
	AS 'MODULE_PATHNAME', 'rfm_segment' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_segment(bigint, rfm_segments) IS
	'the segment of a score such as 543; a map of recency by frequency takes the first two digits; a score outside the map is an error';

CREATE FUNCTION rfm_segment_cells(
	map rfm_segments,
	OUT recency integer,
	OUT frequency integer,
	OUT monetary integer,
	OUT score integer,
	OUT segment text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'rfm_segment_cells' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 125;
COMMENT ON FUNCTION rfm_segment_cells(rfm_segments) IS
	'a row per cell of the map, best score first: the scores of the three measures, the score, the segment; monetary is NULL in a map of recency by frequency';
