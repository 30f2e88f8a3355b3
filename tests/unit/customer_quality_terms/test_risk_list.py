"""risk_list from facts: who is on it, with which amounts, step and day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from tests.unit.customer_quality_terms.conftest import Supplier, bill, ledger_of

from lianxin.analyses.customer_quality.risk.dunning_rules import DunningRulesInvalid
from lianxin.analyses.customer_quality.risk.results import risk_results
from lianxin.contracts.results import RESULTS
from lianxin.foundation.errors import SettingsInvalid

AS_OF = date(2026, 6, 24)
BILLS = [
    bill("HOME", "2026-04", date(2026, 5, 20), 1000.00),
    bill("SUPPORT", "2026-04", date(2026, 5, 20), 300.00),
    bill("PAID", "2026-04", date(2026, 5, 20), 80.00),
    bill("PART", "2026-05", date(2026, 6, 20), 50.00),
    bill("POOR", "2026-05", date(2026, 7, 20), 70.00),
    bill("GHOST", "2026-04", date(2026, 5, 20), 10.00),
]
PAYMENTS = [
    {"payment_id": "1", "bill_id": "PAID-2026-04", "paid_on": date(2026, 5, 30), "amount": Decimal(80)},
    {"payment_id": "2", "bill_id": "PART-2026-05", "paid_on": date(2026, 6, 21), "amount": Decimal(20)},
]
CUSTOMERS = [
    {"customer_id": name, "customer_class": "residential", "protected": name == "HOME"}
    | ({"social_support": True} if name == "SUPPORT" else {})
    for name in ("HOME", "SUPPORT", "PAID", "PART", "POOR")
]
RATING = pa.table(
    {
        "customer_id": ["HOME", "POOR", "PAID"],
        "grade": ["BB", "D", "A"],
        "expected_loss": pa.array([Decimal("12.34"), Decimal("56.78"), Decimal(1)], pa.decimal128(18, 4)),
    }
)


def made(supplier: Supplier, rating: pa.Table | None = RATING, **more: object) -> dict[str, dict[str, object]]:
    given = supplier.given(as_of=AS_OF, **({"bill": BILLS, "payment": PAYMENTS, "customer": CUSTOMERS} | more))
    tables, _notes = risk_results(given, ledger=ledger_of(given), rating=rating)
    assert set(tables["risk_list"].column_names) == set(RESULTS["risk_list"].columns)
    return {row["customer_id"]: row for row in tables["risk_list"].to_pylist()}


def test_customers_in_arrears_and_those_with_a_poor_grade_are_listed(supplier: Supplier):
    assert sorted(made(supplier)) == ["GHOST", "HOME", "PART", "POOR", "SUPPORT"]


def test_a_resident_of_thirty_five_days(supplier: Supplier):
    row = made(supplier)["HOME"]
    reasons = row.pop("reasons")
    # day 35: 1,000.00 × 0.001 × 35. Notice today (Wednesday), seven days on is Wednesday 1 July
    assert row == {
        "customer_id": "HOME",
        "grade": "BB",
        "arrears": Decimal("1000.0000"),
        "oldest_days_late": 35,
        "late_fee": Decimal("35.0000"),
        "expected_loss": Decimal("12.3400"),
        "next_action": "written_notice",
        "not_before": date(2026, 6, 24),
        "earliest_disconnection": date(2026, 7, 1),
        "rule": "cn-2024; cn-province-example-2022; supplier-practice",
    }
    assert [one["code"] for one in reasons] == [
        "arrears",
        "late_fee",
        "grade",
        "expected_loss",
        "ground",
        "lawful_disconnection",
        "proposal",
    ]
    assert "供电营业规则（2024）" in reasons[4]["text_zh"]
    assert "7 days after the written notice, on 2026-07-01" in reasons[5]["text_en"]


def test_protected_alone_spares_nobody_but_social_support_does(supplier: Supplier):
    rows = made(supplier)
    assert rows["HOME"]["next_action"] == "written_notice"  # protected: never rationed in a shortage, no more
    assert (rows["SUPPORT"]["next_action"], rows["SUPPORT"]["earliest_disconnection"]) == ("agree_instalments", None)


def test_a_part_payment_leaves_the_rest_in_arrears(supplier: Supplier):
    row = made(supplier)["PART"]
    assert (row["arrears"], row["oldest_days_late"], row["next_action"]) == (Decimal("30.0000"), 4, "remind")


def test_a_poor_grade_is_reminded_before_its_bill_falls_due(supplier: Supplier):
    row = made(supplier)["POOR"]
    assert (row["arrears"], row["next_action"], row["not_before"]) == (Decimal(0), "remind", date(2026, 7, 17))


def test_a_customer_who_is_not_in_the_customer_table_is_never_proposed_for_disconnection(supplier: Supplier):
    row = made(supplier)["GHOST"]
    assert (row["next_action"], row["rule"]) == ("agree_instalments", "never_disconnected:unknown")


def test_a_notice_decided_in_the_workbench_leads_to_the_proposal(supplier: Supplier):
    decision = {
        "decision_id": "1",
        "result": "risk_list",
        "key": '{"customer_id": "HOME"}',
        "action": "accept",
        "value": "written_notice",
        "decided_on": date(2026, 6, 22),
    }
    row = made(supplier, decision=[decision])["HOME"]
    assert (row["next_action"], row["not_before"]) == ("propose_disconnection", date(2026, 6, 29))


def test_without_a_rating_arrears_are_listed_and_the_gap_is_noted(supplier: Supplier):
    given = supplier.given(as_of=AS_OF, bill=BILLS, payment=PAYMENTS, customer=CUSTOMERS)
    tables, notes = risk_results(given, ledger=ledger_of(given), rating=None)
    assert pl.from_arrow(tables["risk_list"])["customer_id"].to_list() == ["GHOST", "HOME", "PART", "SUPPORT"]
    assert [(note.column, note.missing) for note in notes] == [("grade", 4), ("expected_loss", 4)]


def test_nothing_overdue_makes_no_table_and_a_note(supplier: Supplier):
    given = supplier.given(as_of=date(2026, 5, 20), bill=BILLS, customer=CUSTOMERS)
    tables, notes = risk_results(given, ledger=ledger_of(given), rating=None)
    assert tables == {}
    assert [(note.table, note.column) for note in notes] == [("risk_list", "")]


def test_the_workspaces_own_rules_replace_the_packaged_ones(supplier: Supplier):
    own: Mapping[str, object] = {
        "rule": [
            {
                "id": "own",
                "jurisdiction": "national",
                "name": {"zh": "自定", "en": "own"},
                "valid_from": date(2020, 1, 1),
                "source": "a test",
                "confidence": "assumption",
                "stop_after_days": 40,
                "notice": {"residential_days": 10, "other_days": 10},
            }
        ],
        "ladder": [
            {
                "valid_from": date(2020, 1, 1),
                "source": "a test",
                "remind_before_due_days": 5,
                "remind_days_late": 1,
                "call_days_late": 2,
                "visit_days_late": 3,
                "legal_days_late": 90,
            }
        ],
    }
    options = {"risk": {"jurisdictions": ["national"]}}
    row = made(supplier, dunning=own, options=options)["HOME"]
    # day 35 of 40; a notice of ten days may already run: due 20 May + 41 days is 30 June, after 4 July by the notice
    assert (row["next_action"], row["earliest_disconnection"], row["late_fee"]) == (
        "written_notice",
        date(2026, 7, 4),
        None,
    )


def test_wrong_rules_and_settings_are_refused(supplier: Supplier):
    with pytest.raises(DunningRulesInvalid, match="dunning"):
        made(supplier, dunning={"rule": []})
    with pytest.raises(SettingsInvalid, match="poor_grade"):
        made(supplier, options={"risk": {"poor_grade": ["C"]}})
