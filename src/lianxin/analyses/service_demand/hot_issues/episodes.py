"""Alarms joined to issues: from when to when, first seen, and how they stand as of the run."""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.hot_issues.cells import Cells
from lianxin.analyses.service_demand.hot_issues.scan import Scan

EMERGING, ONGOING, FADING, PAST = "emerging", "ongoing", "fading", "past"
# An alarm of yesterday still stands: today may be a Sunday.
_STANDS_DAYS = 2
# Days by which an issue is judged to be over: with fewer, one quiet day would do.
_RECENT_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One issue of one cell; days are positions in the counts, both ends included."""

    cell: int
    from_day: int
    to_day: int
    first_seen: int
    q_value: float
    status: str


def episodes(found: Cells, made: Scan, *, config: HotIssueConfig) -> list[Episode]:
    """Issues whose last alarm lies within the quiet days before as_of, and past ones as configured."""
    last = found.days - 1
    listed = []
    for cell in np.flatnonzero(made.alarm.any(axis=1)).tolist():
        days = np.flatnonzero(made.alarm[cell])
        for run in np.split(days, np.flatnonzero(np.diff(days) > config.quiet_days) + 1):
            status = _status(int(run[0]), int(run[-1]), last, config)
            if status == ONGOING and _is_back(found.counts[cell], made.usual[cell], int(run[0])):
                status = FADING
            if status != PAST or run[-1] >= last - config.past_days:
                listed.append(_episode(cell, run, made, status))
    return [one for one in listed if one.status != PAST or config.past_days]


def _episode(cell: int, run: np.ndarray, made: Scan, status: str) -> Episode:
    first = int(run[0])
    return Episode(
        cell=cell,
        from_day=max(0, first - int(made.window[cell, first]) + 1),
        to_day=int(run[-1]),
        first_seen=first,
        q_value=float(made.q_value[cell, run].min()),
        status=status,
    )


def _is_back(seen: np.ndarray, usual: np.ndarray, first: int) -> bool:
    """Whether the last days lie nearer to what is usual than to the issue: a long window remembers what is over."""
    recent, whole = slice(len(seen) - _RECENT_DAYS, None), slice(first, None)
    halfway = (seen[whole].mean() + usual[recent].mean()) / 2
    return bool(seen[recent].mean() < halfway)


def _status(first: int, last_alarm: int, as_of: int, config: HotIssueConfig) -> str:
    if last_alarm < as_of - config.quiet_days:
        return PAST
    if last_alarm <= as_of - _STANDS_DAYS:
        return FADING
    return EMERGING if first > as_of - config.new_days else ONGOING
