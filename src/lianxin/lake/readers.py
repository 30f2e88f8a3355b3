"""Which reader a file needs: content decides first, the extension where content does not tell."""

import stat
from pathlib import Path

from lianxin.foundation.language import Text
from lianxin.lake.csv_source import CsvSource
from lianxin.lake.espi import EspiSource
from lianxin.lake.espi_codes import ESPI_LEFT_OUT
from lianxin.lake.parquet_source import ParquetSource
from lianxin.lake.source import Source, SourceOptions, refusals_explained
from lianxin.lake.source_errors import (
    EspiForReadingsOnly,
    OldWorkbook,
    SheetEncrypted,
    SourceDamaged,
    SourceEmpty,
    SourceIsDirectory,
    UnknownFormat,
)
from lianxin.lake.xlsx_source import BESIDE_HEADER, XlsxSource

TEXT_EXTENSIONS = (".csv", ".tsv", ".txt")
KNOWN_EXTENSIONS = (*TEXT_EXTENSIONS, ".xlsx", ".parquet", ".xml")

LEFT_OUT: dict[str, Text] = {
    BESIDE_HEADER: Text("表头以外的单元格（批注等）", "cells in columns without a header (remarks)"),
    **ESPI_LEFT_OUT,
}
"""The reasons in ``Source.left_out`` in words."""

_PARQUET_MARK = b"PAR1"
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of workbooks before 2007 and of encrypted ones
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # its name in the container's directory, MS-OFFCRYPTO
_OTHER_KINDS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"%PDF-": "PDF",
}
_HEAD_BYTES = 1 << 16


def open_by_content(path: Path, *, table: str, options: SourceOptions) -> Source:
    """Open ``path`` with the reader that fits it. What the system refuses is an UnusableInput too."""
    with refusals_explained(path):
        head, tail = _ends(path)
        return _reader(path, head=head, tail=tail, table=table, options=options)


def _ends(path: Path) -> tuple[bytes, bytes]:
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind):
        raise SourceIsDirectory(path=path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        file.seek(max(0, path.stat().st_size - len(_PARQUET_MARK)))
        return head, file.read()


def _reader(path: Path, *, head: bytes, tail: bytes, table: str, options: SourceOptions) -> Source:
    extension = path.suffix.lower()
    if not head:
        raise SourceEmpty(path=path)
    if head.startswith(_OLE_MARK):
        raise _refused_workbook(path)
    if head.startswith(_PARQUET_MARK) and (tail == _PARQUET_MARK or extension not in TEXT_EXTENSIONS):
        return ParquetSource(path)
    if head.startswith(_ZIP_MARKS):
        return XlsxSource(path, options=options, table=table)
    for mark, kind in _OTHER_KINDS.items():
        if head.startswith(mark) and extension not in TEXT_EXTENSIONS:
            raise UnknownFormat(path=path, detail=_compressed(kind), known=KNOWN_EXTENSIONS)
    if extension == ".xml" or _is_xml(head):
        if table != "interval_reading":
            raise EspiForReadingsOnly(table=table)
        return EspiSource(path)
    if extension in TEXT_EXTENSIONS:
        return CsvSource(path, options=options)
    if extension in KNOWN_EXTENSIONS:
        detail = Text("文件开头不是该格式", "it does not begin as such a file does")
        raise SourceDamaged(path=path, format=extension, detail=detail)
    raise UnknownFormat(path=path, detail="", known=KNOWN_EXTENSIONS)


def _compressed(kind: str) -> Text:
    return Text(f"（内容为 {kind}）", f" (its content is {kind})")


def _is_xml(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith((b"<?xml", b"<feed", b"<!DOCTYPE"))


def _refused_workbook(path: Path) -> SheetEncrypted | OldWorkbook:
    with path.open("rb") as file:
        seen = b""
        while piece := file.read(1 << 20):
            if _ENCRYPTED_STREAM in seen + piece:
                return SheetEncrypted(path=path)
            seen = piece[-len(_ENCRYPTED_STREAM) :]
    return OldWorkbook(path=path, kind=".xls")
