"""Planted faults and changes in load curves, each with its cause and signature; the truth of usage alerts.

metering fault: a phase is lost, every quarter hour reads the same part, active and reactive alike, from an instant on.
equipment fault: a machine hangs (a constant load day and night) or a line stands still, until it is repaired.
production change: activity in working hours rises or falls, from a day on, for good.
compensation failure: capacitors are out, reactive energy rises and active energy does not.
missing data: no readings for days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.days import QUARTERS

Floats = NDArray[np.float64]

CAUSES = ("metering_fault", "equipment_fault", "production_change", "compensation_failure", "missing_data")
_WEIGHTS = (0.20, 0.22, 0.28, 0.18, 0.12)
_MEAN_EVENTS = 1.5
_QUIET_DAYS_BEFORE, _APART_DAYS = 70, 75
KINDS = {
    "metering_fault": "step_down",
    "compensation_failure": "power_factor_drop",
    "missing_data": "missing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadEvent:
    """A planted event: first quarter hour and end (exclusive) in the span, sign and size.

    ``magnitude`` is the change relative to what the load would be: −0.33 for a lost phase, +0.25 for more activity.
    """

    cause: str
    kind: str
    start: int
    end: int
    magnitude: float


def draw_events(random: np.random.Generator, days: int, *, interval: bool = True) -> list[LoadEvent]:
    """Events of one usage point, apart from one another by ten weeks or more."""
    found: list[LoadEvent] = []
    earliest = _QUIET_DAYS_BEFORE
    for _ in range(int(random.poisson(_MEAN_EVENTS))):
        latest = days - 20
        if earliest >= latest:
            break
        day = int(random.integers(earliest, min(latest, earliest + days // 2) + 1))
        event = _draw_event(random, day, days, interval=interval)
        found.append(event)
        earliest = min(event.end // QUARTERS, day + 120) + _APART_DAYS
    return found


def _draw_event(random: np.random.Generator, day: int, days: int, *, interval: bool) -> LoadEvent:
    cause = CAUSES[int(random.choice(len(CAUSES), p=_WEIGHTS))]
    if cause == "compensation_failure" and not interval:
        cause = "production_change"
    whole = days * QUARTERS
    start = day * QUARTERS + (int(random.integers(0, QUARTERS)) if interval else 0)
    if cause == "metering_fault":
        lost = (1 / 3, 2 / 3)[int(random.random() < 0.3)]
        return _event(
            cause, start, start + int(random.integers(12, 70)) * QUARTERS, -lost * random.uniform(0.96, 1.0), whole
        )
    if cause == "equipment_fault":
        size = random.uniform(0.18, 0.45) * (1 if random.random() < 0.65 else -1.6)
        return _event(cause, start, start + int(random.integers(7, 28)) * QUARTERS, size, whole)
    if cause == "production_change":
        size = random.uniform(0.22, 0.6) * (1 if random.random() < 0.5 else -1)
        return _event(cause, day * QUARTERS, whole, size, whole)
    if cause == "compensation_failure":
        return _event(cause, start, start + int(random.integers(20, 90)) * QUARTERS, random.uniform(1.4, 3.2), whole)
    return _event(cause, start, start + int(random.integers(24, 9 * QUARTERS)), -1.0, whole)


def _event(cause: str, start: int, end: int, magnitude: float, whole: int) -> LoadEvent:
    kind = KINDS.get(cause, "step_up" if magnitude > 0 else "step_down")
    return LoadEvent(cause=cause, kind=kind, start=start, end=min(end, whole), magnitude=round(float(magnitude), 4))


def apply_to_load(load: Floats, activity: Floats, events: list[LoadEvent], base: float) -> Floats:
    """The true load (flat array of quarter hours) with production changes and equipment faults."""
    found = load.copy()
    for event in events:
        span = slice(event.start, event.end)
        if event.cause == "production_change":
            found[span] += event.magnitude * (1 - base) * activity[span]
        elif event.cause == "equipment_fault":
            mean = float(load[max(0, event.start - 28 * QUARTERS) : event.start].mean())
            hangs = event.magnitude > 0
            change = event.magnitude * mean if hangs else event.magnitude * mean * np.minimum(1, activity[span])
            found[span] = found[span] + change
    return np.clip(found, 0.01, None)


def metered_share(size: int, events: list[LoadEvent]) -> Floats:
    """Part of the true energy that the meter counts, by quarter hour."""
    share = np.ones(size)
    for event in events:
        if event.cause == "metering_fault":
            share[event.start : event.end] *= 1 + event.magnitude
    return share


def missing_mask(size: int, events: list[LoadEvent]) -> NDArray[np.bool_]:
    """Quarter hours that never arrive because of a planted gap."""
    mask = np.zeros(size, dtype=np.bool_)
    for event in events:
        if event.cause == "missing_data":
            mask[event.start : event.end] = True
    return mask


def reactive_multiple(size: int, events: list[LoadEvent]) -> Floats:
    """Factor on lagging reactive energy, by quarter hour."""
    factor = np.ones(size)
    for event in events:
        if event.cause == "compensation_failure":
            factor[event.start : event.end] *= 1 + event.magnitude
    return factor
