"""Bins of one characteristic: intervals of a number or groups of texts, and one more bin for missing values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bins:
    """Bin k of a number holds edges[k − 1] ≤ x < edges[k]; of a text, the values of groups[k].

    The last bin (``missing``) holds null and, of a text, every value that no group names.
    """

    edges: tuple[float, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    is_text: bool = False

    @property
    def missing(self) -> int:
        """Index of the bin of missing values."""
        return len(self.groups) if self.is_text else len(self.edges) + 1

    def __len__(self) -> int:
        return self.missing + 1

    def codes(self, values: pl.Series) -> Ints:
        """The bin of every value."""
        if self.is_text:
            place = {text: number for number, group in enumerate(self.groups) for text in group}
            coded = values.cast(pl.String).replace_strict(place, default=self.missing, return_dtype=pl.Int64)
            return coded.fill_null(self.missing).to_numpy()
        numbers = values.cast(pl.Float64).fill_null(np.nan).to_numpy()
        found = np.searchsorted(np.asarray(self.edges), numbers, side="right").astype(np.int64)
        found[~np.isfinite(numbers)] = self.missing
        return found


def number_bins(values: pl.Series, *, most: int, smallest: float, events: Ints | None = None) -> Bins:
    """About ``most`` bins of equal counts; a value that many rows share keeps a bin of its own.

    With ``events`` (0 or 1 a row) rows and events fill a bin half and half, so that the few who are at risk are told
    apart as finely as the many who are not. Edges lie half-way between neighbouring values, so that the last digits
    of a sum decide nothing.
    """
    known = values.is_not_null().to_numpy()
    numbers = values.drop_nulls().to_numpy()
    distinct, place_of, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    if len(distinct) < 2:
        return Bins()
    mass = counts / len(numbers)
    if events is not None and (total := int(events[known].sum())):
        mass = (mass + np.bincount(place_of, weights=events[known], minlength=len(distinct)) / total) / 2
    least = max(1, int(smallest * len(values)))
    upper = _cut_places(counts, mass, least=least, aim=max(least / len(numbers), 1 / most))
    edges = dict.fromkeys(_between(distinct[place], distinct[place + 1]) for place in upper)
    return Bins(edges=tuple(edges))


def _cut_places(counts: Ints, mass: Floats, *, least: int, aim: float) -> list[int]:
    """After which distinct values a bin ends: ``aim`` of the mass, heavy values alone, ``least`` rows at least."""
    rows, filled = np.cumsum(counts), np.cumsum(mass)
    aim -= 1e-9  # shares are sums of fractions
    heavy = np.flatnonzero(mass >= aim)
    cuts: list[int] = []
    before, place = -1, -1

    def after(index: int, sums: Ints | Floats) -> float:
        return float(sums[index]) if index >= 0 else 0.0

    while True:
        full = int(np.searchsorted(filled, after(before, filled) + aim))
        full = max(full, int(np.searchsorted(rows, after(before, rows) + least)))
        heavies = heavy[heavy > place + 1]
        ahead = int(heavies[0]) - 1 if len(heavies) else full
        place = ahead if ahead < full and rows[ahead] - after(before, rows) >= least else full
        if place >= len(counts) - 1 or rows[-1] - rows[place] < least:
            return cuts
        cuts.append(place)
        before = place


def _between(low: float, high: float) -> float:
    """A short number between two neighbours."""
    for digits in range(1, 17):
        middle = float(f"{(low + high) / 2:.{digits}g}")
        if low < middle < high:
            return middle
    return float(high)


def text_bins(values: pl.Series, label: Ints, *, most: int, smallest: float) -> Bins:
    """One bin a frequent value, ordered by event rate (shrunk to the mean); rare values are as missing."""
    least = max(2, int(smallest * len(values)))
    table = pl.DataFrame({"value": values.cast(pl.String), "label": label}).drop_nulls("value")
    mean, weight = float(label.mean()), 20.0
    counted = (
        table.group_by("value")
        .agg(rows=pl.len(), events=pl.col("label").sum())
        .filter(pl.col("rows") >= least)
        .sort("rows", "value", descending=[True, False])
        .head(most)
        .with_columns(rate=(pl.col("events") + mean * weight) / (pl.col("rows") + weight))
        .sort("rate", "value")
    )
    return Bins(groups=tuple((value,) for value in counted["value"].to_list()), is_text=True)


def merged(bins: Bins, points: Sequence[int]) -> tuple[Bins, list[int]]:
    """Neighbours of equal points become one bin; returns the bins and the old index that stands for each new bin."""
    keep = [0, *(number for number in range(1, bins.missing) if points[number] != points[number - 1])]
    stands = [*keep, bins.missing]
    if not bins.is_text:
        return Bins(edges=tuple(bins.edges[number - 1] for number in keep[1:])), stands
    ends = [*keep[1:], bins.missing]
    groups = [tuple(text for group in bins.groups[a:b] for text in group) for a, b in zip(keep, ends, strict=True)]
    if not bins.groups:
        return bins, [bins.missing]
    return Bins(groups=tuple(groups), is_text=True), stands


def direction(codes: Ints, label: Ints, bins: Bins, *, at: float) -> int:
    """1 where the event rate rises with the bins, −1 where it falls, 0 where neither is clear.

    Rank correlation of bins and rates, weighted by rows. Texts are ordered by rate already.
    """
    if bins.is_text:
        return 0
    inside = codes < bins.missing
    rows = np.bincount(codes[inside], minlength=bins.missing)
    events = np.bincount(codes[inside], weights=label[inside], minlength=bins.missing)
    used = rows > 0
    if used.sum() < 2:
        return 0
    rate = events[used] / rows[used]
    found = _weighted_correlation(np.arange(used.sum(), dtype=np.float64), np.argsort(np.argsort(rate)), rows[used])
    return int(np.sign(found)) if abs(found) >= at else 0


def _weighted_correlation(x: Floats, y: Ints, weight: Ints) -> float:
    share = weight / weight.sum()
    dx, dy = x - (share * x).sum(), y - (share * y).sum()
    spread = np.sqrt((share * dx**2).sum() * (share * dy**2).sum())
    return float((share * dx * dy).sum() / spread) if spread > 0 else 0.0


def interval_words(edges: Sequence[float]) -> list[str]:
    """``x < 1``, ``1 ≤ x < 2``, ``x ≥ 2``: one for each bin of a number but the missing one."""
    if not edges:
        return ["any"]
    inner = [f"{low:g} ≤ x < {high:g}" for low, high in pairwise(edges)]
    return [f"x < {edges[0]:g}", *inner, f"x ≥ {edges[-1]:g}"]
