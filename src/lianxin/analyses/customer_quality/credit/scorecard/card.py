"""The fitted scorecard: bins and whole points; the sum is the score, and the probability is a function of the score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.scorecard.bins import Bins
from lianxin.analyses.customer_quality.credit.scorecard.derived import Derived, with_derived
from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column, typed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A row group of the card: bins with whole points; ``shares`` and ``event_rates`` are those of training."""

    name: str
    bins: Bins
    points: tuple[int, ...]
    shares: tuple[float, ...]
    event_rates: tuple[float | None, ...]

    @property
    def span(self) -> int:
        """Difference of the best and the worst bin that rows of the training fell into."""
        seen = [points for points, share in zip(self.points, self.shares, strict=True) if share > 0]
        return max(seen) - min(seen) if seen else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCells:
    """Points by cell of two characteristics, beyond what each says alone; bins may be coarser than theirs."""

    left: str
    right: str
    left_bins: Bins
    right_bins: Bins
    points: tuple[tuple[int, ...], ...]

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.left} × {self.right}"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probability of the event = 1 ÷ (1 + exp(−(intercept + slope · points))), with slope ≤ 0."""

    intercept: float
    slope: float

    def probability(self, points: Ints) -> Floats:
        """The probability of the event by points."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + self.slope * np.asarray(points, dtype=np.float64)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Base points, characteristics and pairs; calibrated."""

    columns: tuple[Column, ...]
    derived: tuple[Derived, ...]
    base_points: int
    characteristics: tuple[Characteristic, ...]
    pairs: tuple[PairCells, ...]
    calibration: Calibration

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the columns of ``part_points``."""
        return (*(item.name for item in self.characteristics), *(item.name for item in self.pairs))

    def prepared(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Columns of the card typed, derived numbers added; columns that ``frame`` lacks are missing values."""
        return with_derived(typed(frame, self.columns), self.derived)

    def codes(self, prepared: pl.DataFrame) -> list[Ints]:
        """The bin of every row by characteristic."""
        return [item.bins.codes(prepared[item.name]) for item in self.characteristics]

    def part_points(self, frame: pl.DataFrame) -> Ints:
        """Points by row and part, (rows, parts); with ``base_points`` they sum to the score exactly."""
        prepared = self.prepared(frame)
        columns = [
            np.asarray(item.points)[codes]
            for item, codes in zip(self.characteristics, self.codes(prepared), strict=True)
        ]
        for pair in self.pairs:
            left, right = pair.left_bins.codes(prepared[pair.left]), pair.right_bins.codes(prepared[pair.right])
            columns.append(np.asarray(pair.points)[left, right])
        if not columns:
            return np.zeros((frame.height, 0), dtype=np.int64)
        return np.stack(columns, axis=1).astype(np.int64)

    def score(self, frame: pl.DataFrame) -> Ints:
        """Whole points: more is better."""
        return self.base_points + np.asarray(self.part_points(frame).sum(axis=1), dtype=np.int64)

    def probability(self, frame: pl.DataFrame) -> Floats:
        """Calibrated probability of the event."""
        return self.calibration.probability(self.score(frame))


def strongest(card: Scorecard) -> Sequence[Characteristic]:
    """Characteristics by the span of their points."""
    return sorted(card.characteristics, key=lambda item: (-item.span, item.name))
