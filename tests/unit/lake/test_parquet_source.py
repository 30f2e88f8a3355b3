"""Parquet: own types, bounded batches, rows from 1."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lianxin.lake.source import ROW, open_source
from lianxin.lake.source_errors import DuplicateHeaders, SourceDamaged


def test_types_are_kept_and_rows_count_from_one(tmp_path):
    frame = pl.DataFrame(
        {
            "id": ["a", None],
            "kwh": [1.5, None],
            "amount": pl.Series([Decimal("1.20"), Decimal("-3.00")], dtype=pl.Decimal(18, 2)),
            "on": [date(2026, 1, 1), None],
            "at": pl.Series([datetime(2026, 1, 1), None]).dt.replace_time_zone("Asia/Shanghai"),
            "list": [[1.0], []],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    source = open_source(tmp_path / "a.parquet", table="bill")
    (read,) = source.chunks()
    assert source.columns == frame.columns
    assert read[ROW].to_list() == [1, 2]
    assert read.drop(ROW).equals(frame)


def test_dictionary_columns_become_text_and_names_are_stripped(tmp_path):
    table = pa.table({" class ": pa.array(["x", "y", "x"]).dictionary_encode()})
    pq.write_table(table, tmp_path / "a.parquet")
    (read,) = open_source(tmp_path / "a.parquet", table="bill").chunks()
    assert read.schema == {ROW: pl.UInt64, "class": pl.String}
    assert read["class"].to_list() == ["x", "y", "x"]


def test_many_rows_come_in_batches_with_numbers_that_go_on(tmp_path):
    pl.DataFrame({"n": pl.int_range(1, 600_001, eager=True)}).write_parquet(
        tmp_path / "a.parquet", row_group_size=10**6
    )
    told: list[int] = []
    source = open_source(tmp_path / "a.parquet", table="bill")
    frames = list(source.chunks(on_progress=told.append))
    assert len(frames) >= 3
    assert all((frame[ROW] == frame["n"].cast(pl.UInt64)).all() for frame in frames)
    assert sum(frame.height for frame in frames) == 600_000
    assert told[-1] == source.total_bytes


def test_equal_names_are_refused(tmp_path):
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), tmp_path / "a.parquet")
    with pytest.raises(DuplicateHeaders):
        open_source(tmp_path / "a.parquet", table="bill")


def test_text_that_is_no_utf8_is_damage(tmp_path):
    text = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    pq.write_table(pa.table({"a": text}), tmp_path / "a.parquet")
    with pytest.raises(SourceDamaged):
        list(open_source(tmp_path / "a.parquet", table="bill").chunks())
