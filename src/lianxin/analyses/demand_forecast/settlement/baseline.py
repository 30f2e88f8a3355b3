"""Baselines of a call from like days before it: 10 of 10 with same-day adjustment, and high 4 of 5."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lianxin.analyses.demand_forecast.settlement.config import SettlementConfig

_TEN, _FIVE, _HIGH = 10, 5, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Energy within the hours of the call, and within those before it (None: not wholly read)."""

    kwh: float
    adjust_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """Energy that would have been used, by method; None where like days are too few."""

    ten_of_ten: float
    high_four_of_five: float


def whole_day(row: Mapping[str, Any], *, points: int, config: SettlementConfig) -> Day | None:
    """The day where every point was read throughout the hours of the call."""
    if row["seen"] != row["minutes"] * points:
        return None
    seen = row["adjust_seen"] == round(config.adjust_hours * 60) * points
    return Day(kwh=row["kwh"], adjust_kwh=row["adjust_kwh"] if seen and config.adjust_hours > 0 else None)


def like_days(
    days: Mapping[int, Day], *, called: date, busy: frozenset[date], kind: Callable[[date], bool]
) -> list[Day]:
    """Days before the call, the latest first: workdays for a workday, restdays for a restday, none with a call.

    ``days``: by number of days back.
    """
    found = []
    for back in sorted(days):
        day = date.fromordinal(called.toordinal() - back)
        if back > 0 and day not in busy and kind(day) == kind(called):
            found.append(days[back])
    return found


def baselines(like: Sequence[Day], today: Day, *, config: SettlementConfig) -> Baselines | None:
    """Both baselines of the hours of the call.

    10 of 10: the mean of the last ten like days × the adjustment, which is the energy before the call ÷ the mean of
    the same hours, within ±``adjust_at_most`` (CAISO). High 4 of 5: the mean of the four largest of the last five,
    not adjusted (PJM).
    """
    if len(like) < config.days_at_least:
        return None
    ten, five = like[:_TEN], like[:_FIVE]
    mean = sum(day.kwh for day in ten) / len(ten)
    high = sorted((day.kwh for day in five), reverse=True)[:_HIGH]
    return Baselines(ten_of_ten=mean * _adjustment(ten, today, config), high_four_of_five=sum(high) / len(high))


def _adjustment(like: Sequence[Day], today: Day, config: SettlementConfig) -> float:
    known = [day.adjust_kwh for day in like if day.adjust_kwh is not None]
    if today.adjust_kwh is None or not known or sum(known) <= 0:
        return 1.0
    ratio = today.adjust_kwh / (sum(known) / len(known))
    return min(max(ratio, 1 - config.adjust_at_most), 1 + config.adjust_at_most)
