"""What is shared to save time changes no result: sizes after one another, bills on one ground, years by days."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from lianxin.analyses.value_added.a_year import a_year_of, scaled_reasons
from lianxin.analyses.value_added.shift.battery_programme import Battery, Schedules, best_schedule
from lianxin.analyses.value_added.shift.blocks import blocks_of, demands_of_blocks
from lianxin.analyses.value_added.shift.price_signal import signals
from lianxin.foundation.periods import Month
from lianxin.tariff import rate
from lianxin.tariff.bill import Ground

JANUARY = 31
SIZES = [(50.0, 25.0), (400.0, 100.0), (100.0, 50.0), (400.0, 100.0)]


def battery(energy: float, power: float) -> Battery:
    return Battery(energy_kwh=energy, power_kw=power, round_trip_efficiency=0.8, max_cycles_per_day=1)


def test_sizes_solved_after_one_another_cost_as_much_as_each_alone(two_band_load):
    random = np.random.default_rng(1)
    load = two_band_load(random.uniform(50, 150, 24 * JANUARY), basis="actual_demand")
    (signal,) = signals(load)
    blocks = blocks_of(signal, block_minutes=60)
    demands = demands_of_blocks(signal, blocks)
    shared = Schedules(blocks, demands)
    for size in SIZES:
        one, alone = shared.of(battery(*size)), best_schedule(blocks, battery(*size), demands)
        costs = []
        for moves in (one, alone):
            after = blocks.peak_kw - moves.out + moves.into
            energy = float(blocks.price @ moves.into - blocks.price_of_load @ moves.out)
            costs.append(energy + sum(item.per_kw * float(after.max()) for item in demands))
        assert costs[0] == pytest.approx(costs[1], rel=1e-9)


def test_other_energies_on_one_ground_are_billed_as_they_are_alone(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY)
    ground = Ground(plan=load.plan, readings=load.readings, terms=load.terms)
    for factor in (1.0, 1.5):
        changed = replace(load.readings, kwh=load.readings.kwh * factor)
        shared = rate(plan=load.plan, readings=changed, terms=load.terms, ground=ground)
        assert shared == rate(plan=load.plan, readings=changed, terms=load.terms)


def test_a_ground_refuses_readings_at_other_times(two_band_load):
    load, later = two_band_load([100.0] * 48), two_band_load([100.0] * 48)
    ground = Ground(plan=load.plan, readings=load.readings, terms=load.terms)
    with pytest.raises(ValueError, match="other times"):
        ground.metered(later.readings)


def test_a_year_is_scaled_by_days_unless_twelve_months_are_there():
    year = [Month(2025, number) for number in range(1, 13)]
    assert a_year_of(Decimal("100.00"), year) == Decimal("100.00")
    assert a_year_of(Decimal("59.00"), year[:2]) == Decimal("365.00")  # 31 + 28 days
    assert scaled_reasons(year) == []
    (told,) = scaled_reasons(year[:2])
    assert told.text.en == "2 months could be billed (2025-01, 2025-02; 59 days); a year is 365/59 of them"
