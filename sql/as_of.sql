SET datestyle = 'ISO, DMY';
SELECT tier_as_of() = current_date AS today;
SET customer_tier.as_of = '2026-02-28';
SELECT tier_as_of(), pg_typeof(tier_as_of());
SET datestyle = 'German';
SELECT tier_as_of();
SET datestyle = 'ISO, DMY';
SET customer_tier.as_of = '0001-01-01';
SELECT tier_as_of();
SET customer_tier.as_of = '12026-12-31';
SELECT tier_as_of();
SET customer_tier.as_of = '';
SELECT tier_as_of() = current_date AS today;

-- fail: no other form, no other date
SET customer_tier.as_of = '28.02.2026';
SET customer_tier.as_of = 'yesterday';
SET customer_tier.as_of = '2026-02-29';
SET customer_tier.as_of = '2026-13-01';
SET customer_tier.as_of = '0000-01-01';
SET customer_tier.as_of = '-2026-01-01';
SET customer_tier.as_of = '2026-01-01 ';
SET customer_tier.as_of = '2026-01-01 BC';
SET customer_tier.as_of = '99999999-01-01';

-- a transaction's
BEGIN;
SET LOCAL customer_tier.as_of = '2025-01-31';
SELECT tier_as_of();
ROLLBACK;
SELECT tier_as_of() = current_date AS today;

-- workers have it too
SET customer_tier.as_of = '2024-02-29';
CREATE TABLE as_of_days AS SELECT date '2024-01-01' + i AS day FROM generate_series(0, 99) i;
ALTER TABLE as_of_days SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT count(*) FILTER (WHERE day < tier_as_of()) AS before, min(tier_as_of()), max(tier_as_of()) FROM as_of_days;
DROP TABLE as_of_days;
