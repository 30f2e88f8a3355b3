-- The result load_profile written by hand, independent of the Ibis expressions.
-- Given: readings(usage_point_id, start_at timestamptz, minutes ≥ 15, kwh, kvarh, kvarh_leading),
--        offsets(seconds): one row, the constant offset of local time; workdays(day, is_workday).
WITH local AS (
    SELECT r.usage_point_id, r.minutes, r.kwh, r.kvarh, r.kvarh_leading,
           r.start_at::TIMESTAMP + to_seconds(o.seconds) AS at_local
    FROM readings r, offsets o
),
timed AS (
    SELECT l.*, strftime(at_local, '%Y-%m') AS month, w.is_workday,
           (hour(at_local) * 60 + minute(at_local)) // minutes AS slot,
           kwh * 60.0 / minutes AS kw
    FROM local l JOIN workdays w ON w.day = at_local::DATE
),
sums AS (
    SELECT usage_point_id, month,
           sum(kwh) AS kwh, sum(kvarh) AS kvarh, sum(kvarh_leading) AS kvarh_leading,
           sum(kwh) FILTER (kvarh IS NOT NULL) AS kwh_with_reactive,
           max(kw) AS peak_kw, min(kw) AS least_kw,
           sum(minutes) FILTER (kwh IS NOT NULL) / 60.0 AS hours, count(kwh) AS intervals
    FROM timed GROUP BY ALL
),
curves AS (
    SELECT usage_point_id, month, is_workday, slot, avg(kw) AS kw
    FROM timed GROUP BY ALL
),
days AS (
    SELECT usage_point_id, month,
           list(kw ORDER BY slot) FILTER (is_workday) AS typical_workday,
           list(kw ORDER BY slot) FILTER (NOT is_workday) AS typical_restday
    FROM curves GROUP BY ALL
)
SELECT s.usage_point_id, s.month, s.kwh, s.kvarh, s.kvarh_leading, s.peak_kw,
       s.kwh / s.hours / s.peak_kw AS load_factor,
       s.peak_kw - s.least_kw AS peak_valley_difference,
       s.kwh_with_reactive / sqrt(s.kwh_with_reactive ** 2 + (s.kvarh + coalesce(s.kvarh_leading, 0)) ** 2) AS power_factor,
       s.kwh_with_reactive / sqrt(s.kwh_with_reactive ** 2 + s.kvarh ** 2) AS power_factor_lagging,
       d.typical_workday, d.typical_restday, s.intervals
FROM sums s JOIN days d USING (usage_point_id, month)
ORDER BY usage_point_id, month
