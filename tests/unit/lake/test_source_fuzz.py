"""Whatever the bytes and the options, a source gives frames or an anticipated error."""

import contextlib
import io
import tempfile
from pathlib import Path

import polars as pl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.foundation.errors import LianxinError
from lianxin.lake.source import ROW, SourceOptions, open_source


def _book() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("one")
        sheet.write_row(0, 0, ["id", "kwh"])
        sheet.write_row(1, 0, ["a", 1.5])
    return content.getvalue()


def _parquet() -> bytes:
    content = io.BytesIO()
    pl.DataFrame({"id": ["a", "b", None], "kwh": [1.0, 2.0, 3.0], "l": [[1], [], None]}).write_parquet(content)
    return content.getvalue()


FEED = (
    b'<?xml version="1.0"?><feed><entry><link rel="self" href="UsagePoint/1/MeterReading/1/IntervalBlock/1"/>'
    b"<content><IntervalBlock><interval><start>0</start></interval><IntervalReading><timePeriod><duration>900</duration>"
    b"<start>900</start></timePeriod><value>5</value></IntervalReading></IntervalBlock></content></entry>"
    b"<entry><content><ReadingType><uom>72</uom></ReadingType></content></entry></feed>"
)
SEEDS = {
    ".csv": '户号,"电量"\n1,2\n"3\n",4\n5\n'.encode("gb18030"),
    ".tsv": "id\tkwh\r\n1\t2\r\n".encode("utf-16"),
    ".xlsx": _book(),
    ".parquet": _parquet(),
    ".xml": FEED,
}
EXTENSIONS = [*SEEDS, ".txt", ".xls", ""]
OPTIONS = st.builds(
    SourceOptions,
    encoding=st.sampled_from([None, None, None, "gbk", "utf-16", "latin-1", "utf-7", "idna", "punycode", "rot13", "?"]),
    delimiter=st.sampled_from([None, None, ",", ";", "x", "\0", "，"]),
    sheet=st.sampled_from([None, "one", "two"]),
    skip_rows=st.sampled_from([0, 0, 1, 5]),
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes, extension: str, options: SourceOptions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{extension}"
        path.write_bytes(content)
        with contextlib.suppress(LianxinError):
            source = open_source(path, table="interval_reading", options=options)
            for frame in source.chunks():
                assert frame.columns == [ROW, *source.columns]
                assert frame[ROW].null_count() == 0


@MANY
@given(content=st.binary(max_size=400), extension=st.sampled_from(EXTENSIONS), options=OPTIONS)
def test_arbitrary_bytes(content, extension, options):
    read(content, extension, options)


@MANY
@given(text=st.text(alphabet='ab1,;\t"\r\n 户㐂\ufeff', max_size=80), options=OPTIONS)
def test_arbitrary_tables_in_text(text, options):
    read(text.encode("gb18030", "ignore"), ".csv", options)
    read(text.encode(), ".csv", options)


@MANY
@given(data=st.data(), extension=st.sampled_from(list(SEEDS)), options=OPTIONS)
def test_damaged_files(data, extension, options):
    content = bytearray(SEEDS[extension])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 3))
        content[at : at + length] = data.draw(st.binary(min_size=1, max_size=3))
    end = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    read(bytes(content[:end]), extension, options)
