"""How a text table is laid out: its delimiter, its header, and where its records begin."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianxin.lake.csv_encoding import Utf8Stream
from lianxin.lake.source import SourceOptions, column_names
from lianxin.lake.source_errors import (
    DelimiterNotKnown,
    QuoteNotClosed,
    RecordTooLong,
    SkippedWholeFile,
    SourceEmpty,
    WrongDelimiter,
)

RECORD_LIMIT_BYTES = 4 << 20
"""No record may be longer; also the size of the blocks that are read, of which Arrow reads up to 32 ahead."""

_SAMPLE_BYTES = 1 << 18
_SAMPLE_RECORDS = 200
_CANDIDATES = (",", "\t", ";", "|")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Delimiter and columns; the first ``header_bytes`` of the UTF-8 text hold ``header_records`` records."""

    delimiter: str
    columns: list[str]
    header_bytes: int
    header_records: int


def find_layout(stream: Utf8Stream, *, path: Path, options: SourceOptions) -> Layout:
    """Find the header, which is the first line with content below the lines to skip, and the delimiter.

    Raises SourceEmpty, SkippedWholeFile, RecordTooLong, WrongDelimiter, DuplicateHeaders or TooManyColumns.
    """
    head = _Head(stream, path=path)
    start, records = _skip_lines(head, path=path, count=options.skip_rows)
    delimiter = _delimiter(head.text[start:], path=path, options=options, ended=head.ended)
    while (record := _record(delimiter).match(head.text, start)) is None or (
        record.end() == len(head.text) and not head.ended
    ):
        head.grow()
    names = [_unquote(cell, path=path, row=records + 1) for cell in _cells(record.group(1), delimiter=delimiter)]
    return Layout(
        delimiter=delimiter,
        columns=column_names(names, path=path),
        header_bytes=record.end(),
        header_records=records + 1,
    )


class _Head:
    """The beginning of the text, read as far as needed."""

    def __init__(self, stream: Utf8Stream, *, path: Path) -> None:
        self._stream = stream
        self._path = path
        self.text = b""
        self.ended = False
        self.grow()

    def grow(self) -> None:
        """Read on; a header beyond the limit is refused."""
        if len(self.text) > RECORD_LIMIT_BYTES:
            raise RecordTooLong(path=self._path, row=1, limit_mib=RECORD_LIMIT_BYTES >> 20)
        wanted = max(_SAMPLE_BYTES, 2 * len(self.text))
        pieces = [self.text]
        while (missing := wanted - sum(map(len, pieces))) > 0 and not self.ended:
            pieces.append(self._stream.read(missing))
            self.ended = not pieces[-1]
        self.text = b"".join(pieces)


def _skip_lines(head: _Head, *, path: Path, count: int) -> tuple[int, int]:
    """Where the header begins, and how many records stand above: the lines to skip and blank lines."""
    start, records = 0, 0
    while True:
        end = _LINE_END.search(head.text, start)
        if end is None and not head.ended:
            head.grow()
            continue
        line = head.text[start : end.start() if end else None]
        if records >= count and line.strip():
            return start, records
        if end is None:
            if head.text.strip():
                raise SkippedWholeFile(path=path, skip_rows=count)
            raise SourceEmpty(path=path)
        start, records = end.end(), records + 1


def _delimiter(text: bytes, *, path: Path, options: SourceOptions, ended: bool) -> str:
    if options.delimiter is None:
        return _likely_delimiter(text, options=options, ended=ended) or ","
    named = options.delimiter
    if len(named) != 1 or not named.isascii() or named in '"\r\n\0':
        raise DelimiterNotKnown(delimiter=repr(named))
    if _widths(text, named, ended=ended)[:1] == [1]:
        likely = _likely_delimiter(text, options=options, ended=ended)
        if likely is not None and likely != named:
            raise WrongDelimiter(path=path, delimiter=repr(named), likely=repr(likely))
    return named


def _likely_delimiter(text: bytes, *, options: SourceOptions, ended: bool) -> str | None:
    """The candidate that gives most rows as many cells as the header; None where none splits the header."""
    best: tuple[float, int] | None = None
    likely = None
    for candidate in _CANDIDATES:
        widths = _widths(text, candidate, ended=ended)
        if not widths or widths[0] == 1 or candidate == options.decimal:
            continue
        score = (_share_of_equal(widths), widths[0])
        if best is None or score > best:
            best, likely = score, candidate
    return likely


def _share_of_equal(widths: list[int]) -> float:
    rows = Counter(widths[1:])
    return rows[widths[0]] / rows.total() if rows else 1.0


def _widths(text: bytes, delimiter: str, *, ended: bool) -> list[int]:
    """Cells of each record with content, of the header first; an incomplete last record is left out."""
    sample = text[:_SAMPLE_BYTES]
    widths: list[int] = []
    for record in _record(delimiter).finditer(sample):
        cut_off = record.end() == len(sample) and not (ended and len(sample) == len(text))
        if len(widths) == _SAMPLE_RECORDS or (cut_off and widths):
            break
        if record.group(1).strip():
            widths.append(sum(1 for _ in _cells(record.group(1), delimiter=delimiter)))
    return widths


def _cell_pattern(delimiter: str) -> bytes:
    """One cell; quotes count only where a cell begins with one, as the parser of the records has it."""
    mark = re.escape(delimiter.encode())
    return rb'(?:"(?:[^"]++|"")*+(?:"[^%b\r\n]*+|\Z)|[^%b\r\n]*+)' % (mark, mark)


def _record(delimiter: str) -> re.Pattern[bytes]:
    cell = _cell_pattern(delimiter)
    mark = re.escape(delimiter.encode())
    return re.compile(rb"(?!\Z)(%b(?:%b%b)*+)(?:\r\n|\n|\r|\Z)" % (cell, mark, cell))


def _cells(record: bytes, *, delimiter: str) -> Iterator[bytes]:
    mark = delimiter.encode()
    pattern = re.compile(_cell_pattern(delimiter))
    start = 0
    while (cell := pattern.match(record, start)) is not None:
        yield cell.group()
        if record[cell.end() : cell.end() + 1] != mark:
            return
        start = cell.end() + 1


def _unquote(cell: bytes, *, path: Path, row: int) -> str:
    text = cell.decode("utf-8", "replace")
    if not text.startswith('"'):
        return text
    inner, closing, rest = text[1:].replace('""', "\0").partition('"')
    if not closing:
        raise QuoteNotClosed(path=path, row=row)
    return (inner + rest).replace("\0", '"')
