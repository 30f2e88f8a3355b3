"""Reasons of many rows at once, as Polars expressions in the form of contracts.reasons."""

import polars as pl


def reason_list(code: str, value: pl.Expr, zh: pl.Expr, en: pl.Expr) -> pl.Expr:
    """A list with one reason: code, value and words in both languages."""
    return pl.concat_list(
        pl.struct(
            code=pl.lit(code), value=value.cast(pl.String), text_zh=zh.cast(pl.String), text_en=en.cast(pl.String)
        )
    )
