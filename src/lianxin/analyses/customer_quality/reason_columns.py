"""Reasons for many rows at once: one Polars expression a reason, words in both languages, no loop over customers."""

from collections.abc import Sequence
from string import Formatter

import polars as pl

from lianxin.foundation.language import Text


def reason_column(
    code: str, template: Text, *, when: pl.Expr | None = None, value: pl.Expr | None = None, **slots: pl.Expr
) -> pl.Expr:
    """A reason as a struct {code, value, text_zh, text_en}; null where ``when`` is not true.

    ``slots`` are text expressions for the named slots of ``template``; ``value`` is what tables show, by default the
    first slot.
    """
    shown = value if value is not None else next(iter(slots.values()), pl.lit(""))
    built = pl.struct(
        code=pl.lit(code),
        value=shown,
        text_zh=_filled(template.zh, slots),
        text_en=_filled(template.en, slots),
    )
    return built if when is None else pl.when(when).then(built)


def reason_list(reasons: Sequence[pl.Expr]) -> pl.Expr:
    """The reasons that hold, in order, as the ``reasons`` column of a result."""
    return pl.concat_list(list(reasons)).list.drop_nulls()


def amount_text(amount: pl.Expr) -> pl.Expr:
    """An amount with two decimals."""
    return amount.cast(pl.Float64).round(2).cast(pl.Decimal(18, 2)).cast(pl.String)


def percent_text(share: pl.Expr, *, decimals: int = 1) -> pl.Expr:
    """A share as a percentage."""
    return (share * 100).round(decimals).cast(pl.Decimal(18, decimals)).cast(pl.String) + "%"


def _filled(template: str, slots: dict[str, pl.Expr]) -> pl.Expr:
    pieces: list[pl.Expr] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        if literal:
            pieces.append(pl.lit(literal))
        if name is not None:
            pieces.append(slots[name].cast(pl.String).fill_null(""))
    return pl.concat_str(pieces)
