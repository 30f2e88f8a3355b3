"""Files that cannot be used: one clear line in two languages, exit code 2, little memory and time."""

import io
import os
import stat
import tracemalloc
import zipfile
from pathlib import Path

import polars as pl
import pytest

from lianxin.foundation.errors import EXIT_UNUSABLE
from lianxin.lake import source_errors
from lianxin.lake.csv_layout import RECORD_LIMIT_BYTES
from lianxin.lake.source import SourceOptions, open_source

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
WORKBOOK = {
    "xl/workbook.xml": b'<workbook xmlns:r="r"><sheets><sheet name="one" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b'<r><Relationship Id="r1" Target="worksheets/sheet1.xml"/></r>',
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = b"".join(b'<!ENTITY l%d "%b">' % (n, b"ha" if n == 0 else b"&l%d;" % (n - 1) * 10) for n in range(10))
HEADER_ROW = b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'


def workbook(sheet: bytes, **parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**WORKBOOK, "xl/worksheets/sheet1.xml": sheet, **parts}.items():
            archive.writestr(name, part)
    return content.getvalue()


def parquet() -> bytes:
    content = io.BytesIO()
    pl.DataFrame({"a": range(1000)}).write_parquet(content)
    return content.getvalue()


GOOD_BOOK = workbook(SHEET % HEADER_ROW)
CASES = {
    "truncated workbook": ("a.xlsx", GOOD_BOOK[:-40], source_errors.SourceDamaged),
    "workbook overwritten inside": (
        "a.xlsx",
        GOOD_BOOK.replace(GOOD_BOOK[40:60], b"\xff" * 20),
        source_errors.SourceDamaged,
    ),
    "truncated sheet": ("a.xlsx", workbook((SHEET % HEADER_ROW)[:-20]), source_errors.SourceDamaged),
    "truncated parquet": ("a.parquet", parquet()[:-100], source_errors.SourceDamaged),
    "truncated xml": ("a.xml", b"<feed><entry>", source_errors.SourceDamaged),
    "no workbook": ("a.xlsx", b"id,kwh\n", source_errors.SourceDamaged),
    "no parquet": ("a.parquet", b"id,kwh\n", source_errors.SourceDamaged),
    "another archive": ("a.xlsx", workbook(b"").replace(b"workbook.xml", b"welcome_.xml"), source_errors.SourceDamaged),
    "zip bomb": ("a.xlsx", workbook(SHEET % (b"<c/>" * (15 << 20))), source_errors.ArchiveBomb),
    "document type in a sheet": (
        "a.xlsx",
        workbook(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
        source_errors.XmlEntitiesRefused,
    ),
    "document type in the texts": (
        "a.xlsx",
        workbook(SHEET % HEADER_ROW, **{"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        source_errors.XmlEntitiesRefused,
    ),
    "cell in column 16385": (
        "a.xlsx",
        workbook(SHEET % (HEADER_ROW + b'<row r="2"><c r="XFE2"><v>1</v></c></row>')),
        source_errors.SourceDamaged,
    ),
    "text without end in a sheet": (
        "a.xlsx",
        workbook(SHEET % (b'<row r="1"><c t="str"><v>' + os.urandom(5 << 20).hex().encode() + b"</v></c></row>")),
        source_errors.RecordTooLong,
    ),
    "encrypted workbook": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), source_errors.SheetEncrypted),
    "workbook of before 2007": ("a.xls", OLE, source_errors.OldWorkbook),
    "binary workbook": ("a.xlsb", workbook(b"", **{"xl/workbook.bin": b""}), source_errors.OldWorkbook),
    "billion laughs": (
        "a.xml",
        b'<?xml version="1.0"?><!DOCTYPE f [' + LAUGHS + b"]><feed><entry><id>&l9;</id></entry></feed>",
        source_errors.XmlEntitiesRefused,
    ),
    "external entity": (
        "a.xml",
        b'<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><entry>&x;</entry></feed>',
        source_errors.XmlEntitiesRefused,
    ),
    "external document type": (
        "a.xml",
        b'<!DOCTYPE f SYSTEM "http://192.0.2.1/a.dtd"><feed/>',
        source_errors.XmlEntitiesRefused,
    ),
    "web page": ("a.xml", b"<html><body/></html>", source_errors.NotEspi),
    "empty file": ("a.csv", b"", source_errors.SourceEmpty),
    "blank file": ("a.csv", b"\xef\xbb\xbf\n \r\n", source_errors.SourceEmpty),
    "binary junk": ("a.csv", b"id,kwh\n1,\x00\x01\x02\n", source_errors.NotText),
    "control characters": ("a.csv", b"\x01\x02\x03,\x04\n", source_errors.NotText),
    "damaged UTF-8": ("a.csv", "户号,用电类别,电压\n".encode() + b"\xff", source_errors.UnknownEncoding),
    "no known encoding": ("a.csv", b"id\n\xff\xff\n", source_errors.UnknownEncoding),
    "equal headers": ("a.csv", b"id,kwh, id \n", source_errors.DuplicateHeaders),
    "quote not closed": ("a.csv", b'id,kwh\n1,2\n3,"4\n5,6\n', source_errors.QuoteNotClosed),
    "quote not closed in the header": ("a.csv", b'id,"kwh\n1,2\n', source_errors.QuoteNotClosed),
    "unknown extension": ("a.docx", b"text", source_errors.UnknownFormat),
    "compressed": ("a.csv.gz", b"\x1f\x8b\x08rest", source_errors.UnknownFormat),
    "thousands of columns": ("a.csv", b"," * 20_000, source_errors.TooManyColumns),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_gets_one_line_in_two_languages(tmp_path, case):
    name, content, kind = CASES[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as caught:
        list(open_source(path, table="interval_reading").chunks())
    assert type(caught.value) is kind
    assert caught.value.exit_code == EXIT_UNUSABLE
    for language in ("zh", "en"):
        line = caught.value.message(language)
        assert line
        assert "\n" not in line
        assert str(path) in line


@pytest.mark.parametrize(
    ("content", "options", "kind", "words"),
    [
        (b"a,b\n1,2\n", {"delimiter": ";"}, source_errors.WrongDelimiter, "looks like ','"),
        (b"a,b\n", {"delimiter": "，"}, source_errors.DelimiterNotKnown, "one ASCII character"),
        (b"a,b\n", {"encoding": "gb99"}, source_errors.EncodingNotKnown, "gb99"),
        (b"a,b\n", {"encoding": "base64"}, source_errors.EncodingNotKnown, "base64"),
        (b"a,\xb2\n", {"encoding": "utf-8"}, source_errors.UnknownEncoding, "byte 2"),
        (b"a,b\n1,\xff\n", {"encoding": "gb18030"}, source_errors.UnknownEncoding, "byte 6"),
        (b"a,b\n1,2\n", {"skip_rows": 2}, source_errors.SkippedWholeFile, "skipping 2 rows"),
    ],
)
def test_options_that_do_not_fit_the_file(tmp_path, content, options, kind, words):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(kind, match=words):
        list(open_source(path, table="bill", options=SourceOptions(**options)).chunks())


def test_the_place_of_a_wrong_byte_is_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id\n" + b"1\n" * 1_000_000 + b"\xff\n")
    with pytest.raises(source_errors.UnknownEncoding, match="byte 2000003 "):
        open_source(path, table="bill")


def test_missing_files_folders_and_pipes_are_named(tmp_path):
    with pytest.raises(source_errors.SourceNotFound):
        open_source(tmp_path / "a.csv", table="bill")
    with pytest.raises(source_errors.SourceIsDirectory):
        open_source(tmp_path, table="bill")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(source_errors.SourceIsDirectory):
        open_source(tmp_path / "pipe.csv", table="bill")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id\n1\n")
    path.chmod(stat.S_IWUSR)
    with pytest.raises(source_errors.SourceNotPermitted):
        open_source(path, table="bill")


def test_a_refusal_of_the_system_is_explained(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id\n1\n")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(source_errors.SourceNotPermitted):
        open_source(path, table="bill")


def test_xml_is_for_interval_readings_only(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"<feed/>")
    with pytest.raises(source_errors.EspiForReadingsOnly, match="not as bill"):
        open_source(path, table="bill")


@pytest.mark.parametrize("start", [b"", b"id,kwh\n1,2\n3,", b'id,kwh\n1,2\n3,"'])
def test_a_line_without_end_takes_little_memory(tmp_path, start):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(60 * RECORD_LIMIT_BYTES >> 20):
            file.write(b"x" * (1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(source_errors.RecordTooLong, match=r"row [13] "):
            list(open_source(path, table="bill").chunks())
        assert tracemalloc.get_traced_memory()[1] < 36 * RECORD_LIMIT_BYTES  # of 60
    finally:
        tracemalloc.stop()


def test_content_decides_before_the_extension(tmp_path):
    (tmp_path / "a.dat").write_bytes(parquet())
    (tmp_path / "b.csv").write_bytes(GOOD_BOOK)
    (tmp_path / "PAR1.csv").write_bytes(b"PAR1,b\n1,2\n")
    formats = [open_source(tmp_path / name, table="bill").format for name in ("a.dat", "b.csv", "PAR1.csv")]
    assert formats == ["parquet", "xlsx", "csv"]
