-- The last complete evaluation of the program, in one row.
SELECT e.as_of, e.customers, e.entered, e.gone, e.rose, e.fell, e.scheme::text AS scheme, e.rules::text AS rules,
       t.value, (SELECT sum(value) FROM tier_trend('loyalty') WHERE as_of = e.as_of - interval '1 year') AS value_before,
       (SELECT count(*) FROM accounts) AS accounts
FROM loyalty.evaluations e,
     LATERAL (SELECT sum(value) AS value FROM tier_trend('loyalty') WHERE as_of = e.as_of) t
WHERE e.as_of = (SELECT complete_as_of FROM loyalty.program);
