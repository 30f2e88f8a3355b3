"""Exposure and what bills tell for it."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given as examples
from hypothesis import strategies as some
from tests.unit.customer_quality_terms.conftest import Supplier, bill, ledger_of

from lianxin.analyses.customer_quality.terms.billing_rhythm import billing_rhythm, rhythm_days
from lianxin.analyses.customer_quality.terms.exposure import exposure

MONTH = 365.25 / 12


def test_exposure_is_daily_bill_times_days_less_deposit():
    # 100 a day × (30 + 20 + 34) days − 400
    owed = exposure(daily_bill=[100.0], cycle_days=[30.0], term_days=[20.0], dunning_days=[34.0], deposit=[400.0])
    assert owed.tolist() == [8_000.0]


def test_a_deposit_that_covers_more_leaves_nothing():
    owed = exposure(daily_bill=[10.0], cycle_days=30.0, term_days=20.0, dunning_days=34.0, deposit=[900.0])
    assert owed.tolist() == [0.0]


@examples(some.floats(0, 1e6), some.floats(0, 400), some.floats(0, 1e7), some.floats(0, 1e7))
def test_exposure_is_never_negative_and_falls_with_the_deposit(daily: float, days: float, deposit: float, more: float):
    with_less = exposure(daily_bill=daily, cycle_days=days, term_days=0, dunning_days=0, deposit=deposit)
    with_more = exposure(daily_bill=daily, cycle_days=days, term_days=0, dunning_days=0, deposit=deposit + more)
    assert 0 <= float(with_more) <= float(with_less)


def rhythm(supplier: Supplier, *bills: object) -> dict[str, object]:
    given = supplier.given(as_of=date(2026, 6, 30), bill=list(bills))
    rows = pl.from_arrow(given.rows(billing_rhythm(ledger_of(given), as_of=given.as_of)))
    (row,) = rhythm_days(rows, default_term_days=20.0).to_dicts()
    return row


def test_monthly_bills(supplier: Supplier):
    # three months of 304.375 each; due on the 20th, 20 days after the end of a month
    row = rhythm(
        supplier,
        bill("C", "2026-03", date(2026, 4, 20), 304.3750),
        bill("C", "2026-04", date(2026, 5, 20), 304.3750),
        bill("C", "2026-05", date(2026, 6, 20), 304.3750),
    )
    assert (row["months"], row["term_days"]) == (3, 20.0)
    assert row["cycle_days"] == pytest.approx(MONTH)
    assert row["daily_bill"] == pytest.approx(10.0)


def test_quarterly_bills_have_a_cycle_of_three_months(supplier: Supplier):
    row = rhythm(
        supplier, bill("C", "2026-02", date(2026, 3, 20), 913.1250), bill("C", "2026-05", date(2026, 6, 20), 913.1250)
    )
    assert row["cycle_days"] == pytest.approx(3 * MONTH)
    assert row["daily_bill"] == pytest.approx(10.0)


def test_one_bill_counts_as_a_month(supplier: Supplier):
    row = rhythm(supplier, bill("C", "2026-05", date(2026, 6, 10), 304.3750))
    assert (row["cycle_days"], row["term_days"]) == (pytest.approx(MONTH), 10.0)


def test_a_credit_bill_lowers_the_daily_bill_but_never_below_nothing(supplier: Supplier):
    credit = {"bill_id": "credit"}
    assert rhythm(
        supplier,
        bill("C", "2026-05", date(2026, 6, 20), 304.3750),
        bill("C", "2026-05", date(2026, 6, 20), -152.1875, **credit),
    )["daily_bill"] == pytest.approx(5.0)


def test_without_a_due_day_the_default_term_holds(supplier: Supplier):
    assert rhythm(supplier, bill("C", "2026-05", None, 100))["term_days"] == 20.0


def test_bills_older_than_a_year_do_not_count(supplier: Supplier):
    row = rhythm(
        supplier, bill("C", "2025-06", date(2025, 7, 20), 9_999), bill("C", "2025-07", date(2025, 8, 20), 304.3750)
    )
    assert (row["months"], row["daily_bill"]) == (1, pytest.approx(10.0))
