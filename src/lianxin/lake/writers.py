"""Results and facts written to files: CSV, Parquet and xlsx (SPEC.md 1, Output).

``frames`` are the chunks of one table, at least one, all of the same columns. A file is replaced only when it is
written whole; when that fails, what stood there before still stands.
"""

import codecs
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import polars as pl
import pyarrow.parquet as pq

from lianxin.foundation.errors import DiskFull, UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.export_cells import as_text
from lianxin.lake.sheet_writer import SheetWriter


class NotWritable(UnusableInput):
    """The place for the export cannot be written to."""

    text = Text("无法写入 {path}：{detail}", "{path} cannot be written: {detail}")


def write_csv(frames: Iterable[pl.DataFrame], *, out: Path | TextIO, time_zone: str, bom: bool = False) -> int:
    """Write rows as CSV with field names as headers; return how many.

    Floats have the shortest digits that give them back; times are ISO 8601 with the offset of ``time_zone``; lists
    and structs JSON; booleans true and false. Text that looks like a formula gets an apostrophe. Without a
    byte-order mark unless ``bom`` asks for it (files only). Raises NotWritable or DiskFull.
    """
    if isinstance(out, Path):
        with _replacing(out) as file:
            file.write(codecs.BOM_UTF8 if bom else b"")
            return _csv_rows(frames, file.write, time_zone=time_zone)
    return _csv_rows(frames, lambda piece: out.write(piece.decode()), time_zone=time_zone)


def write_parquet(frames: Iterable[pl.DataFrame], *, out: Path | BinaryIO) -> int:
    """Write rows with their own types; return how many. Raises NotWritable or DiskFull."""
    with _target(out) as file:
        return _parquet_rows(frames, file)


def write_xlsx(
    frames: Iterable[pl.DataFrame],
    *,
    out: Path | BinaryIO,
    sheet: str,
    headers: Mapping[str, str],
    time_zone: str,
) -> int:
    """Write rows to sheets of at most 1,048,575 rows below a frozen header; return how many.

    ``headers`` translates field names; the others stay. Numbers and dates are cells of that kind, at full
    precision; all else is text as in the CSV and is never run as a formula or made a link. Excel holds 32,767
    characters a cell: longer text is cut and ends in "…". Raises NotWritable or DiskFull.
    """
    with _target(out) as file:
        writer = SheetWriter(file, sheet=sheet, headers=headers, time_zone=time_zone)
        try:
            rows = sum(writer.write(frame) for frame in frames)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        return rows


def _csv_rows(frames: Iterable[pl.DataFrame], write: Callable[[bytes], object], *, time_zone: str) -> int:
    rows = 0
    for position, frame in enumerate(frames):
        text = as_text(frame, time_zone=time_zone).write_csv(include_header=position == 0)
        write(text.encode())
        rows += frame.height
    return rows


def _parquet_rows(frames: Iterable[pl.DataFrame], file: BinaryIO) -> int:
    writer: pq.ParquetWriter | None = None
    rows = 0
    for frame in frames:
        table = frame.to_arrow()
        if writer is None:
            writer = pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
        rows += frame.height
    if writer is not None:
        writer.close()
    return rows


@contextmanager
def _target(out: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(out, Path):
        with _replacing(out) as file:
            yield file
    else:
        yield out


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file beside ``path`` that takes its place when all went well."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with beside.open("xb") as file:
                yield file
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=path) from error
        raise NotWritable(path=path, detail=error.strerror or str(error)) from error
