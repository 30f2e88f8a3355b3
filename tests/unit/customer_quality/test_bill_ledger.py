"""The account of each bill: every rule with two or three visible rows; all scenarios share one ledger an engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lianxin.engine.facts import Engine, FactFiles
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes, unmatched_payments

JUNE = date(2026, 6, 30)
Row = dict[str, Any]
FactsOf = Callable[[str, list[Mapping[str, object]]], FactFiles]
Ledger = dict[str, dict[str, Any]]


def day(text: str) -> date:
    """``04-20`` of 2026."""
    return date.fromisoformat(f"2026-{text}")


def bill(bill_id: str, total: str, **more: object) -> Row:
    """A bill of March 2026, issued on 3 April, due on 20 April."""
    base = {
        "bill_id": bill_id,
        "customer_id": "C",
        "agreement_id": "A",
        "billing_month": "2026-03",
        "issued_on": day("04-03"),
        "due_on": day("04-20"),
        "total_amount": Decimal(total),
    }
    return base | more


def pay(bill_id: str, paid_on: str, amount: str, customer: str | None = "C") -> Row:
    """A payment in 2026."""
    return {
        "payment_id": f"P-{bill_id}-{paid_on}-{amount}",
        "bill_id": bill_id,
        "customer_id": customer,
        "paid_on": day(paid_on),
        "amount": Decimal(amount),
    }


def write_off(bill_id: str, written_on: str, amount: str) -> Row:
    """A write-off in 2026."""
    return {
        "write_off_id": f"W-{bill_id}",
        "bill_id": bill_id,
        "written_on": day(written_on),
        "amount": Decimal(amount),
    }


Account = tuple[str, str, str | None]


@dataclass(frozen=True)
class Scenario:
    """Rows of one customer, and each bill's paid amount, open amount and day of settlement."""

    bills: list[Row]
    expected: dict[str, Account]
    payments: list[Row] = field(default_factory=list)
    write_offs: list[Row] = field(default_factory=list)

    def numbered(self, number: int) -> "Scenario":
        """The same under ids of its own, so that all scenarios can share one ledger."""

        def own(row: Row) -> Row:
            named = ("bill_id", "customer_id", "agreement_id", "payment_id", "write_off_id")
            return {
                key: f"{number}/{value}" if key in named and value is not None else value for key, value in row.items()
            }

        return replace(
            self,
            bills=[own(row) for row in self.bills],
            payments=[own(row) for row in self.payments],
            write_offs=[own(row) for row in self.write_offs],
            expected={f"{number}/{name}": account for name, account in self.expected.items()},
        )


