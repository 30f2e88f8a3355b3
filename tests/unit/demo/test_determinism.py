from datetime import date

import polars as pl

from lianxin.demo import DemoOptions, build_demo, streams

SHORT = DemoOptions(customers=400, seed=5, first_day=date(2025, 1, 1), last_day=date(2026, 1, 31), interval_customers=4)


def test_the_same_seed_gives_the_same_values(tmp_path):
    first = build_demo(tmp_path / "first", options=SHORT)
    second = build_demo(tmp_path / "second", options=SHORT)
    for name, table in first.tables.items():
        same = pl.read_parquet(list(second.tables[name].files))
        assert pl.read_parquet(list(table.files)).equals(same, null_equal=True), name


def test_another_seed_gives_other_values(tmp_path):
    first = build_demo(tmp_path / "first", options=SHORT)
    second = build_demo(tmp_path / "second", options=SHORT.model_copy(update={"seed": 6}))
    for name in ("customer", "bill", "payment", "case", "interval_reading", "area_load"):
        assert not pl.read_parquet(list(first.tables[name].files)).equals(
            pl.read_parquet(list(second.tables[name].files))
        )


def test_a_stream_depends_on_seed_purpose_and_block_only():
    one = streams.stream(1, "bills", 2).random(3).tolist()
    assert streams.stream(1, "bills", 2).random(3).tolist() == one
    assert streams.stream(1, "bills", 3).random(3).tolist() != one
    assert streams.stream(1, "cases", 2).random(3).tolist() != one


def test_blocks_cover_every_customer_once():
    assert streams.blocks(45_000) == [(0, 0, 20_000), (1, 20_000, 40_000), (2, 40_000, 45_000)]
