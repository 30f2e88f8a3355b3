"""Exports: full precision, ISO times, JSON lists, no formulas; read back with other libraries."""

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.foundation.errors import EXIT_UNUSABLE, DiskFull
from lianxin.lake import sheet_writer
from lianxin.lake.source import open_source
from lianxin.lake.writers import NotWritable, write_csv, write_parquet, write_xlsx

SHANGHAI = "Asia/Shanghai"
FRAME = pl.DataFrame(
    {
        "id": ["户1", '="x"'],
        "kwh": [0.1 + 0.2, None],
        "count": [12, 2**60],
        "amount": pl.Series([Decimal("1.20"), Decimal("-3.00")], dtype=pl.Decimal(18, 2)),
        "paid": [True, False],
        "on": [date(2026, 2, 28), None],
        "at": [datetime(2026, 2, 27, 16, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)],
        "profile": [[0.5, None, 1.0], []],
        "reasons": [[{"code": "late", "text_zh": "逾期", "amount": Decimal("1.50")}], None],
    }
)


def csv_text(*frames: pl.DataFrame, **options) -> str:
    out = io.StringIO()
    write_csv(frames, out=out, time_zone=SHANGHAI, **options)
    return out.getvalue()


def book(path: Path, *frames: pl.DataFrame, **options) -> openpyxl.Workbook:
    write_xlsx(frames, out=path, **{"sheet": "bill", "headers": {}, "time_zone": SHANGHAI, **options})
    return openpyxl.load_workbook(path)


def test_csv_reads_as_the_specification_says():
    header, first, second = csv.reader(io.StringIO(csv_text(FRAME)))
    assert header == FRAME.columns
    assert first == [
        "户1",
        "0.30000000000000004",
        "12",
        "1.20",
        "true",
        "2026-02-28",
        "2026-02-28T00:00:00+08:00",
        "[0.5,null,1.0]",
        '[{"code":"late","text_zh":"逾期","amount":"1.50"}]',
    ]
    assert second == [
        """'="x\"""",
        "",
        "1152921504606846976",
        "-3.00",
        "false",
        "",
        "2026-01-01T08:00:00.500+08:00",
        "[]",
        "",
    ]


def test_csv_has_a_mark_only_when_asked(tmp_path):
    write_csv([FRAME], out=tmp_path / "plain.csv", time_zone=SHANGHAI)
    write_csv([FRAME], out=tmp_path / "marked.csv", time_zone=SHANGHAI, bom=True)
    plain, marked = ((tmp_path / name).read_bytes() for name in ("plain.csv", "marked.csv"))
    assert plain.startswith(b"id,kwh,")
    assert marked == b"\xef\xbb\xbf" + plain
    assert csv_text(FRAME).encode() == plain


