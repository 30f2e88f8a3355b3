"""Which rows a mapping takes, and the names that it gives to what it unpivots."""

from pathlib import Path

import polars as pl
import pytest

from lianxin.lake.mapping import Mapping, MappingInvalid
from lianxin.workflows.import_facts import ImportReport, import_facts
from lianxin.workflows.initialise import initialise

LABELLED = """
table = "customer_attribute"
[source]
where = WHERE
[unpivot]
columns = ["A", "B"]
labels = ["2024-01-31", "2024-02-29"]
[columns]
customer_id = "no"
name = { column = "@name" }
as_of = { column = "@label" }
text = { column = "@value" }
"""


def _import(folder: Path, where: str) -> tuple[ImportReport, list[tuple[str, ...]]]:
    (folder / "facts.csv").write_text("no,A,B\n1,x,-\n2,y7,z\n3,,8\n", encoding="utf-8")
    (folder / "map.toml").write_text(LABELLED.replace("WHERE", where), encoding="utf-8")
    workspace = initialise(folder / "workspace")
    report = import_facts(
        workspace=workspace,
        table_name="customer_attribute",
        files=[folder / "facts.csv"],
        mapping_file=folder / "map.toml",
    )
    rows = pl.read_parquet(workspace.facts.uris("customer_attribute"))
    ordered = rows.sort("customer_id", "name").select("customer_id", "name", pl.col("as_of").cast(pl.String), "text")
    return report, ordered.rows()


def test_values_of_an_unpivot_are_chosen_by_what_they_are_not(tmp_path: Path) -> None:
    report, rows = _import(tmp_path, '{ "@value" = { none_of = ["-"] } }')
    assert rows == [
        ("1", "A", "2024-01-31", "x"),
        ("2", "A", "2024-01-31", "y7"),
        ("2", "B", "2024-02-29", "z"),
        ("3", "B", "2024-02-29", "8"),
    ]
    assert (report.skipped, report.rejected) == (2, 0)  # the dash, and the empty cell


def test_a_pattern_and_a_plain_value_must_both_hold(tmp_path: Path) -> None:
    report, rows = _import(tmp_path, '{ "@value" = { pattern = "[0-9]" }, no = "2" }')
    assert rows == [("2", "A", "2024-01-31", "y7")]
    assert report.skipped == 3  # rows 1 and 3, then z of row 2


def test_a_row_can_be_chosen_by_its_number(tmp_path: Path) -> None:
    assert _import(tmp_path, '{ "@row" = ["4"] , "@name" = "B" }')[1] == [("3", "B", "2024-02-29", "8")]


@pytest.mark.parametrize(
    ("where", "problem"), [('{ no = { pattern = "(" } }', "no regular expression"), ("{ no = 3 }", "where")]
)
def test_a_wrong_choice_is_refused(tmp_path: Path, where: str, problem: str) -> None:
    (tmp_path / "map.toml").write_text(LABELLED.replace("WHERE", where), encoding="utf-8")
    with pytest.raises(MappingInvalid, match=problem):
        Mapping.load(tmp_path / "map.toml", "customer_attribute")


def test_there_is_a_label_for_each_column(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(LABELLED.replace("WHERE", "{}").replace(', "2024-02-29"', ""), encoding="utf-8")
    with pytest.raises(MappingInvalid, match="1 labels for 2 columns"):
        Mapping.load(tmp_path / "map.toml", "customer_attribute")
