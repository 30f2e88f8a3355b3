"""Key accounts: scores worked by hand, caps that no size lifts, ranks that stay."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lianxin.analyses.value_added.accounts.account_facts import Account, Rating, large_customers
from lianxin.analyses.value_added.accounts.config import AccountSettings, Weights
from lianxin.analyses.value_added.accounts.results import account_row, results
from lianxin.analyses.value_added.accounts.score import (
    contract_points,
    external_points,
    percentiles,
    score_accounts,
)

SETTINGS = AccountSettings()


def account(customer_id, *, size=1.0, paid=1.0, **more):
    kwh = 1_000_000 * size
    return Account(
        customer_id=customer_id,
        revenue=0.7 * kwh,
        kwh=kwh,
        due=0.7 * kwh,
        paid_in_time=0.7 * kwh * paid,
        **more,
    )


def test_a_huge_bad_payer_with_theft_does_not_top_the_list():
    thief = account("giant", size=50, paid=0.2, events=(("theft", 3),))
    scored = score_accounts([thief, account("a", size=2), account("b", size=1), account("c", size=1.5)], SETTINGS)
    assert [item.account.customer_id for item in scored] == ["a", "c", "b", "giant"]
    assert scored[-1].score <= 40
    assert scored[-1].capped_by == ("theft",)


def test_the_score_is_the_weighted_mean_of_what_is_known():
    first, second = score_accounts([account("large", size=2, paid=0.8), account("small", size=1)], SETTINGS)
    # small: revenue 0, energy 0, payment 100, contract 100; large: 100, 100, 80, 100; weights .25 .10 .25 .20
    assert (first.account.customer_id, first.score) == ("large", 93.75)  # (25 + 10 + 20 + 20) ÷ .8
    assert (second.account.customer_id, second.score) == ("small", 56.25)  # (25 + 20) ÷ .8
    assert first.parts["growth"] is None


def test_growth_of_a_fifth_scores_full_and_none_scores_half():
    grown, level = score_accounts([account("a", kwh_before=1e6 / 1.2), account("b", kwh_before=1e6)], SETTINGS)
    assert grown.parts["growth"] == pytest.approx(100)
    assert level.parts["growth"] == pytest.approx(50)


def test_contract_points_fall_with_events_overruns_and_an_ended_agreement():
    assert contract_points(account("a", events=(("breach", 2),)), SETTINGS) == 70
    assert contract_points(account("a", events=(("breach", 14),)), SETTINGS) == 85  # half after a year
    assert contract_points(account("a", overrun_months=3, expired=True), SETTINGS) == 65
    assert contract_points(account("a", events=(("theft", 2), ("breach", 1))), SETTINGS) == 0


def test_external_ratings_are_read_by_grade_and_a_debtors_list_counts_nothing():
    assert external_points((Rating(kind="tax", grade="B", score=None),), SETTINGS) == 80
    ratings = (Rating(kind="tax", grade="A", score=None), Rating(kind="court_dishonest", grade=None, score=1.0))
    assert external_points(ratings, SETTINGS) == 50
    assert np.isnan(external_points((Rating(kind="tax", grade="?", score=None),), SETTINGS))


def test_arrears_hold_the_score_down():
    owing = account("a", size=9, unpaid=0.3 * 0.7 * 9e6)
    scored = score_accounts([owing, account("b")], SETTINGS)
    assert {item.account.customer_id: item.capped_by for item in scored} == {"a": ("arrears",), "b": ()}
    assert max(item.score for item in scored if item.account.customer_id == "a") == 50


def test_equal_scores_are_ranked_by_revenue_and_then_by_id():
    scored = score_accounts([account("b"), account("a")], SETTINGS)
    assert [item.account.customer_id for item in scored] == ["a", "b"]


def test_percentiles_count_half_of_the_equals():
    assert percentiles(np.array([5.0, 1.0, 5.0])).tolist() == [75.0, 0.0, 75.0]
    assert percentiles(np.array([5.0])).tolist() == [50.0]


@settings(deadline=None)
@given(order=st.permutations(range(6)))
def test_the_list_does_not_depend_on_the_order_of_the_rows(order):
    accounts = [account(f"c{n}", size=1 + n % 3, paid=1 - n / 10) for n in range(6)]
    shuffled = score_accounts([accounts[n] for n in order], SETTINGS)
    assert [item.account.customer_id for item in shuffled] == [
        item.account.customer_id for item in score_accounts(accounts, SETTINGS)
    ]


def test_energy_cannot_be_given_half_of_the_weight():
    with pytest.raises(ValidationError, match="energy alone"):
        Weights(revenue=0.1, energy=0.5, payment=0.1, contract=0.1, growth=0.1, external=0.1)


def test_entitlements_follow_the_tier_of_the_score():
    (only,) = score_accounts([account("a")], SETTINGS)
    # alone: revenue and energy 50, payment and contract 100: (12.5 + 5 + 25 + 20) ÷ .8 = 78.13
    row = account_row(only, SETTINGS)
    assert row["score"] == 78.12
    assert row["entitlements"][:3] == ["green_channel", "toll_free_line", "named_manager"]
    assert {item["code"] for item in row["reasons"]} >= {"payment", "contract", "tier", "rank_stability"}


AS_OF = date(2026, 3, 31)


def bills(customer, months, kwh, amount, **more):
    return [
        {
            "bill_id": f"{customer}-{month}",
            "customer_id": customer,
            "agreement_id": f"{customer}-A",
            "billing_month": month,
            "issued_on": date(int(month[:4]), int(month[5:]), 28),
            "due_on": date(int(month[:4]), int(month[5:]), 28),
            "kwh": kwh,
            "total_amount": Decimal(amount),
        }
        | more
        for month in months
    ]


def tables():
    year = [f"2025-{n:02d}" for n in range(3, 13)] + ["2026-01", "2026-02"]
    before = [f"2024-{n:02d}" for n in range(3, 13)] + ["2025-01", "2025-02"]
    billed = bills("L", year, 110.0, "100.00", max_demand_kw=420.0) + bills("L", before, 100.0, "90.00")
    billed += bills("S", year, 10.0, "9.00") + bills("R", year, 900_000.0, "9.00")
    return {
        "customer": [
            {"customer_id": "L", "customer_class": "large_industrial"},
            {"customer_id": "S", "customer_class": "commercial"},
            {"customer_id": "R", "customer_class": "residential"},
        ],
        "agreement": [
            {
                "agreement_id": "L-A",
                "customer_id": "L",
                "capacity_kva": 800.0,
                "demand_basis": "contract_demand",
                "contract_demand_kw": 400.0,
            },
            {"agreement_id": "S-A", "customer_id": "S", "capacity_kva": 50.0},
            {"agreement_id": "R-A", "customer_id": "R", "capacity_kva": 8.0},
        ],
        "bill": billed,
        "payment": [
            {"payment_id": "1", "bill_id": "L-2025-12", "paid_on": date(2025, 12, 28), "amount": Decimal("100.00")},
            {"payment_id": "2", "bill_id": "L-2026-01", "paid_on": date(2026, 1, 29), "amount": Decimal("100.00")},
            {"payment_id": "3", "bill_id": "L-2026-02", "paid_on": date(2026, 4, 2), "amount": Decimal("100.00")},
        ],
        "compliance_event": [
            {"event_id": "1", "customer_id": "L", "kind": "breach", "occurred_on": date(2025, 1, 15)},
            {"event_id": "2", "customer_id": "L", "kind": "theft", "occurred_on": date(2022, 1, 15)},
            {"event_id": "3", "customer_id": "L", "kind": "theft", "occurred_on": date(2026, 4, 15)},
        ],
        "external_rating": [
            {"customer_id": "L", "source": "t", "kind": "tax", "as_of": date(2024, 4, 1), "grade": "D"},
            {"customer_id": "L", "source": "t", "kind": "tax", "as_of": date(2025, 4, 1), "grade": "A"},
        ],
    }


def test_only_what_was_known_of_large_customers_is_gathered(given_on):
    (found,) = large_customers(given_on(AS_OF, **tables()), SETTINGS)
    assert found == Account(
        customer_id="L",
        revenue=1200.0,
        kwh=1320.0,
        kwh_before=1200.0,
        due=1100.0,  # eleven bills due in the year to 31 March 2026
        paid_in_time=100.0,  # December; January came a day late, February after the as-of day
        unpaid=900.0,
        events=(("breach", 14),),  # theft of 2022 is over 36 months ago, that of April not known yet
        overrun_months=0,  # 420 kW is exactly 105 % of 400
        ratings=(Rating(kind="tax", grade="A", score=None),),
    )


def test_the_result_has_the_columns_of_the_contract(given_on_duckdb):
    table, notes = results(given_on_duckdb(AS_OF, **tables()))
    assert table.column_names == ["customer_id", "rank", "score", "entitlements", "reasons"]
    (row,) = table.to_pylist()
    assert (row["customer_id"], row["rank"]) == ("L", 1)
    assert notes == ()


def test_without_large_customers_the_note_says_what_is_needed(given_on_duckdb):
    table, (note,) = results(given_on_duckdb(AS_OF))
    assert table.num_rows == 0
    assert (note.table, note.column) == ("key_account", "")
