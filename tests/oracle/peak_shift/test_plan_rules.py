"""No plan breaks a rule; small plans are the best there are; plans are cheaper than the rule of thumb."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from lianxin.analyses.demand_forecast.peak_shift.config import PeakShiftConfig, Search
from lianxin.analyses.demand_forecast.peak_shift.plan_gap import plan_gap

from .shift_rules import (
    FIRST,
    calls_of,
    exhaustive,
    gap_frame,
    greedy_by_priority,
    random_shortage,
    shortfall_kwh,
    violations,
)

# what the rules ask for holds however hard the programme searches
QUICK = PeakShiftConfig(search=Search(exact_blocks=60, trials=0, pricing_rounds=2))


@pytest.mark.parametrize(
    ("minutes", "intervals", "first"),
    [
        (15, 8, FIRST),
        (30, 8, FIRST),
        (60, 6, FIRST),
        # two local days: 22 h to 4 h
        (60, 6, datetime.fromisoformat("2026-07-20T22:00+08:00")),
    ],
)
def test_two_hundred_random_plans_break_no_rule(given_of, minutes: int, intervals: int, first: datetime) -> None:
    random = np.random.default_rng(minutes + intervals)
    shortages = [
        random_shortage(
            random,
            f"A{number:02d}",
            customers=int(random.integers(1, 5)),
            intervals=intervals,
            minutes=minutes,
            first=first,
            tightness=(0.05, 0.6),
        )
        for number in range(50)
    ]
    plan = plan_gap(given_of(shortages), gap=gap_frame(shortages), config=QUICK, notice_at=first - timedelta(hours=24))
    for shortage in shortages:
        shortage.notice_at = first - timedelta(hours=24)
        calls = calls_of(plan, shortage.area)
        assert violations(shortage, calls) == []
        area = next(item for item in plan.areas if item.area_id == shortage.area)
        assert area.shortfall_kwh == pytest.approx(shortfall_kwh(shortage, calls), abs=1e-5)
        assert area.least_shortfall_kwh <= area.shortfall_kwh + 1e-5
        assert area.bound <= float(area.cost) + 1e-6


def test_small_plans_equal_the_best_of_every_choice(given_of) -> None:
    random = np.random.default_rng(5)
    shortages = [
        random_shortage(random, f"B{number:02d}", customers=3, intervals=3, minutes=60, first=FIRST)
        for number in range(6)
    ]
    plan = plan_gap(given_of(shortages), gap=gap_frame(shortages), config=PeakShiftConfig())
    for shortage in shortages:
        shortage.notice_at = FIRST - timedelta(hours=24)
        best = exhaustive(shortage)
        area = next(item for item in plan.areas if item.area_id == shortage.area)
        assert area.shortfall_kwh == pytest.approx(best.shortfall_kwh, abs=1e-4)
        calls = calls_of(plan, shortage.area)
        # each call's cost is rounded to the cent
        assert float(area.cost) == pytest.approx(best.cost, rel=1e-5, abs=0.006 * len(calls) + 1e-3)


def test_plans_are_a_seventh_cheaper_than_measure_by_measure(given_of) -> None:
    random = np.random.default_rng(11)
    shortages = [
        random_shortage(
            random, f"G{number:02d}", customers=12, intervals=8, minutes=60, first=FIRST, tightness=(0.1, 0.45)
        )
        for number in range(10)
    ]
    config = PeakShiftConfig(search=Search(exact_blocks=0, trials=5))
    plan = plan_gap(given_of(shortages), gap=gap_frame(shortages), config=config)
    ours = {area.area_id: area for area in plan.areas}
    compared = []
    for shortage in shortages:
        shortage.notice_at = FIRST - timedelta(hours=24)
        short, cost = greedy_by_priority(shortage)
        mine = ours[shortage.area]
        assert mine.shortfall_kwh <= short + 1e-5
        if short <= 1e-6 and cost > 0:
            compared.append(1 - float(mine.cost) / cost)
    assert len(compared) >= 6
    assert np.mean(compared) >= 0.15
