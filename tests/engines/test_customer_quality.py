"""Ledger, costs and recovery: DuckDB and Spark give what a hand makes of the same few rows."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.operations as ops
import pytest

from lianxin.analyses.customer_quality.collection.recovery import recovery_cells
from lianxin.analyses.customer_quality.profit.account_costs import account_sums
from lianxin.analyses.customer_quality.profit.bill_costs import bill_costs, customer_sums
from lianxin.analyses.customer_quality.profit.config import ProfitSettings
from lianxin.analyses.customer_quality.profit.service import service_sums
from lianxin.engine.facts import Engine, FactFiles
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes, unmatched_payments
from lianxin.features.live_bills import live_bills

AS_OF = date(2026, 6, 30)
FactsOf = Callable[[str, list[Mapping[str, object]]], FactFiles]

_BILL = {
    "agreement_id": "A",
    "customer_id": "C",
    "billing_month": "2026-03",
    "issued_on": date(2026, 4, 3),
    "due_on": date(2026, 4, 20),
    "kwh": 100.0,
    "kwh_peak": 60.0,
    "kwh_valley": 30.0,
    "kwh_flat": 10.0,
}
ROWS: dict[str, list[Mapping[str, object]]] = {
    "bill": [
        _BILL | {"bill_id": "B1", "total_amount": Decimal(113), "fund_amount": Decimal(5)},
        _BILL | {"bill_id": "B2", "total_amount": Decimal(50)},
        _BILL | {"bill_id": "B3", "total_amount": Decimal(-50)},
    ],
    "payment": [
        {"payment_id": "P1", "bill_id": "B1", "paid_on": date(2026, 4, 13), "amount": Decimal(60)},
        {"payment_id": "P2", "bill_id": "B2", "paid_on": date(2026, 4, 23), "amount": Decimal(3)},
        {"payment_id": "P3", "bill_id": "OLD", "paid_on": date(2026, 4, 23), "amount": Decimal(9)},
    ],
    "write_off": [],
    "customer": [{"customer_id": "C", "customer_class": "commercial", "district_id": "D"}],
    "agreement": [{"agreement_id": "A", "customer_id": "C", "market_mode": "regulated", "voltage_level": "380V"}],
    "case": [
        {"case_id": "K1", "customer_id": "C", "channel": "visit", "opened_at": datetime(2026, 3, 5, tzinfo=UTC)},
        {"case_id": "K2", "customer_id": "C", "channel": "web", "opened_at": datetime(2026, 3, 6, tzinfo=UTC)}
        | {"handling_cost": Decimal("7.5")},
    ],
}


@pytest.fixture
def facts(engine: Engine, facts_of: FactsOf) -> dict[str, ibis.Table]:
    """The rows on each engine."""
    return {name: engine.facts(facts_of(name, rows)) for name, rows in ROWS.items()}


def costs_of(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    month = {"billing_month": ["2026-03"]}
    bands = {"sharp": 0.9, "peak": 0.5, "flat": 0.4, "valley": 0.2, "deep_valley": 0.1}
    nothing = ibis.null("float64")
    return bill_costs(
        live_bills(facts["bill"], as_of=AS_OF),
        customers=facts["customer"],
        agreements=facts["agreement"],
        tax=ibis.memtable({"customer_class": ["commercial"], "tax_rate": [0.13], **month}),
        supply=ibis.memtable({"district_id": ["D"], **{f"cost_{k}": [v] for k, v in bands.items()}, **month}),
        network=ibis.memtable({"voltage_level": ["380V"], "network_per_kwh": [0.1], **month}),
        months=ibis.memtable({"number": [0], **month}).mutate(default_purchase=nothing, default_network=nothing),
        pass_through_modes=("agency",),
    )


def ledger_of(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    return bill_ledger(facts["bill"], facts["payment"], facts["write_off"], as_of=AS_OF)


def test_costs_of_bills(engine: Engine, facts: dict[str, ibis.Table]) -> None:
    """B2 and B3 cancel each other; of B1 113 ÷ 1.13 − 5 = 95 remain, 40 are purchase, 10 the network."""
    (row,) = engine.rows(customer_sums(costs_of(facts), months=1, history=1)).to_pylist()
    names = (
        "months",
        "first_number",
        "kwh",
        "revenue",
        "purchase",
        "network",
        "margin_0",
        "purchase_unknown",
        "fund_unknown",
    )
    assert tuple(row[name] for name in names) == (1, 0, 100, 95, 40, 10, 45, 0, 0)


def test_the_account(engine: Engine, facts: dict[str, ibis.Table]) -> None:
    """The 3 paid on the cancelled bill are credit: 50 open, 71 days late, 2 % expected to be lost.

    60 wait 10 days, 53 wait 88; the credit has no day of its own here.
    """
    ageing = ProfitSettings().ageing
    sums = account_sums(ledger_of(facts), first_day=date(2025, 6, 1), as_of=AS_OF, ageing=ageing)
    (row,) = engine.rows(sums).to_pylist()
    names = ("lost", "expected_lost", "open_amount", "overdue_amount", "billed", "money_days", "agreed_days")
    assert tuple(row[name] for name in names) == (0, 1, 50, 50, 113, 60 * 10 + 53 * 88, 113 * 17)
    assert row["oldest_due_on"] == date(2026, 4, 20)


def test_recovery_and_what_has_no_bill(engine: Engine, facts: dict[str, ibis.Table]) -> None:
    ledger = ledger_of(facts)
    (row,) = engine.rows(recovery_cells(ledger, customers=facts["customer"], as_of=AS_OF)).to_pylist()
    assert (row["district_id"], row["customer_class"], row["month"]) == ("D", "commercial", "2026-03")
    assert (row["billed"], row["collected"], row["open_amount"]) == (113, 63, 50)
    (stray,) = engine.rows(unmatched_payments(ledger, facts["bill"], facts["payment"], as_of=AS_OF)).to_pylist()
    assert stray == {"payments": 1, "amount": Decimal("9.0000")}


def test_outcomes(engine: Engine, facts: dict[str, ibis.Table]) -> None:
    found = engine.rows(bill_outcomes(ledger_of(facts), facts["payment"], as_of=AS_OF, late_days=30)).to_pylist()
    assert [(row["bill_id"], row["late"]) for row in found] == [("B1", True)]


def test_service(engine: Engine, facts: dict[str, ibis.Table]) -> None:
    sums = service_sums(
        facts["case"],
        start=datetime(2026, 3, 1),
        end=datetime(2026, 4, 1),
        cost_per_case=25.0,
        cost_by_channel={"visit": 120.0},
    )
    (row,) = engine.rows(sums).to_pylist()
    assert (row["service"], row["cases"], row["cases_assumed"]) == (Decimal("127.5"), 2, 1)


def test_windows_are_ordered_by_a_unique_key(facts: dict[str, ibis.Table]) -> None:
    """Ties within a window are where engines differ."""
    tables: list[Any] = [ledger_of(facts), costs_of(facts)]
    windows = [node for table in tables for node in table.op().find(ops.WindowFunction)]
    assert windows
    assert all(node.order_by for node in windows)
