"""Rating a frame of readings as the command does."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from lianxin.tariff import terms
from lianxin.tariff.refusals import PlanUnknown, PlanUnreadable, ReadingsEmpty, ReadingsMissing
from lianxin.workflows.plans import list_plans, list_text, show_plan, show_text
from lianxin.workflows.rate import rate_readings

PLAN = """
id = "own"
name = { zh = "自有方案", en = "Own plan" }
[[version]]
valid_from = 2026-01-01
energy = { flat = 0.5 }
[[version.funds]]
code = "renewable"
per_kwh = 0.019
"""


def january(**columns):
    start = pl.datetime_range(
        datetime(2025, 12, 31, 16), datetime(2026, 1, 31, 16), "1h", closed="left", eager=True, time_zone="UTC"
    )
    return pl.DataFrame({"start_at": start, "kwh": 1.0}).with_columns(pl.lit(60).alias("minutes"), **columns)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def test_a_plan_of_the_workspace_bills_a_frame(folder):
    found = rate_readings(plan="own", frame=january(), terms=terms(), plan_folder=folder)
    (bill,) = found.to_json("en")
    assert (bill["month"], bill["total"]) == ("2026-01", "386.14")  # 744 × 0.5 + 744 × 0.019 = 372 + 14.136
    assert "usage_point_id" not in bill


def test_a_toml_file_by_its_path(folder):
    found = rate_readings(plan=str(folder / "own.toml"), frame=january(), terms=terms())
    assert [str(bill.total) for bill in found.bills] == ["386.14"]


def test_several_usage_points_are_billed_apart():
    both = pl.concat([january(usage_point_id=pl.lit(point)) for point in ("B", "A")])
    found = rate_readings(plan="cn-zhejiang-residential", frame=both, terms=terms())
    assert [(row["usage_point_id"], row["total"]) for row in found.to_json()] == [("A", "400.27"), ("B", "400.27")]


def test_empty_cells_are_gaps_and_name_their_month():
    frame = january().with_columns(pl.when(pl.col("start_at").dt.hour() == 3).then(None).otherwise("kwh").alias("kwh"))
    found = rate_readings(plan="cn-zhejiang-residential", frame=frame, terms=terms())
    assert found.to_json() == []
    (reason,) = found.refused
    assert isinstance(reason, ReadingsMissing)
    assert "31" in reason.message("zh")


def test_a_column_that_is_empty_throughout_is_not_metered():
    frame = january(kvarh=pl.lit(0.75), kvarh_leading=pl.lit(None, dtype=pl.Float64))
    found = rate_readings(
        plan="cn-henan-lv-single-part", frame=frame, terms=terms(power_factor_standard=0.85, capacity_kva=100)
    )
    (bill,) = found.bills
    assert bill.power_factor_hundredths == 80


def test_monthly_prices_and_temperatures_come_from_the_fact_tables():
    prices = pl.DataFrame(
        {
            "plan_id": ["cn-guangdong-10kv-two-part-agency"],
            "month": ["2026-01"],
            "component": ["energy_base"],
            "price": [0.4],
        }
    )
    days = pl.date_range(date(2026, 1, 1), date(2026, 1, 31), eager=True)
    weather = pl.DataFrame({"day": days, "max_c": 20.0})
    found = rate_readings(
        plan="cn-guangdong-10kv-two-part-agency",
        frame=january(),
        terms=terms(basis="capacity", capacity_kva=315),
        plan_price=prices,
        weather_daily=weather,
    )
    (bill,) = found.bills
    # 7 peak hours × 0.68, 9 flat × 0.4, 8 valley × 0.152 a day
    assert {line.code: str(line.amount) for line in bill.lines if line.code.startswith("energy")} == {
        "energy.peak": "147.56",
        "energy.flat": "111.60",
        "energy.valley": "37.70",
    }


def test_the_words_of_a_bill_in_both_languages(folder):
    found = rate_readings(plan="own", frame=january(), terms=terms(), plan_folder=folder)
    assert "平时段电量 744 kWh × 0.5 元/kWh = 372.00 元" in found.to_text("zh")
    assert "Flat energy 744 kWh × 0.5 CNY/kWh = 372.00 CNY" in found.to_text("en")


@pytest.mark.parametrize(("plan", "error"), [("nowhere", PlanUnknown), ("nowhere.toml", PlanUnreadable)])
def test_a_plan_that_is_not_there(plan, error):
    with pytest.raises(error) as caught:
        rate_readings(plan=plan, frame=january(), terms=terms())
    assert caught.value.exit_code == 2


def test_no_rows():
    with pytest.raises(ReadingsEmpty) as caught:
        rate_readings(plan="cn-zhejiang-residential", frame=january().clear(), terms=terms())
    assert caught.value.exit_code == 4


def test_the_list_and_a_plan_in_full(folder):
    rows = list_plans(folder=folder)
    assert [row["id"] for row in rows if row["workspace"]] == ["own"]
    assert "自有方案" in list_text(rows, "zh")
    assert "Own plan" in list_text(rows, "en")
    assert show_plan("own", folder=folder)["version"][0]["energy"] == {"flat": "0.5"}
    assert 'id = "own"' in show_text("own", folder=folder, language="zh")


def test_time_stamps_without_a_zone_are_utc():
    frame = january().with_columns(pl.col("start_at").dt.replace_time_zone(None))
    assert frame["start_at"][0].replace(tzinfo=UTC) == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert len(rate_readings(plan="cn-zhejiang-residential", frame=frame, terms=terms()).bills) == 1
