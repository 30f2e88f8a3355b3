"""The analysis on workspaces where little was imported."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lianxin.analyses.customer_quality.analysis import analyse
from lianxin.contracts.results.customer_quality import TABLES
from lianxin.foundation.errors import SettingsInvalid


def bare(number: int, **more: object) -> dict[str, Any]:
    """A bill of which only what must be there is there."""
    base = {
        "bill_id": f"B{number}",
        "customer_id": "C",
        "billing_month": f"2026-{number:02d}",
        "total_amount": Decimal(113),
        "due_on": date(2026, number + 1, 20),
    }
    return base | more


def test_without_bills_every_table_has_a_note_and_none_is_made(given: Any) -> None:
    output = analyse(given())
    assert output.tables == {}
    assert {note.table for note in output.notes} == {table.name for table in TABLES}


def test_a_misspelt_section_is_refused(given: Any) -> None:
    with pytest.raises(SettingsInvalid, match="profits"):
        analyse(given(options={"profits": {}}))


def test_bare_bills_make_what_bills_can_and_a_note_a_column(given: Any) -> None:
    output = analyse(given(bill=[bare(number) for number in range(1, 5)]))
    assert {"customer_profit", "collection_performance", "customer_tier"} <= set(output.tables)
    (row,) = output.tables["customer_profit"].to_pylist()
    parts = ("purchase_cost", "network_cost", "service_cost", "bad_debt_cost", "capital_cost")
    assert row["revenue"] - sum(row[name] for name in parts) == row["profit"]
    keys = [(note.table, note.column) for note in output.notes]
    assert len(keys) == len(set(keys))


def test_odd_bills_are_survived(given: Any) -> None:
    odd = [
        bare(1, customer_id="zero", total_amount=Decimal(0), kwh=0.0),
        bare(2, customer_id="credit", total_amount=Decimal(-5), kwh=-1.0),
        bare(3, customer_id="cancelled"),
        bare(3, customer_id="cancelled", bill_id="X", total_amount=Decimal(-113)),
        bare(4, customer_id=""),
        bare(5, customer_id="no due day", due_on=None),
        bare(
            2,
            customer_id="dated",
            bill_id="Y",
            billing_month=None,
            period_start=date(2026, 2, 1),
            period_end=date(2026, 3, 1),
        ),
        bare(1, customer_id="very large", bill_id="Z", total_amount=Decimal(9999999999999), kwh=1e12),
    ]
    output = analyse(given(bill=odd, payment=[given.pay(bill, date(2026, 6, 1)) for bill in odd[:2]]))
    earned = {row["customer_id"] for row in output.tables["customer_profit"].to_pylist()}
    assert earned == {row["customer_id"] for row in odd} - {"cancelled"}


def test_payments_of_bills_that_are_not_there_are_counted(given: Any) -> None:
    output = analyse(given(bill=[bare(1)], payment=[given.pay(bare(3), date(2026, 4, 1))]))
    (note,) = (note for note in output.notes if (note.table, note.column) == ("collection_performance", "collected"))
    assert note.missing == 1
    assert "113.00" in note.needed.en


def test_later_rows_change_nothing(given: Any) -> None:
    early = [bare(number, issued_on=date(2026, number + 1, 3)) for number in range(1, 4)]
    paid = [given.pay(bill, date(2026, 4, 1)) for bill in early[:2]]
    later = [
        bare(6, issued_on=date(2026, 7, 3)),
        bare(1, bill_id="X", total_amount=Decimal(-113), issued_on=date(2026, 7, 3)),
    ]
    known = analyse(given(bill=early, payment=paid))
    more = analyse(given(bill=[*early, *later], payment=[*paid, given.pay(early[2], date(2026, 7, 1))]))
    for name in ("customer_profit", "collection_performance", "customer_tier"):
        assert known.tables[name].to_pylist() == more.tables[name].to_pylist()
