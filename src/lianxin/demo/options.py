"""What a person chooses of a demo supplier, and what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from lianxin.foundation.periods import Month, months_between
from lianxin.foundation.settings import Frozen

# Large customers with 96-point readings: 1.2 % of all, at least 20, at most 600 (what one city meters so).
_INTERVAL_SHARE, _INTERVAL_LEAST, _INTERVAL_MOST = 0.012, 20, 600
_DAILY_SHARE, _DAILY_LEAST, _DAILY_MOST = 0.2, 60, 5_000
_SHORTEST_SPAN_MONTHS = 13


class DemoOptions(Frozen):
    """Size, seed and span of the demo supplier; the same options give the same values, row by row."""

    customers: int = Field(5_000, ge=200, le=1_000_000, description="number of customers")
    seed: int = Field(7, ge=0, description="seed of every random number")
    first_day: date = Field(date(2024, 1, 1), description="first day of the span, first of a month")
    last_day: date = Field(date(2026, 6, 30), description="last day of the span, last of a month; the demo's as_of")
    interval_customers: int | None = Field(
        None, ge=0, le=5_000, description="customers with 96-point readings; none: 1.2 %, at least 20, at most 600"
    )

    @model_validator(mode="after")
    def _whole_months(self) -> Self:
        if self.first_day.day != 1 or (self.last_day + timedelta(days=1)).day != 1:
            message = "first_day must be the first of a month and last_day the last of one"
            raise ValueError(message)
        if len(self.months) < _SHORTEST_SPAN_MONTHS or self.first_day.year < 2016 or self.last_day.year > 2029:
            message = "the span must hold 13 months or more, within 2016 to 2029"
            raise ValueError(message)
        return self

    @property
    def months(self) -> list[Month]:
        """The months of the span, in order."""
        return list(months_between(Month.of(self.first_day), Month.of(self.last_day)))

    @property
    def days(self) -> int:
        """Number of days of the span."""
        return (self.last_day - self.first_day).days + 1

    @property
    def interval_count(self) -> int:
        """Number of customers with 96-point readings."""
        if self.interval_customers is not None:
            return min(self.interval_customers, self.customers // 10)
        return min(_INTERVAL_MOST, max(_INTERVAL_LEAST, round(_INTERVAL_SHARE * self.customers)))

    @property
    def daily_count(self) -> int:
        """Number of customers (about) whose daily usage is kept."""
        return min(_DAILY_MOST, max(_DAILY_LEAST, round(_DAILY_SHARE * self.customers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTable:
    """Files of one table, with the number of rows in all of them."""

    files: tuple[Path, ...]
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoManifest:
    """What was written: extracts by table, price plans, truth; ``as_of`` is the last day of the demo."""

    folder: Path
    as_of: date
    tables: Mapping[str, WrittenTable]
    plans: tuple[Path, ...]
    truth: Mapping[str, WrittenTable]
