"""Efficiency measures: what they change, rated before and after, worked by hand on level loads."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lianxin.analyses.value_added.efficiency.advice import advise
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings, EndUse, Identification, Retrofit
from lianxin.analyses.value_added.efficiency.electric_heat import electric_boiler
from lianxin.analyses.value_added.efficiency.fuel_prices import heating_unit
from lianxin.analyses.value_added.efficiency.measure_case import Site
from lianxin.analyses.value_added.efficiency.results import advice_row
from lianxin.analyses.value_added.efficiency.retrofits import heat_pump, lighting, motor
from lianxin.analyses.value_added.efficiency.thermal_storage import heat_storage, ice_storage
from lianxin.analyses.value_added.efficiency.weather_sensitivity import Driven, Sensitivity, newey_west, sensitivity
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.foundation.calendar import Calendar

YEAR = 365
SHARES = EndUse(lighting=0.2, motor=0.5, resistance_heating=0.5)
SETTINGS = EfficiencySettings()
NEW_YEAR = date(2025, 1, 1)


def every_day(kwh):
    return Driven(
        kwh_by_day={NEW_YEAR + timedelta(days=n): kwh for n in range(YEAR)},
        kwh_per_degree_day=1.0,
        base_c=26,
        t=20.0,
        share=0.1,
    )


def test_led_saves_half_of_the_lighting_in_working_hours(two_band_load):
    site = Site(load=two_band_load([100.0] * 24 * YEAR), end_use=SHARES)
    case = lighting(site, SETTINGS)
    # 20 % of a level 100 kW is 20 kW all hours; half is saved: 10 kW, for 20 kW × 3,000
    assert case.kwh == pytest.approx(np.full(24 * YEAR, 90.0))
    assert case.cost == Decimal("60000.00")
    assert site.load.saving(case.kwh).total == Decimal("61320.00")  # 120 × (1.0 + 0.4) × 365


def test_lamps_burn_when_people_work(two_band_load):
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 100.0, 10.0)
    case = lighting(Site(load=two_band_load(np.tile(day, YEAR)), end_use=SHARES), SETTINGS)
    # 20 % of 1,140 kWh in 10 hours: 22.8 kW, of which 11.4 are saved
    assert case.kwh[:24] == pytest.approx(day - np.where(day > 10, 11.4, 0.0))


def test_efficient_motors_save_eight_percent_of_half_the_load(two_band_load):
    case = motor(Site(load=two_band_load([100.0] * 24 * YEAR), end_use=SHARES), SETTINGS)
    assert case.kwh == pytest.approx(np.full(24 * YEAR, 96.0))
    assert case.cost == Decimal("22500.00")  # 50 kW × 450


def test_ice_is_made_in_the_valley_at_a_fifth_more_energy(two_band_load):
    site = Site(
        load=two_band_load([100.0] * 24 * YEAR),
        end_use=SHARES,
        sensitivity=Sensitivity(cooling=every_day(240.0), heating=None),
    )
    case = ice_storage(site, SETTINGS)
    # cooling is 10 kWh an hour; 40 % of 240 = 96 kWh a day may be stored and the machine of 10 kW is taken all day:
    # no room to make ice
    assert case is Declined.NOTHING_PAYS


def test_cooling_of_the_day_becomes_ice_of_the_night(two_band_load):
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 20), 200.0, 0.0)
    site = Site(
        load=two_band_load(np.tile(day, YEAR)),
        end_use=SHARES,
        sensitivity=Sensitivity(cooling=every_day(240.0), heating=None),
    )
    case = ice_storage(site, SETTINGS)
    saving = site.load.saving(case.kwh)
    # 96 kWh a day leave the peak, 115.2 come in the valley: 96 × 1.0 − 115.2 × 0.4 = 49.92 a day
    assert saving.total == Decimal("18220.80")
    assert saving.kwh_change == pytest.approx(19.2 * YEAR, abs=1e-2)
    assert case.cost == Decimal("33600.00")  # 96 × 350


def test_storage_is_not_offered_where_temperature_explains_nothing(two_band_load):
    unknown = Site(
        load=two_band_load([100.0] * 24 * YEAR), end_use=SHARES, sensitivity=Sensitivity(cooling=None, heating=None)
    )
    assert ice_storage(unknown, SETTINGS) is Declined.SENSITIVITY_UNKNOWN
    assert heat_storage(unknown, SETTINGS) is Declined.SENSITIVITY_UNKNOWN
    assert heat_pump(Site(load=unknown.load, end_use=SHARES), SETTINGS) is Declined.NO_WEATHER


def test_a_heat_pump_leaves_the_inverse_of_its_coefficient_of_the_resistance_heating(two_band_load):
    site = Site(
        load=two_band_load([100.0] * 24 * YEAR),
        end_use=SHARES,
        sensitivity=Sensitivity(cooling=None, heating=every_day(560.0)),
    )
    case = heat_pump(site, SETTINGS)
    # half of 560 is resistance heating; 280 × (1 − 1/2.8) = 180 a day, 7.5 an hour
    assert case.kwh == pytest.approx(np.full(24 * YEAR, 92.5))


def test_an_electric_boiler_charges_in_the_cheapest_hours_and_saves_the_fuel(two_band_load):
    site = Site(
        load=two_band_load([100.0] * 24 * YEAR),
        end_use=EndUse(fuel_heat_per_kwh=0.31),
        fuel_price_per_kwh={"gas": Decimal("0.44"), "oil": Decimal("0.9")},
    )
    case = electric_boiler(site, SETTINGS)
    # heat 744 a day needs 800 kWh: 100 kW in the first 8 of the 12 valley hours
    assert case.kwh[:24] == pytest.approx(np.where(np.arange(24) < 8, 200.0, 100.0))
    assert case.cost == Decimal("120000.00")
    # 744 ÷ 0.88 × 0.44 = 372 of gas a day against 800 × 0.4 = 320 of electricity
    assert case.fuel_saved == Decimal("135780.00")
    assert site.load.saving(case.kwh).total == Decimal("-116800.00")


def test_an_electric_boiler_needs_room_in_the_connected_capacity(two_band_load):
    load = two_band_load([100.0] * 24 * YEAR, basis="capacity", capacity_kva=125)
    site = Site(load=load, end_use=EndUse(fuel_heat_per_kwh=0.31), fuel_price_per_kwh={"gas": Decimal("0.44")})
    assert electric_boiler(site, SETTINGS) is Declined.NO_ROOM


def test_only_measures_that_pay_back_in_time_are_advised(two_band_load):
    site = Site(load=two_band_load([100.0] * 24 * YEAR), end_use=SHARES)
    dear = SETTINGS.model_copy(update={"motor": Retrofit(saving_share=0.08, cost_per_kw=Decimal(9000))})
    found = dict(advise(site, dear))
    # motors: 96 kWh a day × 0.7 × 365 = 24,528 a year against 450,000
    assert found["motor"] is Declined.NO_SIZE_PAYS
    advice = found["lighting"]
    assert advice.annual_saving == Decimal("61320.00")
    assert advice.payback_months == pytest.approx(60000 / 61320 * 12)
    assert advice.kwh_change == pytest.approx(-10 * 24 * YEAR)


def test_a_row_names_its_assumptions(two_band_load):
    site = Site(load=two_band_load([100.0] * 24 * YEAR), end_use=SHARES)
    row = advice_row("A1", dict(advise(site, SETTINGS))["lighting"], SETTINGS)
    spoken = {item["code"]: item["text_en"] for item in row["reasons"]}
    assert spoken["lighting"].startswith("Lighting is taken as 20% of the energy, about 20.0 kW")
    assert "examples" in spoken["assumptions"]


def planted(*, cooling, noise=0.0):
    days = [NEW_YEAR + timedelta(days=n) for n in range(YEAR)]
    warm = np.array([20 - 15 * np.cos(2 * np.pi * n / YEAR) for n in range(YEAR)])
    calendar = Calendar()
    use = np.array([1000.0 if calendar.is_workday(day) else 400.0 for day in days])
    use += cooling * np.maximum(warm - 26, 0) + noise * np.random.default_rng(7).standard_normal(YEAR)
    found = sensitivity(
        dict(zip(days, use.tolist(), strict=True)),
        dict(zip(days, warm.tolist(), strict=True)),
        calendar=calendar,
        limits=Identification(),
    )
    return found, float(np.maximum(warm - 26, 0).sum())


def test_planted_cooling_is_found_with_its_base_and_slope():
    found, degree_days = planted(cooling=50.0)
    assert found.cooling.base_c == 26
    assert found.cooling.kwh_per_degree_day == pytest.approx(50.0)
    assert found.cooling.kwh == pytest.approx(50 * degree_days)
    assert found.heating is None


def test_cooling_hidden_in_noise_is_not_claimed():
    found, _degree_days = planted(cooling=2.0, noise=300.0)
    assert found.cooling is None


def test_without_lags_the_errors_are_those_of_white():
    design = np.column_stack([np.ones(4), np.arange(4.0)])
    residual = np.array([1.0, -1.0, -1.0, 1.0])
    # X'X = [[4, 6], [6, 14]], its inverse [[.7, −.3], [−.3, .2]]; with residuals of ±1 the middle is X'X again
    assert newey_west(design, residual, lags=0) == pytest.approx(np.sqrt([0.7, 0.2]))


def test_industry_comes_before_class_and_the_longest_prefix_first():
    assert SETTINGS.end_use("large_industrial", "C1711") == SETTINGS.by_industry["17"]
    assert SETTINGS.end_use("commercial", "5211") == SETTINGS.by_class["commercial"]
    assert SETTINGS.end_use("residential", None) is None


def test_a_fuel_without_a_known_unit_has_no_price():
    assert heating_unit("coal", "元/吨") == "coal/t"
    assert heating_unit("coal", "元/车") == ""
