"""Out-of-fold predictions on a plain table of predictors: the scorecard beside three named baselines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from lianxin.analyses.customer_quality.credit.card_rows import OURS, card_row, compared, gains_rows
from lianxin.analyses.customer_quality.credit.scorecard.baselines import BASELINES
from lianxin.analyses.customer_quality.credit.scorecard.card import Scorecard
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents, fit_scorecard
from lianxin.analyses.customer_quality.credit.scorecard.metrics import Figure, figures, mean_with_interval, psi
from lianxin.analyses.customer_quality.credit.scorecard.predictors import LabelledTable, predictor_columns

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MEAN_OF_FOLDS = ("auc", "ks")


@dataclass(frozen=True, slots=True)
class TableEvaluation:
    """Rows of model_card, and the predictions row by row."""

    card: list[dict[str, Any]]
    predictions: pl.DataFrame


def evaluate_table(
    table: LabelledTable,
    *,
    target: str,
    folds: int,
    config: ScorecardConfig,
    seed: int = 1,
    cutoff: date | None = None,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
) -> TableEvaluation:
    """Every row is predicted by models that never saw it; choice of characteristics, bins and calibration included.

    Figures: AUC, KS, ECE, Brier of all rows together, the mean of the folds' AUC and KS with its interval, gains, and
    the PSI of each characteristic between the training and the rows predicted (mean over folds).

    Raises:
        TooFewEvents: fewer events or non-events than a card needs, or than there are folds.

    """
    events = int(table.label.sum())
    if min(events, len(table.label) - events) < max(config.fewest_events, folds):
        raise TooFewEvents(events=events, others=len(table.label) - events, needed=config.fewest_events)
    predicted = {name: np.zeros(len(table.label)) for name in (OURS, *BASELINES)}
    by_fold: dict[tuple[str, str], list[float]] = {}
    shifts: dict[str, list[float]] = {}
    split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(table.label)), table.label)
    for number, (train, test) in enumerate(split):
        progress("folds", number / folds)
        card = _fold(table, train, test, predicted, config)
        _note_shifts(shifts, card, table.frame[train], table.frame[test])
        for model, values in predicted.items():
            for item in figures(table.label[test], values[test]):
                by_fold.setdefault((model, item.metric), []).append(item.value)
    rows = compared(table.label, predicted, target=target, sample="validation")
    rows += _fold_rows(by_fold, target)
    rows += gains_rows(table.label, predicted[OURS], target=target, sample="validation")
    rows += [
        card_row(OURS, target, "validation", Figure(f"psi:{name}", float(np.mean(values))))
        for name, values in sorted(shifts.items())
    ]
    return TableEvaluation(rows, predictions(table, predicted, cutoff=cutoff))


def _fold(
    table: LabelledTable, train: Ints, test: Ints, predicted: Mapping[str, Floats], config: ScorecardConfig
) -> Scorecard:
    """Fit every model on ``train``; columns that are constant there are left out."""
    known, asked, label = table.frame[train], table.frame[test], table.label[train]
    names = {column.name for column in predictor_columns(known)}
    columns = tuple(column for column in table.columns if column.name in names)
    card = fit_scorecard(known, label, columns=columns, config=config)
    predicted[OURS][test] = card.probability(asked)
    for name, fit in BASELINES.items():
        predicted[name][test] = fit(known, label, asked, columns=columns)
    return card


def _note_shifts(shifts: dict[str, list[float]], card: Scorecard, train: pl.DataFrame, test: pl.DataFrame) -> None:
    pairs = zip(card.characteristics, card.codes(card.prepared(train)), card.codes(card.prepared(test)), strict=True)
    for item, old, new in pairs:
        shifts.setdefault(item.name, []).append(psi(old, new, bins=len(item.bins)))


def _fold_rows(by_fold: Mapping[tuple[str, str], list[float]], target: str) -> list[dict[str, Any]]:
    rows = []
    for metric in _MEAN_OF_FOLDS:
        beside = by_fold.get(("logistic", metric))
        for model in (OURS, *BASELINES):
            values = by_fold.get((model, metric))
            if values:
                figure = Figure(f"{metric}_mean_of_folds", *mean_with_interval(values))
                other = float(np.mean(beside)) if beside else None
                rows.append(card_row(model, target, "validation", figure, baseline="logistic", beside=other))
    return rows


def predictions(table: LabelledTable, predicted: Mapping[str, Floats], *, cutoff: date | None) -> pl.DataFrame:
    """key, cutoff, model, predicted, actual: one row a row and model."""
    parts = [
        pl.DataFrame({"key": table.key, "predicted": values, "actual": table.label}).select(
            "key", cutoff=pl.lit(cutoff, pl.Date), model=pl.lit(model), predicted="predicted", actual="actual"
        )
        for model, values in predicted.items()
    ]
    return pl.concat(parts)


def empty_predictions() -> pa.Table:
    """No predictions, in their columns."""
    return pl.DataFrame(
        schema={"key": pl.String, "cutoff": pl.Date, "model": pl.String, "predicted": pl.Float64, "actual": pl.Int64}
    ).to_arrow()
