-- The records of a CSV file, from psql's standard input, summed per customer.
CREATE TEMPORARY TABLE records (name text, amount numeric);
\copy records FROM pstdin
CREATE TABLE customers AS
  SELECT name, sum(amount) AS revenue FROM records GROUP BY name;
ANALYZE customers;
