"""Sheets: cells without loss, rows as Excel numbers them, the right sheet."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from lianxin.lake.source import Source, SourceOptions, open_source
from lianxin.lake.source_errors import DuplicateHeaders, SheetNotFound, SourceEmpty
from lianxin.lake.xlsx_formats import Look, look_of


def saved(tmp_path: Path, **sheets: list[list]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def opened(path: Path, *, table: str = "bill", **options) -> Source:
    return open_source(path, table=table, options=SourceOptions(**options))


def rows(source: Source) -> list[tuple]:
    return [row for frame in source.chunks() for row in frame.rows()]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (0.123456789012345, "0.123456789012345"),
        (-0.5, "-0.5"),
        (329465205123456, "329465205123456"),
        (1e300, "1e+300"),
        ("0012", "0012"),
        ("  a\tb ", "  a\tb "),
        ("1.10", "1.10"),
        (True, "true"),
        (False, "false"),
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, 0, 15), "2026-02-28 00:15:00"),
        (datetime(2026, 2, 28), "2026-02-28 00:00:00"),
        (time(7, 30), "07:30:00"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_cell_comes_out_without_loss(tmp_path, value, text):
    path = saved(tmp_path, bill=[["id", "value"], ["a", value], ["b", "mixed"]])
    assert rows(opened(path)) == [(2, "a", text), (3, "b", "mixed")]


@pytest.mark.parametrize(
    ("stored", "text"),
    [("0.30000000000000004", "0.30000000000000004"), ("1.1000000000000001", "1.1"), ("1E-3", "0.001"), ("7.0", "7")],
)
def test_the_digits_that_excel_stores_come_out_at_their_shortest(tmp_path, stored, text):
    # libraries write 16 digits, Excel 17; so the stored digits are set into the sheet by hand
    path = saved(tmp_path, bill=[["id"], [8765.5]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(b"8765.5", stored.encode()))
    assert rows(opened(path)) == [(2, text)]


def test_every_quarter_hour_of_a_year_is_exact(tmp_path):
    stamps = [datetime(2026, 1 + n % 12, 1 + n % 28, n // 4 % 24, 15 * (n % 4)) for n in range(2000)]
    path = saved(tmp_path, bill=[["at"], *([stamp] for stamp in stamps)])
    assert [row[1] for row in rows(opened(path))] == [f"{stamp:%Y-%m-%d %H:%M:%S}" for stamp in stamps]


def test_days_counted_from_1904_are_the_same_days(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["day"])
    book.active.append([date(2026, 2, 28)])
    book.save(tmp_path / "mac.xlsx")
    assert rows(opened(tmp_path / "mac.xlsx")) == [(2, "2026-02-28")]


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("General", Look.NUMBER),
        ("0.00E+00", Look.NUMBER),
        ('0.0"days"', Look.NUMBER),
        ("[Red]#,##0", Look.NUMBER),
        ("@", Look.NUMBER),
        ("yyyy/m/d", Look.DATE),
        ('yyyy"年"m"月"d"日"', Look.DATE),
        ("[$-804]mmmm", Look.DATE),
        ("yyyy/m/d h:mm", Look.STAMP),
        ("h:mm AM/PM", Look.TIME),
        ("[h]:mm", Look.DURATION),
    ],
)
def test_number_formats_are_told_apart(code, look):
    assert look_of(code) is look


def test_rows_have_the_numbers_that_excel_shows(tmp_path):
    book = openpyxl.Workbook()
    for cell, value in {"C3": "id", "D3": "kwh", "C4": "a", "D7": 5}.items():
        book.active[cell] = value
    book.save(tmp_path / "book.xlsx")
    source = opened(tmp_path / "book.xlsx")
    assert source.columns == ["id", "kwh"]
    assert rows(source) == [(4, "a", None), (7, None, "5")]


def test_rows_above_the_header_are_skipped_when_told(tmp_path):
    path = saved(tmp_path, bill=[["Report of May"], ["by", "someone"], ["id", "kwh"], ["a", 1]])
    assert rows(opened(path, skip_rows=2)) == [(4, "a", "1")]


def test_cells_beside_the_header_are_counted_not_read(tmp_path):
    path = saved(tmp_path, bill=[["id", "kwh"], ["a", 1, "a remark"], [None, None, "another"]])
    source = opened(path)
    assert rows(source) == [(2, "a", "1")]
    assert source.left_out == {"beside_header": 2}


def test_the_sheet_called_like_the_table_goes_first(tmp_path):
    path = saved(tmp_path, notes=[["x"], ["y"]], bill=[["id"], ["a"]])
    assert opened(path).columns == ["id"]
    assert opened(path, table="payment").columns == ["x"]
    assert opened(path, sheet="notes").columns == ["x"]


def test_without_a_name_the_first_sheet_with_rows_is_read(tmp_path):
    path = saved(tmp_path, empty=[], template=[["id"]], filled=[["id", "kwh"], ["a", 1]])
    assert opened(path).columns == ["id", "kwh"]


def test_a_template_without_rows_is_no_row_and_no_error(tmp_path):
    assert rows(opened(saved(tmp_path, one=[["id", "kwh"]], two=[]))) == []


def test_hidden_sheets_are_passed_over(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["secret"])
    book.active.append(["x"])
    book.active.sheet_state = "hidden"
    book.create_sheet("shown").append(["id"])
    book.save(tmp_path / "book.xlsx")
    assert opened(tmp_path / "book.xlsx").columns == ["id"]


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(SheetNotFound, match="it has: one, two"):
        opened(saved(tmp_path, one=[["a"]], two=[]), sheet="three")


def test_no_header_anywhere_and_equal_headers_are_refused(tmp_path):
    with pytest.raises(SourceEmpty):
        opened(saved(tmp_path, one=[], two=[]))
    with pytest.raises(DuplicateHeaders, match="same name: id"):
        opened(saved(tmp_path, one=[["id", "id"]]))


def test_formulas_give_their_last_value_and_rich_text_its_text(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet("bill")
        sheet.write_row(0, 0, ["sum", "text"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_rich_string(1, 1, "plain ", book.add_format({"bold": True}), "bold")
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
    assert rows(opened(tmp_path / "book.xlsx")) == [(2, "2", "plain bold"), (3, "#DIV/0!", None)]
