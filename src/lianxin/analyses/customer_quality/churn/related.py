"""Accounts that look like one holder's: the same, otherwise nearly unique, number. What became of them tells.

Several supply points of one holder come as several rows with, for instance, the holder's yearly consumption on
each; they leave together. Only outcomes of training rows are used. docs/algorithms/churn_risk.md says what this
is worth where the outcome of a holder's other accounts is not known yet.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedSettings:
    """Which columns can tell accounts of one holder."""

    distinct_share: float = 0.5  # of the rows with a value other than the commonest; below, equality is chance
    shared_share: float = 0.05  # of those rows share their value with another; below, there is nothing to learn
    most_accounts: int = 50  # a value that more rows share is no holder's
    prior_accounts: float = 1.0  # that the overall rate counts for
    folds: int = 5  # of the training rows, so that a row's own outcome never enters its own predictor
    seed: int = 7


def related_keys(rows: pl.DataFrame, settings: RelatedSettings) -> dict[str, pl.Series]:
    """For each column that qualifies, the group of each row; null where the value is shared by nobody or too many."""
    found = {}
    for name, kind in rows.schema.items():
        if not kind.is_numeric():
            continue
        column = rows[name]
        own = column.is_not_null() & (column != column.drop_nulls().mode().sort().first())
        values = column.filter(own)
        if values.is_empty() or values.n_unique() < settings.distinct_share * len(values):
            continue
        count = rows.select(pl.len().over(name)).to_series()
        shared = own & (count > 1) & (count <= settings.most_accounts)
        if shared.sum() >= settings.shared_share * len(values):
            found[name] = pl.select(pl.when(shared).then(column)).to_series()
    return found


def related_rate(key: pl.Series, leaves: Floats, *, train: NDArray[np.bool_], settings: RelatedSettings) -> Floats:
    """Share of related training rows that left, drawn to the overall rate; NaN where none is related.

    A training row sees only related rows of other folds, so that its own outcome is not in it.
    """
    codes = key.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    rate = np.full(len(codes), np.nan)
    base = float(leaves[train].mean())
    fold = np.full(len(codes), -1)
    fold[train] = np.random.default_rng(settings.seed).permutation(int(train.sum())) % settings.folds
    for number in range(-1, settings.folds):
        asks = (fold == number) & (codes > 0)
        tells = train & (fold != number)
        size = codes.max() + 1
        left = np.bincount(codes[tells], leaves[tells], minlength=size)
        seen = np.bincount(codes[tells], minlength=size)
        some = asks & (seen[codes] > 0)
        rate[some] = (left[codes[some]] + settings.prior_accounts * base) / (
            seen[codes[some]] + settings.prior_accounts
        )
    return rate
