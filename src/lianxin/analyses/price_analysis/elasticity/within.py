"""Fixed effects out of a panel: what is left of each column after the means of every group."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_TOLERANCE, _ROUNDS = 1e-9, 500


def within(columns: Sequence[Floats], groups: Sequence[Ints]) -> list[Floats]:
    """Columns (n,) less their projections on the groups' dummies, by alternating means (Guimarães and Portugal 2010).

    ``groups``: for each effect the number of the group of each row. Balanced panels take one round; others are repeated
    until no mean is left above 1e-9 of the column's standard deviation.
    """
    counts = [np.maximum(np.bincount(group), 1) for group in groups]
    return [_one(column - column.mean(), groups, counts) for column in columns]


def _one(column: Floats, groups: Sequence[Ints], counts: Sequence[Ints]) -> Floats:
    limit = _TOLERANCE * (float(column.std()) or 1.0)
    for _round in range(_ROUNDS):
        largest = 0.0
        for group, count in zip(groups, counts, strict=True):
            mean = np.bincount(group, weights=column) / count
            column = column - mean[group]
            largest = max(largest, float(np.abs(mean).max()))
        if largest <= limit:
            break
    return column


def degrees_of_freedom(groups: Sequence[Ints]) -> int:
    """How many means are taken out; the groups' common constant counts once."""
    return sum(len(np.unique(group)) for group in groups) - len(groups) + 1
