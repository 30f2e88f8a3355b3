"""The public way in: readings and a state go in, alerts and the next state come out."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Self

import numpy as np

from lianxin.analyses.value_added.alerts.alert import Alert
from lianxin.analyses.value_added.alerts.compose import alerts_of_day
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.analyses.value_added.alerts.detector import watch
from lianxin.analyses.value_added.alerts.memory import Memory
from lianxin.analyses.value_added.alerts.readings import MeterDays
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class DayOutOfTurn(UnusableInput):
    """Days must follow each other: what an alert said yesterday must not change."""

    text = Text(
        "告警状态已处理到 {seen}，不能再处理 {given}；请从 {expected} 起按日提供读数。",
        "The alert state has seen {seen}; {given} cannot follow. Give the days from {expected} on.",
    )


@dataclass(frozen=True, slots=True)
class AlertState:
    """What is kept between two runs; ``to_bytes`` and ``from_bytes`` are exact."""

    memory: Memory

    @classmethod
    def empty(cls, *, usage_point_id: tuple[str, ...], settings: AlertSettings) -> Self:
        """No day seen yet."""
        return cls(Memory.empty(list(usage_point_id), settings))

    def to_bytes(self) -> bytes:
        """Portable bytes (NumPy .npz without pickles)."""
        return self.memory.to_bytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """What ``to_bytes`` wrote."""
        return cls(Memory.from_bytes(content))


def detect_alerts(
    days: MeterDays, *, state: AlertState | None, calendar: Calendar, settings: AlertSettings
) -> tuple[AlertState, list[Alert]]:
    """Watch the days, in order; a year at once gives the same alerts as day by day.

    Meters that the state does not know start without history; meters that it knows and ``days`` leaves out
    count as missing. The given state is not changed.

    Raises:
        DayOutOfTurn: the days do not start on the day after the state's last one.

    """
    before = state or AlertState.empty(usage_point_id=days.usage_point_id, settings=settings)
    memory = _with_meters(before.memory, days.usage_point_id, settings)
    seen = int(memory.ordinal[0])
    if seen and days.first_day.toordinal() != seen + 1:
        last = days.first_day.fromordinal(seen)
        raise DayOutOfTurn(seen=last, given=days.first_day, expected=last + timedelta(days=1))
    aligned = _aligned(days, memory)
    found: list[Alert] = []
    for number, one in enumerate(watch(memory, aligned, calendar=calendar, settings=settings)):
        end = datetime.combine(days.first_day + timedelta(days=number + 1), time())
        found += _unique(alerts_of_day(memory, one, end, aligned.kwh.shape[2]), memory)
    return AlertState(memory), found


def _with_meters(memory: Memory, wanted: tuple[str, ...], settings: AlertSettings) -> Memory:
    """A copy that knows all wanted meters; new ones are appended without history."""
    known = set(memory.usage_point_id.tolist())
    new = [name for name in wanted if name not in known]
    if not new:
        return memory.copy()
    return memory.joined(Memory.empty(new, settings))


def _aligned(days: MeterDays, memory: Memory) -> MeterDays:
    """The readings in the order of the state; absent meters are NaN."""
    names = memory.usage_point_id.tolist()
    if tuple(names) == days.usage_point_id:
        return days
    row = {name: number for number, name in enumerate(days.usage_point_id)}
    source = np.array([row.get(name, -1) for name in names])

    def taken(values: Floats | None) -> Floats | None:
        if values is None:
            return None
        out = np.full((len(names), *values.shape[1:]), np.nan)
        out[source >= 0] = values[source[source >= 0]]
        return out

    kwh = taken(days.kwh)
    return replace(
        days,
        usage_point_id=tuple(names),
        kwh=days.kwh if kwh is None else kwh,
        kvarh=taken(days.kvarh),
        kvarh_leading=taken(days.kvarh_leading),
        temperature_c=taken(days.temperature_c),
    )


def _unique(alerts: list[Alert], memory: Memory) -> list[Alert]:
    """(usage point, started_at) is the key of the result: a second alert of one start moves on a minute."""
    place = {name: number for number, name in enumerate(memory.usage_point_id.tolist())}
    out = []
    for alert in alerts:
        row = memory.recent_start[place[alert.usage_point_id]]
        start = alert.started_at
        while _minute(start) in row:
            start += timedelta(minutes=1)
        row[:-1] = row[1:].copy()
        row[-1] = _minute(start)
        out.append(replace(alert, started_at=start))
    return out


def _minute(moment: datetime) -> int:
    return moment.toordinal() * 1440 + moment.hour * 60 + moment.minute
