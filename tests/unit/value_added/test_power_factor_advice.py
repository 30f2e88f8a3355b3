"""Power-factor advice: the adjustment by the table, the bank that pays, and over-compensation."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.agreement_year import agreement_years
from lianxin.analyses.value_added.compensation import Compensation, bank_sizes, compensated, measures
from lianxin.analyses.value_added.config import AdviceConfig, CapacitorPrices
from lianxin.analyses.value_added.power_factor_advice import power_factor_advice
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.tariff import Readings, readings

PRICES = CapacitorPrices()


def advice(
    facts: Facts,
    *,
    kvarh: float | None,
    leading: float | None = None,
    config: AdviceConfig | None = None,
    **terms: object,
) -> list[dict[str, Any]]:
    """An even load of 100 kW through 2025, standard 0.90."""
    agreement = {"agreement_id": "A1", "customer_id": "C1", "plan_id": "two-part", "capacity_kva": 1000.0}
    agreement |= {"demand_basis": "capacity", "power_factor_standard": 0.90} | terms
    given = facts.given(
        as_of=date(2025, 12, 31),
        plans=[two_part()],
        agreement=[agreement],
        usage_point=[{"usage_point_id": "UP1", "agreement_id": "A1"}],
        interval_reading=hourly("UP1", date(2025, 1, 1), 365, lambda *_: 100.0, kvarh=kvarh, leading=leading),
    )
    years = [year for chunk in agreement_years(given, facts=price_facts(given)) for year in chunk]
    return power_factor_advice(years, config=config or AdviceConfig())


def codes(row: dict[str, Any]) -> list[str]:
    return [item["code"] for item in row["reasons"]]


def test_a_steady_lagging_load_gets_a_fixed_bank_and_the_reward_of_the_table(facts: Facts) -> None:
    # 0.80 against 0.90: +5.0 % of 365·1,360 + 12·20,000 = 736,400; at 1.00: −0.75 %
    (row,) = advice(facts, kvarh=0.75)
    assert row["power_factor"] == pytest.approx(0.8)
    assert row["adjustment_amount"] == Decimal("36820.00")
    assert row["capacitor_kvar"] == 80
    assert row["annual_saving"] == Decimal("42343.00")
    assert row["cost"] == Decimal("4800.00")  # 80 kvar at 60
    assert row["payback_months"] == pytest.approx(4800 / (42343 / 12))
    assert "fixed" in codes(row)
    assert "under_compensation" in codes(row)
    assert (
        "2025-01 3108.00" in next(item for item in row["reasons"] if item["code"] == "adjustment_by_month")["text_zh"]
    )


def test_leading_energy_counts_and_more_capacitors_are_not_the_answer(facts: Facts) -> None:
    (row,) = advice(facts, kvarh=0.0, leading=0.75)
    assert row["adjustment_amount"] == Decimal("36820.00")
    assert row["capacitor_kvar"] == 0
    assert row["annual_saving"] == Decimal("42343.00")
    assert row["cost"] == Decimal("3000.00")  # a controller
    assert codes(row)[1] == "over_compensation"
    assert "control" in codes(row)


def test_a_power_factor_with_the_whole_reward_needs_nothing(facts: Facts) -> None:
    (row,) = advice(facts, kvarh=0.05)
    assert row["adjustment_amount"] == Decimal("-5523.00")
    assert (row["capacitor_kvar"], row["annual_saving"], row["payback_months"]) == (0, 0, None)
    assert "none" in codes(row)


def test_what_does_not_pay_back_is_not_advised(facts: Facts) -> None:
    dear = AdviceConfig(capacitors=CapacitorPrices(fixed_per_kvar=10_000, automatic_per_kvar=10_000))
    (row,) = advice(facts, kvarh=0.75, config=dear)
    assert row["capacitor_kvar"] == 0
    assert row["annual_saving"] == 0
    wrong = next(item for item in row["reasons"] if item["code"] == "probability_wrong")
    assert float(wrong["value"]) < 0.01


def test_without_standard_or_without_reactive_readings_there_is_no_row(facts: Facts) -> None:
    assert advice(facts, kvarh=None) == []
    assert advice(facts, kvarh=0.75, power_factor_standard=None) == []


def series(lagging: list[float], leading: list[float] | None = None) -> Readings:
    start = np.datetime64(datetime(2025, 1, 1)) + np.arange(len(lagging)) * np.timedelta64(15, "m")
    return readings(start_at=start, minutes=15, kwh=[10.0] * len(lagging), kvarh=lagging, kvarh_leading=leading)


def test_an_automatic_bank_switches_whole_steps_and_never_leads() -> None:
    # 10 kvar deliver 2.5 kvarh in a quarter hour; 7 kvarh take two steps, 2 kvarh none, 30 kvarh no more than 60 kvar
    found = compensated(series([7.0, 2.0, 30.0]), Compensation(kind="automatic", kvar=60, cost=0), PRICES)
    assert found.kvarh is not None
    assert found.kvarh.tolist() == [2.0, 2.0, 15.0]
    assert found.kvarh_leading is None


def test_a_fixed_bank_gives_back_what_is_not_drawn() -> None:
    found = compensated(series([7.0, 2.0]), Compensation(kind="fixed", kvar=20, cost=0), PRICES)
    assert found.kvarh is not None
    assert found.kvarh_leading is not None
    assert found.kvarh.tolist() == [2.0, 0.0]
    assert found.kvarh_leading.tolist() == [0.0, 3.0]


def test_sizes_are_whole_steps_that_cover_the_drawn_power() -> None:
    assert bank_sizes(series([2.5] * 9 + [5.1]), PRICES)[0] == 10
    assert bank_sizes(series([2.5] * 9 + [5.1]), PRICES)[-1] == 30
    assert bank_sizes(series([0.0]), PRICES) == ()


def test_control_is_an_option_only_where_energy_is_given_back() -> None:
    assert "control" not in {item.kind for item in measures(series([5.0]), PRICES)}
    assert "control" in {item.kind for item in measures(series([5.0], [1.0]), PRICES)}
