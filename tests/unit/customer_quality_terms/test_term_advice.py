"""payment_term_advice from facts."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.unit.customer_quality_terms.conftest import Supplier, bill, ledger_of

from lianxin.analyses.customer_quality.terms.results import term_results
from lianxin.contracts.results import RESULTS
from lianxin.foundation.errors import SettingsInvalid

AS_OF = date(2026, 6, 30)
NAMES = ("FIRM", "IMPORTANT", "SUPPORT", "PROTECTED", "CLOSED", "HOME")
CUSTOMERS = [
    {"customer_id": "FIRM", "customer_class": "commercial"},
    {"customer_id": "IMPORTANT", "customer_class": "commercial", "importance": "first"},
    {"customer_id": "SUPPORT", "customer_class": "residential", "social_support": True},
    {"customer_id": "PROTECTED", "customer_class": "commercial", "protected": True, "importance": "none"},
    {"customer_id": "CLOSED", "customer_class": "commercial", "until": date(2026, 6, 1)},
    {"customer_id": "HOME", "customer_class": "residential"},
]
AGREEMENTS = [
    {"agreement_id": "1", "customer_id": "FIRM", "payment_terms": "postpaid"},
    {"agreement_id": "2", "customer_id": "IMPORTANT", "payment_terms": "prepaid"},
    {"agreement_id": "3", "customer_id": "SUPPORT", "payment_terms": "prepaid"},
    {"agreement_id": "4", "customer_id": "PROTECTED", "payment_terms": "prepaid"},
]
BILLS = [bill(name, "2026-05", date(2026, 6, 20), 3043.75) for name in (*NAMES, "GHOST")]
PROFIT_COLUMNS = ("revenue", "purchase_cost", "network_cost", "service_cost")


def profit(**amounts: tuple[int, int, int, int]) -> pa.Table:
    columns: dict[str, object] = {"customer_id": list(amounts), "months": pa.array([12] * len(amounts), pa.int64())}
    for number, name in enumerate(PROFIT_COLUMNS):
        columns[name] = pa.array([Decimal(row[number]) for row in amounts.values()], pa.decimal128(18, 4))
    return pa.table(columns)


RATING = pa.table({"customer_id": list(NAMES), "probability_late": [0.30] * len(NAMES)})
PROFIT = profit(**dict.fromkeys(NAMES, (36_000, 30_000, 3_000, 1_000)))


def made(supplier: Supplier, *, rating: pa.Table | None = RATING, money: pa.Table | None = PROFIT, **more: object):
    tables = {"bill": BILLS, "customer": CUSTOMERS, "agreement": AGREEMENTS} | more
    given = supplier.given(as_of=AS_OF, **tables)
    found, notes = term_results(given, ledger=ledger_of(given), rating=rating, profit=money)
    rows = {row["customer_id"]: row for row in found["payment_term_advice"].to_pylist()} if found else {}
    return rows, notes


def test_one_row_a_customer_in_supply_in_the_columns_of_the_contract(supplier: Supplier):
    rows, notes = made(supplier)
    assert sorted(rows) == ["FIRM", "HOME", "IMPORTANT", "PROTECTED", "SUPPORT"]
    assert set(rows["FIRM"]) == set(RESULTS["payment_term_advice"].columns)
    assert ("", 1) in {(note.column, note.missing) for note in notes}  # GHOST has no customer row


def test_social_support_and_important_users_leave_prepayment_and_protected_alone_does_not(supplier: Supplier):
    rows, _ = made(supplier)
    assert rows["SUPPORT"]["advised_terms"] == "postpaid"
    assert rows["IMPORTANT"]["advised_terms"] in {"postpaid", "deposit"}
    assert rows["PROTECTED"]["advised_terms"] == "prepaid"
    codes = {name: [one["code"] for one in rows[name]["reasons"]] for name in rows}
    assert {"never_prepaid_social_support", "present_term_not_lawful"} <= set(codes["SUPPORT"])
    assert {"never_prepaid_importance", "present_term_not_lawful"} <= set(codes["IMPORTANT"])


def test_residents_are_never_asked_for_a_deposit(supplier: Supplier):
    rows, _ = made(supplier)
    assert rows["HOME"]["advised_terms"] in {"postpaid", "prepaid"}


def test_a_risky_firm_is_advised_to_prepay_with_the_figures(supplier: Supplier):
    rows, _ = made(supplier)
    row = rows["FIRM"]
    # 100 a day × (30.4375 + 20 + 34)
    assert (row["current_terms"], row["advised_terms"]) == ("postpaid", "prepaid")
    assert row["exposure_current"] == Decimal("8443.7500")
    assert row["exposure_advised"] == 0
    reason = next(one for one in row["reasons"] if one["code"] == "cheapest_lawful_term")
    # handling 40 − capital 100 × 7.5 × 3.5 % + margin 1 % of 2,000 + change 30
    assert row["expected_cost_advised"] == Decimal("63.7500")
    assert "= loss 0.00 + handling 40.00 + interest on deposits 0.00 + capital tied up -26.25" in reason["text_en"]
    assert "建议预付费" in reason["text_zh"]


def test_terms_that_are_not_recorded_count_as_postpaid_with_a_note(supplier: Supplier):
    rows, notes = made(supplier)
    assert rows["HOME"]["current_terms"] == "postpaid"
    assert ("current_terms", 1) in {(note.column, note.missing) for note in notes}


def test_without_rating_and_profit_stated_values_stand_in_with_notes(supplier: Supplier):
    rows, notes = made(supplier, rating=None, money=None)
    assert len(rows) == 5
    assert {(note.column, note.missing) for note in notes} >= {("expected_cost_advised", 5), ("credit_limit", 5)}
    assert "no_rating" in {one["code"] for one in rows["FIRM"]["reasons"]}


def test_bills_alone_make_no_advice_and_a_note(supplier: Supplier):
    rows, notes = made(supplier, customer=[], agreement=[])
    assert rows == {}
    assert [note.missing for note in notes] == [7, 0]


def test_several_agreements_add_their_deposits_and_follow_the_largest(supplier: Supplier):
    two = [
        {"agreement_id": "a", "customer_id": "FIRM", "payment_terms": "postpaid", "capacity_kva": 100.0},
        {"agreement_id": "b", "customer_id": "FIRM", "payment_terms": "deposit", "capacity_kva": 400.0},
        {"agreement_id": "c", "customer_id": "FIRM", "payment_terms": "prepaid", "capacity_kva": 900.0},
    ]
    deposits = [Decimal(1_000), Decimal(2_000), Decimal(5_000)]
    ends = [None, None, date(2026, 1, 1)]
    rows = [
        row | {"deposit_amount": amount, "end_on": end} for row, amount, end in zip(two, deposits, ends, strict=True)
    ]
    row = made(supplier, agreement=rows)[0]["FIRM"]
    assert row["current_terms"] == "deposit"
    assert row["exposure_current"] == Decimal("5443.7500")  # 8,443.75 − 3,000 of those in force


def test_wrong_settings_are_refused(supplier: Supplier):
    with pytest.raises(SettingsInvalid, match="loss_given"):
        made(supplier, options={"terms": {"loss_given": 0.4}})


def test_an_unknown_section_is_refused(supplier: Supplier):
    with pytest.raises(SettingsInvalid, match="termz"):
        made(supplier, options={"termz": {}})


@pytest.mark.parametrize(("terms", "deposit"), [("split_monthly", 500), ("deposit", 0), ("deposit", 900), (None, 70)])
def test_the_exposure_of_the_reasons_is_that_of_the_present_term(supplier: Supplier, terms: str | None, deposit: int):
    agreement = {"agreement_id": "1", "customer_id": "FIRM", "payment_terms": terms, "deposit_amount": Decimal(deposit)}
    row = made(supplier, agreement=[agreement])[0]["FIRM"]
    reason = next(one for one in row["reasons"] if one["code"] == "exposure")
    assert Decimal(reason["value"]) == row["exposure_current"]
    # 100 a day × (cycle + term + 34) − deposit; settled three times a month: a third of the cycle and 5 days
    held = Decimal("6087.5") if terms == "deposit" and not deposit else Decimal(deposit)
    days = Decimal("30.4375") / 3 + 5 if terms == "split_monthly" else Decimal("50.4375")
    assert row["exposure_current"] == round(100 * (days + 34) - held, 2)
