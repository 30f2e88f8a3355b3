"""Fed day by day or at once: the same alerts, and what was said stays said."""

from datetime import date, timedelta

import numpy as np
import pytest

from lianxin.analyses.value_added.alerts import (
    AlertSettings,
    AlertState,
    DayOutOfTurn,
    MeterDays,
    ReadingsMisshapen,
    detect_alerts,
)


@pytest.fixture
def meters(shop):
    """A clean meter, a step, a gap over two midnights, a frozen register and a spike."""
    kwh = np.stack([shop] * 5)
    kwh[1, 100:] *= 0.7
    kwh[2, 110, 20:] = np.nan
    kwh[2, 111] = np.nan
    kwh[3, 105:110] = 12.5
    kwh[4, 130, 3] = 500.0
    return MeterDays(
        usage_point_id=("a", "b", "c", "d", "e"), first_day=FIRST_DAY, kwh=kwh, kvarh=0.4 * np.nan_to_num(kwh)
    )


FIRST_DAY = date(2023, 1, 2)


def feed(days, state, calendar):
    return detect_alerts(days, state=state, calendar=calendar, settings=AlertSettings())


def test_day_by_day_through_bytes_equals_all_at_once(meters, calendar):
    _state, at_once = feed(meters, None, calendar)
    state, said = None, []
    for number in range(meters.kwh.shape[1]):
        state, alerts = feed(meters.day(number), state, calendar)
        state = AlertState.from_bytes(state.to_bytes())
        said += alerts
    assert said == at_once
    assert {alert.kind for alert in said} >= {"step_down", "missing", "flatline", "spike"}


def test_later_days_never_change_an_alert(meters, calendar):
    _state, long = feed(meters, None, calendar)
    short = MeterDays(
        usage_point_id=meters.usage_point_id,
        first_day=FIRST_DAY,
        kwh=meters.kwh[:, :120],
        kvarh=meters.kvarh[:, :120],
    )
    _state, early = feed(short, None, calendar)
    assert early == long[: len(early)]
    assert early


def test_a_meter_and_start_appear_once(meters, calendar):
    _state, alerts = feed(meters, None, calendar)
    keys = [(alert.usage_point_id, alert.started_at) for alert in alerts]
    assert len(keys) == len(set(keys))


def test_the_neighbours_of_a_meter_do_not_matter(meters, calendar):
    _state, together = feed(meters, None, calendar)
    alone = MeterDays(usage_point_id=("b",), first_day=FIRST_DAY, kwh=meters.kwh[1:2], kvarh=meters.kvarh[1:2])
    _state, single = feed(alone, None, calendar)
    assert [(a.kind, a.started_at) for a in single] == [
        (a.kind, a.started_at) for a in together if a.usage_point_id == "b"
    ]


def test_a_day_that_was_seen_is_refused(meters, calendar):
    state, _alerts = feed(meters.day(0), None, calendar)
    with pytest.raises(DayOutOfTurn) as caught:
        feed(meters.day(0), state, calendar)
    assert caught.value.data["expected"] == FIRST_DAY + timedelta(days=1)
    assert caught.value.exit_code == 2


def test_a_given_state_is_not_changed(meters, calendar):
    state, _alerts = feed(meters.day(0), None, calendar)
    before = state.to_bytes()
    feed(meters.day(1), state, calendar)
    assert state.to_bytes() == before


def test_a_new_meter_joins_and_an_absent_one_counts_as_missing(meters, calendar):
    state, _alerts = feed(meters.day(0), None, calendar)
    one = meters.day(1)
    changed = MeterDays(
        usage_point_id=("new", "a", "b", "c", "d"), first_day=one.first_day, kwh=one.kwh, kvarh=one.kvarh
    )
    after, alerts = feed(changed, state, calendar)
    assert after.memory.usage_point_id.tolist() == ["a", "b", "c", "d", "e", "new"]
    assert [(alert.usage_point_id, alert.kind) for alert in alerts] == [("e", "missing")]


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ReadingsMisshapen):
        MeterDays(usage_point_id=("a",), first_day=FIRST_DAY, kwh=np.zeros((2, 3, 24)))
