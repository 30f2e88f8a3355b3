"""Contract demand: closed forms, and the optimiser against exhaustive search in integers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, parse_plan, rate_quantities, terms
from lianxin.tariff.demand_charge import (
    ContractRule,
    best_contract_demand,
    break_even_load,
    costs_by_basis,
    critical_quantile,
    known_peak_optimum_kw,
)

READINGS = ["above_threshold", "threshold_then_double"]


def least_by_exhaustion(peaks_watt, floor_watt, reading):
    """The least cost over every whole kW, in units of 1e-5 kW at one yuan a kW: integers, no rounding."""
    peaks = 100 * np.array(peaks_watt, dtype=np.int64)
    highest = max(*peaks_watt, floor_watt) // 1000 + 2
    contract = np.maximum(np.arange(1, highest + 1, dtype=np.int64) * 1000, floor_watt)[:, None]
    limit = 105 * contract
    over = peaks > limit
    billed = 100 * contract if reading == "above_threshold" else np.where(over, limit, 100 * contract)
    return int((billed + np.where(over, 2 * (peaks - limit), 0)).sum(axis=1).min())


@settings(max_examples=200, deadline=None)
@given(
    peaks=st.lists(st.integers(1_000, 900_000), min_size=1, max_size=12),
    capacity=st.integers(315, 2000),
    share=st.sampled_from([0, 40]),
    reading=st.sampled_from(READINGS),
)
def test_the_optimiser_equals_exhaustive_search(peaks, capacity, share, reading):
    found = best_contract_demand(
        peaks_kw=np.array([peaks]) / 1000,
        capacity_kva=np.array([float(capacity)]),
        rule=ContractRule(price=1.0, minimum_share=share / 100, reading=reading),
    )
    assert found.cost[0] == pytest.approx(least_by_exhaustion(peaks, capacity * share * 10, reading) / 1e5, rel=1e-12)


@pytest.mark.parametrize(("peak", "optimum"), [(1050.0, 1000.0), (2100.0, 2000.0), (500.0, 800.0)])
@pytest.mark.parametrize("reading", READINGS)
def test_a_known_peak_has_a_closed_form(peak, optimum, reading):
    rule = ContractRule(price=36.1, minimum_share=0.4, reading=reading)
    assert known_peak_optimum_kw(peak_kw=peak, capacity_kva=2000, rule=rule) == optimum
    found = best_contract_demand(peaks_kw=np.full((1, 12), peak), capacity_kva=np.array([2000.0]), rule=rule)
    assert found.contract_kw[0] == optimum


def test_under_uncertainty_105_percent_of_the_contract_is_the_52_4_percent_quantile():
    rule = ContractRule(price=36.1)
    assert critical_quantile(rule) == pytest.approx(1 - 1 / 2.1)
    peaks = np.arange(1, 1001.0)[None]
    found = best_contract_demand(peaks_kw=peaks, capacity_kva=np.array([1.0]), rule=rule, step_kw=0.001)
    assert 1.05 * found.contract_kw[0] == pytest.approx(1000 * critical_quantile(rule), abs=1)
    with pytest.raises(ValueError, match="above_threshold"):
        critical_quantile(ContractRule(price=36.1, reading="threshold_then_double"))


def test_capacity_and_actual_demand_break_even_at_0_626():
    assert break_even_load(capacity_price=22.6, demand_price=36.1) == pytest.approx(0.626, abs=5e-4)


@pytest.mark.parametrize("reading", READINGS)
def test_costs_by_basis_are_those_of_the_bills(reading):
    rng = np.random.default_rng(3)
    demand = {
        "capacity_price": "22.6",
        "demand_price": "36.1",
        "minimum_share": "0.4",
        "overrun_reading": reading,
        "load_rate_discount": {"kwh_per_kva": 260, "multiple": "0.9"},
    }
    plan = parse_plan(
        {
            "id": "p",
            "name": {"zh": "p", "en": "p"},
            "version": [{"valid_from": "2020-01-01", "energy": {"flat": 0}, "demand": demand}],
        }
    )
    capacity = np.array([400.0, 1000.0, 2500.0])
    peaks = (capacity[:, None] * rng.uniform(0.2, 1.1, (3, 12))).round(2)
    kwh = (capacity[:, None] * rng.uniform(100, 400, (3, 12))).round(1)
    contract = np.array([100.0, 600.0, 2000.0])
    costs = costs_by_basis(
        peaks_kw=peaks, kwh=kwh, capacity_kva=capacity, contract_kw=contract, demand=plan.version[0].demand
    )
    for row in range(3):
        for month in range(12):
            for basis in ("capacity", "contract_demand", "actual_demand"):
                bill = rate_quantities(
                    plan=plan,
                    month=Month(2026, month + 1),
                    quantities=Quantities(
                        kwh_by_band={"flat": _decimal(kwh[row, month])}, max_demand_kw=_decimal(peaks[row, month])
                    ),
                    terms=terms(basis=basis, capacity_kva=capacity[row], contract_demand_kw=contract[row]),
                )
                # three lines, each rounded to the cent
                assert getattr(costs, basis)[row, month] == pytest.approx(float(bill.total), abs=0.015)


def _decimal(value):
    from decimal import Decimal

    return Decimal(repr(float(value)))
