-- The same numbers on every machine: what is drawn depends on id and purpose.
CREATE EXTENSION customer_tier;

-- Evenly between 0 and 1.
CREATE FUNCTION dice(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT ((hashint8extended(id, purpose) >> 12) & ((1::bigint << 48) - 1) | 1) / (1::bigint << 48)::float8$$;

-- Normally around 0, deviation 1.
CREATE FUNCTION bell(id bigint, purpose int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$SELECT sqrt(-2 * ln(dice(id, purpose))) * cosd(360 * dice(id, purpose + 1000))$$;
