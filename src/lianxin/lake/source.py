"""What every source of facts looks like to an import: named columns, read in bounded chunks."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from lianxin.lake.source_errors import (
    DuplicateHeaders,
    SourceNotFound,
    SourceNotPermitted,
    SourceUnreadable,
    TooManyColumns,
)

SourceFormat = Literal["csv", "xlsx", "parquet", "espi"]

ROW = "␟row"
"""UInt64 column of each chunk: the record's number in its source, as a person looking there would count.

CSV: records from 1, the header, skipped lines and blank lines included, so the first row under a one-line
header is 2. xlsx: the sheet's row as Excel shows it. Parquet: rows from 1. ESPI: readings from 1.
"""

TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """How to read a source where its content does not tell.

    ``decimal`` (``","`` or ``"."``) is carried for the caller: readers leave text cells as text.
    ``skip_rows`` counts the lines (CSV) or sheet rows (xlsx) above the header.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    skip_rows: int = 0


@dataclass(frozen=True, slots=True)
class MalformedRow:
    """A record that could not be laid into columns (or a reading that is no consumption), by rule code."""

    row: int
    reason: str
    text: str
    expected: int | None = None
    actual: int | None = None


class Source(Protocol):
    """A file with named columns.

    ``columns`` are the names as in the source without byte-order mark and outer blanks; an empty name becomes
    ``column_3`` by its position. ``malformed`` is filled while ``chunks`` is iterated, and emptied when an
    iteration begins; a caller may empty it between chunks. ``left_out`` counts by reason what is no fault of a
    row but is not in the frames either (readings of reverse flow, cells of a sheet beside the header …).
    """

    path: Path
    format: SourceFormat
    columns: list[str]
    total_bytes: int | None
    malformed: list[MalformedRow]
    left_out: dict[str, int]

    def chunks(self, *, on_progress: Callable[[int], None] | None = None) -> Iterator[pl.DataFrame]:
        """Yield frames of ``ROW`` and ``columns`` in the order of the source; can be called again.

        Text sources give String cells exactly as they stood, blank ones null; Parquet gives its own types.
        Records without a single value are left out (their numbers are counted). ``on_progress`` is told the
        bytes of the source read so far. Raises UnusableInput where the file turns out to be damaged.
        """
        ...


COLUMN_LIMIT = 16_384
"""Columns of an Excel sheet, and more than any extract has."""


def column_names(header: list[str], *, path: Path) -> list[str]:
    """Names without outer blanks; empty ones by position. Raises DuplicateHeaders or TooManyColumns."""
    if len(header) > COLUMN_LIMIT:
        raise TooManyColumns(path=path, count=len(header), limit=COLUMN_LIMIT)
    stripped = [name.strip().strip("\ufeff").strip() for name in header]
    names = [name or f"column_{position}" for position, name in enumerate(stripped, start=1)]
    twice = [name for name, count in Counter([*names, ROW]).items() if count > 1]
    if twice:
        raise DuplicateHeaders(path=path, names=[name[:TEXT_LIMIT] for name in twice[:10]])
    return names


def without_blank_rows(frame: pl.DataFrame, *, columns: list[str]) -> pl.DataFrame:
    """Leave out the rows that have no value in any of ``columns``; spreadsheets leave such rows behind."""
    if frame.select(pl.all_horizontal(pl.col(columns).null_count() > 0)).item():
        return frame.filter(pl.any_horizontal(pl.col(columns).is_not_null()))
    return frame


@contextmanager
def refusals_explained(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses about ``path`` into an UnusableInput."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceNotFound(path=path) from error
    except PermissionError as error:
        raise SourceNotPermitted(path=path) from error
    except OSError as error:
        raise SourceUnreadable(path=path, detail=error.strerror or str(error)) from error


def open_source(path: Path, *, table: str, options: SourceOptions | None = None) -> Source:
    """Open ``path`` for an import into ``table``: content decides on the format, then the extension.

    Raises a subclass of UnusableInput (lake.source_errors) that names what is wrong with the file.
    """
    from lianxin.lake.readers import open_by_content

    return open_by_content(path, table=table, options=options or SourceOptions())
