"""Money as whole fen in Polars: sums are exact, and the parts of a row add up after rounding."""

import polars as pl

MONEY = pl.Decimal(18, 4)


def fen(name: str) -> pl.Expr:
    """A decimal column as fen, half away from zero; null is nothing."""
    units = (pl.col(name).cast(pl.Decimal(28, 4)) * 10_000).cast(pl.Int64).fill_null(0)
    return (units.sign() * ((units.abs() + 50) // 100)).cast(pl.Int64)


def money(fen_column: pl.Expr) -> pl.Expr:
    """Fen as the contract's decimal."""
    return (fen_column.cast(pl.Decimal(28, 4)) / 100).cast(MONEY)
