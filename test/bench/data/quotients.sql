-- Revenue by order and month: numerics of 18 digits and more.
CREATE TABLE quotients AS
SELECT customer_id, revenue / (7 * orders) AS quotient FROM customers;
