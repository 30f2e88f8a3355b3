"""Workdays, rest days and statutory holidays, with make-up workdays (调休) where the country has them.

Order of truth: the workspace's override file, then ``chinesecalendar`` (which knows announced make-up days),
then ``holidays`` beyond its years. A day that only ``holidays`` or the plain week decides is *provisional*:
China announces the make-up workdays of a year in the November before.
"""

import tomllib
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import chinese_calendar
import holidays

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

DayKind = Literal["workday", "restday", "holiday"]
_SATURDAY = 5


class CalendarInvalid(UnusableInput):
    """The override file of the calendar cannot be used."""

    text = Text(
        "日历文件 {path} 有误：{detail}。应为 workdays、restdays、holidays 三个日期列表。",
        "Calendar file {path} is wrong: {detail}. It takes the lists workdays, restdays and holidays.",
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of one country; a pure value, read once at the edge.

    ``overrides`` decides first: ``workday`` for a make-up workday, ``holiday`` or ``restday`` for a day off.
    """

    country: str = "CN"
    overrides: Mapping[date, DayKind] = field(default_factory=lambda: MappingProxyType({}))

    def kind(self, day: date) -> DayKind:
        """``holiday`` is a statutory holiday period day off, ``restday`` an ordinary weekend day off."""
        if day in self.overrides:
            return self.overrides[day]
        return _country_day_kind(self.country, day)

    def is_workday(self, day: date) -> bool:
        """Whether people work, make-up Saturdays and Sundays included."""
        return self.kind(day) == "workday"

    def is_provisional(self, day: date) -> bool:
        """Whether the make-up workdays of that year are not announced in the sources known here."""
        if day in self.overrides or self.country != "CN":
            return False
        return not _chinesecalendar_knows(day)

    def provisional_years(self, days: Iterable[date]) -> list[int]:
        """Years among ``days`` for which a result should say that make-up workdays are not known yet."""
        return sorted({day.year for day in days if self.is_provisional(day)})

    def add_workdays(self, day: date, count: int) -> date:
        """The ``count``-th workday after ``day`` (a working-day limit counts from the next working day)."""
        if count < 0:
            message = "count must not be negative"
            raise ValueError(message)
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day


def load_calendar(country: str, override_file: Path | None) -> Calendar:
    """Read the override file, if any: ``workdays``, ``restdays`` and ``holidays`` are lists of dates.

    Raises:
        CalendarInvalid: the file is no TOML, has another key, or something that is no date.

    """
    if override_file is None:
        return Calendar(country)
    try:
        content = tomllib.loads(override_file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CalendarInvalid(path=override_file, detail=str(error)) from error
    kinds: dict[str, DayKind] = {"workdays": "workday", "restdays": "restday", "holidays": "holiday"}
    overrides: dict[date, DayKind] = {}
    for key, days in content.items():
        if key not in kinds or not isinstance(days, list) or not all(type(day) is date for day in days):
            raise CalendarInvalid(path=override_file, detail=key)
        overrides.update(dict.fromkeys(days, kinds[key]))
    return Calendar(country, MappingProxyType(overrides))


@cache
def _chinesecalendar_knows(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


@cache
def _country_day_kind(country: str, day: date) -> DayKind:
    if country == "CN" and _chinesecalendar_knows(day):
        if chinese_calendar.is_workday(day):
            return "workday"
        on_holiday, _name = chinese_calendar.get_holiday_detail(day)
        return "holiday" if on_holiday and _name else "restday"
    if day in _public_holidays(country, day.year):
        return "holiday"
    return "restday" if day.weekday() >= _SATURDAY else "workday"


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # holidays warns about years whose lunar dates are estimates; is_provisional says so
        try:
            return frozenset(holidays.country_holidays(country, years=year))
        except NotImplementedError as error:
            raise UnusableInput(detail=f"calendar_country = {country!r}") from error
