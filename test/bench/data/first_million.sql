-- The first of the customers: a million, or all if there are fewer.
CREATE TABLE first_million AS
SELECT * FROM customers WHERE customer_id <= 1000000;
