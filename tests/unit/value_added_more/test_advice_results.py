"""From facts to rows: load_shift_advice and efficiency_advice of a small supplier."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lianxin.analyses.value_added.agreement_year import agreement_years
from lianxin.analyses.value_added.efficiency.results import results as efficiency_results
from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.analyses.value_added.shift.results import results as shift_results
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import read_plan

PLAN = """
id = "two-band"
name = { zh = "两段", en = "Two bands" }
time_zone = "Asia/Shanghai"
[[version]]
valid_from = 2020-01-01
energy = { flat = 0.6, peak = 1.0, valley = 0.4 }
[[version.periods]]
peak = ["08:00-20:00"]
valley = ["00:00-08:00", "20:00-24:00"]
"""
AS_OF = date(2025, 12, 31)


@pytest.fixture
def supplier(given_on_duckdb):
    """One industrial agreement, one without a plan, and a resident, each at a level 100 kW."""
    start = datetime(2025, 1, 1, tzinfo=UTC) - timedelta(hours=8)
    kinds = {
        "I": ("large_industrial", "two-band"),
        "N": ("large_industrial", "unknown"),
        "R": ("residential", "two-band"),
    }
    given = given_on_duckdb(
        AS_OF,
        customer=[{"customer_id": name, "customer_class": kind} for name, (kind, _plan) in kinds.items()],
        agreement=[
            {"agreement_id": f"{name}-A", "customer_id": name, "plan_id": plan} for name, (_kind, plan) in kinds.items()
        ],
        usage_point=[{"usage_point_id": f"{name}-U", "agreement_id": f"{name}-A"} for name in kinds],
        interval_reading=[
            {"usage_point_id": f"{name}-U", "start_at": start + timedelta(hours=hour), "minutes": 60, "kwh": 100.0}
            for name in kinds
            for hour in range(365 * 24)
        ],
    )
    facts = PriceFacts(plans={"two-band": read_plan(PLAN)}, calendar=Calendar())
    return given, [year for chunk in agreement_years(given, facts=facts) for year in chunk]


def test_shift_advice_is_made_where_it_can_be_and_the_rest_is_counted(supplier):
    given, years = supplier
    table, (note,) = shift_results(given, years)
    (row,) = table.to_pylist()
    assert row["agreement_id"] == "I-A"
    # 12 % of 2,400 kWh a day at a difference of 0.6, within 12 h and 30 % of an hour: 288 × 0.6 × 365
    assert row["annual_saving"] == Decimal("63072.0000")
    assert (row["from_band"], row["to_band"]) == ("peak", "valley")
    assert "12%" in row["limits"]
    assert (note.column, note.missing) == ("agreement_id", 2)
    assert "no plan in the catalogue" in note.needed.en
    assert "no limits are configured" in note.needed.en


def test_efficiency_advice_says_of_each_measure_why_there_is_none(supplier):
    given, years = supplier
    table, (note,) = efficiency_results(given, years)
    rows = {(row["agreement_id"], row["measure"]): row for row in table.to_pylist()}
    # motors: 60 % of a level load, 8 % saved: 4.8 kW × 1.4 ÷ 2 × 8,760 h
    assert rows["I-A", "motor"]["annual_saving"] == Decimal("29433.6000")
    assert rows["I-A", "motor"]["cost"] == Decimal("27000.0000")
    assert ("I-A", "ice_storage") not in rows
    assert "ice_storage 1: no daily temperature" in note.needed.en
    assert "* 1: no end-use shares" in note.needed.en
