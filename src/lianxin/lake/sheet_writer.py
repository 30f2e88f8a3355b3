"""A table as sheets of an .xlsx workbook, row by row in little memory."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, BinaryIO

import polars as pl
import xlsxwriter
from polars import selectors
from xlsxwriter.worksheet import Worksheet

from lianxin.lake.export_cells import as_text

ROWS_A_SHEET = 1_048_575  # beside the header
_TEXT_LIMIT = 32_767
_NAME_LIMIT = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_EXACT_INTEGERS = 2**53
_FIRST_DAY = date(1900, 3, 1)  # before, Excel counts a day that did not exist
_WIDTHS = (10, 40)


class _ExactSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter ships no types
    """A sheet that stores numbers with all their digits; the library would write 16."""

    def _xml_number_element(self, number: float | Decimal, attributes: Any = ()) -> None:
        written = "".join(f' {name}="{value}"' for name, value in attributes)
        digits = format(number, "f") if isinstance(number, Decimal) else repr(number)
        self.fh.write(f"<c{written}><v>{digits}</v></c>")


class SheetWriter:
    """Writes frames below each other; a full sheet is followed by another."""

    def __init__(self, file: BinaryIO, *, sheet: str, headers: Mapping[str, str], time_zone: str) -> None:
        options = {
            "constant_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(file, options)
        self._header_look = self._book.add_format({"bold": True})
        self._date_look = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._name = _NOT_IN_NAMES.sub(" ", sheet).strip("' ") or "Sheet"
        self._headers = headers
        self._time_zone = time_zone
        self._decimal_looks: dict[int, Any] = {}
        self._sheets = 0
        self._sheet: Any = None
        self._row = 0

    def write(self, frame: pl.DataFrame) -> int:
        """Append the rows of ``frame``; return how many."""
        if self._sheet is None:
            self._begin(frame.columns)
        text = as_text(frame, time_zone=self._time_zone)
        for row in text.with_columns(frame.select(selectors.decimal())).iter_rows():
            if self._row > ROWS_A_SHEET:
                self._begin(frame.columns)
            for at, value in enumerate(row):
                if value is not None:
                    self._cell(at, value)
            self._row += 1
        return frame.height

    def close(self) -> None:
        """Finish the workbook."""
        if self._sheet is None:
            self._begin([])
        self._book.close()

    def abandon(self) -> None:
        """Give up without writing, after an error."""
        self._book.fileclosed = True

    def _begin(self, columns: list[str]) -> None:
        self._sheets += 1
        ending = f" ({self._sheets})" if self._sheets > 1 else ""
        self._sheet = self._book.add_worksheet(self._name[: _NAME_LIMIT - len(ending)] + ending, _ExactSheet)
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            header = self._headers.get(column, column)
            self._sheet.write_string(0, at, header, self._header_look)
            self._sheet.set_column(at, at, min(max(_WIDTHS[0], 2 + _width(header)), _WIDTHS[1]))
        self._row = 1

    def _cell(self, at: int, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, at, value)
        elif isinstance(value, Decimal):
            self._sheet.write_number(self._row, at, value, self._decimals(value))
        elif isinstance(value, int | float) and _fits(value):
            self._sheet.write_number(self._row, at, value)
        elif isinstance(value, date) and value >= _FIRST_DAY:
            self._sheet.write_datetime(self._row, at, value, self._date_look)
        else:
            text = str(value)
            shown = text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"
            self._sheet.write_string(self._row, at, shown)

    def _decimals(self, value: Decimal) -> Any:
        places = max(0, -int(value.as_tuple().exponent))
        if places not in self._decimal_looks:
            self._decimal_looks[places] = self._book.add_format({"num_format": "0." + "0" * places if places else "0"})
        return self._decimal_looks[places]


def _fits(value: float) -> bool:
    """Whether a cell, which is a binary floating-point number, holds ``value`` exactly."""
    return isfinite(value) if isinstance(value, float) else abs(value) <= _EXACT_INTEGERS


def _width(header: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in header)
