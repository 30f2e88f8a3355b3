"""Entries and readings of a Green Button feed, streamed with entities and network off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from lianxin.lake.source import TEXT_LIMIT
from lianxin.lake.source_errors import SourceDamaged, XmlEntitiesRefused

READING, BLOCK, ENTRY = "IntervalReading", "IntervalBlock", "entry"


@dataclass(slots=True)
class Entry:
    """Links and the few contents of an entry that matter."""

    kind: str = ""
    identifier: str = ""
    own: str = ""
    up: str = ""
    related: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    readings: int = 0


def elements(path: Path, *, on_bytes: Callable[[int], None] | None = None) -> Iterator[tuple[str, str, Any]]:
    """Yield (event, name, element) of entries, blocks and readings; readings and entries are emptied after use.

    Entities, network and huge trees are off. Raises XmlEntitiesRefused or SourceDamaged.
    """
    try:
        with path.open("rb") as file:
            parser = etree.iterparse(
                _Counted(file, on_bytes),
                events=("start", "end"),
                tag=("{*}" + READING, "{*}" + BLOCK, "{*}" + ENTRY),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            first = True
            for event, element in parser:
                if first:
                    _refuse_document_type(element, path=path)
                first = False
                name = local(element)
                yield event, name, element
                if event == "end" and name != BLOCK:
                    _empty(element)
            if parser.root is not None:
                _refuse_document_type(parser.root, path=path)
    except etree.XMLSyntaxError as error:
        if "amplification" in error.msg or "reference loop" in error.msg:
            raise XmlEntitiesRefused(path=path) from error
        raise SourceDamaged(path=path, format="XML", detail=error.msg[:TEXT_LIMIT]) from error


def _refuse_document_type(element: Any, *, path: Path) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlEntitiesRefused(path=path)


class _Counted:
    def __init__(self, file: Any, on_bytes: Callable[[int], None] | None) -> None:
        self._file = file
        self._on_bytes = on_bytes

    def read(self, size: int) -> bytes:
        piece: bytes = self._file.read(size)
        if self._on_bytes is not None:
            self._on_bytes(len(piece))
        return piece


def _empty(element: Any) -> None:
    element.clear()
    before = element.getprevious()
    while before is not None and local(before) in {READING, ENTRY, ""}:
        element.getparent().remove(before)
        before = element.getprevious()


def local(element: Any) -> str:
    """Return an element's name without namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def entry_of(element: Any) -> Entry:
    """Take from an entry what matters of it."""
    entry = Entry()
    for child in element:
        name = local(child)
        if name == "id":
            entry.identifier = (child.text or "").strip()
        elif name == "link":
            href = _path(child.get("href", ""))
            relation = child.get("rel")
            if relation == "self":
                entry.own = href
            elif relation == "up":
                entry.up = href
            elif href:
                entry.related.append(href)
        elif name == "content":
            content = next((item for item in child if local(item)), None)
            entry.kind = local(content) if content is not None else ""
            entry.numbers = _numbers(content) if entry.kind in {"ReadingType", "UsagePoint"} else {}
    return entry


def _path(href: str) -> str:
    try:
        return urlsplit(href.strip()).path.strip("/")
    except ValueError:
        return href.strip().strip("/")


def _numbers(content: Any) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for item in content.iter():
        text = (item.text or "").strip()
        if local(item) and text.lstrip("-").isdecimal() and len(text) < 10:
            numbers.setdefault(local(item), int(text))
    return numbers
