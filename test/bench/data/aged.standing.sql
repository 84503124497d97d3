-- A program that was evaluated a hundred times, with one customer in a hundred
-- changed each time.
CREATE TABLE aged_members AS SELECT customer_id, revenue FROM customers;
ALTER TABLE aged_members ADD PRIMARY KEY (customer_id);
SELECT tier_program_create('aged', 'aged_members', '{customer_id}', 'revenue', 'A >= 5000, B >= 1000, C', 'hold 6 months; grace 3 months');
CREATE PROCEDURE age() LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN 1 .. 100 LOOP
    PERFORM tier_evaluate('aged', date '2026-01-01' + 7 * n);
    UPDATE aged_members SET revenue = CASE WHEN revenue < 1000 THEN 2000 ELSE 100 END WHERE customer_id % 100 = n % 100;
    COMMIT;
  END LOOP;
END
$$;
CALL age();
DROP PROCEDURE age;
VACUUM (ANALYZE) aged_members;
