"""What each payment term costs: one customer worked by hand, and the rules of law and ties."""

from dataclasses import replace

import numpy as np
import pytest

from lianxin.analyses.customer_quality.terms.config import TERMS, TermCost, TermSettings
from lianxin.analyses.customer_quality.terms.credit_limit import credit_limit
from lianxin.analyses.customer_quality.terms.term_costs import (
    Customers,
    cents,
    cheapest,
    term_costs,
    yearly_probability,
)

POSTPAID, SPLIT, DEPOSIT, PREPAID = range(4)
MONTH = 365.25 / 12
# round figures: a horizon of a year, so that the probability stays as it is
PLAIN = TermSettings(
    horizon_days=365.0,
    loss_given_default=0.5,
    capital_rate=0.04,
    deposit_interest=0.01,
    deposit_months=2.0,
    settlements_per_cycle=3,
    settlement_term_days=5.0,
    prepaid_days=20.0,
    change_cost=25.0,
    costs={
        "postpaid": TermCost(handling=10),
        "split_monthly": TermCost(handling=100, margin_lost=0.01, margin_lost_contested=0.10),
        "deposit": TermCost(
            handling=50, margin_lost=0.02, margin_lost_contested=0.20, excluded_classes=("residential",)
        ),
        "prepaid": TermCost(handling=40, margin_lost=0.05, margin_lost_contested=0.50),
    },
)


def customer(**more: object) -> Customers:
    """100 a day, a cycle of 30 days, 20 to pay, 34 to the stop; one in eight late; margin 2,000 a year; postpaid."""
    usual: dict[str, object] = {
        "probability_late": 0.125,
        "daily_bill": 100.0,
        "cycle_days": 30.0,
        "term_days": 20.0,
        "dunning_days": 34.0,
        "deposit": 0.0,
        "yearly_margin": 2_000.0,
        "current": POSTPAID,
        "contested": False,
        "never_prepaid": False,
    }
    arrays = {name: np.array([value]) for name, value in (usual | more).items() if name != "excluded"}
    return Customers(**arrays, excluded=np.array([more.get("excluded", [False] * 4)]))


def test_every_part_of_every_term_by_hand():
    costs = term_costs(customer(), PLAIN)
    # exposures: 100 × 84; 100 × (10 + 5 + 34); 8,400 − 2 × 30.4375 × 100; nothing
    assert costs.exposure.round(2).tolist() == [[8_400.0, 4_900.0, 2_312.5, 0.0]]
    # an eighth of half of it
    assert costs.loss.tolist() == [[52_500, 30_625, 14_453, 0]]
    assert costs.handling.tolist() == [[1_000, 10_000, 5_000, 4_000]]
    # 1 % of 6,087.50
    assert costs.interest.tolist() == [[0, 0, 6_088, 0]]
    # 4 % of 100 × (15 + 20); of 100 × (5 + 5); of 3,500 − 6,087.50; of −100 × 10
    assert costs.capital.tolist() == [[14_000, 4_000, -10_350, -4_000]]
    # 1, 2 and 5 % of 2,000
    assert costs.margin.tolist() == [[0, 2_000, 4_000, 10_000]]
    assert costs.change.tolist() == [[0, 2_500, 2_500, 2_500]]
    assert costs.total.tolist() == [[67_500, 49_125, 21_691, 12_500]]
    assert cheapest(costs, current=np.array([POSTPAID])).tolist() == [PREPAID]


def test_whom_prepayment_may_not_touch_gets_the_next_best():
    costs = term_costs(customer(never_prepaid=True), PLAIN)
    assert cheapest(costs, current=np.array([POSTPAID])).tolist() == [DEPOSIT]


def test_a_class_that_is_not_asked_for_a_deposit_is_not_advised_one():
    costs = term_costs(customer(never_prepaid=True, excluded=[False, False, True, False]), PLAIN)
    assert cheapest(costs, current=np.array([POSTPAID])).tolist() == [SPLIT]


