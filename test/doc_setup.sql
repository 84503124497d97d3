-- The small tables that the examples of all documentation pages share.
SET client_min_messages = warning;

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  name        text NOT NULL,
  region      text NOT NULL,
  revenue     numeric(14,2),            -- of the last twelve months; NULL: never bought
  orders      int NOT NULL,
  last_order  date,
  days_overdue int NOT NULL             -- of the oldest open invoice; 0: none
);
INSERT INTO customers VALUES
  ( 1, 'Aurora Foods',   'North', 412000.00, 46, '2026-06-24',  0),
  ( 2, 'Baltic Timber',  'North', 187500.00, 21, '2026-06-10',  0),
  ( 3, 'Crown Textiles', 'South', 132400.50, 33, '2026-06-28', 12),
  ( 4, 'Delta Marine',   'South',  98000.00, 12, '2026-05-02', 45),
  ( 5, 'Elm Pharmacy',   'North',  45200.00, 17, '2026-06-19',  0),
  ( 6, 'Foster & Sons',  'West',   45200.00,  9, '2026-03-14',  0),
  ( 7, 'Garnet Tools',   'West',   21750.25,  6, '2026-04-30', 95),
  ( 8, 'Harbour Cafe',   'South',  12300.00, 28, '2026-06-29',  0),
  ( 9, 'Iris Optics',    'West',    8800.00,  4, '2025-12-01',  0),
  (10, 'Juniper Books',  'North',   5100.00,  3, '2026-02-11', 30),
  (11, 'Kite Travel',    'South',   2400.00,  2, '2025-10-20',  0),
  (12, 'Lumen Studio',   'West',     -300.00,  1, '2025-09-05',  0),
  (13, 'Mango Market',   'South',      NULL,  0, NULL,           0);

CREATE TABLE prospects (
  prospect_id    int PRIMARY KEY,
  name           text NOT NULL,
  expected_close date NOT NULL
);
INSERT INTO prospects VALUES
  (1, 'Nova Labs',     '2026-06-25'),
  (2, 'Opal Dental',   '2026-07-20'),
  (3, 'Pine Logistics', '2026-09-15'),
  (4, 'Quartz Hotels', '2026-12-01'),
  (5, 'River Energy',  '2027-05-01');
