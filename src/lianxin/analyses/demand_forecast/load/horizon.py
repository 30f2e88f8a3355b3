"""A horizon such as 24h, 7d, 1m or 12m, and the cut-offs of a backtest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month

_MONTH_DAYS = 30.4


class HorizonInvalid(UnusableInput):
    """The text is no horizon."""

    text = Text(
        "无法识别预测期 {horizon}。示例：24h、7d、1m、12m（小时数须为 24 的倍数）。",
        "{horizon} is no horizon. Examples: 24h, 7d, 1m, 12m (hours in multiples of 24).",
    )


@dataclass(frozen=True, slots=True)
class Horizon:
    """Days or calendar months ahead; one of them is 0."""

    text: str
    days: int
    months: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a horizon.

        Raises:
            HorizonInvalid: it is none.

        """
        match = re.fullmatch(r"(\d+)([hdmy])", text.strip().lower())
        count, unit = (int(match[1]), match[2]) if match else (0, "")
        if not count or (unit == "h" and count % 24):
            raise HorizonInvalid(horizon=text)
        days = {"h": count // 24, "d": count}.get(unit, 0)
        return cls(text, days, {"m": count, "y": 12 * count}.get(unit, 0))

    @property
    def longest_days(self) -> int:
        """Days, a month taken as 30.4."""
        return self.days or round(self.months * _MONTH_DAYS)

    def after(self, cutoff: date) -> date:
        """The next cut-off: the day on which the following horizon begins."""
        if self.days:
            return cutoff + timedelta(days=self.days)
        month = Month.of(cutoff) + self.months
        return month.first_day + timedelta(days=min(cutoff.day, month.days) - 1)

    def cutoffs(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Each cut-off (the first forecast day) with the day after its last, from ``first`` to ``last`` (included)."""
        while first <= last:
            following = self.after(first)
            yield first, min(following, last + timedelta(days=1))
            first = following
