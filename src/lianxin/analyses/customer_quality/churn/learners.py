"""The two models of churn: averaged LightGBM, and the plain logistic regression beside it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import BoostSettings

Floats = NDArray[np.float64]
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Boosted:
    """LightGBM models of several seeds."""

    models: tuple[Any, ...]

    def score(self, matrix: Floats) -> Floats:
        """Mean log-odds."""
        return np.asarray(np.mean([model.predict(matrix, raw_score=True) for model in self.models], axis=0))

    def contributions(self, matrix: Floats) -> Floats:
        """What each column adds to the log-odds of each row (TreeSHAP), mean over the seeds."""
        return np.asarray(np.mean([model.predict(matrix, pred_contrib=True)[:, :-1] for model in self.models], axis=0))


def fit_boosted(matrix: Floats, leaves: Floats, *, settings: BoostSettings) -> Boosted:
    """Fit one model a seed on ``leaves`` (1: left)."""
    import lightgbm

    options = {
        "objective": "binary",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_child_samples": settings.rows_per_leaf,
        "feature_fraction": settings.columns_share,
        "bagging_fraction": settings.rows_share,
        "bagging_freq": 1,
        "lambda_l2": settings.ridge,
        "num_threads": settings.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    data = lightgbm.Dataset(matrix, leaves, free_raw_data=False)
    return Boosted(tuple(lightgbm.train(options | {"seed": s}, data, settings.rounds) for s in settings.seeds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Ridge logistic regression on standardised columns, gaps filled with the median and flagged."""

    median: Floats
    mean: Floats
    spread: Floats
    weights: Floats
    intercept: float

    def score(self, matrix: Floats) -> Floats:
        """Log-odds."""
        return np.asarray(self._standard(matrix) @ self.weights + self.intercept)

    def contributions(self, matrix: Floats) -> Floats:
        """Weight × distance from the mean, the flag of a gap added to its column."""
        parts = self._standard(matrix) * self.weights
        width = matrix.shape[1]
        return np.asarray(parts[:, :width] + parts[:, width:])

    def _standard(self, matrix: Floats) -> Floats:
        return np.asarray((_with_gaps(matrix, self.median) - self.mean) / self.spread)


def fit_logistic(matrix: Floats, leaves: Floats, *, looseness: float = 1.0) -> Logistic:
    """Fit; ``looseness`` is scikit-learn's C, the inverse of the ridge penalty."""
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(matrix).all(axis=0)
    median = np.zeros(matrix.shape[1])
    median[known] = np.nanmedian(matrix[:, known], axis=0)
    wide = _with_gaps(matrix, median)
    mean, spread = wide.mean(axis=0), wide.std(axis=0)
    spread = np.where(spread > _TINY, spread, 1.0)
    model = LogisticRegression(C=looseness, max_iter=2000).fit((wide - mean) / spread, leaves)
    return Logistic(
        median=median, mean=mean, spread=spread, weights=model.coef_[0], intercept=float(model.intercept_[0])
    )


def _with_gaps(matrix: Floats, median: Floats) -> Floats:
    """The columns with gaps filled, squeezed by a signed logarithm where they are long-tailed, then a flag a column."""
    gaps = np.isnan(matrix)
    filled = np.where(gaps, median, matrix)
    return np.hstack([np.sign(filled) * np.log1p(np.abs(filled)), gaps.astype(float)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Probability = 1 ÷ (1 + e^−(offset + slope × score)), fitted on scores of customers that the model did not see."""

    offset: float
    slope: float

    def probability(self, score: Floats) -> Floats:
        """Probability of leaving within the window."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.offset + self.slope * score))))


def fit_calibration(score: Floats, leaves: Floats) -> Calibration:
    """Platt's method without penalty: the mean probability equals the share that left.

    A score that points the wrong way on customers whom its model did not see knows nothing: all get that share.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=np.inf, max_iter=2000, tol=1e-10).fit(score[:, None], leaves)
    slope = float(model.coef_[0][0])
    if slope <= 0:
        share = float(leaves.mean())
        return Calibration(offset=float(np.log(share / (1 - share))), slope=0.0)
    return Calibration(offset=float(model.intercept_[0]), slope=slope)