RULES: dict[str, Scenario] = {
    "a bill paid in parts is settled when the parts reach the total": Scenario(
        [bill("B1", "100"), bill("B2", "50")],
        {"B1": ("100.00", "0.00", "05-02"), "B2": ("0.00", "50.00", None)},
        [pay("B1", "04-10", "60"), pay("B1", "05-02", "40.00")],
    ),
    "a payment that names no known bill is left out": Scenario(
        [bill("B1", "100")],
        {"B1": ("30.00", "70.00", None)},
        [pay("OLD", "04-10", "100"), pay("B1", "04-11", "30")],
    ),
    "what is paid beyond a bill settles the oldest open bill of the customer": Scenario(
        [bill("B1", "100"), bill("B3", "15", due_on=day("06-20")), bill("B2", "15", due_on=day("05-20"))],
        {
            "B1": ("100.00", "0.00", "04-10"),
            "B2": ("15.00", "0.00", "04-10"),
            "B3": ("5.00", "10.00", None),
        },
        [pay("B1", "04-10", "120")],
    ),
    "an over-payment that is refunded leaves the bill settled on the first day": Scenario(
        [bill("B1", "100"), bill("B2", "15")],
        {"B1": ("100.00", "0.00", "04-10"), "B2": ("0.00", "15.00", None)},
        [pay("B1", "04-10", "120"), pay("B1", "05-10", "-20")],
    ),
    "a refund below the total opens the bill again": Scenario(
        [bill("B1", "100")],
        {"B1": ("70.00", "30.00", None)},
        [pay("B1", "04-10", "100"), pay("B1", "06-10", "-30")],
    ),
    "a debit that bounced leaves the bill open": Scenario(
        [bill("B1", "100")],
        {"B1": ("0.00", "100.00", None)},
        [pay("B1", "04-10", "100"), pay("B1", "04-14", "-100")],
    ),
    "a bill whose debit bounced is settled when it is paid for good": Scenario(
        [bill("B1", "100")],
        {"B1": ("100.00", "0.00", "06-01")},
        [pay("B1", "04-10", "100"), pay("B1", "04-14", "-100"), pay("B1", "06-01", "100")],
    ),
    "payments of one day count together": Scenario(
        [bill("B1", "100")],
        {"B1": ("100.00", "0.00", "04-10")},
        [pay("B1", "04-10", "150"), pay("B1", "04-10", "-60"), pay("B1", "04-10", "20")],
    ),
    "a cancelled bill and its counterpart vanish and the new bill takes the payment": Scenario(
        [
            bill("B1", "100"),
            bill("R1", "-100", issued_on=day("04-25")),
            bill("N1", "90", issued_on=day("04-26")),
        ],
        {"N1": ("90.00", "0.00", "04-10")},
        [pay("B1", "04-10", "100")],
    ),
    "one cancellation takes one of two equal bills: the first issued": Scenario(
        [bill("B2", "100"), bill("B1", "100", issued_on=day("04-28")), bill("R1", "-100")],
        {"B1": ("0.00", "100.00", None)},
    ),
    "a negative bill of another month cancels nothing": Scenario(
        [bill("B1", "100"), bill("R1", "-100", billing_month="2026-02")],
        {"B1": ("100.00", "0.00", "04-03"), "R1": ("-100.00", "0.00", "04-03")},
    ),
    "a negative bill of another agreement cancels nothing": Scenario(
        [bill("B1", "100"), bill("R1", "-100", agreement_id="A2", customer_id="C2")],
        {"B1": ("0.00", "100.00", None), "R1": ("-100.00", "0.00", "04-03")},
    ),
    "a negative bill of another amount cancels nothing": Scenario(
        [bill("B1", "100"), bill("R1", "-99")],
        {"B1": ("99.00", "1.00", None), "R1": ("-99.00", "0.00", "04-03")},
    ),
    "bills without an agreement are cancelled within the customer": Scenario(
        [
            bill("B1", "100", agreement_id=None),
            bill("R1", "-100", agreement_id=None),
            bill("B2", "100", agreement_id=None, customer_id="C2"),
        ],
        {"B2": ("0.00", "100.00", None)},
    ),
    "a negative bill is credit for the oldest open bills from its day of issue": Scenario(
        [
            bill("B1", "30"),
            bill("B2", "30", due_on=day("05-01")),
            bill("K1", "-40", billing_month="2026-04", issued_on=day("05-04")),
        ],
        {"B1": ("30.00", "0.00", "05-04"), "B2": ("10.00", "20.00", None), "K1": ("-40.00", "0.00", "05-04")},
    ),
    "a credit that was paid out settles nothing": Scenario(
        [bill("B1", "30"), bill("K1", "-40", billing_month="2026-04")],
        {"B1": ("0.00", "30.00", None), "K1": ("-40.00", "0.00", "04-03")},
        [pay("K1", "05-09", "-40")],
    ),
    "credit and an own payment settle a bill together on the later day": Scenario(
        [
            bill("B1", "100"),
            bill("K1", "-40", billing_month="2026-04", issued_on=day("05-04")),
            bill("B2", "100", customer_id="C2"),
            bill("K2", "-40", billing_month="2026-04", issued_on=day("05-04"), customer_id="C2"),
        ],
        {
            "B1": ("100.00", "0.00", "05-20"),
            "K1": ("-40.00", "0.00", "05-04"),
            "B2": ("100.00", "0.00", "05-04"),
            "K2": ("-40.00", "0.00", "05-04"),
        },
        [pay("B1", "05-20", "60"), pay("B2", "04-20", "60")],
    ),
    "a payment under another customer still settles the bill it names": Scenario(
        [bill("B1", "100")], {"B1": ("100.00", "0.00", "04-09")}, [pay("B1", "04-09", "100", customer="merged")]
    ),
    "a payment without a customer settles the bill it names": Scenario(
        [bill("B1", "100")], {"B1": ("100.00", "0.00", "04-09")}, [pay("B1", "04-09", "100", customer=None)]
    ),
    "a zero bill is settled when issued": Scenario([bill("B1", "0")], {"B1": ("0.00", "0.00", "04-03")}),
    "a payment on a zero bill is credit": Scenario(
        [bill("B1", "0"), bill("B2", "8")],
        {"B1": ("0.00", "0.00", "04-03"), "B2": ("8.00", "0.00", "04-11")},
        [pay("B1", "04-11", "10")],
    ),
    "a payment before the issue counts from its own day": Scenario(
        [bill("B1", "80")], {"B1": ("80.00", "0.00", "03-01")}, [pay("B1", "03-01", "80")]
    ),
    "a write-off closes a bill without settling it": Scenario(
        [bill("B1", "100")],
        {"B1": ("30.00", "0.00", None)},
        [pay("B1", "04-09", "30")],
        [write_off("B1", "06-01", "70")],
    ),
    "what comes after a write-off is received": Scenario(
        [bill("B1", "100")],
        {"B1": ("40.00", "0.00", None)},
        [pay("B1", "06-09", "40")],
        [write_off("B1", "06-01", "100")],
    ),
}
_SHARED = [scenario.numbered(number) for number, scenario in enumerate(RULES.values())]


