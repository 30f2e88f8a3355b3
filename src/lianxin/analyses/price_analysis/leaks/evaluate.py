"""Leaks found again: business agreements relabelled as homes, and known ones; beside a rule on energy alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.card import card_row
from lianxin.analyses.price_analysis.config import LeakConfig
from lianxin.analyses.price_analysis.leaks.classes import PRICE_CLASSES, looks
from lianxin.analyses.price_analysis.leaks.features import load_features
from lianxin.analyses.price_analysis.panel import Panel
from lianxin.foundation.calendar import Calendar

OURS, BASELINE = "load_class_posterior", "energy_above_p99"
PLANTED, KNOWN = "price_class_leak:planted", "price_class_leak:known"
_PLANTED_SHARE = 0.10
_LARGEST_KWH_A_DAY = 300.0
Flags = NDArray[np.bool_]


def evaluate_leaks(
    panel: Panel, *, last: int, calendar: Calendar, config: LeakConfig, seed: int, known: Sequence[str] | None
) -> tuple[list[dict[str, Any]], pl.DataFrame] | None:
    """Figures and the probability of each home; None where homes or business cannot be described.

    Planted: a tenth of the business agreements of at most 300 kWh a day count as homes. Every other home counts as
    right, so that precision is a lower bound where homes hold true leaks; ``known`` names those.
    """
    features = load_features(panel, last=last, months_at_least=config.months_at_least, calendar=calendar).with_columns(
        price_class=pl.col("customer_class").replace_strict(PRICE_CLASSES, default="")
    )
    small = (pl.col("price_class") == "business") & (pl.col("level") <= float(np.log(_LARGEST_KWH_A_DAY)))
    chosen = np.random.default_rng(seed).random(features.height) < _PLANTED_SHARE
    planted = features.select(small).to_series().to_numpy() & chosen
    as_homes = features.with_columns(
        price_class=pl.when(pl.Series(planted)).then(pl.lit("residential")).otherwise(pl.col("price_class"))
    )
    cases = [(PLANTED, as_homes, planted)]
    if known is not None:
        cases.append((KNOWN, features, features["agreement_id"].is_in(list(known)).to_numpy()))
    rows: list[dict[str, Any]] = []
    said: list[pl.DataFrame] = []
    for target, frame, actual in cases:
        found = looks(frame, prior_share=config.prior_share)
        if found is None or not actual.any():
            continue
        probability = found.posterior[np.arange(frame.height), found.other]
        homes = (frame["price_class"] == "residential").to_numpy()
        flagged = probability >= config.posterior_at_least
        loud = frame["level"].to_numpy() >= np.quantile(frame["level"].to_numpy()[homes], 0.99)
        rows += _figures(target, actual[homes], flagged[homes], loud[homes])
        said.append(
            pl.DataFrame(
                {
                    "target": [target] * int(homes.sum()),
                    "key": frame["agreement_id"].to_numpy()[homes],
                    "model": [OURS] * int(homes.sum()),
                    "predicted": probability[homes],
                    "actual": actual[homes].astype(np.float64),
                }
            )
        )
    return (rows, pl.concat(said)) if said else None


def _figures(target: str, actual: Flags, flagged: Flags, loud: Flags) -> list[dict[str, Any]]:
    ours, theirs = _precision_recall(actual, flagged), _precision_recall(actual, loud)
    return [
        card_row(OURS, target, metric, ours[place], baseline=BASELINE, baseline_value=theirs[place])
        for place, metric in enumerate(("precision", "recall"))
    ]


def _precision_recall(actual: Flags, flagged: Flags) -> tuple[float, float]:
    hits = float((actual & flagged).sum())
    return hits / max(float(flagged.sum()), 1.0), hits / float(actual.sum())
