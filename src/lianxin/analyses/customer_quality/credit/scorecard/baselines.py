"""What the card is held against, on the same rows: plain logistic regression, OptBinning with one, LightGBM."""

import warnings
from collections.abc import Callable, Sequence

import lightgbm
import numpy as np
import polars as pl
from numpy.typing import NDArray
from optbinning import BinningProcess
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MOST_VALUES, _LEAST_ROWS = 20, 10
_LIGHTGBM = {
    "objective": "binary",
    "learning_rate": 0.02,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
    "verbose": -1,
}
_ROUNDS = 500


def logistic(train: pl.DataFrame, label: Ints, test: pl.DataFrame, *, columns: Sequence[Column]) -> Floats:
    """Medians for missing numbers, a column a frequent text, standardised, ridge of strength one."""
    listed = [_plain(train, test, column) for column in columns]
    return _regressed(np.column_stack([a for a, _ in listed]), label, np.column_stack([b for _, b in listed]))


def _regressed(known: Floats, label: Ints, asked: Floats) -> Floats:
    scale = StandardScaler().fit(known)
    model = LogisticRegression(max_iter=1000).fit(scale.transform(known), label)
    return np.asarray(model.predict_proba(scale.transform(asked))[:, 1])


def _plain(train: pl.DataFrame, test: pl.DataFrame, column: Column) -> tuple[Floats, Floats]:
    name = column.name
    if column.kind != "text":
        middle = train[name].median()
        fill = float(middle) if isinstance(middle, int | float) else 0.0
        return train[name].fill_null(fill).to_numpy()[:, None], test[name].fill_null(fill).to_numpy()[:, None]
    values = _frequent(train[name])
    if not values:
        return np.zeros((train.height, 1)), np.zeros((test.height, 1))
    flags = [
        np.column_stack([(part[name] == value).fill_null(value=False).to_numpy().astype(float) for value in values])
        for part in (train, test)
    ]
    return flags[0], flags[1]


def _frequent(values: pl.Series) -> list[str]:
    counts = values.drop_nulls().value_counts().filter(pl.col("count") >= _LEAST_ROWS)
    return counts.sort("count", values.name, descending=[True, False]).head(_MOST_VALUES)[values.name].to_list()


def optbinning_logistic(train: pl.DataFrame, label: Ints, test: pl.DataFrame, *, columns: Sequence[Column]) -> Floats:
    """OptBinning's optimal bins as weights of evidence (missing in a bin of its own) into a logistic regression."""
    texts = [column.name for column in columns if column.kind == "text"]
    frames = [_objects(part, columns) for part in (train, test)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # OptBinning warns of what its own dependencies renamed
        process = BinningProcess([column.name for column in columns], categorical_variables=texts or None)
        process.fit(frames[0], label)
        known, asked = (
            process.transform(frame, metric="woe", metric_missing="empirical", check_input=False) for frame in frames
        )
    kept = np.asarray(known, dtype=np.float64), np.asarray(asked, dtype=np.float64)
    model = LogisticRegression(max_iter=1000).fit(kept[0], label)
    return np.asarray(model.predict_proba(kept[1])[:, 1])


def _objects(frame: pl.DataFrame, columns: Sequence[Column]) -> object:
    import pandas as pd

    values = {
        column.name: frame[column.name].fill_null("(missing)").to_numpy()
        if column.kind == "text"
        else frame[column.name].fill_null(np.nan).to_numpy()
        for column in columns
    }
    return pd.DataFrame(values)


def black_box(train: pl.DataFrame, label: Ints, test: pl.DataFrame, *, columns: Sequence[Column]) -> Floats:
    """LightGBM, 500 trees of 15 leaves on all columns; texts as numbers by frequency in training."""
    known, asked = (np.column_stack([_coded(part, train, column) for column in columns]) for part in (train, test))
    data = lightgbm.Dataset(known, label, params={"verbose": -1})
    return np.asarray(lightgbm.train(_LIGHTGBM, data, _ROUNDS).predict(asked))


def _coded(frame: pl.DataFrame, train: pl.DataFrame, column: Column) -> Floats:
    values = frame[column.name]
    if column.kind == "text":
        place = {value: float(number) for number, value in enumerate(_frequent(train[column.name]))}
        values = values.replace_strict(place, default=None, return_dtype=pl.Float64)
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy()


Baseline = Callable[..., Floats]
BASELINES: dict[str, Baseline] = {
    "logistic": logistic,
    "optbinning_logistic": optbinning_logistic,
    "lightgbm": black_box,
}
"""Model → function(train, label, test, columns=…) giving probabilities of the rows of ``test``."""
