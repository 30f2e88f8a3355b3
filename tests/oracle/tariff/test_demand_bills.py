"""Demand charges worked by hand: both sides of 105 %, 40 %, 260 kWh/kVA and 315 kVA, on three bases."""

from decimal import Decimal

import pytest

from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, parse_plan, rate_quantities, terms
from lianxin.tariff.refusals import PlanNotEligible, PriceMissing, TermInvalid, TermMissing

MARCH = Month(2026, 3)


def plan(**demand):
    version = {"valid_from": "2020-01-01", "energy": {"flat": 0}, "demand": {"capacity_price": "22.6", **demand}}
    return parse_plan({"id": "p", "name": {"zh": "p", "en": "p"}, "min_capacity_kva": 315, "version": [version]})


FULL = {"demand_price": "36.1", "minimum_share": "0.40"}
DISCOUNT = {"load_rate_discount": {"kwh_per_kva": 260, "multiple": "0.90"}}


def lines(of, maximum, *, kwh="0", month=MARCH, **agreed):
    found = rate_quantities(
        plan=of,
        month=month,
        quantities=Quantities(kwh_by_band={"flat": Decimal(kwh)}, max_demand_kw=Decimal(maximum)),
        terms=terms(**agreed),
    )
    return {line.code: str(line.amount) for line in found.lines if line.code.startswith("demand")}


@pytest.mark.parametrize(
    ("maximum", "overrun"),
    [
        ("500", None),  # below the contract: the contract value is paid
        ("1000", None),
        ("1050", None),  # at 105 %: not over
        ("1050.01", "0.72"),  # 0.01 × 72.2 = 0.722
        ("1050.1", "7.22"),
        ("1100", "3610.00"),  # 50 × 72.2
        ("2000", "68590.00"),  # 950 × 72.2
    ],
)
def test_above_105_percent_only_the_excess_is_billed_double(maximum, overrun):
    found = lines(plan(**FULL), maximum, basis="contract_demand", capacity_kva=2000, contract_demand_kw=1000)
    assert found == {"demand.contract": "36100.00"} | ({} if overrun is None else {"demand.overrun": overrun})


@pytest.mark.parametrize(
    ("maximum", "contract", "overrun"),
    [
        ("1050", "36100.00", None),
        ("1050.01", "37905.00", "0.72"),  # once over 1050 × 36.1 and the excess doubled
        ("1100", "37905.00", "3610.00"),
        ("2000", "37905.00", "68590.00"),
    ],
)
def test_the_second_reading_bills_105_percent_once_over(maximum, contract, overrun):
    of = plan(**FULL, overrun_reading="threshold_then_double")
    found = lines(of, maximum, basis="contract_demand", capacity_kva=2000, contract_demand_kw=1000)
    assert found == {"demand.contract": contract} | ({} if overrun is None else {"demand.overrun": overrun})


@pytest.mark.parametrize(
    ("agreed", "billed"),
    [
        ("100", "28880.00"),  # lifted to 800 = 40 % of 2000
        ("799.99", "28880.00"),
        ("800", "28880.00"),
        ("800.01", "28880.36"),  # 800.01 × 36.1 = 28880.361
        ("801", "28916.10"),
    ],
)
def test_a_contract_below_40_percent_is_lifted(agreed, billed):
    found = lines(plan(**FULL), "500", basis="contract_demand", capacity_kva=2000, contract_demand_kw=agreed)
    assert found == {"demand.contract": billed}


@pytest.mark.parametrize(("maximum", "overrun"), [("840", None), ("840.5", "36.10"), ("1000", "11552.00")])
def test_the_floor_lifts_before_the_threshold_is_taken(maximum, overrun):
    # threshold 1.05 × 800 = 840, not 1.05 × 500
    found = lines(plan(**FULL), maximum, basis="contract_demand", capacity_kva=2000, contract_demand_kw=500)
    assert found == {"demand.contract": "28880.00"} | ({} if overrun is None else {"demand.overrun": overrun})


def test_the_floor_does_not_touch_the_actual_maximum():
    assert lines(plan(**FULL), "100", basis="actual_demand", capacity_kva=2000) == {"demand.actual": "3610.00"}


