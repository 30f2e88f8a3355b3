"""Cost reflection, substitutes and leaks, on a few rows worked by hand."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from lianxin.analyses.price_analysis.analysis import analyse
from lianxin.analyses.price_analysis.leaks.classes import looks
from lianxin.analyses.price_analysis.leaks.features import FEATURES
from lianxin.analyses.price_analysis.substitution.rules import substitution_rules

from .conftest import agreement, bill, customer, time_of_use


def row(table, **where):
    (found,) = (r for r in table.to_pylist() if all(r[name] == value for name, value in where.items()))
    return found


def test_each_band_stands_against_what_it_costs(facts) -> None:
    output = analyse(
        facts.given(
            bill=[
                bill(1, "2026-05", kwh=200.0, kwh_peak=100.0, kwh_valley=100.0, energy_amount=130.0, demand_amount=26.0)
            ],
            customer=[customer()],
            agreement=[agreement()],
            plans=[time_of_use()],
            supply_cost=[
                {"area_id": "X", "valid_from": date(2025, 1, 1), "band": band, "per_kwh": cost}
                for band, cost in (("peak", 0.5), ("flat", 0.4))
            ],
            network_cost=[{"voltage_level": "交流10kV", "valid_from": date(2025, 1, 1), "per_kwh": 0.1}],
            options={"vat_rate": 0.0},
        )
    )
    peak = row(output.tables["cost_reflection"], scope="class:commercial", band="peak")
    # 1.0 and the demand charge of 26 over 200 kWh
    assert peak["price"] == pytest.approx(1.13)
    assert peak["cost_to_serve"] == pytest.approx(0.6)
    assert peak["cross_subsidy_amount"] == Decimal("53.00")
    # the valley has no cost of its own and takes that of flat
    assert row(output.tables["cost_reflection"], scope="all", band="valley")["cost_to_serve"] == pytest.approx(0.5)
    assert row(output.tables["cost_reflection"], scope="all", band="all")["price"] == pytest.approx(0.78)


def test_costs_that_are_not_known_stay_null_and_are_noted(facts) -> None:
    output = analyse(facts.given(bill=[bill(1, "2026-05", kwh=1.0, energy_amount=1.0)], customer=[customer()]))
    assert row(output.tables["cost_reflection"], scope="all", band="all")["cost_to_serve"] is None
    assert ("cost_reflection", "cost_to_serve") in {(note.table, note.column) for note in output.notes}


def test_parity_is_the_price_at_which_heat_costs_the_same(facts) -> None:
    given = facts.given(
        bill=[bill(1, "2026-05", kwh=1e6, energy_amount=300_000.0)],
        customer=[customer(customer_class="large_industrial", industry_code="C13")],
        agreement=[agreement()],
        fuel_price=[
            {"region": "R", "fuel": "天然气", "month": "2026-05", "price": 3.952, "unit": "元/立方米"},
            {"region": "R", "fuel": "wood", "month": "2026-05", "price": 1.0, "unit": "CNY/t"},
        ],
    )
    output = analyse(given)
    rules = substitution_rules(given)
    # 3.952 a cubic metre of 9.88 kWh is 0.40 a kWh; a boiler makes 0.90 of it useful, an electric one 0.97
    boiler = row(output.tables["substitution_parity"], use="boiler", fuel="natural_gas")
    assert boiler["parity_price"] == pytest.approx(0.4 / 0.90 * 0.97)
    assert boiler["competitive"] is True
    assert boiler["potential_kwh_gain"] == pytest.approx(1e6 * rules.share["boiler"].to_win["C13"])
    target = row(output.tables["substitution_target"], use="boiler")
    assert (target["direction"], target["kwh"]) == ("win", pytest.approx(150_000))


def features(random, price_class, level, festival, n):
    values = {
        "level": random.normal(level, 0.6, n),
        "festival": random.normal(festival, 0.1, n),
        "summer": random.normal(0, 0.1, n),
        "winter": random.normal(0, 0.1, n),
        "noise": random.normal(-2, 0.2, n),
    }
    return pl.DataFrame({name: values[name] for name in FEATURES} | {"price_class": [price_class] * n})


def test_a_workshop_among_homes_is_seen_and_homes_are_not() -> None:
    random = np.random.default_rng(1)
    homes, shops = features(random, "residential", 1.8, 0.05, 500), features(random, "business", 4.5, -0.6, 100)
    hidden = features(random, "business", 4.5, -0.6, 5).with_columns(price_class=pl.lit("residential"))
    found = looks(pl.concat([homes, shops, hidden]), prior_share=0.01)
    wrong = found.posterior[np.arange(605), found.other] > 0.5
    assert wrong[-5:].all()
    assert not wrong[:600].any()


def test_one_class_alone_says_nothing() -> None:
    assert looks(features(np.random.default_rng(1), "residential", 2, 0, 50), prior_share=0.01) is None


def test_workspaces_with_little_in_them_make_what_they_can(facts) -> None:
    assert analyse(facts.given()).tables == {}
    output = analyse(
        facts.given(bill=[{"bill_id": "1", "customer_id": "C", "total_amount": 5, "billing_month": "2026-05"}])
    )
    assert "average_price_bridge" not in output.tables
    output = analyse(
        facts.given(
            bill=[
                bill(n, f"2026-0{n}", agreement_id=None, kwh=10.0 * n, total_amount=7 * n, energy_amount=None)
                for n in (4, 5)
            ]
        )
    )
    total = sum(r["effect_per_kwh"] for r in output.tables["average_price_bridge"].to_pylist() if r["basis"] == "gross")
    assert total == pytest.approx(0, abs=1e-12)
    assert "bill_change_reason" in {note.table for note in output.notes}
    counted = {(note.table, note.column): note.missing for note in output.notes}
    assert counted["average_price_bridge", "scope"] == 2


def test_bills_without_an_agreement_are_counted(facts) -> None:
    bills = [
        bill(number, month, agreement_id=whose, kwh=10.0, energy_amount=6.0)
        for number, (month, whose) in enumerate([("2026-04", "A1"), ("2026-05", "A1"), ("2026-05", None)])
    ]
    output = analyse(facts.given(bill=bills, customer=[customer()], agreement=[agreement()]))
    assert output.tables["bill_change_reason"].num_rows == 1
    counted = {(note.table, note.column): note.missing for note in output.notes}
    assert counted["bill_change_reason", "agreement_id"] == 1


def test_a_month_that_is_not_billed_to_the_end_is_named(facts) -> None:
    bills = [bill(n, "2026-04" if n else "2026-05", customer_id=f"C{n}", kwh=1.0, energy_amount=1.0) for n in range(4)]
    notes = analyse(facts.given(bill=bills)).notes
    assert [(note.missing, note.needed.en) for note in notes if note.column == "to_period"] == [
        (2, "the bills of 2026-05 that are not issued yet")
    ]
