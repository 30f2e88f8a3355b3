"""Plan advice: before and after by the engine, exact, and only where it is worth a change."""

from datetime import date
from decimal import Decimal

from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.agreement_year import AgreementYear, agreement_years
from lianxin.analyses.value_added.config import AdviceConfig, Resampling
from lianxin.analyses.value_added.eligibility import eligible_plans, suits_class, suits_voltage
from lianxin.analyses.value_added.plan_advice import plan_advice
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.uncertainty import probability_of_loss
from lianxin.analyses.value_added.year_bills import Case, bills_of
from lianxin.tariff import Plan

CONFIG = AdviceConfig()


def years(
    facts: Facts, plans: list[Plan], count: int = 1, first: date = date(2025, 1, 1), days: int = 365, **terms: object
) -> list[AgreementYear]:
    """Agreements with an even load of 100 kW."""
    agreement = {"customer_id": "C1", "plan_id": "two-part", "voltage_level": "10kV", "capacity_kva": 1000.0}
    agreement |= {"demand_basis": "capacity", "market_mode": "agency"} | terms
    given = facts.given(
        as_of=date(2025, 12, 31),
        plans=plans,
        customer=[{"customer_id": "C1", "customer_class": "large_industrial"}],
        agreement=[agreement | {"agreement_id": f"A{number}"} for number in range(count)],
        usage_point=[{"usage_point_id": f"UP{number}", "agreement_id": f"A{number}"} for number in range(count)],
        interval_reading=[
            row for number in range(count) for row in hourly(f"UP{number}", first, days, lambda *_: 100.0)
        ],
    )
    return [year for chunk in agreement_years(given, facts=price_facts(given)) for year in chunk]


CHEAPER = two_part(plan_id="cheaper", flat="0.5", peak="0.8")


def test_the_cheaper_plan_is_advised_with_the_exact_difference(facts: Facts) -> None:
    # a day costs 400 + 720 + 240 = 1,360 now (peak, flat, valley) and 320 + 600 + 240 = 1,160 then;
    # 1,000 kVA cost 20,000 a month
    (row,) = plan_advice(years(facts, [two_part(), CHEAPER]), in_use=frozenset(), config=CONFIG)
    assert (row["current_plan"], row["advised_plan"]) == ("two-part", "cheaper")
    assert row["annual_cost_current"] == Decimal("736400.00")  # 365·1,360 + 12·20,000
    assert row["annual_cost_advised"] == Decimal("663400.00")
    assert row["saving"] == Decimal("73000.00")
    assert [item["code"] for item in row["reasons"]] == ["plan_saves", "energy_changes", "probability_wrong"]
    assert "496400.00" in row["reasons"][1]["text_zh"]


def test_a_small_saving_is_named_and_not_advised(facts: Facts) -> None:
    # 0.0005 less on 12 flat hours of 100 kW: 0.60 a day, 219 a year of 736,400
    slightly = two_part(plan_id="slightly", flat="0.5995")
    (row,) = plan_advice(years(facts, [two_part(), slightly]), in_use=frozenset(), config=CONFIG)
    assert row["advised_plan"] == "two-part"
    assert row["saving"] == 0
    assert row["annual_cost_advised"] == row["annual_cost_current"]
    assert row["reasons"][0]["code"] == "not_worth_a_change"
    assert row["reasons"][0]["value"] == "219.00"


def test_without_another_plan_the_reason_says_so(facts: Facts) -> None:
    (row,) = plan_advice(years(facts, [two_part()]), in_use=frozenset(), config=CONFIG)
    assert row["advised_plan"] == "two-part"
    assert row["reasons"][0]["code"] == "no_alternative"


def test_fewer_months_than_half_a_year_advise_nothing_and_are_told(facts: Facts) -> None:
    (row,) = plan_advice(
        years(facts, [two_part(), CHEAPER], first=date(2025, 11, 1), days=61), in_use=frozenset(), config=CONFIG
    )
    assert row["advised_plan"] == "two-part"
    assert row["annual_cost_current"] == Decimal("735744.26")  # 61·1,360 + 2·20,000 = 122,960 on 61 days, × 365/61
    told = {item["code"]: item["text_en"] for item in row["reasons"]}
    assert told["scaled_to_year"].startswith("2 months could be billed (2025-11, 2025-12; 61 days)")


def test_terms_that_cannot_be_used_give_no_row(facts: Facts) -> None:
    found = years(facts, [two_part(), CHEAPER], demand_basis="contract_demand", contract_demand_kw=0.0)
    assert plan_advice(found, in_use=frozenset(), config=CONFIG) == []


def test_many_together_cost_what_each_costs_alone(facts: Facts) -> None:
    found = years(facts, [two_part(), CHEAPER], count=5, days=40, power_factor_standard=None)
    cases = [Case(year=year, plan=CHEAPER, terms=year.terms) for year in found]
    together, alone = bills_of(cases), [bills_of([case])[0] for case in cases]
    assert [item.parts for item in together] == [item.parts for item in alone]


def test_class_voltage_capacity_and_market_decide_who_may_choose_a_plan(facts: Facts) -> None:
    plans = [
        two_part(),
        CHEAPER,
        two_part(plan_id="too-small", more="max_capacity_kva = 999"),
        two_part(plan_id="just-fits", more="max_capacity_kva = 1000\nmin_capacity_kva = 1000"),
        two_part(plan_id="dollars", more='currency = "USD"'),
    ]
    (year,) = years(facts, plans)
    assert {plan.id for plan in eligible_plans(year, plans=plans, in_use=frozenset())} == {"cheaper", "just-fits"}


def test_the_wholesale_market_has_no_plan_to_choose(facts: Facts) -> None:
    (year,) = years(facts, [two_part(), CHEAPER], market_mode="wholesale")
    assert list(eligible_plans(year, plans=[two_part(), CHEAPER], in_use=frozenset())) == []


def test_the_statistical_classes_belong_to_industry_and_commerce() -> None:
    plan = two_part()
    assert suits_class(plan, "large_industrial")
    assert suits_class(plan, "industrial_commercial")
    assert not suits_class(plan, "residential")
    assert not suits_class(plan, None)


def test_voltage_is_compared_as_normalised() -> None:
    assert suits_voltage(two_part(), "交流10千伏")
    assert not suits_voltage(two_part(), "35kV")
    assert not suits_voltage(two_part(), None)


def test_the_probability_of_loss_is_that_of_resampled_months() -> None:
    config = Resampling(draws=20_000)
    # of two months +1 and −2, years are (+1,+1) 1/4, mixed 1/2 and (−2,−2) 1/4: three in four lose
    assert abs(probability_of_loss([Decimal(1), Decimal(-2)], config) - 0.75) < 0.01
    assert probability_of_loss([Decimal(1), Decimal(1)], config) < 1e-4
