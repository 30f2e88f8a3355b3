"""Months count, print and parse."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.foundation.periods import Month, months_between

months = st.builds(Month, st.integers(1900, 2199), st.integers(1, 12))


def test_a_month_over_the_turn_of_the_year():
    december = Month(2024, 12)
    assert str(december + 1) == "2025-01"
    assert Month(2025, 1) - 1 == december
    assert [str(month) for month in months_between(Month(2024, 11), Month(2025, 1))] == [
        "2024-11",
        "2024-12",
        "2025-01",
    ]


def test_february_of_a_leap_year():
    february = Month.of(date(2024, 2, 10))
    assert (february.first_day, february.last_day, february.days) == (date(2024, 2, 1), date(2024, 2, 29), 29)


def test_there_is_no_thirteenth_month():
    with pytest.raises(ValueError, match="1 to 12"):
        Month.parse("2024-13")


@given(months)
def test_printing_and_parsing_is_lossless(month):
    assert Month.parse(str(month)) == month


@given(months, st.integers(-1200, 1200))
def test_adding_and_subtracting_months_agree(month, count):
    later = month + count
    assert later - count == month
    assert (later.year - month.year) * 12 + later.number - month.number == count
    assert later.last_day + timedelta(days=1) == (later + 1).first_day
