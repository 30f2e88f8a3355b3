"""The score of many customers at once: points of factors, weights, and what profit is worth in points."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def profit_points(profit: Floats, among: Floats) -> Floats:
    """100 × (1 − the share of all positive profit earned by customers who earn more); nothing for a loss.

    The best earner has 100; who belongs to those that earn the first 80 % has at least 20. ``among`` is today's
    profit of every customer: months before are measured on the same scale.
    """
    earning = np.sort(among[among > 0])
    if not earning.size:
        return np.zeros_like(profit)
    above = np.concatenate([np.cumsum(earning[::-1])[::-1], [0.0]])
    place = np.searchsorted(earning, profit, side="right")
    # rounded, so that exactly 80 % before a customer is exactly 20 points
    points: Floats = np.round(100 * (1 - above[place] / above[0]), 9)
    return np.where(profit > 0, points, 0.0)


def weighted(points: Floats, weights: Floats) -> Floats:
    """Mean of the known points (customers, factors) by ``weights`` (factors) or (draws, factors).

    NaN is not known and leaves its weight to the others; with no known factor of any weight the score is 0.
    """
    known = ~np.isnan(points)
    total = known.astype(np.float64) @ weights.T
    summed = np.where(known, points, 0.0) @ weights.T
    found: Floats = np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)
    return found


def scores_along(earned: list[Floats], others: Floats, weights: Floats) -> list[Floats]:
    """Scores of several month-ends: points of profit, always known, differ; the other factors are today's."""
    known = ~np.isnan(others)
    total = weights[0] + known.astype(np.float64) @ weights[1:]
    rest = np.where(known, others, 0.0) @ weights[1:]
    return [(weights[0] * points + rest) / total for points in earned]


def moved_weights(weights: Floats, *, change: float, draws: int, seed: int) -> Floats:
    """Draws of weights, each moved by up to ``change`` of itself, uniformly; shape (draws, factors)."""
    random = np.random.default_rng(seed)
    found: Floats = weights * random.uniform(1 - change, 1 + change, (draws, len(weights)))
    return found
