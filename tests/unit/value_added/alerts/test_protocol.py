"""How alerts are counted, on alerts written by hand."""

import numpy as np
import pytest

from lianxin.analyses.value_added.alerts.baselines import always_quiet_alerts, robust_z_alerts
from lianxin.analyses.value_added.alerts.evaluate import _delay, _f1, _false_alarms, _recall
from lianxin.analyses.value_added.alerts.plant import Curve
from lianxin.analyses.value_added.alerts.protocol import WATCHED_FROM, Outcome, Trial

YEAR = Curve(np.ones((365 + WATCHED_FROM, 24)), np.ones(365 + WATCHED_FROM, dtype=bool))


def outcome(*alerts, onset=100, direction=1):
    event = None if onset is None else "step"
    trial = Trial("c", "f", event, None, -1 if onset is None else onset, direction, YEAR)
    return Outcome("m", trial, alerts)


@pytest.mark.parametrize(
    ("alerts", "delay", "false"),
    [
        ([(100, 1)], 1, 0),
        ([(104, 1)], 5, 0),
        ([(105, 1)], None, 1),
        ([(102, -1)], None, 1),
        ([(50, 1), (103, 1), (140, -1)], 4, 2),
        ([], None, 0),
    ],
)
def test_an_event_counts_once_within_five_days_and_in_its_direction(alerts, delay, false):
    item = outcome(*alerts)
    assert (item.delay_days, item.false_alarms) == (delay, false)


def test_figures_by_hand():
    found, late, quiet_year = outcome((102, 1)), outcome((110, 1)), outcome((70, 1), onset=None)
    together = [found, late, quiet_year]
    assert _recall(together) == 0.5
    assert _delay(together) == 3
    # One hit, one miss, one false alarm on a planted curve: 2·1 / (2·1 + 1 + 1).
    assert _f1(together) == 0.5
    assert _false_alarms(together) == 1.0


def test_robust_z_flags_a_day_far_from_like_days_and_then_rests():
    daily = np.tile(np.array([10.0, 11.0, 9.0, 10.5, 9.5, 4.0, 4.2]), 12)[None]
    daily[0, 70] = 30.0
    daily[0, 71] = 30.0
    classes = np.tile(np.arange(7), 12)
    assert robust_z_alerts(daily, classes, first_day=63) == [[(70, 1)]]
    assert always_quiet_alerts(2) == [[], []]
