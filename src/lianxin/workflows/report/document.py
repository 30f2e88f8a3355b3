"""What a report says, before any language or file format: sections of facts, tables, charts and cards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from lianxin.foundation.language import Language, Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with decimals of its own, where a column holds unlike measures."""

    value: float
    digits: int


Cell: TypeAlias = str | Text | int | float | Decimal | Figure | date | datetime | None
"""A value of a table; None is not known. Numbers stay numbers: a workbook stores them, a page formats them."""

Unit: TypeAlias = str | Text
"""kWh and the like are the same in both languages; money is not."""

Drawing: TypeAlias = Callable[[Language], str]
"""Draws a chart as SVG (see ``charts.canvas``) in a language."""


def unit_words(unit: Unit, language: Language) -> str:
    """The unit in a language."""
    return unit if isinstance(unit, str) else unit.in_language(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Head of a column; ``digits`` after the decimal point for numbers (none: as they are)."""

    title: Text
    unit: Unit = ""
    digits: int = 0

    def head(self, language: Language) -> str:
        """Title with its unit."""
        words, unit = self.title.in_language(language), unit_words(self.unit, language)
        return f"{words} ({unit})" if unit else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. ``name`` is unique in a report (it names the sheet); ``total``: the last row is a sum."""

    name: Text
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    note: Text | None = None
    in_print: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with a title that says what it shows, and the same values as a table."""

    title: Text
    draw: Drawing
    twin: Grid
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One labelled value."""

    label: Text
    value: Cell
    unit: Unit = ""
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labelled values side by side."""

    name: Text
    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An advice or finding of some ``kind``: what to do, before and after, the saving, and why.

    ``worth`` is False where the advice is to stay.
    """

    kind: Text
    title: Text
    facts: tuple[Fact, ...]
    reasons: tuple[Text, ...]
    worth: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Advice cards of one section, also written as one table."""

    name: Text
    items: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: Text


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences one below the other."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is not there, why, and which run or import would fill it."""

    text: Text


Block: TypeAlias = Grid | Chart | Facts | Cards | Words | Points | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report with its own heading; ``key`` names it in links."""

    key: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report. ``header`` holds as-of day, run and age of the data."""

    title: Text
    supplier: str
    header: Facts
    currency: str
    time_zone: str
    sections: tuple[Section, ...] = field(default=())

    def grids(self) -> list[Grid]:
        """Every table, twins of charts too, in order."""
        found = []
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Grid):
                    found.append(block)
                elif isinstance(block, Chart):
                    found.append(block.twin)
        return found
