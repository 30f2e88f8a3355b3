"""Calendar months, written YYYY-MM."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_MONTHS = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= _MONTHS:
            message = f"a month has a number from 1 to 12, not {self.number}"
            raise ValueError(message)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which ``day`` lies."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``."""
        year, _, number = text.partition("-")
        return cls(int(year), int(number))

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Last day of the month."""
        return (self + 1).first_day - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days, 28 to 31."""
        return self.last_day.day

    def __add__(self, months: int) -> "Month":
        index = self.year * _MONTHS + self.number - 1 + months
        return Month(index // _MONTHS, index % _MONTHS + 1)

    def __sub__(self, months: int) -> "Month":
        return self + -months


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first += 1
