"""What a customer earns, worked by hand to the fen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from lianxin.analyses.customer_quality.profit.fen import fen
from lianxin.analyses.customer_quality.profit.results import COSTS, profit_rows, profits
from lianxin.analyses.customer_quality.profit.shares import ranked
from lianxin.contracts.analysis import AnalysisInput, Note

MARCH = "2026-03"
SUPPLY = [
    {"area_id": "Z", "valid_from": date(2024, 1, 1), "band": band, "per_kwh": cost}
    for band, cost in {"peak": 0.5, "flat": 0.4, "valley": 0.2}.items()
]
NETWORK = [
    {"voltage_level": "380V", "valid_from": date(2024, 1, 1), "per_kwh": 0.1},
    {"voltage_level": "380V", "valid_from": date(2026, 4, 1), "per_kwh": 9.9},
]
CUSTOMER = {"customer_id": "C", "customer_class": "commercial", "district_id": "D"}
AGREEMENT = {"agreement_id": "A-C", "customer_id": "C", "market_mode": "regulated", "voltage_level": "交流380 V"}
PLACES = {
    "district": [{"district_id": "D", "area_id": "Z1"}],
    "area": [{"area_id": "Z1", "parent_id": "Z"}, {"area_id": "Z"}, {"area_id": "Y"}],
}
TAXED = {"tax_amount": Decimal(13), "fund_amount": Decimal(5)}
BANDS = {"kwh_peak": 60.0, "kwh_valley": 30.0, "kwh_flat": 10.0}


def row_of(given: Any, **tables: Any) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """The one row of customer_profit, and the notes."""
    found = made(given(**tables), given)
    (row,) = found.table.to_pylist()
    return row, found.notes


def made(prepared: AnalysisInput, given: Any) -> Any:
    found = profits(prepared, ledger=given.ledger(prepared))
    assert found is not None
    return found


def test_every_part_is_what_a_hand_makes_it(given: Any) -> None:
    """113.00 less 13 tax and 5 funds = 95.00; 60 × .5 + 30 × .2 + 10 × .4 = 40.00; 100 × .1 = 10.00; a case of 7.50.

    Paid ten days after the issue: 113 × 10 × 3 % ÷ 365 = 0.0929.
    """
    bill = given.bill("C", MARCH, "113", **TAXED, **BANDS)
    case = {"case_id": "K", "customer_id": "C", "subject": "x", "handling_cost": Decimal("7.5")}
    opened = {"opened_at": datetime(2026, 3, 10, tzinfo=UTC), "closed_at": datetime(2026, 3, 11, tzinfo=UTC)}
    row, notes = row_of(
        given,
        bill=[bill],
        payment=[given.pay(bill, date(2026, 4, 13))],
        case=[case | opened],
        customer=[CUSTOMER],
        agreement=[AGREEMENT],
        supply_cost=SUPPLY,
        network_cost=NETWORK,
        **PLACES,
    )
    assert row == {
        "customer_id": "C",
        "months": 1,
        "kwh": 100.0,
        "revenue": Decimal(95),
        "purchase_cost": Decimal(40),
        "network_cost": Decimal(10),
        "service_cost": Decimal("7.5"),
        "bad_debt_cost": Decimal(0),
        "capital_cost": Decimal("0.09"),
        "profit": Decimal("37.41"),
        "margin": pytest.approx(37.41 / 95),
        "rank": 1,
        "cumulative_share": 1.0,
    }
    assert notes == ()


@pytest.mark.parametrize("mode", ["agency", "retail", "wholesale"])
def test_purchase_and_system_items_pass_through_in_the_market(given: Any, mode: str) -> None:
    """56.5 + 11.3 with 13 % tax are 60.00 net: what is left of 95.00 is 35.00, less 10.00 of the network."""
    parts = {
        "purchase_amount": Decimal("56.5"),
        "system_amount": Decimal("11.3"),
        "transmission_amount": Decimal("39.2"),
    }
    bill = given.bill("C", MARCH, "113", **TAXED, **BANDS, **parts)
    row, _notes = row_of(
        given,
        bill=[bill],
        payment=[given.pay(bill, date(2026, 4, 3))],
        customer=[CUSTOMER],
        agreement=[AGREEMENT | {"market_mode": mode}],
        supply_cost=SUPPLY,
        network_cost=NETWORK,
        **PLACES,
    )
    assert (row["revenue"], row["purchase_cost"], row["network_cost"]) == (Decimal(95), Decimal(60), Decimal(10))
    assert row["profit"] == Decimal(25)


def test_tax_that_is_not_on_the_bill_is_taken_by_the_dated_rate(given: Any) -> None:
    """113 with 13 % in it is 100 net; the purchase on the bill, 56.5, is 50 net. No cost of the network is known."""
    bill = given.bill("C", MARCH, "113", purchase_amount=Decimal("56.5"))
    row, notes = row_of(given, bill=[bill], payment=[given.pay(bill, date(2026, 4, 3))])
    assert (row["revenue"], row["purchase_cost"], row["network_cost"]) == (Decimal(100), Decimal(50), Decimal(0))
    assert {note.column for note in notes} == {"network_cost", "service_cost", "revenue"}


def test_bills_alone_give_a_profit_before_what_is_not_known_and_say_so(given: Any) -> None:
    bill = given.bill("C", MARCH, "113")
    row, notes = row_of(given, bill=[bill], payment=[given.pay(bill, date(2026, 4, 3))])
    assert (row["revenue"], row["profit"]) == (Decimal(100), Decimal(100))
    assert {note.column for note in notes} == {"purchase_cost", "network_cost", "service_cost", "revenue"}


def test_a_bill_without_a_cost_of_its_own_takes_the_mean_of_the_others_and_a_note_says_so(given: Any) -> None:
    """The bills that tell it paid 56.5 ÷ 1.13 = 50 for 100 kWh: .50 each."""
    bills = [
        given.bill("C", MARCH, "113", tax_amount=Decimal(13), purchase_amount=Decimal("56.5")),
        given.bill("D", MARCH, "113", kwh=40.0),
    ]
    found = made(given(bill=bills, payment=[given.pay(bill) for bill in bills]), given)
    costs = {row["customer_id"]: row["purchase_cost"] for row in found.table.to_pylist()}
    assert costs == {"C": Decimal(50), "D": Decimal(20)}
    assert next((note.column, note.missing) for note in found.notes) == ("purchase_cost", 1)


def test_write_offs_and_the_age_of_arrears_are_bad_debt(given: Any) -> None:
    """60 written off; a bill of 100 due on 20 April is 71 days late on 30 June: 2 % of it is expected to be lost."""
    bills = [given.bill("C", "2025-08", "60"), given.bill("C", MARCH, "100")]
    written = [
        {"write_off_id": "W", "bill_id": bills[0]["bill_id"], "written_on": date(2026, 2, 1), "amount": Decimal(60)}
    ]
    row, _notes = row_of(given, bill=bills, write_off=written)
    assert row["bad_debt_cost"] == Decimal(62)


def test_capital_is_tied_up_from_issue_to_payment_by_parts(given: Any) -> None:
    """36,500 issued on 3 April: 10,000 paid after 10 days, 26,500 open for 88 days until 30 June, at 3 % a year."""
    bill = given.bill("C", MARCH, "36500")
    row, _notes = row_of(given, bill=[bill], payment=[given.pay(bill, date(2026, 4, 13), "10000")])
    assert row["capital_cost"] == Decimal(str(round((10_000 * 10 + 26_500 * 88) * 0.03 / 365, 2)))


def test_who_pays_before_the_bill_lowers_the_cost_of_capital(given: Any) -> None:
    bill = given.bill("C", MARCH, "36500")
    row, _notes = row_of(given, bill=[bill], payment=[given.pay(bill, date(2026, 3, 24))])
    assert row["capital_cost"] == Decimal(-30)


def test_a_cancelled_bill_earns_nothing(given: Any) -> None:
    bill = given.bill("C", MARCH, "113")
    cancelled = bill | {"bill_id": "X", "total_amount": Decimal(-113), "kwh": -100.0}
    again = bill | {"bill_id": "Y", "total_amount": Decimal("56.5"), "kwh": 50.0}
    row, _notes = row_of(given, bill=[bill, cancelled, again], payment=[given.pay(again, date(2026, 4, 3))])
    assert (row["revenue"], row["kwh"], row["months"]) == (Decimal(50), 50.0, 1)


def test_the_months_are_the_last_twelve_billed_and_a_month_of_which_few_bills_are_out_waits(given: Any) -> None:
    months = [f"2025-{number:02d}" for number in range(4, 13)] + [f"2026-{number:02d}" for number in range(1, 6)]
    bills = [given.bill(customer, month, "113") for customer in "CDE" for month in months]
    early = given.bill("C", "2026-06", "113", issued_on=date(2026, 6, 30))
    found = made(given(bill=[*bills, early]), given)
    assert (str(found.window.first), str(found.window.last)) == ("2025-06", "2026-05")
    assert {row["months"] for row in found.table.to_pylist()} == {12}


def test_the_curve_of_shares_rises_above_one_and_ends_at_one() -> None:
    """6, 4 and −5 make 5: 1.2, 2.0, 1.0."""
    rows = pl.DataFrame(
        {"customer_id": ["b", "c", "a"], "profit_fen": [400, -500, 600], "revenue_fen": [1000, 0, 1000]}
    )
    found = ranked(rows)
    assert found["customer_id"].to_list() == ["a", "b", "c"]
    assert found["rank"].to_list() == [1, 2, 3]
    assert found["cumulative_share"].to_list() == [1.2, 2.0, 1.0]
    assert found["margin"].to_list() == [0.6, 0.4, None]


def test_without_a_total_profit_there_is_no_share() -> None:
    rows = pl.DataFrame({"customer_id": ["a"], "profit_fen": [-1], "revenue_fen": [1]})
    assert ranked(rows)["cumulative_share"].to_list() == [None]


def test_fen_are_rounded_half_away_from_zero() -> None:
    amounts = [Decimal("1.2350"), Decimal("-1.2350"), Decimal("1.2349"), None]
    frame = pl.DataFrame({"amount": amounts}, schema={"amount": pl.Decimal(18, 4)})
    assert frame.select(fen("amount"))["amount"].to_list() == [124, -124, 123, 0]


_UNITS = st.integers(-(10**12), 10**12)


@each(st.lists(st.tuples(*[_UNITS] * 8), min_size=1, max_size=20))
def test_the_parts_add_up_to_the_profit_to_the_fen(values: list[tuple[int, ...]]) -> None:
    money = pl.Decimal(18, 4)
    names = ("revenue", "purchase", "network", "service", "lost", "expected_lost", "money_days", "agreed_days")
    columns = {name: [Decimal(row[place]).scaleb(-4) for row in values] for place, name in enumerate(names)}
    ids = [str(number) for number in range(len(values))]
    whole = pl.DataFrame(
        {"customer_id": ids, **columns}, schema={"customer_id": pl.String, **dict.fromkeys(names, money)}
    )
    sums = whole.select("customer_id", "revenue", "purchase", "network", months=pl.lit(1))
    account = whole.select("customer_id", "lost", "expected_lost", "money_days", "agreed_days")
    rows = profit_rows(sums, account=account, service=whole.select("customer_id", "service"), capital_rate=0.03)
    parts = rows.select(pl.sum_horizontal(f"{name}_fen" for name in COSTS)).to_series()
    assert (rows["revenue_fen"] - parts == rows["profit_fen"]).all()
    assert (rows["potential_fen"] >= rows["profit_fen"]).all() or (rows["bad_debt_cost_fen"] < 0).any()
