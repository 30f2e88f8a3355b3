"""Days and intervals of a load's frame."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lianxin.analyses.demand_forecast.load.festival import easter, festival_offset
from lianxin.analyses.demand_forecast.load.frame import HOLIDAY, MAKE_UP, make_frame
from lianxin.analyses.demand_forecast.load.horizon import Horizon, HorizonInvalid
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.zones import day_number

SHANGHAI, MELBOURNE = ZoneInfo("Asia/Shanghai"), ZoneInfo("Australia/Melbourne")


def test_days_are_counted_from_the_nearest_spring_festival():
    days = np.array([day_number(date(2026, 2, day)) for day in (16, 17, 20)])
    assert festival_offset(days).tolist() == [-1, 0, 3]


@pytest.mark.parametrize("day", [date(2013, 3, 31), date(2014, 4, 20), date(2024, 3, 31)])
def test_easter_falls_on_its_published_day(day):
    assert easter(day.year) == day


def test_a_make_up_saturday_is_a_day_of_its_own_kind():
    frame = make_frame(date(2026, 2, 14), date(2026, 2, 17), minutes=60, zone=SHANGHAI, calendar=Calendar())
    assert frame.days.kind.tolist() == [MAKE_UP, HOLIDAY, HOLIDAY, HOLIDAY]


def test_the_day_on_which_summer_time_ends_has_25_hours():
    frame = make_frame(date(2014, 4, 6), date(2014, 4, 6), minutes=60, zone=MELBOURNE, calendar=Calendar("AU"))
    assert len(frame) == 25
    assert np.bincount(frame.slot).tolist() == [1, 1, 2, *[1] * 21]


def test_a_year_ahead_from_the_first_of_january_is_one_cut_off():
    cutoffs = list(Horizon.parse("12m").cutoffs(date(2014, 1, 1), date(2014, 12, 31)))
    assert cutoffs == [(date(2014, 1, 1), date(2015, 1, 1))]


def test_a_month_ahead_has_a_cut_off_every_month_and_stops_with_the_span():
    cutoffs = list(Horizon.parse("1m").cutoffs(date(2014, 1, 1), date(2014, 2, 10)))
    assert cutoffs == [(date(2014, 1, 1), date(2014, 2, 1)), (date(2014, 2, 1), date(2014, 2, 11))]


@pytest.mark.parametrize("text", ["", "5", "7h", "0d", "month"])
def test_what_is_no_horizon_is_refused(text):
    with pytest.raises(HorizonInvalid):
        Horizon.parse(text)
