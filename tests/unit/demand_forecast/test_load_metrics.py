"""Figures of a forecast, worked by hand."""

import numpy as np
import pytest

from lianxin.analyses.demand_forecast.load.metrics import coverage, daily_peaks, mape, pinball


def test_mape_leaves_out_what_is_not_known():
    assert mape(np.array([100.0, 200.0, np.nan]), np.array([110.0, 190.0, 5.0])) == pytest.approx(7.5)


def test_pinball_weighs_under_forecasts_by_the_level():
    # 10 below at P90 costs 9, 10 above costs 1
    assert pinball(np.array([110.0, 90.0]), np.array([[100.0], [100.0]]), np.array([0.9])) == 5.0


def test_coverage_counts_the_edges():
    assert coverage(np.array([1.0, 2.0, 3.0, 9.0]), np.full(4, 1.0), np.full(4, 3.0)) == 75.0


def test_the_peak_of_a_day_is_judged_by_size_and_hour():
    day = np.array([0, 0, 0, 1, 1, 1])
    actual, said = np.array([1.0, 4.0, 2.0, 5.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0, 5.0, 1.0, 1.0])
    size, hour, days = daily_peaks(day, actual, said, np.array([0.0, 1.0, 2.0, 0.0, 1.0, 2.0]))
    assert (size, hour, days) == (12.5, 0.5, 2)
