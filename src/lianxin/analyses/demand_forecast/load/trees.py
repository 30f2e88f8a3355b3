"""Gradient-boosted trees (LightGBM), set so that a fit can be repeated to the bit."""

from typing import Any

import lightgbm
import numpy as np

from lianxin.analyses.demand_forecast.config import TreeConfig
from lianxin.analyses.demand_forecast.load.frame import Floats

_ALONE: dict[str, Any] = {"num_leaves": 31, "min_data_in_leaf": 20, "feature_fraction": 0.5}
_RESIDUAL: dict[str, Any] = {"num_leaves": 15, "min_data_in_leaf": 50, "feature_fraction": 0.4, "lambda_l2": 5.0}


def fit_trees(
    columns: Floats, target: Floats, weights: Floats | None, *, config: TreeConfig, on_residuals: bool
) -> lightgbm.Booster:
    """Fit least squares on all rows given."""
    shape = _RESIDUAL if on_residuals else _ALONE
    settings = {
        **shape,
        "objective": "l2",
        "learning_rate": config.learning_rate,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "num_threads": config.threads,
        "seed": config.seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    rounds = config.residual_rounds if on_residuals else config.rounds
    data = lightgbm.Dataset(columns, target, weight=weights, params={"verbose": -1})
    return lightgbm.train(settings, data, rounds)


def predict_trees(model: lightgbm.Booster, columns: Floats, *, config: TreeConfig) -> Floats:
    """Predictions of shape (rows,)."""
    return np.asarray(model.predict(columns, num_threads=config.threads), dtype=np.float64)
