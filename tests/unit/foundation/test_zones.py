"""Offsets of a zone as plain numbers, held against zoneinfo."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.foundation.zones import Offset, day_number, day_of_number, offsets, start_of_day_utc

BERLIN = ZoneInfo("Europe/Berlin")


def test_shanghai_has_one_offset():
    found = offsets(ZoneInfo("Asia/Shanghai"), datetime(2024, 1, 1), datetime(2024, 12, 31))
    assert [offset.seconds for offset in found] == [8 * 3600]


def test_berlin_changes_twice_in_2024_at_one_o_clock_utc():
    found = offsets(BERLIN, datetime(2024, 1, 1), datetime(2024, 12, 31))
    assert found[1:] == (
        Offset(int(datetime(2024, 3, 31, 1, tzinfo=UTC).timestamp()), 7200),
        Offset(int(datetime(2024, 10, 27, 1, tzinfo=UTC).timestamp()), 3600),
    )


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"])
@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)))
def test_the_offset_in_force_is_that_of_zoneinfo(name, moment):
    zone = ZoneInfo(name)
    epoch = int(moment.replace(tzinfo=UTC).timestamp())
    in_force = [item for item in offsets(zone, moment - timedelta(days=3), moment) if item.from_epoch <= epoch][-1]
    assert in_force.seconds == datetime.fromtimestamp(epoch, zone).utcoffset().total_seconds()


def test_a_local_day_begins_before_the_utc_day_in_the_east():
    assert start_of_day_utc(date(2024, 3, 1), ZoneInfo("Asia/Shanghai")) == datetime(2024, 2, 29, 16, tzinfo=UTC)


@given(st.dates())
def test_day_numbers_count_from_1970(day):
    assert day_of_number(day_number(day)) == day
    assert day_number(date(1970, 1, 2)) == 1
