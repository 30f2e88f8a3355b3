"""The daily scan: is what the last 1 … 14 days brought more than the expectation explains?

Every day is decided with the level known that day. The tail is negative binomial: its variance is dispersion × mean +
mean² ÷ (cases behind the level), so that both clustering of cases and a level learnt from little widen it. The smallest
tail of all windows is corrected for having looked at several, and Benjamini–Hochberg controls the false discovery rate
over all cells of the day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from lianxin.analyses.service_demand.config import HotIssueConfig

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """By cell and day: q-value, the window that stood out (days), what is usual; ``alarm``: q ≤ limit."""

    q_value: Floats
    window: Ints
    usual: Floats
    alarm: NDArray[np.bool_]


def scan(
    counts: Floats, factors: Floats, *, first: int, dispersion: Floats, q_limit: float, config: HotIssueConfig
) -> Scan:
    """Scan the days from ``first`` on.

    Args:
        counts: cases (cells, days).
        factors: day factor (cells, days).
        first: the first day that is judged; those before only teach.
        dispersion: variance over mean of each cell, at least one.
        q_limit: false discovery rate of a day.
        config: thresholds.

    """
    shape = counts.shape
    q_value, usual = np.ones(shape), np.zeros(shape)
    window = np.zeros(shape, dtype=np.int64)
    level = _Level(counts, factors, first, config)
    sums = np.concatenate([np.zeros((shape[0], 1)), np.cumsum(counts, axis=1)], axis=1)
    weights = np.concatenate([np.zeros((shape[0], 1)), np.cumsum(factors, axis=1)], axis=1)
    widths = np.arange(1, config.longest_window + 1)
    for day in range(first, shape[1]):
        usable = widths[widths <= day + 1]
        seen = sums[:, [day + 1]] - sums[:, day + 1 - usable]
        mean = level.value[:, None] * (weights[:, [day + 1]] - weights[:, day + 1 - usable])
        tail = _tails(seen, mean, dispersion, level.cases, config)
        best = tail.argmin(axis=1)
        rows = np.arange(shape[0])
        corrected = -np.expm1(config.windows_alike * np.log1p(-np.minimum(tail[rows, best], 1 - 1e-12)))
        q_value[:, day] = benjamini_hochberg(corrected)
        window[:, day] = usable[best]
        usual[:, day] = level.value * factors[:, day]
        level.learn(day, q_value[:, day] <= q_limit)
    # the windows of the first judged days reach back before them
    usual[:, :first] = usual[:, [first]] / np.maximum(factors[:, [first]], 1e-9) * factors[:, :first]
    return Scan(q_value=q_value, window=window, usual=usual, alarm=q_value <= q_limit)


def either(cases: Scan, incidents: Scan, *, share: float) -> Scan:
    """Alarms of both; what is usual is that of ``cases``, the window that of the scan with the lower q-value."""
    lower = incidents.q_value < cases.q_value
    return Scan(
        # two looks that share the rate (weighted Bonferroni)
        q_value=np.minimum(np.minimum(cases.q_value / (1 - share), incidents.q_value / share), 1.0),
        window=np.where(lower, incidents.window, cases.window),
        usual=cases.usual,
        alarm=cases.alarm | incidents.alarm,
    )


class _Level:
    """Cases a day of each cell, over the factors: older days fade; the last ones are kept back."""

    def __init__(self, counts: Floats, factors: Floats, first: int, config: HotIssueConfig) -> None:
        self._counts, self._factors, self._config = counts, factors, config
        self._fade = 0.5 ** (1 / config.half_life_days)
        self._seen, self._due = np.zeros(counts.shape[0]), np.zeros(counts.shape[0])
        self._held: list[tuple[Floats, Floats]] = []
        for day in range(first):
            self._keep(counts[:, day], factors[:, day])

    @property
    def value(self) -> Floats:
        """Cases a day where the factor is one; half a case more, lest a silent cell be surprised by its first."""
        return np.asarray((self._seen + 0.5) / np.maximum(self._due, 1.0))

    @property
    def cases(self) -> Floats:
        """Cases that the level rests on."""
        return np.maximum(self._seen, 0.5)

    def learn(self, day: int, alarmed: NDArray[np.bool_]) -> None:
        """Take in a day; in a cell that is alarmed the day counts as expected, so that a rise stays a rise."""
        usual = self.value * self._factors[:, day]
        seen = np.where(alarmed, np.minimum(self._counts[:, day], usual), self._counts[:, day])
        self._keep(seen, self._factors[:, day])

    def _keep(self, seen: Floats, factor: Floats) -> None:
        self._held.append((seen, factor))
        if len(self._held) > self._config.guard_days:
            old_seen, old_factor = self._held.pop(0)
            self._seen = self._fade * self._seen + old_seen
            self._due = self._fade * self._due + old_factor


def _tails(seen: Floats, mean: Floats, dispersion: Floats, behind: Floats, config: HotIssueConfig) -> Floats:
    """Probability of at least ``seen``; one where it is too few or hardly above the expectation to matter."""
    tail = np.ones_like(seen)
    matters = (seen >= config.fewest_cases) & (seen >= config.least_ratio * mean)
    if not matters.any():
        return tail
    rows = np.nonzero(matters)[0]
    k, m = seen[matters], np.maximum(mean[matters], 1e-9)
    # variance = dispersion × m + m² ÷ behind, so the size of the negative binomial is m² ÷ (variance − m)
    excess = np.maximum(dispersion[rows] - 1, 1e-6) * m + m * m / behind[rows]
    size = m * m / excess
    tail[matters] = betainc(k, size, m / (m + size))
    return tail


def benjamini_hochberg(p_value: Floats) -> Floats:
    """q-value of each test: the least false discovery rate at which it is found."""
    count = len(p_value)
    order = np.argsort(p_value, kind="stable")
    ranked = p_value[order] * count / np.arange(1, count + 1)
    q_value = np.empty(count)
    q_value[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q_value


def dispersions(counts: Floats, factors: Floats, topic: Ints, *, learn: NDArray[np.bool_], floor: float) -> Floats:
    """Variance over mean of the weekly sums of each topic's cells, the highest fiftieth of weeks left out (surges)."""
    weeks = int(learn.sum()) // 7
    result = np.ones(len(counts))
    if weeks < 8:
        return np.maximum(result, floor)
    days = np.flatnonzero(learn)[-weeks * 7 :]
    seen = counts[:, days].reshape(len(counts), weeks, 7).sum(axis=2)
    weight = factors[:, days].reshape(len(counts), weeks, 7).sum(axis=2)
    usual = _smooth(seen) / np.maximum(_smooth(weight), 1e-9) * weight
    square = (seen - usual) ** 2 / np.maximum(usual, 0.05)
    for one in np.unique(topic):
        own = square[topic == one].ravel()
        kept = np.sort(own)[: max(1, int(len(own) * 0.98))]
        result[topic == one] = kept.mean() / _KEPT_MEAN
    return np.maximum(result, floor)


# Mean of a chi-squared variable of one degree below its 98th percentile: what leaving the highest out takes away.
_KEPT_MEAN = 0.871


def _smooth(rows: Floats) -> Floats:
    """Mean of the 13 weeks around each week but itself."""
    window = np.ones(13)
    window[6] = 0
    weight = np.convolve(np.ones(rows.shape[1]), window, mode="same")
    return np.asarray(np.apply_along_axis(lambda row: np.convolve(row, window, mode="same"), 1, rows) / weight)
