-- What models expect of customers
CREATE SCHEMA clv_predict_test;
SET search_path = clv_predict_test, public;
SET extra_float_digits = 0;

-- Against mpmath, 50 digits: the formulas of the papers with hypergeometric
-- functions, and for Pareto/NBD integrals; over the domain from 0.01 to 1000
CREATE TABLE reference (question text, model purchase_model, args float8[], value float8);
INSERT INTO reference VALUES
	('new', 'bgnbd r 9.809, alpha 16.8, a 1.0, b 515.5', '{30.03}', 17.214274994559527),
	('new', 'bgnbd r 154.6, alpha 0.1222, a 0.6219, b 520.9', '{11.22}', 3491.4850974409728),
	('new', 'bgnbd r 126.9, alpha 0.2186, a 0.6523, b 0.1709', '{3.595}', 9.1194503625878041),
	('new', 'bgnbd r 6.248, alpha 0.1095, a 0.01997, b 0.2497', '{202.7}', 9012.7659632394834),
	('new', 'bgnbd r 36.55, alpha 0.3012, a 60.66, b 0.04941', '{7.98}', 1.0008281930942005),
	('new', 'bgnbd r 0.1016, alpha 0.1012, a 169.2, b 0.1115', '{0.103}', 0.068853158448774756),
	('new', 'bgnbd r 269.0, alpha 41.42, a 1.0, b 641.8', '{3.423}', 21.85337602346864),
	('new', 'bgnbd r 16.27, alpha 0.4115, a 442.4, b 28.39', '{349.0}', 1.0643180788400544),
	('new', 'bgnbd r 118.8, alpha 0.7877, a 0.1469, b 0.06757', '{0.04839}', 2.6130800539594777),
	('new', 'bgnbd r 0.05762, alpha 0.8018, a 4.156, b 0.0104', '{15.36}', 0.15926197341477388),
	('new', 'bgnbd r 0.7105, alpha 0.8509, a 81.49, b 2.534', '{0.3049}', 0.19691104443106254),
	('new', 'bgnbd r 2.66, alpha 13.0, a 0.002198, b 750.8', '{0.01281}', 0.0026211230630859622),
	('new', 'bgnbd r 31.56, alpha 34.25, a 1.0, b 86.83', '{0.5261}', 0.48340507592871046),
	('new', 'bgnbd r 6.517, alpha 0.1065, a 0.001907, b 0.08028', '{308.6}', 18119.172458868425),
	('new', 'bgnbd r 0.1932, alpha 18.5, a 378.4, b 513.1', '{0.4155}', 0.0043146600156074241),
	('new', 'bgnbd r 0.8302, alpha 3.751, a 45.04, b 0.03469', '{32.92}', 0.8499333670236205),
	('new', 'bgnbd r 48.85, alpha 37.94, a 0.001659, b 535.8', '{0.02683}', 0.03454521424543891),
	('new', 'bgnbd r 0.7294, alpha 6.8, a 322.5, b 0.501', '{220.7}', 0.92407543983000218),
	('new', 'bgnbd r 4.793, alpha 0.8657, a 1.0, b 0.07716', '{0.02331}', 0.12023459033167884),
	('new', 'bgnbd r 0.1246, alpha 11.68, a 955.8, b 0.06422', '{0.01691}', 0.00018024594260046469),
	('new', 'bgnbd r 279.8, alpha 3.987, a 0.2725, b 0.1537', '{6.189}', 39.840667811792901),
	('new', 'bgnbd r 63.85, alpha 2.328, a 0.3393, b 0.01899', '{202.1}', 22.407820856317071),
	('new', 'bgnbd r 0.04274, alpha 3.025, a 107.3, b 0.04496', '{27.47}', 0.094062350066983313),
	('new', 'bgnbd r 199.2, alpha 7.784, a 53.46, b 0.03413', '{1.103}', 1.0006505909229109),
	('new', 'mbgnbd r 0.07466, alpha 34.21, a 0.07664, b 2.288', '{498.2}', 0.97630284036209395),
	('new', 'mbgnbd r 4.272, alpha 84.73, a 0.2294, b 2.914', '{50.02}', 2.179730848057514),
	('new', 'mbgnbd r 0.4984, alpha 0.7466, a 0.1627, b 0.2751', '{2.483}', 0.89684217360182898),
	('new', 'mbgnbd r 9.353, alpha 75.76, a 0.7601, b 3.148', '{1.788}', 0.17452934320100639),
	('new', 'mbgnbd r 0.05283, alpha 0.656, a 2.218, b 40.01', '{2.172}', 0.15290656421448629),
	('new', 'mbgnbd r 2.918, alpha 21.12, a 1.213, b 9.819', '{64.66}', 5.2337720265103862),
	('new', 'mbgnbd r 0.2562, alpha 12.98, a 0.06959, b 2.865', '{70.48}', 1.3084236715686264),
	('new', 'mbgnbd r 1.687, alpha 0.7613, a 6.865, b 8.894', '{14.07}', 1.4593323011725042),
	('alive', 'bgnbd r 0.1041, alpha 6.614, a 0.2377, b 3.217', '{7, 11.88, 23.74}', 0.53440608784503999),
	('ahead', 'bgnbd r 0.1041, alpha 6.614, a 0.2377, b 3.217', '{48.32, 7, 11.88, 23.74}', 5.4348136873688318),
	('alive', 'bgnbd r 0.3427, alpha 2.575, a 0.3299, b 8.059', '{7, 24.03, 28.51}', 0.93147124090574028),
	('ahead', 'bgnbd r 0.3427, alpha 2.575, a 0.3299, b 8.059', '{149.5, 7, 24.03, 28.51}', 25.734597751166327),
	('alive', 'bgnbd r 1.078, alpha 29.12, a 2.721, b 1.893', '{40, 37.35, 188.0}', 1.1475785808990559e-20),
	('ahead', 'bgnbd r 1.078, alpha 29.12, a 2.721, b 1.893', '{8.037, 40, 37.35, 188.0}', 1.6655301724644048e-20),
	('alive', 'bgnbd r 1.909, alpha 2.656, a 0.1313, b 3.208', '{7, 13.06, 16.73}', 0.91533554194172114),
	('ahead', 'bgnbd r 1.909, alpha 2.656, a 0.1313, b 3.208', '{28.32, 7, 13.06, 16.73}', 11.161138742139596),
	('alive', 'bgnbd r 0.9962, alpha 4.277, a 0.8622, b 4.593', '{300, 22.4, 22.49}', 0.99223394363934932),
	('ahead', 'bgnbd r 0.9962, alpha 4.277, a 0.8622, b 4.593', '{3.083, 300, 22.4, 22.49}', 32.820965418983277),
	('alive', 'bgnbd r 0.758, alpha 8.632, a 0.1867, b 4.35', '{1, 2.767, 66.09}', 0.46081811514214261),
	('ahead', 'bgnbd r 0.758, alpha 8.632, a 0.1867, b 4.35', '{15.1, 1, 2.767, 66.09}', 0.16223840754929601),
	('alive', 'bgnbd r 0.2185, alpha 1.206, a 0.1586, b 0.9463', '{1, 23.25, 42.41}', 0.74672346793786096),
	('ahead', 'bgnbd r 0.2185, alpha 1.206, a 0.1586, b 0.9463', '{10.93, 1, 23.25, 42.41}', 0.22365903469569629),
	('alive', 'bgnbd r 0.2617, alpha 4.122, a 0.1488, b 5.585', '{2, 98.6, 179.3}', 0.92263477445486139),
	('ahead', 'bgnbd r 0.2617, alpha 4.122, a 0.1488, b 5.585', '{5.668, 2, 98.6, 179.3}', 0.064420537011607382),
	('alive', 'bgnbd r 0.2773, alpha 5.875, a 2.671, b 0.8705', '{2, 48.57, 115.9}', 0.10070303557019807),
	('ahead', 'bgnbd r 0.2773, alpha 5.875, a 2.671, b 0.8705', '{107.8, 2, 48.57, 115.9}', 0.11962147707959767),
	('alive', 'bgnbd r 0.9193, alpha 3.582, a 0.1634, b 2.477', '{40, 8.305, 41.7}', 4.329555432318662e-22),
	('ahead', 'bgnbd r 0.9193, alpha 3.582, a 0.1634, b 2.477', '{2.15, 40, 8.305, 41.7}', 8.3801996039880621e-22),
	('alive', 'bgnbd r 0.1369, alpha 17.05, a 0.9829, b 1.182', '{2, 33.46, 54.39}', 0.51416000889737611),
	('ahead', 'bgnbd r 0.1369, alpha 17.05, a 0.9829, b 1.182', '{2.248, 2, 33.46, 54.39}', 0.034176915842472468),
	('ll', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{400, 5, 6}', 1323.1889309678178),
	('alive', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{400, 5, 6}', 5.1374581133193754e-31),
	('probability', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{20, 88.09}', 0.00088754502934345853),
	('ll', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{500, 1, 37}', 2594.4044546227567),
	('probability', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{3, 6.776}', 0.00090806845773923531),
	('ll', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{500, 4, 37}', 1888.8212497389407),
	('probability', 'pareto_nbd r 10.465, alpha 0.00798565181, s 3.0516, beta 2.82', '{20, 3.097}', 0.00088754502934345853),
	('ll', 'pareto_nbd r 0.1236, alpha 0.03003, s 1.0, beta 1.588', '{7, 9.199, 9.836}', -13.859458341040704),
	('alive', 'pareto_nbd r 0.1236, alpha 0.03003, s 1.0, beta 1.588', '{7, 9.199, 9.836}', 0.92958325149714833),
	('probability', 'pareto_nbd r 0.1236, alpha 0.03003, s 1.0, beta 1.588', '{0, 3.1}', 0.6448042198812393),
	('ll', 'pareto_nbd r 0.4127, alpha 0.03481, s 9.377, beta 0.5407', '{7, 100.2, 193.4}', -78.541984898215406),
	('alive', 'pareto_nbd r 0.4127, alpha 0.03481, s 9.377, beta 0.5407', '{7, 100.2, 193.4}', 2.9513574575543676e-5),
	('probability', 'pareto_nbd r 0.4127, alpha 0.03481, s 9.377, beta 0.5407', '{0, 1.077}', 0.71938560206089926),
	('ll', 'pareto_nbd r 0.1949, alpha 0.09732, s 1.862, beta 3.419', '{40, 13.2, 28.43}', -4.9346286773395376),
	('alive', 'pareto_nbd r 0.1949, alpha 0.09732, s 1.862, beta 3.419', '{40, 13.2, 28.43}', 3.9299187695017933e-13),
	('probability', 'pareto_nbd r 0.1949, alpha 0.09732, s 1.862, beta 3.419', '{3, 23.1}', 0.034080459806146852),
	('ll', 'pareto_nbd r 7.397, alpha 0.02909, s 0.03214, beta 2.416', '{40, 125.4, 141.2}', -133.61750107404492),
	('alive', 'pareto_nbd r 7.397, alpha 0.02909, s 0.03214, beta 2.416', '{40, 125.4, 141.2}', 0.84447394004817544),
	('probability', 'pareto_nbd r 7.397, alpha 0.02909, s 0.03214, beta 2.416', '{1, 1.069}', 6.0218268240613898e-5),
	('ll', 'pareto_nbd r 6.17, alpha 0.3141, s 0.8692, beta 5.895', '{40, 39.97, 46.55}', -58.945244637248705),
	('alive', 'pareto_nbd r 6.17, alpha 0.3141, s 0.8692, beta 5.895', '{40, 39.97, 46.55}', 0.048115854124154076),
	('probability', 'pareto_nbd r 6.17, alpha 0.3141, s 0.8692, beta 5.895', '{20, 8.942}', 0.0059533786902135005),
	('ll', 'pareto_nbd r 3.71, alpha 3.301, s 5.588, beta 1.454', '{300, 3.477, 4.158}', 841.63858054222935),
	('alive', 'pareto_nbd r 3.71, alpha 3.301, s 5.588, beta 1.454', '{300, 3.477, 4.158}', 4.639492745259505e-12),
	('probability', 'pareto_nbd r 3.71, alpha 3.301, s 5.588, beta 1.454', '{20, 14.6}', 1.6688875581951448e-6),
	('ll', 'pareto_nbd r 3.1, alpha 0.4504, s 0.1894, beta 0.2592', '{40, 15.32, 30.79}', -10.184384427573728),
	('alive', 'pareto_nbd r 3.1, alpha 0.4504, s 0.1894, beta 0.2592', '{40, 15.32, 30.79}', 3.1758261196886457e-11),
	('probability', 'pareto_nbd r 3.1, alpha 0.4504, s 0.1894, beta 0.2592', '{3, 11.91}', 0.030825611578298121),
	('ll', 'pareto_nbd r 0.9523, alpha 0.7851, s 0.04182, beta 6.786', '{1, 74.79, 94.46}', -9.2764667442938383),
	('alive', 'pareto_nbd r 0.9523, alpha 0.7851, s 0.04182, beta 6.786', '{1, 74.79, 94.46}', 0.98866203500324627),
	('probability', 'pareto_nbd r 0.9523, alpha 0.7851, s 0.04182, beta 6.786', '{0, 4.636}', 0.16338261236090984),
	('ll', 'pareto_nbd r 0.9716, alpha 0.0174, s 0.3259, beta 1.647', '{0, 0, 103.7}', -4.1710787241198291),
	('alive', 'pareto_nbd r 0.9716, alpha 0.0174, s 0.3259, beta 1.647', '{0, 0, 103.7}', 0.0035879019469098297),
	('probability', 'pareto_nbd r 0.9716, alpha 0.0174, s 0.3259, beta 1.647', '{1, 16.95}', 0.012106866943057691),
	('ll', 'pareto_nbd r 7.871, alpha 0.02449, s 5.459, beta 30.56', '{40, 21.26, 142.0}', -53.525729538053945),
	('alive', 'pareto_nbd r 7.871, alpha 0.02449, s 5.459, beta 30.56', '{40, 21.26, 142.0}', 1.0772937081442375e-41),
	('probability', 'pareto_nbd r 7.871, alpha 0.02449, s 5.459, beta 30.56', '{1, 6.728}', 0.00063557021390699332),
	('ll', 'pareto_nbd r 0.2348, alpha 1.508, s 0.04064, beta 0.1864', '{2, 19.45, 69.49}', -10.659939500512567),
	('alive', 'pareto_nbd r 0.2348, alpha 1.508, s 0.04064, beta 0.1864', '{2, 19.45, 69.49}', 0.77986486023446351),
	('probability', 'pareto_nbd r 0.2348, alpha 1.508, s 0.04064, beta 0.1864', '{0, 30.53}', 0.54544612450324018),
	('ll', 'pareto_nbd r 10.48, alpha 0.02952, s 0.3795, beta 0.6115', '{7, 8.496, 24.04}', -61.18642441860212),
	('alive', 'pareto_nbd r 10.48, alpha 0.02952, s 0.3795, beta 0.6115', '{7, 8.496, 24.04}', 4.530357600958325e-7),
	('probability', 'pareto_nbd r 10.48, alpha 0.02952, s 0.3795, beta 0.6115', '{3, 67.54}', 0.0018740319524701443),
	('ll', 'pareto_nbd r 0.2079, alpha 0.1075, s 0.8349, beta 4.953', '{1, 76.35, 137.6}', -10.149757403657305),
	('alive', 'pareto_nbd r 0.2079, alpha 0.1075, s 0.8349, beta 4.953', '{1, 76.35, 137.6}', 0.52797306505694891),
	('probability', 'pareto_nbd r 0.2079, alpha 0.1075, s 0.8349, beta 4.953', '{1, 3.361}', 0.10110595897640283),
	('probability', 'bgnbd r 4.519, alpha 0.432, a 13.4, b 3.556', '{1, 26.55}', 0.79028072767999041),
	('probability', 'bgnbd r 38.95, alpha 1.359, a 0.7264, b 0.2475', '{0, 9.227}', 1.8862130170364986e-35),
	('probability', 'bgnbd r 0.1802, alpha 4.676, a 0.06594, b 0.2368', '{30, 2.294}', 2.2883381157832881e-17),
	('probability', 'bgnbd r 1.478, alpha 1.434, a 74.4, b 0.2102', '{30, 0.1226}', 2.2787109305308109e-60),
	('probability', 'bgnbd r 14.96, alpha 0.1362, a 0.1066, b 71.8', '{200, 24.17}', 0.00034140351662877536),
	('probability', 'bgnbd r 17.73, alpha 0.162, a 48.97, b 2.981', '{1, 0.2626}', 0.94261899443877255),
	('probability', 'bgnbd r 7.488, alpha 0.7687, a 0.2102, b 0.9995', '{30, 13.06}', 0.0032623788412277324),
	('probability', 'bgnbd r 24.44, alpha 0.8818, a 10.7, b 1.188', '{2, 25.91}', 0.08296709700218802),
	('probability', 'bgnbd r 1.996, alpha 13.46, a 2.047, b 5.996', '{30, 0.4412}', 9.9230674367669997e-46),
	('probability', 'bgnbd r 0.348, alpha 0.1439, a 0.04264, b 0.3623', '{1, 0.1313}', 0.13981392304466606);
CREATE VIEW answers AS SELECT *, CASE question
	WHEN 'new' THEN expected_purchases(model, args[1])
	WHEN 'alive' THEN p_alive(model, args[1], args[2], args[3])
	WHEN 'ahead' THEN expected_purchases(model, args[1], args[2], args[3], args[4])
	WHEN 'll' THEN model_log_likelihood(model, args[1], args[2], args[3])
	WHEN 'probability' THEN purchase_probability(model, args[1]::integer, args[2]) END AS answer FROM reference;
SELECT question, count(*), max(abs(answer / value - 1)) < 1e-11 AS right FROM answers GROUP BY question ORDER BY question;
SELECT * FROM answers WHERE abs(answer / value - 1) > 1e-11;

-- Published figures of BG/NBD on CDNOW, in weeks
\set bgnbd '''bgnbd r 0.2425945, alpha 4.4136019 weeks, a 0.7929199, b 2.4258881'''
\set rounded '''bgnbd r 0.243, alpha 4.414 weeks, a 0.793, b 2.426'''
SELECT round(expected_purchases(:bgnbd, 39, 2, 30.43, 38.86)::numeric, 3) AS "1.226";
SELECT round(expected_purchases(:rounded, 52, 26, 30.85714, 31)::numeric, 3) AS "25.757", round(p_alive(:rounded, 26, 30.85714, 31)::numeric, 5) AS "0.96885";
SELECT t, round(expected_purchases(:bgnbd, t)::numeric, 4) AS of_a_new_customer FROM unnest('{.1429, 1, 3, 31.8571, 32, 52, 78}'::float8[]) t;
SELECT x, abs(expected_purchases(:bgnbd, 52, x, 20, 39) / published - 1) < 1e-4 AS as_published FROM (VALUES (10, .3474606), (15, .04283391), (20, .004158973), (25, .0003583685)) v (x, published);
SELECT round(purchase_probability('bgnbd r .243, alpha 4.414, a .793, b 2.426', 0, 39)::numeric, 7) AS "0.5737864",
       round(purchase_probability('bgnbd r .243, alpha 4.414, a .793, b 2.426', 10, 2)::numeric, 12) AS "1.07869e-07";
SELECT round(model_log_likelihood('bgnbd r .25, alpha 4, a .8, b 2.5', 0, 0, 40)::numeric, 8) AS "-0.59947382", round(model_log_likelihood('bgnbd r .25, alpha 4, a .8, b 2.5', 200, 38, 40)::numeric, 4) AS "100.7957",
       p_alive('bgnbd r .25, alpha 4, a .8, b 2.5', 1000, 10, 100) AS "0", p_alive(:bgnbd, 0, 0, 500) AS "1";
-- Pareto/NBD
SELECT t, round(expected_purchases('pareto_nbd r 0.55, alpha 10.56, s 0.61, beta 11.64', t)::numeric, 8) AS of_a_new_customer FROM generate_series(1, 9) t;
SELECT x, round(expected_purchases('pareto_nbd r .55, alpha 10.58, s .61, beta 11.67', 10, x, 200, 200)::numeric, 5) AS "6.20605, 6.25287" FROM generate_series(132, 133) x;
-- MBG/NBD doubts also those who never came again
SELECT p_alive('mbgnbd r 0.525, alpha 6.183, a 0.891, b 1.614', 0, 0, 39) < 1 AS doubts;
-- BG/BB: donors of 1995 to 2001, alive in 2002
SELECT x, t_x, round(p_alive('bgbb alpha 1.204, beta 0.750, gamma 0.657, delta 2.783', x, t_x, 6)::numeric, 2) AS alive FROM (VALUES (0, 0), (2, 4), (6, 6)) v (x, t_x);
-- Gamma-Gamma, and lifetime value in dollars, 12 months of 4.345 weeks at 1% a month
\set spend '''gamma_gamma p 6.248802, q 3.744589, gamma 15.447750'''
CREATE TABLE ten (id int, x int, t_x float8, t float8, mean float8);
INSERT INTO ten VALUES (1, 2, 30.43, 38.86, 22.35), (2, 1, 1.71, 38.86, 11.77), (3, 0, 0, 38.86, 0), (6, 7, 29.43, 38.86, 73.74), (9, 2, 35.71, 38.86, 25.55);
SELECT id, round(expected_spend(:spend, x, mean)::numeric, 4) AS spend, round(customer_value(:bgnbd, :spend, 12 * 4.345, 0.01, x, t_x, t, mean, 4.345)::numeric, 2) AS value FROM ten;

-- Laws
CREATE TABLE laws (model purchase_model);
INSERT INTO laws VALUES (:bgnbd), ('mbgnbd r 0.525, alpha 6.183, a 0.891, b 1.614'), ('pareto_nbd r 0.55, alpha 10.58, s 1, beta 11.67'), ('bgbb alpha 1.204, beta 0.750, gamma 0.657, delta 2.783');
-- probabilities add up to 1, and n times probability to what is expected
SELECT left(model::text, 10) AS model, abs(sum(p) - 1) < 1e-12 AS sum, abs(sum(n * p) / expected_purchases(model, 6) - 1) < 1e-11 AS mean
FROM (SELECT model, n, purchase_probability(model, n, 6) AS p FROM laws, generate_series(0, 600) n) s GROUP BY model ORDER BY model::text;
-- what is expected of a new customer is what is expected of one whose past is no time
SELECT left(model::text, 10) AS model, abs(expected_purchases(model, 20) / expected_purchases(model, 20, 0, 0, 0) - 1) < 1e-13 AS same FROM laws ORDER BY model::text;
-- more time, more purchases; no time, none
SELECT left(model::text, 10) AS model, bool_and(now >= before) AS grows, min(now) = 0 AS from_zero
FROM (SELECT model, expected_purchases(model, h, 3, 12, 20) AS now, lag(expected_purchases(model, h, 3, 12, 20), 1, 0::float8) OVER (PARTITION BY model ORDER BY h) AS before FROM laws, generate_series(0, 400) h) s GROUP BY model ORDER BY model::text;
-- a small change of the input, a small change of the result: no jump where one way to compute ends
SELECT max(abs(next / now - 1)) < 0.001 AS smooth FROM (
	SELECT expected_purchases('bgnbd r 0.7, alpha 0.05, a 1, b 3', h) AS now, expected_purchases('bgnbd r 0.7, alpha 0.05, a 1, b 3', h * 1.001) AS next FROM (SELECT 10 ^ (i / 500.0) FROM generate_series(0, 1500) i) v (h)) s;
SELECT max(abs(next / now - 1)) < 1e-8 AS smooth FROM (
	SELECT expected_purchases(('bgnbd r 0.7, alpha 4, a ' || 1 + d || ', b 3')::purchase_model, 10) AS now, expected_purchases('bgnbd r 0.7, alpha 4, a 1, b 3', 10) AS next FROM unnest('{-1e-9,-1e-12,0,1e-12,1e-9}'::numeric[]) d) s;
-- never NaN nor infinite, whatever customers do
SELECT count(*), bool_and(p BETWEEN 0 AND 1) AS probabilities, bool_and(e >= 0 AND e < 'Infinity') AS expectations
FROM (SELECT p_alive(m, x, share * t, t) AS p, expected_purchases(m, h, x, share * t, t) AS e
	FROM unnest(ARRAY['bgnbd r 1e-6, alpha 1e-6, a 1e-6, b 1e6', 'bgnbd r 1e6, alpha 1e6, a 1e6, b 1e-6', 'bgnbd r 1e6, alpha 1e-6, a 1, b 1', 'mbgnbd r .1, alpha 100, a 1e-3, b 1e-3', 'mbgnbd r 1e-6, alpha 1e6, a 1e6, b 1e6',
		'pareto_nbd r 1e-6, alpha 1e6, s 1e-6, beta 1e-6', 'pareto_nbd r 1e6, alpha 1e6, s 1e6, beta 1e6', 'pareto_nbd r 1, alpha 1e-6, s 1e6, beta 1e6', 'pareto_nbd r 1e3, alpha 1e-6, s 1, beta 1e-6']::purchase_model[]) m,
		unnest('{1,2,70,3000,1000000000}'::float8[]) x, unnest('{0,1e-9,0.5,0.999999999,1}'::float8[]) share, unnest('{1e-3,1,300,1e9}'::float8[]) t, unnest('{1e-6,52,1e9}'::float8[]) h) s;
SELECT count(*), bool_and(p BETWEEN 0 AND 1) AS probabilities
FROM (SELECT purchase_probability(m, n, t) AS p FROM unnest(ARRAY['bgnbd r 1e-6, alpha 1e-6, a 1e-6, b 1e6', 'bgnbd r 1e6, alpha 1e6, a 1e6, b 1e-6', 'mbgnbd r .1, alpha 100, a 1e-3, b 1e-3', 'pareto_nbd r 1, alpha 1e-6, s 1e3, beta 1e6',
		'bgbb alpha 1e-6, beta 1e6, gamma 1e-6, delta 1e-6']::purchase_model[]) m, unnest('{0,1,2,70,3000}'::integer[]) n, unnest('{0,1,300,5000}'::float8[]) t) s;

-- discounts: none is the plain sum; the last step may be a part; by hand
SELECT discounted_purchases(:bgnbd, 52, 0, 2, 30, 39) = expected_purchases(:bgnbd, 52, 2, 30, 39) AS plain,
       abs(discounted_purchases(:bgnbd, 2.5, 0.1, 2, 30, 39) - (expected_purchases(:bgnbd, 1, 2, 30, 39) / 1.1 + (expected_purchases(:bgnbd, 2, 2, 30, 39) - expected_purchases(:bgnbd, 1, 2, 30, 39)) / 1.1 ^ 2
         + (expected_purchases(:bgnbd, 2.5, 2, 30, 39) - expected_purchases(:bgnbd, 2, 2, 30, 39)) / 1.1 ^ 2.5)) < 1e-14 AS in_parts,
       discounted_purchases(:bgnbd, 0, 0.1, 2, 30, 39) AS none;
SELECT abs(customer_value(:bgnbd, :spend, 52, 0.01, 2, 30.43, 38.86, 22.35, 4) / (discounted_purchases(:bgnbd, 52, 0.01, 2, 30.43, 38.86, 4) * expected_spend(:spend, 2, 22.35)) - 1) < 1e-14 AS product;
-- without end: against mpmath, by the formula of the paper for BG/BB, and the series for Pareto/NBD; more than any end, and the limit of later ones
SELECT x, abs(discounted_purchases('bgbb alpha 1.204, beta 0.750, gamma 0.657, delta 2.783', 'infinity', 0.1, x, t_x, 6) / value - 1) < 1e-12 AS right
FROM (VALUES (0, 0, 0.1146469961817641), (3, 4, 1.6286607730608238), (6, 6, 5.9086783195553813)) v (x, t_x, value);
SELECT x, abs(discounted_purchases('pareto_nbd r 0.55, alpha 10.58, s 0.61, beta 11.67', 'infinity', 0.01, x, t_x, t) / value - 1) < 1e-11 AS right
FROM (VALUES (2, 30.43, 38.86, 2.7073279560694689), (0, 0, 30, 0.27548178357511215)) v (x, t_x, t, value);
SELECT left(model::text, 10) AS model, bool_and(without >= until) AS more, abs(min(without) / max(until) - 1) < 1e-13 AS limit
FROM (SELECT model, discounted_purchases(model, 'infinity', 0.05, 2, 12, 20) AS without, discounted_purchases(model, h, 0.05, 2, 12, 20) AS until FROM laws, unnest('{10,100,700,1000}'::float8[]) h) s GROUP BY model ORDER BY model::text;
-- what was asked before is not what is asked now
SELECT count(*) AS different FROM (SELECT expected_purchases(:bgnbd, h, x, 0, t) AS a, expected_purchases((:bgnbd || case when x < 0 then '.' else '' end)::purchase_model, h, x, 0, t) AS b
	FROM generate_series(1, 30) h, generate_series(1, 20) x, generate_series(1, 10) t) s WHERE a <> b;

-- records carry their unit
CREATE TABLE records AS SELECT id, ROW(x, t_x, t, mean, 'week')::clv_measures AS m, x, t_x, t, mean FROM ten;
SELECT bool_and(p_alive(:bgnbd, m) = p_alive(:bgnbd, x, t_x, t)) AND bool_and(expected_purchases(:bgnbd, 52, m) = expected_purchases(:bgnbd, 52, x, t_x, t))
   AND bool_and(discounted_purchases(:bgnbd, 52, 0.01, m) = discounted_purchases(:bgnbd, 52, 0.01, x, t_x, t)) AND bool_and(expected_spend(:spend, m) = expected_spend(:spend, x, mean))
   AND bool_and(customer_value(:bgnbd, :spend, 52, 0.01, m, 4) = customer_value(:bgnbd, :spend, 52, 0.01, x, t_x, t, mean, 4)) AND bool_and(model_log_likelihood(:bgnbd, m) = model_log_likelihood(:bgnbd, x, t_x, t)) AS same FROM records;
SELECT bgnbd_fit(m, 0.01) = bgnbd_fit(x, t_x, t, 1, 'week', 0.01) AND gamma_gamma_fit(m, 0.01) = gamma_gamma_fit(x, mean, 1, 0.01) AND pareto_nbd_fit(m) = pareto_nbd_fit(x, t_x, t, 'week') AND gamma_gamma_fit(m) = gamma_gamma_fit(x, mean) AS same FROM records;
SELECT p_alive(:bgnbd, ROW(NULL, 1, 2, 3, 'week')::clv_measures), p_alive(:bgnbd, NULL::clv_measures), expected_spend(:spend, ROW(1, 1, 2, NULL, 'week')::clv_measures), expected_spend(:spend, ROW(0, 0, 2, NULL, 'week')::clv_measures);
\set VERBOSITY default
SELECT p_alive('bgnbd r 0.243, alpha 30.9 days, a 0.793, b 2.426', m) FROM records; -- fail
SELECT expected_purchases('bgnbd r 0.243, alpha 4.41, a 0.793, b 2.426', 52, m) FROM records; -- fail
SELECT bgnbd_fit(ROW(1, 2, 3, 4, unit)::clv_measures) FROM unnest('{week,month}'::text[]) unit; -- fail
SELECT p_alive(:bgnbd, ROW(1, 2, 3, 4, 'decade')::clv_measures); -- fail
SELECT p_alive(:bgnbd, ROW(1, 4, 3, 4, 'week')::clv_measures); -- fail

-- what is refused
SELECT p_alive(:bgnbd, 1.5, 1, 2); -- fail
SELECT p_alive(:bgnbd, 1, 3, 2); -- fail
SELECT expected_purchases(:bgnbd, -1, 1, 1, 2); -- fail
SELECT expected_purchases(:bgnbd, 'NaN', 1, 1, 2); -- fail
SELECT expected_purchases(:bgnbd, 'Infinity'); -- fail
SELECT expected_purchases('bgbb alpha 1, beta 1, gamma 1, delta 1', 1.5, 1, 1, 2); -- fail
SELECT purchase_probability(:bgnbd, -1, 5); -- fail
SELECT discounted_purchases(:bgnbd, 52, -0.1, 1, 1, 2); -- fail
SELECT discounted_purchases(:bgnbd, 52, 0.1, 1, 1, 2, 0); -- fail
SELECT discounted_purchases(:bgnbd, 52, 0.1, 1, 1, 2, 1e-6); -- fail
SELECT discounted_purchases(:bgnbd, 'infinity', 0, 1, 1, 2); -- fail
SELECT discounted_purchases(:bgnbd, 'infinity', 1e-6, 1, 1, 2); -- fail
SELECT discounted_purchases(:bgnbd, '-infinity', 0.1, 1, 1, 2); -- fail
SELECT discounted_purchases(:bgnbd, 'infinity', 0.1, 1, 1, 2, 'infinity'); -- fail
SELECT expected_spend(:spend, 2, 0); -- fail
SELECT expected_spend('gamma_gamma p 0.2, q 0.7, gamma 15', 1, 10); -- fail
SELECT round(expected_spend('gamma_gamma p 0.2, q 0.7, gamma 15', 2, 10)::numeric, 6) AS has_a_mean;
