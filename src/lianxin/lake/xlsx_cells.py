"""Rows of a sheet, streamed: nothing of the sheet is held but the row at hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

from lianxin.lake.source import COLUMN_LIMIT
from lianxin.lake.source_errors import RecordTooLong
from lianxin.lake.xlsx_archive import pieces, refuse_document_type, unescaped
from lianxin.lake.xlsx_formats import Look, number_text

_ROW_LIMIT = 1_048_576
_TEXT_LIMIT_BYTES = 4 << 20
_COLUMN = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """What the cells of every sheet refer to."""

    path: Path
    texts: list[str]
    looks: list[Look]
    from_1904: bool


def rows_of_sheet(
    file: IO[bytes], workbook: Workbook, *, on_bytes: Callable[[int], None] | None = None
) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield (row number, {column from 1: text}) of each row with content.

    Raises ExpatError or ValueError where the sheet is damaged, XmlEntitiesRefused or RecordTooLong.
    """
    parser = _SheetParser(workbook)
    for piece in pieces(file):
        yield from parser.feed(piece)
        if on_bytes is not None:
            on_bytes(len(piece))
    yield from parser.feed(b"", final=True)


class _SheetParser:
    """An expat parser that gathers the cells of one row after the other."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        refuse_document_type(self._parser, path=workbook.path)
        self._rows: list[tuple[int, dict[int, str]]] = []
        self._row: dict[int, str] = {}
        self._row_number = 0
        self._column = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._text_length = 0
        self._in_phonetic = False
        self._columns: dict[str, int] = {}

    def feed(self, piece: bytes, *, final: bool = False) -> list[tuple[int, dict[int, str]]]:
        """Parse on; return the rows that were completed."""
        self._parser.Parse(piece, final)
        rows, self._rows = self._rows, []
        return rows

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self._cell = attributes
            self._column = self._column_of(attributes.get("r"))
            self._text.clear()
        elif name in {"v", "t"}:
            if not self._in_phonetic:
                self._parser.CharacterDataHandler = self._take
        elif name == "row":
            self._row_number = int(attributes.get("r", self._row_number + 1))
            if not 0 < self._row_number <= _ROW_LIMIT:
                raise ValueError(f"row {self._row_number}")
            self._row, self._column = {}, 0
        elif name == "rPh":
            self._in_phonetic = True

    def _take(self, text: str) -> None:
        self._text.append(text)
        self._text_length += len(text)
        if self._text_length > _TEXT_LIMIT_BYTES:
            raise RecordTooLong(path=self._workbook.path, row=self._row_number, limit_mib=_TEXT_LIMIT_BYTES >> 20)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name in {"v", "t"}:
            self._parser.CharacterDataHandler = None
        elif name == "c":
            if self._text:
                text = self._rendered("".join(self._text))
                if text.strip():
                    self._row[self._column] = text
                self._text.clear()
        elif name == "row":
            self._text_length = 0
            if self._row:
                self._rows.append((self._row_number, self._row))
        elif name == "rPh":
            self._in_phonetic = False

    def _rendered(self, text: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._workbook.texts[int(text)]
        if kind == "n":
            style = int(self._cell.get("s", 0))
            look = self._workbook.looks[style] if style < len(self._workbook.looks) else Look.NUMBER
            return number_text(text, look=look, from_1904=self._workbook.from_1904)
        if kind == "b":
            return "true" if text.strip() in {"1", "true"} else "false"
        return unescaped(text)  # str, inlineStr, d (an ISO date), e (an error such as #N/A, for the rules to refuse)

    def _column_of(self, reference: str | None) -> int:
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip("0123456789")
            known = self._columns.get(letters)
            column = known if known is not None else self._learn(letters)
        if column > COLUMN_LIMIT:
            raise ValueError(f"column {column}")
        return column

    def _learn(self, letters: str) -> int:
        if _COLUMN.fullmatch(letters) is None:
            raise ValueError(letters)
        self._columns[letters] = _column_number(letters)
        return self._columns[letters]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
