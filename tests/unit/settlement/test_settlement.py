"""Baselines worked out by hand."""

from datetime import date, timedelta

import pytest

from lianxin.analyses.demand_forecast.settlement.baseline import Day, baselines, like_days, whole_day
from lianxin.analyses.demand_forecast.settlement.config import SettlementConfig
from lianxin.foundation.calendar import Calendar

CONFIG = SettlementConfig()
WEDNESDAY = date(2025, 7, 23)


def test_ten_of_ten_is_the_mean_times_the_adjustment_of_the_day() -> None:
    like = [Day(kwh=100.0 + number, adjust_kwh=50.0) for number in range(12)]
    found = baselines(like, Day(kwh=60.0, adjust_kwh=55.0), config=CONFIG)
    # ten latest: 100…109, mean 104.5; the morning was 10 % above
    assert found.ten_of_ten == pytest.approx(104.5 * 1.1)
    # five latest: 100…104, the four largest 101…104
    assert found.high_four_of_five == pytest.approx(102.5)


def test_adjustment_ends_at_a_fifth_and_is_left_out_where_the_morning_is_not_read() -> None:
    like = [Day(kwh=100.0, adjust_kwh=50.0)] * 5
    assert baselines(like, Day(kwh=1.0, adjust_kwh=100.0), config=CONFIG).ten_of_ten == pytest.approx(120.0)
    assert baselines(like, Day(kwh=1.0, adjust_kwh=5.0), config=CONFIG).ten_of_ten == pytest.approx(80.0)
    assert baselines(like, Day(kwh=1.0, adjust_kwh=None), config=CONFIG).ten_of_ten == pytest.approx(100.0)
    assert baselines(like[:4], Day(kwh=1.0, adjust_kwh=None), config=CONFIG) is None


def test_like_days_are_workdays_without_a_call() -> None:
    days = {back: Day(kwh=float(back), adjust_kwh=None) for back in range(8)}
    busy = frozenset({WEDNESDAY - timedelta(days=1)})
    found = like_days(days, called=WEDNESDAY, busy=busy, kind=Calendar().is_workday)
    # Monday 2, Friday 5, Thursday 6, Wednesday 7 days back; not Tuesday (called), not the weekend
    assert [day.kwh for day in found] == [2.0, 5.0, 6.0, 7.0]


def test_a_day_with_missing_readings_counts_for_nothing() -> None:
    row = {"minutes": 120, "seen": 240, "kwh": 9.0, "adjust_kwh": 3.0, "adjust_seen": 240}
    assert whole_day(row, points=2, config=CONFIG) == Day(kwh=9.0, adjust_kwh=3.0)
    assert whole_day(row | {"seen": 225}, points=2, config=CONFIG) is None
    assert whole_day(row | {"adjust_seen": 225}, points=2, config=CONFIG).adjust_kwh is None