def test_who_is_on_prepayment_unlawfully_must_change_though_it_costs_more():
    costs = term_costs(customer(current=PREPAID, never_prepaid=True), PLAIN)
    chosen = cheapest(costs, current=np.array([PREPAID]))
    assert chosen.tolist() == [DEPOSIT]
    assert costs.total[0, chosen[0]] > costs.total[0, PREPAID]


def test_where_the_customer_can_leave_a_harder_term_loses_more_margin():
    assert term_costs(customer(contested=True), PLAIN).margin.tolist() == [[0, 20_000, 40_000, 100_000]]


def test_going_back_to_an_easier_term_loses_no_margin():
    assert term_costs(customer(current=DEPOSIT), PLAIN).margin.tolist() == [[0, 0, 0, 10_000]]


def test_a_customer_without_margin_loses_none():
    assert term_costs(customer(yearly_margin=-500.0), PLAIN).margin.tolist() == [[0, 0, 0, 0]]


def test_a_deposit_that_is_held_counts_under_the_present_term():
    costs = term_costs(customer(current=DEPOSIT, deposit=1_000.0), PLAIN)
    assert costs.exposure[0].round(2).tolist() == [8_400.0, 4_900.0, 7_400.0, 0.0]
    assert costs.interest[0].tolist() == [0, 0, 1_000, 0]


def test_a_deposit_term_without_an_amount_counts_the_usual_deposit():
    assert term_costs(customer(current=DEPOSIT), PLAIN).exposure[0, DEPOSIT] == pytest.approx(2_312.5)


def test_a_small_customer_is_not_settled_several_times_a_month():
    small = customer(never_prepaid=True, daily_bill=100.0)
    asks = PLAIN.costs["split_monthly"].model_copy(update={"minimum_monthly_bill": 100.0 * MONTH + 0.01})
    settings = PLAIN.model_copy(update={"costs": {**PLAIN.costs, "split_monthly": asks}})
    assert term_costs(small, settings).lawful.tolist() == [[True, False, True, False]]


def test_a_tie_goes_to_the_present_term_and_then_to_the_less_demanding():
    costs = term_costs(customer(), PLAIN)
    level = replace(costs, loss=np.zeros_like(costs.loss) - costs.total + costs.loss)
    assert level.total.tolist() == [[0, 0, 0, 0]]
    assert [cheapest(level, current=np.array([now])).tolist() for now in range(4)] == [[0], [1], [2], [3]]
    only_others = replace(level, lawful=np.array([[False, True, True, True]]))
    assert cheapest(only_others, current=np.array([POSTPAID])).tolist() == [SPLIT]


def test_a_quarter_at_ten_percent_is_a_year_at_thirty_four():
    # 1 − 0.9⁴
    assert yearly_probability(np.array([0.10]), horizon_days=365 / 4)[0] == pytest.approx(0.3439)


def test_cents_are_rounded_half_away_from_zero():
    assert cents(np.array([0.125, -0.125, 0.1249])).tolist() == [13, -13, 12]


def test_the_limit_is_what_a_cycle_needs_while_the_loss_is_affordable():
    # 1.2 × 100 × 50 = 6,000; half of 2,000 buys 1,000 ÷ 0.0625 = 16,000
    assert credit_limit(customer(), PLAIN, advised=np.array([POSTPAID])).tolist() == [6_000.0]


def test_a_risky_customer_gets_what_its_margin_can_bear():
    # 1,000 ÷ (0.5 × 0.5)
    risky = customer(probability_late=0.5)
    assert credit_limit(risky, PLAIN, advised=np.array([POSTPAID])).tolist() == [4_000.0]


def test_a_deposit_raises_the_limit_and_prepayment_needs_none():
    # 6,000 + 6,087.50, rounded down
    assert credit_limit(customer(), PLAIN, advised=np.array([DEPOSIT])).tolist() == [12_087.0]
    assert credit_limit(customer(), PLAIN, advised=np.array([PREPAID])).tolist() == [0.0]


def test_without_margin_there_is_no_credit():
    assert credit_limit(customer(yearly_margin=-1.0), PLAIN, advised=np.array([POSTPAID])).tolist() == [0.0]


def test_the_terms_stand_from_the_least_to_the_most_demanding():
    assert TERMS == ("postpaid", "split_monthly", "deposit", "prepaid")
