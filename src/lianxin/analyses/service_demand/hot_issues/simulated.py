"""Series with planted rises, to measure detection delay and false alarms; EARS-C2 beside ours at equal false alarms.

Background: Poisson with a weekday pattern, a season, Chinese holidays and a slow trend, all unknown to the detector.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.hot_issues.expectation import DayKinds, day_factors
from lianxin.analyses.service_demand.hot_issues.scan import dispersions, scan
from lianxin.foundation.calendar import Calendar

Floats = NDArray[np.float64]
_EPOCH = date(1970, 1, 1)
_KINDS = {"workday": 0, "restday": 1, "holiday": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is simulated: ``topics`` series of ``history_days`` to learn from and ``test_days`` to judge."""

    topics: int = 200
    history_days: int = 730
    test_days: int = 360
    rise_days: int = 28
    ratio: float = 3.0
    cases_a_week: tuple[float, ...] = (5.0, 14.0, 35.0)
    first_day: date = date(2022, 7, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Counts (topics, days) without rises, the mean behind them, the weekly rate of each, and the days' kinds."""

    counts: Floats
    mean: Floats
    weekly: Floats
    days: DayKinds


def day_kinds(first: date, count: int, *, calendar: Calendar) -> DayKinds:
    """Kinds of ``count`` days from ``first`` on."""
    listed = [first + timedelta(days=number) for number in range(count)]
    return DayKinds(
        kind=np.array([_KINDS[calendar.kind(day)] for day in listed], dtype=np.int64),
        weekday=np.array([day.weekday() for day in listed], dtype=np.int64),
        number=np.array([(day - _EPOCH).days for day in listed], dtype=np.int64),
    )


def quiet_series(trial: Trial, *, seed: int, calendar: Calendar) -> Series:
    """Series without any rise."""
    random = np.random.default_rng(seed)
    days = day_kinds(trial.first_day, trial.history_days + trial.test_days, calendar=calendar)
    weekly = np.resize(np.array(trial.cases_a_week), trial.topics)
    rest, holiday = random.uniform(0.5, 0.9, (trial.topics, 1)), random.uniform(0.3, 0.8, (trial.topics, 1))
    kinds = np.where(days.kind == 0, 1.0, np.where(days.kind == 1, rest, holiday))
    monday = np.where((days.weekday == 0) & (days.kind == 0), random.uniform(1.0, 1.3, (trial.topics, 1)), 1.0)
    phase, height = random.uniform(0, 2 * np.pi, (trial.topics, 1)), random.uniform(0.0, 0.35, (trial.topics, 1))
    season = 1 + height * np.sin(2 * np.pi * days.number / 365.25 + phase)
    trend = np.exp(random.normal(0, 0.08, (trial.topics, 1)) * (days.number - days.number[0]) / 365.25)
    shape = kinds * monday * season * trend
    mean = weekly[:, None] / 7 * shape / shape.mean(axis=1, keepdims=True)
    return Series(counts=random.poisson(mean).astype(float), mean=mean, weekly=weekly, days=days)


def with_rises(series: Series, trial: Trial, *, seed: int, share: float) -> tuple[Floats, NDArray[np.int64]]:
    """Counts with a rise planted in a ``share`` of the series, and the first day of each (−1: none)."""
    random = np.random.default_rng(seed)
    start = np.full(trial.topics, -1, dtype=np.int64)
    chosen = random.random(trial.topics) < share
    last = trial.history_days + trial.test_days - trial.rise_days
    start[chosen] = random.integers(trial.history_days + 14, last, int(chosen.sum()))
    day = np.arange(series.counts.shape[1])
    inside = (start[:, None] >= 0) & (day >= start[:, None]) & (day < start[:, None] + trial.rise_days)
    more = random.poisson((trial.ratio - 1) * series.mean)
    return series.counts + np.where(inside, more, 0), start


def our_alarms(series: Series, counts: Floats, trial: Trial, *, config: HotIssueConfig) -> NDArray[np.bool_]:
    """Alarms (topics, days); patterns are learnt from the history alone."""
    learn = np.arange(counts.shape[1]) < trial.history_days
    topic = np.arange(trial.topics)
    factors = day_factors(counts, topic, series.days, learn=learn, config=config)
    spread = dispersions(counts, factors, topic, learn=learn, floor=config.dispersion_least)
    return scan(
        counts, factors, first=trial.history_days, dispersion=spread, q_limit=config.q_limit, config=config
    ).alarm


def ears_c2(counts: Floats, *, first: int, limit: float) -> NDArray[np.bool_]:
    """EARS-C2 (Hutwagner 2003): above mean + limit × deviation of the seven days that end three days ago."""
    alarm = np.zeros(counts.shape, dtype=bool)
    for day in range(max(first, 9), counts.shape[1]):
        base = counts[:, day - 9 : day - 2]
        alarm[:, day] = counts[:, day] > base.mean(axis=1) + limit * np.maximum(base.std(axis=1, ddof=1), 0.5)
    return alarm


def first_alarms(alarm: NDArray[np.bool_], *, quiet_days: int) -> NDArray[np.bool_]:
    """Alarms that begin an issue: none in the ``quiet_days`` before."""
    sums = np.concatenate([np.zeros((len(alarm), 1)), np.cumsum(alarm, axis=1)], axis=1)
    day = np.arange(alarm.shape[1])
    before = sums[:, day] - sums[:, np.maximum(day - quiet_days, 0)]
    return np.asarray(alarm & (before == 0))


def false_alarms_a_month(alarm: NDArray[np.bool_], trial: Trial, *, quiet_days: int) -> float:
    """Issues begun per 30 days in series without rises, for 200 topics."""
    begun = first_alarms(alarm, quiet_days=quiet_days)[:, trial.history_days :].sum()
    return float(begun / trial.test_days * 30 * 200 / trial.topics)


def delays(alarm: NDArray[np.bool_], start: NDArray[np.int64], trial: Trial) -> Floats:
    """Days until each rise is found, the first day counting as one; infinite where it is not found while it lasts."""
    found = np.full(len(start), np.nan)
    for row in np.flatnonzero(start >= 0):
        during = np.flatnonzero(alarm[row, start[row] : start[row] + trial.rise_days])
        found[row] = during[0] + 1 if len(during) else np.inf
    return found
