"""Gaps, frozen registers and spikes."""

from datetime import datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lianxin.analyses.value_added.alerts.intervals import run_lengths

START = datetime(2023, 1, 2)


def test_a_gap_over_midnight_starts_where_it_starts(shop, watch):
    shop[110, 22:] = np.nan
    shop[111, :5] = np.nan
    (alert,) = watch(shop)
    assert (alert.kind, alert.started_at) == ("missing", START + timedelta(days=110, hours=22))
    assert alert.detected_at == START + timedelta(days=112)
    assert alert.causes[0].code == "missing_data"


def test_three_hours_without_readings_are_no_alert(shop, watch):
    shop[110, 5:8] = np.nan
    assert watch(shop) == []


def test_a_long_gap_is_one_alert(shop, watch):
    shop[100:104] = np.nan
    assert [alert.kind for alert in watch(shop)] == ["missing"]


def test_a_dead_meter_is_a_flatline_of_zero(shop, watch):
    shop[120:, :] = 0.0
    alerts = watch(shop)
    flat = [alert for alert in alerts if alert.kind == "flatline"]
    assert [alert.causes[0].code for alert in flat] == ["metering_fault"]
    assert flat[0].magnitude_pct == -100
    assert flat[0].reasons[0].code == "flat_zero"


def test_a_site_that_is_often_at_zero_is_not_flat(shop, watch):
    weekend = np.array([day % 7 >= 5 for day in range(len(shop))])
    shop[weekend] = 0.0
    assert [alert for alert in watch(shop) if alert.kind == "flatline"] == []


def test_a_reading_above_twice_the_highest_of_twelve_weeks_is_a_spike(shop, watch):
    highest = shop[130 - 84 : 130].max()
    shop[130, 3] = 3 * highest
    (alert,) = watch(shop)
    assert (alert.kind, alert.started_at) == ("spike", START + timedelta(days=130, hours=3))
    assert 190 < alert.magnitude_pct < 210


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 5))
def test_run_lengths_agree_with_counting(same, carried):
    counted, run = [], carried
    for item in same:
        run = run + 1 if item else 0
        counted.append(run)
    assert run_lengths(np.array([same]), np.array([carried]))[0].tolist() == counted
