"""Evaluation of demand-charge decisions: daily peaks, and figures that are ratios of sums."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_backtest import DemandBacktest, Policy
from lianxin.analyses.value_added.demand_options import DemandTerms
from lianxin.analyses.value_added.evaluate_demand import (
    DemandCase,
    daily_peaks,
    demand_card,
    demand_cases,
    demand_predictions,
)
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.foundation.periods import Month
from lianxin.tariff import readings


def test_the_peak_of_a_day_is_a_quarter_hour_of_five_minute_readings() -> None:
    # 16:00 UTC is midnight in Shanghai: two readings close the first day, four open the second
    start = np.datetime64(datetime(2025, 1, 1, 15, 50)) + np.arange(6) * np.timedelta64(5, "m")
    found = daily_peaks(readings(start_at=start, minutes=5, kwh=[1.0, 2.0, 3.0, 3.0, 4.0, 9.0]), "Asia/Shanghai")
    assert [(day.day, day.peak_kw, day.kwh) for day in found] == [
        (date(2025, 1, 1), 12.0, 3.0),
        (date(2025, 1, 2), 40.0, 19.0),
    ]


def backtest_of(kept: float, decided: float, clairvoyant: float, fixed: float) -> DemandBacktest:
    terms = {Month(2025, 4): DemandTerms(basis="contract_demand", contract_demand_kw=Decimal(400))}
    return DemandBacktest(
        kept=Policy(terms=terms, cost=kept),
        decided=Policy(terms=terms, cost=decided),
        clairvoyant=Policy(terms=terms, cost=clairvoyant),
        best_fixed=Policy(terms=terms, cost=fixed),
    )


CASES = [
    DemandCase(agreement_id="A1", found=backtest_of(1000.0, 800.0, 700.0, 800.0)),
    DemandCase(agreement_id="A2", found=backtest_of(1000.0, 1000.0, 900.0, 1000.0)),
]


def test_the_shares_are_of_all_agreements_together() -> None:
    figures = {row["metric"]: (row["value"], row["baseline_value"]) for row in demand_card(CASES, seed=1)}
    assert figures == {
        "share_of_clairvoyant_saving": (pytest.approx(200 / 400), 0.0),
        "share_of_best_fixed_saving": (pytest.approx(1.0), 0.0),
        "cost": (1800.0, 2000.0),
    }


def test_predictions_have_every_model_of_every_agreement() -> None:
    found = demand_predictions(CASES)
    assert found.height == 2 * 4
    assert found.filter(agreement_id="A1", model="clairvoyant")["cost_of_all_months"].to_list() == [700.0]


def test_an_agreement_of_the_workspace_is_backtested(facts: Facts) -> None:
    given = facts.given(
        as_of=date(2025, 12, 31),
        plans=[two_part()],
        agreement=[
            {
                "agreement_id": "A1",
                "customer_id": "C1",
                "plan_id": "two-part",
                "capacity_kva": 1000.0,
                "demand_basis": "capacity",
            }
        ],
        usage_point=[{"usage_point_id": "UP1", "agreement_id": "A1"}],
        interval_reading=hourly("UP1", date(2025, 1, 1), 365, lambda *_: 300.0),
    )
    (case,) = demand_cases(given, facts=price_facts(given), config=AdviceConfig())
    # April to December: 9 · 20,000 kept, 9 · 30 · 300 on actual demand
    assert case.found.kept.cost == pytest.approx(180_000)
    assert case.found.decided.cost == pytest.approx(81_000)
