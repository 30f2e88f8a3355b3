-- Bills of Henan-like readings, worked out by hand in SQL: DECIMAL arithmetic, ROUND is half away from zero.
-- Plan: sharp 1.302, peak 1.054, flat 0.62, valley 0.248; 36.1 per kW of contract demand C = 1000, capacity 2000;
-- above 105 % double; 260 kWh/kVA → 10 % off; standard 0.90; renewable 0.019.
WITH local AS (
    SELECT customer, start_at + INTERVAL 8 HOUR AS local_at, kwh, kvarh, kvarh_leading FROM reading
),
banded AS (
    SELECT customer, strftime(local_at, '%Y-%m') AS month, kwh, kvarh, kvarh_leading,
        CASE
            WHEN hour(local_at) < 7 THEN 'valley'
            WHEN month(local_at) IN (1, 12) AND hour(local_at) BETWEEN 17 AND 18 THEN 'sharp'
            WHEN month(local_at) IN (7, 8) AND hour(local_at) BETWEEN 20 AND 22 THEN 'sharp'
            WHEN hour(local_at) >= 16 THEN 'peak'
            ELSE 'flat'
        END AS band
    FROM local
),
sums AS (
    SELECT customer, month,
        COALESCE(SUM(kwh) FILTER (WHERE band = 'sharp'), 0) AS sharp, SUM(kwh) FILTER (WHERE band = 'peak') AS peak,
        SUM(kwh) FILTER (WHERE band = 'flat') AS flat, SUM(kwh) FILTER (WHERE band = 'valley') AS valley,
        SUM(kwh) AS kwh, SUM(kvarh) + SUM(kvarh_leading) AS kvarh, MAX(kwh) * 4 AS kw
    FROM banded GROUP BY customer, month
),
charges AS (
    SELECT *,
        ROUND(sharp * 1.302, 2) AS e_sharp, ROUND(peak * 1.054, 2) AS e_peak,
        ROUND(flat * 0.62, 2) AS e_flat, ROUND(valley * 0.248, 2) AS e_valley,
        36100.00 AS d_contract, ROUND(GREATEST(kw - 1050, 0) * 72.2, 2) AS d_overrun,
        -- the largest h with ((2h − 1)/200)² ≤ kWh²/(kWh² + kvarh²)
        (SELECT MAX(h) FROM range(0, 101) AS hundredth(h)
         WHERE h = 0 OR (2 * h - 1) * (2 * h - 1) * (kwh * kwh + kvarh * kvarh) <= 40000 * kwh * kwh) AS factor
    FROM sums
),
discounted AS (
    SELECT *, CASE WHEN kwh >= 260 * 2000 THEN -ROUND((d_contract + d_overrun) * 0.1, 2) ELSE 0 END AS d_discount
    FROM charges
),
adjusted AS (
    SELECT *,
        CASE
            WHEN factor >= 90 THEN -0.15 * LEAST(factor - 90, 5)
            WHEN factor >= 70 THEN 0.5 * (90 - factor)
            WHEN factor >= 65 THEN 10 + 1.0 * (70 - factor)
            ELSE 15 + 2.0 * (65 - factor)
        END AS percent
    FROM discounted
)
SELECT customer, month, factor, e_sharp, e_peak, e_flat, e_valley, d_contract, d_overrun, d_discount,
    ROUND((e_sharp + e_peak + e_flat + e_valley + d_contract + d_overrun + d_discount)
          * CAST(percent AS DECIMAL(6, 2)) / 100::DECIMAL(4, 0), 2) AS adjustment,
    ROUND(kwh * 0.019, 2) AS fund
FROM adjusted ORDER BY customer, month
