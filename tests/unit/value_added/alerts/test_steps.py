"""A change of level, on a curve whose truth is known."""

from datetime import timedelta

import numpy as np
import pytest

ONSET = 120


def test_a_steady_curve_is_quiet(shop, watch):
    assert watch(shop) == []


@pytest.mark.parametrize(("factor", "kind"), [(1.3, "step_up"), (0.7, "step_down")])
def test_a_step_of_30_percent_is_found_within_five_days_with_its_size(shop, watch, factor, kind):
    shop[ONSET:] *= factor
    (alert,) = watch(shop)
    onset = alert.started_at.replace(year=2023, month=1, day=2) + timedelta(days=ONSET)
    assert alert.kind == kind
    assert timedelta(0) < alert.detected_at - onset <= timedelta(days=5)
    assert abs(alert.started_at - onset) <= timedelta(days=1)
    assert alert.magnitude_pct == pytest.approx(100 * (factor - 1), abs=3)
    assert alert.score > 1


def test_a_step_back_to_the_old_level_is_no_second_alert(shop, watch):
    shop[90 : 90 + 30] *= 1.3
    assert [alert.kind for alert in watch(shop)] == ["step_up"]


def test_two_days_off_the_usual_are_no_step(shop, watch):
    shop[ONSET : ONSET + 2] *= 1.3
    assert watch(shop) == []


def test_cold_days_explain_their_heating_where_the_temperature_is_given(shop, watch):
    rng = np.random.default_rng(3)
    temperature = 10 + 6 * np.sin(np.arange(len(shop)) / 3) + rng.normal(0, 1, len(shop))
    temperature[ONSET:] -= 8
    heated = shop * (1 + 0.05 * np.maximum(15 - temperature, 0))[:, None]
    assert "step_up" in [alert.kind for alert in watch(heated)]
    assert watch(heated, temperature_c=temperature[None]) == []


def test_daily_readings_alone_suffice(shop, watch):
    shop[ONSET:] *= 1.3
    kinds = [alert.kind for alert in watch(shop.sum(axis=1, keepdims=True))]
    assert kinds == ["step_up"]
