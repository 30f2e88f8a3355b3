"""The load model on small made-up loads whose truth is known."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.backtest import Plan, backtest
from lianxin.analyses.demand_forecast.load.frame import make_frame
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting, make_problem, series_days
from lianxin.analyses.demand_forecast.load.series import MEAN, LoadSeries
from lianxin.analyses.demand_forecast.load.weather import Temperature
from lianxin.foundation.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST, CUTOFF = date(2024, 1, 1), date(2024, 7, 31), date(2024, 7, 1)
SETTING = Setting(zone=ZONE, calendar=Calendar(), config=ForecastConfig(), with_trees=False)


def made(*, noise: float = 0.01) -> tuple[LoadSeries, Temperature]:
    """Hourly load of seven months: a day's shape, 2 % for each degree above 22, and noise."""
    frame = make_frame(FIRST, LAST, minutes=60, zone=ZONE, calendar=Calendar())
    random = np.random.default_rng(5)
    warm = (
        16
        - 14 * np.cos(2 * np.pi * np.arange(len(frame)) / (24 * 366))
        + random.normal(0, 3, len(frame) // 24).repeat(24)
    )
    shape = 1 + 0.3 * np.sin(2 * np.pi * (frame.slot - 8) / 24)
    kw = 1_000 * shape * np.exp(0.02 * np.clip(warm - 22, 0, None) + noise * random.normal(0, 1, len(frame)))
    series = LoadSeries(area_id="A", customer_class="all", target=MEAN, minutes=60, epoch=frame.epoch, kw=kw)
    return series, Temperature(start=int(frame.epoch[0]), step=3600, values=warm)


def problem(series: LoadSeries, temperature: Temperature | None) -> Problem:
    return make_problem(series, temperature, first=FIRST, last=LAST, before=CUTOFF, setting=SETTING)


def plan(horizon: str, *, last: date = LAST) -> Plan:
    return Plan(
        first=CUTOFF,
        last=last,
        horizon=Horizon.parse(horizon),
        weather="actual",
        levels=np.arange(1, 10) / 10,
        baselines=False,
    )


def test_a_planted_load_is_found_again_to_its_noise():
    found = problem(*made())
    forecast = next(iter(backtest(found, plan("1m"))))
    errors = np.abs(forecast.quantiles[:, 4] / found.kw[forecast.rows] - 1)
    assert errors.mean() < 0.02


def test_what_happens_after_the_cut_off_changes_nothing():
    series, temperature = made()
    cut = problem(series, temperature).frame
    begin = int(cut.epoch[cut.index_of(CUTOFF)])
    changed = replace(series, kw=np.where(series.epoch >= begin, 3 * series.kw, series.kw))
    one = next(iter(backtest(problem(series, temperature), plan("24h"))))
    other = next(iter(backtest(problem(changed, temperature), plan("24h"))))
    np.testing.assert_array_equal(one.quantiles, other.quantiles)


def test_yesterdays_load_moves_a_day_ahead_forecast():
    series, temperature = made()
    frame = problem(series, temperature).frame
    begin, end = (int(frame.epoch[frame.index_of(day)]) for day in (date(2024, 7, 1), date(2024, 7, 8)))
    raised = replace(series, kw=np.where((series.epoch >= begin) & (series.epoch < end), 1.1 * series.kw, series.kw))
    plain = list(backtest(problem(series, temperature), plan("24h", last=date(2024, 7, 8))))[-1]
    moved = list(backtest(problem(raised, temperature), plan("24h", last=date(2024, 7, 8))))[-1]
    assert 1.02 < (moved.quantiles[:, 4] / plain.quantiles[:, 4]).mean() < 1.12


def test_quantiles_rise_and_enclose_the_median():
    forecast = next(iter(backtest(problem(*made()), plan("7d"))))
    assert (np.diff(forecast.quantiles, axis=1) > 0).all()


def test_a_load_without_any_weather_is_forecast_by_the_calendar():
    series, _temperature = made()
    found = problem(series, None)
    assert found.heat is None
    assert np.isfinite(next(iter(backtest(found, plan("7d")))).quantiles).all()


def test_hours_that_are_missing_and_weather_that_ends_early_do_not_stop_a_forecast():
    series, temperature = made()
    holes = replace(series, kw=np.where(np.arange(len(series.kw)) % 17 == 0, np.nan, series.kw))
    short = Temperature(start=temperature.start, step=3600, values=temperature.values[: 24 * 150])
    forecast = next(iter(backtest(problem(holes, short), plan("7d"))))
    assert np.isfinite(forecast.quantiles).all()


def test_a_load_that_turns_negative_is_modelled_as_it_is():
    series, temperature = made()
    found = problem(replace(series, kw=series.kw - 900.0), temperature)
    assert not found.scale.logarithmic
    forecast = next(iter(backtest(found, plan("7d"))))
    assert forecast.quantiles[:, 4].min() < 0


def test_the_days_of_a_series_are_local_ones():
    series, _temperature = made()
    assert series_days(series, ZONE) == (FIRST, LAST)


@pytest.mark.parametrize("minutes", [15, 30])
def test_finer_series_are_averaged_to_hours(minutes):
    epoch = np.arange(0, 7200, minutes * 60, dtype=np.int64)
    series = LoadSeries(
        area_id="A", customer_class="all", target=MEAN, minutes=minutes, epoch=epoch, kw=np.arange(len(epoch)) * 1.0
    )
    hourly = series.by_hour()
    half = len(epoch) // 2
    assert hourly.kw.tolist() == [(half - 1) / 2, half + (half - 1) / 2]
