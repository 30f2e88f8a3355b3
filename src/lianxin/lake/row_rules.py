"""Checks over several columns of one row; each gives the rows that break the rule."""

from collections.abc import Callable

import polars as pl

from lianxin.contracts.fields import RowRule

# A bill's parts are held against its total to the fen (SPEC.md 2).
_TOLERANCE = 0.01 + 1e-9


def _any_of(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(column).is_null() for column in columns)


def _after(start: str, end: str) -> pl.Expr:
    return pl.col(end) <= pl.col(start)


def _sum_of(total: str, *parts: str) -> pl.Expr:
    difference = pl.sum_horizontal(pl.col(part).cast(pl.Float64) for part in parts) - pl.col(total).cast(pl.Float64)
    complete = pl.all_horizontal(pl.col(column).is_not_null() for column in (total, *parts))
    return complete & (difference.abs() > _TOLERANCE)


def _bill_period(month: str, start: str, end: str) -> pl.Expr:
    whole = pl.col(start).is_not_null() & pl.col(end).is_not_null()
    return (pl.col(month).is_null() & ~whole) | (whole & _after(start, end))


def _divides_day(minutes: str) -> pl.Expr:
    whole = pl.col(minutes).is_not_null() & (pl.col(minutes) > 0)
    return whole & ((pl.lit(24 * 60) % pl.col(minutes)) != 0)


def _negative_only_with(value: str, amount: str) -> pl.Expr:
    return (pl.col(value) < 0) & (pl.col(amount).cast(pl.Float64) >= 0)


_CHECKS: dict[str, Callable[..., pl.Expr]] = {
    "any_of": _any_of,
    "after": _after,
    "sum_of": _sum_of,
    "bill_period": _bill_period,
    "divides_day": _divides_day,
    "negative_only_with": _negative_only_with,
}


def broken(rule: RowRule, frame: pl.DataFrame) -> pl.Series:
    """Mask of the rows of ``frame`` that break ``rule``."""
    return frame.select(_CHECKS[rule.name](*rule.columns).fill_null(value=False).alias("broken")).to_series()
