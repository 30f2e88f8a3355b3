"""Which band a minute belongs to: the rows of [[version.periods]] and what they cover."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from lianxin.foundation.calendar import DayKind
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen
from lianxin.tariff.clock import MINUTES_PER_DAY, MonthDay, hhmm, minutes_of_times, month_days
from lianxin.tariff.refusals import BandsOverlap, DayCoveredTwice, DayNotCovered, PlanTimeInvalid

FLAT = "flat"
STANDARD_BANDS: tuple[str, ...] = ("sharp", "peak", "flat", "valley", "deep_valley")

Days = Literal["all", "workday", "restday", "holiday", "weekday", "weekend"]
_OWN_KEYS = ("months", "dates", "days", "when", "bands")
_SATURDAY = 5

# What a day can be: its kind in the calendar and whether it falls on Monday to Friday.
# A make-up workday is a workday on a weekend; an ordinary rest day never falls on Monday to Friday.
DAY_SORTS: tuple[tuple[DayKind, bool], ...] = (
    ("workday", True),
    ("workday", False),
    ("restday", False),
    ("holiday", True),
    ("holiday", False),
)
_MONTHS_EXPECTED = Text("月份应为 1 至 12 的整数", "months are whole numbers from 1 to 12")


class When(Frozen):
    """A condition of the day; a row with one is an exception to the rows without."""

    max_temperature_c: Decimal = Field(description="the day's maximum temperature is at least this, °C")


class BandPeriod(Frozen):
    """One row of [[version.periods]]: on which days, which hours belong to which band.

    ``months`` or ``dates`` (neither: the whole year); ``days`` holds one or several kinds of day.
    """

    months: tuple[int, ...] | None = None
    dates: tuple[str, ...] | None = None
    days: tuple[Days, ...] = ("all",)
    when: When | None = None
    bands: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_bands(cls, row: Any) -> Any:
        if not isinstance(row, dict) or "bands" in row:
            return row
        own = {key: value for key, value in row.items() if key in _OWN_KEYS}
        return own | {"bands": {key: value for key, value in row.items() if key not in _OWN_KEYS}}

    @field_validator("days", mode="before")
    @classmethod
    def _split_days(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(","))
        return value

    @field_validator("bands", "dates", mode="before")
    @classmethod
    def _list_of_one(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: (item,) if isinstance(item, str) else item for key, item in value.items()}
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _readable(self) -> "BandPeriod":
        if self.months is not None and self.dates is not None:
            message = "months and dates exclude each other"
            raise ValueError(message)
        for month in self.months or ():
            if not 1 <= month <= 12:
                raise PlanTimeInvalid(value=month, expected=_MONTHS_EXPECTED)
        _ = self.month_days, self.band_of_minute
        return self

    @property
    def is_exception(self) -> bool:
        """Whether the row may stand before a general row for the same day: it names dates or a condition."""
        return self.when is not None or self.dates is not None

    @cached_property
    def month_days(self) -> frozenset[MonthDay]:
        """Every (month, day) on which the row can apply."""
        if self.dates is not None:
            return frozenset().union(*(month_days(item) for item in self.dates))
        months = self.months if self.months is not None else tuple(range(1, 13))
        return frozenset((month, day) for month, day in month_days("01-01/12-31") if month in months)

    @cached_property
    def band_of_minute(self) -> tuple[str, ...]:
        """The band of each of the 1,440 minutes of a day; what no band names is flat."""
        minutes: list[str | None] = [None] * MINUTES_PER_DAY
        for band, ranges in self.bands.items():
            for times in ranges:
                start, end = minutes_of_times(times)
                for minute in range(start, end):
                    taken = minutes[minute]
                    if taken is not None:
                        raise BandsOverlap(first=taken, second=band, at=hhmm(minute))
                    minutes[minute] = band
        return tuple(band or FLAT for band in minutes)

    @property
    def bands_used(self) -> frozenset[str]:
        """The bands that have at least one minute."""
        return frozenset(self.band_of_minute)

    def suits(self, *, kind: DayKind, on_weekday: bool) -> bool:
        """Whether a day of that sort is meant."""
        names = {"all", kind, "weekday" if on_weekday else "weekend"}
        return not names.isdisjoint(self.days)

    def applies(self, day: date, kind: DayKind, max_temperature_c: Decimal | None) -> bool:
        """Whether the row applies on a day. Without a temperature a conditional row does not."""
        if (day.month, day.day) not in self.month_days:
            return False
        if not self.suits(kind=kind, on_weekday=day.weekday() < _SATURDAY):
            return False
        if self.when is None:
            return True
        return max_temperature_c is not None and max_temperature_c >= self.when.max_temperature_c


def check_cover(periods: Sequence[BandPeriod], valid_from: date) -> None:
    """Every day of a year, of every sort, is covered by exactly one row; exceptions stand before it.

    Raises:
        DayCoveredTwice: two rows of the same rank claim a day, or an exception stands after the general row.
        DayNotCovered: no row without a condition applies.

    """
    seen: set[tuple[int, ...]] = set()
    for month, number in sorted(month_days("01-01/12-31")):
        on_day = tuple(index for index, row in enumerate(periods) if (month, number) in row.month_days)
        if on_day in seen:
            continue
        seen.add(on_day)
        for kind, on_weekday in DAY_SORTS:
            rows = [index for index in on_day if periods[index].suits(kind=kind, on_weekday=on_weekday)]
            _check_one(periods, rows, valid_from, f"{month:02d}-{number:02d}", _sort_name(kind, on_weekday))


def _check_one(periods: Sequence[BandPeriod], rows: list[int], valid_from: date, day: str, kind: Text) -> None:
    always = [index for index in rows if periods[index].when is None]
    if not always:
        raise DayNotCovered(valid_from=valid_from, day=day, kind=kind)
    by_rank = {rank: [index for index in always if periods[index].is_exception is rank] for rank in (True, False)}
    clash = next((found for found in by_rank.values() if len(found) > 1), None)
    if clash is None and by_rank[True] and by_rank[False] and by_rank[True][0] > by_rank[False][0]:
        clash = [by_rank[False][0], by_rank[True][0]]
    conditional_late = [index for index in rows if periods[index].when is not None and index > always[0]]
    if clash is None and conditional_late:
        clash = [always[0], conditional_late[0]]
    if clash is not None:
        raise DayCoveredTwice(valid_from=valid_from, first=clash[0] + 1, second=clash[1] + 1, day=day, kind=kind)


def _sort_name(kind: DayKind, on_weekday: bool) -> Text:
    names = {
        "workday": Text("工作日", "workday"),
        "restday": Text("休息日", "rest day"),
        "holiday": Text("法定节假日", "holiday"),
    }
    week = Text("周一至周五", "Monday to Friday") if on_weekday else Text("周末", "weekend")
    return Text(f"{names[kind].zh}，{week.zh}", f"{names[kind].en}, {week.en}")


def minute_codes(periods: Sequence[BandPeriod], bands: Sequence[str]) -> NDArray[np.int8]:
    """Band of each minute of each row, as indices into ``bands``: shape (max(rows, 1), 1440); not to be written to."""
    flat_day = (FLAT,) * MINUTES_PER_DAY
    return _codes(tuple(row.band_of_minute for row in periods) or (flat_day,), tuple(bands))


@lru_cache(maxsize=256)
def _codes(days: tuple[tuple[str, ...], ...], bands: tuple[str, ...]) -> NDArray[np.int8]:
    position = {band: index for index, band in enumerate(bands)}
    return np.array([[position[band] for band in day] for day in days], dtype=np.int8)
