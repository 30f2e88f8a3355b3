"""Several rows with one key in one import.

Within a file, equal rows count once and differing rows are all rejected: nobody can tell which one is right. Over
several files the later file corrects the earlier one.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from lianxin.contracts.fields import Table
from lianxin.lake.faults import Rejection
from lianxin.lake.staging import drop_rows, read_origins, take_rows

_POSITION, _FILE, _SOURCE_ROW = "␟position", "␟file", "␟source_row"


def resolve_duplicates(table: Table, staged: Path, files: Sequence[str]) -> list[Rejection]:
    """Leave one row a key in a staged file; return the rows that contradict each other."""
    origins = read_origins(staged)
    positions = _repeated(origins["hash"])
    if not len(positions):
        return []
    frame = take_rows(staged, positions).with_columns(
        pl.Series(_POSITION, positions),
        pl.Series(_FILE, origins["file"][positions]),
        pl.Series(_SOURCE_ROW, origins["row"][positions]),
    )
    key, content = list(table.key), list(table.columns)
    by_file = frame.with_columns(pl.struct(content).n_unique().over([*key, _FILE]).alias("␟versions"))
    conflicting = by_file.filter(pl.col("␟versions") > 1)
    kept = by_file.filter(pl.col("␟versions") == 1).unique([*key, _FILE], keep="first", maintain_order=True)
    kept = kept.sort(_FILE, maintain_order=True).unique(key, keep="last", maintain_order=True)
    dropped = frame.filter(~pl.col(_POSITION).is_in(kept[_POSITION].implode()))
    if len(dropped):
        drop_rows(staged, np.sort(dropped[_POSITION].to_numpy()))
    return [
        Rejection(
            files[row[_FILE]],
            int(row[_SOURCE_ROW]),
            " ".join(key),
            " ".join(str(row[name]) for name in key),
            "conflicting_rows",
        )
        for row in conflicting.iter_rows(named=True)
    ]


def _repeated(hashes: np.ndarray) -> np.ndarray:
    """Sorted positions of the hashes that occur more than once."""
    series = pl.Series(hashes)
    if series.n_unique() == len(series):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(series.is_duplicated().to_numpy())
