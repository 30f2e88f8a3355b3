"""The predictors of a rating as of a day: payment behaviour, shrunk to the class, and what is known of the party."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column

_RATES = ("late_recent", "late_long", "very_late_recent", "very_late_long")
_NUMBERS = {
    # characteristic → whether the risk rises (1) or falls (−1) with it, 0: the data say
    "late_rate_recent": 1,
    "late_rate_long": 1,
    "very_late_rate_recent": 1,
    "very_late_rate_long": 1,
    "lateness_recent": 1,
    "lateness_long": 1,
    "days_since_late": -1,
    "days_since_very_late": -1,
    "late_bills_3m": 1,
    "late_bills_12m": 1,
    "very_late_bills_6m": 1,
    "very_late_bills_12m": 1,
    "open_overdue_days": 1,
    "open_overdue_bills": 1,
    "open_overdue_share": 1,
    "part_paid_bills": 1,
    "ahead_unsettled": 1,
    "spring_bills": 1,
    "tenure_days": -1,
    "outlook": -1,
    "outlook_change": -1,
    "tax_mean": 1,
    "bank_score": -1,
    "other_score": 0,
    "court_listed": 1,
    "compliance_events": 1,
    "compliance_events_2y": 1,
    "usage_change": -1,
}
_TEXTS = ("customer_class", "payment_terms", "market_mode", "tax_grade")
COLUMNS = (*(Column(name, "number") for name in _NUMBERS), *(Column(name, "text") for name in _TEXTS))
DIRECTIONS: Mapping[str, int] = _NUMBERS
# Months whose bills meet the Spring Festival and are paid later: those of January and February.
_SPRING = (1, 2)
_BEHAVIOUR_COUNTS = (
    "due_bills", "late_bills_3m", "late_bills_12m", "very_late_bills_6m", "very_late_bills_12m", "part_paid_bills",
    "ahead_bills", "ahead_settled", "open_overdue_days", "open_overdue_bills",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassRates:
    """What a customer of a class does on average, to which the few bills of one are shrunk; learnt in training."""

    by_class: Mapping[str, Mapping[str, float]]
    overall: Mapping[str, float]


def class_rates(rows: pl.DataFrame) -> ClassRates:
    """Weighted rates by class over rows of ``joined``; a class is mixed with a hundred bills of all."""
    sums = {name: pl.col(name).sum() for name in _RATES}
    dues = {"due_recent": pl.col("due_recent").sum(), "due_long": pl.col("due_long").sum()}
    total = rows.select(**sums, **dues).row(0, named=True)
    overall = {name: _ratio(total, name) for name in _RATES}
    by_class = {}
    for row in rows.group_by("customer_class").agg(**sums, **dues).sort("customer_class").to_dicts():
        mixed = {name: (row[name] + 100 * overall[name]) / (_due(row, name) + 100) for name in _RATES}
        by_class[str(row["customer_class"])] = mixed
    return ClassRates(by_class, overall)


def _due(row: Mapping[str, float], name: str) -> float:
    return float(row["due_recent" if name.endswith("recent") else "due_long"] or 0.0)


def _ratio(row: Mapping[str, float], name: str) -> float:
    due = _due(row, name)
    return float(row[name] or 0.0) / due if due else 0.0


def joined(behaviour: pl.DataFrame, people: pl.DataFrame, *, day: date, due_day: int) -> pl.DataFrame:
    """Behaviour and party side by side, one row a customer; ``due_day``: day of the month on which bills fall due."""
    rows = people.join(behaviour, on="customer_id", how="full", coalesce=True).sort("customer_id")
    usual = pl.col("billed_12m") / pl.col("bills_12m")
    counts = [pl.col(name).fill_null(0) for name in _BEHAVIOUR_COUNTS]
    weighted = [pl.col(name).fill_null(0.0) for name in ("due_recent", "due_long", *_RATES, "open_overdue_amount")]
    rows = rows.with_columns(*counts, *weighted, day=pl.lit(day))
    return rows.with_columns(
        pl.col("left").fill_null(value=False),
        pl.col("protected").fill_null(value=False),
        pl.col("customer_class").fill_null("other"),
        ahead_unsettled=pl.col("ahead_bills") - pl.col("ahead_settled"),
        open_overdue_share=pl.when(usual > 0).then((pl.col("open_overdue_amount") / usual).clip(0, 24)),
        spring_bills=pl.lit(float(_spring_bills(day, due_day))),
    )


def with_rates(rows: pl.DataFrame, rates: ClassRates, config: CreditConfig) -> pl.DataFrame:
    """Add the shrunk rates: a customer's own bills mixed with ``config.shrink_bills`` of its class."""
    return rows.with_columns(_shrunk(name, rates, config.shrink_bills) for name in _RATES)


def _shrunk(name: str, rates: ClassRates, weight: float) -> pl.Expr:
    due = pl.col("due_recent" if name.endswith("recent") else "due_long")
    mean = pl.col("customer_class").replace_strict(
        {key: value[name] for key, value in rates.by_class.items()},
        default=rates.overall[name],
        return_dtype=pl.Float64,
    )
    shown = name.replace("late_", "late_rate_")
    return ((pl.col(name) + weight * mean) / (due + weight)).alias(shown)


def _spring_bills(day: date, due_day: int, horizon_days: int = 92) -> int:
    """How many bills of January and February fall due within the horizon, at one a month on ``due_day``."""
    days = (day + timedelta(days=number) for number in range(1, horizon_days + 1))
    due = [item for item in days if item.day == due_day]
    return sum((item.month - 2) % 12 + 1 in _SPRING for item in due)
