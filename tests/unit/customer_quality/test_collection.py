"""Recovery of what was billed: rates and arrears worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lianxin.analyses.customer_quality.collection.results import collection_results


def table(given: Any, **tables: Any) -> tuple[dict[tuple[str, str, str], dict[str, Any]], list[Any]]:
    prepared = given(**tables)
    made, notes = collection_results(prepared, ledger=given.ledger(prepared))
    rows = made["collection_performance"].to_pylist() if made else []
    return {(row["district_id"], row["customer_class"], row["month"]): row for row in rows}, notes


def test_rates_and_arrears_of_a_cell_across_the_year(given: Any) -> None:
    """December: 100 billed, 40 paid on its due day, 60 open. January: 200, all paid. February: nothing. March: 50 open.

    Days of December: 40 × 17 (issued on 3 January, due on the 20th) + 60 × 178 (until 30 June), over 100.
    """
    bills = [given.bill("C", "2025-12", "100"), given.bill("C", "2026-01", "200"), given.bill("C", "2026-03", "50")]
    customer = [{"customer_id": "C", "customer_class": "commercial", "district_id": "D"}]
    payments = [given.pay(bills[0], amount="40"), given.pay(bills[1])]
    rows, notes = table(given, bill=bills, payment=payments, customer=customer)
    told = {
        month: (
            row["billed"],
            row["collected"],
            row["rate"],
            row["cumulative_rate"],
            row["arrears_current_year"],
            row["arrears_prior_years"],
        )
        for (_district, _class, month), row in rows.items()
    }
    assert told == {
        "2025-12": (100, 40, 0.4, 0.4, 60, 0),
        "2026-01": (200, 200, 1.0, 1.0, 0, 60),
        "2026-02": (0, 0, None, 1.0, 0, 60),
        "2026-03": (50, 0, 0.0, 0.8, 50, 60),
    }
    days = [rows["D", "commercial", month]["days_sales_outstanding"] for month in ("2025-12", "2026-01", "2026-02")]
    assert days == [pytest.approx((40 * 17 + 60 * 178) / 100), pytest.approx(17), None]
    assert notes == []


def test_customers_that_are_not_recorded_have_a_cell_of_their_own_and_a_note(given: Any) -> None:
    rows, notes = table(given, bill=[given.bill("C", "2026-03", "100")])
    assert list(rows) == [("", "other", "2026-03")]
    assert {note.column for note in notes} == {"customer_class", "district_id"}


def test_credit_collects_and_is_billed(given: Any) -> None:
    """A credit of 40 lowers what is billed and settles as much of the bill: 60 billed net, nothing but 60 − 60 open."""
    bills = [given.bill("C", "2026-03", "100"), given.bill("C", "2026-03", "-40", bill_id="K", agreement_id="other")]
    rows, _notes = table(given, bill=bills, payment=[given.pay(bills[0], date(2026, 4, 20), "60")])
    (row,) = rows.values()
    assert (row["billed"], row["collected"], row["arrears_current_year"]) == (Decimal(60), Decimal(60), Decimal(0))


def test_no_bill_gives_a_note(given: Any) -> None:
    rows, notes = table(given)
    assert (rows, len(notes)) == ({}, 1)
