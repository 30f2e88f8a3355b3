"""Loads, readings and weather by the example mappings, held against the files read without the product."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree

from lianxin.workflows.import_facts import import_facts

pytestmark = [pytest.mark.real_data, pytest.mark.slow, pytest.mark.xdist_group("example_mappings")]


def _csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=None)


def test_the_steel_site_used_959637_kwh_with_a_peak_of_628_72_kw(tried: Any, shared_data: Path) -> None:
    readings = tried.table("steel_site", "interval_reading").sort("start_at")
    source = _csv(shared_data / "steel_site" / "Steel_industry_data.csv")
    # the rows of the file are in the order of time, whatever their stamps say
    assert readings["kwh"].to_list() == source["Usage_kWh"].to_list()
    assert readings["kwh"].sum() == pytest.approx(959_636.71, rel=1e-9)
    assert readings["kwh"].max() == pytest.approx(628.72 / 4, rel=1e-9)
    assert readings["start_at"][0] == datetime(2017, 12, 31, 15, tzinfo=UTC)  # midnight of 2018-01-01 in Korea
    assert readings["start_at"].diff()[1:].unique().dt.total_minutes().to_list() == [15]
    kwh, lagging, leading = (float(readings[name].sum()) for name in ("kwh", "kvarh", "kvarh_leading"))
    assert round(kwh / (kwh**2 + lagging**2) ** 0.5, 4) == 0.9029
    assert round(kwh / (kwh**2 + (lagging + leading) ** 2) ** 0.5, 4) == 0.8509


def test_the_region_lacks_388_intervals(tried: Any, shared_data: Path) -> None:
    load = tried.table("cn_region_load", "area_load").sort("start_at")
    source = _csv(shared_data / "cn_region_load" / "region_load_15min.csv")
    local = source["数据时间"].str.to_datetime("%Y/%m/%d %H:%M:%S")
    assert (local.max() - local.min()).total_seconds() / 900 + 1 - len(load) == 388
    expected = source.select(kw="总有功功率（kw）", start_at=local.dt.offset_by("-8h").dt.replace_time_zone("UTC"))
    assert load.select("kw", "start_at").equals(expected.sort("start_at"))
    assert load["customer_class"].unique().to_list() == ["all"]


def test_daily_peaks_keep_their_class(tried: Any, shared_data: Path) -> None:
    peaks = tried.table("cn_region_load", "area_daily_peak")
    source = _csv(shared_data / "cn_region_load" / "industry_daily_peak_valley.csv")
    assert dict(peaks.group_by("customer_class").len().iter_rows()) == {
        "large_industrial": 973,
        "commercial": 973,
        "general_industrial": 973,
        "non_industrial": 691,
    }
    for code, word in (("commercial", "商业"), ("non_industrial", "非普工业")):
        here, there = peaks.filter(customer_class=code), source.filter(行业类型=word)
        assert here["max_kw"].sum() == pytest.approx(there["有功功率最大值（kw）"].sum(), rel=1e-12)
        assert here["min_kw"].sum() == pytest.approx(there["有功功率最小值（kw）"].sum(), rel=1e-12)


def test_weather_in_words_becomes_degrees_and_days(tried: Any, shared_data: Path) -> None:
    weather = tried.table("cn_region_load", "weather_daily").sort("day")
    source = _csv(shared_data / "cn_region_load" / "weather_daily.csv").unique(maintain_order=True)
    for ours, theirs in (("max_c", "最高温度"), ("min_c", "最低温度")):
        assert weather[ours].sum() == source[theirs].str.strip_suffix("℃").cast(pl.Float64).sum()
    assert (weather["day"].min(), weather["day"].max()) == (date(2018, 1, 1), date(2021, 8, 31))
    assert weather["condition"].null_count() == 0


def test_victorian_demand_is_in_kilowatts_and_starts_with_2012(tried: Any, shared_data: Path) -> None:
    load = tried.table("vic_load", "area_load")
    source = _csv(shared_data / "vic_load" / "vic_electricity.csv")
    assert load["kw"].sum() == pytest.approx(source["Demand"].sum() * 1000, rel=1e-12)
    assert load["start_at"].min() == datetime(2011, 12, 31, 13, tzinfo=UTC)
    assert load["minutes"].unique().to_list() == [30]


def test_victorian_weather_has_the_full_hours(tried: Any, shared_data: Path) -> None:
    weather = tried.table("vic_load", "weather_hourly").sort("start_at")
    source = _csv(shared_data / "vic_load" / "vic_electricity.csv")
    assert weather["temperature_c"].to_list() == source["Temperature"].gather_every(2).to_list()
    assert weather["start_at"].dt.minute().unique().to_list() == [0]


def test_green_button_feeds_hold_their_energy(tried: Any, shared_data: Path) -> None:
    readings = tried.table("green_button", "interval_reading")
    folder = shared_data / "green_button"
    names = ("sample_greenbutton_data.xml", "test_usage_data.xml")  # the third repeats part of the second
    watt_hours = [
        int(value.text or "")
        for name in names
        for value in etree.parse(folder / name).iter("{http://naesb.org/espi}value")
        if value.getparent().tag == "{http://naesb.org/espi}IntervalReading"
    ]
    assert len(readings) == len(watt_hours)
    assert readings["kwh"].sum() == pytest.approx(sum(watt_hours) / 1000, rel=1e-12)
    assert dict(readings.group_by("minutes").len().iter_rows()) == {60: 362, 15: 1_340}


def test_green_button_feeds_need_no_mapping(tried: Any, shared_data: Path, workspace: Any) -> None:
    files = sorted((shared_data / "green_button").glob("*.xml"))
    import_facts(workspace=workspace, table_name="interval_reading", files=files)
    without = pl.concat(
        [pl.read_parquet(uri, hive_partitioning=False) for uri in workspace.facts.uris("interval_reading")]
    )
    key = ["usage_point_id", "start_at"]
    assert without.sort(key).equals(tried.table("green_button", "interval_reading").sort(key))


def test_the_600_kw_site_uses_5256000_kwh_in_even_quarters(tried: Any, shared_data: Path) -> None:
    readings = tried.table("urdb_tariffs", "interval_reading").sort("start_at")
    source = _csv(shared_data / "urdb_tariffs" / "load_600kW_avg_2025.csv")
    assert readings["kwh"].to_list() == pytest.approx((source["load_kW"] / 4).to_list(), rel=1e-12)
    assert readings["kwh"].sum() == pytest.approx(600 * 8760, rel=1e-9)
    assert readings["start_at"].diff()[1:].unique().dt.total_minutes().to_list() == [15]
