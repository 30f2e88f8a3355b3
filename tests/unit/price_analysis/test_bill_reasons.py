"""Why a bill changed: worked by hand, and adding up to the last fen whatever the bills are."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.analyses.price_analysis.analysis import analyse
from lianxin.analyses.price_analysis.bill_reasons.effects import EFFECTS, change_effects
from lianxin.analyses.price_analysis.billed_rows import BANDS

from .conftest import agreement, bill, customer, time_of_use

COLUMNS = ("kwh", *(f"kwh_{b}" for b in BANDS), "energy", "demand", "power_factor", "fund", "other", "days")


def explained(facts, before, after, *, plans=(), **tables):
    output = analyse(
        facts.given(
            bill=[bill(1, "2026-04", **before), bill(2, "2026-05", **after)],
            customer=[customer()],
            agreement=[agreement()],
            plans=plans,
            **tables,
        )
    )
    (row,) = output.tables["bill_change_reason"].to_pylist()
    return row


def effects(row):
    return {name: row[f"effect_{name}"] for name in EFFECTS if row[f"effect_{name}"]}


def test_more_energy_at_the_same_price_is_usage(facts) -> None:
    row = explained(
        facts,
        {"kwh": 100.0, "energy_amount": 60.0, "period_start": date(2026, 4, 1), "period_end": date(2026, 5, 1)},
        {"kwh": 150.0, "energy_amount": 90.0, "period_start": date(2026, 5, 1), "period_end": date(2026, 5, 31)},
    )
    assert effects(row) == {"usage": Decimal("30.0000")}
    assert row["sentence_en"] == (
        "The bill of 2026-05 is 90.00 CNY, 30.00 more than that of 2026-04, mainly because of more electricity used "
        "(+30.00)."
    )
    assert row["sentence_zh"] == "2026 年 5 月电费 90.00 元，比2026 年 4 月多 30.00 元：主要因为用电增多（+30.00 元）。"


def test_one_day_more_at_the_same_daily_use_is_days(facts) -> None:
    row = explained(facts, {"kwh": 30.0, "energy_amount": 30.0}, {"kwh": 31.0, "energy_amount": 31.0})
    assert effects(row) == {"days": Decimal("1.0000")}


def test_a_moved_load_is_band_mix_and_a_dearer_list_is_price(facts) -> None:
    # 100 kWh at peak 1.0 and 100 at valley 0.3, then 50 and 150: 130 → 95, days alike
    month = {"period_start": date(2026, 4, 1), "period_end": date(2026, 5, 1)}
    row = explained(
        facts,
        {"kwh": 200.0, "kwh_peak": 100.0, "kwh_valley": 100.0, "energy_amount": 130.0, **month},
        {"kwh": 200.0, "kwh_peak": 50.0, "kwh_valley": 150.0, "energy_amount": 95.0, **month},
        plans=[time_of_use()],
    )
    assert effects(row) == {"band_mix": Decimal("-35.0000")}
    row = explained(
        facts,
        {"kwh": 200.0, "kwh_peak": 100.0, "kwh_valley": 100.0, "energy_amount": 130.0, **month},
        {"kwh": 200.0, "kwh_peak": 100.0, "kwh_valley": 100.0, "energy_amount": 143.0, **month},
        plans=[time_of_use()],
    )
    assert effects(row) == {"price": Decimal("13.0000")}


def test_demand_power_factor_and_late_fees_have_their_own_effects(facts) -> None:
    month = {"period_start": date(2026, 4, 1), "period_end": date(2026, 5, 1), "kwh": 100.0, "energy_amount": 100.0}
    row = explained(
        facts,
        {**month, "demand_amount": 100.0, "power_factor_amount": 0.0, "other_amount": 0.0},
        {**month, "demand_amount": 120.0, "power_factor_amount": 11.0, "other_amount": 3.0},
    )
    # the share goes from 0 to 5 %: half of it lifts the demand charge's 20, the rest is its own (mean base 210 × 5 %)
    assert effects(row) == {"demand": Decimal("20.5"), "power_factor": Decimal("10.5"), "other": Decimal(3)}


def test_a_bill_after_a_month_without_energy_is_usage(facts) -> None:
    month = {"period_start": date(2026, 4, 1), "period_end": date(2026, 5, 1)}
    row = explained(facts, {"kwh": 0.0, "energy_amount": 0.0, **month}, {"kwh": 10.0, "energy_amount": 6.0, **month})
    assert effects(row) == {"usage": Decimal(6)}


def test_weather_counts_by_the_customers_own_response(facts) -> None:
    # 10 kWh a day, and 2 kWh more for each degree above 22 °C
    warm = {month: 22 + (month - 4) * 2.0 if 4 < month < 9 else 20.0 for month in range(1, 13)}
    months = [(2025, m) for m in range(1, 13)] + [(2026, m) for m in range(1, 7)]
    bills, weather = [], []
    for number, (year, month) in enumerate(months):
        temperature = warm[month]
        days = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
        kwh = days * (10 + 2 * max(0.0, temperature - 22)) + (number % 3) * 0.01
        bills.append(bill(number, f"{year}-{month:02d}", kwh=kwh, energy_amount=round(kwh * 0.5, 2)))
        weather += [
            {"station_id": "S", "day": date(year, month, day + 1), "mean_c": temperature} for day in range(days)
        ]
    output = analyse(
        facts.given(
            bill=bills, customer=[customer()], agreement=[agreement()], weather_daily=weather, as_of=date(2026, 7, 31)
        )
    )
    rows = {row["from_period"]: row for row in output.tables["bill_change_reason"].to_pylist()}
    # May to June: 2 degrees more, 2 kWh each, 30.5 days, 0.5 a kWh
    assert float(rows["2026-05"]["effect_weather"]) == pytest.approx(2 * 2 * 30.5 * 0.5, abs=0.5)
    assert float(rows["2025-06"]["effect_weather"]) == 0


def pairs(values):
    frame = {}
    for suffix, part in (("_before", values[0]), ("", values[1])):
        for name, value in zip(COLUMNS, part, strict=True):
            frame[f"{name}{suffix}"] = [float(value)]
        frame[f"total{suffix}"] = [round(sum(part[6:11]) * 100) * 100]
        for band in BANDS:
            frame[f"price_{band}{suffix}"] = [0.5]
        frame |= {f"{name}{suffix}": [3.0 if suffix else 5.0] for name in ("heating", "cooling")}
    return pl.DataFrame(frame | {"per_heating": [1.0], "per_cooling": [0.0]})


@given(st.integers(0, 2**32 - 1))
def test_the_effects_add_up_to_the_last_fen_whatever_the_bills(seed) -> None:
    random = np.random.default_rng(seed)

    def some(*values):
        return float(random.choice(values))

    def side():
        bands = [some(0, random.exponential(1e3), -50.0, 1e-6) for _ in BANDS]
        amounts = [round(some(0, random.normal(0, 1e4), random.exponential(100)), 2) for _ in range(5)]
        return (round(some(0, sum(bands), 1e-6), 6), *bands, *amounts, int(some(0, 1, 30, 31, 62)))

    frame = pairs((side(), side()))
    found = change_effects(frame)
    assert found.sum() == frame["total"][0] - frame["total_before"][0]
    assert np.all(found % 100 == 0)
