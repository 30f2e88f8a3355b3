"""Which driver matters how much: Shapley shares of the explained variance (LMG, Lindeman, Merenda and Gold 1980).

Each driver's gain in R², averaged over all orders of entry: correlated drivers share what they explain together.
"""

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_DRIVERS = 10  # 2¹⁰ subsets; more are cut to those with the largest correlation


def relative_importance(overall: Floats, drivers: Floats) -> Floats:
    """Share of each driver (columns) in the variance of ``overall`` that all explain; shares sum to one.

    Zeros where nothing is explained.
    """
    data = np.column_stack([drivers, overall])
    spread = data.std(axis=0)
    if not spread[-1] > 0 or not (spread[:-1] > 0).any():
        return np.zeros(drivers.shape[1])
    usable = spread > 0
    standard = np.where(usable, (data - data.mean(axis=0)) / np.where(usable, spread, 1.0), 0.0)
    return _shapley(standard.T @ standard / len(standard))


def _shapley(correlation: Floats) -> Floats:
    count = len(correlation) - 1
    explained = _explained(correlation)
    gains = np.zeros(count)
    for driver in range(count):
        others = [one for one in range(count) if one != driver]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for subset in combinations(others, size):
                mask = sum(1 << one for one in subset)
                gains[driver] += weight * (explained[mask | 1 << driver] - explained[mask])
    total = gains.sum()
    return np.maximum(gains, 0) / np.maximum(gains, 0).sum() if total > 1e-12 else np.zeros(count)


def _explained(correlation: Floats) -> Floats:
    """R² of every subset of drivers, by its bit mask; a ridge of 1e-9 keeps equal drivers solvable."""
    count = len(correlation) - 1
    result = np.zeros(1 << count)
    for mask in range(1, 1 << count):
        inside = [one for one in range(count) if mask >> one & 1]
        among = correlation[np.ix_(inside, inside)] + 1e-9 * np.eye(len(inside))
        with_overall = correlation[inside, -1]
        result[mask] = with_overall @ np.linalg.solve(among, with_overall)
    return result


def with_intervals(overall: Floats, drivers: Floats, *, draws: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Importance with its bootstrap interval (percentiles 2.5 and 97.5 of resampled respondents)."""
    random = np.random.default_rng(seed)
    value = relative_importance(overall, drivers)
    resampled = np.empty((draws, drivers.shape[1]))
    for draw in range(draws):
        rows = random.integers(0, len(overall), len(overall))
        resampled[draw] = relative_importance(overall[rows], drivers[rows])
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    return value, np.minimum(low, value), np.maximum(high, value)
