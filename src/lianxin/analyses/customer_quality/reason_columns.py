"""Reasons for many rows at once: one Polars expression a reason, words in both languages, no loop over customers."""

from collections.abc import Sequence
from string import Formatter

import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.foundation.language import Text

_REASON = pl.Struct(dict.fromkeys(("code", "value", "text_zh", "text_en"), pl.String))


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
        value=shown.cast(pl.String),
        text_zh=_filled(template.zh, slots),
        text_en=_filled(template.en, slots),
    )
    return built if when is None else pl.when(when).then(built)


def reason_list(reasons: Sequence[pl.Expr]) -> pl.Expr:
    """The reasons that hold, in order, as the ``reasons`` column of a result."""
    columns = [reason.alias(str(number)) for number, reason in enumerate(reasons)]
    return pl.struct(columns).map_batches(_interleaved, return_dtype=pl.List(_REASON))


def _interleaved(columns: pl.Series) -> pl.Series:
    """Row by row, the reasons that are not null: five times as fast as concat_list and drop_nulls."""
    frame = columns.struct.unnest()
    rows, holds = frame.height, np.column_stack([column.is_not_null().to_numpy() for column in frame])
    places = np.arange(frame.width)[None, :] * rows + np.arange(rows)[:, None]
    every = pa.chunked_array([column.to_arrow() for column in frame]).combine_chunks()
    ends = np.concatenate([[0], np.cumsum(holds.sum(axis=1))])
    lists = pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), every.take(pa.array(places[holds])))
    return pl.Series(columns.name, lists, dtype=pl.List(_REASON))


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
