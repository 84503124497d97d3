/* src/scorecard/credit.sql */

--
-- The type
--

CREATE TYPE payment_record AS (
	invoices bigint,
	invoiced_amount numeric,
	on_time_share numeric,
	days_late_weighted numeric,
	worst_days_late integer,
	overdue_invoices bigint,
	overdue_amount numeric,
	oldest_overdue_days integer
);
COMMENT ON TYPE payment_record IS
	'how a customer pays: result of the aggregate payment_record';
COMMENT ON COLUMN payment_record.invoices IS 'invoices settled, or overdue, as of the day';
COMMENT ON COLUMN payment_record.invoiced_amount IS 'their total amount';
COMMENT ON COLUMN payment_record.on_time_share IS 'the share of them, 0 to 1, settled on the due date or before';
COMMENT ON COLUMN payment_record.days_late_weighted IS 'mean days from the due date to settlement, or to the day while unpaid, weighted by amount; early is negative';
COMMENT ON COLUMN payment_record.worst_days_late IS 'the greatest of these numbers of days; early is negative';
COMMENT ON COLUMN payment_record.overdue_invoices IS 'invoices unpaid after their due date';
COMMENT ON COLUMN payment_record.overdue_amount IS 'their amount, less open credit notes, not below 0';
COMMENT ON COLUMN payment_record.oldest_overdue_days IS 'days since the earliest due date among them; 0 when none is overdue';

--
-- Private functions
--

-- Stable: the day of a timestamptz depends on the session's time zone.
CREATE FUNCTION payment_record_accum(internal, "any", "any", "any", "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(internal, "any", "any", "any", "any") IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'payment_record_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_combine(internal, internal) IS
	'combine function of payment_record';

CREATE FUNCTION payment_record_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_serialize(internal) IS
	'serialization function of payment_record';

CREATE FUNCTION payment_record_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'payment_record_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_deserialize(bytea, internal) IS
	'deserialization function of payment_record';

CREATE FUNCTION payment_record_final(internal) RETURNS payment_record
	AS 'MODULE_PATHNAME', 'payment_record_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_final(internal) IS
	'final function of payment_record';

-- A day is a date, or the day that a timestamp falls on; an amount is any number.

--
-- Aggregates
--

CREATE AGGREGATE payment_record(due date, paid date, amount numeric, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, numeric, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due date, paid date, amount double precision, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, double precision, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due date, paid date, amount bigint, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, bigint, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount numeric, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, numeric, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount double precision, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, double precision, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount bigint, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, bigint, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, numeric, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, double precision, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = internal,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	SERIALFUNC = payment_record_serialize,
	DESERIALFUNC = payment_record_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, bigint, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';