def ledger_of(engine: Engine, facts_of: FactsOf, scenarios: list[Scenario], *, as_of: date = JUNE) -> Ledger:
    """Rows by bill."""
    tables = [
        engine.facts(facts_of(name, [row for scenario in scenarios for row in rows(scenario)]))
        for name, rows in {
            "bill": lambda scenario: scenario.bills,
            "payment": lambda scenario: scenario.payments,
            "write_off": lambda scenario: scenario.write_offs,
        }.items()
    ]
    rows = engine.rows(bill_ledger(tables[0], tables[1], tables[2], as_of=as_of)).to_pylist()
    return {row["bill_id"]: row for row in rows}


def accounts(ledger: Ledger) -> dict[str, Account]:
    """Paid, open and day of settlement by bill."""
    return {
        name: (
            f"{row['paid_amount']:.2f}",
            f"{row['open_amount']:.2f}",
            row["settled_on"] and row["settled_on"].strftime("%m-%d"),
        )
        for name, row in ledger.items()
    }


@pytest.fixture(scope="module")
def kept() -> dict[str, Ledger]:
    """One ledger of all scenarios an engine."""
    return {}


@pytest.fixture
def shared(engine: Engine, facts_of: FactsOf, kept: dict[str, Ledger]) -> Ledger:
    """The ledger of all scenarios."""
    if engine.name not in kept:
        kept[engine.name] = ledger_of(engine, facts_of, _SHARED)
    return kept[engine.name]


@pytest.mark.parametrize("number", range(len(RULES)), ids=list(RULES))
def test_rule(shared: Ledger, number: int) -> None:
    mine = {name: row for name, row in shared.items() if name.startswith(f"{number}/")}
    assert accounts(mine) == _SHARED[number].expected


def test_every_row_adds_up(shared: Ledger) -> None:
    for row in shared.values():
        rest = row["total_amount"] - row["paid_amount"] - row["written_off_amount"]
        assert row["open_amount"] == max(rest, Decimal(0))


def test_nothing_that_was_received_is_lost(shared: Ledger) -> None:
    """What was received for live bills is what settles them plus what is left as credit."""
    number = list(RULES).index("what is paid beyond a bill settles the oldest open bill of the customer")
    rows = [row for name, row in shared.items() if name.startswith(f"{number}/")]
    assert sum(row["received_amount"] for row in rows) == sum(row["paid_amount"] for row in rows) == Decimal(120)
    assert sum(row["allotted_amount"] for row in rows) == Decimal(20)


