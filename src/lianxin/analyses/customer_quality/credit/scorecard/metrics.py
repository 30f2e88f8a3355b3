"""How good probabilities are: AUC, KS, ECE, Brier, PSI, gains; each with a 95 % interval where one is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_LEVEL = float(norm.ppf(0.975))
_BINS = 10
# Bands of the population stability index: below .10 stable, above .25 shifted (convention of the field).
PSI_STABLE, PSI_SHIFTED = 0.10, 0.25


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value with its 95 % interval (None where none is known)."""

    metric: str
    value: float
    low: float | None = None
    high: float | None = None


def figures(label: Ints, probability: Floats) -> list[Figure]:
    """AUC (DeLong), KS, ECE of ten equal counts, Brier, mean predicted and observed rate.

    Empty without events or without non-events.
    """
    if not 0 < label.sum() < len(label):
        return []
    observed = float(label.mean())
    low, high = wilson(int(label.sum()), len(label))
    squared = (probability - label) ** 2
    error = _LEVEL * float(squared.std()) / np.sqrt(len(label))
    brier = float(squared.mean())
    return [
        auc_figure(label, probability),
        _ks_figure(label, probability),
        Figure("ece", ece(label, probability)),
        Figure("brier", brier, max(0.0, brier - error), brier + error),
        Figure("mean_predicted", float(probability.mean())),
        Figure("mean_observed", observed, low, high),
    ]


def auc_figure(label: Ints, score: Floats) -> Figure:
    """Area under the ROC curve with DeLong's interval (DeLong et al. 1988)."""
    good, bad = score[label == 0], score[label == 1]
    every = rankdata(np.concatenate([bad, good]))
    above = (every[: len(bad)] - rankdata(bad)) / len(good)
    below = 1 - (every[len(bad) :] - rankdata(good)) / len(bad)
    value = float(above.mean())
    spread = _variance(above) / len(bad) + _variance(below) / len(good)
    half = _LEVEL * float(np.sqrt(spread))
    return Figure("auc", value, max(0.0, value - half), min(1.0, value + half))


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def ks(label: Ints, score: Floats) -> float:
    """Largest distance of the two distribution functions (Kolmogorov and Smirnov)."""
    order = np.argsort(score, kind="stable")
    ends = np.append(np.diff(score[order]) > 0, True)
    bad = np.cumsum(label[order]) / label.sum()
    good = np.cumsum(1 - label[order]) / (len(label) - label.sum())
    return float(np.abs(bad - good)[ends].max())


def _ks_figure(label: Ints, score: Floats) -> Figure:
    """The interval takes the cut as given: two proportions at one point."""
    value = ks(label, score)
    bad = int(label.sum())
    half = _LEVEL * 0.5 * float(np.sqrt(1 / bad + 1 / (len(label) - bad))) * np.sqrt(max(0.0, 1 - value**2))
    return Figure("ks", value, max(0.0, value - half), min(1.0, value + half))


def ece(label: Ints, probability: Floats, *, bins: int = _BINS) -> float:
    """Expected calibration error: mean |observed − predicted| over ``bins`` of equal counts, weighted by count.

    Equal predictions stay together.
    """
    order = np.argsort(probability, kind="stable")
    first = np.searchsorted(probability[order], probability[order], side="left")
    group = first * bins // len(label)
    rows = np.bincount(group)
    used = rows > 0
    seen = np.bincount(group, weights=label[order])[used]
    said = np.bincount(group, weights=probability[order])[used]
    return float(np.abs(seen - said).sum() / len(label))


def psi(expected: Ints, actual: Ints, *, bins: int) -> float:
    """Population stability index of two samples of bin numbers; half a row in every bin keeps it finite."""
    shares = [(np.bincount(codes, minlength=bins) + 0.5) / (len(codes) + 0.5 * bins) for codes in (expected, actual)]
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def lift(label: Ints, probability: Floats, *, share: float = 0.1) -> float:
    """Event rate of the ``share`` predicted worst over that of all."""
    worst = np.argsort(-probability, kind="stable")[: max(1, round(share * len(label)))]
    return float(label[worst].mean() / label.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class GainRow:
    """A tenth of the rows, worst first."""

    tenth: int
    rows: int
    events: int
    event_rate: float
    mean_predicted: float
    captured: float
    lift: float


def gains_table(label: Ints, probability: Floats, *, parts: int = _BINS) -> list[GainRow]:
    """Rows in tenths from the worst prediction down: events, rate, cumulative share of events, lift so far."""
    order = np.argsort(-probability, kind="stable")
    found, events, rows = [], 0, 0
    for number, part in enumerate(np.array_split(order, parts)):
        if not len(part):
            continue
        here = int(label[part].sum())
        events, rows = events + here, rows + len(part)
        captured = events / max(1, int(label.sum()))
        found.append(
            GainRow(
                tenth=number + 1,
                rows=len(part),
                events=here,
                event_rate=here / len(part),
                mean_predicted=float(probability[part].mean()),
                captured=captured,
                lift=captured * len(label) / rows,
            )
        )
    return found


def wilson(events: int, rows: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if rows == 0:
        return 0.0, 1.0
    share, z2 = events / rows, _LEVEL**2
    middle = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = _LEVEL * np.sqrt(share * (1 - share) / rows + z2 / (4 * rows**2)) / (1 + z2 / rows)
    return float(middle - half), float(middle + half)


def mean_with_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean of a few values with its t-free 95 % interval (normal)."""
    array = np.asarray(values, dtype=np.float64)
    half = _LEVEL * float(array.std(ddof=1)) / np.sqrt(len(array)) if len(array) > 1 else 0.0
    return float(array.mean()), float(array.mean() - half), float(array.mean() + half)
