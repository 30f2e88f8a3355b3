"""Periods as people write them: YYYY-MM, YYYY-Qn, YYYY."""

import re
from dataclasses import dataclass

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

_WRITTEN = re.compile(r"^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?$")


class PeriodUnreadable(UnusableInput):
    """A period is not written as one."""

    text = Text(
        "期间 {period} 无法识别；写法为 YYYY-MM、YYYY-Qn 或 YYYY。",
        "The period {period} cannot be read; write YYYY-MM, YYYY-Qn or YYYY.",
    )


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive months, counted since year 0; ``first`` and ``last`` included."""

    first: int
    last: int

    def __str__(self) -> str:
        year, place = divmod(self.first, 12)
        if self.months == 12:
            return f"{year:04d}"
        return f"{year:04d}-Q{place // 3 + 1}" if self.months == 3 else f"{year:04d}-{place + 1:02d}"

    @property
    def months(self) -> int:
        """How many."""
        return self.last - self.first + 1

    def earlier(self, months: int) -> "Span":
        """The span so many months before."""
        return Span(self.first - months, self.last - months)


def parse_span(period: str) -> Span:
    """Read a period.

    >>> str(parse_span("2026-Q2")), parse_span("2026").months
    ('2026-Q2', 12)

    Raises:
        PeriodUnreadable: it is written in another way.

    """
    match = _WRITTEN.match(period)
    if match is None:
        raise PeriodUnreadable(period=period)
    start = int(match[1]) * 12
    if match[2]:
        return Span(start + int(match[2]) - 1, start + int(match[2]) - 1)
    if match[3]:
        return Span(start + 3 * (int(match[3]) - 1), start + 3 * int(match[3]) - 1)
    return Span(start, start + 11)


def month_span(month: int) -> Span:
    """One month of its number."""
    return Span(month, month)
