-- A program that was evaluated once; one customer in a hundred has bought since.
CREATE TABLE members AS SELECT customer_id, revenue FROM customers;
ALTER TABLE members ADD PRIMARY KEY (customer_id);
SELECT tier_program_create('loyalty', 'members', '{customer_id}', 'revenue', 'A >= 5000, B >= 1000, C', 'hold 6 months; grace 3 months');
SELECT tier_evaluate('loyalty', '2026-01-01');
UPDATE members SET revenue = CASE WHEN revenue < 1000 THEN 2000 ELSE 100 END WHERE customer_id % 100 = 0;
VACUUM (ANALYZE) members;
