"""What NREL's SAM (PySAM Utilityrate5) bills for a URDB rate, and random rates within what both can do."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from PySAM import Utilityrate5

# SAM's year has 365 days and begins on a Monday: 2018 does too.
SAM_YEAR = 2018
NO_LIMIT = 1e38


def monthly_bills(rate, load_kw):
    """Twelve unrounded bills of a year's mean loads (365 days in equal intervals from 1 January)."""
    model = Utilityrate5.new()
    model.Lifetime.analysis_period = 1
    model.Lifetime.system_use_lifetime_output = 0
    model.Lifetime.inflation_rate = 0
    model.SystemOutput.gen = [0.0] * len(load_kw)
    model.SystemOutput.degradation = [0]
    model.Load.load = list(map(float, load_kw))
    model.Load.load_escalation = [0]
    electricity = model.ElectricityRates
    electricity.en_electricity_rates = 1
    electricity.rate_escalation = [0]
    electricity.ur_metering_option = 4
    electricity.ur_monthly_fixed_charge = float(rate.get("fixedchargefirstmeter", 0))
    for name in ("ur_monthly_min_charge", "ur_annual_min_charge", "ur_nm_yearend_sell_rate", "ur_sell_eq_buy"):
        setattr(electricity, name, 0)
    for name in ("ur_en_ts_sell_rate", "ur_en_ts_buy_rate", "ur_enable_billing_demand"):
        setattr(electricity, name, 0)
    electricity.ur_ec_sched_weekday = _schedule(rate, "energyweekdayschedule")
    electricity.ur_ec_sched_weekend = _schedule(rate, "energyweekendschedule")
    electricity.ur_ec_tou_mat = [
        [period + 1, tier + 1, _limit(row), 0, _price(row), 0]
        for period, tiers in enumerate(rate["energyratestructure"])
        for tier, row in enumerate(tiers)
    ]
    electricity.ur_dc_enable = 1
    electricity.ur_dc_sched_weekday = _schedule(rate, "demandweekdayschedule")
    electricity.ur_dc_sched_weekend = _schedule(rate, "demandweekendschedule")
    electricity.ur_dc_tou_mat = [
        [period + 1, tier + 1, _limit(row), _price(row)]
        for period, tiers in enumerate(rate.get("demandratestructure") or [[{"rate": 0}]])
        for tier, row in enumerate(tiers)
    ]
    flat, months = rate.get("flatdemandstructure") or [[{"rate": 0}]], rate.get("flatdemandmonths") or [0] * 12
    electricity.ur_dc_flat_mat = [
        [month, tier + 1, _limit(row), _price(row)]
        for month in range(12)
        for tier, row in enumerate(flat[months[month]])
    ]
    model.execute(0)
    return np.array(model.Outputs.year1_monthly_utility_bill_wo_sys)


def _schedule(rate, name):
    return [[period + 1 for period in hours] for hours in rate.get(name) or [[0] * 24] * 12]


def _limit(row):
    return float(row.get("max", NO_LIMIT))


def _price(row):
    return float(Decimal(str(row.get("rate", 0))) + Decimal(str(row.get("adj", 0))))


def random_rate(rng):
    """A URDB rate with random schedules: energy by period or tiers alone, flat and period demand, a fixed charge."""
    periods = int(rng.integers(1, 6))
    rate = {
        "name": "random",
        "startdate": int(datetime(2010, 1, 1, tzinfo=UTC).timestamp()),
        "fixedchargefirstmeter": round(float(rng.uniform(0, 500)), 2),
        "fixedchargeunits": "$/month",
        "energyratestructure": [[_tier(rng)] for _ in range(periods)],
        "energyweekdayschedule": _random_schedule(rng, periods),
        "energyweekendschedule": _random_schedule(rng, periods),
    }
    if periods == 1:
        rate["energyratestructure"] = [_tiers(rng, int(rng.integers(1, 4)), 20_000)]
    if rng.random() < 0.7:
        kinds = int(rng.integers(1, 4))
        rate["flatdemandstructure"] = [_tiers(rng, int(rng.integers(1, 3)), 200) for _ in range(kinds)]
        rate["flatdemandmonths"] = rng.integers(0, kinds, 12).tolist()
    if rng.random() < 0.7:
        kinds = int(rng.integers(1, 4))
        # SAM wants the same limits in every period of a month
        limits = [row.get("max") for row in _tiers(rng, int(rng.integers(1, 3)), 200)]
        rate["demandratestructure"] = [
            [_tier(rng) | ({} if limit is None else {"max": limit}) for limit in limits] for _ in range(kinds)
        ]
        rate["demandweekdayschedule"] = _random_schedule(rng, kinds)
        rate["demandweekendschedule"] = _random_schedule(rng, kinds)
    return rate


def _tier(rng):
    return {"rate": round(float(rng.uniform(0.01, 0.5)), 5), "adj": round(float(rng.uniform(0, 0.01)), 5)}


def _tiers(rng, count, size):
    rows = [_tier(rng) for _ in range(count)]
    limits = np.sort(rng.choice(np.arange(1, 20), count - 1, replace=False)) * size / 10
    return [row | {"max": float(limit)} for row, limit in zip(rows, limits, strict=False)] + rows[-1:]


def _random_schedule(rng, periods):
    by_season = [_random_hours(rng, periods) for _ in range(2)]
    return [by_season[month in range(5, 9)] for month in range(12)]


def _random_hours(rng, periods):
    cuts, kinds = np.sort(rng.integers(0, 24, 4)), rng.integers(0, periods, 5)
    return [int(kinds[np.searchsorted(cuts, hour, side="right")]) for hour in range(24)]
