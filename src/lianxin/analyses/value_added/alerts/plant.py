"""Plants events with a known cause on real curves, for evaluation only.

Each event is a plain change of the curve from its onset on, written from what the fault does to a meter,
not from what the detector looks for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from lianxin.analyses.value_added.alerts.day_features import Floats

Cause = Literal["metering_fault", "equipment_fault", "production_change", "compensation_failure", "missing_data"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
Event = Literal[
    "step",
    "active_step",
    "phase_lost",
    "ratio_wrong",
    "machine_stuck",
    "leak",
    "output_changed",
    "second_shift",
    "capacitor_lost",
    "readings_lost",
    "meter_stopped",
]
EVENTS: tuple[Event, ...] = get_args(Event)


@dataclass(frozen=True, slots=True)
class Curve:
    """Readings of one meter, (days, intervals): kWh, lagging and leading kvarh; ``workday`` is (days,)."""

    kwh: Floats
    workday: np.ndarray[tuple[int], np.dtype[np.bool_]]
    kvarh: Floats | None = None
    kvarh_leading: Floats | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """A curve with one event in it; ``magnitude_pct`` is the change of the energy from ``onset_day`` on."""

    curve: Curve
    event: Event
    cause: Cause | None
    onset_day: int
    magnitude_pct: float


def plant(curve: Curve, *, event: Event, onset_day: int, seed: int, factor: float | None = None) -> Planted:
    """Plant one event from the start of ``onset_day`` (index) to the end.

    ``factor`` fixes the size of ``step`` and ``active_step`` (default 1.3 or 0.7 by lot); all other sizes
    are drawn. A plain ``step`` has no cause of its own.
    """
    rng = np.random.default_rng(seed)
    changed, cause = _MAKERS[event](_after(curve, onset_day), curve, onset_day, rng, factor)
    whole = replace(
        curve,
        kwh=_joined(curve.kwh, changed.kwh, onset_day),
        kvarh=None if curve.kvarh is None else _joined(curve.kvarh, _known(changed.kvarh), onset_day),
        kvarh_leading=None
        if curve.kvarh_leading is None
        else _joined(curve.kvarh_leading, _known(changed.kvarh_leading), onset_day),
    )
    old, new = np.nansum(curve.kwh[onset_day:]), np.nansum(whole.kwh[onset_day:])
    return Planted(whole, event, cause, onset_day, float(100 * (new / old - 1)) if old > 0 else 0.0)


def _known(values: Floats | None) -> Floats:
    if values is None:
        message = "an event may not drop reactive readings"
        raise ValueError(message)
    return values


def _after(curve: Curve, onset_day: int) -> Curve:
    def cut(values: Floats | None) -> Floats | None:
        return None if values is None else values[onset_day:].copy()

    return Curve(curve.kwh[onset_day:].copy(), curve.workday[onset_day:], cut(curve.kvarh), cut(curve.kvarh_leading))


def _joined(old: Floats, new: Floats, onset_day: int) -> Floats:
    return np.concatenate([old[:onset_day], new])


def _times(curve: Curve, factor: Floats | float) -> Curve:
    """Active and reactive energy alike, as a meter's ratio does or as more of the same load does."""
    return replace(
        curve,
        kwh=curve.kwh * factor,
        kvarh=None if curve.kvarh is None else curve.kvarh * factor,
        kvarh_leading=None if curve.kvarh_leading is None else curve.kvarh_leading * factor,
    )


_Made = tuple[Curve, Cause | None]


def _step(part: Curve, _whole: Curve, _onset: int, rng: np.random.Generator, factor: float | None) -> _Made:
    return _times(part, factor or float(rng.choice([1.3, 0.7]))), None


def _active_step(part: Curve, whole: Curve, onset: int, rng: np.random.Generator, factor: float | None) -> _Made:
    """Only intervals above the middle of the curve's own range, so base load and idle days stay."""
    low, high = np.nanquantile(whole.kwh[:onset], [0.05, 0.95])
    active = part.kwh > (low + high) / 2
    return _times(part, np.where(active, factor or float(rng.choice([1.3, 0.7])), 1.0)), "production_change"


