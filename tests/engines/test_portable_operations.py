"""Expressions use only operations that DuckDB and Spark do the same.

Each operation on the list is used in a test that runs on both engines; what differs between them is not on the list
(DESIGN.md): last() over a window, casts of naive times to a zone, asof_join, collect(order_by=), mode, bucket,
sample(seed=). A new operation fails this test until it is shown to agree and is added.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.operations as ops
import pytest

from lianxin.analyses.customer_quality.collection.recovery import recovery_cells
from lianxin.analyses.customer_quality.profit.account_costs import account_sums
from lianxin.analyses.customer_quality.profit.config import ProfitSettings
from lianxin.analyses.value_added.load_profile import load_profile
from lianxin.contracts.as_of import RULES, AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.facts import IBIS_TYPES
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes
from lianxin.features.calendar_days import calendar_days, month_lengths
from lianxin.features.load_shape import BANDS, band_energy, intervals
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.zones import offsets

ALLOWED = {
    # relations
    "Aggregate", "Filter", "InMemoryTable", "JoinChain", "JoinLink", "JoinReference", "JoinTable", "Project",
    "DropColumns", "SelfReference", "Sort", "UnboundTable", "Union", "Distinct",
    # values
    "Alias", "Field", "Literal", "Cast", "Coalesce", "IfElse", "SearchedCase", "NullIf",
    "IsNull", "NotNull", "Greatest", "Least",
    # arithmetic and comparison
    "Add", "Subtract", "Multiply", "Divide", "FloorDivide", "Modulus", "Negate", "Sqrt", "Round", "Abs",
    "And", "Or", "Not", "Equals", "NotEquals", "Less", "LessEqual", "Greater", "GreaterEqual",
    # time
    "ExtractEpochSeconds",
    # reductions; order of rows never matters to them
    "Count", "CountStar", "Sum", "Mean", "Max", "Min", "ArgMax", "ArgMin", "ArrayCollect",
    # lists
    "ArraySort", "ArrayMap", "Argument", "StructColumn", "StructField",
    "SortKey",
    # used by the bill ledger and the profit of customers: test_customer_quality.py runs them on both engines
    "DateAdd", "DateDelta", "DateFromYMD", "InValues", "RowNumber", "Substring",
    "WindowBoundary", "WindowFunction",
}  # fmt: skip

BANNED = (
    ops.Last,  # differs over a window with nulls
    ops.Mode,  # ties
    ops.TimestampBucket,
    ops.Sample,
)


def unbound(name: str) -> ibis.Table:
    table = FACTS[name]
    return ibis.table({field.name: IBIS_TYPES[field.kind] for field in table.fields}, name=name)


def operations(expression: ibis.Table) -> set[str]:
    return {type(node).__name__ for node in expression.op().find(ops.Node)}


def ours() -> dict[str, ibis.Table]:
    zone = ZoneInfo("Europe/Berlin")
    as_of = AsOf.of(date(2024, 6, 30), zone)
    expressions = {f"as_of {name}": known(name, unbound(name), as_of) for name in RULES}
    readings = known("interval_reading", unbound("interval_reading"), as_of)
    days = calendar_days(date(2024, 1, 1), date(2024, 6, 30), calendar=Calendar())
    zone_offsets = offsets(zone, datetime(2024, 1, 1), datetime(2024, 6, 30))
    months = month_lengths(date(2024, 1, 1), date(2024, 6, 30), zone=zone, end=as_of.end)
    point_days = ibis.table({"usage_point_id": "string", "local_day": "int64", "pattern": "int64"}, name="point_days")
    patterns = ibis.table(
        {"pattern": "int64", "local_minute": "int64", "minutes": "int64", **dict.fromkeys(BANDS, "float64")},
        name="patterns",
    )
    for short in (False, True):
        expressions[f"load_profile short={short}"] = load_profile(
            readings,
            days=days,
            months=months,
            offsets=zone_offsets,
            shorter_than_quarter_hours=short,
            point_days=point_days,
            patterns=patterns,
        )
    timed = intervals(readings, days, offsets=zone_offsets, shorter_than_quarter_hours=False)
    expressions["band_energy"] = band_energy(timed, point_days, patterns)
    bills, payments, write_offs = (unbound(name) for name in ("bill", "payment", "write_off"))
    ledger = bill_ledger(bills, payments, write_offs, as_of=as_of.day)
    expressions["bill_ledger"] = ledger
    expressions["bill_outcomes"] = bill_outcomes(ledger, payments, as_of=as_of.day, late_days=30)
    expressions["account_sums"] = account_sums(
        ledger, first_day=date(2023, 7, 1), as_of=as_of.day, ageing=ProfitSettings().ageing
    )
    expressions["recovery_cells"] = recovery_cells(ledger, customers=unbound("customer"), as_of=as_of.day)
    return expressions


@pytest.mark.parametrize("name", sorted(ours()))
def test_an_expression_uses_only_operations_that_agree(name: str) -> None:
    used = operations(ours()[name])
    assert used <= ALLOWED, sorted(used - ALLOWED)


@pytest.mark.parametrize("name", sorted(ours()))
def test_joins_and_lists_use_only_forms_that_agree(name: str) -> None:
    nodes = ours()[name].op().find(ops.Node)
    assert {node.how for node in nodes if isinstance(node, ops.JoinLink)} <= {"inner", "left", "anti", "semi", "cross"}
    assert not any(node.order_by for node in nodes if isinstance(node, ops.ArrayCollect))


def test_no_banned_operation_is_allowed() -> None:
    assert not {operation.__name__ for operation in BANNED} & ALLOWED


def test_the_check_sees_a_banned_operation() -> None:
    table = unbound("bill")
    assert "Last" in operations(table.group_by("customer_id").agg(last=table.kwh.last()))
    assert "Last" not in ALLOWED
