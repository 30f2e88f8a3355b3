"""Features of payment behaviour, worked by hand."""

from datetime import date

import polars as pl
import pytest
from tests.unit.customer_quality_credit.conftest import Given, bill, ledger_of, paid

from lianxin.features.payment_behaviour import payment_behaviour

DAY = date(2025, 6, 30)


def behaviour(given: Given, **tables: list[dict[str, object]]) -> dict[str, object]:
    made = given(as_of=DAY, **tables)
    rows = made.rows(payment_behaviour(ledger_of(made), as_of=DAY, late_days=30))
    return pl.DataFrame(rows).row(0, named=True)


def test_bills_count_by_how_late_they_were_settled(given: Given) -> None:
    early, late, very = (bill("C", n, due=date(2025, n, 20)) for n in (1, 2, 3))
    row = behaviour(
        given,
        bill=[early, late, very],
        payment=[paid(early, date(2025, 1, 10)), paid(late, date(2025, 2, 25)), paid(very, date(2025, 5, 20))],
    )
    assert (row["due_bills"], row["late_bills"], row["very_late_bills"]) == (3, 2, 1)
    assert row["days_since_late"] == (DAY - date(2025, 3, 20)).days
    assert row["open_overdue_days"] == 0


def test_an_open_bill_is_as_late_as_it_is_old(given: Given) -> None:
    old, young, ahead = (
        bill("C", n, due=day) for n, day in ((1, date(2025, 5, 20)), (2, date(2025, 6, 20)), (3, date(2025, 7, 10)))
    )
    row = behaviour(given, bill=[old, young, ahead], payment=[paid(young, date(2025, 6, 21), "40.00")])
    assert (row["late_bills"], row["very_late_bills"]) == (2, 1)
    assert (row["open_overdue_days"], row["open_overdue_bills"]) == (41, 2)
    assert row["open_overdue_amount"] == pytest.approx(160.0)
    assert (row["ahead_bills"], row["ahead_settled"], row["part_paid_bills"]) == (1, 0, 1)


def test_recency_halves_the_weight_after_75_days(given: Given) -> None:
    one = bill("C", 1, due=date(2025, 4, 16))  # 75 days before the day
    row = behaviour(given, bill=[one], payment=[paid(one, date(2025, 4, 26))])
    assert row["due_recent"] == pytest.approx(0.5, abs=1e-6)
    assert row["late_long"] == pytest.approx(360 / 435, abs=1e-6)
    assert row["lateness_recent"] == pytest.approx(10, abs=1e-4)


def test_bills_of_nothing_and_without_due_day_do_not_count(given: Given) -> None:
    credit, undated = bill("C", 1, due=date(2025, 5, 20), amount="-5.00"), bill("C", 2, due=date(2025, 5, 20))
    made = given(as_of=DAY, bill=[credit, undated | {"due_on": None}])
    assert made.rows(payment_behaviour(ledger_of(made), as_of=DAY, late_days=30)).num_rows == 0
