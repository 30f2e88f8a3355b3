"""Payment terms of 10,000 random customers, held against a plain loop over the four terms in exact fractions."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.term_costs import Customers, cheapest, term_costs

CUSTOMERS = 10_000
SETTINGS = TermSettings()


def random_customers() -> Customers:
    random = np.random.default_rng(20260630)
    current = random.integers(0, 4, CUSTOMERS)
    holds = (current == 2) | (random.random(CUSTOMERS) < 0.1)
    residential = random.random(CUSTOMERS) < 0.4
    return Customers(
        probability_late=random.beta(0.6, 6.0, CUSTOMERS),
        daily_bill=np.where(random.random(CUSTOMERS) < 0.02, 0.0, random.lognormal(4.0, 2.0, CUSTOMERS)),
        cycle_days=random.choice([365.25 / 12, 365.25 / 6, 365.25 / 4], CUSTOMERS),
        term_days=random.uniform(0, 40, CUSTOMERS),
        dunning_days=random.choice([31.0, 34.0, 38.0, 180.0], CUSTOMERS),
        deposit=np.where(holds, random.lognormal(7.0, 2.0, CUSTOMERS), 0.0),
        yearly_margin=random.normal(500.0, 3_000.0, CUSTOMERS),
        current=current,
        contested=random.random(CUSTOMERS) < 0.3,
        never_prepaid=random.random(CUSTOMERS) < 0.1,
        excluded=np.column_stack(
            [[name in {"split_monthly", "deposit"} and home for home in residential] for name in TERMS]
        ),
    )


def cent(amount: Fraction) -> int:
    hundredths = Decimal(amount.numerator * 100) / Decimal(amount.denominator)
    return int(hundredths.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def one(given: Customers, row: int) -> tuple[str, int]:
    """The cheapest lawful term of one customer by trying all four, and its cost in cents."""
    value = {name: Fraction(float(getattr(given, name)[row])) for name in (
        "probability_late", "daily_bill", "cycle_days", "term_days", "dunning_days", "deposit", "yearly_margin",
    )}  # fmt: skip
    now = TERMS[given.current[row]]
    # the power is no fraction: it is taken as a double, as it is printed
    year = Fraction(1.0 - (1.0 - float(value["probability_late"])) ** (365.0 / SETTINGS.horizon_days))
    month = Fraction(365.25) / 12
    found: list[tuple[int, bool, int, str]] = []
    for number, term in enumerate(TERMS):
        cost = SETTINGS.costs[term]
        if given.excluded[row][number] and term != "postpaid":
            continue
        if term != "postpaid" and value["daily_bill"] * month < Fraction(cost.minimum_monthly_bill):
            continue
        if term == "prepaid" and given.never_prepaid[row]:
            continue
        asked = Fraction(SETTINGS.deposit_months) * month * value["daily_bill"]
        held = value["deposit"] if term == now else Fraction(0)
        if term == "deposit" and (term != now or value["deposit"] <= 0):
            held = asked
        cycle, pay = value["cycle_days"], value["term_days"]
        if term == "split_monthly":
            cycle, pay = cycle / SETTINGS.settlements_per_cycle, min(pay, Fraction(SETTINGS.settlement_term_days))
        days = cycle + pay + value["dunning_days"]
        owed = Fraction(0) if term == "prepaid" else max(Fraction(0), value["daily_bill"] * days - held)
        lent = value["daily_bill"] * (cycle / 2 + pay) - held
        if term == "prepaid":
            lent = -value["daily_bill"] * Fraction(SETTINGS.prepaid_days) / 2 - held
        lost = cost.margin_lost_contested if given.contested[row] else cost.margin_lost
        harder = number > given.current[row]
        parts = (
            year * Fraction(SETTINGS.loss_given_default) * owed,
            Fraction(cost.handling),
            Fraction(SETTINGS.deposit_interest) * held,
            Fraction(SETTINGS.capital_rate) * lent,
            max(Fraction(0), value["yearly_margin"]) * Fraction(lost) if harder else Fraction(0),
            Fraction(0) if term == now else Fraction(SETTINGS.change_cost),
        )
        found.append((sum(cent(part) for part in parts), term != now, number, term))
    total, _changes, _number, term = min(found)
    return term, total


def test_ten_thousand_random_customers_get_the_term_that_a_plain_search_finds():
    given = random_customers()
    costs = term_costs(given, SETTINGS)
    chosen = cheapest(costs, current=given.current)
    totals = costs.total[np.arange(CUSTOMERS), chosen]
    expected = [one(given, row) for row in range(CUSTOMERS)]
    assert [TERMS[number] for number in chosen] == [term for term, _ in expected]
    assert totals.tolist() == [total for _, total in expected]


def test_the_random_customers_reach_every_term_from_every_other():
    given = random_customers()
    chosen = cheapest(term_costs(given, SETTINGS), current=given.current)
    moves = {(TERMS[now], TERMS[then]) for now, then in zip(given.current, chosen, strict=True)}
    assert len(moves) >= 13
