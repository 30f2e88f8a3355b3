"""Moving load: closed forms on two-band days, limits kept, never advice that costs money."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.analyses.value_added.shift.config import ShiftLimits, ShiftSettings
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.load_shift import LoadShift, shift_load
from lianxin.analyses.value_added.shift.results import advice_row

FREE = ShiftLimits(movable_share_of_day=0.1, movable_share_of_hour=0.5, max_shift_hours=24, ramp_share_per_hour=9)
ONE_MONTH = ShiftSettings(min_months=1)
JANUARY = 31


def test_a_tenth_of_a_level_day_moves_from_peak_to_valley_at_the_difference_of_their_prices(two_band_load):
    found = shift_load(two_band_load([100.0] * 24 * 365), FREE, ShiftSettings())
    assert isinstance(found, LoadShift)
    assert found.kwh_shifted == pytest.approx(240 * 365)  # 10 % of 2,400 kWh a day
    assert found.saving.total == Decimal("52560.00")  # 240 kWh × (1.0 − 0.4) × 365 days
    assert found.saving.annual == found.saving.total
    assert (found.from_band, found.to_band) == ("peak", "valley")


def test_the_share_of_an_hour_binds_before_that_of_the_day(two_band_load):
    limits = FREE.model_copy(update={"movable_share_of_day": 0.5, "movable_share_of_hour": 0.1})
    found = shift_load(two_band_load([100.0] * 24 * JANUARY), limits, ONE_MONTH)
    assert found.kwh_shifted == pytest.approx(12 * 10 * JANUARY)  # 10 kWh of each of 12 peak hours
    assert found.saving.total == Decimal("2232.00")  # 120 × 0.6 × 31
    assert found.saving.annual == Decimal("26280.00")  # 31 days billed: 2,232 × 365/31


def test_energy_moves_no_further_than_the_hours_allow(two_band_load):
    limits = FREE.model_copy(update={"movable_share_of_day": 0.5, "max_shift_hours": 2})
    found = shift_load(two_band_load([100.0] * 24 * JANUARY), limits, ONE_MONTH)
    # only the peak hours 8 and 9 (to 6 and 7) and 18 and 19 (to 20 and 21) reach a valley hour: 4 × 50 kWh
    assert found.kwh_shifted == pytest.approx(200 * JANUARY)


def test_a_spike_in_one_hour_is_worth_its_demand_charge(two_band_load):
    kwh = np.full(24 * JANUARY, 100.0)
    kwh[24 * 6 + 10] = 200  # one hour of 7 January
    load = two_band_load(kwh, peak=0.6, valley=0.6, basis="actual_demand")
    limits = FREE.model_copy(update={"movable_share_of_hour": 0.3, "production_days_only": False})
    found = shift_load(load, limits, ONE_MONTH)
    assert found.saving.demand == Decimal("1800.00")  # 200 − 30 % = 140 kW: 60 kW × 30
    assert found.saving.total == Decimal("1800.00")
    assert found.kwh_shifted == pytest.approx(60)


def test_peak_under_the_contract_threshold_costs_nothing_and_over_it_twice(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY, basis="contract_demand", contract_demand_kw=100)
    found = shift_load(load, FREE, ONE_MONTH)
    # above 105 kW each kW costs 2 × 30 a month and carries 0.6 × 31 days × 1 h of saving in each of 12 valley hours,
    # 223.20: worth it. A tenth of the day in 12 hours is 20 kW more: 120 kW, 15 kW over.
    assert found.saving.demand == Decimal("-900.00")  # 15 × 60
    assert found.saving.total == Decimal("3564.00")  # 240 × 0.6 × 31 − 900


def test_nothing_is_advised_where_a_higher_peak_costs_more_than_the_move_saves(two_band_load):
    # 30 per kW against 12 valley hours × 31 days × 0.05 = 18.60 per kW
    load = two_band_load([100.0] * 24 * JANUARY, peak=0.65, valley=0.6, basis="actual_demand")
    assert shift_load(load, FREE, ONE_MONTH) is Declined.NOTHING_PAYS


def test_one_price_all_day_leaves_nothing_to_move(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY, peak=0.6, valley=0.6)
    assert shift_load(load, FREE, ONE_MONTH) is Declined.ONE_PRICE


def test_days_without_production_stay_as_they_are(two_band_load):
    kwh = np.full((JANUARY, 24), 100.0)
    sunday = date(2025, 1, 12).day - 1
    kwh[sunday] = 20
    load = two_band_load(kwh.ravel())
    found = shift_load(load, FREE, ONE_MONTH)
    after = found.kwh.reshape(JANUARY, 24)
    assert (after[sunday] == 20).all()
    assert found.days == JANUARY - 1


def test_load_is_added_only_in_the_hours_in_which_people_can_work(two_band_load):
    limits = FREE.model_copy(update={"receiving_hours": (20, 24)})
    found = shift_load(two_band_load([100.0] * 24 * JANUARY), limits, ONE_MONTH)
    after = found.kwh.reshape(JANUARY, 24)
    assert (after[:, :8] == 100).all()
    assert after[:, 20:].sum() == pytest.approx((400 + 240) * JANUARY)


def test_moved_load_stays_within_the_connected_capacity(two_band_load):
    # 85 % of 130 kVA is 110.5 kW: each of 12 valley hours takes at most 10.5 kWh
    load = two_band_load([100.0] * 24 * JANUARY, basis="capacity", capacity_kva=130)
    found = shift_load(load, FREE, ONE_MONTH)
    assert found.kwh.max() == pytest.approx(110.5)
    assert found.saving.total == Decimal("2343.60")  # 12 × 10.5 × 0.6 × 31


def test_the_cautious_end_is_a_timetable_kept_in_part(two_band_load):
    found = shift_load(two_band_load([100.0] * 24 * JANUARY), FREE, ONE_MONTH)
    assert found.cautious.total == Decimal("1339.20")  # 30 % of 240 × 0.6 × 31


def test_quarter_hour_readings_and_a_multiplier_move_the_same_energy(two_band_load):
    load = two_band_load([0.25] * 96 * JANUARY, minutes=15, multiplier=100)
    found = shift_load(load, FREE, ONE_MONTH)
    assert found.kwh_shifted == pytest.approx(240 * JANUARY)
    assert found.saving.total == Decimal("4464.00")  # 240 × 0.6 × 31


def test_readings_of_a_day_show_no_bands(two_band_load):
    load = two_band_load([2400.0] * JANUARY, minutes=1440)
    assert shift_load(load, FREE, ONE_MONTH) is Declined.INTERVALS_TOO_LONG


def test_a_row_says_how_far_the_figure_reaches(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY)
    row = advice_row("A1", shift_load(load, FREE, ONE_MONTH), load.plan, FREE, ONE_MONTH)
    spoken = {item["code"]: item for item in row["reasons"]}
    assert spoken["bills_compared"]["text_en"] == (
        "Bills of 1 months: 52080.00 before, 47616.00 after, 4464.00 saved (both rated by the bill engine)"
    )
    assert "Not a promise" in spoken["saving_range"]["text_en"]
    assert "示例" in spoken["limits_source"]["text_zh"]
    assert spoken["scaled_to_year"]["value"] == "1"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10_000),
    basis=st.sampled_from(["none", "capacity", "contract_demand", "actual_demand"]),
)
def test_advice_never_costs_money_and_balances_every_day(two_band_load, seed, basis):
    rng = np.random.default_rng(seed)
    kwh = np.round(rng.gamma(2.0, 40.0, (JANUARY, 24)), 1)
    agreed = {"capacity_kva": 600} if basis == "capacity" else {"contract_demand_kw": 150}
    load = two_band_load(kwh.ravel(), basis=basis, peak=float(rng.choice([0.7, 1.0])), **agreed)
    limits = FREE.model_copy(update={"max_shift_hours": 6, "ramp_share_per_hour": 0.3})
    found = shift_load(load, limits, ONE_MONTH)
    if isinstance(found, Declined):
        return
    after = found.kwh.reshape(JANUARY, 24)
    assert found.saving.total > 0
    assert after.min() >= 0
    assert np.abs(after.sum(axis=1) - kwh.sum(axis=1)).max() < 1e-3
    assert (after >= 0.5 * kwh - 1e-6).all()


WINDOW = """
[[version.demand_windows]]
code = "evening"
price = 10
hours = [{ window = ["18:00-20:00"] }]
"""


def test_a_charge_on_the_maximum_of_some_hours_draws_load_out_of_them(two_band_load):
    load = two_band_load([100.0] * 24 * JANUARY, peak=0.6, valley=0.6, more=WINDOW)
    limits = FREE.model_copy(update={"movable_share_of_hour": 0.4, "production_days_only": False})
    found = shift_load(load, limits, ONE_MONTH)
    # 40 of 100 kW leave the two hours of every day: 40 × 10; energy costs the same at all hours
    assert found.saving.demand == Decimal("400.00")
    assert found.saving.total == Decimal("400.00")
    assert found.kwh_shifted == pytest.approx(80 * JANUARY)
