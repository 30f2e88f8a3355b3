"""What each cell (topic × district) usually gets on a day: level × weekday × holiday × season.

Weekday, holiday and season are shares of all that a topic gets (pooled over its districts, and drawn towards all
topics where it gets little); the level is the cell's own, from the weeks before a guard time, so that a rise does not
teach the expectation what it should be told apart from.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import HotIssueConfig

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WORKDAY, RESTDAY, HOLIDAY = 0, 1, 2
_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class DayKinds:
    """Of each day: its kind (WORKDAY, RESTDAY, HOLIDAY), day of the week and number since 1970."""

    kind: Ints
    weekday: Ints
    number: Ints

    @property
    def slot(self) -> Ints:
        """Nine kinds of days: working weekdays Monday to Sunday (0–6, make-up days too), rest days and holidays."""
        return np.where(self.kind == WORKDAY, self.weekday, np.where(self.kind == RESTDAY, 5 + (self.weekday == 6), 7))


SLOTS = 8


def day_factors(
    counts: Floats, topic: Ints, days: DayKinds, *, learn: NDArray[np.bool_], config: HotIssueConfig
) -> Floats:
    """Factor (topics, days) of each day, about one on average; learnt from the days ``learn`` only.

    Args:
        counts: cases (cells, days), days of known surges already lowered.
        topic: the topic of each cell, 0 … k−1.
        days: what kind each day is.
        learn: which days may be learnt from.
        config: thresholds.

    """
    by_topic = np.zeros((int(topic.max()) + 1, counts.shape[1]))
    np.add.at(by_topic, topic, counts)
    everything = by_topic.sum(axis=0, keepdims=True)
    week = _slot_factors(by_topic, _slot_factors(everything, None, days.slot, learn, config), days.slot, learn, config)
    season = _season(by_topic / week, days.number, learn, config)
    return np.asarray(week * season)


def _slot_factors(
    totals: Floats, towards: Floats | None, slot: Ints, learn: NDArray[np.bool_], config: HotIssueConfig
) -> Floats:
    """Mean of each kind of day over the mean of all days, drawn towards ``towards`` (else towards one)."""
    level = np.maximum(_local_mean(totals, learn), 1e-9)
    own = np.ones_like(totals)
    for value in range(SLOTS):
        inside = learn & (slot == value)
        expected = level[:, inside].sum(axis=1)
        seen = totals[:, inside].sum(axis=1)
        prior = 1.0 if towards is None else towards[0, slot == value][:1].sum() if (slot == value).any() else 1.0
        factor = (seen + config.pattern_cases * prior) / (expected + config.pattern_cases)
        own[:, slot == value] = factor[:, None]
    return own


def _local_mean(totals: Floats, learn: NDArray[np.bool_]) -> Floats:
    """Centred mean of 29 days over the days that may be learnt from: four weeks have all weekdays alike."""
    window = np.ones(29)
    weight = np.convolve(learn.astype(float), window, mode="same")
    sums = np.apply_along_axis(lambda row: np.convolve(row * learn, window, mode="same"), 1, totals)
    return np.asarray(sums / np.maximum(weight, 1.0))


def _season(totals: Floats, number: Ints, learn: NDArray[np.bool_], config: HotIssueConfig) -> Floats:
    """Yearly wave (two harmonics) of each topic, where there is more than a year to learn from; else one."""
    if learn.sum() < config.season_days:
        return np.ones_like(totals)
    angle = 2 * np.pi * number / _YEAR
    waves = np.stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)], axis=1)
    trend = ((number - number[learn].mean()) / _YEAR)[:, None]
    design = np.hstack([np.ones((len(number), 1)), trend, waves])
    mean = totals[:, learn].mean(axis=1)
    # least squares on what the topic gets relative to its mean, drawn to no season by as many cases as a pattern needs
    ridge = np.diag([0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    gram = design[learn].T @ design[learn]
    factors = np.ones_like(totals)
    for row in range(len(totals)):
        if mean[row] <= 0:
            continue
        penalty = config.season_cases / mean[row]
        found = np.linalg.solve(gram + penalty * ridge, design[learn].T @ (totals[row, learn] / mean[row]))
        factors[row] = np.clip(1 + waves @ found[2:], config.season_least, config.season_most)
    return factors
