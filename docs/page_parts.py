"""What the generated pages share: their head, Markdown tables, escaping."""

from collections.abc import Iterable, Sequence

from lianxin.foundation.language import Language, Text

GENERATED = Text(
    "<!-- 由 docs/generate.py 生成（make docs），请勿手工修改。 -->",
    "<!-- Written by docs/generate.py (make docs); do not edit by hand. -->",
)


def head(page: str, title: Text, about: Text, language: Language) -> list[str]:
    """Mark, title, link to the other language, what the page holds."""
    other = f"[中文]({page}.zh-CN.md)" if language == "en" else f"[English]({page}.md)"
    mark, name, words = (text.in_language(language) for text in (GENERATED, title, about))
    return [mark, "", f"# {name}", "", other, "", words, ""]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table and a blank line behind it."""
    lines = [_row(headings), _row(["---"] * len(headings))]
    return [*lines, *(_row([escaped(cell) for cell in row]) for row in rows), ""]


def escaped(cell: str) -> str:
    """Text of a cell: no line ends, no bare bars."""
    return " ".join(cell.split()).replace("|", "\\|")


def page_of(lines: Iterable[str]) -> str:
    """The page's text, with one line end behind it."""
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
