"""A report as a workbook: one sheet a table, numbers as numbers, headers in one language."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import xlsxwriter

from lianxin.foundation.language import Language, Text
from lianxin.lake.export_cells import FORMULA_STARTS
from lianxin.workflows.report.document import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Figure,
    Grid,
    Notice,
    Points,
    Words,
)
from lianxin.workflows.report.figures import cell, fact

_ABOUT = Text("报告", "Report")
_REASONS = Text("理由", "Reasons")
_KIND = Text("类别", "Kind")
_WHAT = Text("建议或发现", "Advice or finding")
_NAME_LIMIT = 31
_WIDTHS = (9, 60)


def workbook(document: Document, language: Language) -> bytes:
    """The first sheet says what the report is and all that is no table; then one sheet a table or group of cards."""
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(memory, options)
    writer = _Book(book, language)
    writer.about(document)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Cards):
                writer.grid(cards_grid(block))
    for grid in document.grids():
        writer.grid(grid)
    book.close()
    return memory.getvalue()


def cards_grid(cards: Cards) -> Grid:
    """Cards as a table: a column for every label that one of them has."""
    labels = list(dict.fromkeys(item.label for card in cards.items for item in card.facts))
    heads = {item.label: item for card in cards.items for item in card.facts}
    columns = [Column(title=label, unit=heads[label].unit, digits=heads[label].digits) for label in labels]
    return Grid(
        name=cards.name,
        title=cards.name,
        columns=(Column(title=_KIND), Column(title=_WHAT), *columns, Column(title=_REASONS)),
        rows=tuple(_card_row(card, labels) for card in cards.items),
    )


def _card_row(card: Card, labels: Sequence[Text]) -> tuple[Cell, ...]:
    values: dict[Text, Cell] = {item.label: item.value for item in card.facts}
    reasons = Text("\n".join(item.zh for item in card.reasons), "\n".join(item.en for item in card.reasons))
    return (card.kind, card.title, *(values.get(label) for label in labels), reasons)


class _Book:
    """Writes sheets in one language."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book = book
        self._language = language
        self._bold = book.add_format({"bold": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._numbers: dict[int, Any] = {}
        self._names: set[str] = set()

    def about(self, document: Document) -> None:
        """Title, as-of, run, facts and every sentence that is no table."""
        sheet = self._sheet(_ABOUT)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100, self._wrap)
        sheet.write_string(0, 0, _safe(self._said(document.title)), self._title)
        row = 2
        for item in document.header.items:
            row = self._labelled(sheet, row, item)
        for section in document.sections:
            sheet.write_string(row + 1, 0, self._said(section.title), self._bold)
            row += 2
            for block in section.blocks:
                if isinstance(block, Facts):
                    for item in block.items:
                        row = self._labelled(sheet, row, item)
                for text in _sentences(block):
                    sheet.write_string(row, 1, _safe(self._said(text)), self._wrap)
                    row += 1

    def _labelled(self, sheet: Any, row: int, item: Fact) -> int:
        sheet.write_string(row, 0, self._said(item.label))
        sheet.write_string(row, 1, _safe(fact(item, self._language)), self._wrap)
        return row + 1

    def grid(self, grid: Grid) -> None:
        """One table below its title."""
        sheet = self._sheet(grid.name)
        sheet.write_string(0, 0, _safe(self._said(grid.title)), self._bold)
        sheet.freeze_panes(3, 0)
        for at, column in enumerate(grid.columns):
            head = column.head(self._language)
            longest = max((_width(cell(row[at], column.digits, self._language)) for row in grid.rows), default=0)
            sheet.set_column(at, at, min(max(_WIDTHS[0], 2 + _width(head), 1 + longest), _WIDTHS[1]))
            sheet.write_string(2, at, head, self._bold)
        for place, row in enumerate(grid.rows, start=3):
            for at, (value, column) in enumerate(zip(row, grid.columns, strict=True)):
                self._cell(sheet, place, at, value, column)

    def _cell(self, sheet: Any, row: int, at: int, value: Cell, column: Column) -> None:
        if isinstance(value, Figure):
            sheet.write_number(row, at, value.value, self._number(value.digits))
            return
        if value is None or (isinstance(value, float) and not isfinite(value)):
            return
        if isinstance(value, int | float | Decimal):
            sheet.write_number(row, at, value, self._number(column.digits))
        elif isinstance(value, date) and not isinstance(value, datetime):
            sheet.write_datetime(row, at, value, self._day)
        else:
            text = cell(value, column.digits, self._language)
            sheet.write_string(row, at, _safe(text), self._wrap if "\n" in text else None)

    def _number(self, digits: int) -> Any:
        if digits not in self._numbers:
            places = f".{'0' * digits}" if digits else ""
            self._numbers[digits] = self._book.add_format({"num_format": f"#,##0{places}"})
        return self._numbers[digits]

    def _sheet(self, name: Text) -> Any:
        wanted = self._said(name)[:_NAME_LIMIT]
        chosen, number = wanted, 2
        while chosen.lower() in self._names:
            ending = f" ({number})"
            chosen, number = wanted[: _NAME_LIMIT - len(ending)] + ending, number + 1
        self._names.add(chosen.lower())
        return self._book.add_worksheet(chosen)

    def _said(self, text: Text) -> str:
        return text.in_language(self._language)


def _sentences(block: Block) -> tuple[Text, ...]:
    if isinstance(block, Points):
        return block.items
    return (block.text,) if isinstance(block, Words | Notice) else ()


def _safe(text: str) -> str:
    """Text that a spreadsheet could take for a formula gets an apostrophe, as in every export (SPEC.md 1)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _width(text: str) -> int:
    lines = text.split("\n")
    return max(sum(1 if letter.isascii() else 2 for letter in line) for line in lines)