def test_the_ledger_of_an_earlier_day_does_not_know_what_came_later(duckdb_engine: Engine, facts_of: FactsOf) -> None:
    cancelled = Scenario([bill("X1", "70"), bill("X2", "-70", issued_on=day("05-02"))], {}).numbered(1)
    later = bill("B2", "70", billing_month="2026-04", issued_on=day("05-03"))
    known = Scenario([bill("B1", "100")], {}, [pay("B1", "04-10", "60")])
    whole = Scenario(
        [*known.bills, later],
        {},
        [*known.payments, pay("B1", "05-02", "40")],
        [write_off("B1", "05-02", "40")],
    )
    seen = accounts(ledger_of(duckdb_engine, facts_of, [whole, cancelled], as_of=day("05-01")))
    assert seen == {"B1": ("60.00", "40.00", None), "1/X1": ("0.00", "70.00", None)}
    alone = Scenario(cancelled.bills[:1], {})
    assert seen == accounts(ledger_of(duckdb_engine, facts_of, [known, alone], as_of=day("05-01")))
    assert "1/X1" not in ledger_of(duckdb_engine, facts_of, [cancelled], as_of=day("05-02"))


def test_a_bill_without_billing_month_belongs_to_the_month_of_its_start(engine: Engine, facts_of: FactsOf) -> None:
    dated = bill("B1", "10", billing_month=None, period_start=day("02-28"), period_end=day("03-30"))
    assert ledger_of(engine, facts_of, [Scenario([dated], {})])["B1"]["billing_month"] == "2026-02"


def test_payments_that_name_no_known_bill_are_counted(duckdb_engine: Engine, facts_of: FactsOf) -> None:
    bills = [bill("B1", "100"), bill("X1", "70"), bill("X2", "-70")]
    payments = [pay("OLD", "04-10", "25"), pay("B1", "04-11", "30"), pay("X1", "04-12", "70"), pay("B1", "07-01", "9")]
    tables = [
        duckdb_engine.facts(facts_of(name, rows))
        for name, rows in {"bill": bills, "payment": payments, "write_off": []}.items()
    ]
    ledger = bill_ledger(tables[0], tables[1], tables[2], as_of=JUNE)
    assert duckdb_engine.rows(unmatched_payments(ledger, tables[0], tables[1], as_of=JUNE)).to_pylist() == [
        {"payments": 1, "amount": Decimal("25.0000")}
    ]


OUTCOMES = {
    "paid on the thirtieth day": ([pay("B", "05-20", "100")], False),
    "paid a day later": ([pay("B", "05-21", "100")], True),
    "short of a fen": ([pay("B", "05-20", "99.99")], True),
    "never paid": ([], True),
    "refunded in part after the day": ([pay("B", "04-10", "100"), pay("B", "06-10", "-30")], False),
    "bounced before the day": ([pay("B", "04-10", "100"), pay("B", "04-12", "-100"), pay("B", "06-01", "100")], True),
}


def outcomes(engine: Engine, facts_of: FactsOf, scenarios: list[Scenario], as_of: date) -> list[bool | None]:
    """``late`` of the bills, in order of their id."""
    bills = engine.facts(facts_of("bill", [row for scenario in scenarios for row in scenario.bills]))
    paid = engine.facts(facts_of("payment", [row for scenario in scenarios for row in scenario.payments]))
    written = engine.facts(facts_of("write_off", []))
    found = bill_outcomes(bill_ledger(bills, paid, written, as_of=as_of), paid, as_of=as_of, late_days=30)
    return [row["late"] for row in sorted(engine.rows(found).to_pylist(), key=lambda row: row["bill_id"])]


def test_a_bill_is_late_unless_settled_at_the_end_of_the_thirtieth_day(
    duckdb_engine: Engine, facts_of: FactsOf
) -> None:
    """Due on 20 April: the thirtieth day is 20 May."""
    scenarios = [
        Scenario([bill("B", "100")], {}, payments).numbered(number)
        for number, (payments, _late) in enumerate(OUTCOMES.values())
    ]
    late = outcomes(duckdb_engine, facts_of, scenarios, JUNE)
    assert dict(zip(OUTCOMES, late, strict=True)) == {name: expected for name, (_rows, expected) in OUTCOMES.items()}


def test_an_outcome_that_cannot_be_seen_yet_is_censored(duckdb_engine: Engine, facts_of: FactsOf) -> None:
    one = [Scenario([bill("B", "100")], {}, [pay("B", "05-25", "100")])]
    assert outcomes(duckdb_engine, facts_of, one, day("05-19")) == [None]
    assert outcomes(duckdb_engine, facts_of, one, day("05-20")) == [True]
    paid = [Scenario([bill("B", "100")], {}, [pay("B", "05-02", "100")])]
    assert outcomes(duckdb_engine, facts_of, paid, day("05-02")) == [False]
