"""What is unpaid, bill by bill: overdue bills with their late fee, and the next due day of the others."""

from datetime import date

import ibis
import polars as pl

from lianxin.analyses.customer_quality.risk.strictest import FeeRates

# Amounts have four decimals and rates five: their product is counted in whole billionths, rounded once to the fen.
_AMOUNT_SCALE, _RATE_SCALE = 10**4, 10**5
_FEN = _AMOUNT_SCALE * _RATE_SCALE // 100
_DAY_SECONDS = 86_400


def open_bills(ledger: ibis.Table) -> ibis.Table:
    """Grain: one row a bill with an open amount and a due day: customer_id, due_on, open_amount."""
    rows = ledger.filter(ledger.open_amount > 0, ledger.due_on.notnull())
    return rows.select("customer_id", "due_on", "open_amount")


def counted(bills: pl.DataFrame) -> pl.DataFrame:
    """The bills with open_units, the amount in whole ten-thousandths, in place of open_amount."""
    units = pl.col("open_amount").cast(pl.Decimal(18, 4)).to_physical().cast(pl.Int64)
    return bills.select("customer_id", "due_on", open_units=units)


def overdue(bills: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """The bills whose due day is over (due_on is the last day to pay), with days_late and days_same_year.

    days_same_year counts the days late that lie in the year of the due day.
    """
    year_end = pl.date(pl.col("due_on").dt.year(), 12, 31)
    until = pl.min_horizontal(year_end, pl.lit(as_of))
    return bills.filter(pl.col("due_on") < as_of).with_columns(
        days_late=(pl.lit(as_of) - pl.col("due_on")).dt.total_days(),
        days_same_year=(until - pl.col("due_on")).dt.total_days(),
    )


def with_late_fee(bills: pl.DataFrame, *, rates: FeeRates | None) -> pl.DataFrame:
    """Add fee_fen: the fee on what is open now, each bill rounded to the fen, half up.

    ``bills`` are rows of ``overdue`` with the flag residential. What was paid late earlier is not in it: a bill shows
    only its open amount.
    """
    if rates is None:
        return bills.with_columns(fee_fen=pl.lit(None, pl.Int64))
    resident, same, later = (
        int(rate * _RATE_SCALE) for rate in (rates.residential, rates.other_same_year, rates.other_later_years)
    )
    days_later = pl.col("days_late") - pl.col("days_same_year")
    others = pl.col("days_same_year") * same + days_later * later
    share = pl.when(pl.col("residential")).then(pl.col("days_late") * resident).otherwise(others)
    fen = (pl.col("open_units").cast(pl.Int128) * share + _FEN // 2) // _FEN
    return bills.with_columns(fee_fen=fen.cast(pl.Int64))


def arrears(bills: pl.DataFrame) -> pl.DataFrame:
    """Grain: one row a customer in arrears: bills, arrears_units, fee_fen, oldest_due_on, oldest_days_late."""
    return bills.group_by("customer_id").agg(
        bills=pl.len(),
        arrears_units=pl.col("open_units").sum(),
        fee_fen=pl.col("fee_fen").sum(),
        oldest_due_on=pl.col("due_on").min(),
        oldest_days_late=pl.col("days_late").max(),
    )


def next_due(bills: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Grain: one row a customer with an open bill that is not overdue yet: next_due_on."""
    return bills.filter(pl.col("due_on") >= as_of).group_by("customer_id").agg(next_due_on=pl.col("due_on").min())
