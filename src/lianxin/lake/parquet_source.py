"""Parquet files in bounded batches, with the types that they have."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import polars.exceptions
import pyarrow as pa
import pyarrow.parquet as pq

from lianxin.lake.source import (
    ROW,
    TEXT_LIMIT,
    MalformedRow,
    SourceFormat,
    column_names,
    refusals_explained,
)
from lianxin.lake.source_errors import SourceDamaged, UnusableColumns

_BATCH_ROWS = 1 << 18
_DAMAGES = (
    pa.ArrowException,
    OSError,
    polars.exceptions.PolarsError,
    ValueError,  # names that are no UTF-8
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
)


class ParquetSource:
    """A Parquet file; see lake.source.Source for the promise. Dictionary columns become text."""

    format: SourceFormat = "parquet"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total_bytes: int | None = path.stat().st_size
        self.malformed: list[MalformedRow] = []
        self.left_out: dict[str, int] = {}
        with _explained(self.path), self._open() as file:
            schema = file.schema_arrow
            self._rows = file.metadata.num_rows
        self.columns = column_names(list(schema.names), path=path)
        unusable = [field.name for field in schema if not _is_usable(field)]
        if unusable:
            raise UnusableColumns(path=path, names=unusable)

    def chunks(self, *, on_progress: Callable[[int], None] | None = None) -> Iterator[pl.DataFrame]:
        """Yield frames of at most some 262,000 rows."""
        self.malformed.clear()
        done = 0
        with _explained(self.path), self._open() as file:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                frame = self._frame(batch, first=done + 1)
                done += frame.height
                if on_progress is not None:
                    on_progress((self.total_bytes or 0) * done // max(self._rows, 1))
                if frame.height:
                    yield frame

    def _frame(self, batch: pa.RecordBatch, *, first: int) -> pl.DataFrame:
        numbers = pl.int_range(first, first + batch.num_rows, dtype=pl.UInt64, eager=True).alias(ROW)
        batch.validate(full=True)  # texts that are no UTF-8 would pass unseen into the tables
        named = batch.rename_columns(self.columns)
        frame = pl.DataFrame(pl.from_arrow(named)).cast({pl.Categorical: pl.String})
        return frame.insert_column(0, numbers)

    def _open(self) -> pq.ParquetFile:
        # pre-buffering would hold whole row groups
        return pq.ParquetFile(self.path, pre_buffer=False)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what Arrow and Polars say about a damaged file into our word for it."""
    with refusals_explained(path):
        try:
            yield
        except (PermissionError, FileNotFoundError):
            raise
        except _DAMAGES as error:
            detail = " ".join(str(error).split())[:TEXT_LIMIT]
            raise SourceDamaged(path=path, format="Parquet", detail=detail) from error


def _is_usable(field: pa.Field) -> bool:
    try:
        pl.from_arrow(pa.table({"a": pa.array([], type=field.type)}))
    except (pa.ArrowException, polars.exceptions.PolarsError, NotImplementedError, TypeError, ValueError):
        return False
    return True
