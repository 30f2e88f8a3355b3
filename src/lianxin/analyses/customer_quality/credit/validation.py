"""How good the rating is: on customers kept apart, out of time, beside the baselines; stability; fairness."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.behaviour_table import with_rates
from lianxin.analyses.customer_quality.credit.card_rows import card_row, compared, gains_rows, group_rows
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.model import RatingModel, fit_rating, predictors
from lianxin.analyses.customer_quality.credit.scorecard.baselines import BASELINES
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents
from lianxin.analyses.customer_quality.credit.scorecard.metrics import Figure, psi
from lianxin.analyses.customer_quality.credit.scorecard.predictors import typed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
TARGET = "late_customer"
_OURS = "scorecard"


def validated(rows: pl.DataFrame, config: CreditConfig) -> list[dict[str, Any]]:
    """model_card of a card fitted apart: on its training, on customers kept from it, and out of time.

    The training ends so early that every outcome in it was seen on the first day out of time. Empty where the days do
    not reach that far or hold too few events.
    """
    train, apart, later = split(rows, config)
    try:
        model = fit_rating(train, config) if train.height else None
    except TooFewEvents:
        model = None
    if model is None:
        return []
    # every baseline learns once and is asked about both samples
    beside = all_models(model, train, pl.concat([apart, later]), config)
    found = _sampled("train", train, {_OURS: model.probability(train, config)})
    for sample, part, rows_of in (
        ("validation", apart, slice(0, apart.height)),
        ("out_of_time", later, slice(apart.height, None)),
    ):
        predicted = {name: values[rows_of] for name, values in beside.items()}
        found += _sampled(sample, part, predicted | {_OURS: model.probability(part, config)})
    return found


def _sampled(sample: str, part: pl.DataFrame, predicted: dict[str, Floats]) -> list[dict[str, Any]]:
    label = part["event"].to_numpy().astype(np.int64)
    if not 0 < label.sum() < len(label):
        return []
    found = compared(label, predicted, target=TARGET, sample=sample)
    found += _apart(part, label, predicted[_OURS], sample)
    if sample == "out_of_time":
        found += gains_rows(label, predicted[_OURS], target=TARGET, sample=sample)
    return found


def all_models(model: RatingModel, train: pl.DataFrame, asked: pl.DataFrame, config: CreditConfig) -> dict[str, Floats]:
    """Probabilities of ``asked`` by every baseline, learnt from ``train`` on the card's own predictors."""
    known = with_rates(train, model.rates, config)
    columns, frame = predictors(known)
    label = train["event"].to_numpy().astype(np.int64)
    other = typed(with_rates(asked, model.rates, config), columns)
    return {name: fit(frame, label, other, columns=columns) for name, fit in BASELINES.items()}


def split(rows: pl.DataFrame, config: CreditConfig) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Training rows, rows of customers kept apart on the same days, and rows of the last days."""
    days = sorted(rows["day"].unique().to_list(), reverse=True)
    late: Sequence[date] = days[: config.out_of_time_months]
    gap = timedelta(days=config.horizon_days + config.late_days)
    early = [day for day in days if late and day + gap <= min(late)]
    if not early:
        return rows.clear(), rows.clear(), rows.clear()
    kept = rows.filter(pl.col("day").is_in(early))
    aside = _kept_apart(kept["customer_id"], config.validation_share, config.card.seed)
    return kept.filter(~aside), kept.filter(aside), rows.filter(pl.col("day").is_in(list(late)))


def _kept_apart(ids: pl.Series, share: float, seed: int) -> pl.Series:
    """The same customers on every day, drawn with a fixed seed."""
    names = ids.unique().sort()
    draw = np.random.default_rng(seed).random(len(names)) < share
    return ids.is_in(names.filter(pl.Series(draw)).implode())


def _apart(part: pl.DataFrame, label: Ints, probability: Floats, sample: str) -> list[dict[str, Any]]:
    """Protected and residential customers, and each class, told apart."""
    groups = {"protected": part["protected"].to_numpy().astype(bool)}
    classes = part["customer_class"].to_numpy()
    for name in sorted(set(classes.tolist())):
        groups[name] = classes == name
    return group_rows(label, probability, groups, target=TARGET, sample=sample)


def stability(model: RatingModel, rows: pl.DataFrame, now: pl.DataFrame, config: CreditConfig) -> list[dict[str, Any]]:
    """PSI of each characteristic and of the points: those rated now against those learnt from."""
    before, after = (model.card.prepared(model.prepared(part, config)) for part in (rows, now))
    found = [
        card_row(_OURS, TARGET, "out_of_time", Figure(f"psi:{item.name}", psi(old, new, bins=len(item.bins))))
        for item, old, new in zip(
            model.card.characteristics, model.card.codes(before), model.card.codes(after), strict=True
        )
    ]
    old, new = (model.card.score(model.prepared(part, config)) for part in (rows, now))
    cuts = np.unique(np.quantile(old, np.linspace(0.1, 0.9, 9)))
    shift = psi(np.searchsorted(cuts, old, side="right"), np.searchsorted(cuts, new, side="right"), bins=len(cuts) + 1)
    return [*found, card_row(_OURS, TARGET, "out_of_time", Figure("psi:points", shift))]
