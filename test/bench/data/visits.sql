-- A million groups of five rows; with fewer customers than a million, as many
-- groups as customers.
CREATE TABLE visits AS
SELECT id % least(:customers, 1000000) AS customer_id, exp(3 + bell(id, 5))::numeric(14,2) AS amount
FROM generate_series(1, 5 * least(:customers, 1000000)) AS id;
