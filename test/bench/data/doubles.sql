-- The customers' revenue in double precision.
CREATE TABLE doubles AS
SELECT customer_id, revenue::double precision AS revenue FROM customers;
