import polars as pl
import pytest

from lianxin.contracts.codes import CODE_LISTS
from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind
from lianxin.lake.row_rules import broken

DERIVED_ONLY = {"decision"}  # what people decide in the workbench


def test_every_table_of_the_contracts_is_written(demo):
    assert set(demo.tables) == set(FACTS) - DERIVED_ONLY


def test_rows_counted_are_the_rows_in_the_files(demo):
    for table in demo.tables.values():
        assert table.rows == pl.scan_parquet(list(table.files)).select(pl.len()).collect().item()


@pytest.mark.parametrize("name", sorted(set(FACTS) - DERIVED_ONLY))
def test_a_key_stands_once_and_without_empty_cells(read, name):
    key = list(FACTS[name].key)
    rows = read(name).select(key)
    assert rows.n_unique() == rows.height
    assert sum(rows.null_count().row(0)) == 0


@pytest.mark.parametrize("name", sorted(set(FACTS) - DERIVED_ONLY))
def test_values_lie_in_the_ranges_and_codes_of_the_contract(read, name):
    frame = read(name)
    for field in FACTS[name].fields:
        if field.name not in frame.columns:
            assert not field.must_be_present
            continue
        values = frame[field.name]
        if field.must_have_value:
            assert values.null_count() == 0, field.name
        if field.minimum is not None and values.len() > values.null_count():
            assert values.min() >= field.minimum, field.name
        if field.maximum is not None and values.len() > values.null_count():
            assert values.max() <= field.maximum, field.name
        if field.kind is Kind.NUMBER:
            assert values.drop_nulls().is_finite().all(), field.name
        if field.kind is Kind.MONTH:
            assert values.drop_nulls().str.contains(r"^\d{4}-(0[1-9]|1[0-2])$").all(), field.name
        if field.codes is not None:
            assert set(values.drop_nulls().unique()) <= set(CODE_LISTS[field.codes].codes), field.name


@pytest.mark.parametrize("name", sorted(set(FACTS) - DERIVED_ONLY))
def test_every_parent_exists(read, name):
    frame = read(name)
    for field in FACTS[name].fields:
        if field.parent is not None and field.name in frame.columns:
            parent_key = FACTS[field.parent].key[0]
            missing = set(frame[field.name].drop_nulls().unique()) - set(read(field.parent)[parent_key])
            assert not missing, (field.name, sorted(missing)[:3])


@pytest.mark.parametrize("name", sorted(set(FACTS) - DERIVED_ONLY))
def test_no_row_breaks_a_rule_of_its_table(read, name):
    frame = read(name)
    for rule in FACTS[name].rules:
        if set(rule.columns) <= set(frame.columns):
            assert not broken(rule, frame).any(), rule.name