def test_an_empty_table_has_a_header_and_chunks_have_one():
    assert csv_text(FRAME.clear()) == ",".join(FRAME.columns) + "\n"
    one = pl.DataFrame({"a": [1]})
    assert csv_text(one, one.clear(), one) == "a\n1\n1\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-12.5", "-12.5"),  # a number is no formula
        ("+8613800000000", "+8613800000000"),
        ("1E-3", "1E-3"),
        ("户=1", "户=1"),
        (" =1", " =1"),
        ("'=1", "'=1"),
    ],
)
def test_text_like_a_formula_is_escaped_in_csv_and_xlsx(tmp_path, text, shown):
    frame = pl.DataFrame({"a": [text], "b": [[text]]})
    _, row = csv.reader(io.StringIO(csv_text(frame), newline=""))
    assert row == [shown, json.dumps([text], ensure_ascii=False)]
    cell = book(tmp_path / "a.xlsx", frame)["bill"]["A2"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == shown  # how a sheet stores a carriage return


def test_enumerations_are_escaped_as_text_is():
    frame = pl.DataFrame({"a": pl.Series(["=1"], dtype=pl.Enum(["=1"]))})
    assert csv_text(frame) == "a\n'=1\n"


@settings(max_examples=200)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_comes_back_from_csv(value):
    _, (text,) = csv.reader(io.StringIO(csv_text(pl.DataFrame({"a": [value]}))))
    assert float(text) == value


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_float_comes_back_from_xlsx(values):
    out = io.BytesIO()
    write_xlsx([pl.DataFrame({"a": values})], out=out, sheet="s", headers={}, time_zone=SHANGHAI)
    cells = openpyxl.load_workbook(out)["s"]["A"][1:]
    assert [cell.value for cell in cells] == values


def test_both_hours_of_the_autumn_change_have_their_offset():
    frame = pl.DataFrame({"at": [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]})
    out = io.StringIO()
    write_csv([frame], out=out, time_zone="Europe/Berlin")
    assert out.getvalue().split() == ["at", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_xlsx_cells_have_their_kinds_and_translated_headers(tmp_path):
    sheet = book(tmp_path / "a.xlsx", FRAME, headers={"id": "编号", "kwh": "电量"})["bill"]
    assert [cell.value for cell in sheet[1]] == ["编号", "电量", *FRAME.columns[2:]]
    assert [cell.value for cell in sheet[2]] == [
        "户1",
        0.1 + 0.2,
        12,
        1.2,
        True,
        datetime(2026, 2, 28),
        "2026-02-28T00:00:00+08:00",
        "[0.5,null,1.0]",
        '[{"code":"late","text_zh":"逾期","amount":"1.50"}]',
    ]
    assert sheet["D2"].number_format == "0.00"
    assert sheet["C3"].value == "1152921504606846976"  # beyond what a cell's number holds exactly
    assert sheet.freeze_panes == "A2"


def test_an_exported_sheet_is_read_back_by_an_import(tmp_path):
    text = pl.DataFrame({"a": ["_x0041_", "l\r\nm", " b ", "0012"], "b": [1 / 3, 1e-300, -2.0, None]})
    write_xlsx([text], out=tmp_path / "a.xlsx", sheet="s", headers={}, time_zone=SHANGHAI)
    (frame,) = open_source(tmp_path / "a.xlsx", table="bill").chunks()
    assert frame["a"].to_list() == text["a"].to_list()
    assert frame["b"].to_list() == ["0.3333333333333333", "1e-300", "-2", None]


def test_durations_and_times_of_day_are_iso():
    frame = pl.DataFrame({"a": [timedelta(minutes=90)], "b": [time(7, 30)]})
    assert csv_text(frame) == "a,b\nPT1H30M,07:30:00\n"


def test_links_and_numbers_in_text_stay_text(tmp_path):
    sheet = book(tmp_path / "a.xlsx", pl.DataFrame({"a": ["https://example.org", "0012", "NaN"]}))["bill"]
    assert [cell.value for cell in sheet["A"][1:]] == ["https://example.org", "0012", "NaN"]
    assert sheet["A2"].hyperlink is None


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_writer, "ROWS_A_SHEET", 2)
    frame = pl.DataFrame({"a": [1, 2, 3]})
    written = book(tmp_path / "a.xlsx", frame, frame.head(2), sheet="a very long name of some result: 1/2")
    assert written.sheetnames == [
        "a very long name of some result",
        "a very long name of some re (2)",
        "a very long name of some re (3)",
    ]
    assert [[cell.value for cell in sheet["A"]] for sheet in written] == [["a", 1, 2], ["a", 3, 1], ["a", 2]]


def test_text_beyond_the_limit_of_a_cell_is_cut_visibly(tmp_path):
    value = book(tmp_path / "a.xlsx", pl.DataFrame({"a": ["户" * 40_000]}))["bill"]["A2"].value
    assert (len(value), value[-2:]) == (32_767, "户…")


def test_parquet_is_native(tmp_path):
    assert write_parquet([FRAME, FRAME.clear(), FRAME], out=tmp_path / "a.parquet") == 4
    assert pl.read_parquet(tmp_path / "a.parquet").equals(pl.concat([FRAME, FRAME]))


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_a_failed_export_leaves_what_was_there(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"before")

    def broken():
        yield FRAME
        raise OSError(28, "No space left on device")

    write = {
        "a.csv": lambda: write_csv(broken(), out=path, time_zone=SHANGHAI),
        "a.xlsx": lambda: write_xlsx(broken(), out=path, sheet="s", headers={}, time_zone=SHANGHAI),
        "a.parquet": lambda: write_parquet(broken(), out=path),
    }[name]
    with pytest.raises(DiskFull):
        write()
    assert [item.name for item in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"before"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(NotWritable, match=r"none/a\.csv") as caught:
        write_csv([FRAME], out=tmp_path / "none" / "a.csv", time_zone=SHANGHAI)
    assert caught.value.exit_code == EXIT_UNUSABLE
