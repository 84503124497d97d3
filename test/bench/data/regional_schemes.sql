-- A ladder for each of 10,000 regions, and the same one for all of them.
CREATE TABLE regional_schemes AS
SELECT region, format('A >= %s, B >= %s, C >= %s, D', 5000 + region, 1000 + region / 10.0, region / 100.0)::tier_scheme AS scheme,
       'A >= 9999, B >= 1999.9, C >= 99.99, D'::tier_scheme AS one_scheme
FROM generate_series(0, 9999) AS region;
