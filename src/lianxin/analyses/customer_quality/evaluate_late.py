"""Rolling origin on bills and payments: who, or which bill, was late after each cutoff, predicted from before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.card_rows import OURS, compared, gains_rows, group_rows
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.model import RatingModel, fit_rating
from lianxin.analyses.customer_quality.credit.past import (
    Accounts,
    labels_after,
    past_days,
    rows_at,
)
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents
from lianxin.analyses.customer_quality.credit.validation import all_models
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Target = Literal["late_bill", "late_customer"]
SAMPLE = "out_of_time"


class NothingToLearnFrom(DataInsufficient):
    """Before no cutoff there are enough late customers whose outcome was seen by then."""

    text = Text(
        "在所给切点之前，没有足够的逾期客户可供学习（至少 {needed} 个）；请用更晚的切点或更长的账单历史",
        "Before no cutoff are there {needed} late customers to learn from; take later cutoffs or longer history",
    )


def evaluate_late(
    given: AnalysisInput, held: Accounts, *, target: Target, cutoffs: Sequence[date], config: CreditConfig
) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Rows of model_card and predictions (key: customer_id, or bill_id for ``late_bill``).

    At each cutoff the models learn from days whose outcomes were all seen by the cutoff, and predict what fell due in
    the horizon after it. Outcomes that cannot be seen by the run's day are censored and left out.

    Raises:
        NothingToLearnFrom: no cutoff has enough to learn from.

    """
    parts = []
    for number, cutoff in enumerate(cutoffs):
        given.progress("cutoffs", number / len(cutoffs))
        parts += _at(given, held, target=target, cutoff=cutoff, config=config)
    if not parts:
        raise NothingToLearnFrom(needed=config.fewest_events)
    every = pl.concat(parts)
    rows: list[dict[str, Any]] = []
    for cutoff in sorted(every["cutoff"].unique().to_list()):
        rows += _figures(every.filter(pl.col("cutoff") == cutoff), f"{target}@{cutoff.isoformat()}")
    rows += _figures(every, target)
    return rows, every.select("key", "cutoff", "model", "predicted", "actual")


def _at(
    given: AnalysisInput, held: Accounts, *, target: Target, cutoff: date, config: CreditConfig
) -> list[pl.DataFrame]:
    then = replace(given, as_of=AsOf.of(cutoff, given.zone))
    learnt = []
    for day in past_days(then, held, config):
        labels = _labels(held, target, day, config)
        learnt.append(rows_at(given, held, day=day, config=config).join(labels, on="customer_id", how="inner"))
    asked = rows_at(given, held, day=cutoff, config=config)
    asked = asked.join(_labels(held, target, cutoff, config), on="customer_id", how="inner")
    if not learnt or asked.is_empty():
        return []
    rows = pl.concat(learnt).sort("day", "customer_id", "key")
    if rows.filter(pl.col("event") == 1)["customer_id"].n_unique() < config.fewest_events:
        return []
    try:
        model = fit_rating(rows, config)
    except TooFewEvents:
        return []
    return [_predicted(model, rows, asked.sort("customer_id", "key"), cutoff, config)]


def _labels(held: Accounts, target: Target, day: date, config: CreditConfig) -> pl.DataFrame:
    """customer_id, key, event: a row a customer, or a row a bill of the window whose outcome is seen."""
    if target == "late_customer":
        return labels_after(held.outcomes, day=day, config=config).with_columns(key=pl.col("customer_id"))
    last = day + timedelta(days=config.horizon_days)
    window = held.outcomes.filter((pl.col("due_on") > day) & (pl.col("due_on") <= last) & pl.col("late").is_not_null())
    return window.select("customer_id", key="bill_id", event=pl.col("late").cast(pl.Int64)).select(
        "customer_id", "event", "key"
    )


def _predicted(
    model: RatingModel, rows: pl.DataFrame, asked: pl.DataFrame, cutoff: date, config: CreditConfig
) -> pl.DataFrame:
    predicted = {OURS: model.probability(asked, config), **all_models(model, rows, asked, config)}
    told = asked.select("key", "customer_class", "protected", actual="event")
    return pl.concat(
        [
            told.with_columns(
                cutoff=pl.lit(cutoff, pl.Date), model=pl.lit(name), predicted=pl.Series(values, dtype=pl.Float64)
            )
            for name, values in predicted.items()
        ]
    )


def _figures(every: pl.DataFrame, target: str) -> list[dict[str, Any]]:
    """Figures of all models; gains and groups of customers for ours."""
    by_model = {name[0]: part for name, part in every.group_by("model", maintain_order=True)}
    label = by_model[OURS]["actual"].to_numpy().astype(np.int64)
    predicted = {str(name): part["predicted"].to_numpy() for name, part in by_model.items()}
    ours = by_model[OURS]
    groups = {"protected": ours["protected"].to_numpy().astype(bool)}
    classes = ours["customer_class"].to_numpy()
    groups |= {name: classes == name for name in sorted(set(classes.tolist()))}
    return [
        *compared(label, predicted, target=target, sample=SAMPLE),
        *gains_rows(label, predicted[OURS], target=target, sample=SAMPLE),
        *group_rows(label, predicted[OURS], groups, target=target, sample=SAMPLE),
    ]
