"""Rows held back, and the calibration of points on them."""

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from lianxin.analyses.customer_quality.credit.scorecard.card import Calibration

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Below this many rows every fifth is held back in turn; above, one fifth once says enough.
_MANY_ROWS = 10_000
_FOLDS = 5


def folds_of(rows: int, *, groups: Ints | None, label: Ints, seed: int) -> list[Ints]:
    """Rows held back in turn; those of a group stay together."""
    blank = np.zeros((rows, 1))
    if groups is None:
        split = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(blank, label)
    else:
        split = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed).split(blank, label, groups)
    folds = [np.asarray(back, dtype=np.int64) for _, back in split]
    return folds[:1] if rows >= _MANY_ROWS else folds


def platt(points: Ints, label: Ints, *, factor: float, offset: float, prior_rows: float = 20.0) -> Calibration:
    """Logistic regression of the label on the points (Platt 1999), with ``prior_rows`` that speak for no change.

    ``factor`` and ``offset`` say what the points mean before: log-odds = (offset − points) ÷ factor.
    """
    log_odds = (offset - points) / factor
    target = label.astype(np.float64)
    intercept, slope = 0.0, 1.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(intercept + slope * log_odds)))
        weight = p * (1 - p)
        gradient = np.array([(target - p).sum(), ((target - p) * log_odds).sum()])
        gradient -= prior_rows * 0.25 * np.array([intercept, slope - 1])
        cross = (weight * log_odds).sum()
        hessian = np.array([[weight.sum(), cross], [cross, (weight * log_odds**2).sum()]])
        step = np.linalg.solve(hessian + prior_rows * 0.25 * np.eye(2), gradient)
        intercept, slope = intercept + step[0], slope + step[1]
        if np.abs(step).max() < 1e-10:
            break
    slope = max(float(slope), 0.05)  # the probability never rises with the points
    return Calibration(intercept=float(intercept + slope * offset / factor), slope=float(-slope / factor))
