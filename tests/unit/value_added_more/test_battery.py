"""A battery: arbitrage and peak shaving worked by hand, sizes that do not pay are not advised."""

from decimal import Decimal

import numpy as np
import pytest

from lianxin.analyses.value_added.shift.battery import BatteryPlan, run_battery, size_battery
from lianxin.analyses.value_added.shift.battery_programme import Battery
from lianxin.analyses.value_added.shift.config import BatterySettings
from lianxin.analyses.value_added.shift.declined import Declined

JANUARY = 31
ONE_CYCLE = Battery(energy_kwh=100, power_kw=50, round_trip_efficiency=0.8, max_cycles_per_day=1)
SETTINGS = BatterySettings(
    cost_per_kwh=Decimal(1000), cost_per_kw=Decimal(200), round_trip_efficiency=0.8, max_cycles_per_day=1
)


def test_one_cycle_a_day_earns_the_peak_price_less_the_valley_price_over_the_efficiency(two_band_load):
    found = run_battery(two_band_load([100.0] * 24 * JANUARY), ONE_CYCLE, SETTINGS)
    assert found.saving.total == Decimal("1550.00")  # 31 × (100 × 1.0 − 125 × 0.4)
    assert found.saving.kwh_change == pytest.approx(25 * JANUARY)
    assert found.cost == Decimal("110000.00")  # 100 × 1000 + 50 × 200
    assert found.cycles == pytest.approx(365)  # one each day of a year


def test_a_battery_takes_the_top_off_a_spike(two_band_load):
    kwh = np.tile(np.where(np.arange(24) < 8, 50.0, 100.0), JANUARY)  # room to charge at night
    kwh[24 * 6 + 10] = 150
    load = two_band_load(kwh, peak=0.6, valley=0.6, basis="actual_demand")
    found = run_battery(load, ONE_CYCLE, SETTINGS)
    assert found.saving.demand == Decimal("1500.00")  # 150 − 50 kW of converter: 50 × 30
    assert found.saving.total == Decimal("1492.50")  # less the loss of 12.5 kWh × 0.6


def test_nothing_is_fed_into_the_grid(two_band_load):
    found = run_battery(two_band_load([10.0] * 24 * JANUARY), ONE_CYCLE, SETTINGS)
    assert found.kwh.min() >= 0
    # 12 peak hours × 10 kWh are there, 100 kWh are in the battery
    assert found.saving.total == Decimal("1550.00")


def test_charging_stays_below_the_connected_capacity(two_band_load):
    battery = Battery(energy_kwh=100, power_kw=50, round_trip_efficiency=0.8, max_cycles_per_day=1, peak_limit_kw=105)
    found = run_battery(two_band_load([100.0] * 24 * JANUARY), battery, SETTINGS)
    assert found.kwh.max() == pytest.approx(105)


def test_the_size_chosen_is_the_one_that_earns_most_over_its_annuity(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY, peak=2.0)
    cheap = SETTINGS.model_copy(update={"cost_per_kwh": Decimal(300), "power_shares": (0.1, 0.5), "hours": (2.0,)})
    found = size_battery(load, cheap)
    assert isinstance(found, BatteryPlan)
    assert found.battery.energy_kwh == 100  # earnings and cost grow with the size: the larger


def test_a_battery_that_costs_more_than_it_earns_is_not_advised(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY, peak=0.55)
    assert size_battery(load, SETTINGS) is Declined.NO_SIZE_PAYS


def test_the_annuity_pays_back_cost_and_interest():
    settings = BatterySettings(life_years=2, discount_rate=0.10)
    # 1 = a/1.1 + a/1.21
    assert settings.annuity() == pytest.approx(1 / (1 / 1.1 + 1 / 1.21))
