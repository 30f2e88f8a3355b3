"""Accepted rows on their way into a table: Parquet files by partition, and each row's key hash and origin.

Nothing here touches the table. The folder is removed at the end; a folder left by a killed import is cleared by
the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lianxin.contracts.fields import Table
from lianxin.lake.schemas import file_schema

WHOLE_TABLE = ""  # the one partition of a table without partitions

ORIGIN = np.dtype([("hash", "<u8"), ("file", "<u4"), ("row", "<u8")])
"""One record a staged row, in staged order: hash of its key, number of its file, row in that file."""


# A source can hold rows of hundreds of months; each open file costs a descriptor, of which a process has 1024.
_OPEN_AT_ONCE = 128


@dataclass(slots=True)
class _Partition:
    folder: Path
    schema: pa.Schema
    rows: int = 0
    parts: list[Path] = field(default_factory=list)
    writer: pq.ParquetWriter | None = None

    @property
    def staged(self) -> Path:
        return self.folder / "staged.parquet"

    def append(self, rows: pa.Table, origins: np.ndarray) -> None:
        if self.writer is None:
            self.parts.append(self.folder / f"part-{len(self.parts)}.parquet")
            self.writer = open_writer(self.parts[-1], self.schema)
        self.writer.write_table(rows)
        with (self.folder / "origins").open("ab") as file:
            file.write(origins.tobytes())
        self.rows += len(rows)

    def close(self) -> None:
        if self.writer is not None:
            writer, self.writer = self.writer, None
            writer.close()

    def join(self) -> Path:
        """All parts as one file, in their order."""
        if len(self.parts) == 1:
            self.parts.pop().replace(self.staged)
        elif self.parts:
            with open_writer(self.staged, self.schema) as writer:
                for part in self.parts:
                    for table, _first in _row_groups(part):
                        writer.write_table(table)
                    part.unlink()
            self.parts.clear()
        return self.staged


@dataclass(slots=True)
class Staging:
    """Writers for the rows of one import into one table; use as a context manager."""

    folder: Path
    table: Table
    _known: dict[str, _Partition] = field(default_factory=dict)
    _recent: dict[str, None] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, good: pl.DataFrame, rows: pl.Series, file_number: int | np.ndarray) -> None:
        """Append accepted rows; ``rows`` are their numbers in file ``file_number`` (of each row, or of all)."""
        if good.is_empty():
            return
        origins = np.empty(len(good), dtype=ORIGIN)
        origins["hash"] = good.select(self.table.key).hash_rows().to_numpy()
        origins["file"] = file_number
        origins["row"] = rows.to_numpy()
        for partition, positions in self._partitions(good):
            part = good if positions is None else good[positions]
            self._append(partition, part, origins if positions is None else origins[positions])

    def _partitions(self, good: pl.DataFrame) -> Iterator[tuple[str, np.ndarray | None]]:
        if self.table.partition is None:
            yield WHOLE_TABLE, None
            return
        source = good[self.table.partition[1]]
        months = (source.dt.year().cast(pl.Int32) * 12 + source.dt.month() - 1).to_numpy()
        found, counts = np.unique(months, return_counts=True)
        if len(found) == 1:
            yield _month_name(int(found[0])), None
            return
        order = np.argsort(months, kind="stable")
        for month, positions in zip(found, np.split(order, np.cumsum(counts)[:-1]), strict=True):
            yield _month_name(int(month)), positions

    def _append(self, partition: str, part: pl.DataFrame, origins: np.ndarray) -> None:
        target = self._known.get(partition) or self._start(partition)
        self._recent.pop(partition, None)
        if len(self._recent) >= _OPEN_AT_ONCE:
            longest_unused = next(iter(self._recent))
            del self._recent[longest_unused]
            self._known[longest_unused].close()
        self._recent[partition] = None
        target.append(part.to_arrow().cast(target.schema), origins)

    def _start(self, partition: str) -> _Partition:
        started = _Partition(self.folder / (partition or "all"), file_schema(self.table))
        started.folder.mkdir()
        self._known[partition] = started
        return started

    def close(self) -> None:
        """Finish the files."""
        for partition in self._known.values():
            partition.close()

    def partitions(self) -> dict[str, Path]:
        """Partition value → its staged file; after ``close``."""
        return {name: partition.join() for name, partition in sorted(self._known.items())}

    @property
    def rows(self) -> int:
        """Number of staged rows."""
        return sum(partition.rows for partition in self._known.values())


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A Parquet writer that looks for repeated values in text only: measured values hardly repeat."""
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(path, schema, compression="snappy", use_dictionary=texts)


def _month_name(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def read_origins(staged: Path) -> np.ndarray:
    """The origins of a staged file's rows."""
    return np.fromfile(staged.with_name("origins"), dtype=ORIGIN)


def take_rows(staged: Path, positions: np.ndarray) -> pl.DataFrame:
    """The rows at sorted ``positions``, reading one row group at a time."""
    frames = []
    for table, first in _row_groups(staged):
        inside = positions[(positions >= first) & (positions < first + table.num_rows)] - first
        if len(inside):
            frames.append(pl.DataFrame(table.take(pa.array(inside))))
    return pl.concat(frames)


def drop_rows(staged: Path, positions: np.ndarray) -> None:
    """Rewrite a staged file without the rows at sorted ``positions``."""
    shorter = staged.with_name("shorter.parquet")
    schema = pq.read_schema(staged)
    with open_writer(shorter, schema) as writer:
        for table, first in _row_groups(staged):
            keep = np.ones(table.num_rows, dtype=bool)
            inside = positions[(positions >= first) & (positions < first + table.num_rows)] - first
            keep[inside] = False
            if keep.any():
                writer.write_table(table.filter(pa.array(keep)))
    shorter.replace(staged)


def _row_groups(staged: Path) -> Iterator[tuple[pa.Table, int]]:
    with pq.ParquetFile(staged) as file:
        first = 0
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            yield table, first
            first += table.num_rows