def _phase_lost(part: Curve, _whole: Curve, _o: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """One of three phases unmetered leaves 2/3, two leave 1/3, one of two elements 1/2; phases differ a little."""
    share = float(rng.choice([2 / 3, 1 / 3, 1 / 2])) * float(rng.uniform(0.96, 1.04))
    return _times(part, share), "metering_fault"


def _ratio_wrong(part: Curve, _whole: Curve, _o: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """A transformer exchanged for one of another ratio: usual ratio steps (150/5, 200/5, 300/5, 400/5)."""
    return _times(part, float(rng.choice([0.5, 2 / 3, 0.75, 4 / 3, 1.5, 2.0]))), "metering_fault"


def _machine_stuck(part: Curve, whole: Curve, onset: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """A machine that no longer stops: the idle hours rise toward what it draws, the busy hours do not."""
    before = whole.kwh[:onset]
    low, high = np.nanquantile(before, [0.05, 0.95])
    draw = float(rng.uniform(0.25, 0.6)) * float(np.nanmean(before))
    idle = 1 - np.clip((part.kwh - low) / max(high - low, 1e-9), 0, 1)
    return _added(part, draw * idle, rng), "equipment_fault"


def _leak(part: Curve, whole: Curve, onset: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """A constant load more in every hour: a leaking air system, a heater that stays on."""
    draw = float(rng.uniform(0.25, 0.6)) * float(np.nanmean(whole.kwh[:onset]))
    return _added(part, np.full_like(part.kwh, draw), rng), "equipment_fault"


def _added(part: Curve, kwh: Floats, rng: np.random.Generator) -> Curve:
    """A machine of its own power factor 0.75…0.95 beside the old load, its draw 3 % uneven."""
    kwh = kwh * rng.normal(1, 0.03, kwh.shape)
    tangent = float(np.tan(np.arccos(rng.uniform(0.75, 0.95))))
    kvarh = None if part.kvarh is None else part.kvarh + kwh * tangent
    return replace(part, kwh=part.kwh + kwh, kvarh=kvarh)


def _output_changed(part: Curve, whole: Curve, onset: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """More or less made in the same hours: what stands above the base load is scaled, the base stays."""
    base = np.nanquantile(whole.kwh[:onset], 0.05)
    factor = float(rng.choice([rng.uniform(0.35, 0.65), rng.uniform(1.4, 1.9)]))
    kwh = np.where(part.kwh > base, base + (part.kwh - base) * factor, part.kwh)
    ratio = np.divide(kwh, part.kwh, out=np.ones_like(kwh), where=part.kwh > 0)
    return _times(part, ratio), "production_change"


def _second_shift(part: Curve, _whole: Curve, _onset: int, _rng: np.random.Generator, _f: float | None) -> _Made:
    """On workdays the eight hours after the busiest eight run like these."""
    intervals = part.kwh.shape[1]
    shift = intervals // 3
    typical = np.nanmean(part.kwh[part.workday], axis=0) if part.workday.any() else part.kwh.mean(axis=0)
    doubled = np.concatenate([typical, typical])
    sums = [doubled[start : start + shift].sum() for start in range(intervals)]
    start = int(np.argmax(sums))
    source = np.arange(start, start + shift) % intervals
    target = (source + shift) % intervals
    kwh = part.kwh.copy()
    days = np.flatnonzero(part.workday)
    moved = np.maximum(kwh[np.ix_(days, target)], kwh[np.ix_(days, source)])
    kwh[np.ix_(days, target)] = moved
    ratio = np.divide(kwh, part.kwh, out=np.ones_like(kwh), where=part.kwh > 0)
    changed = _times(part, ratio)
    return replace(changed, kwh=kwh), "production_change"


def _capacitor_lost(part: Curve, _whole: Curve, _onset: int, rng: np.random.Generator, _f: float | None) -> _Made:
    """Compensation that fails leaves 20…45 kvarh more a 100 kWh drawn; active energy as before."""
    if part.kvarh is None:
        message = "capacitor_lost needs kvarh"
        raise ValueError(message)
    return replace(part, kvarh=part.kvarh + float(rng.uniform(0.2, 0.45)) * part.kwh), "compensation_failure"


def _readings_lost(part: Curve, _whole: Curve, _onset: int, rng: np.random.Generator, _f: float | None) -> _Made:
    gone = int(rng.integers(1, 6))
    kwh = part.kwh.copy()
    kwh[:gone] = np.nan
    return replace(part, kwh=kwh), "missing_data"


def _meter_stopped(part: Curve, _whole: Curve, _onset: int, _rng: np.random.Generator, _f: float | None) -> _Made:
    return _times(part, 0.0), "metering_fault"


_Maker = Callable[[Curve, Curve, int, np.random.Generator, float | None], _Made]
_MAKERS: dict[Event, _Maker] = {
    "step": _step,
    "active_step": _active_step,
    "phase_lost": _phase_lost,
    "ratio_wrong": _ratio_wrong,
    "machine_stuck": _machine_stuck,
    "leak": _leak,
    "output_changed": _output_changed,
    "second_shift": _second_shift,
    "capacitor_lost": _capacitor_lost,
    "readings_lost": _readings_lost,
    "meter_stopped": _meter_stopped,
}
