"""Chinese workdays with make-up days, and a workspace's own overrides."""

from datetime import date

import pytest

from lianxin.foundation.calendar import Calendar, CalendarInvalid, load_calendar
from lianxin.foundation.errors import UnusableInput

CHINA = Calendar("CN")


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        # State Council notice 国办发明电〔2023〕7号 for 2024
        (date(2024, 2, 4), "workday"),  # a Sunday worked for Spring Festival
        (date(2024, 2, 10), "holiday"),
        (date(2024, 2, 17), "holiday"),  # a Saturday within the festival's days off
        (date(2024, 2, 18), "workday"),  # a Sunday worked
        (date(2024, 10, 1), "holiday"),
        (date(2024, 10, 12), "workday"),  # a Saturday worked
        (date(2024, 6, 15), "restday"),  # an ordinary Saturday
        (date(2024, 6, 14), "workday"),
    ],
)
def test_make_up_days_of_2024(day, kind):
    assert CHINA.kind(day) == kind


def test_five_workdays_over_the_spring_festival_end_in_the_second_week_after():
    # from Friday 2024-02-09: 10 to 17 are off, 18 (Sunday) to 22 are worked
    assert CHINA.add_workdays(date(2024, 2, 9), 5) == date(2024, 2, 22)
    assert CHINA.add_workdays(date(2024, 2, 10), 0) == date(2024, 2, 10)
    with pytest.raises(ValueError, match="negative"):
        CHINA.add_workdays(date(2024, 2, 9), -1)


def test_years_whose_make_up_days_are_not_announced_are_provisional():
    assert CHINA.provisional_years([date(2024, 1, 2), date(2099, 1, 2), date(2099, 3, 4)]) == [2099]
    assert CHINA.kind(date(2099, 10, 1)) == "holiday"  # the date of the National Day is law
    assert CHINA.kind(date(2099, 6, 13)) == "restday"  # a Saturday


def test_the_override_file_decides_first(tmp_path):
    file = tmp_path / "calendar.toml"
    file.write_text("workdays = [2099-10-01]\nrestdays = [2024-06-14]\nholidays = [2024-06-15]\n")
    calendar = load_calendar("CN", file)
    assert calendar.kind(date(2099, 10, 1)) == "workday"
    assert calendar.kind(date(2024, 6, 14)) == "restday"
    assert calendar.kind(date(2024, 6, 15)) == "holiday"
    assert not calendar.is_provisional(date(2099, 10, 1))


@pytest.mark.parametrize("content", ["workday = [2024-01-01]", 'workdays = ["2024-01-01"]', "workdays = [", "x"])
def test_a_wrong_override_file_is_refused(tmp_path, content):
    file = tmp_path / "calendar.toml"
    file.write_text(content)
    with pytest.raises(CalendarInvalid):
        load_calendar("CN", file)


def test_an_absent_override_file_is_refused(tmp_path):
    with pytest.raises(CalendarInvalid, match=r"calendar\.toml"):
        load_calendar("CN", tmp_path / "calendar.toml")


def test_other_countries_have_their_holidays_and_plain_weekends():
    germany = Calendar("DE")
    assert germany.kind(date(2024, 10, 3)) == "holiday"
    assert germany.kind(date(2024, 10, 5)) == "restday"
    assert not germany.is_provisional(date(2099, 1, 5))


def test_a_country_without_a_calendar_is_refused():
    with pytest.raises(UnusableInput, match="XX"):
        Calendar("XX").kind(date(2024, 1, 1))
