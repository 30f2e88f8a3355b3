"""One elasticity from a panel: slope, interval clustered by agreement, and whether the data can tell it at all."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.config import ElasticityConfig
from lianxin.analyses.price_analysis.elasticity.within import within

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Identified = Literal["yes", "weak", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows of a panel, (n,): answer and price in logarithms; numbers of spell, time effect, cluster and price path."""

    answer: Floats
    price: Floats
    spell: Ints
    time: Ints
    cluster: Ints
    path: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Slope with its interval; None where it is not identified.

    ``price_sd``: standard deviation of the log price that the fixed effects leave; ``paths``: price paths that differ.
    """

    value: float | None
    low: float | None
    high: float | None
    identified: Identified
    rows: int
    clusters: int
    price_sd: float
    paths: int


def estimate(sample: Sample, config: ElasticityConfig) -> Estimate:
    """Least squares after fixed effects of spell (an agreement on one plan) and time.

    The variance is clustered by agreement with the correction G/(G−1)·(n−1)/(n−k) (Cameron and Miller 2015); k counts
    the slope and the time effects, as spells are nested in clusters.
    """
    answer, price = within([sample.answer, sample.price], [sample.spell, sample.time])
    sd = float(np.sqrt(np.mean(price**2))) if len(price) else 0.0
    paths = _paths(price, sample, config.no_below_sd)
    clusters = len(np.unique(sample.cluster))
    if sd < config.no_below_sd or paths < config.no_below_paths:
        return Estimate(
            value=None,
            low=None,
            high=None,
            identified="no",
            rows=len(price),
            clusters=clusters,
            price_sd=sd,
            paths=paths,
        )
    square = float(price @ price)
    slope = float(price @ answer) / square
    score = np.bincount(sample.cluster, weights=price * (answer - slope * price))
    size, lost = len(price), 1 + len(np.unique(sample.time))
    correction = clusters / (clusters - 1) * (size - 1) / max(size - lost, 1)
    half = config.confidence_z * float(np.sqrt(correction * (score @ score))) / square
    return Estimate(
        value=slope,
        low=slope - half,
        high=slope + half,
        identified="yes" if half <= config.yes_half_width else "weak",
        rows=size,
        clusters=clusters,
        price_sd=sd,
        paths=paths,
    )


def _paths(price: Floats, sample: Sample, least: float) -> int:
    """Price paths that go their own way after the fixed effects; a path is a plan's."""
    count = np.bincount(sample.path)
    spread = np.sqrt(np.bincount(sample.path, weights=price**2) / np.maximum(count, 1))
    return int((spread >= least).sum())
