-- Five measures of a customer, for scorecards.
CREATE TABLE indicators AS
SELECT (6000000 * dice(id, 6))::numeric(14,2) AS sales, (100 * dice(id, 7))::numeric(6,0) AS overdue,
       (50 * dice(id, 8) - 10)::numeric(6,1) AS growth, (1000 * dice(id, 9))::numeric(10,2) AS margin,
       (30 * dice(id, 10))::numeric(6,0) AS orders
FROM generate_series(1, :customers) AS id;
