"""Rows to learn from: what is a late customer, what is censored, and that nothing looks ahead."""

from datetime import date, timedelta

import polars as pl
from polars.testing import assert_frame_equal
from tests.unit.customer_quality_credit.conftest import Given, bill, ledger_of, paid, supplier

from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.past import accounts, labels_after, past_days, rows_at

CONFIG = CreditConfig()
DAY = date(2025, 1, 31)


def outcomes(*rows: tuple[str, date, bool | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"bill_id": str(n), "customer_id": c, "due_on": d, "late": late} for n, (c, d, late) in enumerate(rows)],
        schema={"bill_id": pl.String, "customer_id": pl.String, "due_on": pl.Date, "late": pl.Boolean},
    )


def test_one_late_bill_in_the_window_makes_a_late_customer() -> None:
    found = labels_after(
        outcomes(("A", date(2025, 2, 20), False), ("A", date(2025, 3, 20), True), ("B", date(2025, 2, 20), False)),
        day=DAY,
        config=CONFIG,
    )
    assert found.rows() == [("A", 1), ("B", 0)]


def test_bills_due_on_the_day_or_after_the_horizon_do_not_count() -> None:
    last = DAY + timedelta(days=92)
    found = labels_after(
        outcomes(("A", DAY, True), ("A", last, False), ("B", last + timedelta(days=1), True)), day=DAY, config=CONFIG
    )
    assert found.rows() == [("A", 0)]


def test_an_outcome_that_cannot_be_seen_is_censored_and_not_on_time() -> None:
    found = labels_after(
        outcomes(("A", date(2025, 2, 20), False), ("A", date(2025, 4, 20), None), ("B", date(2025, 4, 20), None)),
        day=DAY,
        config=CONFIG,
    )
    assert found.is_empty()


def test_a_late_bill_is_seen_even_where_another_is_not_yet() -> None:
    found = labels_after(
        outcomes(("A", date(2025, 2, 20), True), ("A", date(2025, 4, 20), None)), day=DAY, config=CONFIG
    )
    assert found.rows() == [("A", 1)]


def test_past_days_keep_the_day_of_the_month_and_all_their_outcomes_are_seen(given: Given) -> None:
    made = given(as_of=date(2025, 12, 6), **supplier(3, 22, first=date(2024, 3, 1)))
    days = past_days(made, accounts(made, ledger=ledger_of(made), config=CONFIG), CONFIG)
    assert days[0] == date(2025, 8, 6)  # 122 days before 2025-12-06, the day of the last payment
    assert days[1] == date(2025, 7, 6)
    assert days[-1] >= date(2024, 3, 20) + timedelta(days=120)


def test_after_the_last_payment_nothing_is_seen(given: Given) -> None:
    """A run long after the extract ends must not take what was never imported for unpaid."""
    made = given(as_of=date(2026, 12, 15), **supplier(3, 12, first=date(2024, 3, 1)))
    held = accounts(made, ledger=ledger_of(made), config=CONFIG)
    last_paid = max(row["paid_on"] for row in supplier(3, 12, first=date(2024, 3, 1))["payment"])
    assert held.visible == last_paid
    assert max(past_days(made, held, CONFIG)) + timedelta(days=122) <= last_paid


def test_rows_of_a_past_day_are_the_same_whatever_comes_later(given: Given) -> None:
    tables = supplier(12, 12, first=date(2024, 3, 1))
    late = date(2025, 2, 15)
    day = date(2024, 9, 15)
    before = given(
        as_of=late,
        **{
            name: [row for row in rows if row.get("issued_on", row.get("paid_on", day)) <= day]
            for name, rows in tables.items()
        },
    )
    ratings = [
        {"customer_id": "C0001", "source": "x", "kind": "tax", "as_of": date(2024, 10, 1), "grade": "D"},
        {
            "customer_id": "C0002",
            "source": "y",
            "kind": "court_dishonest",
            "as_of": date(2024, 10, 1),
            "grade": "listed",
        },
    ]
    events = [{"event_id": "1", "customer_id": "C0003", "kind": "theft", "occurred_on": date(2024, 10, 1)}]
    outlooks = [{"industry_code": "C26", "as_of": date(2024, 10, 1), "outlook": -1.0}]
    tables["customer"][4] |= {"until": date(2024, 12, 1)}
    after = given(as_of=late, **tables, external_rating=ratings, compliance_event=events, industry_outlook=outlooks)
    found = [
        rows_at(made, accounts(made, ledger=ledger_of(made), config=CONFIG), day=day, config=CONFIG)
        for made in (before, after)
    ]
    assert_frame_equal(found[0], found[1])


def test_a_bill_paid_after_the_day_was_open_on_it(given: Given) -> None:
    one = bill("C", 1, due=date(2025, 1, 10))
    made = given(as_of=date(2025, 6, 1), bill=[one], payment=[paid(one, date(2025, 3, 1))])
    held = accounts(made, ledger=ledger_of(made), config=CONFIG)
    row = rows_at(made, held, day=DAY, config=CONFIG).row(0, named=True)
    assert (row["open_overdue_days"], row["late_bills_12m"]) == (21, 1)
