"""Churn on a plain table of predictors by folds: our model, LightGBM alone and logistic regression, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import BoostSettings, ChurnSettings
from lianxin.analyses.customer_quality.churn.learners import fit_boosted, fit_calibration, fit_logistic
from lianxin.analyses.customer_quality.churn.matrix import encoded, learn_encoding
from lianxin.analyses.customer_quality.churn.related import RelatedSettings, related_keys, related_rate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OURS, BOOST, LOGISTIC = "ours", "lightgbm", "logistic"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSettings:
    """What is tried: with or without what became of related accounts."""

    churn: ChurnSettings = field(default_factory=ChurnSettings)
    related: RelatedSettings | None = field(default_factory=RelatedSettings)


def trial(
    predictors: pl.DataFrame, leaves: Floats, *, folds: Ints, settings: TrialSettings, baseline: Sequence[str] = ()
) -> Mapping[str, Floats]:
    """Probability of leaving of each row from models that saw only the other folds, by model.

    ``predictors``: numbers and words, one row a customer. ``folds``: the fold of each row. ``baseline``: the columns
    that LightGBM alone and the logistic regression get (all, where none is named). Words are coded and related
    outcomes are taken from the training folds alone.
    """
    named = list(baseline) or predictors.columns
    keys = related_keys(predictors, settings.related) if settings.related is not None else {}
    found = {name: np.empty(len(leaves)) for name in (OURS, BOOST, LOGISTIC)}
    for number in np.unique(folds):
        test = folds == number
        wide = _matrix(predictors, ~test, settings.churn)
        if settings.related is not None and keys:
            rates = [related_rate(key, leaves, train=~test, settings=settings.related) for key in keys.values()]
            wide = np.column_stack([wide, *rates])
        plain = _matrix(predictors.select(named), ~test, settings.churn)
        one_seed = settings.churn.boost.model_copy(update={"seeds": settings.churn.boost.seeds[:1]})
        found[OURS][test] = _calibrated(wide, leaves, test, settings.churn.boost)
        found[BOOST][test] = _probability(
            fit_boosted(plain[~test], leaves[~test], settings=one_seed).score(plain[test])
        )
        found[LOGISTIC][test] = _probability(fit_logistic(plain[~test], leaves[~test]).score(plain[test]))
    return found


def _matrix(rows: pl.DataFrame, train: NDArray[np.bool_], settings: ChurnSettings) -> Floats:
    encoding = learn_encoding(rows.filter(pl.Series(train)), most_categories=settings.most_categories)
    return encoded(rows, encoding)


def _calibrated(matrix: Floats, leaves: Floats, test: NDArray[np.bool_], settings: BoostSettings) -> Floats:
    """Probabilities of the test rows, calibrated on halves of the training rows that do not see each other."""
    train = np.flatnonzero(~test)
    half = np.arange(len(train)) % 2 == 0
    score = np.empty(len(train))
    for held in (half, ~half):
        fitted = fit_boosted(matrix[train[~held]], leaves[train[~held]], settings=settings)
        score[held] = fitted.score(matrix[train[held]])
    model = fit_boosted(matrix[train], leaves[train], settings=settings)
    return fit_calibration(score, leaves[train]).probability(model.score(matrix[test]))


def _probability(score: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-score)))
