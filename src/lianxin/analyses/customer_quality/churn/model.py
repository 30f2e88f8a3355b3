"""Fit, calibrate and choose the churn model; few departures get a simpler one, very few none at all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.learners import (
    Boosted,
    Calibration,
    Logistic,
    fit_boosted,
    fit_calibration,
    fit_logistic,
)
from lianxin.analyses.customer_quality.churn.matrix import Encoding, encoded, learn_encoding

Floats = NDArray[np.float64]
Name = Literal["lightgbm", "logistic", "prior"]
Fit = Callable[[Floats, Floats], Boosted | Logistic]
_FOLD_SEED = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One fitted and calibrated learner."""

    name: Name
    encoding: Encoding
    learner: Boosted | Logistic
    calibration: Calibration
    log_loss: float
    held_out: Floats

    def probability(self, rows: pl.DataFrame) -> Floats:
        """Probability of leaving within the window."""
        return self.calibration.probability(self.learner.score(encoded(rows, self.encoding)))

    def contributions(self, rows: pl.DataFrame) -> Floats:
        """What each column of the encoding adds to the log-odds, calibrated."""
        return self.calibration.slope * self.learner.contributions(encoded(rows, self.encoding))


def learners_for(events: int, settings: ChurnSettings) -> tuple[Name, ...]:
    """Which learners so many departures (or stays, where they are fewer) can carry; never one on ten events."""
    if events < settings.events_for_logistic:
        return ()
    return ("logistic",) if events < settings.events_for_boost else ("logistic", "lightgbm")


def fit_all(rows: pl.DataFrame, leaves: Floats, *, settings: ChurnSettings) -> dict[Name, Fitted]:
    """Every learner that the departures can carry, calibrated on customers that its fold did not see; {} without any.

    ``rows`` has customer_id and predictors; all rows of a customer are in one fold.
    """
    predictors = rows.drop("customer_id")
    encoding = learn_encoding(predictors, most_categories=settings.most_categories)
    matrix = encoded(predictors, encoding)
    if not encoding.columns:
        return {}
    fold = customer_folds(rows["customer_id"], folds=settings.folds)
    fitted: dict[Name, Fitted] = {}
    for name in learners_for(int(min(leaves.sum(), (1 - leaves).sum())), settings):
        tried = [_held_out(fit, matrix, leaves, fold) for fit in _fits_of(name, settings)]
        chosen = min(tried, key=lambda one: one.log_loss)
        fitted[name] = Fitted(
            name=name,
            encoding=encoding,
            learner=chosen.fit(matrix, leaves),
            calibration=chosen.calibration,
            log_loss=chosen.log_loss,
            held_out=chosen.probability,
        )
    return fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class _HeldOut:
    """A way to fit, and how it did on customers that it did not see."""

    fit: Fit
    calibration: Calibration
    probability: Floats
    log_loss: float


def _held_out(fit: Fit, matrix: Floats, leaves: Floats, fold: NDArray[np.int64]) -> _HeldOut:
    out = np.empty(len(leaves))
    for number in np.unique(fold):
        held = fold == number
        out[held] = fit(matrix[~held], leaves[~held]).score(matrix[held])
    calibration = fit_calibration(out, leaves)
    chance = calibration.probability(out)
    return _HeldOut(fit=fit, calibration=calibration, probability=chance, log_loss=_log_loss(leaves, chance))


def best(fitted: dict[Name, Fitted]) -> Fitted:
    """The learner with the least log loss on customers that it did not see; the simpler one on a tie."""
    return min(fitted.values(), key=lambda one: (one.log_loss, one.name != "logistic"))


def customer_folds(customers: pl.Series, *, folds: int) -> NDArray[np.int64]:
    """A fold for each row, the same for all rows of a customer and for every run."""
    distinct = customers.unique().sort()
    number = np.random.default_rng(_FOLD_SEED).permutation(len(distinct)) % folds
    order = distinct.search_sorted(customers)
    return np.asarray(number[order.to_numpy()], np.int64)


def _fits_of(name: Name, settings: ChurnSettings) -> list[Fit]:
    """The ways to fit a learner: one for LightGBM, one a penalty for the logistic regression."""
    if name == "logistic":
        return [partial(fit_logistic, looseness=looseness) for looseness in settings.looseness]
    return [partial(fit_boosted, settings=settings.boost)]


def _log_loss(leaves: Floats, probability: Floats) -> float:
    chance = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-np.mean(leaves * np.log(chance) + (1 - leaves) * np.log(1 - chance)))
