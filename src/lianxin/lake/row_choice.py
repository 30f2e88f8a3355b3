"""Which rows of a source a mapping takes (``[source] where``)."""

from collections.abc import Mapping as Lookup

import polars as pl

from lianxin.lake.convert import as_text
from lianxin.lake.mapping import RowChoice


def chosen(frame: pl.DataFrame, where: Lookup[str, RowChoice]) -> pl.Series:
    """Mask of the rows that meet the choice of every column of ``where`` that ``frame`` has."""
    keep = pl.Series([True], dtype=pl.Boolean).new_from_index(0, len(frame))
    for name, choice in where.items():
        if name in frame.columns:
            keep &= _meets(as_text(frame[name]), choice)
    return keep


def _meets(cells: pl.Series, choice: RowChoice) -> pl.Series:
    """An empty cell meets no condition."""
    meets = pl.Series([True], dtype=pl.Boolean).new_from_index(0, len(cells))
    if choice.any_of is not None:
        meets &= cells.is_in(choice.any_of).fill_null(value=False)
    if choice.none_of is not None:
        meets &= ~cells.is_in(choice.none_of).fill_null(value=True)
    if choice.pattern is not None:
        meets &= cells.str.contains(choice.pattern).fill_null(value=False)
    return meets
