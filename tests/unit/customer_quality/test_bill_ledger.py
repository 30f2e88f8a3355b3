"""The account of each bill: every rule with two or three visible rows, on both engines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lianxin.engine.facts import Engine, FactFiles
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes, unmatched_payments

Facts = Callable[[str, list[Mapping[str, object]]], FactFiles]
JUNE = date(2026, 6, 30)


def bill(bill_id: str, total: str, *, customer: str = "C1", month: str = "2026-03", **more: object) -> dict[str, Any]:
    """A bill of March 2026, issued on 3 April, due on 20 April."""
    base = {
        "bill_id": bill_id,
        "customer_id": customer,
        "agreement_id": "A-" + customer,
        "billing_month": month,
        "issued_on": date(2026, 4, 3),
        "due_on": date(2026, 4, 20),
        "total_amount": Decimal(total),
    }
    return base | more


def pay(bill_id: str, day: date, amount: str, customer: str | None = "C1") -> dict[str, Any]:
    """A payment."""
    number = f"P-{bill_id}-{day}-{amount}"
    return {
        "payment_id": number,
        "bill_id": bill_id,
        "customer_id": customer,
        "paid_on": day,
        "amount": Decimal(amount),
    }


class Books:
    """Runs the ledger on rows."""

    def __init__(self, engine: Engine, facts_of: Facts) -> None:
        self.engine, self.facts_of = engine, facts_of

    def tables(self, bills: Sequence[Any], payments: Sequence[Any], write_offs: Sequence[Any]) -> tuple[Any, Any, Any]:
        named = {"bill": list(bills), "payment": list(payments), "write_off": list(write_offs)}
        made = [self.engine.facts(self.facts_of(name, rows)) for name, rows in named.items()]
        return made[0], made[1], made[2]

    def ledger(
        self, bills: Sequence[Any], payments: Sequence[Any] = (), write_offs: Sequence[Any] = (), as_of: date = JUNE
    ) -> dict[str, dict[str, Any]]:
        """Rows by bill."""
        rows = self.engine.rows(bill_ledger(*self.tables(bills, payments, write_offs), as_of=as_of)).to_pylist()
        return {row["bill_id"]: row for row in rows}

    def account(self, *arguments: Any, **named: Any) -> dict[str, tuple[str, str, date | None]]:
        """Paid, open and day of settlement by bill."""
        found = self.ledger(*arguments, **named)
        return {
            name: (f"{row['paid_amount']:.2f}", f"{row['open_amount']:.2f}", row["settled_on"])
            for name, row in sorted(found.items())
        }


@pytest.fixture
def books(engine: Engine, facts_of: Facts) -> Books:
    """On each engine."""
    return Books(engine, facts_of)


def test_a_bill_paid_in_parts_is_settled_when_the_parts_reach_the_total(books: Books) -> None:
    payments = [pay("B1", date(2026, 4, 10), "60"), pay("B1", date(2026, 5, 2), "40.00")]
    assert books.account([bill("B1", "100"), bill("B2", "50")], payments) == {
        "B1": ("100.00", "0.00", date(2026, 5, 2)),
        "B2": ("0.00", "50.00", None),
    }


def test_the_ledger_of_an_earlier_day_does_not_know_what_came_later(books: Books) -> None:
    payments = [pay("B1", date(2026, 4, 10), "60"), pay("B1", date(2026, 5, 2), "40")]
    later = bill("B2", "70", month="2026-04", issued_on=date(2026, 5, 3))
    earlier = books.account([bill("B1", "100"), later], payments, as_of=date(2026, 5, 1))
    assert earlier == {"B1": ("60.00", "40.00", None)}
    assert earlier == books.account([bill("B1", "100")], payments[:1], as_of=date(2026, 5, 1))


def test_a_payment_that_names_no_known_bill_is_left_out_and_counted(books: Books) -> None:
    bills, payments = [bill("B1", "100")], [pay("OLD", date(2026, 4, 10), "100"), pay("B1", date(2026, 4, 11), "30")]
    assert books.account(bills, payments) == {"B1": ("30.00", "70.00", None)}
    tables = books.tables(bills, payments, [])
    ledger = bill_ledger(*tables, as_of=JUNE)
    assert books.engine.rows(unmatched_payments(ledger, *tables[:2], as_of=JUNE)).to_pylist() == [
        {"payments": 1, "amount": Decimal("100.0000")}
    ]


def test_payments_on_a_cancelled_bill_are_not_counted_as_unmatched(books: Books) -> None:
    bills = [bill("B1", "100"), bill("R1", "-100")]
    tables = books.tables(bills, [pay("B1", date(2026, 4, 10), "100")], [])
    ledger = bill_ledger(*tables, as_of=JUNE)
    assert books.engine.rows(unmatched_payments(ledger, *tables[:2], as_of=JUNE)).to_pylist() == [
        {"payments": 0, "amount": Decimal("0.0000")}
    ]


def test_what_is_paid_beyond_a_bill_settles_the_oldest_open_bill_of_the_customer(books: Books) -> None:
    bills = [
        bill("B1", "100"),
        bill("B3", "15", month="2026-05", due_on=date(2026, 6, 20)),
        bill("B2", "15", month="2026-04", due_on=date(2026, 5, 20)),
    ]
    assert books.account(bills, [pay("B1", date(2026, 4, 10), "120")]) == {
        "B1": ("100.00", "0.00", date(2026, 4, 10)),
        "B2": ("15.00", "0.00", date(2026, 4, 10)),
        "B3": ("5.00", "10.00", None),
    }


def test_an_over_payment_that_is_refunded_leaves_the_bill_settled_on_the_first_day(books: Books) -> None:
    payments = [pay("B1", date(2026, 4, 10), "120"), pay("B1", date(2026, 5, 10), "-20")]
    assert books.account([bill("B1", "100"), bill("B2", "15", month="2026-04")], payments) == {
        "B1": ("100.00", "0.00", date(2026, 4, 10)),
        "B2": ("0.00", "15.00", None),
    }


def test_a_debit_that_bounces_opens_the_bill_again_until_it_is_paid_for_good(books: Books) -> None:
    bounced = [pay("B1", date(2026, 4, 10), "100"), pay("B1", date(2026, 4, 14), "-100")]
    assert books.account([bill("B1", "100")], bounced) == {"B1": ("0.00", "100.00", None)}
    assert books.account([bill("B1", "100")], [*bounced, pay("B1", date(2026, 6, 1), "100")]) == {
        "B1": ("100.00", "0.00", date(2026, 6, 1))
    }


def test_payments_of_one_day_count_together(books: Books) -> None:
    day = date(2026, 4, 10)
    payments = [pay("B1", day, "150"), pay("B1", day, "-60"), pay("B1", day, "20")]
    assert books.account([bill("B1", "100")], payments)["B1"] == ("100.00", "0.00", day)


def test_a_cancelled_bill_and_its_counterpart_vanish_and_the_new_bill_takes_the_payment(books: Books) -> None:
    bills = [
        bill("B1", "100"),
        bill("R1", "-100", issued_on=date(2026, 4, 25)),
        bill("N1", "90", issued_on=date(2026, 4, 26)),
    ]
    payments = [pay("B1", date(2026, 4, 10), "100")]
    assert books.account(bills, payments) == {"N1": ("90.00", "0.00", date(2026, 4, 10))}


def test_a_cancellation_counts_from_the_day_it_is_issued(books: Books) -> None:
    bills = [bill("B1", "100"), bill("R1", "-100", issued_on=date(2026, 4, 25))]
    assert books.account(bills, as_of=date(2026, 4, 24)) == {"B1": ("0.00", "100.00", None)}
    assert books.account(bills, as_of=date(2026, 4, 25)) == {}


def test_one_cancellation_takes_one_of_two_equal_bills_the_first_issued(books: Books) -> None:
    bills = [bill("B2", "100"), bill("B1", "100", issued_on=date(2026, 4, 28)), bill("R1", "-100")]
    assert set(books.ledger(bills)) == {"B1"}


@pytest.mark.parametrize("other", [{"month": "2026-02"}, {"agreement_id": "A-other"}, {"total_amount": Decimal(-99)}])
def test_a_negative_bill_of_another_month_agreement_or_amount_cancels_nothing(
    books: Books, other: dict[str, object]
) -> None:
    assert set(books.ledger([bill("B1", "100"), bill("R1", "-100", **other)])) == {"B1", "R1"}


def test_bills_without_an_agreement_are_cancelled_within_the_customer(books: Books) -> None:
    bills = [
        bill("B1", "100", agreement_id=None),
        bill("R1", "-100", agreement_id=None),
        bill("B2", "100", customer="C2", agreement_id=None),
    ]
    assert set(books.ledger(bills)) == {"B2"}


def test_a_negative_bill_is_credit_that_settles_the_oldest_open_bill_on_its_day_of_issue(books: Books) -> None:
    credit = bill("K1", "-40", month="2026-04", issued_on=date(2026, 5, 4))
    assert books.account([bill("B1", "30"), bill("B2", "30", due_on=date(2026, 5, 1)), credit]) == {
        "B1": ("30.00", "0.00", date(2026, 5, 4)),
        "B2": ("10.00", "20.00", None),
        "K1": ("-40.00", "0.00", date(2026, 5, 4)),
    }


def test_a_credit_that_was_paid_out_settles_nothing(books: Books) -> None:
    bills = [bill("B1", "30"), bill("K1", "-40", month="2026-04")]
    assert books.account(bills, [pay("K1", date(2026, 5, 9), "-40")])["B1"] == ("0.00", "30.00", None)


def test_credit_and_own_payments_settle_a_bill_together_on_the_later_day(books: Books) -> None:
    bills = [bill("B1", "100"), bill("K1", "-40", month="2026-04", issued_on=date(2026, 5, 4))]
    assert books.account(bills, [pay("B1", date(2026, 5, 20), "60")])["B1"] == ("100.00", "0.00", date(2026, 5, 20))
    assert books.account(bills, [pay("B1", date(2026, 4, 20), "60")])["B1"] == ("100.00", "0.00", date(2026, 5, 4))


def test_a_payment_under_another_customer_still_settles_the_bill_it_names(books: Books) -> None:
    account = books.account([bill("B1", "100")], [pay("B1", date(2026, 4, 9), "100", customer="C-merged")])
    assert account == {"B1": ("100.00", "0.00", date(2026, 4, 9))}


def test_a_zero_bill_is_settled_when_issued(books: Books) -> None:
    assert books.account([bill("B1", "0")]) == {"B1": ("0.00", "0.00", date(2026, 4, 3))}


def test_a_payment_before_the_issue_counts_from_its_own_day(books: Books) -> None:
    assert books.account([bill("B1", "80")], [pay("B1", date(2026, 3, 1), "80")])["B1"][2] == date(2026, 3, 1)


def test_a_write_off_closes_a_bill_without_settling_it(books: Books) -> None:
    written = [{"write_off_id": "W1", "bill_id": "B1", "written_on": date(2026, 6, 1), "amount": Decimal(70)}]
    row = books.ledger([bill("B1", "100")], [pay("B1", date(2026, 4, 9), "30")], written)["B1"]
    assert (row["open_amount"], row["written_off_amount"], row["settled_on"]) == (Decimal(0), Decimal(70), None)
    before = books.ledger([bill("B1", "100")], [], written, as_of=date(2026, 5, 31))["B1"]
    assert (before["open_amount"], before["written_off_amount"]) == (Decimal(100), Decimal(0))


def test_a_bill_without_billing_month_belongs_to_the_month_of_its_start(books: Books) -> None:
    dated = bill("B1", "10", billing_month=None, period_start=date(2026, 2, 28), period_end=date(2026, 3, 30))
    assert books.ledger([dated])["B1"]["billing_month"] == "2026-02"


def late(books: Books, payments: Sequence[Any], *, as_of: date = JUNE) -> bool | None:
    """Whether B1 (100, due on 20 April) was late by more than 30 days, that is after 20 May."""
    bills, paid, written = books.tables([bill("B1", "100")], payments, [])
    ledger = bill_ledger(bills, paid, written, as_of=as_of)
    (row,) = books.engine.rows(bill_outcomes(ledger, paid, as_of=as_of, late_days=30)).to_pylist()
    found: bool | None = row["late"]
    return found


def test_a_bill_is_late_when_it_is_not_settled_at_the_end_of_the_thirtieth_day(books: Books) -> None:
    assert late(books, [pay("B1", date(2026, 5, 20), "100")]) is False
    assert late(books, [pay("B1", date(2026, 5, 21), "100")]) is True
    assert late(books, [pay("B1", date(2026, 5, 20), "99.99")]) is True


def test_a_bill_whose_thirtieth_day_has_not_come_is_censored_until_it_is_settled(books: Books) -> None:
    assert late(books, [], as_of=date(2026, 5, 19)) is None
    assert late(books, [], as_of=date(2026, 5, 20)) is True
    assert late(books, [pay("B1", date(2026, 5, 2), "100")], as_of=date(2026, 5, 2)) is False


def test_a_refund_after_the_day_leaves_the_outcome_and_a_bounce_before_it_does_not(books: Books) -> None:
    refunded = [pay("B1", date(2026, 4, 10), "100"), pay("B1", date(2026, 6, 10), "-30")]
    bounced = [
        pay("B1", date(2026, 4, 10), "100"),
        pay("B1", date(2026, 4, 12), "-100"),
        pay("B1", date(2026, 6, 1), "100"),
    ]
    assert (late(books, refunded), late(books, bounced)) == (False, True)
