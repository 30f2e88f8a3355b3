"""Tiers that do not flicker: a limit must be passed by a buffer, remembered over past month-ends.

An analysis reads facts only, never its own earlier results. What it would have said at earlier month-ends is therefore
worked out from the facts again: the score along the last month-ends, and the tier along that path. A tier is left only
when the score passes the limit by the buffer. The path begins with the levels passed by the buffer, so that a score
that stays within the buffer of a limit changes the tier at most once in the length of the path.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Levels = NDArray[np.int8]
Flags = NDArray[np.bool_]


def step(before: Levels, score: Floats, limits: tuple[float, ...], buffer: float) -> Levels:
    """The level after one more month: up through limits passed by the buffer, down through those missed by it.

    ``before`` is the level (0: below all limits), broadcast against ``score``.
    """
    sure = sum((score >= limit + buffer).astype(np.int8) for limit in limits)
    possible = sum((score >= limit - buffer).astype(np.int8) for limit in limits)
    return np.asarray(np.clip(before, sure, possible), dtype=np.int8)


def level_path(scores: list[Floats], limits: tuple[float, ...], buffer: float) -> Levels:
    """The level at the last of ``scores`` (oldest first); the first takes the levels that it passed by the buffer."""
    level = np.zeros_like(scores[0], dtype=np.int8)
    for score in scores:
        level = step(level, score, limits, buffer)
    return level


def loss_path(margins: list[Floats], buffer: float) -> Flags:
    """Whether a customer counts as loss-making at the last of ``margins`` (profit ÷ revenue, oldest first)."""
    losing = np.zeros_like(margins[0], dtype=np.bool_)
    for margin in margins:
        losing = np.where(losing, margin < buffer, margin < -buffer)
    return losing
