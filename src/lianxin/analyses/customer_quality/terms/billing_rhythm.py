"""How much, how often and how late a customer is billed: the inputs of the exposure that bills can tell."""

from datetime import date

import ibis
import polars as pl
import pyarrow as pa

from lianxin.contracts.as_of import AsOf
from lianxin.foundation.periods import Month, months_between
from lianxin.foundation.zones import day_number

DAYS_PER_MONTH = 365.25 / 12
_DAY_SECONDS = 86_400
MONTHS_BACK = 12


def billed_months(ledger: ibis.Table, *, as_of: AsOf, months: int = MONTHS_BACK) -> ibis.Table:
    """Grain: customer and billing month of the last ``months`` (the month of ``as_of`` included).

    ``billed`` is the sum of total_amount (negative bills taken off), ``term_days`` the sum over ``dated`` bills of the
    days from the end of the billing month to due_on.
    """
    ends = _month_ends(as_of.day, months=months)
    rows = ledger.join(ends, ledger.billing_month == ends.month)
    due_day = rows.due_on.cast("timestamp").epoch_seconds() // _DAY_SECONDS
    rows = rows.mutate(days_to_due=due_day.cast("int64") - rows.end_day)
    return rows.group_by("customer_id", "month_index").aggregate(
        billed=rows.total_amount.sum(),
        term_days=rows.days_to_due.sum(),
        dated=rows.days_to_due.count(),
    )


def billing_rhythm(ledger: ibis.Table, *, as_of: AsOf, months: int = MONTHS_BACK) -> ibis.Table:
    """Grain: one row a customer billed in the last ``months``.

    billed, months (with a bill), first_month and last_month (counted from year 0), term_days (sum), dated.
    """
    by_month = billed_months(ledger, as_of=as_of, months=months)
    return by_month.group_by("customer_id").aggregate(
        billed=by_month.billed.sum().cast("float64"),
        months=by_month.count(),
        first_month=by_month.month_index.min(),
        last_month=by_month.month_index.max(),
        term_days=by_month.term_days.sum(),
        dated=by_month.dated.sum(),
    )


def rhythm_days(rhythm: pl.DataFrame, *, default_term_days: float) -> pl.DataFrame:
    """Add daily_bill, cycle_days and term_days (mean) to the rows of ``billing_rhythm``.

    The cycle is the mean distance of the months with a bill: one month where there is but one. A customer
    whose bills add up to a credit has a daily bill of 0. Without a due day the term is ``default_term_days``.
    """
    apart = (pl.col("last_month") - pl.col("first_month")) / (pl.col("months") - 1)
    cycle = pl.when(pl.col("months") > 1).then(apart).otherwise(1.0) * DAYS_PER_MONTH
    term = pl.when(pl.col("dated") > 0).then(pl.col("term_days") / pl.col("dated")).otherwise(default_term_days)
    return rhythm.with_columns(
        daily_bill=(pl.col("billed") / (pl.col("months") * cycle)).clip(lower_bound=0.0),
        cycle_days=cycle,
        term_days=term.clip(lower_bound=0.0),
    ).select("customer_id", "billed", "months", "daily_bill", "cycle_days", "term_days")


def _month_ends(day: date, *, months: int) -> ibis.Table:
    last = Month.of(day)
    listed = list(months_between(last - (months - 1), last))
    return ibis.memtable(
        pa.table(
            {
                "month": pa.array([str(month) for month in listed], pa.string()),
                "month_index": pa.array([month.year * 12 + month.number - 1 for month in listed], pa.int64()),
                "end_day": pa.array([day_number(month.last_day) for month in listed], pa.int64()),
            }
        )
    )
