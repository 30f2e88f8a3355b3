"""Text tables: encodings, delimiters, headers and the numbers of records."""

import csv
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.lake.csv_layout import RECORD_LIMIT_BYTES
from lianxin.lake.source import ROW, Source, SourceOptions, open_source


def opened(tmp_path: Path, content: str | bytes, name: str = "extract.csv", **options) -> Source:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_source(path, table="bill", options=SourceOptions(**options))


def rows(source: Source) -> list[tuple]:
    return [row for frame in source.chunks() for row in frame.rows()]


def test_cells_stay_as_they_stand_and_blank_ones_are_null(tmp_path):
    source = opened(tmp_path, 'id,kwh\n0012, 1.50 \n"a,b","  "\n,x\n')
    assert rows(source) == [(2, "0012", " 1.50 "), (3, "a,b", None), (4, None, "x")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-with-mark", "utf-32"])
def test_encoding_is_found_by_itself(tmp_path, encoding):
    text = "户号,用电类别\n1,大工业用电\n"
    content = b"\xff\xfe" + text.encode("utf-16-le") if "with-mark" in encoding else text.encode(encoding)
    source = opened(tmp_path, content)
    assert source.columns == ["户号", "用电类别"]
    assert rows(source) == [(2, "1", "大工业用电")]


def test_gb18030_that_begins_late_is_found(tmp_path):
    text = "id,name\n" + "1,a\n" * 700_000 + "2,㐂𠀀用户\n"  # with characters of two and four bytes
    source = opened(tmp_path, text.encode("gb18030"))
    assert rows(source)[-1] == (700_002, "2", "㐂𠀀用户")


def test_named_encoding_is_taken_at_its_word(tmp_path):
    assert rows(opened(tmp_path, b"id,unit\n1,m\xb2\n", encoding="latin-1")) == [(2, "1", "m²")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_found_outside_quotes(tmp_path, delimiter):
    text = 'id{0}"note, with; all | marks\t"{0}kwh\n1{0}"a,b;c|d"{0}2\n'.replace("{0}", delimiter)
    source = opened(tmp_path, text, name="extract.tsv")
    assert source.columns == ["id", "note, with; all | marks", "kwh"]
    assert rows(source) == [(2, "1", "a,b;c|d", "2")]


def test_decimal_comma_leaves_the_semicolon_as_delimiter(tmp_path):
    source = opened(tmp_path, "time;load,kW\n01:00;1,5\n02:00;2,5\n", decimal=",")
    assert rows(source) == [(2, "01:00", "1,5"), (3, "02:00", "2,5")]


def test_line_ends_of_every_system_and_a_missing_last_one(tmp_path):
    for text in ("a,b\r\n1,2\r\n3,4", "a,b\n1,2\n3,4", "a,b\r1,2\r3,4"):
        assert rows(opened(tmp_path, text)) == [(2, "1", "2"), (3, "3", "4")]


def test_a_quoted_line_end_belongs_to_the_cell_and_counts_no_record(tmp_path):
    source = opened(tmp_path, 'id,"long\nname"\n1,"two\r\nlines"\n2,x\n')
    assert source.columns == ["id", "long\nname"]
    assert rows(source) == [(2, "1", "two\r\nlines"), (3, "2", "x")]


def test_header_alone_is_no_row_and_no_error(tmp_path):
    for text in ("a,b\n", "a,b", "\ufeffa,b\r\n"):
        source = opened(tmp_path, text)
        assert source.columns == ["a", "b"]
        assert rows(source) == []


def test_names_are_stripped_and_empty_ones_go_by_position(tmp_path):
    assert opened(tmp_path, '\ufeff  id ,,"  ",户号　\n').columns == ["id", "column_2", "column_3", "户号"]


def test_one_column_needs_no_delimiter(tmp_path):
    assert rows(opened(tmp_path, "id\n7\n\n8\n")) == [(2, "7"), (4, "8")]


def test_blank_lines_are_left_out_but_counted(tmp_path):
    source = opened(tmp_path, "\n\na,b\n1,2\n\n ,\n   \n3,4\n\n")
    assert rows(source) == [(4, "1", "2"), (8, "3", "4")]
    assert source.malformed == []


def test_skipped_lines_are_counted_and_their_quotes_do_not_matter(tmp_path):
    assert rows(opened(tmp_path, 'Report "May\n\nfor, you\nid,kwh\n1,2\n', skip_rows=3)) == [(5, "1", "2")]


def test_malformed_records_are_named_and_the_others_keep_their_numbers(tmp_path):
    source = opened(tmp_path, "a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n")
    assert rows(source) == [(2, "1", "2"), (4, "4", "5"), (6, "9", "10")]
    assert [(bad.row, bad.reason, bad.text, bad.expected, bad.actual) for bad in source.malformed] == [
        (3, "column_count", "3", 2, 1),
        (5, "column_count", "6,7,8", 2, 3),
    ]


def test_numbers_hold_over_blocks(tmp_path):
    # three blocks and more; every record says its own number, every thousandth is malformed
    count = 3 * RECORD_LIMIT_BYTES // 100
    lines = [f"{n},{'x' * 92}" if n % 1000 else f"{n}" for n in range(2, count)]
    source = opened(tmp_path, "n,text\n" + "\n".join(lines))
    frames = list(source.chunks())
    assert len(frames) >= 3
    whole = pl.concat(frames)
    assert (whole[ROW] == whole["n"].cast(pl.UInt64)).all()
    assert [bad.row for bad in source.malformed] == list(range(1000, count, 1000))
    assert whole.height + len(source.malformed) == count - 2


def test_a_source_can_be_read_twice(tmp_path):
    source = opened(tmp_path, "a,b\n1,2\n3\n")
    assert rows(source) == rows(source) == [(2, "1", "2")]
    assert len(source.malformed) == 1


def test_progress_ends_at_the_size_of_the_file(tmp_path):
    source = opened(tmp_path, "a,b\n" + "1,2\n" * 1000)
    told: list[int] = []
    assert sum(frame.height for frame in source.chunks(on_progress=told.append)) == 1000
    assert told[-1] == source.total_bytes == 4004


CELL = st.text(alphabet='ab1,;\t"\r\n 户㐂', min_size=1, max_size=8).filter(lambda text: bool(text.strip()))


@settings(max_examples=100, deadline=None)
@given(
    table=st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=5)),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_is_read_back(table, delimiter, encoding, line_end):
    header = [f"c{n}" for n in range(len(table[0]) if table else 2)]
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "t.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
            writer.writerows([header, *table])
        source = opened(Path(folder), (Path(folder) / "t.csv").read_bytes(), encoding=encoding, delimiter=delimiter)
        assert source.columns == header
        assert rows(source) == [(number, *row) for number, row in enumerate(table, start=2)]
