"""Values that the import adds where a source leaves them out, each marked as such."""

import polars as pl

from lianxin.contracts.fields import Table
from lianxin.foundation.settings import Settings


def complete(table: Table, rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Add derived columns and documented defaults to accepted rows."""
    return _with_due_date(rows, settings.due_day) if table.name == "bill" else rows


def _with_due_date(bills: pl.DataFrame, due_day: int) -> pl.DataFrame:
    """A bill without due_on falls due on ``due_day`` of the month after its month, and says so (SPEC.md 2)."""
    month = pl.coalesce(
        (pl.col("billing_month") + "-01").str.to_date("%Y-%m-%d", strict=False),
        pl.col("period_start").dt.month_start(),
    )
    assumed = month.dt.offset_by("1mo").dt.offset_by(f"{due_day - 1}d")
    return bills.with_columns(
        pl.col("due_on").is_null().alias("due_on_assumed"),
        pl.coalesce(pl.col("due_on"), assumed).alias("due_on"),
    )
