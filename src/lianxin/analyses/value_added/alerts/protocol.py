"""How alerts are judged: real curves, planted events, split by customer, no point adjustment."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.analyses.value_added.alerts.plant import Cause, Curve, Event, Planted, plant
from lianxin.foundation.calendar import Calendar

WITHIN_DAYS = 5  # the goal: found in at most five days
FIRST_ONSET = 91  # a quarter of a year of history before any planted event
WATCHED_FROM = 63  # 28 valid days, the guard, and 28 days of own contrasts: alerts are possible from here


@dataclass(frozen=True, slots=True)
class TrialCurve:
    """One customer's real curve; ``family`` groups customers of a kind in the tables."""

    name: str
    family: str
    first_day: date
    calendar: Calendar
    curve: Curve


@dataclass(frozen=True, slots=True)
class Trial:
    """One curve to be watched: as it is (no event), or with an event planted. Sizes in log direction."""

    customer: str
    family: str
    event: Event | None
    cause: Cause | None
    onset_day: int
    direction: int
    curve: Curve


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model said of one trial: (day index of detection, ±1 or 0) of each alert in order."""

    model: str
    trial: Trial
    alerts: tuple[tuple[int, int], ...]
    causes: tuple[str, ...] = ()

    @property
    def delay_days(self) -> int | None:
        """Days of data until the event was found with its direction, None if not within five."""
        for day, direction in self.alerts:
            days = day - self.trial.onset_day + 1
            if 1 <= days <= WITHIN_DAYS and direction in {0, self.trial.direction}:
                return days
        return None

    @property
    def false_alarms(self) -> int:
        """Alerts that no event explains: all of a clean curve; else those before the onset or missing it."""
        if self.trial.event is None:
            return len(self.alerts)
        matched = self.delay_days is not None
        after = [day for day, _ in self.alerts if day >= self.trial.onset_day]
        return len(self.alerts) - len(after) + max(0, len(after) - matched)


def clean_trials(curves: list[TrialCurve]) -> list[Trial]:
    """The curves as they are; every alert on them counts as false."""
    return [Trial(item.name, item.family, None, None, -1, 0, item.curve) for item in curves]


def planted_trials(curves: list[TrialCurve], *, events: tuple[Event, ...], per_curve: int, seed: int) -> list[Trial]:
    """``per_curve`` onsets for each curve and event; steps come both up (×1.3) and down (×0.7)."""
    trials = []
    for number, item in enumerate(curves):
        for place, event in enumerate(events):
            factors: tuple[float | None, ...] = (None,)
            if event in {"step", "active_step"}:
                factors = (1.3, 0.7)
            for side, factor in enumerate(factors):
                for turn in range(per_curve):
                    rng = np.random.default_rng([seed, number, place, side, turn])
                    onset = int(rng.integers(FIRST_ONSET, len(item.curve.kwh) - WITHIN_DAYS - 1))
                    planted = plant(
                        item.curve, event=event, onset_day=onset, seed=int(rng.integers(2**31)), factor=factor
                    )
                    trials.append(_trial(item, planted))
    return trials


def _trial(item: TrialCurve, planted: Planted) -> Trial:
    direction = int(np.sign(planted.magnitude_pct)) if planted.event != "capacitor_lost" else 0
    return Trial(item.name, item.family, planted.event, planted.cause, planted.onset_day, direction, planted.curve)


def stacked(trials: list[Trial]) -> tuple[Floats, Floats | None, Floats | None]:
    """Readings of all trials, (trials, days, intervals)."""
    kwh = np.stack([trial.curve.kwh for trial in trials])
    if any(trial.curve.kvarh is None for trial in trials):
        return kwh, None, None
    lagging = np.stack([np.asarray(trial.curve.kvarh) for trial in trials])
    leading = np.stack(
        [
            np.zeros_like(trial.curve.kwh) if trial.curve.kvarh_leading is None else trial.curve.kvarh_leading
            for trial in trials
        ]
    )
    return kwh, lagging, leading
