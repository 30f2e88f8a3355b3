"""The rating where too few customers were late to fit a card: rates of the class, and the customer's own bills."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.words import RULE_BASE, RULE_HISTORY
from lianxin.analyses.customer_quality.reason_columns import reason_column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_BILLS_A_MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class RuleRating:
    """Probability and points by row, and the reasons that sum to the points."""

    probability: Floats
    points: Ints
    reasons: pl.DataFrame


def rule_rating(rows: pl.DataFrame, config: CreditConfig) -> RuleRating:
    """Rate rows of ``behaviour_table.joined`` by shrunk rates.

    A bill's chance to be very late: (own very late bills + s × rate of the class) ÷ (own bills + s), recent bills
    counting more; of the class: (its very late bills + c × prior) ÷ (its bills + c). The customer's: 1 − (1 − that of
    a bill) to the number of bills in the horizon, at one a month. An open bill late by the day counts as a bill.
    """
    bills = config.horizon_days / _BILLS_A_MONTH_DAYS
    prior = 1 - (1 - config.prior_probability) ** (1 / bills)
    weight = config.prior_customers
    by_class = rows.group_by("customer_class").agg(
        class_rate=(pl.col("very_late_long").sum() + weight * prior) / (pl.col("due_long").sum() + weight)
    )
    joined = rows.join(by_class, on="customer_class", how="left", maintain_order="left")
    # ten bills of the class: the customer's own say little where few of them are late
    shrink = 10.0
    own = (pl.col("very_late_long") + shrink * pl.col("class_rate")) / (pl.col("due_long") + shrink)
    rated = joined.select(
        "customer_class",
        start=1 - (1 - pl.col("class_rate")) ** bills,
        chance=1 - (1 - own) ** bills,
    )
    base, points = (_points(rated[name].to_numpy(), config) for name in ("start", "chance"))
    history = points - base
    told = rated.with_columns(base=pl.Series(base), history=pl.Series(history))
    reasons = told.select(
        base=reason_column("base", RULE_BASE, points=pl.col("base").cast(pl.String), name=pl.col("customer_class")),
        history=reason_column(
            "own_bills", RULE_HISTORY, when=pl.col("history") != 0, points=pl.col("history").cast(pl.String)
        ),
    )
    return RuleRating(rated["chance"].to_numpy(), points, reasons)


def _points(probability: Floats, config: CreditConfig) -> Ints:
    scale = config.card.scale
    factor = scale.double_odds / np.log(2)
    held = np.clip(probability, 1e-6, 1 - 1e-6)
    odds = np.log((1 - held) / held)
    return np.asarray(np.rint(scale.base_points + factor * (odds - np.log(scale.base_odds))), dtype=np.int64)
