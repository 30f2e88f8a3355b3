"""Extracts of facts as Polars frames with times as numbers."""

import ibis
import polars as pl

from lianxin.contracts.analysis import AnalysisInput


def fetched(given: AnalysisInput, expression: ibis.Table) -> pl.DataFrame:
    """Rows of an expression; instants are naive or UTC, whichever the engine gives."""
    return pl.DataFrame(given.rows(expression))


def microseconds(column: str) -> pl.Expr:
    """Microseconds UTC since 1970 of an instant."""
    return pl.col(column).dt.timestamp("us")


def local_day(column: str, given: AnalysisInput) -> pl.Expr:
    """Local day of an instant (microseconds UTC since 1970), as days since 1970."""
    utc = pl.col(column).cast(pl.Datetime("us", "UTC"))
    return utc.dt.convert_time_zone(given.zone.key).dt.date().cast(pl.Int32).cast(pl.Int64)


def day_number(column: str) -> pl.Expr:
    """Days since 1970 of a date."""
    return pl.col(column).cast(pl.Date).cast(pl.Int32).cast(pl.Int64)
