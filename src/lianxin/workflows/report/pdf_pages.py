"""A report as PDF pages, set by Typst; its one font, Noto Sans SC, comes from a package and is embedded."""

import json
import re
import tempfile
from collections.abc import Sequence
from functools import singledispatchmethod
from importlib.resources import files
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.canvas import standalone
from lianxin.workflows.report.document import Card, Cards, Chart, Document, Fact, Facts, Grid, Notice, Points, Words
from lianxin.workflows.report.figures import cell, fact, is_number

FONT = "Noto Sans SC"
PAGE_LETTERS = 104
"""Letters of a table that fit side by side on a page."""
_PIECES = re.compile(r"[!-~]+")
_NARROWEST, _WIDEST, _HEAD_WIDEST, _GAP = 4, 44, 10, 2
"""Widths of columns in letters: a longer cell is broken into lines, a longer head earlier still."""


def pdf_pages(document: Document, language: Language) -> bytes:
    """The whole report in one language. Fonts of the machine are not used, so that every machine gives the same."""
    with tempfile.TemporaryDirectory(prefix="lianxin-report-") as name:
        folder = Path(name)
        content = _Content(folder, language).document(document)
        (folder / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        source = files("lianxin.workflows.report").joinpath("report.typ").read_text(encoding="utf-8")
        (folder / "report.typ").write_text(source, encoding="utf-8")
        pages: bytes = typst.compile(
            folder / "report.typ",
            root=folder,
            font_paths=[pylopdf_fonts_zh_cn.sans_path().parent],
            ignore_system_fonts=True,
        )
        return pages


class _Content:
    """What the template reads: words in one language, charts as files."""

    def __init__(self, folder: Path, language: Language) -> None:
        self._folder = folder
        self._language = language
        self._charts = 0

    def document(self, document: Document) -> dict[str, Any]:
        return {
            "title": self._said(document.title),
            "supplier": document.supplier,
            "font": FONT,
            "lang": self._language,
            "region": "cn" if self._language == "zh" else "gb",
            "foot": " · ".join(fact(item, self._language) for item in document.header.items[:2]),
            "about": self._facts_of(document.header.items),
            "sections": [
                {"title": self._said(section.title), "blocks": [self.block(item) for item in section.blocks]}
                for section in document.sections
            ],
        }

    def _said(self, text: Text) -> str:
        return text.in_language(self._language)

    def _facts_of(self, items: Sequence[Fact]) -> list[dict[str, str]]:
        return [{"label": self._said(item.label), "value": fact(item, self._language)} for item in items]

    @singledispatchmethod
    def block(self, block: object) -> dict[str, Any]:
        message = f"no way to show a {type(block).__name__}"
        raise TypeError(message)

    @block.register
    def _facts(self, block: Facts) -> dict[str, Any]:
        return {"kind": "facts", "items": self._facts_of(block.items)}

    @block.register
    def _words(self, block: Words) -> dict[str, Any]:
        return {"kind": "words", "text": self._said(block.text)}

    @block.register
    def _points(self, block: Points) -> dict[str, Any]:
        return {"kind": "points", "items": [self._said(item) for item in block.items]}

    @block.register
    def _notice(self, block: Notice) -> dict[str, Any]:
        return {"kind": "notice", "text": self._said(block.text)}

    @block.register
    def _grid(self, block: Grid) -> dict[str, Any]:
        return {"kind": "grid", "title": self._said(block.title), **self._table(block)}

    @block.register
    def _chart(self, block: Chart) -> dict[str, Any]:
        self._charts += 1
        file = f"chart-{self._charts}.svg"
        (self._folder / file).write_text(standalone(block.draw(self._language), font=FONT), encoding="utf-8")
        return {
            "kind": "chart",
            "title": self._said(block.title),
            "file": file,
            "note": "" if block.note is None else self._said(block.note),
            "twin": self._table(block.twin) if block.twin.in_print else None,
        }

    @block.register
    def _cards(self, block: Cards) -> dict[str, Any]:
        return {"kind": "cards", "name": self._said(block.name), "items": [self._card(item) for item in block.items]}

    def _card(self, card: Card) -> dict[str, Any]:
        return {
            "kind": self._said(card.kind),
            "title": self._said(card.title),
            "facts": self._facts_of(card.facts),
            "reasons": [self._said(item) for item in card.reasons],
            "worth": card.worth,
        }

    def _table(self, grid: Grid) -> dict[str, Any]:
        rows = [
            [cell(value, column.digits, self._language) for value, column in zip(row, grid.columns, strict=True)]
            for row in grid.rows
        ]
        head = [column.head(self._language) for column in grid.columns]
        places = range(len(head))
        return {
            "head": head,
            "rows": rows,
            "right": [any(is_number(row[place]) for row in grid.rows) for place in places],
            "widths": column_widths(head, rows),
            "total": grid.total,
        }


def column_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Widths in letters (a Chinese character takes two) that fit a page: the widest columns give way first.

    No column becomes narrower than its longest piece without a place to break.
    """
    columns = [[row[place] for row in rows] for place in range(len(head))]
    wanted = [
        max([_NARROWEST, min(_HEAD_WIDEST, _letters(word)), *map(_letters, cells)])
        for word, cells in zip(head, columns, strict=True)
    ]
    least = [
        max([_NARROWEST, *(_letters(piece) for word in cells for piece in _PIECES.findall(word))]) for cells in columns
    ]
    limit = _WIDEST

    def fitted() -> list[int]:
        return [max(floor, min(width, limit)) + _GAP for width, floor in zip(wanted, least, strict=True)]

    while limit > _NARROWEST and sum(fitted()) > PAGE_LETTERS:
        limit -= 1
    return fitted()


def _letters(word: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in word)
