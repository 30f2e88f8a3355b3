"""The parts of an .xlsx workbook that say how to read its sheets, taken from the archive with care.

Sheets are parsed here rather than by a library, since cells must come out losslessly: fastexcel rounds numbers in
mixed columns to nine decimals, turns errors such as #N/A into empty cells, and holds the whole rectangle from A1 to
the farthest cell in memory, so that one stray cell in the last corner ends the process.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
    XMLParser,
)
from xml.parsers.expat import ExpatError

from lianxin.foundation.language import Text
from lianxin.lake.source import TEXT_LIMIT
from lianxin.lake.source_errors import ArchiveBomb, OldWorkbook, SourceDamaged, XmlEntitiesRefused

_UNPACKED_LIMIT = 2 << 30
_RATIO_LIMIT = 200
_RATIO_MATTERS_ABOVE = 50 << 20
_TABLES_LIMIT = 512 << 20  # parts that are held in memory: shared texts, formats, the list of sheets
_PIECE_BYTES = 1 << 18
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,  # an offset outside the file
    NotImplementedError,  # a compression that zipfile does not know
    ExpatError,
    ParseError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a workbook after a look at the archive's directory. Raises ArchiveBomb, OldWorkbook or SourceDamaged."""
    with damage_explained(path):
        archive = zipfile.ZipFile(path)
        try:
            _check_directory(archive, path=path)
        except BaseException:
            archive.close()
            raise
        return archive


def _check_directory(archive: zipfile.ZipFile, *, path: Path) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked // max(1, path.stat().st_size)
    in_memory = sum(member.file_size for member in members if "/worksheets/" not in member.filename)
    texts = [member.file_size for member in members if member.filename.endswith((".xml", ".rels"))]
    if (
        unpacked > _UNPACKED_LIMIT
        or (unpacked > _RATIO_MATTERS_ABOVE and ratio > _RATIO_LIMIT)
        or (in_memory > _TABLES_LIMIT and max(texts, default=0) > _TABLES_LIMIT)
    ):
        raise ArchiveBomb(path=path, unpacked_mib=unpacked >> 20, ratio=ratio)
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        raise OldWorkbook(path=path, kind=".xlsb")
    if "content.xml" in names:
        raise OldWorkbook(path=path, kind="OpenDocument")
    if "xl/workbook.xml" not in names:
        raise SourceDamaged(path=path, format=".xlsx", detail="xl/workbook.xml")


@contextmanager
def damage_explained(path: Path) -> Iterator[None]:
    """Turn what the archive and XML libraries say about damage into our word for it."""
    try:
        yield
    except RuntimeError as error:  # zipfile's word for a member with a password
        detail = Text("压缩包内有加密内容", "a part of the archive is encrypted")
        raise SourceDamaged(path=path, format=".xlsx", detail=detail) from error
    except (PermissionError, FileNotFoundError):
        raise
    except _DAMAGES as error:
        said = " ".join(str(error).split())[:TEXT_LIMIT]
        raise SourceDamaged(path=path, format=".xlsx", detail=said) from error


def read_tree(archive: zipfile.ZipFile, name: str, *, path: Path) -> Element | None:
    """Parse a small part as a tree; None where the workbook has no such part."""
    if name not in archive.namelist():
        return None
    parser = XMLParser(target=_GuardedTree(path))  # noqa: S314  a document type is refused
    with archive.open(name) as file:
        while piece := file.read(_PIECE_BYTES):
            parser.feed(piece)
    tree: Element = parser.close()
    return tree


def refuse_document_type(parser: Any, *, path: Path) -> None:
    """Let an expat parser stop at the first document type declaration."""

    def refuse(*_: object) -> None:
        raise XmlEntitiesRefused(path=path)

    parser.StartDoctypeDeclHandler = refuse


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content piece by piece."""
    while piece := file.read(_PIECE_BYTES):
        yield piece


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def sheet_parts(archive: zipfile.ZipFile, *, path: Path) -> tuple[list[tuple[str, str]], bool]:
    """Return (name, part) of each visible worksheet in order, and whether days are counted from 1904."""
    workbook = read_tree(archive, "xl/workbook.xml", path=path)
    relations = read_tree(archive, "xl/_rels/workbook.xml.rels", path=path)
    targets = {item.get("Id"): item.get("Target", "") for item in (relations if relations is not None else ())}
    sheets: list[tuple[str, str]] = []
    from_1904 = False
    for item in workbook.iter() if workbook is not None else ():
        if local(item.tag) == "workbookPr":
            from_1904 = item.get("date1904") in {"1", "true"}
        if local(item.tag) == "sheet" and item.get("state", "visible") == "visible":
            key = next((value for name, value in item.attrib.items() if local(name) == "id" and "}" in name), None)
            part = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
            if part in archive.namelist() and "worksheets" in part:
                sheets.append((item.get("name", ""), part))
    return sheets, from_1904


def shared_texts(archive: zipfile.ZipFile, *, path: Path) -> list[str]:
    """Return the texts that cells name by number; phonetic readings are left out."""
    texts: list[str] = []
    parser = XMLParser(target=_SharedTexts(texts, path=path))  # noqa: S314  a document type is refused
    if "xl/sharedStrings.xml" in archive.namelist():
        with archive.open("xl/sharedStrings.xml") as file:
            for piece in pieces(file):
                parser.feed(piece)
    return texts


class _GuardedTree(TreeBuilder):
    """A tree that refuses a document type declaration, the door of entity attacks."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def doctype(self, *_: object) -> None:
        """Refuse."""
        raise XmlEntitiesRefused(path=self._path)


class _SharedTexts:
    """Collects the text of each <si>, without building a tree."""

    def __init__(self, texts: list[str], *, path: Path) -> None:
        self._texts = texts
        self._path = path
        self._parts: list[str] = []
        self._in_text = False
        self._phonetic = 0

    def doctype(self, *_: object) -> None:
        """Refuse a document type declaration."""
        raise XmlEntitiesRefused(path=self._path)

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = local(tag)
        if name == "si":
            self._parts = []
        self._phonetic += name == "rPh"
        self._in_text = name == "t" and not self._phonetic

    def data(self, text: str) -> None:
        """Take text."""
        if self._in_text:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        """End an element."""
        name = local(tag)
        self._in_text = False
        self._phonetic -= name == "rPh"
        if name == "si":
            self._texts.append(unescaped("".join(self._parts)))

    def close(self) -> None:
        """End the part."""


def unescaped(text: str) -> str:
    """Return ``text`` with the characters that Excel writes as _x000D_ (ECMA-376, ST_Xstring)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
