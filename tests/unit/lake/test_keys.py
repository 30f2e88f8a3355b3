"""One row a key: repeats, contradictions, corrections; twice is once."""

import random
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.lake.workspace import open_workspace
from lianxin.workflows.import_facts import import_facts

HEADER = "usage_point_id,day,kwh\n"


def counts(report):
    return report.inserted, report.corrected, report.unchanged, report.repeated, report.rejected


def test_two_different_rows_for_one_key_in_a_file_are_both_rejected(importer):
    report = importer.text("daily_usage", HEADER + "U,2024-01-01,1\nU,2024-01-02,2\nU,2024-01-01,3\n")
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 2), 2.0)]
    assert importer.rejected(report) == [
        ("2", "usage_point_id day", "U 2024-01-01", "conflicting_rows"),
        ("4", "usage_point_id day", "U 2024-01-01", "conflicting_rows"),
    ]
    assert counts(report) == (1, 0, 0, 0, 2)


def test_equal_rows_count_once(importer):
    report = importer.text("daily_usage", HEADER + "U,2024-01-01,1\nU,2024/1/1,1.0\nU,2024-01-01,1\n")
    assert importer.rows("daily_usage", "kwh") == [(1.0,)]
    assert counts(report) == (1, 0, 0, 2, 0)


def test_a_gap_and_a_value_for_one_key_contradict(importer):
    report = importer.text("daily_usage", HEADER + "U,2024-01-01,\nU,2024-01-01,1\n")
    assert counts(report) == (0, 0, 0, 0, 2)


def test_a_later_file_corrects_an_earlier_one(importer):
    first = importer.file(HEADER + "U,2024-01-01,1\nU,2024-01-02,2\n", "1.csv")
    second = importer.file(HEADER + "U,2024-01-02,5\n", "2.csv")
    report = importer.files("daily_usage", first, second)
    assert importer.rows("daily_usage", "kwh") == [(1.0,), (5.0,)]
    assert counts(report) == (2, 0, 0, 1, 0)
    importer.files("daily_usage", second, first)
    assert importer.rows("daily_usage", "kwh") == [(1.0,), (2.0,)]


def test_a_contradiction_in_one_file_does_not_touch_the_other(importer):
    first = importer.file(HEADER + "U,2024-01-01,1\nU,2024-01-01,2\n", "1.csv")
    second = importer.file(HEADER + "U,2024-01-01,5\n", "2.csv")
    report = importer.files("daily_usage", first, second)
    assert importer.rows("daily_usage", "kwh") == [(5.0,)]
    assert counts(report) == (1, 0, 0, 0, 2)


def test_twice_is_once_and_makes_no_version(importer):
    text = HEADER + "U,2024-01-01,1\nU,2024-02-01,\n"
    first = importer.text("daily_usage", text)
    again = importer.text("daily_usage", text)
    assert counts(again) == (0, 0, 2, 0, 0)
    assert again.version == first.version
    assert importer.rows("daily_usage", "kwh") == [(1.0,), (None,)]


def test_a_changed_row_corrects_and_new_rows_join(importer):
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\nU,2024-01-02,2\nU,2024-02-01,3\n")
    report = importer.text("daily_usage", HEADER + "U,2024-01-02,\nU,2024-01-03,4\nU,2024-02-01,3\n")
    assert counts(report) == (1, 1, 1, 0, 0)
    assert importer.rows("daily_usage", "day", "kwh") == [
        (date(2024, 1, 1), 1.0),
        (date(2024, 1, 2), None),
        (date(2024, 1, 3), 4.0),
        (date(2024, 2, 1), 3.0),
    ]
    assert importer.workspace.facts.rows("daily_usage") == 4


def test_a_correction_leaves_the_files_of_other_months_alone(importer):
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\nU,2024-02-01,2\n")
    january, february = importer.workspace.facts.files("daily_usage")
    importer.text("daily_usage", HEADER + "U,2024-02-01,3\n")
    paths = {file.path for file in importer.workspace.facts.files("daily_usage")}
    assert january.path in paths
    assert february.path not in paths


def test_old_versions_stay_readable(importer):
    first = importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    importer.text("daily_usage", HEADER + "U,2024-01-01,2\n")
    uris = importer.workspace.facts.uris("daily_usage", first.version)
    assert pl.read_parquet(uris, hive_partitioning=False)["kwh"].to_list() == [1.0]


def test_rows_of_hundreds_of_months(importer):
    rows = [f"U,{1950 + index // 12}-{index % 12 + 1:02d}-15,{index}" for index in range(300)]
    report = importer.text("daily_usage", HEADER + "\n".join([*rows, *reversed(rows)]))
    assert counts(report) == (300, 0, 0, 300, 0)
    assert [value for (value,) in importer.rows("daily_usage", "kwh")] == [float(index) for index in range(300)]


def test_an_import_of_no_rows_changes_nothing(importer):
    report = importer.text("daily_usage", HEADER)
    assert counts(report) == (0, 0, 0, 0, 0)
    assert importer.rows("daily_usage", "kwh") == []


@pytest.fixture(scope="module")
def playground(tmp_path_factory):
    return tmp_path_factory.mktemp("permutations")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), files=st.integers(1, 4))
def test_any_order_of_rows_split_over_any_files_gives_the_same_table(playground, seed, files):
    rows = [
        f"U{meter},2024-0{month}-0{day},{meter * month + day / 10}"
        for meter in (1, 2)
        for month in (1, 2)
        for day in (1, 2, 3)
    ]
    shuffled = random.Random(seed)
    order = shuffled.sample(rows, len(rows)) + shuffled.sample(rows, 3)  # some rows twice
    folder = playground / f"{seed}-{files}"
    folder.mkdir(exist_ok=True)
    (folder / "lianxin.toml").write_text("")
    parts = [folder / f"{number}.csv" for number in range(files)]
    for number, part in enumerate(parts):
        part.write_text(HEADER + "\n".join(order[number::files]))
    workspace = open_workspace(folder)
    import_facts(workspace=workspace, table_name="daily_usage", files=parts)
    found = pl.read_parquet(workspace.facts.uris("daily_usage"), hive_partitioning=False)
    written = sorted(",".join((point, str(day), str(kwh))) for point, day, kwh in found.rows())
    assert written == sorted(f"{row.rsplit(',', 1)[0]},{float(row.rsplit(',', 1)[1])}" for row in rows)
