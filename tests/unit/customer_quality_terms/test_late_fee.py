"""Late fee: residents 1‰ a day; others 2‰ within the year of the due day and 3‰ after it; each bill to the fen."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from lianxin.analyses.customer_quality.risk.dunning_rules import in_force, packaged_rules
from lianxin.analyses.customer_quality.risk.open_bills import arrears, next_due, overdue, with_late_fee
from lianxin.analyses.customer_quality.risk.strictest import fee_rates

NATIONAL = in_force(packaged_rules(), on=date(2026, 6, 30), jurisdictions=("national",), label="packaged")


def bills(*rows: tuple[date, str, bool]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(len(rows))],
            "due_on": [due for due, _, _ in rows],
            "open_units": [int(Decimal(amount) * 10_000) for _, amount, _ in rows],
            "residential": [home for _, _, home in rows],
        }
    )


def fees(as_of: date, *rows: tuple[date, str, bool]) -> list[int]:
    late = with_late_fee(overdue(bills(*rows), as_of=as_of), rates=fee_rates(NATIONAL))
    return late["fee_fen"].to_list()


def test_a_resident_pays_one_per_mille_for_each_day_after_the_due_day():
    # due on 10 June: the 11th is the first day late, the 30th the twentieth; 1,000.00 × 0.001 × 20
    assert fees(date(2026, 6, 30), (date(2026, 6, 10), "1000.00", True)) == [2_000]


def test_others_pay_two_per_mille_within_the_year():
    assert fees(date(2026, 6, 30), (date(2026, 6, 10), "1000.00", False)) == [4_000]


def test_others_pay_three_per_mille_for_the_days_of_later_years():
    # due on 20 December 2025, as of 10 January 2026: 11 days at 2‰ and 10 at 3‰ of 1,000.00
    assert fees(date(2026, 1, 10), (date(2025, 12, 20), "1000.00", False)) == [2_200 + 3_000]


def test_residents_pay_the_same_across_years():
    assert fees(date(2026, 1, 10), (date(2025, 12, 20), "1000.00", True)) == [2_100]


@pytest.mark.parametrize(("amount", "fen"), [("5.00", 1), ("4.99", 0), ("15.00", 2)])
def test_half_a_fen_is_rounded_up(amount: str, fen: int):
    # one day at 1‰: 0.005 is a fen, 0.00499 none, 0.015 two
    assert fees(date(2026, 6, 11), (date(2026, 6, 10), amount, True)) == [fen]


def test_the_due_day_itself_is_not_late():
    assert fees(date(2026, 6, 10), (date(2026, 6, 10), "1000.00", True)) == []


def test_arrears_add_up_by_customer_and_tell_the_oldest():
    rows = bills((date(2026, 5, 20), "100.00", True), (date(2026, 6, 20), "50.00", True))
    late = with_late_fee(
        overdue(rows.with_columns(customer_id=pl.lit("C")), as_of=date(2026, 6, 30)), rates=fee_rates(NATIONAL)
    )
    (row,) = arrears(late).to_dicts()
    # 41 days of 100.00 are 4.10, ten days of 50.00 are 0.50
    assert row == {
        "customer_id": "C",
        "bills": 2,
        "arrears_units": 1_500_000,
        "fee_fen": 460,
        "oldest_due_on": date(2026, 5, 20),
        "oldest_days_late": 41,
    }


def test_the_next_due_day_is_the_earliest_of_the_bills_that_are_not_late():
    rows = bills((date(2026, 6, 20), "1", True), (date(2026, 7, 20), "1", True), (date(2026, 8, 20), "1", True))
    due = next_due(rows.with_columns(customer_id=pl.lit("C")), as_of=date(2026, 6, 30))
    assert due.to_dicts() == [{"customer_id": "C", "next_due_on": date(2026, 7, 20)}]


def test_without_a_rule_on_fees_there_is_none():
    late = with_late_fee(overdue(bills((date(2026, 6, 10), "10", True)), as_of=date(2026, 6, 30)), rates=None)
    assert late["fee_fen"].to_list() == [None]
