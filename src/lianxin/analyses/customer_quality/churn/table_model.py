"""Our churn model on a plain table, in the form of the baselines of ``evaluate --table``."""

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.learners import fit_boosted
from lianxin.analyses.customer_quality.churn.matrix import encoded, learn_encoding
from lianxin.analyses.customer_quality.churn.related import RelatedSettings, related_keys, related_rate

Floats = NDArray[np.float64]


class TypedColumn(Protocol):
    """A predictor with its kind; days may be numbers, dates or text that begins YYYY-MM-DD."""

    @property
    def name(self) -> str:
        """Its column."""

    @property
    def kind(self) -> Literal["number", "day", "text"]:
        """How it is read."""


def related_boosting(
    known: pl.DataFrame,
    label: NDArray[np.int64],
    asked: pl.DataFrame,
    *,
    columns: Sequence[TypedColumn],
    settings: ChurnSettings | None = None,
    related: RelatedSettings | None = None,
) -> Floats:
    """Probability of each row of ``asked``: averaged LightGBM with what became of related rows of ``known``.

    docs/algorithms/churn_risk.md says what the related rows are worth, and when they are worth nothing.
    """
    chosen, links = settings or ChurnSettings(), related or RelatedSettings()
    typed = [_typed(column, known.schema[column.name]) for column in columns]
    rows = pl.concat([known.select(typed), asked.select(typed)], how="vertical_relaxed")
    train = np.arange(rows.height) < known.height
    encoding = learn_encoding(rows.head(known.height), most_categories=chosen.most_categories)
    leaves = np.concatenate([label.astype(float), np.zeros(asked.height)])
    rates = [related_rate(key, leaves, train=train, settings=links) for key in related_keys(rows, links).values()]
    matrix = np.column_stack([encoded(rows, encoding), *rates])
    score = fit_boosted(matrix[train], leaves[train], settings=chosen.boost).score(matrix[~train])
    return np.asarray(1.0 / (1.0 + np.exp(-score)))


def _typed(column: TypedColumn, stored: pl.DataType) -> pl.Expr:
    value = pl.col(column.name)
    if column.kind == "number" or stored.is_numeric():
        return value.cast(pl.Float64, strict=False)
    if column.kind == "day":
        # a timestamp prints its date first
        day = value.cast(pl.String).str.head(10).str.to_date("%Y-%m-%d", strict=False)
        return day.dt.epoch("d").cast(pl.Float64)
    return value.cast(pl.String)
