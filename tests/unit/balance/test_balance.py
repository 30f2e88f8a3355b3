"""Balances worked out by hand, and the levels of a shortage at their bounds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lianxin.analyses.demand_forecast.balance.config import BalanceConfig, shortage_levels
from lianxin.analyses.demand_forecast.balance.energy import Past, energy_balance, loss_rate
from lianxin.analyses.demand_forecast.balance.power import power_balance
from lianxin.analyses.demand_forecast.balance.territory import of_area, totals
from lianxin.foundation.errors import SettingsInvalid

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 7, 20, 4, tzinfo=UTC)
LEVELS = shortage_levels(None)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (-0.1, "none"),
        (0.0, "none"),
        (0.01, "IV"),
        (0.05, "IV"),
        (0.051, "III"),
        (0.10, "III"),
        (0.11, "II"),
        (0.2, "I"),
        (0.5, "I"),
    ],
)
def test_levels_of_2011_by_gap_over_peak(share: float, level: str) -> None:
    assert LEVELS.level(share, day=date(2026, 7, 20)) == level


def test_a_newer_rule_holds_from_its_day() -> None:
    own = shortage_levels(
        {
            "version": [
                {"valid_from": date(2011, 5, 1), "level": [{"code": "IV", "above": 0.0}]},
                {"valid_from": date(2024, 1, 1), "level": [{"code": "I", "from": 0.5}]},
            ]
        }
    )
    assert own.level(0.3, day=date(2023, 7, 1)) == "IV"
    assert own.level(0.3, day=date(2024, 7, 1)) == "none"
    assert own.level(0.3, day=date(2010, 7, 1)) == "none"
    with pytest.raises(SettingsInvalid):
        shortage_levels({"version": [{"valid_from": date(2024, 1, 1), "level": [{"code": "V", "above": 0.1}]}]})


def interval(hours: float, minutes: int, **values: float) -> dict:
    return {"start_at": NOON + timedelta(hours=hours), "minutes": minutes, **values}


def frame(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(rows, schema_overrides={"start_at": pl.Datetime("us", "UTC"), "minutes": pl.Int64})


def balanced(demand: pl.DataFrame, supply: pl.DataFrame) -> list[dict]:
    return power_balance(
        area="A", demand=demand, supply=supply, zone=ZONE, levels=LEVELS, config=BalanceConfig()
    ).to_dicts()


def test_gap_is_demand_less_supply_and_its_level_is_by_the_peak_of_the_day() -> None:
    demand = frame(interval(0, 60, p50_kw=1000.0, p90_kw=1100.0), interval(1, 60, p50_kw=500.0, p90_kw=550.0))
    supply = frame(interval(0, 60, available_kw=940.0), interval(1, 60, available_kw=600.0))
    first, second = balanced(demand, supply)
    # 60 of 1,000 is 6 %: level III
    assert (first["gap_p50_kw"], first["gap_p90_kw"], first["level"]) == (60.0, 160.0, "III")
    assert (second["gap_p50_kw"], second["level"]) == (-100.0, "none")


def test_the_least_supply_within_a_longer_interval_counts_and_unknown_supply_leaves_the_row_out() -> None:
    demand = frame(interval(0, 60, p50_kw=100.0, p90_kw=100.0), interval(1, 60, p50_kw=100.0, p90_kw=100.0))
    supply = frame(*(interval(number / 4, 15, available_kw=90.0 + number) for number in range(7)))
    rows = balanced(demand, supply)
    assert [row["available_kw"] for row in rows] == [90.0]
    fine = frame(*(interval(number / 4, 15, p50_kw=1.0, p90_kw=1.0) for number in range(4)))
    assert [row["available_kw"] for row in balanced(fine, frame(interval(0, 60, available_kw=9.0)))] == [9.0] * 4


def test_purchase_is_energy_at_the_entry_and_sales_are_that_less_losses() -> None:
    forecast = pl.DataFrame({"month": ["2026-07"], "p50_kwh": [1000.0], "p90_kwh": [1100.0]})
    contracted = pl.DataFrame({"month": ["2026-07"], "contracted_kwh": [950.0]})
    row = energy_balance(area="A", forecast=forecast, contracted=contracted, loss_rate=0.05).to_dicts()[0]
    assert row["sales_p50_kwh"] == 950.0
    assert row["purchase_needed_p50_kwh"] == pytest.approx(row["sales_p50_kwh"] / (1 - row["loss_rate"]))
    assert row["gap_kwh"] == 50.0


def test_loss_rate_counts_the_bills_of_all_areas_below() -> None:
    months = ["2026-01", "2026-02", "2026-03"]
    entry = pl.DataFrame({"area_id": ["city"] * 3, "month": months, "kwh": [100.0] * 3})
    sales = pl.DataFrame({"area_id": ["east", "west", "east"], "month": months, "kwh": [96.0, 95.0, 94.0]})
    tree = {"city": ["east", "west"]}
    assert loss_rate("city", known=Past(entry=entry, sales=sales), tree=tree, config=BalanceConfig()) == pytest.approx(
        0.05
    )
    # bills in another unit give no rate that could be
    wrong = sales.with_columns(pl.col("kwh") / 1000)
    assert loss_rate("city", known=Past(entry=entry, sales=wrong), tree=tree, config=BalanceConfig()) is None


def test_totals_take_the_total_where_there_is_one_and_sums_below_where_there_is_none() -> None:
    forecast = pl.DataFrame(
        {
            "area_id": ["a", "a", "b", "b"],
            "customer_class": ["all", "residential", "residential", "commercial"],
            "month": ["2026-07"] * 4,
            "p50_kwh": [10.0, 4.0, 5.0, 6.0],
        }
    )
    found = totals(forecast.to_arrow(), by=["month"], values=["p50_kwh"])
    assert dict(found.select("area_id", "p50_kwh").iter_rows()) == {"a": 10.0, "b": 11.0}
    assert of_area(found, "city", {"city": ["a", "b"]}, by=["month"])["p50_kwh"].to_list() == [21.0]
