from datetime import date

import numpy as np
import pytest

from lianxin.analyses.value_added.alerts import AlertSettings, AlertState, MeterDays, detect_alerts
from lianxin.foundation.calendar import Calendar

FIRST = date(2023, 1, 2)  # a Monday
DAYS = 150
HOURS = 24


@pytest.fixture
def shop():
    """A day shift with a steady base: 10 kWh an hour, 30 from 8 to 18 on weekdays; 3 % noise, seeded."""
    rng = np.random.default_rng(7)
    hours = np.arange(HOURS)
    weekday = np.array([(FIRST.weekday() + day) % 7 < 5 for day in range(DAYS)])
    busy = (hours >= 8) & (hours < 18)
    kwh = 10.0 + 20.0 * (weekday[:, None] & busy[None])
    return kwh * rng.normal(1, 0.03, kwh.shape)


@pytest.fixture
def watch():
    """Alerts of one or several meters watched from the first day on, without public holidays."""

    def run(kwh, **more):
        kwh = kwh[None] if kwh.ndim == 2 else kwh
        more = {
            name: value[None] if value.ndim == 2 and not name.startswith("temperature") else value
            for name, value in more.items()
        }
        names = tuple(f"UP-{number}" for number in range(len(kwh)))
        days = MeterDays(usage_point_id=names, first_day=FIRST, kwh=kwh, **more)
        return detect_alerts(days, state=None, calendar=plain_calendar(), settings=AlertSettings())[1]

    return run


def plain_calendar():
    """No holidays: what is tested here is the detector, not the calendar."""
    days = (date.fromordinal(FIRST.toordinal() + number) for number in range(DAYS + 30))
    return Calendar("CN", {day: "workday" if day.weekday() < 5 else "restday" for day in days})


@pytest.fixture
def calendar():
    return plain_calendar()


@pytest.fixture
def empty_state():
    return lambda names: AlertState.empty(usage_point_id=names, settings=AlertSettings())
