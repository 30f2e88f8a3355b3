"""Who is on the risk list: customers in arrears or with a poor grade, with what their next step depends on."""

from datetime import date

import ibis
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.analyses.customer_quality.risk.config import RiskSettings
from lianxin.analyses.customer_quality.risk.open_bills import (
    arrears,
    counted,
    next_due,
    open_bills,
    overdue,
    with_late_fee,
)
from lianxin.analyses.customer_quality.risk.steps_taken import last_steps, steps_taken
from lianxin.analyses.customer_quality.risk.strictest import FeeRates
from lianxin.contracts.analysis import AnalysisInput

_RATING: dict[str, pl.DataType | type[pl.DataType]] = {
    "customer_id": pl.String,
    "grade": pl.String,
    "expected_loss": pl.Decimal(18, 4),
}


def customer_rows(given: AnalysisInput) -> ibis.Table:
    """Grain: one row a customer: customer_class, importance, social_support, protected, until."""
    table = given.facts("customer")
    return table.select("customer_id", "customer_class", "importance", "social_support", "protected", "until")


def listed(
    given: AnalysisInput,
    *,
    ledger: ibis.Table,
    rating: pa.Table | None,
    settings: RiskSettings,
    rates: FeeRates | None,
) -> pl.DataFrame:
    """Grain: one row a listed customer, sorted; arrears_units and bills are 0 where only the grade lists it.

    A bill whose customer is not in the customer table counts for a customer of unknown class, not a resident.
    """
    day = given.as_of.day
    bills = counted(frame_of(given.rows(open_bills(ledger))))
    customers = frame_of(given.rows(customer_rows(given)))
    late = overdue(bills, as_of=day).join(
        customers.select("customer_id", "customer_class"), on="customer_id", how="left"
    )
    late = late.with_columns(
        residential=pl.col("customer_class").is_in(list(settings.residential_classes)).fill_null(value=False)
    )
    owing = arrears(with_late_fee(late, rates=rates))
    grades = _grades(rating)
    poor = grades.filter(pl.col("grade").is_in(list(settings.poor_grades))).select("customer_id")
    rows = pl.concat([owing.select("customer_id"), poor]).unique().sort("customer_id")
    for more in (owing, grades, customers, next_due(bills, as_of=day), _taken(given, owing, settings)):
        rows = rows.join(more, on="customer_id", how="left")
    return _completed(rows, settings=settings, as_of=day)


def _completed(rows: pl.DataFrame, *, settings: RiskSettings, as_of: date) -> pl.DataFrame:
    importance = pl.col("importance").is_in(list(settings.never_importance)).fill_null(value=False)
    # whether supply may be stopped hangs on the customer: without its row nothing is proposed beyond instalments
    never = (
        pl.when(pl.col("customer_class").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("social_support").fill_null(value=False))
        .then(pl.lit("social_support"))
    )
    return rows.with_columns(
        pl.col("bills", "arrears_units").fill_null(0),
        residential=pl.col("customer_class").is_in(list(settings.residential_classes)).fill_null(value=False),
        never=never.when(importance).then(pl.lit("importance")),
        supplied=(pl.col("until").is_null() | (pl.col("until") > as_of)),
    )


def _taken(given: AnalysisInput, owing: pl.DataFrame, settings: RiskSettings) -> pl.DataFrame:
    decided = frame_of(given.rows(steps_taken(given.facts("decision"))))
    oldest = owing.select("customer_id", "oldest_due_on")
    return last_steps(decided, oldest=oldest, done_words=settings.done_words)


def _grades(rating: pa.Table | None) -> pl.DataFrame:
    if rating is None:
        return pl.DataFrame(schema=_RATING)
    return frame_of(rating).select(pl.col(name).cast(kind) for name, kind in _RATING.items())
