"""The rating model: a scorecard over behaviour, with the class rates to which its predictors are shrunk."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.behaviour_table import (
    COLUMNS,
    DIRECTIONS,
    ClassRates,
    class_rates,
    with_rates,
)
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.scorecard.card import Scorecard
from lianxin.analyses.customer_quality.credit.scorecard.fit import fit_scorecard
from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column, typed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RatingModel:
    """A fitted card and the class rates of its training."""

    card: Scorecard
    rates: ClassRates

    def prepared(self, rows: pl.DataFrame, config: CreditConfig) -> pl.DataFrame:
        """The card's input for rows of ``behaviour_table.joined``."""
        return with_rates(rows, self.rates, config)

    def probability(self, rows: pl.DataFrame, config: CreditConfig) -> Floats:
        """Calibrated probability of the event."""
        return self.card.probability(self.prepared(rows, config))


def used_columns(rows: pl.DataFrame, columns: Sequence[Column] = COLUMNS) -> tuple[Column, ...]:
    """Those of the columns that are not one value in all rows."""
    return tuple(column for column in columns if column.name in rows.columns and rows[column.name].n_unique() > 1)


def predictors(rows: pl.DataFrame) -> tuple[tuple[Column, ...], pl.DataFrame]:
    """Typed predictors of rows that have their rates."""
    columns = used_columns(rows)
    return columns, typed(rows, columns)


def fit_rating(rows: pl.DataFrame, config: CreditConfig) -> RatingModel:
    """Fit on labelled rows (``event``); rows of a customer are held back together.

    Raises:
        TooFewEvents: fewer events or non-events than a card needs.

    """
    # a customer comes once a day: its bills must not count once a day too
    rates = class_rates(rows.unique("customer_id", keep="last", maintain_order=True))
    columns, frame = predictors(with_rates(rows, rates, config))
    stated = {name: sign for name, sign in DIRECTIONS.items() if sign}
    label = rows["event"].to_numpy().astype(np.int64)
    groups = rows["customer_id"].rank("dense").to_numpy().astype(np.int64)
    card = fit_scorecard(frame, label, columns=columns, config=config.card, groups=groups, directions=stated)
    return RatingModel(card, rates)
