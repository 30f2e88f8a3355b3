"""Energy by band and tier worked by hand: each band edge, each tier edge, months of 28 to 31 days."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, parse_plan, rate, rate_quantities, readings, terms

NAME = {"zh": "p", "en": "p"}
JANUARY = {
    "valid_from": "2020-01-01",
    "energy": {"flat": "0.62", "sharp": "1.302", "peak": "1.054", "valley": "0.248", "deep_valley": "0.124"},
    "periods": [
        {
            "sharp": ["17:00-19:00"],
            "peak": ["16:00-17:00", "19:00-23:15"],
            "valley": ["00:00-07:00"],
            "deep_valley": ["12:00-13:30"],
        }
    ],
}


def plan(*versions):
    return parse_plan({"id": "p", "name": NAME, "version": list(versions)})


def day_of(quarter_hours, *, day="2026-01-05"):
    """A day of Beijing time on which only some quarter hours have a kWh."""
    start = np.datetime64(f"{day}T00:00", "us") - np.timedelta64(8, "h") + np.arange(96) * np.timedelta64(15, "m")
    kwh = np.zeros(96)
    kwh[quarter_hours] = 1
    return readings(start_at=start, minutes=15, kwh=kwh)


@pytest.mark.parametrize(
    ("clock", "band"),
    [
        ("00:00", "valley"),
        ("06:45", "valley"),
        ("07:00", "flat"),
        ("11:45", "flat"),
        ("12:00", "deep_valley"),
        ("13:15", "deep_valley"),
        ("13:30", "flat"),
        ("15:45", "flat"),
        ("16:00", "peak"),
        ("16:45", "peak"),
        ("17:00", "sharp"),
        ("18:45", "sharp"),
        ("19:00", "peak"),
        ("23:00", "peak"),
        ("23:15", "flat"),
        ("23:45", "flat"),
    ],
)
def test_each_edge_of_a_band(clock, band):
    hour, minute = map(int, clock.split(":"))
    (bill,) = rate(plan=plan(JANUARY), readings=day_of([hour * 4 + minute // 15]), terms=terms()).checked()
    assert {name for name, kwh in bill.kwh_by_band.items() if kwh} == {band}
    # one kWh costs its price, rounded half up
    cents = {"flat": "0.62", "sharp": "1.30", "peak": "1.05", "valley": "0.25", "deep_valley": "0.12"}
    assert str(bill.total) == cents[band]


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [(2026, 1, 31), (2026, 2, 28), (2028, 2, 29), (2026, 4, 30), (2026, 12, 31), (2027, 2, 28), (2024, 2, 29)],
)
def test_a_whole_month_has_as_many_hours_in_each_band_as_days(year, month, days):
    first = np.datetime64(f"{year}-{month:02d}-01T00:00", "us") - np.timedelta64(8, "h")
    start = first + np.arange(days * 96) * np.timedelta64(15, "m")
    rows = readings(start_at=start, minutes=15, kwh=np.full(days * 96, 0.25))
    (bill,) = rate(plan=plan(JANUARY), readings=rows, terms=terms()).checked()
    hours = {
        "sharp": Decimal(2),
        "peak": Decimal("5.25"),
        "flat": Decimal("8.25"),
        "valley": Decimal(7),
        "deep_valley": Decimal("1.5"),
    }
    assert bill.kwh_by_band == {band: count * days for band, count in hours.items()}
    assert (bill.start, bill.end) == (date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


ZHEJIANG = [
    {"up_to_kwh": 2760, "period": "year", "price": "0.538"},
    {"up_to_kwh": 4800, "period": "year", "price": "0.588"},
    {"period": "year", "price": "0.838"},
]


@pytest.mark.parametrize(
    ("used", "kwh", "amounts"),
    [
        ("0", "100", ["53.80"]),
        ("2660", "100", ["53.80"]),  # up to the edge belongs to the first tier
        ("2660", "101", ["53.80", "0.59"]),  # 1 × 0.588
        ("2760", "100", [None, "58.80"]),
        ("2759.99", "0.02", ["0.01", "0.01"]),  # 0.01 × 0.538 = 0.00538, 0.01 × 0.588 = 0.00588
        ("4700", "100", [None, "58.80"]),
        ("4700", "101", [None, "58.80", "0.84"]),
        ("4800", "100", [None, None, "83.80"]),
        ("0", "5000", ["1484.88", "1199.52", "167.60"]),
        ("9000", "1", [None, None, "0.84"]),
    ],
)
def test_each_edge_of_the_yearly_tiers_of_zhejiang(used, kwh, amounts):
    bill = rate_quantities(
        plan=plan({"valid_from": "2020-01-01", "tiers": ZHEJIANG}),
        month=Month(2026, 7),
        quantities=Quantities(kwh_by_band={"flat": Decimal(kwh)}),
        terms=terms(),
        used_in_year_kwh=Decimal(used),
    )
    expected = {f"energy.tier{n}": amount for n, amount in enumerate(amounts, 1) if amount is not None}
    assert {line.code: str(line.amount) for line in bill.lines} == expected


@pytest.mark.parametrize(
    ("kwh", "total"),
    [("200", "120.00"), ("200.01", "120.01"), ("400", "260.00"), ("400.01", "260.01"), ("500", "350.00")],
)
def test_each_edge_of_monthly_tiers(kwh, total):
    tiers = [
        {"up_to_kwh": 200, "period": "month", "price": "0.6"},
        {"up_to_kwh": 400, "period": "month", "price": "0.7"},
        {"period": "month", "price": "0.9"},
    ]
    bill = rate_quantities(
        plan=plan({"valid_from": "2020-01-01", "tiers": tiers}),
        month=Month(2026, 7),
        quantities=Quantities(kwh_by_band={"flat": Decimal(kwh)}),
        terms=terms(),
        used_in_year_kwh=Decimal(10_000),
    )
    assert str(bill.total) == total


@pytest.mark.parametrize(("kwh", "added"), [("100", "0.00"), ("2760", "0.00"), ("2860", "5.00"), ("4900", "132.00")])
def test_tiers_beside_bands_add_to_the_price(kwh, added):
    version = {
        "valid_from": "2020-01-01",
        "energy": {"flat": "0.5"},
        "tiers": [
            {"up_to_kwh": 2760, "adder": 0},
            {"up_to_kwh": 4800, "adder": "0.05"},
            {"adder": "0.3"},
        ],
    }
    bill = rate_quantities(
        plan=plan(version),
        month=Month(2026, 1),
        quantities=Quantities(kwh_by_band={"flat": Decimal(kwh)}),
        terms=terms(),
    )
    tiers = sum(line.amount for line in bill.lines if line.code.startswith("energy.tier"))
    assert str(Decimal(tiers).quantize(Decimal("0.01"))) == added
    assert bill.total == Decimal(kwh) / 2 + tiers


def test_yearly_tiers_start_anew_on_the_first_of_january():
    # 1,000 kWh a day in December 2025 and January 2026
    start = np.datetime64("2025-11-30T16:00", "us") + np.arange(62) * np.timedelta64(1, "D")
    rows = readings(start_at=start, minutes=1440, kwh=np.full(62, 1000.0))
    december, january = rate(
        plan=plan({"valid_from": "2020-01-01", "tiers": ZHEJIANG}), readings=rows, terms=terms(used_before_kwh=4000)
    ).checked()
    assert {line.code: line.quantity for line in december.lines} == {"energy.tier2": 800, "energy.tier3": 30_200}
    assert {line.code: line.quantity for line in january.lines} == {
        "energy.tier1": 2760,
        "energy.tier2": 2040,
        "energy.tier3": 26_200,
    }
