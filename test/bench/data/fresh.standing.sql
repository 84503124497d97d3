-- A program that has not been evaluated.
SELECT tier_program_create('fresh', 'customers', '{customer_id}', 'revenue', 'A >= 5000, B >= 1000, C', 'hold 6 months; grace 3 months');
