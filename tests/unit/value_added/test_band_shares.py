"""Shares by band of the load profile, where the plan is known."""

from datetime import date

import pytest
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.profiles import profiles, reading_span
from lianxin.tariff import Plan, read_plan

HOT = """
id = "hot"
name = { zh = "示例", en = "example" }
[[version]]
valid_from = 2020-01-01
energy = { flat = 0.6, sharp = 1.2 }
[[version.periods]]
when = { max_temperature_c = 35 }
sharp = ["12:00-18:00"]
[[version.periods]]
days = "all"
"""
AGREEMENT = {"agreement_id": "A1", "customer_id": "C1", "plan_id": "two-part"}
POINT = {"usage_point_id": "UP1", "agreement_id": "A1"}


def shares(facts: Facts, plan: Plan, agreement=AGREEMENT, **more):
    given = facts.given(as_of=date(2025, 7, 31), plans=[plan], agreement=[agreement], usage_point=[POINT], **more)
    span = reading_span(given)
    assert span is not None
    table, notes = profiles(given, facts=price_facts(given), span=span)
    (row,) = table.to_pylist()
    return {name: row[f"share_{name}"] for name in ("sharp", "peak", "flat", "valley", "deep_valley")}, notes


def test_even_load_is_shared_by_the_hours_of_the_bands(facts: Facts) -> None:
    found, notes = shares(facts, two_part(), interval_reading=hourly("UP1", date(2025, 7, 1), 31, lambda *_: 2.0))
    assert found == {
        "sharp": 0.0,
        "peak": pytest.approx(4 / 24),
        "flat": pytest.approx(12 / 24),
        "valley": pytest.approx(8 / 24),
        "deep_valley": 0.0,
    }
    assert not [note for note in notes if note.column.startswith("share_")]


def test_an_interval_that_an_edge_divides_is_shared_by_minutes(facts: Facts) -> None:
    # six-hour intervals: 06–12 holds two valley hours and four peak hours
    rows = hourly("UP1", date(2025, 7, 1), 1, lambda _day, hour: 6.0 if hour == 6 else 0.0, minutes=360)
    found, _ = shares(facts, two_part(), interval_reading=rows)
    assert found["valley"] == pytest.approx(2 / 6)
    assert found["peak"] == pytest.approx(4 / 6)


def test_a_plan_that_the_catalogue_lacks_leaves_the_shares_empty_and_is_told(facts: Facts) -> None:
    found, notes = shares(
        facts,
        two_part(),
        AGREEMENT | {"plan_id": "no-such"},
        interval_reading=hourly("UP1", date(2025, 7, 1), 1, lambda *_: 2.0),
    )
    assert set(found.values()) == {None}
    assert [note.missing for note in notes if note.column == "share_peak"] == [1]


def test_the_sharp_band_of_hot_days_follows_the_weather(facts: Facts) -> None:
    weather = [{"station_id": "S", "day": date(2025, 7, day), "max_c": heat} for day, heat in ((1, 34.9), (2, 35.0))]
    rows = hourly("UP1", date(2025, 7, 1), 2, lambda *_: 2.0)
    found, _ = shares(
        facts, read_plan(HOT), AGREEMENT | {"plan_id": "hot"}, weather_daily=weather, interval_reading=rows
    )
    assert found["sharp"] == pytest.approx(6 / 48)


def test_a_day_whose_temperature_is_not_known_has_no_band(facts: Facts) -> None:
    rows = hourly("UP1", date(2025, 7, 1), 2, lambda *_: 2.0)
    found, notes = shares(facts, read_plan(HOT), AGREEMENT | {"plan_id": "hot"}, interval_reading=rows)
    assert found["sharp"] is None
    assert [note.missing for note in notes if note.column == "share_sharp"] == [1]


def test_days_before_the_agreement_began_do_not_count(facts: Facts) -> None:
    # on 1 July the load lay in the valley; the agreement begins on 2 July
    rows = hourly("UP1", date(2025, 7, 1), 2, lambda day, hour: 1.0 if (day.day == 1) == (hour < 8) else 0.0)
    found, _ = shares(facts, two_part(), AGREEMENT | {"start_on": date(2025, 7, 2)}, interval_reading=rows)
    assert found["valley"] == 0.0
    assert found["peak"] == pytest.approx(4 / 16)
