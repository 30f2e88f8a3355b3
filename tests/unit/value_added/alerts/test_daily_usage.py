"""Meters with daily usage are watched on their energy alone: the same alerts as beside meters that have more."""

from datetime import date

import numpy as np

from lianxin.analyses.value_added.alerts import AlertSettings, MeterDays, detect_alerts
from lianxin.analyses.value_added.alerts.calibration import features_used
from lianxin.analyses.value_added.alerts.day_features import ALL, ENERGY_ALONE

FIRST_DAY = date(2023, 1, 2)
DAYS = 200


def daily() -> np.ndarray:
    random = np.random.default_rng(3)
    kwh = random.normal(100, 4, (3, DAYS, 1))
    kwh[1, 120:] *= 0.6
    kwh[2, 150:] *= 1.5
    return kwh


def test_a_neighbour_with_reactive_energy_changes_no_alert_of_daily_usage(calendar):
    kwh = daily()
    names = ("a", "b", "c")
    alone = MeterDays(usage_point_id=names, first_day=FIRST_DAY, kwh=kwh)
    kvarh = np.full((4, DAYS, 1), np.nan)
    kvarh[3] = 30.0
    beside = MeterDays(
        usage_point_id=(*names, "d"), first_day=FIRST_DAY, kwh=np.concatenate([kwh, kwh[:1]]), kvarh=kvarh
    )
    state, few = detect_alerts(alone, state=None, calendar=calendar, settings=AlertSettings())
    other, many = detect_alerts(beside, state=None, calendar=calendar, settings=AlertSettings())
    ours = [(item.usage_point_id, item.kind, item.started_at, item.detected_at) for item in few]
    assert ours == [
        (item.usage_point_id, item.kind, item.started_at, item.detected_at)
        for item in many
        if item.usage_point_id in names
    ]
    assert {kind for _name, kind, _start, _end in ours} >= {"step_down", "step_up"}
    today = np.arange(state.memory.ordinal[0] - 5, state.memory.ordinal[0] + 1)
    assert features_used(state.memory, today) == ENERGY_ALONE
    assert features_used(other.memory, today) == ALL
