-- The records of a CSV file, from psql's standard input, and their sums per
-- customer.
CREATE TABLE records (name text, amount numeric, ordered_on date);
\copy records FROM pstdin
SELECT count(*) AS future, count(*) > 0 AS has_future FROM records WHERE ordered_on > current_date \gset
\if :has_future
\echo 'Left out:' :future 'records that are dated after today.'
DELETE FROM records WHERE ordered_on > current_date;
\endif
CREATE TABLE customers AS
  SELECT name, sum(amount) AS revenue FROM records GROUP BY name;
ANALYZE records, customers;
