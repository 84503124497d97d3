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

-- A day is a date, or the day that a timestamp falls on; that of a timestamptz
-- depends on the session's time zone: STABLE. An amount is any number.

CREATE FUNCTION payment_record_accum(bytea, date, date, numeric, date) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, date, date, numeric, date) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, date, date, double precision, date) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, date, date, double precision, date) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, date, date, bigint, date) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, date, date, bigint, date) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamp, timestamp, numeric, timestamp) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamp, timestamp, numeric, timestamp) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamp, timestamp, double precision, timestamp) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamp, timestamp, double precision, timestamp) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamp, timestamp, bigint, timestamp) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamp, timestamp, bigint, timestamp) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, numeric, timestamptz) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, numeric, timestamptz) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, double precision, timestamptz) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, double precision, timestamptz) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, bigint, timestamptz) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_accum' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_accum(bytea, timestamptz, timestamptz, bigint, timestamptz) IS
	'transition function of payment_record';

CREATE FUNCTION payment_record_combine(bytea, bytea) RETURNS bytea
	AS 'MODULE_PATHNAME', 'payment_record_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_combine(bytea, bytea) IS
	'combine function of payment_record';

CREATE FUNCTION payment_record_final(bytea) RETURNS payment_record
	AS 'MODULE_PATHNAME', 'payment_record_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION payment_record_final(bytea) IS
	'final function of payment_record';

--
-- Aggregates
--

CREATE AGGREGATE payment_record(due date, paid date, amount numeric, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, numeric, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due date, paid date, amount double precision, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, double precision, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due date, paid date, amount bigint, as_of date) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(date, date, bigint, date) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount numeric, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, numeric, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount double precision, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, double precision, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamp, paid timestamp, amount bigint, as_of timestamp) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamp, timestamp, bigint, timestamp) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; a timestamp is its day';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount numeric, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, numeric, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount double precision, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, double precision, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';

CREATE AGGREGATE payment_record(due timestamptz, paid timestamptz, amount bigint, as_of timestamptz) (
	SFUNC = payment_record_accum,
	STYPE = bytea,
	SSPACE = 160,
	FINALFUNC = payment_record_final,
	COMBINEFUNC = payment_record_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE payment_record(timestamptz, timestamptz, bigint, timestamptz) IS
	'how a customer pays, as of a day: one row an invoice, paid NULL while unpaid; NULL when nothing has fallen due; days are those of the session''s time zone';
