"""Text tables (CSV, tab-separated …) in bounded blocks, cells as they stood, records numbered as in the file."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lianxin.lake.csv_encoding import Utf8Stream, find_encoding
from lianxin.lake.csv_layout import RECORD_LIMIT_BYTES, Layout, find_layout
from lianxin.lake.source import (
    ROW,
    TEXT_LIMIT,
    MalformedRow,
    SourceFormat,
    SourceOptions,
    refusals_explained,
    without_blank_rows,
)
from lianxin.lake.source_errors import QuoteNotClosed, RecordTooLong, SourceDamaged

_END = "␟end␟"
"""Cell of a record that is set behind the last one: it is read back unless a quote has swallowed it."""


class CsvSource:
    """A text table with a header; see lake.source.Source for the promise."""

    format: SourceFormat = "csv"

    def __init__(self, path: Path, *, options: SourceOptions) -> None:
        self.path = path
        self.total_bytes: int | None = path.stat().st_size
        self.malformed: list[MalformedRow] = []
        self.left_out: dict[str, int] = {}
        self._encoding = find_encoding(path, named=options.encoding)
        with closing(Utf8Stream(path, encoding=self._encoding)) as stream:
            self._layout: Layout = find_layout(stream, path=path, options=options)
        self.columns = self._layout.columns

    def chunks(self, *, on_progress: Callable[[int], None] | None = None) -> Iterator[pl.DataFrame]:
        """Yield blocks of at most some 4 MiB; the caller may empty ``malformed`` between them."""
        self.malformed.clear()
        numbers = _RecordNumbers(first=self._layout.header_records + 1)
        with (
            refusals_explained(self.path),
            closing(_Body(self.path, encoding=self._encoding, layout=self._layout)) as body,
        ):
            yield from self._frames(body, numbers, on_progress=on_progress)

    def _frames(
        self, body: "_Body", numbers: "_RecordNumbers", *, on_progress: Callable[[int], None] | None
    ) -> Iterator[pl.DataFrame]:
        ended = False
        reader = self._open(body, numbers)
        while (batch := self._next(reader, numbers)) is not None:
            if batch.num_rows and all(column[-1].as_py() == _END for column in batch.columns):
                ended = True
                batch = batch.slice(0, batch.num_rows - 1)
            frame = without_blank_rows(_frame(batch, numbers.take(batch.num_rows)), columns=self.columns)
            if on_progress is not None:
                on_progress(body.bytes_read)
            if frame.height:
                yield frame
        if not ended:
            raise QuoteNotClosed(path=self.path, row=numbers.last_seen)

    def _open(self, body: "_Body", numbers: "_RecordNumbers") -> pa.csv.CSVStreamingReader:
        def on_invalid(row: pa.csv.InvalidRow) -> str:
            number = numbers.leave_out(row.number)
            if row.text.strip() and _END not in row.text:
                self.malformed.append(
                    MalformedRow(
                        row=number,
                        reason="column_count",
                        text=row.text[:TEXT_LIMIT],
                        expected=row.expected_columns,
                        actual=row.actual_columns,
                    )
                )
            return "skip"

        try:
            return pa.csv.open_csv(
                pa.PythonFile(body, mode="r"),
                # records are numbered only without threads, which costs nothing measurable (read_sources.py)
                read_options=pa.csv.ReadOptions(
                    column_names=self.columns, block_size=RECORD_LIMIT_BYTES, use_threads=False
                ),
                parse_options=pa.csv.ParseOptions(
                    delimiter=self._layout.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=on_invalid,
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(self.columns, pa.string()),
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            raise self._explained(error, numbers) from error

    def _next(self, reader: pa.csv.CSVStreamingReader, numbers: "_RecordNumbers") -> pa.RecordBatch | None:
        try:
            return reader.read_next_batch()
        except StopIteration:
            return None
        except pa.ArrowInvalid as error:
            raise self._explained(error, numbers) from error

    def _explained(self, error: pa.ArrowInvalid, numbers: "_RecordNumbers") -> RecordTooLong | SourceDamaged:
        if "straddl" in str(error):
            return RecordTooLong(path=self.path, row=numbers.next, limit_mib=RECORD_LIMIT_BYTES >> 20)
        return SourceDamaged(path=self.path, format="CSV", detail=str(error)[:TEXT_LIMIT])


class _Body:
    """The text below the header for Arrow to read, closed by the end record."""

    closed = False

    def __init__(self, path: Path, *, encoding: str, layout: Layout) -> None:
        self._stream = Utf8Stream(path, encoding=encoding)
        self._pending = b""
        self._last_byte = b"\n"
        self._at_end = False
        self._end = (layout.delimiter.join([_END] * len(layout.columns)) + "\n").encode()
        to_skip = layout.header_bytes
        while to_skip > len(self._pending):
            to_skip -= len(self._pending)
            self._pending = self._stream.read(1 << 20)
        self._pending = self._pending[to_skip:]

    @property
    def bytes_read(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.bytes_read

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes, empty at the end only."""
        if not self._pending:
            self._pending = self._stream.read(size)
        if not self._pending and not self._at_end:
            self._at_end = True
            self._pending = (b"" if self._last_byte in b"\r\n" else b"\n") + self._end
        piece, self._pending = self._pending[:size], self._pending[size:]
        self._last_byte = piece[-1:] or self._last_byte
        return piece

    def close(self) -> None:
        """Close the file."""
        self.closed = True
        self._stream.close()


class _RecordNumbers:
    """Numbers of the records that are kept, given those that were left out between them."""

    def __init__(self, *, first: int) -> None:
        self.next = first
        self.last_seen = first
        self._first = first
        self._left_out: deque[int] = deque()

    def leave_out(self, position: int) -> int:
        """Note that the record at ``position`` (from 1 below the header) is left out; return its number."""
        number = self._first + position - 1
        self._left_out.append(number)
        self.last_seen = max(self.last_seen, number)
        return number

    def take(self, count: int) -> npt.NDArray[np.uint64]:
        """Return the numbers of the next ``count`` records that are kept."""
        start, end = self.next, self.next + count
        between: list[int] = []
        while self._left_out and self._left_out[0] < end:
            between.append(self._left_out.popleft())
            end += 1
        self.next = end
        self.last_seen = max(self.last_seen, end - 1)
        numbers = np.arange(start, end, dtype=np.uint64)
        return np.delete(numbers, np.array(between, dtype=np.int64) - start) if between else numbers


def _frame(batch: pa.RecordBatch, numbers: npt.NDArray[np.uint64]) -> pl.DataFrame:
    frame = pl.DataFrame({ROW: numbers}).hstack(pl.DataFrame(pl.from_arrow(batch)))
    spaced = [
        name
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
        if pc.any(pc.utf8_is_space(column)).as_py()
    ]
    return frame.with_columns(pl.when(pl.col(spaced).str.strip_chars() != "").then(pl.col(spaced)))
