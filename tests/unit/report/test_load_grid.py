"""Readings laid out by local day: daylight saving, gaps, short and long intervals."""

from datetime import date

import numpy as np

from lianxin.foundation.periods import Month
from lianxin.tariff import readings
from lianxin.workflows.report.load_grid import load_grid
from lianxin.workflows.report.profile_months import profile_months


def times(first: str, count: int, minutes: int) -> np.ndarray:
    return np.datetime64(first) + np.arange(count) * np.timedelta64(minutes, "m")


def test_a_local_day_begins_at_local_midnight() -> None:
    # 16:00 UTC is midnight in Shanghai
    grid = load_grid(
        readings(start_at=times("2026-05-31T16:00", 24, 60), minutes=60, kwh=np.arange(24.0)), "Asia/Shanghai"
    )
    assert grid.days == [date(2026, 6, 1)]
    assert grid.kw[0].tolist() == list(range(24))
    assert grid.kwh_by_day.tolist() == [276.0]


def test_five_minute_readings_become_quarter_hours() -> None:
    grid = load_grid(readings(start_at=times("2026-06-01T00:00", 6, 5), minutes=5, kwh=[1, 2, 3, 4, 5, 6]), "UTC")
    assert grid.minutes == 15
    assert grid.kw[0, :2].tolist() == [24.0, 60.0]
    assert np.isnan(grid.kw[0, 2])


def test_a_gap_is_not_zero() -> None:
    grid = load_grid(readings(start_at=times("2026-06-01T00:00", 2, 60), minutes=60, kwh=[np.nan, 5.0]), "UTC")
    assert np.isnan(grid.kw[0, 0])
    assert grid.kw[0, 1] == 5.0


def test_the_repeated_hour_of_autumn_counts_with_its_mean() -> None:
    # Berlin, 25 October 2026: 02:00 comes at 00:00 UTC and again at 01:00 UTC
    grid = load_grid(
        readings(start_at=times("2026-10-24T22:00", 25, 60), minutes=60, kwh=[1, 1, 10, 20, *[1] * 21]), "Europe/Berlin"
    )
    assert grid.kw[0, 2] == 15.0
    assert grid.kwh_by_day[0] == 53.0


def test_the_last_months_are_whole() -> None:
    grid = load_grid(readings(start_at=times("2026-04-10T00:00", 60 * 24, 60), minutes=60, kwh=np.ones(1440)), "UTC")
    assert grid.last_months(2).days[0] == date(2026, 5, 1)


def profile(point: str, kwh: float, workday: list[float], **shares: float) -> dict[str, object]:
    empty = dict.fromkeys(["share_sharp", "share_peak", "share_flat", "share_valley", "share_deep_valley"])
    return {
        "usage_point_id": point,
        "month": "2026-06",
        "kwh": kwh,
        "peak_kw": 2 * kwh,
        "load_factor": 0.5,
        "power_factor": 0.9,
        "peak_valley_difference": 1.0,
        "typical_workday": workday,
        "typical_restday": None,
        "intervals_missing": 1,
        **empty,
        **shares,
    }


def test_usage_points_are_summed_but_not_their_peaks() -> None:
    (month,) = profile_months(
        [
            profile("A", 100.0, [1.0, 3.0], share_peak=0.5, share_flat=0.5),
            profile("B", 300.0, [10.0, 20.0, 30.0, 40.0], share_peak=0.1, share_flat=0.9),
        ]
    )
    assert month.month == Month(2026, 6)
    assert month.kwh == 400.0
    assert month.share("peak") == 80.0 / 400.0
    assert month.peak_kw == 600.0
    assert month.main_point == "B"
    # in the coarser of both: (10 + 20) / 2 + 1 and (30 + 40) / 2 + 3
    assert month.workday == (16.0, 38.0)
    assert month.intervals_missing == 2


def test_bands_are_unknown_where_one_usage_point_has_no_plan() -> None:
    (month,) = profile_months([profile("A", 100.0, [1.0], share_flat=1.0), profile("B", 50.0, [1.0])])
    assert month.share("flat") is None
