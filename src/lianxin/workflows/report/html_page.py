"""A report as one HTML file: no script, no request to anywhere, light and dark, charts as SVG with their tables."""

from collections.abc import Sequence
from functools import singledispatchmethod
from html import escape
from importlib.resources import files
from string import Template

from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.document import (
    Card,
    Cards,
    Chart,
    Document,
    Fact,
    Facts,
    Grid,
    Notice,
    Points,
    Section,
    Words,
)
from lianxin.workflows.report.figures import cell, fact, is_number

_TABLE = Text("数据表", "Table")
_LANG: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def html_page(document: Document, language: Language) -> str:
    """The whole page in one language."""
    template = Template(files("lianxin.workflows.report").joinpath("page.html").read_text(encoding="utf-8"))
    page = _Page(language)
    return template.substitute(
        lang=_LANG[language],
        title=page.said(document.title),
        supplier=escape(document.supplier),
        about=page.facts(document.header.items),
        contents="".join(f'<a href="#{section.key}">{page.said(section.title)}</a>' for section in document.sections),
        sections="\n".join(page.section(section) for section in document.sections),
    )


class _Page:
    """Writes the parts of a page in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def said(self, text: Text) -> str:
        return escape(text.in_language(self._language))

    def section(self, section: Section) -> str:
        blocks = "\n".join(self.block(block) for block in section.blocks)
        return f'<section id="{section.key}"><h2>{self.said(section.title)}</h2>\n{blocks}</section>'

    def facts(self, items: Sequence[Fact]) -> str:
        shown = "".join(
            f"<div><dt>{self.said(item.label)}</dt><dd>{escape(fact(item, self._language))}</dd></div>"
            for item in items
        )
        return f"<dl>{shown}</dl>"

    @singledispatchmethod
    def block(self, block: object) -> str:
        message = f"no way to show a {type(block).__name__}"
        raise TypeError(message)

    @block.register
    def _facts(self, block: Facts) -> str:
        return self.facts(block.items)

    @block.register
    def _words(self, block: Words) -> str:
        return f'<p class="soft">{self.said(block.text)}</p>'

    @block.register
    def _points(self, block: Points) -> str:
        return f"<ul>{''.join(f'<li>{self.said(item)}</li>' for item in block.items)}</ul>"

    @block.register
    def _notice(self, block: Notice) -> str:
        return f'<p class="notice">{self.said(block.text)}</p>'

    @block.register
    def _grid(self, block: Grid) -> str:
        return f"<h3>{self.said(block.title)}</h3>{self._table(block)}"

    @block.register
    def _chart(self, block: Chart) -> str:
        note = f'<p class="soft">{self.said(block.note)}</p>' if block.note is not None else ""
        twin = f"<details><summary>{self.said(_TABLE)}</summary>{self._table(block.twin)}</details>"
        return (
            f"<figure><figcaption>{self.said(block.title)}</figcaption>"
            f"{block.draw(self._language)}{note}{twin}</figure>"
        )

    @block.register
    def _cards(self, block: Cards) -> str:
        cards = "".join(self._card(card) for card in block.items)
        return f'<h3>{self.said(block.name)}</h3><div class="cards">{cards}</div>'

    def _card(self, card: Card) -> str:
        reasons = "".join(f"<li>{self.said(item)}</li>" for item in card.reasons)
        look = "card" if card.worth else "card stay"
        head = f'<p class="kind">{self.said(card.kind)}</p><h4>{self.said(card.title)}</h4>'
        why = f"<ul>{reasons}</ul>" if reasons else ""
        return f'<article class="{look}">{head}{self.facts(card.facts)}{why}</article>'

    def _table(self, grid: Grid) -> str:
        right = [any(is_number(row[place]) for row in grid.rows) for place in range(len(grid.columns))]
        looks = [' class="n"' if number else "" for number in right]
        head = "".join(
            f'<th scope="col"{look}>{escape(column.head(self._language))}</th>'
            for column, look in zip(grid.columns, looks, strict=True)
        )
        rows = []
        for place, row in enumerate(grid.rows):
            cells = "".join(
                f"<td{look}>{escape(cell(value, column.digits, self._language))}</td>"
                for value, column, look in zip(row, grid.columns, looks, strict=True)
            )
            opened = '<tr class="total">' if grid.total and place == len(grid.rows) - 1 else "<tr>"
            rows.append(f"{opened}{cells}</tr>")
        note = f'<p class="soft">{self.said(grid.note)}</p>' if grid.note is not None else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return f'<div class="scroll">{table}</div>{note}'