@pytest.mark.parametrize(
    ("kwh", "discount"),
    [
        ("259999.99", None),
        ("260000", "-3610.00"),  # 36100 × 0.1
        ("260000.01", "-3610.00"),
        ("700000", "-3610.00"),
    ],
)
@pytest.mark.parametrize("basis", ["contract_demand", "actual_demand"])
def test_from_260_kwh_per_kva_on_a_tenth_of_the_demand_charge_is_off(kwh, discount, basis):
    found = lines(plan(**FULL, **DISCOUNT), "1000", kwh=kwh, basis=basis, capacity_kva=1000, contract_demand_kw=1000)
    code = {"contract_demand": "demand.contract", "actual_demand": "demand.actual"}[basis]
    assert found == {code: "36100.00"} | ({} if discount is None else {"demand.discount": discount})


def test_the_discount_takes_in_the_overrun_and_not_the_capacity_basis():
    of = plan(**FULL, **DISCOUNT)
    over = lines(of, "1060.07", kwh="400000", basis="contract_demand", capacity_kva=1500, contract_demand_kw=1000)
    # overrun 10.07 × 72.2 = 727.054 → 727.05; (36100 + 727.05) × 0.1 = 3682.705 → 3682.71, away from zero
    assert over == {"demand.contract": "36100.00", "demand.overrun": "727.05", "demand.discount": "-3682.71"}
    assert lines(of, "900", kwh="400000", basis="capacity", capacity_kva=1500) == {"demand.capacity": "33900.00"}


@pytest.mark.parametrize(("capacity", "amount"), [("315", "7119.00"), ("315.5", "7130.30"), ("2000", "45200.00")])
def test_from_315_kva_on_the_plan_is_open(capacity, amount):
    assert lines(plan(**FULL), "1", basis="capacity", capacity_kva=capacity) == {"demand.capacity": amount}


@pytest.mark.parametrize("capacity", ["100", "250", "314", "314.99"])
def test_below_315_kva_the_plan_is_refused(capacity):
    with pytest.raises(PlanNotEligible):
        lines(plan(**FULL), "1", basis="capacity", capacity_kva=capacity)


@pytest.mark.parametrize(
    ("start", "end", "capacity_amount"),
    [
        # 2026-02 has 28 days: the whole month is one month, 27 days are 27/30
        ((2026, 2, 1), (2026, 3, 1), "22600.00"),
        ((2026, 2, 2), (2026, 3, 1), "20340.00"),
        # 2028-02 is a leap month
        ((2028, 2, 1), (2028, 3, 1), "22600.00"),
        ((2028, 2, 1), (2028, 2, 29), "21093.33"),  # 28/30
        ((2028, 2, 29), (2028, 3, 1), "753.33"),  # the leap day alone
        ((2026, 4, 1), (2026, 5, 1), "22600.00"),
        ((2026, 4, 11), (2026, 5, 1), "15066.67"),  # 20/30
        ((2026, 3, 1), (2026, 4, 1), "22600.00"),
        ((2026, 3, 2), (2026, 4, 1), "22600.00"),  # 30 of 31 days are 30/30
        ((2026, 3, 3), (2026, 4, 1), "21846.67"),  # 29/30
    ],
)
def test_part_months_are_taken_by_a_thirtieth_a_day(start, end, capacity_amount):
    from datetime import date

    found = rate_quantities(
        plan=plan(**FULL),
        month=Month(start[0], start[1]),
        quantities=Quantities(kwh_by_band={"flat": Decimal(0)}),
        terms=terms(basis="capacity", capacity_kva=1000, service_start=date(*start), service_end=date(*end)),
    )
    assert str(found.amount_of("demand")) == capacity_amount


@pytest.mark.parametrize(
    ("agreed", "error"),
    [
        ({"basis": "contract_demand", "capacity_kva": 1000}, TermMissing),
        ({"basis": "contract_demand", "capacity_kva": 1000, "contract_demand_kw": 0}, TermInvalid),
        ({"basis": "contract_demand", "contract_demand_kw": 900}, TermMissing),  # the floor needs the capacity
        ({"basis": "capacity"}, TermMissing),
        ({"basis": "capacity", "capacity_kva": 0}, TermInvalid),
        ({"basis": "capacity", "capacity_kva": -5}, TermInvalid),
        ({"basis": "by_eye", "capacity_kva": 1000}, TermInvalid),
    ],
)
def test_what_a_basis_needs_is_asked_for(agreed, error):
    with pytest.raises(error):
        lines(plan(**FULL), "100", **agreed)


def test_a_basis_without_a_price_is_refused():
    with pytest.raises(PriceMissing):
        lines(plan(), "100", basis="actual_demand", capacity_kva=1000)
