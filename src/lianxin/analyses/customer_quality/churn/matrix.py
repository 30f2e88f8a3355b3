"""A table of predictors as a matrix: numbers as they are, words as codes learnt from the training rows alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DIGITS = 9  # sums of doubles differ in the last digits between runs; trees must not see that


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """Columns in order, and for each column of words its codes: by frequency, then by word; the rest share one."""

    columns: tuple[str, ...]
    words: Mapping[str, Mapping[str, int]]


def learn_encoding(rows: pl.DataFrame, *, most_categories: int) -> Encoding:
    """Columns that vary among ``rows``, in order, and the codes of their words."""
    columns = [name for name in rows.columns if rows[name].n_unique() > 1]
    words = {name: _codes(rows[name], most_categories) for name in columns if rows.schema[name] == pl.String}
    return Encoding(columns=tuple(columns), words=words)


def encoded(rows: pl.DataFrame, encoding: Encoding) -> Floats:
    """Rows × columns; unknown is NaN. A column that ``rows`` lack is unknown throughout."""
    made = [_numbers(rows, name, encoding) for name in encoding.columns]
    return np.column_stack(made) if made else np.empty((rows.height, 0))


def _numbers(rows: pl.DataFrame, name: str, encoding: Encoding) -> Floats:
    if name not in rows.columns:
        return np.full(rows.height, np.nan)
    column = rows[name]
    if name in encoding.words:
        codes = encoding.words[name]
        column = column.cast(pl.String).replace_strict(codes, default=len(codes), return_dtype=pl.Int64)
        column = pl.select(pl.when(rows[name].is_null()).then(None).otherwise(column)).to_series()
    return column.cast(pl.Float64).round_sig_figs(_DIGITS).fill_null(float("nan")).to_numpy()


def _codes(column: pl.Series, most: int) -> dict[str, int]:
    counted = column.drop_nulls().value_counts().sort(["count", column.name], descending=[True, False])
    return {word: number for number, word in enumerate(counted[column.name].head(most))}
